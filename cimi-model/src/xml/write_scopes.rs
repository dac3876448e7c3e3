//! Writes valueScope.

use super::any::{Tag, attribute_of, escape, is_legal, split_qualified, tag};
use super::scopes::{ITEM, Texts, is_bound};
use super::writer::XmlWriter;
use crate::any::{Any, Number};
use crate::object::Object;
use crate::scope::is_keyword;
use crate::{Dialect, Result};

impl XmlWriter<'_> {
    /// Writes the element of an array of valueScope.
    pub(super) fn scopes(&mut self, name: &str, namespace: &str, parent: &str, value: &Any) -> Result<()> {
        self.start(name, namespace, parent)?;
        match value {
            Any::Array(items) if !items.is_empty() => {
                for item in items {
                    self.start(ITEM, namespace, namespace)?;
                    match item {
                        Any::Object(members) => self.value_scope(members, namespace)?,
                        other => self.any_body(other, namespace, true)?,
                    }
                    self.end(ITEM)?;
                }
            }
            Any::Object(members) => {
                self.json_attribute("type", "object");
                self.value_scope(members, namespace)?;
            }
            other => self.any_body(other, namespace, true)?,
        }
        self.end(name)
    }

    fn value_scope(&mut self, scopes: &Object, own: &str) -> Result<()> {
        for (name, value) in scopes.iter() {
            let tag = tag(name, own);
            self.tagged(&tag, own)?;
            match value {
                Any::Object(members) => self.scope(members, tag.namespace, own)?,
                other => self.any_body(other, tag.namespace, true)?,
            }
            self.end(tag.name)?;
        }
        Ok(())
    }

    /// Writes a scope. `parent` is the namespace of the element it is in, `own` that of the keywords.
    fn scope(&mut self, members: &Object, parent: &str, own: &str) -> Result<()> {
        for (key, value) in members.iter() {
            if let Some(((namespace, name), text)) = attribute(key, value) {
                self.attribute(namespace, name, text);
            }
        }
        let plain = has_plain_values(members);
        // One value with a default is read as an enumeration, one without as a single value.
        let has_default = members.get("default").is_some();
        for (key, value) in members.iter() {
            match (key, value) {
                _ if attribute(key, value).is_some() => {}
                ("values", Any::Array(items)) if !items.is_empty() => {
                    let unclear = members.get("value").is_some() || (items.len() == 1 && !has_default);
                    let tag = Tag { name: "value", namespace: own, json_name: unclear.then_some(key) };
                    for item in items {
                        self.leaf(&tag, parent, item, plain)?;
                    }
                }
                ("item", Any::Object(scopes)) => {
                    self.start(key, own, parent)?;
                    self.value_scope(scopes, own)?;
                    self.end(key)?;
                }
                (key, value) if is_keyword(key) => {
                    let plain = match value {
                        Any::String(text) if key == "units" => is_legal(text),
                        Any::String(text) if is_bound(key) => Number::parse(text).is_none(),
                        Any::Number(_) if is_bound(key) => true,
                        _ => plain && matches!(key, "value" | "default"),
                    };
                    let json_name = (key == "value" && has_default).then_some(key);
                    self.leaf(&Tag { name: key, namespace: own, json_name }, parent, value, plain)?;
                }
                (key, value) => {
                    // Not one that would be read as a keyword.
                    let standard = split_qualified(key).is_some_and(|(name, _)| Dialect::of_namespace(name).is_some());
                    let named = Tag { name: "item", namespace: parent, json_name: Some(key) };
                    let tag = if standard { named } else { tag(key, parent) };
                    self.any_member(&tag, parent, value)?;
                }
            }
        }
        Ok(())
    }

    fn tagged(&mut self, tag: &Tag<'_>, parent: &str) -> Result<()> {
        self.start(tag.name, tag.namespace, parent)?;
        if let Some(name) = tag.json_name {
            self.json_attribute("name", &escape(name));
        }
        Ok(())
    }

    /// Writes a value, without its type if that is clear.
    fn leaf(&mut self, tag: &Tag<'_>, parent: &str, value: &Any, plain: bool) -> Result<()> {
        self.tagged(tag, parent)?;
        match plain_text(value).filter(|_| plain) {
            Some(text) => self.text(text),
            None => self.any_body(value, tag.namespace, true)?,
        }
        self.end(tag.name)
    }
}

/// The XML attribute that a member of a scope stands for. One that is named like a keyword would be read as that.
fn attribute<'a>(key: &'a str, value: &'a Any) -> Option<((Option<&'a str>, &'a str), &'a str)> {
    let text = value.as_str().filter(|text| is_legal(text))?;
    let (namespace, name) = attribute_of(key)?;
    (namespace.is_some() || !is_keyword(name)).then_some(((namespace, name), text))
}

/// The text of a value that can stand without its type.
fn plain_text(value: &Any) -> Option<&str> {
    match value {
        Any::Boolean(value) => Some(if *value { "true" } else { "false" }),
        Any::Number(number) => Some(number.as_str()),
        Any::String(text) if is_legal(text) => Some(text),
        _ => None,
    }
}

/// Whether the texts of the values of a scope would be read as the values again.
fn has_plain_values(members: &Object) -> bool {
    let items = match members.get("values") {
        Some(Any::Array(items)) => items.as_slice(),
        _ => &[],
    };
    let single = [members.get("value"), members.get("default")].into_iter().flatten();
    let values: Vec<(&Any, &str)> =
        items.iter().chain(single).filter_map(|value| Some((value, plain_text(value)?))).collect();
    let texts: Vec<&str> = values.iter().map(|(_, text)| *text).collect();
    let texts = Texts::of(&texts);
    values.into_iter().all(|(value, text)| texts.value(text) == *value)
}

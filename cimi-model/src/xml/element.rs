//! Reads the attributes and children of an element.

use super::JSON_NAMESPACE;
use super::any::{self, Head, read_head};
use super::chars::is_whitespace;
use super::names::{find, find_flat};
use super::pull::{self, Start, Token};
use super::read::{Reader, Seen, is_own};
use crate::any::{Any, Number};
use crate::context::{Place, Target, key_twice};
use crate::error::{Step, printable};
use crate::extensions::{Extensions, Origin};
use crate::json::is_create_of;
use crate::meta::{Attribute, Role, Type, XmlForm};
use crate::reflect::{Record, Reference, Slot, TextSlot, Value, Verdict, View};
use crate::scope::VSCOPE;
use crate::spelling::keep_spelling;
use crate::{Dialect, ErrorKind, Result};

/// What the attributes of an element are, besides those that were distributed.
#[derive(Default)]
pub(super) struct Own {
    pub(super) json_type: Option<String>,
    /// How many there are in all.
    pub(super) count: usize,
}

/// A mark of an element, and the value that the text of an attribute is that it names.
type Form = (&'static str, fn(&str) -> Option<Any>);

/// The marks that say which attributes have another form in JSON.
pub(super) const FORMS: [Form; 2] = [
    ("numbers", |text| Number::parse(text).map(Any::Number)),
    ("booleans", |text| matches!(text, "true" | "false").then(|| Any::Boolean(text == "true"))),
];

/// The key of a `resourceURI` that is not that of the record: in JSON the member of that name says the type.
const STRAY_URI: &str = "#resourceURI";

impl Reader<'_> {
    /// Reads attributes and content of an element that was just started.
    pub(crate) fn element(&mut self, start: &Start<'_>, mut target: Target<'_>) -> Result<()> {
        let mut seen = Seen::default();
        let own = self.own_attributes(start, &mut target, &mut seen)?;
        self.children(&mut target, &mut seen, own.json_type)
    }

    /// Distributes the XML attributes: to `href`, to attributes of the table, to extensions.
    pub(super) fn own_attributes(
        &mut self,
        start: &Start<'_>,
        target: &mut Target<'_>,
        seen: &mut Seen,
    ) -> Result<Own> {
        if start.is_plain() {
            return Ok(Own::default());
        }
        let record_type = target.record_type();
        let mark = self.xml.mark();
        let mut found = Vec::new();
        self.xml.attributes(start, |attribute| {
            found.push(attribute);
            Ok(())
        })?;
        let count = found.len();
        let mut json_type = None;
        let mut forms = Vec::new();
        for pull::Attribute { namespace, local, value } in found {
            if namespace.as_deref() == Some(JSON_NAMESPACE) {
                match &*local {
                    "type" if any::is_json_type(&value) => json_type = Some(value.into_owned()),
                    // That of the root, which is known.
                    "name" if self.generic.is_some() => {}
                    _ if record_type.verbatim && FORMS.iter().any(|(form, _)| *form == local) => {
                        forms.push((local.into_owned(), value.into_owned()));
                    }
                    _ => seen.extend(
                        attribute_key(JSON_NAMESPACE, &local),
                        Origin::Json,
                        Any::String(value.into_owned()),
                    ),
                }
                continue;
            }
            let own = namespace.as_deref().is_none_or(|namespace| is_own(record_type, namespace));
            if own && self.own_attribute(&local, &value, target, seen, mark)? {
                continue;
            }
            if let Some(namespace) = namespace {
                let key = attribute_key(&namespace, &local);
                self.context.charge(key.len())?;
                seen.extend(key, Origin::Json, Any::String(value.into_owned()));
            } else {
                let (key, origin) = match &*local {
                    "resourceURI" if self.context.path.len() == 1 => (STRAY_URI.to_owned(), Origin::Json),
                    // An attribute of the table that cannot stand as one of XML.
                    name if record_type.attribute(name).is_some() => (format!("@{name}"), Origin::Attribute),
                    name => (name.to_owned(), Origin::Attribute),
                };
                seen.extend(key, origin, Any::String(value.into_owned()));
            }
        }
        for (form, names) in forms {
            let others = self.in_form(&form, &names, target.record(), mark)?;
            if !others.is_empty() {
                seen.extend(attribute_key(JSON_NAMESPACE, &form), Origin::Json, Any::String(others.join(" ")));
            }
        }
        Ok(Own { json_type, count })
    }

    /// Notes that attributes with these names are of another form in JSON. Gives back the names of those that are not.
    fn in_form<'n>(
        &mut self,
        form: &str,
        names: &'n str,
        record: &mut dyn Record,
        mark: Place,
    ) -> Result<Vec<&'n str>> {
        let mut others = Vec::new();
        for name in names.split_ascii_whitespace() {
            let index = record.record_type().find_exact(name, 0);
            let text = index.and_then(|index| record.get(index)).and_then(Value::text);
            let value = FORMS.iter().find(|(known, _)| *known == form).and_then(|(_, parse)| parse(text?));
            let known = value.zip(index).filter(|_| !record.extensions().spellings().iter().any(|s| s.name == name));
            let Some((value, index)) = known else {
                others.push(name);
                continue;
            };
            self.context.path.push(Step::Owned(name.to_owned()));
            self.deviate("the value is no text in JSON", mark)?;
            self.context.path.pop();
            keep_spelling(record, index, || value);
        }
        Ok(others)
    }

    /// Whether the attribute belongs to the type.
    fn own_attribute(
        &mut self,
        local: &str,
        value: &str,
        target: &mut Target<'_>,
        seen: &mut Seen,
        mark: Place,
    ) -> Result<bool> {
        let record_type = target.record_type();
        if let (Target::Ref(reference), "href") = (&mut *target, local) {
            return self.href(&mut **reference, value, mark).map(|()| true);
        }
        if local == "resourceURI" {
            return self.resource_uri(value, record_type, mark);
        }
        if local == "href"
            && let Some((flat, _)) = find_flat(record_type)
            && let Some(Slot::Ref(reference)) = target.record().get_mut(flat).map(Value::slot)
        {
            return self.href(reference, value, mark).map(|()| true);
        }
        let Some(index) = record_type.find(local, 0) else { return Ok(false) };
        let Some(attribute) = record_type.attributes.get(index) else { return Ok(false) };
        if attribute.kind.is_scalar() && seen.attributes.first(index) {
            self.context.path.push(Step::Name(attribute.name));
            if record_type.role.has_uri() {
                self.deviate("an attribute in place of an element", mark)?;
            }
            self.put(attribute, index, target.record(), value, mark)?;
            self.context.path.pop();
            return Ok(true);
        }
        Ok(false)
    }

    fn href(&mut self, reference: &mut dyn Reference, value: &str, mark: Place) -> Result<()> {
        let strict = self.context.strict;
        if reference.href_mut().put(value, strict) == Verdict::Conforming {
            return Ok(());
        }
        self.context.path.push(Step::Name("href"));
        self.deviate("not a URI as RFC 3986 has it", mark)?;
        self.context.path.pop();
        Ok(())
    }

    /// Whether the URI names the type. One that does not is kept as an extension.
    fn resource_uri(&mut self, uri: &str, record_type: &'static Type, mark: Place) -> Result<bool> {
        if record_type.is_said_by(uri) || is_create_of(record_type, uri) {
            return Ok(true);
        }
        if let Some(generic) = &self.generic {
            return Ok(generic.says_uri);
        }
        if record_type.role == Role::Collection && self.context.path.len() == 1 {
            let reason = format!("'{}' is not the type {}", printable(uri), record_type.name);
            return Err(self.context.error(ErrorKind::Type, reason));
        }
        if record_type.name != "Resource" && !record_type.is_variant_uri(uri) {
            self.deviate(format!("the resourceURI is not the type {}; kept as it is", record_type.name), mark)?;
        }
        Ok(false)
    }

    pub(super) fn children(
        &mut self,
        target: &mut Target<'_>,
        seen: &mut Seen,
        json_type: Option<String>,
    ) -> Result<()> {
        let in_ref = usize::from(target.is_ref());
        self.context.overrides += in_ref;
        let mut guess = 0;
        loop {
            match self.xml.next()? {
                Token::Text(text) => {
                    if !seen.text.is_empty() || !is_whitespace(&text) || has_content(target.record_type()) {
                        seen.text.push_str(&text);
                    }
                }
                Token::Start(start) => self.child(&start, target, seen, &mut guess)?,
                Token::End => break,
                Token::Eof => return Err(self.xml.unfinished()),
            }
        }
        self.context.overrides -= in_ref;
        self.close(target, seen, json_type)
    }

    /// Stores what was gathered while the children were read.
    pub(super) fn close(&mut self, target: &mut Target<'_>, seen: &mut Seen, json_type: Option<String>) -> Result<()> {
        self.content(target, seen, json_type)?;
        if seen.has_extensions() {
            seen.store(target.record().extensions_mut());
        }
        if let Some(mut flat_seen) = seen.flat.take() {
            let flat = find_flat(target.record_type()).and_then(|(flat, _)| target.record().get_mut(flat));
            if let Some(Slot::Ref(reference)) = flat.map(Value::slot)
                && flat_seen.has_extensions()
            {
                flat_seen.store(reference.record_mut().extensions_mut());
            }
        }
        if seen.many_pairs {
            self.check_maps(target.record())?;
        }
        Ok(())
    }

    /// Looks for duplicate keys in large maps, whose pairs were stored without looking.
    fn check_maps(&mut self, record: &dyn Record) -> Result<()> {
        for (index, attribute) in record.record_type().attributes.iter().enumerate() {
            if let Some(View::Map(map)) = record.get(index).map(Value::view)
                && let Some(key) = map.duplicate()
            {
                self.context.path.push(Step::Name(attribute.name));
                return Err(key_twice(&self.context, key));
            }
        }
        Ok(())
    }

    /// What is left of the text between the children.
    fn content(&mut self, target: &mut Target<'_>, seen: &mut Seen, json_type: Option<String>) -> Result<()> {
        let text = std::mem::take(&mut seen.text);
        let place = target.record_type().attributes.iter().position(|attribute| attribute.xml == XmlForm::Content);
        if let Some(index) = place {
            if (!is_whitespace(&text) || json_type.as_deref().is_some_and(|json_type| json_type != "object"))
                && let Some(Slot::Any(slot)) = target.record().get_mut(index).map(Value::slot)
            {
                *slot = Some(any::of_text(Head { json_type, ..Head::default() }, text));
            }
        } else if !is_whitespace(&text) {
            if !target.record_type().any {
                self.deviate("unexpected text; kept as it is", self.xml.mark())?;
            }
            seen.extend("#text".to_owned(), Origin::Json, Any::String(text));
        }
        Ok(())
    }

    pub(super) fn child(
        &mut self,
        start: &Start<'_>,
        target: &mut Target<'_>,
        seen: &mut Seen,
        guess: &mut usize,
    ) -> Result<()> {
        let record_type = target.record_type();
        match self.own_namespace(start, record_type)? {
            Some(namespace) => self.space = namespace,
            None => return self.unknown(start, seen),
        }
        if let Some(found) = find(record_type, start.local(), *guess) {
            *guess = found.index() + 1;
            return self.attribute(start, found, record_type, target.record(), seen);
        }
        if start.local() == "href" {
            let flat = find_flat(record_type).map(|(flat, _)| flat);
            let reference: Option<&mut dyn Reference> = match target {
                Target::Ref(reference) => Some(&mut **reference),
                Target::Record(record) => match flat.and_then(|flat| record.get_mut(flat)).map(Value::slot) {
                    Some(Slot::Ref(reference)) => Some(reference),
                    _ => None,
                },
            };
            if let Some(reference) = reference {
                let mark = self.xml.mark();
                let content = self.text(start)?;
                return self.href(reference, content.value.as_str().unwrap_or_default(), mark);
            }
        }
        if start.local() == VSCOPE && record_type.role == Role::Resource && Dialect::of_namespace(self.space).is_some()
        {
            return self.extension_scopes(start, seen);
        }
        self.flat(start, target.record(), seen)
    }

    /// Reads an element that 1.x has in the structure and 2.0 in the target of its reference, or an unknown one.
    fn flat(&mut self, start: &Start<'_>, record: &mut dyn Record, seen: &mut Seen) -> Result<()> {
        let place = find_flat(record.record_type())
            .and_then(|(flat, target)| Some((flat, target, find(target, start.local(), 0)?)));
        let Some((flat, target, found)) = place else { return self.unknown(start, seen) };
        let Some(Slot::Ref(reference)) = record.get_mut(flat).map(Value::slot) else { return Ok(()) };
        let mut flat_seen = seen.flat.take().unwrap_or_default();
        let outcome = self.attribute(start, found, target, reference.record_mut(), &mut flat_seen);
        seen.flat = Some(flat_seen);
        outcome
    }

    /// The namespace of an element, if its children belong to the record.
    fn own_namespace(&self, start: &Start<'_>, record_type: &Type) -> Result<Option<&'static str>> {
        if self.generic.is_some() {
            return Ok(None);
        }
        let namespace = self.xml.namespace(start)?;
        Ok(match Dialect::of_namespace(&namespace) {
            Some(dialect) => Some(dialect.namespace()),
            None if self.bare && namespace.is_empty() => Some(""),
            None => record_type.own_namespace(&namespace),
        })
    }

    /// Reads an element that no table knows.
    fn unknown(&mut self, start: &Start<'_>, seen: &mut Seen) -> Result<()> {
        let mut head = read_head(&self.xml, start)?;
        let namespace = self.xml.namespace(start)?.into_owned();
        let local = start.local();
        let (key, origin) = match head.json_name.take() {
            Some(name) if namespace == JSON_NAMESPACE => (name, Origin::Json),
            _ if namespace == JSON_NAMESPACE => (local.to_owned(), Origin::Json),
            _ if self.generic.as_ref().is_some_and(|generic| generic.namespace == namespace) => {
                (local.to_owned(), Origin::Element)
            }
            _ if self.generic.is_none() && Dialect::of_namespace(&namespace).is_some() => {
                (local.to_owned(), Origin::Element)
            }
            _ if namespace.is_empty() => (local.to_owned(), Origin::Bare),
            _ => (Extensions::qualified(&namespace, local), Origin::Json),
        };
        let stray = key == "resourceURI" && self.context.path.len() == 1;
        let (key, origin) = if stray { (STRAY_URI.to_owned(), Origin::Json) } else { (key, origin) };
        self.context.charge(key.len() + head.bytes())?;
        self.context.path.push(Step::Owned(key.clone()));
        let value = any::read(&mut self.xml, head, &namespace, &mut self.context)?;
        self.context.path.pop();
        seen.extend(key, origin, value);
        Ok(())
    }
}

/// The key of an XML attribute on the element of an attribute.
pub(super) fn at_attribute(attribute: &Attribute, key: &str) -> String {
    if key.starts_with(['@', '#']) { format!("{}{key}", attribute.name) } else { format!("{}@{key}", attribute.name) }
}

pub(super) fn has_content(record_type: &Type) -> bool {
    record_type.attributes.iter().any(|attribute| attribute.xml == XmlForm::Content)
}

fn attribute_key(namespace: &str, local: &str) -> String {
    format!("@{}", Extensions::qualified(namespace, local))
}

//! Writes what no table knows.

use super::JSON_NAMESPACE;
use super::any::{Tag, is_legal, split_qualified, tag};
use super::write::{Out, Scope};
use crate::Dialect;
use crate::Result;
use crate::any::Any;
use crate::extensions::{Extension, Origin};
use crate::meta::{Attribute, Kind, Role, Type, XmlForm};
use crate::output::kept_for;
use crate::reflect::{Record, View, omitted};
use crate::scope::VSCOPE;

impl Out<'_, '_> {
    /// The XML attribute that an extension of a record stands for.
    pub(super) fn extension_attribute<'e>(
        &self,
        owner: &Type,
        extension: &'e Extension,
    ) -> Option<(Option<&'e str>, &'e str, &'e str)> {
        let (key, text) = (extension.key(), extension.value().as_str().filter(|text| is_legal(text))?);
        // Peers put `href` on a collection that is a document, and the official schema has room for it there.
        let of_root = owner.role == Role::Collection && self.overrides == 0 && extension.origin == Origin::Json;
        if extension.origin == Origin::Attribute || (of_root && key == "href") {
            return Some((None, key.trim_start_matches('@'), text));
        }
        match super::any::attribute_of(key)? {
            (Some(namespace), name) if Dialect::of_namespace(namespace).is_none() => {
                Some((Some(namespace), name, text))
            }
            _ => None,
        }
    }

    pub(super) fn extension(&mut self, record: &dyn Record, extension: &Extension, scope: Scope<'_>) -> Result<()> {
        let record_type = record.record_type();
        let (key, value) = (extension.key(), extension.value());
        if self.extension_attribute(record_type, extension).is_some()
            || is_written_at_attribute(record, extension, scope.dialect)
        {
            return Ok(());
        }
        if self.generic.is_none() && kept_for(record_type, key).is_some() {
            // Written in the place of the attribute, unless that has been set since.
            return Ok(());
        }
        if self.generic.is_none() && record_type.role == Role::Resource && is_scopes(extension) {
            return self.xml.scopes(VSCOPE, Dialect::V2.namespace(), scope.namespace, value);
        }
        let tag = self.extension_tag(extension, scope.namespace);
        self.xml.any_member(&tag, scope.namespace, value)
    }

    /// The element of an extension: where it came from, or what reads as the same key.
    fn extension_tag<'e>(&self, extension: &'e Extension, own: &'e str) -> Tag<'e> {
        let key = extension.key();
        // These braces tell elements apart that differ in their namespace only.
        let name = key.trim_start_matches("{}");
        let element = match extension.origin {
            Origin::Element => Some((name, own)),
            Origin::Bare => Some((name, "")),
            _ if self.generic.is_some() => Some((key, own)),
            _ => None,
        };
        if let Some((name, namespace)) = element.filter(|(name, _)| super::is_name(name)) {
            return Tag { name, namespace, json_name: None };
        }
        let reserved = split_qualified(key).is_some_and(|(namespace, _)| {
            namespace.is_empty() || namespace == own || Dialect::of_namespace(namespace).is_some()
        });
        if reserved {
            Tag { name: "item", namespace: JSON_NAMESPACE, json_name: Some(key) }
        } else {
            tag(key, JSON_NAMESPACE)
        }
    }

    /// Writes what a lenient reader kept for an attribute, or that the attribute is erased.
    pub(super) fn kept(
        &mut self,
        owner: &Type,
        attribute: &'static Attribute,
        value: &Any,
        scope: Scope<'_>,
        dialect: Dialect,
    ) -> Result<()> {
        let Scope { namespace, dialect } = scope.of_attribute(owner, dialect);
        let name = attribute.name_in(dialect);
        self.xml.start(name, namespace, scope.namespace)?;
        let text = matches!(value, Any::String(text) if !text.is_empty() || self.overrides == 0);
        let empty = match (value, attribute.kind) {
            (Any::Null, _) => self.overrides > 0,
            // The reader knows what an element without content stands for here.
            (Any::Array(items), Kind::Array(_)) => owner.verbatim && items.is_empty(),
            (Any::Object(members), Kind::Map) => owner.verbatim && members.is_empty(),
            _ => false,
        };
        if !empty {
            self.xml.any_body(value, namespace, !(attribute.kind.is_scalar() && text))?;
        }
        self.xml.end(name)
    }
}

/// Whether this is the attribute that any resource may have (5.5.14), be it in no table.
fn is_scopes(extension: &Extension) -> bool {
    match extension.origin {
        Origin::Element => extension.key().trim_start_matches("{}") == VSCOPE,
        Origin::Json => extension.key() == VSCOPE,
        Origin::Bare | Origin::Attribute => false,
    }
}

/// The key and text of an extension that stood as an XML attribute on the element of this attribute.
pub(super) fn at_attribute<'e>(extension: &'e Extension, attribute: &Attribute) -> Option<(&'e str, &'e str)> {
    let key = extension.key().strip_prefix(attribute.name)?;
    let text = extension.value().as_str().filter(|text| is_legal(text))?;
    (key == "@href" || (key.starts_with('@') && super::any::attribute_of(key).is_some())).then_some((key, text))
}

/// Whether an extension was written on the element of its attribute.
fn is_written_at_attribute(record: &dyn Record, extension: &Extension, dialect: Dialect) -> bool {
    if !extension.key().contains('@') {
        return false;
    }
    record.record_type().attributes.iter().enumerate().any(|(index, attribute)| {
        let Some(value) = record.get(index) else { return false };
        let view = value.view();
        let element = match view {
            View::List(_) => dialect == Dialect::V2 && !attribute.unwrapped,
            View::Map(_) => dialect == Dialect::V2,
            View::Text(_) | View::Integer(_) | View::Boolean(_) => attribute.xml == XmlForm::Element,
            _ => false,
        };
        element && !omitted(&view, attribute.kind) && at_attribute(extension, attribute).is_some()
    })
}

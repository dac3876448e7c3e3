//! The schema of one type.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::forms;
use super::layout::{Layout, is_untyped};
use super::link::Links;
use crate::meta::{Attribute, Kind, Role, Type};
use crate::schema::Receiver;
use crate::schema::words::plain;
use crate::scope::VSCOPE;
use crate::xml::find_flat;
use crate::{Dialect, meta};

/// How a type stands in a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As itself.
    Whole,
    /// As the target of a reference: by URI, by value, or both.
    Reference,
}

/// Writes schemas, whose links depend on the document that they stand in.
pub(super) struct Builder<'a> {
    pub(super) layout: &'a Layout,
    pub(super) links: Links<'a>,
}

impl Builder<'_> {
    /// The schema of a type in one of its forms.
    pub(super) fn object(&self, record_type: &'static Type, title: &str, form: Form) -> Map<String, Value> {
        let mut properties = self.properties(record_type, form);
        if form == Form::Reference {
            properties.insert("href".to_owned(), described(forms::uri(), "The URI of the resource."));
        }
        if record_type.role.has_uri() {
            properties.insert("resourceURI".to_owned(), self.type_uri(record_type));
        }
        let mut schema = Map::new();
        schema.insert("title".to_owned(), json!(title));
        schema.insert("description".to_owned(), json!(description(record_type, form)));
        schema.insert("type".to_owned(), json!("object"));
        schema.insert("properties".to_owned(), Value::Object(properties));
        if form == Form::Whole {
            let required = self.required(record_type);
            if !required.is_empty() {
                schema.insert("required".to_owned(), json!(required));
            }
        }
        schema.insert("additionalProperties".to_owned(), json!(self.is_open(record_type)));
        schema
    }

    fn properties(&self, record_type: &'static Type, form: Form) -> Map<String, Value> {
        let mut properties = Map::new();
        if self.layout.dialect == Dialect::V1
            && let Some((flat, target)) = find_flat(record_type)
        {
            properties.insert("href".to_owned(), described(forms::uri(), "The URI of the resource."));
            if record_type.attributes.get(flat).is_some_and(|attribute| attribute.v1_flat_target) {
                properties.extend(self.properties(target, Form::Reference));
            }
        }
        for attribute in self.layout.attributes(record_type) {
            let name = if self.layout.is_foreign(attribute) {
                attribute.name_in(self.layout.dialect.other())
            } else {
                attribute.name_in(self.layout.dialect)
            };
            let erasable = form == Form::Reference && self.may_erase(record_type);
            properties.entry(name).or_insert_with(|| self.attribute(attribute, erasable));
        }
        for addition in self.layout.additions(record_type) {
            let one = self.structure(addition.value_type());
            let mut value = json!({ "anyOf": [one, { "type": "array", "items": one }] });
            if form == Form::Reference && self.may_erase(record_type) {
                value = nullable(value);
            }
            let value = described(value, addition.doc());
            // Reading takes it without its namespace as well.
            properties.entry(addition.name()).or_insert_with(|| value.clone());
            properties.insert(addition.key(), value);
        }
        if self.layout.dialect == Dialect::V2 && record_type.role == Role::Resource {
            let erasable = form == Form::Reference && self.may_erase(record_type);
            let scopes = forms::scopes_or_one();
            let scopes = if erasable { nullable(scopes) } else { scopes };
            let text = "The values that its attributes may have (DSP0263 5.5.14).";
            properties.entry(VSCOPE).or_insert_with(|| described(scopes, text));
        }
        properties
    }

    /// What overrides a template may erase its attributes (4.2.1.1), and nothing else may.
    fn may_erase(&self, record_type: &Type) -> bool {
        self.layout.receiver == Receiver::Provider && record_type.role == Role::Resource
    }

    fn attribute(&self, attribute: &'static Attribute, erasable: bool) -> Value {
        let mut value = self.value(attribute, attribute.kind);
        if erasable {
            value = nullable(value);
        }
        // Beside a link, some generators take a description for a type of its own.
        if value.get("$ref").is_some() {
            value = json!({ "allOf": [value] });
        }
        let mut value = described(value, &self.text(attribute));
        if let Some(members) = value.as_object_mut() {
            if !attribute.constraints.consumer_writable {
                members.insert("readOnly".to_owned(), json!(true));
            }
            if attribute.secret {
                members.insert("writeOnly".to_owned(), json!(true));
            }
        }
        value
    }

    fn value(&self, attribute: &'static Attribute, kind: Kind) -> Value {
        match kind {
            Kind::Array(item) => json!({ "type": "array", "items": self.value(attribute, *item) }),
            Kind::Ref(target) => self.reference(target()),
            // A member of a collection may come without what `$select` leaves out.
            Kind::Structure(of) if of().role.has_uri() => self.reference(of()),
            Kind::Structure(of) => self.structure(of()),
            Kind::Map => map(attribute),
            kind => forms::scalar(attribute, kind),
        }
    }

    fn structure(&self, of: &'static Type) -> Value {
        let own = self.link(of, Form::Whole).unwrap_or_else(forms::object);
        if !of.any {
            return own;
        }
        let name = |row: &'static Attribute| row.name_in(self.layout.dialect);
        let names = of.attributes.iter().flat_map(|row| std::iter::once(name(row)).chain(row.aliases.iter().copied()));
        let other = forms::other_object(&names.collect::<Vec<_>>());
        json!({ "anyOf": forms::any(vec![own, other]) })
    }

    fn reference(&self, target: &'static Type) -> Value {
        // The other version has the type.
        let unknown = || {
            let href = described(forms::uri(), "The URI of the resource.");
            json!({ "type": "object", "properties": { "href": href }, "additionalProperties": true })
        };
        self.link(target, Form::Reference).unwrap_or_else(unknown)
    }

    fn link(&self, to: &'static Type, form: Form) -> Option<Value> {
        let index = self.layout.index(to)?;
        Some(json!({ "$ref": self.links.to(self.layout, index, form)? }))
    }

    /// The type URI: reading takes either version's.
    fn type_uri(&self, record_type: &Type) -> Value {
        let text = "The URI of the type.";
        if is_untyped(record_type) {
            return described(json!({ "type": "string" }), text);
        }
        let dialects = [self.layout.dialect, self.layout.dialect.other()];
        let mut uris: Vec<String> = dialects
            .into_iter()
            .filter(|dialect| dialect.has(record_type.versions))
            .map(|dialect| record_type.uri(dialect))
            .collect();
        uris.dedup();
        described(json!({ "type": "string", "enum": uris }), text)
    }

    /// What the sender always includes (5.3), unless it may be empty (5.5.15).
    fn required(&self, record_type: &'static Type) -> Vec<&'static str> {
        let dialect = self.layout.dialect;
        let own = self.layout.attributes(record_type).filter(|attribute| dialect.has(attribute.versions));
        let asked = own.filter(|attribute| self.is_included(record_type, attribute));
        asked.map(|attribute| attribute.name_in(dialect)).collect()
    }

    fn is_included(&self, record_type: &Type, attribute: &Attribute) -> bool {
        let meta::Constraints { provider_mandatory, consumer_mandatory, mutable, .. } = attribute.constraints;
        let included = match self.layout.receiver {
            // Few providers support all of the model, so a default says little.
            Receiver::Consumer => {
                provider_mandatory && attribute.constraints_stated && !is_left_out(record_type, attribute)
            }
            // What never changes the Provider assigns on creation.
            Receiver::Provider => consumer_mandatory && mutable,
        };
        let flat = attribute.v1_flat && self.layout.dialect == Dialect::V1;
        included && !flat && !record_type.may_omit(attribute)
    }

    /// Whether there may be attributes that the table does not know.
    fn is_open(&self, record_type: &Type) -> bool {
        self.layout.receiver == Receiver::Consumer || is_untyped(record_type) || names_follow(record_type)
    }

    fn text(&self, attribute: &Attribute) -> String {
        let version = match self.layout.dialect {
            _ if !self.layout.is_foreign(attribute) => "",
            Dialect::V1 => " In CIMI 2.0 only.",
            Dialect::V2 => " In CIMI 1.x only.",
        };
        format!("{}{version}", with_unit(attribute))
    }
}

/// The description of an attribute, with its unit.
fn with_unit(attribute: &Attribute) -> String {
    let unit = attribute.unit.map_or_else(String::new, |unit| format!(" Unit: {unit}."));
    format!("{}{unit}", plain(attribute.doc))
}

fn description(record_type: &Type, form: Form) -> String {
    let text = record_type
        .members
        .map_or_else(|| plain(record_type.doc), |members| format!("Resources of the type {}.", (members.item)().name));
    let clause = match record_type.clause {
        clause if clause.is_empty() || text.contains(clause) => String::new(),
        clause => format!(" DSP0263 {clause}."),
    };
    let form = if form == Form::Reference { "By URI, by value or both, and as a member of a collection: " } else { "" };
    format!("{form}{text}{clause}")
}

fn described(mut schema: Value, text: &str) -> Value {
    if let Some(members) = schema.as_object_mut().filter(|_| !text.is_empty()) {
        members.insert("description".to_owned(), json!(text));
    }
    schema
}

fn nullable(schema: Value) -> Value {
    match schema {
        Value::Object(mut members) if members.len() == 1 && members.contains_key("anyOf") => {
            if let Some(Value::Array(choices)) = members.get_mut("anyOf") {
                choices.push(json!({ "type": "null" }));
            }
            Value::Object(members)
        }
        // Anything already.
        Value::Object(members) if members.is_empty() => Value::Object(members),
        schema => json!({ "anyOf": [schema, { "type": "null" }] }),
    }
}

/// A map, with the keys that the standard names. Their values are not checked when a document is read, for which of
/// them apply depends on another attribute.
fn map(attribute: &Attribute) -> Value {
    let values = if attribute.holds_strings() { json!({ "type": "string" }) } else { json!(true) };
    let mut keys: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    if let Some(named) = attribute.keys {
        for (prefix, of) in named.of {
            for key in of().attributes {
                let text = format!("Where {} begins with {prefix}: {}", named.by, with_unit(key));
                keys.entry(key.name).or_default().push(text);
            }
        }
    }
    let mut schema = json!({ "type": "object", "additionalProperties": values });
    if let (false, Some(members)) = (keys.is_empty(), schema.as_object_mut()) {
        let keys = keys.into_iter().map(|(key, text)| (key.to_owned(), json!({ "description": text.join(" ") })));
        members.insert("properties".to_owned(), Value::Object(keys.collect()));
    }
    schema
}

/// What requests do not have, and the `count` of a collection, which servers leave out.
fn is_left_out(record_type: &Type, attribute: &Attribute) -> bool {
    match record_type.role {
        Role::Create => true,
        Role::Collection => attribute.constraints.mutable,
        _ => false,
    }
}

/// Types in which the standard names attributes after a type of the provider's own, or leaves parameters to
/// operations of its own (5.13.4, 5.5.12.2).
fn names_follow(record_type: &Type) -> bool {
    let own = record_type.namespace.is_none();
    own && matches!(
        (record_type.name, record_type.role),
        ("componentDescriptor", Role::Structure) | ("Action", Role::Create)
    )
}

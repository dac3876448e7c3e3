//! The schemas of what is sent and received, as components.

use cimi_model::meta::{Role, Type};
use cimi_model::schema::{JsonSchemas, Receiver};
use serde_json::{Map, Value, json};

use super::Api;

/// The schemas of a dialect, under names of which each means one thing.
pub(super) struct Schemas {
    /// What a Provider sends.
    sent: JsonSchemas,
    /// What it receives.
    received: JsonSchemas,
    requests: Vec<String>,
}

impl Schemas {
    pub(super) fn new(api: &Api) -> Self {
        let of = |receiver| JsonSchemas::new(&api.registry, api.dialect, receiver);
        let received = of(Receiver::Provider);
        let types = api.registry.iter().map(|entry| entry.record_type);
        let requests = types.filter(|record_type| record_type.role == Role::Create);
        let requests = requests.filter_map(|record_type| received.name_of(record_type)).map(str::to_owned).collect();
        Self { sent: of(Receiver::Consumer), received, requests }
    }

    /// A link to the schema of a type in an answer.
    pub(super) fn sent(&self, record_type: &'static Type) -> Value {
        self.sent.name_of(record_type).map_or_else(|| json!({ "type": "object" }), link)
    }

    /// A link to the schema of a type in a request.
    pub(super) fn received(&self, record_type: &'static Type) -> Value {
        let name = self.received.name_of(record_type);
        name.map_or_else(|| json!({ "type": "object" }), |name| link(&self.request_name(name)))
    }

    /// A link to the schema of references to a type in a request.
    pub(super) fn received_reference(&self, record_type: &'static Type) -> Value {
        let name = self.received.reference_name_of(record_type);
        name.map_or_else(|| json!({ "type": "object" }), |name| link(&self.request_name(name)))
    }

    /// The members of a type in a request, with links to components.
    pub(super) fn members(&self, record_type: &'static Type) -> Map<String, Value> {
        let name = self.received.name_of(record_type).map(|name| self.request_name(name));
        let schema = name.and_then(|name| self.components().remove(&name));
        match schema.and_then(|mut schema| schema.get_mut("properties").map(Value::take)) {
            Some(Value::Object(members)) => members,
            _ => Map::new(),
        }
    }

    /// The description of a type.
    pub(super) fn description(&self, record_type: &'static Type) -> String {
        let schema = self.sent.name_of(record_type).and_then(|name| self.sent.file(name));
        schema.and_then(|schema| schema.get("description")?.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// All schemas by their names.
    pub(super) fn components(&self) -> Map<String, Value> {
        let mut all = Map::new();
        for (name, mut schema) in definitions(&self.sent) {
            adapt(&mut schema, &str::to_owned);
            if schema.pointer("/properties/resourceURI").is_some() && !name.ends_with("Reference") {
                // `$select` leaves out anything else (4.1.4, 4.1.6.3).
                put(&mut schema, "required", json!(["resourceURI"]));
            }
            put(&mut schema, "title", json!(name));
            all.insert(name, schema);
        }
        for (name, mut schema) in definitions(&self.received) {
            let name = self.request_name(&name);
            adapt(&mut schema, &|name| self.request_name(name));
            put(&mut schema, "title", json!(name));
            all.insert(name, schema);
        }
        all
    }

    /// The name of what is received: that of an answer is another.
    fn request_name(&self, name: &str) -> String {
        if self.requests.iter().any(|request| request == name) { name.to_owned() } else { format!("{name}Request") }
    }
}

/// A link to a schema.
pub(super) fn link(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn put(schema: &mut Value, key: &str, value: Value) {
    if let Some(members) = schema.as_object_mut() {
        members.insert(key.to_owned(), value);
    }
}

fn definitions(schemas: &JsonSchemas) -> Map<String, Value> {
    match schemas.bundle().to_value().get_mut("$defs").map(Value::take) {
        Some(Value::Object(definitions)) => definitions,
        _ => Map::new(),
    }
}

/// Links to components in place of definitions, and the pattern of a URI alone: reading accepts by it, and a format
/// beside it would say something else.
fn adapt(schema: &mut Value, name: &dyn Fn(&str) -> String) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(link)) = members.get_mut("$ref")
                && let Some(old) = link.strip_prefix("#/$defs/")
            {
                *link = format!("#/components/schemas/{}", name(old));
            }
            if members.get("format").is_some_and(|format| format == "uri-reference") {
                members.remove("format");
            }
            members.values_mut().for_each(|member| adapt(member, name));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| adapt(item, name)),
        _ => {}
    }
}

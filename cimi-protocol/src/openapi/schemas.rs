//! The schemas of what is sent and received, as components.

use std::collections::HashSet;

use cimi_model::meta::{Role, Type};
use cimi_model::schema::{JsonSchemas, Receiver};
use cimi_model::template::may_be_by_value;
use serde_json::{Map, Value, json};

use super::Api;

/// The schemas of a dialect, under names of which each means one thing.
pub(super) struct Schemas {
    /// What a Provider sends.
    sent: JsonSchemas,
    /// What it receives.
    received: JsonSchemas,
    /// The names of the types of requests.
    requests: HashSet<String>,
    /// The names of references to existing resources.
    existing: HashSet<String>,
    /// The names of references to what templates may hold by value, in answers.
    by_value: HashSet<String>,
    /// The names of structures that have no attributes but those of their tables.
    closed: HashSet<String>,
}

/// A URI reference (RFC 3986): no characters that are excluded everywhere, each `%` before two hexadecimal digits, and one
/// `#` at most. Characters beyond ASCII are taken as they are.
const URI: &str =
    r#"^([^\x00-\x20\x7F<>"{}|\\^`%#]|%[0-9A-Fa-f]{2})*(#([^\x00-\x20\x7F<>"{}|\\^`%#]|%[0-9A-Fa-f]{2})*)?$"#;

/// What refers to an existing resource in a request.
const REFERENCE: &str = "ReferenceRequest";

impl Schemas {
    pub(super) fn new(api: &Api) -> Self {
        let of = |receiver| JsonSchemas::new(&api.registry, api.dialect, receiver);
        let received = of(Receiver::Provider);
        let types = api.registry.types();
        let requests = types.iter().filter(|found| found.role == Role::Create);
        let requests = requests.filter_map(|found| received.name_of(found)).map(str::to_owned).collect();
        let existing = types.iter().filter(|found| !may_be_by_value(found));
        let existing = existing.filter_map(|found| received.reference_name_of(found)).map(str::to_owned).collect();
        let sent = of(Receiver::Consumer);
        let by_value = types.iter().filter(|found| may_be_by_value(found));
        let by_value = by_value.filter_map(|found| sent.reference_name_of(found)).map(str::to_owned).collect();
        // Attributes of a componentDescriptor are named after types (5.13.4): the table has those of the standard.
        let standard = types.iter().all(|found| found.namespace.is_none());
        let closed = types.iter().filter(|found| standard && found.role == Role::Structure && !found.any);
        let closed = closed.filter_map(|found| received.name_of(found)).map(str::to_owned).collect();
        Self { sent, received, requests, existing, by_value, closed }
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
            adapt(&mut schema, &mut |member| sent(member));
            if schema.pointer("/properties/resourceURI").is_some() && !name.ends_with("Reference") {
                // `$select` leaves out anything else (4.1.4, 4.1.6.3).
                put(&mut schema, "required", json!(["resourceURI"]));
            }
            if self.by_value.contains(&name) {
                erasable(&mut schema);
            }
            put(&mut schema, "title", json!(name));
            all.insert(name, schema);
        }
        for (name, mut schema) in definitions(&self.received) {
            let is_existing = self.existing.contains(&name);
            let is_closed = self.closed.contains(&name);
            let name = self.request_name(&name);
            if is_closed {
                put(&mut schema, "additionalProperties", json!(false));
            }
            if is_existing {
                schema = reference(schema.pointer("/properties/href"));
            }
            adapt(&mut schema, &mut |member| self.received_as(member));
            put(&mut schema, "title", json!(name));
            all.insert(name, schema);
        }
        all
    }

    /// What a schema says of a request: the pattern of URIs is that of validation.
    fn received_as(&self, members: &mut Map<String, Value>) {
        relink(members, &|name| self.request_name(name));
        if is_uri(members) {
            members.remove("format");
            members.insert("pattern".to_owned(), json!(URI));
        }
    }

    /// The name of what is received: that of an answer is another.
    fn request_name(&self, name: &str) -> String {
        match name {
            name if self.requests.contains(name) => name.to_owned(),
            name if self.existing.contains(name) => REFERENCE.to_owned(),
            name => format!("{name}Request"),
        }
    }
}

/// A reference to an existing resource. A Provider takes its attributes too, as `$expand` shows them, and has no use for
/// them.
fn reference(href: Option<&Value>) -> Value {
    json!({
        "description": "A reference to a resource (DSP0263 5.5.6).",
        "type": "object",
        "properties": { "href": href },
        "additionalProperties": false,
    })
}

/// Lets the attributes of what overrides a template be null: a template that is kept may erase those of another
/// (4.2.1.1).
fn erasable(schema: &mut Value) {
    let Some(Value::Object(members)) = schema.get_mut("properties") else { return };
    let attributes = members.iter_mut().filter(|(name, _)| !matches!(name.as_str(), "href" | "resourceURI"));
    for (_, member) in attributes {
        *member = json!({ "anyOf": [member.take(), { "type": "null" }] });
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

/// Changes each object of a schema.
fn adapt(schema: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    match schema {
        Value::Object(members) => {
            change(members);
            members.values_mut().for_each(|member| adapt(member, change));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| adapt(item, change)),
        _ => {}
    }
}

/// What a schema says of an answer: the pattern of a URI alone, by which reading accepts, and all that is sent.
fn sent(members: &mut Map<String, Value>) {
    relink(members, &str::to_owned);
    members.remove("writeOnly");
    if is_uri(members) {
        members.remove("format");
    }
}

fn is_uri(members: &Map<String, Value>) -> bool {
    members.get("format").is_some_and(|format| format == "uri-reference")
}

/// Links to components in place of definitions.
fn relink(members: &mut Map<String, Value>, name: &dyn Fn(&str) -> String) {
    if let Some(Value::String(link)) = members.get_mut("$ref")
        && let Some(old) = link.strip_prefix("#/$defs/")
    {
        *link = format!("#/components/schemas/{}", name(old));
    }
}

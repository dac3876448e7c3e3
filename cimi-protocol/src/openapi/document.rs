//! The document as a whole.

use std::collections::HashSet;

use cimi_model::reflect::Described;
use cimi_model::{Capability, Job, ResourceMetadata, Type};
use serde_json::{Map, Value, json};

use super::names::{item, type_name};
use super::paths::Paths;
use super::schemas::Schemas;
use super::{Api, Path, Security, answers, parameters};

const SCHEME: &str = "basic";

/// Writes the description of a provider.
pub(super) struct Writer<'a> {
    api: &'a Api,
    schemas: Schemas,
}

impl<'a> Writer<'a> {
    pub(super) fn new(api: &'a Api) -> Self {
        Self { api, schemas: Schemas::new(api) }
    }

    pub(super) fn document(&self) -> Value {
        let mut paths = Paths::new(self.api, &self.schemas);
        let mut items = Map::new();
        // Short URIs get the short names.
        let mut shortest_first: Vec<&Path> = self.api.paths.iter().collect();
        shortest_first.sort_by_key(|path| path.template.matches('/').count());
        for path in shortest_first {
            if !items.contains_key(&path.template) {
                let item = paths.item(path);
                items.insert(path.template.clone(), item);
            }
        }
        let bodies = paths.bodies;
        let mut document = Map::new();
        let mut put = |key: &str, value: Value| document.insert(key.to_owned(), value);
        put("openapi", json!("3.1.0"));
        put("info", self.info());
        if !self.api.servers.is_empty() {
            put("servers", self.api.servers.iter().map(|url| json!({ "url": url })).collect());
        }
        put("tags", self.tags());
        put("security", self.security());
        let components = self.components(bodies, &items);
        put("components", components);
        put("paths", Value::Object(items));
        Value::Object(document)
    }

    fn info(&self) -> Value {
        let mut info = json!({ "title": self.api.title, "version": self.api.version });
        let all = [("description", &self.api.description), ("license", &self.api.license)];
        for (key, text) in all.into_iter().filter(|(_, text)| !text.is_empty()) {
            let value = if key == "license" { json!({ "name": text, "identifier": text }) } else { json!(text) };
            if let Some(info) = info.as_object_mut() {
                info.insert(key.to_owned(), value);
            }
        }
        info
    }

    /// A tag for each type that is at a path or in a collection there.
    fn tags(&self) -> Value {
        let mut seen = HashSet::new();
        let mut tags = Vec::new();
        for path in &self.api.paths {
            let record_type = item(path.record_type);
            let name = type_name(self.api, record_type);
            if !seen.insert(name.clone()) {
                continue;
            }
            let mut tag = json!({ "name": name, "description": self.schemas.description(record_type) });
            let capabilities = self.capabilities(record_type);
            if let (Some(tag), false) = (tag.as_object_mut(), capabilities.is_empty()) {
                tag.insert("x-cimi-capabilities".to_owned(), Value::Object(capabilities));
            }
            tags.push(tag);
        }
        Value::Array(tags)
    }

    /// The capabilities of a type, by their URIs (5.11.1).
    fn capabilities(&self, record_type: &Type) -> Map<String, Value> {
        let is_of = |metadata: &&ResourceMetadata| {
            metadata.type_uri.as_ref().is_some_and(|uri| record_type.is_uri(uri.as_str()))
        };
        let described = self.api.metadata.iter().filter(is_of).flat_map(|metadata| &metadata.capabilities);
        let pair = |capability: &Capability| {
            // An absent value is true (table 7).
            let value = capability.value.as_ref().map_or(json!(true), |value| json!(value));
            Some((capability.uri.as_ref()?.as_str().to_owned(), value))
        };
        described.filter_map(pair).collect()
    }

    fn security(&self) -> Value {
        match self.api.security {
            Security::None => json!([]),
            Security::Optional => json!([{ SCHEME: [] }, {}]),
            Security::Basic => json!([{ SCHEME: [] }]),
        }
    }

    /// What the paths link to, and what that links to.
    fn components(&self, bodies: Map<String, Value>, paths: &Map<String, Value>) -> Value {
        let job = self.schemas.sent(Job::described());
        let mut schemas = self.schemas.components();
        schemas.extend(bodies);
        let mut components = Map::new();
        let mut put = |key: &str, value: Map<String, Value>| components.insert(key.to_owned(), Value::Object(value));
        put("schemas", schemas);
        put("parameters", parameters::components(self.api));
        put("responses", answers::components(self.api, &job));
        put("headers", answers::headers());
        let mut components = prune(components, paths);
        if self.api.security != Security::None {
            let scheme = json!({ "type": "http", "scheme": "basic", "description": "RFC 7617." });
            components.insert("securitySchemes".to_owned(), json!({ SCHEME: scheme }));
        }
        Value::Object(components)
    }
}

/// The components that are linked to, from the paths or from one another.
fn prune(mut components: Map<String, Value>, paths: &Map<String, Value>) -> Map<String, Value> {
    let reached = reached(&components, paths);
    for (kind, named) in &mut components {
        if let Value::Object(named) = named {
            named.retain(|name, _| reached.contains(&format!("{kind}/{name}")));
        }
    }
    components.retain(|_, named| named.as_object().is_some_and(|named| !named.is_empty()));
    components
}

/// The components that are linked to, by kind and name.
fn reached(components: &Map<String, Value>, paths: &Map<String, Value>) -> HashSet<String> {
    let mut found = HashSet::new();
    let mut open: Vec<&Value> = paths.values().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                let link = members.get("$ref").and_then(Value::as_str);
                let place = link.and_then(|link| link.strip_prefix("#/components/"));
                if let Some((kind, name)) = place.and_then(|place| place.split_once('/'))
                    && let Some(component) = components.get(kind).and_then(|named| named.get(name))
                    && found.insert(format!("{kind}/{name}"))
                {
                    open.push(component);
                }
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}

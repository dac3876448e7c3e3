//! JSON Schema 2020-12.

mod forms;
mod layout;
mod link;
mod object;

use std::collections::HashSet;
use std::fmt;

use schemars::Schema;
use serde_json::{Map, Value, json};

use super::Receiver;
use crate::names::upper_first;
use crate::{Dialect, Registry, Type};
use layout::{Layout, Node};
use link::Links;
use object::{Builder, Form};

/// The file of what the types share. Links to it are by its name, which is also the last part of its `$id`: validators
/// find it by `$id`, generators of code in the folder.
pub(super) const DEFINITIONS: &str = "definitions.json";

const META_SCHEMA: &str = "https://json-schema.org/draft/2020-12/schema";

/// The JSON Schemas (2020-12) of a registry's types, for documents in one dialect that one party receives.
///
/// Each type has a schema, whose `$id` ends in the name of the type. What they share is under `$defs` in
/// [one more file](Self::definitions): structures, and for each resource one called `…Reference`, the resource as the
/// target of a reference, by URI, by value or both. In it nothing is required, so it also suits a representation of
/// which `$select` has left a part.
///
/// * **Names** are those of the dialect. `resourceURI` may be that of either version.
/// * **A Provider** refuses unknown attributes (5.3), those of the other version among them. What a Consumer always
///   includes is required, save for what the Provider assigns on creation. `null` erases an attribute of a template
///   that is referred to (4.2.1.1), and stands nowhere else.
/// * **A Consumer** accepts unknown attributes. Required is what a Provider always includes because the standard
///   says so of the attribute; that it is the default of 5.3 is not enough. Attributes of the other version are
///   there and say so.
/// * **Texts** are held to the pattern that strict reading has. The format `uri-reference` stands beside one; there
///   is no `date-time`, for an xs:dateTime need not have a zone.
/// * **Units** stand at the end of a description: `Unit: kibibytes.`
/// * **Enumerations** that are open are `anyOf` the values and any string.
///
/// ```
/// use cimi_model::schema::{JsonSchemas, Receiver};
/// use cimi_model::{Dialect, Registry};
///
/// let schemas = JsonSchemas::new(&Registry::standard(), Dialect::V2, Receiver::Consumer);
/// let machine = schemas.file("Machine").ok_or("no Machine")?;
/// assert!(machine.get("$id").and_then(|id| id.as_str()).is_some_and(|id| id.ends_with("/2/consumer/Machine")));
/// assert_eq!(machine.pointer("/properties/memory/type"), Some(&"integer".into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct JsonSchemas {
    layout: Layout,
    base: String,
}

impl fmt::Debug for JsonSchemas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonSchemas").field("base", &self.base).finish_non_exhaustive()
    }
}

impl JsonSchemas {
    /// The schemas of these types and of what they lead to.
    #[must_use]
    pub fn new(registry: &Registry, dialect: Dialect, receiver: Receiver) -> Self {
        let version = match dialect {
            Dialect::V1 => "1",
            Dialect::V2 => "2",
        };
        let receiver_name = match receiver {
            Receiver::Provider => "provider",
            Receiver::Consumer => "consumer",
        };
        let base = format!("https://cimi.example/schemas/{version}/{receiver_name}/");
        Self { layout: Layout::new(registry, dialect, receiver), base }
    }

    /// Sets what every `$id` begins with, which is a URI that ends with a slash. The default is on a host that does
    /// not exist, for nobody serves the schemas.
    #[must_use]
    pub fn base(mut self, base: impl Into<String>) -> Self {
        self.base = base.into();
        self
    }

    /// The names of the schemas that have a file, in the order of the registry: each is the last part of an `$id`.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files().map(|node| node.name.as_str())
    }

    /// The name of the schema of a type, if the dialect has the type: that of its file, or of its definition where it
    /// has none.
    #[must_use]
    pub fn name_of(&self, record_type: &'static Type) -> Option<&str> {
        Some(self.node(record_type)?.name.as_str())
    }

    /// The name of the definition of references to a type.
    #[must_use]
    pub fn reference_name_of(&self, record_type: &'static Type) -> Option<&str> {
        self.node(record_type)?.reference.as_deref()
    }

    fn node(&self, record_type: &'static Type) -> Option<&Node> {
        self.layout.nodes.get(self.layout.index(record_type)?)
    }

    /// The schema of a type, with links to [`definitions`](Self::definitions). The name may be that of either version.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<Schema> {
        let node = self.find(name)?;
        let builder = Builder { layout: &self.layout, links: Links::Files };
        Some(self.document(&builder, node, Map::new()))
    }

    /// What the schemas of the types link to, under `$defs`. Its `$id` ends in `definitions.json`, and it has to be in
    /// a file of that name beside theirs: links lead to it alone, for links from file to file in circles take some
    /// validators beyond all bounds, and generators of code look for files by the names that links say.
    #[must_use]
    pub fn definitions(&self) -> Schema {
        let builder = Builder { layout: &self.layout, links: Links::One(None) };
        let mut schema = Map::new();
        schema.insert("title".to_owned(), json!("Definitions"));
        schema.insert("description".to_owned(), json!("What the schemas of the types share."));
        let mut definitions = Map::new();
        for node in &self.layout.nodes {
            define(&builder, node, !node.record_type.role.has_uri(), &mut definitions);
        }
        self.finish(schema, DEFINITIONS, definitions)
    }

    /// The schema of a type that needs no other: those of the types it leads to are under `$defs`.
    #[must_use]
    pub fn alone(&self, name: &str) -> Option<Schema> {
        let node = self.find(name)?;
        let builder = Builder { layout: &self.layout, links: Links::One(Some(node)) };
        let mut definitions = self.all(&builder);
        let root = definitions.remove(&node.name);
        let reached = reached(root.as_ref(), &definitions);
        definitions.retain(|name, _| reached.contains(name));
        Some(self.document(&builder, node, definitions))
    }

    /// One schema of documents of any of the types, which are all under `$defs`. Its `$id` ends in `cimi`.
    #[must_use]
    pub fn bundle(&self) -> Schema {
        let builder = Builder { layout: &self.layout, links: Links::One(None) };
        let any: Vec<Value> = self.files().map(|node| json!({ "$ref": format!("#/$defs/{}", node.name) })).collect();
        let mut schema = Map::new();
        schema.insert("title".to_owned(), json!("Cimi"));
        schema.insert("description".to_owned(), json!("A document of any type."));
        schema.insert("anyOf".to_owned(), Value::Array(any));
        self.finish(schema, "cimi", self.all(&builder))
    }

    fn files(&self) -> impl Iterator<Item = &Node> {
        self.layout.nodes.iter().filter(|node| node.has_file)
    }

    fn find(&self, name: &str) -> Option<&Node> {
        let exact = self.files().find(|node| node.name == name);
        exact.or_else(|| self.files().find(|node| node.record_type.is_named(name)))
    }

    fn document(&self, builder: &Builder<'_>, node: &Node, definitions: Map<String, Value>) -> Schema {
        let schema = builder.object(node.record_type, &upper_first(&node.name), Form::Whole);
        self.finish(schema, &node.name, definitions)
    }

    fn finish(&self, mut schema: Map<String, Value>, name: &str, definitions: Map<String, Value>) -> Schema {
        schema.insert("$schema".to_owned(), json!(META_SCHEMA));
        schema.insert("$id".to_owned(), json!(format!("{}{name}", self.base)));
        if !definitions.is_empty() {
            schema.insert("$defs".to_owned(), Value::Object(definitions));
        }
        Schema::from(schema)
    }

    fn all(&self, builder: &Builder<'_>) -> Map<String, Value> {
        let mut definitions = Map::new();
        for node in &self.layout.nodes {
            define(builder, node, true, &mut definitions);
        }
        definitions
    }
}

/// Adds the forms of a type.
fn define(builder: &Builder<'_>, node: &Node, whole: bool, definitions: &mut Map<String, Value>) {
    if whole {
        let schema = builder.object(node.record_type, &upper_first(&node.name), Form::Whole);
        definitions.insert(node.name.clone(), Value::Object(schema));
    }
    if let Some(name) = &node.reference {
        let schema = builder.object(node.record_type, name, Form::Reference);
        definitions.insert(name.clone(), Value::Object(schema));
    }
}

/// The names of the definitions that a schema leads to.
fn reached(root: Option<&Value>, definitions: &Map<String, Value>) -> HashSet<String> {
    let mut found = HashSet::new();
    let mut open: Vec<&Value> = root.into_iter().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                let link = members.get("$ref").and_then(Value::as_str).and_then(|link| link.strip_prefix("#/$defs/"));
                if let Some((name, schema)) = link.and_then(|name| definitions.get_key_value(name))
                    && found.insert(name.clone())
                {
                    open.push(schema);
                }
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}

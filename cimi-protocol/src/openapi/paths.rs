//! The operations at each path.

use std::collections::HashSet;

use cimi_model::reflect::Described;
use cimi_model::{Format, Job};
use serde_json::{Map, Value, json};

use super::answers::{Answers, media_type};
use super::names::{Noun, Nouns, Verb, item, type_name};
use super::schemas::Schemas;
use super::{Api, Path, bodies, parameters, texts};

/// Writes the operations of paths.
pub(super) struct Paths<'a> {
    api: &'a Api,
    schemas: &'a Schemas,
    /// The names of operations that are taken.
    names: HashSet<String>,
    /// Schemas of request bodies, which come to those of the types.
    pub(super) bodies: Map<String, Value>,
}

/// What is offered at one path, by method.
#[derive(Clone, Copy)]
struct Offer {
    method: &'static str,
    verb: Verb,
    title: &'static str,
}

impl<'a> Paths<'a> {
    pub(super) fn new(api: &'a Api, schemas: &'a Schemas) -> Self {
        Self { api, schemas, names: HashSet::new(), bodies: Map::new() }
    }

    /// All operations of a path.
    pub(super) fn item(&mut self, path: &'a Path) -> Value {
        let offers = offers(path);
        let verbs: Vec<Verb> = offers.iter().map(|offer| offer.verb).collect();
        let noun = Nouns::of(self.api, path).choose(&verbs, &mut self.names);
        let mut written = Map::new();
        let parameters = parameters::of_path(path);
        if !parameters.is_empty() {
            written.insert("parameters".to_owned(), Value::Array(parameters));
        }
        for offer in offers {
            written.insert(offer.method.to_owned(), self.operation(path, offer, &noun));
        }
        Value::Object(written)
    }

    fn operation(&mut self, path: &Path, offer: Offer, noun: &Noun) -> Value {
        let mut operation = Map::new();
        let mut put = |key: &str, value: Value| operation.insert(key.to_owned(), value);
        put("operationId", json!(offer.verb.of(noun)));
        put("tags", json!([type_name(self.api, item(path.record_type))]));
        put("summary", json!(texts::summary(offer.title, self.api, path)));
        put("description", json!(self.description(path, offer)));
        let parameters = self.parameters(path, offer);
        if !parameters.is_empty() {
            put("parameters", Value::Array(parameters));
        }
        if let Some(schema) = self.body(path, offer) {
            put("requestBody", json!({ "required": true, "content": self.content(&schema) }));
        }
        put("responses", self.answers(path, offer));
        Value::Object(operation)
    }

    fn description(&self, path: &Path, offer: Offer) -> String {
        let about = self.schemas.description(path.record_type);
        match offer.method {
            "get" => about,
            "put" if path.partial => format!("{REPLACES} {UPDATES_PART}"),
            "put" => REPLACES.to_owned(),
            "delete" => DELETES.to_owned(),
            _ => of_post(path),
        }
    }

    fn parameters(&self, path: &Path, offer: Offer) -> Vec<Value> {
        let mut found = match offer.method {
            "get" => parameters::of_read(self.api, path.record_type),
            "put" if path.partial => vec![parameters::link(parameters::SELECT_TO_UPDATE)],
            _ => Vec::new(),
        };
        let changes = offer.method != "get" && path.record_type.members.is_none();
        if self.api.etags && self.api.preconditions && changes {
            found.push(parameters::link(parameters::IF_MATCH));
        }
        found
    }

    fn body(&mut self, path: &Path, offer: Offer) -> Option<Value> {
        match offer.method {
            "put" => Some(self.schemas.received(path.record_type)),
            "post" => Some(bodies::of_post(self.api, self.schemas, path, &mut self.bodies)),
            _ => None,
        }
    }

    fn content(&self, schema: &Value) -> Value {
        let json = self.api.formats.iter().filter(|format| matches!(format, Format::Json));
        Value::Object(json.map(|format| (media_type(*format), json!({ "schema": schema }))).collect())
    }

    fn answers(&self, path: &Path, offer: Offer) -> Value {
        let answers = Answers::new(self.api);
        let own = self.schemas.sent(path.record_type);
        let one = self.schemas.sent(item(path.record_type));
        let job = self.schemas.sent(Job::described());
        let or_job = |schema: &Value| json!({ "anyOf": [job, schema] });
        match offer.method {
            "get" => answers.read(&own),
            "put" => answers.updated(&own, &or_job(&own)),
            "delete" => answers.deleted(&job),
            _ if bodies::actions(path).next().is_none() => answers.created(&one, &or_job(&one)),
            _ => {
                let made = bodies::made_by_post(self.api, path).map(|made| self.schemas.sent(made));
                let accepted = made.as_ref().map_or_else(|| job.clone(), or_job);
                answers.done(made.as_ref(), &accepted)
            }
        }
    }
}

/// What is offered at a path, a method each.
fn offers(path: &Path) -> Vec<Offer> {
    let has = |operation: &str| path.operations.iter().any(|offered| offered == operation);
    let many = path.record_type.members.is_some();
    let mut offers = Vec::new();
    let mut offer = |method, word, many, title| {
        offers.push(Offer { method, verb: Verb { word, many }, title });
    };
    if path.read {
        let word = if many { "list" } else { "read" };
        offer("get", word, many, if many { "List" } else { "Read" });
    }
    if has("edit") {
        offer("put", "update", many, "Update");
    }
    if has("add") {
        offer("post", "create", false, "Create");
    } else if bodies::actions(path).next().is_some() {
        offer("post", "operate", many, "Operate");
    }
    if has("delete") {
        offer("delete", "delete", many, "Delete");
    }
    offers
}

/// What a POST does at a path.
fn of_post(path: &Path) -> String {
    let actions: Vec<&str> = bodies::actions(path).collect();
    let creates = path.operations.iter().any(|operation| operation == "add");
    let list = texts::actions(path.record_type, &actions);
    match (creates, actions.is_empty()) {
        (true, true) => CREATES.to_owned(),
        (true, false) => format!("{CREATES}\n\n{ACTS}\n\n{list}"),
        _ => format!("{ACTS}\n\n{list}"),
    }
}

const REPLACES: &str = "The body is the whole resource as it is to be: attributes that it lacks are removed. Attributes \
    that only the provider changes may be in it and stay as they are (DSP0263 4.2.1.3).";
const UPDATES_PART: &str = "With `$select`, only the attributes named there are changed; of these, the ones that the body \
    lacks are reset, and the body has no others (DSP0263 4.2.1.3.1).";
const DELETES: &str = "The resource is deleted, with its components (DSP0263 4.2.1.4, 5.10).";
const CREATES: &str = "A new resource is made as the body says, from a template where the type has one \
    (DSP0263 4.2.1.1).";
const ACTS: &str = "The body says which of the operations is meant (DSP0263 4.2.1.5):";

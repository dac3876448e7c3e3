//! The bodies of POST requests.

use cimi_model::lifecycle::{action_uri, name};
use cimi_model::meta::{Dependence, Role, Type};
use cimi_model::reflect::Described;
use cimi_model::validate::needed_parameter;
use cimi_model::{Action, Dialect};
use serde_json::{Map, Value, json};

use super::names::{item, type_name};
use super::schemas::{Schemas, link};
use super::{Api, Path};

/// The types of the bodies that make something new at a path.
fn created_from(api: &Api, path: &Path) -> Vec<&'static Type> {
    if !path.bodies.is_empty() {
        return path.bodies.clone();
    }
    let member = item(path.record_type);
    let maker = api.registry.by_name(&format!("{}Create", member.name)).map(|entry| entry.record_type);
    let maker = maker.filter(|maker| {
        maker.role == Role::Create && maker.namespace == member.namespace && api.dialect.has(maker.versions)
    });
    // What has states comes from a template (5.14.2.1).
    let as_itself = maker.is_none() || member.lifecycle.is_none();
    maker.into_iter().chain(as_itself.then_some(member)).collect()
}

/// The schema of all bodies that a POST to a path may have. Schemas of its own are added to the components.
pub(super) fn of_post(api: &Api, schemas: &Schemas, path: &Path, components: &mut Map<String, Value>) -> Value {
    let offers = |name: &str| path.operations.iter().any(|operation| operation == name);
    let mut choices: Vec<Value> = Vec::new();
    if offers("add") {
        choices.extend(created_from(api, path).into_iter().map(|body| schemas.received(body)));
    } else if let Some(resource) = accessory(item(path.record_type)).filter(|_| offers("insert")) {
        // An item that refers to what is inserted.
        choices.push(json!({
            "allOf": [schemas.received(item(path.record_type))],
            "properties": { resource: { "required": ["href"] } },
            "required": [resource],
        }));
    }
    if let Some(image) = image_of(api, path).filter(|_| offers("capture") || offers("snapshot")) {
        choices.push(json!({ "allOf": [schemas.received(image)], "required": ["resourceURI"] }));
    }
    let actions: Vec<&str> = actions(path).collect();
    if !actions.is_empty() {
        let name = format!("{}Action", type_name(api, path.record_type));
        components.entry(name.clone()).or_insert_with(|| of_actions(api, schemas, path, &actions));
        choices.push(link(&name));
    }
    one_of(choices)
}

/// What a POST to a path may create.
pub(super) fn made_by_post(api: &Api, path: &Path) -> Option<&'static Type> {
    let offers = |name: &str| path.operations.iter().any(|operation| operation == name);
    if path.record_type.members.is_some() {
        return (offers("add") || offers("import")).then(|| item(path.record_type));
    }
    image_of(api, path).filter(|_| offers("capture") || offers("snapshot"))
}

/// The type of the images of a resource, which describe what is to be captured (5.14.7.1).
fn image_of(api: &Api, path: &Path) -> Option<&'static Type> {
    let entry = api.registry.by_name(&format!("{}Image", path.record_type.name))?;
    Some(entry.record_type).filter(|image| image.namespace == path.record_type.namespace)
}

/// The operations at a path that an Action invokes.
pub(super) fn actions(path: &Path) -> impl Iterator<Item = &str> {
    let all = path.operations.iter().map(AsRef::as_ref);
    all.filter(|operation| !matches!(*operation, "add" | "edit" | "delete"))
}

/// A body that invokes one of these actions. What they need tells them apart.
fn of_actions(api: &Api, schemas: &Schemas, path: &Path, actions: &[&str]) -> Value {
    let mut groups: Vec<(Option<String>, Vec<&str>)> = Vec::new();
    for action in actions {
        let need = need(path, action);
        match groups.iter_mut().find(|(other, _)| *other == need) {
            Some((_, actions)) => actions.push(action),
            None => groups.push((need, vec![action])),
        }
    }
    let body = |(need, actions): (Option<String>, Vec<&str>)| of_group(api, schemas, path, need.as_deref(), &actions);
    let mut schema = one_of(groups.into_iter().map(body).collect());
    if let Some(members) = schema.as_object_mut() {
        let what = type_name(api, path.record_type);
        members.insert("title".to_owned(), json!(format!("{what}Action")));
        members.insert("description".to_owned(), json!(format!("An operation on a {what} (DSP0263 4.2.1.5).")));
    }
    schema
}

fn of_group(api: &Api, schemas: &Schemas, path: &Path, need: Option<&str>, actions: &[&str]) -> Value {
    let uris: Vec<String> = actions.iter().map(|action| uri(api.dialect, action)).collect();
    let mut members = schemas.members(Action::described());
    if let Some(Value::Object(action)) = members.get_mut("action") {
        action.remove("pattern");
        action.insert("enum".to_owned(), json!(uris));
    }
    let own = actions.iter().any(|action| is_own(action));
    if let Some(need) = need {
        let reference = || schemas.received_reference(item(path.record_type));
        let member = members.entry(need.to_owned()).or_insert_with(reference);
        if member.get("type").is_none() {
            // A reference says which resource it is about.
            *member = json!({ "allOf": [member.take()], "required": ["href"] });
        }
    }
    let required: Vec<&str> = std::iter::once("action").chain(need).collect();
    let names: Vec<&str> = actions.iter().map(|action| name(action)).collect();
    json!({
        "title": names.join(", "),
        "type": "object",
        "properties": members,
        "required": required,
        "additionalProperties": own,
    })
}

/// The parameter without which an action is refused.
fn need(path: &Path, action: &str) -> Option<String> {
    if matches!(action, "insert" | "remove") {
        return Some(parameter(item(path.record_type)));
    }
    needed_parameter(action).map(str::to_owned)
}

/// The name of what is inserted or removed (5.5.12.2): a `locatedVolume` stands for its Volume.
fn parameter(member: &Type) -> String {
    let name = accessory(member).unwrap_or(member.name);
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// The attribute with which an item refers to its resource, where it is not the resource itself.
fn accessory(member: &Type) -> Option<&'static str> {
    let mut attributes = member.attributes.iter();
    attributes.find(|attribute| attribute.dependence == Some(Dependence::Accessory)).map(|attribute| attribute.name)
}

/// Whether an action is the provider's own, with parameters that nobody else knows.
fn is_own(action: &str) -> bool {
    Dialect::split_uri(action_uri(action).as_str()).is_none()
}

fn uri(dialect: Dialect, action: &str) -> String {
    let uri = action_uri(action);
    match Dialect::split_uri(uri.as_str()) {
        Some((_, name)) => dialect.uri(name),
        None => uri.as_str().to_owned(),
    }
}

/// One of several schemas; a single one is itself.
fn one_of(mut choices: Vec<Value>) -> Value {
    match choices.len() {
        1 => choices.remove(0),
        _ => json!({ "oneOf": choices }),
    }
}

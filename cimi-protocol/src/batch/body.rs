//! Bodies of requests inside of a batch.

use cimi_model::any::Any;
use cimi_model::lifecycle::action_uri;
use cimi_model::reflect::Record;
use cimi_model::{
    Action, Dialect, Error, ErrorKind, Extensions, Format, Generic, Object, ReadOptions, Result, json, xml,
};

/// The member that says the type.
const TYPE: &str = "resourceURI";

/// The JSON form of a request, with its type.
pub(super) fn of(record: &dyn Record) -> Result<Any> {
    let mut generic = Generic::default();
    let text = json::to_vec(record, Dialect::V2.into())?;
    json::read_into(&text, &mut generic, &ReadOptions::default())?;
    let uri = match record.as_any().downcast_ref::<Generic>() {
        Some(unknown) => unknown.resource_uri(),
        None => Some(record.record_type().uri(Dialect::V2)),
    };
    let mut members = Object::from(generic.extensions);
    if let Some(uri) = uri {
        members.insert(TYPE, uri);
    }
    Ok(Any::Object(members))
}

/// The body of a request for an action of which only the name is given.
pub(super) fn of_action(action: &str) -> Result<Any> {
    of(&Action { action: Some(action_uri(action)), ..Action::default() })
}

/// Says which action a request invokes, where its JSON form does not.
pub(super) fn set_action(body: &mut Any, action: &str) {
    if let Any::Object(members) = body
        && element(members).is_none()
        && members.get("action").is_none()
    {
        members.insert("action", action_uri(action).as_str());
    }
}

/// Whether a body says its type.
pub(super) fn says_type(body: &Any) -> bool {
    matches!(body, Any::Object(members) if members.get(TYPE).is_some() || element(members).is_some())
}

/// A body as the document that it would be by itself.
///
/// # Errors
/// When it is not the content of a document.
pub(super) fn text(body: &Any) -> Result<(Vec<u8>, Format)> {
    let malformed = || Error::new(ErrorKind::Value, "the body of a step is not a request");
    let Any::Object(members) = body else { return Err(malformed()) };
    if let Some((namespace, name, content)) = element(members) {
        let extensions = match content {
            Any::Object(members) => Extensions::from(members.clone()),
            Any::String(text) if text.trim().is_empty() => Extensions::new(),
            _ => return Err(malformed()),
        };
        let generic = Generic { namespace: namespace.to_owned(), name: name.to_owned(), extensions, type_uri: None };
        return Ok((xml::to_vec(&generic, Dialect::V2.into())?, Format::Xml));
    }
    let mut members = members.clone();
    let uri = members.remove(TYPE);
    let known = uri.as_ref().and_then(Any::as_str).map(|uri| Generic::of_type(uri.trim()));
    let generic = Generic { extensions: members.into(), ..known.unwrap_or_default() };
    Ok((json::to_vec(&generic, Dialect::V2.into())?, Format::Json))
}

/// The element of a request that stands in a body of XML: namespace, name and content.
fn element(members: &Object) -> Option<(&str, &str, &Any)> {
    let (key, content) = members.iter().next().filter(|_| members.len() == 1)?;
    let (namespace, name) = key.strip_prefix('{')?.split_once('}')?;
    Some((namespace, name, content))
}

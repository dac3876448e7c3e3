//! References to the results of other steps.

use std::collections::BTreeSet;

use cimi_model::Uri;
use cimi_model::any::Any;

use super::BatchStep;

/// What a reference to a result begins with.
const PREFIX: &str = "urn:x-cimi:result:";
/// Below it are the consumer's own texts.
const PROPERTIES: &str = "properties";

/// The resource that a step results in: the one that it creates, else the one that it is sent to. It stands wherever a URI
/// may stand, in the target and the body of another step.
///
/// ```
/// use cimi_protocol::batch::result;
///
/// assert_eq!(result("web").as_str(), "urn:x-cimi:result:web");
/// ```
#[must_use]
pub fn result(step: &str) -> Uri {
    Uri::from(format!("{PREFIX}{step}"))
}

/// What an attribute of that resource refers to, such as the collection of its disks.
///
/// ```
/// use cimi_protocol::batch::result_attribute;
///
/// assert_eq!(result_attribute("web", "disks").as_str(), "urn:x-cimi:result:web/disks");
/// ```
#[must_use]
pub fn result_attribute(step: &str, attribute: &str) -> Uri {
    Uri::from(format!("{PREFIX}{step}/{attribute}"))
}

/// The step whose result a text refers to, and the attribute of it.
pub(super) fn parse(text: &str) -> Option<(&str, Option<&str>)> {
    let rest = text.strip_prefix(PREFIX)?;
    Some(rest.split_once('/').map_or((rest, None), |(step, attribute)| (step, Some(attribute))))
}

/// The steps whose results a step refers to, each once.
pub(super) fn named(step: &BatchStep) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    found.extend(step.target.as_ref().and_then(|target| target.href.as_ref()).and_then(|href| parse(href.as_str())));
    let mut waiting: Vec<&Any> = step.body.iter().collect();
    while let Some(value) = waiting.pop() {
        match value {
            Any::String(text) => found.extend(parse(text)),
            Any::Array(items) => waiting.extend(items),
            Any::Object(members) => {
                waiting.extend(members.iter().filter(|(name, _)| *name != PROPERTIES).map(|(_, value)| value));
            }
            _ => {}
        }
    }
    found.into_iter().map(|(step, _)| step).collect()
}

/// Puts what `resolve` has in place of each reference in a body.
pub(super) fn replace<E>(body: &mut Any, resolve: &mut dyn FnMut(&str) -> Result<Option<Uri>, E>) -> Result<(), E> {
    let mut waiting = vec![body];
    while let Some(value) = waiting.pop() {
        match value {
            Any::String(text) => {
                if let Some(uri) = resolve(text)? {
                    uri.as_str().clone_into(text);
                }
            }
            Any::Array(items) => waiting.extend(items),
            Any::Object(members) => {
                waiting.extend(members.iter_mut().filter(|(name, _)| *name != PROPERTIES).map(|(_, value)| value));
            }
            _ => {}
        }
    }
    Ok(())
}

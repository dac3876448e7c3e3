//! What methods, operations and statuses are in the taxonomies.

use http::{Method, StatusCode};

use super::sound;
use crate::cimi::ACTIONS;
use crate::{Path, action, outcome};

/// The action of a method: GET, HEAD and OPTIONS are `read`, of a collection by GET `read/list`; POST is `create`, PUT and
/// PATCH are `update`, DELETE is `delete`, and any other is `unknown/` and its name in lower case.
#[must_use]
pub fn method_action(method: &Method, is_collection: bool) -> Path {
    match method.as_str() {
        "GET" if is_collection => "read/list".into(),
        "GET" | "HEAD" | "OPTIONS" => action::READ.into(),
        "POST" => action::CREATE.into(),
        "PUT" | "PATCH" => action::UPDATE.into(),
        "DELETE" => action::DELETE.into(),
        other => sound::unknown(&other.to_ascii_lowercase()),
    }
}

/// The action of an operation of CIMI, by its URI or name: what counts is the last segment of it, in any case.
///
/// ```
/// use cimi_cadf::http::operation_action;
///
/// assert_eq!(operation_action("http://schemas.dmtf.org/cimi/2/action/suspend").as_str(), "stop/suspend");
/// assert_eq!(operation_action("http://example.com/action/defragment").as_str(), "unknown/defragment");
/// ```
#[must_use]
pub fn operation_action(operation: &str) -> Path {
    let name = operation.trim_end_matches('/').rsplit(['/', '#']).next().unwrap_or_default();
    let standard = ACTIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    if let Some((_, path)) = standard {
        return (*path).into();
    }
    match name.to_ascii_lowercase().as_str() {
        "add" | "create" => action::CREATE.into(),
        "edit" | "update" => action::UPDATE.into(),
        "delete" => action::DELETE.into(),
        _ => sound::unknown(name),
    }
}

/// The outcome that a status states: 202 is `pending`; 1xx, 2xx and 3xx are `success`, 4xx and 5xx `failure`. HTTP does not
/// say what any other is.
#[must_use]
pub fn status_outcome(status: StatusCode) -> Path {
    let outcome = match status.as_u16() {
        202 => outcome::PENDING,
        100..=399 => outcome::SUCCESS,
        400..=599 => outcome::FAILURE,
        _ => outcome::UNKNOWN,
    };
    outcome.into()
}

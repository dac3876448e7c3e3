//! Operations of CIMI as actions of CADF.

use cimi_model::Dialect;

use super::encoding::plain;
use super::tables::{below, extended};
use crate::{Path, action};

/// The texts that operations have where a table of CIMI holds them, and the actions that say the same.
#[derive(Clone, Copy)]
pub(super) struct Words(&'static [(&'static str, &'static str)]);

impl Words {
    /// The methods of requests, as events of type access have them.
    pub(super) const METHODS: Self =
        Self(&[("GET", action::READ), ("POST", action::CREATE), ("PUT", action::UPDATE), ("DELETE", action::DELETE)]);
    /// The operations of CIMI (4.2), as Jobs have them.
    pub(super) const OPERATIONS: Self =
        Self(&[("add", action::CREATE), ("edit", action::UPDATE), ("delete", action::DELETE)]);
}

/// The actions of CIMI 2.0, of which the URI is in the namespace of the standard after `action/`.
pub(crate) const ACTIONS: &[(&str, &str)] = &[
    ("start", action::START),
    ("stop", action::STOP),
    ("restart", "start/restart"),
    ("pause", "stop/pause"),
    ("suspend", "stop/suspend"),
    ("capture", action::CAPTURE),
    ("snapshot", "capture/snapshot"),
    ("restore", action::RESTORE),
    ("export", "send/export"),
    ("import", "receive/import"),
    ("enable", action::ENABLE),
    ("disable", action::DISABLE),
    ("insert", "update/insert"),
    ("remove", "update/remove"),
    ("connectvolume", "update/connectvolume"),
    ("forceSync", "update/forceSync"),
    ("swapBackup", "update/swapBackup"),
    ("addRM", "update/addRM"),
    ("removeRM", "update/removeRM"),
];

/// Other words for operations, in lower case, and what they are kinds of.
const KINDS: &[(&str, &str)] = &[
    ("get", action::READ),
    ("head", action::READ),
    ("options", action::READ),
    ("read", action::READ),
    ("list", action::READ),
    ("query", action::READ),
    ("post", action::CREATE),
    ("add", action::CREATE),
    ("create", action::CREATE),
    ("put", action::UPDATE),
    ("patch", action::UPDATE),
    ("edit", action::UPDATE),
    ("update", action::UPDATE),
    ("delete", action::DELETE),
    ("reboot", action::START),
    ("login", action::AUTHENTICATE_LOGIN),
];

/// The actions of events that are no activities.
const OTHERS: &[&str] =
    &[action::MONITOR, action::ALLOW, action::DENY, action::EVALUATE, action::NOTIFY, action::UNKNOWN];

/// The action that an operation is. What the table has no word for is in the last segment.
pub(super) fn path_of_operation(operation: &str, words: Words) -> Path {
    let own = words.0.iter().find(|(word, _)| *word == operation).map(|(_, path)| *path);
    let standard = || {
        let name = operation.strip_prefix(Dialect::V2.namespace())?.strip_prefix("/action/")?;
        ACTIONS.iter().find(|(known, _)| *known == name).map(|(_, path)| *path)
    };
    if let Some(path) = own.or_else(standard) {
        return path.into();
    }
    let says_it = |path: &Path| operation_of_path(path, words).as_deref() == Some(operation);
    let path = Path::from(operation);
    let is_activity = action::TAXONOMY.covers(&path) && !OTHERS.iter().any(|other| path.is_a(other));
    let conforms = <Path as cimi_model::Scalar>::parse(operation).is_some();
    if is_activity && conforms && says_it(&path) {
        return path;
    }
    let kind = kind_of(operation).map(|kind| extended(kind, operation)).filter(says_it);
    kind.unwrap_or_else(|| extended(action::UNKNOWN, operation))
}

/// What an operation is a kind of, by the last of its words.
fn kind_of(operation: &str) -> Option<&'static str> {
    let word = operation.rsplit(['/', '#', ':', '.']).next().unwrap_or(operation);
    let known = ACTIONS.iter().chain(KINDS).find(|(known, _)| known.eq_ignore_ascii_case(word));
    known.map(|(_, path)| *path)
}

/// The operation that an action was made from, or its own text where there was none.
pub(super) fn operation_of_path(path: &Path, words: Words) -> Option<String> {
    if let Some(rest) = below(path, action::UNKNOWN) {
        return (!rest.is_empty()).then(|| plain(rest));
    }
    if let Some((word, _)) = words.0.iter().find(|(_, known)| *known == path.as_str()) {
        return Some((*word).to_owned());
    }
    if let Some((name, _)) = ACTIONS.iter().find(|(_, known)| *known == path.as_str()) {
        return Some(Dialect::V2.uri(&format!("action/{name}")));
    }
    let bases = ACTIONS.iter().chain(KINDS).filter(|(_, known)| path.is_a(known));
    let rest = bases.max_by_key(|(_, known)| known.len()).and_then(|(_, base)| below(path, base));
    let last = rest.filter(|rest| !rest.is_empty() && !rest.contains('/'));
    Some(last.map_or_else(|| path.as_str().to_owned(), plain))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn operations_are_actions_of_the_taxonomy() {
        let action = |name: &str| Dialect::V2.uri(&format!("action/{name}"));
        for (operation, words, expected) in [
            ("GET".to_owned(), Words::METHODS, "read"),
            ("HEAD".to_owned(), Words::METHODS, "read/HEAD"),
            ("PATCH".to_owned(), Words::METHODS, "update/PATCH"),
            ("get".to_owned(), Words::METHODS, "read/get"),
            ("add".to_owned(), Words::OPERATIONS, "create"),
            ("add".to_owned(), Words::METHODS, "create/add"),
            (action("start"), Words::OPERATIONS, "start"),
            (action("pause"), Words::METHODS, "stop/pause"),
            ("start".to_owned(), Words::METHODS, "start/start"),
            ("backup".to_owned(), Words::METHODS, "backup"),
            ("monitor".to_owned(), Words::METHODS, "unknown/monitor"),
            ("unknown".to_owned(), Words::METHODS, "unknown/unknown"),
            ("rotate keys".to_owned(), Words::METHODS, "unknown/rotate%20keys"),
            (
                Dialect::V1.uri("action/stop"),
                Words::OPERATIONS,
                "stop/http%3A%2F%2Fschemas.dmtf.org%2Fcimi%2F1%2Faction%2Fstop",
            ),
        ] {
            let path = path_of_operation(&operation, words);
            assert_eq!(path.as_str(), expected);
            assert_eq!(operation_of_path(&path, words), Some(operation));
        }
        assert_eq!(operation_of_path(&"unknown".into(), Words::METHODS), None);
        assert_eq!(operation_of_path(&"create".into(), Words::METHODS).as_deref(), Some("POST"));
        assert_eq!(operation_of_path(&"update/os-start".into(), Words::METHODS).as_deref(), Some("os-start"));
        assert_eq!(operation_of_path(&"created.user".into(), Words::METHODS).as_deref(), Some("created.user"));
    }

    proptest! {
        #[test]
        fn any_operation_survives(operation in ".{1,12}|(read|create|stop|unknown|start/restart)(/[a-z%]{0,3}){0,2}") {
            for words in [Words::METHODS, Words::OPERATIONS] {
                let path = path_of_operation(&operation, words);
                prop_assert!(action::TAXONOMY.covers(&path) && <Path as cimi_model::Scalar>::parse(path.as_str()).is_some());
                prop_assert_eq!(operation_of_path(&path, words), Some(operation.clone()), "{}", path);
            }
        }
    }
}

//! The taxonomies, as data.

use crate::Path;

/// The values that the standard gives to a property, each of which may be extended by further segments.
#[derive(Clone, Copy, Debug)]
pub struct Taxonomy {
    nodes: &'static [&'static str],
}

impl Taxonomy {
    /// The values.
    #[must_use]
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = &'static str> {
        self.nodes.iter().copied()
    }

    /// The most specific of the values that a path [is a kind of](Path::is_a), if there is one.
    #[must_use]
    pub fn node_of(&self, path: &Path) -> Option<&'static str> {
        self.nodes().filter(|node| path.is_a(node)).max_by_key(|node| node.len())
    }

    /// Whether a path is one of the values or extends one.
    #[must_use]
    pub fn covers(&self, path: &Path) -> bool {
        // Most nodes begin otherwise, and comparing whole texts takes a call.
        let first = path.as_str().bytes().next();
        self.nodes().any(|node| node.bytes().next() == first && path.is_a(node))
    }
}

macro_rules! taxonomy {
    (
        $(#[doc = $doc:literal])+
        pub mod $module:ident {
            $( $(#[doc = $node_doc:literal])+ $name:ident = $path:literal, )*
        }
    ) => {
        $(#[doc = $doc])+
        pub mod $module {
            $( $(#[doc = $node_doc])+ pub const $name: &str = $path; )*

            /// All of them.
            pub const TAXONOMY: $crate::Taxonomy = $crate::Taxonomy { nodes: &[$($name),*] };
        }
    };
}

// Behind the macro, which it uses.
mod resources;

pub use resources::resource;

taxonomy! {
    /// Actions: what the initiator of an event did to its target, or tried to do; the outcome tells which.
    ///
    /// `monitor` is the action of monitor events; `allow`, `deny`, `evaluate` and `notify` are those of control events.
    pub mod action {
        /// The target was saved, without its context.
        BACKUP = "backup",
        /// The target was saved with its context and state, as in a snapshot.
        CAPTURE = "capture",
        /// The target was made.
        CREATE = "create",
        /// The target was set up for an environment or a purpose.
        CONFIGURE = "configure",
        /// The target was read.
        READ = "read",
        /// Properties of the target were changed.
        UPDATE = "update",
        /// The target was deleted.
        DELETE = "delete",
        /// The target was observed or measured.
        MONITOR = "monitor",
        /// The target was started.
        START = "start",
        /// The target was stopped.
        STOP = "stop",
        /// The target was provisioned, and is not ready for use yet.
        DEPLOY = "deploy",
        /// A deployment was undone.
        UNDEPLOY = "undeploy",
        /// Functions of the target were permitted.
        ENABLE = "enable",
        /// Functions of the target were stopped or blocked.
        DISABLE = "disable",
        /// A message or data was sent.
        SEND = "send",
        /// A message or data was received.
        RECEIVE = "receive",
        /// An identity was established.
        AUTHENTICATE = "authenticate",
        /// An identity was established for the actions that follow.
        AUTHENTICATE_LOGIN = "authenticate/login",
        /// Something granted was taken back.
        REVOKE = "revoke",
        /// Something granted was prolonged.
        RENEW = "renew",
        /// The target was made anew from what was saved.
        RESTORE = "restore",
        /// A policy, rule or algorithm was applied to its inputs.
        EVALUATE = "evaluate",
        /// Access to the target was allowed.
        ALLOW = "allow",
        /// Access to the target was denied.
        DENY = "deny",
        /// A policy or rule led to a notification.
        NOTIFY = "notify",
        /// The observer could not classify the action. It may stand in events of every type.
        UNKNOWN = "unknown",
    }
}

taxonomy! {
    /// Outcomes of actions.
    pub mod outcome {
        /// It succeeded.
        SUCCESS = "success",
        /// It failed.
        FAILURE = "failure",
        /// It is not known and never expected to be.
        UNKNOWN = "unknown",
        /// It is not known yet; a later event may tell.
        PENDING = "pending",
    }
}

taxonomy! {
    /// What a reporter did with an event on its way (see [`ReporterRole`](crate::ReporterRole)).
    pub mod reporter_role {
        /// It observed the action and made the event.
        OBSERVER = "observer",
        /// It changed or added to the event.
        MODIFIER = "modifier",
        /// It passed the event on.
        RELAY = "relay",
    }
}

#[cfg(test)]
mod tests {
    use cimi_model::Scalar;

    use super::*;

    #[test]
    fn nodes_are_distinct_paths() {
        for (taxonomy, count) in
            [(action::TAXONOMY, 26), (outcome::TAXONOMY, 4), (resource::TAXONOMY, 96), (reporter_role::TAXONOMY, 3)]
        {
            let nodes: std::collections::BTreeSet<_> = taxonomy.nodes().collect();
            assert_eq!((nodes.len(), taxonomy.nodes().len()), (count, count));
            for node in nodes {
                let path = <Path as Scalar>::parse(node).unwrap();
                assert!(path.segments().all(|segment| !segment.is_empty()));
                assert_eq!(taxonomy.node_of(&path), Some(node));
            }
        }
    }

    #[test]
    fn the_most_specific_node_is_found() {
        for (path, node) in [
            ("authenticate/login/otp", Some(action::AUTHENTICATE_LOGIN)),
            ("authenticate/logon", Some(action::AUTHENTICATE)),
            ("authenticate", Some(action::AUTHENTICATE)),
            ("read/list", Some(action::READ)),
            ("list", None),
            ("createfoo", None),
            ("created.user", None),
            ("", None),
        ] {
            let path = Path::from(path);
            assert_eq!(action::TAXONOMY.node_of(&path), node, "{path}");
            assert_eq!(action::TAXONOMY.covers(&path), node.is_some(), "{path}");
        }
    }

    #[test]
    fn outcomes_and_resources() {
        assert!(outcome::TAXONOMY.covers(&"failure/timeout".into()));
        assert!(!outcome::TAXONOMY.covers(&"attempt".into()));
        assert!(!outcome::TAXONOMY.covers(&"failures".into()));
        let node = |text: &str| resource::TAXONOMY.node_of(&text.into());
        assert_eq!(node("data/security/project/x"), Some(resource::DATA_SECURITY_PROJECT));
        assert_eq!(node("data/security/projects"), Some(resource::DATA_SECURITY));
        assert_eq!(node("network/node/host"), Some(resource::NETWORK_NODE_HOST));
        assert_eq!(node("data/else"), Some(resource::DATA));
        assert!(
            reporter_role::TAXONOMY.covers(&"relay/queue".into()) && !reporter_role::TAXONOMY.covers(&"author".into())
        );
        assert!(!resource::TAXONOMY.covers(&"kms/secrets".into()));
        assert!(!resource::TAXONOMY.covers(&"computefoo".into()));
    }
}

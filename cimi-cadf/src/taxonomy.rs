//! The taxonomies, as data.

use crate::Path;

/// The values that the standard gives to a property, each of which may be extended by further segments.
#[derive(Clone, Copy, Debug)]
pub struct Taxonomy {
    nodes: &'static [&'static str],
}

impl Taxonomy {
    /// The values, in the order of the standard.
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
        self.nodes().any(|node| path.is_a(node))
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
            pub const TAXONOMY: super::Taxonomy = super::Taxonomy { nodes: &[$($name),*] };
        }
    };
}

taxonomy! {
    /// Actions: what the initiator of an event did, or tried to do.
    ///
    /// A monitor event has the action [`MONITOR`](self::MONITOR); control events have [`ALLOW`](self::ALLOW),
    /// [`DENY`](self::DENY), [`EVALUATE`](self::EVALUATE) or [`NOTIFY`](self::NOTIFY).
    pub mod action {
        /// A copy was made, to be restored from.
        BACKUP = "backup",
        /// A copy was made with its context, such as a snapshot.
        CAPTURE = "capture",
        /// A resource was made.
        CREATE = "create",
        /// A resource was set up.
        CONFIGURE = "configure",
        /// Data of a resource was read.
        READ = "read",
        /// Data of a resource was changed.
        UPDATE = "update",
        /// A resource was deleted.
        DELETE = "delete",
        /// A resource was observed or measured.
        MONITOR = "monitor",
        /// A resource was started.
        START = "start",
        /// A resource was stopped.
        STOP = "stop",
        /// A resource was provisioned, and is not ready for use yet.
        DEPLOY = "deploy",
        /// A deployment was undone.
        UNDEPLOY = "undeploy",
        /// A resource was made usable.
        ENABLE = "enable",
        /// A resource was made unusable.
        DISABLE = "disable",
        /// A message or data was sent.
        SEND = "send",
        /// A message or data was received.
        RECEIVE = "receive",
        /// An identity was established.
        AUTHENTICATE = "authenticate",
        /// An identity was established in order to log in.
        AUTHENTICATE_LOGIN = "authenticate/login",
        /// A right or credential was taken away.
        REVOKE = "revoke",
        /// A right or credential was prolonged.
        RENEW = "renew",
        /// A resource was brought back from a copy.
        RESTORE = "restore",
        /// A policy or rule was evaluated.
        EVALUATE = "evaluate",
        /// Access was allowed.
        ALLOW = "allow",
        /// Access was denied.
        DENY = "deny",
        /// Someone was notified.
        NOTIFY = "notify",
        /// The action is not known. Allowed in events of every type.
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
    /// Types of resources: the roots. More specific types extend them, such as `service/security/account/user`.
    pub mod resource {
        /// What holds data: volumes, memory, databases, queues.
        STORAGE = "storage",
        /// What computes: machines, processors, processes.
        COMPUTE = "compute",
        /// What connects: network nodes, connections, domains.
        NETWORK = "network",
        /// What serves: services of operation, business, security and others.
        SERVICE = "service",
        /// What is data: files, messages, accounts, policies.
        DATA = "data",
        /// The type is not known.
        UNKNOWN = "unknown",
    }
}

#[cfg(test)]
mod tests {
    use cimi_model::Scalar;

    use super::*;

    #[test]
    fn nodes_are_distinct_paths() {
        for (taxonomy, count) in [(action::TAXONOMY, 26), (outcome::TAXONOMY, 4), (resource::TAXONOMY, 6)] {
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
        assert_eq!(resource::TAXONOMY.node_of(&"data/security/project".into()), Some(resource::DATA));
        assert!(!resource::TAXONOMY.covers(&"kms/secrets".into()));
        assert!(!resource::TAXONOMY.covers(&"computefoo".into()));
    }
}

//! Notifications of keystone about what it keeps: users, projects, roles and others.
//!
//! Keystone writes actions such as `created.user`, which are not of the taxonomy: the standard's way to be more specific is
//! a further segment, `create/user`. The tables here lead from one to the other.

use crate::{Event, EventBuilder, Identifier, Parties, Path, Resource, Timestamp, action, outcome, resource};

/// What is done to a resource: as keystone calls it, and the action of the standard.
pub const OPERATIONS: &[(&str, &str)] = &[
    ("created", action::CREATE),
    ("updated", action::UPDATE),
    ("deleted", action::DELETE),
    ("disabled", action::DISABLE),
];

/// The types of resources that keystone tells of, and what they are in the taxonomy. Others are `unknown`.
pub const RESOURCE_TYPES: &[(&str, &str)] = &[
    ("user", "data/security/account/user"),
    ("group", "data/security/group"),
    ("project", "data/security/project"),
    ("domain", "data/security/domain"),
    ("role", "data/security/role"),
    ("region", "data/security/region"),
    ("endpoint", "data/security/endpoint"),
    ("service", "data/security/service"),
    ("policy", "data/security/policy"),
    ("OS-TRUST:trust", "data/security/trust"),
    ("OS-OAUTH1:access_token", "data/security/credential"),
    ("OS-OAUTH1:request_token", "data/security/credential"),
    ("OS-OAUTH1:consumer", "data/security/account"),
];

/// What a type of resource is in the taxonomy.
#[must_use]
pub fn type_uri(resource_type: &str) -> &'static str {
    RESOURCE_TYPES.iter().find(|(name, _)| *name == resource_type).map_or(resource::UNKNOWN, |(_, uri)| uri)
}

/// The action of the standard for one of keystone's; nothing for what is not one of those.
///
/// ```
/// use cimi_cadf::openstack::keystone::{keystone_action, standard_action};
///
/// let own = "created.OS-TRUST:trust".into();
/// let standard = standard_action(&own).unwrap();
/// assert_eq!(standard.as_str(), "create/OS-TRUST:trust");
/// assert_eq!(keystone_action(&standard), Some(own));
/// assert_eq!(standard_action(&"authenticate".into()), None);
/// ```
#[must_use]
pub fn standard_action(own: &Path) -> Option<Path> {
    let (operation, resource_type) = own.as_str().split_once('.')?;
    let (_, standard) = OPERATIONS.iter().find(|(name, _)| *name == operation)?;
    is_type(resource_type).then(|| format!("{standard}/{resource_type}").into())
}

/// The action as keystone writes it, for one of the standard that names a type of resource; nothing for others.
#[must_use]
pub fn keystone_action(standard: &Path) -> Option<Path> {
    let (verb, resource_type) = standard.as_str().split_once('/')?;
    let (operation, _) = OPERATIONS.iter().find(|(_, name)| *name == verb)?;
    is_type(resource_type).then(|| format!("{operation}.{resource_type}").into())
}

fn is_type(resource_type: &str) -> bool {
    !resource_type.is_empty() && !resource_type.contains('/')
}

/// A change of what keystone keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a notification has these three")]
pub struct Change {
    /// What was done, of [`OPERATIONS`]: `created`.
    pub operation: String,
    /// The type of the resource: one of [`RESOURCE_TYPES`], or another.
    pub resource_type: String,
    /// The resource.
    pub resource_id: Identifier,
}

impl Change {
    /// The `event_type` of the notification: `identity.user.created`.
    #[must_use]
    pub fn event_type(&self) -> String {
        format!("identity.{}.{}", self.resource_type, self.operation)
    }

    /// Begins the event that tells of the change, in the terms of the standard; a
    /// [profile](super::Profile) writes it in those of keystone.
    ///
    /// ```
    /// use cimi_cadf::openstack::{Profile, keystone::Change};
    /// use cimi_cadf::{Resource, Timestamp};
    ///
    /// let change = Change { operation: "created".into(), resource_type: "user".into(), resource_id: "u2".into() };
    /// let time: Timestamp = "2025-01-01T12:00:00+00:00".parse()?;
    /// let admin = Resource::new("u1", "service/security/account/user");
    /// let mut event = change.event("e1", time, admin, Resource::new("k", "service/security")).build()?;
    /// assert_eq!(event.action, Some("create/user".into()));
    /// Profile::pycadf().apply(&mut event);
    /// assert_eq!(event.action, Some("created.user".into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn event(
        &self,
        id: impl Into<Identifier>,
        time: Timestamp,
        initiator: Resource,
        observer: Resource,
    ) -> EventBuilder {
        let own = Path::from(format!("{}.{}", self.operation, self.resource_type));
        let action = standard_action(&own).unwrap_or(own);
        let target = Resource::new(self.resource_id.clone(), type_uri(&self.resource_type));
        let parties = Parties { initiator: initiator.into(), target: target.into(), observer: observer.into() };
        Event::activity(id, time, action, outcome::SUCCESS, parties)
            .extension("resource_info", self.resource_id.as_str())
    }
}

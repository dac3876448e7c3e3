//! Who asks.

use std::collections::BTreeMap;

use super::{Identity, IdentityKind};

/// Who wants to do something, as the identity system knows it.
///
/// ```
/// use cimi_model::ext::access::Subject;
///
/// let bob = Subject::user("bob").in_group("Dept1").with_role("dept1").with_attribute("project_id", "p1");
/// assert_eq!(bob.roles[0].name.as_deref(), Some("dept1"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "callers make it of what their identity system says")]
pub struct Subject {
    /// The user; none if nobody has logged in.
    pub user: Option<Identity>,
    /// The groups that the user is in.
    pub groups: Vec<Identity>,
    /// The roles that the user has, directly or by a group.
    pub roles: Vec<Identity>,
    /// The account that the user belongs to.
    pub account: Option<String>,
    /// What else is known: `project_id`, `is_admin`, or the tags of a principal.
    pub attributes: BTreeMap<String, Vec<String>>,
}

impl Subject {
    /// A user, by name.
    pub fn user(name: impl Into<String>) -> Self {
        Self { user: Some(Identity::user(name)), ..Self::default() }
    }

    /// The same in one more group.
    #[must_use]
    pub fn in_group(mut self, name: impl Into<String>) -> Self {
        self.groups.push(Identity::group(name));
        self
    }

    /// The same with one more role.
    #[must_use]
    pub fn with_role(mut self, name: impl Into<String>) -> Self {
        self.roles.push(Identity::role(name));
        self
    }

    /// The same with one more value of an attribute.
    #[must_use]
    pub fn with_attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.entry(name.into()).or_default().push(value.into());
        self
    }

    /// The user, the groups and the roles.
    pub fn identities(&self) -> impl Iterator<Item = &Identity> {
        self.user.iter().chain(&self.groups).chain(&self.roles)
    }

    /// Whether this is the user, or the user is in the group or has the role.
    #[must_use]
    pub fn is(&self, identity: &Identity) -> bool {
        let of_kind: &[Identity] = match identity.kind {
            Some(IdentityKind::User) => self.user.as_slice(),
            Some(IdentityKind::Group) => &self.groups,
            Some(IdentityKind::Role) => &self.roles,
            _ => return self.identities().any(|known| known.is_same(identity)),
        };
        // Where they stand says what they are.
        of_kind.iter().any(|known| Identity { kind: identity.kind.clone(), ..known.clone() }.is_same(identity))
    }

    /// What rules of roles compare: an attribute, or `user`, `user_id`, `roles`, `groups` and `account`.
    pub(super) fn credential(&self, name: &str) -> Option<Vec<String>> {
        if let Some(values) = self.attributes.get(name) {
            return Some(values.clone());
        }
        match name {
            "user" | "user_name" | "username" => Some(vec![self.user.as_ref()?.name.clone()?]),
            "user_id" => Some(vec![self.user_id()?]),
            "role" | "roles" => Some(names(&self.roles)),
            "group" | "groups" => Some(names(&self.groups)),
            "account" => self.account.clone().map(|account| vec![account]),
            _ => None,
        }
    }

    /// The URI of the user in the identity system, or the name.
    pub(super) fn user_id(&self) -> Option<String> {
        let user = self.user.as_ref()?;
        user.identity.as_ref().map(|uri| uri.as_str().to_owned()).or_else(|| user.name.clone())
    }
}

/// The names and URIs of some.
pub(super) fn names(identities: &[Identity]) -> Vec<String> {
    let uris = identities.iter().filter_map(|found| found.identity.as_ref()).map(|uri| uri.as_str().to_owned());
    identities.iter().filter_map(|found| found.name.clone()).chain(uris).collect()
}

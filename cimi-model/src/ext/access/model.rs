//! The types, and where they stand.

use crate::ext::{Addition, NAMESPACE};
use crate::meta::SharedName;
use crate::reflect::{Record, View};
use crate::{Any, Collection, Ref, Uri, attributes, collection, open_enum, record, resource};

resource! {
    /// Who may do what with the resources that refer to it (DSP2042 4.3.1).
    ///
    /// A System that refers to one has it for all that belongs to it; any other resource can have one of its own.
    pub AccessPolicy = "AccessPolicy" [v1_only] {
        /// Whether the policy is in force; one that does not say so is.
        enabled: Option<bool> = "enabled" [constraints(true, true, true, false)],
        /// The policy: a reference to a document elsewhere, or the text of the document.
        policy_document: Option<Any> = "policyDocument" [constraints(true, true, true, true)],
    }
}
collection!(AccessPolicy, "AccessPolicyCollection", "accessPolicies");

resource! {
    /// A policy that a provider offers, for consumers to make theirs (DSP2042 4.3.1).
    ///
    /// DSP2042 gives it the URI of the `AccessPolicy`. Documents with that URI are taken for one if they have a name,
    /// no `enabled`, and a policy document that is a reference; they are written with a URI of their own.
    pub AccessPolicyTemplate = "AccessPolicyTemplate"
        [v1_only, shares(SharedName::new("AccessPolicy", "AccessPolicyCollection", is_template))] {
        /// The policy: a reference to a document elsewhere, or the text of the document.
        policy_document: Option<Any> = "policyDocument" [constraints(true, true, true, false)],
    }
}
collection!(
    AccessPolicyTemplate,
    "AccessPolicyTemplateCollection",
    "accessPolicyTemplates",
    aliases: ["accessPolicies"]
);

/// Whether what was read as an `AccessPolicy` is a template, by the attributes that DSP2042 gives to either.
fn is_template(policy: &dyn Record) -> bool {
    let by_reference = match attributes::get(policy, "policyDocument") {
        View::Any(document) => document.get("href").is_some(),
        _ => false,
    };
    let has = |name| !matches!(attributes::get(policy, name), View::Absent) || policy.extensions().get(name).is_some();
    by_reference && has("name") && !has("enabled")
}

open_enum! {
    /// What an [`Identity`] is.
    pub IdentityKind {
        /// A single user.
        User = "user",
        /// Several users.
        Group = "group",
        /// What users, or groups of them, are assigned.
        Role = "role",
    }
}

record! {
    /// A user, group or role of an identity system outside of CIMI.
    pub Identity = "identity" Structure [namespace(NAMESPACE)] {
        /// Whether it is a user, a group or a role.
        kind: Option<IdentityKind> = "kind" [required],
        /// The name that it has there.
        name: Option<String> = "name",
        /// The URI that it has there, such as an ARN.
        identity: Option<Uri> = "identity",
        /// The identity system.
        provider: Option<Uri> = "provider",
    }
}

impl Identity {
    /// A user, by name.
    pub fn user(name: impl Into<String>) -> Self {
        Self::new(IdentityKind::User, name.into())
    }

    /// A group, by name.
    pub fn group(name: impl Into<String>) -> Self {
        Self::new(IdentityKind::Group, name.into())
    }

    /// A role, by name.
    pub fn role(name: impl Into<String>) -> Self {
        Self::new(IdentityKind::Role, name.into())
    }

    fn new(kind: IdentityKind, name: String) -> Self {
        Self { kind: Some(kind), name: Some(name), ..Self::default() }
    }

    /// The same with its URI.
    #[must_use]
    pub fn at(self, identity: impl Into<Uri>) -> Self {
        Self { identity: Some(identity.into()), ..self }
    }

    /// Whether both are the same user, group or role: of one kind, and with the same URI, or, where one of them has
    /// none, with the same name and not of different identity systems.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let differ = |a: &Option<Uri>, b: &Option<Uri>| a.is_some() && b.is_some() && a != b;
        if self.kind.is_none() || self.kind != other.kind || differ(&self.provider, &other.provider) {
            return false;
        }
        match (&self.identity, &other.identity) {
            (Some(one), Some(another)) => one == another,
            _ => self.name.is_some() && self.name == other.name,
        }
    }
}

record! {
    /// Where a provider has its access policies.
    pub AccessControl = "accessControl" Structure [namespace(NAMESPACE)] {
        /// The policies.
        policies: Option<Ref<Collection<AccessPolicy>>> = "policies",
        /// The templates that the provider offers.
        templates: Option<Ref<Collection<AccessPolicyTemplate>>> = "templates",
    }
}

/// The access policies of a resource, by reference or by value; those of a System are for all that belongs to it.
pub const ACCESS_POLICY: Addition<AccessPolicy> =
    Addition::reference(NAMESPACE, "accessPolicy", &[], "The policy that says who may do what with the resource.");

/// The users, groups and roles that a policy is for; without any, it is for everybody.
pub const SUBJECTS: Addition<Identity> =
    Addition::new(NAMESPACE, "subjects", &["AccessPolicy", "AccessPolicyTemplate"], "Whom the policy is for.");

/// Where the entry point of a provider refers to its access policies.
pub const ACCESS_CONTROL: Addition<AccessControl> =
    Addition::new(NAMESPACE, "accessControl", &["CloudEntryPoint"], "The access policies of the provider.");

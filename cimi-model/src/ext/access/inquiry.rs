//! What is asked of a policy.

use std::collections::BTreeMap;

use super::{Subject, action_names, subject};
use crate::meta::Type;
use crate::reflect::{Record, View};
use crate::{DateTime, attributes};

/// What is known of a request besides who makes it and what it is for.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct Circumstances {
    /// What a provider knows of the resource that its attributes do not say, such as the `project_id` of its owner.
    pub target: BTreeMap<String, String>,
    /// What the keys of conditions mean, such as `aws:SourceIp`, each with one or more values.
    pub context: BTreeMap<String, Vec<String>>,
    /// Names of the resource besides its id, such as an ARN.
    pub names: Vec<String>,
    /// The time.
    pub now: Option<DateTime>,
}

static PLAIN: Circumstances =
    Circumstances { target: BTreeMap::new(), context: BTreeMap::new(), names: Vec::new(), now: None };

/// May this subject invoke this operation of this resource?
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Inquiry<'a> {
    /// Who asks.
    pub subject: &'a Subject,
    /// The type of the resource or collection.
    pub record_type: &'static Type,
    /// The resource, if there is one yet.
    pub resource: Option<&'a dyn Record>,
    /// The operation: `read`, a name as in [`Type::operations`], or the URI of an action.
    pub operation: &'a str,
    /// What else is known.
    pub circumstances: &'a Circumstances,
}

impl<'a> Inquiry<'a> {
    /// For an operation on a resource or collection.
    #[must_use]
    pub fn new(subject: &'a Subject, resource: &'a dyn Record, operation: &'a str) -> Self {
        Self { resource: Some(resource), ..Self::of_type(subject, resource.record_type(), operation) }
    }

    /// For an operation on a collection, or on any resource of a type.
    #[must_use]
    pub fn of_type(subject: &'a Subject, record_type: &'static Type, operation: &'a str) -> Self {
        Self { subject, record_type, resource: None, operation, circumstances: &PLAIN }
    }

    /// The same under these circumstances.
    #[must_use]
    pub const fn under(self, circumstances: &'a Circumstances) -> Self {
        Self { circumstances, ..self }
    }

    /// The names of the action in policies, the one of CIMI first: see [`action_names`].
    pub(super) fn actions(&self) -> Vec<String> {
        action_names(self.record_type, self.operation)
    }

    /// The names of the resource.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        let id = self.resource.and_then(|resource| attributes::text(resource, "id"));
        id.into_iter().chain(self.circumstances.names.iter().map(String::as_str))
    }

    /// What `%(name)s` means in rules of roles: what the provider says of the resource, or an attribute of it;
    /// `properties.KEY` is one of its properties.
    pub(super) fn target(&self, name: &str) -> Option<String> {
        if let Some(value) = self.circumstances.target.get(name) {
            return Some(value.clone());
        }
        let resource = self.resource?;
        if let Some(key) = name.strip_prefix("properties.") {
            return property(resource, key);
        }
        match attributes::get(resource, name) {
            View::Text(text) => Some(text.to_owned()),
            View::Integer(value) => Some(value.to_string()),
            View::Boolean(value) => Some(value.to_string()),
            View::Ref(reference) => reference.href().map(|href| href.as_str().to_owned()),
            _ => None,
        }
        .filter(|_| resource.record_type().attribute(name).is_some_and(|attribute| !attribute.secret))
    }

    /// The values of a key of conditions, if the request has it. Case does not count.
    pub(super) fn context(&self, key: &str) -> Option<Vec<String>> {
        let mut given = self.circumstances.context.iter();
        if let Some((_, values)) = given.find(|(known, _)| known.eq_ignore_ascii_case(key)) {
            return Some(values.clone());
        }
        if let Some((kind, name)) = key.split_once('/') {
            return match kind.to_ascii_lowercase().as_str() {
                "aws:principaltag" => self.subject.attributes.get(name).cloned(),
                "aws:resourcetag" => property(self.resource?, name).map(|value| vec![value]),
                _ => None,
            };
        }
        let one = |value: Option<String>| value.map(|value| vec![value]);
        let user = self.subject.user.as_ref();
        match key.to_ascii_lowercase().as_str() {
            "aws:username" => one(user?.name.clone()),
            "aws:userid" => one(self.subject.user_id()),
            "aws:principalarn" => one(user?.identity.as_ref().map(|uri| uri.as_str().to_owned())),
            "aws:principalaccount" => one(self.subject.account.clone()),
            "aws:currenttime" => one(self.circumstances.now.as_ref().map(|now| now.as_str().to_owned())),
            "aws:epochtime" => one(self.circumstances.now.as_ref()?.instant().map(|now| now.timestamp().to_string())),
            "cimi:role" => some(subject::names(&self.subject.roles)),
            "cimi:group" => some(subject::names(&self.subject.groups)),
            "cimi:resource" => one(self.names().next().map(str::to_owned)),
            "cimi:resourcetype" => one(Some(self.record_type.name.to_owned())),
            _ => None,
        }
    }
}

fn some(values: Vec<String>) -> Option<Vec<String>> {
    Some(values).filter(|values| !values.is_empty())
}

fn property(resource: &dyn Record, key: &str) -> Option<String> {
    match attributes::get(resource, "properties") {
        View::Map(map) => map.get(key).map(ToOwned::to_owned),
        _ => None,
    }
}

//! Who may do what: the access policies of resources and of what they belong to (DSP2042 4.3.1).
//!
//! Where there are none, anybody may do anything. There is no identity system behind this provider: the name of a user is
//! followed by the roles, as in `bob+dept1+operator`.

use std::collections::BTreeSet;

use cimi_cadf::http::basic_user;
use cimi_model::ext::access::{ACCESS_POLICY, AccessPolicy, Circumstances, Inquiry, PolicySet, PolicyStore, Subject};
use cimi_model::reflect::Record;
use cimi_model::{Type, Uri};
use cimi_protocol::provider::{Call, Refusal};
use http::request::Parts;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Cloud, ENTRY_POINT};

/// Who asks.
pub(crate) fn subject(head: &Parts) -> Subject {
    let Some(name) = basic_user(&head.headers) else { return Subject::default() };
    let mut parts = name.split('+');
    let user = Subject::user(parts.next().unwrap_or_default());
    parts.fold(user, Subject::with_role)
}

/// Whether a resource has policies.
pub(crate) fn has_policies(record: &dyn Record) -> bool {
    // What cannot be read forbids.
    ACCESS_POLICY.refs(record).map_or(true, |policies| !policies.is_empty())
}

impl PolicyStore for Cloud {
    fn policy(&self, uri: &Uri) -> Option<AccessPolicy> {
        self.store.get_as::<AccessPolicy>(&self.store.path_of(uri)?).cloned()
    }

    /// Nothing is fetched for an answer.
    fn document(&self, _: &Uri) -> Option<String> {
        None
    }
}

impl Cloud {
    /// Refuses a call that the policies deny. Who may not read a resource does not learn that it is there.
    pub(crate) fn permit(&self, path: &str, of: &'static Type, call: &Call) -> Result<(), Refusal> {
        let policies = self.policies(path);
        if policies.is_empty() {
            return Ok(());
        }
        let decide = |operation| policies.decide(&Inquiry::of_type(&self.subject, of, operation));
        if decide("read").is_denied() {
            return Err(Refusal::not_found());
        }
        let decision = decide(call.operation());
        if decision.is_denied() { Err(Refusal::forbidden(decision.to_string())) } else { Ok(()) }
    }

    /// Whether the one who asks may see a resource.
    pub(crate) fn may_see(&self, path: &str) -> bool {
        let policies = self.policies(path);
        let Some(of) = self.type_of(path).filter(|_| !policies.is_empty()) else { return true };
        !policies.decide(&Inquiry::of_type(&self.subject, of, "read")).is_denied()
    }

    /// Takes the operations out of a resource that the policies deny.
    pub(crate) fn restrict(&self, path: &str, record: &mut dyn Record) {
        let policies = self.policies(path);
        if !policies.is_empty() {
            policies.restrict(record, &self.subject, &Circumstances::default());
        }
    }

    /// What tells apart what subjects see, and what policies make of it: empty where there are none.
    pub(crate) fn seen(&self) -> String {
        let latest = self.store.guarded().iter().flat_map(|guarded| self.revisions(guarded)).max();
        let Some(latest) = latest else { return String::new() };
        let names: Vec<&str> = self.subject.identities().filter_map(|known| known.name.as_deref()).collect();
        let plain = utf8_percent_encode(&names.join("+"), NON_ALPHANUMERIC).to_string();
        format!(".{latest}.{plain}")
    }

    /// When a resource and the policies that it refers to were changed.
    fn revisions(&self, path: &str) -> Vec<u64> {
        let record = self.store.get(path);
        let references = record.and_then(|record| ACCESS_POLICY.refs(record).ok()).unwrap_or_default();
        let referred = references.iter().filter_map(|reference| self.store.path_of(reference.href.as_ref()?));
        let paths = referred.chain(std::iter::once(path.to_owned()));
        paths.filter_map(|path| Some(self.store.resource(&path)?.revision)).collect()
    }

    /// The policies of a resource and of what it belongs to.
    fn policies(&self, path: &str) -> PolicySet {
        if self.store.guarded().is_empty() {
            return PolicySet::default();
        }
        let around = self.around(path);
        let guards = around.intersection(self.store.guarded()).filter_map(|guard| self.store.get(guard));
        PolicySet::of(&guards.collect::<Vec<_>>(), self)
    }

    /// The resource and all that it belongs to. All belongs to the entry point.
    fn around(&self, path: &str) -> BTreeSet<String> {
        let mut around = BTreeSet::new();
        let mut open = vec![path.to_owned()];
        while let Some(next) = open.pop() {
            let items = self.items.get(&next).into_iter().flatten();
            let places = items.chain(std::iter::once(&next)).flat_map(|place| self.store.containers(place));
            let outer: Vec<String> = places.cloned().chain(self.owner(&next)).collect();
            if around.insert(next) {
                open.extend(outer);
            }
        }
        around.insert(ENTRY_POINT.to_owned());
        around
    }
}

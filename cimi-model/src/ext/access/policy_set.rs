//! The policies that are in force for a resource, taken together.

use super::truth::Notes;
use super::{
    ACCESS_POLICY, AccessPolicy, Circumstances, Decision, Identity, Inquiry, PolicyContent, PolicyDocument, Reason,
    SUBJECTS, Subject,
};
use crate::reflect::{Record, Slot, View};
use crate::{Operation, Ref, Result, Uri, attributes, printable, template};

/// Where the policies and documents are that resources and policies refer to.
///
/// `()` has none.
pub trait PolicyStore {
    /// The policy with this URI.
    fn policy(&self, uri: &Uri) -> Option<AccessPolicy>;
    /// The text of the document with this URI.
    fn document(&self, uri: &Uri) -> Option<String>;
}

impl PolicyStore for () {
    fn policy(&self, _: &Uri) -> Option<AccessPolicy> {
        None
    }
    fn document(&self, _: &Uri) -> Option<String> {
        None
    }
}

/// The policies that are in force for a resource.
///
/// What one of them forbids may not be done, nor what one might forbid that is not understood; else what one of them
/// grants may be done, and nothing else. Where no policy is in force, that is the answer.
///
/// ```
/// use cimi_model::ext::access::{ACCESS_POLICY, AccessPolicy, PolicySet, Subject};
/// use cimi_model::{Machine, Ref, System};
///
/// let document = r#"{"default": "role:admin", "cimi:Machine:read": "@", "cimi:Machine:stop": "role:dept1"}"#.parse()?;
/// let mut system = System::default();
/// ACCESS_POLICY.set_refs(&mut system, &[Ref::by_value(AccessPolicy::by_value(&document))])?;
/// let mut machine = Machine { id: Some("machines/1".into()), ..Default::default() };
/// for rel in ["edit", "http://schemas.dmtf.org/cimi/2/action/stop"] {
///     machine.operations.push(cimi_model::Operation { rel: Some(rel.into()), ..Default::default() });
/// }
///
/// // A machine of the system.
/// let policies = PolicySet::of(&[&machine, &system], &());
/// let bob = Subject::user("bob").with_role("dept1");
/// assert!(policies.decide_on(&bob, &machine, "stop").is_allowed());
/// policies.restrict(&mut machine, &bob, &Default::default());
/// assert_eq!(machine.operations.len(), 1);
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct PolicySet {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    /// What the policy is called in decisions.
    name: String,
    /// Whom it is for; empty for everybody.
    subjects: Vec<Identity>,
    /// What it says, or why that is not known.
    document: std::result::Result<PolicyDocument, String>,
}

impl PolicySet {
    /// The policies of a resource, and of the Systems and other resources that it belongs to.
    ///
    /// Those that are not enabled are left out. One that cannot be read or is not found forbids, and says why.
    #[must_use]
    pub fn of(resources: &[&dyn Record], store: &dyn PolicyStore) -> Self {
        let mut found = Self::default();
        for resource in resources {
            match ACCESS_POLICY.refs(*resource) {
                Ok(references) => references.iter().for_each(|reference| found.add_reference(reference, store)),
                Err(error) => found.push(Err(error.to_string()), None, Vec::new()),
            }
        }
        found
    }

    fn add_reference(&mut self, reference: &Ref<AccessPolicy>, store: &dyn PolicyStore) {
        match resolved(reference, store) {
            Ok(policy) => self.add(&policy, store),
            Err(reason) => self.push(Err(reason), reference.href.as_ref().map(ToString::to_string), Vec::new()),
        }
    }

    /// Adds a policy, if it is enabled.
    pub fn add(&mut self, policy: &AccessPolicy, store: &dyn PolicyStore) {
        if policy.enabled == Some(false) {
            return;
        }
        let name = policy.id.as_ref().map(ToString::to_string).or_else(|| policy.name.clone());
        match SUBJECTS.all(policy) {
            Ok(subjects) => self.push(document(policy, store), name, subjects),
            Err(error) => self.push(Err(error.to_string()), name, Vec::new()),
        }
    }

    fn push(
        &mut self,
        document: std::result::Result<PolicyDocument, String>,
        name: Option<String>,
        subjects: Vec<Identity>,
    ) {
        let name = name.unwrap_or_else(|| format!("policy {}", self.entries.len()));
        self.entries.push(Entry { name, subjects, document });
    }

    /// Whether no policy is in force.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether the policies allow the operation, and which of them decides.
    #[must_use]
    pub fn decide(&self, inquiry: &Inquiry<'_>) -> Decision {
        let none = if self.is_empty() { Reason::NoPolicy } else { Reason::NotGranted };
        let mut decided = Decision::new(none, None, Notes::default());
        let mut notes = Vec::new();
        for entry in self.entries.iter().filter(|entry| entry.is_for(inquiry.subject)) {
            let mut decision = entry.decide(inquiry);
            let told = decision.notes.drain(..).map(|note| format!("{}: {note}", printable(&entry.name)));
            notes.extend(told);
            let says_more = decision.reason == decided.reason && decided.policy.is_none() && decision.rule.is_some();
            if weight(decision.reason) > weight(decided.reason) || says_more {
                decided = decision;
            }
        }
        decided.notes = notes;
        decided
    }

    /// Whether the policies allow an operation of a resource, without anything else known.
    #[must_use]
    pub fn decide_on(&self, subject: &Subject, resource: &dyn Record, operation: &str) -> Decision {
        self.decide(&Inquiry::new(subject, resource, operation))
    }

    /// Those of the operations that the policies do not deny, for the resource of the inquiry; its operation does not
    /// count. One without `rel` says nothing, and is left out where there are policies.
    #[must_use]
    pub fn permitted(&self, operations: &[Operation], inquiry: &Inquiry<'_>) -> Vec<Operation> {
        let is_permitted = |operation: &&Operation| match &operation.rel {
            Some(rel) => !self.decide(&Inquiry { operation: rel.as_str(), ..*inquiry }).is_denied(),
            None => self.is_empty(),
        };
        operations.iter().filter(is_permitted).cloned().collect()
    }

    /// Takes the operations out of a resource or collection that the policies deny to the subject.
    pub fn restrict(&self, resource: &mut dyn Record, subject: &Subject, circumstances: &Circumstances) {
        let offered: Vec<Operation> = match attributes::list(resource, "operations") {
            Some(list) => (0..list.len()).filter_map(|index| operation(&list.item(index))).collect(),
            None => return,
        };
        let inquiry = Inquiry::new(subject, resource, "").under(circumstances);
        let permitted = self.permitted(&offered, &inquiry);
        if let Some(Slot::List(list)) = attributes::slot(resource, "operations") {
            let mut left = permitted.iter().peekable();
            list.retain(&mut |index| left.next_if(|next| offered.get(index) == Some(next)).is_some());
        }
    }
}

fn operation(view: &View<'_>) -> Option<Operation> {
    match view {
        View::Record(record) => record.as_any().downcast_ref().cloned(),
        _ => None,
    }
}

impl Entry {
    fn is_for(&self, subject: &Subject) -> bool {
        self.subjects.is_empty() || self.subjects.iter().any(|identity| subject.is(identity))
    }

    fn decide(&self, inquiry: &Inquiry<'_>) -> Decision {
        let mut decision = match &self.document {
            Ok(document) => document.decide(inquiry),
            Err(reason) => {
                let mut notes = Notes::default();
                notes.add(|| reason.clone());
                Decision::new(Reason::NotUnderstood, None, notes)
            }
        };
        decision.policy = Some(self.name.clone());
        decision
    }
}

/// Of two policies, the one with the greater weight decides.
fn weight(reason: Reason) -> u8 {
    match reason {
        Reason::NoPolicy => 0,
        Reason::NotGranted => 1,
        Reason::Granted => 2,
        Reason::NotUnderstood => 3,
        Reason::Forbidden => 4,
    }
}

/// The policy of a reference, with what stands beside it in place of its own (4.2.1.1).
pub(super) fn resolved(
    reference: &Ref<AccessPolicy>,
    store: &dyn PolicyStore,
) -> std::result::Result<AccessPolicy, String> {
    let Some(href) = &reference.href else {
        return reference.value.as_deref().cloned().ok_or_else(|| "the reference is empty".to_owned());
    };
    let Some(found) = store.policy(href) else {
        let whole = reference.value.as_deref().filter(|value| value.policy_document.is_some());
        return whole.cloned().ok_or_else(|| format!("there is no policy '{}'", printable(href.as_str())));
    };
    let Some(overrides) = &reference.value else { return Ok(found) };
    let merged: Result<_> = template::merge(&found, &**overrides);
    let merged = merged.map_err(|error| error.to_string())?.into_any().downcast::<AccessPolicy>();
    merged.map(|merged| *merged).map_err(|_| "expected a policy".to_owned())
}

/// The document of a policy, wherever it is.
fn document(policy: &AccessPolicy, store: &dyn PolicyStore) -> std::result::Result<PolicyDocument, String> {
    match policy.content() {
        Ok(Some(PolicyContent::Document(document))) => Ok(document),
        Ok(Some(PolicyContent::Reference(href))) => match store.document(&href) {
            Some(text) => text.parse().map_err(|error: crate::Error| error.to_string()),
            None => Err(format!("there is no document '{}'", printable(href.as_str()))),
        },
        Ok(None) => Err("the policy has no document".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

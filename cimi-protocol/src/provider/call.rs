//! What a request asks for.

use cimi_model::{Action, Document, Map, Uri};

use crate::query::Select;

/// What a request asks for, with its body read and checked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Call {
    /// A representation (4.2.1.2), or with HEAD what goes before it.
    Read,
    /// What is possible: OPTIONS.
    Options,
    /// A new resource (4.2.1.1): a request such as `MachineCreate`, or the resource itself where it is created so, as
    /// templates, configurations and images are. Of a resource, what only the provider sets has been taken out.
    ///
    /// [`Expander`](cimi_model::template::Expander) makes the resources of it.
    Create(Document),
    /// Other values of attributes (4.2.1.3).
    Update(Update),
    /// The end of the resource (4.2.1.4).
    Delete,
    /// An operation on the resource or collection (4.2.1.5).
    Action(ActionRequest),
    /// An existing resource is put into the collection (5.5.12.2).
    Insert(Membership),
    /// A resource is taken out of the collection, and goes on to exist (5.5.12.3).
    Remove(Membership),
}

impl Call {
    /// The operation that the call invokes, as [access policies](cimi_model::ext::access::Inquiry) are asked about it: `read`
    /// also for OPTIONS, `add` for a creation, `edit`, `delete`, `insert`, `remove`, or the name of an action.
    ///
    /// ```
    /// use cimi_model::ext::access::{Inquiry, PolicySet, Subject};
    /// use cimi_protocol::provider::{Call, Refusal, Target};
    ///
    /// fn check(call: &Call, target: &Target<'_>, who: &Subject, policies: &PolicySet) -> Result<(), Refusal> {
    ///     let decision = policies.decide(&Inquiry::of_type(who, target.record_type(), call.operation()));
    ///     if decision.is_denied() { Err(Refusal::forbidden(decision.to_string())) } else { Ok(()) }
    /// }
    /// ```
    #[must_use]
    pub fn operation(&self) -> &str {
        match self {
            Self::Read | Self::Options => "read",
            Self::Create(_) => "add",
            Self::Update(_) => "edit",
            Self::Delete => "delete",
            Self::Action(action) => &action.name,
            Self::Insert(_) => "insert",
            Self::Remove(_) => "remove",
        }
    }
}

/// Other values of attributes (4.2.1.3).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Update {
    /// The representation that was sent; of the type of the resource.
    pub document: Document,
    /// The attributes that `$select` names: only these change (4.2.1.3.1). Without it, all do.
    pub selected: Option<Select>,
}

/// An operation (4.2.1.5).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ActionRequest {
    /// The operation as [`Type::operations`](cimi_model::Type::operations) names it: `start`, or the whole URI of a
    /// provider's own.
    pub name: String,
    /// The parameters.
    pub body: Box<Action>,
    /// For `capture` and `snapshot`, the image that is to be made (5.14.7.1), where it is described.
    pub image: Option<Document>,
}

/// A resource that is put into a collection or taken out of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Membership {
    /// The resource, as the consumer refers to it.
    pub href: Uri,
    /// The new item, where the items of the collection are more than the resources that they refer to: a
    /// `locatedVolume` with its `initialLocation`, or a `SystemMachine` of 1.x.
    pub item: Option<Document>,
    /// Further key-value pairs for the provider.
    pub properties: Map,
}

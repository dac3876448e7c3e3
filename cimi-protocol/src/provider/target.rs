//! What a request is sent to.

use cimi_model::meta::{Role, Type};
use cimi_model::reflect::{Record, View};
use cimi_model::{Operation, attributes, lifecycle, printable};
use http::{HeaderValue, Method};

use super::{ETag, Refusal};

/// What a request is sent to: the resource or collection that the provider has found by the URI.
///
/// It says which operations the consumer may invoke: those that the attribute `operations` of a resource lists, those of
/// the table for a collection, or others that are [given](Self::offering). One that is listed as not
/// [available](Operation::available) is refused with 409, one that is not listed with 405, or with 400 where other
/// requests with the same method are possible.
///
/// ```
/// use cimi_model::reflect::Described;
/// use cimi_model::{Collection, Machine, Operation};
/// use cimi_protocol::provider::{ETag, Target};
///
/// let machines = Target::collection(Collection::<Machine>::TYPE);
/// assert_eq!(machines.allow(), "GET, HEAD, OPTIONS, POST");
///
/// let edit = Operation { rel: Some("edit".into()), href: Some("machines/1".into()), ..Default::default() };
/// let machine = Machine { id: Some("machines/1".into()), operations: vec![edit], ..Default::default() };
/// let etag = ETag::new("7");
/// let target = Target::resource(&machine).with_etag(&etag);
/// assert_eq!(target.allow(), "GET, HEAD, OPTIONS, PUT");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    record_type: &'static Type,
    pub(super) current: Option<&'a dyn Record>,
    offered: Option<&'a [Operation]>,
    pub(super) operation: Option<&'a str>,
    pub(super) etag: Option<&'a ETag>,
}

impl<'a> Target<'a> {
    /// A resource, as it is now, or a collection of which the provider has made the representation.
    #[must_use]
    pub fn resource(record: &'a dyn Record) -> Self {
        let record_type = record.record_type();
        Self { record_type, current: Some(record), offered: None, operation: None, etag: None }
    }

    /// A collection, by its type: `Collection::<Machine>::TYPE`.
    #[must_use]
    pub const fn collection(record_type: &'static Type) -> Self {
        Self { record_type, current: None, offered: None, operation: None, etag: None }
    }

    /// With these operations, whatever the record lists.
    #[must_use]
    pub const fn offering(self, operations: &'a [Operation]) -> Self {
        Self { offered: Some(operations), ..self }
    }

    /// A URI that this operation alone has, given by its `rel` or name: the `href` of `start`, say. A POST to it needs no
    /// body, and a body need not say the action.
    #[must_use]
    pub const fn for_operation(self, rel: &'a str) -> Self {
        Self { operation: Some(rel), ..self }
    }

    /// With the state that `If-Match` is compared with. Without it, a digest of the record is used, if there is one.
    #[must_use]
    pub const fn with_etag(self, etag: &'a ETag) -> Self {
        Self { etag: Some(etag), ..self }
    }

    /// The type of the resource or collection.
    #[must_use]
    pub const fn record_type(&self) -> &'static Type {
        self.record_type
    }

    /// The methods that are possible, as the header `Allow` has them.
    #[must_use]
    pub fn allow(&self) -> &'static str {
        match (self.offers_post(), self.offer("edit").is_some(), self.offer("delete").is_some()) {
            (false, false, false) => "GET, HEAD, OPTIONS",
            (false, false, true) => "GET, HEAD, OPTIONS, DELETE",
            (false, true, false) => "GET, HEAD, OPTIONS, PUT",
            (false, true, true) => "GET, HEAD, OPTIONS, PUT, DELETE",
            (true, false, false) => "GET, HEAD, OPTIONS, POST",
            (true, false, true) => "GET, HEAD, OPTIONS, POST, DELETE",
            (true, true, false) => "GET, HEAD, OPTIONS, POST, PUT",
            (true, true, true) => "GET, HEAD, OPTIONS, POST, PUT, DELETE",
        }
    }

    /// Refuses a method that no operation has.
    pub(super) fn check_method(&self, method: &Method) -> Result<(), Refusal> {
        let offered = match *method {
            Method::GET | Method::HEAD | Method::OPTIONS => return Ok(()),
            Method::PUT => self.offer("edit"),
            Method::DELETE => self.offer("delete"),
            Method::POST => self.offers_post().then_some(true),
            _ => None,
        };
        match offered {
            Some(true) => Ok(()),
            Some(false) => Err(unavailable(if method == Method::PUT { "edit" } else { "delete" })),
            None => Err(Refusal::method_not_allowed(HeaderValue::from_static(self.allow()))),
        }
    }

    /// The name of an operation that a request invokes, if it is offered: it may have the URI of either version, or
    /// another with the same last segment.
    pub(super) fn find(&self, invoked: &str) -> Result<&'a str, Refusal> {
        let exact = lifecycle::name(invoked);
        let last = last_segment(exact);
        let mut found: Option<(u8, &str, bool)> = None;
        self.each(&mut |name, available| {
            let rank = if name == exact { 2 } else { u8::from(last_segment(name) == last) };
            if rank > found.map_or(0, |(rank, ..)| rank) {
                found = Some((rank, name, available));
            }
        });
        match found {
            Some((_, name, true)) => Ok(name),
            Some((_, name, false)) => Err(unavailable(name)),
            // The table may have it for another state, or for other consumers.
            None if self.record_type.operations.contains(&last) => Err(Refusal::conflict(format!(
                "the operation {last} is not possible on this {} now",
                self.record_type.name
            ))),
            None => {
                let name = printable(exact);
                Err(Refusal::bad_request(format!("the {} has no operation '{name}'", self.record_type.name)))
            }
        }
    }

    /// Whether an operation is offered, and if so, whether it is available.
    pub(super) fn offer(&self, wanted: &str) -> Option<bool> {
        let mut found = None;
        self.each(&mut |name, available| {
            if name == wanted {
                found = Some(available);
            }
        });
        found
    }

    fn offers_post(&self) -> bool {
        let mut found = false;
        self.each(&mut |name, _| found |= !matches!(name, "edit" | "delete"));
        found
    }

    fn each(&self, visit: &mut dyn FnMut(&'a str, bool)) {
        let mut one = |operation: &'a Operation| {
            if let Some(rel) = &operation.rel {
                visit(lifecycle::name(rel.as_str()), operation.available != Some(false));
            }
        };
        if let Some(offered) = self.offered {
            offered.iter().for_each(one);
        } else if self.current.is_some() {
            let list = self.current.and_then(|record| attributes::list(record, "operations"));
            let Some(list) = list else { return };
            for index in 0..list.len() {
                if let View::Record(record) = list.item(index)
                    && let Some(operation) = record.as_any().downcast_ref()
                {
                    one(operation);
                }
            }
        } else if self.record_type.role == Role::Collection {
            self.record_type.operations.iter().for_each(|name| visit(name, true));
        }
    }
}

fn unavailable(name: &str) -> Refusal {
    Refusal::conflict(format!("the operation {name} is not available now"))
}

fn last_segment(name: &str) -> &str {
    name.rsplit(['/', '#']).next().unwrap_or(name)
}

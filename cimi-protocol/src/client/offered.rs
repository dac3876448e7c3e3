//! The operations that a resource offers (4.2).

use cimi_model::reflect::{List, Record, View};
use cimi_model::{Any, Extensions, Uri, attributes, lifecycle, printable, printable_within};

use super::Peer;
use crate::{Error, ErrorKind, Result};

/// An operation that a resource offers (4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Offer {
    /// The operation: `add`, `edit`, `delete`, `insert`, `remove` or the URI of an action.
    pub rel: Uri,
    /// Where its requests go.
    pub href: Uri,
    /// Whether it can be performed now.
    pub available: bool,
}

/// The operations that a resource or collection offers, of any type, in their order.
///
/// Entries without `rel` or `href` are left out: nothing can be sent there.
#[must_use]
pub fn offers(record: &dyn Record) -> Vec<Offer> {
    match attributes::get(record, "operations") {
        View::List(list) => (0..list.len()).filter_map(|index| entry(list, index)).collect(),
        _ => untyped(record.extensions()),
    }
}

fn entry(list: &dyn List, index: usize) -> Option<Offer> {
    let View::Record(operation) = list.item(index) else { return None };
    let available = !matches!(attributes::get(operation, "available"), View::Boolean(false));
    let uri = |name: &str| attributes::text(operation, name).map(Uri::from);
    Some(Offer { rel: uri("rel")?, href: uri("href")?, available })
}

/// The operations of a resource whose type nobody has registered: those of JSON, and those of XML in either dialect.
fn untyped(extensions: &Extensions) -> Vec<Offer> {
    let wrapped = extensions.get("operations");
    let found = wrapped.and_then(|operations| operations.get("operation")).or(wrapped);
    match found.or_else(|| extensions.get("operation")) {
        Some(Any::Array(items)) => items.iter().filter_map(untyped_entry).collect(),
        Some(single) => untyped_entry(single).into_iter().collect(),
        None => Vec::new(),
    }
}

fn untyped_entry(value: &Any) -> Option<Offer> {
    let member = |name: &str| value.get(name).or_else(|| value.get(&format!("@{name}")));
    let uri = |name: &str| member(name).and_then(Any::as_str).map(Uri::from);
    let available =
        member("available").is_none_or(|value| *value != Any::Boolean(false) && value.as_str() != Some("false"));
    Some(Offer { rel: uri("rel")?, href: uri("href")?, available })
}

/// The offer of an operation, which is named as the standard does (`start`, `add`) or by its URI.
///
/// A `rel` is recognized in either dialect, and where nothing fits better by its last segment alone: some peers send
/// the bare name of an action, others a URI that ends in `add`.
///
/// # Errors
/// Of kind [`NotOffered`](ErrorKind::NotOffered) when the resource does not list it, and
/// [`NotAvailable`](ErrorKind::NotAvailable) when it says that it cannot be performed now.
pub fn offered(record: &dyn Record, operation: &str) -> Result<Offer> {
    let offers = offers(record);
    let fit = |offer: &Offer| fit(offer.rel.as_str(), operation).map(|fit| (fit, !offer.available));
    let best = offers.iter().filter_map(|offer| Some((fit(offer)?, offer))).min_by_key(|(fit, _)| *fit);
    match best {
        Some((_, offer)) if offer.available => Ok(offer.clone()),
        Some(_) => {
            let reason = format!("the resource offers '{}', but not at present", printable(lifecycle::name(operation)));
            Err(Error::new(ErrorKind::NotAvailable, reason))
        }
        None => Err(Error::new(ErrorKind::NotOffered, not_offered(&offers, operation))),
    }
}

/// How well a `rel` fits an operation; less is better.
fn fit(rel: &str, operation: &str) -> Option<u8> {
    let (rel_name, name) = (lifecycle::name(rel), lifecycle::name(operation));
    match () {
        () if rel == operation => Some(0),
        () if rel_name == name => Some(1),
        // One of the two is a bare word.
        () if last_segment(rel_name) == last_segment(name)
            && (rel_name == last_segment(rel_name) || name == last_segment(name)) =>
        {
            Some(2)
        }
        () => None,
    }
}

fn last_segment(name: &str) -> &str {
    name.rsplit(['/', '#', ':']).next().unwrap_or(name)
}

fn not_offered(offers: &[Offer], operation: &str) -> String {
    let names: Vec<String> = offers.iter().map(|offer| printable(lifecycle::name(offer.rel.as_str()))).collect();
    let wanted = printable(lifecycle::name(operation));
    match names.as_slice() {
        [] => format!("the resource does not offer '{wanted}', nor any other operation"),
        names => format!("the resource does not offer '{wanted}', only {}", printable_within(300, &names.join(", "))),
    }
}

impl Peer {
    /// The absolute URI that requests for an operation of this resource go to.
    ///
    /// # Errors
    /// As [`offered`], and of kind [`Uri`](ErrorKind::Uri) when the URI does not resolve.
    pub fn operation(&self, record: &dyn Record, operation: &str) -> Result<Uri> {
        match offered(record, operation) {
            Ok(offer) => self.resolve(&offer.href),
            Err(error) => match self.assumed(record, operation) {
                Some(own) => self.resolve(&own),
                None => Err(error),
            },
        }
    }

    /// The resource's own URI, where it may be taken to have an operation that it does not list.
    fn assumed(&self, record: &dyn Record, operation: &str) -> Option<Uri> {
        let common = ["add", "edit", "delete"].contains(&lifecycle::name(operation));
        (self.assume_operations && common && offers(record).is_empty()).then(|| own_uri(record)).flatten()
    }
}

/// The self-pointer of a resource: its `id`, or the `href` that some peers send in its place.
pub(super) fn own_uri(record: &dyn Record) -> Option<Uri> {
    let extension = |name: &str| record.extensions().get(name).and_then(Any::as_str);
    let found = attributes::text(record, "id").or_else(|| extension("id")).or_else(|| extension("href"));
    found.filter(|uri| !uri.is_empty()).map(Uri::from)
}

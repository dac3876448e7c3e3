//! Query parameters (4.1.6): parsed from a URI, written to one, and applied to a resource or collection.

mod apply;
mod encoding;
mod expand;
mod kept;
mod loose;
mod names;
mod options;
mod order;
mod parameters;
mod parse;
mod select;
mod sort;

use std::fmt;

use cimi_model::Uri;
use cimi_model::filter::Filter;

pub use encoding::Encoding;
pub use expand::{Expand, Source};
pub use options::QueryOptions;
pub use order::OrderBy;
pub use select::Select;

use parameters::{Writer, query_of};

use crate::Result;

/// The query parameters of a request (DSP0263 4.1.6).
///
/// ```
/// use cimi_protocol::query::{Encoding, OrderBy, Query, Select};
///
/// let query: Query = "$filter=cpu%3E=2&%24select=name&$select=state&$orderby=cpu:desc&$last=10&$format=XML&tenant=7".parse()?;
/// assert_eq!(query.filter, ["cpu>=2".parse()?]);
/// assert_eq!(query.select, Some(Select::of(["name", "state"])));
/// assert_eq!(query.order_by, [OrderBy::descending("cpu")]);
/// assert_eq!((query.first, query.last), (None, Some(10)));
/// assert_eq!(query.format, Some(Encoding::from(cimi_model::Format::Xml)));
/// assert_eq!(query.other, [("tenant".to_owned(), "7".to_owned())]);
/// assert_eq!(query.to_string(), "$filter=cpu%3E%3D2&$select=name,state&$orderby=cpu:desc&$last=10&$format=xml&tenant=7");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// `$filter`: what the items of a collection have to fulfil, all of it (4.1.6.1).
    pub filter: Vec<Filter>,
    /// `$select`: the attributes wanted; all, if it is not given (4.1.6.3).
    pub select: Option<Select>,
    /// `$expand`: the references to be expanded; none, if it is not given (4.1.6.4).
    pub expand: Option<Expand>,
    /// `$orderby`: what the items of a collection are sorted by, the most significant first (4.1.6.6).
    pub order_by: Vec<OrderBy>,
    /// `$first`: the position of the first item wanted, from 1 (4.1.6.2).
    pub first: Option<u64>,
    /// `$last`: the position of the last item wanted (4.1.6.2).
    pub last: Option<u64>,
    /// `$format`: the format of the answer (4.1.6.5).
    pub format: Option<Encoding>,
    /// All other parameters, names and values decoded, in their order: a provider's own, and those that begin with `$`
    /// and that the standard does not define. They mean nothing here (4.1.6).
    pub other: Vec<(String, String)>,
}

impl Query {
    /// The query of a request URI.
    ///
    /// # Errors
    /// As [`parse_with`](Self::parse_with).
    pub fn of(uri: &http::Uri, options: &QueryOptions) -> Result<Self> {
        Self::parse_with(uri.query().unwrap_or_default(), options)
    }

    /// The query of a URI as resources hold it.
    ///
    /// # Errors
    /// As [`parse_with`](Self::parse_with).
    pub fn of_uri(uri: &Uri, options: &QueryOptions) -> Result<Self> {
        Self::parse_with(query_of(uri.as_str()).unwrap_or_default(), options)
    }

    /// The URI with these parameters added to those that it has already, which stay as they are: a provider may hand out
    /// URIs with a query (4.1.6).
    ///
    /// ```
    /// use cimi_protocol::query::{Query, Select};
    ///
    /// let query = Query { select: Some(Select::of(["name"])), ..Query::default() };
    /// let uri = query.append_to(&"http://example.com/machines?id=%31#top".into());
    /// assert_eq!(uri.as_str(), "http://example.com/machines?id=%31&$select=name#top");
    /// ```
    #[must_use]
    pub fn append_to(&self, uri: &Uri) -> Uri {
        let added = self.to_string();
        if added.is_empty() {
            return uri.clone();
        }
        let (text, fragment) = uri.as_str().split_once('#').map_or((uri.as_str(), None), |(a, b)| (a, Some(b)));
        let separator = match text.split_once('?') {
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        let mut whole = format!("{text}{separator}{added}");
        if let Some(fragment) = fragment {
            whole.push('#');
            whole.push_str(fragment);
        }
        whole.into()
    }

    /// The same query for one page of a collection: number `page`, from 1, of pages with `size` items each (4.1.6.2).
    ///
    /// ```
    /// use cimi_protocol::query::Query;
    ///
    /// assert_eq!(Query::default().page(3, 20).to_string(), "$first=41&$last=60");
    /// ```
    #[must_use]
    pub fn page(mut self, page: u64, size: u64) -> Self {
        let before = page.saturating_sub(1).saturating_mul(size);
        self.first = Some(before.saturating_add(1));
        self.last = Some(before.saturating_add(size));
        self
    }
}

impl fmt::Display for Query {
    /// The query string, percent-encoded, without a question mark.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = Writer::new(f);
        // Whoever reads them reads all of them in one grammar.
        let is_standard = self.filter.iter().all(Filter::is_standard);
        for filter in &self.filter {
            let text = if is_standard { filter.to_string() } else { filter.to_extended_string() };
            out.parameter("$filter", &text)?;
        }
        if let Some(select) = self.select.as_ref().filter(|select| select.is_empty()) {
            out.parameter("$select", select)?;
        }
        for list in self.select.iter().flat_map(Select::lists) {
            out.parameter("$select", &list)?;
        }
        if let Some(expand) = self.expand.as_ref().filter(|expand| expand.is_all()) {
            out.parameter("$expand", expand)?;
        }
        for list in self.expand.iter().flat_map(Expand::lists) {
            out.parameter("$expand", &list)?;
        }
        for list in names::lists(&self.order_by) {
            out.parameter("$orderby", &list)?;
        }
        if let Some(first) = self.first {
            out.parameter("$first", &first)?;
        }
        if let Some(last) = self.last {
            out.parameter("$last", &last)?;
        }
        if let Some(format) = &self.format {
            out.parameter("$format", format)?;
        }
        for (name, value) in &self.other {
            out.parameter(name, value)?;
        }
        Ok(())
    }
}

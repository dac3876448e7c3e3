//! How a query is read.

use cimi_model::filter::FilterOptions;

/// How a query string is read: its limits, and the language of filters.
///
/// ```
/// use cimi_protocol::ErrorKind;
/// use cimi_protocol::query::{Query, QueryOptions};
///
/// let mut options = QueryOptions::default();
/// options.names = 2;
/// let error = Query::parse_with("$select=name,state&$expand=disks", &options).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Query);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueryOptions {
    /// The most bytes of a query string, as it stands in the URI.
    pub length: usize,
    /// The most attribute names, and `$filter` parameters, that there may be in all.
    pub names: usize,
    /// How filters are parsed: by default, in the grammar of the standard alone.
    pub filter: FilterOptions,
}

impl Default for QueryOptions {
    /// 256 KiB, which leaves room for filters of thousands of terms, and 1,000 names.
    fn default() -> Self {
        Self { length: 256 << 10, names: 1_000, filter: FilterOptions::default() }
    }
}

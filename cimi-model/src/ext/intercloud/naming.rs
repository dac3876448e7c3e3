//! Which cloud a resource is of.

use crate::Uri;

/// Whether an absolute URI is of the cloud with this `baseURI`: the one begins with the other.
///
/// ```
/// use cimi_model::ext::intercloud::is_of;
///
/// assert!(is_of(&"http://a.example.com/cimi".into(), &"http://a.example.com/cimi/machines/1".into()));
/// assert!(!is_of(&"http://a.example.com/cimi".into(), &"http://a.example.com/cimi2/machines/1".into()));
/// ```
#[must_use]
pub fn is_of(base: &Uri, uri: &Uri) -> bool {
    let base = base.as_str().trim_end_matches('/');
    uri.as_str().strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

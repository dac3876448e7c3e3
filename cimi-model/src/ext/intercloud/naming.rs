//! Names of resources that all clouds understand.

use url::Url;

use crate::{Error, ErrorKind, Result, Uri, printable};

/// The URI of a resource, as a cloud has it in its documents, in a form that means the same everywhere: relative ones are
/// resolved against the `baseURI` of the cloud (DSP0263 4.1.1, 5.12).
///
/// ```
/// use cimi_model::Uri;
/// use cimi_model::ext::intercloud::absolute;
///
/// let base = Uri::from("http://b.example.com/cimi/");
/// assert_eq!(absolute(&base, &"volumes/7".into())?, Uri::from("http://b.example.com/cimi/volumes/7"));
/// assert_eq!(absolute(&base, &"http://a.example.com/v/1".into())?, Uri::from("http://a.example.com/v/1"));
/// # Ok::<(), cimi_model::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Value`] when the base is not an absolute URI, or the two do not make one.
pub fn absolute(base: &Uri, uri: &Uri) -> Result<Uri> {
    if Url::parse(uri.as_str()).is_ok() {
        return Ok(uri.clone());
    }
    let fail = |uri: &Uri, what: &str| Error::new(ErrorKind::Value, format!("'{}' {what}", printable(uri.as_str())));
    let parsed = Url::parse(base.as_str()).map_err(|_| fail(base, "is not an absolute URI"))?;
    let joined = parsed.join(uri.as_str()).map_err(|_| fail(uri, "is not a URI"))?;
    Ok(Uri::from(joined.as_str()))
}

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

//! What the paths of an API lead to.

use crate::Path;

/// A pattern of paths, with what they lead to.
///
/// A segment in braces stands for any one segment, and for all that follow if it begins with `{*`. A slash at the end
/// makes no difference.
///
/// ```
/// use cimi_cadf::http::Route;
///
/// let disks = Route::collection("/machines/{id}/disks", "storage/volume");
/// assert!(disks.matches("/machines/1/disks") && disks.matches("/machines/1/disks/"));
/// assert!(!disks.matches("/machines/1") && !disks.matches("/machines//disks"));
/// assert!(Route::item("/images/{*path}", "data/image").matches("/images/a/b"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers fill in what they know with struct update syntax")]
pub struct Route {
    /// The pattern.
    pub pattern: String,
    /// What is there, of the taxonomy of resources: of a collection, what its items are.
    pub type_uri: Path,
    /// Whether it is a collection: then reading is listing.
    pub is_collection: bool,
    /// The name of what is there.
    pub name: Option<String>,
}

impl Route {
    /// Where a resource is.
    pub fn item(pattern: impl Into<String>, type_uri: impl Into<Path>) -> Self {
        Self { pattern: pattern.into(), type_uri: type_uri.into(), is_collection: false, name: None }
    }

    /// Where a collection is of resources of this type.
    pub fn collection(pattern: impl Into<String>, type_uri: impl Into<Path>) -> Self {
        Self { is_collection: true, ..Self::item(pattern, type_uri) }
    }

    /// Whether a path leads here.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let mut segments = plain(path).split('/');
        for wanted in plain(&self.pattern).split('/') {
            let Some(segment) = segments.next() else { return false };
            let is_any = wanted.starts_with('{') && wanted.ends_with('}');
            if is_any && segment.is_empty() || !is_any && wanted != segment {
                return false;
            }
            if is_any && wanted.starts_with("{*") {
                return true;
            }
        }
        segments.next().is_none()
    }
}

fn plain(path: &str) -> &str {
    path.strip_suffix('/').unwrap_or(path)
}

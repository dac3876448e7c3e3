//! Paths of taxonomies (cadf:Path).

use crate::text::uri_text;

/// A value of a taxonomy: segments between slashes, from the general to the specific (`cadf:Path`).
///
/// It is relative to the taxonomy of the property that it stands in (`storage/volume`), or a URI
/// (`http://schemas.dmtf.org/cloud/audit/1.0/event`). Whoever needs a more specific value appends segments to the
/// most specific one that there is; a reader that does not know it still knows what it is a kind of.
///
/// The text is kept as it came, and case counts.
///
/// ```
/// use cimi_cadf::Path;
///
/// let path = Path::from("compute/machine/virtual");
/// assert!(path.is_a("compute/machine") && path.is_a("compute"));
/// assert!(!path.is_a("compute/mach") && !Path::from("compute").is_a(&path));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(String);

impl Path {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The segments: what stands between slashes, empty where the path begins or ends with one or two meet.
    #[must_use]
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/')
    }

    /// Whether this is that path or extends it by whole segments. Nothing is a kind of the empty path.
    ///
    /// The comparison is that of the texts: a URI is not a kind of a relative path, nor the other way round.
    #[must_use]
    pub fn is_a(&self, kind: impl AsRef<str>) -> bool {
        is_a(&self.0, kind.as_ref())
    }
}

/// [`Path::is_a`] for texts.
pub(crate) fn is_a(path: &str, kind: &str) -> bool {
    let rest = path.strip_prefix(kind).filter(|_| !kind.is_empty());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

uri_text!(Path, "a path of a taxonomy", str::trim);

#[cfg(test)]
mod tests {
    use cimi_model::Scalar;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whole_segments_count() {
        for (path, kind, expected) in [
            ("create", "create", true),
            ("create/post", "create", true),
            ("authenticate/login", "authenticate", true),
            ("a/b/c", "a/b", true),
            ("createfoo", "create", false),
            ("created.user", "create", false),
            ("authenticate/logon", "authenticate/log", false),
            ("create", "create/post", false),
            ("Create", "create", false),
            ("/create", "create", false),
            ("create", "", false),
            ("", "", false),
            ("/v1", "", false),
            ("a/", "a", true),
            ("a/b", "a/", false),
        ] {
            assert_eq!(Path::from(path).is_a(kind), expected, "{path:?} {kind:?}");
        }
        let event = "http://schemas.dmtf.org/cloud/audit/1.0/event";
        assert!(Path::from(format!("{event}/security")).is_a(event));
        assert!(!Path::from(format!("{event}s")).is_a(event));
    }

    #[test]
    fn conforming_texts() {
        for good in
            ["unknown", "service/oss/monitoring", "http://schemas.dmtf.org/cloud/audit/1.0/event", "is.snapshot"]
        {
            assert_eq!(<Path as Scalar>::parse(good), Some(good.into()));
        }
        for odd in ["", "http: //schemas.dmtf.org/cloud/audit/1.0/event", " read", "<action>"] {
            assert_eq!(<Path as Scalar>::parse(odd), None, "{odd:?}");
            assert_eq!(Path::recover(odd), Some(odd.trim().into()));
        }
    }

    proptest! {
        #[test]
        fn is_a_compares_segments(path in "[ab/]{0,6}", kind in "[ab/]{1,4}") {
            let (path, kind) = (Path::from(path), Path::from(kind));
            let segments: Vec<_> = path.segments().collect();
            let prefix: Vec<_> = kind.segments().collect();
            prop_assert_eq!(path.is_a(&kind), segments.starts_with(&prefix));
        }

        #[test]
        fn is_a_is_an_order(a in "[ab/]{1,6}", more in "(/[ab]){0,3}", most in "(/[ab]){0,3}") {
            let (b, c) = (format!("{a}{more}"), format!("{a}{more}{most}"));
            prop_assert!(Path::from(a.as_str()).is_a(&a));
            prop_assert!(Path::from(c.as_str()).is_a(&b) && Path::from(b.as_str()).is_a(&a) && Path::from(c).is_a(&a));
            prop_assert_eq!(Path::from(a.as_str()).is_a(&b), a == b);
        }

        #[test]
        fn conforming_texts_are_kept(text in any::<String>()) {
            if let Some(path) = <Path as Scalar>::parse(&text) {
                prop_assert_eq!(path.as_str(), text);
            }
        }
    }
}

//! Tags (cadf:Tag).

use crate::text::uri_text;

/// A label: `[//namespace/]name[?value=value]` (`cadf:Tag`).
///
/// ```
/// use cimi_cadf::Tag;
///
/// let tag = Tag::from("//GRC20.gov/cloud/security/pci-dss?value=enabled");
/// assert_eq!(tag.namespace(), Some("GRC20.gov/cloud/security"));
/// assert_eq!((tag.name(), tag.value()), ("pci-dss", Some("enabled")));
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag(String);

impl Tag {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The namespace: what stands between the two slashes at the beginning and the last one before the value.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        namespace(&self.0)
    }

    /// The name, without namespace and value.
    #[must_use]
    pub fn name(&self) -> &str {
        name(&self.0)
    }

    /// The value, as it is written.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        value(&self.0)
    }

    /// Whether this tag has the namespace, the name and the value that a pattern has. What the pattern leaves out, an
    /// empty name too, may be anything; a pattern without any of them fits no tag.
    ///
    /// ```
    /// use cimi_cadf::Tag;
    ///
    /// let tag = Tag::from("//GRC20.gov/cloud/security/pci-dss?value=enabled");
    /// for pattern in ["pci-dss", "//GRC20.gov/cloud/security/", "pci-dss?value=enabled", "?value=enabled"] {
    ///     assert!(tag.fits(pattern));
    /// }
    /// assert!(!tag.fits("pci-dss?value=disabled") && !tag.fits("pci"));
    /// ```
    #[must_use]
    pub fn fits(&self, pattern: impl AsRef<str>) -> bool {
        fits(&self.0, pattern.as_ref())
    }
}

fn label(tag: &str) -> &str {
    tag.split_once('?').map_or(tag, |(label, _)| label)
}

fn namespace(tag: &str) -> Option<&str> {
    label(tag).strip_prefix("//")?.rsplit_once('/').map(|(namespace, _)| namespace)
}

fn name(tag: &str) -> &str {
    let label = label(tag);
    match label.strip_prefix("//") {
        Some(rest) => rest.rsplit_once('/').map_or(rest, |(_, name)| name),
        None => label,
    }
}

fn value(tag: &str) -> Option<&str> {
    tag.split_once("?value=").map(|(_, value)| value)
}

/// [`Tag::fits`] for texts.
pub(crate) fn fits(tag: &str, pattern: &str) -> bool {
    let wanted = (namespace(pattern), Some(name(pattern)).filter(|name| !name.is_empty()), value(pattern));
    wanted != (None, None, None)
        && wanted.0.is_none_or(|wanted| namespace(tag) == Some(wanted))
        && wanted.1.is_none_or(|wanted| name(tag) == wanted)
        && wanted.2.is_none_or(|wanted| value(tag) == Some(wanted))
}

// Blanks around one among others could not be kept beside it.
uri_text!(Tag, "a tag", |text| text);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        for (text, namespace, name, value) in [
            ("pci-dss", None, "pci-dss", None),
            ("correlation_id?value=56cd", None, "correlation_id", Some("56cd")),
            ("//a.org/x/y?value=", Some("a.org/x"), "y", Some("")),
            ("//alone", None, "alone", None),
            ("a/b", None, "a/b", None),
            ("a?other", None, "a", None),
            ("//n/a?value=b/c?value=d", Some("n"), "a", Some("b/c?value=d")),
            ("", None, "", None),
        ] {
            let tag = Tag::from(text);
            assert_eq!((tag.namespace(), tag.name(), tag.value()), (namespace, name, value), "{text}");
            assert_eq!(tag.fits(text), !text.is_empty(), "{text}");
        }
    }

    #[test]
    fn patterns() {
        for (tag, pattern, expected) in [
            ("//a.org/x/y?value=z", "//a.org/x/y?value=z", true),
            ("//a.org/x/y?value=z", "//a.org/x/y", true),
            ("//a.org/x/y?value=z", "//a.org/x/", true),
            ("//a.org/x/y?value=z", "//a.org/x/?value=z", true),
            ("//a.org/x/y?value=z", "//a.org/", false),
            ("//a.org/x/y?value=z", "//a.org/x", false),
            ("//a.org/x/y?value=z", "y", true),
            ("//a.org/x/y?value=z", "x/y", false),
            ("//a.org/x/y?value=z", "y?value=", false),
            ("y", "y?value=z", false),
            ("y", "//a.org/x/y", false),
            ("y", "", false),
            ("y", "?", false),
        ] {
            assert_eq!(Tag::from(tag).fits(pattern), expected, "{tag} {pattern}");
        }
    }
}

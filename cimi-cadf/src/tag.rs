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
        self.label().strip_prefix("//")?.rsplit_once('/').map(|(namespace, _)| namespace)
    }

    /// The name, without namespace and value.
    #[must_use]
    pub fn name(&self) -> &str {
        let label = self.label();
        match label.strip_prefix("//") {
            Some(rest) => rest.rsplit_once('/').map_or(rest, |(_, name)| name),
            None => label,
        }
    }

    /// The value, as it is written.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.0.split_once("?value=").map(|(_, value)| value)
    }

    fn label(&self) -> &str {
        self.0.split_once('?').map_or(&self.0, |(label, _)| label)
    }
}

uri_text!(Tag, "a tag");

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
        }
    }
}

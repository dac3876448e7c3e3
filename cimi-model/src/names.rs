//! What names are, and names that follow from others.

use crate::AnyResource;
use crate::reflect::Described;

/// Whether a name is an identifier (5.2), which XML can write as well.
pub(crate) const fn is_identifier(name: &str) -> bool {
    let mut rest = name.as_bytes();
    if let [] | [b'0'..=b'9', ..] = rest {
        return false;
    }
    while let [first, others @ ..] = rest {
        if !first.is_ascii_alphanumeric() && *first != b'_' {
            return false;
        }
        rest = others;
    }
    true
}

/// The same for a name that need not be there.
pub(crate) const fn is_none_or_identifier(name: Option<&str>) -> bool {
    match name {
        Some(name) => is_identifier(name),
        None => true,
    }
}

/// Whether every resource has an attribute of this name (5.7.1).
pub(crate) fn is_common(name: &str) -> bool {
    // What is said of any resource may be said of a collection.
    name != "count" && AnyResource::TYPE.find_exact(name, 0).is_some()
}

/// `networkInterface` of `NetworkInterface`.
pub(crate) fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// `Disk` of `disk`.
pub(crate) fn upper_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The URI `…/MachineCreate` of `…/machineCreate`, as some peers write it; nothing for one that does not begin so.
pub(crate) fn spelled_low(uri: &str) -> Option<String> {
    let (namespace, name) = uri.rsplit_once('/')?;
    name.starts_with(|first: char| first.is_ascii_lowercase()).then(|| format!("{namespace}/{}", upper_first(name)))
}

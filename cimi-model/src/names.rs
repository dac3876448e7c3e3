//! What names are, and names that follow from others.

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

/// `networkInterface` of `NetworkInterface`.
pub(crate) fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// `Disk` of `disk`.
#[cfg(feature = "schema")]
pub(crate) fn upper_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

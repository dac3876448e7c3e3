//! Names made from the names of types and attributes.

use crate::names::lower_first;

/// `networkInterfaces` of `NetworkInterface`.
pub(super) fn plural(name: &str) -> String {
    let mut name = lower_first(name);
    let consonant = |c: char| !"aeiou".contains(c);
    if name.ends_with('y') && name.chars().rev().nth(1).is_some_and(consonant) {
        name.pop();
        name.push_str("ies");
    } else if name.ends_with('s') && !name.ends_with("ss") || name.ends_with("data") {
        // A plural already, for example `meters`.
    } else if name.ends_with("ss") || name.ends_with('x') || name.ends_with("ch") {
        name.push_str("es");
    } else {
        name.push('s');
    }
    name
}

/// `status message` of `statusMessage`.
pub(super) fn words(name: &str) -> String {
    split(name, ' ')
}

/// `network-interface` of `NetworkInterface`.
pub(super) fn kebab(name: &str) -> String {
    split(name, '-')
}

fn split(name: &str, separator: char) -> String {
    let mut out = String::new();
    let mut after_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && after_lower {
            out.push(separator);
        }
        after_lower = !c.is_uppercase();
        out.extend(c.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(plural("NetworkInterface"), "networkInterfaces");
        assert_eq!(plural("Address"), "addresses");
        assert_eq!(plural("policy"), "policies");
        assert_eq!(plural("Key"), "keys");
        assert_eq!(plural("meters"), "meters");
        assert_eq!(plural("ResourceMetadata"), "resourceMetadata");
        assert_eq!(plural(""), "s");
        assert_eq!(words("timeOfStatusChange"), "time of status change");
        assert_eq!(kebab("OVFPackage"), "ovfpackage");
        assert_eq!(kebab("VolumeImage"), "volume-image");
    }
}

//! Descriptions.

use super::node::Node;
use crate::Dialect;
use crate::meta::{Attribute, Kind, Type};

/// A declaration with what is said of the attribute.
pub(super) fn described(declaration: Node, attribute: &Attribute) -> Node {
    let text = plain(attribute.doc);
    let unit = attribute.unit.filter(|unit| !text.contains(unit)).map(|unit| format!("Unit: {unit}."));
    let values = match attribute.kind {
        Kind::Enumeration(values) if !attribute.closed => Some(format!("Values: {}, or another.", values.join(", "))),
        _ => None,
    };
    let parts: Vec<String> = [text].into_iter().chain(unit).chain(values).collect();
    declaration.documented(parts.join(" "))
}

/// What is said of a type.
pub(super) fn of_type(described: &Type, dialect: Dialect) -> String {
    let text = plain(described.doc);
    let clause = described.clause;
    let clause = Some(clause).filter(|clause| !text.contains(clause)).map(|clause| format!("Clause {clause}."));
    let rows: Vec<_> = described.attributes.iter().map(|attribute| attribute.name_in(dialect)).collect();
    let open = described.any.then(|| format!("The standard names {}.", rows.join(", ")));
    let parts: Vec<String> = [text].into_iter().chain(clause).chain(open).collect();
    parts.join(" ")
}

/// A description without line ends, tables and the other marks of Rust's documentation.
fn plain(text: &str) -> String {
    let (before, after) = match (text.split_once('|'), text.rsplit_once('|')) {
        (Some((before, _)), Some((_, after))) => (before, after),
        _ => (text, ""),
    };
    let text = without_links(&format!("{before} {after}")).replace('`', "");
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// The text with `name` in place of `[name]` and `[name](target)`.
fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, (label, after))) =
        rest.split_once('[').and_then(|(before, after)| Some((before, after.split_once(']')?)))
    {
        out.push_str(before);
        out.push_str(if label.is_empty() { "[]" } else { label });
        rest = after.strip_prefix('(').and_then(|target| target.split_once(')')).map_or(after, |(_, after)| after);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn marks_are_left_out() {
        assert_eq!(
            plain(" The [`Machine`](super::Machine)s, an\n array of `ref[]`; see [aspect]. "),
            "The Machines, an array of ref[]; see aspect."
        );
        assert_eq!(plain(" By type: | a | b | |---|---| | c | d | And more."), "By type: And more.");
        assert_eq!(plain("open [ only"), "open [ only");
    }
}

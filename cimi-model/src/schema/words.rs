//! Facts of the tables in words, the same wherever people read them.

use crate::meta::{Attribute, Constraints, Kind, Lifecycle, Transition, Type};

/// Who always sends an attribute (5.3).
pub(super) fn mandatory(constraints: Constraints) -> &'static str {
    match (constraints.provider_mandatory, constraints.consumer_mandatory) {
        (true, true) => "mandatory for both",
        (true, false) => "provider mandatory",
        (false, true) => "consumer mandatory",
        (false, false) => "optional",
    }
}

/// Whether and by whom a value is changed after creation (5.3).
pub(super) fn changes(constraints: Constraints) -> &'static [&'static str] {
    match (constraints.mutable, constraints.consumer_writable) {
        (true, true) => &["writable"],
        (true, false) => &["read-only"],
        (false, false) => &["immutable"],
        (false, true) => &["immutable", "writable"],
    }
}

/// The range of an attribute.
pub(super) fn range(attribute: &Attribute) -> Option<String> {
    attribute.range.map(|range| match range {
        (least, i64::MAX) => format!("from {least}"),
        (i64::MIN, most) => format!("up to {most}"),
        (least, most) => format!("{least} to {most}"),
    })
}

/// The values that an enumeration names; of an array, those of its items.
pub(super) fn values(kind: Kind) -> Option<&'static [&'static str]> {
    match kind {
        Kind::Enumeration(known) => Some(known),
        Kind::Array(item) => values(*item),
        _ => None,
    }
}

/// Whether an enumeration has other values.
pub(super) fn openness(attribute: &Attribute) -> &'static str {
    if attribute.closed { "no other values" } else { "other values may occur" }
}

/// The name of a kind in the standard; what refers to a type gets that said by `link`.
pub(super) fn kind(kind: Kind, link: &dyn Fn(&'static Type) -> String) -> String {
    match kind {
        Kind::Ref(target) => format!("ref to {}", link(target())),
        Kind::Structure(target) => format!("structure {}", link(target())),
        Kind::Array(item) => format!("array of {}", self::kind(*item, link)),
        kind => kind.name().to_owned(),
    }
}

/// Where a type is defined: a clause of DSP0263, or another document by its name.
pub(super) fn clause(record_type: &Type) -> Option<String> {
    match record_type.clause {
        "" => None,
        clause if record_type.namespace.is_none() && clause.starts_with(|c: char| c.is_ascii_digit()) => {
            Some(format!("DSP0263 {clause}"))
        }
        other => Some(other.to_owned()),
    }
}

/// What a reader has to know of states beside the actions: code is between backticks.
pub(super) fn facts(lifecycle: &Lifecycle) -> Vec<String> {
    let mut facts = Vec::new();
    if lifecycle.derived {
        let initial = lifecycle
            .initial
            .map_or_else(String::new, |state| format!(", or `{state}` where there are none or theirs differ"));
        facts.push(format!("The state is the one that all components have{initial}."));
    } else if let Some(state) = lifecycle.initial {
        facts.push(format!("A new resource is brought into `{state}` where nothing else is asked for."));
    }
    for (from, to) in lifecycle.changes {
        facts.push(format!("From `{from}` it comes to {} by itself.", codes(to, " or ")));
    }
    if !lifecycle.reaches.is_empty() {
        let whose = if lifecycle.passes_on { "Actions that come from the resource above" } else { "The actions" };
        facts.push(format!("{whose} reach the components in {} as well.", codes(lifecycle.reaches, ", ")));
    }
    facts
}

/// The states that an action goes through.
pub(super) fn through(transition: &Transition) -> String {
    let Some(via) = transition.via else { return "–".to_owned() };
    let then = transition.then.map_or_else(String::new, |state| format!(", then `{state}`"));
    let optional = if transition.optional { ", where other actions are refused meanwhile" } else { "" };
    format!("`{via}`{then}{optional}")
}

/// The state after an action.
pub(super) fn to(transition: &Transition) -> String {
    let unchanged = if transition.action == "delete" { "gone" } else { "the state before" };
    let to = transition.to.map_or_else(|| unchanged.to_owned(), |state| format!("`{state}`"));
    if transition.chosen { format!("{to}, or as the request says") } else { to }
}

/// What an action depends on beside the state.
pub(super) fn conditions(transition: &Transition) -> Vec<String> {
    let mut conditions = Vec::new();
    if transition.forced {
        conditions.push("not with `force` set to false".to_owned());
    }
    conditions.extend(transition.capability.map(|name| format!("with the capability `{name}`")));
    let others = |name| format!("of images other than snapshots with the capability `{name}`");
    conditions.extend(transition.other_images.map(others));
    conditions.extend(transition.needs.map(|operation| format!("where `{operation}` is supported")));
    conditions
}

fn codes(names: &[&str], between: &str) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(between)
}

/// A description without line ends, tables and the other marks of Rust's documentation.
pub(super) fn plain(text: &str) -> String {
    without_links(&without_table(text)).replace('`', "")
}

/// A description on one line and without its table: macros put its lines together.
pub(super) fn without_table(text: &str) -> String {
    let (before, after) = match (text.split_once('|'), text.rsplit_once('|')) {
        (Some((before, _)), Some((_, after))) => (before, after),
        _ => (text, ""),
    };
    before.split_whitespace().chain(after.split_whitespace()).collect::<Vec<_>>().join(" ")
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

//! What people read: summaries, and what actions do.

use cimi_model::meta::{Transition, Type};

use super::names::{item, type_name};
use super::{Api, Path};

/// A sentence about an operation: `Read a Machine`.
pub(super) fn summary(verb: &str, api: &Api, path: &Path) -> String {
    let one = type_name(api, item(path.record_type));
    let target = match (path.record_type.members.is_some(), path.template.contains('{')) {
        (true, _) => format!("the collection of {one} resources"),
        (false, true) => format!("{} {one}", article(&one)),
        (false, false) => format!("the {one}"),
    };
    match verb {
        "Create" => format!("Create {} {one}", article(&one)),
        "Operate" => format!("Invoke an operation on {target}"),
        verb => format!("{verb} {target}"),
    }
}

fn article(name: &str) -> &'static str {
    if name.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" }
}

/// A list of actions and of what they do to the state.
pub(super) fn actions(record_type: &Type, actions: &[&str]) -> String {
    let transitions = record_type.lifecycle.map_or(&[][..], |lifecycle| lifecycle.transitions);
    let line = |action: &str| {
        let of_this = transitions.iter().filter(|transition| transition.action == action);
        let effects: Vec<String> = of_this.map(effect).collect();
        if effects.is_empty() { format!("- `{action}`") } else { format!("- `{action}`: {}", effects.join("; ")) }
    };
    actions.iter().copied().map(line).collect::<Vec<_>>().join("\n")
}

/// From where to where a transition leads.
fn effect(transition: &Transition) -> String {
    let from = transition.from.join(", ");
    let through: Vec<&str> = transition.via.into_iter().chain(transition.then).collect();
    let through = match through.as_slice() {
        [] => String::new(),
        _ if transition.optional => String::new(),
        states => format!(" through {}", states.join(" and ")),
    };
    let chosen = if transition.chosen { ", or as the request says" } else { "" };
    let to = transition.to.map_or_else(String::new, |to| format!(" to {to}{chosen}"));
    format!("from {from}{through}{to}")
}

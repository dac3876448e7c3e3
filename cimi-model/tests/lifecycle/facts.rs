//! The operations, actions and states of the standard, as the fact tables list them, against those of the model, in
//! both directions.

use std::collections::BTreeSet;

use cimi_model::lifecycle::Rules;
use cimi_model::meta::{Role, Transition};
use cimi_model::{Registry, Type};

use super::support::facts::{self, Row};

/// What the tables of the standard leave open, by type and action: the states from which the model has the action
/// possible, and why.
const FROM: &[(&str, &str, &[&str], &str)] = &[
    ("Machine", "stop", &["STARTED", "STOPPING", "PAUSED", "SUSPENDED", "ERROR", "FAILED"], "what is not off can be"),
    ("Machine", "pause", &["STARTED"], "only what runs can be held"),
    ("Machine", "suspend", &["STARTED"], "only what runs can be put away"),
    ("Machine", "capture", &["STARTED", "STOPPED", "PAUSED", "SUSPENDED"], "nothing is on the move"),
    ("Machine", "snapshot", &["STARTED", "STOPPED", "PAUSED", "SUSPENDED"], "nothing is on the move"),
    (
        "Machine",
        "restore",
        &["STARTED", "STOPPED", "PAUSED", "SUSPENDED", "ERROR", "FAILED"],
        "what it was does not matter; FAILED calls for a recovery (table 16)",
    ),
    ("Machine", "connectvolume", &["STARTED", "STOPPED", "PAUSED"], "a suspended one resumes with what it had"),
    ("System", "start", &["STOPPED", "PAUSED", "SUSPENDED", "MIXED", "ERROR"], "where a Machine may be able to"),
    (
        "System",
        "stop",
        &["STARTED", "STOPPING", "PAUSED", "SUSPENDED", "MIXED", "ERROR"],
        "where a Machine may be able to",
    ),
    ("System", "restart", &["STARTED", "STOPPED", "MIXED", "ERROR"], "where a Machine may be able to"),
    ("System", "pause", &["STARTED", "MIXED", "ERROR"], "where a Machine may be able to"),
    ("System", "suspend", &["STARTED", "MIXED", "ERROR"], "where a Machine may be able to"),
    ("System", "export", &["STARTED", "STOPPED", "PAUSED", "SUSPENDED", "MIXED", "ERROR"], "nothing is on the move"),
    ("Volume", "snapshot", &["AVAILABLE"], "its content must be sound"),
    ("Volume", "restore", &["AVAILABLE", "ERROR"], "what it held does not matter"),
    ("Network", "start", &["STOPPED"], "the opposite of stop"),
    ("Network", "stop", &["STARTED", "ERROR"], "the way out of an error"),
    ("ProtocolSegment", "start", &["STOPPED"], "the opposite of stop"),
    ("ProtocolSegment", "stop", &["STARTED", "ERROR"], "the way out of an error"),
    ("NetworkService", "start", &["STOPPED"], "the opposite of stop"),
    ("NetworkService", "stop", &["STARTED", "ERROR"], "the way out of an error"),
    ("ProtocolEndpoint", "enable", &["DISABLED"], "the opposite of disable"),
    ("ProtocolEndpoint", "disable", &["ENABLED", "ERROR"], "the way out of an error"),
    ("NetworkInterface", "enable", &["DISABLED"], "the opposite of disable"),
    ("NetworkInterface", "disable", &["ENABLED", "ERROR"], "the way out of an error"),
    ("Job", "stop", &["QUEUED", "RUNNING"], "what has not begun can be stopped as well"),
];

/// Types whose operations the standard does not list, and what the model has them be like.
const NOT_STATED: &[(&str, &[&str], &str)] = &[
    ("Disk", &["edit", "delete"], "as other resources"),
    ("Sample", &["edit", "delete"], "as Events, which a provider makes too"),
    ("MeterTemplate", &["edit", "delete"], "as other templates"),
    ("EventLogTemplate", &["edit", "delete"], "as other templates"),
    ("locatedVolume", &["edit", "delete"], "as the Volume that it is"),
    ("RecoverableMachine", &["edit", "delete"], "changed through the service; the Machine has its own operations"),
    ("SampleCollection", &[], "only the provider makes Samples"),
    ("EventCollection", &[], "only the provider makes Events"),
    ("EventLogCollection", &["add"], "an EventLogCreate exists"),
];

/// Types of 1.1, of which no list of operations is at hand: `edit` and `delete`, and what their successors have.
const ONLY_V1: &[(&str, &[&str])] = &[("NetworkPort", &["edit", "delete", "start", "stop"])];

fn rows(table: &str) -> Vec<Row> {
    facts::rows(table, table).unwrap_or_default()
}

fn find(name: &str) -> &'static Type {
    Registry::standard().by_name(name).unwrap_or_else(|| panic!("no type {name}")).record_type
}

/// The type of a row, without the variant that it is about.
fn plain(resource: &str) -> &str {
    resource.split('/').next().unwrap_or(resource)
}

/// The type and name of the actions of a row: none for those of any type.
fn action(row: &Row) -> Option<(&'static Type, &str)> {
    let uri = row["action_uri"].strip_prefix("http://schemas.dmtf.org/cimi/2/action/")?;
    (!row["resource"].starts_with("any ")).then(|| (find(plain(&row["resource"])), uri))
}

fn transitions(found: &Type, action: &str) -> Vec<Transition> {
    let all = found.lifecycle.map_or(&[][..], |lifecycle| lifecycle.transitions);
    all.iter().filter(|row| row.action == action).copied().collect()
}

#[test]
fn each_action_of_the_standard_is_in_the_model() {
    for row in rows("cimi-2.0-actions.tsv") {
        let Some((found, name)) = action(&row) else { continue };
        assert!(found.operations.contains(&name), "{} has no {name}", found.name);
        let table = transitions(found, name);
        let about = format!("{} {name}", found.name);
        check_via(&table, &row["transitional_state"], &about);
        check_to(&table, &row["final_state"], &about);
        check_from(found, name, &row["from_states"], &about);
    }
}

fn check_via(table: &[Transition], stated: &str, about: &str) {
    let via: BTreeSet<_> = table.iter().filter_map(|row| row.via).collect();
    let optional = table.iter().any(|row| row.optional);
    match stated {
        "none" | "not stated" => assert!(via.is_empty(), "{about}: via {via:?}"),
        "STOPPING or STARTING, by initial state" => {
            assert_eq!(via, BTreeSet::from(["STOPPING", "STARTING"]), "{about}");
        }
        "CAPTURING if operations are refused meanwhile" => {
            assert_eq!((via, optional), (BTreeSet::from(["CAPTURING"]), true), "{about}");
        }
        // The states that are shared when all Machines take part.
        "per component Machine" => assert!(!via.is_empty() && !optional, "{about}"),
        state => assert_eq!((via, optional), (BTreeSet::from([state]), false), "{about}"),
    }
}

fn check_to(table: &[Transition], stated: &str, about: &str) {
    let to: BTreeSet<_> = table.iter().map(|row| row.to).collect();
    match stated {
        "not stated" | "not stated (returns to former state, inferred)" => {
            assert!(to.iter().all(Option::is_none), "{about}: to {to:?}");
        }
        stated if stated.starts_with("no state attribute") => assert!(table.is_empty(), "{about}"),
        stated if stated.starts_with("state specified") => assert!(table.iter().all(|row| row.chosen), "{about}"),
        stated if stated.starts_with("MIXED or") => {
            let machine = transitions(find("Machine"), table[0].action);
            assert_eq!(to, machine.iter().map(|row| row.to).collect(), "{about}");
        }
        stated => {
            let state = stated.split(' ').next();
            assert_eq!(to, BTreeSet::from([state]), "{about}");
            assert!(table.iter().all(|row| !row.chosen), "{about}");
        }
    }
}

fn check_from(found: &'static Type, name: &str, stated: &str, about: &str) {
    let rules = Rules::of(found);
    let from: BTreeSet<&str> = rules.from_states(name).into_iter().collect();
    let upper = |text: &str| text.len() > 2 && text.chars().all(char::is_uppercase);
    let named: BTreeSet<&str> = stated.split(|c: char| !c.is_alphabetic()).filter(|word| upper(word)).collect();
    let decided = FROM.iter().find(|(of, action, _, _)| *of == found.name && *action == name);
    if found.lifecycle.is_none() {
        assert!(decided.is_none() && from.is_empty(), "{about}");
    } else if stated.starts_with("not stated") || stated.starts_with("any") {
        let (_, _, open, _) = decided.unwrap_or_else(|| panic!("{about}: nothing is decided"));
        assert_eq!(from, open.iter().copied().collect(), "{about}");
        assert!(from.is_superset(&named), "{about}");
    } else {
        assert_eq!(from, named, "{about}");
        assert!(decided.is_none(), "{about}: the standard says it");
    }
}

#[test]
fn what_was_decided_is_what_the_model_does() {
    for (of, action, states, _) in FROM {
        let rules = Rules::of(find(of));
        assert_eq!(rules.from_states(action).into_iter().collect::<BTreeSet<_>>(), states.iter().copied().collect());
        for state in rules.states() {
            let possible = rules.apply(state.name, action).is_ok();
            assert_eq!(possible, states.contains(&state.name), "{of} {action} {}", state.name);
        }
    }
}

#[test]
fn each_action_of_the_model_is_in_the_standard() {
    let facts = rows("cimi-2.0-actions.tsv");
    if facts.is_empty() {
        return;
    }
    let stated: BTreeSet<(&str, &str)> = facts.iter().filter_map(action).map(|(of, name)| (of.name, name)).collect();
    let common = ["add", "edit", "delete", "insert", "remove"];
    for entry in &Registry::standard() {
        let found = entry.record_type;
        if ONLY_V1.iter().any(|(name, _)| *name == found.name) {
            continue;
        }
        for operation in found.operations.iter().filter(|operation| !common.contains(operation)) {
            assert!(stated.contains(&(found.name, operation)), "{} {operation}", found.name);
        }
    }
    for (of, action, _, why) in FROM {
        assert!(stated.contains(&(of, action)) && !why.is_empty(), "{of} {action}");
    }
    let constants: BTreeSet<&str> = cimi_model::lifecycle::action::ALL.iter().copied().collect();
    let uris = facts.iter().map(|row| row["action_uri"].as_str()).filter(|uri| uri.starts_with("http"));
    assert_eq!(constants, uris.collect());
}

#[test]
fn the_variants_of_services_have_the_actions_that_are_stated_for_them() {
    let service = find("SystemService");
    let mut stated: BTreeSet<(String, String)> = BTreeSet::new();
    for row in rows("cimi-2.0-actions.tsv") {
        if let (Some((_, variant)), Some((_, name))) = (row["resource"].split_once('/'), action(&row)) {
            stated.insert((variant.to_lowercase(), name.to_owned()));
        }
    }
    let model = service.operations_if.iter().flat_map(|some| {
        let variant = some.begins.rsplit('/').next().unwrap_or_default();
        some.operations.iter().map(move |operation| (variant.to_owned(), (*operation).to_owned()))
    });
    assert!(stated.is_empty() || stated == model.collect(), "{stated:?}");
}

#[test]
fn each_type_has_the_operations_that_its_clause_lists() {
    let facts = rows("cimi-2.0-resources.tsv");
    if facts.is_empty() {
        return;
    }
    let mut listed: BTreeSet<&str> = BTreeSet::new();
    for row in &facts {
        let name = plain(&row["resource"]);
        let skipped = ["structure"].contains(&row["kind"].as_str()) || name == "Collection";
        if skipped || row["resource"].contains('/') {
            continue;
        }
        let found = find(name);
        listed.insert(found.name);
        let mut stated: BTreeSet<&str> = row["operations"].split(',').map(operation).collect();
        if name == "SystemService" {
            let variants = facts.iter().filter(|row| row["resource"].starts_with("SystemService/"));
            stated
                .extend(variants.flat_map(|row| row["operations"].split(',').map(operation)).filter(|o| *o != "read"));
        }
        stated.retain(|operation| !["read", "-"].contains(operation));
        let decided = NOT_STATED.iter().find(|(of, _, _)| *of == name);
        if let Some((_, operations, why)) = decided {
            assert!(["-", "not stated"].contains(&row["operations"].as_str()) && !why.is_empty(), "{name} is stated");
            stated = operations.iter().copied().collect();
        }
        assert_eq!(found.operations.iter().copied().collect::<BTreeSet<_>>(), stated, "{name}");
    }
    for entry in &Registry::standard() {
        let found = entry.record_type;
        if listed.contains(found.name) || found.members.is_some_and(|members| !listed.contains((members.item)().name)) {
            continue;
        }
        let v1 = found.versions == cimi_model::meta::Versions::V1;
        let own = ONLY_V1.iter().find(|(name, _)| *name == found.name).map_or(&["edit", "delete"][..], |(_, own)| own);
        let expected = if found.role == Role::Resource { own } else { &[] };
        assert!(!v1 || found.operations == expected, "{}", found.name);
        assert!(v1 || found.role != Role::Collection, "{} is not listed", found.name);
    }
}

/// An operation as the model names it.
fn operation(stated: &str) -> &str {
    match stated.split('(').next().unwrap_or(stated) {
        "update" => "edit",
        other => other,
    }
}

#[test]
fn the_states_are_those_of_the_standard() {
    let facts = rows("cimi-2.0-states.tsv");
    if facts.is_empty() {
        return;
    }
    let lasting = |name: &str| -> Vec<(String, bool)> {
        let rows = facts.iter().filter(|row| row["resource"] == name && !row["state"].starts_with('('));
        rows.map(|row| (row["state"].clone(), row["transient"] == "yes")).collect()
    };
    for entry in &Registry::standard() {
        let found = entry.record_type;
        let Some(lifecycle) = found.lifecycle else {
            assert!(lasting(found.name).is_empty(), "{} has no states", found.name);
            continue;
        };
        let name = if found.name == "NetworkPort" { "Network" } else { found.name };
        let model: BTreeSet<(String, bool)> =
            lifecycle.states.iter().map(|state| (state.name.to_owned(), state.transient)).collect();
        assert_eq!(model, lasting(name).into_iter().collect(), "{}", found.name);
        let initial = facts.iter().find(|row| row["resource"] == name && row["state"] == "(initial)");
        let stated = initial.map(|row| row["default_initial_state"].as_str()).expect("an initial state");
        match name {
            // Without Machines, it is MIXED (table 9).
            "System" => assert_eq!((stated, lifecycle.initial), ("not stated", Some("MIXED"))),
            // It has not begun when it is made.
            "Job" => assert_eq!((stated, lifecycle.initial), ("not stated", Some("QUEUED"))),
            _ => assert_eq!(lifecycle.initial, Some(stated), "{name}"),
        }
    }
    for row in &facts {
        assert!(row["resource"].starts_with('(') || find(&row["resource"]).lifecycle.is_some(), "{}", row["resource"]);
    }
}

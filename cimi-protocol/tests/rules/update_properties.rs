//! Updates of records of every type.

use cimi_model::meta::{Attribute, Kind, Role, Type};
use cimi_model::reflect::{Record, View, omitted, same_value};
use cimi_protocol::provider::rules::{UpdateRules, merge, replace};
use proptest::prelude::*;

use crate::fill::{record, types};

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..200)
}

/// Whether consumers write the attribute, said once more in other words.
fn is_writable(described: &Type, attribute: &Attribute) -> bool {
    let to_collection = matches!(attribute.kind, Kind::Ref(target) if target().role == Role::Collection);
    let members = described.members.is_some_and(|members| members.grouping == attribute.name);
    let constraints = attribute.constraints;
    let parent = attribute.name == "parent" && described.role != Role::Structure;
    constraints.mutable && constraints.consumer_writable && !to_collection && !members && !parent
}

fn same(a: &dyn Record, b: &dyn Record, index: usize, attribute: &Attribute) -> bool {
    let view = |record: &'_ dyn Record| record.get(index).is_none_or(|value| omitted(&value.view(), attribute.kind));
    let (x, y) = (a.get(index).unwrap(), b.get(index).unwrap());
    (view(a) && view(b)) || same_value(&x.view(), &y.view())
}

/// Beside an `href` may stand the target as `$expand` shows it, which is not stored.
fn is_expanded(view: &View<'_>) -> bool {
    let shows = |record: &dyn Record| cimi_model::attributes::text(record, "id").is_some();
    match view {
        View::Ref(reference) => reference.record().is_some_and(shows),
        View::List(list) => (0..list.len()).any(|index| is_expanded(&list.item(index))),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_unchanged_representation_changes_nothing(n in 0..types(), bytes in bytes()) {
        let current = record(n, &bytes);
        let rules = UpdateRules { now: Some("2025-01-01T00:00:00Z".parse().unwrap()), ..Default::default() };
        let updated = replace(&*current, &*current, &rules).unwrap();
        prop_assert!(!updated.is_changed() && updated.ignored.is_empty(), "{updated:?}");
        prop_assert_eq!(&*updated.resource, &*current);
    }

    #[test]
    fn a_full_update_leaves_what_was_sent_and_what_is_not_the_consumers(n in 0..types(), a in bytes(), b in bytes()) {
        let (current, update) = (record(n, &a), record(n, &b));
        let updated = replace(&*current, &*update, &UpdateRules::default()).unwrap();
        let described = current.record_type();
        for (index, attribute) in described.attributes.iter().enumerate() {
            let secret_kept = attribute.secret && omitted(&update.get(index).unwrap().view(), attribute.kind);
            let of = if is_writable(described, attribute) && !secret_kept { &update } else { &current };
            if secret_kept || is_expanded(&of.get(index).unwrap().view()) {
                continue;
            }
            prop_assert!(same(&*updated.resource, &**of, index, attribute), "{} {:?}", attribute.name, updated);
            let differs = !same(&*current, &*updated.resource, index, attribute);
            prop_assert!(!differs || updated.changes(attribute.name), "{} {:?}", attribute.name, updated);
        }
        // What was sent is stored: sending it again changes nothing.
        let again = replace(&*updated.resource, &*update, &UpdateRules::default()).unwrap();
        prop_assert!(!again.is_changed(), "{again:?}");
        prop_assert_eq!(&*again.resource, &*updated.resource);
    }

    #[test]
    fn one_selected_attribute_changes_alone(n in 0..types(), which in 0_usize..64, a in bytes(), b in bytes()) {
        let (current, full) = (record(n, &a), record(n, &b));
        let described = current.record_type();
        let Some(chosen) = described.attributes.get(which % described.attributes.len().max(1)) else { return Ok(()) };
        // The update has that one, if any.
        let mut update = full.boxed_clone();
        for (index, attribute) in described.attributes.iter().enumerate() {
            if attribute.name != chosen.name {
                update.get_mut(index).unwrap().clear();
            }
        }
        let kept = full.extensions().iter().filter(|extension| chosen.is_named(extension.key())).cloned();
        *update.extensions_mut() = kept.collect();
        let updated = merge(&*current, &*update, [chosen.name], &UpdateRules::default()).unwrap();
        prop_assert!(updated.changed.iter().all(|name| name == chosen.name), "{updated:?}");
        for (index, attribute) in described.attributes.iter().enumerate() {
            if attribute.name == chosen.name && is_writable(described, attribute) {
                let view = full.get(index).unwrap().view();
                prop_assert!(is_expanded(&view) || same(&*updated.resource, &*full, index, attribute));
            } else {
                prop_assert!(same(&*updated.resource, &*current, index, attribute), "{}", attribute.name);
            }
        }
        let others = |record: &dyn Record| -> Vec<String> {
            let keys = record.extensions().iter().map(|extension| extension.key().to_owned());
            keys.filter(|key| !chosen.is_named(key)).collect()
        };
        prop_assert_eq!(others(&*updated.resource), others(&*current));
    }

    #[test]
    fn what_is_sent_and_not_selected_is_a_problem(n in 0..types(), a in bytes(), b in bytes()) {
        let (current, update) = (record(n, &a), record(n, &b));
        let none: [&str; 0] = [];
        let said = update.record_type().attributes.iter().enumerate().filter(|(index, attribute)| {
            let kept = update.extensions().iter().any(|extension| attribute.is_named(extension.key()));
            kept || !omitted(&update.get(*index).unwrap().view(), attribute.kind)
        });
        let own = ["realm", "{urn:v}size", "@{urn:v}flag"];
        let extensions = update.extensions().iter().filter(|extension| own.contains(&extension.key()));
        let expected = said.count() + extensions.count();
        match merge(&*current, &*update, none, &UpdateRules::default()) {
            Ok(updated) => prop_assert!(expected == 0 && !updated.is_changed()),
            Err(problems) => prop_assert_eq!(problems.len(), expected, "{:?}", problems),
        }
    }
}

//! After any deletion, nothing dangles and nobody is an orphan.

use std::collections::{BTreeMap, BTreeSet};

use cimi_model::reflect::Record;
use cimi_model::relations::Relations;
use cimi_model::{Any, Collection, Dialect, Machine, Ref, Uri, json};
use proptest::prelude::*;

use super::{Cable, Rack, collection, machine};

/// Some resources that refer to one another at random, with collections that have members at random.
fn world(bytes: &[u8]) -> (Vec<Rack>, Vec<Collection<Machine>>, Vec<Machine>) {
    let mut next = bytes.iter().copied().chain(std::iter::repeat(255));
    let mut pick = move |below: u8| next.next().map_or(0, |byte| byte % below);
    let name = |n: u8| match n {
        0..=3 => format!("r/{n}"),
        4..=7 => format!("c/{n}"),
        8..=11 => format!("m/{n}"),
        12 => "http://example.com/r/1".to_owned(),
        13 => "http://example.com/m/9".to_owned(),
        _ => "elsewhere".to_owned(),
    };
    let one = |n: u8| Any::from_iter([("href", name(n))]);
    let optional = |n: u8| (n < 15).then(|| name(n));
    let mut racks = Vec::new();
    for n in 0..4 {
        let mut rack = Rack {
            id: Some(name(n).into()),
            parent: optional(pick(40)).map(Ref::to),
            machines: optional(pick(20)).map(Ref::to),
            served: optional(pick(20)).map(Ref::to),
            door: optional(pick(40)).map(Ref::to),
            other: optional(pick(16)).map(Ref::to),
            neighbours: (0..pick(4)).map(|_| Ref::to(name(pick(15)))).collect(),
            row: optional(pick(60)).map(Ref::to),
            cables: (0..pick(3))
                .map(|_| Cable {
                    from: optional(pick(16)).map(Ref::to),
                    to: vec![Ref::to(name(pick(15)))],
                    ..Default::default()
                })
                .collect(),
            ..Default::default()
        };
        rack.settings.insert("a", Any::Array((0..pick(3)).map(|_| one(pick(15))).collect()));
        rack.extensions.insert("{urn:x}b", one(pick(15)));
        racks.push(rack);
    }
    let collections = (4..8)
        .map(|n| {
            let items: Vec<Machine> = (0..pick(4))
                .map(|_| Machine { latest_snapshot: optional(pick(16)).map(Ref::to), ..machine(&name(8 + pick(6))) })
                .collect();
            collection(&name(n), optional(pick(30)).as_deref(), items)
        })
        .collect();
    let machines = (8..12)
        .map(|n| Machine {
            parent: optional(pick(20)).map(Ref::to),
            disks: optional(pick(40)).map(Ref::to),
            ..machine(&name(n))
        })
        .collect();
    (racks, collections, machines)
}

/// All URIs that a document refers to, and those of the members of collections; without those of its own.
fn mentioned(record: &dyn Record) -> Vec<String> {
    fn walk(value: &serde_json::Value, top: bool, found: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(members) => {
                for (key, value) in members {
                    match value.as_str() {
                        Some(text) if key == "href" || (key == "id" && !top) => found.push(text.to_owned()),
                        _ => walk(value, false, found),
                    }
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, false, found)),
            _ => {}
        }
    }
    let text = json::to_string(record, Dialect::V2.into()).unwrap();
    let mut found = Vec::new();
    walk(&serde_json::from_str(&text).unwrap(), true, &mut found);
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn after_a_deletion_nothing_dangles(bytes in prop::collection::vec(any::<u8>(), 0..160), victim in 0_u8..12) {
        let base = Uri::from("http://example.com/");
        let resolve = |uri: &str| Uri::from(uri).resolve(&base).unwrap().to_string();
        let (racks, collections, machines) = world(&bytes);
        let mut resources: Vec<&dyn Record> = Vec::new();
        resources.extend(racks.iter().map(|found| found as &dyn Record));
        resources.extend(collections.iter().map(|found| found as &dyn Record));
        resources.extend(machines.iter().map(|found| found as &dyn Record));
        let ids: Vec<String> = ["r/0","r/1","r/2","r/3","c/4","c/5","c/6","c/7","m/8","m/9","m/10","m/11"]
            .iter().map(|id| resolve(id)).collect();
        let relations = Relations::new(&resources, Some(&base));
        let deletion = relations.deletion(&[ids[usize::from(victim)].as_str()], &[]);
        let gone: BTreeSet<String> = deletion.removed.iter().map(|removed| resolve(&removed.id)).collect();
        prop_assert_eq!(gone.len(), deletion.removed.len());
        prop_assert!(gone.contains(&ids[usize::from(victim)]));

        let mut after: Vec<(usize, Box<dyn Record>)> = Vec::new();
        for (index, resource) in resources.iter().enumerate() {
            if gone.contains(&ids[index]) {
                continue;
            }
            let mut copy = resource.boxed_clone();
            let touched = deletion.touched().contains(&index);
            prop_assert_eq!(deletion.apply(&mut *copy), touched);
            prop_assert_eq!(*copy == **resource, !touched);
            for uri in mentioned(&*copy) {
                prop_assert!(!gone.contains(&resolve(&uri)), "{} is left in {:?}", uri, copy);
            }
            // Only what is gone was taken away.
            let stayed = mentioned(*resource).into_iter().filter(|uri| !gone.contains(&resolve(uri))).collect::<Vec<_>>();
            let left = mentioned(&*copy);
            prop_assert!(left.len() <= stayed.len());
            if resource.record_type().members.is_none() {
                prop_assert_eq!(&left, &stayed);
            }
            after.push((index, copy));
        }
        for collection in after.iter().filter_map(|(_, copy)| copy.as_any().downcast_ref::<Collection<Machine>>()) {
            prop_assert_eq!(collection.count, i64::try_from(collection.items.len()).ok());
        }
        // No orphan: whoever remains has a parent that remains.
        for id in ids.iter().filter(|id| !gone.contains(*id)) {
            let parent = relations.parent(id).map(resolve);
            prop_assert!(parent.is_none_or(|parent| !gone.contains(&parent)));
        }
        // Whoever went is the one that was asked for, a child of one that went, or goes with its row.
        let rows: BTreeMap<String, String> = racks.iter()
            .filter_map(|rack| Some((resolve(rack.id.as_ref()?.as_str()), resolve(rack.row.as_ref()?.href.as_ref()?.as_str()))))
            .collect();
        for id in gone.iter().filter(|id| **id != ids[usize::from(victim)]) {
            let by_parent = relations.parent(id).map(resolve).is_some_and(|parent| gone.contains(&parent));
            prop_assert!(by_parent || rows.get(id).is_some_and(|row| gone.contains(row)), "{}", id);
        }
        // Children first, where there is no circle.
        if relations.cycles().is_empty() && rows.is_empty() {
            let order: Vec<String> = deletion.removed.iter().map(|removed| resolve(&removed.id)).collect();
            for (at, id) in order.iter().enumerate() {
                let parent = relations.parent(id).map(resolve);
                let parent_at = parent.and_then(|parent| order.iter().position(|other| *other == parent));
                prop_assert!(parent_at.is_none_or(|parent_at| parent_at > at));
            }
        }
        // Nothing is left to do.
        let rest: Vec<&dyn Record> = after.iter().map(|(_, copy)| &**copy).collect();
        let again = Relations::new(&rest, Some(&base)).deletion(&[ids[usize::from(victim)].as_str()], &[]);
        prop_assert_eq!(again.touched().len(), 0);
    }
}

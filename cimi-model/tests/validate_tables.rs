//! Breaks one constraint of the tables at a time, over all types, and expects that problem at that path and no other:
//! what has to be there, what may be written, what is known.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod support;

use cimi_model::meta::{Kind, Role, Versions};
use cimi_model::reflect::{Record, Slot};
use cimi_model::validate::Severity::{self, Error, Warning};
use cimi_model::validate::{Receiver, Rule, Validation, Verb};
use cimi_model::{Dialect, Registry, ResourceMetadata};
use proptest::prelude::*;
use support::places::{Place, each, places, set};
use support::{Choices, Profile};

#[test]
fn what_has_to_be_there_is_enough() {
    for place in places() {
        let document = place.document(|_| {});
        place.expect(&Validation::read(), &*document, &[]);
        let read_only = Validation::create().problems(&*document);
        assert!(read_only.iter().all(|problem| problem.severity < Error), "{read_only:#?}");
        place.expect(&Validation::update(Some(&*document)), &*document, &[]);
    }
}

#[test]
fn each_attribute_may_have_a_right_value() {
    each(|place, index, attribute| {
        let document = place.document(|record| set(record, index));
        // `record` itself may need more: a duplicate template of a descriptor is another test.
        if place.path.contains("componentDescriptors") && matches!(attribute.kind, Kind::Ref(_)) {
            return;
        }
        place.expect(&Validation::read(), &*document, &[]);
    });
}

#[test]
fn demanded_attributes_are_missed() {
    let mut seen = 0;
    each(|place, index, attribute| {
        let exists = attribute.versions == Versions::Both || place.entry.record_type.versions == attribute.versions;
        let nested = !place.way.is_empty();
        let optional = nested && (place.path.contains("/attributes") || attribute.name == "value");
        if attribute.kind.can_be_empty() || optional || !exists {
            return;
        }
        let path = format!("/{}", attribute.name);
        let document = place.document(|record| record.get_mut(index).unwrap().clear());
        if attribute.constraints_stated && attribute.constraints.provider_mandatory && !is_create(place) {
            place.expect(&Validation::read(), &*document, &[(&path, Rule::Required, Error)]);
            seen += 1;
        }
        if attribute.constraints.consumer_mandatory {
            place.expect(&Validation::update(None), &*document, &[(&path, Rule::Required, Error)]);
            if attribute.name != "id" {
                let problems = Validation::create().problems(&*document);
                let missing: Vec<_> = problems.iter().filter(|problem| problem.rule == Rule::Required).collect();
                assert_eq!(missing.len(), 1, "{problems:#?}");
                assert_eq!(missing[0].path, format!("{}{path}", place.path));
            }
            if !nested {
                // What is not in a partial update is not changed by it.
                let selected = ["*"];
                let problems = Validation::partial_update(&selected, None).problems(&*document);
                assert!(problems.iter().all(|problem| problem.rule != Rule::Required), "{problems:#?}");
            }
            seen += 1;
        }
    });
    assert!(seen > 100, "{seen}");
}

fn is_create(place: &Place) -> bool {
    place.entry.record_type.role == Role::Create
}

#[test]
fn a_default_that_is_not_met_is_told_and_no_more() {
    let place = &places().into_iter().find(|place| place.path == "/Machine").unwrap();
    let problems = Validation::read().problems(&*place.document(|_| {}));
    let infos: Vec<_> = problems.iter().map(|problem| (problem.path.as_str(), problem.severity)).collect();
    assert!(infos.contains(&("/Machine/cpu", Severity::Info)), "{infos:?}");
    assert!(infos.iter().all(|(path, _)| *path != "/Machine/name"), "a string may be empty: {infos:?}");
    assert!(infos.iter().all(|(path, _)| *path != "/Machine/disks"), "a collection may be empty: {infos:?}");
    assert!(infos.iter().all(|(path, _)| *path != "/Machine/latestSnapshot"), "not mandatory: {infos:?}");
}

#[test]
fn only_what_is_writable_is_written() {
    each(|place, index, attribute| {
        if !place.way.is_empty() {
            return;
        }
        let before = place.document(|_| {});
        let absent = cimi_model::reflect::omitted(&before.get(index).unwrap().view(), attribute.kind);
        if !absent {
            return;
        }
        let after = place.document(|record| set(record, index));
        let constraints = attribute.constraints;
        let rule = if constraints.mutable { Rule::ReadOnly } else { Rule::Immutable };
        let path = format!("{}/{}", place.path, attribute.name);
        let written = |validation: &Validation<'_>| -> Vec<(Rule, Severity)> {
            let of = [Rule::ReadOnly, Rule::Immutable, Rule::Selection];
            let found = validation.problems(&*after).into_iter().filter(|p| p.path == path && of.contains(&p.rule));
            found.map(|problem| (problem.rule, problem.severity)).collect()
        };
        let selected = [attribute.name];
        let writable = constraints.mutable && constraints.consumer_writable;
        let refused = if writable { vec![] } else { vec![(rule, Warning)] };
        assert_eq!(written(&Validation::update(Some(&*before))), refused, "{path}");
        assert_eq!(written(&Validation::update(Some(&*after))), [], "echoed: {path}");
        assert_eq!(written(&Validation::update(None)), [], "the whole representation: {path}");
        assert_eq!(written(&Validation::partial_update(&selected, None)), refused, "{path}");
        assert_eq!(written(&Validation::partial_update(&selected, Some(&*after))), [], "{path}");
        let created = if constraints.consumer_writable { vec![] } else { vec![(Rule::ReadOnly, Warning)] };
        assert_eq!(written(&Validation::create()), created, "{path}");
        let changed = if constraints.mutable { vec![] } else { vec![(Rule::Immutable, Error)] };
        let again = Validation { current: Some(&*before), ..Validation::read() };
        assert_eq!(written(&again), changed, "{path}");
        let other = Validation::partial_update(&["other"], Some(&*after));
        assert_eq!(written(&other), [(Rule::Selection, Error)], "{path}");
    });
}

#[test]
fn each_version_has_its_own_attributes() {
    each(|place, index, attribute| {
        let document = place.document(|record| set(record, index));
        let path = format!("{}/{}", place.path, attribute.name);
        for dialect in [Dialect::V1, Dialect::V2] {
            for (validation, severity) in [(Validation::read(), Warning), (Validation::update(None), Error)] {
                let validation = Validation { dialect: Some(dialect), ..validation };
                let problems = validation.problems(&*document);
                let found: Vec<_> =
                    problems.iter().filter(|p| p.rule == Rule::Version && p.path == path).map(|p| p.severity).collect();
                let expected = if dialect.has(attribute.versions) { vec![] } else { vec![severity] };
                assert_eq!(found, expected, "{path} in {dialect:?}");
            }
        }
    });
    for entry in &Registry::standard() {
        let document = (entry.new)();
        for dialect in [Dialect::V1, Dialect::V2] {
            let problems = Validation { dialect: Some(dialect), ..Validation::read() }.problems(&*document);
            let root = format!("/{}", entry.record_type.name);
            let found = problems.iter().any(|p| p.rule == Rule::Version && p.path == root);
            assert_eq!(found, !dialect.has(entry.record_type.versions), "{root} in {dialect:?}");
        }
    }
}

#[test]
fn unknown_attributes_by_receiver() {
    for place in places() {
        let with = |key: &str| {
            let key = key.to_owned();
            place.document(move |record| {
                record.extensions_mut().insert(key, "x");
            })
        };
        let name = place.entry.record_type.name;
        // The parameters of a provider's own operation are its own.
        let open = matches!(name, "Resource" | "Action") || place.path.ends_with("/content");
        let problems = Validation::read().problems(&*with("vendorAttribute"));
        let path = format!("{}/vendorAttribute", place.path);
        let found: Vec<_> = problems.iter().filter(|p| p.path == path).map(|p| (p.rule, p.severity)).collect();
        assert_eq!(found, if open { vec![] } else { vec![(Rule::Unknown, Severity::Info)] }, "{path}");
        for key in ["vendorAttribute", "{http://example.com}vendorAttribute", "@{http://example.com}vendorAttribute"] {
            let expected = [(format!("/{key}"), Rule::Unknown, Error)];
            let expected: Vec<_> =
                expected.iter().map(|(path, rule, severity)| (path.as_str(), *rule, *severity)).collect();
            place.expect(&Validation::update(None), &*with(key), if open { &[] } else { &expected });
        }
        for key in ["1st", "with-hyphen", "{http://example.com}Üml", ""] {
            place.expect(&Validation::read(), &*with(key), &[(&format!("/{key}"), Rule::Identifier, Error)]);
        }
        place.expect(&Validation::read(), &*with("@{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"), &[]);
    }
}

/// The ways to validate: each receiver and verb, with and without what is known beyond the document.
fn ways<'a>(current: &'a dyn Record, metadata: &'a ResourceMetadata) -> Vec<Validation<'a>> {
    let mut ways = Vec::new();
    for receiver in [Receiver::Provider, Receiver::Consumer] {
        for verb in [Verb::Create, Verb::Read, Verb::Update, Verb::PartialUpdate] {
            let plain = Validation { receiver, verb, ..Validation::default() };
            for dialect in [Dialect::V1, Dialect::V2] {
                let metadata = vec![metadata];
                let selected = Some(&["name", "id"][..]);
                let known = Validation { dialect: Some(dialect), metadata, current: Some(current), ..plain.clone() };
                ways.extend([Validation { selected, ..known.clone() }, known]);
            }
            ways.push(plain);
        }
    }
    ways
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is in a record, it is validated to the end, and each problem is at a path in it.
    #[test]
    fn any_value_of_any_type_is_validated(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for entry in &Registry::standard() {
            let mut document = (entry.new)();
            support::fill(&mut *document, &mut Choices::new(&bytes), Profile::Wild, 3, false);
            let mut metadata = ResourceMetadata::default();
            support::fill(&mut metadata, &mut Choices::new(&bytes), Profile::Wild, 2, false);
            metadata.type_uri = Some(entry.record_type.uri(Dialect::V2).into());
            let before = (entry.new)();
            for validation in ways(&*before, &metadata) {
                let problems = validation.problems(&*document);
                prop_assert_eq!(&problems, &validation.problems(&*document));
                let root = format!("/{}", entry.record_type.name);
                prop_assert!(problems.iter().all(|problem| problem.path.starts_with(&root)));
                prop_assert!(problems.iter().all(|problem| problem.to_string().lines().count() == 1));
            }
        }
    }
}

/// What the standard says of each attribute, written down apart from the tables: type, attribute, versions, kind,
/// item, name in 1.x, unit, values, constraints, whether these are all values, range.
const FACTS: &str = include_str!("data/attributes.tsv");

/// The behaviour follows the standard, whatever the tables say.
#[test]
fn constraints_are_those_of_the_standard() {
    let places: Vec<Place> = places().into_iter().filter(|place| place.way.is_empty()).collect();
    let mut checked = 0;
    for row in FACTS.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>()) {
        let Some(place) = places.iter().find(|place| place.entry.record_type.name == row[0]) else { continue };
        let index = place.entry.record_type.find(row[1], 0).expect(row[1]);
        let [provider, consumer, mutable, writable] =
            [0, 1, 2, 3].map(|at| row[8].as_bytes().get(at).is_none_or(|&flag| flag == b'T'));
        let path = format!("{}/{}", place.path, row[1]);
        let rules = |validation: &Validation<'_>, document: &dyn Record| -> Vec<Rule> {
            let found = validation.problems(document).into_iter().filter(|problem| problem.path == path);
            found.map(|problem| problem.rule).collect()
        };
        let with = place.document(|record| set(record, index));
        let without = place.document(|record| record.get_mut(index).unwrap().clear());
        let selected = [row[1]];
        let expected = match (mutable, writable) {
            (false, _) => vec![Rule::Immutable],
            (true, false) => vec![Rule::ReadOnly],
            (true, true) => vec![],
        };
        let written: Vec<Rule> = rules(&Validation::partial_update(&selected, None), &*with)
            .into_iter()
            .filter(|rule| matches!(rule, Rule::Immutable | Rule::ReadOnly))
            .collect();
        assert_eq!(written, expected, "{path}");
        let may_be_empty = row[3].contains("string") || row[3].contains("[]") || row[3].contains("collection");
        if !may_be_empty && row[3] != "map" && row[2] == "both" && place.entry.record_type.role == Role::Resource {
            let read = rules(&Validation::read(), &*without);
            assert_eq!(read.contains(&Rule::Required), provider, "{path} for a consumer: {read:?}");
            let update = rules(&Validation::update(None), &*without);
            assert_eq!(update.contains(&Rule::Required), consumer, "{path} for a provider: {update:?}");
        }
        let with_value = |text: &str, number: i64| {
            place.document(|record| match record.get_mut(index).unwrap().slot() {
                Slot::Text(slot) => {
                    slot.put(text, false);
                }
                Slot::Integer(slot) => *slot = Some(number),
                _ => {}
            })
        };
        let strange = rules(&Validation::read(), &*with_value("NO-SUCH-VALUE", 1));
        assert_eq!(strange.contains(&Rule::Enumeration), row[9] == "T", "{path}: {strange:?}");
        let below = rules(&Validation::read(), &*with_value("x", -1));
        // A number of components, an amount of CPU and what has a unit are not negative either.
        let counted = row[6] != "-" || row[1] == "cpu";
        let negative = row[3] == "integer" && (row[10].starts_with('0') || counted);
        assert_eq!(below.contains(&Rule::Range), negative, "{path}: {below:?}");
        if let Some(most) = row[10].split_once("..").and_then(|(_, most)| most.parse::<i64>().ok()) {
            let above = rules(&Validation::read(), &*with_value("x", most + 1));
            assert_eq!(above, [Rule::Range], "{path}");
            assert_eq!(rules(&Validation::read(), &*with_value("x", most)), [], "{path}");
        }
        checked += 1;
    }
    println!("{checked} rows");
    assert!(checked > 700, "{checked}");
}

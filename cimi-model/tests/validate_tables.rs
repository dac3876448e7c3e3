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
use cimi_model::reflect::Record;
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

//! What events share: in the log by identifier, or in each of them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use cimi_cadf::{
    AnyLog, Cause, Definitions, Event, Geolocation, Identifier, Log, Measurement, Metric, Report, Reporterstep,
    Resource, Survey, Unlinked,
};
use cimi_model::{Any, Limits, ReadOptions};
use proptest::option::of;
use proptest::prelude::*;

fn log(json: &str) -> Log {
    Log::read(json.as_bytes(), &ReadOptions::default()).unwrap().value
}

fn told(left: &[Unlinked]) -> Vec<String> {
    left.iter().map(ToString::to_string).collect()
}

/// A log in which every attribute that refers by identifier is used.
const SHARED: &str = r#"{"metrics": [{"metricId": "m", "unit": "s"}],
    "resources": [{"id": "u", "typeURI": "data/security/account/user", "geolocationId": "g"}, {"id": "r"}],
    "geolocations": [{"id": "g", "city": "Bonn"}],
    "events": [{"id": "e", "initiatorId": "u", "targetId": "r", "observerId": "r",
        "measurements": [{"result": 1, "metricId": "m", "calculatedById": "u"}],
        "reporterchain": [{"role": "relay", "reporterId": "r"}, {"role": "relay", "reporter": {"id": "x", "geolocationId": "g"}}]}]}"#;

#[test]
fn every_reference_is_resolved() {
    let mut log = log(SHARED);
    assert_eq!(told(&log.resolve(&Limits::default())), [""; 0]);
    let bonn = Geolocation { id: Some("g".into()), city: Some("Bonn".into()), ..Geolocation::default() };
    let user = Resource { geolocation: Some(bonn.clone()), geolocation_id: None, ..log.resources[0].clone() };
    let event = &log.events[0];
    assert_eq!((event.initiator.as_ref(), event.initiator_id.as_ref()), (Some(&user), None));
    assert_eq!((event.target.as_ref(), event.target_id.as_ref()), (log.resources.get(1), None));
    assert_eq!((event.observer.as_ref(), event.observer_id.as_ref()), (log.resources.get(1), None));
    let measurement = &event.measurements[0];
    assert_eq!((measurement.metric.as_ref(), measurement.metric_id.as_ref()), (log.metrics.first(), None));
    assert_eq!((measurement.calculated_by.as_ref(), measurement.calculated_by_id.as_ref()), (Some(&user), None));
    let [first, second] = &event.reporterchain[..] else { panic!("two steps") };
    assert_eq!((first.reporter.as_ref(), first.reporter_id.as_ref()), (log.resources.get(1), None));
    let reporter = second.reporter.as_ref().unwrap();
    assert_eq!((reporter.geolocation.as_ref(), reporter.geolocation_id.as_ref()), (Some(&bonn), None));
    // The definitions stay.
    assert_eq!((log.metrics.len(), log.resources.len(), log.geolocations.len()), (1, 2, 1));
}

#[test]
fn what_cannot_be_resolved_is_reported() {
    let mut log = log(
        r#"{"resources": [{"id": "a", "name": "one"}, {"id": "a", "name": "two"}, {"id": "b"}, {"id": "b"}, {"id": "d"}],
            "events": [
                {"initiatorId": "a", "targetId": "b", "observerId": "c", "measurements": [{"metricId": "b"}]},
                {"initiatorId": "d", "initiator": "somebody"},
                {"initiatorId": "d", "initiator": {"id": "d", "name": "x"}},
                {"initiatorId": "c", "target": {"id": "c"}, "observer": {"id": "target"}, "targetId": "d"}]}"#,
    );
    let before = log.events.clone();
    let left = log.resolve(&Limits::default());
    assert_eq!(
        told(&left),
        [
            "/log/events[0]/measurements[0]/metricId: 'b' is not defined",
            "/log/events[0]/initiatorId: 'a' has two different meanings",
            "/log/events[0]/observerId: 'c' is not defined",
            "/log/events[1]/initiatorId: 'd' stands for what another value is in the place of",
        ]
    );
    assert_eq!(left[3].cause, Cause::Occupied);
    // The same definition twice is one; what is not reported either is there, or stands in the same event.
    assert_eq!(log.events[0].target.as_ref(), log.resources.get(2));
    assert_eq!(log.events[1..], before[1..]);
}

/// A resource that many events, or one event many times, refer to does not fill the memory.
#[test]
fn growth_is_limited() {
    let large = "x".repeat(10_000);
    let step = r#"{"reporterId": "r"},"#.repeat(1000);
    let text = format!(
        r#"{{"resources": [{{"id": "r", "name": "{large}"}}], "events": [{{"reporterchain": [{}]}}]}}"#,
        step.trim_end_matches(',')
    );
    let mut whole = log(&text);
    let definitions = Definitions::from(&whole);
    let limits = Limits { size: 100_000, ..Limits::default() };
    let mut event = whole.events[0].clone();
    for left in [definitions.resolve(&mut event, &limits), whole.resolve(&limits)] {
        assert!(left.len() > 985 && left.iter().all(|left| left.cause == Cause::TooLarge));
    }
    assert_eq!(event, whole.events[0]);
    assert_eq!(event.reporterchain.iter().filter(|step| step.reporter.is_some()).count(), 9);
}

#[test]
fn what_is_repeated_is_hoisted() {
    let mut log = log(r#"{"events": [
            {"id": "e1", "initiator": {"id": "u", "name": "n", "geolocation": {"id": "g", "city": "Bonn"}}, "target": {"id": "t"},
             "observer": {"id": "target"}, "measurements": [{"metric": {"metricId": "m"}}]},
            {"id": "e2", "initiator": {"id": "u", "name": "n", "geolocation": {"id": "g", "city": "Bonn"}}, "target": {"id": "s"},
             "observer": {"id": "target"}, "measurements": [{"metric": {"metricId": "m"}}, {"metric": {"metricId": "n"}}]},
            {"id": "e3", "initiator": {"name": "nobody"}, "target": {"id": "v", "geolocation": {"id": "g", "city": "Bonn"}},
             "observer": {"name": "nobody"}}]}"#);
    let before = log.events.clone();
    assert_eq!(told(&log.hoist()), [""; 0]);
    let ids = |event: &Event| {
        [&event.initiator_id, &event.target_id, &event.observer_id].map(|id| id.clone().map(|id| id.to_string()))
    };
    assert_eq!(ids(&log.events[0]), [Some("u".to_owned()), None, None]);
    assert_eq!(ids(&log.events[1]), [Some("u".to_owned()), None, None]);
    assert_eq!(ids(&log.events[2]), [None, None, None]);
    assert_eq!(log.events[2].target.as_ref().unwrap().geolocation_id, Some("g".into()));
    assert_eq!(log.events[1].measurements[0].metric_id, Some("m".into()));
    assert_eq!(log.events[1].measurements[1].metric, before[1].measurements[1].metric);
    // The place of a resource that was hoisted is shared as well.
    assert_eq!((log.resources.len(), log.metrics.len(), log.geolocations.len()), (1, 1, 1));
    assert_eq!((log.resources[0].geolocation_id.as_ref(), &log.resources[0].geolocation), (Some(&"g".into()), &None));
    assert_eq!(told(&log.resolve(&Limits::default())), [""; 0]);
    assert_eq!(log.events, before);
}

#[test]
fn an_identifier_of_two_meanings_stays_in_place() {
    let mut log = log(r#"{"resources": [{"id": "k", "name": "known"}], "events": [
            {"initiator": {"id": "a", "name": "one"}, "target": {"id": "k", "name": "known"}},
            {"initiator": {"id": "a", "name": "two"}, "target": {"id": "k", "name": "other"}},
            {"initiator": {"id": "a", "name": "one"}, "target": {"id": "k", "name": "other"}}]}"#);
    let before = log.events.clone();
    let left = log.hoist();
    // Once for each, where the second meaning is.
    assert_eq!(
        told(&left),
        [
            "/log/events[1]/initiator: 'a' has two different meanings",
            "/log/events[1]/target: 'k' has two different meanings"
        ]
    );
    assert_eq!(left[0].id, Identifier::from("a"));
    // What the log defined already is referred to, once or often.
    assert_eq!((log.events[0].target_id.as_ref(), log.resources.len()), (Some(&"k".into()), 1));
    assert_eq!(log.events[1..], before[1..]);
    assert!(log.events.iter().zip(&before).all(|(after, before)| after.initiator == before.initiator));
    log.resolve(&Limits::default());
    assert_eq!(log.events, before);
}

/// What an event refers to itself stays in it, and so does what would cover something else.
#[test]
fn what_is_looked_for_in_its_event_stays() {
    let mut log = log(r#"{"events": [
            {"initiatorId": "t", "target": {"id": "t", "name": "x"}},
            {"initiatorId": "t", "target": {"id": "t", "name": "x"}},
            {"target": {"id": "t", "name": "x"}, "targetId": ""},
            {"target": {"id": "t", "name": "x"}, "targetId": 5},
            {"target": {"id": "t", "name": "x"}}, {"target": {"id": "t", "name": "x"}}]}"#);
    let before = log.events.clone();
    log.hoist();
    let hoisted: Vec<bool> = log.events.iter().map(|event| event.target.is_none()).collect();
    assert_eq!(hoisted, [false, false, false, false, true, true]);
    log.resolve(&Limits::default());
    assert_eq!(log.events, before);
}

#[test]
fn a_report_shares_as_a_log_does() {
    let text = SHARED.replacen('{', r#"{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/report","#, 1);
    let mut either = AnyLog::read(text.as_bytes(), &ReadOptions::default()).unwrap().value;
    let mut report = Report::read(text.as_bytes(), &ReadOptions::default()).unwrap().value;
    assert_eq!(either, AnyLog::from(report.clone()));
    assert!(either.resolve(&Limits::default()).is_empty() && report.resolve(&Limits::default()).is_empty());
    let resolved = log(SHARED).events.into_iter().map(|mut event| {
        Definitions::from(&log(SHARED)).resolve(&mut event, &Limits::default());
        event
    });
    assert_eq!(report.events, resolved.collect::<Vec<_>>());
    let mut twice = report.clone();
    twice.events.extend(report.events.clone());
    assert!(twice.hoist().is_empty());
    assert_eq!(AnyLog::from(report), either);
    assert!(twice.events.iter().all(|event| event.initiator.is_none()));
}

fn geolocation() -> impl Strategy<Value = Geolocation> {
    (of("[gh]"), of("[AB]")).prop_map(|(id, city)| Geolocation {
        id: id.map(Into::into),
        city,
        ..Geolocation::default()
    })
}

fn resource() -> impl Strategy<Value = Resource> {
    let id = of(prop_oneof![Just(String::new()), "[abcd]", Just("target".to_owned())]);
    (id, of("[xy]"), of(geolocation()), of("[gh]"), any::<u8>()).prop_map(
        |(id, name, geolocation, geolocation_id, extra)| {
            let mut resource = Resource {
                id: id.map(Into::into),
                name,
                geolocation,
                geolocation_id: geolocation_id.filter(|_| extra < 60).map(Into::into),
                ..Resource::default()
            };
            if extra > 240 {
                resource.extensions.insert("extra", Any::Null);
            }
            resource
        },
    )
}

/// Events over a few identifiers; `references` says whether some are there from the beginning.
fn event(references: bool) -> impl Strategy<Value = Event> {
    let id = || of("[abcd]").prop_map(move |id| id.filter(|_| references).map(Identifier::from));
    let measurement = (of(("[mn]", of("[xy]"))), id(), of(resource()), id()).prop_map(
        |(metric, metric_id, calculated_by, calculated_by_id)| Measurement {
            metric: metric.map(|(id, name)| Metric { name, ..Metric::new(id, "s") }),
            metric_id,
            calculated_by,
            calculated_by_id,
            ..Measurement::default()
        },
    );
    let step = (of(resource()), id()).prop_map(|(reporter, reporter_id)| Reporterstep {
        reporter,
        reporter_id,
        ..Reporterstep::default()
    });
    let lists = (prop::collection::vec(measurement, 0..3), prop::collection::vec(step, 0..3));
    (of(resource()), id(), of(resource()), id(), of(resource()), lists).prop_map(
        move |(initiator, initiator_id, target, target_id, observer, (measurements, reporterchain))| {
            let mut event = Event {
                initiator,
                initiator_id,
                target,
                target_id,
                observer,
                measurements,
                reporterchain,
                ..Event::default()
            };
            if !references {
                let parts = [&mut event.initiator, &mut event.target, &mut event.observer].into_iter().flatten();
                let chain = event.reporterchain.iter_mut().filter_map(|step| step.reporter.as_mut());
                let calculated = event.measurements.iter_mut().filter_map(|one| one.calculated_by.as_mut());
                parts.chain(chain).chain(calculated).for_each(|resource| resource.geolocation_id = None);
            }
            event
        },
    )
}

fn a_log(references: bool) -> impl Strategy<Value = Log> {
    let shared = (prop::collection::vec(resource(), 0..3), prop::collection::vec(geolocation(), 0..2));
    (prop::collection::vec(event(references), 0..8), shared).prop_map(|(events, (resources, geolocations))| Log {
        events,
        resources,
        geolocations,
        ..Log::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Hoisting and resolving give the same events.
    #[test]
    fn hoisting_loses_nothing(mut log in a_log(false)) {
        let before = log.events.clone();
        log.hoist();
        log.resolve(&Limits::default());
        prop_assert_eq!(log.events, before);
    }

    /// With identifiers in the events already, these are resolved as well, as far as the log then knows them; and once
    /// hoisted, there is nothing left to hoist.
    #[test]
    fn references_are_resolved_besides(mut log in a_log(true)) {
        let mut expected = log.events.clone();
        log.hoist();
        let hoisted = log.clone();
        log.hoist();
        prop_assert_eq!(&log, &hoisted);
        let definitions = Definitions::from(&log);
        for event in &mut expected {
            definitions.resolve(event, &Limits::default());
        }
        log.resolve(&Limits::default());
        prop_assert_eq!(log.events, expected);
    }

    /// One event at a time gives what the whole log does.
    #[test]
    fn a_survey_finds_what_hoisting_does(log in a_log(true)) {
        let mut survey = Survey::new(Definitions::from(&log));
        log.events.iter().for_each(|event| survey.add(event));
        let (definitions, left) = survey.finish();
        let mut streamed = log.events.clone();
        for event in &mut streamed {
            definitions.refer(event);
        }
        let mut whole = log.clone();
        prop_assert_eq!(whole.hoist(), left);
        prop_assert_eq!(whole.events, streamed);
        prop_assert_eq!((whole.resources, whole.metrics, whole.geolocations), definitions.into_parts());
    }
}

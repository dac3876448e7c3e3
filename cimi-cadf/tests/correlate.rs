//! Pending and final events of one action.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeSet;

use cimi_cadf::cimi::Converter;
use cimi_cadf::correlate::{Correlation, CorrelationOptions, Link, Pair, Rest, chain_problems};
use cimi_cadf::http::{Auditor, Context, user};
use cimi_cadf::{Event, Records, ReporterRole, Reporterstep, Resource, Rule, Timestamp, Validation};
use cimi_model::{Job, Ref, Scalar};
use proptest::prelude::*;

/// An event of the time, in seconds; the other texts are those of the attributes, and may be empty.
fn event(id: &str, seconds: u32, action: &str, outcome: &str, tag: &str) -> Event {
    Event {
        id: (!id.is_empty()).then(|| id.into()),
        event_time: <Timestamp as Scalar>::recover(&format!("2025-01-01T12:{:02}:{:02}Z", seconds / 60, seconds % 60)),
        action: Some(action.into()),
        outcome: Some(outcome.into()),
        initiator: Some(Resource::new("alice", "service/security/account/user")),
        target: Some(Resource::new("m1", "compute/machine")),
        tags: (!tag.is_empty()).then(|| tag.into()).into_iter().collect(),
        ..Event::default()
    }
}

fn step(role: ReporterRole, time: &str) -> Reporterstep {
    Reporterstep {
        role: Some(role),
        reporter_id: Some("m1".into()),
        reporter_time: <Timestamp as Scalar>::recover(time),
        ..Reporterstep::default()
    }
}

fn correlated(options: CorrelationOptions, events: &[Event]) -> (Vec<(u64, u64)>, Vec<Pair>, Rest) {
    let (pairs, rest) = Correlation::all(options, events);
    (pairs.iter().map(|pair| (pair.pending.number, pair.last.number)).collect(), pairs, rest)
}

fn numbers(halves: &[cimi_cadf::correlate::Half]) -> Vec<u64> {
    halves.iter().map(|half| half.number).collect()
}

#[test]
fn the_identifier_pairs() {
    let mut last = event("a", 0, "update/os-start", "success", "");
    last.reporterchain = vec![step(ReporterRole::Modifier, "2025-01-01T12:00:00.25Z")];
    let events = [
        event("a", 0, "update/os-start", "pending", ""),
        event("b", 1, "read", "success", ""),
        last,
        event("c", 9, "create", "pending", ""),
    ];
    let (numbers_of_pairs, pairs, rest) = correlated(Default::default(), &events);
    assert_eq!(numbers_of_pairs, [(1, 3)]);
    assert_eq!(pairs[0].by, Link::Id);
    // Both have the time of the request; the reporter chain says when it was answered.
    assert_eq!(pairs[0].duration, Some("PT0.25S".parse().unwrap()));
    assert_eq!(pairs[0].problems, []);
    assert_eq!((numbers(&rest.pending), numbers(&rest.last)), (vec![4], vec![2]));
    assert_eq!(rest.pending[0].id, Some("c".into()));
}

#[test]
fn tags_pair() {
    let events = vec![
        event("a", 0, "create", "pending", "correlation_id?value=1"),
        event("b", 1, "delete", "pending", "//x.org/CORRELATION_ID?value=2"),
        event("c", 2, "create", "success", "//x.org/CORRELATION_ID?value=3"),
        event("d", 3, "delete", "failure/timeout", "//x.org/CORRELATION_ID?value=2"),
        event("e", 4, "create", "success", "correlation_id?value=1"),
        // Neither another label nor one without a value names an action.
        event("f", 5, "create", "pending", "team?value=ops"),
        event("g", 6, "create", "success", "team?value=ops"),
        event("h", 7, "create", "pending", "correlation_id"),
        event("i", 8, "create", "success", "correlation_id?value="),
        event("l", 8, "create", "pending", "correlation_id?value="),
        event("j", 9, "create", "pending/queued", "correlation_id:7"),
        event("k", 9, "create", "success", "correlation_id:7"),
    ];
    let (pairs, all, rest) = correlated(Default::default(), &events);
    assert_eq!(pairs, [(2, 4), (1, 5), (11, 12)]);
    assert_eq!(all[0].by, Link::Tag("//x.org/CORRELATION_ID?value=2".into()));
    assert_eq!(
        all.iter().map(|pair| pair.duration.as_ref().unwrap().as_str()).collect::<Vec<_>>(),
        ["PT2S", "PT4S", "PT0S"]
    );
    assert_eq!((numbers(&rest.pending), numbers(&rest.last)), (vec![6, 8, 10], vec![3, 7, 9]));
    let own = CorrelationOptions { tags: vec!["team".into()], ..Default::default() };
    assert_eq!(correlated(own, &events).0, [(6, 7)]);
}

#[test]
fn one_tag_for_several_actions() {
    let tag = "correlation_id?value=1";
    let events = [
        event("a", 0, "create", "pending", tag),
        event("b", 1, "start", "pending", tag),
        event("c", 2, "start", "success", tag),
        event("d", 3, "update", "success", tag),
    ];
    let (pairs, all, rest) = correlated(Default::default(), &events);
    assert_eq!(pairs, [(2, 3), (1, 4)]);
    assert_eq!(all[0].problems, []);
    assert_eq!(all[1].problems[0].path, "/event/action");
    assert_eq!(rest, Rest::default());
}

#[test]
fn parties_pair_only_if_asked() {
    let mut other = event("c", 2, "create", "success", "");
    other.target = Some(Resource::new("m2", "compute/machine"));
    let mut by_id = event("d", 3, "create", "success", "");
    (by_id.initiator, by_id.initiator_id) = (None, Some("alice".into()));
    let events = [event("a", 0, "create", "pending", ""), event("b", 1, "start", "success", ""), other, by_id];
    assert_eq!(correlated(Default::default(), &events).0, []);
    let (pairs, all, _) = correlated(CorrelationOptions { by_parties: true, ..Default::default() }, &events);
    assert_eq!((pairs, &all[0].by), (vec![(1, 4)], &Link::Parties));
}

#[test]
fn order_of_arrival_makes_no_difference() {
    let events = [event("a", 5, "create", "success", ""), event("a", 0, "create", "pending", "")];
    let (pairs, all, rest) = correlated(Default::default(), &events);
    assert_eq!(pairs, [(2, 1)]);
    assert_eq!(all[0].duration, Some("PT5S".parse().unwrap()));
    assert_eq!(rest, Rest::default());
}

#[test]
fn repeated_events_count_once() {
    let events = [
        event("a", 0, "create", "pending", ""),
        event("a", 0, "create", "pending", ""),
        event("b", 1, "create", "success", ""),
        event("b", 1, "create", "success", ""),
        event("a", 2, "create", "success", ""),
    ];
    let (pairs, _, rest) = correlated(Default::default(), &events);
    assert_eq!((pairs, rest.repeated), (vec![(1, 5)], 2));
    assert_eq!((rest.pending.len(), numbers(&rest.last)), (0, vec![3]));
}

#[test]
fn a_second_pending_event_may_say_more() {
    let events = [
        event("a", 0, "create", "pending", ""),
        event("a", 0, "create", "pending", "//schemas.dmtf.org/cimi/2/Job?value=jobs/1"),
        event("b", 7, "create", "success", "//schemas.dmtf.org/cimi/2/Job?value=jobs/1"),
    ];
    assert_eq!(correlated(Default::default(), &events).0, [(1, 3)]);

    // By what it said then, it is not found again.
    let tag = "correlation_id?value=1";
    let events = [
        event("a", 0, "create", "pending", ""),
        event("a", 0, "create", "pending", tag),
        event("a", 1, "create", "success", ""),
        event("b", 2, "create", "pending", tag),
        event("c", 3, "create", "success", tag),
    ];
    assert_eq!(correlated(Default::default(), &events).0, [(1, 3), (4, 5)]);
}

#[test]
fn two_events_of_one_time() {
    let tag = "correlation_id?value=1";
    let of = |id: &str, stated: Option<&str>| {
        let mut last = event(id, 0, "create", "success", tag);
        last.duration = stated.map(|text| text.parse().unwrap());
        let (_, mut all, _) = correlated(Default::default(), &[event("a", 0, "create", "pending", tag), last]);
        let pair = all.pop().unwrap();
        assert_eq!(pair.problems, []);
        pair.duration.map(|duration| duration.to_string())
    };
    // The second event may have the time of the first, and be that event, completed.
    assert_eq!(of("a", None), None);
    assert_eq!(of("b", Some("PT1H")).as_deref(), Some("PT1H"));
    assert_eq!(of("b", None).as_deref(), Some("PT0S"));
}

#[test]
fn durations_are_checked_against_times() {
    let with = |seconds: u32, stated: &str| {
        let mut last = event("a", seconds, "create", "success", "");
        last.duration = Some(stated.parse().unwrap());
        let (_, mut all, _) = correlated(Default::default(), &[event("a", 10, "create", "pending", ""), last]);
        all.pop().unwrap()
    };
    for (seconds, stated, wrong) in [
        (15, "PT5S", &[][..]),
        (15, "PT4.5S", &[]),
        (15, "PT7S", &["/event/duration"]),
        (15, "-PT5S", &["/event/duration"]),
        (15, "P1M", &[]),
        // The time of the second event may be that of the first one.
        (10, "PT1H", &[]),
        (5, "PT5S", &["/event/eventTime"]),
    ] {
        let pair = with(seconds, stated);
        assert_eq!(pair.duration, Some(stated.parse().unwrap()));
        assert_eq!(pair.problems.iter().map(|problem| &*problem.path).collect::<Vec<_>>(), wrong, "{seconds} {stated}");
    }
    let exact = CorrelationOptions { tolerance: chrono::TimeDelta::zero(), ..Default::default() };
    let mut last = event("a", 15, "create", "success", "");
    last.duration = Some("PT4.5S".parse().unwrap());
    let pairs = correlated(exact, &[event("a", 10, "create", "pending", ""), last]).1;
    assert_eq!(pairs[0].problems[0].rule, Rule::Consistency);
    assert!(pairs[0].problems[0].text.contains("PT5S"), "{}", pairs[0].problems[0]);
}

#[test]
fn another_initiator_is_noticed() {
    let mut last = event("a", 15, "create", "success", "");
    last.initiator = Some(Resource::new("mallory", "service/security/account/user"));
    let pairs = correlated(Default::default(), &[event("a", 10, "create", "pending", ""), last]).1;
    assert_eq!(pairs[0].problems[0].path, "/event/initiator");
}

#[test]
fn no_more_is_kept_than_granted() {
    let options = CorrelationOptions { most: 3, ..Default::default() };
    let mut correlation = Correlation::new(options);
    for number in 0..10_u32 {
        assert_eq!(correlation.push(&event(&format!("p{number}"), number, "create", "pending", "")), None);
        assert_eq!(correlation.push(&event(&format!("s{number}"), number, "create", "success", "")), None);
    }
    assert_eq!(correlation.push(&event("p1", 11, "create", "success", "")), None);
    assert!(correlation.push(&event("p8", 11, "create", "success", "")).is_some());
    let rest = correlation.finish();
    assert_eq!(numbers(&rest.pending), [15, 19]);
    assert_eq!((numbers(&rest.last), rest.forgotten_pending, rest.forgotten_last), (vec![18, 20, 21], 7, 8));
    let none = CorrelationOptions { most: 0, ..Default::default() };
    let events = [event("a", 0, "create", "pending", ""), event("a", 1, "create", "success", "")];
    let (pairs, _, rest) = correlated(none, &events);
    assert_eq!((pairs, rest.forgotten_pending, rest.forgotten_last), (vec![], 1, 1));
}

#[test]
fn many_events_with_the_same_tag_take_no_longer() {
    let mut correlation = Correlation::new(CorrelationOptions { most: 20_000, ..Default::default() });
    let mut pending = event("", 0, "create", "pending", "correlation_id?value=1");
    pending.tags = vec!["correlation_id?value=1".into(); 1000];
    for _ in 0..200 {
        correlation.push(&pending);
    }
    for _ in 0..40_000 {
        correlation.push(&event("", 0, "create", "pending", "correlation_id?value=1"));
    }
    let pairs = (0..30_000)
        .filter(|_| correlation.push(&event("", 1, "create", "success", "correlation_id?value=1")).is_some());
    assert_eq!(pairs.count(), 20_000);
}

#[test]
fn chains_in_order() {
    let mut event = event("a", 0, "create", "success", "");
    event.reporterchain = vec![
        step(ReporterRole::Observer, "2025-01-01T12:00:00Z"),
        step(ReporterRole::Modifier, "2025-01-01T12:00:02Z"),
        step(ReporterRole::Relay, "2025-01-01T13:00:02+01:00"),
    ];
    assert_eq!(chain_problems(&event), []);
    event.reporterchain.push(step(ReporterRole::Relay, "2025-01-01T12:00:01Z"));
    event.reporterchain.push(step(ReporterRole::Observer, "2025-01-01T12:00:03Z"));
    event.reporterchain[0].reporter_time = <Timestamp as Scalar>::recover("2025-01-01T11:00:00Z");
    let problems = chain_problems(&event);
    let paths: Vec<_> = problems.iter().map(|problem| (problem.path.as_str(), problem.rule)).collect();
    assert_eq!(
        paths,
        [
            ("/event/reporterchain[0]/reporterTime", Rule::Order),
            ("/event/reporterchain[3]/reporterTime", Rule::Order),
            ("/event/reporterchain[4]/role", Rule::Order),
        ]
    );
    let rest = correlated(Default::default(), &[event.clone()]).2;
    assert_eq!(rest.last[0].problems, problems);
    event.reporterchain.clear();
    assert_eq!(chain_problems(&event), []);
}

#[test]
fn what_an_auditor_writes_is_correlated() {
    let auditor = Auditor::new(Resource::new("api", "service/compute"));
    let (request, ()) = http::Request::delete("/machines/1").body(()).unwrap().into_parts();
    let (response, ()) =
        http::Response::builder().status(202).header("cimi-job-uri", "jobs/1").body(()).unwrap().into_parts();
    let context = Context {
        initiator: Some(user("alice")),
        ended: Some("2025-01-01T12:00:00.5+00:00".parse().unwrap()),
        ..Context::new("e1", "2025-01-01T12:00:00+00:00".parse().unwrap())
    };
    let accepted = auditor.response(&request, &response, &context);
    let last = accepted.concluded("e2", "2025-01-01T12:00:09+00:00".parse().unwrap(), "success");
    let (pairs, all, rest) = correlated(Default::default(), &[auditor.request(&request, &context), accepted, last]);
    assert_eq!(pairs, [(1, 3)]);
    assert_eq!(all[0].duration, Some("PT9S".parse().unwrap()));
    assert_eq!((all[0].problems.as_slice(), rest.repeated), (&[][..], 1));

    // The same Job, as CIMI says it.
    let job = Job {
        id: Some("jobs/1".into()),
        action: Some("delete".into()),
        state: Some("SUCCESS".into()),
        target_resource: Some(Ref::to("/machines/1")),
        time_of_status_change: Some("2025-01-01T12:00:09Z".parse().unwrap()),
        ..Job::default()
    };
    let last = Converter::new(auditor.observer.clone()).job_to_cadf(&job).unwrap().value.pop().unwrap();
    let (pairs, all, _) = correlated(Default::default(), &[auditor.event(&request, &response, &context), last]);
    assert_eq!((pairs, all[0].duration.as_ref().unwrap().as_str()), (vec![(1, 2)], "PT9S"));
    assert_eq!(all[0].problems, []);

    // An answer at once, to a request that was reported by itself.
    let (response, ()) = http::Response::builder().status(204).body(()).unwrap().into_parts();
    let two = [auditor.request(&request, &context), auditor.response(&request, &response, &context)];
    assert!(two.iter().all(|event| Validation::strict().accepts(event)));
    let (pairs, all, _) = correlated(Default::default(), &two);
    assert_eq!(pairs, [(1, 2)]);
    assert_eq!(all[0].duration, Some("PT0.5S".parse().unwrap()));
    assert_eq!(all[0].problems, []);
}

/// Records of real services: what was answered follows what was asked.
#[test]
fn real_records() {
    let Some(data) = std::env::var_os("CIMI_TEST_DATA") else {
        println!("skipped: CIMI_TEST_DATA is not set");
        return;
    };
    let folder = std::path::Path::new(&data).join("corpus/cadf");
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("live-ksm-")));
    names.sort();
    let mut correlation = Correlation::default();
    let mut found = Vec::new();
    for path in &names {
        let text = std::fs::read(path).unwrap();
        for record in Records::new(&text[..], Default::default()) {
            found.extend(correlation.push(&record.event.unwrap().value));
        }
    }
    assert!(found.len() >= 2, "{found:?}");
    for pair in &found {
        assert_eq!((pair.by.clone(), pair.pending.id.is_some()), (Link::Id, true));
        assert!(pair.duration.is_some() && pair.problems.is_empty(), "{pair:?}");
    }
    let rest = correlation.finish();
    assert_eq!(found.len() * 2 + rest.pending.len() + rest.last.len(), names.len());
}

proptest! {
    /// Every event is in one pair, in the rest, or repeated; pairs are of a pending and a final event with something in
    /// common.
    #[test]
    fn nothing_is_lost_or_counted_twice(
        generated in prop::collection::vec((0_u8..6, 0_u32..99, 0_u8..3, any::<bool>(), 0_u8..5), 0..60),
        by_parties in any::<bool>(),
    ) {
        let events: Vec<_> = generated
            .iter()
            .map(|(id, seconds, action, pending, tag)| {
                let id = if *id == 0 { String::new() } else { format!("e{id}") };
                let tag = if *tag == 0 { String::new() } else { format!("correlation_id?value={tag}") };
                let outcome = if *pending { "pending" } else { "success" };
                event(&id, *seconds, ["create", "start", "delete"][usize::from(*action)], outcome, &tag)
            })
            .collect();
        let (pairs, all, rest) = correlated(CorrelationOptions { by_parties, ..Default::default() }, &events);
        let mut seen = BTreeSet::new();
        for number in pairs.iter().flat_map(|(a, b)| [*a, *b]).chain(numbers(&rest.pending)).chain(numbers(&rest.last)) {
            prop_assert!(seen.insert(number));
        }
        prop_assert_eq!(seen.len() as u64 + rest.repeated, events.len() as u64);
        for pair in &all {
            let one = &events[usize::try_from(pair.pending.number).unwrap() - 1];
            let other = &events[usize::try_from(pair.last.number).unwrap() - 1];
            prop_assert_eq!((one.outcome == other.outcome, &pair.pending.outcome), (false, &one.outcome));
            prop_assert!(one.id == other.id || !one.tags.is_empty() || !other.tags.is_empty() || by_parties);
        }
        let pending: BTreeSet<_> = rest.pending.iter().filter_map(|half| half.id.as_ref()).collect();
        prop_assert!(rest.last.iter().filter_map(|half| half.id.as_ref()).all(|id| !pending.contains(id)));
    }
}

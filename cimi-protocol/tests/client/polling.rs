//! Jobs and states are waited for as long as it takes, and no longer than wanted.

use std::collections::HashMap;
use std::time::Duration;

use cimi_model::{Dialect, Machine, Registry};
use cimi_protocol::client::{JobEnd, JobPolling, Outcome, PollOptions, StateEnd, StatePolling, Step, actions};
use cimi_protocol::{ErrorKind, Operation as _};
use http::{Method, Request, Response};
use proptest::prelude::*;

use crate::{answer, peer, read};

const SECOND: Duration = Duration::from_secs(1);
const JOB: &str = "https://cloud.example.com/cimi/jobs/1";

fn options() -> PollOptions {
    PollOptions::default()
}

fn polling(options: PollOptions) -> JobPolling {
    JobPolling::new(&peer(Dialect::V2), &"jobs/1".into(), options).unwrap()
}

/// What came of a polling: the end, when requests went out, and where they went.
#[derive(Debug)]
struct Course {
    end: JobEnd,
    times: Vec<Duration>,
    places: Vec<String>,
    errors: Vec<ErrorKind>,
}

/// Runs a polling from second 100 on; requests take no time. `serve` is told how many requests there were before.
fn run(
    polling: &mut JobPolling,
    mut serve: impl FnMut(usize, &Request<Vec<u8>>) -> Option<Response<Vec<u8>>>,
) -> Course {
    let mut now = 100 * SECOND;
    let (mut times, mut places, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..10_000 {
        match polling.step(now).unwrap() {
            Step::Send(request) => {
                let served = serve(times.len(), &request);
                times.push(now);
                places.push(request.uri().to_string());
                match served {
                    Some(answer) => errors.extend(polling.answer(now, answer).err().map(|error| error.kind())),
                    None => polling.no_answer(now),
                }
            }
            Step::Wait(until) => {
                assert!(until > now, "waiting for the past");
                now = until;
            }
            Step::Done(end) => {
                assert!(matches!(polling.step(now + SECOND), Ok(Step::Done(again)) if again == end));
                return Course { end, times, places, errors };
            }
        }
    }
    panic!("no end");
}

#[allow(clippy::unnecessary_wraps, reason = "it stands where there may be no answer")]
fn job(body: &str) -> Option<Response<Vec<u8>>> {
    Some(answer(200, "Content-Type: application/json", body))
}

#[test]
fn a_job_that_succeeds() {
    let mut polling = polling(options());
    let course = run(&mut polling, |before, request| {
        assert_eq!(
            (request.method(), &request.headers()["accept"]),
            (&Method::GET, &"application/json".parse().unwrap())
        );
        let state = ["QUEUED", "RUNNING", "RUNNING", "SUCCESS"][before];
        job(&format!(
            r#"{{"state": "{state}", "progress": {}, "affectedResources": [{{"href": "m/1"}}]}}"#,
            before * 33 + 1
        ))
    });
    assert_eq!((course.end, course.places.len()), (JobEnd::Success, 4));
    let seconds: Vec<f64> = course.times.iter().map(Duration::as_secs_f64).collect();
    assert_eq!(seconds, [100.0, 101.0, 102.5, 104.75]);
    assert!(course.places.iter().all(|place| place == JOB));
    assert_eq!(polling.job().unwrap().progress, Some(100));
    assert_eq!(polling.affected_resources(), ["m/1".into()]);
    assert!(polling.is_complete());
}

#[test]
fn nested_jobs_are_collected_at_the_end() {
    let jobs = HashMap::from([
        (
            "/cimi/jobs/1",
            r#"{"state": "FAILED", "statusMessage": "failed", "affectedResources": [{"href": "s/1"}], "nestedJobs": [
            {"href": "jobs/2"}, {"href": "jobs/2x", "state": "SUCCESS", "nestedJobs": [{"href": "jobs/5"}]}, {"href": "jobs/3"}, {"href": "jobs/4"}, {}]}"#,
        ),
        (
            "/cimi/jobs/2",
            r#"{"state": "FAILED", "statusMessage": "machine failed", "nestedJobs": [{"href": "/cimi/jobs/6"}, {"href": "jobs/1"}]}"#,
        ),
        (
            "/cimi/jobs/3",
            r#"{"state": "SUCCESS", "affectedResources": [{"href": "n/1"}], "nestedJobs": [{"href": "jobs/2"}]}"#,
        ),
        ("/cimi/jobs/5", r#"{"state": "SUCCESS", "affectedResources": [{"href": "d/1"}]}"#),
        ("/cimi/jobs/6", r#"{"state": "FAILED", "statusMessage": "no disk", "affectedResources": [{"href": "m/1"}]}"#),
    ]);
    let mut polling = polling(options());
    let course = run(&mut polling, |before, request| match before {
        0 => job(r#"{"state": "RUNNING", "nestedJobs": [{"href": "jobs/2"}]}"#),
        _ => match jobs.get(request.uri().path()) {
            Some(body) => job(body),
            None => Some(answer(404, "", "")),
        },
    });
    assert_eq!(course.end, JobEnd::Failed);
    // One after the other without waiting, each once, circles included.
    let paths: Vec<&str> =
        course.places.iter().map(|place| place.strip_prefix("https://cloud.example.com/cimi/jobs/").unwrap()).collect();
    assert_eq!(paths, ["1", "1", "2", "5", "3", "4", "6"]);
    assert_eq!(course.times.last(), Some(&(101 * SECOND)));
    assert_eq!(polling.message(), Some("no disk"));
    let affected: Vec<String> = polling.affected_resources().iter().map(ToString::to_string).collect();
    assert_eq!(affected, ["s/1", "m/1", "d/1", "n/1"]);
    // One was not there, and one says no place.
    assert!(!polling.is_complete() && course.errors.is_empty());
}

#[test]
fn nested_jobs_are_bounded() {
    for (nested, requests) in [(0, 1), (7, 8)] {
        let mut endless = polling(PollOptions { nested, ..options() });
        let course = run(&mut endless, |before, _| {
            let next = before * 2;
            job(&format!(
                r#"{{"state": "SUCCESS", "nestedJobs": [{{"href": "jobs/{}"}}, {{"href": "jobs/{}"}}]}}"#,
                next + 10,
                next + 11
            ))
        });
        assert_eq!((course.end, course.places.len(), endless.is_complete()), (JobEnd::Success, requests, false));
    }
    // As deep as it goes.
    let mut deep = polling(options());
    let course = run(&mut deep, |before, _| {
        job(&format!(r#"{{"state": "SUCCESS", "nestedJobs": [{{"href": "jobs/{}"}}]}}"#, before + 10))
    });
    assert_eq!((course.places.len(), deep.is_complete()), (17, false));
}

#[test]
fn failures_that_may_pass_are_borne() {
    let running = || job(r#"{"state": "RUNNING"}"#);
    // No answer, and statuses that may pass; each answer begins the count anew.
    let mut patient = polling(PollOptions { failures: 2, ..options() });
    let course = run(&mut patient, |before, _| match before {
        0 | 4 => None,
        1 | 3 => Some(answer(503, "", "")),
        2 => running(),
        _ => job(r#"{"state": "SUCCESS"}"#),
    });
    assert_eq!((course.end, course.times.len(), course.errors.len()), (JobEnd::Success, 6, 0));

    let mut weary = polling(PollOptions { failures: 2, ..options() });
    let course = run(&mut weary, |before, _| if before == 0 { running() } else { Some(answer(502, "", "")) });
    assert_eq!((course.end, course.times.len()), (JobEnd::Lost, 4));
    assert!(matches!(course.errors[..], [ErrorKind::Status(status)] if status == 502));
    let mut silent = polling(PollOptions { failures: 0, ..options() });
    assert_eq!(run(&mut silent, |_, _| None).end, JobEnd::Lost);

    for (status, body, kind) in
        [(404, "", "Status(404)"), (401, "", "Status(401)"), (200, "<html/>", "Document"), (302, "", "Status(302)")]
    {
        let mut polling = polling(options());
        let course = run(&mut polling, |_, _| Some(answer(status, "Content-Type: application/json", body)));
        assert_eq!((course.end, course.times.len()), (JobEnd::Lost, 1));
        assert_eq!(format!("{:?}", course.errors[0]), kind);
    }
}

#[test]
fn nested_jobs_that_cannot_be_read_do_not_change_the_end() {
    let mut polling = polling(PollOptions { failures: 1, ..options() });
    let course = run(&mut polling, |before, _| match before {
        0 => job(r#"{"state": "SUCCESS", "nestedJobs": [{"href": "jobs/2"}, {"href": "jobs/3"}, {"href": "jobs/4"}]}"#),
        1 | 2 => Some(answer(503, "", "")),
        3 | 4 => None,
        _ => job(r#"{"state": "SUCCESS", "affectedResources": [{"href": "x"}]}"#),
    });
    assert_eq!((course.end, course.times.len(), polling.is_complete()), (JobEnd::Success, 6, false));
    assert_eq!(polling.affected_resources().len(), 1);
}

#[test]
fn the_provider_says_when_to_come_again() {
    let mut polling = polling(options());
    let course = run(&mut polling, |before, _| match before {
        0 => Some(answer(503, "Retry-After: 40", "")),
        1 => Some(answer(200, "Content-Type: application/json\nRetry-After: 60", r#"{"state": "RUNNING"}"#)),
        _ => job(r#"{"state": "STOPPED"}"#),
    });
    assert_eq!((course.end, course.times), (JobEnd::Stopped, vec![100 * SECOND, 140 * SECOND, 200 * SECOND]));
}

#[test]
fn the_deadline() {
    let mut polling =
        polling(PollOptions { deadline: Some(10 * SECOND), initial: 4 * SECOND, factor: 1.0, ..options() });
    let course = run(&mut polling, |_, _| job(r#"{"state": "RUNNING", "progress": 7}"#));
    assert_eq!((course.end, course.times), (JobEnd::Expired, [100, 104, 108, 110].map(|at| at * SECOND).to_vec()));
    assert_eq!(polling.job().unwrap().progress, Some(7));
    // Whoever comes late does not ask any more.
    let mut late = super::polling::polling(PollOptions { deadline: Some(SECOND), ..options() });
    assert!(matches!(late.step(SECOND), Ok(Step::Send(_))));
    late.answer(SECOND, job(r#"{"state": "RUNNING"}"#).unwrap()).unwrap();
    assert!(matches!(late.step(60 * SECOND), Ok(Step::Done(JobEnd::Expired))));
}

#[test]
fn stopping_and_cancelling() {
    let mut polling = polling(options());
    assert_eq!(polling.stop().unwrap_err().kind(), ErrorKind::NotOffered);
    let now = SECOND;
    assert!(matches!(polling.step(now), Ok(Step::Send(_))));
    polling.answer(now, job(r#"{"state": "RUNNING"}"#).unwrap()).unwrap();
    assert_eq!(polling.stop().unwrap_err().kind(), ErrorKind::NotOffered);

    let stoppable = r#"{"state": "RUNNING", "operations": [{"rel": "http://schemas.dmtf.org/cimi/2/action/stop", "href": "jobs/1/stop"}]}"#;
    let now = 3 * SECOND;
    assert!(matches!(polling.step(now), Ok(Step::Send(_))));
    polling.answer(now, job(stoppable).unwrap()).unwrap();
    polling.stop().unwrap();
    let Ok(Step::Send(request)) = polling.step(now) else { panic!("a request") };
    assert_eq!((request.method(), request.uri().path()), (&Method::POST, "/cimi/jobs/1/stop"));
    assert!(std::str::from_utf8(request.body()).unwrap().contains("action/stop"));
    // A refusal is told, and the waiting goes on.
    let refused = polling.answer(now, answer(409, "", "")).unwrap_err();
    assert!(refused.failure().is_some());
    polling.stop().unwrap();
    assert!(matches!(polling.step(now), Ok(Step::Send(_))));
    polling.answer(now, answer(202, "", "")).unwrap();
    let Ok(Step::Wait(due)) = polling.step(now) else { panic!("a wait") };
    assert!(matches!(polling.step(due), Ok(Step::Send(_))));
    polling.answer(due, job(r#"{"state": "STOPPED"}"#).unwrap()).unwrap();
    assert!(matches!(polling.step(due), Ok(Step::Done(JobEnd::Stopped))));
    polling.cancel();
    assert!(matches!(polling.step(due), Ok(Step::Done(JobEnd::Stopped))));

    let mut polling = super::polling::polling(options());
    assert!(matches!(polling.step(now), Ok(Step::Send(_))));
    polling.cancel();
    polling.answer(now, job(r#"{"state": "SUCCESS"}"#).unwrap()).unwrap();
    assert!(matches!(polling.step(now), Ok(Step::Done(JobEnd::Cancelled))));
}

#[test]
fn a_job_that_came_with_the_answer() {
    let outcome = |fields: &str, body: &str| -> Outcome<Machine> {
        let machine: Machine =
            read(r#"{"operations": [{"rel": "http://schemas.dmtf.org/cimi/2/action/start", "href": "m/1"}]}"#);
        peer(Dialect::V2).invoke(&machine, actions::start()).unwrap().response(answer(202, fields, body)).unwrap()
    };
    let of = |outcome: &Outcome<Machine>| JobPolling::of(&peer(Dialect::V2), outcome, 50 * SECOND, options()).unwrap();
    assert!(of(&outcome("", "")).is_none());

    let mut polling = of(&outcome("CIMI-Job-URI: jobs/1", "")).unwrap();
    assert!(matches!(polling.step(50 * SECOND), Ok(Step::Send(_))));
    let mut polling = of(&outcome("CIMI-Job-URI: jobs/1\nRetry-After: 9", "")).unwrap();
    assert!(matches!(polling.step(50 * SECOND), Ok(Step::Wait(due)) if due == 59 * SECOND));
    let fields = "Content-Type: application/json";
    let mut polling = of(&outcome(fields, r#"{"id": "jobs/1", "state": "RUNNING", "progress": 1}"#)).unwrap();
    assert_eq!(polling.job().unwrap().progress, Some(1));
    assert!(matches!(polling.step(50 * SECOND), Ok(Step::Wait(due)) if due == 51 * SECOND));
    let mut polling = of(&outcome(fields, r#"{"id": "jobs/1", "state": "FAILED", "progress": 100}"#)).unwrap();
    assert!(matches!(polling.step(50 * SECOND), Ok(Step::Done(JobEnd::Failed))));
}

#[test]
fn states_are_waited_for_where_there_are_no_jobs() {
    let run = |until: &[&str], failures, answers: &[(u16, &str)]| {
        let reading = peer(Dialect::V1).read_document(&"machines/1".into(), &Registry::standard()).unwrap();
        let mut polling =
            StatePolling::new(reading, PollOptions { failures, ..options() }).until(until.iter().copied());
        let (mut now, mut answers) = (Duration::ZERO, answers.iter());
        loop {
            match polling.step(now).unwrap() {
                Step::Send(_) => match answers.next() {
                    Some((0, _)) => polling.no_answer(now),
                    Some((status, body)) => {
                        drop(polling.answer(now, answer(*status, "Content-Type: application/json", body)));
                    }
                    None => polling.cancel(),
                },
                Step::Wait(until) => now = until,
                Step::Done(end) => return (end, polling.state().map(str::to_owned)),
            }
        }
    };
    let machine =
        |state: &str| format!(r#"{{"resourceURI": "http://schemas.dmtf.org/cimi/1/Machine", "state": "{state}"}}"#);
    let (starting, started, own) = (machine("STARTING"), machine("STARTED"), machine("DREAMING"));
    let untyped = r#"{"state": "STOPPING"}"#;
    for (until, answers, end, state) in [
        (
            &[][..],
            &[(200, starting.as_str()), (200, starting.as_str()), (200, started.as_str())][..],
            StateEnd::Settled,
            Some("STARTED"),
        ),
        (&[], &[(200, own.as_str())], StateEnd::Settled, Some("DREAMING")),
        (&[], &[(200, r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/Address"}"#)], StateEnd::Settled, None),
        (
            &[],
            &[(200, untyped), (0, ""), (503, ""), (200, r#"{"state": "STOPPED"}"#)],
            StateEnd::Settled,
            Some("STOPPED"),
        ),
        (&["STARTED"], &[(200, own.as_str()), (200, started.as_str())], StateEnd::Settled, Some("STARTED")),
        (&["STOPPED"], &[(200, started.as_str())], StateEnd::Cancelled, Some("STARTED")),
        (&[], &[(200, untyped), (404, "")], StateEnd::Gone, Some("STOPPING")),
        (&[], &[(403, "")], StateEnd::Lost, None),
        (&[], &[(0, ""), (0, ""), (0, ""), (200, untyped)], StateEnd::Lost, None),
    ] {
        assert_eq!(run(until, 2, answers), (end, state.map(str::to_owned)), "{answers:?}");
    }
}

/// What a server may do when it is asked.
#[derive(Clone, Debug)]
enum Move {
    Silent,
    Busy(Option<u16>),
    Running(Option<u16>),
    Ended(&'static str),
    Nonsense,
    Gone,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let after = || proptest::option::of(0..100_u16);
    let one = prop_oneof![
        2 => Just(Move::Silent),
        2 => after().prop_map(Move::Busy),
        6 => after().prop_map(Move::Running),
        1 => proptest::sample::select(vec!["SUCCESS", "FAILED", "STOPPED"]).prop_map(Move::Ended),
        1 => Just(Move::Nonsense),
        1 => Just(Move::Gone),
    ];
    proptest::collection::vec(one, 0..40)
}

fn serve(one: Option<&Move>) -> Option<Response<Vec<u8>>> {
    let fields = |after: &Option<u16>| {
        let after = after.map(|after| format!("\nRetry-After: {after}")).unwrap_or_default();
        format!("Content-Type: application/json{after}")
    };
    Some(match one {
        Some(Move::Silent) => return None,
        Some(Move::Busy(after)) => answer(503, &fields(after), ""),
        Some(Move::Running(after)) => {
            answer(200, &fields(after), r#"{"state": "RUNNING", "nestedJobs": [{"href": "jobs/2"}]}"#)
        }
        Some(Move::Ended(state)) => {
            answer(200, &fields(&None), &format!(r#"{{"state": "{state}", "nestedJobs": [{{"href": "jobs/2"}}]}}"#))
        }
        Some(Move::Nonsense) => answer(200, "Content-Type: text/html", "<html>"),
        Some(Move::Gone) => answer(410, "", ""),
        None => answer(200, &fields(&None), r#"{"state": "SUCCESS"}"#),
    })
}

proptest! {
    #[test]
    fn it_ends_in_time_and_is_never_hasty(
        moves in moves(),
        initial in 1..5000_u64,
        factor in prop_oneof![Just(f64::NAN), -1.0..4.0_f64],
        max in 1..20_000_u64,
        deadline in proptest::option::of(0..600_u64),
        failures in 0..5_u32,
        late in 0..3000_u64,
    ) {
        let (initial, max) = (Duration::from_millis(initial), Duration::from_millis(max));
        let deadline = deadline.map(Duration::from_secs);
        let options = PollOptions { initial, factor, max, deadline, failures, ..options() };
        let mut polling = polling(options);
        let start = 100 * SECOND;
        let mut now = start;
        let mut sent = Vec::new();
        let mut answers = moves.iter();
        let mut steps = 0;
        let end = loop {
            steps += 1;
            prop_assert!(steps < 1000, "no end");
            match polling.step(now).unwrap() {
                Step::Send(_) => {
                    sent.push(now);
                    match serve(answers.next()) {
                        Some(answer) => drop(polling.answer(now, answer)),
                        None => polling.no_answer(now),
                    }
                }
                Step::Wait(until) => {
                    prop_assert!(until > now);
                    // Nobody wakes up in time.
                    now = until + Duration::from_millis(late);
                }
                Step::Done(end) => break end,
            }
        };
        if let Some(deadline) = options.deadline {
            prop_assert!(sent.iter().all(|at| *at <= start + deadline), "{sent:?}");
        }
        // Between two polls of a Job that runs there is the time of the backoff at least, which never shrinks; the last
        // one may come earlier, with the deadline.
        let least = options.initial.min(options.max);
        let ended = !matches!(end, JobEnd::Expired | JobEnd::Lost | JobEnd::Cancelled);
        for (before, after) in sent.iter().zip(sent.iter().skip(1)) {
            let by_deadline = options.deadline.is_some_and(|deadline| *after == start + deadline);
            prop_assert!(ended || by_deadline || *after - *before >= least, "{sent:?}");
        }
        prop_assert!(end != JobEnd::Expired || deadline.is_some());
    }

    #[test]
    fn the_backoff_never_shrinks(initial in 0..5000_u64, factor in -1.0..4.0_f64, max in 0..60_000_u64) {
        let (initial, max) = (Duration::from_millis(initial), Duration::from_millis(max));
        let options = PollOptions { initial, factor, max, ..options() };
        let mut polling = polling(options);
        let mut now = SECOND;
        let mut last = Duration::ZERO;
        for _ in 0..30 {
            let step = polling.step(now).unwrap();
            prop_assert!(matches!(step, Step::Send(_)), "{step:?}");
            polling.answer(now, serve(Some(&Move::Running(None))).unwrap()).unwrap();
            if let Step::Wait(until) = polling.step(now).unwrap() {
                let wait = until - now;
                prop_assert!(wait >= last && wait <= options.max, "{wait:?} after {last:?}");
                last = wait;
                now = until;
            } else {
                prop_assert!(options.initial.is_zero() || options.max.is_zero());
                break;
            }
        }
    }
}

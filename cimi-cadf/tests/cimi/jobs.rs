//! Jobs to CADF and back.

use cimi_cadf::cimi::Fate;
use cimi_cadf::correlate::Correlation;
use cimi_cadf::{Event, Validation, outcome};
use cimi_model::{Format, Job, JobState, Ref};
use proptest::prelude::*;

use super::fill::{Choices, Profile, fill};
use super::made::{Bytes, again, bytes, converter, shown, through};

fn job(bytes: &Bytes) -> Job {
    let mut choices = Choices::new(&bytes.0);
    let mut job = Job::default();
    fill(&mut job, &mut choices, Profile::Wild, 2, false);
    again(&job)
}

fn start() -> Job {
    Job {
        id: Some("jobs/1".into()),
        created: "2025-01-01T12:00:00Z".parse().ok(),
        state: Some(JobState::Stopped),
        action: Some("http://schemas.dmtf.org/cimi/2/action/suspend".into()),
        target_resource: Some(Ref::to("machines/1")),
        affected_resources: vec![Ref::to("machines/1"), Ref::to("volumes/2")],
        return_code: Some(7),
        progress: Some(100),
        status_message: Some("stopped by alice".into()),
        time_of_status_change: "2025-01-01T12:01:00.5Z".parse().ok(),
        parent_job: Some(Ref::to("jobs/0")),
        ..Job::default()
    }
}

#[test]
fn a_job_is_a_pair_of_events() {
    let converted = converter().job_to_cadf(&start()).unwrap();
    let paths: Vec<&str> = converted.notes.iter().map(|note| note.path.as_str()).collect();
    assert_eq!(paths, ["/Job/affectedResources"]);
    let [begun, ended] = &converted.value[..] else { panic!("{}", converted.value.len()) };
    assert_eq!(begun.outcome, Some(outcome::PENDING.into()));
    assert_eq!(begun.event_time.as_ref().unwrap().as_str(), "2025-01-01T12:00:00+00:00");
    assert_eq!((&begun.reason, &begun.duration, begun.attachments.len()), (&None, &None, 0));
    assert!(ended.outcome.as_ref().unwrap().is_a(outcome::FAILURE));
    assert_eq!(ended.action.as_ref().unwrap().as_str(), "stop/suspend");
    assert_eq!(ended.reason.as_ref().unwrap().reason_code.as_deref(), Some("7"));
    assert_eq!(ended.duration, "PT60.5S".parse().ok());
    assert_eq!(ended.measurements[0].result, Some(100.into()));
    assert_eq!(ended.target.as_ref().unwrap().id, Some("machines/1".into()));
    assert_eq!(ended.extensions.get("statusMessage"), Some(&"stopped by alice".into()));
    assert_eq!(begun.tags, ended.tags);
    assert_ne!(begun.id, ended.id);
    // They are found to belong together.
    let mut correlation = Correlation::default();
    assert!(correlation.push(begun).is_none());
    assert!(correlation.push(ended).is_some());
}

#[test]
fn a_job_that_goes_on_is_one_event() {
    for (state, expected) in [("QUEUED", "pending/queued"), ("RUNNING", "pending"), ("STOPPING", "pending/stopping")] {
        let job = Job { state: Some(state.into()), progress: Some(3), ..start() };
        let events = converter().job_to_cadf(&job).unwrap().value;
        assert_eq!((events.len(), events[0].outcome.as_ref().unwrap().as_str()), (1, expected));
        assert_eq!((events[0].duration.as_ref(), converter().job_to_cimi(&events).unwrap().value), (None, job));
    }
}

#[test]
fn without_attachments_much_survives() {
    let mut events = converter().job_to_cadf(&start()).unwrap().value;
    for event in &mut events {
        event.attachments.clear();
    }
    let found = converter().job_to_cimi(&events).unwrap();
    let mut expected = Job { affected_resources: Vec::new(), ..start() };
    expected.time_of_status_change = "2025-01-01T12:01:00.5+00:00".parse().ok();
    assert_eq!(found.value, expected);
    assert!(found.notes.iter().any(|note| note.fate == Fate::Approximate));
    assert!(converter().job_to_cimi(&[Event::default()]).is_err());
    assert!(converter().job_to_cimi(&[]).is_err());
}

#[test]
fn edited_fields_count() {
    let mut events = converter().job_to_cadf(&start()).unwrap().value;
    let last = &mut events[1];
    last.outcome = Some(outcome::SUCCESS.into());
    last.action = Some("start".into());
    last.reason.as_mut().unwrap().reason_code = Some("0".into());
    last.target.as_mut().unwrap().id = Some("machines/2".into());
    last.extensions.insert("vendor", true);
    let found = converter().job_to_cimi(&events).unwrap();
    let mut expected = Job {
        state: Some(JobState::Success),
        action: Some("http://schemas.dmtf.org/cimi/2/action/start".into()),
        return_code: Some(0),
        target_resource: Some(Ref::to("machines/2")),
        ..start()
    };
    expected.extensions = found.value.extensions.clone();
    assert_eq!(found.value, expected);
    let notes: Vec<_> = found.notes.iter().map(|note| (note.path.as_str(), note.fate)).collect();
    assert_eq!(
        notes,
        [
            ("/Job/state", Fate::Edited),
            ("/Job/targetResource", Fate::Edited),
            ("/Job/action", Fate::Edited),
            ("/Job/returnCode", Fate::Edited),
            ("/event/vendor", Fate::Aside),
            // The pending event says the old action and target.
            ("/event[0]", Fate::Dropped),
        ]
    );
    let again = converter().job_to_cadf(&found.value).unwrap().value;
    assert_eq!(again[1].extensions, events[1].extensions);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn jobs_survive(bytes in bytes()) {
        let job = job(&bytes);
        let events = converter().job_to_cadf(&job);
        let events = events.map_err(|error| TestCaseError::fail(format!("{error}\n{}", shown(&job))))?.value;
        for event in &events {
            let problems = Validation::strict().problems(event);
            prop_assert!(problems.is_empty(), "{problems:?}\n{}", shown(event));
        }
        for format in [Format::Json, Format::Xml] {
            let events: Vec<Event> = events.iter().map(|event| through(event, format)).collect();
            let back = converter().job_to_cimi(&events).unwrap();
            prop_assert_eq!(&back.value, &job, "\n{}", shown(&job));
            prop_assert_eq!(back.notes, []);
        }
        // In any order.
        let turned: Vec<Event> = events.into_iter().rev().collect();
        prop_assert_eq!(converter().job_to_cimi(&turned).unwrap().value, job);
    }
}

//! Jobs from the request to the end.

use cimi_model::lifecycle::{self, Component, Invocation, Rules};
use cimi_model::reflect::{Described, Record};
use cimi_model::relations::Relations;
use cimi_model::template::Expander;
use cimi_model::validate::{Severity, Validation};
use cimi_model::{
    Collection, DateTime, Error, ErrorKind, Job, JobState, Machine, MachineImage, MachineState, ReadOptions, Ref,
    Registry, System, SystemCreate, Type, Uri, json,
};
use cimi_protocol::provider::rules::job::{self, End};
use proptest::prelude::*;

fn at(second: u32) -> DateTime {
    format!("2025-01-01T00:00:{second:02}Z").parse().unwrap()
}

fn job() -> Job {
    let mut job = job::new("start", &"http://example.com/m/1".into(), &at(0));
    job.id = Some("http://example.com/jobs/1".into());
    job
}

fn conforms(job: &Job) {
    let problems = Validation::read().problems(job);
    let wrong: Vec<_> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    assert!(wrong.is_empty(), "{wrong:?}\n{job:?}");
}

#[test]
fn a_job_from_request_to_success() {
    let mut job = job();
    conforms(&job);
    assert_eq!(job.action, Some("http://schemas.dmtf.org/cimi/2/action/start".into()));
    assert_eq!(job.affected_resources, [Ref::to("http://example.com/m/1")]);
    job::run(&mut job, &at(1)).unwrap();
    job::advance(&mut job, 50, Some("booting")).unwrap();
    job::advance(&mut job, 30, None).unwrap(); // it does not go back
    assert_eq!((job.progress, job.status_message.as_deref()), (Some(50), Some("booting")));
    job::advance(&mut job, 100, None).unwrap(); // and is not done before it is
    assert_eq!((job.progress, job.time_of_status_change.clone()), (Some(99), Some(at(1))));
    conforms(&job);
    job::finish(&mut job, &End::Success, &at(2)).unwrap();
    assert_eq!((job.progress, job.return_code, job.time_of_status_change.clone()), (Some(100), Some(0), Some(at(2))));
    conforms(&job);
}

#[test]
fn a_finished_request_has_a_job_at_once() {
    let mut job = job();
    job::finish(&mut job, &End::Success, &at(0)).unwrap();
    assert!(job::is_over(&job));
    conforms(&job);
}

#[test]
fn failures_say_why() {
    let mut job = job();
    job::finish(&mut job, &End::failed(10_507, "no capacity left"), &at(1)).unwrap();
    assert_eq!((job.state.clone(), job.progress, job.return_code), (Some(JobState::Failed), Some(100), Some(10_507)));
    assert_eq!(job.status_message.as_deref(), Some("no capacity left"));
    conforms(&job);
    // Then nothing changes any more.
    let before = job.clone();
    assert_eq!(job::finish(&mut job, &End::Success, &at(2)).unwrap_err().kind(), ErrorKind::State);
    assert_eq!(job::advance(&mut job, 10, Some("?")).unwrap_err().kind(), ErrorKind::State);
    assert_eq!(job::stop(&mut job, &at(2)).unwrap_err().kind(), ErrorKind::State);
    assert_eq!(job, before);
}

#[test]
fn stopping_takes_time_and_may_come_too_late() {
    let mut stopped = job();
    job::run(&mut stopped, &at(1)).unwrap();
    job::stop(&mut stopped, &at(2)).unwrap();
    job::stop(&mut stopped, &at(3)).unwrap(); // again
    assert_eq!((stopped.state.clone(), stopped.time_of_status_change.clone()), (Some(JobState::Stopping), Some(at(2))));
    assert!(!job::is_over(&stopped) && job::run(&mut stopped, &at(3)).is_err());
    let mut late = stopped.clone();
    job::finish(&mut stopped, &End::stopped("by the consumer"), &at(4)).unwrap();
    assert_eq!((stopped.state.clone(), stopped.progress), (Some(JobState::Stopped), Some(100)));
    conforms(&stopped);
    job::finish(&mut late, &End::Success, &at(4)).unwrap();
    assert_eq!(late.state, Some(JobState::Success));
}

#[test]
fn deleting_a_running_job_stops_it_first() {
    let rules = Rules::of(Job::TYPE);
    let mut running = job();
    job::run(&mut running, &at(1)).unwrap();
    let without = rules.clone().without_operation("stop");
    assert_eq!(job::delete(&mut running.clone(), &without, &at(2)).unwrap_err().kind(), ErrorKind::State);
    assert!(!job::delete(&mut running, &rules, &at(2)).unwrap());
    assert_eq!(running.state, Some(JobState::Stopping));
    job::finish(&mut running, &End::stopped("deleted"), &at(3)).unwrap();
    assert!(job::delete(&mut running, &without, &at(4)).unwrap());
}

#[test]
fn nested_jobs_make_up_the_one_above() {
    let mut above = job();
    let mut nested: Vec<Job> =
        (0..3).map(|n| Job { id: Some(format!("http://example.com/jobs/1/{n}").into()), ..job() }).collect();
    for nested in &mut nested {
        job::nest(&mut above, nested).unwrap();
        job::nest(&mut above, nested).unwrap(); // once is enough
        assert_eq!(nested.parent_job, Some(Ref::to("http://example.com/jobs/1")));
    }
    assert_eq!(above.nested_jobs.len(), 3);
    assert!(job::nest(&mut above, &mut Job::default()).is_err());

    job::summarize(&mut above, &nested, &at(1)).unwrap();
    assert_eq!(above.state, Some(JobState::Queued));
    job::run(&mut nested[0], &at(2)).unwrap();
    job::advance(&mut nested[0], 60, None).unwrap();
    job::summarize(&mut above, &nested, &at(2)).unwrap();
    assert_eq!((above.state.clone(), above.progress), (Some(JobState::Running), Some(20)));
    job::finish(&mut nested[0], &End::Success, &at(3)).unwrap();
    job::finish(&mut nested[1], &End::failed(10_001, "disk full"), &at(3)).unwrap();
    job::summarize(&mut above, &nested, &at(3)).unwrap();
    assert_eq!((above.state.clone(), above.progress), (Some(JobState::Running), Some(66)));
    job::finish(&mut nested[2], &End::stopped("not needed"), &at(4)).unwrap();
    job::summarize(&mut above, &nested, &at(4)).unwrap();
    assert_eq!(
        (above.state.clone(), above.progress, above.return_code),
        (Some(JobState::Failed), Some(100), Some(10_001))
    );
    assert_eq!(above.status_message.as_deref(), Some("disk full"));
    conforms(&above);
    job::summarize(&mut above, &nested, &at(5)).unwrap();
    assert_eq!(above.time_of_status_change, Some(at(4)));
}

#[test]
fn what_a_creation_affects() {
    let text = r#"{"systemTemplate": {"componentDescriptors": [
        {"name": "m", "type": "http://schemas.dmtf.org/cimi/2/Machine", "machineTemplate": {
            "machineConfig": {"cpu": 1}, "volumes": [{"volume": {"href": "http://example.com/v/9"}}]}}]}}"#;
    let request: SystemCreate = json::from_slice(text.as_bytes(), &ReadOptions::default()).unwrap().value;
    let none = |_: &Uri, _: &'static Type| -> cimi_model::Result<Box<dyn Record>> {
        Err(Error::new(ErrorKind::Value, "none"))
    };
    let registry = Registry::standard();
    let mut plan = Expander::new(&registry, &none).instantiate(&request).unwrap();
    let before = job::affected_by_creation(&plan);
    assert_eq!(before, ["http://example.com/v/9".into()]);
    for step in plan.order().to_vec() {
        plan.assign(step, format!("http://example.com/new/{step}"));
    }
    let mut job = job::new("add", &"http://example.com/systems".into(), &at(0));
    job::affect(&mut job, job::affected_by_creation(&plan));
    let uris: Vec<&str> = job.affected_resources.iter().filter_map(|r| r.href.as_ref()).map(Uri::as_str).collect();
    assert_eq!(uris[0], "http://example.com/systems");
    assert_eq!(uris.len(), 2 + plan.steps().len());
    assert!(uris.contains(&"http://example.com/new/0") && uris.contains(&"http://example.com/v/9"), "{uris:?}");
}

#[test]
fn what_an_action_affects() {
    let machine = |id: &str, state| Machine { id: Some(id.into()), state: Some(state), ..Default::default() };
    let machines: Collection<Machine> =
        [machine("m/1", MachineState::Stopped), machine("m/2", MachineState::Started)].into_iter().collect();
    let system = System { id: Some("s/1".into()), machines: Some(Ref::by_value(machines)), ..Default::default() };
    let plan =
        lifecycle::perform(Component::of(&system), "start", &Invocation::default(), &lifecycle::expanded).unwrap();
    assert_eq!(job::affected_by_action(&plan), ["s/1".into(), "m/1".into()]);
}

#[test]
fn what_a_deletion_affects() {
    let image = MachineImage { id: Some("i/1".into()), ..Default::default() };
    let machine = Machine { id: Some("m/1".into()), latest_snapshot: Some(Ref::to("i/1")), ..Default::default() };
    let mut deletion_job = job::new("delete", &"i/1".into(), &at(0));
    deletion_job.id = Some("j/1".into());
    let resources: [&dyn Record; 3] = [&image, &machine, &deletion_job];
    let deletion = Relations::new(&resources, None).deletion(&["i/1"], &[]);
    let affected = job::affected_by_deletion(&deletion, &resources);
    assert_eq!(affected, ["m/1".into(), "j/1".into()]);
    let mut done = deletion_job.clone();
    job::affect(&mut done, affected.into_iter().filter(|uri| uri.as_str() != "j/1"));
    assert!(deletion.apply(&mut done));
    // What is deleted is not listed (5.17.1).
    assert_eq!(done.affected_resources, [Ref::to("m/1")]);
}

#[derive(Clone, Debug)]
enum Event {
    Run(usize),
    Advance(usize, i64),
    Succeed(usize),
    Fail(usize),
    Stop(usize),
    Stopped(usize),
}

fn event() -> impl Strategy<Value = Event> {
    let which = 0_usize..4;
    prop_oneof![
        which.clone().prop_map(Event::Run),
        (which.clone(), -50_i64..200).prop_map(|(n, percent)| Event::Advance(n, percent)),
        which.clone().prop_map(Event::Succeed),
        which.clone().prop_map(Event::Fail),
        which.clone().prop_map(Event::Stop),
        which.prop_map(Event::Stopped),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_jobs_stay_consistent(events in proptest::collection::vec(event(), 0..60)) {
        let mut above = job();
        let mut nested: Vec<Job> =
            (0..4).map(|n| Job { id: Some(format!("http://example.com/jobs/1/{n}").into()), ..job() }).collect();
        for nested in &mut nested {
            job::nest(&mut above, nested).unwrap();
        }
        for (second, event) in events.iter().enumerate() {
            let now = at(u32::try_from(second % 60).unwrap());
            let before = above.clone();
            let each_before = nested.clone();
            // What is not possible is refused, and changes nothing.
            let (n, result) = match *event {
                Event::Run(n) => (n, job::run(&mut nested[n], &now)),
                Event::Advance(n, percent) => (n, job::advance(&mut nested[n], percent, None)),
                Event::Succeed(n) => (n, job::finish(&mut nested[n], &End::Success, &now)),
                Event::Fail(n) => (n, job::finish(&mut nested[n], &End::failed(None, "broken"), &now)),
                Event::Stop(n) => (n, job::stop(&mut nested[n], &now)),
                Event::Stopped(n) => (n, job::finish(&mut nested[n], &End::stopped("enough"), &now)),
            };
            if result.is_err() {
                prop_assert_eq!(&nested[n], &each_before[n]);
            }
            job::summarize(&mut above, &nested, &now).unwrap();
            conforms(&above);
            nested.iter().for_each(conforms);
            prop_assert!(above.progress >= before.progress);
            let ended = nested.iter().all(job::is_over);
            prop_assert_eq!(job::is_over(&above), ended);
            let all_succeeded = nested.iter().all(|job| job.state == Some(JobState::Success));
            prop_assert_eq!(above.state == Some(JobState::Success), all_succeeded);
            prop_assert_eq!(above.progress == Some(100), ended);
        }
    }
}

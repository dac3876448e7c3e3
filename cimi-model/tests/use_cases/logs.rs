//! Log/Met-002, the logs of several resources.

use cimi_model::describe::{DescribeOptions, metadata_for};
use cimi_model::ext::logs::{
    LOG_SERVICES, LogFormat, LogServices, LogTransfer, Merge, ORIGIN, Origin, Reach, Schedule, Scope, Selection,
    TRANSFER_ACTION, TRANSFER_RUN, Window, gather, log_problems, system_log,
};
use cimi_model::ext::objective::{Comparison, Metrics, ServiceLevelObjective, Status, evaluate_meter};
use cimi_model::reflect::Described;
use cimi_model::validate::{Rule, Validation};
use cimi_model::{
    CloudEntryPoint, Collection, Dialect, Event, EventContent, EventLog, EventOutcome, EventSeverity, Job, JobState,
    LocatedVolume, Machine, Meter, NetworkInterface, ProtocolEndpoint, ReadOptions, Ref, Sample, System, Volume,
    aspect, event_type, json, xml,
};

use crate::logs_stored::{Stored, at, collection, filter, length, resources};

/// What a guest operating system logs, which CIMI knows nothing of.
const GUEST: &str = "http://example.com/events/guest";

fn machine(name: &str, address: &str) -> Machine {
    let endpoint = ProtocolEndpoint { address: Some(address.into()), ..Default::default() };
    let interface = NetworkInterface {
        id: Some(format!("machines/{name}/if0").into()),
        endpoints: Some(Ref::by_value(Collection::from_iter([endpoint]))),
        ..Default::default()
    };
    Machine {
        id: Some(format!("machines/{name}").into()),
        name: Some(name.into()),
        event_log: Some(Ref::to(format!("logs/{name}"))),
        interfaces: Some(Ref::by_value(Collection::from_iter([interface]))),
        ..Default::default()
    }
}

/// An Event about a resource.
fn event(id: &str, time: &str, type_uri: &str, resource: &str) -> Event {
    let content = EventContent { resource: Some(Ref::to(resource)), ..EventContent::default() };
    Event {
        id: Some(format!("events/{id}").into()),
        timestamp: Some(at(time)),
        type_uri: Some(type_uri.into()),
        content: Some(content),
        outcome: Some(EventOutcome::Status),
        ..Event::default()
    }
}

/// What else an Event reports.
fn with(mut event: Event, name: &str, value: impl Into<cimi_model::Any>) -> Event {
    event.content.as_mut().unwrap().extensions.insert(name, value);
    event
}

fn severe(event: Event, severity: EventSeverity) -> Event {
    Event { severity: Some(severity), ..event }
}

/// A System of two Machines and a Volume, in which another System with a Machine is.
fn shop() -> Stored {
    let mut stored = Stored::default();
    let mut db = machine("db", "10.0.0.8");
    let located = LocatedVolume {
        id: Some("machines/db/volumes/1".into()),
        volume: Some(Ref::to("volumes/data")),
        ..Default::default()
    };
    db.volumes = Some(Ref::by_value(Collection::from_iter([located])));
    stored.add(Volume { id: Some("volumes/data".into()), event_log: Some(Ref::to("logs/data")), ..Default::default() });
    stored.add(collection("systems/1/machines", vec![machine("web", "10.0.0.7"), db]));
    stored.add(collection("systems/1/volumes", vec![stored.get::<Volume>("volumes/data")]));
    let inner = System {
        id: Some("systems/2".into()),
        machines: Some(Ref::by_value(Collection::from_iter([machine("cache", "10.0.0.9")]))),
        ..Default::default()
    };
    stored.add(System {
        id: Some("systems/1".into()),
        name: Some("shop".into()),
        systems: Some(Ref::by_value(Collection::from_iter([inner]))),
        machines: Some(Ref::to("systems/1/machines")),
        volumes: Some(Ref::to("systems/1/volumes")),
        event_log: Some(Ref::to("logs/shop")),
        ..Default::default()
    });
    for name in ["shop", "web", "db", "cache", "data"] {
        stored.add_log(&format!("logs/{name}"), Vec::new());
    }
    stored
}

fn ids(entries: &[cimi_model::ext::logs::Entry<'_, &Event>]) -> Vec<String> {
    let id = |event: &Event| event.id.as_ref().unwrap().as_str().rsplit('/').next().unwrap().to_owned();
    entries.iter().map(|entry| id(entry.event)).collect()
}

#[test]
fn log_met_002_case_1_machine_overload() {
    let mut stored = shop();
    // The use of the processor, hour by hour, as state Events of the day before, and one from before that.
    let hours = (0..24).map(|hour| {
        let load = if hour < 17 { 30 } else { 97 };
        let time = format!("2025-03-01T{hour:02}:00:00Z");
        with(event(&format!("load{hour}"), &time, event_type::STATE, "machines/web"), "load", load)
    });
    let old = with(event("old", "2025-02-28T23:30:00Z", event_type::STATE, "machines/web"), "load", 99);
    let alarm = event("alarm", "2025-03-01T20:00:00Z", event_type::ALARM, "machines/web");
    let mut events: Vec<Event> = std::iter::once(old).chain(hours).collect();
    events.insert(22, alarm);
    stored.add_log("logs/web", events);
    // The guest keeps its own log, in its own time.
    let guest: Vec<Event> = [
        ("g1", "2025-03-01T16:59:00+01:00", "cron", 1),
        ("g2", "2025-03-01T17:10:00+01:00", "httpd", 20),
        ("g3", "2025-03-01T18:05:00+01:00", "httpd", 93),
        ("g4", "2025-03-01T18:59:59+01:00", "httpd", 95),
        ("g5", "2025-03-01T19:00:00+01:00", "httpd", 96),
    ]
    .map(|(id, time, process, load)| {
        with(with(event(id, time, GUEST, "machines/web"), "process", process), "load", load)
    })
    .into();

    // 1: A Consumer administrator finds that a Machine has become overloaded, via monitoring Meter data.
    let now = at("2025-03-02T00:00:00Z");
    let meter = Meter {
        target_resource: Some(Ref::to("machines/web")),
        aspect: Some(aspect::CPU.into()),
        units: Some("percent".into()),
        ..Meter::default()
    };
    let objective = ServiceLevelObjective {
        metric: Some(aspect::CPU.into()),
        comparison: Some(Comparison::AtMost),
        threshold: Some("80".into()),
        window: Some(length("PT10M")),
        ..ServiceLevelObjective::default()
    };
    let samples = ["23:52", "23:56"].map(|minute| Sample {
        timestamp: Some(at(&format!("2025-03-01T{minute}:00Z"))),
        value: Some("97".into()),
        ..Sample::default()
    });
    let found = evaluate_meter(&objective, &meter, &samples, &now, &Metrics::standard()).unwrap();
    assert_eq!(found.status, Status::Violated);

    // 2: The CPU usage of the previous 24 hours shows that the symptoms started at time x.
    let web = stored.get::<Collection<Machine>>("systems/1/machines").items[0].clone();
    let logs = system_log(&web, &stored, &Scope::default()).unwrap().fetch(&stored);
    assert_eq!((logs.logs.len(), logs.missing.len()), (1, 0));
    let day = Selection {
        window: Window::before(&now, &length("P1D")).unwrap(),
        types: vec![event_type::STATE.into()],
        resources: vec!["machines/web".into()],
        ..Selection::default()
    };
    let usage = logs.gather(&day).unwrap();
    assert_eq!((usage.entries.len(), usage.tallies[0].events, usage.tallies[0].wanted), (24, 26, 24));
    let high = Selection { filter: Some(filter("content/load>=90")), ..day };
    let x = logs.gather(&high).unwrap().entries[0].event.timestamp.clone().unwrap();
    assert_eq!(x, at("2025-03-01T17:00:00Z"));

    // 3: The event logs of the guest, non-CIMI, with timestamps between x ± 1 hour are examined.
    let guest_os =
        Origin { resource: Some(Ref::to("machines/web")), res_name: Some("guest".into()), ..Default::default() };
    let near = Selection { window: Window::around(&x, &length("PT1H")).unwrap(), ..Selection::default() };
    let own = logs.logs.iter().map(|(origin, events)| (origin, events.as_slice()));
    let both = gather(own.chain([(&guest_os, guest.as_slice())]), &near).unwrap();
    assert_eq!(ids(&both.entries), ["load16", "g2", "load17", "g3", "g4"].map(str::to_owned).to_vec());
    let from_guest = both.entries.iter().filter(|entry| entry.origin.res_name.as_deref() == Some("guest")).count();
    assert_eq!(from_guest, 3);

    // 4: The logs identify the problematic application.
    let heavy = Selection { filter: Some(filter("content/load>=90 and content/process!=''")), ..near };
    let found = gather([(&guest_os, guest.as_slice())], &heavy).unwrap();
    let processes: Vec<_> = found
        .entries
        .iter()
        .filter_map(|entry| entry.event.content.as_ref()?.extensions.get("process")?.as_str())
        .collect();
    assert_eq!(processes, ["httpd", "httpd"]);
}

#[test]
fn log_met_002_case_2_emergency_alert() {
    let mut stored = shop();
    let scan = |id: &str, time: &str, machine: &str| {
        let event = with(event(id, time, GUEST, machine), "signature", "port scan");
        severe(event, EventSeverity::High)
    };
    let mut alert = event("alert", "2025-03-05T12:00:00Z", event_type::ALARM, "networks/front");
    alert.content.as_mut().unwrap().code = Some("IDS/anomaly".into());
    let alert = with(severe(alert, EventSeverity::Critical), "address", "10.0.0.7");
    stored.add_log("logs/shop", vec![alert]);
    stored.add_log("logs/web", vec![event("w1", "2025-03-04T13:00:00Z", event_type::STATE, "machines/web")]);
    let web_guest = [
        scan("gw1", "2025-03-04T11:59:59Z", "machines/web"),
        event("gw2", "2025-03-04T12:00:00Z", GUEST, "machines/web"),
    ];
    let db_guest = [scan("gd1", "2025-03-04T11:30:00Z", "machines/db")];

    // 1: An intrusion detection system issues an emergency alert, which indicates an address.
    let system: System = stored.get("systems/1");
    let scope = system_log(&system, &stored, &Scope::default()).unwrap();
    let logs = scope.fetch(&stored);
    let urgent = Selection {
        types: vec!["http://schemas.dmtf.org/cimi/1/event/alarm".into()],
        severities: Selection::at_least(&EventSeverity::Critical),
        ..Selection::default()
    };
    let alerts = logs.gather(&urgent).unwrap();
    assert_eq!(ids(&alerts.entries), ["alert"]);
    assert_eq!(alerts.entries[0].origin.res_name.as_deref(), Some("shop"));
    let alert = alerts.entries[0].event;
    let address = alert.content.as_ref().unwrap().extensions.get("address").unwrap().as_str().unwrap();

    // 2: The address determines the Machine.
    let machines = stored.get::<Collection<Machine>>("systems/1/machines").items;
    let has_address = |machine: &&Machine| {
        let interfaces = &machine.interfaces.as_ref().unwrap().value.as_ref().unwrap().items;
        let mut endpoints =
            interfaces.iter().flat_map(|one| &one.endpoints.as_ref().unwrap().value.as_ref().unwrap().items);
        endpoints.any(|endpoint| endpoint.address.as_deref() == Some(address))
    };
    let attacked = machines.iter().find(has_address).unwrap();
    assert_eq!(attacked.name.as_deref(), Some("web"));

    // 3: The Events of the Machine and its guest for the previous 24 hours are examined for anomalies.
    let guest = |name: &str| Origin { res_name: Some(format!("guest of {name}")), ..Origin::default() };
    let (on_web, on_db) = (guest("web"), guest("db"));
    let own = system_log(attacked, &stored, &Scope::default()).unwrap().fetch(&stored);
    let of_machine = |selection: &Selection| {
        let own = own.logs.iter().map(|(origin, events)| (origin, events.as_slice()));
        ids(&gather(own.chain([(&on_web, &web_guest[..])]), selection).unwrap().entries)
    };
    let day = Window::before(alert.timestamp.as_ref().unwrap(), &length("P1D")).unwrap();
    let all = Selection { window: day.clone(), ..Selection::default() };
    assert_eq!(of_machine(&all), ["gw2", "w1"]);
    let anomalies = Selection { severities: Selection::at_least(&EventSeverity::High), ..all };
    assert_eq!(of_machine(&anomalies), Vec::<String>::new());

    // 4: If none is found, further logs are retrieved according to the timeline: the day before that.
    let before = Window::before(day.from.as_ref().unwrap(), &length("P1D")).unwrap();
    assert_eq!(before.to, day.from);
    let earlier = Selection { window: before, ..anomalies };
    assert_eq!(of_machine(&earlier), ["gw1"]);

    // 5: The logs of other Machines, CIMI and not, are examined for similar incidents.
    let similar = Selection { filter: Some(filter("content/signature='port scan'")), ..earlier };
    let others = logs.logs.iter().map(|(origin, events)| (origin, events.as_slice()));
    let others = gather(others.chain([(&on_db, &db_guest[..])]), &similar).unwrap();
    assert_eq!(ids(&others.entries), ["gd1"]);
    assert_eq!(others.entries[0].origin, &on_db);
}

#[test]
fn log_met_002_case_3_sudden_shutdown() {
    let mut stored = shop();
    let mut crash = event("crash", "2025-03-07T09:00:00Z", event_type::STATE, "machines/db");
    crash.content.as_mut().unwrap().state = Some("ERROR".into());
    let crash = Event { outcome: Some(EventOutcome::Failure), ..crash };
    stored.add_log("logs/db", vec![event("started", "2025-03-01T00:00:00Z", event_type::STATE, "machines/db"), crash]);
    let mut lost = event("lost", "2025-03-07T07:30:00Z", event_type::STATE, "volumes/data");
    lost.content.as_mut().unwrap().state = Some("ERROR".into());
    let noise = event("model", "2025-03-07T07:31:00Z", event_type::MODEL, "volumes/data");
    let alarm = severe(event("io", "2025-03-07T07:29:00Z", event_type::ALARM, "volumes/data"), EventSeverity::Critical);
    // This one is not in order.
    stored.add_log("logs/data", vec![noise, lost, alarm]);
    let guest = [
        with(event("g1", "2025-03-07T05:59:59Z", GUEST, "machines/db"), "message", "all is well"),
        with(event("g2", "2025-03-07T07:32:00Z", GUEST, "machines/db"), "message", "file system fault"),
        with(event("g3", "2025-03-07T09:00:00Z", GUEST, "machines/db"), "message", "going down"),
    ];

    // 1: The Consumer administrator finds an unexpected shutdown.
    let db = stored.get::<Collection<Machine>>("systems/1/machines").items[1].clone();
    let own = system_log(&db, &stored, &Scope { reach: Reach::Own, ..Scope::default() }).unwrap().fetch(&stored);
    let failures = Selection { outcomes: vec![EventOutcome::Failure], ..Selection::default() };
    let failures = own.gather(&failures).unwrap();
    assert_eq!(ids(&failures.entries), ["crash"]);
    let shutdown = failures.entries[0].event.timestamp.as_ref().unwrap();

    // 2: The logs of the guest for the 3 hours prior to it show a file system fault.
    let prior = Window::before(shutdown, &length("PT3H")).unwrap();
    let on_db = Origin::default();
    let hours = Selection { window: prior.clone(), ..Selection::default() };
    let found = gather([(&on_db, &guest[..])], &hours).unwrap();
    let messages: Vec<_> = found
        .entries
        .iter()
        .map(|entry| entry.event.content.as_ref().unwrap().extensions.get("message").unwrap())
        .collect();
    assert_eq!(messages, [&"file system fault".into()]);

    // 3: The logs of the Volumes used by the Machine identify one that is unavailable.
    let used = system_log(&db, &stored, &Scope { reach: Reach::Used, ..Scope::default() }).unwrap();
    assert_eq!(resources(&used.origins), ["machines/db", "volumes/data", "machines/db/if0"]);
    let volumes = Selection {
        types: vec![event_type::STATE.into(), event_type::ALARM.into()],
        resources: vec!["volumes/data".into()],
        ..hours
    };
    let logs = used.fetch(&stored);
    let found = logs.gather(&volumes).unwrap();
    assert_eq!(ids(&found.entries), ["io", "lost"]);
    assert_eq!((found.tallies[1].late, found.tallies[0].late), (2, 0));
    let unavailable = Selection { filter: Some(filter("content/state='ERROR'")), ..volumes };
    let found = logs.gather(&unavailable).unwrap();
    let volume = &found.entries[0].event.content.as_ref().unwrap().resource;
    assert_eq!((found.entries.len(), volume), (1, &Some(Ref::to("volumes/data"))));
}

/// The provider says that it transfers logs, and in which forms they can be had.
#[test]
fn log_met_002_case_4_is_advertised() {
    let services = LogServices {
        transfers: Some(Ref::to("logTransfers")),
        formats: vec![LogFormat::CimiJson, LogFormat::CadfJson],
        audit_log: Some("audit".into()),
        ..LogServices::default()
    };
    let mut entry = CloudEntryPoint::default();
    LOG_SERVICES.set(&mut entry, &services).unwrap();
    for dialect in [Dialect::V1, Dialect::V2] {
        let text = xml::to_string(&entry, dialect.into()).unwrap();
        let read = xml::from_slice::<CloudEntryPoint>(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
        assert_eq!(LOG_SERVICES.get(&read).unwrap().as_ref(), Some(&services), "{text}");
    }
    let mut options = DescribeOptions::new(Dialect::V2);
    options.extensions.push(LOG_SERVICES.description(Dialect::V2));
    let metadata = metadata_for(CloudEntryPoint::described(), &options);
    let known = Validation { metadata: vec![&metadata], ..Validation::read() };
    let unknown =
        |validation: &Validation<'_>| validation.problems(&entry).iter().any(|problem| problem.rule == Rule::Unknown);
    assert!(unknown(&Validation::read()) && !unknown(&known));
}

/// A transfer as a document, and as a provider reads it.
fn through(transfer: &LogTransfer) -> LogTransfer {
    let text = xml::to_string(transfer, Dialect::V2.into()).unwrap();
    xml::from_slice(text.as_bytes(), &ReadOptions::strict()).unwrap().value
}

#[test]
fn log_met_002_case_4_log_transfer() {
    let mut stored = shop();
    let hourly = |machine: &str| -> Vec<Event> {
        let time = |hour: usize| format!("2025-03-{:02}T{:02}:30:00Z", 1 + hour / 24, hour % 24);
        let made =
            |hour| event(&format!("{machine}{hour}"), &time(hour), event_type::STATE, &format!("machines/{machine}"));
        (0..96).map(made).collect()
    };
    stored.add_log("logs/web", hourly("web"));
    stored.add_log("logs/db", hourly("db"));

    // 1: The Consumer administrator creates a job that retrieves all logs once per day, at a specified time, and saves them
    // to a specified Volume.
    let mut transfer = LogTransfer {
        id: Some("logTransfers/1".into()),
        name: Some("nightly".into()),
        resources: vec![Ref::to("systems/1")],
        volume: Some(Ref::to("volumes/archive")),
        folder: Some("shop/".into()),
        first_run: Some(at("2025-03-02T03:00:00+01:00")),
        period: Some(length("P1D")),
        delay: Some(length("PT15M")),
        ..LogTransfer::default()
    };
    assert_eq!(transfer.problems(), []);
    transfer = through(&transfer);
    let schedule = Schedule::of(&transfer).unwrap();
    assert_eq!(schedule.due(None, &at("2025-03-02T01:59:59Z")).count(), 0);
    assert_eq!(schedule.next_after(&at("2025-03-01T00:00:00Z")).unwrap().due, at("2025-03-02T03:00:00+01:00"));

    // 2: The job is run: it has a Job, and saves what happened in the time that it is for.
    let mut saved: Vec<Event> = Vec::new();
    let system: System = stored.get("systems/1");
    let reach = transfer.reach.clone().unwrap_or(Reach::Components);
    let logs = system_log(&system, &stored, &Scope { reach, ..Scope::default() }).unwrap().fetch(&stored);
    let mut run_all = |transfer: &mut LogTransfer, now: &str, succeeds: bool| -> Vec<String> {
        let runs: Vec<_> = schedule.due(transfer.transferred_to.as_ref(), &at(now)).collect();
        let mut files = Vec::new();
        for run in runs {
            let mut job = transfer.job(&run).unwrap();
            assert_eq!((job.state.as_ref(), job.progress), (Some(&JobState::Queued), Some(0)));
            assert_eq!(job.target_resource, Some(Ref::to("logTransfers/1")));
            assert!(job.affected_resources.contains(&Ref::to("volumes/archive")));
            assert_eq!(job.action, Some(TRANSFER_ACTION.into()));
            let text = json::to_string(&job, Dialect::V2.into()).unwrap();
            job = json::from_slice::<Job>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
            files.push(TRANSFER_RUN.get(&job).unwrap().unwrap().file.unwrap());
            job.id = Some(format!("jobs/{}", run.number).into());
            if !succeeds {
                job.state = Some(JobState::Failed);
                assert!(!transfer.note(&job).unwrap());
                return files;
            }
            let found = logs.gather(&transfer.selection(&run).unwrap()).unwrap();
            let log = found.to_event_log(Some(Ref::to("systems/1"))).unwrap();
            assert_eq!(log_problems(&log), []);
            let text = json::to_string(&log, Dialect::V2.into()).unwrap();
            let read = json::from_slice::<EventLog>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
            saved.extend(read.events.unwrap().value.unwrap().items);
            job.state = Some(JobState::Success);
            assert!(transfer.note(&job).unwrap());
            assert!(!transfer.note(&job).unwrap(), "the same Job twice");
            assert_eq!(transfer.last_job, Some(Ref::to(job.id.clone().unwrap())));
        }
        files
    };
    let files = run_all(&mut transfer, "2025-03-02T02:00:00Z", true);
    assert_eq!(files, ["shop/events-20250301T014500Z-20250302T014500Z.json"]);
    assert_eq!(transfer.transferred_to, Some(at("2025-03-02T02:45:00+01:00")));

    // 3: It is run periodically: a run that fails is made up for, and so are days without any.
    assert_eq!(run_all(&mut transfer, "2025-03-02T12:00:00Z", true), Vec::<String>::new());
    assert_eq!(run_all(&mut transfer, "2025-03-03T02:00:00Z", false).len(), 1);
    assert_eq!(transfer.transferred_to, Some(at("2025-03-02T02:45:00+01:00")));
    assert_eq!(run_all(&mut transfer, "2025-03-05T02:00:00Z", true).len(), 3);
    assert_eq!(transfer.transferred_to, Some(at("2025-03-05T02:45:00+01:00")));

    // All Events since then have been saved once, and each says in whose log it was.
    let window = Window::between(at("2025-03-01T01:45:00Z"), at("2025-03-05T01:45:00Z"));
    let mut expected: Vec<_> = hourly("web").into_iter().chain(hourly("db")).collect();
    expected.retain(|event| window.contains(event.timestamp.as_ref().unwrap()));
    expected.sort_by_key(|event| event.timestamp.as_ref().unwrap().instant());
    assert_eq!(saved.len(), 2 * (96 - 2));
    let origin = |event: &Event| ORIGIN.get(event).unwrap().unwrap().resource;
    for (saved, expected) in saved.iter().zip(&expected) {
        let resource = expected.content.as_ref().unwrap().resource.clone();
        assert_eq!((&saved.id, origin(saved)), (&expected.id, resource));
    }

    // Switched off, nothing is due; switched on again, what was left out is.
    transfer.enabled = Some(false);
    let off = Schedule::of(&transfer).unwrap();
    let done = transfer.transferred_to.as_ref();
    assert_eq!(
        (off.due(done, &at("2025-03-09T02:00:00Z")).count(), off.next_after(&at("2025-03-09T02:00:00Z"))),
        (0, None)
    );
    assert_eq!(schedule.due(done, &at("2025-03-09T02:00:00Z")).count(), 4);
}

#[test]
fn log_met_002_the_log_of_a_system() {
    let mut stored = shop();
    let shared = |resource: &str| event("both", "2025-03-01T12:00:00Z", event_type::MODEL, resource);
    stored.add_log(
        "logs/shop",
        vec![shared("machines/web"), event("own", "2025-03-01T14:00:00+02:00", event_type::ACCESS, "systems/1")],
    );
    stored.add_log("logs/web", vec![shared("machines/web")]);
    stored.add_log("logs/cache", vec![event("c", "2025-03-01T11:59:59.999Z", event_type::STATE, "machines/cache")]);
    let system: System = stored.get("systems/1");

    let all = ["systems/1", "systems/2", "machines/cache", "machines/cache/if0", "machines/web", "machines/web/if0"];
    let all: Vec<&str> = all.into_iter().chain(["machines/db", "machines/db/if0", "volumes/data"]).collect();
    let log = system_log(&system, &stored, &Scope::default()).unwrap();
    assert_eq!((resources(&log.origins), log.missing.len()), (all, 0));
    assert_eq!(log.with_log().count(), 5);
    assert_eq!(log.origins[4].res_type, Some("http://schemas.dmtf.org/cimi/2/Machine".into()));
    let own = system_log(&system, &stored, &Scope { reach: Reach::Own, ..Scope::default() }).unwrap();
    assert_eq!(resources(&own.origins), ["systems/1"]);

    // An Event that is in two logs comes once, and says so.
    let logs = log.fetch(&stored);
    let found = logs.gather(&Selection::default()).unwrap();
    assert_eq!(ids(&found.entries), ["c", "both", "own"]);
    assert_eq!(found.entries[1].origin.res_name.as_deref(), Some("shop"));
    assert_eq!(found.entries[1].also.len(), 1);
    assert_eq!(found.entries[1].also[0].res_name.as_deref(), Some("web"));
    let labels = ORIGIN.all(&found.entries[1].labelled().unwrap()).unwrap();
    assert_eq!(labels.iter().map(|label| label.res_name.as_deref()).collect::<Vec<_>>(), [Some("shop"), Some("web")]);
    let merged = found.to_event_log(Some(Ref::to("systems/1"))).unwrap();
    let text = xml::to_string(&merged, Dialect::V1.into()).unwrap();
    let read = xml::from_slice::<EventLog>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
    let events = read.events.unwrap().value.unwrap().items;
    assert_eq!(ORIGIN.all(&events[1]).unwrap(), labels, "{text}");

    // The same from streams, as a consumer reads them.
    let texts: Vec<(Origin, String)> = logs
        .logs
        .iter()
        .map(|(origin, events)| {
            let events = collection("events", events.clone());
            (origin.clone(), xml::to_string(&events, Dialect::V2.into()).unwrap())
        })
        .collect();
    let streams = texts.iter().map(|(origin, text)| {
        (origin, cimi_model::stream::Members::<Event>::open(text.as_bytes(), &ReadOptions::default()).unwrap())
    });
    let mut merge = Merge::new(streams);
    let streamed: Vec<_> = merge.by_ref().map(|entry| entry.unwrap().event.id).collect();
    assert_eq!(streamed, found.entries.iter().map(|entry| entry.event.id.clone()).collect::<Vec<_>>());
    assert_eq!(merge.tallies(), found.tallies);
}

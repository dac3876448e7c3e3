//! Log/Met-003, monitoring and auditing with CADF: the same logs, of a whole cloud and of each resource.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use cimi_cadf::cimi::{Converter, Resources};
use cimi_cadf::{Event, Log, Part, Records, Resource, Validation, Writer};
use cimi_model::ext::logs::{
    Gathered, LogFormat, LogTransfer, Merge, ORIGIN, Origin, Schedule, Scope, Selection, SystemLog, gather, system_log,
};
use cimi_model::reflect::Record;
use cimi_model::{
    Collection, Error, ErrorKind, Event as CimiEvent, EventContent, EventLog, Format, Job, JobState, Machine, Meter,
    ReadOptions, Ref, Sample, System, Type, Uri, Volume, aspect, event_type,
};
use proptest::prelude::*;

const MACHINE: &str = "http://schemas.dmtf.org/cimi/2/Machine";
const VOLUME: &str = "http://schemas.dmtf.org/cimi/2/Volume";

fn converter() -> Converter {
    Converter::new(Resource::new("http://cloud.example.com/", "service/compute").named("cloud"))
}

/// An Event that names a resource, or none.
fn event(id: &str, minute: usize, type_uri: &str, resource: Option<(&str, &str)>) -> CimiEvent {
    let named = |(id, of_type): (&str, &str)| EventContent {
        resource: Some(Ref::to(id)),
        res_type: Some(of_type.into()),
        state: (type_uri == event_type::STATE).then(|| "STARTED".into()),
        ..EventContent::default()
    };
    CimiEvent {
        id: Some(format!("events/{id}").into()),
        timestamp: Some(format!("2025-01-01T{:02}:{:02}:00Z", minute / 60, minute % 60).parse().unwrap()),
        type_uri: Some(type_uri.into()),
        content: resource.map(named),
        severity: Some("low".into()),
        ..CimiEvent::default()
    }
}

fn log(name: &str, events: Vec<CimiEvent>) -> EventLog {
    EventLog {
        id: Some(format!("logs/{name}").into()),
        events: Some(Ref::by_value(Collection::from_iter(events))),
        ..EventLog::default()
    }
}

fn events(log: &EventLog) -> &[CimiEvent] {
    &log.events.as_ref().unwrap().value.as_ref().unwrap().items
}

fn machine(name: &str) -> Machine {
    let event_log = Some(Ref::to(format!("logs/{name}")));
    Machine { id: Some(format!("machines/{name}").into()), name: Some(name.into()), event_log, ..Machine::default() }
}

/// A cloud of two Systems, the second in the first, and a Machine in none.
struct Cloud {
    system: System,
    inner: System,
    logs: Vec<EventLog>,
}

impl Cloud {
    fn new() -> Self {
        let by_value = |machines: Vec<Machine>| Some(Ref::by_value(Collection::from_iter(machines)));
        let volume =
            Volume { id: Some("volumes/data".into()), event_log: Some(Ref::to("logs/data")), ..Volume::default() };
        let inner =
            System { id: Some("systems/2".into()), machines: by_value(vec![machine("cache")]), ..System::default() };
        let system = System {
            id: Some("systems/1".into()),
            machines: by_value(vec![machine("web")]),
            volumes: Some(Ref::by_value(Collection::from_iter([volume]))),
            systems: Some(Ref::by_value(Collection::from_iter([inner.clone()]))),
            ..System::default()
        };
        let web = ("machines/web", MACHINE);
        let logs = vec![
            log(
                "web",
                vec![
                    event("w1", 0, event_type::STATE, Some(web)),
                    event("w2", 2, event_type::ALARM, Some(web)),
                    event("both", 5, event_type::MODEL, Some(web)),
                    event("silent", 6, event_type::ALARM, None),
                ],
            ),
            log("data", vec![event("d1", 1, event_type::STATE, Some(("volumes/data", VOLUME)))]),
            log(
                "cache",
                vec![
                    event("c1", 3, event_type::ACCESS, Some(("machines/cache", MACHINE))),
                    event("both", 5, event_type::MODEL, Some(web)),
                ],
            ),
            log("alone", vec![event("a1", 4, event_type::STATE, Some(("machines/alone", MACHINE)))]),
        ];
        Self { system, inner, logs }
    }

    fn of(&self, record: &dyn Record) -> SystemLog {
        system_log(record, &|href: &Uri, wanted: &'static Type| self.stored(href, wanted), &Scope::default()).unwrap()
    }

    fn stored(&self, href: &Uri, _: &'static Type) -> cimi_model::Result<Box<dyn Record>> {
        let log = self.logs.iter().find(|log| log.id.as_ref() == Some(href));
        log.map(Record::boxed_clone).ok_or_else(|| Error::new(ErrorKind::Value, "there is no such resource"))
    }

    /// All resources, each with its log.
    fn origins(&self) -> Vec<Origin> {
        let mut all = self.of(&self.system).origins;
        all.extend(self.of(&machine("alone")).origins);
        all.retain(|origin| origin.event_log.is_some());
        all
    }

    fn log_of(&self, origin: &Origin) -> &EventLog {
        let href = origin.event_log.as_ref().unwrap().href.as_ref();
        self.logs.iter().find(|log| log.id.as_ref() == href).unwrap()
    }

    fn gathered<'a>(&'a self, origins: &'a [Origin]) -> Gathered<'a> {
        gather(origins.iter().map(|origin| (origin, events(self.log_of(origin)))), &Selection::default()).unwrap()
    }
}

/// The names of the Events that events were made of.
fn names(log: &Log) -> Vec<String> {
    let original = |event: &Event| converter().event_to_cimi(event).unwrap().value.id;
    let mut resolved = log.clone();
    resolved.resolve(&Default::default());
    let id = |event: &Event| original(event).map_or_else(|| "?".to_owned(), |id| id.as_str().replace("events/", ""));
    resolved.events.iter().map(id).collect()
}

fn valid(log: &Log) {
    let mut resolved = log.clone();
    resolved.resolve(&Default::default());
    for event in &resolved.events {
        assert_eq!(Validation::strict().problems(event), [], "{event:?}");
    }
}

#[test]
fn log_met_003_the_log_of_a_cloud() {
    let cloud = Cloud::new();
    let origins = cloud.origins();
    let global = converter().gathered_to_cadf(&cloud.gathered(&origins)).unwrap().value;
    valid(&global);
    assert_eq!(names(&global), ["w1", "d1", "w2", "c1", "a1", "both", "silent"]);

    // Through both formats, and back to CIMI: nothing is lost, and each Event says in whose log it was.
    for format in [Format::Json, Format::Xml] {
        let text = global.to_string(format, Default::default()).unwrap();
        let read = Log::read(text.as_bytes(), &ReadOptions::default()).unwrap().value;
        let back = converter().log_to_cimi(&read).unwrap().value;
        let back = events(&back);
        let gathered = cloud.gathered(&origins);
        for (event, entry) in back.iter().zip(&gathered.entries) {
            assert_eq!(*event, entry.labelled().unwrap());
            let mut plain = event.clone();
            assert!(ORIGIN.remove(&mut plain));
            assert_eq!(plain, *entry.event);
        }
        let both = ORIGIN.all(&back[5]).unwrap();
        let resources: Vec<_> = both.iter().map(|origin| origin.res_name.as_deref().unwrap()).collect();
        assert_eq!(resources, ["cache", "web"]);
    }
}

#[test]
fn log_met_003_the_log_of_a_resource() {
    let cloud = Cloud::new();
    let origins = cloud.origins();
    let global = converter().gathered_to_cadf(&cloud.gathered(&origins)).unwrap().value;
    // Selected from the global log, the log of a resource has the events that its own log leads to.
    for (uri, expected) in [
        ("machines/web", vec!["w1", "w2", "both", "silent"]),
        ("volumes/data", vec!["d1"]),
        ("machines/cache", vec!["c1", "both"]),
        ("machines/alone", vec!["a1"]),
        ("systems/1", vec![]),
    ] {
        let part = Resources::default().with(uri).select(&global);
        assert_eq!(names(&part), expected, "{uri}");
        let Some(origin) = origins.iter().find(|origin| origin.resource == Some(Ref::to(uri))) else { continue };
        let own = converter().log_to_cadf(cloud.log_of(origin)).unwrap().value;
        let ids = |log: &Log| log.events.iter().map(|event| event.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&part), ids(&own));
        // It says nothing of the others.
        let text = part.to_string(Format::Json, Default::default()).unwrap();
        let others = origins.iter().filter_map(|other| other.resource.as_ref()?.href.as_ref()).map(Uri::as_str);
        let shared = |other: &str| uri == other || names(&part).contains(&"both".to_owned());
        for other in others.filter(|other| !shared(other)) {
            assert!(!text.contains(other), "{uri}: {other}\n{text}");
        }
    }
    // An Event that names no resource is about the one in whose log it was.
    let mut of_web = Resources::default().with("machines/web").select(&global);
    of_web.resolve(&Default::default());
    let target = of_web.events[3].resource(Part::Target).unwrap();
    assert_eq!(target.id.as_ref().unwrap().as_str(), "machines/web");
    assert_eq!(target.type_uri.as_ref().unwrap().as_str(), "compute/machine");
}

#[test]
fn log_met_003_by_type_and_by_system() {
    let cloud = Cloud::new();
    let origins = cloud.origins();
    let global = converter().gathered_to_cadf(&cloud.gathered(&origins)).unwrap().value;
    let select = |resources: Resources| names(&resources.select(&global));
    assert_eq!(select(Resources::default()), Vec::<String>::new());
    assert_eq!(select(Resources::default().with_type(VOLUME)), ["d1"]);
    assert_eq!(
        select(Resources::default().with_type("http://schemas.dmtf.org/cimi/1/Machine")),
        ["w1", "w2", "c1", "a1", "both", "silent"]
    );
    let whole = cloud.of(&cloud.system);
    assert_eq!(select(Resources::default().with_system(&whole)), ["w1", "d1", "w2", "c1", "both", "silent"]);
    let inner = cloud.of(&cloud.inner);
    assert_eq!(select(Resources::default().with_system(&inner)), ["c1", "both"]);
    assert_eq!(select(Resources::default().with_system(&inner).with("volumes/data")), ["d1", "c1", "both"]);
    // URIs may be written in full.
    let base = Uri::from("http://cloud.example.com/cimi/");
    let full = Resources::new(Some(&base)).with("http://cloud.example.com/cimi/volumes/data");
    assert_eq!(select(full), ["d1"]);
}

/// Metering and Jobs use the same format, so that one tool reads all.
#[test]
fn log_met_003_one_log_of_events_meters_and_jobs() {
    let cloud = Cloud::new();
    let origins = cloud.origins();
    let gathered = cloud.gathered(&origins);
    let sample = |minute: u32| Sample {
        timestamp: Some(format!("2025-01-01T00:{minute:02}:30Z").parse().unwrap()),
        value: Some(minute.to_string()),
        ..Sample::default()
    };
    let meter = Meter {
        id: Some("meters/1".into()),
        target_resource: Some(Ref::to("machines/web")),
        aspect: Some(aspect::CPU.into()),
        units: Some("percent".into()),
        samples: Some(Ref::by_value(Collection::from_iter([sample(0), sample(3)]))),
        ..Meter::default()
    };
    let job = Job {
        id: Some("jobs/1".into()),
        state: Some(JobState::Success),
        action: Some("http://schemas.dmtf.org/cimi/2/action/start".into()),
        target_resource: Some(Ref::to("machines/web")),
        affected_resources: vec![Ref::to("machines/web")],
        time_of_status_change: Some("2025-01-01T00:01:30Z".parse().unwrap()),
        ..Job::default()
    };
    let mut global = converter().gathered_to_cadf(&gathered).unwrap().value;
    global.resolve(&Default::default());
    let samples = converter().meter_to_cadf(&meter).unwrap().value;
    let job = converter().job_to_cadf(&job).unwrap().value;
    let jobs = job.len();
    assert!(jobs > 0);
    let one = Log::merged([global.events.clone(), samples, job, global.events.clone()]);
    valid(&one);
    assert_eq!(one.events.len(), 7 + 2 + jobs);
    let times: Vec<_> = one.events.iter().map(|event| event.event_time.as_ref().unwrap().instant().unwrap()).collect();
    assert!(times.is_sorted());
    let of_web = Resources::default().with("machines/web").select(&one);
    assert_eq!(of_web.events.len(), 4 + 2 + jobs);
    valid(&of_web);
}

/// Logs of any size: read, merged, converted, written, read and selected event by event.
#[test]
fn log_met_003_streams() {
    let cloud = Cloud::new();
    let origins = cloud.origins();
    let streams = origins.iter().map(|origin| (origin, events(cloud.log_of(origin)).iter().cloned().map(Ok)));
    let mut writer = Writer::lines(Vec::new());
    for entry in Merge::new(streams) {
        writer.write(&converter().entry_to_cadf(&entry.unwrap()).unwrap().value).unwrap();
    }
    let lines = writer.finish().unwrap();
    let records = || Records::new(&lines[..], ReadOptions::default()).map(|record| record.event.unwrap().value);
    let mut global = converter().gathered_to_cadf(&cloud.gathered(&origins)).unwrap().value;
    global.resolve(&Default::default());
    assert_eq!(records().collect::<Vec<_>>(), global.events);
    let web = Resources::default().with("machines/web");
    assert_eq!(records().filter(|event| web.relates(event)).count(), 4);
}

/// The variation of case 4: what is transferred is converted to CADF.
#[test]
fn log_met_002_case_4_variation_cadf() {
    let cloud = Cloud::new();
    let origins = cloud.origins();
    let transfer = LogTransfer {
        volume: Some(Ref::to("volumes/archive")),
        format: Some(LogFormat::CadfXml),
        first_run: Some("2025-01-01T00:02:00Z".parse().unwrap()),
        period: Some("PT2M".parse().unwrap()),
        ..LogTransfer::default()
    };
    let schedule = Schedule::of(&transfer).unwrap();
    let mut saved = Vec::new();
    for run in schedule.due(None, &"2025-01-01T00:09:59Z".parse().unwrap()) {
        assert!(transfer.file(&run).ends_with("Z.cadf.xml"));
        let selection = transfer.selection(&run).unwrap();
        let found = gather(origins.iter().map(|origin| (origin, events(cloud.log_of(origin)))), &selection).unwrap();
        let log = converter().gathered_to_cadf(&found).unwrap().value;
        let text = log.to_string(Format::Xml, Default::default()).unwrap();
        saved.push(names(&Log::read(text.as_bytes(), &ReadOptions::default()).unwrap().value));
    }
    assert_eq!(saved, [vec!["w1", "d1"], vec!["w2", "c1"], vec!["a1", "both"], vec!["silent"]]);
}

#[test]
fn an_event_without_an_id_keeps_its_identifier() {
    let named = CimiEvent { id: None, ..event("", 0, event_type::STATE, Some(("machines/web", MACHINE))) };
    let unnamed = CimiEvent { id: None, ..event("", 0, event_type::ALARM, None) };
    let own = |event: &CimiEvent| converter().event_to_cadf(event).unwrap().value.id;
    let labelled = |event: &CimiEvent, resource: &str| {
        let mut event = event.clone();
        ORIGIN.set(&mut event, &Origin { resource: Some(Ref::to(resource)), ..Origin::default() }).unwrap();
        own(&event)
    };
    assert_eq!(labelled(&named, "machines/web"), own(&named));
    assert_eq!(labelled(&named, "systems/1"), own(&named));
    // One that says nothing of itself is another event where it is found of another resource.
    assert_ne!(labelled(&unnamed, "machines/1"), labelled(&unnamed, "machines/2"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any part of the global log is what the logs of the resources have, looked at one by one.
    #[test]
    fn parts_agree_with_looking_at_each_log(
        logs in prop::collection::vec(prop::collection::vec((0_usize..6, 0_u8..9, 0_usize..4), 0..5), 1..5),
        wanted in prop::collection::vec(0_usize..5, 0..4),
        machines in any::<bool>(),
    ) {
        let uri = |number: usize| format!("{}/{number}", if number.is_multiple_of(2) { "machines" } else { "volumes" });
        let type_of = |number: usize| if number.is_multiple_of(2) { MACHINE } else { VOLUME };
        let origins: Vec<Origin> = (0..logs.len())
            .map(|number| Origin { resource: Some(Ref::to(uri(number))), res_type: Some(type_of(number).into()), ..Origin::default() })
            .collect();
        // Each names one of the resources, or the one of its log if there is none of that number.
        let named = |log: usize, about: usize| if about < logs.len() { about } else { log };
        let made: Vec<Vec<CimiEvent>> = logs.iter().enumerate().map(|(log, events)| {
            let mut sorted = events.clone();
            sorted.sort_unstable();
            let of = |(minute, id, about): &(usize, u8, usize)| {
                let resource = uri(*about);
                let about = (*about < logs.len()).then_some((resource.as_str(), type_of(*about)));
                // An identifier is of one Event.
                let id = format!("{minute}-{id}-{}", about.map_or_else(|| format!("of{log}"), |(uri, _)| uri.replace('/', "")));
                event(&id, *minute, event_type::STATE, about)
            };
            sorted.iter().map(of).collect()
        }).collect();
        let gathered = gather(origins.iter().zip(made.iter().map(Vec::as_slice)), &Selection::default()).unwrap();
        let global = converter().gathered_to_cadf(&gathered).unwrap().value;
        let mut resources = wanted.iter().fold(Resources::default(), |resources, number| resources.with(&uri(*number)));
        if machines {
            resources = resources.with_type(MACHINE);
        }
        let is_wanted = |number: usize| wanted.contains(&number) || (machines && number.is_multiple_of(2));
        let mut expected: Vec<String> = Vec::new();
        for (log, events) in logs.iter().enumerate() {
            let mut sorted = events.clone();
            sorted.sort_unstable();
            for ((_, _, about), event) in sorted.iter().zip(&made[log]) {
                if is_wanted(log) || is_wanted(named(log, *about)) {
                    expected.push(event.id.as_ref().unwrap().as_str().replace("events/", ""));
                }
            }
        }
        expected.sort_unstable();
        expected.dedup();
        let part = resources.select(&global);
        let mut found = names(&part);
        found.sort_unstable();
        prop_assert_eq!(found, expected);
    }
}

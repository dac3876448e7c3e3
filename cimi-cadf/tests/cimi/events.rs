//! Events of CIMI to CADF and back.

use cimi_cadf::cimi::Fate;
use cimi_cadf::{EventType, Validation, action, outcome};
use cimi_model::ext::objective::Metrics;
use cimi_model::ext::scaling::{
    ALARM_CODE_CANNOT_SCALE, Scaler, ScalingKind, ScalingPolicy, ScalingTrigger, cannot_scale,
};
use cimi_model::resources::event_type;
use cimi_model::{DateTime, Dialect, Event, EventContent, EventOutcome, Format, Machine, Ref, Sample, System, aspect};
use proptest::prelude::*;

use super::made::{bytes, converter, event, plain_event, shown, through};

fn state(outcome: EventOutcome) -> Event {
    Event {
        id: Some("events/1".into()),
        timestamp: Some("2025-01-01T12:00:00Z".parse().unwrap()),
        type_uri: Some(event_type::STATE.into()),
        outcome: Some(outcome),
        content: Some(EventContent {
            res_name: Some("db".into()),
            resource: Some(Ref::to("machines/1")),
            res_type: Some("http://schemas.dmtf.org/cimi/2/Machine".into()),
            state: Some("STOPPED".into()),
            previous: Some("STARTED".into()),
            ..EventContent::default()
        }),
        ..Event::default()
    }
}

#[test]
fn a_state_is_measured() {
    let found = converter().event_to_cadf(&state(EventOutcome::Status)).unwrap();
    let event = found.value;
    assert_eq!(found.notes.iter().map(|note| note.path.as_str()).collect::<Vec<_>>(), ["/Event/id"]);
    assert_eq!(event.event_type, Some(EventType::Monitor));
    assert_eq!(event.event_time.as_ref().unwrap().as_str(), "2025-01-01T12:00:00+00:00");
    assert!(event.outcome.as_ref().unwrap().is_a(outcome::SUCCESS));
    let target = event.target.as_ref().unwrap();
    assert_eq!((target.id.as_ref().unwrap().as_str(), target.name.as_deref()), ("machines/1", Some("db")));
    assert_eq!(target.type_uri.as_ref().unwrap().as_str(), "compute/machine");
    let results: Vec<_> = event.measurements.iter().map(|found| found.result.as_ref().unwrap().as_str()).collect();
    assert_eq!(results, [Some("STOPPED"), Some("STARTED")]);
    assert_eq!(event.initiator, event.observer);
    assert_eq!(event.tags[0].as_str(), "//schemas.dmtf.org/cimi/2/event?value=state");
    let attachment = &event.attachments[0];
    assert_eq!(attachment.name.as_deref(), Some("cimi-event"));
    assert_eq!(attachment.content_type.as_ref().unwrap().as_str(), "http://schemas.dmtf.org/cimi/2/Event");
    assert_eq!(attachment.content.as_ref().unwrap().get("id"), Some(&"events/1".into()));
}

#[test]
fn identifiers_follow_from_identifier_and_time() {
    let converter = converter();
    let id = |event: &Event| converter.event_to_cadf(event).unwrap().value.id.unwrap();
    let first = state(EventOutcome::Status);
    let uuid = id(&first).uuid().unwrap();
    assert_eq!(uuid >> 76 & 0xF, 5, "a UUID by name");
    assert_eq!(id(&first), id(&Event { outcome: None, ..first.clone() }));
    let later = Event { timestamp: Some("2025-01-01T12:00:01Z".parse().unwrap()), ..first.clone() };
    assert_ne!(id(&first), id(&later));
    // Without an identifier in CIMI, all of it counts.
    let nameless = Event { id: None, ..first };
    assert_eq!(id(&nameless), id(&nameless.clone()));
    assert_ne!(id(&nameless), id(&Event { outcome: None, ..nameless.clone() }));
    let mut own = converter.clone();
    own.identify = |name| format!("urn:x:{}", name.len()).into();
    assert!(own.event_to_cadf(&nameless).unwrap().value.id.unwrap().as_str().starts_with("urn:x:"));
}

#[test]
fn each_type_has_its_action_target_and_reason() {
    let made = |type_uri: &str, content: EventContent| {
        let event = Event { type_uri: Some(type_uri.into()), content: Some(content), ..state(EventOutcome::Failure) };
        converter().event_to_cadf(&event).unwrap().value
    };
    let alarm = made(event_type::ALARM, EventContent { code: Some("17".into()), ..EventContent::default() });
    assert_eq!((alarm.event_type, alarm.action), (Some(EventType::Control), Some(action::NOTIFY.into())));
    assert_eq!(alarm.target, alarm.observer);
    let reason = alarm.reason.unwrap();
    assert_eq!((reason.reason_code.as_deref(), reason.reason_type), (Some("17"), Some(event_type::ALARM.into())));
    let silent = made(event_type::ALARM, EventContent::default());
    assert_eq!(silent.reason.unwrap().policy_type, Some(event_type::ALARM.into()));

    let change = EventContent { change: Some("delete".into()), ..EventContent::default() };
    let model = made(event_type::MODEL, change);
    assert_eq!((model.event_type, model.action), (Some(EventType::Activity), Some(action::DELETE.into())));

    let request = EventContent {
        operation: Some("HEAD".into()),
        initiator: Some("Jo Do".into()),
        detail: Some("x".into()),
        ..EventContent::default()
    };
    let access = made(event_type::ACCESS, request);
    assert!(access.action.as_ref().unwrap().is_a(action::READ));
    let initiator = access.initiator.unwrap();
    assert_eq!((initiator.id.unwrap().as_str(), initiator.name.as_deref()), ("Jo%20Do", Some("Jo Do")));
    assert_eq!(access.extensions.get("detail"), Some(&"x".into()));
    assert_eq!(access.target.unwrap().type_uri, Some("service".into()));
}

#[test]
fn bc_dr_003_inability_to_scale_is_notified() {
    let policy = ScalingPolicy {
        kind: Some(ScalingKind::OutIn),
        resource_type: Some("http://schemas.dmtf.org/cimi/2/Machine".into()),
        metric: Some(aspect::CPU.into()),
        grow: Some(ScalingTrigger { threshold: Some("70".into()), ..ScalingTrigger::default() }),
        maximum: Some(1),
        ..ScalingPolicy::default()
    };
    let metrics = Metrics::standard();
    let scaler = Scaler::of(&policy, &metrics).unwrap();
    let now: DateTime = "2025-01-01T12:00:00Z".parse().unwrap();
    let sample = Sample { timestamp: Some(now.clone()), value: Some("97".into()), ..Sample::default() };
    let machine = Machine { id: Some("machines/1".into()), ..Machine::default() };
    let member = scaler.member(&machine, None, &[sample]).unwrap();
    let decisions = scaler.decide(&[member], &[], now.instant().unwrap().to_utc()).unwrap();
    let system = System { id: Some("systems/1".into()), ..System::default() };
    let alarm = cannot_scale(&policy, &decisions[0], &system).unwrap();

    let event = converter().event_to_cadf(&alarm).unwrap().value;
    assert_eq!(
        (event.event_type.clone(), event.action.clone()),
        (Some(EventType::Control), Some(action::NOTIFY.into()))
    );
    assert_eq!(event.reason.as_ref().unwrap().reason_code.as_deref(), Some(ALARM_CODE_CANNOT_SCALE));
    assert!(event.target.as_ref().unwrap().id.as_ref().unwrap().as_str().ends_with("systems/1"));
    assert!(Validation::strict().accepts(&event));
    assert_eq!(converter().event_to_cimi(&event).unwrap().value, alarm);
}

#[test]
fn what_has_no_time_needs_one() {
    let mut converter = converter();
    let event = Event { timestamp: None, ..state(EventOutcome::Status) };
    let supplied = converter.event_to_cadf(&event).unwrap();
    assert!(supplied.notes.iter().any(|note| note.path == "/Event/timestamp" && note.fate == Fate::Supplied));
    converter.time = None;
    assert_eq!(converter.event_to_cadf(&event).unwrap_err().path(), "/Event/timestamp");
    let created = Event { created: Some("2001-01-01T00:00:00Z".parse().unwrap()), ..event };
    let time = converter.event_to_cadf(&created).unwrap().value.event_time.unwrap();
    assert_eq!(time.as_str(), "2001-01-01T00:00:00+00:00");
    converter.observer.type_uri = None;
    assert_eq!(converter.event_to_cadf(&created).unwrap_err().path(), "/event/initiator/typeURI");
}

/// Whether an Event is one whose content is a CADF event, which comes out as it is.
fn is_audit(event: &Event) -> bool {
    event.type_uri.as_ref().is_some_and(|uri| uri.as_str().starts_with(event_type::AUDIT))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any Event of any type, through both formats of CADF and with attachments in both dialects.
    #[test]
    fn events_survive(bytes in bytes()) {
        let event = event(&bytes.0);
        for dialect in [Dialect::V1, Dialect::V2] {
            let mut converter = converter();
            converter.dialect = dialect;
            let cadf = converter.event_to_cadf(&event);
            let cadf = cadf.map_err(|error| TestCaseError::fail(format!("{error}\n{}", shown(&event))))?.value;
            prop_assert!(is_audit(&event) || Validation::strict().problems(&cadf).is_empty(),
                "{:?}", Validation::strict().problems(&cadf));
            for cadf in [through(&cadf, Format::Json), through(&cadf, Format::Xml), cadf] {
                let back = converter.event_to_cimi(&cadf).unwrap();
                prop_assert_eq!(&back.value, &event, "\n{}\n{}", shown(&event), shown(&cadf));
                prop_assert!(is_audit(&event) || back.notes.is_empty(), "{:?}", back.notes);
            }
        }
    }

    /// The provider that reads need not be the one that wrote.
    #[test]
    fn any_converter_restores(bytes in bytes()) {
        let event = event(&bytes.0);
        let cadf = converter().event_to_cadf(&event).unwrap().value;
        let other = cimi_cadf::cimi::Converter::new(cimi_cadf::Resource::new("other", "service"));
        prop_assert_eq!(other.event_to_cimi(&cadf).unwrap().value, event);
    }

    /// Without attachments, all that table 54 and 55 have for the type survives.
    #[test]
    fn much_survives_without_attachments(bytes in bytes()) {
        let event = plain_event(&bytes.0);
        let mut cadf = converter().event_to_cadf(&event).unwrap().value;
        cadf.attachments.clear();
        let back = converter().event_to_cimi(&cadf).unwrap().value;
        let instant = |event: &Event| event.timestamp.as_ref().and_then(DateTime::instant);
        prop_assert_eq!(instant(&back), instant(&event));
        prop_assert_eq!(&back.type_uri, &event.type_uri);
        prop_assert_eq!(&back.outcome, &event.outcome);
        prop_assert_eq!(&back.severity, &event.severity);
        prop_assert_eq!(&back.name, &event.name);
        let (mut says, mut said) = (event.content.clone().unwrap(), back.content.unwrap_or_default());
        // What the type of the Event does not have.
        let kind = event.type_uri.as_ref().map(cimi_model::Uri::as_str);
        if kind != Some(event_type::MODEL) {
            says.change = None;
        }
        if kind != Some(event_type::ACCESS) {
            says.operation = None;
        }
        // A URI that is none is written as one, and `unknown` is nobody's.
        let conforms = |content: &EventContent| {
            let href = content.resource.as_ref().and_then(|resource| resource.href.as_ref());
            href.is_none_or(|href| !matches!(href.as_str(), "unknown" | "a b"))
        };
        if !conforms(&says) {
            (says.resource, said.resource) = (None, None);
        }
        prop_assert_eq!(said, says, "\n{}", shown(&cadf));
    }
}

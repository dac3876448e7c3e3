//! Meters with Samples to CADF and back.

use cimi_cadf::cimi::Fate;
use cimi_cadf::{Event, Validation};
use cimi_model::resources::aspect;
use cimi_model::{Collection, Format, Meter, Ref, Sample, TimeScope};
use proptest::prelude::*;

use super::fill::{Choices, Profile, fill};
use super::made::{Bytes, again, bytes, converter, shown, through};

fn meter(bytes: &Bytes) -> Meter {
    let mut choices = Choices::new(&bytes.0);
    let mut meter = Meter::default();
    fill(&mut meter, &mut choices, Profile::Wild, 2, false);
    meter.extensions.remove("samples");
    let samples = meter.samples.get_or_insert_default().value.get_or_insert_default();
    for _ in 0..=choices.below(3) {
        let mut sample = Sample::default();
        fill(&mut sample, &mut choices, Profile::Wild, 1, false);
        samples.items.push(sample);
    }
    again(&meter)
}

fn cpu() -> Meter {
    let sample = |time: &str, value: &str| Sample {
        timestamp: time.parse().ok(),
        value: Some(value.into()),
        ..Sample::default()
    };
    let samples = [sample("2025-01-01T12:00:00+00:00", "17"), sample("2025-01-01T12:01:00+00:00", "19.50")];
    Meter {
        id: Some("meters/1".into()),
        name: Some("load".into()),
        target_resource: Some(Ref::to("machines/1")),
        aspect: Some(aspect::CPU.into()),
        units: Some("percent".into()),
        sample_interval: Some(60),
        time_scope: Some(TimeScope::Interval),
        interval_duration: "PT1M".parse().ok(),
        is_continuous: Some(true),
        min_value: Some("0".into()),
        max_value: Some("100".into()),
        samples: Some(Ref::by_value(Collection { items: samples.into(), ..Collection::default() })),
        ..Meter::default()
    }
}

#[test]
fn a_sample_is_a_measurement() {
    let converted = converter().meter_to_cadf(&cpu()).unwrap();
    assert_eq!(converted.notes, []);
    let event = &converted.value[1];
    assert_eq!(event.event_time.as_ref().unwrap().as_str(), "2025-01-01T12:01:00+00:00");
    let measurement = &event.measurements[0];
    assert_eq!(measurement.result, Some("19.50".into()));
    let metric = measurement.metric.as_ref().unwrap();
    assert_eq!((metric.metric_id.as_ref().unwrap().as_str(), metric.unit.as_deref()), ("meters/1", Some("percent")));
    assert_eq!((metric.name.as_deref(), metric.annotations.get("aspect")), (Some("load"), Some(aspect::CPU)));
    assert_eq!(metric.annotations.get_any("sampleInterval"), Some(&60.into()));
    assert_eq!(event.target.as_ref().unwrap().id, Some("machines/1".into()));
    assert_eq!((converted.value[0].attachments.len(), event.attachments.len()), (2, 1));
}

#[test]
fn without_attachments_much_survives() {
    let mut events = converter().meter_to_cadf(&cpu()).unwrap().value;
    for event in &mut events {
        event.attachments.clear();
    }
    let found = converter().meter_to_cimi(&events).unwrap();
    assert_eq!(found.value, cpu());
    assert!(found.notes.iter().any(|note| note.fate == Fate::Approximate));
    // So it is with measurements of others.
    events[0].measurements[0].result = Some(21.into());
    events[0].measurements[0].metric.as_mut().unwrap().annotations = Default::default();
    let found = converter().meter_to_cimi(&events[..1]).unwrap().value;
    let samples = found.samples.unwrap().value.unwrap();
    assert_eq!((samples.items[0].value.as_deref(), found.units.as_deref()), (Some("21"), Some("percent")));
    assert!(converter().meter_to_cimi(&[Event::default()]).is_err());
    assert!(converter().meter_to_cimi(&[]).is_err());
}

#[test]
fn edited_fields_count() {
    let mut events = converter().meter_to_cadf(&cpu()).unwrap().value;
    events[1].measurements[0].result = Some("20".into());
    events[1].event_time = "2025-01-01T12:02:00+00:00".parse().ok();
    for event in &mut events {
        event.measurements[0].metric.as_mut().unwrap().unit = Some("permille".into());
        event.target.as_mut().unwrap().id = Some("machines/2".into());
    }
    let found = converter().meter_to_cimi(&events).unwrap();
    let mut expected = Meter { target_resource: Some(Ref::to("machines/2")), units: Some("permille".into()), ..cpu() };
    let sample = &mut expected.samples.as_mut().unwrap().value.as_mut().unwrap().items[1];
    sample.value = Some("20".into());
    sample.timestamp = "2025-01-01T12:02:00+00:00".parse().ok();
    assert_eq!(found.value, expected);
    let notes: Vec<&str> = found.notes.iter().map(|note| note.path.as_str()).collect();
    assert_eq!(
        notes,
        ["/Meter/targetResource", "/Meter/units", "/Meter/samples[1]/timestamp", "/Meter/samples[1]/value"]
    );
}

#[test]
fn a_meter_without_samples_is_no_event() {
    let meter = Meter { samples: Some(Ref::to("meters/1/samples")), ..cpu() };
    let converted = converter().meter_to_cadf(&meter).unwrap();
    assert_eq!((converted.value.len(), converted.notes[0].fate), (0, Fate::Dropped));
    let mut without_time = converter();
    without_time.time = None;
    let mut meter = cpu();
    meter.samples.as_mut().unwrap().value.as_mut().unwrap().items[1].timestamp = None;
    let error = without_time.meter_to_cadf(&meter).unwrap_err();
    assert_eq!(error.path(), "/Meter/samples[1]/timestamp");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn meters_survive(bytes in bytes()) {
        let meter = meter(&bytes);
        let events = converter().meter_to_cadf(&meter);
        let events = events.map_err(|error| TestCaseError::fail(format!("{error}\n{}", shown(&meter))))?.value;
        for event in &events {
            let problems = Validation::strict().problems(event);
            prop_assert!(problems.is_empty(), "{problems:?}\n{}", shown(event));
        }
        for format in [Format::Json, Format::Xml] {
            let events: Vec<Event> = events.iter().map(|event| through(event, format)).collect();
            let back = converter().meter_to_cimi(&events).unwrap();
            prop_assert_eq!(&back.value, &meter, "\n{}\n{}", shown(&meter), shown(&back.value));
            prop_assert_eq!(back.notes, []);
        }
    }
}

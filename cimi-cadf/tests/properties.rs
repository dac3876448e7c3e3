//! Any event, and any bytes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use cimi_cadf::{
    Attachment, Credential, Event, EventType, Geolocation, Host, Measurement, Metric, Reason, ReporterRole,
    Reporterstep, Resource, Tag, Validation,
};
use cimi_model::{Any, Format, Map, Number, ReadOptions};
use proptest::option::of;
use proptest::prelude::*;

fn any_value() -> impl Strategy<Value = Any> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Any::from),
        any::<i64>().prop_map(Any::from),
        Just(Any::Null),
        "-?[1-9][0-9]{0,3}\\.[0-9]{1,3}".prop_map(|text| Number::parse(&text).map_or(Any::Null, Any::Number)),
        any::<String>().prop_map(Any::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Any::from),
            prop::collection::btree_map("[a-z@#{}:]{1,4}", inner, 0..4)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// Text that is there: an empty one is absent in a record, and kept apart when it is read.
fn text() -> impl Strategy<Value = Option<String>> {
    of(any::<String>().prop_filter("not empty", |text| !text.is_empty()))
}

fn map() -> impl Strategy<Value = Map> {
    prop::collection::btree_map(any::<String>(), any_value(), 0..3).prop_map(|pairs| pairs.into_iter().collect())
}

fn attachment() -> impl Strategy<Value = Attachment> {
    (of("[a-z:/]{1,9}"), of("[a-z:/]{0,9}"), text(), of(any_value())).prop_map(
        |(content_type, type_uri, name, content)| Attachment {
            content_type: content_type.map(|text| text.as_str().into()),
            type_uri: type_uri.map(|text| text.as_str().into()),
            name,
            content,
            ..Attachment::default()
        },
    )
}

fn resource() -> impl Strategy<Value = Resource> {
    let credential = (of(any_value()), map()).prop_map(|(token, assertions)| Credential {
        token,
        assertions,
        ..Credential::default()
    });
    let geolocation = (text(), of(any_value()), map()).prop_map(|(latitude, elevation, annotations)| Geolocation {
        latitude,
        elevation,
        annotations,
        ..Geolocation::default()
    });
    let host = text().prop_map(|address| Host { address, ..Host::default() });
    let attachments = prop::collection::vec(attachment(), 0..2);
    (of("[a-z:/ ]{0,6}"), of("[a-z/]{0,6}"), text(), of(credential), of(geolocation), of(host), attachments).prop_map(
        |(id, type_uri, name, credential, geolocation, host, attachments)| Resource {
            id: id.map(|id| id.trim().into()),
            type_uri: type_uri.map(Into::into),
            name,
            credential,
            geolocation,
            host,
            attachments,
            ..Resource::default()
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    let measurement =
        (of(any_value()), text(), of("[a-z]{0,3}"), of(resource())).prop_map(|(result, unit, id, calculated_by)| {
            Measurement {
                result,
                metric: unit.map(|unit| Metric::new("m", unit)),
                metric_id: id.map(Into::into),
                calculated_by,
                ..Measurement::default()
            }
        });
    let step = (of("relay|observer|x"), of(resource())).prop_map(|(role, reporter)| Reporterstep {
        role: role.map(|role| ReporterRole::from(role.as_str())),
        reporter,
        ..Reporterstep::default()
    });
    let kind = of("monitor|activity|control|other");
    let reason = text().prop_map(|reason_code| Reason { reason_code, ..Reason::default() });
    let extensions = prop::collection::btree_map("x[a-zé ]{0,5}", any_value(), 0..3);
    let heads = (kind, of("20[0-4][0-9]-0[1-9]-1[0-9]T1[0-9]:00:00(Z|\\+00:00|-0500)"), text(), of("[a-z/]{0,8}"));
    let lists = (
        prop::collection::vec(measurement, 0..3),
        prop::collection::vec("[a-z/?=]{0,5}", 0..3),
        prop::collection::vec(step, 0..3),
    );
    (heads, of(resource()), of(resource()), of(reason), lists, extensions).prop_map(
        |((kind, time, name, action), initiator, observer, reason, (measurements, tags, reporterchain), extensions)| {
            let mut event = Event {
                event_type: kind.map(|kind| EventType::from(kind.as_str())),
                event_time: time.and_then(|time| <cimi_cadf::Timestamp as cimi_model::Scalar>::recover(&time)),
                name,
                action: action.map(Into::into),
                initiator,
                observer,
                reason,
                measurements,
                tags: tags.into_iter().map(Tag::from).collect(),
                reporterchain,
                ..Event::default()
            };
            for (key, value) in extensions {
                event.extensions.insert(key, value);
            }
            event
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// What is written is read as the same, valid or not, in both formats; and validation says the same of both.
    #[test]
    fn events_survive(event in event()) {
        for format in [Format::Json, Format::Xml] {
            let text = event.to_string(format, Default::default()).unwrap();
            let read = Event::read(text.as_bytes(), &ReadOptions::default());
            let read = read.map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            prop_assert_eq!(&read.value, &event, "{}", text);
            prop_assert_eq!(Validation::strict().problems(&read.value), Validation::strict().problems(&event));
        }
    }

    /// An event that strict reading takes and strict validation accepts is accepted by the lenient ones, as the same.
    #[test]
    fn strict_is_stricter(event in event()) {
        let text = event.to_string(Format::Json, Default::default()).unwrap();
        let lenient = Event::read(text.as_bytes(), &ReadOptions::default()).unwrap();
        if let Ok(strict) = Event::read(text.as_bytes(), &ReadOptions::strict()) {
            prop_assert_eq!(&strict, &lenient);
            prop_assert!(lenient.deviations.is_empty());
        } else {
            prop_assert!(!lenient.deviations.is_empty());
        }
        prop_assert!(!Validation::strict().accepts(&event) || Validation::default().accepts(&event));
        prop_assert_eq!(Validation::strict().problems(&event).len(), Validation::default().problems(&event).len());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[<>{}\\[\\]\"a-z:,/= ]{0,80}") {
        for input in [bytes.as_slice(), text.as_bytes()] {
            if let Ok(parsed) = Event::read(input, &ReadOptions::default()) {
                let _ = Validation::default().parsed(&parsed);
            }
        }
    }

    /// A valid document with a byte dropped, doubled or replaced.
    #[test]
    fn no_damage_makes_it_panic(event in event(), at in any::<prop::sample::Index>(), byte in any::<u8>(), xml in any::<bool>()) {
        let format = if xml { Format::Xml } else { Format::Json };
        let mut bytes = event.to_string(format, Default::default()).unwrap().into_bytes();
        let at = at.index(bytes.len());
        match byte % 3 {
            0 => drop(bytes.remove(at)),
            1 => bytes.insert(at, bytes[at]),
            _ => bytes[at] = byte,
        }
        if let Ok(parsed) = Event::read(&bytes, &ReadOptions::default()) {
            let _ = (Validation::default().parsed(&parsed), format!("{:?}", parsed.value));
        }
    }
}

/// Nesting is bounded, so that little stack is enough.
#[test]
fn a_small_stack_is_enough() {
    let deep = 5_000;
    let json = format!("{{\"attachments\":[{{\"content\":{}1{}}}]}}", "[".repeat(deep), "]".repeat(deep));
    let open = "<a>".repeat(deep);
    let close = "</a>".repeat(deep);
    let xml = format!("<event xmlns=\"http://schemas.dmtf.org/cloud/audit/1.0/\"><x>{open}{close}</x></event>");
    let chain = r#"{"reporter": {"host": {"x": [[[[1]]]]}}},"#.repeat(2_000);
    let wide = format!("{{\"reporterchain\": [{}]}}", chain.trim_end_matches(','));
    let run = move || {
        for text in [json, xml] {
            assert!(Event::read(text.as_bytes(), &ReadOptions::default()).is_err());
        }
        let event = Event::read(wide.as_bytes(), &ReadOptions::default()).unwrap();
        assert!(Validation::default().parsed(&event).len() >= 2_000);
    };
    std::thread::Builder::new().stack_size(512 * 1024).spawn(run).unwrap().join().unwrap();
}

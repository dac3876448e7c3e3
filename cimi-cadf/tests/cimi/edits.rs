//! Events that were edited after they had been made of CIMI.

use cimi_cadf::cimi::{ASIDE, Fate};
use cimi_cadf::{Attachment, Event, Reason, ReporterRole, Reporterstep, Resource};
use cimi_model::resources::event_type;
use cimi_model::{EventContent, Ref, Uri};
use proptest::prelude::*;

use super::fill::Choices;
use super::made::{bytes, converter, event, plain_event, shown, through};

/// One edit of a standard field, and what it does to the Event of CIMI.
type Edit = (&'static str, fn(&mut Event), fn(&mut cimi_model::Event));

fn content(event: &mut cimi_model::Event) -> &mut EventContent {
    event.content.get_or_insert_default()
}

const EDITS: &[Edit] = &[
    (
        "time",
        |event| event.event_time = "1999-12-31T23:59:59+00:00".parse().ok(),
        |event| event.timestamp = "1999-12-31T23:59:59+00:00".parse().ok(),
    ),
    ("outcome", |event| event.outcome = Some("failure/edited".into()), |event| event.outcome = Some("Failure".into())),
    (
        "warning",
        |event| event.outcome = Some("success/warning/late".into()),
        |event| event.outcome = Some("Warning".into()),
    ),
    ("name", |event| event.name = Some("edited".into()), |event| event.name = Some("edited".into())),
    ("no name", |event| event.name = None, |event| event.name = None),
    ("severity", |event| event.severity = Some("high".into()), |event| event.severity = Some("high".into())),
    (
        "target",
        |event| event.target = Some(Resource::new("machines/edited", "compute/machine").named("edited")),
        |event| {
            content(event).resource = Some(Ref::to("machines/edited"));
            content(event).res_name = Some("edited".into());
            content(event).res_type = Some("http://schemas.dmtf.org/cimi/2/Machine".into());
        },
    ),
    (
        "reason",
        |event| event.reason = Some(Reason::code("http://example.com/codes", "edited")),
        |event| content(event).code = Some("edited".into()),
    ),
    (
        "initiator",
        |event| event.initiator = Some(Resource::new("edited", "data/security/account/user").named("edited")),
        |event| content(event).initiator = Some("edited".into()),
    ),
];

/// Without what has no place in CIMI.
fn without_aside(mut event: cimi_model::Event) -> cimi_model::Event {
    event.extensions.remove(ASIDE);
    event
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is edited counts, and nothing else changes; and the edited event comes back, too.
    #[test]
    fn edited_fields_count(bytes in bytes(), which in any::<prop::sample::Index>(), plain in any::<bool>()) {
        let mut original = if plain { plain_event(&bytes.0) } else { event(&bytes.0) };
        let audit = original.type_uri.as_ref().is_some_and(|uri| uri.as_str().starts_with(event_type::AUDIT));
        original.timestamp = original.timestamp.or_else(|| "2001-01-01T00:00:00Z".parse().ok());
        original.extensions.remove("timestamp");
        prop_assume!(!audit);
        let (name, edit, expect) = which.get(EDITS);
        let mut cadf = converter().event_to_cadf(&original).unwrap().value;
        let before = cadf.clone();
        edit(&mut cadf);
        let changed = cadf != before;
        let restored = converter().event_to_cimi(&cadf).unwrap();
        let mut expected = original.clone();
        if changed {
            expect(&mut expected);
        }
        // Values of another form are kept under the name of the attribute until it is set.
        let settled = |mut event: cimi_model::Event| {
            let names = ["timestamp", "outcome", "name", "severity"];
            event.extensions.retain(|extension| !names.contains(&extension.key()));
            if let Some(content) = &mut event.content {
                content.extensions.retain(|extension| EventContent::default().extensions.get(extension.key()).is_some());
            }
            event
        };
        prop_assert_eq!(settled(without_aside(restored.value.clone())), settled(expected),
            "{}\n{}\n{}", name, shown(&original), shown(&cadf));
        prop_assert_eq!(restored.notes.is_empty(), !changed);

        // Identifiers follow from the time.
        let mut back = converter().event_to_cadf(&restored.value).unwrap().value;
        back.attachments.remove(0);
        cadf.attachments.remove(0);
        back.id = cadf.id.clone();
        prop_assert_eq!(back, cadf);
    }

    /// What others add survives as well.
    #[test]
    fn additions_are_kept_aside(bytes in bytes(), seed in bytes()) {
        let original = event(&bytes.0);
        let mut cadf = converter().event_to_cadf(&original).unwrap().value;
        let mut choices = Choices::new(&seed.0);
        let relay = Resource::new("relay", "service/oss/logging");
        if choices.chance(2) {
            let time = "2030-01-01T00:00:00+00:00".parse().unwrap();
            cadf.reporterchain.push(Reporterstep::new(ReporterRole::Relay, relay.clone(), time));
        }
        if choices.chance(2) {
            cadf.attachments.push(Attachment::new("http://example.com/note", "n"));
        }
        if choices.chance(2) {
            cadf.tags.push("checked".into());
        }
        if choices.chance(2) {
            cadf.extensions.insert("vendor", 7);
            cadf.duration = "PT1S".parse().ok();
        }
        if choices.chance(4) {
            cadf.id = Some("own".into());
        }
        // Whoever acted is then no longer the observer, which an Event of CIMI can say.
        let observed = choices.chance(4);
        if observed {
            cadf.observer = Some(relay);
        }
        let restored = converter().event_to_cimi(&cadf).unwrap();
        let mut back = converter().event_to_cadf(&restored.value).unwrap().value;
        prop_assert_eq!(&converter().event_to_cimi(&back).unwrap().value, &restored.value);
        // The attachment keeps what was kept aside, too.
        if let (Some(one), Some(other)) = (back.attachments.first_mut(), cadf.attachments.first()) {
            one.content = other.content.clone();
        }
        prop_assert_eq!(&back, &cadf, "\n{}", shown(&restored.value));
        let audit = original.type_uri.as_ref().is_some_and(|uri| uri.as_str().starts_with(event_type::AUDIT));
        if !audit && !observed {
            prop_assert_eq!(without_aside(restored.value), without_aside(original));
            prop_assert!(restored.notes.iter().all(|note| note.fate == Fate::Aside));
        }
        prop_assert_eq!(through(&back, cimi_model::Format::Xml), cadf);
    }
}

fn alarm() -> cimi_model::Event {
    cimi_model::Event {
        timestamp: "2025-01-01T12:00:00Z".parse().ok(),
        type_uri: Some(event_type::ALARM.into()),
        outcome: Some("Warning".into()),
        contact: Some("ops".into()),
        content: Some(EventContent {
            resource: Some(Ref { href: Some("machines/1".into()), value: Some(Box::default()) }),
            code: Some("17".into()),
            ..EventContent::default()
        }),
        ..cimi_model::Event::default()
    }
}

#[test]
fn notes_say_what_was_edited_and_what_was_added() {
    let mut cadf = converter().event_to_cadf(&alarm()).unwrap().value;
    cadf.target.as_mut().unwrap().id = Some("machines/2".into());
    cadf.reason.as_mut().unwrap().reason_code = Some("18".into());
    cadf.extensions.insert("vendor", 7);
    let restored = converter().event_to_cimi(&cadf).unwrap();
    let notes: Vec<_> = restored.notes.iter().map(|note| (note.path.as_str(), note.fate)).collect();
    let expected = [
        ("/Event/content/resource", Fate::Edited),
        ("/Event/content/code", Fate::Edited),
        ("/event/vendor", Fate::Aside),
    ];
    assert_eq!(notes, expected);
    let content = restored.value.content.unwrap();
    assert_eq!((content.code.as_deref(), content.resource), (Some("18"), Some(Ref::to("machines/2"))));
    assert_eq!(restored.value.contact.as_deref(), Some("ops"));
}

#[test]
fn identifier_or_name_of_an_initiator_may_be_edited() {
    let access = cimi_model::Event {
        type_uri: Some(event_type::ACCESS.into()),
        content: Some(EventContent {
            operation: Some("GET".into()),
            initiator: Some("alice".into()),
            ..EventContent::default()
        }),
        ..alarm()
    };
    let cadf = converter().event_to_cadf(&access).unwrap().value;
    let initiator = |edit: fn(&mut Resource)| {
        let mut cadf = cadf.clone();
        edit(cadf.initiator.as_mut().unwrap());
        converter().event_to_cimi(&cadf).unwrap().value.content.unwrap().initiator
    };
    assert_eq!(initiator(|_| ()).as_deref(), Some("alice"));
    assert_eq!(initiator(|found| found.id = Some("bob".into())).as_deref(), Some("bob"));
    assert_eq!(initiator(|found| found.name = Some("carol".into())).as_deref(), Some("carol"));
    let mut deleted = cadf.clone();
    deleted.action = Some("delete".into());
    let operation = converter().event_to_cimi(&deleted).unwrap().value.content.unwrap().operation;
    assert_eq!(operation.as_deref(), Some("DELETE"));
}

#[test]
fn attachments_may_be_texts_and_have_the_other_spelling() {
    let mut cadf = converter().event_to_cadf(&alarm()).unwrap().value;
    let attachment = cadf.attachments.remove(0).spelled_type_uri();
    let text = serde_json::to_string(attachment.content.as_ref().unwrap()).unwrap();
    cadf.attachments.push(Attachment { content: Some(text.into()), ..attachment });
    assert_eq!(converter().event_to_cimi(&cadf).unwrap().value, alarm());
    // What is no Event of CIMI is just an attachment.
    cadf.tags.clear();
    for content in ["{", "[]", "17", "{\"a\": 1, \"a\": 2}"] {
        cadf.attachments[0].content = Some(content.into());
        let found = converter().event_to_cimi(&cadf).unwrap().value;
        assert_eq!(found.type_uri.as_ref().map(Uri::as_str), Some("http://schemas.dmtf.org/cloud/audit/1.0/event"));
        assert_eq!(converter().event_to_cadf(&found).unwrap().value, cadf);
    }
}

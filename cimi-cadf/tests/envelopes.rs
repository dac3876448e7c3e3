//! Events in what they travel in: read, written, and written again with another event.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use cimi_cadf::openstack::{self, Envelope, Form, Notification};
use cimi_cadf::{Event, Records};
use cimi_model::{Any, ErrorKind, Format, Limits, ReadOptions};
use proptest::prelude::*;
use serde_json::{Value, json};

const EVENT: &str = r#"{"typeURI":"http://schemas.dmtf.org/cloud/audit/1.0/event","id":"e1","eventTime":"2025-06-12T09:45:55+0000","action":"read","observer":{"id":"target"}}"#;

fn read(text: &str) -> (Envelope, Event) {
    let (envelope, parsed) =
        Envelope::read(text.as_bytes(), &ReadOptions::default()).unwrap_or_else(|e| panic!("{e}\n{text}"));
    (envelope, parsed.value)
}

fn wrapped(message: &str) -> String {
    format!(r#"{{"oslo.version": "2.0", "oslo.message": {}}}"#, serde_json::to_string(message).unwrap())
}

fn entry(content: &str) -> String {
    format!(
        "<?xml version='1.0'?>\n<!-- < --><?atom feed=\"x\"?>\n<entry xmlns='http://www.w3.org/2005/Atom' xmlns:v='urn:v' \
         xmlns:c='http://schemas.dmtf.org/cloud/audit/1.0/event'><title>a &amp; b</title>{content}<v:x/></entry>\n"
    )
}

/// A document of each form, several where there are variants.
fn documents() -> Vec<(Form, String)> {
    let notification = format!(
        r#"{{ "_unique_id":"u", "message_id":"m1" , "event_type":"audit.http.request","priority":"INFO",  "payload": {EVENT},"timestamp":"2025-06-12 09:45:56.183889","_context_auth_token":"s3cret","_context_roles":["a",1.50,null],"publisher_id":"nova-api" }}"#
    );
    let elements = "<c:event id='e1' action=\"read\"><!-- c --><c:target id='t'/><v:more x='1'>y</v:more></c:event>";
    vec![
        (Form::Notification, notification.clone()),
        (Form::Notification, format!("\u{feff}\n{notification}\n")),
        (
            Form::Notification,
            format!(r#"{{"event_type": "a.b", "payload": {}}}"#, serde_json::to_string(EVENT).unwrap()),
        ),
        (Form::Message, wrapped(&notification)),
        (Form::Message, wrapped(&notification).replace('/', "\\/").replace("s3cret", "\\u0073é")),
        (Form::Message, format!(r#"{{"oslo.message": {notification}, "oslo.version": "2.0"}}"#)),
        (
            Form::ActivityTracker,
            format!(
                r#"{{"payload": {EVENT}, "logSourceCRN": "crn:v1", "saveServiceCopy": true, "meta": {{"a": [1]}}}}"#
            ),
        ),
        (
            Form::Feed,
            format!(
                r#"{{"entry": {{"title": "t", "content": {{"event": {EVENT}, "@type": "application/xml"}}, "@type": "http://www.w3.org/2005/Atom"}}}}"#
            ),
        ),
        (Form::Feed, format!(r#"{{"event": {EVENT}}}"#)),
        (Form::AtomXml, entry(&format!("<content type='application/xml'>{elements}</content>"))),
        (Form::AtomXml, entry(&format!("<content>{}</content>", "<c:event action='read' id='e1'/>"))),
        (Form::AtomJson, entry(&format!("<content type='application/json'>\n{{\"event\": {EVENT}}}\n</content>"))),
        (
            Form::AtomJson,
            entry(&format!("<content type='application/json'>{}</content>", EVENT.replace('"', "&quot;"))),
        ),
        (Form::AtomJson, entry(&format!("<content type='application/json'><![CDATA[{EVENT}]]></content>"))),
    ]
}

#[test]
fn documents_come_out_as_they_went_in() {
    for (form, text) in documents() {
        let (envelope, event) = read(&text);
        assert_eq!((envelope.form(), Form::of(text.as_bytes())), (form, Some(form)), "{text}");
        assert_eq!((event.id.as_ref().unwrap().as_str(), event.action.as_ref().unwrap().as_str()), ("e1", "read"));
        assert_eq!(envelope.write(&event).unwrap(), text.trim_start_matches('\u{feff}'));
        assert_eq!(envelope.format(), if form == Form::AtomXml { Format::Xml } else { Format::Json });
        assert!(!format!("{envelope:?}").contains("s3cret"));
    }
}

/// What is around another event is the same to the last byte, strings that hold JSON apart.
#[test]
fn another_event_leaves_the_rest_alone() {
    for (form, text) in documents() {
        let (envelope, event) = read(&text);
        let changed = Event { name: Some("<\"é\\ & more".into()), ..event };
        let written = envelope.write(&changed).unwrap();
        let (again, found) = read(&written);
        assert_eq!((&again, found), (&envelope, changed), "{written}");
        let text = text.trim_start_matches('\u{feff}');
        let (start, end) = match form {
            Form::AtomXml | Form::AtomJson => (text.find("<content").unwrap(), text.rfind("</content").unwrap()),
            Form::Message => (text.find("oslo.message").unwrap(), text.len() - 1),
            _ => (text.find(r#""event""#).or_else(|| text.find(r#""payload""#)).unwrap(), text.len() - 1),
        };
        let end = if let Form::Notification | Form::ActivityTracker | Form::Feed = form {
            text.find(r#""target"}}"#).map_or(end, |at| at + 11)
        } else {
            end
        };
        assert!(written.starts_with(&text[..start]) && written.ends_with(&text[end..]), "{written}");
    }
}

#[test]
fn members_are_at_hand() {
    let documents = documents();
    for (_, text) in documents.iter().filter(|(form, _)| matches!(form, Form::Notification | Form::Message)) {
        if !text.contains("m1") {
            continue;
        }
        let (envelope, _) = read(text);
        assert_eq!((envelope.text("message_id"), envelope.text("priority")), (Some("m1"), Some("INFO")));
        let names: Vec<_> = envelope.members().iter().map(|(name, _)| name).collect();
        assert_eq!(
            names,
            [
                "_unique_id",
                "message_id",
                "event_type",
                "priority",
                "timestamp",
                "_context_auth_token",
                "_context_roles",
                "publisher_id"
            ]
        );
        let notification = envelope.notification().unwrap();
        assert_eq!(notification.publisher_id.as_deref(), Some("nova-api"));
        assert_eq!(notification.timestamp.as_deref(), Some("2025-06-12 09:45:56.183889"));
        assert!(notification.extensions.get("_context_auth_token").is_some());
        assert!(!format!("{notification:?}").contains("s3cret"));
    }
    let (feed, _) = read(&documents[7].1);
    assert_eq!(feed.members().get("entry").and_then(|entry| entry.get("title")), Some(&Any::from("t")));
    assert!(
        feed.members()
            .get("entry")
            .and_then(|entry| entry.get("content"))
            .is_some_and(|content| content.get("event").is_none())
    );
    assert_eq!(feed.notification(), None);
}

#[test]
fn envelopes_are_built() {
    let mut notification =
        Notification { event_type: Some("identity.user.created".into()), ..Notification::of("identity.h") };
    notification.extensions.insert("_context_user_id", "u1");
    let event = Event::read(EVENT.as_bytes(), &Default::default()).unwrap().value;
    for (envelope, form) in
        [(notification.envelope().unwrap(), Form::Notification), (notification.message().unwrap(), Form::Message)]
    {
        let text = envelope.write(&event).unwrap();
        let (again, found) = read(&text);
        assert_eq!((again.form(), again.notification().unwrap(), found), (form, notification.clone(), event.clone()));
        let mut value: Value = serde_json::from_str(&text).unwrap();
        if form == Form::Message {
            assert_eq!(value["oslo.version"], json!("2.0"));
            value = serde_json::from_str(value["oslo.message"].as_str().unwrap()).unwrap();
        }
        let expected = json!({"publisher_id": "identity.h", "event_type": "identity.user.created", "priority": "INFO",
            "_context_user_id": "u1", "payload": serde_json::from_str::<Value>(EVENT).unwrap()});
        assert_eq!(value, expected);
    }
    let empty = Notification::default().envelope().unwrap();
    assert_eq!(
        empty.write(&event).unwrap(),
        format!(r#"{{"payload":{}}}"#, event.to_string(Format::Json, Default::default()).unwrap())
    );
}

/// Events by themselves, and documents that hold none.
#[test]
fn what_is_no_envelope() {
    let event = EVENT.replace('}', r#","payload":{"action":"read"}}"#);
    for text in [
        EVENT,
        &event,
        "{}",
        r#"{"payload": {}}"#,
        r#"{"payload": {"resource_info": "u1"}, "event_type": "identity.user.created"}"#,
        r#"{"payload": "text"}"#,
        r#"{"payload": [1]}"#,
        r#"{"oslo.version": "2.0", "oslo.message": 1}"#,
        r#"{"oslo.message": "{}"}"#,
        r#"{"entry": {"content": {}}}"#,
        "<event xmlns='http://schemas.dmtf.org/cloud/audit/1.0/'/>",
        "<entry xmlns='urn:x'/>",
        &entry("<content/>"),
        &entry("<content type='application/json'><a/></content>"),
        &entry("<content type='application/json'>{\"a\": 1}</content>"),
        &entry("<content><c:event/><c:event/></content>"),
    ] {
        let error = Envelope::read(text.as_bytes(), &Default::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Type, "{text}: {error}");
        assert_eq!(Form::of(text.as_bytes()), None);
    }
    for text in ["", "[]", "1", "{", r#"{"oslo.message": "{"}"#, "<entry", "\u{0}"] {
        assert_eq!(
            Envelope::read(text.as_bytes(), &Default::default()).unwrap_err().kind(),
            ErrorKind::Syntax,
            "{text}"
        );
    }
}

#[test]
fn what_is_wrong_is_refused_at_its_place() {
    let read = |text: &str, options: &ReadOptions| Envelope::read(text.as_bytes(), options).unwrap_err();
    for text in [
        format!(r#"{{"a": 1, "payload": {EVENT}, "a": 2}}"#),
        format!(r#"{{"payload": {EVENT}, "payload": {EVENT}}}"#),
        format!(r#"{{"payload": {}}}"#, EVENT.replace(r#""id":"e1""#, r#""id":"e1","id":"e2""#)),
        wrapped(&format!(r#"{{"payload": {EVENT}, "b": {{"a": 1, "a": 2}}}}"#)),
    ] {
        assert_eq!(read(&text, &Default::default()).kind(), ErrorKind::Duplicate, "{text}");
    }
    let text = format!("{{\n \"payload\": {EVENT}}}");
    let error = read(&text, &ReadOptions::strict());
    assert_eq!((error.path(), error.location().unwrap().line), ("/event/eventTime", 2));
    let column = text.lines().nth(1).unwrap().find("\"2025").unwrap() as u64 + 1;
    let (_, parsed) = Envelope::read(text.as_bytes(), &Default::default()).unwrap();
    let at = parsed.deviations[0].location.unwrap();
    assert_eq!((parsed.deviations[0].path.as_str(), at.line, at.column), ("/event/eventTime", 2, column));
    let small = ReadOptions { limits: Limits { size: 40, ..Limits::default() }, ..ReadOptions::default() };
    assert_eq!(read(&text, &small).kind(), ErrorKind::Limit);
    let broken = entry("<content><c:event action='read'></content>");
    assert_eq!(read(&broken, &Default::default()).kind(), ErrorKind::Syntax);
}

/// A stream may mix events and envelopes of any kind.
#[test]
fn streams_hold_envelopes() {
    let json: Vec<String> = documents()
        .into_iter()
        .map(|(_, text)| text)
        .filter(|text| text.trim_start_matches('\u{feff}').trim().starts_with('{'))
        .collect();
    let lines: Vec<&str> = json.iter().map(|text| text.trim_start_matches('\u{feff}').trim()).collect();
    let lines = lines.join("\n");
    let records: Vec<_> =
        Records::new(format!("{lines}\n{EVENT}\n{{\"payload\": {{}}}}\n").as_bytes(), Default::default()).collect();
    assert_eq!(records.len(), json.len() + 2);
    let forms: Vec<_> = records.iter().map(|record| record.envelope.as_ref().map(|envelope| envelope.form())).collect();
    assert_eq!(
        forms[..4],
        [Some(Form::Notification), Some(Form::Notification), Some(Form::Notification), Some(Form::Message)]
    );
    assert_eq!(forms[json.len()..], [None, None]);
    // A notification of something else is one problem, not many.
    assert_eq!(records[json.len() + 1].event.as_ref().unwrap_err().kind(), ErrorKind::Type);
    assert!(
        records.iter().take(json.len() + 1).all(|record| record.event.as_ref().unwrap().value.id == Some("e1".into()))
    );
    for (form, text) in documents() {
        let records: Vec<_> = Records::new(text.as_bytes(), ReadOptions::default()).collect();
        assert_eq!(records.len(), 1, "{text}");
        assert_eq!(records[0].format, if form == Form::AtomXml { Format::Xml } else { Format::Json });
        assert_eq!(records[0].event.as_ref().unwrap().value.id, Some("e1".into()));
    }
}

const FEED: &str = r#"{"feed": {"id": "f", "entry": [
    {"content": {"event": {"id": "a", "action": "read", "eventTime": "2025-01-01T12:00:00Z"}}},
    {"content": {"other": 1}}, {"title": "t"}, 5,
    {"content": {"event": {"id": "b", "id": "c", "action": "read"}}},
    {"content": {"event": {"id": "d", "action": "read", "eventTime": "2025-01-01T12:00:00Z"}}}]}}"#;

fn atom_feed(rest: &str) -> String {
    let entry = |content: &str| format!("<entry><content type='application/json'>{content}</content></entry>");
    format!(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:c='http://schemas.dmtf.org/cloud/audit/1.0/event'><id>f</id>\n{}\n\
         <entry><content><c:event id='b' action='read'/></content></entry><entry><title/></entry>{}{rest}</feed>",
        entry(r#"{"id": "a", "action": "read"}"#),
        entry(r#"{"event": {"id": "c", "action": "read"}}"#),
    )
}

/// The events of a feed come one by one, whatever else is in it.
#[test]
fn feeds_hold_many_events() {
    let ids = |text: &str| -> Vec<String> {
        let read = openstack::read_feed(text.as_bytes(), &Default::default()).unwrap();
        let direct: Vec<String> = read
            .iter()
            .map(|event| {
                event.as_ref().map_or_else(|_| "?".into(), |parsed| parsed.value.id.clone().unwrap().to_string())
            })
            .collect();
        let records: Vec<_> = Records::new(text.as_bytes(), ReadOptions::default()).collect();
        let numbers: Vec<usize> = records.iter().map(|record| record.number).collect();
        assert_eq!(numbers, (1..=direct.len()).collect::<Vec<_>>());
        let streamed: Vec<String> = records
            .iter()
            .map(|record| {
                record.event.as_ref().map_or_else(|_| "?".into(), |parsed| parsed.value.id.clone().unwrap().to_string())
            })
            .collect();
        assert_eq!(streamed, direct);
        direct
    };
    assert_eq!(ids(FEED), ["a", "?", "d"]);
    assert_eq!(ids(r#"{"feed": {"entry": {"content": {"event": {"id": "a", "action": "read"}}}}}"#), ["a"]);
    assert_eq!(ids(r#"{"feed": {"entry": []}}"#), Vec::<String>::new());
    assert_eq!(ids(&atom_feed("")), ["a", "b", "c"]);
    assert_eq!(ids(&atom_feed("<entry><content><c:event action='read'></content>")), ["a", "b", "c", "?"]);
    let read = openstack::read_feed(FEED.as_bytes(), &Default::default()).unwrap();
    let line = |event: &cimi_model::Result<cimi_model::Parsed<Event>>| match event {
        Ok(parsed) => parsed.deviations[0].location.unwrap().line,
        Err(error) => error.location().unwrap().line,
    };
    assert_eq!(read.iter().map(line).collect::<Vec<_>>(), [2, 4, 5]);
    for text in
        [EVENT, "{}", r#"{"feed": []}"#, r#"{"feed": {}}"#, "<feed/>", "<entry xmlns='http://www.w3.org/2005/Atom'/>"]
    {
        assert_eq!(
            openstack::read_feed(text.as_bytes(), &Default::default()).unwrap_err().kind(),
            ErrorKind::Type,
            "{text}"
        );
    }
}

/// Nesting is bounded, around an event as in it, and in text.
#[test]
fn a_small_stack_is_enough() {
    let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000));
    let texts = [
        format!(r#"{{"payload": {EVENT}, "x": {deep}}}"#),
        format!(r#"{{"payload": {}}}"#, EVENT.replace("\"e1\"", &format!("\"e1\",\"x\":{deep}"))),
        wrapped(&format!(r#"{{"payload": {EVENT}, "x": {deep}}}"#)),
        entry(&format!("<content>{}{}</content>", "<a>".repeat(50_000), "</a>".repeat(50_000))),
    ];
    let run = move || {
        for text in texts {
            assert_eq!(openstack::read(text.as_bytes(), &Default::default()).unwrap_err().kind(), ErrorKind::Limit);
        }
    };
    std::thread::Builder::new().stack_size(512 * 1024).spawn(run).unwrap().join().unwrap();
}

proptest! {
    /// Any members around any event.
    #[test]
    fn any_members_survive(
        before in prop::collection::btree_map("[a-z_é\"]{0,6}", any::<String>(), 0..4),
        after in prop::collection::btree_map("[A-Z]{1,6}", -9_i64..9, 0..4),
        wrap in any::<bool>(),
        name in any::<String>().prop_filter("not empty", |name| !name.is_empty()),
    ) {
        let quote = |text: &str| serde_json::to_string(text).unwrap();
        let mut members: Vec<String> = before.iter().filter(|(key, _)| *key != "payload")
            .map(|(key, value)| format!("{}: {}", quote(key), quote(value))).collect();
        members.push(format!("\"payload\": {EVENT}"));
        members.extend(after.iter().map(|(key, value)| format!("{}:{value}", quote(key))));
        let plain = format!("{{{}}}", members.join(" , "));
        prop_assume!(!before.contains_key("action") && !before.contains_key("target"));
        let text = if wrap { wrapped(&plain) } else { plain };
        let (envelope, event) = read(&text);
        prop_assert_eq!(envelope.write(&event).unwrap(), text);
        let changed = Event { name: Some(name), ..event };
        let (again, found) = read(&envelope.write(&changed).unwrap());
        prop_assert_eq!((again, found), (envelope, changed));
    }

    #[test]
    fn no_damage_makes_it_panic(which in 0_usize..14, at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = documents()[which].1.clone().into_bytes();
        let at = at.index(bytes.len());
        match byte % 3 {
            0 => drop(bytes.remove(at)),
            1 => bytes.insert(at, bytes[at]),
            _ => bytes[at] = byte,
        }
        if let Ok((envelope, parsed)) = openstack::read(&bytes, &Default::default()) {
            let _ = envelope.map(|envelope| envelope.write(&parsed.value));
        }
    }
}

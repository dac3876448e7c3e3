//! The habits of `OpenStack`, and what the standard has in their place.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use cimi_cadf::openstack::{Attachments, Content, Identifiers, MASK, Profile, Shorthand, Times, keystone, mask};
use cimi_cadf::{
    Attachment, Credential, Event, EventType, Geolocation, Measurement, Metric, Parties, Reason, ReporterRole,
    Reporterstep, Resource, Timestamp, Validation,
};
use cimi_model::{Any, Format, Limits};
use proptest::prelude::*;
use serde_json::{Value, json};

fn event(value: &Value) -> Event {
    Event::read(value.to_string().as_bytes(), &Default::default()).unwrap().value
}

fn written(event: &Event) -> Value {
    serde_json::from_str(&event.to_string(Format::Json, Default::default()).unwrap()).unwrap()
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What a service of `OpenStack` writes after a request, with all of its habits.
fn habits() -> Value {
    json!({
        "typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "eventType": "activity",
        "id": "openstack: 1c6dfb96-f6ad-40ca-b32a-5add1daef45e", "eventTime": "2025-06-12T09:45:55.774005+0000",
        "action": "created.user", "outcome": "success", "observer": {"id": "target"}, "resource_info": "u2",
        "initiator": {"id": "openstack:1c6dfb96f6ad40cab32a5add1daef45e", "typeURI": "service/security/account/user",
            "credential": {"token": "gAAAAABk0123456789abcdef", "identity_status": "Confirmed"}, "project_id": "p1"},
        "target": {"id": "nova", "typeURI": "service/compute/servers", "attachments": [
            {"typeURI": "mime:text/plain", "content": "x", "name": "n"}]},
        "attachments": [{"typeURI": "mime:application/json", "content": {"a": [1.50, null]}}],
        "reporterchain": [
            {"role": "modifier", "reporterTime": "2025-06-12T09:45:56+0000", "reporter": {"id": "target"}},
            {"role": "relay", "reporter": {"id": "initiator"}},
            {"role": "relay", "reporterId": "openstack: r"}],
    })
}

#[test]
fn the_standard_has_something_for_each_habit() {
    let mut found = event(&habits());
    assert!(!Validation::strict().accepts(&found));
    let changes = Profile::standard().apply(&mut found);
    let paths: Vec<_> = changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/event/observer",
            "/event/reporterchain[0]/reporter",
            "/event/reporterchain[1]/reporter",
            "/event/id",
            "/event/reporterchain[2]/reporterId",
            "/event/eventTime",
            "/event/reporterchain[0]/reporterTime",
            "/event/action",
            "/event/attachments[0]/contentType",
            "/event/target/attachments[0]/contentType",
        ]
    );
    assert_eq!(
        changes[5].to_string(),
        "/event/eventTime: '2025-06-12T09:45:55.774005+00:00' in place of '2025-06-12T09:45:55.774005+0000'"
    );
    assert!(Validation::strict().accepts(&found), "{:?}", Validation::strict().problems(&found));
    let mut expected = habits();
    expected["id"] = json!("openstack:1c6dfb96-f6ad-40ca-b32a-5add1daef45e");
    expected["eventTime"] = json!("2025-06-12T09:45:55.774005+00:00");
    expected["action"] = json!("create/user");
    expected.as_object_mut().unwrap().remove("observer");
    expected["observerId"] = json!("nova");
    expected["target"]["attachments"] = json!([{"contentType": "mime:text/plain", "content": "x", "name": "n"}]);
    expected["attachments"] = json!([{"contentType": "mime:application/json", "content": {"a": [1.50, null]}}]);
    expected["reporterchain"] = json!([
        {"role": "modifier", "reporterTime": "2025-06-12T09:45:56+00:00", "reporterId": "nova"},
        {"role": "relay", "reporterId": "openstack:1c6dfb96f6ad40cab32a5add1daef45e"},
        {"role": "relay", "reporterId": "openstack:r"}]);
    assert_eq!(written(&found), expected);
    assert_eq!(Profile::standard().apply(&mut found), []);
}

/// Reading changes nothing, and an empty profile neither.
#[test]
fn nothing_changes_without_being_asked() {
    let mut found = event(&habits());
    assert_eq!(Profile::default().apply(&mut found), []);
    assert_eq!(written(&found), habits());
}

#[test]
fn there_and_back() {
    let mut found = event(&habits());
    let _ = Profile::standard().apply(&mut found);
    let changes = Profile { mask_tokens: false, ..Profile::pycadf() }.apply(&mut found);
    assert!(changes.len() > 8);
    let mut expected = habits();
    expected["id"] = json!("openstack:1c6dfb96-f6ad-40ca-b32a-5add1daef45e");
    expected["attachments"][0]["name"] = json!("attachment-1");
    expected["reporterchain"][2]["reporterId"] = json!("openstack:r");
    assert_eq!(written(&found), expected);
}

#[test]
fn identifiers_in_three_spellings() {
    let uuid = "1c6dfb96-f6ad-40ca-b32a-5add1daef45e";
    for (text, joined, bare, prefixed) in [
        (format!("openstack: {uuid}"), format!("openstack:{uuid}"), uuid.to_owned(), format!("openstack:{uuid}")),
        (format!("openstack:{uuid}"), format!("openstack:{uuid}"), uuid.to_owned(), format!("openstack:{uuid}")),
        (uuid.to_owned(), uuid.to_owned(), uuid.to_owned(), format!("openstack:{uuid}")),
        (
            format!("urn:uuid:{uuid}"),
            format!("urn:uuid:{uuid}"),
            format!("urn:uuid:{uuid}"),
            format!("openstack:{uuid}"),
        ),
        ("nova".into(), "nova".into(), "nova".into(), "nova".into()),
        ("openstack:".into(), "openstack:".into(), "openstack:".into(), "openstack:".into()),
    ] {
        for (spelling, expected) in
            [(Identifiers::Joined, joined), (Identifiers::Bare, bare), (Identifiers::Prefixed, prefixed)]
        {
            let id = || Some(text.as_str().into());
            let mut found = Event {
                id: id(),
                target_id: id(),
                initiator: Some(Resource { id: id(), geolocation_id: id(), ..Resource::default() }),
                measurements: vec![Measurement {
                    metric: Some(Metric { metric_id: id(), ..Metric::default() }),
                    metric_id: id(),
                    calculated_by_id: id(),
                    ..Measurement::default()
                }],
                ..Event::default()
            };
            let changes = Profile { identifiers: Some(spelling), ..Profile::default() }.apply(&mut found);
            assert_eq!(changes.len(), if expected == text { 0 } else { 7 }, "{text} {spelling:?}");
            let ids = written(&found).to_string();
            assert_eq!(ids.matches(&format!("\"{expected}\"")).count(), 7, "{ids}");
        }
    }
}

#[test]
fn shorthand_of_nothing_stays() {
    for value in [
        json!({"observer": {"id": "target"}}),
        json!({"observer": {"id": "target"}, "target": {"id": "initiator"}}),
        json!({"observer": {"id": "target", "name": "n"}, "target": {"id": "t"}}),
        json!({"observer": {"id": "target", "host": {"address": "h"}}, "target": {"id": "t"}}),
        json!({"observer": {"id": "target", "x": 1}, "target": {"id": "t"}}),
        json!({"target": {"id": "target"}, "targetId": "t"}),
    ] {
        let mut found = event(&value);
        for shorthand in [Shorthand::ById, Shorthand::Whole] {
            let _ = Profile { shorthand: Some(shorthand), ..Profile::default() }.apply(&mut found);
            assert_eq!(written(&found), value);
        }
    }
    // A resource without an identifier can only be repeated.
    let mut found = event(&json!({"observer": {"id": "target"}, "target": {"typeURI": "service"}}));
    let _ = Profile::standard().apply(&mut found);
    assert_eq!(found.observer, found.target);
    // One that is known by its identifier is that.
    let by_id =
        json!({"observer": {"id": "target"}, "targetId": "t", "reporterchain": [{"reporter": {"id": "target"}}]});
    let mut found = event(&by_id);
    let _ = Profile::standard().apply(&mut found);
    assert_eq!(written(&found), json!({"observerId": "t", "targetId": "t", "reporterchain": [{"reporterId": "t"}]}));
    let _ = Profile { shorthand: Some(Shorthand::Written), ..Profile::default() }.apply(&mut found);
    assert_eq!(written(&found), by_id);
    let _ = Profile::hermes().apply(&mut found);
    assert_eq!(written(&found)["observer"], json!({"id": "t", "typeURI": "unknown"}));
    // Only what is the same is written short.
    let whole = json!({"observer": {"id": "t", "typeURI": "service"}, "target": {"id": "t", "typeURI": "data"}});
    let mut found = event(&whole);
    let _ = Profile { shorthand: Some(Shorthand::Written), ..Profile::default() }.apply(&mut found);
    assert_eq!(written(&found), whole);
}

/// A small event can name a large resource many times, and many others that are in a long chain.
#[test]
fn chains_grow_within_limits() {
    let step = |id: &str| Reporterstep { reporter_id: Some(id.into()), ..Reporterstep::default() };
    let long = |name: &str| Resource { name: Some(name.repeat(1 << 20)), ..Resource::new("t", "compute/machine") };
    let mut event = Event { target: Some(long("x")), reporterchain: vec![step("t"); 500], ..Event::default() };
    let profile = Profile { shorthand: Some(Shorthand::Whole), ..Profile::default() };
    let changes = profile.apply(&mut event).len();
    let whole = event.reporterchain.iter().filter(|step| step.reporter.is_some()).count();
    assert!(whole == changes && whole > 0 && whole << 20 <= Limits::default().size, "{whole}");
    assert!(event.reporterchain.iter().all(|step| step.reporter.is_some() != step.reporter_id.is_some()));

    let reporter = |index: usize| Resource::new(format!("r{index}"), "service");
    let described =
        (0..20_000).map(|index| Reporterstep { reporter: Some(reporter(index)), ..Reporterstep::default() });
    let named = (0..20_000).rev().map(|index| step(&format!("r{index}")));
    let mut event = Event { reporterchain: described.chain(named).collect(), ..Event::default() };
    assert_eq!(profile.apply(&mut event).len(), 20_000);
    assert_eq!(event.reporterchain.last().unwrap().reporter, Some(reporter(0)));
}

#[test]
fn hermes_gets_whole_resources_and_text() {
    let text = habits().to_string().replace("1.5,", "1.50,");
    let mut found = Event::read(text.as_bytes(), &Default::default()).unwrap().value;
    found.initiator = None;
    found.initiator_id = Some("u1".into());
    found.action = Some("http://schemas.dmtf.org/cloud/audit/1.0/action/create/user".into());
    found.outcome = Some("failure/timeout".into());
    let number = Event::read(br#"{"reason": {"reasonCode": 403}}"#, &Default::default()).unwrap().value;
    found.reason = number.reason;
    let changes = Profile::hermes().apply(&mut found);
    assert!(
        changes.iter().any(|change| change.to_string() == "/event/outcome: 'failure' in place of 'failure/timeout'")
    );
    let found = written(&found);
    assert_eq!(found["reason"], json!({"reasonCode": "403"}));
    assert_eq!(found["observer"], found["target"]);
    assert_eq!(found["initiator"], json!({"id": "u1", "typeURI": "unknown"}));
    assert_eq!(found["reporterchain"][0]["reporter"], found["target"]);
    assert_eq!((&found["action"], &found["outcome"]), (&json!("create/user"), &json!("failure")));
    assert_eq!(
        found["attachments"][0],
        json!({"typeURI": "mime:application/json", "content": r#"{"a":[1.50,null]}"#, "name": "attachment-1"})
    );
    assert_eq!(found["eventTime"], json!("2025-06-12T09:45:55.774005+00:00"));
    assert!(found.get("initiatorId").is_none());
}

#[test]
fn pycadf_gets_one_of_each_pair_and_text() {
    let full = json!({"outcome": "success", "initiatorId": "i", "initiator": {"id": "i", "geolocation":
        {"elevation": 12.5, "accuracy": "3", "city": "x"}, "typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/resource/compute"},
        "measurements": [{"result": 1, "metricId": "m", "metric": {"metricId": "m", "unit": "u"}}],
        "reporterchain": [{"role": "relay", "reporterId": "r", "reporter": {"id": "r"}}]});
    let mut found = event(&full);
    let _ = Profile { plain_values: true, ..Profile::default() }.apply(&mut found);
    assert_eq!(
        written(&found),
        json!({"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "outcome": "success",
        "initiator": {"id": "i", "typeURI": "compute", "geolocation": {"elevation": "12.5", "accuracy": "3", "city": "x"}},
        "measurements": [{"result": 1, "metric": {"metricId": "m", "unit": "u"}}],
        "reporterchain": [{"role": "relay", "reporter": {"id": "r"}}]})
    );
}

/// Only text that is all JSON, of an object or array, becomes a value.
#[test]
fn content_as_text_and_as_value() {
    let contents = [
        json!({"a": [1, null]}),
        json!([]),
        json!(5),
        json!("text"),
        json!("{\"b\": 1.50}"),
        json!(" [1]\n"),
        json!("{"),
        json!("[1], \"x\": [2]"),
        json!("7"),
        json!(""),
    ];
    let attachments: Vec<Value> =
        contents.iter().map(|content| json!({"typeURI": "a:b", "content": content})).collect();
    let apply = |content| {
        let mut found = event(&json!({"attachments": attachments}));
        let changes = Profile { content: Some(content), ..Profile::default() }.apply(&mut found);
        let text = found.to_string(Format::Json, Default::default()).unwrap();
        (changes.len(), text, written(&found)["attachments"].clone())
    };
    let (changes, _, found) = apply(Content::Text);
    assert_eq!(changes, 3);
    let texts = ["{\"a\":[1,null]}", "[]", "5", "text", "{\"b\": 1.50}", " [1]\n", "{", "[1], \"x\": [2]", "7", ""];
    assert_eq!(found.as_array().unwrap().iter().map(|one| one["content"].as_str().unwrap()).collect::<Vec<_>>(), texts);
    let (changes, text, found) = apply(Content::Value);
    assert_eq!((changes, text.contains("\"b\":1.50")), (2, true));
    let mut expected = contents.clone();
    expected[4] = json!({"b": 1.5});
    expected[5] = json!([1]);
    assert_eq!(found.as_array().unwrap().iter().map(|one| one["content"].clone()).collect::<Vec<_>>(), expected);
}

/// The numbers of characters left are those of pycadf's rounding, but for tokens of less than five.
#[test]
fn tokens_are_masked() {
    for (length, left) in [
        (0, 0),
        (3, 0),
        (4, 0),
        (5, 1),
        (8, 1),
        (11, 1),
        (12, 2),
        (13, 2),
        (19, 2),
        (20, 2),
        (21, 3),
        (28, 4),
        (60, 8),
        (100, 12),
        (252, 32),
        (256, 32),
        (300, 32),
    ] {
        let token: String = ('a'..='z').cycle().take(length).collect();
        let expected = format!("{}{MASK}{}", &token[..left], &token[length - left..]);
        assert_eq!(mask(&token), expected, "{length}");
    }
    assert_eq!(mask(&"é".repeat(8)), format!("é{MASK}é"));
    let mut credential = Credential::new(Any::from(vec![Any::from("s3cret")]));
    assert!(credential.mask_token() && !credential.mask_token());
    assert_eq!(credential.token, Some(MASK.into()));
    let mut found = event(&habits());
    let changes = Profile { mask_tokens: true, ..Profile::default() }.apply(&mut found);
    assert_eq!(changes[0].to_string(), "/event/initiator/credential/token: masked");
    assert_eq!(written(&found)["initiator"]["credential"]["token"], json!("gAA xxxxxxxx def"));
}

#[test]
fn keystone_actions_both_ways() {
    for (own, standard) in [
        ("created.user", "create/user"),
        ("updated.project", "update/project"),
        ("deleted.role", "delete/role"),
        ("disabled.domain", "disable/domain"),
        ("created.OS-TRUST:trust", "create/OS-TRUST:trust"),
        ("created.role_assignment", "create/role_assignment"),
        ("deleted.a.b", "delete/a.b"),
    ] {
        assert_eq!(keystone::standard_action(&own.into()), Some(standard.into()));
        assert_eq!(keystone::keystone_action(&standard.into()), Some(own.into()));
    }
    for other in
        ["authenticate", "created", "created.", "internal.user", "createduser", "Created.user", "created.a/b", "create"]
    {
        assert_eq!(keystone::standard_action(&other.into()), None, "{other}");
    }
    for other in ["create", "create/", "read/list", "create/a/b", "createfoo/user", "created.user"] {
        assert_eq!(keystone::keystone_action(&other.into()), None, "{other}");
    }
    for (_, uri) in keystone::RESOURCE_TYPES {
        assert!(cimi_cadf::resource::TAXONOMY.covers(&(*uri).into()), "{uri}");
    }
    assert_eq!(keystone::type_uri("OS-OAUTH1:consumer"), "data/security/account");
    assert_eq!(keystone::type_uri("limit"), "unknown");
    let change =
        keystone::Change { operation: "disabled".into(), resource_type: "domain".into(), resource_id: "d1".into() };
    assert_eq!(change.event_type(), "identity.domain.disabled");
    let admin = Resource::new("u1", "service/security/account/user");
    let built = change
        .event("e1", time("2025-01-01T12:00:00+00:00"), admin, Resource::new("k", "service/security"))
        .build()
        .unwrap();
    assert_eq!(built.target, Some(Resource::new("d1", "data/security/domain")));
    assert_eq!(built.extensions.get("resource_info"), Some(&"d1".into()));
}

/// Any valid event.
fn built() -> impl Strategy<Value = Event> {
    let id = prop_oneof![
        "[a-z]{1,8}",
        "openstack:[0-9a-f]{32}",
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    ];
    let kind = prop_oneof!["compute/machine(/x)?", "http://schemas\\.dmtf\\.org/cloud/audit/1\\.0/resource/data/file"];
    let resource =
        (id.clone(), kind, any::<bool>(), any::<bool>(), -9_i64..9).prop_map(|(id, kind, token, place, elevation)| {
            Resource {
                credential: token.then(|| Credential::new("gAAAAABk0123456789abcdef")),
                geolocation: place
                    .then(|| Geolocation { elevation: Some(elevation.into()), ..Geolocation::in_city("Bern", "ch") }),
                attachments: if token { vec![Attachment::new("mime:text/plain", "x")] } else { vec![] },
                ..Resource::new(id, kind)
            }
        });
    let party =
        prop_oneof![resource.clone().prop_map(Into::into), id.clone().prop_map(|id| cimi_cadf::Party::Id(id.into()))];
    let ways = (
        prop_oneof!["create/user", "read/list", "http://schemas\\.dmtf\\.org/cloud/audit/1\\.0/action/start"],
        "(success|failure)(/x)?",
    );
    (id.clone(), ways, resource.clone(), resource, party, any::<bool>(), 0_i64..9_000_000_000).prop_map(
        |(id, (action, outcome), initiator, target, observer, same, at)| {
            let at = Timestamp::from(chrono_like(at));
            let parties = Parties {
                initiator: initiator.into(),
                observer: if same { target.clone().into() } else { observer },
                target: target.clone().into(),
            };
            Event::activity(id, at.clone(), action, outcome, parties)
                .reason(Reason::code("HTTP", "200"))
                .measurement(Measurement::new(1, Metric::new("m", "%")))
                .attachment(Attachment::new("mime:application/json", [("a", 1)].into_iter().collect::<Any>()))
                .reporter(Reporterstep::new(ReporterRole::Modifier, target, at))
                .extension("resource_info", "u")
                .build()
                .unwrap()
        },
    )
}

fn chrono_like(seconds: i64) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(seconds, 123_000_000).unwrap()
}

proptest! {
    /// Each profile does its work at once, and what it makes of a valid event is still understood.
    #[test]
    fn profiles_are_idempotent(event in built()) {
        for profile in [Profile::standard(), Profile::pycadf(), Profile::hermes(),
            Profile { identifiers: Some(Identifiers::Bare), times: Some(Times::NoColon), attachments: Some(Attachments::TypeUri), ..Profile::default() }] {
            let mut changed = event.clone();
            let _ = profile.apply(&mut changed);
            prop_assert!(Validation::default().accepts(&changed));
            let once = changed.clone();
            prop_assert_eq!(profile.apply(&mut changed), []);
            prop_assert_eq!(changed, once);
        }
        let mut standard = event.clone();
        let _ = Profile::standard().apply(&mut standard);
        prop_assert!(Validation::strict().accepts(&standard));
        prop_assert_eq!(standard.event_type, Some(EventType::Activity));
    }

    /// What pycadf is given is one of a pair, text where it wants text, and keeps no token.
    #[test]
    fn pycadf_takes_them(mut event in built()) {
        let _ = Profile::pycadf().apply(&mut event);
        let found = written(&event);
        for (whole, id) in [("initiator", "initiatorId"), ("target", "targetId"), ("observer", "observerId")] {
            prop_assert!(found.get(whole).is_some() != found.get(id).is_some());
        }
        let text = found.to_string();
        prop_assert!(!text.contains("0123456789") && !text.contains("contentType") && !text.contains("1.0/resource"));
        prop_assert!(["success", "failure"].contains(&found["outcome"].as_str().unwrap()));
    }
}

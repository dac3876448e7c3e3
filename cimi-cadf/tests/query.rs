//! Filters over events, held against a plain evaluation of their JSON.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeSet;
use std::io::BufReader;
use std::path::Path;

use cimi_cadf::{Event, EventFilter, Records};
use cimi_model::filter::ProblemKind;
use proptest::prelude::*;
use serde_json::Value;

fn event(text: &str) -> Event {
    Event::read(text.as_bytes(), &Default::default()).unwrap().value
}

fn check(event: &Event, cases: &[(&str, bool)]) {
    for (text, expected) in cases {
        let filter: EventFilter = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(filter.matches(event), *expected, "{text}");
        assert_eq!(filter.compiled().matches(event), *expected, "{text}");
        let printed: EventFilter = filter.to_string().parse().unwrap();
        assert_eq!((printed.matches(event), &printed), (*expected, &filter), "{text}");
    }
}

const EVENT: &str = r#"{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event/security", "id": "e1",
    "eventType": "activity", "eventTime": "2025-03-01T00:30:00.25+0100", "action": "update/os-start",
    "outcome": "failure/timeout", "duration": "PT5S", "initiatorId": "u1", "requestPath": "/v2/servers",
    "target": {"id": "t1", "typeURI": "compute/machine", "name": "db", "host": {"agent": "curl"}, "project_id": "p9"},
    "observer": {"id": "target"},
    "reason": {"reasonType": "HTTP", "reasonCode": "504"},
    "measurements": [{"result": 17, "metric": {"metricId": "m1", "unit": "s"}}, {"result": "80", "metricId": "m2"}],
    "tags": ["//GRC20.gov/cloud/security/pci-dss?value=enabled", "quick"],
    "attachments": [{"name": "body", "typeURI": "application/json", "content": {"size": 3, "kind": ["a", "b"]}}],
    "reporterchain": [
        {"role": "observer", "reporter": {"id": "target"}, "reporterTime": "2025-03-01T00:00:00+00:00"},
        {"role": "modifier", "reporter": {"id": "u1", "typeURI": "service/security", "name": "ann",
            "credential": {"token": "s3cret", "type": "urn:token", "identity_status": "Confirmed"}}}]}"#;

#[test]
fn taxonomies_are_compared_by_segments() {
    check(
        &event(EVENT),
        &[
            ("action='update'", true),
            ("action='update/os-start'", true),
            ("action='update/os-start/now'", false),
            ("action='update/os'", false),
            ("action='upd'", false),
            ("action=''", false),
            ("action!='update'", false),
            ("action!='read'", true),
            ("action=='update'", false),
            ("action!=='update'", true),
            ("action=='update/os-start'", true),
            ("action^='upd'", true),
            ("outcome='failure'", true),
            ("typeURI='http://schemas.dmtf.org/cloud/audit/1.0/event'", true),
            ("typeURI=='http://schemas.dmtf.org/cloud/audit/1.0/event'", false),
            ("target/typeURI='compute'", true),
            ("target/typeURI='comp'", false),
            ("target/typeURI!='storage'", true),
            ("reporterchain/reporter/typeURI='service'", true),
            ("reporterchain/reporter/typeURI!='service'", false),
            ("reporterchain/reporter/typeURI!=='service'", true),
        ],
    );
    // What is not there is not of a kind.
    check(&event("{}"), &[("action='read'", false), ("action!='read'", true), ("target/typeURI!='compute'", true)]);
}

#[test]
fn times_are_instants() {
    check(
        &event(EVENT),
        &[
            ("eventTime='2025-02-28T23:30:00.25Z'", true),
            ("eventTime=2025-02-28T23:30:00.250+00:00", true),
            ("eventTime='2025-03-01T00:30:00.25+0100'", true),
            ("eventTime>='2025-02-28T23:30:00.25Z'", true),
            ("eventTime>'2025-02-28T23:30:00.25Z'", false),
            ("eventTime<'2025-03-01T00:00:00Z'", true),
            ("eventTime>'2025-03-01'", false),
            ("eventTime='2025-02-28'", true),
            ("eventTime=2025-02", true),
            ("eventTime!='2025-02'", false),
            ("'2025-01-01'<eventTime and eventTime<'2026-01-01'", true),
            ("reporterchain/reporterTime='2025-03-01'", true),
            ("eventTime='soon'", false),
        ],
    );
    check(&event("{}"), &[("eventTime<'2999-01-01'", false), ("eventTime=null", true)]);
    check(&event(r#"{"eventTime": "yesterday"}"#), &[("eventTime<'2999-01-01'", false), ("eventTime=null", false)]);
}

#[test]
fn tags_are_found_by_their_parts() {
    check(
        &event(EVENT),
        &[
            ("tags='pci-dss'", true),
            ("tags='pci-dss?value=enabled'", true),
            ("tags='pci-dss?value=disabled'", false),
            ("tags='//GRC20.gov/cloud/security/pci-dss'", true),
            ("tags='//GRC20.gov/cloud/security/'", true),
            ("tags='//GRC20.gov/cloud/'", false),
            ("tags='?value=enabled'", true),
            ("tags='pci'", false),
            ("tags='quick'", true),
            ("tags!='quick'", false),
            ("tags!='slow'", true),
            ("tags=='pci-dss'", false),
            ("tags=='quick'", true),
            ("tags!=='pci-dss'", true),
            ("tags^='//GRC20.gov/'", true),
            ("tags=null", false),
        ],
    );
    check(&event("{}"), &[("tags='quick'", false), ("tags!='quick'", true), ("tags=null", true)]);
}

#[test]
fn parts_are_what_they_stand_for() {
    check(
        &event(EVENT),
        &[
            ("initiator/name='ann'", true),
            ("initiator/id='u1' and initiatorId='u1'", true),
            ("initiator/typeURI='service'", true),
            ("observer/name='db'", true),
            ("observer/id='t1'", true),
            ("observer/id='target'", false),
            ("observer/project_id='p9'", true),
            ("observer/host/agent='curl'", true),
        ],
    );
    let unknown = event(r#"{"initiatorId": "u1", "target": {"id": "target"}, "observer": {"id": "initiator"}}"#);
    check(
        &unknown,
        &[
            ("initiator/id='u1'", true),
            ("initiator/name=''", true),
            ("initiator/name='x'", false),
            ("initiator/typeURI!='compute'", true),
            ("target/id='target'", true),
            ("observer/id='initiator'", true),
        ],
    );
}

/// Whichever way the observer is written, filters find the same.
#[test]
fn ways_of_writing_a_part_are_alike() {
    let target = r#"{"id": "t1", "typeURI": "service/compute", "name": "api", "host": {"address": "h"}}"#;
    let ways = [
        format!(r#""observer": {target}"#),
        r#""observer": {"id": "target"}"#.to_owned(),
        r#""observerId": "t1""#.to_owned(),
    ];
    let events = ways.map(|way| event(&format!(r#"{{"target": {target}, {way}, "initiatorId": "t1"}}"#)));
    for text in [
        "observer/name='api'",
        "observer/name!='api'",
        "observer/typeURI='service' and initiator/typeURI='service'",
        "observer/id='t1' and observer/id!='target'",
        "observer/host/address^='h' or observer/domain='x'",
        "observer=null",
        "observer/domain=''",
    ] {
        let filter: EventFilter = text.parse().unwrap();
        let found = [0, 1, 2].map(|way| filter.matches(&events[way]));
        assert!(found.iter().all(|holds| *holds == found[0]), "{text}: {found:?}");
    }
}

#[test]
fn everything_else_by_path() {
    check(
        &event(EVENT),
        &[
            ("reason/reasonCode='504'", true),
            ("measurements/result>80", false),
            ("measurements/result>=80", true),
            ("measurements/metric/unit='s'", true),
            ("measurements/metricId='m2'", true),
            ("attachments/content/size=3", true),
            ("attachments/content/kind='b'", true),
            ("attachments/typeURI='application/json'", true),
            ("reporterchain/role='modifier'", true),
            ("requestPath^='/v2'", true),
            ("target/project_id='p9'", true),
            ("target/project_id!=null", true),
            ("target/name!='x'", true),
            ("target/domain!='x'", true),
            ("severity!='high'", true),
            ("duration='PT5S'", true),
            ("reason=null or initiator=null", false),
            ("severity=null and initiator!=null", true),
            ("(action='read' or outcome='failure') and target/name='db'", true),
        ],
    );
}

/// Whoever may ask could find them out letter by letter.
#[test]
fn secrets_cannot_be_asked_for() {
    let secret = "reporterchain/reporter/credential";
    let steal = [
        format!("{secret}/token^='s'"),
        format!("{secret}/token!='x'"),
        format!("{secret}/token!==null"),
        format!("{secret}/identity_status='Confirmed'"),
        "initiator/credential/token='s3cret'".to_owned(),
    ];
    for text in steal {
        let filter: EventFilter = text.parse().unwrap();
        assert!(!filter.matches(&event(EVENT)), "{text}");
        assert_eq!(filter.problems().len(), 1, "{text}");
    }
    check(&event(EVENT), &[(&format!("{secret}/type='urn:token'"), true)]);
}

#[test]
fn what_is_wrong_with_a_filter() {
    for (text, offset) in [("", 0), ("action=", 7), ("action='a' or", 13), ("initiator/='a'", 10), ("a='b", 4)] {
        assert_eq!(text.parse::<EventFilter>().unwrap_err().offset(), offset, "{text}");
    }
    for (text, expected) in [
        ("action='read' and reporterchain/role='x' and tags='a'", &[][..]),
        ("actoin='read'", &[(0, ProblemKind::Unknown)]),
        ("name='a' and initiator/project_id='x'", &[(13, ProblemKind::Unknown)]),
        ("eventTime>'soon'", &[(0, ProblemKind::Operator)]),
        ("eventTime>5 or action>'a'", &[(0, ProblemKind::Type), (15, ProblemKind::Operator)]),
        ("initiator='x'", &[(0, ProblemKind::Type)]),
        ("tags/name='x'", &[(0, ProblemKind::Type)]),
    ] {
        let filter: EventFilter = text.parse().unwrap();
        let found: Vec<_> = filter.problems().iter().map(|problem| (problem.offset, problem.kind)).collect();
        assert_eq!(found, expected, "{text}");
    }
}

proptest! {
    #[test]
    fn any_filter_is_refused_or_printed(text in "([a-z/]{1,6}(=|!=|==|!==|\\^=|<|>=)('[a-z/?]{0,4}'|5|2025-01|null)( and | or |\\)|\\(|)){0,4}") {
        if let Ok(filter) = text.parse::<EventFilter>() {
            let printed: EventFilter = filter.to_string().parse().unwrap();
            prop_assert_eq!(&printed, &filter);
            prop_assert_eq!(printed.matches(&event(EVENT)), filter.matches(&event(EVENT)));
        }
    }

    /// One of a comparison and its opposite holds, for what is found by more than its text.
    #[test]
    fn taxonomies_and_tags_have_complements(
        path in "(typeURI|action|outcome|tags|target/typeURI|observer/typeURI|reporterchain/reporter/typeURI)",
        wanted in "(update|update/os-start|service|compute|fail|failure|quick|pci-dss|//GRC20\\.gov/cloud/security/|)",
        exact in any::<bool>(),
    ) {
        let [is, is_not] = if exact { ["==", "!=="] } else { ["=", "!="] };
        let [is, is_not] = [is, is_not].map(|operator| format!("{path}{operator}'{wanted}'").parse::<EventFilter>().unwrap());
        for text in [EVENT, "{}", r#"{"target": {}, "tags": ["quick", "slow"]}"#] {
            prop_assert!(is.matches(&event(text)) != is_not.matches(&event(text)), "{} {}", is, text);
        }
    }
}

/// How a path is compared.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Taxonomy,
    /// Absent, it is an empty text.
    String,
    Uri,
    Time,
}

const PATHS: &[(&str, Kind)] = &[
    ("typeURI", Kind::Taxonomy),
    ("action", Kind::Taxonomy),
    ("outcome", Kind::Taxonomy),
    ("initiator/typeURI", Kind::Taxonomy),
    ("target/typeURI", Kind::Taxonomy),
    ("observer/typeURI", Kind::Taxonomy),
    ("eventTime", Kind::Time),
    ("reporterchain/reporterTime", Kind::Time),
    ("eventType", Kind::String),
    ("name", Kind::String),
    ("severity", Kind::String),
    ("initiator/name", Kind::String),
    ("target/name", Kind::String),
    ("observer/name", Kind::String),
    ("initiator/host/address", Kind::String),
    ("initiator/host/agent", Kind::String),
    ("reason/reasonCode", Kind::String),
    ("measurements/metric/unit", Kind::String),
    ("attachments/name", Kind::String),
    ("reporterchain/role", Kind::String),
    ("id", Kind::Uri),
    ("initiatorId", Kind::Uri),
    ("initiator/id", Kind::Uri),
    ("target/id", Kind::Uri),
    ("observer/id", Kind::Uri),
    ("reason/reasonType", Kind::Uri),
    ("attachments/typeURI", Kind::Uri),
    ("measurements/metric/metricId", Kind::Uri),
    ("requestPath", Kind::Uri),
    ("message", Kind::Uri),
    ("initiator/project_id", Kind::Uri),
    ("target/resourceGroupId", Kind::Uri),
];

/// The values at the end of a path. What has no such member has `Null`, if there is something to have it.
fn values<'v>(value: &'v Value, path: &[&str], found: &mut Vec<Option<&'v Value>>) {
    match (value, path) {
        (Value::Array(items), _) => items.iter().for_each(|item| values(item, path, found)),
        (value, []) => found.push(Some(value)),
        (Value::Object(members), [name, rest @ ..]) => match members.get(*name) {
            Some(value) => values(value, rest, found),
            None if rest.is_empty() => found.push(None),
            None => {}
        },
        _ => {}
    }
}

/// The event with initiator, target and observer written out.
fn written_out(event: &Value) -> Value {
    let is_short = |part: &Value| part.get("name").is_none() && part.get("typeURI").is_none();
    let mut whole = event.clone();
    for part in ["initiator", "target", "observer"] {
        let named = event[part]["id"].as_str().filter(|_| is_short(&event[part])).unwrap_or_default();
        if matches!(named, "initiator" | "target") && event.get(named).is_some() {
            whole[part] = event[named].clone();
        }
        if let (Some(id), None) = (event.get(format!("{part}Id")), event.get(part)) {
            let mut known = ["initiator", "target", "observer"].iter().filter_map(|part| event.get(part));
            let same = known.find(|part| part.get("id") == Some(id)).cloned();
            whole[part] = same.unwrap_or_else(|| serde_json::json!({"id": id}));
        }
    }
    whole
}

fn instant(text: &str) -> Option<chrono::DateTime<chrono::FixedOffset>> {
    // As some sources write it: in a named zone, with a blank before the time or after each colon.
    let text = &text.replace(" EDT", "-04:00").replace(" CDT", "-05:00").replace(": ", ":").replacen(' ', "T", 1);
    let formats = ["%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M:%S%.f%z"];
    let zoned = formats.iter().find_map(|format| chrono::DateTime::parse_from_str(text, format).ok());
    let utc = || Some(chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok()?.and_utc());
    zoned.or_else(|| utc().map(Into::into)).or_else(|| chrono::DateTime::parse_from_rfc3339(text).ok())
}

fn holds(event: &Value, (path, kind): (&str, Kind), operator: &str, wanted: &str) -> bool {
    let mut found = Vec::new();
    values(event, &path.split('/').collect::<Vec<_>>(), &mut found);
    let texts: Vec<&str> = found
        .iter()
        .filter_map(|value| match value {
            Some(value) => value.as_str(),
            None => (kind == Kind::String).then_some(""),
        })
        .collect();
    let is_a = |text: &str| {
        let (segments, kinds): (Vec<&str>, Vec<&str>) = (text.split('/').collect(), wanted.split('/').collect());
        !wanted.is_empty() && segments.starts_with(&kinds)
    };
    match (kind, operator) {
        (Kind::Taxonomy, "=") => texts.iter().any(|text| is_a(text)),
        (Kind::Taxonomy, "!=") => !texts.iter().any(|text| is_a(text)),
        (Kind::Taxonomy, "!==") => !texts.contains(&wanted),
        (Kind::Time, "^=") => false,
        (Kind::Time, _) => texts.iter().filter_map(|text| instant(text)).any(|time| {
            let order = time.cmp(&instant(wanted).unwrap());
            match operator {
                "=" | "==" => order.is_eq(),
                "!=" | "!==" => order.is_ne(),
                "<" => order.is_lt(),
                _ => order.is_ge(),
            }
        }),
        (_, "=" | "==") => texts.contains(&wanted),
        (_, "^=") => texts.iter().any(|text| text.starts_with(wanted)),
        (_, "<" | ">=") => false,
        _ => texts.iter().any(|text| *text != wanted),
    }
}

/// The events of all files of the corpus, with their JSON.
fn corpus() -> Vec<(Event, Value)> {
    let Some(data) = std::env::var_os("CIMI_TEST_DATA") else {
        println!("skipped: CIMI_TEST_DATA is not set");
        return Vec::new();
    };
    let files = std::fs::read_dir(Path::new(&data).join("corpus/cadf")).unwrap();
    let read = |path: std::path::PathBuf| {
        let file = BufReader::new(std::fs::File::open(path).unwrap());
        Records::new(file, Default::default()).filter_map(|record| Some(record.event.ok()?.value)).collect::<Vec<_>>()
    };
    let known = |path: &std::path::PathBuf| path.extension().is_some_and(|end| end == "json" || end == "xml");
    let events = files.map(|file| file.unwrap().path()).filter(known).flat_map(read);
    let with_json = |event: Event| {
        let json = event.to_string(Default::default(), Default::default()).unwrap();
        let mut json: Value = serde_json::from_str(&json).unwrap();
        // To a filter a code is a text, however it is written.
        if let Some(code) = json.pointer_mut("/reason/reasonCode").filter(|code| code.is_number()) {
            *code = code.to_string().into();
        }
        (event, json)
    };
    let events: Vec<_> = events.map(with_json).collect();
    assert!(events.len() > 150, "{}", events.len());
    events
}

#[test]
fn the_corpus_agrees_with_a_plain_evaluation() {
    let events = corpus();
    let written: Vec<Value> = events.iter().map(|(_, json)| written_out(json)).collect();
    let (mut held, mut failed) = (0_usize, 0_usize);
    for (path, kind) in PATHS {
        let mut known = BTreeSet::from(["nothing/of/it".to_owned(), "compute".to_owned()]);
        for json in &written {
            let mut found = Vec::new();
            values(json, &path.split('/').collect::<Vec<_>>(), &mut found);
            let texts = found.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
            known.extend(texts.flat_map(|text| {
                let parent = text.rsplit_once('/').map(|(parent, _)| parent.to_owned());
                std::iter::once(text).chain(parent)
            }));
        }
        let comparable = |text: &String| if *kind == Kind::Time { instant(text).is_some() } else { !text.is_empty() };
        for wanted in known.iter().filter(|text| comparable(text)) {
            let quoted = wanted.replace('\\', "\\\\").replace('\'', "\\'");
            for operator in ["=", "!=", "==", "!==", "^=", "<", ">="] {
                if *kind == Kind::Time && operator == "^=" {
                    continue;
                }
                let text = format!("{path}{operator}'{quoted}'");
                let filter: EventFilter = text.parse().unwrap();
                let compiled = filter.compiled();
                for ((event, json), written) in events.iter().zip(&written) {
                    let expected = holds(written, (path, *kind), operator, wanted);
                    assert_eq!(compiled.matches(event), expected, "{text}\n{json}");
                    *(if expected { &mut held } else { &mut failed }) += 1;
                }
            }
        }
    }
    assert!(events.is_empty() || (held > 50_000 && failed > 50_000), "{held} {failed}");
}

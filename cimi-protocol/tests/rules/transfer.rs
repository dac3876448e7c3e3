//! Requests to export and import.

use cimi_model::validate::{Rule, Validation};
use cimi_model::{Action, ReadOptions, json, xml};
use cimi_protocol::provider::rules::{Export, Import, OVF};

fn action(body: &str) -> Action {
    json::from_slice(body.as_bytes(), &ReadOptions::strict()).unwrap().value
}

const EXPORT: &str = r#""resourceURI": "http://schemas.dmtf.org/cimi/2/Action", "action": "http://schemas.dmtf.org/cimi/2/action/export""#;

#[test]
fn exports_as_they_come() {
    let export = Export::of(&action(&format!("{{{EXPORT}}}")), &[OVF]).unwrap();
    assert_eq!(export, Export::default());
    let body = format!(
        r#"{{{EXPORT}, "format": "Application/OVF; version=2", "destination": "https://store.example.com/a.ovf",
            "properties": {{"password": "hush"}}}}"#
    );
    let export = Export::of(&action(&body), &["application/x-tar", OVF]).unwrap();
    assert_eq!(export.destination, Some("https://store.example.com/a.ovf".into()));
    assert_eq!(export.properties.get("password"), Some("hush"));
    assert_eq!(export.location(&"https://cloud.example.com/p".into()), None);
    // 1.x, in XML.
    let text = br#"<Action xmlns="http://schemas.dmtf.org/cimi/1"><action>http://schemas.dmtf.org/cimi/1/action/export</action></Action>"#;
    let request = xml::from_slice::<Action>(text, &ReadOptions::default()).unwrap().value;
    assert!(Export::of(&request, &[OVF]).is_ok());
}

#[test]
fn exports_that_are_not_possible() {
    for (more, path, rule) in [
        (r#", "format": "application/zip""#, "/Action/format", Rule::Value),
        (r#", "format": "zip""#, "/Action/format", Rule::Value),
        (r#", "destination": " ""#, "/Action/destination", Rule::Uri),
    ] {
        let request = json::from_slice::<Action>(format!("{{{EXPORT}{more}}}").as_bytes(), &ReadOptions::default());
        let problems = Export::of(&request.unwrap().value, &[OVF]).unwrap_err();
        assert_eq!((problems.len(), problems[0].path.as_str(), problems[0].rule), (1, path, rule));
    }
    let problems = Export::of(&Action::from(&Import::default()), &[]).unwrap_err();
    let rules: Vec<Rule> = problems.iter().map(|problem| problem.rule).collect();
    assert_eq!(rules, [Rule::Operation, Rule::Value]);
}

#[test]
fn imports_need_a_source() {
    let import = Import { source: "https://store.example.com/a.ovf".into(), ..Default::default() };
    assert_eq!(Import::of(&Action::from(&import)).unwrap(), import);
    for request in [Action::from(&Import::default()), Action { source: Some("  ".into()), ..Action::from(&import) }] {
        let problems = Import::of(&request).unwrap_err();
        assert_eq!((problems.len(), problems[0].rule, problems[0].clause), (1, Rule::Required, "5.13.2.1"));
    }
    assert_eq!(Import::of(&Action::from(&Export::default())).unwrap_err().len(), 2);
}

#[test]
fn what_clients_build_is_valid() {
    let export = Export { destination: Some("https://store.example.com/a".into()), ..Default::default() };
    let import = Import { source: "https://store.example.com/a".into(), ..Default::default() };
    for request in [Action::from(&export), Action::from(&import)] {
        let problems = Validation::create().problems(&request);
        assert!(problems.is_empty(), "{problems:?}");
    }
    assert_eq!(Export::of(&Action::from(&export), &[OVF]).unwrap(), export);
}

#[test]
fn secrets_are_not_printed() {
    let properties = || [("password", "hush")].into_iter().collect();
    let uri = || "ftp://user:hush@store.example.com/a?b".into();
    let export = Export { destination: Some(uri()), properties: properties(), ..Default::default() };
    let import = Import { source: uri(), properties: properties() };
    let printed = format!("{export:?} {import:?}");
    assert!(!printed.contains("hush") && printed.contains("ftp://store.example.com/a?b"), "{printed}");
}

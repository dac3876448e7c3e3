//! Attributes that are added to types of the standard: typed, kept in both formats, refused with a path.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use cimi_model::ext::Addition;
use cimi_model::validate::{Rule, Severity, Validation};
use cimi_model::{Dialect, Machine, ReadOptions, Volume, json, record, xml};

const NAMESPACE: &str = "http://example.com/racks";

record! {
    /// Where a Machine stands.
    pub Place = "place" Structure [namespace(NAMESPACE)] {
        /// The rack.
        rack: Option<String> = "rack",
        /// The unit of height that it begins at.
        unit: Option<i64> = "unit" [range(1, 48)],
        /// Whether it can be reached.
        open: Option<bool> = "open",
    }
}

const PLACE: Addition<Place> = Addition::new(NAMESPACE, "place", &["Machine"], "Where it stands.");

fn place(unit: i64) -> Place {
    Place { rack: Some("r7".into()), unit: Some(unit), open: Some(true), ..Place::default() }
}

#[test]
fn values_survive_both_formats_and_dialects() {
    let mut one = Machine::default();
    PLACE.set(&mut one, &place(40)).unwrap();
    let mut two = Machine::default();
    PLACE.set_all(&mut two, &[place(1), place(2)]).unwrap();
    for machine in [&one, &two] {
        let expected = PLACE.all(machine).unwrap();
        let text = json::to_string(machine, Dialect::V2.into()).unwrap();
        let read = json::from_slice::<Machine>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
        assert_eq!(PLACE.all(&read).unwrap(), expected, "{text}");
        for dialect in [Dialect::V1, Dialect::V2] {
            let text = xml::to_string(machine, dialect.into()).unwrap();
            let read = xml::from_slice::<Machine>(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
            assert_eq!(PLACE.all(&read).unwrap(), expected, "{text}");
            assert_eq!(PLACE.problems(&read, &Validation { least: Severity::Warning, ..Validation::read() }), []);
        }
    }
    assert_eq!(PLACE.get(&one).unwrap(), Some(place(40)));
    assert_eq!(PLACE.get(&two).unwrap_err().path(), "/Machine/place");
    assert!(PLACE.remove(&mut one) && !PLACE.remove(&mut one));
    assert_eq!(PLACE.get(&one).unwrap(), None);
}

#[test]
fn plain_names_and_texts_of_peers_are_understood() {
    let text = br#"{"cpu": 1, "place": {"rack": "r7", "unit": "40", "open": true}}"#;
    let mut machine = json::from_slice::<Machine>(text, &ReadOptions::default()).unwrap().value;
    assert_eq!(PLACE.get(&machine).unwrap(), Some(place(40)));
    let problems = PLACE.problems(&machine, &Validation::read());
    assert_eq!((problems[0].path.as_str(), problems[0].rule), ("/Machine/place/unit", Rule::Spelling));
    // What is set replaces it, in the namespace.
    PLACE.set(&mut machine, &place(3)).unwrap();
    assert_eq!(machine.extensions.len(), 1);
    assert_eq!(PLACE.get(&machine).unwrap(), Some(place(3)));

    let text = format!(
        r#"<Machine xmlns="http://schemas.dmtf.org/cimi/2" xmlns:r="{NAMESPACE}"><r:place><r:rack>r7</r:rack>
           <r:unit>40</r:unit><r:open>true</r:open></r:place></Machine>"#
    );
    let machine = xml::from_slice::<Machine>(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
    assert_eq!(PLACE.get(&machine).unwrap(), Some(place(40)));
}

#[test]
fn wrong_values_are_refused_with_their_path() {
    let mut machine = Machine::default();
    for (value, path, rule) in [
        (r#"{"unit": 49}"#, "/Machine/place/unit", Rule::Range),
        (r#"{"unit": "high"}"#, "/Machine/place/unit", Rule::Value),
        (r#"[{"unit": 1}, {"unit": {}}]"#, "/Machine/place[1]/unit", Rule::Value),
        (r#""r7""#, "/Machine/place", Rule::Value),
    ] {
        let text = format!(r#"{{"{{{NAMESPACE}}}place": {value}}}"#);
        machine = json::from_slice::<Machine>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
        let problems = PLACE.problems(&machine, &Validation::read());
        let wrong = problems.iter().filter(|problem| problem.rule != Rule::Required);
        let found: Vec<_> = wrong.map(|problem| (problem.path.as_str(), problem.rule)).collect();
        assert_eq!(found, [(path, rule)], "{value}");
    }
    assert_eq!(PLACE.get(&machine).unwrap_err().path(), "/Machine/place");
    let mut volume = Volume::default();
    PLACE.set(&mut volume, &place(1)).unwrap();
    assert_eq!(PLACE.problems(&volume, &Validation::read())[0].path, "/Volume/place");
}

#[test]
fn metadata_describes_it() {
    let description = PLACE.description(Dialect::V2);
    assert_eq!(description.name.as_deref(), Some("place"));
    assert_eq!(description.namespace.as_ref().map(cimi_model::Uri::as_str), Some(NAMESPACE));
    let mut options = cimi_model::describe::DescribeOptions::new(Dialect::V2);
    options.extensions.push(description);
    let metadata =
        cimi_model::describe::metadata_for(<Machine as cimi_model::reflect::Described>::described(), &options);
    let mut machine = Machine::default();
    PLACE.set(&mut machine, &place(1)).unwrap();
    let create = Validation { metadata: vec![&metadata], ..Validation::create() };
    let unknown =
        |validation: &Validation<'_>| validation.problems(&machine).iter().any(|problem| problem.rule == Rule::Unknown);
    assert!(unknown(&Validation::create()) && !unknown(&create));
}

//! Documents to be validated, and what is found in them.

use cimi_model::validate::{Problem, Severity, Validation};
use cimi_model::{Dialect, Document, Format, ReadOptions, Registry, ResourceMetadata};

/// Reads JSON of dialect 2 without its type.
pub fn document(type_name: &str, members: &str) -> Document {
    let text = format!("{{\"resourceURI\": \"{}\", {members}}}", Dialect::V2.uri(type_name));
    match Document::read(text.as_bytes(), &Registry::standard(), &ReadOptions::default()) {
        Ok(parsed) => parsed.value,
        Err(error) => panic!("{error}\n{text}"),
    }
}

pub fn metadata(members: &str) -> ResourceMetadata {
    document("ResourceMetadata", members).into_value().expect("metadata")
}

/// The warnings and errors, each as severity, path and rule.
pub fn short(problems: &[Problem]) -> Vec<String> {
    let found = problems.iter().filter(|problem| problem.severity > Severity::Info);
    found.map(|problem| format!("{} {} {}", problem.severity, problem.path, problem.rule)).collect()
}

/// Expects these problems of the document, read from JSON, and from XML in 2.0.
#[track_caller]
pub fn expect(validation: &Validation<'_>, type_name: &str, members: &str, expected: &[&str]) {
    let read = document(type_name, members);
    let problems = validation.problems(read.record());
    assert_eq!(short(&problems), expected, "{problems:#?}");
    let xml = read.to_string(Format::Xml, Dialect::V2.into()).unwrap();
    let again = Document::read(xml.as_bytes(), &Registry::standard(), &ReadOptions::default()).unwrap().value;
    assert_eq!(short(&validation.problems(again.record())), expected, "{xml}");
    let accepted = expected.iter().all(|line| !line.starts_with("error"));
    assert_eq!(validation.accepts(read.record()), accepted);
}

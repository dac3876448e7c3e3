//! Real documents of real peers: read leniently, written in each form, read again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod support;

use cimi_model::{Dialect, Document, ErrorKind, Format, Generic, ReadOptions, Registry};
use support::corpus;

#[test]
fn documents_survive_each_format_and_dialect() {
    let (mut typed, mut generic, mut refused, mut without_type) = (0, 0, 0, 0);
    let registry = Registry::standard();
    let options = ReadOptions::default();
    for (name, bytes) in corpus::documents("documents_survive_each_format_and_dialect") {
        let parsed = match Document::read(&bytes, &registry, &options) {
            Ok(parsed) => parsed,
            Err(error) if error.kind() == ErrorKind::Type => {
                without_type += 1;
                continue;
            }
            Err(error) => {
                assert!(error.location().is_some() || bytes.is_empty(), "{name}: {error}");
                println!("{name}: {error}");
                refused += 1;
                continue;
            }
        };
        let document = parsed.value;
        if document.as_ref::<Generic>().is_some() {
            generic += 1;
        } else {
            typed += 1;
        }
        for format in [Format::Json, Format::Xml] {
            for dialect in [Dialect::V1, Dialect::V2] {
                let text = document.to_string(format, dialect.into()).unwrap();
                let again = match Document::read(text.as_bytes(), &registry, &options) {
                    Ok(parsed) => parsed.value,
                    Err(error) => panic!("{name} as {format:?} {dialect:?}: {error}\n{text}"),
                };
                assert_eq!(document, again, "{name} as {format:?} {dialect:?}\n{text}");
            }
        }
    }
    println!("{typed} typed, {generic} of other types, {without_type} without a type, {refused} refused");
}

/// Documents that do not say their type are read as the type that their name tells.
#[test]
fn documents_without_a_type_are_read_as_the_type_asked_for() {
    let registry = Registry::standard();
    let mut read = 0;
    for (name, bytes) in corpus::documents("documents_without_a_type_are_read_as_the_type_asked_for") {
        for entry in &registry {
            let parsed = match Document::read_as(&bytes, entry, &ReadOptions::default()) {
                Ok(parsed) => parsed,
                Err(error) => {
                    assert!(error.location().is_some() || bytes.is_empty(), "{name}: {error}");
                    continue;
                }
            };
            read += 1;
            for format in [Format::Json, Format::Xml] {
                let text = parsed.value.to_string(format, Dialect::V1.into()).unwrap();
                let again = Document::read_as(text.as_bytes(), entry, &ReadOptions::default());
                let again = again.unwrap_or_else(|error| panic!("{name} as {entry:?}: {error}\n{text}")).value;
                assert_eq!(parsed.value, again, "{name} as {entry:?} in {format:?}\n{text}");
            }
        }
    }
    println!("{read} readings");
}

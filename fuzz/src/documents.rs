//! Whole documents, there and back.

use std::io::BufReader;

use cimi_model::reflect::Record;
use cimi_model::stream::{MemberWriter, Members};
use cimi_model::{
    Collection, Dialect, Document, Format, Limits, Machine, Parsed, ReadOptions, Registry, Result, WriteOptions, json,
    xml,
};

thread_local! {
    static STANDARD: Registry = Registry::standard();
    /// Without anything but Jobs.
    static NEARLY_EMPTY: Registry = Registry::standard().only("Job").expect("a type of the standard");
}

/// Reads a JSON document.
pub fn json(input: &[u8]) {
    if Format::of(input) == Format::Json {
        STANDARD.with(|registry| document(input, registry));
    }
}

/// Reads an XML document.
pub fn xml(input: &[u8]) {
    if Format::of(input) == Format::Xml {
        STANDARD.with(|registry| document(input, registry));
    }
}

/// Reads a document in either format whose type nobody knows.
pub fn generic(input: &[u8]) {
    NEARLY_EMPTY.with(|registry| document(input, registry));
}

/// Reads a collection at once and member by member, which must agree; and writes it member by member.
///
/// # Panics
/// When they do not.
pub fn members(input: &[u8]) {
    for options in [ReadOptions::default(), ReadOptions::strict()] {
        let whole = match Format::of(input) {
            Format::Json => json::from_slice::<Collection<Machine>>(input, &options),
            _ => xml::from_slice::<Collection<Machine>>(input, &options),
        };
        match (whole, one_by_one(input, &options)) {
            (Ok(whole), Ok(parts)) => {
                assert_eq!(parts.value, whole.value, "member by member something else is read");
                assert_eq!(parts.dialect, whole.dialect, "member by member another version is seen");
                write_one_by_one(&whole.value);
                let count = |parsed: &Parsed<_>| parsed.deviations.len() + parsed.more_deviations;
                assert_eq!(count(&parts), count(&whole), "member by member other deviations are found");
            }
            (Err(_), Err(error)) => drop(error.to_string()),
            (Err(error), Ok(_)) => panic!("read member by member although it is refused at once: {error}"),
            // An item that is no object is kept where the whole is read, and cannot be handed out as a member.
            (Ok(whole), Err(_)) if !whole.deviations.is_empty() => {}
            (Ok(_), Err(error)) => panic!("refused member by member although it can be read at once: {error}"),
        }
    }
}

/// Written member by member, it is read as the same.
fn write_one_by_one(whole: &Collection<Machine>) {
    for options in all_options() {
        for format in [Format::Json, Format::Xml] {
            let mut about = whole.clone();
            let members = about.items.split_off(about.items.len().min(1));
            // What is kept in the place of the members cannot stand beside them.
            let Ok(mut writer) = MemberWriter::new(Vec::new(), about, format, options) else { continue };
            for member in &members {
                writer.write(member).expect("a Vec does not fail");
            }
            let written = writer.finish().expect("a Vec does not fail");
            let again = match format {
                Format::Json => json::from_slice::<Collection<Machine>>(&written, &GENEROUS),
                _ => xml::from_slice::<Collection<Machine>>(&written, &GENEROUS),
            };
            let text = String::from_utf8_lossy(&written);
            let again = again.unwrap_or_else(|error| panic!("what was written cannot be read: {error}\n{text}"));
            assert_eq!(again.value, *whole, "{text}");
        }
    }
}

fn one_by_one(input: &[u8], options: &ReadOptions) -> Result<Parsed<Collection<Machine>>> {
    let mut members = Members::<Machine>::open(BufReader::with_capacity(7, input), options)?;
    let items = members.by_ref().collect::<Result<Vec<Machine>>>()?;
    let mut parsed = members.collection()?;
    assert!(parsed.value.items.is_empty(), "a member is given twice");
    parsed.value.items = items;
    Ok(parsed)
}

/// Reads a document strictly, which must not panic; then leniently, writes it in all forms and reads it again.
fn document(input: &[u8], registry: &Registry) {
    let strict = Document::read(input, registry, &ReadOptions::strict()).map(|parsed| parsed.value);
    let lenient = Document::read(input, registry, &ReadOptions::default()).map(|parsed| parsed.value);
    let document = match (strict, lenient) {
        (Ok(strict), Ok(lenient)) => {
            assert_eq!(strict, lenient, "what strict reading accepts, lenient reading reads alike");
            lenient
        }
        (Ok(_), Err(error)) => panic!("strict reading accepts what lenient reading refuses: {error}"),
        (Err(_), Ok(lenient)) => lenient,
        (Err(_), Err(error)) => return drop(error.to_string()),
    };
    for options in all_options() {
        there_and_back(&document, registry, Format::Json, options);
        there_and_back(&document, registry, Format::Xml, options);
    }
}

/// Both versions, compact and indented.
pub(crate) fn all_options() -> impl Iterator<Item = WriteOptions> {
    let of = |dialect| [false, true].map(|pretty| WriteOptions { dialect, pretty });
    [Dialect::V1, Dialect::V2].into_iter().flat_map(of)
}

/// What was read can be written.
pub(crate) fn text(record: &dyn Record, format: Format, options: WriteOptions) -> String {
    let text = match format {
        Format::Json => json::to_string(record, options),
        _ => xml::to_string(record, options),
    };
    text.unwrap_or_else(|error| panic!("what was read cannot be written: {error}\n{record:?}"))
}

/// What is written may be larger than what was read: by namespace declarations, wrappers and escapes.
pub(crate) const GENEROUS: ReadOptions = ReadOptions {
    strict: false,
    limits: Limits { size: 1 << 30, depth: 200, elements: 1 << 30, attributes: 4096, name: 1 << 20, deviations: 10 },
};

fn there_and_back(document: &Document, registry: &Registry, format: Format, options: WriteOptions) {
    let text = document.to_string(format, options).expect("what was read can be written");
    let again = match Document::read(text.as_bytes(), registry, &GENEROUS) {
        Ok(parsed) => parsed.value,
        Err(error) => panic!("what was written cannot be read: {error}\n{options:?}\n{text}\n{document:?}"),
    };
    assert!(again == *document, "changed by {options:?}\n{text}\nbefore {document:?}\nafter  {again:?}");
    well_formed(&text, format);
}

/// Asks another library.
pub(crate) fn well_formed(text: &str, format: Format) {
    let refused = match format {
        Format::Xml => roxmltree::Document::parse(text).err().map(|error| error.to_string()),
        _ => serde_json::from_str::<serde::de::IgnoredAny>(text).err().map(|error| error.to_string()),
    };
    assert_eq!(refused, None, "refused by another library:\n{text}");
}

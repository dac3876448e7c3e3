//! Whole documents, there and back.

use cimi_model::{Dialect, Document, Format, Limits, ReadOptions, Registry, WriteOptions};

/// Reads a JSON document.
pub fn json(input: &[u8]) {
    if Format::of(input) == Format::Json {
        document(input);
    }
}

/// Reads an XML document.
pub fn xml(input: &[u8]) {
    if Format::of(input) == Format::Xml {
        document(input);
    }
}

/// Reads a document strictly, which must not panic; then leniently, writes it in all forms and reads it again.
fn document(input: &[u8]) {
    thread_local!(static REGISTRY: Registry = Registry::standard());
    REGISTRY.with(|registry| {
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
        for format in [Format::Json, Format::Xml] {
            for dialect in [Dialect::V1, Dialect::V2] {
                for pretty in [false, true] {
                    there_and_back(&document, registry, format, WriteOptions { dialect, pretty });
                }
            }
        }
    });
}

/// What is written may be larger than what was read: by namespace declarations, wrappers and escapes.
const GENEROUS: ReadOptions = ReadOptions {
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
fn well_formed(text: &str, format: Format) {
    let refused = match format {
        Format::Xml => roxmltree::Document::parse(text).err().map(|error| error.to_string()),
        _ => serde_json::from_str::<serde::de::IgnoredAny>(text).err().map(|error| error.to_string()),
    };
    assert_eq!(refused, None, "refused by another library:\n{text}");
}

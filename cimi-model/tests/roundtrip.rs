//! Any value of any type survives any sequence of formats and dialects.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod support;

use cimi_model::reflect::Record;
use cimi_model::registry::Entry;
use cimi_model::{Dialect, Document, Format, ReadOptions, Registry};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
/// Bytes that proptest prints on one line.
#[derive(Clone)]
struct Bytes(Vec<u8>);

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.iter().map(u8::to_string).collect::<Vec<_>>().join(","))
    }
}

fn bytes() -> impl Strategy<Value = Bytes> {
    prop::collection::vec(any::<u8>(), 0..400).prop_map(Bytes)
}

use support::{Choices, Profile, fill, shuffle};

cimi_model::record! {
    /// A structure with a namespace of its own, and one of each kind of attribute.
    pub Slot = "slot" Structure [namespace("http://example.com/slots")] {
        /// An XML attribute.
        number: Option<i64> = "number" [xml_attribute],
        /// A secret.
        code: Option<cimi_model::Secret> = "code" [secret],
        /// A duration.
        window: Option<cimi_model::Duration> = "window" [xml_attribute, v2_only],
        /// Anything.
        note: Option<cimi_model::Any> = "note",
        /// A structure in a structure.
        inner: Option<Position> = "inner",
    }
}

cimi_model::record! {
    /// A structure without a namespace of its own.
    pub Position = "position" Structure {
        /// An XML attribute.
        x: Option<i64> = "x" [xml_attribute],
        /// Anything, as content.
        value: Option<cimi_model::Any> = "value" [xml_content],
    }
}

cimi_model::resource! {
    /// A provider's own type.
    pub Rack = "Rack" [namespace("http://example.com/racks")] {
        /// Items of text.
        phones: Vec<String> = "phones" [item("phone")],
        /// Items of URIs, renamed in 1.x.
        links: Vec<cimi_model::Uri> = "links" [item("link"), v1_name("urls"), v1_item("url")],
        /// Items that are structures.
        slots: Vec<Slot> = "slots" [item("slot")],
        /// References without a wrapper.
        machines: Vec<cimi_model::Ref<cimi_model::Machine>> = "machines" [item("machine"), unwrapped],
        /// A map of anything.
        settings: cimi_model::Map = "settings" [item("setting")],
        /// Collections of provider types.
        racks: Option<cimi_model::Ref<cimi_model::Collection<Rack>>> = "racks",
        /// Bytes.
        firmware: Option<cimi_model::Binary> = "firmware" [v1_only],
    }
}
cimi_model::collection!(Rack, "RackCollection", "racks", v1: "Racks", "rackList");

fn registry() -> Registry {
    Registry::standard().with_collection::<Rack>()
}

/// A filled record of the type.
fn made(entry: &Entry, choices: &mut Choices<'_>) -> Box<dyn Record> {
    let mut record = (entry.new)();
    fill(&mut *record, choices, Profile::Wild, 3, false);
    record
}

fn check(entry: &Entry, text: &str, record: &dyn Record, what: &str) {
    let document = match Document::read_as(text.as_bytes(), entry, &ReadOptions::default()) {
        Ok(parsed) => parsed.value,
        Err(error) => panic!("{what} of {}: {error}\n{text}", entry.record_type.name),
    };
    assert!(
        document.record() == record,
        "{what} of {}\n{text}\n  written: {record:#?}\n  read: {:#?}",
        entry.record_type.name,
        document.record()
    );
}

fn survives(entry: &Entry, bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let record = made(entry, &mut choices);
    let document = Document::read_as(b"{}", entry, &ReadOptions::default()).expect("an empty object").value;
    assert_eq!(document.record().record_type().name, entry.record_type.name);
    for format in [Format::Json, Format::Xml] {
        for dialect in [Dialect::V1, Dialect::V2] {
            for pretty in [false, true] {
                let options = cimi_model::WriteOptions { dialect, pretty };
                let text = match format {
                    Format::Json => cimi_model::json::to_string(&*record, options),
                    _ => cimi_model::xml::to_string(&*record, options),
                }
                .expect("written");
                check(entry, &text, &*record, &format!("{format:?} {dialect:?}"));
                if !pretty {
                    let shuffled = match format {
                        Format::Json => shuffle::json(&text, &mut choices),
                        _ => shuffle::xml(&text, &mut choices),
                    };
                    check(entry, &shuffled, &*record, &format!("shuffled {format:?} {dialect:?}"));
                }
            }
        }
    }
}

/// JSON → XML 1 → XML 2 → JSON, reading each text anew.
fn chain(entry: &Entry, bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let first = Document::from(made(entry, &mut choices));
    let mut document = first.clone();
    for (format, dialect) in [
        (Format::Json, Dialect::V2),
        (Format::Xml, Dialect::V1),
        (Format::Xml, Dialect::V2),
        (Format::Json, Dialect::V1),
    ] {
        let text = document.to_string(format, dialect.into()).expect("written");
        document = Document::read_as(text.as_bytes(), entry, &ReadOptions::default()).expect("readable").value;
    }
    let shown = |document: &Document| document.to_string(Format::Json, Dialect::V2.into()).expect("written");
    assert!(first == document, "{}\n  {}\n  {}", entry.record_type.name, shown(&first), shown(&document));
}

#[test]
fn provider_types() {
    let registry = registry();
    let mut source = proptest::test_runner::TestRunner::deterministic();
    for entry in registry.iter().filter(|entry| entry.record_type.name.starts_with("Rack")) {
        for _ in 0..1000 {
            let tree = bytes().new_tree(&mut source).expect("bytes");
            survives(entry, &tree.current().0);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(1500), max_shrink_iters: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_format_and_dialect(which in any::<prop::sample::Index>(), bytes in bytes()) {
        let registry = registry();
        let entries: Vec<_> = registry.iter().copied().collect();
        survives(which.get(&entries), &bytes.0);
    }

    #[test]
    fn chained(which in any::<prop::sample::Index>(), bytes in bytes()) {
        let registry = registry();
        let entries: Vec<_> = registry.iter().copied().collect();
        chain(which.get(&entries), &bytes.0);
    }
}

mod other_formats {
    //! Types of formats that are not CIMI: with another namespace, and empty values that are not absent.

    use cimi_model::{Map, ReadOptions, WriteOptions, json, record, xml};

    record! {
        /// A shelf.
        pub Shelf = "shelf" Structure
            [namespace("urn:shelf/"), namespace_aliases(&["urn:old-shelf"]), verbatim, v2_only] {
            /// Its name.
            name: Option<String> = "name" [xml_attribute],
            /// What is on it.
            books: Vec<String> = "books" [item("book")],
            /// Notes.
            notes: Map = "notes" [pairs],
        }
    }

    #[test]
    fn aliases_of_a_namespace_are_read() {
        let own = r#"<shelf xmlns="urn:shelf/" name="a"><books><book>b</book></books></shelf>"#;
        let old = r#"<x:shelf xmlns:x="urn:old-shelf" name="a"><x:books><x:book>b</x:book></x:books></x:shelf>"#;
        let read = |text: &str| xml::from_slice::<Shelf>(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
        assert_eq!(read(own), read(old));
        assert_eq!(xml::to_string(&read(old), WriteOptions::default()).unwrap(), own);
        assert!(
            xml::from_slice::<Shelf>(own.replace("urn:shelf/", "urn:new").as_bytes(), &ReadOptions::default()).is_err()
        );
    }

    #[test]
    fn empty_values_are_kept() {
        let text = r#"{"name":"","books":[],"notes":{}}"#;
        let shelf = json::from_slice::<Shelf>(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
        assert_eq!((shelf.name.as_deref(), shelf.books.len(), shelf.notes.len()), (None, 0, 0));
        assert_eq!(json::to_string(&shelf, WriteOptions::default()).unwrap(), text);
        let written = xml::to_string(&shelf, WriteOptions::default()).unwrap();
        assert_eq!(xml::from_slice::<Shelf>(written.as_bytes(), &ReadOptions::strict()).unwrap().value, shelf);
        // An attribute that is set counts, not what was there before.
        let set = Shelf { name: Some("a".into()), ..shelf };
        assert_eq!(json::to_string(&set, WriteOptions::default()).unwrap(), r#"{"name":"a","books":[],"notes":{}}"#);
        assert_eq!(json::to_string(&Shelf::default(), WriteOptions::default()).unwrap(), "{}");
    }

    /// Texts that were understood in another spelling or form are written so again, in both formats.
    #[test]
    fn spellings_are_kept() {
        let read = |text: &str| json::from_slice::<Shelf>(text.as_bytes(), &ReadOptions::default()).unwrap();
        for (value, understood) in [
            ("403", "403"),
            ("4.030e2", "4.030e2"),
            ("-0", "-0"),
            ("true", "true"),
            ("100000000000000000000000000000001", "100000000000000000000000000000001"),
        ] {
            let text = format!("{{\"name\":{value},\"other\":{value}}}");
            let parsed = read(&text);
            assert_eq!((parsed.value.name.as_deref(), parsed.deviations.len()), (Some(understood), 1), "{text}");
            assert!(json::from_slice::<Shelf>(text.as_bytes(), &ReadOptions::strict()).is_err());
            let shelf = parsed.value;
            assert_eq!(json::to_string(&shelf, WriteOptions::default()).unwrap(), text);
            let written = xml::to_string(&shelf, WriteOptions::default()).unwrap();
            assert!(written.contains(&format!(" name=\"{understood}\"")), "{written}");
            let again = xml::from_slice::<Shelf>(written.as_bytes(), &ReadOptions::default()).unwrap();
            assert_eq!((&again.value, again.deviations.len()), (&shelf, 1), "{written}");
            assert!(xml::from_slice::<Shelf>(written.as_bytes(), &ReadOptions::strict()).is_err());
            assert_ne!(shelf, read(&text.replacen(value, &format!("\"{value}\""), 1)).value);
            // What is set anew is written as the standard has it.
            let set = Shelf { name: Some("7".into()), ..shelf.clone() };
            assert!(json::to_string(&set, WriteOptions::default()).unwrap().starts_with(r#"{"name":"7","#));
            assert!(!xml::to_string(&set, WriteOptions::default()).unwrap().contains("numbers="));
            let none = Shelf { name: None, ..shelf };
            assert!(!json::to_string(&none, WriteOptions::default()).unwrap().contains("name"));
        }
    }

    record! {
        /// Where a shelf stands.
        pub Room = "room" Structure [namespace("urn:shelf/"), verbatim, v2_only] {
            /// Its page.
            page: Option<cimi_model::Uri> = "page" [xml_attribute],
            /// Its plan.
            plan: Option<cimi_model::Uri> = "plan",
            /// How long it is open.
            open: Option<cimi_model::Duration> = "open" [xml_attribute],
            /// The number.
            number: Option<String> = "number",
            /// The shelf.
            shelf: Option<Shelf> = "shelf",
        }
    }

    /// Blanks around a value, words for it, characters that XML has no room for.
    #[test]
    fn spellings_survive_both_formats() {
        for text in [
            r#"{"page":" a\n","plan":"\tb ","open":" daily"}"#,
            r#"{"page":"\fa","plan":"\fb","open":"\fP1D"}"#,
            r#"{"plan":5,"number":1.50,"shelf":{"name":false,"books":["a",1]}}"#,
            r#"{"page":{"href":"a"},"plan":{"href":"b"}}"#,
        ] {
            let room = json::from_slice::<Room>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
            assert_eq!(json::to_string(&room, WriteOptions::default()).unwrap(), text);
            for pretty in [false, true] {
                let options = WriteOptions { pretty, ..WriteOptions::default() };
                let written = xml::to_string(&room, options).unwrap();
                let again = xml::from_slice::<Room>(written.as_bytes(), &ReadOptions::default()).unwrap().value;
                assert_eq!(again, room, "{written}");
                assert_eq!(json::to_string(&again, WriteOptions::default()).unwrap(), text);
            }
        }
        let spaced = json::from_slice::<Room>(br#"{"page": " a ", "open": "daily"}"#, &ReadOptions::default()).unwrap();
        assert_eq!(spaced.value.page, Some("a".into()));
        assert_eq!(spaced.value.open, Some("P1D".parse().unwrap()));
    }

    /// Marks that do not fit are kept as any attribute.
    #[test]
    fn odd_marks_of_forms_survive() {
        for mark in
            ["numbers=\"name other\"", "numbers=\"name\" j:booleans=\"name\"", "booleans=\"name\"", "numbers=\"\""]
        {
            let text = format!("<shelf xmlns=\"urn:shelf/\" xmlns:j=\"urn:x-cimi:json\" name=\"5\" j:{mark}/>");
            let shelf = xml::from_slice::<Shelf>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
            let written = xml::to_string(&shelf, WriteOptions::default()).unwrap();
            let again = xml::from_slice::<Shelf>(written.as_bytes(), &ReadOptions::default()).unwrap().value;
            assert_eq!(again, shelf, "{text} {written}");
            assert_eq!(shelf.name.as_deref(), Some("5"));
        }
    }

    #[test]
    fn maps_may_be_arrays_of_pairs() {
        let read = |text: &str| json::from_slice::<Shelf>(text.as_bytes(), &ReadOptions::default()).unwrap();
        let pairs = read(r#"{"notes": [{"key": "a", "value": "1"}, {"value": null, "key": ""}]}"#);
        assert_eq!(pairs.value, read(r#"{"notes": {"a": "1", "": null}}"#).value);
        assert!(pairs.deviations.is_empty());
        for other in
            [r#"[{"key": "a"}]"#, r#"[{"key": 1, "value": 1}]"#, "[1]", r#"[{"key": "a", "value": 1, "x": 1}]"#]
        {
            let kept = read(&format!("{{\"notes\":{other}}}"));
            assert_eq!((kept.value.notes.len(), kept.deviations.len()), (0, 1), "{other}");
            let before: serde_json::Value = serde_json::from_str(other).unwrap();
            assert_eq!(serde_json::to_value(&kept.value).unwrap()["notes"], before);
        }
        let twice = br#"{"notes": [{"key": "a", "value": 1}, {"key": "a", "value": 2}]}"#;
        assert!(json::from_slice::<Shelf>(twice, &ReadOptions::default()).is_err());
    }
}

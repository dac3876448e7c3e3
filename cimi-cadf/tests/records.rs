//! Streams of records, and the program that validates them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use std::io::{self, BufReader, Read};

use cimi_cadf::Records;
use cimi_model::{ErrorKind, Limits, ReadOptions};
use proptest::prelude::*;

/// The identifiers of the records, a question mark for each that cannot be read; however little is read at a time.
fn ids(text: &str) -> Vec<String> {
    let [whole, pieces] = [8192, 3].map(|capacity| {
        let input = BufReader::with_capacity(capacity, text.as_bytes());
        let name = |record: cimi_cadf::Record| match record.event {
            Ok(event) => event.value.id.map_or_else(String::new, |id| id.to_string()),
            Err(_) => "?".to_owned(),
        };
        let records = Records::new(input, ReadOptions::default()).map(name);
        records.take(100).collect::<Vec<_>>()
    });
    assert_eq!(whole, pieces);
    whole
}

#[test]
fn forms_of_streams() {
    for (text, expected) in [
        ("", &[][..]),
        (" \n", &[]),
        ("[]", &[]),
        (" [ ] ", &[]),
        (r#"{"id": "a"}"#, &["a"]),
        ("{\n \"id\":\n\"a\"\n}", &["a"]),
        ("{\"id\": \"a\"}\n{\"id\": \"b\"}", &["a", "b"]),
        ("\u{feff}{\"id\": \"a\"}\r\n\r\n{\"id\": \"b\"}\r\n", &["a", "b"]),
        ("{\n\"id\": \"a\"\n}\n{\n\"id\": \"b]}\"\n}\n", &["a", "b]}"]),
        (r#"[{"id": "a", "tags": ["x,y"]}, {"id": "],"}]"#, &["a", "],"]),
        ("\n[\n{\"id\": \"a\"}\n,\n{\"id\": \"\\\"\"}]\n", &["a", "\""]),
        ("<event xmlns=\"http://schemas.dmtf.org/cloud/audit/1.0/\"\n id=\"a\"/>", &["a"]),
        // What is wrong with one record does not matter to the next.
        ("{\"id\": \"a\"}\n{\"id\": \"b\"\n{\"id\": \"c\"}\n}{[\n{\"id\": \"d\"}", &["a", "?", "c", "?", "d"]),
        ("{\"id\": \"a\"} x\n{\"id\": \"b\"}", &["a", "?", "b"]),
        (r#"[1, {"id": "b"}, {"id"}, {"id": "c"}]"#, &["?", "b", "?", "c"]),
        (r#"[{"id": "a"},]"#, &["a", "?"]),
        (r#"[{"id": "a"}, {"id": "b"}"#, &["a", "b", "?"]),
        (r#"[{"id": "a"},"#, &["a", "?"]),
        (r#"[{"id": "a"}] {"id": "b"}"#, &["a", "b"]),
        ("[] []", &[]),
        ("[] ]", &["?"]),
        (r#"[{"id": "a""#, &["?", "?"]),
        ("nonsense", &["?"]),
        ("{", &["?"]),
    ] {
        assert_eq!(ids(text), expected, "{text}");
    }
}

/// Values follow one another, however lines are drawn between them.
#[test]
fn several_records_in_a_line() {
    let [a, b, c] = ["a", "b", "c"].map(|id| format!("{{\"id\": \"{id}\", \"x\": [{{}}, \"}}{{\"]}}"));
    for (text, expected) in [
        (format!("{a}{b} {c}"), "a b c"),
        (format!("{a}\t{b}\r\n{c}\r\n"), "a b c"),
        (format!("{a}\n{b}{c}\n{a}\n"), "a b c a"),
        (format!("{a}\n{b}{{\"id\": }}{c}\n{a}\n"), "a b ? c a"),
        (format!("{a}{{\"id\": }}{b}\n"), "a ? b"),
        (format!("{a}\n{{\n\"id\": \"b\"\n}}\n{c}{a}\n"), "a b c a"),
        (format!("{a}\n[\n{b},\n{c}\n]\n{a}\n"), "a b c a"),
        (format!("[{a}, {b}]\n[{c}]\n{a}"), "a b c a"),
        (format!("[{a}]{b}{c}[{a}]"), "a b c a"),
        (format!("{a}\n[{b}, {{\"id\": }}, {c}]\n[]\n{a}\n"), "a b ? c a"),
        (format!("[[{a}, {b}], {c}]"), "a b c"),
        // With a comma between them, or none in an array, they are nothing that JSON knows.
        (format!("{a}\n{b}, {c}\n{a}\n"), "a b ? a"),
        (format!("[{a} {b}, {c}]"), "? c"),
    ] {
        assert_eq!(ids(&text).join(" "), expected, "{text}");
    }
}

/// A first record that is cut off does not take the others with it.
#[test]
fn a_broken_beginning() {
    for broken in ["{\"id\": \"x\"", "{\"id\": \"x", "\"x\": 1}", "{", "}", "{\"x\": {\"y\": [1", "x", "{\"x\":1,}"] {
        let text = format!("{broken}\n{{\"id\": \"a\"}}\n{{\"id\": \"b\", \"x\": {{}}}}\n");
        let found = ids(&text);
        assert_eq!(found[found.len() - 2..], ["a", "b"], "{text}");
        assert!(found.len() > 2 && found[..found.len() - 2].iter().all(|id| id == "?"), "{text}");
    }
}

#[test]
fn limits_hold_for_each_record() {
    let limits = Limits { size: 40, ..Limits::default() };
    let long = format!(r#"{{"id": "{}"}}"#, "x".repeat(60));
    for text in [
        format!("{{\"id\": \"a\"}}\n{long}\n{{\"id\": \"c\"}}\n"),
        format!("{{\n\"id\": \"a\"}}\n{}\n{{\"id\":\n \"c\"}}\n", long.replace('{', "{\n")),
        format!(r#"[{{"id": "a"}},{long},{{"id": "c"}}]"#),
        format!(r#"{{"id": "a"}}{long}{{"id": "c"}}"#),
    ] {
        let records = Records::new(text.as_bytes(), ReadOptions { limits, ..ReadOptions::default() });
        let kinds: Vec<_> = records.map(|record| record.event.err().map(|error| error.kind())).collect();
        assert_eq!(kinds, [None, Some(ErrorKind::Limit), None], "{text}");
    }
}

/// A stream that fails says so once.
#[test]
fn failures_end_the_stream() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    let input = BufReader::new(b"{\"id\": \"a\"}\n".chain(Fails));
    let records: Vec<_> = Records::new(input, ReadOptions::default()).take(9).collect();
    assert_eq!(records.len(), 2);
    assert_eq!(records[1].event.as_ref().unwrap_err().kind(), ErrorKind::Io);
}

proptest! {
    #[test]
    fn every_stream_ends(text in "[\\[\\]{},\"\\\\a:\n <]{0,60}") {
        prop_assert!(ids(&text).len() <= text.len() + 1);
    }
}

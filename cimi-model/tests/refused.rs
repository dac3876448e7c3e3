//! Bad input is refused with kind, path, line and column, whatever the size or depth.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

use cimi_model::{Document, ErrorKind, Event, ReadOptions, Registry, WriteOptions};

fn refusal(text: &[u8], options: &ReadOptions) -> cimi_model::Error {
    match Document::read(text, &Registry::standard(), options) {
        Ok(parsed) => panic!("accepted as {:?}: {}", parsed.value, String::from_utf8_lossy(text)),
        Err(error) => error,
    }
}

/// Text, kind, path, line and column.
type Case = (&'static str, ErrorKind, &'static str, (u64, u64));

fn check(cases: &[Case], options: &ReadOptions) {
    for (text, kind, path, (line, column)) in cases {
        let error = refusal(text.as_bytes(), options);
        let location = error.location().map(|at| (at.line, at.column));
        assert_eq!((error.kind(), error.path(), location), (*kind, *path, Some((*line, *column))), "{error}\n{text}");
    }
}

#[test]
fn json_that_is_not_well_formed() {
    use ErrorKind::{Duplicate, Syntax, Type};
    let uri = r#"{"resourceURI":"http://schemas.dmtf.org/cimi/2/Machine""#;
    check(
        &[
            ("{", Syntax, "/", (1, 1)),
            ("[]", Syntax, "/", (1, 1)),
            ("{}", Type, "/", (1, 1)),
            ("{\"resourceURI\": 5}", Type, "/", (1, 1)),
            ("{\"resourceURI\":\"http://schemas.dmtf.org/cimi/2/Machine\",}", Syntax, "/", (1, 57)),
            ("{\"resourceURI\":\"http://schemas.dmtf.org/cimi/2/Machine\"} x", Syntax, "/", (1, 58)),
            ("{\"resourceURI\":\"x\",\n\"a\":\"\u{1}\"}", Syntax, "/", (2, 5)),
        ],
        &ReadOptions::default(),
    );
    let duplicate = |tail: &str| refusal(format!("{uri},{tail}}}").as_bytes(), &ReadOptions::default());
    for (tail, path) in [
        (r#""name":"a","name":"b""#, "/Machine"),
        (r#""realm":"a","realm":"b""#, "/Machine"),
        (r#""x":{"a":1,"b":2,"a":3}"#, "/Machine/x"),
        (r#""properties":{"a":"1","a":"2"}"#, "/Machine/properties"),
        (r#""disks":{"href":"a","href":"b"}"#, "/Machine/disks"),
        (r#""operations":[{},{"rel":"a","rel":"b"}]"#, "/Machine/operations[1]"),
    ] {
        let error = duplicate(tail);
        assert_eq!((error.kind(), error.path()), (Duplicate, path), "{error}");
        assert!(error.location().is_some(), "{error}");
    }
}

#[test]
fn xml_that_is_not_well_formed() {
    let machine = |content: &str| format!("<Machine xmlns=\"http://schemas.dmtf.org/cimi/2\">\n{content}</Machine>");
    for content in [
        "<name>&undefined;</name>",
        "<name>&#1;</name>",
        "<name>&#xD800;</name>",
        "<name>\u{1}</name>",
        "<name>\u{FFFE}</name>",
        "<name>a]]>b</name>",
        "<name>a & b</name>",
        "<x a=\"&undefined;\"/>",
        "<x a=\"&#0;\"/>",
        "<x a=\"a<b\"/>",
        "<x a=\"1\" a=\"2\"/>",
        "<x a=1/>",
        "<x a/>",
        "<x:y/>",
        "<x x:a=\"1\"/>",
        "<x xmlns:a=\"urn:u\" xmlns:b=\"urn:u\" a:c=\"1\" b:c=\"2\"/>",
        "<1x/>",
        "<x 1a=\"1\"/>",
        "<x><y></x></y>",
        "<x>",
        "</x>",
        "<!-- a -- b -->",
        "<?xml version=\"1.0\"?>",
        "<![CDATA[\u{2}]]>",
        "<!DOCTYPE x>",
        "<properties><property key=\"a\">1</property><property key=\"a\">2</property></properties>",
        "<name>a</name><name>b</name>",
    ] {
        let error = refusal(machine(content).as_bytes(), &ReadOptions::default());
        assert!(matches!(error.kind(), ErrorKind::Syntax | ErrorKind::Duplicate), "{content}: {error}");
        assert_eq!(error.location().map(|at| at.line), Some(2), "{content}: {error}");
        assert!(error.path().starts_with("/Machine"), "{content}: {error}");
        assert_eq!(error.to_string().lines().count(), 1);
    }
    for text in [
        "",
        " ",
        "<",
        "<!DOCTYPE Machine [<!ENTITY a \"b\">]><Machine xmlns=\"http://schemas.dmtf.org/cimi/2\">&a;</Machine>",
        "<Machine xmlns=\"http://schemas.dmtf.org/cimi/2\"/><Machine xmlns=\"http://schemas.dmtf.org/cimi/2\"/>",
        "<Machine xmlns=\"http://schemas.dmtf.org/cimi/2\"/>text",
        "text<Machine xmlns=\"http://schemas.dmtf.org/cimi/2\"/>",
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><Machine xmlns=\"http://schemas.dmtf.org/cimi/2\"/>",
        "<Machine xmlns=\"http://schemas.dmtf.org/cimi/2\"/>&amp;",
        "<Machine xmlns=\"http://schemas.dmtf.org/cimi/2\"/><![CDATA[]]>",
    ] {
        let error = refusal(text.as_bytes(), &ReadOptions::default());
        assert!(error.location().is_some() || text.is_empty(), "{text}: {error}");
    }
}

#[test]
fn bytes_that_are_not_text() {
    for bytes in [&b"\xFF\xFE<\0a"[..], b"{\"a\":\"\xFF\"}", b"<a>\xC3</a>", b"\xFE\xFF\0", b"\0"] {
        let error = refusal(bytes, &ReadOptions::default());
        assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
        assert!(error.location().is_some());
    }
    let utf16: Vec<u8> = "<?xml version=\"1.0\"?><Machine xmlns=\"http://schemas.dmtf.org/cimi/2\"/>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let marked = [&b"\xFF\xFE"[..], &utf16].concat();
    assert!(Document::read(&marked, &Registry::standard(), &ReadOptions::default()).is_ok());
    let marked = b"\xEF\xBB\xBF<Machine xmlns=\"http://schemas.dmtf.org/cimi/2\"/>";
    assert!(Document::read(marked, &Registry::standard(), &ReadOptions::strict()).is_ok());
}

/// On a small stack, so that recursion without a bound would show.
fn on_a_small_stack(f: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(512 * 1024).spawn(f).unwrap();
    thread.join().unwrap();
}

#[test]
fn depth_and_size_are_limited() {
    on_a_small_stack(|| {
        let n = 100_000;
        let uri = r#"{"resourceURI":"http://schemas.dmtf.org/cimi/2/Machine","#;
        let xml = |open: &str, close: &str| {
            format!("<Machine xmlns=\"http://schemas.dmtf.org/cimi/2\">{}{}</Machine>", open.repeat(n), close.repeat(n))
        };
        for text in [
            format!("{uri}\"x\":{}{}}}", "[".repeat(n), "]".repeat(n)),
            format!("{uri}\"x\":{}1{}}}", "{\"a\":".repeat(n), "}".repeat(n)),
            format!("{uri}\"parent\":{}null{}}}", "{\"parent\":".repeat(n), "}".repeat(n)),
            format!("{uri}\"name\":{}{}}}", "[".repeat(n), "]".repeat(n)),
            format!("{uri}\"properties\":{{\"a\":{}{}}}}}", "[".repeat(n), "]".repeat(n)),
            xml("<x>", "</x>"),
            xml("<parent>", "</parent>"),
            xml("<name>", "</name>"),
        ] {
            let error = refusal(text.as_bytes(), &ReadOptions::default());
            assert!(matches!(error.kind(), ErrorKind::Limit | ErrorKind::Syntax), "{error}");
            assert!(error.location().is_some());
        }
        // Just within the limit.
        let depth = cimi_model::Limits::default().depth - 1;
        let text = format!("{uri}\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        let document = Document::read(text.as_bytes(), &Registry::standard(), &ReadOptions::default()).unwrap().value;
        assert!(document.to_string(cimi_model::Format::Json, WriteOptions::default()).is_ok());
    });
    let limits = cimi_model::Limits { size: 100, ..Default::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let large = format!("<Machine xmlns=\"http://schemas.dmtf.org/cimi/2\"><name>{}</name></Machine>", "x".repeat(100));
    assert_eq!(refusal(large.as_bytes(), &options).kind(), ErrorKind::Limit);
    let limits = cimi_model::Limits { elements: 10, ..Default::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let many = format!("<Machine xmlns=\"http://schemas.dmtf.org/cimi/2\">{}</Machine>", "<x/>".repeat(20));
    assert_eq!(refusal(many.as_bytes(), &options).kind(), ErrorKind::Limit);
    let many = format!("{{\"resourceURI\":\"urn:x\",\"a\":[{}1]}}", "1,".repeat(20));
    assert_eq!(refusal(many.as_bytes(), &options).kind(), ErrorKind::Limit);
}

/// A spelling, and what lenient reading makes of it in JSON of dialect 2.
#[test]
fn spellings_are_recovered_leniently_and_refused_strictly() {
    let wrap = |content: &str| format!("<Volume xmlns=\"http://schemas.dmtf.org/cimi/1\">{content}</Volume>");
    let json = |content: &str| format!("{{\"resourceURI\":\"http://schemas.dmtf.org/cimi/1/Volume\",{content}}}");
    for (text, expected, path) in [
        (json(r#""capacity":"1024""#), r#""capacity":1024"#, "/Volume/capacity"),
        (json(r#""capacity":" 1024 ""#), r#""capacity":1024"#, "/Volume/capacity"),
        (json(r#""capacity":99999999999999999999"#), r#""capacity":99999999999999999999"#, "/Volume/capacity"),
        (json(r#""capacity":1.50"#), r#""capacity":1.50"#, "/Volume/capacity"),
        (json(r#""capacity":[1,1e400]"#), r#""capacity":[1,1e400]"#, "/Volume/capacity"),
        (json(r#""bootable":"true ""#), r#""bootable":true"#, "/Volume/bootable"),
        (json(r#""bootable":1"#), r#""bootable":1"#, "/Volume/bootable"),
        (json(r#""name":5"#), r#""name":"5""#, "/Volume/name"),
        (json(r#""name":null"#), r#""name":null"#, "/Volume/name"),
        (
            json(r#""created":"Fri Feb 08 15:25:41 EET 2013""#),
            r#""created":"Fri Feb 08 15:25:41 EET 2013""#,
            "/Volume/created",
        ),
        (json(r#""created":"yesterday""#), r#""created":"yesterday""#, "/Volume/created"),
        (json(r#""meters":"meters/1""#), r#""meters":{"href":"meters/1"}"#, "/Volume/meters"),
        (json(r#""meters":7.50"#), r#""meters":7.50"#, "/Volume/meters"),
        (json(r#""operations":[{"rel":"edit"},"x"]"#), r#""operations":[{"rel":"edit"},"x"]"#, "/Volume/operations"),
        (json(r#""operations":{"rel":"edit"}"#), r#""operations":{"rel":"edit"}"#, "/Volume/operations"),
        (json(r#""properties":{"a":1}"#), r#""properties":{"a":1}"#, "/Volume/properties['a']"),
        (json(r#""properties":"x""#), r#""properties":"x""#, "/Volume/properties"),
        (wrap("<capacity> 1024\n</capacity>"), r#""capacity":1024"#, "/Volume/capacity"),
        (wrap("<capacity>much</capacity>"), r#""capacity":"much""#, "/Volume/capacity"),
        (wrap("<bootable>true </bootable>"), r#""bootable":true"#, "/Volume/bootable"),
        (wrap("<bootable>1</bootable>"), r#""bootable":"1""#, "/Volume/bootable"),
        (
            wrap("<created>2013-02-08 15:25:41 +0000</created>"),
            r#""created":"2013-02-08 15:25:41 +0000""#,
            "/Volume/created",
        ),
        (wrap("<capacity><x>1</x></capacity>"), r#""capacity":{"x":"1"}"#, "/Volume/capacity"),
        (wrap("<operation>x</operation>"), r##""operations":[{"#text":"x"}]"##, "/Volume/operations[0]"),
    ] {
        let parsed = Document::read(text.as_bytes(), &Registry::standard(), &ReadOptions::default()).unwrap();
        let written = parsed.value.to_string(cimi_model::Format::Json, WriteOptions::default()).unwrap();
        assert!(written.contains(expected), "{text}\n{written}");
        assert_eq!(parsed.deviations.len(), 1, "{text}: {:?}", parsed.deviations);
        assert_eq!(parsed.deviations[0].path, path, "{text}");
        assert!(!parsed.deviations[0].text.is_empty());
        let error = refusal(text.as_bytes(), &ReadOptions::strict());
        assert_eq!(error.kind(), ErrorKind::Value, "{text}: {error}");
        assert!(error.path().starts_with(path), "{text}: {error}");
        assert!(error.location().is_some(), "{text}: {error}");
    }
}

#[test]
fn secrets_of_audit_events_stay_out_of_debug() {
    let text = br#"{"content": {"action": "read", "initiator": {"id": "u", "credential": {"token": "hush"}}},
        "{urn:x}secret": "hush"}"#;
    let event = cimi_model::json::from_slice::<Event>(text, &ReadOptions::default()).unwrap().value;
    let printed = format!("{event:?}");
    assert!(printed.contains("initiator") && !printed.contains("hush"), "{printed}");
}

#[test]
fn secrets_stay_out_of_debug_and_errors() {
    let text = r#"{"resourceURI":"http://schemas.dmtf.org/cimi/2/Credential","userName":"u","password":"s3cret","key":"s3cret","token":"s3cret"}"#;
    let parsed = Document::read(text.as_bytes(), &Registry::standard(), &ReadOptions::default()).unwrap();
    let shown = format!("{:?} {:?}", parsed.value, parsed.deviations);
    assert!(!shown.contains("s3cret"), "{shown}");
    assert!(shown.contains("password"));
    let error = refusal(text.as_bytes(), &ReadOptions::strict());
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
    // They are written all the same.
    assert!(parsed.value.to_string(cimi_model::Format::Xml, WriteOptions::default()).unwrap().contains("s3cret"));
}

//! Logs and reports read event by event.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::default_trait_access,
    reason = "a test may fail loudly"
)]

use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

use cimi_cadf::{AnyLog, Definitions, Event, Log, NAMESPACE, Record, Records};
use cimi_model::{Any, ErrorKind, Format, Limits, ReadOptions};
use proptest::prelude::*;

const LOG: &str = "http://schemas.dmtf.org/cloud/audit/1.0/log";
const REPORT: &str = "http://schemas.dmtf.org/cloud/audit/1.0/report";

/// A record in short: its number, and its identifier or the kind of error.
fn short(record: Record) -> String {
    match record.event {
        Ok(event) => format!("{}:{}", record.number, event.value.id.map_or_else(String::new, |id| id.to_string())),
        Err(error) => format!("{}!{:?}", record.number, error.kind()),
    }
}

/// The records and the log in the end, however little is read at a time.
fn read(text: &str) -> (Vec<String>, Option<AnyLog>) {
    let [whole, pieces] = [8192, 3].map(|capacity| {
        let mut records = Records::new(BufReader::with_capacity(capacity, text.as_bytes()), ReadOptions::default());
        let found: Vec<String> = records.by_ref().take(50).map(short).collect();
        (found, records.into_log().map(|parsed| parsed.value))
    });
    assert_eq!(whole, pieces, "{text}");
    whole
}

fn id(log: Option<&AnyLog>) -> String {
    match log {
        Some(AnyLog::Log(log)) => format!("log {}", log.id.as_ref().map_or("", |id| id.as_str())),
        Some(AnyLog::Report(report)) => format!("report {}", report.id.as_ref().map_or("", |id| id.as_str())),
        _ => "none".to_owned(),
    }
}

#[test]
fn forms_of_logs() {
    for (text, records, log) in [
        // JSON: the type, or where the events stand, says what it is.
        (format!(r#"{{"typeURI": "{LOG}", "id": "l", "events": [{{"id": "a"}}, {{"id": "b"}}]}}"#), "1:a 2:b", "log l"),
        (format!(r#"{{"typeURI": "{LOG}", "events": [{{"id": "a"}}], "id": "l"}}"#), "1:a", "log l"),
        (format!(r#"{{"events": [{{"id": "a"}}], "id": "r", "typeURI": "{REPORT}"}}"#), "1:a", "report r"),
        (format!(r#"{{"id": "r", "typeURI": "{REPORT}/x", "events": []}}"#), "", "report r"),
        (format!("\u{feff}{{\n\"typeURI\": \"{LOG}\",\n\"id\": \"l\"\n}}\n"), "", "log l"),
        (r#"{"id": "l", "events" : [ ] }"#.to_owned(), "", "log l"),
        (r#"{"events":[{"id":"a","events":[1]},{"id":"b]}"}],"id":"l"}"#.to_owned(), "1:a 2:b]}", "log l"),
        // Members that stand in the way of neither.
        (r#"{"x":{"events":[1,2]},"events":[{"id":"a"}],"y":[{"events":[]}],"id":"l"}"#.to_owned(), "1:a", "log l"),
        // Events, though they have a member of that name.
        (r#"{"action": "read", "id": "e", "events": [1]}"#.to_owned(), "1:e", "none"),
        (r#"{"id": "e", "events": {"x": [1]}}"#.to_owned(), "1:e", "none"),
        (format!(r#"{{"typeURI": "{LOG}book", "id": "e", "events": [1]}}"#), "1:e", "none"),
        // XML in both namespaces, with and without prefix and wrapper, what is shared before and after.
        (
            format!("<log xmlns='{NAMESPACE}' id='l'><events><event id='a'/>\n<event id='b'/></events></log>"),
            "1:a 2:b",
            "log l",
        ),
        (
            format!(
                "<?xml version='1.0'?>\n<c:log xmlns:c='{NAMESPACE}event' id='l'><c:events><c:event id='a'/></c:events></c:log>"
            ),
            "1:a",
            "log l",
        ),
        (format!("<report xmlns='{NAMESPACE}' id='r'><events/></report>"), "", "report r"),
        (format!("<log xmlns='{NAMESPACE}' id='l'/>"), "", "log l"),
        (format!("<log xmlns='{NAMESPACE}' id='l'><event id='a'/><event id='b'/></log>"), "1:a 2:b", "log l"),
        ("<log id='l'><events><event id='a'/></events></log>".to_owned(), "1:a", "log l"),
        (format!("<event xmlns='{NAMESPACE}' id='e'/>"), "1:e", "none"),
    ] {
        let (found, read_envelope) = read(&text);
        assert_eq!(found.join(" "), records, "{text}");
        assert_eq!(id(read_envelope.as_ref()), log, "{text}");
    }
}

/// In a line or an array, a log is its events, with what it defines for them; what else it says is not lost silently.
#[test]
fn logs_among_records() {
    let shared = format!(
        r#"{{"typeURI": "{LOG}", "events": [{{"id": "b", "targetId": "t"}}, 1], "resources": [{{"id": "t"}}]}}"#
    );
    for (text, expected) in [
        (format!("{{\"id\": \"a\"}}\n{shared}\n{{\"id\": \"c\"}}\n"), "1:a 2:b 3!Syntax 4:c"),
        (format!("[{{\"id\": \"a\"}}, {shared}]"), "1:a 2:b 3!Syntax"),
        (r#"[{"id": "l", "events": [{"id": "a"}]}, {"events": []}, {"id": "b"}]"#.to_owned(), "1:a 2!Type 3:b"),
        (format!(r#"[{{"events": [{{"id": "a"}}], "typeURI": "{REPORT}", "total": 1}}]"#), "1:a 2!Type"),
        // Events, though they have a member of that name.
        (r#"[{"id": "a", "action": "read", "events": [{"id": "b"}]}, {"id": "c", "events": 1}]"#.to_owned(), "1:a 2:c"),
        // A log inside of a log is none.
        (r#"[{"events": [{"id": "a", "events": [{"id": "b"}]}]}]"#.to_owned(), "1:a"),
    ] {
        let (found, log) = read(&text);
        assert_eq!((found.join(" ").as_str(), log), (expected, None), "{text}");
    }
    let array = format!("[{shared}]");
    let first = Records::new(array.as_bytes(), ReadOptions::default()).next().unwrap().event.unwrap().value;
    assert_eq!((first.target_id, first.target.and_then(|target| target.id)), (None, Some("t".into())));
}

/// What follows a log are records, and another log among them is one as any.
#[test]
fn logs_followed_by_records() {
    let log =
        format!(r#"{{"typeURI": "{LOG}", "id": "l", "events": [{{"id": "a", "targetId": "t"}}], "metrics": []}}"#);
    let inner = r#"{"resources": [{"id": "t"}], "events": [{"id": "d", "targetId": "t"}, {"id": "e", "events": [1]}]}"#;
    for between in ["", " ", "\n", "\r\n\n"] {
        let text =
            [&log, r#"{"id": "b"}"#, r#"{"id": }"#, r#"[{"id": "c"}]"#, inner, "{\n\"id\": \"f\"\n}\n"].join(between);
        let (found, read_log) = read(&text);
        assert_eq!(found.join(" "), "1:a 2:b 3!Syntax 4:c 5:d 6:e 7:f", "{text}");
        assert_eq!(id(read_log.as_ref()), "log l");
        let events: Vec<Event> = Records::new(text.as_bytes(), ReadOptions::default())
            .filter_map(|record| record.event.ok().map(|parsed| parsed.value))
            .collect();
        assert_eq!((events[0].target_id.is_some(), events[3].target.is_some()), (true, true));
    }
}

/// XML may be UTF-16, JSON may not (RFC 8259 8.1).
#[test]
fn encodings() {
    for (text, expected) in
        [("{\"id\": \"a\"}", "has to be UTF-8"), ("[]", "has to be UTF-8"), (" <event id='a'/>", "")]
    {
        for (mark, bytes) in [([0xFF, 0xFE], u16::to_le_bytes as fn(u16) -> [u8; 2]), ([0xFE, 0xFF], u16::to_be_bytes)]
        {
            let input: Vec<u8> = mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect();
            let found: Vec<Record> = Records::new(&input[..], ReadOptions::default()).collect();
            let told = found[0].event.as_ref().err().map_or(String::new(), ToString::to_string);
            assert!(
                found.len() == 1 && told.contains(expected) && told.is_empty() == expected.is_empty(),
                "{text}: {told}"
            );
        }
    }
}

/// What is wrong with one record does not matter to the next, and what is wrong with the log has the number 0.
#[test]
fn bad_records_and_broken_logs() {
    let twice = "<target><host/><host/></target>";
    let deep = format!("<x>{}{}</x>", "<y>".repeat(500), "</y>".repeat(500));
    for (text, records) in [
        (r#"{"events": [{"id": "a"}, 1, {"id": }, {"id": "b"}]}"#.to_owned(), "1:a 2!Syntax 3!Syntax 4:b"),
        (r#"{"events": [{"id": "a"},]}"#.to_owned(), "1:a 2!Syntax"),
        (r#"{"events": [{"id": "a"}, {"id": "b""#.to_owned(), "1:a 2!Syntax 3!Syntax"),
        (r#"{"events": [{"id": "a"}]"#.to_owned(), "1:a 2!Syntax"),
        (r#"{"events": [{"id": "a"}], "id": "#.to_owned(), "1:a 2!Syntax"),
        (r#"{"events": [{"id": "a"}] "id": "l"}"#.to_owned(), "1:a 2!Syntax"),
        (r#"{"events": [{"id": "a"}]}]"#.to_owned(), "1:a 2!Syntax"),
        (r#"{"events": [{"id": "a"}]} {"id": "b"}"#.to_owned(), "1:a 2:b"),
        (r#"{"id": , "events": [{"id": "a"}]}"#.to_owned(), "0!Syntax 1:a"),
        (r#"{"events": [{"id": "a"}], "x": 1, "x": 2}"#.to_owned(), "1:a 0!Duplicate"),
        (r#"{"id": "l", "events": [{"id": "a"}], "id": "m"}"#.to_owned(), "1:a 0!Duplicate"),
        (r#"{"events": [{"id": "a"}], "events": [{"id": "b"}]}"#.to_owned(), "1:a 0!Duplicate"),
        (format!(r#"{{"x": {}1{}, "events": [{{"id": "a"}}]}}"#, "[".repeat(500), "]".repeat(500)), "0!Limit 1:a"),
        (
            format!("<log xmlns='{NAMESPACE}'><events><event id='a'>{twice}</event><event id='b'/></events></log>"),
            "1!Duplicate 2:b",
        ),
        (
            format!("<log xmlns='{NAMESPACE}'><events><event id='a'>{deep}</event><event id='b'/></events></log>"),
            "1!Limit 2:b",
        ),
        (
            format!("<log xmlns='{NAMESPACE}'><events><event id='a' id='b'><x/></event><event id='c'/></events></log>"),
            "1!Duplicate 2:c",
        ),
        (format!("<log xmlns='{NAMESPACE}'><events><event id='a'/><event id='b'></events></log>"), "1:a 2!Syntax"),
        (format!("<log xmlns='{NAMESPACE}'><events><event id='a'/>"), "1:a 2!Syntax"),
        (format!("<log xmlns='{NAMESPACE}'><events><event id='a'/></events></log><log/>"), "1:a 2!Syntax"),
        (
            format!("<log xmlns='{NAMESPACE}'><events><event id='a'/></events><metrics/><metrics/></log>"),
            "1:a 0!Duplicate",
        ),
        ("<log xmlns='urn:other'><events><event id='a'/></events></log>".to_owned(), "1!Type"),
        (format!("<event xmlns='{NAMESPACE}' id='e'/><event/>"), "1!Syntax"),
        ("<!DOCTYPE log><log/>".to_owned(), "1!Syntax"),
    ] {
        assert_eq!(read(&text).0.join(" "), records, "{text}");
    }
}

#[test]
fn strict_reading_refuses_single_records() {
    let bad = "<event id='b' eventTime='2020-01-01T00:00:00Z'/>";
    let xml = format!("<log xmlns='{NAMESPACE}'><events><event id='a'/>{bad}<event id='c'/></events></log>");
    let json =
        r#"{"logTime": "yesterday", "events": [{"id": "a"}, {"eventTime": "2020-01-01T00:00:00Z"}, {"id": "c"}]}"#;
    for (text, expected) in [(xml.as_str(), "1:a 2!Value 3:c"), (json, "0!Value 1:a 2!Value 3:c")] {
        let found: Vec<String> = Records::new(text.as_bytes(), ReadOptions::strict()).map(short).collect();
        assert_eq!(found.join(" "), expected, "{text}");
        let errors = Records::new(text.as_bytes(), ReadOptions::strict()).filter_map(|record| record.event.err());
        assert_eq!(errors.last().unwrap().path(), "/event/eventTime");
    }
}

/// A deviation belongs to the record that it is in, with a path from there.
#[test]
fn deviations_belong_to_their_record() {
    let event = "<event id='a' eventTime='2020-01-01T00:00:00Z'/>";
    let xml = format!(
        "<log xmlns='{NAMESPACE}' logTime='2020-01-01'><events>{event}<event id='b'/>{event}</events>text</log>"
    );
    let json = r#"{"logTime": "2020-01-01", "events": [{"eventTime": "2020-01-01T00:00:00Z"}, {}, {"eventTime": "2020-01-01T00:00:00Z"}]}"#;
    for (text, of_log) in [(xml.as_str(), &["/log/logTime", "/log"][..]), (json, &["/log/logTime"])] {
        let mut records = Records::new(text.as_bytes(), ReadOptions::default());
        assert!(records.log().is_some());
        let paths =
            |parsed: &[cimi_model::Deviation]| parsed.iter().map(|found| found.path.clone()).collect::<Vec<_>>();
        let found: Vec<_> = records.by_ref().map(|record| paths(&record.event.unwrap().deviations)).collect();
        assert_eq!(found, [vec!["/event/eventTime".to_owned()], vec![], vec!["/event/eventTime".to_owned()]], "{text}");
        assert_eq!(paths(&records.into_log().unwrap().deviations), of_log, "{text}");
    }
}

/// What stands before the events is known before the first; what stands after them, after the last.
#[test]
fn the_envelope_comes_in_two_steps() {
    let json = r#"{"id": "l", "resources": [{"id": "u"}], "x": [1], "events": [{"initiatorId": "u"}], "metrics": [{"metricId": "m"}], "y": 2}"#;
    let xml = format!(
        "<log xmlns='{NAMESPACE}' id='l'><resources><resource id='u'/></resources><x xmlns=''>1</x>\
         <events><event initiatorId='u'/></events><metrics><metric metricId='m'/></metrics><y xmlns=''>2</y></log>"
    );
    for text in [json, &xml] {
        let mut records = Records::new(text.as_bytes(), ReadOptions::default());
        let early = records.log().unwrap().value.clone();
        assert_eq!((early.resources().len(), early.metrics().len()), (1, 0), "{text}");
        let mut event = records.next().unwrap().event.unwrap().value;
        assert!(Definitions::from(&early).resolve(&mut event, &Limits::default()).is_empty());
        assert_eq!(event.initiator.as_ref(), early.resources().first());
        assert!(records.next().is_none());
        let late = records.log().unwrap().value.clone();
        assert_eq!((late.resources().len(), late.metrics().len()), (1, 1), "{text}");
        let keys: Vec<&str> = late.record().extensions().iter().map(cimi_model::Extension::key).collect();
        assert_eq!(keys, ["x", "y"], "{text}");
    }
    // Asking does not lose a record.
    let mut lines = Records::new(&b"{\"id\": \"a\"}\n{\"id\": \"b\"}\n"[..], ReadOptions::default());
    assert!(lines.log().is_none());
    assert_eq!(lines.map(short).collect::<Vec<_>>(), ["1:a", "2:b"]);
}

#[test]
fn a_stream_in_utf_16_is_read() {
    let text = format!("<log xmlns='{NAMESPACE}'><description>é</description><events><event id='ä'/></events></log>");
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let found: Vec<String> = Records::new(&bytes[..], ReadOptions::default()).map(short).collect();
    assert_eq!(found, ["1:ä"]);
}

#[test]
fn limits_hold_for_each_record_and_for_the_rest() {
    let limits = Limits { size: 200, elements: 20, ..Limits::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let long = "x".repeat(300);
    let many = "<tag>x</tag>".repeat(30);
    for (text, expected) in [
        (format!(r#"{{"events": [{{"id": "a"}}, {{"id": "{long}"}}, {{"id": "c"}}]}}"#), "1:a 2!Limit 3:c"),
        (format!(r#"{{"id": "{long}", "events": [{{"id": "a"}}]}}"#), "0!Limit 1:a"),
        (format!(r#"{{"events": [{{"id": "a"}}], "id": "{long}"}}"#), "1:a 0!Limit"),
        (format!(r#"{{"typeURI": "{LOG}", "id": "{long}"}}"#), "0!Limit"),
        (
            format!(
                "<log xmlns='{NAMESPACE}'><events><event id='a'/><event><tags>{many}</tags></event><event id='c'/></events></log>"
            ),
            "1:a 2!Limit 3:c",
        ),
        (
            format!(
                "<log xmlns='{NAMESPACE}'><events><event id='a'/></events><x>{}</x></log>",
                "y<z/>".repeat(15).repeat(4)
            ),
            "1:a 0!Limit",
        ),
        (
            format!(
                "<log xmlns='{NAMESPACE}'><events><event id='a'/><event id='{long}'/><event id='c'/></events></log>"
            ),
            "1:a 2!Limit 3:c",
        ),
    ] {
        let found: Vec<String> = Records::new(text.as_bytes(), options).map(short).collect();
        assert_eq!(found.join(" "), expected, "{text}");
    }
    // Junk between the events is bounded as well.
    let junk = format!("<log xmlns='{NAMESPACE}'><events>{}</events></log>", "junk<event id='a'/>".repeat(100));
    let found: Vec<String> = Records::new(junk.as_bytes(), options).map(short).collect();
    assert_eq!((found.len(), found.last().unwrap().as_str()), (51, "0!Limit"));
}

/// A stream that is made while it is read.
struct Endless {
    head: Vec<u8>,
    record: Vec<u8>,
    tail: Vec<u8>,
    left: usize,
    chunk: Vec<u8>,
    at: usize,
    read: Rc<Cell<u64>>,
}

impl Endless {
    fn new(head: &str, record: &str, tail: &str, count: usize, read: Rc<Cell<u64>>) -> Self {
        let bytes = |text: &str| text.as_bytes().to_vec();
        let chunk = Vec::new();
        Self { head: bytes(head), record: bytes(record), tail: bytes(tail), left: count, chunk, at: 0, read }
    }
}

impl Read for Endless {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.at == self.chunk.len() {
            self.at = 0;
            self.chunk = if !self.head.is_empty() {
                std::mem::take(&mut self.head)
            } else if self.left > 0 {
                self.left -= 1;
                self.record.clone()
            } else {
                std::mem::take(&mut self.tail)
            };
        }
        let n = buf.len().min(self.chunk.len() - self.at);
        buf[..n].copy_from_slice(&self.chunk[self.at..self.at + n]);
        self.at += n;
        self.read.set(self.read.get() + n as u64);
        Ok(n)
    }
}

/// The limits of each record are far below the stream, and no record waits for more than the buffer.
#[test]
fn memory_does_not_grow() {
    const COUNT: usize = 200_000;
    let limits = Limits { size: 4096, elements: 50, ..Limits::default() };
    let json = r#"{"id": "e", "action": "read", "target": {"id": "t", "host": {"agent": "x]}"}}},"#;
    let xml =
        "<event id='e' action='read'><target id='t'><host agent='x'/></target><v:x xmlns:v='urn:v'>1</v:x></event>\n";
    for (head, record, tail) in [
        (r#"{"id": "l", "events": ["#.to_owned(), json, r#"{}], "description": "d"}"#.to_owned()),
        (
            format!("<log xmlns='{NAMESPACE}' id='l'><events>\n"),
            xml,
            "<event/></events><description/></log>".to_owned(),
        ),
    ] {
        let read = Rc::new(Cell::new(0));
        let stream = Endless::new(&head, record, &tail, COUNT, Rc::clone(&read));
        let mut records =
            Records::new(BufReader::with_capacity(1024, stream), ReadOptions { limits, ..Default::default() });
        let mut count = 0_u64;
        for found in records.by_ref() {
            let event = found.event.unwrap();
            count += 1;
            assert_eq!(found.number as u64, count);
            let needed = head.len() as u64 + count * record.len() as u64;
            assert!(read.get() <= needed + 2048, "{} bytes for {needed}", read.get());
            assert!(event.deviations.is_empty());
        }
        assert_eq!(count, COUNT as u64 + 1);
        assert_eq!(id(records.into_log().map(|parsed| parsed.value).as_ref()), "log l");
    }
}

/// One huge record takes no more memory than the limit, and one of endless depth neither.
#[test]
fn hostile_records_end_or_are_passed_over() {
    let limits = Limits { size: 4096, ..Limits::default() };
    let read = Rc::new(Cell::new(0));
    let nested = "<x>".repeat(100);
    for (head, record, expected) in [
        (format!("<log xmlns='{NAMESPACE}'><events><event>"), nested.as_str(), ErrorKind::Limit),
        (format!("<log xmlns='{NAMESPACE}'><events><event>"), "text text text", ErrorKind::Limit),
        (format!("<log xmlns='{NAMESPACE}'>"), "text text text", ErrorKind::Limit),
        // A single token that is longer than the limit cannot be passed over.
        (format!("<log xmlns='{NAMESPACE}'><events><event id='"), "endless", ErrorKind::Limit),
        ("{\"events\": [[".to_owned(), "[[[[[[[[[", ErrorKind::Limit),
        ("{\"x\": [".to_owned(), "[[[[[[[[[", ErrorKind::Limit),
    ] {
        let stream = Endless::new(&head, record, "", 100_000, Rc::clone(&read));
        let options = ReadOptions { limits, ..Default::default() };
        let kinds: Vec<_> =
            Records::new(BufReader::new(stream), options).map(|record| record.event.map_err(|e| e.kind())).collect();
        assert!(kinds.len() <= 2, "{head}");
        assert_eq!(kinds[0].as_ref().err(), Some(&expected), "{head}");
    }
    // Many small parts of one record that is too large as a whole: the next one follows.
    let large = format!("<event><tags>{}</tags></event>", "<tag>x</tag>".repeat(5000));
    let text = format!("<log xmlns='{NAMESPACE}'><events>{large}<event id='b'/></events></log>");
    let found: Vec<String> =
        Records::new(text.as_bytes(), ReadOptions { limits, ..Default::default() }).map(short).collect();
    assert_eq!(found, ["1!Limit", "2:b"]);
}

#[test]
fn a_small_stack_is_enough() {
    let json = format!(r#"{{"events": [{{"x": {}1{}}}, {{"id": "b"}}]}}"#, "[".repeat(50_000), "]".repeat(50_000));
    let xml = format!(
        "<log xmlns='{NAMESPACE}'><events><event>{}{}</event></events></log>",
        "<x>".repeat(5_000),
        "</x>".repeat(5_000)
    );
    let run = move || {
        assert_eq!(read(&json).0, ["1!Limit", "2:b"]);
        assert_eq!(read(&xml).0, ["1!Limit"]);
        assert!(Log::read(json.as_bytes(), &ReadOptions::default()).is_err());
    };
    std::thread::Builder::new().stack_size(512 * 1024).spawn(run).unwrap().join().unwrap();
}

/// What a failing stream has given before is not lost.
#[test]
fn failures_end_the_stream() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    for text in
        ["{\"events\": [{\"id\": \"a\"}, ".to_owned(), format!("<log xmlns='{NAMESPACE}'><events><event id='a'/>")]
    {
        let found: Vec<String> =
            Records::new(BufReader::new(text.as_bytes().chain(Fails)), ReadOptions::default()).map(short).collect();
        assert_eq!(found, ["1:a", "2!Io"]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Any text ends, and gives the same however it comes.
    #[test]
    fn every_stream_ends(text in "(\\{\"events\":\\[|<log>|<log><events>)?[\\[\\]{},\"\\\\a:\n <>/=]{0,60}") {
        prop_assert!(read(&text).0.len() <= text.len() + 2);
    }

    /// A log with a byte dropped, doubled or replaced: no panic, and events before the damage are read.
    #[test]
    fn damage_spares_what_came_before(at in any::<prop::sample::Index>(), byte in any::<u8>(), xml in any::<bool>()) {
        let events = ["a", "b", "c"].map(|id| Event { id: Some(id.into()), action: Some("read".into()), ..Event::default() });
        let log = Log { id: Some("l".into()), events: events.to_vec(), ..Log::default() };
        let format = if xml { Format::Xml } else { Format::Json };
        let mut bytes = log.to_string(format, Default::default()).unwrap().into_bytes();
        let at = at.index(bytes.len());
        let start = bytes.windows(6).position(|window| window == b"events").unwrap();
        match byte % 3 {
            0 => drop(bytes.remove(at)),
            1 => bytes.insert(at, bytes[at]),
            _ => bytes[at] = byte,
        }
        let found: Vec<String> = Records::new(&bytes[..], ReadOptions::default()).take(50).map(short).collect();
        let before = ["1:a", "2:b", "3:c"];
        let intact = at.saturating_sub(start + 10) * 3 / (log.to_string(format, Default::default()).unwrap().len() - start);
        for expected in before.iter().take(intact.saturating_sub(1)) {
            prop_assert!(found.contains(&(*expected).to_owned()), "{found:?} {at}");
        }
    }
}

/// Reading event by event gives what reading the whole does.
#[test]
fn both_ways_of_reading_agree() {
    let json = format!(
        r#"{{"typeURI": "{LOG}", "id": "l", "resources": [{{"id": "u", "x": 1}}], "events": [{{"id": "a", "y": null}}, {{"id": "b"}}],
           "annotations": {{"k": [1]}}, "z": {{"events": [1]}}}}"#
    );
    let whole = AnyLog::read(json.as_bytes(), &ReadOptions::default()).unwrap().value;
    let xml = whole.to_string(Format::Xml, Default::default()).unwrap();
    for text in [&json, &xml] {
        let mut records = Records::new(text.as_bytes(), ReadOptions::default());
        let events: Vec<Event> = records.by_ref().map(|record| record.event.unwrap().value).collect();
        let mut log = records.into_log().unwrap().value;
        *log.events_mut() = events;
        assert_eq!(log, whole, "{text}");
        assert_eq!(AnyLog::read(text.as_bytes(), &ReadOptions::default()).unwrap().value, whole);
    }
    assert_eq!(
        whole.record().extensions().get("z").and_then(|z| z.get("events")),
        Some(&Any::from(vec![Any::from(1_i64)]))
    );
}

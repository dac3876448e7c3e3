//! Collections pulled member by member are what reading them at once gives.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod support;

use std::io::{BufReader, Read};

use cimi_model::reflect::Record;
use cimi_model::stream::Members;
use cimi_model::{Collection, Dialect, ErrorKind, Format, Limits, Machine, ReadOptions, json, xml};
use support::{Choices, Profile, fill};

fn collection(members: usize) -> Collection<Machine> {
    let bytes: Vec<u8> = (0..40_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0]).collect();
    let mut choices = Choices::new(&bytes);
    let mut collection: Collection<Machine> = Collection::default();
    fill(&mut collection, &mut choices, Profile::Wild, 0, false);
    collection.items = (0..members)
        .map(|_| {
            let mut machine = Machine::default();
            fill(&mut machine, &mut choices, Profile::Wild, 2, false);
            machine
        })
        .collect();
    collection
}

fn text(collection: &dyn Record, format: Format, dialect: Dialect) -> Vec<u8> {
    match format {
        Format::Json => json::to_vec(collection, dialect.into()).unwrap(),
        _ => xml::to_vec(collection, dialect.into()).unwrap(),
    }
}

#[test]
fn members_and_the_rest_are_those_of_the_whole() {
    for count in [0, 1, 7, 100] {
        let whole = collection(count);
        for format in [Format::Json, Format::Xml] {
            for dialect in [Dialect::V1, Dialect::V2] {
                let bytes = text(&whole, format, dialect);
                // A tiny buffer makes every token come in pieces.
                let reader = BufReader::with_capacity(7, &bytes[..]);
                let mut members = Members::<Machine>::open(reader, &ReadOptions::default()).unwrap();
                let mut read: Vec<Machine> = Vec::new();
                for member in &mut members {
                    read.push(member.unwrap_or_else(|error| panic!("{format:?} {dialect:?}: {error}")));
                }
                let parsed = members.collection().unwrap();
                assert_eq!(read, whole.items, "{format:?} {dialect:?}");
                assert_eq!(parsed.dialect, Some(dialect));
                let mut rest = whole.clone();
                rest.items.clear();
                assert_eq!(parsed.value, rest, "{format:?} {dialect:?}");
            }
        }
    }
}

#[test]
fn errors_and_deviations_have_paths_and_locations_in_the_stream() {
    let options = ReadOptions::default();
    let bad = "{\"machines\": [\n  {\"cpu\": 1},\n  {\"cpu\": \"2\",\n   \"cpu\": 3}\n]}";
    let mut members = Members::<Machine>::open(bad.as_bytes(), &options).unwrap();
    assert_eq!(members.next().unwrap().unwrap().cpu, Some(1));
    let error = members.next().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Duplicate);
    assert_eq!(error.path(), "/MachineCollection/machines[1]");
    assert_eq!(error.location().map(|l| l.line), Some(4));
    assert!(members.next().is_none());

    let odd = "<Collection xmlns='http://schemas.dmtf.org/cimi/1' \
               resourceURI='http://schemas.dmtf.org/cimi/1/MachineCollection'>\n<Machine>\n<cpu> 2 </cpu></Machine></Collection>";
    let mut members = Members::<Machine>::open(odd.as_bytes(), &options).unwrap();
    assert_eq!(members.next().unwrap().unwrap().cpu, Some(2));
    let deviations = members.collection().unwrap().deviations;
    assert_eq!(deviations[0].path, "/MachineCollection/machines[0]/cpu");
    assert_eq!(deviations[0].location.map(|l| l.line), Some(3));
}

#[test]
fn wrong_documents_are_refused() {
    let options = ReadOptions::default();
    let read = |text: &str| -> Result<usize, ErrorKind> {
        let members = Members::<Machine>::open(text.as_bytes(), &options).map_err(|error| error.kind())?;
        let mut members = members;
        let mut count = 0;
        for member in &mut members {
            member.map_err(|error| error.kind())?;
            count += 1;
        }
        members.collection().map(|_| count).map_err(|error| error.kind())
    };
    assert_eq!(read("{\"machines\":[{}]}"), Ok(1));
    assert_eq!(read("{\"machines\":[]}"), Ok(0));
    assert_eq!(read("{}"), Ok(0));
    for (text, kind) in [
        ("", ErrorKind::Syntax),
        ("{\"machines\":[{}", ErrorKind::Syntax),
        ("{\"machines\":[{}]} x", ErrorKind::Syntax),
        ("{\"machines\":[{},]}", ErrorKind::Syntax),
        ("{\"machines\":[{}] \"id\":\"x\"}", ErrorKind::Syntax),
        ("{\"machines\":[{]}", ErrorKind::Syntax),
        ("{\"machines\":[{}],\"machines\":[{}]}", ErrorKind::Duplicate),
        ("{\"machines\":[{}],\"id\":\"a\",\"id\":\"b\"}", ErrorKind::Duplicate),
        ("{\"machines\":[{}],\"resourceURI\":\"http://schemas.dmtf.org/cimi/1/VolumeCollection\"}", ErrorKind::Type),
        ("<a/>", ErrorKind::Type),
        (
            "<Collection xmlns='http://schemas.dmtf.org/cimi/2' resourceURI='http://schemas.dmtf.org/cimi/2/MachineCollection'><machines><Machine></machines></Collection>",
            ErrorKind::Syntax,
        ),
    ] {
        assert_eq!(read(text), Err(kind), "{text}");
    }
}

/// A document that is made while it is read.
struct Endless {
    member: Vec<u8>,
    left: usize,
    chunk: Vec<u8>,
    at: usize,
    end: Option<Vec<u8>>,
}

impl Read for Endless {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.chunk.len() {
            self.at = 0;
            self.chunk = if self.left > 0 {
                self.left -= 1;
                self.member.clone()
            } else {
                self.end.take().unwrap_or_default()
            };
        }
        let n = buf.len().min(self.chunk.len() - self.at);
        buf[..n].copy_from_slice(&self.chunk[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

#[test]
fn limits_hold_for_each_member_and_not_for_the_stream() {
    let options =
        ReadOptions { limits: Limits { size: 4096, elements: 50, ..Limits::default() }, ..ReadOptions::default() };
    let machine = r#"{"name":"m","cpu":1,"operations":[{"rel":"edit","href":"x"}]},"#;
    let source = Endless {
        chunk: b"{\"machines\":[".to_vec(),
        member: machine.as_bytes().to_vec(),
        left: 20_000,
        at: 0,
        end: Some(b"{}]}".to_vec()),
    };
    let members = Members::<Machine>::json(BufReader::new(source), &options).unwrap();
    assert_eq!(members.inspect(|member| assert!(member.is_ok())).count(), 20_001);

    let start = "<Collection xmlns='http://schemas.dmtf.org/cimi/2' resourceURI='http://schemas.dmtf.org/cimi/2/MachineCollection'><machines>";
    let source = Endless {
        chunk: start.as_bytes().to_vec(),
        member: b"<Machine><name>m</name><cpu>1</cpu></Machine>".to_vec(),
        left: 20_000,
        at: 0,
        end: Some(b"</machines><count>20000</count></Collection>".to_vec()),
    };
    let mut members = Members::<Machine>::xml(BufReader::new(source), &options).unwrap();
    let count = members.by_ref().inspect(|member| assert!(member.is_ok())).count();
    assert_eq!(members.collection().unwrap().value.count, i64::try_from(count).ok());

    let large = format!("{{\"machines\":[{{\"name\":\"{}\"}}]}}", "x".repeat(5000));
    let mut members = Members::<Machine>::open(large.as_bytes(), &options).unwrap();
    assert_eq!(members.next().unwrap().unwrap_err().kind(), ErrorKind::Limit);
}

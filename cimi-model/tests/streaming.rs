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
use cimi_model::stream::{MemberWriter, Members};
use cimi_model::{
    Collection, Dialect, ErrorKind, Format, Limits, Machine, Operation, ReadOptions, WriteOptions, json, xml,
};
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

fn options() -> impl Iterator<Item = (Format, WriteOptions)> {
    let both = |dialect| [false, true].map(|pretty| WriteOptions { dialect, pretty });
    let all = [Dialect::V1, Dialect::V2].into_iter().flat_map(both);
    all.flat_map(|options| [Format::Json, Format::Xml].map(|format| (format, options)))
}

/// Written member by member, `already` of them with the collection.
fn member_by_member(mut whole: Collection<Machine>, already: usize, format: Format, options: WriteOptions) -> Vec<u8> {
    let members = whole.items.split_off(already);
    let mut writer = MemberWriter::new(Vec::new(), whole, format, options).unwrap();
    for member in &members {
        writer.write(member).unwrap();
    }
    assert_eq!(writer.written(), (already + members.len()) as u64);
    writer.finish().unwrap()
}

#[test]
fn what_is_written_member_by_member_is_what_is_written_at_once() {
    let mut about = Collection::<Machine> {
        id: Some("machines?a&b".into()),
        updated: "2026-03-01T08:15:30Z".parse().ok(),
        parent: Some(cimi_model::Ref::to("cloudEntryPoint")),
        count: Some(9),
        operations: vec![Operation { rel: Some("add".into()), href: Some("machines".into()), ..Operation::default() }],
        ..Collection::default()
    };
    about.extensions.insert("{urn:x}rack", 7);
    about.extensions.insert("@{urn:x}a", "<b>");
    about.extensions.insert("href", "machines");
    about.extensions.insert("realm", "\u{1}");
    let members = collection(3).items;
    let plain = Collection { items: vec![Machine::default()], ..Collection::default() };
    let attributed = Collection::<Machine> { extensions: about.extensions.clone(), ..Collection::default() };
    for base in [about, plain, attributed, Collection::default(), collection(0)] {
        for count in [0, 1, 3] {
            let whole = Collection { items: members.iter().take(count).cloned().collect(), ..base.clone() };
            for (format, options) in options() {
                for already in [0, count] {
                    let written = member_by_member(whole.clone(), already, format, options);
                    let at_once = match format {
                        Format::Json => json::to_vec(&whole, options).unwrap(),
                        _ => xml::to_vec(&whole, options).unwrap(),
                    };
                    assert_eq!(
                        String::from_utf8_lossy(&written),
                        String::from_utf8_lossy(&at_once),
                        "{format:?} {options:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn what_is_written_member_by_member_is_read_as_the_same() {
    let whole = collection(7);
    for (format, options) in options() {
        let written = member_by_member(whole.clone(), 2, format, options);
        let read = match format {
            Format::Json => json::from_slice::<Collection<Machine>>(&written, &ReadOptions::default()),
            _ => xml::from_slice::<Collection<Machine>>(&written, &ReadOptions::default()),
        };
        let read = read.unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(&written)));
        assert_eq!(read.value, whole, "{format:?} {options:?}");
    }
}

#[test]
fn a_stream_that_fails_is_not_written_to_again() {
    #[derive(Debug)]
    struct Full(usize);
    impl std::io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut writer = MemberWriter::new(Full(200), Collection::default(), Format::Json, Dialect::V2.into()).unwrap();
    let machine = |length| Machine { name: Some("x".repeat(length)), ..Machine::default() };
    writer.write(&machine(1)).unwrap();
    assert_eq!(writer.write(&machine(1000)).unwrap_err().kind(), ErrorKind::Io);
    assert_eq!(writer.write(&machine(1)).unwrap_err().kind(), ErrorKind::Io);
    assert_eq!(writer.finish().unwrap_err().kind(), ErrorKind::Io);
    // What was not understood of the members when the collection was read would be lost.
    let mut odd = Collection::<Machine>::default();
    odd.extensions.insert("machines", "none");
    let error = MemberWriter::new(Vec::new(), odd, Format::Xml, Dialect::V1.into()).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Write, "/MachineCollection/machines"));
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

/// Operations of a Machine with a bad one among them.
const OPERATIONS: &str = "<Machine xmlns='http://schemas.dmtf.org/cimi/2'><name>m</name><operations>\
    <operation rel='a' href='x'/>\n<operation rel='b'><href/><href/></operation>\
    <operation rel='c' href='x' extra='1'/></operations><cpu> 2 </cpu><x xmlns='urn:v'/></Machine>";

#[test]
fn items_are_documents_of_their_own() {
    let machine = |_: &str| -> Box<dyn Record> { Box::new(Machine::default()) };
    let mut items = xml::Items::open(OPERATIONS.as_bytes(), &ReadOptions::default(), "operations", &machine).unwrap();
    let mut found = Vec::new();
    while !items.is_done() {
        let mut operation = Operation::default();
        found.push(match items.next(&mut operation) {
            Ok(Some(parsed)) => format!("{} {}", operation.rel.unwrap(), parsed.deviations.len()),
            Ok(None) => "end".to_owned(),
            Err(error) => format!("{:?} {} {}", error.kind(), error.path(), error.location().unwrap().line),
        });
        assert_eq!(items.so_far().value.as_any().downcast_ref::<Machine>().unwrap().name.as_deref(), Some("m"));
    }
    assert_eq!(found, ["a 0", "Duplicate /operation/href 2", "c 0", "end"]);
    let rest = items.finish();
    assert_eq!(rest.deviations.len(), 1);
    let rest = rest.value.into_any().downcast::<Machine>().unwrap();
    assert_eq!((rest.cpu, rest.operations.len(), rest.extensions.len()), (Some(2), 0, 1));
}

/// A document without the array is the record.
#[test]
fn without_items_the_document_is_the_record() {
    let operation = |_: &str| -> Box<dyn Record> { Box::new(Operation::default()) };
    let text = "<operation xmlns='http://schemas.dmtf.org/cimi/2' rel='a'>x<y/> z</operation>";
    let mut items = xml::Items::open(text.as_bytes(), &ReadOptions::default(), "operations", &operation).unwrap();
    assert!(items.next(&mut Operation::default()).unwrap().is_none() && items.is_done());
    let whole = xml::from_slice::<Operation>(text.as_bytes(), &ReadOptions::default()).unwrap();
    let found = items.finish();
    assert_eq!(found.value.as_any().downcast_ref(), Some(&whole.value));
    assert_eq!(found.deviations.len(), whole.deviations.len());
}

#[test]
fn a_part_declares_no_namespace_that_holds_already() {
    let operation = Operation { rel: Some("a".into()), ..Operation::default() };
    let namespace = "http://schemas.dmtf.org/cimi/2";
    let part = |parent: &str, pretty, depth| {
        let options = WriteOptions { pretty, ..Default::default() };
        xml::to_part(&operation, options, parent, depth).unwrap()
    };
    assert_eq!(part(namespace, false, 0), "<operation rel=\"a\"/>");
    assert_eq!(part(namespace, true, 2), "\n    <operation rel=\"a\"/>");
    assert_eq!(part("urn:v", false, 1), format!("<operation xmlns=\"{namespace}\" rel=\"a\"/>"));
    assert_eq!(part("", false, 0), xml::to_string(&operation, WriteOptions::default()).unwrap());
}

/// The limit on size is that of each member in XML as well.
#[test]
fn members_of_xml_have_a_limit() {
    let options = ReadOptions { limits: Limits { size: 300, ..Limits::default() }, ..ReadOptions::default() };
    let head = "<Collection xmlns='http://schemas.dmtf.org/cimi/2' resourceURI='http://schemas.dmtf.org/cimi/2/MachineCollection'><machines>";
    let member = |length| format!("<Machine><name>{}</name></Machine>", "x".repeat(length));
    let text = |length| format!("{head}{}{}</machines></Collection>", member(1).repeat(50), member(length));
    let last = |text: &str| {
        Members::<Machine>::xml(text.as_bytes(), &options).unwrap().last().unwrap().map_err(|error| error.kind())
    };
    assert!(last(&text(200)).is_ok());
    assert_eq!(last(&text(400)).unwrap_err(), ErrorKind::Limit);
}

//! A collection of any size is written and read in little memory.
//!
//! `CIMI_COLLECTION_MIB=1024 cargo test --release -p cimi-model --test large -- --nocapture` does it with 1 GiB.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "a test may fail loudly"
)]

use std::fs;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use cimi_model::stream::{MemberWriter, Members};
use cimi_model::{Collection, Dialect, Format, Machine, MachineState, Operation, ReadOptions, Ref};

/// What holds for 1 GiB: 32 MiB.
const MEMORY: u64 = 32 << 10;

/// One end of a pipe between two threads, which holds a few pieces at most.
struct Sender(SyncSender<Vec<u8>>);

impl Write for Sender {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send(bytes.to_vec()).map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The other end.
struct Pipe {
    pieces: Receiver<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
    total: u64,
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() {
            // When the writer is gone, that is the end.
            self.piece = self.pieces.recv().unwrap_or_default();
            self.at = 0;
            self.total += self.piece.len() as u64;
        }
        let read = buffer.len().min(self.piece.len() - self.at);
        buffer[..read].copy_from_slice(&self.piece[self.at..self.at + read]);
        self.at += read;
        Ok(read)
    }
}

fn machine(number: u64) -> Machine {
    let edit = Operation { rel: Some("edit".into()), href: Some("machines/1".into()), ..Operation::default() };
    let mut machine = Machine {
        id: Some(format!("machines/{number}").into()),
        name: Some(format!("web server number {number}")),
        description: Some("serves <pages> & \"more\" ".repeat(8)),
        created: "2026-03-01T08:15:30Z".parse().ok(),
        state: Some(MachineState::Started),
        cpu: Some(4),
        memory: Some(4 << 20),
        disks: Some(Ref::to(format!("machines/{number}/disks").as_str())),
        operations: vec![edit; 3],
        ..Machine::default()
    };
    machine.properties.insert("owner", "operations");
    machine
}

/// Writes so many bytes in one thread and reads them in another.
fn there_and_back(format: Format, dialect: Dialect, bytes: u64) -> u64 {
    let (sender, pieces) = sync_channel(4);
    let writing = std::thread::spawn(move || {
        let about = Collection::<Machine> { id: Some("machines".into()), ..Collection::default() };
        let out = BufWriter::with_capacity(64 << 10, Sender(sender));
        let mut writer = MemberWriter::new(out, about, format, dialect.into()).unwrap();
        let size = {
            let mut one = MemberWriter::new(Vec::new(), Collection::default(), format, dialect.into()).unwrap();
            one.write(&machine(1_000_000)).unwrap();
            one.finish().unwrap().len() as u64 - 150
        };
        for number in 0..bytes / size {
            writer.write(&machine(number)).unwrap();
        }
        let written = writer.written();
        writer.finish().unwrap();
        written
    });
    let mut pipe = Pipe { pieces, piece: Vec::new(), at: 0, total: 0 };
    let mut read = 0;
    {
        let mut members = Members::<Machine>::open(BufReader::new(&mut pipe), &ReadOptions::strict()).unwrap();
        for member in &mut members {
            let member = member.unwrap();
            assert!(read % 10_000 != 0 || member == machine(read), "another one was read");
            read += 1;
        }
        assert_eq!(members.collection().unwrap().value.id, Some("machines".into()));
    }
    assert_eq!(read, writing.join().unwrap());
    pipe.total
}

#[test]
fn a_large_collection_takes_little_memory() {
    let mebibytes: u64 = std::env::var("CIMI_COLLECTION_MIB").ok().and_then(|text| text.parse().ok()).unwrap_or(24);
    for format in [Format::Json, Format::Xml] {
        for dialect in [Dialect::V1, Dialect::V2] {
            let _ = fs::write("/proc/self/clear_refs", "5");
            let bytes = there_and_back(format, dialect, mebibytes << 20);
            assert!(bytes > mebibytes << 19, "{bytes} bytes only");
            let Some(peak) = peak() else { continue };
            println!("{format:?} {dialect:?}: {} MiB written and read, at most {} KiB in use", bytes >> 20, peak);
            assert!(peak < MEMORY, "{format:?} {dialect:?}: {peak} KiB in use");
        }
    }
}

/// The most memory of the process that was in use, in KiB, where the system tells.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

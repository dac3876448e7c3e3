//! Prints what reading the large collection takes from the heap, in terms of the document; see `README.md`.

#[path = "../audit.rs"]
#[allow(dead_code, reason = "the other program needs more of it")]
mod audit;
#[path = "../sample.rs"]
#[allow(dead_code, reason = "the other program needs more of it")]
mod sample;

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{self, BufReader, Read};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use cimi_cadf::{Records, Validation};
use cimi_model::{Collection, Machine, ReadOptions, json, xml};
use sample::Sample;

/// Counts what the system's allocator hands out.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);
static CALLS: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: every call goes to the system's allocator unchanged.
#[allow(unsafe_code, reason = "counting needs an allocator of one's own")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Relaxed) + layout.size();
        MOST.fetch_max(held, Relaxed);
        CALLS.fetch_add(1, Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

fn main() {
    let sample = Sample::new(1_000);
    let [_, json] = &sample.json;
    let [_, xml] = &sample.xml;
    println!("{:<16} {:>10} {:>10} {:>10} {:>14}", "", "document", "held", "at most", "allocations");
    report("json", json, |text| json::from_slice::<Collection<Machine>>(text.as_bytes(), &ReadOptions::default()));
    report("xml", xml, |text| xml::from_slice::<Collection<Machine>>(text.as_bytes(), &ReadOptions::default()));
    report("json as Value", json, serde_json::from_str::<serde_json::Value>);
    report("xml as tree", xml, roxmltree::Document::parse);
    println!("\n{:<24} {:>10} {:>12} {:>10}", "audit records, checked", "records", "MB", "KiB at most");
    for form in [Form::Lines, Form::Array, Form::Log] {
        for records in [10_000, 1_000_000] {
            report_stream(form, records);
        }
    }
}

/// How a stream holds its records.
#[derive(Clone, Copy, Debug)]
enum Form {
    Lines,
    Array,
    Log,
}

/// A stream of audit records that are made when they are read.
struct Made {
    form: Form,
    records: usize,
    number: usize,
    text: Vec<u8>,
    at: usize,
    total: usize,
}

impl Made {
    /// The text of the next record, with what stands around it.
    fn next(&mut self) -> String {
        let (first, last) = (self.number == 0, self.number + 1 == self.records);
        if self.number >= self.records {
            return String::new();
        }
        let record = audit::mixed(self.number);
        self.number += 1;
        match self.form {
            Form::Lines => record + "\n",
            Form::Array => [if first { "[" } else { "," }, &record, if last { "]" } else { "" }].concat(),
            Form::Log => {
                [if first { "{\"id\":\"l\",\"events\":[" } else { "," }, &record, if last { "]}" } else { "" }].concat()
            }
        }
    }
}

impl Read for Made {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.text.len() {
            self.text = self.next().into_bytes();
            self.total += self.text.len();
            self.at = 0;
        }
        let length = (self.text.len() - self.at).min(buffer.len());
        buffer[..length].copy_from_slice(&self.text[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

/// Heap at most while a stream is read and checked.
#[allow(clippy::cast_precision_loss, reason = "they are far below 2^52")]
fn report_stream(form: Form, records: usize) {
    let before = HELD.load(Relaxed);
    MOST.store(before, Relaxed);
    let mut made = Made { form, records, number: 0, text: Vec::new(), at: 0, total: 0 };
    let (mut read, mut problems) = (0, 0);
    for record in Records::new(BufReader::with_capacity(1 << 16, &mut made), ReadOptions::default()) {
        let validation = Validation { strict: false, format: record.format };
        problems += validation.parsed(&record.event.expect("readable")).len();
        read += 1;
    }
    assert!(read == records && problems > 0, "all records are read");
    let most = (MOST.load(Relaxed) - before) as f64 / 1024.0;
    println!("{:<24} {records:>10} {:>12.1} {most:>10.1}", format!("{form:?}"), made.total as f64 / 1e6);
}

/// Heap while the value is there and at most before, in terms of the document; and allocations per member.
#[allow(clippy::cast_precision_loss, reason = "they are far below 2^52")]
fn report<'t, T, E: std::fmt::Debug>(name: &str, text: &'t str, read: impl Fn(&'t str) -> Result<T, E>) {
    let before = (HELD.load(Relaxed), CALLS.load(Relaxed));
    MOST.store(before.0, Relaxed);
    let value = read(text).expect("readable");
    let [held, most] = [&HELD, &MOST].map(|count| (count.load(Relaxed) - before.0) as f64 / text.len() as f64);
    let calls = (CALLS.load(Relaxed) - before.1) / 1_000;
    drop(value);
    println!("{name:<16} {:>10} {held:>10.2} {most:>10.2} {calls:>7} a member", text.len());
}

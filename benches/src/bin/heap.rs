//! Prints what reading the large collection takes from the heap, in terms of the document; see `README.md`.

#[path = "../sample.rs"]
#[allow(dead_code, reason = "the other program needs more of it")]
mod sample;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

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

//! Measures how descriptors are read and written, next to a bare loop over events; see `README.md`.

#[path = "../harness.rs"]
#[allow(dead_code, reason = "the other programs need more of it")]
mod harness;

use cimi_ovf::tree::Tree;
use cimi_ovf::{Descriptor, ReadOptions};
use harness::Item;
use quick_xml::events::Event;

fn main() {
    let mut words = std::env::args().skip(1);
    let file = words.next().unwrap_or_else(|| "../cimi-ovf/examples/webshop.ovf".to_owned());
    let rounds = words.next().map_or(200, |word| word.parse().expect("a number of rounds"));
    let bytes = std::fs::read(&file).expect("the descriptor can be read");
    let text = std::str::from_utf8(&bytes).expect("the loop over events takes UTF-8");
    let options = ReadOptions::default();
    let read = || Descriptor::read(&bytes, &options).expect("a descriptor").value;
    let descriptor = read();
    let mut items = [
        Item::new("events", || events(text)),
        Item::new("tree", || Tree::read(&bytes, &options).expect("a document")),
        Item::new("typed", read),
        Item::new("write", || descriptor.to_vec().expect("what was read")),
    ];
    harness::run(&mut items, rounds);
    let bare = items.first().map_or(0.0, |item| item.shortest().as_secs_f64());
    for item in items {
        let time = item.shortest().as_secs_f64();
        println!("{:8} {:8.3} ms {:6.2}", item.name, time * 1e3, time / bare);
    }
}

/// The bare loop: every event, and nothing done with it.
fn events(text: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut count = 0;
    while !matches!(reader.read_event().expect("well-formed"), Event::Eof) {
        count += 1;
    }
    count
}

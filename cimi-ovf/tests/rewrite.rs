//! Every descriptor of the corpora comes back byte for byte, or is refused with a reason; and one value changes alone.
//!
//! Runs where `CIMI_TEST_DATA` names a directory with the corpora.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cimi_model::meta::Kind;
use cimi_model::reflect::{List, Record, Slot, View};
use cimi_ovf::tree::{Element, Tree};
use cimi_ovf::{Descriptor, Deviation, ReadOptions};

fn data() -> Option<PathBuf> {
    let root = std::env::var_os("CIMI_TEST_DATA");
    if root.is_none() {
        println!("skipped: CIMI_TEST_DATA is not set");
    }
    root.map(PathBuf::from)
}

/// The descriptors of the index with their status.
fn descriptors(root: &Path) -> Vec<(String, bool, Vec<u8>)> {
    let root = root.join("corpus/ovf");
    let index = std::fs::read_to_string(root.join("INDEX.tsv")).unwrap();
    let row = |line: &str| match line.split('\t').collect::<Vec<_>>().as_slice() {
        [file, _, _, _, _, status, "descriptor", ..] => {
            Some(((*file).to_owned(), *status == "valid", std::fs::read(root.join(file)).unwrap()))
        }
        _ => None,
    };
    index.lines().filter_map(row).collect()
}

#[test]
fn descriptors_come_back() {
    let Some(root) = data() else { return };
    let (mut valid, mut other, mut refused) = (0, 0, 0);
    let mut tolerated: BTreeMap<String, usize> = BTreeMap::new();
    for (file, is_valid, bytes) in descriptors(&root) {
        match Descriptor::read(&bytes, &ReadOptions::default()) {
            Ok(read) => {
                assert!(read.value.to_vec().unwrap() == bytes, "{file}");
                *if is_valid { &mut valid } else { &mut other } += 1;
                for deviation in &read.deviations {
                    check_message(&file, deviation);
                    *tolerated.entry(without_values(&deviation.text)).or_default() += 1;
                }
                let strict = Descriptor::read(&bytes, &ReadOptions::strict());
                assert_eq!(strict.is_ok(), read.deviations.is_empty(), "{file}");
            }
            Err(error) => {
                assert!(!is_valid, "{file}: {error}");
                assert!(error.location().is_some() && !error.to_string().contains('\n'), "{file}: {error}");
                println!("{file}: {error}");
                refused += 1;
            }
        }
    }
    for (text, count) in tolerated {
        println!("{count:6} {text}");
    }
    println!("{valid} valid and {other} other descriptors came back, {refused} were refused");
    assert!(valid > 400);
}

fn check_message(file: &str, deviation: &Deviation) {
    let line = deviation.to_string();
    assert!(
        deviation.location.is_some()
            && !line.contains('\n')
            && (line.starts_with("/Envelope") || line.starts_with("/: ")),
        "{file}: {line}"
    );
}

fn without_values(text: &str) -> String {
    text.split('\'').step_by(2).collect::<Vec<_>>().join("'…'")
}

/// The sample of all sections of 2.x has no deviation at all.
#[test]
fn samples_of_2_0_are_read_strictly() {
    let Some(root) = data() else { return };
    for (_, _, bytes) in samples(&root) {
        let read = Descriptor::read(&bytes, &ReadOptions::strict()).unwrap();
        assert_eq!(read.value.to_vec().unwrap(), bytes);
        assert!(Descriptor::read(&bytes, &ReadOptions::default()).unwrap().deviations.is_empty());
    }
}

/// Descriptors that have every section of 2.x.
fn samples(root: &Path) -> Vec<(String, bool, Vec<u8>)> {
    let sample = |file: &str| {
        let bytes = std::fs::read(root.join("corpus/ovf-synthetic/ovf2").join(file)).unwrap();
        (file.to_owned(), true, bytes)
    };
    ["all_sections_2.0.ovf", "encryption_2.0.ovf"].map(sample).into()
}

/// The way to a value: rows, and places in lists.
type Steps = Vec<(usize, Option<usize>)>;

/// The structures of a record, itself included.
fn structures(record: &dyn Record, steps: &Steps, out: &mut Vec<Steps>) {
    out.push(steps.clone());
    for row in 1..record.record_type().attributes.len() {
        let step = |at| steps.iter().copied().chain([(row, at)]).collect();
        match record.get(row).unwrap().view() {
            View::Record(inner) => structures(inner, &step(None), out),
            View::List(list) => {
                for at in 0..list.len() {
                    if let View::Record(inner) = list.item(at) {
                        structures(inner, &step(Some(at)), out);
                    }
                }
            }
            _ => {}
        }
    }
}

fn at<'r>(record: &'r mut dyn Record, steps: &[(usize, Option<usize>)]) -> &'r mut dyn Record {
    let Some(((row, item), rest)) = steps.split_first() else { return record };
    let inner = match record.get_mut(*row).unwrap().slot() {
        Slot::Record(inner) => inner,
        Slot::List(list) => match list.item_mut(item.unwrap()).unwrap() {
            Slot::Record(inner) => inner,
            _ => panic!("a structure"),
        },
        _ => panic!("a structure"),
    };
    at(inner, rest)
}

/// Puts another value in; returns whether the row is for one value.
fn change(record: &mut dyn Record, row: usize) -> bool {
    let attribute = &record.record_type().attributes[row];
    if !matches!(attribute.kind, Kind::String | Kind::Integer | Kind::Boolean) {
        return false;
    }
    match record.get_mut(row).unwrap().slot() {
        Slot::Text(slot) => {
            slot.put("other <value> \"of\" it", false);
            true
        }
        Slot::Integer(slot) => {
            *slot = Some(slot.map_or(7, |value| (value + 1) % 200));
            true
        }
        Slot::Boolean(slot) => {
            *slot = Some(!slot.unwrap_or_default());
            true
        }
        _ => false,
    }
}

/// What a document says: each element with its attributes and its own text.
fn said(tree: &Tree) -> Vec<String> {
    let mut out = Vec::new();
    let mut open = vec![tree.root()];
    while let Some(element) = open.pop() {
        out.push(says(element));
        open.extend(element.children().collect::<Vec<_>>().into_iter().rev());
    }
    out
}

fn says(element: Element<'_>) -> String {
    let attributes: Vec<_> =
        element.attributes().map(|a| format!("{}|{}={}", a.namespace(), a.name(), a.value())).collect();
    let blank = element.children().next().is_some() && element.text().trim().is_empty();
    let text = if blank { String::new() } else { element.text().into_owned() };
    format!("{}|{} {attributes:?} {text:?}", element.namespace(), element.name())
}

/// How many lines of each there are that the other has not, beside what is common at both ends.
fn difference(old: &[String], new: &[String]) -> (usize, usize) {
    let front = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[front..], &new[front..]);
    let back = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    (old.len() - back, new.len() - back)
}

/// For each value of each structure that occurs anywhere: it is given another value where it has one and one where it
/// has none, and taken away; and nothing else changes.
#[test]
fn one_value_changes_alone() {
    /// How often each value is tried.
    const TIMES: usize = 2;
    let Some(root) = data() else { return };
    let mut tried: BTreeMap<(&str, &str, bool), usize> = BTreeMap::new();
    for (file, _, bytes) in samples(&root).into_iter().chain(descriptors(&root)) {
        let Ok(read) = Descriptor::read(&bytes, &ReadOptions::default()) else { continue };
        let mut descriptor = read.value;
        let before = said(descriptor.tree());
        let mut all = Vec::new();
        structures(&descriptor.envelope, &Vec::new(), &mut all);
        for steps in all {
            let original = descriptor.envelope.clone();
            let record = at(&mut descriptor.envelope, &steps);
            let kind = record.record_type();
            for (row, attribute) in kind.attributes.iter().enumerate().skip(1) {
                let record = at(&mut descriptor.envelope, &steps);
                let View::Absent = record.get(row).unwrap().view() else {
                    let count = tried.entry((kind.name, attribute.name, true)).or_default();
                    if *count >= TIMES || !change(record, row) {
                        continue;
                    }
                    *count += 1;
                    // Another value, and none.
                    check(&file, &descriptor, &before, (1, 1));
                    at(&mut descriptor.envelope, &steps).get_mut(row).unwrap().clear();
                    check(&file, &descriptor, &before, (1, 1));
                    descriptor.envelope = original.clone();
                    continue;
                };
                let count = tried.entry((kind.name, attribute.name, false)).or_default();
                if *count < TIMES && change(record, row) {
                    *count += 1;
                    check(&file, &descriptor, &before, (1, 1));
                    descriptor.envelope = original.clone();
                }
            }
        }
    }
    println!("{} kinds of changes", tried.values().filter(|count| **count > 0).count());
}

/// For each list of structures that occurs anywhere: its first item goes, all are turned round, and all are taken away; what
/// is read then is what was written.
#[test]
fn lists_of_structures_change() {
    const TIMES: usize = 2;
    let Some(root) = data() else { return };
    let mut tried: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (file, _, bytes) in samples(&root).into_iter().chain(descriptors(&root)) {
        let Ok(read) = Descriptor::read(&bytes, &ReadOptions::default()) else { continue };
        let mut descriptor = read.value;
        let original = descriptor.envelope.clone();
        let mut all = Vec::new();
        structures(&descriptor.envelope, &Vec::new(), &mut all);
        for steps in all {
            let kind = at(&mut descriptor.envelope, &steps).record_type();
            for (row, attribute) in kind.attributes.iter().enumerate() {
                let turns: [fn(&mut dyn List); 3] = [
                    |list| list.retain(&mut |at| at > 0),
                    |list| (0..list.len() / 2).for_each(|at| list.swap(at, list.len() - 1 - at)),
                    |list| list.retain(&mut |_| false),
                ];
                let count = tried.entry((kind.name, attribute.name)).or_default();
                let len = match at(&mut descriptor.envelope, &steps).get(row).unwrap().view() {
                    View::List(list) => list.len(),
                    _ => 0,
                };
                if len == 0 || *count >= TIMES || (len == 1 && *count > 0) {
                    continue;
                }
                *count += 1;
                for turn in turns {
                    if let Slot::List(list) = at(&mut descriptor.envelope, &steps).get_mut(row).unwrap().slot() {
                        turn(list);
                    }
                    let bytes = descriptor.to_vec().unwrap_or_else(|error| panic!("{file}: {error}"));
                    let read = Descriptor::read(&bytes, &ReadOptions::default());
                    let read = read.unwrap_or_else(|error| panic!("{file}: {error}"));
                    let text = || String::from_utf8_lossy(&bytes);
                    assert!(read.value.envelope == descriptor.envelope, "{file} {}: {}", attribute.name, text());
                    descriptor.envelope = original.clone();
                }
            }
        }
    }
    println!("{} lists", tried.values().filter(|count| **count > 0).count());
}

/// The changed descriptor is read again as it is, and differs from the one before in so many elements at most.
#[track_caller]
fn check(file: &str, descriptor: &Descriptor, before: &[String], most: (usize, usize)) {
    let bytes = descriptor.to_vec().unwrap_or_else(|error| panic!("{file}: {error}"));
    let read = Descriptor::read(&bytes, &ReadOptions::default()).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert!(read.value.envelope == descriptor.envelope, "{file}: {}", String::from_utf8_lossy(&bytes));
    let (removed, added) = difference(before, &said(read.value.tree()));
    assert!(removed <= most.0 && added <= most.1, "{file}: {removed} elements became {added}");
}

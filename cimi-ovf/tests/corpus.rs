//! Descriptors of real products: most import, and what they become equals an independent reading of the XML.
//!
//! Runs where `CIMI_TEST_DATA` names a directory with the corpus.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use cimi_model::{Dialect, xml};
use cimi_ovf::{ImportOptions, Imported};
use roxmltree::{Document, Node};

#[test]
fn descriptors_of_products() {
    let Some(root) = std::env::var_os("CIMI_TEST_DATA") else {
        println!("skipped: CIMI_TEST_DATA is not set");
        return;
    };
    let root = PathBuf::from(root).join("corpus/ovf");
    let index = std::fs::read_to_string(root.join("INDEX.tsv")).unwrap();
    let (mut total, mut imported) = (0, 0);
    let mut different = Vec::new();
    for row in index.lines().map(|line| line.split('\t').collect::<Vec<_>>()) {
        let [file, _, _, version, _, status, kind, ..] = row.as_slice() else { continue };
        if *status != "valid" || *kind != "descriptor" || !(version.starts_with("1.") || version.starts_with("0.9")) {
            continue;
        }
        total += 1;
        let descriptor = std::fs::read(root.join(file)).unwrap();
        match cimi_ovf::import(&descriptor, &ImportOptions::default()) {
            Err(error) => {
                assert!(error.location().is_some(), "{file}: {error}");
                println!("{file}: {error}");
            }
            Ok(result) => {
                imported += 1;
                common::round_trip(&result.template);
                let (ours, theirs) = (summary(&result), reading(&descriptor));
                if ours != theirs {
                    different.push(format!("{file}:\n  {ours:?}\n  {theirs:?}"));
                }
            }
        }
    }
    println!("{imported} of {total} descriptors imported");
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(imported * 100 >= total * 95, "{imported} of {total}");
}

/// All files of the corpora, good or bad.
fn all_files(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![root.join("corpus/ovf"), root.join("corpus/ovf-synthetic")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Every file of the corpora, good or bad, ends in a result or in an error on one line.
#[test]
fn everything_else_ends_well() {
    let Some(root) = std::env::var_os("CIMI_TEST_DATA") else {
        println!("skipped: CIMI_TEST_DATA is not set");
        return;
    };
    for path in all_files(Path::new(&root)) {
        if let Err(error) = cimi_ovf::import(&std::fs::read(&path).unwrap(), &ImportOptions::default()) {
            assert!(error.location().is_some(), "{}: {error}", path.display());
            assert!(!error.to_string().contains('\n'), "{}: {error}", path.display());
        }
    }
}

/// Whatever is imported is valid under the official schema of CIMI 1.x when it is written so.
#[test]
fn templates_are_valid() {
    let Some(root) = std::env::var_os("CIMI_TEST_DATA") else {
        println!("skipped: CIMI_TEST_DATA is not set");
        return;
    };
    if Command::new("xmllint").arg("--version").output().is_err() {
        println!("skipped: xmllint is not installed");
        return;
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("ovf-templates");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let mut command = Command::new("xmllint");
    command.args(["--nonet", "--noout", "--schema"]).arg(Path::new(&root).join("spec/dsp8009_1.0.1.xsd"));
    let mut written = 0;
    for (number, path) in all_files(Path::new(&root)).iter().enumerate() {
        let Ok(imported) = cimi_ovf::import(&std::fs::read(path).unwrap(), &ImportOptions::default()) else { continue };
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let document = folder.join(format!("{number}-{stem}.xml"));
        std::fs::write(&document, xml::to_vec(&imported.template, Dialect::V1.into()).unwrap()).unwrap();
        command.arg(document);
        written += 1;
    }
    let output = command.output().unwrap();
    let report = String::from_utf8_lossy(&output.stderr);
    let (valid, other): (Vec<&str>, Vec<&str>) = report.lines().partition(|line| line.ends_with(" validates"));
    assert!(output.status.success() && valid.len() == written, "{}", other.join("\n"));
    println!("{written} templates are valid in CIMI 1.x");
}

/// Processors and memory of each machine in order, and the capacities of all disks in order of size.
#[derive(Debug, PartialEq)]
struct Summary {
    machines: Vec<(Option<i64>, Option<i64>)>,
    disks: Vec<Option<i64>>,
}

fn summary(imported: &Imported) -> Summary {
    let machines = common::machines(&imported.template).into_iter().map(common::cpu_and_memory).collect();
    let volumes = common::volumes(&imported.template);
    let mut disks: Vec<_> = volumes.into_iter().map(|(_, volume)| common::capacity(volume)).collect();
    disks.sort_unstable();
    Summary { machines, disks }
}

/// The same from the XML, without this library.
fn reading(descriptor: &[u8]) -> Summary {
    let text = std::str::from_utf8(descriptor).unwrap().trim_start_matches('\u{FEFF}');
    let document = Document::parse(text).unwrap();
    let all = |name: &'static str| document.descendants().filter(move |node| is_ovf(*node, name));
    let configuration = default_configuration(&document);
    let machine = |system: Node<'_, '_>| {
        let hardware = system.children().find(|node| is_ovf(*node, "VirtualHardwareSection"))?;
        Some((processors(hardware, configuration), memory(hardware, configuration)))
    };
    let machines = all("VirtualSystem").map(|system| machine(system).unwrap_or_default()).collect();
    let disks = all("Disk").filter(|disk| disk.parent().is_some_and(|parent| is_ovf(parent, "DiskSection")));
    let mut disks: Vec<_> = disks.map(|disk| capacity(disk, configuration)).collect();
    disks.sort_unstable();
    Summary { machines, disks }
}

/// OVF 0.9 has the name of the type of an element instead of an element of that name, and no namespace.
fn is_ovf(node: Node<'_, '_>, name: &str) -> bool {
    const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
    let of_ovf = |namespace: &str| namespace.contains("/ovf/envelope/") || namespace.ends_with("/ovf/1/envelope");
    let kind = || node.attribute((XSI, "type")).and_then(|kind| kind.split(':').next_back());
    let is_kind = || kind().and_then(|kind| kind.strip_suffix("_Type")) == Some(name);
    let named = match node.tag_name().name() {
        "Section" | "Content" => is_kind(),
        own => own == name,
    };
    node.is_element() && named && node.tag_name().namespace().is_none_or(of_ovf)
}

fn attribute<'d>(node: Node<'d, '_>, name: &str) -> Option<&'d str> {
    node.attributes().find(|attribute| attribute.name() == name).map(|attribute| attribute.value())
}

fn default_configuration<'d>(document: &'d Document<'_>) -> Option<&'d str> {
    let all = || document.descendants().filter(|node| is_ovf(*node, "Configuration"));
    let chosen = all().find(|node| attribute(*node, "default") == Some("true")).or_else(|| all().next())?;
    chosen.attributes().find(|attribute| attribute.name() == "id").map(|attribute| attribute.value())
}

fn setting<'d>(item: Node<'d, '_>, name: &str) -> Option<&'d str> {
    item.children().find(|node| node.tag_name().name() == name)?.text().map(str::trim)
}

/// The items of a type that apply; one for the configuration replaces the general one.
fn items<'d>(hardware: Node<'d, 'd>, resource_type: &str, configuration: Option<&str>) -> Vec<Node<'d, 'd>> {
    let mut found: Vec<(Option<&str>, bool, Node<'d, 'd>)> = Vec::new();
    for item in hardware.children().filter(|node| is_ovf(*node, "Item")) {
        let list = attribute(item, "configuration").unwrap_or_default();
        let special = list.split(' ').any(|id| Some(id) == configuration);
        if setting(item, "ResourceType") != Some(resource_type)
            || attribute(item, "bound").is_some()
            || !(list.is_empty() || special)
        {
            continue;
        }
        let id = setting(item, "InstanceID").or_else(|| setting(item, "InstanceId"));
        match found.iter_mut().find(|(known, ..)| *known == id) {
            Some(known) if special || !known.1 => *known = (id, special, item),
            Some(_) => {}
            None => found.push((id, special, item)),
        }
    }
    found.into_iter().map(|(.., item)| item).collect()
}

fn quantity(item: Node<'_, '_>) -> Option<i64> {
    setting(item, "VirtualQuantity").map(|text| text.parse().unwrap())
}

fn processors(hardware: Node<'_, '_>, configuration: Option<&str>) -> Option<i64> {
    items(hardware, "3", configuration).into_iter().filter_map(quantity).reduce(|a, b| a + b)
}

fn memory(hardware: Node<'_, '_>, configuration: Option<&str>) -> Option<i64> {
    let kibibytes = |item| Some(quantity(item)? * unit(setting(item, "AllocationUnits").unwrap_or("MegaBytes")) / 1024);
    items(hardware, "4", configuration).into_iter().filter_map(kibibytes).reduce(|a, b| a + b)
}

fn capacity(disk: Node<'_, '_>, configuration: Option<&str>) -> Option<i64> {
    let text = attribute(disk, "capacity")?;
    let (text, factor) = match (text.strip_suffix("MB"), text.strip_suffix("GB")) {
        (Some(text), _) => (text, 1 << 20),
        (_, Some(text)) => (text, 1 << 30),
        _ => (text, unit(attribute(disk, "capacityAllocationUnits").unwrap_or("byte"))),
    };
    let number: i64 = match text.strip_prefix("${") {
        Some(key) => property(disk, key.trim_end_matches('}'), configuration),
        None => text.parse().unwrap(),
    };
    Some((number * factor + 999) / 1000)
}

fn property(node: Node<'_, '_>, key: &str, configuration: Option<&str>) -> i64 {
    let is_it = |node: &Node<'_, '_>| is_ovf(*node, "Property") && attribute(*node, "key") == Some(key);
    let property = node.document().descendants().find(is_it).unwrap();
    let values = property.children().filter(|node| is_ovf(*node, "Value"));
    let mut special = values.filter(|value| attribute(*value, "configuration") == configuration);
    let value = special.next().unwrap_or(property);
    attribute(value, "value").unwrap().parse().unwrap()
}

fn unit(text: &str) -> i64 {
    match text.replace(' ', "").as_str() {
        "byte" => 1,
        "MegaBytes" | "byte*2^20" | "byte*1024*1024" => 1 << 20,
        "byte*2^30" => 1 << 30,
        other => panic!("unit {other}"),
    }
}

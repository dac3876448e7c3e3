//! All that there is, from the entry point on, in both formats.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use cimi_model::relations::references;
use cimi_model::{Dialect, Document, Format, ReadOptions, Registry, attributes};

use crate::consumer::{BASE, Consumer, V1, machine_template};

/// The representations of everything by URI, in JSON and in XML, after each was looked at.
fn explore(consumer: &mut Consumer) -> BTreeMap<String, [String; 2]> {
    let registry = Registry::standard();
    let mut found: BTreeMap<String, [String; 2]> = BTreeMap::new();
    let mut waiting = vec![format!("{BASE}cloudEntryPoint")];
    while let Some(uri) = waiting.pop() {
        if found.contains_key(&uri) {
            continue;
        }
        let both = ["application/json", "application/xml"].map(|format| {
            let response = consumer.send("GET", &uri, &[("accept", format)], "");
            assert_eq!(response.status(), 200, "{uri}");
            let head = consumer.send("HEAD", &uri, &[("accept", format)], "");
            assert_eq!(head.headers().get("etag"), response.headers().get("etag"), "{uri}");
            let body = String::from_utf8(response.into_body()).unwrap();
            assert_eq!(head.headers()["content-length"], body.len().to_string(), "{uri}");
            body
        });
        let [json, xml] = both.each_ref().map(|body| {
            let read = Document::read(body.as_bytes(), &registry, &ReadOptions::strict());
            read.unwrap_or_else(|error| panic!("{error} in {body}")).value
        });
        assert_eq!(attributes::text(json.record(), "id"), Some(uri.as_str()));
        let same = |document: &Document| document.to_string(Format::Json, Dialect::V1.into()).unwrap();
        assert_eq!(same(&json), same(&xml), "both formats say the same");
        for reference in references(json.record()) {
            assert!(reference.starts_with(BASE), "{reference} in {uri}");
            waiting.push(reference.to_owned());
        }
        found.insert(uri, both);
    }
    found
}

/// A provider in which something has happened.
fn busy() -> Consumer {
    let mut consumer = Consumer::new();
    let interface =
        "<networkInterface><address href=\"addresses/1\"/><network href=\"networks/1\"/></networkInterface>";
    consumer.create("machines", &format!("<MachineCreate>{}</MachineCreate>", machine_template(interface)));
    consumer.create("systems", "<SystemCreate><systemTemplate href=\"systemTemplates/1\"/></SystemCreate>");
    consumer.create("networks", "<NetworkCreate><networkTemplate href=\"networkTemplates/1\"/></NetworkCreate>");
    consumer.create("addresses", "<AddressCreate><addressTemplate href=\"addressTemplates/1\"/></AddressCreate>");
    consumer.create(
        "credentials",
        "<CredentialCreate><credentialTemplate href=\"credentialTemplates/1\"/></CredentialCreate>",
    );
    consumer.create("meters", &format!("<MeterCreate xmlns=\"{V1}\"><meterTemplate href=\"meterTemplates/1\"><targetResource href=\"machines/1\"/></meterTemplate></MeterCreate>"));
    for kind in ["IMAGE", "SNAPSHOT"] {
        let image =
            format!("<MachineImage><type>{kind}</type><imageLocation>{BASE}machines/1</imageLocation></MachineImage>");
        consumer.create("machineImages", &image);
    }
    consumer.create("volumeImages", &format!("<VolumeImage><imageLocation href=\"{BASE}volumes/1\"/></VolumeImage>"));
    assert_eq!(consumer.post("machines/1", "nothing").status(), 400);
    consumer.wait(200_000);
    consumer
}

#[test]
fn everything_can_be_reached_and_is_the_same_in_both_formats() {
    let found = explore(&mut busy());
    for path in [
        "machines/1/volumes/1",
        "machines/2/networkInterfaces/1/addresses/1",
        "machines/1/snapshots/1",
        "machines/1/disks/1",
        "machines/1/meters",
        "systems/1/machines/2",
        "systems/1/networks/1",
        "volumes/1/images/1",
        "meters/2/samples/1",
        "eventLogs/1/events/1",
        "jobs/1",
        "resourceMetadata/machine",
        "forwardingGroups/1",
        "networkPorts/1",
    ] {
        assert!(found.contains_key(&format!("{BASE}{path}")), "{path}");
    }
}

#[test]
fn all_xml_is_valid_under_the_official_schema() {
    let Some(schema) = official_schema() else { return };
    let folder = std::env::temp_dir().join(format!("cimi-peers-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let found = explore(&mut busy());
    let mut files: Vec<PathBuf> = Vec::new();
    for (index, [_, xml]) in found.values().enumerate() {
        let file = folder.join(format!("{index}.xml"));
        std::fs::write(&file, xml).unwrap();
        files.push(file);
    }
    let output = Command::new("xmllint").args(["--nonet", "--noout", "--schema"]).arg(&schema).args(&files).output();
    std::fs::remove_dir_all(&folder).unwrap();
    let output = output.unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    let invalid: Vec<&str> = complaints.lines().filter(|line| !line.ends_with(" validates")).take(20).collect();
    assert!(output.status.success(), "{invalid:#?}");
    println!("{} representations are valid", files.len());
}

/// The schema of 1.x, where it is given and there is a program that reads it.
fn official_schema() -> Option<PathBuf> {
    let schema = std::env::var_os("CIMI_TEST_DATA").map(|data| Path::new(&data).join("spec/dsp8009_1.0.1.xsd"));
    let schema = schema.filter(|schema| schema.exists());
    if schema.is_none() || Command::new("xmllint").arg("--version").output().is_err() {
        println!("skipped: CIMI_TEST_DATA is not set, or there is no xmllint");
        return None;
    }
    schema
}

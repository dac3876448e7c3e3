//! Requests that a real client of CIMI 1.x has sent, to the collections and resources that they went to.

use std::path::PathBuf;

use cimi_model::meta::Role;
use cimi_model::registry::Entry;
use cimi_model::{Collection, Dialect, LocatedVolume, Registry, SystemVolume, attributes};
use cimi_protocol::provider::{Call, Provider, Target};
use http::Request;

use super::support::{call, operations, provider};

/// The actions that those resources offer.
const OFFERED: &[&str] = &["edit", "delete", "start", "stop", "restart", "pause", "capture", "export"];

struct Sent {
    method: String,
    path: String,
    content_type: String,
    body: Vec<u8>,
    file: String,
}

fn sent(folder: &std::path::Path) -> Vec<Sent> {
    let index = std::fs::read_to_string(folder.join("INDEX.tsv")).expect("an index");
    let rows = index.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    let rows = rows.filter(|row| row[4] != "-");
    rows.map(|row| {
        let (method, path) = row[1].split_once(' ').expect("a request");
        Sent {
            method: method.to_owned(),
            path: path.to_owned(),
            content_type: row[3].to_owned(),
            body: std::fs::read(folder.join(row[4])).expect("a body"),
            file: row[4].to_owned(),
        }
    })
    .collect()
}

/// What a request went to: the type of the collection, or of the resource.
fn went_to(path: &str, registry: &Registry) -> Entry {
    let path = path.split('?').next().unwrap_or_default();
    let segments: Vec<&str> = path.trim_start_matches("/cimi/").split('/').collect();
    let collection = |segment: &str| {
        // machine_configurations → machineConfigurations, the attribute that holds the members.
        let mut words = segment.split('_');
        let first = words.next().unwrap_or_default().to_owned();
        let grouping = words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..]);
        let is_it = |entry: &&Entry| entry.record_type.members.is_some_and(|members| members.grouping == grouping);
        *registry.iter().find(is_it).unwrap_or_else(|| panic!("{grouping}"))
    };
    match segments[..] {
        [one] => collection(one),
        [_, _, "volume_attach"] => Entry::of::<Collection<LocatedVolume>>(),
        ["systems", _, "volumes"] => Entry::of::<Collection<SystemVolume>>(),
        [one, ..] => {
            let members = collection(one).record_type.members.expect("members");
            *registry.by_name((members.item)().name).expect("registered")
        }
        [] => panic!("{path}"),
    }
}

/// What became of a request, in a word or two.
fn outcome(sent: &Sent, provider: &Provider) -> String {
    let entry = went_to(&sent.path, &provider.registry);
    let request = Request::builder().method(sent.method.as_str()).uri(sent.path.as_str());
    let request = request.header("Content-Type", &sent.content_type);
    let offered = operations(OFFERED);
    let mut record = (entry.new)();
    attributes::set_text(&mut *record, "id", "http://127.0.0.1:3001/cimi/x");
    let target = match entry.record_type.role {
        Role::Collection => Target::collection(entry.record_type),
        _ => Target::resource(&*record).offering(&offered),
    };
    match call(provider, request, &target, &sent.body) {
        Ok(Call::Create(document)) => format!("create {}", document.record().record_type().name),
        Ok(Call::Action(request)) => request.name,
        Ok(Call::Insert(membership)) => format!("insert {}", membership.href),
        Ok(Call::Update(update)) => format!("update {:?}", update.selected.map(|select| select.to_string())),
        Ok(other) => format!("{other:?}"),
        Err(refusal) => refusal.status().as_u16().to_string(),
    }
}

#[test]
fn requests_of_a_real_client() {
    let Some(folder) = std::env::var_os("CIMI_TEST_DATA").map(PathBuf::from) else {
        println!("requests_of_a_real_client: skipped, CIMI_TEST_DATA is not set");
        return;
    };
    let provider = Provider { dialect: Dialect::V1, ..provider() };
    let mut expected = vec![
        // By value, by reference, with and without a resourceURI.
        ("237", "create MachineCreate"),
        ("238", "create MachineCreate"),
        ("240", "create MachineCreate"),
        ("251", "create MachineCreate"),
        ("252", "create MachineCreate"),
        ("277", "create VolumeCreate"),
        ("310", "create SystemCreate"),
        ("311", "create SystemCreate"),
        // As XCreate, and as themselves.
        ("241", "create MachineTemplate"),
        ("242", "create MachineTemplate"),
        ("270", "create VolumeConfiguration"),
        ("292", "create VolumeImage"),
        ("294", "create VolumeTemplate"),
        ("305", "create AddressTemplate"),
        ("301", "create MachineImage"),
        ("308", "create VolumeImage"),
        ("290", "create MachineImage"),
        ("291", "create MachineImage"),
        ("302", "create MachineImage"),
        ("300", "create CredentialCreate"),
        ("258", "stop"),
        ("260", "start"),
        ("262", "restart"),
        ("264", "pause"),
        ("265", "capture"),
        // The URI said stop, and the body start.
        ("267", "start"),
        ("268", "400"),
        ("278", "insert http://127.0.0.1:3001/cimi/volumes/volume_1795246197"),
        ("314", "start"),
        ("317", "stop"),
        ("318", "export"),
        ("320", "insert http://127.0.0.1:3001/cimi/volumes/vol1"),
        // Malformed, another type, an array, nothing, no template, other media types.
        ("330", "400"),
        ("331", "400"),
        ("332", "400"),
        ("334", "400"),
        ("335", "400"),
        ("337", "400"),
        ("340", "415"),
        ("341", "415"),
        ("342", "400"),
        ("338", "create MachineCreate"),
        ("354", "update Some(\"name\")"),
        ("355", "405"),
        ("365", "stop"),
    ];
    for sent in sent(&folder.join("corpus/cimi-deltacloud")) {
        let found = outcome(&sent, &provider);
        let number = &sent.file[..3];
        match expected.iter().position(|(expected, _)| *expected == number) {
            Some(row) => assert_eq!(found, expected.remove(row).1, "{}", sent.file),
            None => println!("{}: {found}", sent.file),
        }
    }
    assert!(expected.is_empty(), "{expected:?}");
}

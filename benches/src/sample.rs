//! The document that is measured: a collection of machines as a cloud would answer it.

use cimi_model::{
    Any, Collection, CpuArch, DateTime, Dialect, Disk, Extensions, LocatedVolume, Machine, MachineImage, MachineState,
    Map, NetworkInterface, Operation, Ref, Scalar, Uri, WriteOptions, json, xml,
};

/// A namespace that the standard does not know.
const VENDOR: &str = "http://cloud.example.com/extensions";

/// One collection in all forms that the measurements need.
pub struct Sample {
    /// The value itself.
    pub machines: Collection<Machine>,
    /// As JSON, in 1.x and 2.0.
    pub json: [String; 2],
    /// As XML, in 1.x and 2.0.
    pub xml: [String; 2],
}

impl Sample {
    /// A collection with this many members.
    pub fn new(members: usize) -> Self {
        let machines = collection(members);
        let json = [Dialect::V1, Dialect::V2].map(|dialect| write(json::to_string(&machines, options(dialect))));
        let xml = [Dialect::V1, Dialect::V2].map(|dialect| write(xml::to_string(&machines, options(dialect))));
        Self { machines, json, xml }
    }
}

/// Compact, in this dialect.
pub fn options(dialect: Dialect) -> WriteOptions {
    WriteOptions { dialect, pretty: false }
}

fn write(outcome: cimi_model::Result<String>) -> String {
    outcome.expect("a collection can be written")
}

fn collection(members: usize) -> Collection<Machine> {
    Collection {
        id: Some(uri("machines")),
        count: i64::try_from(members).ok(),
        items: (0..members).map(machine).collect(),
        operations: vec![operation("add", "machines")],
        ..Collection::default()
    }
}

fn machine(number: usize) -> Machine {
    let path = format!("machines/{number}");
    let part = |name: &str| uri(&format!("{path}/{name}"));
    Machine {
        id: Some(uri(&path)),
        name: Some(format!("web-{number:04}")),
        description: Some(description(number)),
        created: date("2026-03-01T08:15:30Z"),
        updated: date("2026-11-20T23:59:59.125+01:00"),
        properties: properties(number),
        state: Some(if number.is_multiple_of(7) { MachineState::Stopped } else { MachineState::Started }),
        cpu: Some(4),
        memory: Some(8_388_608),
        disks: Some(Ref::<Collection<Disk>>::to(part("disks"))),
        cpu_arch: Some(CpuArch::X86_64),
        cpu_speed: Some(2_400),
        volumes: Some(Ref::<Collection<LocatedVolume>>::to(part("volumes"))),
        interfaces: Some(Ref::<Collection<NetworkInterface>>::to(part("interfaces"))),
        latest_snapshot: Some(Ref::<MachineImage>::to(part("snapshots/last"))),
        snapshots: Some(Ref::<Collection<MachineImage>>::to(part("snapshots"))),
        meters: Some(Ref::to(part("meters"))),
        event_log: Some(Ref::to(part("log"))),
        operations: operations(number, &path),
        extensions: extensions(number),
        ..Machine::default()
    }
}

/// Every tenth has characters that both formats must escape.
fn description(number: usize) -> String {
    match number % 10 {
        0 => format!("Front end no. {number}: \"blue\" & <green>"),
        _ => format!("Front end no. {number} of the shop, behind the load balancer"),
    }
}

fn properties(number: usize) -> Map {
    [("owner", format!("team-{}", number % 12)), ("costCentre", "4711-A".to_owned())].into_iter().collect()
}

fn operations(number: usize, path: &str) -> Vec<Operation> {
    let mut found = vec![operation("edit", path), operation("delete", path)];
    if number.is_multiple_of(2) {
        found.push(operation("http://schemas.dmtf.org/cimi/2/action/stop", &format!("{path}/stop")));
    }
    found
}

fn operation(rel: &str, path: &str) -> Operation {
    Operation { rel: Some(rel.into()), href: Some(uri(path)), ..Operation::default() }
}

/// A text, and a structure with an attribute.
fn extensions(number: usize) -> Extensions {
    let mut extensions = Extensions::new();
    extensions.insert(Extensions::qualified(VENDOR, "zone"), format!("eu-central-{}", number % 3));
    let rack = ("@rack".to_owned(), Any::from(format!("r{}", number % 40)));
    let host = ("host".to_owned(), Any::from(format!("node-{}", number % 400)));
    extensions.insert(Extensions::qualified(VENDOR, "placement"), [rack, host].into_iter().collect::<Any>());
    extensions
}

fn uri(path: &str) -> Uri {
    Uri::from(format!("http://cloud.example.com/cimi/{path}"))
}

fn date(text: &str) -> Option<DateTime> {
    DateTime::parse(text)
}

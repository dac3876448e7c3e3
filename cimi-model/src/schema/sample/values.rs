//! Values as they might occur. What is not here follows from the kind and unit of the attribute.

use super::names::kebab;
use crate::any::{Any, Number};
use crate::meta::{Attribute, Kind, Type};

/// What an attribute has in an example.
pub(super) enum Hint {
    Text(&'static str),
    Integer(i64),
    Boolean(bool),
    /// Nothing.
    Skip,
}

use Hint::{Boolean, Integer, Skip, Text};

/// By type and attribute; a type without a name is any type.
const HINTS: &[(&str, &str, Hint)] = &[
    ("CloudEntryPoint", "baseURI", Text("https://cloud.example.com/cimi/")),
    ("CloudEntryPoint", "name", Text("Example Cloud")),
    ("MachineImage", "relatedImage", Skip),
    ("MachineImage", "imageLocation", Text("https://images.example.com/debian-12.qcow2")),
    ("VolumeImage", "imageLocation", Text("https://images.example.com/data.raw")),
    ("ResourceMetadata", "typeURI", Text("http://schemas.dmtf.org/cimi/2/Machine")),
    ("ResourceMetadata", "name", Text("Machine")),
    ("attribute", "name", Text("rack")),
    ("attribute", "namespace", Text("http://example.com/racks")),
    ("attribute", "type", Text("string")),
    ("capability", "name", Text("InitialStates")),
    ("capability", "uri", Text("http://schemas.dmtf.org/cimi/2/capability/Machine/InitialStates")),
    ("capability", "description", Text("The states that a new Machine may be brought into.")),
    ("action", "name", Text("blink")),
    ("action", "uri", Text("http://example.com/racks/action/blink")),
    ("action", "description", Text("Makes the lamp at the front blink.")),
    ("Action", "action", Text("http://schemas.dmtf.org/cimi/2/action/stop")),
    ("Action", "force", Boolean(false)),
    ("SystemTemplate", "importImage", Text("https://images.example.com/web-shop.ova")),
    ("componentDescriptor", "name", Text("web")),
    ("componentDescriptor", "type", Text("http://schemas.dmtf.org/cimi/2/Machine")),
    ("serviceDescriptor", "name", Text("recovery")),
    ("serviceDescriptor", "serviceType", Text("http://schemas.dmtf.org/cimi/2/SystemService/disasterrecovery")),
    ("Volume", "type", Text("http://schemas.dmtf.org/cimi/2/mapped")),
    ("locatedVolume", "type", Text("http://schemas.dmtf.org/cimi/2/mapped")),
    ("VolumeConfiguration", "type", Text("http://schemas.dmtf.org/cimi/2/mapped")),
    ("Job", "action", Text("http://schemas.dmtf.org/cimi/2/action/start")),
    ("Job", "state", Text("RUNNING")),
    ("Job", "parentJob", Skip),
    ("Event", "type", Text("http://schemas.dmtf.org/cimi/2/event/state")),
    ("Event", "outcome", Text("Status")),
    ("Event", "severity", Text("low")),
    ("Event", "contact", Text("ops@example.com")),
    ("content", "resName", Text("web-1")),
    ("content", "resType", Text("http://schemas.dmtf.org/cimi/2/Machine")),
    ("content", "state", Text("STARTED")),
    ("content", "previous", Text("STOPPED")),
    ("summary", "low", Integer(12)),
    ("summary", "medium", Integer(3)),
    ("summary", "high", Integer(1)),
    ("summary", "critical", Integer(0)),
    ("operation", "rel", Text("edit")),
    ("operation", "href", Text("machines/1")),
    ("highreliability", "machines", Text("#web")),
    ("highreliability", "network", Text("#front")),
    ("DisasterRecovery.parameters", "backupDataCenter", Text("https://backup.example.com/")),
    ("IPv6ProtocolParameters", "subnetAddress", Text("2001:db8::")),
    ("", "subnetAddress", Text("192.0.2.0")),
    ("", "netmask", Text("255.255.255.0")),
    ("", "prefixLength", Integer(64)),
    ("", "address", Text("2001:db8::10")),
    ("", "heartbeat", Integer(1000)),
    ("", "RPO", Integer(5)),
    ("", "portType", Text("ACCESS")),
    ("", "aspect", Text("http://schemas.dmtf.org/cimi/2/aspect/cpu")),
    ("", "sampleInterval", Integer(60)),
    ("", "minValue", Text("0")),
    ("", "maxValue", Text("100")),
    ("", "value", Text("42")),
    ("System", "parent", Text("systems/2")),
    ("Machine", "parent", Text("systems/1")),
    ("Volume", "parent", Text("systems/1")),
    ("Network", "parent", Text("systems/1")),
    ("Credential", "parent", Text("systems/1")),
    ("Disk", "parent", Text("machines/1")),
    ("locatedVolume", "parent", Text("machines/1")),
    ("NetworkInterface", "parent", Text("machines/1")),
    ("SystemService", "parent", Text("systems/1")),
    ("Sample", "parent", Text("meters/1")),
    ("Event", "parent", Text("eventLogs/1")),
    // Most resources are components of nothing.
    ("", "parent", Skip),
    ("IPv6ProtocolEndpointParameters", "addressType", Text("Global Unicast")),
    ("", "description", Text("Part of the web shop")),
    ("", "created", Text("2024-05-07T09:30:00Z")),
    ("", "updated", Text("2024-05-08T16:05:12Z")),
    ("", "cpu", Integer(4)),
    ("", "memory", Integer(4_194_304)),
    ("", "cpuArch", Text("x86_64")),
    ("", "cpuSpeed", Integer(2400)),
    ("", "capacity", Integer(107_374_182)),
    ("", "bootable", Boolean(false)),
    ("", "initialLocation", Text("/dev/vdb")),
    ("", "format", Text("ext4")),
    ("", "userName", Text("admin")),
    ("", "password", Text("correct-horse-battery-staple")),
    ("", "key", Text("7373682D727361")),
    ("", "userData", Text("I2Nsb3VkLWNvbmZpZwo=")),
    ("", "networkType", Text("PRIVATE")),
    ("", "classOfService", Text("GOLD")),
    ("", "macAddress", Text("52:54:00:12:34:56")),
    ("", "mtu", Integer(1500)),
    ("", "speed", Integer(1_000_000_000)),
    ("", "progress", Integer(40)),
    ("", "returnCode", Integer(0)),
    ("", "quantity", Integer(2)),
    ("", "statusMessage", Text("Starting the Machine")),
    ("", "timeOfStatusChange", Text("2024-05-08T16:05:12Z")),
    ("", "method", Text("POST")),
    ("", "inputMessage", Text("application/json")),
    ("", "outputMessage", Text("application/json")),
    ("", "hostname", Text("web-1.example.com")),
    ("", "ip", Text("192.0.2.10")),
    ("", "mask", Text("255.255.255.0")),
    ("", "defaultGateway", Text("192.0.2.1")),
    ("", "dns", Text("192.0.2.53")),
    ("", "protocol", Text("IPv4")),
    ("", "allocation", Text("dynamic")),
    ("", "units", Text("percent")),
    ("", "timeScope", Text("Point")),
];

/// Types of which one of several attributes is present, or that make sense with a few only.
const ONLY: &[(&str, &[&str])] = &[
    ("content", &["resName", "resource", "resType", "state", "previous"]),
    ("Action", &["action", "force", "properties"]),
    ("componentDescriptor", &["name", "description", "properties", "type", "machineTemplate", "quantity"]),
];

/// Names of resources.
const NAMES: &[(&str, &str)] = &[
    ("Machine", "web"),
    ("Volume", "data"),
    ("locatedVolume", "data"),
    ("Network", "front"),
    ("System", "shop"),
    ("Credential", "admin"),
    ("MachineImage", "debian"),
    ("MachineConfiguration", "small"),
];

/// Where references to any type lead.
const PATHS: &[(&str, &str)] = &[
    ("targetResource", "machines/1"),
    ("affectedResources", "machines/1"),
    ("resource", "machines/1"),
    ("image", "machineImages/1"),
];

/// What an example of a type has for an attribute.
pub(super) fn hint(owner: &Type, attribute: &Attribute) -> Option<&'static Hint> {
    let of = |name: &str| {
        let mut hints = HINTS.iter().filter(|(of, _, _)| *of == name);
        hints.find(|(_, found, _)| *found == attribute.name).map(|(_, _, hint)| hint)
    };
    of(owner.name).or_else(|| of(""))
}

/// The attributes that an example of a type has, where it has not all.
pub(super) fn only(type_name: &str) -> Option<&'static [&'static str]> {
    ONLY.iter().find(|(name, _)| *name == type_name).map(|(_, names)| *names)
}

/// What resources of a type are called.
pub(super) fn name(owner: &Type) -> String {
    let known = NAMES.iter().find(|(name, _)| *name == owner.name);
    known.map_or_else(|| kebab(owner.name), |(_, name)| (*name).to_owned())
}

/// Where a reference to any type leads.
pub(super) fn path(attribute: &str) -> Option<&'static str> {
    PATHS.iter().find(|(name, _)| *name == attribute).map(|(_, path)| *path)
}

/// The pairs of a map.
pub(super) fn pairs(attribute: &Attribute) -> &'static [(&'static str, &'static str)] {
    if attribute.holds_strings() { &[("owner", "ops"), ("stage", "production")] } else { &[("zone", "north")] }
}

/// An integer that no hint knows.
pub(super) fn integer(attribute: &Attribute) -> i64 {
    match attribute.unit {
        Some("bytes") => 1500,
        Some("kilobytes") => 107_374_182,
        Some("kibibytes") => 4_194_304,
        Some("megahertz") => 2400,
        Some("bits per second") => 1_000_000_000,
        _ => 1,
    }
}

/// A text that no hint knows.
pub(super) fn text(kind: Kind, attribute: &str) -> String {
    match kind {
        Kind::Uri => format!("http://example.com/{attribute}"),
        Kind::DateTime => "2024-05-08T16:05:12Z".to_owned(),
        Kind::Duration => "PT5M".to_owned(),
        Kind::Binary => "CAFE01".to_owned(),
        _ => "example".to_owned(),
    }
}

/// A value of no particular kind.
pub(super) fn any(attribute: &str) -> Any {
    let number = |text: &str| Number::parse(text).map_or(Any::Null, Any::Number);
    match attribute {
        "vscope" => {
            let range: Any = [("minimum", number("1")), ("maximum", number("64"))].into_iter().collect();
            Any::Array(vec![[("cpu", range)].into_iter().collect()])
        }
        _ => Any::from("STOPPED"),
    }
}

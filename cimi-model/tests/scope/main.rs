//! valueScope: evaluation, defaults, units, mistakes.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_imports,
    clippy::too_many_lines,
    reason = "a test may fail loudly"
)]

#[path = "../support/facts.rs"]
mod facts;

mod conversion;
mod defaults;
mod mistakes;

use cimi_model::reflect::Record;
use cimi_model::scope::*;
use cimi_model::*;

fn any(text: &str) -> Any {
    let text = format!(r#"{{"resourceURI":"http://example.com/T","v":{text}}}"#);
    let document = Document::read(text.as_bytes(), &Registry::standard(), &ReadOptions::default()).unwrap().value;
    document.record().extensions().get("v").unwrap().clone()
}

/// Scopes from their JSON, an array.
fn scopes(text: &str) -> Vec<ValueScope> {
    let Any::Array(items) = any(text) else { panic!("no array: {text}") };
    items.iter().map(|item| ValueScope::try_from(item).unwrap()).collect()
}

fn number(text: &str) -> Number {
    Number::parse(text).unwrap()
}

/// The paths of the violations, from the record on.
fn paths(record: &dyn Record, scopes: &[ValueScope]) -> Vec<String> {
    let root = format!("/{}", record.record_type().name);
    let violations = check(record, scopes).err().unwrap_or_default().into_iter();
    violations.map(|violation| violation.path.strip_prefix(&root).unwrap().to_owned()).collect()
}

fn configuration(cpu: i64, memory: i64, arch: &str) -> MachineConfiguration {
    MachineConfiguration {
        cpu: Some(cpu),
        memory: Some(memory),
        cpu_arch: Some(arch.into()),
        ..MachineConfiguration::default()
    }
}

/// The example of 5.5.14 with units that exist.
const TWO: &str = r#"[
    { "cpuSpeed": { "minimum": 2, "maximum": 4, "units": "GHz", "default": 2.5 },
      "memory": { "minimum": 2000000, "maximum": 10000000, "units": "kB", "increment": 2000000 },
      "cpuArch": { "value": "i5" } },
    { "memory": { "minimum": 4000000, "maximum": 32000000, "units": "kilobytes" },
      "cpuArch": { "values": [ "68000", "Alpha", " PA_RISC" ] } }
]"#;

#[test]
fn one_of_several_scopes_is_enough() {
    let scopes = scopes(TWO);
    // 4,000,000 kB are 3,906,250 kibibytes; 2,000,000 kB are 1,953,125.
    let mut machine = configuration(1, 1_953_125, "i5");
    assert_eq!(check(&machine, &scopes), Ok(()));
    machine.cpu_speed = Some(2500);
    assert_eq!(check(&machine, &scopes), Ok(()));
    machine.cpu_speed = Some(1999);
    // The second does not speak of the speed, but it wants more memory and another architecture.
    let violations = check(&machine, &scopes).unwrap_err();
    assert_eq!(violations.len(), 1);
    assert_eq!(violations[0].path, "/MachineConfiguration/cpuSpeed");
    assert_eq!(violations[0].scope, 0);
    assert_eq!(violations[0].to_string(), "/MachineConfiguration/cpuSpeed: expected 2 to 4 GHz, found 1999 megahertz");
    machine.memory = Some(1_953_124);
    machine.cpu_arch = Some("PA_RISC".into());
    let violations = check(&machine, &scopes).unwrap_err();
    assert_eq!((violations.len(), violations[0].scope, &*violations[0].path), (1, 1, "/MachineConfiguration/memory"));
    machine.memory = Some(3_906_250);
    assert_eq!(check(&machine, &scopes), Ok(()));
    assert_eq!(check(&machine, &[]), Ok(()));
}

#[test]
fn ranges() {
    let cases: &[(&str, &[i64], &[i64])] = &[
        (r#"{"minimum": 2, "maximum": 8}"#, &[2, 5, 8], &[1, 9, -5]),
        (r#"{"minimum": 2}"#, &[2, i64::MAX], &[1]),
        (r#"{"maximum": 8}"#, &[8, i64::MIN], &[9]),
        (r#"{"minimum": 2, "increment": 3}"#, &[2, 5, 8, 3_000_002], &[3, 4, -1]),
        (r#"{"maximum": 8, "increment": 3}"#, &[8, 5, -1], &[7, 11]),
        (r#"{"minimum": 0.5, "maximum": 8, "increment": 0.1}"#, &[1, 2, 8], &[0, 9]),
        (r#"{"minimum": 0.05, "increment": 0.1}"#, &[], &[1, 2]),
        (r#"{"minimum": -3, "maximum": -1}"#, &[-3, -1], &[0, -4]),
        (r#"{"value": 3}"#, &[3], &[4]),
        (r#"{"value": 3.0}"#, &[3], &[4]),
        (r#"{"value": "3"}"#, &[3], &[4]),
        (r#"{"values": [3, "5", 7.5]}"#, &[3, 5], &[4, 7]),
        (r#"{"units": "megahertz"}"#, &[3, 4], &[]),
        ("{}", &[3], &[]),
        (r#"{"vendor": 1}"#, &[3], &[]),
        (r#"{"minimum": 8, "maximum": 2}"#, &[], &[1, 2, 5, 8, 9]),
        (r#"{"minimum": 1, "increment": 0}"#, &[], &[1, 2]),
        (r#"{"minimum": 1, "increment": -1}"#, &[], &[1, 2]),
        (r#"{"minimum": "few"}"#, &[], &[1]),
        (r#"{"minimum": 1e400}"#, &[], &[1]),
        (r#"{"value": true}"#, &[], &[1]),
        (r#"{"item": {"x": {"value": 1}}}"#, &[], &[1]),
    ];
    for (scope, good, bad) in cases {
        let scope = scopes(&format!(r#"[{{"cpu": {scope}}}]"#));
        for cpu in *good {
            assert_eq!(paths(&configuration(*cpu, 1, "x86"), &scope), [""; 0], "{cpu} in {scope:?}");
        }
        for cpu in *bad {
            assert_eq!(paths(&configuration(*cpu, 1, "x86"), &scope), ["/cpu"], "{cpu} in {scope:?}");
        }
    }
}

#[test]
fn the_unit_of_the_table_counts() {
    // Memory is in kibibytes, the capacity of a disk in kilobytes, the speed of a processor in megahertz.
    let memory = |units: &str| Scope::of_value(1).with_units(units);
    for (units, kibibytes) in [("kibibytes", 1), ("MiB", 1024), ("GIBIBYTE", 1 << 20), ("gib", 1 << 20)] {
        let scope = [ValueScope::new().with("memory", memory(units))];
        assert_eq!(check(&configuration(1, kibibytes, "x86"), &scope), Ok(()), "{units}");
        assert!(check(&configuration(1, kibibytes + 1, "x86"), &scope).is_err(), "{units}");
    }
    let disk = |capacity| Disk { capacity: Some(capacity), ..Disk::default() };
    let scope = [ValueScope::new().with("capacity", memory("gigabytes"))];
    assert_eq!(check(&disk(1_000_000), &scope), Ok(()));
    assert!(check(&disk(1 << 20), &scope).is_err());
    let no_units = [ValueScope::new().with("capacity", Scope::of_value(5))];
    assert_eq!(check(&disk(5), &no_units), Ok(()));
    // One gigabyte is no whole number of kibibytes.
    let scope = [ValueScope::new().with("memory", memory("megabytes"))];
    for kibibytes in [976, 977, 1000, 1024] {
        assert!(check(&configuration(1, kibibytes, "x86"), &scope).is_err());
    }
    // `cpu` has no unit: the number is that of the scope, as in the first example of 5.5.14.
    let scope = [ValueScope::new().with("cpu", Scope::of_value(2000).with_units("megahertz"))];
    assert_eq!(check(&configuration(2000, 1, "x86"), &scope), Ok(()));

    for (units, reason) in [("GbB", "'GbB' is not a known unit"), ("hertz", "'hertz' does not measure")] {
        let scope = [ValueScope::new().with("memory", memory(units))];
        let violations = check(&configuration(1, 1, "x86"), &scope).unwrap_err();
        assert!(violations[0].expected.contains(reason), "{}", violations[0]);
    }
}

#[test]
fn absent_attributes() {
    let scope = [ValueScope::new()
        .with("cpu", Scope::at_least(1))
        .with("memory", Scope::at_least(1).with_default(4))
        .with("cpuArch", Scope::of_value("ARM"))];
    let nothing = MachineConfiguration::default();
    assert_eq!(check(&nothing, &scope), Ok(()));
    let violations = check_complete(&nothing, &scope).unwrap_err();
    assert_eq!(violations.len(), 1);
    assert_eq!(violations[0].to_string(), "/MachineConfiguration/cpu: expected at least 1, found nothing");
    let set = MachineConfiguration { cpu: Some(1), ..MachineConfiguration::default() };
    assert_eq!(check_complete(&set, &scope), Ok(()));
    // Erased is absent; a value that was not understood is not.
    let mut odd = MachineConfiguration::default();
    odd.extensions.insert("cpu", Any::Null);
    assert_eq!(check(&odd, &scope), Ok(()));
    odd.extensions.insert("cpu", "many");
    assert_eq!(paths(&odd, &scope), ["/cpu"]);
}

#[test]
fn every_kind_of_value() {
    let text = |text: &str| Any::from(text);
    let mut volume = Volume {
        bootable: Some(true),
        type_uri: Some("http://schemas.dmtf.org/cimi/2/mapped".into()),
        created: Some("2012-05-25T13:30:15Z".parse_date()),
        name: Some("v".into()),
        images: Some(Ref::to("images/1")),
        ..Volume::default()
    };
    volume.properties.insert("tier", "gold");
    volume.extensions.insert("{http://example.com/v}iops", 400);
    volume.extensions.insert("sizes", Any::Array(vec![Any::from(1), Any::from(9)]));
    let good: &[(&str, Scope)] = &[
        ("bootable", Scope::of_value(true)),
        ("bootable", Scope::of_values([text("true")])),
        ("type", Scope::of_value("http://schemas.dmtf.org/cimi/1/mapped")),
        ("created", Scope::of_value("2012-05-25T08:30:15-05:00")),
        ("name", Scope::of_values(["u", "v"])),
        ("images", Scope::of_value("images/1")),
        ("properties", Scope::of_items(ValueScope::new().with("tier", Scope::of_values(["gold", "silver"])))),
        ("iops", Scope::of_range(100, 500)),
        ("{http://example.com/v}iops", Scope::of_value(400)),
        ("sizes", Scope::at_most(9)),
        ("sizes", Scope::of_value(any("[1, 9]"))),
    ];
    for (name, scope) in good {
        assert_eq!(paths(&volume, &[ValueScope::new().with(*name, scope.clone())]), [""; 0], "{name} {scope:?}");
    }
    let bad: &[(&str, Scope, &str)] = &[
        ("bootable", Scope::of_value(false), "/bootable"),
        ("type", Scope::of_value("http://example.com/mapped"), "/type"),
        ("created", Scope::of_value("2012-05-25T13:30:16Z"), "/created"),
        ("name", Scope::of_value(" v"), "/name"),
        ("name", Scope::at_least(1), "/name"),
        ("name", Scope::of_units("bytes"), "/name"),
        ("images", Scope::of_value("images/2"), "/images"),
        (
            "properties",
            Scope::of_items(ValueScope::new().with("tier", Scope::of_value("silver"))),
            "/properties['tier']",
        ),
        ("iops", Scope::of_range(100, 300), "/iops"),
        ("sizes", Scope::at_most(8), "/sizes[1]"),
        ("sizes", Scope::of_items(ValueScope::new()), "/sizes[0]"),
    ];
    for (name, scope, path) in bad {
        let found = paths(&volume, &[ValueScope::new().with(*name, scope.clone())]);
        assert_eq!(found.first().map(String::as_str), Some(*path), "{name} {scope:?}");
    }
}

trait ParseDate {
    fn parse_date(&self) -> DateTime;
}

impl ParseDate for str {
    fn parse_date(&self) -> DateTime {
        <DateTime as Scalar>::parse(self).unwrap()
    }
}

#[test]
fn items() {
    let disks = |capacities: &[i64]| MachineConfiguration {
        disks: capacities
            .iter()
            .map(|capacity| DiskConfiguration { capacity: Some(*capacity), ..DiskConfiguration::default() })
            .collect(),
        ..MachineConfiguration::default()
    };
    let scope = [ValueScope::new()
        .with("disks", Scope::of_items(ValueScope::new().with("capacity", Scope::at_most(2).with_units("gigabytes"))))];
    assert_eq!(paths(&disks(&[1, 2_000_000]), &scope), [""; 0]);
    assert_eq!(paths(&disks(&[1, 2_000_001, 5, 3_000_000]), &scope), ["/disks[1]/capacity", "/disks[3]/capacity"]);

    // The keys of a map that the standard names have units as well.
    let mut service = SystemService {
        service_type: Some("http://schemas.dmtf.org/cimi/2/SystemService/highreliability/active".into()),
        ..SystemService::default()
    };
    service.parameters.insert("heartbeat", 2000);
    let scope = [ValueScope::new().with(
        "parameters",
        Scope::of_items(ValueScope::new().with("heartbeat", Scope::at_most(1).with_units("seconds"))),
    )];
    assert_eq!(paths(&service, &scope), ["/parameters['heartbeat']"]);
    service.parameters.insert("heartbeat", 1000);
    assert_eq!(paths(&service, &scope), [""; 0]);

    // The example of 5.5.14: an accessory attribute of the members of a collection.
    let scope = scopes(
        r#"[{"machines": {"item": {"remoteLocation": {"values": ["URI1", "URI2", "URI3"], "default": "URI1"}}}}]"#,
    );
    let machine = |location: &str| {
        let mut machine = Machine::default();
        machine.extensions.insert("remoteLocation", location);
        machine
    };
    let collection: Collection<Machine> = [machine("URI3"), machine("URI4")].into_iter().collect();
    assert_eq!(paths(&collection, &scope), ["/machines[1]/remoteLocation"]);
    // Expanded in the System, the members are where the reader has them; by reference, nothing can be said.
    let mut system = System::default();
    system.extensions.insert("machines2", any(r#"[{"remoteLocation": "URI1"}, {"remoteLocation": "X"}]"#));
    let other = scopes(r#"[{"machines2": {"item": {"remoteLocation": {"value": "URI1"}}}}]"#);
    assert_eq!(paths(&system, &other), ["/machines2[1]/remoteLocation"]);
    let mut machine = Machine { disks: Some(Ref::to("disks")), ..Machine::default() };
    let scope = [ValueScope::new()
        .with("disks", Scope::of_items(ValueScope::new().with("capacity", Scope::of_value(1).with_units("MB"))))];
    assert_eq!(paths(&machine, &scope), [""; 0]);
    let disk = Disk { capacity: Some(1001), ..Disk::default() };
    machine.disks = Some(Ref::by_value([disk].into_iter().collect()));
    assert_eq!(paths(&machine, &scope), ["/disks/disks[0]/capacity"]);
}

#[test]
fn secrets_are_not_shown() {
    let credential = Credential { password: Some("hunter2".into()), ..Credential::default() };
    let scope = [ValueScope::new().with("password", Scope::of_value("correct horse")).with("key", Scope::of_value(5))];
    let mut with_key = credential.clone();
    with_key.extensions.insert("key", "swordfish");
    for violation in check(&with_key, &scope).unwrap_err() {
        let text = format!("{violation} {violation:?}");
        for secret in ["hunter2", "swordfish", "correct horse"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    let violations =
        check_complete(&Credential::default(), &[ValueScope::new().with("password", Scope::of_values(["a"]))]);
    assert!(!violations.unwrap_err()[0].to_string().contains("'a'"));
}

resource! {
    /// A rack.
    pub Rack = "Rack" [namespace("http://example.com/racks")] {
        /// Height.
        height: Option<i64> = "height" [v1_name("size"), unit("rack units")],
        /// Its own scopes.
        vscope: Option<Any> = "vscope" [value_scopes],
        /// Whatever.
        note: Option<Any> = "note" [unit("kibibytes")],
        /// Lines.
        lines: Vec<String> = "lines" [item("line")],
    }
}

#[test]
fn types_of_providers() {
    let rack = Rack { height: Some(42), lines: vec!["a".into(), "b".into()], ..Rack::default() };
    let height = |name: &str, units: &str| [ValueScope::new().with(name, Scope::of_value(42).with_units(units))];
    assert_eq!(check(&rack, &height("height", "Rack Units")), Ok(()));
    assert_eq!(paths(&rack, &height("size", "bytes")), ["/height"]);
    assert_eq!(paths(&rack, &[ValueScope::new().with("lines", Scope::of_values(["a", "c"]))]), ["/lines[1]"]);
    let rack = Rack { note: Some(any("2048")), ..rack };
    assert_eq!(check(&rack, &[ValueScope::new().with("note", Scope::of_value(2).with_units("MiB"))]), Ok(()));
}

#[test]
fn typed_form_keeps_everything() {
    for text in [
        TWO,
        r#"[{"a": {"value": 1.50, "vendor": {"x": [1]}, "units": 5}, "b": "text", "c": {"minimum": "x"}}]"#,
        r#"[{"a": {"item": {"b": {"item": {"c": {"values": [null, {"d": 1}]}}}}}, "e": {"item": 5, "values": []}}]"#,
    ] {
        let items: Vec<Any> = scopes(text).iter().map(Any::from).collect();
        assert_eq!(Any::Array(items), any(text));
    }
    let mut scope = scopes(r#"[{"a": {"minimum": "x", "maximum": 1.50}, "b": 5}]"#).remove(0);
    assert_eq!(scope.get("a").unwrap().maximum.as_ref().unwrap().as_str(), "1.50");
    scope.get_mut("a").unwrap().minimum = Some(1.into());
    scope.insert("b", Scope::of_units("bytes"));
    assert_eq!(Any::from(&scope), any(r#"{"a": {"minimum": 1, "maximum": 1.50}, "b": {"units": "bytes"}}"#));
    assert_eq!(scope.remove("a").and_then(|scope| scope.form()), Some(Form::Range));
    assert_eq!(scope.len(), 1);
}

#[test]
fn the_attribute_of_any_resource() {
    let scopes = scopes(TWO);
    let mut metadata = ResourceMetadata::default();
    assert_eq!(metadata.scopes().unwrap(), []);
    metadata.set_scopes(&scopes);
    assert_eq!(metadata.scopes().unwrap(), scopes);
    metadata.vscope = Some(any(r#"{"cpu": {"value": 1}}"#));
    assert_eq!(metadata.scopes().unwrap(), [ValueScope::new().with("cpu", Scope::of_value(1))]);
    metadata.vscope = Some(any("[{}, 5]"));
    assert_eq!(metadata.scopes().unwrap_err().path(), "/ResourceMetadata/vscope[1]");
    metadata.vscope = Some("text".into());
    assert_eq!(metadata.scopes().unwrap_err().path(), "/ResourceMetadata/vscope");
    metadata.set_scopes(&[]);
    assert_eq!(metadata, ResourceMetadata::default());

    let mut template = MachineTemplate::default();
    set(&mut template, &scopes);
    assert_eq!(of(&template).unwrap(), scopes);
    assert!(template.extensions.get("vscope").is_some());
    set(&mut template, &[]);
    assert_eq!(template, MachineTemplate::default());
    let mut rack = Rack::default();
    set(&mut rack, &scopes);
    assert!(rack.vscope.is_some());
    assert_eq!(of(&rack).unwrap(), scopes);
}

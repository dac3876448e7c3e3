//! A record with an attribute of each kind, and how filters are held against it.

use cimi_model::filter::{Filter, FilterOptions};
use cimi_model::reflect::{Described, Record};
use cimi_model::{Any, DateTime, Disk, Duration, Machine, Map, Ref, Secret, Uri, open_enum, record, resource};

open_enum! {
    /// How a rack is painted.
    pub Colour {
        /// Red.
        Red = "RED",
    }
}

record! {
    /// A place in a rack.
    pub Place = "place" Structure {
        /// From below.
        unit: Option<i64> = "unit",
        /// What is there.
        label: Option<String> = "label",
        /// The key of its lock.
        key: Option<Secret> = "key" [secret],
    }
}

resource! {
    /// A rack, with an attribute of each kind.
    pub Rack = "Rack" [namespace("http://example.com/racks")] {
        /// Where it stands.
        site: Option<String> = "site" [v1_name("location"), aliases(&["Site"])],
        /// In rack units.
        height: Option<i64> = "height",
        /// Whether it has doors.
        doors: Option<bool> = "doors",
        /// A page about it.
        page: Option<Uri> = "page",
        /// What its type is.
        kind: Option<Uri> = "kind" [follows_dialect],
        /// When it was installed.
        installed: Option<DateTime> = "installed",
        /// How long it is guaranteed.
        guarantee: Option<Duration> = "guarantee",
        /// Its colour.
        colour: Option<Colour> = "colour",
        /// The machine that switches the others on.
        controller: Option<Ref<Machine>> = "controller",
        /// Its machines.
        machines: Vec<Ref<Machine>> = "machines",
        /// Words to find it by.
        tags: Vec<String> = "tags",
        /// The place where the switch is.
        switch: Option<Place> = "switch",
        /// All places.
        places: Vec<Place> = "places",
        /// What is measured.
        measures: Map = "measures",
        /// What else.
        more: Option<Any> = "more",
        /// The key to its door.
        key: Option<Secret> = "key" [secret],
    }
}

pub fn date(text: &str) -> DateTime {
    text.parse().unwrap()
}

pub fn place(unit: i64, label: &str) -> Place {
    Place { unit: Some(unit), label: Some(label.into()), key: Some("k".into()), ..Place::default() }
}

pub fn rack() -> Rack {
    let controller = Machine { cpu: Some(2), name: Some("c".into()), ..Machine::default() };
    let mut rack = Rack {
        id: Some("racks/7".into()),
        name: Some("r7".into()),
        created: Some(date("2026-03-01T08:15:30.5+01:00")),
        site: Some("Oslo".into()),
        height: Some(42),
        doors: Some(false),
        page: Some("http://example.com/r7".into()),
        kind: Some("http://schemas.dmtf.org/cimi/2/mapped".into()),
        installed: Some(date("2026-02-28T23:59:59")),
        guarantee: Some("P3Y".parse().unwrap()),
        colour: Some(Colour::Red),
        controller: Some(Ref { href: Some("machines/1".into()), value: Some(Box::new(controller)) }),
        machines: vec![Ref::to("machines/1"), Ref::to("machines/2")],
        tags: vec!["cold".into(), "loud".into()],
        switch: Some(place(40, "switch")),
        places: vec![place(1, "db"), place(2, "web")],
        measures: [("power", Any::from(900)), ("room", Any::from("b12"))].into_iter().collect(),
        more: Some([("depth", Any::from(80))].into_iter().collect()),
        key: Some("0000".into()),
        ..Rack::default()
    };
    rack.properties.insert("owner", "ops");
    rack.properties.insert("level", 5);
    rack.extensions.insert("row", 3);
    rack.extensions.insert("{http://example.com/v}zone", "z1");
    rack.extensions.insert("{http://example.com/w}zone", "z2");
    rack.extensions.insert("text", "17");
    rack.extensions.insert("flag", " true ");
    rack.extensions.insert("since", "2026-03-01T00:00:00Z");
    rack.extensions.insert("precise", Any::Number(cimi_model::any::Number::parse("1.5e1").unwrap()));
    rack.extensions.insert("list", vec![Any::from(1), Any::from("two"), Any::Null]);
    rack.extensions.insert("target", [("href", Any::from("x/1"))].into_iter().collect::<Any>());
    rack.extensions.insert("element", [("@a", "1"), ("#text", "12")].into_iter().collect::<Any>());
    rack.extensions.insert("nothing", Any::Null);
    rack.extensions.insert("ns:name", "n");
    rack
}

pub fn check(record: &dyn Record, options: &FilterOptions, cases: &[(&str, bool)]) {
    for (text, expected) in cases {
        let filter = Filter::parse(text, options).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(filter.matches(record), *expected, "{text}");
        assert_eq!(filter.for_type(record.record_type()).matches(record), *expected, "{text}");
        // Compiled for another type, it is looked up again.
        assert_eq!(filter.for_type(Disk::TYPE).matches(record), *expected, "{text}");
    }
}

/// All six operators on one attribute: `<`, `<=`, `=`, `>=`, `>`, `!=`.
pub fn check_order(record: &dyn Record, attribute: &str, value: &str, expected: [bool; 6]) {
    let operators = ["<", "<=", "=", ">=", ">", "!="].map(|operator| format!("{attribute}{operator}{value}"));
    let found = operators.clone().map(|text| text.parse::<Filter>().unwrap().matches(record));
    assert_eq!(found, expected, "{operators:?}");
}

pub const LESS: [bool; 6] = [true, true, false, false, false, true];
pub const EQUAL: [bool; 6] = [false, true, true, true, false, false];
pub const GREATER: [bool; 6] = [false, false, false, true, true, true];
pub const UNORDERED_EQUAL: [bool; 6] = [false, false, true, false, false, false];
pub const UNEQUAL: [bool; 6] = [false, false, false, false, false, true];
pub const NEVER: [bool; 6] = [false; 6];

//! `$orderby` (4.1.6.6).

use cimi_model::{Any, Collection, DateTime, Dialect, LocatedVolume, Machine, Meter};

use crate::support::{answer, applied, machines, names, query};

fn sorted_machines<T: Copy>(values: impl IntoIterator<Item = T>, set: impl Fn(&mut Machine, T), text: &str) -> String {
    let machine = |(number, value): (usize, T)| {
        let mut machine = Machine { name: Some(number.to_string()), ..Machine::default() };
        set(&mut machine, value);
        machine
    };
    let all = values.into_iter().enumerate().map(machine).collect();
    names(&applied(all, text)).concat()
}

#[test]
fn strings_are_compared_in_their_compatibility_decomposition() {
    // U+212B and U+00C5 decompose to A and U+030A, U+FB01 to `fi`; U+00E9 stands behind `ez` undecomposed.
    let found =
        applied(machines(["b", "\u{e9}", "ez", "\u{fb01}x", "fj", "\u{212b}", "A", "\u{c5}", "B"]), "$orderby=name");
    assert_eq!(names(&found), ["A", "\u{212b}", "\u{c5}", "B", "b", "ez", "\u{e9}", "\u{fb01}x", "fj"]);
    // The order is binary: by code point, whatever the language and the number of bytes in UTF-16.
    let found = applied(machines(["\u{10000}", "\u{e000}", "a", "Z"]), "$orderby=name");
    assert_eq!(names(&found), ["Z", "a", "\u{e000}", "\u{10000}"]);
}

#[test]
fn integers_are_compared_by_value() {
    let machine = |cpu: i64| Machine { name: Some(cpu.to_string()), cpu: Some(cpu), ..Machine::default() };
    let found = applied([10, 9, -1, i64::MAX, 0, i64::MIN, -10].map(machine).into_iter().collect(), "$orderby=cpu");
    let expected = [i64::MIN, -10, -1, 0, 9, 10, i64::MAX].map(|cpu| cpu.to_string());
    assert_eq!(names(&found), expected);
}

#[test]
fn booleans_begin_with_false() {
    let volume = |bootable| LocatedVolume { bootable, ..LocatedVolume::default() };
    let mut volumes: Collection<_> = [Some(true), None, Some(false), Some(true)].map(volume).into_iter().collect();
    query("$orderby=bootable").apply(&mut volumes, Dialect::V2, &());
    let sorted: Vec<_> = volumes.items.iter().map(|volume| volume.bootable).collect();
    assert_eq!(sorted, [None, Some(false), Some(true), Some(true)]);
}

#[test]
fn extensions_are_sorted_by_in_the_types_that_they_have() {
    let set = |machine: &mut Machine, value: &str| {
        let value = cimi_model::any::Number::parse(value).map_or_else(|| Any::from(value), Any::Number);
        machine.extensions.insert("{urn:v}rack", value);
    };
    let numbers = ["10", "9.5", "-1", "1e3", "9007199254740993", "9007199254740992", "-0", "0"];
    assert_eq!(sorted_machines(numbers, set, "$orderby=rack"), "26710354");
    assert_eq!(sorted_machines(numbers, set, "$orderby={urn:v}rack:desc"), "45301672");
    assert_eq!(sorted_machines(["b", "ab", "", "a"], set, "$orderby=rack"), "2310");
    let set = |machine: &mut Machine, value: bool| drop(machine.extensions.insert("spare", value));
    assert_eq!(sorted_machines([true, false, true], set, "$orderby=spare"), "102");
}

#[test]
fn several_keys_count_in_their_order() {
    let set = |machine: &mut Machine, (cpu, memory): (i64, i64)| {
        (machine.cpu, machine.memory) = (Some(cpu), Some(memory));
    };
    let values = [(1, 2), (2, 1), (1, 1), (2, 2)];
    assert_eq!(sorted_machines(values, set, "$orderby=cpu:desc,memory:asc"), "1320");
    assert_eq!(sorted_machines(values, set, "$orderby=cpu:desc&$orderby=memory"), "1320");
    assert_eq!(sorted_machines(values, set, "$orderby=memory,cpu:desc"), "1230");
    // The first mention decides.
    assert_eq!(sorted_machines(values, set, "$orderby=cpu:desc,cpu,memory,cpu,memory:desc"), "1320");
}

#[test]
fn equals_keep_their_order_in_both_directions() {
    let set = |machine: &mut Machine, cpu| machine.cpu = Some(cpu);
    assert_eq!(sorted_machines([1, 0, 1, 0, 1], set, "$orderby=cpu"), "13024");
    assert_eq!(sorted_machines([1, 0, 1, 0, 1], set, "$orderby=cpu:desc"), "02413");
}

#[test]
fn what_is_absent_comes_first_and_in_descending_order_last() {
    let set = |machine: &mut Machine, cpu| machine.cpu = cpu;
    let values = [Some(0), None, Some(i64::MIN), None];
    assert_eq!(sorted_machines(values, set, "$orderby=cpu"), "1320");
    assert_eq!(sorted_machines(values, set, "$orderby=cpu:desc"), "0213");
    // An empty string is an absent one (5.5.15).
    let set = |machine: &mut Machine, value: Option<&str>| machine.description = value.map(str::to_owned);
    assert_eq!(sorted_machines([Some("a"), Some(""), None], set, "$orderby=description"), "120");
}

#[test]
fn what_is_no_attribute_to_sort_by_changes_nothing() {
    let set = |machine: &mut Machine, value: &str| {
        machine.id = Some(value.into());
        machine.disks = Some(cimi_model::Ref::to(value));
        machine.properties.insert("x", value);
    };
    // A URI, a reference, a map, an array; an attribute of the collection; a path; nothing at all.
    for name in ["id", "disks", "properties", "operations", "count", "machines", "machines/id", "bogus", "ID", "", ","]
    {
        assert_eq!(sorted_machines(["b", "a", "c"], set, &format!("$orderby={name}")), "012", "{name}");
    }
    // The others count.
    let set = |machine: &mut Machine, cpu| machine.cpu = Some(cpu);
    assert_eq!(sorted_machines([2, 1], set, "$orderby=bogus,id:desc,cpu"), "10");
}

#[test]
fn secrets_are_not_told_by_their_order() {
    let credential = |password: &str| cimi_model::Credential {
        name: Some(password.to_owned()),
        password: Some(password.into()),
        extensions: [("pin", Any::from(password))].into_iter().collect::<cimi_model::Object>().into(),
        ..Default::default()
    };
    for order in ["$orderby=password", "$orderby=pin"] {
        let mut all: Collection<_> = ["b", "a"].map(credential).into_iter().collect();
        query(order).apply(&mut all, Dialect::V2, &());
        assert_eq!(all.items[0].name.as_deref(), Some("b"), "{order}");
    }
}

#[test]
fn names_of_either_version_are_understood() {
    let template = |state: &str| format!(r#"{{"name": "{state}", "state": "{state}"}}"#);
    let text = format!(
        r#"{{"resourceURI": "http://schemas.dmtf.org/cimi/1/MachineNetworkInterfaceTemplateCollection",
            "networkInterfaceTemplates": [{}, {}]}}"#,
        template("Passive"),
        template("Active")
    );
    let text = text.replace("MachineNetworkInterfaceTemplate", "NetworkInterfaceTemplate");
    for name in ["state", "initialState"] {
        let found = answer(&text, &format!("$orderby={name}"));
        assert_eq!(found["networkInterfaceTemplates"][0]["name"], "Active", "{name}: {found}");
    }
}

#[test]
fn instants_are_compared_whatever_their_offset() {
    let machine = |created: &str| Machine {
        name: Some(created.to_owned()),
        created: created.parse::<DateTime>().ok(),
        ..Machine::default()
    };
    let sorted = [
        "-0100-01-01T00:00:00Z",
        "2012-05-25T13:30:15+05:00",
        "2012-05-25T09:00:00Z",
        "2012-05-25T09:00:00.000000001Z",
        "2012-05-25T13:30:15-05:00",
        "2012-05-25T24:00:00Z",
        "9999999-01-01T00:00:00Z",
    ];
    let mut mixed = sorted;
    mixed.reverse();
    mixed.swap(1, 4);
    assert_eq!(names(&applied(mixed.map(machine).into_iter().collect(), "$orderby=created")), sorted);
}

#[test]
fn durations_are_compared_by_length() {
    let meter =
        |text: &str| Meter { name: Some(text.to_owned()), interval_duration: text.parse().ok(), ..Default::default() };
    let sorted =
        ["-P1Y", "-PT1S", "PT0S", "PT59S", "PT1M", "PT1H", "P1D", "PT25H", "P30D", "P1M", "P31D", "P13M", "P2Y"];
    let mut mixed = sorted;
    mixed.reverse();
    mixed.swap(2, 9);
    let mut meters: Collection<_> = mixed.map(meter).into_iter().collect();
    query("$orderby=intervalDuration").apply(&mut meters, Dialect::V2, &());
    assert_eq!(meters.items.iter().map(|meter| meter.name.as_deref().unwrap()).collect::<Vec<_>>(), sorted);
}

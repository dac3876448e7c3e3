//! Mistakes in scopes.

use cimi_model::scope::*;
use cimi_model::*;

use super::*;

#[test]
fn mistakes_are_found_all_at_once() {
    let found = |text: &str| problems(&scopes(text)).into_iter().map(|problem| problem.to_string()).collect::<Vec<_>>();
    assert_eq!(found(TWO), [""; 0]);
    assert_eq!(
        found(
            r#"[{"a": {"minimum": 3, "maximum": 2, "default": 9}, "b": {"value": 1, "values": [1]}, "c": {},
                 "d": {"minimum": "x", "units": 4}, "e": 5, "f": {"minimum": 1, "increment": 0}},
                {"a": {"minimum": 2, "maximum": 8, "increment": 2, "default": 3}, "b": {"values": ["x"], "default": "y"},
                 "c": {"value": 1, "units": "GbB"}, "d": {"increment": 1}, "e": {"default": 1}, "f": {"values": []},
                 "g": {"item": {"h": {"maximum": 1e400}, "i": {"value": 1, "default": 1}}, "units": "bytes"}}]"#
        ),
        [
            "/vscope[0]/e: expected a scope, an object",
            "/vscope[0]/a/minimum: 3 is above the maximum, 2",
            "/vscope[0]/b: it mixes the forms of single value, range, enumeration and item",
            "/vscope[0]/c: it says nothing about values",
            "/vscope[0]/d/minimum: expected a number",
            "/vscope[0]/d/units: expected a string",
            "/vscope[0]/f/increment: 0 is not above zero",
            "/vscope[1]/a/default: it is not in the scope",
            "/vscope[1]/b/default: it is not in the scope",
            "/vscope[1]/c/units: 'GbB' is not a known unit",
            "/vscope[1]/d: an increment without a range",
            "/vscope[1]/e: a default without values or a range",
            "/vscope[1]/f/values: expected an array of values",
            "/vscope[1]/g: units, increment and default belong to the scopes of the item's attributes",
            "/vscope[1]/g/item/h/maximum: too large or too precise a number to be compared",
            "/vscope[1]/g/item/i: a single value has no default",
        ]
    );
}

#[test]
fn mistakes_about_a_type() {
    use reflect::Described;
    let found = |text: &str| {
        problems_for(&scopes(text), MachineConfiguration::described())
            .into_iter()
            .map(|problem| problem.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        found(r#"[{"memory": {"minimum": 1, "units": "GiB"}, "cpu": {"value": 2000, "units": "megahertz"}}]"#),
        [""; 0]
    );
    assert_eq!(
        found(
            r#"[{"memory": {"minimum": 1, "units": "GHz"}, "cpu": {"values": [1, "many", 2.5]}, "cpuArch": {"minimum": 1},
                 "disks": {"item": {"capacity": {"value": 1, "units": "hours"}, "format": {"value": "ext4"}}},
                 "name": {"item": {}}, "created": {"value": "today"}, "cpuSpeed": {"value": 2.5, "units": "GHz"},
                 "vendor": {"value": 1}}]"#
        ),
        [
            "/vscope[0]/memory/units: 'GHz' does not measure what is measured in 'kibibytes'",
            "/vscope[0]/cpu/values[1]: expected an integer",
            "/vscope[0]/cpu/values[2]: expected an integer",
            "/vscope[0]/cpuArch/minimum: the attribute is no number",
            "/vscope[0]/disks/item/capacity/units: 'hours' does not measure what is measured in 'kilobytes'",
            "/vscope[0]/name/item: the attribute is no array or collection",
            "/vscope[0]/created/value: expected an xs:dateTime",
        ]
    );
}

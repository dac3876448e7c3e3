//! What values of each kind fulfil.

use cimi_model::filter::FilterOptions;
use cimi_model::{Machine, ReadOptions, json};

use crate::EXTENDED;
use crate::rack::*;

#[test]
fn integers() {
    let mut rack = rack();
    for (value, expected) in [
        ("41", GREATER),
        ("42", EQUAL),
        ("0042", EQUAL),
        ("43", LESS),
        ("9223372036854775807", LESS),
        ("9223372036854775808", LESS),
        ("99999999999999999999999", LESS),
        ("'42'", NEVER),
        ("true", NEVER),
        ("2042-01-01", NEVER),
    ] {
        check_order(&rack, "height", value, expected);
    }
    for (height, value, expected) in [
        (-1, "0", LESS),
        (0, "0", EQUAL),
        (i64::MAX, "9223372036854775807", EQUAL),
        (i64::MAX, "9223372036854775808", LESS),
        (i64::MIN, "18446744073709551615", LESS),
    ] {
        rack.height = Some(height);
        check_order(&rack, "height", value, expected);
    }
}

#[test]
fn dates() {
    let rack = rack();
    // Created at 07:15:30.5 in UTC.
    for (value, expected) in [
        ("2026-03-01T07:15:30.5Z", EQUAL),
        ("2026-03-01T08:15:30.500+01:00", EQUAL),
        ("2026-02-28T23:15:30.5-08:00", EQUAL),
        ("2026-03-01T07:15:30Z", GREATER),
        ("2026-03-01T07:15:30.501", LESS),
        ("2026-02-28T24:00:00Z", GREATER),
        ("99999-12-31T00:00:00Z", LESS),
        ("-0001-01-01T00:00:00Z", GREATER),
        // A day is equal throughout.
        ("2026-03-01", EQUAL),
        ("2026-03-01Z", EQUAL),
        ("2026-02-28", GREATER),
        ("2026-03-02", LESS),
        ("2026-03-01-07:00", EQUAL),
        ("2026-03-01-08:00", LESS),
        ("2026", NEVER),
        ("'2026'", UNEQUAL),
        ("'2026-03-01T08:15:30.5+01:00'", UNORDERED_EQUAL),
        ("'2026-03-01T07:15:30.5Z'", UNEQUAL),
        ("true", NEVER),
    ] {
        check_order(&rack, "created", value, expected);
    }
    // What was written without an offset counts as UTC, in both.
    check_order(&rack, "installed", "2026-02-28T23:59:59Z", EQUAL);
    check_order(&rack, "installed", "2026-02-28", EQUAL);
    check_order(&rack, "installed", "2026-03-01", LESS);
    // Dates in other places than attributes of that kind are not.
    check_order(&rack, "site", "2026-03-01", NEVER);
    check_order(&rack, "guarantee", "2026-03-01", NEVER);
    // A spelling that only lenient reading understands.
    let text = r#"{"resourceURI":"http://schemas.dmtf.org/cimi/2/Machine","created":"2013-02-08 15:25:41 +0200"}"#;
    let machine = json::from_slice::<Machine>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
    check_order(&machine, "created", "2013-02-08T13:25:41Z", EQUAL);
}

#[test]
fn months_are_an_extension() {
    check(
        &rack(),
        &EXTENDED,
        &[
            ("created=2026-03", true),
            ("created>2026-02", true),
            ("created<2026-03", false),
            ("installed=2026-02", true),
        ],
    );
}

#[test]
fn texts_and_booleans() {
    let rack = rack();
    for (attribute, value, expected) in [
        ("site", "'Oslo'", UNORDERED_EQUAL),
        ("site", "'oslo'", UNEQUAL),
        ("site", "''", UNEQUAL),
        ("site", "42", NEVER),
        ("page", "'http://example.com/r7'", UNORDERED_EQUAL),
        ("guarantee", "'P3Y'", UNORDERED_EQUAL),
        ("guarantee", "'P36M'", UNEQUAL),
        ("colour", "'RED'", UNORDERED_EQUAL),
        ("colour", "'MAUVE'", UNEQUAL),
        ("id", "'racks/7'", UNORDERED_EQUAL),
        ("doors", "false", UNORDERED_EQUAL),
        ("doors", "true", UNEQUAL),
        ("doors", "'false'", NEVER),
        ("controller", "'machines/1'", UNORDERED_EQUAL),
        ("controller", "'machines/2'", UNEQUAL),
        ("controller", "1", NEVER),
    ] {
        check_order(&rack, attribute, value, expected);
    }
    // Longer texts than those that are compared without a call.
    let mut machine = Machine::default();
    for length in 0..40 {
        let text: String = ('a'..='z').cycle().take(length).collect();
        machine.name = Some(text.clone());
        check_order(&machine, "name", &format!("'{text}'"), UNORDERED_EQUAL);
        for changed in 0..length {
            let mut other = text.clone();
            other.replace_range(changed..=changed, "_");
            check_order(&machine, "name", &format!("'{other}'"), UNEQUAL);
        }
    }
}

#[test]
fn names_of_either_version_and_other_spellings() {
    check(
        &rack(),
        &FilterOptions::default(),
        &[("site='Oslo'", true), ("location='Oslo'", true), ("Site='Oslo'", true), ("SITE='Oslo'", false)],
    );
    let uri = "kind='http://schemas.dmtf.org/cimi";
    check(
        &rack(),
        &FilterOptions::default(),
        &[(&format!("{uri}/1/mapped'"), true), (&format!("{uri}/2/mapped'"), true)],
    );
}

#[test]
fn several_values_fulfil_a_filter_if_one_does() {
    check(
        &rack(),
        &FilterOptions::default(),
        &[
            ("tags='cold'", true),
            ("tags='loud'", true),
            ("tags='warm'", false),
            ("tags!='cold'", true),
            ("machines='machines/2'", true),
            ("machines='machines/3'", false),
            ("property['owner']='ops'", true),
            ("property['owner']='dev'", false),
            ("property['owner']!='dev'", true),
            ("property['owner']!='ops'", false),
            ("property['Owner']!='ops'", false),
            ("property['owner']<'z'", false),
            ("property['level']='5'", false),
            // A structure and a map have no value of their own.
            ("switch='switch'", false),
            ("switch!='switch'", false),
            ("measures!='x'", false),
            ("properties!='x'", false),
        ],
    );
}

#[test]
fn what_is_absent() {
    // An absent string is an empty one (5.5.15); anything else has no value.
    for (attribute, value, expected) in [
        ("site", "''", UNORDERED_EQUAL),
        ("site", "'Oslo'", UNEQUAL),
        ("colour", "'RED'", UNEQUAL),
        ("height", "0", NEVER),
        ("doors", "false", NEVER),
        ("page", "''", NEVER),
        ("installed", "2026-03-01", NEVER),
        ("controller", "'machines/1'", NEVER),
        ("tags", "'cold'", NEVER),
        ("more", "'x'", NEVER),
        ("unknown", "'x'", NEVER),
        ("unknown", "1", NEVER),
        ("unknown", "''", NEVER),
        ("property['owner']", "'ops'", NEVER),
        ("property['owner']", "''", NEVER),
    ] {
        check_order(&Rack::default(), attribute, value, expected);
    }
    // An empty string is not written, so it must not matter which of the two there was.
    let empty = Rack { site: Some(String::new()), ..Rack::default() };
    check_order(&empty, "site", "''", UNORDERED_EQUAL);
    check_order(&empty, "site", "'Oslo'", UNEQUAL);
}

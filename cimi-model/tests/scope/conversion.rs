//! Units and their conversion.

use cimi_model::scope::*;
use cimi_model::*;

use super::*;

#[test]
fn units_of_table_4_and_others() {
    use cimi_model::scope::units::{Dimension, Unit, convert};
    let table: &[(&str, u32, u32)] = &[
        ("kilobyte", 10, 3),
        ("megabyte", 10, 6),
        ("gigabyte", 10, 9),
        ("terabyte", 10, 12),
        ("petabyte", 10, 15),
        ("exabyte", 10, 18),
        ("zettabyte", 10, 21),
        ("yottabyte", 10, 24),
        ("yottabye", 10, 24),
        ("kibibyte", 2, 10),
        ("mebibyte", 2, 20),
        ("gibibyte", 2, 30),
        ("tebibyte", 2, 40),
        ("pebibyte", 2, 50),
        ("exbibyte", 2, 60),
        ("zebibyte", 2, 70),
        ("yobibyte", 2, 80),
    ];
    for (name, base, power) in table {
        for spelling in [(*name).to_owned(), format!("{name}s"), name.to_uppercase(), format!(" {name} ")] {
            let unit = Unit::parse(&spelling).unwrap();
            assert_eq!(
                (unit.dimension(), unit.factor()),
                (Dimension::Data, i128::from(*base).pow(*power)),
                "{spelling}"
            );
        }
    }
    for (name, same) in [
        ("kB", "kilobyte"),
        ("KB", "kilobyte"),
        ("KiB", "kibibyte"),
        ("MB", "megabyte"),
        ("mb", "megabyte"),
        ("GiB", "gibibyte"),
        ("GB", "gigabyte"),
        ("YB", "yottabyte"),
        ("EiB", "exbibyte"),
        ("EB", "exabyte"),
        ("B", "bytes"),
        ("MHz", "megahertz"),
        ("ghz", "Gigahertz"),
        ("Mbps", "megabits per second"),
        ("Mbit/s", "megabit per second"),
        ("kilobits  per second", "kbps"),
        ("bit/s", "bits per second"),
        ("s", "seconds"),
        ("h", "hours"),
        ("min", "minute"),
        ("ms", "milliseconds"),
        ("d", "days"),
    ] {
        assert_eq!(Unit::parse(name).unwrap(), Unit::parse(same).unwrap(), "{name}");
    }
    for bad in ["GbB", "KbB", "Mb", "Gib", "b", "MBps", "", " ", "kilo", "bytess", "kilohours", "terahertz", "é", "kkB"]
    {
        let error = Unit::parse(bad).unwrap_err();
        assert!(error.reason().contains(&format!("'{bad}'")), "{error}");
    }
    assert_eq!(convert(Ratio::from(36), "hours", "days").unwrap(), Ratio::new(3, 2).unwrap());
    assert_eq!(convert(Ratio::from(1), "yobibytes", "bytes").unwrap(), Ratio::from(1_i128 << 80));
    assert_eq!(convert(Ratio::parse("2.5").unwrap(), "GHz", "MHz").unwrap(), Ratio::from(2500));
    assert!(convert(Ratio::from(i128::MAX), "yobibytes", "bytes").is_err());
    assert!(convert(Ratio::from(1), "bits per second", "bytes").is_err());
    assert_eq!(convert(Ratio::from(7), "Things", "things").unwrap(), Ratio::from(7));
}

/// The unit of each attribute that the standard gives one: a scope in bytes, bits, hertz or milliseconds is converted
/// to it.
#[test]
fn every_unit_of_the_standard() {
    let Some(rows) = facts::rows("every_unit_of_the_standard", "cimi-2.0-attributes.tsv") else { return };
    let mut found = 0;
    for row in rows.iter().filter(|row| row["kind"] == "integer") {
        let (name, attribute, unit) = (row["resource"].as_str(), row["attribute"].as_str(), row["unit"].as_str());
        let (smallest, factor) = match unit {
            "kibibytes" => ("bytes", 1 << 10),
            "kilobytes" => ("bytes", 1000),
            "bytes" => ("bytes", 1),
            "megahertz" => ("hertz", 1_000_000),
            "bits per second" => ("bits per second", 1),
            "milliseconds" => ("milliseconds", 1),
            "seconds" => ("milliseconds", 1000),
            _ => continue,
        };
        let registry = Registry::standard();
        let Some(entry) = registry.by_name(name).filter(|entry| entry.record_type.name == name) else { continue };
        let mut record = (entry.new)();
        let index = entry.record_type.find(attribute, 0).unwrap();
        let reflect::Slot::Integer(slot) = record.get_mut(index).unwrap().slot() else { panic!("{name}/{attribute}") };
        *slot = Some(3);
        let scope =
            |units: &str, value: i64| [ValueScope::new().with(attribute, Scope::of_value(value).with_units(units))];
        assert_eq!(paths(&*record, &scope(smallest, 3 * factor)), [""; 0], "{name}/{attribute}");
        assert_eq!(paths(&*record, &scope(smallest, 3 * factor + 1)).len(), 1, "{name}/{attribute}");
        found += 1;
    }
    assert!(found >= 6, "only {found} attributes with a unit");
    println!("{found} attributes with a unit");
}

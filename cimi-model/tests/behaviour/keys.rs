//! Maps whose keys the standard names: the rows of the types of keys, in each map that has them.

use cimi_model::reflect::{Described, Record};
use cimi_model::scope::{Scope, ValueScope, check};
use cimi_model::validate::{Rule, Validation};
use cimi_model::{
    Dialect, DisasterRecoveryParameters, EthernetProtocolEndpointParameters, EthernetProtocolParameters,
    HighReliabilityDescriptor, HighReliabilityParameters, IPv4ProtocolEndpointParameters, IPv4ProtocolParameters,
    IPv6ProtocolEndpointParameters, IPv6ProtocolParameters, Map, ReadOptions, Result,
};

use super::rows::{Row, broken_at, parsed, report, strict};

const HIGH_RELIABILITY: &str = "http://schemas.dmtf.org/cimi/2/SystemService/highreliability";
const DISASTER_RECOVERY: &str = "http://schemas.dmtf.org/cimi/2/SystemService/disasterrecovery";

/// Where the keys are: the document, the structure in it, the attribute that decides and its value; and their type.
const PLACES: &[(&str, &str, &str, &str, &str)] = &[
    ("ProtocolSegment", "", "protocol", "IPv6", "IPv6ProtocolParameters"),
    ("ProtocolSegment", "", "protocol", "IPv4", "IPv4ProtocolParameters"),
    ("ProtocolSegment", "", "protocol", "Ethernet", "EthernetProtocolParameters"),
    ("ProtocolSegmentTemplate", "", "protocol", "IPv6", "IPv6ProtocolParameters"),
    ("ProtocolSegmentTemplate", "", "protocol", "IPv4", "IPv4ProtocolParameters"),
    ("ProtocolSegmentTemplate", "", "protocol", "Ethernet", "EthernetProtocolParameters"),
    ("ProtocolEndpoint", "", "protocol", "IPv6", "IPv6ProtocolEndpointParameters"),
    ("ProtocolEndpoint", "", "protocol", "IPv4", "IPv4ProtocolEndpointParameters"),
    ("ProtocolEndpoint", "", "protocol", "Ethernet", "EthernetProtocolEndpointParameters"),
    ("SystemService", "", "serviceType", HIGH_RELIABILITY, "HighReliability.parameters"),
    ("SystemService", "", "serviceType", DISASTER_RECOVERY, "DisasterRecovery.parameters"),
    ("SystemTemplate", "serviceDescriptors", "serviceType", HIGH_RELIABILITY, "highreliability"),
];

/// A key in one of the places.
struct Key {
    row: Row,
    place: &'static (&'static str, &'static str, &'static str, &'static str, &'static str),
}

impl Key {
    /// A document whose map has this member.
    fn document(&self, member: &str) -> String {
        let (root, structure, by, value, _) = self.place;
        let content = format!("\"{by}\":\"{value}\",\"parameters\":{{{member}}}");
        let content = if structure.is_empty() { content } else { format!("\"{structure}\":[{{{content}}}]") };
        format!("{{\"resourceURI\":\"{}\",{content}}}", Dialect::V2.uri(root))
    }

    fn with(&self, value: &str) -> String {
        self.document(&format!("\"{}\":{value}", self.row.name))
    }

    /// The rules that a document breaks with this key.
    fn broken(&self, text: &str, validation: &Validation<'_>) -> Vec<Rule> {
        let (root, structure, ..) = self.place;
        let structure = if structure.is_empty() { String::new() } else { format!("/{structure}[0]") };
        broken_at(&format!("/{root}{structure}/parameters['{}']", self.row.name), &self.row, text, validation)
    }

    fn breaks(&self, value: &str, rule: Rule) -> bool {
        self.broken(&self.with(value), &Validation::read()).contains(&rule)
    }
}

/// Runs a check on each key in each place and reports all that it finds.
fn each_key(check: impl Fn(&Key) -> Option<String>) {
    let of = |place: &'static (_, _, _, _, &str)| {
        let rows = parsed().into_iter().filter(|row| row.type_name == place.4);
        rows.map(move |row| Key { row, place })
    };
    let keys: Vec<Key> = PLACES.iter().flat_map(of).collect();
    assert_eq!(keys.len(), 29);
    let found = keys.iter().filter_map(|key| {
        let (root, ..) = key.place;
        Some(format!("{}.{} in {root}: {}", key.row.type_name, key.row.name, check(key)?))
    });
    report(&found.collect::<Vec<_>>());
}

/// Values, and the kinds that have them. A reference may be a string there, and an array in XML a single item.
const VALUES: &[(&str, &[&str])] = &[
    (r#""a b""#, &["string", "string[]"]),
    (r#""http://example.com/a""#, &["string", "string[]", "uri", "ref", "collection"]),
    ("1", &["integer"]),
    (r#"{"href":"http://example.com/a"}"#, &["ref", "collection", "string[]"]),
    (r#"["a b","c"]"#, &["string[]"]),
];

#[test]
fn a_key_has_values_of_its_kind() {
    each_key(|key| {
        VALUES.iter().find_map(|(value, kinds)| {
            let accepted = !key.breaks(value, Rule::Value);
            (accepted != kinds.contains(&key.row.kind)).then(|| format!("{value} is accepted: {accepted}"))
        })
    });
}

/// What the standard states for a key is demanded even where its value could be empty, but no default is.
#[test]
fn a_mandatory_key_is_missed() {
    each_key(|key| {
        let [provider, consumer, ..] = key.row.constraints;
        let text = key.document("\"another\":\"1\"");
        let [read, update] =
            [Validation::read(), Validation::update(None)].map(|way| key.broken(&text, &way).contains(&Rule::Required));
        let stated = [provider, consumer] == [true, true];
        ([read, update] != [stated, stated]).then(|| format!("missed by a consumer: {read}, a provider: {update}"))
    });
}

#[test]
fn a_key_keeps_its_range_and_vocabulary() {
    each_key(|key| {
        if key.row.kind == "string" {
            let known = key.row.values.split('|').filter(|value| *value != "-");
            let known = known.map(|value| (value, false));
            let wrong = known
                .chain([("NO-SUCH-VALUE", key.row.closed)])
                .find(|(value, broken)| key.breaks(&format!("\"{value}\""), Rule::Enumeration) != *broken);
            return wrong.map(|(value, _)| format!("{value} is not judged as the standard does"));
        }
        if key.row.kind != "integer" {
            return None;
        }
        let (least, most) = key.row.range.split_once("..").unwrap_or(("0", ""));
        let (least, most) = (least.parse().unwrap_or(0), most.parse().unwrap_or(i64::MAX));
        let tried = [Some(least), Some(most), i64::checked_sub(least, 1), i64::checked_add(most, 1)];
        let wrong = tried
            .into_iter()
            .flatten()
            .find(|value| key.breaks(&value.to_string(), Rule::Range) == (least..=most).contains(value));
        wrong.map(|value| format!("{value} is not judged as the standard does"))
    });
}

/// A unit of the keys, a larger one, and how many of the former that is.
const UNITS: &[(&str, &str, i64)] = &[
    ("bytes", "kilobytes", 1000),
    ("bits per second", "megabits per second", 1_000_000),
    ("milliseconds", "seconds", 1000),
    ("minutes", "hours", 60),
];

#[test]
fn a_key_has_the_unit_of_the_standard() {
    each_key(|key| {
        if key.row.kind != "integer" {
            return None;
        }
        let (_, structure, ..) = key.place;
        let fits = |value: i64, units: &str| {
            let scope = ValueScope::new().with(key.row.name, Scope::of_value(1).with_units(units));
            let scope = ValueScope::new().with("parameters", Scope::of_items(scope));
            let scope =
                if structure.is_empty() { scope } else { ValueScope::new().with(*structure, Scope::of_items(scope)) };
            check(strict(&key.with(&value.to_string())).record(), &[scope]).is_ok()
        };
        // Numbers without a unit are compared as they are.
        let wrong = UNITS.iter().find(|(unit, larger, factor)| match key.row.unit {
            "-" => !fits(1, larger),
            own if own == *unit => !fits(*factor, larger) || fits(1, larger),
            _ => fits(1, larger),
        });
        wrong.map(|(unit, ..)| (*unit).to_owned())
    });
}

/// The keys as a type reads them from a map, written to another.
fn through<T: Described + Record>(map: &Map) -> Result<(Map, usize)> {
    let keys = map.read_keys::<T>(&ReadOptions::strict())?.value;
    let mut written = Map::new();
    written.write_keys(&keys)?;
    Ok((written, keys.extensions().iter().count()))
}

type Through = fn(&Map) -> Result<(Map, usize)>;

const TYPES: &[(&str, Through)] = &[
    ("IPv6ProtocolParameters", through::<IPv6ProtocolParameters>),
    ("IPv4ProtocolParameters", through::<IPv4ProtocolParameters>),
    ("EthernetProtocolParameters", through::<EthernetProtocolParameters>),
    ("IPv6ProtocolEndpointParameters", through::<IPv6ProtocolEndpointParameters>),
    ("IPv4ProtocolEndpointParameters", through::<IPv4ProtocolEndpointParameters>),
    ("EthernetProtocolEndpointParameters", through::<EthernetProtocolEndpointParameters>),
    ("HighReliability.parameters", through::<HighReliabilityParameters>),
    ("DisasterRecovery.parameters", through::<DisasterRecoveryParameters>),
    ("highreliability", through::<HighReliabilityDescriptor>),
];

#[test]
fn a_type_reads_and_writes_its_keys() {
    each_key(|key| {
        let (_, through) = TYPES.iter().find(|(name, _)| *name == key.row.type_name).unwrap();
        // Not a URI that follows the dialect.
        let json = key.row.json().replace("http://example.com/a", "http://schemas.dmtf.org/cimi/1/a");
        let map: Map = [(key.row.name, serde_json::from_str::<cimi_model::Any>(&json).unwrap())].into_iter().collect();
        let right = match through(&map) {
            Ok((written, 0)) if written == map => None,
            other => Some(format!("{map:?} became {other:?}")),
        };
        let wrong: Map =
            [(key.row.name, serde_json::from_str::<cimi_model::Any>(key.row.wrong()).unwrap())].into_iter().collect();
        right.or_else(|| through(&wrong).is_ok().then(|| format!("accepted {wrong:?}")))
    });
}

//! Fills values of any type from their attribute tables, out of a string of bytes.

use cimi_model::any::{Any, Number};
use cimi_model::meta::{Attribute, Kind, Type, Wildcard};
use cimi_model::reflect::{List, Record, Slot, omitted};
use cimi_model::{Dialect, Extensions, Uri};

/// A source of decisions. When it is used up, every decision is the simplest one.
pub struct Choices<'a> {
    bytes: &'a [u8],
}

impl<'a> Choices<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(*first) % n
    }

    pub fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == one_in - 1
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// What kind of values are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Profile {
    /// Anything that can be read and written.
    Wild,
    /// What the official schema of 1.x accepts when written in dialect 1.
    Official,
    /// What conforms to the standard, with text that XML can hold.
    Strict,
}

const STRINGS: &[&str] = &[
    "x",
    "web server",
    " padded ",
    "<&>\"'",
    "]]>",
    "a\r\nb\tc",
    "ünïcödé 名前 😀",
    "\u{1}\u{FFFE}",
    "{}",
    "null",
    "1",
    "true",
    "&amp;",
    "\u{a0}",
    "\\u0041",
    "\"",
    "\n",
    "http://example.com/?a=b&c=d",
];
const PLAIN_STRINGS: &[&str] =
    &["x", "web server", " padded ", "<&>\"'", "]]>", "ünïcödé 名前 😀", "1", "true", "a\r\nb"];
const URIS: &[&str] = &["machines/1", "http://example.com/m/1", "", "#name", "urn:x:y", "a?b=c&d=%20"];
const FOLLOWING: &[&str] = &[
    "http://schemas.dmtf.org/cimi/2/action/start",
    "http://schemas.dmtf.org/cimi/2/Machine",
    "add",
    "http://schemas.dmtf.org/cimi/2/locatedVolume",
    "http://schemas.dmtf.org/cimi/2/capability/Machine/InitialStates",
    "http://example.com/own",
    "http://schemas.dmtf.org/cimi/2/NetworkInterfaceCreate",
];
const DATES: &[&str] =
    &["2012-05-25T13:30:15-05:00", "2000-02-29T00:00:00Z", "2012-05-25T13:30:15.123", "2012-05-25T24:00:00Z"];
const NUMBERS: &[&str] = &["0", "-0", "1.50", "1e400", "12345678901234567890123", "-1", "9007199254740993", "1E+2"];
const KEYS: &[&str] = &[
    "realm",
    "x-y.z",
    "{urn:v}size",
    "@{urn:v}flag",
    "1st",
    "with space",
    "",
    "a\u{1}b",
    "#text",
    "#content",
    "@plain",
    "item",
    "{urn:v}",
    "{}x",
    "@{}x",
    "{http://schemas.dmtf.org/cimi/1}old",
    "@{http://www.w3.org/XML/1998/namespace}lang",
    "{urn:x-cimi:json}own",
    "@{urn:x-cimi:json}type",
    "xmlns",
    "@xmlns",
    "Üml",
    "disk",
    "operation",
    "a:b",
    "{urn:v}a:b",
    "vscope",
];

/// A record of a type, filled.
pub fn fill(record: &mut dyn Record, choices: &mut Choices<'_>, profile: Profile, depth: usize, in_ref: bool) {
    let record_type = record.record_type();
    for (index, attribute) in record_type.attributes.iter().enumerate() {
        let must = profile == Profile::Official && attribute.v1_required && attribute.v1_alternative.is_none();
        // What the dialect does not have is an extension in it.
        let foreign = !has_extension_point(record_type) && !Dialect::V1.has(attribute.versions);
        if profile == Profile::Official && foreign {
            continue;
        }
        if !must && !choices.chance(3) {
            continue;
        }
        let Some(value) = record.get_mut(index) else { continue };
        set(value.slot(), attribute, attribute.kind, choices, profile, depth, in_ref);
        if omitted(&value.view(), attribute.kind) {
            value.clear();
            if !must && profile == Profile::Wild && choices.chance(4) {
                keep(record, attribute, choices, in_ref);
            }
        }
    }
    if profile == Profile::Official {
        official_choice(record, choices);
    }
    if profile != Profile::Official || has_extension_point(record_type) {
        extend(record, choices, profile, in_ref);
    }
}

/// What a lenient reader keeps under the name of an attribute: that it is erased, or a value of the wrong form.
fn keep(record: &mut dyn Record, attribute: &'static Attribute, choices: &mut Choices<'_>, in_ref: bool) {
    let value = match attribute.kind {
        _ if in_ref && choices.chance(2) => Any::Null,
        Kind::Integer | Kind::Boolean => choices.pick(&[any_null as fn_any, any_many])(),
        Kind::Array(Kind::String | Kind::Uri) => any_list_of_lists(),
        Kind::Array(_) | Kind::Map | Kind::Structure(_) => choices.pick(&[any_many as fn_any, any_list])(),
        _ => return,
    };
    record.extensions_mut().insert(attribute.name, value);
}

#[allow(non_camel_case_types)]
type fn_any = fn() -> Any;
fn any_null() -> Any {
    Any::Null
}
fn any_list_of_lists() -> Any {
    Any::Array(vec![any_list(), Any::from(1)])
}
fn any_many() -> Any {
    Any::from("many")
}
fn any_list() -> Any {
    Any::Array(vec![Any::from("a"), Any::from(1)])
}

fn set(
    slot: Slot<'_>,
    attribute: &Attribute,
    kind: Kind,
    choices: &mut Choices<'_>,
    profile: Profile,
    depth: usize,
    in_ref: bool,
) {
    match slot {
        Slot::Text(slot) => {
            let strings = if profile == Profile::Wild { STRINGS } else { PLAIN_STRINGS };
            let text = match kind {
                Kind::Uri if attribute.follows_dialect => choices.pick(FOLLOWING),
                Kind::Uri if in_ref && profile != Profile::Wild => "machines/1",
                Kind::Uri => choices.pick(URIS),
                Kind::DateTime => choices.pick(DATES),
                Kind::Duration => choices.pick(&["PT1H", "-P1Y2M3DT4H5M6.7S"]),
                Kind::Binary if in_ref && profile != Profile::Wild => "00ff",
                Kind::Binary => choices.pick(&["00ff", "AB", ""]),
                Kind::Enumeration(known) if attribute.closed && profile != Profile::Wild => choices.pick(known),
                Kind::Enumeration(known) if choices.chance(2) => choices.pick(known),
                _ => choices.pick(strings),
            };
            slot.put(text, false);
        }
        Slot::Integer(slot) => {
            let number = choices.pick(&[0, 1, -1, 4_194_304, i64::MAX, i64::MIN]);
            // A quantity is not negative.
            let quantity = attribute.unit.filter(|_| profile == Profile::Strict).map(|_| (0, i64::MAX));
            let range = attribute.range.or(quantity).filter(|_| profile != Profile::Wild);
            let (least, most) = range.unwrap_or((i64::MIN, i64::MAX));
            *slot = Some(number.clamp(least, most));
        }
        Slot::Boolean(slot) => *slot = Some(choices.chance(2)),
        Slot::Any(slot) if attribute.value_scopes && (profile == Profile::Official || choices.chance(2)) => {
            *slot = Some(scopes(choices, profile));
        }
        Slot::Any(slot) => *slot = Some(any(choices, profile, 2)),
        Slot::Map(map) => {
            for _ in 0..choices.below(3) {
                let keys = if profile == Profile::Wild { KEYS } else { &["key", "another key", "{x}"] };
                let free = match profile {
                    Profile::Wild => true,
                    Profile::Official => false,
                    Profile::Strict => !attribute.holds_strings(),
                };
                let value = if free && choices.chance(3) {
                    any(choices, profile, 1)
                } else {
                    Any::from(choices.pick(PLAIN_STRINGS))
                };
                map.insert(choices.pick(keys), value);
            }
        }
        Slot::List(list) => set_list(list, attribute, kind, choices, profile, depth, in_ref),
        Slot::Record(record) => fill(record, choices, profile, depth, in_ref),
        Slot::Ref(reference) => {
            // Collections whose members have no table yet are held as references to anything, which the schema is not.
            let untyped = profile == Profile::Official && reference.target().name == "Resource";
            let by_value = depth > 0 && !untyped && choices.chance(2);
            if !by_value || choices.chance(2) {
                *reference.href_mut() =
                    Some(Uri::from(choices.pick(if profile == Profile::Wild { URIS } else { &URIS[..2] })));
            }
            if by_value {
                fill(reference.record_mut(), choices, profile, depth - 1, true);
            }
        }
    }
}

fn set_list(
    list: &mut dyn List,
    attribute: &Attribute,
    kind: Kind,
    choices: &mut Choices<'_>,
    profile: Profile,
    depth: usize,
    in_ref: bool,
) {
    let Kind::Array(item) = kind else { return };
    let most = if profile == Profile::Official && attribute.v1_single { 1 } else { 3 };
    for _ in 0..choices.below(most + 1) {
        let depth = depth.saturating_sub(1);
        set(list.push(), attribute, *item, choices, profile, depth, in_ref);
    }
}

/// A value of any shape.
pub fn any(choices: &mut Choices<'_>, profile: Profile, depth: usize) -> Any {
    let strings = if profile == Profile::Wild { STRINGS } else { PLAIN_STRINGS };
    match choices.below(if depth == 0 { 5 } else { 7 }) {
        0 => Any::from(choices.pick(strings)),
        1 => Any::Null,
        2 => Any::Boolean(choices.chance(2)),
        3 => Any::Number(Number::parse(choices.pick(NUMBERS)).expect("a number")),
        4 => Any::from(""),
        5 => Any::Array((0..choices.below(4)).map(|_| any(choices, profile, depth - 1)).collect()),
        _ => (0..choices.below(4)).map(|_| (choices.pick(KEYS), any(choices, profile, depth - 1))).collect(),
    }
}

/// An array of valueScope, not all of them sensible.
pub fn scopes(choices: &mut Choices<'_>, profile: Profile) -> Any {
    Any::Array((0..=choices.below(2)).map(|_| value_scope(choices, profile, 2)).collect())
}

fn value_scope(choices: &mut Choices<'_>, profile: Profile, depth: usize) -> Any {
    (0..choices.below(4))
        .map(|_| (choices.pick(&[&["cpu", "valueScope", "value"], KEYS].concat()), scope(choices, profile, depth)))
        .collect()
}

fn scope(choices: &mut Choices<'_>, profile: Profile, depth: usize) -> Any {
    const KEYWORDS: &[&str] = &[
        "value",
        "values",
        "minimum",
        "maximum",
        "units",
        "default",
        "increment",
        "item",
        "vendor",
        "@units",
        "@note",
        "href",
        "{http://schemas.dmtf.org/cimi/2}minimum",
        "{http://schemas.dmtf.org/cimi/1}value",
    ];
    let mut members = cimi_model::Object::new();
    for _ in 0..choices.below(5) {
        let key = choices.pick(&[KEYWORDS, KEYWORDS, KEYS].concat());
        let value = match key {
            _ if choices.chance(5) => any(choices, profile, 2),
            "item" if depth > 0 => value_scope(choices, profile, depth - 1),
            "values" => {
                let texts = choices.chance(2);
                Any::Array((0..=choices.below(3)).map(|_| leaf(choices, texts)).collect())
            }
            "minimum" | "maximum" | "increment" => leaf(choices, false),
            _ => {
                let texts = choices.chance(2);
                leaf(choices, texts)
            }
        };
        members.insert(key, value);
    }
    Any::Object(members)
}

fn leaf(choices: &mut Choices<'_>, text: bool) -> Any {
    if text {
        return Any::from(choices.pick(&["ARM", "68000", "true", "", " x "]));
    }
    Any::Number(Number::parse(choices.pick(NUMBERS)).expect("a number"))
}

fn extend(record: &mut dyn Record, choices: &mut Choices<'_>, profile: Profile, in_ref: bool) {
    let record_type = record.record_type();
    for _ in 0..choices.below(3) {
        let key = if in_ref { choices.pick(KEYS) } else { choices.pick(&[KEYS, &["href"]].concat()) };
        let flat = record_type.attributes.iter().any(|attribute| attribute.v1_flat);
        // Some structures of the official schema have no wildcard for attributes.
        let closed = record_type.wildcards_in_v1().attributes == Wildcard::Nothing;
        let official = profile == Profile::Official && key.starts_with('@') && closed;
        if record_type.attribute(key).is_some() || (flat && key == "href") || official {
            continue;
        }
        let value =
            if key == "vscope" && choices.chance(2) { scopes(choices, profile) } else { any(choices, profile, 2) };
        record.extensions_mut().insert(key, value);
    }
    if choices.chance(4) && profile == Profile::Wild {
        let key = Extensions::qualified("urn:mixed", "note");
        let content = Any::Array(vec![Any::from("mixed "), [("b", "bold")].into_iter().collect(), Any::from(" text")]);
        record.extensions_mut().insert(key, [("#content", content)].into_iter().collect::<Any>());
    }
}

/// Where the official schema allows one of several alternatives, or demands one.
fn official_choice(record: &mut dyn Record, choices: &mut Choices<'_>) {
    let record_type = record.record_type();
    let in_v1 = |attribute: &Attribute| attribute.v1_alternative.filter(|_| Dialect::V1.has(attribute.versions));
    let labels: Vec<&str> = record_type.attributes.iter().filter_map(in_v1).collect();
    if labels.is_empty() {
        return;
    }
    let chosen = choices.pick(&labels);
    for (index, attribute) in record_type.attributes.iter().enumerate() {
        let (Some(label), Some(value)) = (in_v1(attribute), record.get_mut(index)) else { continue };
        value.clear();
        if label == chosen {
            match value.slot() {
                Slot::Ref(reference) => *reference.href_mut() = Some(Uri::from("templates/1")),
                slot => set(slot, attribute, attribute.kind, choices, Profile::Official, 0, false),
            }
        }
    }
}

/// Whether the official schema has a wildcard for elements in this type.
fn has_extension_point(record_type: &Type) -> bool {
    record_type.wildcards_in_v1().elements != Wildcard::Nothing
}

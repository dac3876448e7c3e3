//! Fills attributes, items and pairs.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::any::{check_key, read as read_any, read_scalar, unquote};
use super::members::read_members;
use super::read::{Misfit, Reader};
use crate::any::Any;
use crate::context::{Place, Target, clear_empty, expected, key_twice, put_text, shown};
use crate::error::Step;
use crate::extensions::Origin;
use crate::meta::{Attribute, Kind, Type};
use crate::reflect::{List, Record, Slot, TextSlot, Verdict};
use crate::scope::{NO_SCOPES, are_scopes};
use crate::spelling::keep_spelling;
use crate::value::Map;

/// Fills one attribute of a record, or keeps under its name what does not fit.
pub(super) struct AttributeSeed<'r, 't, 'v> {
    pub(super) reader: &'r mut Reader<'t>,
    pub(super) attribute: &'static Attribute,
    pub(super) index: usize,
    pub(super) record: &'v mut dyn Record,
}

impl<'de> DeserializeSeed<'de> for AttributeSeed<'_, 'de, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self { reader, attribute, index, record } = self;
        reader.context.step(|| Step::Name(attribute.name));
        let Type { any: untyped, verbatim, .. } = *record.record_type();
        let Some(value) = record.get_mut(index) else { return Err(D::Error::custom("no such attribute")) };
        let slot = value.slot();
        match (SlotSeed { reader, attribute, slot, untyped, verbatim }).deserialize(deserializer)? {
            Filled::Kept(kept) => {
                value.clear();
                record.extensions_mut().push(attribute.name, kept, Origin::Json);
            }
            Filled::Recovered(raw) => {
                clear_empty(record, index, attribute);
                keep_spelling(record, index, || read_scalar(raw));
            }
            Filled::Well if attribute.kind.can_be_empty() => clear_empty(record, index, attribute),
            Filled::Well => {}
        }
        reader.context.back();
        Ok(())
    }
}

/// How a scalar fits its place.
pub(super) enum Fit {
    /// It was put there.
    Well,
    /// It was put there, and this deviates.
    Recovered(String),
    /// The place is as it was.
    Not,
}

/// Puts a scalar, which is well-formed JSON, into a scalar place.
pub(super) fn put_scalar(attribute: &Attribute, slot: &mut Slot<'_>, raw: &str, strict: bool) -> Fit {
    let is_string = raw.starts_with('"');
    let natural = match slot {
        Slot::Text(_) => is_string,
        Slot::Integer(_) => raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()),
        _ => raw.starts_with(['t', 'f']),
    };
    let text = match slot {
        _ if is_string => unquote(raw),
        Slot::Integer(_) => Some(integral(raw).map_or_else(|| raw.into(), Into::into)),
        _ => Some(raw.into()),
    };
    let structured = raw.starts_with(['{', '[', 'n']);
    let Some(text) = text.filter(|_| !structured && (natural || !strict)) else { return Fit::Not };
    match put_text(attribute, slot, &text, strict) {
        Verdict::Conforming if natural => Fit::Well,
        Verdict::Conforming | Verdict::Recovered => Fit::Recovered(was_read(attribute, slot, &text)),
        Verdict::Refused => Fit::Not,
    }
}

/// What to say of a text that was understood although it deviates.
pub(super) fn was_read(attribute: &Attribute, slot: &Slot<'_>, text: &str) -> String {
    [shown(attribute, text).as_str(), " was read as ", expected(slot, attribute.kind)].concat()
}

/// What to say of a value that does not fit its place.
pub(super) fn does_not_fit(attribute: &Attribute, slot: &Slot<'_>, raw: &str, strict: bool) -> String {
    let expected = expected(slot, attribute.kind);
    let given = match raw.as_bytes().first() {
        Some(b'{') => "an object".to_owned(),
        Some(b'[') => "an array".to_owned(),
        _ => shown(attribute, raw),
    };
    let kept = if strict { "" } else { "; kept as it is" };
    format!("expected {expected}, found {given}{kept}")
}

/// What came of filling a place.
enum Filled<'t> {
    Well,
    /// A scalar was understood, which deviates.
    Recovered(&'t str),
    /// It does not fit.
    Kept(Any),
}

/// Fills a place. What does not fit comes back.
struct SlotSeed<'r, 't, 'v> {
    reader: &'r mut Reader<'t>,
    attribute: &'static Attribute,
    slot: Slot<'v>,
    /// Whether the record has its attributes from some of the structures that may stand in its place: others of the same
    /// name may be objects.
    untyped: bool,
    /// Whether values come out as they went in.
    verbatim: bool,
}

impl<'de> DeserializeSeed<'de> for SlotSeed<'_, 'de, '_> {
    type Value = Filled<'de>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Filled<'de>, D::Error> {
        match self.slot {
            Slot::Text(_) | Slot::Integer(_) | Slot::Boolean(_) => {
                let raw = <&RawValue>::deserialize(deserializer)?;
                self.scalar(raw.get())
            }
            Slot::Any(place) => {
                let raw = <&RawValue>::deserialize(deserializer)?;
                let value = read_any(raw.get(), &mut self.reader.context);
                let value = self.reader.check(value, raw.get())?;
                let erased = value == Any::Null && self.reader.context.overrides > 0;
                if self.attribute.value_scopes && !erased && !are_scopes(&value) {
                    self.reader.deviate(NO_SCOPES.to_owned(), raw.get())?;
                }
                *place = Some(value);
                Ok(Filled::Well)
            }
            _ => {
                let raw = <&RawValue>::deserialize(deserializer)?;
                self.container(raw.get())
            }
        }
    }
}

impl<'de> SlotSeed<'_, 'de, '_> {
    fn scalar<E: serde::de::Error>(mut self, raw: &'de str) -> Result<Filled<'de>, E> {
        match put_scalar(self.attribute, &mut self.slot, raw, self.reader.context.strict) {
            Fit::Well => return Ok(Filled::Well),
            Fit::Recovered(text) => return self.reader.deviate(text, raw).map(|()| Filled::Recovered(raw)),
            Fit::Not => {}
        }
        if let Some(href) = self.href_of(raw) {
            put_text(self.attribute, &mut self.slot, &href, false);
            return self.reader.deviate("a reference was read as a URI".to_owned(), raw).map(|()| Filled::Well);
        }
        self.keep(raw)
    }

    /// The URI in `{"href": "…"}`, which peers send for attributes of type URI.
    fn href_of(&self, raw: &str) -> Option<String> {
        if !matches!(self.attribute.kind, Kind::Uri) || self.reader.context.strict || self.verbatim {
            return None;
        }
        let members = raw.strip_prefix('{')?.trim_start().strip_prefix(r#""href""#)?.trim_start();
        let value = members.strip_prefix(':')?.strip_suffix('}')?.trim();
        serde_json::from_str(value).ok()
    }

    fn keep<E: serde::de::Error>(self, raw: &'de str) -> Result<Filled<'de>, E> {
        let erased = raw == "null" && self.reader.context.overrides > 0;
        let any = matches!(&self.slot, Slot::Record(record) if record.record_type().any);
        if !erased && !any {
            let text = does_not_fit(self.attribute, &self.slot, raw, self.reader.context.strict);
            if self.untyped && raw.starts_with(['{', '[']) {
                self.reader.misfits.push(Misfit { name: self.attribute.name, text, place: raw });
            } else {
                self.reader.deviate(text, raw)?;
            }
        }
        let value = read_any(raw, &mut self.reader.context);
        self.reader.check(value, raw).map(Filled::Kept)
    }

    /// Looks into a container whose raw text is at hand.
    fn container<E: serde::de::Error>(mut self, raw: &'de str) -> Result<Filled<'de>, E> {
        let before = self.reader.context.checkpoint();
        let opening = match self.slot {
            Slot::List(_) => '[',
            _ => '{',
        };
        let string_for_ref = matches!(self.slot, Slot::Ref(_)) && raw.starts_with('"') && !self.reader.context.strict;
        if raw.starts_with(opening) || string_for_ref {
            let mut inner = serde_json::Deserializer::from_str(raw);
            let again = SlotSeed {
                reader: self.reader,
                attribute: self.attribute,
                slot: reborrow(&mut self.slot),
                untyped: self.untyped,
                verbatim: self.verbatim,
            };
            match inner.deserialize_any(ContainerVisitor(again)) {
                Ok(()) => return Ok(Filled::Well),
                Err(error) if self.reader.failure.is_some() => {
                    self.reader.place_failure(raw, &error);
                    return Err(E::custom(error));
                }
                Err(_) => {}
            }
            self.reader.context.restore(&before);
        }
        if self.verbatim && self.attribute.pairs && raw.strip_prefix('[').is_some_and(|rest| rest.trim_start() == "]") {
            return Ok(Filled::Kept(Any::Array(Vec::new())));
        }
        if self.attribute.pairs && raw.starts_with('[') && self.pairs(raw)? {
            return Ok(Filled::Well);
        }
        if self.only_item(raw) {
            return self.reader.deviate("a single value was read as an array".to_owned(), raw).map(|()| Filled::Well);
        }
        self.keep(raw)
    }

    /// Takes an array of objects that have a `key` and a `value` as the map that it stands for.
    fn pairs<E: serde::de::Error>(&mut self, raw: &str) -> Result<bool, E> {
        let before = self.reader.context.checkpoint();
        let value = read_any(raw, &mut self.reader.context);
        let value = self.reader.check(value, raw)?;
        let (Any::Array(items), Slot::Map(map)) = (value, &mut self.slot) else { return Ok(false) };
        for item in items {
            match (item.get("key"), item.get("value"), &item) {
                (Some(Any::String(key)), Some(value), Any::Object(members)) if members.len() == 2 => {
                    let result = check_key(key, &self.reader.context);
                    self.reader.check(result, raw)?;
                    map.push(key.as_str(), value.clone());
                }
                _ => {
                    self.reader.context.restore(&before);
                    return Ok(false);
                }
            }
        }
        match map.duplicate() {
            Some(key) => {
                let error = key_twice(&self.reader.context, key);
                Err(self.reader.fail(error, Some(raw)))
            }
            None => Ok(true),
        }
    }

    /// Takes a string as the one item of an array of strings, as peers send it.
    fn only_item(&mut self, raw: &str) -> bool {
        let Kind::Array(item) = self.attribute.kind else { return false };
        let may_be = item.is_scalar() && !self.reader.context.strict && !self.verbatim;
        let text = if may_be { unquote(raw) } else { None };
        let (Some(text), Slot::List(list)) = (text, &mut self.slot) else { return false };
        if put_text(self.attribute, &mut list.push(), &text, false) == Verdict::Refused {
            list.pop();
            return false;
        }
        true
    }
}

fn reborrow<'a>(slot: &'a mut Slot<'_>) -> Slot<'a> {
    match slot {
        Slot::Text(slot) => Slot::Text(&mut **slot),
        Slot::Integer(slot) => Slot::Integer(slot),
        Slot::Boolean(slot) => Slot::Boolean(slot),
        Slot::Ref(slot) => Slot::Ref(&mut **slot),
        Slot::Record(slot) => Slot::Record(&mut **slot),
        Slot::Map(slot) => Slot::Map(slot),
        Slot::List(slot) => Slot::List(&mut **slot),
        Slot::Any(slot) => Slot::Any(slot),
    }
}

/// The digits of a number with a fraction or an exponent, if it is an integer: to JSON, `2.0` and `2` are one number.
pub(crate) fn integral(raw: &str) -> Option<String> {
    /// More than any integer of 64 bits has.
    const DIGITS: usize = 20;
    if !raw.contains(['.', 'e', 'E']) {
        return None;
    }
    let mantissa_end = raw.find(['e', 'E']).unwrap_or(raw.len());
    let (mantissa, exponent) = raw.split_at_checked(mantissa_end)?;
    let exponent: i64 = if exponent.is_empty() { 0 } else { exponent.get(1..)?.parse().ok()? };
    let (sign, digits) = mantissa.strip_prefix('-').map_or(("", mantissa), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.trim_end_matches('0');
    let zeros = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    let all = format!("{whole}{fraction}");
    let all = match usize::try_from(zeros) {
        Ok(zeros) if zeros <= DIGITS => format!("{all}{}", "0".repeat(zeros)),
        Ok(_) => return None,
        // What is shifted behind the point has to be zeros.
        Err(_) => {
            let shift = usize::try_from(zeros.checked_neg()?).ok()?;
            let (kept, dropped) = all.split_at_checked(all.len().checked_sub(shift)?)?;
            dropped.bytes().all(|digit| digit == b'0').then(|| kept.to_owned())?
        }
    };
    let all = all.trim_start_matches('0');
    Some(if all.is_empty() { "0".to_owned() } else { format!("{sign}{all}") })
}

/// Fills a container. A value of the wrong form is an error here: reading it again as raw text can keep it.
struct ContainerVisitor<'r, 't, 'v>(SlotSeed<'r, 't, 'v>);

impl<'de> Visitor<'de> for ContainerVisitor<'_, 'de, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(expected(&self.0.slot, self.0.attribute.kind))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let SlotSeed { reader, slot, attribute, .. } = self.0;
        match slot {
            Slot::Record(record) => read_members(map, reader, &mut Target::Record(record), false),
            Slot::Ref(reference) => read_members(map, reader, &mut Target::Ref(reference), false),
            Slot::Map(pairs) => read_map(&mut map, reader, attribute, pairs),
            _ => Err(A::Error::custom("expected an array, found an object")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let SlotSeed { reader, slot, attribute, verbatim, .. } = self.0;
        let Slot::List(list) = slot else {
            return Err(A::Error::custom("expected an object, found an array"));
        };
        reader.context.enter().map_err(|error| reader.fail(error, None))?;
        let mut index = 0;
        while seq.next_element_seed(ItemSeed { reader, attribute, list, index, verbatim })?.is_some() {
            index += 1;
        }
        reader.context.leave();
        Ok(())
    }

    /// A reference written as a bare URI.
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        let SlotSeed { reader, slot, .. } = self.0;
        match slot {
            Slot::Ref(reference) if !reader.context.strict => {
                reference.href_mut().put(text, false);
                let result = reader.context.deviate("a URI was read as a reference", Place::Unknown);
                result.map_err(|error| reader.fail(error, None))
            }
            _ => Err(E::custom("expected a container, found a string")),
        }
    }
}

fn read_map<'de, A: MapAccess<'de>>(
    map: &mut A,
    reader: &mut Reader<'de>,
    attribute: &'static Attribute,
    pairs: &mut Map,
) -> Result<(), A::Error> {
    reader.context.enter().map_err(|error| reader.fail(error, None))?;
    while let Some(key) = map.next_key::<String>()? {
        let raw: &RawValue = map.next_value()?;
        let raw = raw.get();
        let result = check_key(&key, &reader.context);
        reader.check(result, raw)?;
        reader.context.step(|| Step::Key(key.clone()));
        let value = read_any(raw, &mut reader.context);
        let value = reader.check(value, raw)?;
        if attribute.holds_strings() && value.as_str().is_none() {
            reader.deviate("the value is not a string".to_owned(), raw)?;
        }
        reader.context.back();
        pairs.push(reader.context.keys.key(&key), value);
    }
    if let Some(key) = pairs.duplicate() {
        let error = key_twice(&reader.context, key);
        return Err(reader.fail(error, None));
    }
    reader.context.leave();
    Ok(())
}

struct ItemSeed<'r, 't, 'v> {
    reader: &'r mut Reader<'t>,
    attribute: &'static Attribute,
    list: &'v mut dyn List,
    index: usize,
    verbatim: bool,
}

impl<'de> DeserializeSeed<'de> for ItemSeed<'_, 'de, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self { reader, attribute, list, index, verbatim } = self;
        reader.context.count().map_err(|error| reader.fail(error, None))?;
        reader.context.step(|| Step::Index(index));
        let slot = list.push();
        let filled = SlotSeed { reader, attribute, slot, untyped: false, verbatim }.deserialize(deserializer)?;
        reader.context.back();
        // One item that does not fit makes the array be kept as a whole; a number that would become a text does, too.
        let fits = match filled {
            Filled::Well => true,
            Filled::Recovered(raw) => !verbatim || raw.starts_with('"'),
            Filled::Kept(_) => false,
        };
        if fits { Ok(()) } else { Err(D::Error::custom("an item of the wrong form")) }
    }
}

#[cfg(test)]
mod tests {
    use super::integral;

    #[test]
    fn integers_with_fractions_and_exponents() {
        for (raw, expected) in [
            ("2.0", Some("2")),
            ("-2.50e1", Some("-25")),
            ("1e3", Some("1000")),
            ("9007199254740993.0", Some("9007199254740993")),
            ("9.223372036854775807E+18", Some("9223372036854775807")),
            ("1200e-2", Some("12")),
            ("0.0", Some("0")),
            ("-0e5", Some("0")),
            ("2.5", None),
            ("125e-2", None),
            ("1e400", None),
            ("1e-400", None),
            ("1e99999999999999999999", None),
            ("12", None),
            ("true", None),
            ("{\"a\": 1.0}", None),
        ] {
            assert_eq!(integral(raw).as_deref(), expected, "{raw}");
        }
    }
}

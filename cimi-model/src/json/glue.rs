//! Records as a part of other people's serde types.

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::write::Document;
use crate::Dialect;
use crate::any::{Any, Number};
use crate::context::ReadOptions;
use crate::object::Object;
use crate::reflect::{Described, Record};

/// Serializes a record as 2.0 has it: what `Serialize` of every record does.
///
/// # Errors
/// When the serializer fails.
pub fn serialize<S: Serializer>(record: &dyn Record, serializer: S) -> Result<S::Ok, S::Error> {
    let dialect = record.record_type().written_in(Dialect::V2);
    Document { record, dialect }.serialize(serializer)
}

/// Deserializes a record leniently: what `Deserialize` of every record does.
///
/// It goes through [`Any`], for other formats have no raw text. [`from_slice`](super::from_slice) is faster, keeps the
/// source text of every number and reports deviations.
///
/// # Errors
/// When the deserializer fails, or the value names another type.
pub fn deserialize<'de, T: Described, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let value = Any::deserialize(deserializer)?;
    let text = serde_json::to_vec(&value).map_err(D::Error::custom)?;
    match super::from_slice(&text, &ReadOptions::default()) {
        Ok(parsed) => Ok(parsed.value),
        // The location would be one in a text that nobody has seen.
        Err(error) => Err(D::Error::custom(format_args!("{}: {}", error.path(), error.reason()))),
    }
}

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyVisitor)
    }
}

struct AnyVisitor;

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = Any;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any value")
    }
    fn visit_unit<E>(self) -> Result<Any, E> {
        Ok(Any::Null)
    }
    fn visit_none<E>(self) -> Result<Any, E> {
        Ok(Any::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Any, D::Error> {
        Any::deserialize(deserializer)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Any, E> {
        Ok(Any::Boolean(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Any, E> {
        Ok(Any::from(value))
    }
    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Any, E> {
        number(&value.to_string())
    }
    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Any, E> {
        number(&serde_json::to_string(&value).map_err(E::custom)?)
    }
    fn visit_str<E>(self, text: &str) -> Result<Any, E> {
        Ok(Any::from(text))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Any, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Any::Array(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Any, A::Error> {
        let mut members = Object::new();
        while let Some((key, value)) = map.next_entry::<String, Any>()? {
            members.push(key, value);
        }
        if members.duplicate().is_some() {
            return Err(A::Error::custom("a member occurs twice"));
        }
        Ok(Any::Object(members))
    }
}

fn number<E: serde::de::Error>(text: &str) -> Result<Any, E> {
    Number::parse(text).map(Any::Number).ok_or_else(|| E::custom("not a number of JSON"))
}

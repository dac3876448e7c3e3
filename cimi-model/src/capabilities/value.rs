//! The values of capabilities as they come from JSON and XML.

use super::CapabilityKind;
use crate::Capability;
use crate::any::Any;

/// A type of value that a capability has: `bool`, `i64`, `String` or `Vec<String>`.
pub trait CapabilityValue: Sized {
    /// The kind of value.
    const KIND: CapabilityKind;
    /// What is said where the capability may be absent.
    type Answer;
    /// The value of a capability that is there; XML has text for all of them.
    fn read(stated: &Capability) -> Option<Self>;
    /// What an absent capability means.
    fn answer(value: Option<Self>) -> Self::Answer;
    /// The value as metadata has it.
    fn into_any(self) -> Any;
}

impl CapabilityValue for bool {
    const KIND: CapabilityKind = CapabilityKind::Boolean;
    type Answer = Self;

    fn read(stated: &Capability) -> Option<Self> {
        match &stated.value {
            None => Some(true),
            Some(Any::Boolean(value)) => Some(*value),
            Some(Any::String(text)) => match text.trim() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }
    fn answer(value: Option<Self>) -> Self {
        value.unwrap_or_default()
    }
    fn into_any(self) -> Any {
        self.into()
    }
}

impl CapabilityValue for i64 {
    const KIND: CapabilityKind = CapabilityKind::Integer;
    type Answer = Option<Self>;

    fn read(stated: &Capability) -> Option<Self> {
        match stated.value.as_ref()? {
            Any::Number(number) => number.as_i64(),
            Any::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
    fn answer(value: Option<Self>) -> Option<Self> {
        value
    }
    fn into_any(self) -> Any {
        self.into()
    }
}

impl CapabilityValue for String {
    const KIND: CapabilityKind = CapabilityKind::String;
    type Answer = Option<Self>;

    fn read(stated: &Capability) -> Option<Self> {
        text(stated.value.as_ref()?)
    }
    fn answer(value: Option<Self>) -> Option<Self> {
        value
    }
    fn into_any(self) -> Any {
        self.into()
    }
}

impl CapabilityValue for Vec<String> {
    const KIND: CapabilityKind = CapabilityKind::List;
    type Answer = Option<Self>;

    /// An array, text with commas or white space between the items, or elements of one name.
    fn read(stated: &Capability) -> Option<Self> {
        let mut elements = stated.extensions.iter();
        match (&stated.value, elements.next(), elements.next()) {
            (Some(Any::Array(items)), ..) => items.iter().map(text).collect(),
            (Some(Any::String(text)), ..) => {
                let items = text.split(|c: char| c == ',' || c.is_whitespace());
                Some(items.filter(|item| !item.is_empty()).map(str::to_owned).collect())
            }
            (None, Some(element), None) => match element.value() {
                Any::Array(items) => items.iter().map(text).collect(),
                item => text(item).map(|item| vec![item]),
            },
            _ => None,
        }
    }
    fn answer(value: Option<Self>) -> Option<Self> {
        value
    }
    fn into_any(self) -> Any {
        Any::Array(self.into_iter().map(Any::from).collect())
    }
}

fn text(value: &Any) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

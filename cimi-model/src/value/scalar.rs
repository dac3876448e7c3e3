//! Kinds that are written as text.

use crate::error::{Error, ErrorKind, Result, printable};
use crate::meta::Kind;
use crate::reflect::{Item, Shape, Single, Slot, TextSlot, Verdict, View};

/// A type that is written as one piece of text.
///
/// Implement it for a text type of your own and it can stand in the tables of the macros; with a `Default`, in arrays too.
pub trait Scalar: Sized + 'static {
    /// The kind in tables.
    const KIND: Kind;
    /// What is expected, for messages: `an xs:dateTime`.
    const EXPECTED: &'static str;
    /// The value of a conforming text.
    fn parse(text: &str) -> Option<Self>;
    /// Whether [`parse`](Self::parse) takes the text; the same without a value, which may be faster.
    #[must_use]
    fn is_conforming(text: &str) -> bool {
        Self::parse(text).is_some()
    }
    /// The value of a text that does not conform but can be understood.
    #[must_use]
    fn recover(text: &str) -> Option<Self> {
        Self::parse(text.trim())
    }
    /// The text.
    fn as_str(&self) -> &str;
}

/// The value of a conforming text, for `str::parse`.
pub(super) fn parsed<T: Scalar>(text: &str) -> Result<T> {
    T::parse(text).ok_or_else(|| Error::new(ErrorKind::Value, format!("'{}' is not {}", printable(text), T::EXPECTED)))
}

impl<T: Scalar> Shape for T {
    const KIND: Kind = T::KIND;
}

impl<T: Scalar> Single for T {
    fn view(&self) -> View<'_> {
        View::Text(self.as_str())
    }
    fn slot(option: &mut Option<Self>) -> Slot<'_> {
        Slot::Text(option)
    }
}

impl<T: Scalar> TextSlot for Option<T> {
    fn put(&mut self, text: &str, strict: bool) -> Verdict {
        put(text, strict, |value| *self = Some(value))
    }
    fn expected(&self) -> &'static str {
        T::EXPECTED
    }
}

fn put<T: Scalar>(text: &str, strict: bool, store: impl FnOnce(T)) -> Verdict {
    let (value, verdict) = match T::parse(text) {
        Some(value) => (Some(value), Verdict::Conforming),
        None if strict => (None, Verdict::Refused),
        None => (T::recover(text), Verdict::Recovered),
    };
    match value {
        Some(value) => {
            store(value);
            verdict
        }
        None => Verdict::Refused,
    }
}

impl<T: Scalar + Default> TextSlot for T {
    fn put(&mut self, text: &str, strict: bool) -> Verdict {
        put(text, strict, |value| *self = value)
    }
    fn expected(&self) -> &'static str {
        T::EXPECTED
    }
}

/// A scalar with a default can stand in arrays.
impl<T: Scalar + Default> Item for T {
    fn view(&self) -> View<'_> {
        View::Text(self.as_str())
    }
    fn slot(&mut self) -> Slot<'_> {
        Slot::Text(self)
    }
}

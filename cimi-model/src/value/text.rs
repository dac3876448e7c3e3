//! Strings and secrets.

use std::fmt;

use super::Scalar;
use crate::meta::Kind;

impl Scalar for String {
    const KIND: Kind = Kind::String;
    const EXPECTED: &'static str = "a string";
    fn parse(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
    fn as_str(&self) -> &str {
        self
    }
}

/// A string that `Debug` does not show, for passwords.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl Scalar for Secret {
    const KIND: Kind = Kind::String;
    const EXPECTED: &'static str = "a string";
    fn parse(text: &str) -> Option<Self> {
        Some(Self(text.to_owned()))
    }
    fn as_str(&self) -> &str {
        &self.0
    }
}

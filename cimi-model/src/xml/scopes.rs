//! valueScope in XML (5.5.14), both ways.
//!
//! ```xml
//! <vscope>
//!   <valueScope>
//!     <memory> <minimum>4</minimum> <maximum>32</maximum> <units>gibibytes</units> </memory>
//!     <cpuArch> <value>ARM</value> <value>x86_64</value> <default>ARM</default> </cpuArch>
//!   </valueScope>
//! </vscope>
//! ```
//!
//! This is what an array (5.5.11) of the structures of 5.5.14 comes to. The pseudo-schema of 5.11 can also be read as
//! one scope straight in `vscope`, and peers of 1.x repeat what is an array; both are read.
//!
//! The text of a bound is a number where it can be. The values and the default of one scope are all numbers, all
//! booleans or else all strings. As in [`any`](super::any), the writer uses these plain forms only where the reader makes
//! the same of them.

use crate::any::{Any, Number};

/// The element of one valueScope in the array.
pub(super) const ITEM: &str = "valueScope";

pub(super) fn is_bound(name: &str) -> bool {
    matches!(name, "minimum" | "maximum" | "increment")
}

/// What the texts of the values of a scope are.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Texts {
    Numbers,
    Booleans,
    Strings,
}

impl Texts {
    pub(super) fn of(texts: &[&str]) -> Self {
        match () {
            () if texts.iter().all(|text| Number::parse(text).is_some()) => Self::Numbers,
            () if texts.iter().all(|text| matches!(*text, "true" | "false")) => Self::Booleans,
            () => Self::Strings,
        }
    }

    pub(super) fn value(self, text: &str) -> Any {
        let string = || Any::from(text);
        match self {
            Self::Numbers => Number::parse(text).map_or_else(string, Any::Number),
            Self::Booleans => Any::Boolean(text == "true"),
            Self::Strings => string(),
        }
    }
}

//! What both readers share: options, the path, deviations and limits.

use std::borrow::Cow;

use crate::dialect::canonical;
use crate::error::{Path, Step};
use crate::meta::{Attribute, Kind};
use crate::reflect::{Slot, Verdict};
use crate::{Deviation, Dialect, Error, ErrorKind, Limits, Location, Result};

/// How a document is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct ReadOptions {
    /// Refuse what deviates from the standard. By default it is tolerated, kept and reported (5.3).
    pub strict: bool,
    /// Bounds on the document.
    pub limits: Limits,
}

impl ReadOptions {
    /// Options that refuse every deviation.
    #[must_use]
    pub fn strict() -> Self {
        Self { strict: true, ..Self::default() }
    }
}

/// What was read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Parsed<T> {
    /// The value.
    pub value: T,
    /// What deviated from the standard and was tolerated.
    pub deviations: Vec<Deviation>,
    /// How many further deviations there were beyond [`Limits::deviations`].
    pub more_deviations: usize,
    /// The dialect of the document, if it says so.
    pub dialect: Option<Dialect>,
}

impl<T> Parsed<T> {
    pub(crate) fn map<U>(self, f: impl FnOnce(T) -> U) -> Parsed<U> {
        Parsed {
            value: f(self.value),
            deviations: self.deviations,
            more_deviations: self.more_deviations,
            dialect: self.dialect,
        }
    }
}

/// The state of one reading.
pub(crate) struct Context {
    pub(crate) strict: bool,
    pub(crate) limits: Limits,
    pub(crate) path: Path,
    pub(crate) deviations: Vec<Deviation>,
    pub(crate) more_deviations: usize,
    pub(crate) dialect: Option<Dialect>,
    pub(crate) depth: usize,
    pub(crate) elements: usize,
    /// How many references the current value is inside of: there, an empty element erases (4.2.1.1).
    pub(crate) overrides: usize,
    /// Whether the path is kept, and deviations reported. A first reading in haste does neither: it stops at whatever
    /// needs them, and the document is read again.
    pub(crate) careful: bool,
}

impl Context {
    pub(crate) fn new(options: &ReadOptions) -> Self {
        Self {
            strict: options.strict,
            limits: options.limits,
            path: Path::default(),
            deviations: Vec::new(),
            more_deviations: 0,
            dialect: None,
            depth: 0,
            elements: 0,
            overrides: 0,
            careful: true,
        }
    }

    pub(crate) fn finish<T>(self, value: T) -> Parsed<T> {
        let Self { deviations, more_deviations, dialect, .. } = self;
        Parsed { value, deviations, more_deviations, dialect }
    }

    /// An error at the current path.
    pub(crate) fn error(&self, kind: ErrorKind, reason: impl Into<String>) -> Error {
        Error::new(kind, reason).at_path(self.path.to_string())
    }

    /// Reports a deviation, or refuses it when reading strictly.
    pub(crate) fn deviate(
        &mut self,
        text: impl Into<String>,
        location: impl FnOnce() -> Option<Location>,
    ) -> Result<()> {
        if self.strict || !self.careful {
            let error = self.error(ErrorKind::Value, text);
            return Err(match location() {
                Some(location) => error.at(location),
                None => error,
            });
        }
        if self.deviations.len() < self.limits.deviations {
            let path = self.path.to_string();
            self.deviations.push(Deviation { path, text: text.into(), location: location() });
        } else {
            self.more_deviations += 1;
        }
        Ok(())
    }

    /// Counts one element, member or item.
    pub(crate) fn count(&mut self) -> Result<()> {
        self.elements += 1;
        if self.elements > self.limits.elements {
            let reason = format!("more than {} elements", self.limits.elements);
            return Err(self.error(ErrorKind::Limit, reason));
        }
        Ok(())
    }

    /// Enters an object or array.
    pub(crate) fn enter(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > self.limits.depth {
            let reason = format!("nested deeper than {} levels", self.limits.depth);
            return Err(self.error(ErrorKind::Limit, reason));
        }
        Ok(())
    }

    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Goes one step down the path.
    pub(crate) fn step(&mut self, step: impl FnOnce() -> Step) {
        if self.careful {
            self.path.push(step());
        }
    }

    /// Goes one step back.
    pub(crate) fn back(&mut self) {
        if self.careful {
            self.path.pop();
        }
    }

    /// Does something one step down.
    pub(crate) fn at<R>(&mut self, step: impl FnOnce() -> Step, f: impl FnOnce(&mut Self) -> R) -> R {
        self.step(step);
        let result = f(self);
        self.back();
        result
    }
}

/// Puts a text into a scalar place. `number` says that the text came as a number, `literal` as a boolean.
pub(crate) fn put_text(attribute: &Attribute, slot: &mut Slot<'_>, text: &str, strict: bool) -> Verdict {
    match slot {
        Slot::Text(slot) => {
            let text = if attribute.follows_dialect { canonical(text) } else { Cow::Borrowed(text) };
            slot.put(&text, strict)
        }
        Slot::Integer(slot) => match integer(text) {
            Some((value, verdict)) if !strict || verdict == Verdict::Conforming => {
                **slot = Some(value);
                verdict
            }
            _ => Verdict::Refused,
        },
        Slot::Boolean(slot) => {
            let value = match text.trim() {
                "true" => true,
                "false" => false,
                _ => return Verdict::Refused,
            };
            let verdict = if text.trim().len() == text.len() { Verdict::Conforming } else { Verdict::Recovered };
            if strict && verdict != Verdict::Conforming {
                return Verdict::Refused;
            }
            **slot = Some(value);
            verdict
        }
        _ => Verdict::Refused,
    }
}

/// The integer of an xs:integer, which may have a sign and leading zeros; white space around it is a deviation.
fn integer(text: &str) -> Option<(i64, Verdict)> {
    let trimmed = text.trim();
    let value = trimmed.parse().ok()?;
    Some((value, if trimmed.len() == text.len() { Verdict::Conforming } else { Verdict::Recovered }))
}

/// What an attribute of this kind expects, for messages.
pub(crate) fn expected(slot: &Slot<'_>, kind: Kind) -> &'static str {
    match slot {
        Slot::Text(slot) => slot.expected(),
        Slot::Integer(_) => "an integer of 64 bits",
        Slot::Boolean(_) => "true or false",
        Slot::Ref(_) => "a reference",
        Slot::Record(_) => "a structure",
        Slot::Map(_) => "a map",
        Slot::List(_) => "an array",
        Slot::Any(_) => match kind {
            Kind::Any => "any value",
            _ => "a value",
        },
    }
}

/// A short form of a bad value for messages, or a placeholder for a secret.
pub(crate) fn shown(attribute: &Attribute, text: &str) -> String {
    if attribute.secret { "a secret".to_owned() } else { format!("'{}'", crate::error::printable(text)) }
}

/// Which attributes of a record have been read, to find those that occur twice.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    attributes: [u64; 4],
}

impl Seen {
    /// Whether this is the first time.
    pub(crate) fn first(&mut self, index: usize) -> bool {
        // No table comes near this bound; a test says so.
        let Some(word) = self.attributes.get_mut(index / 64) else { return true };
        let bit = 1 << (index % 64);
        std::mem::replace(word, *word | bit) & bit == 0
    }
}

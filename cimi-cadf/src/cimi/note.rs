//! What a conversion reports.

use std::fmt;

use cimi_model::{DateTime, Dialect, Object, Scalar};

/// What came of a conversion.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Converted<T> {
    /// The result.
    pub value: T,
    /// What it does not say just as the source did. What no note is about was kept exactly.
    pub notes: Vec<Note>,
}

impl<T> Converted<T> {
    /// A result of which nothing is to be said.
    pub(super) const fn exact(value: T) -> Self {
        Self { value, notes: Vec::new() }
    }
}

/// What became of one attribute. `Display` prints `PATH: text (fate)`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note {
    /// Which one: `/Event/content/previous`, `/event/severity`.
    pub path: String,
    /// What became of it.
    pub fate: Fate,
    /// The same in a line. Values do not appear in it.
    pub text: String,
}

impl Note {
    pub(super) fn edited(path: impl Into<String>) -> Self {
        Self::new(path, Fate::Edited, "it was edited in the event, which counts more than the attachment")
    }

    /// Of what an attachment keeps.
    pub(super) fn attached(path: impl Into<String>) -> Self {
        Self::new(path, Fate::Aside, "CADF has no place for it; the attachment keeps it")
    }

    pub(super) fn new(path: impl Into<String>, fate: Fate, text: impl Into<String>) -> Self {
        Self { path: path.into(), fate, text: text.into() }
    }

    /// The note with another beginning of its path, if it has this one.
    pub(super) fn moved(mut self, from: &str, to: &str) -> Self {
        if let Some(rest) = self.path.strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with('/')) {
            self.path = format!("{to}{rest}");
        }
        self
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.path, self.text, self.fate)
    }
}

/// What became of an attribute in a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fate {
    /// The result says it less exactly, or only that something of the kind was there.
    Approximate,
    /// The result has no place for it; it is kept in an attachment, an extension or the content.
    Aside,
    /// The source does not say it, and the result has to.
    Supplied,
    /// It was edited after an earlier conversion, and counts more than what that had kept.
    Edited,
    /// Two statements of the source differ.
    Contradicted,
    /// It is not kept.
    Dropped,
}

impl Fate {
    /// The name in lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approximate => "approximate",
            Self::Aside => "aside",
            Self::Supplied => "supplied",
            Self::Edited => "edited",
            Self::Contradicted => "contradicted",
            Self::Dropped => "dropped",
        }
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Notes of where what the result says by itself differs from what the source said.
pub(super) fn differences(source: &Object, said: &Object, path: &str) -> Vec<Note> {
    let mut notes = Vec::new();
    for (key, value) in source.iter().filter(|(key, _)| *key != "resourceURI") {
        let path = format!("{path}/{}", cimi_model::printable(key));
        match (value, said.get(key)) {
            (_, None) => notes.push(Note::attached(path)),
            (value, Some(other)) if value == other || is_same_instant(value.as_str(), other.as_str()) => {}
            (cimi_model::Any::Object(value), Some(cimi_model::Any::Object(other))) => {
                notes.extend(differences(value, other, &path));
            }
            _ => notes.push(Note::new(path, Fate::Approximate, "CADF has it in other words; the attachment keeps it")),
        }
    }
    for (key, _) in said.iter().filter(|(key, _)| source.get(key).is_none()) {
        let path = format!("{path}/{}", cimi_model::printable(key));
        notes.push(Note::new(path, Fate::Supplied, "CADF demands what the source does not say"));
    }
    notes
}

fn is_same_instant(one: Option<&str>, other: Option<&str>) -> bool {
    let instant = |text: Option<&str>| <DateTime as Scalar>::parse(text?)?.instant();
    instant(one).is_some_and(|one| Some(one) == instant(other))
}

/// The dialect whose names notes use.
pub(super) const NAMES: Dialect = Dialect::V2;

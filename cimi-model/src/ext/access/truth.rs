//! What can be said of a condition: that it holds, that it does not, or neither.

use crate::printable;

/// Kleene's logic of three values: what cannot be decided decides nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    No,
    Unknown,
    Yes,
}

impl Truth {
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    pub(super) fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }

    /// Whether any holds, as far as that has to be known.
    pub(super) fn any(all: impl IntoIterator<Item = Self>) -> Self {
        let mut found = Self::No;
        for one in all {
            found = found.or(one);
            if found == Self::Yes {
                break;
            }
        }
        found
    }

    /// Whether all hold, as far as that has to be known.
    pub(super) fn all(all: impl IntoIterator<Item = Self>) -> Self {
        Self::any(all.into_iter().map(Self::not)).not()
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}

/// What was not understood on the way to a decision, each thing once.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    texts: Vec<String>,
}

/// A policy of which more is not understood is not told more of.
const MOST_NOTES: usize = 32;

impl Notes {
    pub(super) fn add(&mut self, text: impl FnOnce() -> String) {
        if self.texts.len() < MOST_NOTES {
            let text = text();
            if !self.texts.contains(&text) {
                self.texts.push(text);
            }
        }
    }

    /// Says that something is not known, and that nothing follows from it.
    pub(super) fn unknown(&mut self, what: &str, name: &str) -> Truth {
        self.add(|| format!("{what} '{}' is not known", printable(name)));
        Truth::Unknown
    }

    pub(super) fn into_texts(self) -> Vec<String> {
        self.texts
    }
}

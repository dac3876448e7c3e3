//! Texts that are mostly short.

use std::hash::{Hash, Hasher};

/// A text that has a place on the heap only where it is longer than usual.
#[derive(Clone)]
pub(super) enum Short {
    /// Bytes of UTF-8 from the beginning, as many as this.
    Within(u8, [u8; WITHIN]),
    /// A longer text.
    Beyond(Box<str>),
}

/// Enough for a point in time to the microsecond with an offset.
const WITHIN: usize = 30;

impl Short {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Within(length, bytes) => {
                let text = bytes.get(..usize::from(*length)).map(str::from_utf8);
                // It was copied from a text.
                text.and_then(Result::ok).unwrap_or_default()
            }
            Self::Beyond(text) => text,
        }
    }
}

impl From<&str> for Short {
    fn from(text: &str) -> Self {
        let mut bytes = [0; WITHIN];
        match (u8::try_from(text.len()), bytes.get_mut(..text.len())) {
            (Ok(length), Some(place)) => {
                place.copy_from_slice(text.as_bytes());
                Self::Within(length, bytes)
            }
            _ => Self::Beyond(text.into()),
        }
    }
}

impl PartialEq for Short {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Short {}

impl Hash for Short {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_any_length_are_kept() {
        for length in 0..=2 * WITHIN {
            let text: String = "2026-é".chars().cycle().take(length).collect();
            let short = Short::from(&*text);
            assert_eq!(short.as_str(), text);
            assert_eq!(matches!(short, Short::Within(..)), text.len() <= WITHIN);
        }
    }
}

//! Names of extensions, pairs and members: a document has few, and each of them many times.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A name. Copies share its text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(Arc<str>);

impl Deref for Key {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Key {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.0.as_ref().to_owned()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How many names are remembered: most documents have fewer.
const PLACES: usize = 16;

/// The names that one reading has met last, each at the only place that it can have.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    places: [Option<Key>; PLACES],
}

impl Keys {
    /// The key of a name: the same one as the last time, if it is still there.
    pub(crate) fn key(&mut self, name: &str) -> Key {
        let bytes = name.as_bytes();
        let end = bytes.last_chunk().map_or(0, |end| u16::from_le_bytes(*end));
        let place = usize::from(end ^ (end >> 8)).wrapping_add(bytes.len()) % PLACES;
        let Some(kept) = self.places.get_mut(place) else { return name.into() };
        match kept {
            Some(key) if **key == *name => key.clone(),
            _ => kept.insert(name.into()).clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_come_again_are_shared() {
        let mut keys = Keys::default();
        for name in ["owner", "", "x", "{http://example.com/v}zone", "é"] {
            let (first, second) = (keys.key(name), keys.key(name));
            assert_eq!(&*first, name);
            assert!(Arc::ptr_eq(&first.0, &second.0), "{name}");
        }
        for number in (0..200).chain(0..200) {
            assert_eq!(&*keys.key(&number.to_string()), number.to_string());
        }
    }
}

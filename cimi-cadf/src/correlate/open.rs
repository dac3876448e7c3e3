//! The events without another half, as many as memory is granted for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{CorrelationOptions, Half, Link};
use crate::{Event, Identifier, Path, Tag};

/// As many tags of an event count.
const MOST_TAGS: usize = 8;

/// What another event may have in common with one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Id(Identifier),
    TagAndAction(Tag, Option<Path>),
    Tag(Tag),
    Parties(Identifier, Identifier, Path),
}

impl Key {
    /// The keys of an event, the strongest first.
    pub(super) fn all(event: &Event, half: &Half, options: &CorrelationOptions) -> Vec<Self> {
        let tags = || event.tags.iter().filter(|tag| names_an_action(tag, &options.tags)).take(MOST_TAGS).cloned();
        let mut keys: Vec<_> = half.id.iter().filter(|id| !id.as_str().is_empty()).cloned().map(Self::Id).collect();
        keys.extend(tags().map(|tag| Self::TagAndAction(tag, half.action.clone())));
        keys.extend(tags().map(Self::Tag));
        if let (true, Some(initiator), Some(target), Some(action)) =
            (options.by_parties, &half.initiator, &half.target, &half.action)
        {
            keys.push(Self::Parties(initiator.clone(), target.clone(), action.clone()));
        }
        keys
    }

    pub(super) fn link(self) -> Link {
        match self {
            Self::Id(_) => Link::Id,
            Self::TagAndAction(tag, _) | Self::Tag(tag) => Link::Tag(tag),
            Self::Parties(..) => Link::Parties,
        }
    }
}

/// Whether a tag is one of these, with a value: after a colon some sources write it.
fn names_an_action(tag: &Tag, names: &[String]) -> bool {
    let (name, value) = match tag.value() {
        Some(value) => (tag.name(), value),
        None => tag.name().split_once(':').unwrap_or_default(),
    };
    !value.is_empty() && names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name))
}

/// Events of one kind, found by what they may have in common with others.
#[derive(Clone, Debug, Default)]
pub(super) struct Open {
    halves: BTreeMap<u64, (Half, Vec<Key>)>,
    index: HashMap<Key, BTreeSet<u64>>,
    pub(super) forgotten: u64,
}

impl Open {
    /// Keeps an event, and forgets the oldest one if there are too many.
    pub(super) fn add(&mut self, half: Half, keys: Vec<Key>, most: usize) {
        let number = half.number;
        for key in &keys {
            self.index.entry(key.clone()).or_default().insert(number);
        }
        self.halves.insert(number, (half, keys));
        while self.halves.len() > most {
            let Some((oldest, (_, keys))) = self.halves.pop_first() else { return };
            self.forget(oldest, &keys);
            self.forgotten = self.forgotten.saturating_add(1);
        }
    }

    /// Whether the event is here already, by its identifier: then it is found by these keys as well.
    pub(super) fn join(&mut self, keys: &[Key]) -> bool {
        let Some(id) = keys.first().filter(|key| matches!(key, Key::Id(_))) else { return false };
        let Some(number) = self.index.get(id).and_then(BTreeSet::first).copied() else { return false };
        let Some((_, known)) = self.halves.get_mut(&number) else { return false };
        for key in keys {
            if known.len() < 4 * MOST_TAGS && !known.contains(key) {
                known.push(key.clone());
                self.index.entry(key.clone()).or_default().insert(number);
            }
        }
        true
    }

    /// The oldest event with the strongest of these keys that any has, and that key.
    pub(super) fn take(&mut self, keys: &[Key]) -> Option<(Half, Key)> {
        let (number, key) = keys.iter().find_map(|key| Some((*self.index.get(key)?.first()?, key.clone())))?;
        let (half, known) = self.halves.remove(&number)?;
        self.forget(number, &known);
        Some((half, key))
    }

    fn forget(&mut self, number: u64, keys: &[Key]) {
        for key in keys {
            if let Some(numbers) = self.index.get_mut(key) {
                numbers.remove(&number);
                if numbers.is_empty() {
                    self.index.remove(key);
                }
            }
        }
    }

    pub(super) fn into_halves(self) -> Vec<Half> {
        self.halves.into_values().map(|(half, _)| half).collect()
    }
}

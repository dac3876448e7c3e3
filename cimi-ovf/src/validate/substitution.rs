//! `${key}` in values: what it refers to, and what becomes of the value.

use std::collections::{BTreeMap, HashMap};

use cimi_model::printable;

use super::{Checker, Level, Rule, graph, properties};
use crate::model::{Content, Envelope, Node, ProductSection, Property};
use crate::properties::LONGEST_NAMES;

/// Longer values are refused: a few properties that refer to one another twice each give values without end.
const LONGEST: usize = 1 << 20;

/// The key, if a text is `${key}` and nothing else.
pub(super) fn whole(text: &str) -> Option<&str> {
    let key = text.trim().strip_prefix("${")?.strip_suffix('}')?;
    (!key.contains(['$', '{', '}'])).then_some(key)
}

/// The keys in a text.
fn keys(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once("${")?;
        let (key, after) = after.split_once('}')?;
        rest = after;
        // Of nested ones, the innermost.
        Some(key.rsplit_once("${").map_or(key, |(_, key)| key))
    })
}

/// The values of a property in all configurations.
fn values(property: &Property) -> impl Iterator<Item = &str> {
    property.value.as_deref().into_iter().chain(property.values.iter().filter_map(|value| value.value.as_deref()))
}

/// The properties of a descriptor, and which others their values have in them.
#[derive(Default)]
struct Network<'d> {
    properties: Vec<&'d Property>,
    /// The properties in the values of each, and how often each occurs.
    next: Vec<Vec<usize>>,
    times: Vec<Vec<usize>>,
    /// The properties with a key that are in sight, outermost first.
    visible: HashMap<String, Vec<usize>>,
    /// How many bytes of classes and instances there may still be in keys.
    room: usize,
}

impl<'d> Checker<'d> {
    pub(super) fn substitutions(&mut self, envelope: &'d Envelope) {
        let mut network = Network { room: LONGEST_NAMES, ..Network::default() };
        self.enter(&mut network, &envelope.product_sections);
        if let Some(content) = &envelope.content {
            self.substitutions_in(&mut network, content);
        }
        for at in graph::circular(&network.next) {
            if let Some(property) = network.properties.get(at) {
                self.report(property.node, Level::Wrong, Rule::Cycle, "the value of the property has itself in it");
            }
        }
        for (property, length) in network.properties.iter().zip(network.lengths()) {
            if length > LONGEST {
                let text = format!("the value becomes longer than {LONGEST} bytes");
                self.report(property.node, Level::Wrong, Rule::Substitution, text);
            }
        }
    }

    /// Recursive; the depth of a descriptor is bounded.
    fn substitutions_in(&mut self, network: &mut Network<'d>, content: &'d Content) {
        let entered = self.enter(network, content.product_sections());
        for member in content.members() {
            self.substitutions_in(network, member);
        }
        network.leave(&entered);
    }

    /// Adds the properties of one system or collection; returns their keys.
    fn enter(&mut self, network: &mut Network<'d>, sections: &'d [ProductSection]) -> Vec<String> {
        let first = network.properties.len();
        let keys_here = network.add(sections);
        for at in first..network.properties.len() {
            let Some(property) = network.properties.get(at).copied() else { continue };
            let mut times: BTreeMap<usize, usize> = BTreeMap::new();
            for key in values(property).flat_map(keys) {
                match network.find(key, Some(at)) {
                    Some(inner) => *times.entry(inner).or_default() += 1,
                    None => self.unknown_property(property.node, key),
                }
            }
            network.next.push(times.keys().copied().collect());
            network.times.push(times.into_values().collect());
        }
        for section in sections {
            for key in section.app_url.as_deref().into_iter().flat_map(keys) {
                if network.find(key, None).is_none() {
                    self.unknown_property(section.node, key);
                }
            }
        }
        keys_here
    }

    fn unknown_property(&mut self, node: Node, key: &str) {
        // Keys with a colon are for the product that deploys, such as `${net:VM Network}`.
        let level = if key.contains(':') { Level::Note } else { Level::Advice };
        let text = format!("there is no property '{}' here", printable(key));
        self.report(node, level, Rule::Substitution, text);
    }
}

impl<'d> Network<'d> {
    fn add(&mut self, sections: &'d [ProductSection]) -> Vec<String> {
        let (mut bare, mut whole) = (Vec::new(), Vec::new());
        for (section, property) in properties::of(sections) {
            let at = self.properties.len();
            self.properties.push(property);
            let Some(key) = property.key.as_deref() else { continue };
            let around: usize = [&section.class, &section.instance].into_iter().flatten().map(String::len).sum();
            match self.room.checked_sub(around) {
                Some(room) if around > 0 => {
                    self.room = room;
                    bare.push((key.to_owned(), at));
                    whole.push((section.whole_key(key), at));
                }
                Some(_) => whole.push((key.to_owned(), at)),
                None => bare.push((key.to_owned(), at)),
            }
        }
        // What comes last counts: the whole key before its part, and of several the first.
        let all = bare.into_iter().rev().chain(whole.into_iter().rev());
        all.map(|(key, at)| {
            self.visible.entry(key.clone()).or_default().push(at);
            key
        })
        .collect()
    }

    fn leave(&mut self, keys: &[String]) {
        for key in keys {
            if let Some(places) = self.visible.get_mut(key) {
                places.pop();
            }
        }
    }

    /// The nearest property with a key. A property that names its own key means another one, if there is one.
    fn find(&self, key: &str, own: Option<usize>) -> Option<usize> {
        let mut found = self.visible.get(key)?.iter().rev().copied();
        let first = found.next()?;
        if Some(first) == own { Some(found.next().unwrap_or(first)) } else { Some(first) }
    }

    /// How long each value becomes at most; of those on a circle, nothing.
    fn lengths(&self) -> Vec<usize> {
        let mut lengths: Vec<usize> = vec![0; self.next.len()];
        for at in graph::sorted(&self.next) {
            let own = self.properties.get(at).and_then(|property| values(property).map(str::len).max()).unwrap_or(0);
            let inner = self.next.get(at).into_iter().flatten().zip(self.times.get(at).into_iter().flatten());
            let sum = inner.fold(own, |sum, (next, times)| {
                sum.saturating_add(lengths.get(*next).copied().unwrap_or(0).saturating_mul(*times))
            });
            if let Some(length) = lengths.get_mut(at) {
                *length = sum;
            }
        }
        lengths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_texts() {
        assert!(keys("a ${b} ${c.d}$ ${${e}} ${f").eq(["b", "c.d", "e"]));
        assert_eq!(whole(" ${size} "), Some("size"));
        assert_eq!(whole("${a}${b}"), None);
        assert_eq!(keys(&"${".repeat(100_000)).count(), 0);
    }
}

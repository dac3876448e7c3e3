//! `${key}` in values: what it refers to, and what becomes of the value.

use std::collections::HashMap;

use cimi_model::printable;

use super::{Checker, Level, Rule, graph, members, properties};
use crate::model::{Content, Envelope, Node, ProductSection, Property};

/// Longer values are refused: a few properties that refer to one another twice each give values without end.
const LONGEST: usize = 1 << 20;

/// The key, if a text is `${key}` and nothing else.
pub(super) fn whole(text: &str) -> Option<&str> {
    let key = text.trim().strip_prefix("${")?.strip_suffix('}')?;
    (!key.contains(['$', '{', '}'])).then_some(key)
}

/// The keys in a text.
fn keys(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("${") {
        let Some((key, after)) = after.split_once('}') else { break };
        // Of nested ones, the innermost.
        found.push(key.rsplit_once("${").map_or(key, |(_, key)| key));
        rest = after;
    }
    found
}

/// The properties of a descriptor, and which others their values have in them.
#[derive(Default)]
struct Network<'d> {
    properties: Vec<&'d Property>,
    next: Vec<Vec<usize>>,
    /// The keys of what is around the current system, outermost first.
    scopes: Vec<HashMap<String, usize>>,
    /// What is not found.
    unknown: Vec<(Node, &'d str)>,
}

impl<'d> Network<'d> {
    fn enter(&mut self, sections: &'d [ProductSection]) {
        let first = self.properties.len();
        let mut scope = HashMap::new();
        for (section, property) in properties::of(sections) {
            let at = self.properties.len();
            self.properties.push(property);
            let Some(key) = property.key.as_deref() else { continue };
            scope.insert(properties::whole_key(section, key), at);
            scope.entry(key.to_owned()).or_insert(at);
        }
        self.scopes.push(scope);
        for at in first..self.properties.len() {
            let Some(property) = self.properties.get(at).copied() else { continue };
            let next = self.references(property, at);
            self.next.push(next);
        }
        for (section, url) in sections.iter().filter_map(|section| Some((section, section.app_url.as_deref()?))) {
            let unknown: Vec<_> = keys(url).into_iter().filter(|key| self.find(key, None).is_none()).collect();
            self.unknown.extend(unknown.into_iter().map(|key| (section.node, key)));
        }
    }

    fn references(&mut self, property: &'d Property, own: usize) -> Vec<usize> {
        let inner = property.values.iter().filter_map(|value| value.value.as_deref());
        let mut found = Vec::new();
        for key in property.value.as_deref().into_iter().chain(inner).flat_map(keys) {
            match self.find(key, Some(own)) {
                Some(at) => found.push(at),
                None => self.unknown.push((property.node, key)),
            }
        }
        found
    }

    /// The nearest property with a key. A property that names its own key means one further out, if there is one.
    fn find(&self, key: &str, own: Option<usize>) -> Option<usize> {
        let mut found = self.scopes.iter().rev().filter_map(|scope| scope.get(key).copied());
        let first = found.next()?;
        if Some(first) == own { Some(found.next().unwrap_or(first)) } else { Some(first) }
    }

    /// Recursive; the depth of a descriptor is bounded.
    fn content(&mut self, content: &'d Content) {
        self.enter(match content {
            Content::System(system) => &system.product_sections,
            Content::Collection(collection) => &collection.product_sections,
        });
        for member in members(content) {
            self.content(member);
        }
        self.scopes.pop();
    }

    /// How long each value becomes; of those on a circle, nothing.
    fn lengths(&self) -> Vec<usize> {
        let mut lengths: Vec<usize> = vec![0; self.next.len()];
        for at in graph::sorted(&self.next) {
            let own = self.properties.get(at).map_or(0, |property| {
                let inner = property.values.iter().filter_map(|value| value.value.as_deref());
                property.value.as_deref().into_iter().chain(inner).map(str::len).max().unwrap_or(0)
            });
            let inner = self.next.get(at).into_iter().flatten().filter_map(|next| lengths.get(*next));
            let sum = inner.fold(own, |sum, length| sum.saturating_add(*length));
            if let Some(length) = lengths.get_mut(at) {
                *length = sum;
            }
        }
        lengths
    }
}

impl<'d> Checker<'d> {
    pub(super) fn substitutions(&mut self, envelope: &'d Envelope) {
        let mut network = Network::default();
        network.enter(&envelope.product_sections);
        if let Some(content) = &envelope.content {
            network.content(content);
        }
        for (node, key) in std::mem::take(&mut network.unknown) {
            // Keys with a colon are for the product that deploys, such as `${net:VM Network}`.
            let level = if key.contains(':') { Level::Note } else { Level::Advice };
            let text = format!("there is no property '{}' here", printable(key));
            self.report(node, level, Rule::Substitution, text);
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_texts() {
        assert_eq!(keys("a ${b} ${c.d}$ ${${e}} ${f"), ["b", "c.d", "e"]);
        assert_eq!(whole(" ${size} "), Some("size"));
        assert_eq!(whole("${a}${b}"), None);
        assert!(keys(&"${".repeat(100_000)).is_empty());
    }
}

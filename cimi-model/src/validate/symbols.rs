//! Symbolic references of a `SystemTemplate` (5.13.4): `#name` is the component of that name. A template inside of
//! another sees the components of both, its own first. Of several components that one descriptor makes, `#name1` is
//! the first, and `#name` the one with the same number as the component that refers, or all in a service.

use std::collections::HashMap;

use super::walk::{Standing, Walk};
use super::{Rule, Severity, Verb};
use crate::any::Any;
use crate::error::printable;
use crate::meta::{Attribute, Type};
use crate::reflect::Record;
use crate::{SystemTemplate, Uri};

/// The templates that the walk is inside of.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    stack: Vec<Scope>,
}

#[derive(Debug, Default)]
struct Scope {
    /// The names by descriptor, and how many components each makes.
    descriptors: Vec<(Option<String>, i64)>,
    /// The descriptors that make one component of a name.
    singles: HashMap<String, Vec<usize>>,
    /// The descriptors that make several, by the name without a number.
    several: HashMap<String, Vec<usize>>,
    /// The descriptor that the walk is in.
    current: Option<usize>,
    /// Which descriptor needs which.
    needs: Vec<(usize, usize)>,
    /// Whether the descriptors are in a template that is only referred to.
    elsewhere: bool,
}

/// What a symbol stands for.
enum Found {
    /// These components, by their descriptors.
    Targets(Vec<usize>),
    /// As many components, where one is meant.
    Several(i64),
    /// What cannot be seen from here.
    Elsewhere,
}

impl Scope {
    fn new(template: &SystemTemplate) -> Self {
        let mut scope = Self::default();
        for (index, descriptor) in template.component_descriptors.iter().enumerate() {
            let quantity = descriptor.quantity.unwrap_or(1);
            if let Some(name) = &descriptor.name {
                let names = if quantity > 1 { &mut scope.several } else { &mut scope.singles };
                names.entry(name.clone()).or_default().push(index);
            }
            scope.descriptors.push((descriptor.name.clone(), quantity));
        }
        scope
    }

    fn quantity(&self, index: usize) -> i64 {
        self.descriptors.get(index).map_or(1, |(_, quantity)| *quantity)
    }

    fn find(&self, symbol: &str, all: bool) -> Option<Found> {
        if let Some(found) = self.singles.get(symbol) {
            return Some(Found::Targets(found.clone()));
        }
        if let Some(found) = self.several.get(symbol) {
            let quantity = found.first().map_or(1, |&index| self.quantity(index));
            let paired = self.current.is_some_and(|current| self.quantity(current) == quantity);
            return Some(if all || paired { Found::Targets(found.clone()) } else { Found::Several(quantity) });
        }
        self.numbered(symbol).map(|index| Found::Targets(vec![index]))
    }

    /// The descriptor that makes several components, of which one has this name.
    fn numbered(&self, name: &str) -> Option<usize> {
        let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let splits = (base.len()..name.len()).filter_map(|at| name.split_at_checked(at));
        let mut found = splits.filter(|(_, number)| !number.starts_with('0')).filter_map(|(base, number)| {
            let number: i64 = number.parse().ok()?;
            self.several.get(base)?.iter().copied().find(|&index| number <= self.quantity(index))
        });
        found.next()
    }

    /// The descriptors whose components have the name of another one before.
    fn duplicates(&self) -> Vec<(usize, &str)> {
        let repeated = self
            .singles
            .iter()
            .chain(&self.several)
            .flat_map(|(name, found)| found.iter().skip(1).map(|&index| (index, name.as_str())));
        let numbered = self.singles.iter().filter(|(name, _)| self.numbered(name).is_some());
        let mut found: Vec<_> = repeated
            .chain(numbered.flat_map(|(name, found)| found.iter().take(1).map(|&index| (index, name.as_str()))))
            .collect();
        found.sort_unstable();
        found
    }
}

impl Scopes {
    /// Enters a record; says whether a scope begins.
    pub(super) fn enter(&mut self, record: &dyn Record, standing: Standing, verb: Verb) -> bool {
        let Some(template) = record.as_any().downcast_ref::<SystemTemplate>() else { return false };
        let partial = standing == Standing::Root && verb == Verb::PartialUpdate;
        let elsewhere = template.component_descriptors.is_empty() && (partial || standing == Standing::Expanded);
        self.stack.push(Scope { elsewhere, ..Scope::new(template) });
        true
    }

    pub(super) fn enter_item(&mut self, owner: &Type, attribute: &Attribute, index: usize) {
        if is_descriptors(owner, attribute)
            && let Some(scope) = self.stack.last_mut()
        {
            scope.current = Some(index);
        }
    }

    pub(super) fn leave_item(&mut self, owner: &Type, attribute: &Attribute) {
        if is_descriptors(owner, attribute)
            && let Some(scope) = self.stack.last_mut()
        {
            scope.current = None;
        }
    }

    fn find(&mut self, symbol: &str, all: bool) -> Option<Found> {
        for scope in self.stack.iter_mut().rev() {
            match scope.find(symbol, all) {
                Some(Found::Targets(targets)) => {
                    scope
                        .needs
                        .extend(scope.current.into_iter().flat_map(|from| targets.iter().map(move |&to| (from, to))));
                    return Some(Found::Targets(targets));
                }
                Some(found) => return Some(found),
                None if scope.elsewhere => return Some(Found::Elsewhere),
                None => {}
            }
        }
        None
    }
}

fn is_descriptors(owner: &Type, attribute: &Attribute) -> bool {
    owner.name == "SystemTemplate" && attribute.name == "componentDescriptors"
}

impl Walk<'_> {
    /// A symbolic reference here; in a service it may mean all components of a name.
    pub(super) fn symbol(&mut self, name: &str, all: bool) {
        if self.scopes.stack.is_empty() {
            let message = format!("'#{}' names a component, and there is no SystemTemplate around", printable(name));
            self.report(Severity::Warning, Rule::Symbol, "5.13.4", message);
            return;
        }
        let message = match self.scopes.find(name, all) {
            Some(Found::Targets(_) | Found::Elsewhere) => return,
            Some(Found::Several(quantity)) => {
                let name = printable(name);
                format!("'#{name}' is {quantity} components; one of them is '#{name}1'")
            }
            None => format!("no component has the name '{}'", printable(name)),
        };
        self.report(Severity::Error, Rule::Symbol, "5.13.4", message);
    }

    /// The symbolic references in a value of any shape: each `href`, and with `plain`, in a service, each string.
    pub(super) fn symbols_in(&mut self, value: &Any, plain: bool) {
        if !self.scopes.stack.is_empty() {
            self.symbols_within(value, plain, plain, 0);
        }
    }

    fn symbols_within(&mut self, value: &Any, plain: bool, all: bool, depth: usize) {
        const DEPTH: usize = 128;
        if depth == DEPTH {
            return;
        }
        match value {
            Any::String(text) if plain => {
                if let Some(name) = Uri::from(text.as_str()).symbol().filter(|name| !name.is_empty()) {
                    self.symbol(name, all);
                }
            }
            Any::Array(items) => items.iter().for_each(|item| self.symbols_within(item, plain, all, depth + 1)),
            Any::Object(members) => {
                for (name, member) in members.iter() {
                    self.symbols_within(member, plain || name == "href", all, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// Leaves a template: what can be said only of all of its components.
    pub(super) fn leave_scope(&mut self) {
        let Some(scope) = self.scopes.stack.pop() else { return };
        let place = |index: usize| format!("{}/componentDescriptors[{index}]", self.here());
        let mut found = Vec::new();
        for (index, name) in scope.duplicates() {
            let message = format!("another component has the name '{}' too", printable(name));
            found.push((format!("{}/name", place(index)), Rule::Duplicate, message));
        }
        for cycle in cycles(scope.descriptors.len(), &scope.needs) {
            let name = |index: &usize| scope.descriptors.get(*index).and_then(|(name, _)| name.as_deref());
            let names: Vec<String> =
                cycle.iter().filter_map(name).take(8).map(|name| format!("'{}'", printable(name))).collect();
            let message = match names.as_slice() {
                [name] => format!("the component {name} needs itself"),
                _ => format!("the components {} need one another, so that none can be the first", names.join(", ")),
            };
            found.extend(cycle.first().map(|&index| (place(index), Rule::Cycle, message)));
        }
        for (path, rule, message) in found {
            self.report_there(path, Severity::Error, rule, "5.13.4", message);
        }
    }
}

/// The groups of nodes that reach one another, each in ascending order; Kosaraju's algorithm without recursion.
fn cycles(nodes: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let (mut next, mut before) = (vec![Vec::new(); nodes], vec![Vec::new(); nodes]);
    for &(from, to) in edges {
        if let (Some(next), Some(before)) = (next.get_mut(from), before.get_mut(to)) {
            next.push(to);
            before.push(from);
        }
    }
    let mut seen = vec![false; nodes];
    let mut order = Vec::new();
    for node in 0..nodes {
        search(node, &next, &mut seen, &mut order);
    }
    seen.fill(false);
    let mut groups = Vec::new();
    for &node in order.iter().rev() {
        let mut group = Vec::new();
        search(node, &before, &mut seen, &mut group);
        group.sort_unstable();
        let on_cycle =
            group.len() > 1 || group.iter().any(|node| next.get(*node).is_some_and(|next| next.contains(node)));
        if on_cycle {
            groups.push(group);
        }
    }
    groups.sort_unstable();
    groups
}

/// Searches in depth from a node that has not been seen, and adds nodes as they are done.
fn search(start: usize, next: &[Vec<usize>], seen: &mut [bool], done: &mut Vec<usize>) {
    let mut first = |node: usize| seen.get_mut(node).is_some_and(|seen| !std::mem::replace(seen, true));
    if !first(start) {
        return;
    }
    let mut stack = vec![(start, 0)];
    while let Some((node, at)) = stack.last_mut() {
        if let Some(&to) = next.get(*node).and_then(|next| next.get(*at)) {
            *at += 1;
            if first(to) {
                stack.push((to, 0));
            }
        } else {
            done.push(*node);
            stack.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_that_reach_one_another() {
        assert_eq!(cycles(3, &[(0, 1), (1, 2)]), Vec::<Vec<usize>>::new());
        assert_eq!(cycles(3, &[(0, 0), (0, 1), (1, 2), (2, 1)]), [vec![0], vec![1, 2]]);
        assert_eq!(cycles(6, &[(0, 1), (1, 0), (1, 2), (2, 3), (3, 4), (4, 3), (5, 0)]), [vec![0, 1], vec![3, 4]]);
    }
}

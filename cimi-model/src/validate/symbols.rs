//! Symbolic references of a `SystemTemplate` (5.13.4): `#name` is the component of that name. A template inside of
//! another sees the components of both, its own first. Where a descriptor makes several components, `#name` means
//! all of them and `#name1` one.

use std::collections::{HashMap, HashSet};

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
    /// The descriptors of each name.
    names: HashMap<String, Vec<usize>>,
    /// The names by descriptor, and how many components each makes.
    descriptors: Vec<(Option<String>, i64)>,
    /// The descriptor that the walk is in.
    current: Option<usize>,
    /// Which descriptor needs which.
    needs: Vec<(usize, usize)>,
    referenced: HashSet<String>,
    /// Whether the descriptors are in a template that is only referred to.
    elsewhere: bool,
}

impl Scope {
    fn new(template: &SystemTemplate) -> Self {
        let mut scope = Self::default();
        for (index, descriptor) in template.component_descriptors.iter().enumerate() {
            if let Some(name) = &descriptor.name {
                scope.names.entry(name.clone()).or_default().push(index);
            }
            scope.descriptors.push((descriptor.name.clone(), descriptor.quantity.unwrap_or(1)));
        }
        scope
    }

    /// The name of the descriptors that a symbol stands for: its own, or that of one of several components.
    fn resolve(&self, symbol: &str) -> Option<String> {
        if self.names.contains_key(symbol) {
            return Some(symbol.to_owned());
        }
        let base = symbol.trim_end_matches(|c: char| c.is_ascii_digit());
        let splits = (base.len()..symbol.len()).filter_map(|at| symbol.split_at_checked(at));
        splits
            .filter(|(_, number)| !number.starts_with('0'))
            .find(|(name, number)| {
                let quantity =
                    self.names.get(*name).and_then(|found| self.descriptors.get(*found.first()?)).map(|d| d.1);
                let number: Option<i64> = number.parse().ok();
                matches!((number, quantity), (Some(number), Some(quantity)) if quantity > 1 && number <= quantity)
            })
            .map(|(name, _)| name.to_owned())
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

    /// Whether the symbol has a target, or may have one that cannot be seen.
    fn resolve(&mut self, symbol: &str) -> bool {
        for scope in self.stack.iter_mut().rev() {
            if let Some(name) = scope.resolve(symbol) {
                let targets = scope.names.get(&name).map(Vec::as_slice).unwrap_or_default();
                scope
                    .needs
                    .extend(scope.current.into_iter().flat_map(|from| targets.iter().map(move |&to| (from, to))));
                scope.referenced.insert(name);
                return true;
            }
            if scope.elsewhere {
                return true;
            }
        }
        false
    }
}

fn is_descriptors(owner: &Type, attribute: &Attribute) -> bool {
    owner.name == "SystemTemplate" && attribute.name == "componentDescriptors"
}

impl Walk<'_> {
    /// A symbolic reference here.
    pub(super) fn symbol(&mut self, name: &str) {
        if self.scopes.stack.is_empty() {
            let message = format!("'#{}' names a component, and there is no SystemTemplate around", printable(name));
            self.report(Severity::Warning, Rule::Symbol, "5.13.4", message);
        } else if !self.scopes.resolve(name) {
            let message = format!("no component has the name '{}'", printable(name));
            self.report(Severity::Error, Rule::Symbol, "5.13.4", message);
        }
    }

    /// The symbolic references in a value of any shape: each `href`, and with `plain` each string.
    pub(super) fn symbols_in(&mut self, value: &Any, plain: bool) {
        if !self.scopes.stack.is_empty() {
            self.symbols_within(value, plain, 0);
        }
    }

    fn symbols_within(&mut self, value: &Any, plain: bool, depth: usize) {
        const DEPTH: usize = 128;
        if depth == DEPTH {
            return;
        }
        match value {
            Any::String(text) if plain => {
                if let Some(name) = Uri::from(text.as_str()).symbol().filter(|name| !name.is_empty()) {
                    self.symbol(name);
                }
            }
            Any::Array(items) => items.iter().for_each(|item| self.symbols_within(item, plain, depth + 1)),
            Any::Object(members) => {
                for (name, member) in members.iter() {
                    self.symbols_within(member, plain || name == "href", depth + 1);
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
        let mut duplicates: Vec<_> = scope.names.iter().filter(|(_, indexes)| indexes.len() > 1).collect();
        duplicates.sort_unstable();
        for (name, indexes) in duplicates {
            let (severity, consequence) = if scope.referenced.contains(name) {
                (Severity::Error, "so that a reference to it has several targets")
            } else {
                (Severity::Warning, "so that nothing can refer to it")
            };
            for index in indexes.iter().skip(1) {
                let message = format!("another component has the name '{}' too, {consequence}", printable(name));
                found.push((format!("{}/name", place(*index)), severity, Rule::Duplicate, message));
            }
        }
        for cycle in cycles(scope.descriptors.len(), &scope.needs) {
            let name = |index: &usize| scope.descriptors.get(*index).and_then(|(name, _)| name.as_deref());
            let names: Vec<String> =
                cycle.iter().filter_map(name).take(8).map(|name| format!("'{}'", printable(name))).collect();
            let message = match names.as_slice() {
                [name] => format!("the component {name} needs itself"),
                _ => format!("the components {} need one another, so that none can be the first", names.join(", ")),
            };
            found.extend(cycle.first().map(|&index| (place(index), Severity::Error, Rule::Cycle, message)));
        }
        for (path, severity, rule, message) in found {
            self.report_there(path, severity, rule, "5.13.4", message);
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

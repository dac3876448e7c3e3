//! The items of a section: identifiers, parents and ranges.

use std::collections::HashMap;

use cimi_model::printable;

use super::{Checker, Level, Rule, graph, list};
use crate::model::Item;

/// Which end of a range an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Bound {
    Min,
    Normal,
    Max,
}

/// The items for one resource in one configuration; an empty configuration is all of them.
#[derive(Clone, Copy, Debug, Default)]
struct Range<'d> {
    min: Option<&'d Item>,
    normal: Option<&'d Item>,
    max: Option<&'d Item>,
}

impl<'d> Range<'d> {
    fn slot(&mut self, bound: Bound) -> &mut Option<&'d Item> {
        match bound {
            Bound::Min => &mut self.min,
            Bound::Normal => &mut self.normal,
            Bound::Max => &mut self.max,
        }
    }
}

/// Ranges by resource and configuration.
type Ranges<'d> = HashMap<(&'d str, &'d str), Range<'d>>;

impl<'d> Checker<'d> {
    /// Checks the items of a section together.
    pub(super) fn items(&mut self, items: &[&'d Item]) {
        let mut ranges = Ranges::new();
        let mut order = Vec::new();
        for item in items {
            self.configuration_list(item.node, item.configuration.as_deref());
            let Some(bound) = self.bound(item) else { continue };
            let Some(id) = item.instance_id.as_deref() else { continue };
            if id.is_empty() {
                self.report(item.node, Level::Wrong, Rule::Value, "the InstanceID is empty");
                continue;
            }
            let mut is_duplicate = false;
            let is_for_all = item.configuration.is_none();
            let configurations = item.configuration.as_deref().filter(|text| list(Some(text)).next().is_some());
            for configuration in list(Some(configurations.unwrap_or("\u{0}"))) {
                // No identifier has a NUL; it stands for all configurations.
                let key = (id, configuration.trim_matches('\u{0}'));
                let range = ranges.entry(key).or_insert_with(|| {
                    order.push(key);
                    Range::default()
                });
                is_duplicate |= range.slot(bound).replace(item).is_some();
            }
            if is_duplicate {
                self.duplicate(item, id, bound, is_for_all);
            }
        }
        for key in order {
            self.range(key, &ranges);
        }
        self.item_parents(items);
    }

    fn duplicate(&mut self, item: &Item, id: &str, bound: Bound, is_for_all: bool) {
        // Products list configurations that overlap; the last item counts.
        let level = if is_for_all { Level::Wrong } else { Level::Loose };
        let id = printable(id);
        let (rule, text) = match bound {
            Bound::Normal => (Rule::Duplicate, format!("another item has the InstanceID '{id}' too")),
            Bound::Min => (Rule::Bounds, format!("another item is the minimum of '{id}' too")),
            Bound::Max => (Rule::Bounds, format!("another item is the maximum of '{id}' too")),
        };
        self.report(item.node, level, rule, text);
    }

    fn bound(&mut self, item: &Item) -> Option<Bound> {
        match item.bound.as_deref().map(str::trim) {
            None | Some("" | "normal") => Some(Bound::Normal),
            Some("min") => Some(Bound::Min),
            Some("max") => Some(Bound::Max),
            Some(other) => {
                let text = format!("ovf:bound: '{}' is not min, normal or max", printable(other));
                self.report(item.node, Level::Wrong, Rule::Bounds, text);
                None
            }
        }
    }

    fn range(&mut self, key: (&'d str, &'d str), ranges: &Ranges<'d>) {
        let Some(own) = ranges.get(&key) else { return };
        let common = ranges.get(&(key.0, "")).copied().unwrap_or_default();
        let normal = own.normal.or(common.normal);
        let (min, max) = (own.min.or(common.min), own.max.or(common.max));
        for (item, what) in [(own.min, "minimum"), (own.max, "maximum")] {
            if let (Some(item), None) = (item, normal) {
                let text = format!("a {what} without an item for the normal value of '{}'", printable(key.0));
                self.report(item.node, Level::Wrong, Rule::Bounds, text);
            }
        }
        // Said once, at the item that is of this configuration.
        let at = own.max.or(own.min).or(own.normal);
        let Some(at) = at else { return };
        for (low, high, text) in [
            (min, normal, "the minimum is greater than the normal value"),
            (normal, max, "the normal value is greater than the maximum"),
            (min, max, "the minimum is greater than the maximum"),
        ] {
            let both = low.zip(high).filter(|_| normal.is_some() || text.ends_with("maximum"));
            if let Some(name) = both.and_then(|(low, high)| exceeds(low, high)) {
                self.report(at.node, Level::Wrong, Rule::Bounds, format!("{name}: {text}"));
            }
        }
    }

    fn item_parents(&mut self, items: &[&'d Item]) {
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (at, item) in items.iter().enumerate() {
            if let Some(id) = item.instance_id.as_deref() {
                places.entry(id).or_insert(at);
            }
        }
        let mut next: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
        for (item, next) in items.iter().zip(&mut next) {
            let Some(parent) = item.parent.as_deref().filter(|parent| !parent.is_empty()) else { continue };
            match places.get(parent) {
                Some(_) if item.instance_id.as_deref() == Some(parent) => {
                    // Products name the item itself where there is no controller.
                    let text = "the item is its own parent".to_owned();
                    self.report_child(item.node, "Parent", Level::Loose, Rule::Cycle, text);
                }
                Some(place) => next.push(*place),
                None => {
                    let text = format!("there is no item '{}' to be the parent", printable(parent));
                    self.report_child(item.node, "Parent", self.dangling(), Rule::Reference, text);
                }
            }
        }
        for at in graph::circular(&next) {
            if let Some(item) = items.get(at) {
                self.report(item.node, Level::Wrong, Rule::Cycle, "the item is a parent of itself");
            }
        }
    }
}

/// The first number that is greater in `low` than in `high`, where both are in one unit.
fn exceeds(low: &Item, high: &Item) -> Option<&'static str> {
    let unit = |item: &Item| item.allocation_units.as_deref().map(crate::units::Unit::parse);
    let comparable = match (unit(low), unit(high)) {
        (Some(low), Some(high)) => low == high,
        _ => true,
    };
    let greater = |low: Option<i64>, high: Option<i64>| matches!((low, high), (Some(low), Some(high)) if low > high);
    let numbers = [
        ("VirtualQuantity", low.virtual_quantity, high.virtual_quantity),
        ("Reservation", low.reservation, high.reservation),
        ("Limit", low.limit, high.limit),
        ("Weight", low.weight, high.weight),
    ];
    let found = numbers.into_iter().find(|(_, low, high)| greater(*low, *high))?;
    (comparable || found.0 == "Weight").then_some(found.0)
}

//! Properties that stand for values elsewhere in a descriptor.

use std::collections::HashMap;

use cimi_model::{Result, printable};

use super::budget::Budget;
use super::source::{Source, bad, filled};
use crate::Deployment;
use crate::model::{ProductEntry, ProductSection, Property};
use crate::tree::Element;

/// The value of a property in the deployment configuration; passwords have none here.
fn value_in<'d>(property: &'d Property, deployment: Deployment<'d>) -> Option<&'d str> {
    if property.password == Some(true) { None } else { deployment.value(property) }
}

/// The values of all properties of a descriptor by key and full key.
#[derive(Default)]
pub(super) struct Properties<'d> {
    by_key: HashMap<String, Found<'d>>,
}

/// What the properties with one key have for a value.
enum Found<'d> {
    Nothing,
    Value(&'d str),
    Different,
}

impl<'d> Found<'d> {
    fn and(&mut self, value: Option<&'d str>) {
        match (&*self, value) {
            (Self::Nothing, Some(value)) => *self = Self::Value(value),
            (Self::Value(known), Some(value)) if *known != value => *self = Self::Different,
            _ => {}
        }
    }
}

impl<'d> Properties<'d> {
    pub(super) fn collect(source: &Source<'d>, budget: &mut Budget) -> Result<Self> {
        let mut all = Self::default();
        let mut open = vec![source.content];
        while let Some(content) = open.pop() {
            open.extend(content.members());
            content.product_sections().iter().try_for_each(|section| all.add(source, section, budget))?;
        }
        Ok(all)
    }

    fn add(&mut self, source: &Source<'d>, section: &'d ProductSection, budget: &mut Budget) -> Result<()> {
        let (class, instance) = (filled(section.class.as_ref()), filled(section.instance.as_ref()));
        let around = class.map_or(0, str::len) + instance.map_or(0, str::len);
        for entry in &section.entries {
            let ProductEntry::Property(property) = entry else { continue };
            if !source.deployment.has(property) {
                continue;
            }
            // Class and instance are a part of every key.
            budget.charge(around, source.element(property.node))?;
            let Some(key) = property.key.as_deref() else { continue };
            let value = value_in(property, source.deployment);
            let full = [class, Some(key), instance].into_iter().flatten().collect::<Vec<_>>().join(".");
            for key in [key.to_owned(), full] {
                self.by_key.entry(key).or_insert(Found::Nothing).and(value);
            }
        }
        Ok(())
    }

    /// The text, or the value of the property if the whole text is `${key}`.
    ///
    /// A value may name another property in turn.
    pub(super) fn resolve<'t>(&'t self, text: &'t str, element: Element<'_>) -> Result<&'t str> {
        /// Chains of two are unusual already.
        const LONGEST_CHAIN: usize = 16;
        let mut text = text.trim();
        for _ in 0..LONGEST_CHAIN {
            let Some(key) = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else { return Ok(text) };
            text = self.value(key, element)?.trim();
        }
        Err(bad(element, format!("'{}' is a property whose value is a cycle or a long chain", printable(text))))
    }

    fn value(&self, key: &str, element: Element<'_>) -> Result<&'d str> {
        let key_shown = printable(key);
        let reason = match self.by_key.get(key) {
            Some(Found::Value(value)) => return Ok(value),
            Some(Found::Nothing) => format!("the property '{key_shown}' has no value"),
            Some(Found::Different) => format!("there are several properties '{key_shown}' with different values"),
            None => format!("there is no property '{key_shown}'"),
        };
        Err(bad(element, reason))
    }
}

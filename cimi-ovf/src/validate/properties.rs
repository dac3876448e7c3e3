//! Products and their properties.

use std::collections::HashSet;

use super::qualifiers::{self, PropertyType, Qualifier};
use super::{Checker, Level, Rule, list};
use cimi_model::printable;

use crate::model::{Node, ProductEntry, ProductSection, Property};

/// The properties of sections.
pub(super) fn of(sections: &[ProductSection]) -> impl Iterator<Item = (&ProductSection, &Property)> {
    sections.iter().flat_map(|section| {
        section.entries.iter().filter_map(move |entry| match entry {
            ProductEntry::Property(property) => Some((section, property)),
            ProductEntry::Category(_) => None,
        })
    })
}

impl<'d> Checker<'d> {
    /// Checks the products of one system or collection.
    pub(super) fn product_sections(&mut self, sections: &'d [ProductSection]) {
        for section in sections {
            for icon in &section.icons {
                self.file_reference(icon.node, icon.file_ref.as_deref(), Level::Loose);
            }
        }
        let mut keys = HashSet::new();
        for (section, property) in of(sections) {
            self.property(property);
            let Some(key) = property.key.as_deref() else { continue };
            if key.is_empty() {
                self.report(property.node, Level::Wrong, Rule::Value, "ovf:key is empty");
                continue;
            }
            let part = |text: &'d Option<String>| text.as_deref().unwrap_or_default();
            let whole = (part(&section.class), key, part(&section.instance), part(&property.configuration));
            if !keys.insert(whole) {
                let text = format!("another property has the key '{}' too", printable(key));
                self.report(property.node, Level::Wrong, Rule::Duplicate, text);
            }
        }
    }

    fn property(&mut self, property: &'d Property) {
        let kind = self.property_type(property);
        let qualifiers = self.qualifiers(property);
        self.configuration_list(property.node, property.configuration.as_deref());
        if let Some(value) = property.value.as_deref() {
            self.value(property.node, value, kind, &qualifiers);
        }
        let mut configurations = HashSet::new();
        for value in &property.values {
            self.configuration_list(value.node, value.configuration.as_deref());
            let is_new = match value.configuration.as_deref() {
                None => configurations.insert(""),
                Some(ids) => list(Some(ids)).filter(|id| !configurations.insert(*id)).count() == 0,
            };
            if !is_new {
                let text = "the property has another value in the same configuration";
                self.report(value.node, Level::Loose, Rule::Configuration, text);
            }
            if let Some(text) = value.value.as_deref() {
                self.value(value.node, text, kind, &qualifiers);
            }
        }
    }

    fn property_type(&mut self, property: &Property) -> Option<PropertyType> {
        let text = property.property_type.as_deref()?;
        let shown = printable(text);
        match PropertyType::parse(text) {
            Some((kind, true)) => Some(kind),
            Some((kind, false)) => {
                let text = format!("ovf:type: '{shown}' is not a type of the standard");
                self.report(property.node, Level::Loose, Rule::PropertyType, text);
                Some(kind)
            }
            None => {
                let text = format!("ovf:type: '{shown}' is not a type");
                self.report(property.node, Level::Wrong, Rule::PropertyType, text);
                None
            }
        }
    }

    fn qualifiers(&mut self, property: &'d Property) -> Vec<Qualifier<'d>> {
        let Some(text) = property.qualifiers.as_deref() else { return Vec::new() };
        let qualifiers = match qualifiers::parse(text) {
            Ok(qualifiers) => qualifiers,
            Err(reason) => {
                self.report(property.node, Level::Loose, Rule::Qualifier, format!("ovf:qualifiers: {reason}"));
                return Vec::new();
            }
        };
        let (mut least, mut most) = (0, u64::MAX);
        for qualifier in &qualifiers {
            match qualifier {
                Qualifier::MinLen(length) => least = least.max(*length),
                Qualifier::MaxLen(length) => most = most.min(*length),
                Qualifier::Other(_) => {
                    let text = format!("ovf:qualifiers: {} is not of the standard", qualifier.shown());
                    self.report(property.node, Level::Loose, Rule::Qualifier, text);
                }
                _ => {}
            }
        }
        if least > most {
            let text = format!("ovf:qualifiers: MinLen({least}) is more than MaxLen({most})");
            self.report(property.node, Level::Wrong, Rule::Qualifier, text);
        }
        qualifiers
    }

    /// Checks a value; it may be a secret.
    fn value(&mut self, node: Node, value: &str, kind: Option<PropertyType>, qualifiers: &[Qualifier<'_>]) {
        // Without a value, one is asked for; what is put into it later is not known.
        if value.is_empty() || value.contains("${") {
            return;
        }
        if let Some(kind) = kind.filter(|kind| !kind.fits(value)) {
            let text = format!("ovf:value is not {}", described(kind));
            return self.report(node, Level::Wrong, Rule::PropertyType, text);
        }
        if let Some(qualifier) = qualifiers.iter().find(|qualifier| !qualifier.admits(kind, value)) {
            let text = format!("ovf:value is not within {}", qualifier.shown());
            self.report(node, Level::Wrong, Rule::Qualifier, text);
        }
    }
}

fn described(kind: PropertyType) -> String {
    match kind {
        PropertyType::Unsigned(bits) => format!("a whole number of {bits} bits"),
        PropertyType::Signed(bits) => format!("a whole number of {bits} bits with sign"),
        PropertyType::Real(bits) => format!("a number of {bits} bits"),
        PropertyType::Boolean => "true or false".to_owned(),
        PropertyType::Address => "an IP address".to_owned(),
        PropertyType::Text => "a text".to_owned(),
    }
}

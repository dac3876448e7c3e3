//! Product sections and the properties that stand for values elsewhere in a descriptor.

use std::collections::HashMap;

use cimi_model::{Result, printable};

use crate::budget::Budget;
use crate::descriptor::{About, Content};
use crate::hardware::words;
use crate::origin::{Node, Origin};

/// A product of the guest software and its properties (DSP0243, `ProductSection`).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ProductSection {
    /// The place of the element.
    pub origin: Origin,
    /// The properties in document order.
    pub properties: Vec<Property>,
}

/// A customization parameter of the guest software.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Property {
    /// The place of the element.
    pub origin: Origin,
    /// The key without class and instance (`ovf:key`).
    pub key: String,
    /// The key as the guest sees it: `[class.]key[.instance]`.
    pub full_key: String,
    /// The value for every configuration; absent for passwords, which are not read.
    pub value: Option<String>,
    /// Values for single configurations.
    pub values: Vec<PropertyValue>,
}

/// The value of a property in some configurations.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PropertyValue {
    /// The identifiers of the configurations.
    pub configurations: Vec<String>,
    /// The value.
    pub value: String,
}

impl Property {
    /// The value in a deployment configuration.
    #[must_use]
    pub fn value_in(&self, configuration: Option<&str>) -> Option<&str> {
        let is_for = |value: &&PropertyValue| value.configurations.iter().any(|id| Some(id.as_str()) == configuration);
        let chosen = self.values.iter().find(is_for);
        chosen.map(|chosen| chosen.value.as_str()).or(self.value.as_deref())
    }
}

pub(crate) fn read(node: &Node<'_>, budget: &mut Budget) -> Result<ProductSection> {
    let part = |name| node.element.attribute(name).filter(|part| !part.is_empty());
    let (class, instance) = (part("class"), part("instance"));
    let around = class.map_or(0, str::len) + instance.map_or(0, str::len);
    let mut properties = Vec::new();
    for property in node.named("Property") {
        // Class and instance are a part of every key.
        budget.charge(around, &property.origin())?;
        properties.extend(read_property(&property, class, instance));
    }
    Ok(ProductSection { origin: node.origin(), properties })
}

/// `None` without a key, for nothing can refer to such a property.
fn read_property(node: &Node<'_>, class: Option<&str>, instance: Option<&str>) -> Option<Property> {
    let key = node.element.attribute("key")?.to_owned();
    let full_key = [class, Some(&key), instance].into_iter().flatten().collect::<Vec<_>>().join(".");
    let mut values = Vec::new();
    let mut value = node.element.attribute("value").map(str::to_owned);
    for child in node.element.children.iter().filter(|child| child.is("Value")) {
        let Some(text) = child.attribute("value") else { continue };
        let configurations = words(child.attribute("configuration"));
        if configurations.is_empty() {
            value.get_or_insert_with(|| text.to_owned());
        } else {
            values.push(PropertyValue { configurations, value: text.to_owned() });
        }
    }
    Some(Property { origin: node.origin(), key, full_key, value, values })
}

/// The values of all properties of a descriptor by key and full key.
#[derive(Default)]
pub(crate) struct Properties<'d> {
    by_key: HashMap<&'d str, Found<'d>>,
    configuration: Option<&'d str>,
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
    pub(crate) fn collect(content: &'d Content, configuration: Option<&'d str>) -> Self {
        let mut all = Self { configuration, ..Self::default() };
        let mut open = vec![content];
        while let Some(content) = open.pop() {
            all.add(content.about());
            if let Content::Collection(collection) = content {
                open.extend(&collection.content);
            }
        }
        all
    }

    fn add(&mut self, about: &'d About) {
        for property in about.products.iter().flat_map(|product| &product.properties) {
            let value = property.value_in(self.configuration);
            for key in [&property.key, &property.full_key] {
                self.by_key.entry(key).or_insert(Found::Nothing).and(value);
            }
        }
    }

    /// The text, or the value of the property if the whole text is `${key}`.
    ///
    /// A value may name another property in turn.
    pub(crate) fn resolve(&self, text: &'d str, origin: &Origin) -> Result<&'d str> {
        /// Chains of two are unusual already.
        const LONGEST_CHAIN: usize = 16;
        let mut text = text.trim();
        for _ in 0..LONGEST_CHAIN {
            let Some(key) = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else { return Ok(text) };
            text = self.value(key, origin)?.trim();
        }
        Err(origin.bad(format!("'{}' is a property whose value is a cycle or a long chain", printable(text))))
    }

    fn value(&self, key: &str, origin: &Origin) -> Result<&'d str> {
        let key_shown = printable(key);
        let reason = match self.by_key.get(key) {
            Some(Found::Value(value)) => return Ok(value),
            Some(Found::Nothing) => format!("the property '{key_shown}' has no value"),
            Some(Found::Different) => format!("there are several properties '{key_shown}' with different values"),
            None => format!("there is no property '{key_shown}'"),
        };
        Err(origin.bad(reason))
    }
}

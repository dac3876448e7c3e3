//! Finds the properties of a descriptor, and the names that mean them.

use std::borrow::Cow;
use std::collections::HashMap;

use cimi_model::{Error, ErrorKind, Result};

use super::{ChosenProperty, Hit, Owner, Properties, Scope};
use crate::model::{Content, ProductEntry, ProductSection, Property};
use crate::{Deployment, Descriptor};

/// What the names of all properties may take together in memory: each has the class and the instance of its section in it,
/// which a hostile descriptor makes long.
pub(crate) const LONGEST_NAMES: usize = 6 << 20;
/// What a name takes beside its text.
const NAME: usize = 200;

impl<'d> Properties<'d> {
    /// The properties of a descriptor in a configuration, with the values that the descriptor has.
    ///
    /// A property without a key is left out, for nothing can name it.
    ///
    /// # Errors
    /// When keys with class and instance take more than about 6 MiB together.
    pub fn new(descriptor: &'d Descriptor, deployment: Deployment<'d>) -> Result<Self> {
        let mut all = Self { descriptor, deployment, scopes: Vec::new(), names: HashMap::new() };
        let mut room = LONGEST_NAMES;
        let envelope = &descriptor.envelope;
        all.add(0, None, &envelope.product_sections, &mut room)?;
        let mut open: Vec<(usize, &'d Content)> = envelope.content.iter().map(|content| (0, content)).collect();
        while let Some((parent, content)) = open.pop() {
            let at = all.scopes.len();
            all.add(parent, Some(content), content.product_sections(), &mut room)?;
            open.extend(content.members().iter().rev().map(|member| (at, member)));
        }
        all.names.values_mut().for_each(|hits| hits.sort_unstable());
        Ok(all)
    }

    fn add(
        &mut self,
        parent: usize,
        content: Option<&'d Content>,
        sections: &'d [ProductSection],
        room: &mut usize,
    ) -> Result<()> {
        let scope = self.scopes.len();
        let id = content.and_then(Content::id);
        let mut properties: Vec<ChosenProperty<'d>> = Vec::new();
        for section in sections {
            let mut category = None;
            for entry in &section.entries {
                let property = match entry {
                    ProductEntry::Property(property) => property,
                    ProductEntry::Category(heading) => {
                        category = Some(heading);
                        continue;
                    }
                };
                let Some(key) = property.key.as_deref().filter(|_| self.deployment.has(property)) else { continue };
                let index = properties.len();
                let names = names(section, key);
                for (at, name) in names.iter().enumerate() {
                    *room = room.checked_sub(NAME + name.len()).ok_or_else(|| self.too_long(property))?;
                    let is_short = at + 1 < names.len();
                    self.names.entry(name.clone()).or_default().push(Hit { scope, is_short, index });
                }
                let value = self.deployment.value(property).map(Cow::Borrowed);
                let key = names.into_iter().last().unwrap_or_default();
                properties.push(ChosenProperty { property, section, category, owner: Owner(scope), index, key, value });
            }
        }
        self.scopes.push(Scope { id: id.unwrap_or_default(), parent, content, properties });
        Ok(())
    }

    fn too_long(&self, property: &Property) -> Error {
        let reason = "there are too many properties, or their keys with class and instance are too long together";
        match self.descriptor.element(property.node) {
            Some(element) => element.error(ErrorKind::Limit, reason),
            None => Error::new(ErrorKind::Limit, reason),
        }
    }
}

/// The names of a property, the whole key last.
fn names(section: &ProductSection, key: &str) -> Vec<String> {
    let part = |part: &'_ Option<String>| part.clone().filter(|part| !part.is_empty());
    let mut names = vec![key.to_owned()];
    match (part(&section.class), part(&section.instance)) {
        (None, None) => {}
        (Some(class), None) => names.push(format!("{class}.{key}")),
        (None, Some(instance)) => names.push(format!("{key}.{instance}")),
        (Some(class), Some(instance)) => {
            names.extend([format!("{class}.{key}"), format!("{key}.{instance}"), format!("{class}.{key}.{instance}")]);
        }
    }
    names
}

//! Deployment options: what of a descriptor counts in the configuration that is chosen.

use std::collections::{HashMap, HashSet};

use cimi_model::{Error, ErrorKind, Result, printable};

use crate::model::{
    Configuration, Envelope, InstanceCount, Item, Property, ResourceAllocationSection, ScaleOutSection,
    VirtualHardwareSection,
};

/// The configuration that a package is deployed in (DSP0243 9.8), and what counts in it.
///
/// ```
/// use cimi_ovf::{Deployment, Descriptor, ReadOptions};
///
/// let text = r#"<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"
///     xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
///   <DeploymentOptionSection><Info>Sizes</Info>
///     <Configuration ovf:id="small"><Label>Small</Label><Description>For tests</Description></Configuration>
///     <Configuration ovf:id="big"><Label>Big</Label><Description>For work</Description></Configuration>
///   </DeploymentOptionSection>
/// </Envelope>"#;
/// let descriptor = Descriptor::read(text.as_bytes(), &ReadOptions::default())?.value;
/// assert_eq!(Deployment::choose(&descriptor.envelope, None)?.id(), Some("small"));
/// let big = Deployment::choose(&descriptor.envelope, Some("big"))?;
/// assert!(big.applies(Some("medium big")) && big.applies(None) && !big.applies(Some("small")));
/// assert!(Deployment::choose(&descriptor.envelope, Some("huge")).is_err());
/// # Ok::<(), cimi_ovf::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Deployment<'d> {
    configuration: Option<&'d Configuration>,
}

/// A resource in a configuration, with the bounds of its range.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ChosenItem<'d> {
    /// The resource. Where a descriptor has bounds only, the lower one.
    pub item: &'d Item,
    /// The item with the lower bounds of the numbers (`ovf:bound="min"`).
    pub min: Option<&'d Item>,
    /// The item with the upper bounds of the numbers (`ovf:bound="max"`).
    pub max: Option<&'d Item>,
}

/// Which end of a range an item is.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Bound {
    Min,
    Normal,
    Max,
}

impl<'d> Deployment<'d> {
    /// Chooses the configuration with this identifier; without one, the one marked as default, else the first. A
    /// descriptor without configurations has nothing to choose.
    ///
    /// # Errors
    /// When there is no such configuration; the error lists those that there are.
    pub fn choose(envelope: &'d Envelope, id: Option<&str>) -> Result<Self> {
        let Some(id) = id else {
            let marked = configurations(envelope).find(|configuration| configuration.default == Some(true));
            return Ok(Self { configuration: marked.or_else(|| configurations(envelope).next()) });
        };
        let found = configurations(envelope).find(|configuration| configuration.id.as_deref() == Some(id));
        match found {
            Some(configuration) => Ok(Self { configuration: Some(configuration) }),
            None => Err(unknown(envelope, id)),
        }
    }

    /// What counts in this configuration.
    pub(crate) fn of(configuration: &'d Configuration) -> Self {
        Self { configuration: Some(configuration) }
    }

    /// The configuration that is chosen; `None` if there is nothing to choose.
    #[must_use]
    pub fn configuration(self) -> Option<&'d Configuration> {
        self.configuration
    }

    /// The identifier of the configuration.
    #[must_use]
    pub fn id(self) -> Option<&'d str> {
        self.configuration?.id.as_deref()
    }

    /// Whether something for these configurations, separated by blanks, counts; an empty list is for all.
    #[must_use]
    pub fn applies(self, list: Option<&str>) -> bool {
        !is_special(list) || self.is_named(list)
    }

    /// Whether the list names the configuration that is chosen.
    fn is_named(self, list: Option<&str>) -> bool {
        let id = self.id();
        words(list).any(|named| Some(named) == id)
    }

    /// The resources of a machine in the order of the document.
    ///
    /// An item for this very configuration replaces the others with the same `InstanceID`; of several such, the last
    /// counts.
    #[must_use]
    pub fn hardware(self, section: &'d VirtualHardwareSection) -> Vec<ChosenItem<'d>> {
        self.items(section.all_items())
    }

    /// The resources that are allocated to a collection together, chosen as those of a [machine](Self::hardware).
    #[must_use]
    pub fn resources(self, section: &'d ResourceAllocationSection) -> Vec<ChosenItem<'d>> {
        self.items(section.all_items())
    }

    fn items(self, all: impl Iterator<Item = &'d Item>) -> Vec<ChosenItem<'d>> {
        let mut items: Vec<&Item> = all.filter(|item| self.applies(item.configuration.as_deref())).collect();
        // Items of three classes may be mixed. New ones have no place yet, and stay where they are.
        if items.iter().all(|item| item.node.id().is_some()) {
            items.sort_by_key(|item| item.node.id());
        }
        let mut special: HashMap<(&str, Bound), &Item> = HashMap::new();
        for item in items.iter().copied().filter(|item| self.is_named(item.configuration.as_deref())) {
            id(item).map(|id| special.insert((id, bound(item)), item));
        }
        items.retain(|item| {
            let winner = id(item).and_then(|id| special.get(&(id, bound(item))));
            winner.is_none_or(|winner| std::ptr::eq(*winner, *item))
        });
        ranges(&items)
    }

    /// Whether a property counts (only OVF 2.x has properties for some configurations).
    #[must_use]
    pub fn has(self, property: &Property) -> bool {
        self.applies(property.configuration.as_deref())
    }

    /// The value of a property: that for this very configuration, else its own, else one for all configurations.
    #[must_use]
    pub fn value(self, property: &'d Property) -> Option<&'d str> {
        let named = property.values.iter().find(|value| self.is_named(value.configuration.as_deref()));
        let general = || property.values.iter().find(|value| !is_special(value.configuration.as_deref()));
        let named = named.and_then(|value| value.value.as_deref());
        named.or(property.value.as_deref()).or_else(|| general()?.value.as_deref())
    }

    /// How many instances of a member there are: the numbers for this very configuration, else those for all.
    #[must_use]
    pub fn instance_count(self, section: &'d ScaleOutSection) -> Option<&'d InstanceCount> {
        let counts = &section.instance_counts;
        let named = counts.iter().find(|count| self.is_named(count.configuration.as_deref()));
        named.or_else(|| counts.iter().find(|count| !is_special(count.configuration.as_deref())))
    }
}

/// All configurations. The standard has one section; products may have more.
fn configurations(envelope: &Envelope) -> impl Iterator<Item = &Configuration> {
    envelope.deployment_option_sections.iter().flat_map(|section| &section.configurations)
}

fn unknown(envelope: &Envelope, id: &str) -> Error {
    /// Longer lists are of no use.
    const SHOWN: usize = 20;
    let known: Vec<String> = configurations(envelope)
        .filter_map(|configuration| configuration.id.as_deref())
        .take(SHOWN)
        .map(|id| format!("'{}'", printable(id)))
        .collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let id = printable(id);
    Error::new(ErrorKind::Value, format!("there is no configuration '{id}'; the descriptor has {known}"))
}

/// The words of a list that is separated by blanks, such as identifiers of configurations.
pub(crate) fn words(list: Option<&str>) -> impl Iterator<Item = &str> {
    list.unwrap_or_default().split_ascii_whitespace()
}

/// Whether a list names configurations at all.
fn is_special(list: Option<&str>) -> bool {
    list.is_some_and(|list| !list.trim_ascii().is_empty())
}

fn id(item: &Item) -> Option<&str> {
    item.instance_id.as_deref().filter(|id| !id.is_empty())
}

fn bound(item: &Item) -> Bound {
    match item.bound.as_deref().map(str::trim_ascii) {
        Some("min") => Bound::Min,
        Some("max") => Bound::Max,
        _ => Bound::Normal,
    }
}

/// Puts the bounds of ranges to the items that they belong to.
fn ranges<'d>(items: &[&'d Item]) -> Vec<ChosenItem<'d>> {
    let mut ends: HashMap<(&str, Bound), &'d Item> = HashMap::new();
    for item in items.iter().copied() {
        if let Some(id) = id(item) {
            ends.entry((id, bound(item))).or_insert(item);
        }
    }
    let mut alone = HashSet::new();
    let mut chosen = Vec::new();
    for item in items.iter().copied() {
        let end = |bound| id(item).and_then(|id| ends.get(&(id, bound))).copied();
        if bound(item) != Bound::Normal {
            let has_normal = end(Bound::Normal).is_some();
            if has_normal || id(item).is_some_and(|id| !alone.insert(id)) {
                continue;
            }
        }
        let (min, max) = (end(Bound::Min), end(Bound::Max));
        let item = if bound(item) == Bound::Normal { item } else { min.unwrap_or(item) };
        chosen.push(ChosenItem { item, min, max });
    }
    chosen
}

//! How many there are of each member of a collection.

use std::collections::HashMap;

use cimi_model::{ErrorKind, Result, printable};

use super::source::{Source, bad, required};
use crate::model::{Content, InstanceCount, Node, ScaleOutSection, VirtualSystemCollection};
use crate::tree::ElementId;

/// How many instances there are of systems and collections, by the element; of those that are not here, there is one.
pub(super) type Quantities = HashMap<ElementId, i64>;

/// The numbers that the sections about scaling out give.
///
/// # Errors
/// When a section names what is not a member, or its numbers cannot be meant; when there are more than `most`.
pub(super) fn quantities(source: &Source<'_>, most: usize) -> Result<Quantities> {
    let mut all = Quantities::new();
    let mut open = vec![source.content];
    while let Some(content) = open.pop() {
        match content {
            // Products write the section into the system that it is about, too.
            Content::System(system) => {
                for section in &system.scale_out_sections {
                    add(source, &mut all, section, system.node, most)?;
                }
            }
            Content::Collection(collection) => {
                members(source, &mut all, collection, most)?;
                open.extend(&collection.content);
            }
        }
    }
    Ok(all)
}

fn members(source: &Source<'_>, all: &mut Quantities, collection: &VirtualSystemCollection, most: usize) -> Result<()> {
    if collection.scale_out_sections.is_empty() {
        return Ok(());
    }
    let members: HashMap<&str, Node> = collection.content.iter().filter_map(member).collect();
    for section in &collection.scale_out_sections {
        let element = source.element(section.node);
        let id = required(element, "id", section.id.as_deref())?;
        let reason = || format!("ovf:id names '{}', which is not a member of the collection", printable(id));
        let node = members.get(id).ok_or_else(|| bad(element, reason()))?;
        add(source, all, section, *node, most)?;
    }
    Ok(())
}

fn member(content: &Content) -> Option<(&str, Node)> {
    Some((content.id()?, content.node()))
}

fn add(source: &Source<'_>, all: &mut Quantities, section: &ScaleOutSection, node: Node, most: usize) -> Result<()> {
    for count in &section.instance_counts {
        check(source, count, most)?;
    }
    let chosen = source.deployment.instance_count(section);
    let quantity = chosen.and_then(|count| count.default.or(count.minimum));
    if let (Some(quantity), Some(id)) = (quantity, node.id()) {
        all.insert(id, quantity);
    }
    Ok(())
}

/// Fails if the numbers cannot be meant, whatever configuration they are for.
fn check(source: &Source<'_>, count: &InstanceCount, most: usize) -> Result<()> {
    let element = source.element(count.node);
    let number = |name| source.number(count, count.node, name);
    let (minimum, default, maximum) = (number("minimum")?, number("default")?, number("maximum")?);
    let in_order = |low: Option<u64>, high: Option<u64>| low.zip(high).is_none_or(|(low, high)| low <= high);
    if !(in_order(minimum, maximum) && in_order(minimum, default) && in_order(default, maximum)) {
        return Err(bad(element, "the minimum, default and maximum are not in order"));
    }
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    if default.or(minimum).is_some_and(|quantity| quantity > most) {
        return Err(element.error(ErrorKind::Limit, format!("more than {most} instances")));
    }
    Ok(())
}

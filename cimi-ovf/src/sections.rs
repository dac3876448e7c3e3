//! Checks of the sections that CIMI has no place for: they are kept as they are, but their identifiers and quantities
//! must be sound.

use std::collections::HashSet;

use cimi_model::{Result, printable};

use crate::check::unique;
use crate::descriptor::{About, Envelope, Item};
use crate::element::Element;
use crate::hardware;
use crate::origin::{Node, Origin};

/// The identifiers of the deployment configurations, which must all differ.
pub(crate) fn configurations(envelope: &Envelope) -> Result<HashSet<&str>> {
    let sections = envelope.sections.iter().filter(|section| section.is("DeploymentOptionSection"));
    let nodes = sections.flat_map(|section| Node::below(&envelope.origin, section).named("Configuration"));
    let all: Vec<_> = nodes.filter_map(|node| Some((node.element.attribute("id")?, node.origin()))).collect();
    unique("Configuration", all.iter().map(|(id, origin)| (*id, origin)))
}

/// Checks what a system or collection holds. `members` are the identifiers of the members of a collection.
pub(crate) fn check_about(about: &About, members: Option<&HashSet<&str>>) -> Result<()> {
    for product in &about.products {
        unique("Property", product.properties.iter().map(|property| (property.key.as_str(), &property.origin)))?;
    }
    check(&about.sections, &about.origin, members)
}

/// Checks the sections of the element with this origin.
pub(crate) fn check(sections: &[Element], origin: &Origin, members: Option<&HashSet<&str>>) -> Result<()> {
    for section in sections.iter().filter(|section| section.is_ovf()) {
        let node = || Node::below(origin, section);
        match section.name.as_str() {
            "StartupSection" => check_startup(&node(), members)?,
            "InstallSection" => node().check_numbers(&["initialBootStopDelay"])?,
            "ResourceAllocationSection" => {
                hardware::items(&node())?.iter().try_for_each(Item::check_quantity)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The items of a startup section name direct members of the collection, each once.
fn check_startup(section: &Node<'_>, members: Option<&HashSet<&str>>) -> Result<()> {
    let mut ids = Vec::new();
    for item in section.named("Item") {
        item.check_numbers(&["order", "startDelay", "stopDelay"])?;
        let id = item.required("id")?;
        if members.is_some_and(|members| !members.contains(id.as_str())) {
            let reason = format!("ovf:id names '{}', which is not a member of the collection", printable(&id));
            return Err(item.origin().bad(reason));
        }
        ids.push((id, item.origin()));
    }
    unique("Item", ids.iter().map(|(id, origin)| (id.as_str(), origin)))?;
    Ok(())
}

//! What names and tables say about how templates become resources.
//!
//! The standard names things regularly, and these rules are that regularity: a `MachineTemplate` makes a `Machine`, its
//! attribute `meterTemplates` fills the Machine's `meters`, and attributes of the same name are the same. Types that a
//! provider defines take part by following it.

use crate::Type;
use crate::meta::{Attribute, Kind, Role};
use crate::names::{self, lower_first};
use crate::registry::{Entry, Registry};

/// What a create request sets in the new resource at once (4.2.1.1).
pub(super) const SET_BY_REQUEST: &[&str] = &["name", "description", "properties"];

/// The state that a template asks for.
pub(super) const INITIAL_STATE: &str = "initialState";

/// Attributes of templates that have another name in the resource.
const RENAMED: &[(&str, &str)] = &[("genResourceMetadata", "resourceMetadata")];

/// The attribute of Meters and `EventLog`s that refers to the resource which has them.
pub(super) const TARGET: &str = "targetResource";

/// Attributes of a System that are about itself, not about its components (table 9).
const OF_SYSTEM_ITSELF: &[&str] = &["meters", "eventLog", "services"];

/// Resources that are little but extensions, which are passed on (5.14.9).
const EXTENDED: &[&str] = &["Credential"];

/// What a reference in a template stands for, if not for an existing resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ingredient {
    /// A resource to be created.
    Template,
    /// Attributes of the resource.
    Configuration,
    /// Content of the resource, and a few attributes.
    Image,
    /// Access to the resource.
    Credential,
}

pub(super) fn ingredient(target: &Type) -> Option<Ingredient> {
    match target.name {
        _ if target.role != Role::Resource => None,
        name if name.ends_with("Template") => Some(Ingredient::Template),
        name if name.ends_with("Configuration") => Some(Ingredient::Configuration),
        name if name.ends_with("Image") => Some(Ingredient::Image),
        "Credential" => Some(Ingredient::Credential),
        _ => None,
    }
}

/// Whether templates may hold resources of a type by value: templates, configurations, images and credentials. References
/// to others are to existing resources.
///
/// ```
/// use cimi_model::reflect::Described;
/// use cimi_model::{Machine, MachineConfiguration, template};
///
/// assert!(template::may_be_by_value(MachineConfiguration::TYPE));
/// assert!(!template::may_be_by_value(Machine::TYPE));
/// ```
#[must_use]
pub fn may_be_by_value(target: &Type) -> bool {
    ingredient(target).is_some()
}

/// The attributes which a template has for itself and does not pass on.
pub(super) fn is_common(name: &str) -> bool {
    // The state of an image, say, is not that of what is made from it.
    names::is_common(name) || name == "state"
}

pub(super) fn passes_extensions(resource: &Type) -> bool {
    EXTENDED.contains(&resource.name)
}

/// The type of the resources that are made from a template.
pub(super) fn made_from(template: &Type, registry: &Registry) -> Option<Entry> {
    let name = template.name.strip_suffix("Template")?;
    let is = |found: &Type| found.name == name && found.namespace == template.namespace && found.role == Role::Resource;
    registry.iter().find(|entry| is(entry.record_type)).copied()
}

/// The type that an attribute of a componentDescriptor is named after.
pub(super) fn named_after(attribute: &str, registry: &Registry) -> Option<Entry> {
    let local = attribute.rsplit_once('}').map_or(attribute, |(_, local)| local);
    let is = |found: &Type| found.role == Role::Resource && lower_first(found.name) == local;
    registry.iter().find(|entry| is(entry.record_type)).copied()
}

/// Where a resource has what an attribute of its template is about, with the index in its table.
pub(super) fn counterpart(attribute: &Attribute, resource: &'static Type) -> Option<(usize, &'static Attribute)> {
    let renamed = RENAMED.iter().find(|(from, _)| *from == attribute.name).map(|(_, to)| (*to).to_owned());
    let name = renamed
        .or_else(|| attribute.name.strip_suffix("Templates").map(|stem| format!("{stem}s")))
        .or_else(|| attribute.name.strip_suffix("Template").map(str::to_owned))
        .unwrap_or_else(|| attribute.name.to_owned());
    let index = resource.find_exact(&name, 0)?;
    Some((index, resource.attributes.get(index)?))
}

/// The type of the members, if the attribute is a collection.
pub(super) fn members(attribute: &Attribute) -> Option<&'static Type> {
    match attribute.kind {
        Kind::Ref(target) => target().members.map(|members| (members.item)()),
        _ => None,
    }
}

/// Whether a member of a collection is such a resource, or an item that refers to one (`locatedVolume`, `SystemAddress`).
pub(super) fn stands_for(member: &Type, resource: &Type) -> bool {
    member.is_same(resource) || refers_to(member, resource).is_some()
}

/// The attribute with which an item of a collection refers to the resource that it stands for.
pub(super) fn refers_to(item: &Type, resource: &Type) -> Option<usize> {
    let index = reference_of(item)?;
    let Kind::Ref(target) = item.attributes.get(index)?.kind else { return None };
    target().is_same(resource).then_some(index)
}

/// As [`refers_to`], whatever the resource: the attribute that the item is named after, as `locatedVolume` is after
/// `volume`.
pub(super) fn reference_of(item: &Type) -> Option<usize> {
    item.attributes.iter().position(|attribute| match attribute.kind {
        Kind::Ref(target) => {
            let target = target().name;
            item.name != target && item.name.ends_with(target) && attribute.name == lower_first(target)
        }
        _ => false,
    })
}

/// The collection of a resource that holds resources of a type.
pub(super) fn collection_of(owner: &'static Type, resource: &Type) -> Option<&'static Attribute> {
    owner.attributes.iter().find(|attribute| members(attribute).is_some_and(|member| stands_for(member, resource)))
}

/// The collection of a System that holds components of a type.
pub(super) fn component_collection(system: &'static Type, resource: &Type) -> Option<&'static Attribute> {
    let found = collection_of(system, resource)?;
    (!OF_SYSTEM_ITSELF.contains(&found.name)).then_some(found)
}

/// The attribute of a resource that holds or refers to resources of a type.
pub(super) fn place_for(owner: &'static Type, resource: &Type) -> Option<&'static Attribute> {
    let is = |attribute: &&Attribute| matches!(attribute.kind, Kind::Ref(target) if target().is_same(resource));
    let plain = || owner.attributes.iter().filter(|row| row.name == lower_first(resource.name)).find(is);
    collection_of(owner, resource).or_else(plain)
}

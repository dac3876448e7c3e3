//! Which URIs there are: the choice of this provider, which a consumer does not know (4.1.3).
//!
//! | path below the base URI | what |
//! |---|---|
//! | `cloudEntryPoint` | the cloud entry point |
//! | `machines` | a catalog: a collection of the entry point, named after its attribute |
//! | `serviceLevels-tiers` | a catalog of added resources, named after the addition to the entry point and its attribute |
//! | `machines/1` | a resource whose type has a catalog, whatever collections it is in |
//! | `machines/1/disks` | a collection of a resource, named after its attribute |
//! | `machines/1/disks/1` | a resource whose type has no catalog, in the collection where it was created |

use std::sync::LazyLock;

use cimi_model::meta::{Dependence, Kind, Role};
use cimi_model::reflect::{Described, Record};
use cimi_model::{AnyResource, Attribute, CloudEntryPoint, Dialect, Type, attributes};

use super::offers;

/// The path of the cloud entry point.
pub(crate) const ENTRY_POINT: &str = "cloudEntryPoint";

/// The path of all that is served, with slashes at both ends: what `baseURI` ends with.
pub(crate) const BASE: &str = "/cimi/";

/// The attributes of what is added to the entry point, which has collections of added types, with the names of these
/// additions.
static ADDED: LazyLock<Vec<(&'static str, &'static Attribute)>> = LazyLock::new(|| {
    let registry = offers::registry(Dialect::V2);
    let additions = registry.additions_of(CloudEntryPoint::described());
    additions.flat_map(|added| added.value_type().attributes.iter().map(move |row| (added.name(), row))).collect()
});

/// The attributes with which a type refers to collections of its own in a dialect.
///
/// An item that only adds to another resource shows the collections of that, and has none.
pub(crate) fn collections(of: &'static Type, dialect: Dialect) -> impl Iterator<Item = &'static Attribute> {
    let accessory = of.attributes.iter().any(is_accessory);
    // Consumers of 1.x expect what they know, and nothing else.
    let is_added = dialect == Dialect::V2 && std::ptr::eq(of, CloudEntryPoint::described());
    let added = ADDED.iter().map(|(_, row)| *row).filter(move |_| is_added);
    let rows = of.attributes.iter().filter(move |_| of.role == Role::Resource && !accessory).chain(added);
    let in_dialect = rows.filter(move |row| dialect.has(row.versions));
    in_dialect.filter(move |row| !of.name.ends_with("Template") && collection_type(row, dialect).is_some())
}

/// The type of the collection that an attribute refers to in a dialect.
pub(crate) fn collection_type(attribute: &Attribute, dialect: Dialect) -> Option<&'static Type> {
    match attribute.kind_in(dialect) {
        Kind::Ref(target) => Some(target()).filter(|target| target.members.is_some()),
        _ => None,
    }
}

/// The type of the members of the collection that an attribute refers to in a dialect.
pub(crate) fn member_type(attribute: &Attribute, dialect: Dialect) -> Option<&'static Type> {
    collection_type(attribute, dialect).and_then(|of| of.members).map(|members| (members.item)())
}

/// The attributes of the entry point in a dialect that refer to collections.
pub(crate) fn catalogs(dialect: Dialect) -> impl Iterator<Item = &'static Attribute> {
    collections(CloudEntryPoint::described(), dialect)
}

/// The attribute of the entry point whose collection has all resources of a type.
pub(crate) fn catalog_of(of: &Type, dialect: Dialect) -> Option<&'static Attribute> {
    catalogs(dialect).find(|row| member_type(row, dialect).is_some_and(|member| std::ptr::eq(member, of)))
}

/// Takes out of an item that only adds to another resource what belongs to that.
pub(crate) fn clear_borrowed(item: &mut dyn Record) {
    let of = item.record_type();
    let target = of.attributes.iter().find(|row| is_accessory(row)).and_then(|row| row.kind.target());
    let Some(target) = target else { return };
    for row in of.attributes {
        let common = AnyResource::described().attribute(row.name).is_some();
        if !common && target.attribute(row.name).is_some() {
            attributes::clear(item, row.name);
        }
    }
}

/// The path of the collection that a resource has at an attribute.
pub(crate) fn collection_path(owner: &str, attribute: &Attribute, dialect: Dialect) -> String {
    let name = attribute.name_in(dialect);
    if owner != ENTRY_POINT {
        return format!("{owner}/{name}");
    }
    // Several additions have collections of the same name.
    match ADDED.iter().find(|(_, row)| std::ptr::eq(*row, attribute)) {
        Some((addition, _)) => format!("{addition}-{name}"),
        None => name.to_owned(),
    }
}

/// Whether resources with this attribute only add to the target of it, with which they are deleted.
pub(crate) fn is_accessory(row: &Attribute) -> bool {
    row.dependence == Some(Dependence::Accessory)
}

//! What can be sent to a collection: new resources, and items that refer to existing ones (5.5.12.1, 5.5.12.2).

use cimi_model::meta::{Dependence, Kind, Role, Type};
use cimi_model::reflect::Record;
use cimi_model::registry::{Entry, Registry};
use cimi_model::template::fill;
use cimi_model::{Any, Document, Extension, Extensions, Uri, attributes};

/// What the tables say about the items of a collection.
pub(super) struct Items {
    item: Entry,
    /// The request that makes a resource from a template: `MachineCreate`.
    maker: Option<Entry>,
    /// The attribute with which an item refers to its resource, where it is not the resource itself.
    reference: Option<&'static str>,
    /// The resource that an item is or refers to.
    resource: &'static Type,
}

impl Items {
    /// The items of a type of collections, if the registry has them.
    pub(super) fn of(collection: &'static Type, registry: &Registry) -> Option<Self> {
        let item_type = (collection.members?.item)();
        let item = *registry.entry(item_type)?;
        let maker = registry.creation_of(item_type).copied();
        let (reference, resource) = match association(item_type) {
            Some((name, resource)) => (Some(name), resource),
            None => (None, item_type),
        };
        Some(Self { item, maker, reference, resource })
    }

    /// What is expected of a document that does not say its type.
    pub(super) fn usual(&self) -> Entry {
        self.maker.unwrap_or(self.item)
    }

    /// The item, where it may also be created as itself: what has states comes from a template (5.14.2.1).
    pub(super) fn as_itself(&self) -> Option<Entry> {
        (self.maker.is_some() && self.item.record_type.lifecycle.is_none()).then_some(self.item)
    }

    /// Whether a resource is made from a document of this type.
    pub(super) fn makes(&self, record_type: &'static Type) -> bool {
        same(record_type, self.usual().record_type)
            || self.as_itself().is_some_and(|entry| same(record_type, entry.record_type))
    }

    /// Whether this is the type of the items.
    pub(super) fn holds(&self, record_type: &'static Type) -> bool {
        same(record_type, self.item.record_type)
    }

    /// Whether a document of this type refers to an existing resource that is to be put in: an item of this collection, or
    /// of the one that 1.x has in its place.
    pub(super) fn is_association(&self, record_type: &'static Type) -> bool {
        association(record_type).is_some_and(|(_, resource)| self.holds(record_type) || same(resource, self.resource))
    }

    /// The types of documents that are expected, for messages.
    pub(super) fn expected(&self) -> String {
        let usual = self.usual().record_type.name;
        match self.as_itself() {
            Some(entry) => format!("{usual} or {}", entry.record_type.name),
            None => usual.to_owned(),
        }
    }

    /// The resource that a request to insert or remove is about: the reference that is named after its type, or the only
    /// one there is.
    pub(super) fn resource_of(&self, request: &dyn Record) -> Option<Uri> {
        if let Some((name, _)) = association(request.record_type()) {
            return attributes::href(request, name).cloned();
        }
        let named = lower_first(self.resource.name);
        let own = self.reference.unwrap_or(&named);
        let by_name = |name: &str| {
            let extension = || request.extensions().get(name).and_then(extension_href);
            attributes::href(request, name).cloned().or_else(extension)
        };
        by_name(own).or_else(|| by_name(&named)).or_else(|| only_reference(request))
    }

    /// The item that the collection is to hold, where it is more than its resource: with the accessory attributes that the
    /// request has.
    pub(super) fn item_of(&self, request: &dyn Record, href: &Uri) -> Option<Document> {
        let reference = self.reference?;
        let mut item = (self.item.new)();
        fill(&mut *item, request);
        // Parameters of the operation that the item does not have.
        *item.extensions_mut() = Extensions::new();
        clear_read_only(&mut *item);
        attributes::set_href(&mut *item, reference, href);
        Some(item.into())
    }

    /// Whether a request to make a resource has the template that it is made from.
    pub(super) fn has_template(&self, request: &dyn Record) -> bool {
        let Some(maker) = self.maker else { return false };
        let is_template = |kind: Kind| matches!(kind, Kind::Ref(target) if target().role == Role::Resource);
        let mut table = maker.record_type.attributes.iter().enumerate();
        table.any(|(index, attribute)| {
            is_template(attribute.kind) && request.get(index).is_some_and(|value| !value.view().is_empty())
        })
    }
}

/// Whether two tables are of one type: those of collections may have several addresses.
pub(super) fn same(a: &Type, b: &Type) -> bool {
    std::ptr::eq(a, b) || ((a.role, a.name, a.namespace) == (b.role, b.name, b.namespace))
}

/// Takes out of a resource that is created as itself what only the provider sets (5.3).
pub(super) fn clear_read_only(record: &mut dyn Record) {
    for (index, attribute) in record.record_type().attributes.iter().enumerate() {
        if !attribute.constraints.consumer_writable
            && let Some(value) = record.get_mut(index)
        {
            value.clear();
        }
    }
}

/// The attribute with which an item refers to its resource, and the type of that.
fn association(item: &'static Type) -> Option<(&'static str, &'static Type)> {
    item.attributes.iter().find_map(|attribute| match (attribute.dependence, attribute.kind) {
        (Some(Dependence::Accessory), Kind::Ref(resource)) => Some((attribute.name, resource())),
        _ => None,
    })
}

/// The `href` of an extension, as either format has it, or its text.
fn extension_href(value: &Any) -> Option<Uri> {
    let href = value.get("href").or_else(|| value.get("@href")).unwrap_or(value);
    href.as_str().map(|href| Uri::from(href.trim()))
}

/// The resource that a request refers to, if it is one.
fn only_reference(request: &dyn Record) -> Option<Uri> {
    let table = request.record_type().attributes.iter();
    let attributes = table.filter_map(|attribute| attributes::href(request, attribute.name).cloned());
    let has_href = |value: &Any| value.get("href").is_some() || value.get("@href").is_some();
    let extensions = request.extensions().iter().map(Extension::value).filter(|value| has_href(value));
    let mut found = attributes.chain(extensions.filter_map(extension_href));
    found.next().filter(|_| found.next().is_none())
}

/// The name of an attribute that holds a resource of the type with this name.
fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + chars.as_str())
}

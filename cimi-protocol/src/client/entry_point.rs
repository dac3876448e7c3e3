//! Discovery from the cloud entry point (5.12).

use cimi_model::meta::{Attribute, Kind, Members};
use cimi_model::reflect::{Described, Item, Record, Resource, Shape, View};
use cimi_model::{Any, CloudEntryPoint, Collection, Dialect, Extension, ResourceMetadata, Type, Uri, printable};

use super::{Peer, Read, peer};
use crate::{Error, ErrorKind, Representation, Result};

/// The cloud entry point of a provider, where discovery starts (5.12), and the [`Peer`] that it makes known.
///
/// ```
/// use cimi_model::{CloudEntryPoint, MachineImage};
/// use cimi_protocol::Operation;
/// use cimi_protocol::client::{EntryPoint, Peer};
///
/// let uri = "https://cloud.example.com/cimi".into();
/// let read = Peer::default().read::<CloudEntryPoint>(&uri)?;
/// let answer = http::Response::builder().header("Content-Type", "application/xml").body(
///     r#"<CloudEntryPoint xmlns="http://schemas.dmtf.org/cimi/1">
///         <baseURI>https://cloud.example.com/v1/</baseURI><machineImages href="images"/>
///     </CloudEntryPoint>"#,
/// )?;
/// let entry = EntryPoint::new(&uri, read.response(answer)?, Peer::default());
/// assert_eq!(entry.peer.dialect, cimi_model::Dialect::V1);
/// assert_eq!(entry.collection::<MachineImage>()?.uri().as_str(), "https://cloud.example.com/v1/images");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EntryPoint {
    /// What the provider sent.
    pub document: CloudEntryPoint,
    /// The dialect that the provider speaks, as far as the entry point says.
    pub dialect: Option<Dialect>,
    /// How it is spoken with.
    pub peer: Peer,
}

/// A collection that an entry point refers to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Entry<'e> {
    /// The name of the attribute in 2.0, or the key of an extension.
    pub name: &'e str,
    /// The collection, as the provider handed it out.
    pub href: Uri,
    /// The type of the collection, if it is one of the standard's.
    pub collection_type: Option<&'static Type>,
}

impl EntryPoint {
    /// What an entry point says that was read from this URI. The peer gets its `baseURI` and the dialect.
    ///
    /// A JSON document of 1.x need not say its dialect; then it is the one that alone has some of the attributes, and if
    /// there are none, the peer stays as it is.
    #[must_use]
    pub fn new(uri: &Uri, read: Representation<CloudEntryPoint>, mut peer: Peer) -> Self {
        let document = read.content.value;
        let dialect = read.content.dialect.or_else(|| only_dialect(&document));
        // Without a baseURI, what is relative is so to the document, as everywhere on the web.
        let stated = document.base_uri.as_ref().and_then(|base| peer::resolve(base, uri).ok());
        peer.base = Some(stated.unwrap_or_else(|| uri.clone()));
        peer.dialect = dialect.unwrap_or(peer.dialect);
        Self { document, dialect, peer }
    }

    /// A reading of the collection with resources of this type, the standard's or a provider's own.
    ///
    /// # Errors
    /// Of kind [`NotOffered`](ErrorKind::NotOffered) when the entry point has none, and of kind [`Uri`](ErrorKind::Uri) when
    /// its URI does not resolve.
    pub fn collection<T: Resource + Item + Shape>(&self) -> Result<Read<Collection<T>>> {
        let wanted = T::described();
        let is_wanted = |entry: &Entry<'_>| match entry.collection_type.and_then(|found| found.members) {
            Some(members) => (members.item)().uri(Dialect::V2) == wanted.uri(Dialect::V2),
            None => T::COLLECTION.is_grouping(local(entry.name)),
        };
        match self.entries().find(is_wanted) {
            Some(entry) => self.peer.read(&entry.href),
            None => Err(self.none(wanted.name)),
        }
    }

    /// The collection in the attribute with this name, in either dialect. The name of the collection's members
    /// (`machineConfigurations` for `machineConfigs`) and the local name of an extension are understood, too.
    ///
    /// # Errors
    /// Of kind [`NotOffered`](ErrorKind::NotOffered) when the entry point has none.
    pub fn named(&self, name: &str) -> Result<Entry<'_>> {
        let row = CloudEntryPoint::described().attribute(name).or_else(|| by_grouping(name));
        let found = self.entries().find(|entry| match row {
            Some(row) => entry.name == row.name,
            None => entry.name == name,
        });
        let found = found.or_else(|| self.entries().find(|entry| local(entry.name) == name));
        found.ok_or_else(|| self.none(name))
    }

    /// The collections that the entry point refers to.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let rows = CloudEntryPoint::described().attributes.iter().enumerate();
        let standard = rows.filter_map(|(index, row)| {
            let View::Ref(reference) = self.document.get(index)?.view() else { return None };
            let href = reference.href()?.clone();
            Some(Entry { name: row.name, href, collection_type: Some(collection_of(row)?) })
        });
        standard.chain(self.document.extensions.iter().filter_map(extension))
    }

    /// A reading of what the provider says about its types: constraints, capabilities and operations (5.11).
    ///
    /// Members of a collection need not show more than their common attributes (5.5.12): where capabilities are
    /// missing, read each by its `id`.
    ///
    /// # Errors
    /// As [`collection`](Self::collection).
    pub fn metadata(&self) -> Result<Read<Collection<ResourceMetadata>>> {
        self.collection()
    }

    fn none(&self, name: &str) -> Error {
        let names: Vec<&str> = self.entries().map(|entry| entry.name).collect();
        let reason = format!("the entry point has no collection '{}'; it has {}", printable(name), names.join(", "));
        Error::new(ErrorKind::NotOffered, reason)
    }
}

/// What a provider says about a type (5.11), among all that it says.
///
/// ```
/// use cimi_model::capabilities::machine;
/// use cimi_model::reflect::Described;
/// use cimi_model::{Collection, Machine, ResourceMetadata};
/// use cimi_protocol::client::metadata_of;
///
/// # let text = br#"{"resourceMetadata": [{"typeURI": "http://schemas.dmtf.org/cimi/1/Machine", "capabilities": [
/// #     {"uri": "http://schemas.dmtf.org/cimi/1/capability/Machine/InitialStates", "value": "STARTED,STOPPED"}]}]}"#;
/// # let all = cimi_model::json::from_slice::<Collection<ResourceMetadata>>(text, &Default::default())?.value;
/// let machines = metadata_of(Machine::described(), &all.items).ok_or("nothing is said about Machines")?;
/// assert!(machine::INITIAL_STATES.get(machines).is_some_and(|states| states.contains(&"STOPPED".to_owned())));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn metadata_of<'m>(described: &Type, metadata: &'m [ResourceMetadata]) -> Option<&'m ResourceMetadata> {
    metadata.iter().find(|metadata| metadata.type_uri.as_ref().is_some_and(|uri| described.is_uri(uri.as_str())))
}

/// The type of the collection that an attribute of the entry point refers to.
fn collection_of(row: &Attribute) -> Option<&'static Type> {
    match row.kind {
        Kind::Ref(target) => Some(target()).filter(|target| target.members.is_some()),
        _ => None,
    }
}

/// The attribute whose collection has members of this name.
fn by_grouping(name: &str) -> Option<&'static Attribute> {
    let is_named = |members: Members| members.grouping == name || members.v1_grouping == Some(name);
    let rows = CloudEntryPoint::described().attributes.iter();
    rows.rev().find(|row| collection_of(row).and_then(|found| found.members).is_some_and(is_named))
}

/// A collection that only this provider has.
fn extension(extension: &Extension) -> Option<Entry<'_>> {
    let href = extension.value().get("href").and_then(Any::as_str)?;
    Some(Entry { name: extension.key(), href: href.into(), collection_type: None })
}

/// The name of an extension without its namespace.
fn local(key: &str) -> &str {
    key.rsplit_once('}').map_or(key, |(_, local)| local)
}

/// The dialect that alone has some of the attributes.
fn only_dialect(document: &CloudEntryPoint) -> Option<Dialect> {
    let rows = CloudEntryPoint::described().attributes.iter().enumerate();
    let there = rows.filter(|(index, _)| document.get(*index).is_some_and(|value| !value.view().is_empty()));
    let (mut first, mut second) = (false, false);
    for (_, row) in there {
        first |= !Dialect::V2.has(row.versions);
        second |= !Dialect::V1.has(row.versions);
    }
    match (first, second) {
        (true, false) => Some(Dialect::V1),
        (false, true) => Some(Dialect::V2),
        _ => None,
    }
}

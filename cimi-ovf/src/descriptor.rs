//! The parts of an OVF descriptor (DSP0243) that have a meaning for CIMI, as plain structures.
//!
//! What is not typed here is kept as [`Element`], so nothing of a descriptor is lost but the values of passwords.

use crate::element::{Attribute, Element};
use crate::origin::Origin;
use crate::product::ProductSection;

/// An OVF descriptor whose references and quantities have been checked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Envelope {
    /// The place of the root element.
    pub origin: Origin,
    /// The files of the package (`References/File`).
    pub files: Vec<File>,
    /// The virtual disks (`DiskSection/Disk`, and `SharedDiskSection/SharedDisk` of OVF 2.x).
    pub disks: Vec<Disk>,
    /// The logical networks (`NetworkSection/Network`).
    pub networks: Vec<Network>,
    /// The chosen deployment configuration: the one marked as default, else the first (`DeploymentOptionSection`).
    pub configuration: Option<String>,
    /// The one virtual system or collection of the descriptor.
    pub content: Content,
    /// The attributes of the root element, for example `ovf:version`.
    pub attributes: Vec<Attribute>,
    /// Every other section of the envelope, message bundles included.
    pub sections: Vec<Element>,
    /// What was tolerated; at most [`Limits::deviations`](crate::Limits::deviations).
    pub warnings: Vec<Warning>,
}

/// Something in a descriptor that was tolerated, or that CIMI cannot express.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// The element.
    pub origin: Origin,
    /// What is the matter and what was made of it.
    pub text: String,
}

impl std::fmt::Display for Warning {
    /// `PATH: text`, on one line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.origin.path(), self.text)
    }
}

/// A file of the package.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct File {
    /// The place of the element.
    pub origin: Origin,
    /// Its name within the descriptor (`ovf:id`).
    pub id: String,
    /// Where it is: a path relative to the descriptor, or a URI (`ovf:href`). Never opened by this library.
    pub href: String,
    /// The element, with size, compression and chunk size.
    pub element: Element,
}

/// A virtual disk.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Disk {
    /// The place of the element.
    pub origin: Origin,
    /// Its name within the descriptor (`ovf:diskId`).
    pub id: String,
    /// The capacity in bytes; absent only if the disk has a file and the descriptor leaves the capacity to it.
    pub capacity: Option<u64>,
    /// The [`File::id`] of the image, unless the disk starts blank (`ovf:fileRef`).
    pub file: Option<String>,
    /// The [`Disk::id`] of the disk that this one is a delta of (`ovf:parentRef`).
    pub parent: Option<String>,
    /// The URI of the image's format (`ovf:format`).
    pub format: Option<String>,
    /// Whether machines share one such disk (`SharedDisk`) instead of each having its own.
    pub shared: bool,
    /// The element.
    pub element: Element,
}

/// A logical network.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Network {
    /// The place of the element.
    pub origin: Origin,
    /// Its name within the descriptor (`ovf:name`).
    pub name: String,
    /// The description.
    pub description: Option<String>,
    /// The element.
    pub element: Element,
}

/// What an envelope or a collection consists of.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Content {
    /// A virtual machine.
    System(VirtualSystem),
    /// Several, with what they have in common.
    Collection(VirtualSystemCollection),
}

impl About {
    /// The name, else the identifier.
    pub(crate) fn name_or_id(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

impl Content {
    /// What both have.
    #[must_use]
    pub fn about(&self) -> &About {
        match self {
            Self::System(system) => &system.about,
            Self::Collection(collection) => &collection.about,
        }
    }
}

/// What virtual systems and collections have in common.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct About {
    /// The place of the element.
    pub origin: Origin,
    /// The identifier, unique among siblings (`ovf:id`).
    pub id: String,
    /// The text of `Info`.
    pub info: Option<String>,
    /// The text of `Name`.
    pub name: Option<String>,
    /// The text of `AnnotationSection/Annotation`.
    pub annotation: Option<String>,
    /// The product sections, whose properties may stand for capacities.
    pub products: Vec<ProductSection>,
    /// The attributes of the element.
    pub attributes: Vec<Attribute>,
    /// Every section but the virtual hardware, those above included.
    pub sections: Vec<Element>,
}

/// A virtual machine.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VirtualSystem {
    /// Identifier, texts and sections.
    pub about: About,
    /// The virtual hardware sections; the first is the one that counts.
    pub hardware: Vec<VirtualHardwareSection>,
}

/// A group of virtual machines and groups.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VirtualSystemCollection {
    /// Identifier, texts and sections.
    pub about: About,
    /// The members in document order.
    pub content: Vec<Content>,
}

/// The virtual hardware of one machine.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VirtualHardwareSection {
    /// The place of the element.
    pub origin: Origin,
    /// The items, all configurations and bounds included, in document order.
    pub items: Vec<Item>,
    /// The element.
    pub element: Element,
}

/// A resource of a machine: the settings of `CIM_ResourceAllocationSettingData`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Item {
    /// The place of the element.
    pub origin: Origin,
    /// The identifier, unique within the section for one bound and configuration.
    pub instance_id: Option<String>,
    /// The kind of resource: 3 processor, 4 memory, 10 Ethernet adapter, 15 and 16 CD and DVD drive, 17 disk…
    pub resource_type: u16,
    /// The number of units, of virtual processors for a processor.
    pub quantity: Option<u64>,
    /// The unit of the quantity as it is written.
    pub units: Option<String>,
    /// The name for people (`ElementName`, or `Caption` in `VirtualBox`).
    pub name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// Whether the resource is connected when the machine starts (`AutomaticAllocation`).
    pub automatic: Option<bool>,
    /// The `InstanceID` of the controller.
    pub parent: Option<String>,
    /// The networks that an adapter is connected to.
    pub connections: Vec<Located>,
    /// What backs the resource.
    pub host_resources: Vec<Located>,
    /// The deployment configurations that the item is for; empty for all.
    pub configurations: Vec<String>,
    /// Whether the item is the lower or upper bound of the range of another (`ovf:bound` is `min` or `max`).
    pub bound: Option<String>,
}

/// A text and where it stands.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Located {
    /// The text without white space around it.
    pub text: String,
    /// The place of the element around the text.
    pub origin: Origin,
}

/// What a `HostResource` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HostResource<'a> {
    /// The [`Disk::id`] of a disk: `ovf:/disk/ID`.
    Disk(&'a str),
    /// The [`File::id`] of a file: `ovf:/file/ID`.
    File(&'a str),
    /// Something of the producer's host.
    Other(&'a str),
}

impl<'a> HostResource<'a> {
    /// Reads `ovf:/disk/ID` and what products write for it: `/disk/ID` and `ovf://disk/ID`, `disk/ID`.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        let path = text.strip_prefix("ovf:").unwrap_or(text).trim_start_matches('/');
        match path.split_once('/') {
            Some(("disk", id)) => Self::Disk(id),
            Some(("file", id)) => Self::File(id),
            _ => Self::Other(text),
        }
    }
}

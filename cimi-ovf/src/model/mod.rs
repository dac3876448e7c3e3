//! The structures of a descriptor: every element and attribute that OVF 1.x and 2.x define.
//!
//! Each structure is one table, written by [`record!`](cimi_model::record): a row for each attribute and child element, in
//! the order of the schema. The tables are all there is. The reader fills structures from elements by them
//! (`read.rs`), the patcher finds by them what differs and changes only that (`patch.rs`), new structures become
//! elements by them (`build.rs`), and they are what documentation and validation go by. So **adding a section** is one
//! place: write its table in the file that it fits, and a row for it in the structure that it stands in.
//!
//! What the words of a table mean here:
//!
//! | in the table | in the descriptor |
//! |---|---|
//! | the name of a row | the local name of the attribute or element; arrays are repeated elements |
//! | `xml_attribute`, `xml_content` | an attribute, in the namespace of the document; the text of the element |
//! | `namespace` of the structure | that of its child elements; [`OVF`](namespaces::OVF) stands for every version, [`ENVIRONMENT`](namespaces::ENVIRONMENT) is that of environment documents |
//! | `xml_namespace` of a row | another namespace than that |
//! | `aliases` | names that products or OVF 0.9 write; for a row of a choice, the other names |
//! | `required` | what the schema demands; absent, a deviation |
//! | `range` | the type of an integer; beyond it, a deviation |
//! | `v2_only` | not in OVF 0.9 and 1.x |
//!
//! The first row of each table is its [`Node`]. What no table knows, such as the sections of vendors, stays in the
//! [tree](crate::tree); `extensions` are not used, and not written.

mod build;
mod choice;
mod content;
mod disk;
mod envelope;
mod hardware;
mod host_resource;
mod item;
mod message;
pub mod namespaces;
mod network;
mod node;
mod ovf2;
mod patch;
mod product;
mod read;
mod sections;
mod vocabulary;
mod whole;

pub use choice::{Content, ProductEntry};
pub use content::{VirtualSystem, VirtualSystemCollection};
pub use disk::{Disk, DiskSection, SharedDisk, SharedDiskSection};
pub use envelope::{Envelope, File, References};
pub use hardware::{ResourceAllocationSection, System, VirtualHardwareSection};
pub use host_resource::HostResource;
pub use item::Item;
pub use message::{BundleMessage, Message, Strings};
pub use network::{Network, NetworkPortProfile, NetworkSection};
pub use node::Node;
pub use ovf2::{
    BootConfig, BootDeviceSection, BootSource, DerivedKey, EncryptedKey, EncryptedReference, EncryptionMethod,
    EncryptionSection, EnvironmentFile, EnvironmentFilesSection, InstanceCount, PlacementGroupSection,
    PlacementSection, ReferenceList, ScaleOutSection,
};
pub use product::{Category, Icon, ProductSection, Property, PropertyValue};
pub use sections::{
    AnnotationSection, Configuration, DeploymentOptionSection, EulaSection, InstallSection, OperatingSystemSection,
    StartupItem, StartupSection,
};

pub(crate) use node::node_of;
pub(crate) use patch::patch;
pub(crate) use read::{
    OUT_OF_ORDER, Reader, element_text, expected_integer, is_nil, memory, missing, named, refused, weight,
};
pub(crate) use vocabulary::{Vocabulary, attribute_namespace};
pub(crate) use whole::{foreign_children, read, reread};

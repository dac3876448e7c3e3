//! The root of a descriptor, and the files of its package.

use cimi_model::record;

use super::namespaces::{OVF, XML_NAMESPACE};
use super::{
    AnnotationSection, Content, DeploymentOptionSection, DiskSection, EncryptionSection, EulaSection, NetworkSection,
    Node, PlacementGroupSection, ProductSection, SharedDiskSection, Strings,
};

record! {
    /// An OVF descriptor (DSP0243 clause 6).
    pub Envelope = "Envelope" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// The version of OVF, as products write it; the namespace tells more.
        version: Option<String> = "version" [xml_attribute],
        /// The language of texts without another; absent is `en-US`.
        lang: Option<String> = "lang" [xml_attribute, xml_namespace(XML_NAMESPACE)],
        /// The files of the package.
        references: Option<References> = "References" [required],
        /// The virtual disks.
        disk_sections: Vec<DiskSection> = "DiskSection",
        /// The disks that several machines use at once.
        shared_disk_sections: Vec<SharedDiskSection> = "SharedDiskSection" [v2_only],
        /// The logical networks.
        network_sections: Vec<NetworkSection> = "NetworkSection",
        /// The configurations to choose from.
        deployment_option_sections: Vec<DeploymentOptionSection> = "DeploymentOptionSection",
        /// The groups for placement policies.
        placement_group_sections: Vec<PlacementGroupSection> = "PlacementGroupSection" [v2_only],
        /// How parts of the package are encrypted.
        encryption_sections: Vec<EncryptionSection> = "EncryptionSection" [v2_only],
        /// Remarks. The standard has them in systems only.
        annotation_sections: Vec<AnnotationSection> = "AnnotationSection",
        /// Products and properties. The standard has them in systems only.
        product_sections: Vec<ProductSection> = "ProductSection",
        /// License agreements. The standard has them in systems only.
        eula_sections: Vec<EulaSection> = "EulaSection",
        /// The one system or collection of the descriptor.
        content: Option<Content> = "VirtualSystem" [required, aliases(&["VirtualSystemCollection"])],
        /// The message bundles.
        strings: Vec<Strings> = "Strings",
    }
}

record! {
    /// The files of the package (7.1).
    pub References = "References" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// The files, in the order in which an OVA holds them.
        files: Vec<File> = "File",
    }
}

record! {
    /// A file of the package.
    pub File = "File" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// Its name within the descriptor.
        id: Option<String> = "id" [xml_attribute, required],
        /// Where it is: a path relative to the descriptor, or a URI. Never opened by this library.
        href: Option<String> = "href" [xml_attribute, required],
        /// Its size in bytes, compressed if it is.
        size: Option<i64> = "size" [xml_attribute, range(0, i64::MAX)],
        /// How it is compressed: `gzip`, `bzip2`, or empty.
        compression: Option<String> = "compression" [xml_attribute],
        /// The bytes of each part but the last, if it is split.
        chunk_size: Option<i64> = "chunkSize" [xml_attribute],
    }
}

//! Systems and collections of them.

use cimi_model::record;

use super::namespaces::OVF;
use super::{
    AnnotationSection, BootDeviceSection, Content, EnvironmentFilesSection, EulaSection, InstallSection, Message, Node,
    OperatingSystemSection, PlacementGroupSection, PlacementSection, ProductSection, ResourceAllocationSection,
    ScaleOutSection, StartupSection, VirtualHardwareSection,
};

record! {
    /// A virtual machine (DSP0243 clause 7.2).
    ///
    /// Products also write sections here that the standard has for collections only.
    pub VirtualSystem = "VirtualSystem" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// The identifier, unique among siblings.
        id: Option<String> = "id" [xml_attribute, required],
        /// What the content means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// The name for people.
        name: Option<Message> = "Name",
        /// Remarks.
        annotation_sections: Vec<AnnotationSection> = "AnnotationSection",
        /// Products and their properties.
        product_sections: Vec<ProductSection> = "ProductSection",
        /// License agreements.
        eula_sections: Vec<EulaSection> = "EulaSection",
        /// The operating system.
        operating_system_sections: Vec<OperatingSystemSection> = "OperatingSystemSection",
        /// That the machine installs itself when it first starts.
        install_sections: Vec<InstallSection> = "InstallSection",
        /// The hardware; of several, alternatives, the first that a consumer supports counts.
        virtual_hardware_sections: Vec<VirtualHardwareSection> = "VirtualHardwareSection",
        /// Files for the guest.
        environment_files_sections: Vec<EnvironmentFilesSection> = "EnvironmentFilesSection" [v2_only],
        /// What the machine starts from.
        boot_device_sections: Vec<BootDeviceSection> = "BootDeviceSection" [v2_only],
        /// Resources for all members together.
        resource_allocation_sections: Vec<ResourceAllocationSection> = "ResourceAllocationSection",
        /// The order in which members start and stop.
        startup_sections: Vec<StartupSection> = "StartupSection",
        /// How many instances there are of members.
        scale_out_sections: Vec<ScaleOutSection> = "ScaleOutSection" [v2_only],
        /// Groups for placement policies.
        placement_group_sections: Vec<PlacementGroupSection> = "PlacementGroupSection" [v2_only],
        /// The group that this is placed with.
        placement_sections: Vec<PlacementSection> = "PlacementSection" [v2_only],
    }
}

record! {
    /// A group of systems and groups (DSP0243 clause 7.2).
    pub VirtualSystemCollection = "VirtualSystemCollection" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// The identifier, unique among siblings.
        id: Option<String> = "id" [xml_attribute, required],
        /// What the content means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// The name for people.
        name: Option<Message> = "Name",
        /// Remarks.
        annotation_sections: Vec<AnnotationSection> = "AnnotationSection",
        /// Products and their properties.
        product_sections: Vec<ProductSection> = "ProductSection",
        /// License agreements.
        eula_sections: Vec<EulaSection> = "EulaSection",
        /// Resources for all members together.
        resource_allocation_sections: Vec<ResourceAllocationSection> = "ResourceAllocationSection",
        /// The order in which members start and stop.
        startup_sections: Vec<StartupSection> = "StartupSection",
        /// How many instances there are of members.
        scale_out_sections: Vec<ScaleOutSection> = "ScaleOutSection" [v2_only],
        /// Groups for placement policies.
        placement_group_sections: Vec<PlacementGroupSection> = "PlacementGroupSection" [v2_only],
        /// The group that this is placed with.
        placement_sections: Vec<PlacementSection> = "PlacementSection" [v2_only],
        /// The members, in order.
        content: Vec<Content> = "VirtualSystem" [aliases(&["VirtualSystemCollection"])],
    }
}

//! Virtual hardware.

use cimi_model::record;

use super::namespaces::{OVF, VSSD};
use super::{Item, Message, Node};

record! {
    /// The hardware of a machine (8).
    pub VirtualHardwareSection = "VirtualHardwareSection" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// Tells several sections of one machine apart.
        id: Option<String> = "id" [xml_attribute],
        /// How the environment document reaches the guest, separated by blanks: `iso`, `com.vmware.guestInfo`.
        transport: Option<String> = "transport" [xml_attribute],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// The machine as a whole.
        system: Option<System> = "System",
        /// The resources.
        items: Vec<Item> = "Item",
        /// The Ethernet ports.
        ethernet_port_items: Vec<Item> = "EthernetPortItem" [v2_only],
        /// The storage.
        storage_items: Vec<Item> = "StorageItem" [v2_only],
    }
}

record! {
    /// Resources for all members of a collection together (9.3).
    pub ResourceAllocationSection = "ResourceAllocationSection" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// The resources.
        items: Vec<Item> = "Item",
        /// The Ethernet ports.
        ethernet_port_items: Vec<Item> = "EthernetPortItem" [v2_only],
        /// The storage.
        storage_items: Vec<Item> = "StorageItem" [v2_only],
    }
}

record! {
    /// The settings of a machine as a whole (`CIM_VirtualSystemSettingData`).
    pub System = "System" Structure [namespace(VSSD)] {
        /// Where it was read.
        node: Node = "node",
        /// What happens after a failure.
        automatic_recovery_action: Option<i64> = "AutomaticRecoveryAction" [range(0, 65_535)],
        /// What happens when the host shuts down.
        automatic_shutdown_action: Option<i64> = "AutomaticShutdownAction" [range(0, 65_535)],
        /// What happens when the host starts.
        automatic_startup_action: Option<i64> = "AutomaticStartupAction" [range(0, 65_535)],
        /// How long the start waits, as an interval of CIM.
        automatic_startup_action_delay: Option<String> = "AutomaticStartupActionDelay",
        /// The place in the order of starts.
        automatic_startup_action_sequence_number: Option<i64> = "AutomaticStartupActionSequenceNumber" [range(0, 65_535)],
        /// The short description.
        caption: Option<String> = "Caption",
        /// When settings may change.
        changeable_type: Option<i64> = "ChangeableType" [range(0, 65_535), v2_only],
        /// The folder of configuration files.
        configuration_data_root: Option<String> = "ConfigurationDataRoot",
        /// The configuration file.
        configuration_file: Option<String> = "ConfigurationFile",
        /// The identifier of the configuration.
        configuration_id: Option<String> = "ConfigurationID",
        /// The name of the configuration.
        configuration_name: Option<String> = "ConfigurationName" [v2_only],
        /// When it was created, as a date of CIM.
        creation_time: Option<String> = "CreationTime",
        /// The description.
        description: Option<String> = "Description",
        /// The name for people.
        element_name: Option<String> = "ElementName" [required],
        /// Counts changes.
        generation: Option<i64> = "Generation" [range(0, i64::MAX), v2_only],
        /// The identifier.
        instance_id: Option<String> = "InstanceID" [required, aliases(&["InstanceId"])],
        /// The folder of logs.
        log_data_root: Option<String> = "LogDataRoot",
        /// Remarks.
        notes: Vec<String> = "Notes",
        /// The file that recovery needs.
        recovery_file: Option<String> = "RecoveryFile",
        /// The folder of snapshots.
        snapshot_data_root: Option<String> = "SnapshotDataRoot",
        /// The identifier within the organization.
        so_id: Option<String> = "SoID" [v2_only],
        /// The organization.
        so_org_id: Option<String> = "SoOrgID" [v2_only],
        /// The folder of suspended states.
        suspend_data_root: Option<String> = "SuspendDataRoot",
        /// The folder of swap files.
        swap_file_data_root: Option<String> = "SwapFileDataRoot",
        /// The identifier in the producer's system.
        virtual_system_identifier: Option<String> = "VirtualSystemIdentifier",
        /// The families of hardware, best first, separated by blanks or commas: `vmx-10 vmx-11`.
        virtual_system_type: Option<String> = "VirtualSystemType",
    }
}

impl VirtualHardwareSection {
    /// The items of every class.
    pub fn all_items(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().chain(&self.ethernet_port_items).chain(&self.storage_items)
    }
}

impl ResourceAllocationSection {
    /// The items of every class.
    pub fn all_items(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().chain(&self.ethernet_port_items).chain(&self.storage_items)
    }
}

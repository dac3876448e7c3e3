//! Sections about the software of a machine, and about members of a collection.

use cimi_model::record;

use super::namespaces::OVF;
use super::{Message, Node};

record! {
    /// A remark (9.4).
    pub AnnotationSection = "AnnotationSection" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// The remark.
        annotation: Option<Message> = "Annotation" [required],
    }
}

record! {
    /// A license agreement (9.6).
    pub EulaSection = "EulaSection" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// The text of the agreement.
        license: Option<Message> = "License" [required],
    }
}

record! {
    /// The operating system of a machine (9.9).
    pub OperatingSystemSection = "OperatingSystemSection" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// The number of the system in `CIM_OperatingSystem.OsType`.
        id: Option<i64> = "id" [xml_attribute, required, range(0, 65_535)],
        /// The version of the system.
        version: Option<String> = "version" [xml_attribute],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// The description.
        description: Option<Message> = "Description",
    }
}

record! {
    /// The machine installs itself when it first starts (9.10).
    pub InstallSection = "InstallSection" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// How many seconds the machine may take until it stops by itself; 0 is without end.
        initial_boot_stop_delay: Option<i64> = "initialBootStopDelay" [xml_attribute, required, range(0, 65_535)],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
    }
}

record! {
    /// The order in which the members of a collection start and stop (9.7).
    pub StartupSection = "StartupSection" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// One for each member.
        items: Vec<StartupItem> = "Item",
    }
}

record! {
    /// When a member of a collection starts and stops.
    pub StartupItem = "Item" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// The identifier of the member.
        id: Option<String> = "id" [xml_attribute, required],
        /// The place in the order; members with one number start together.
        order: Option<i64> = "order" [xml_attribute, required, range(0, 65_535)],
        /// How many seconds to wait after the start.
        start_delay: Option<i64> = "startDelay" [xml_attribute, range(0, 65_535)],
        /// Whether the next ones start as soon as the guest says that it is ready; absent is false.
        waiting_for_guest: Option<bool> = "waitingForGuest" [xml_attribute],
        /// How many seconds to wait after the stop.
        stop_delay: Option<i64> = "stopDelay" [xml_attribute, range(0, 65_535)],
        /// `powerOn`, which is the default, or `none`.
        start_action: Option<String> = "startAction" [xml_attribute],
        /// `powerOff`, which is the default, `guestShutdown` or `none`.
        stop_action: Option<String> = "stopAction" [xml_attribute],
    }
}

record! {
    /// The configurations to choose from (9.8).
    pub DeploymentOptionSection = "DeploymentOptionSection" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// The configurations; the one marked as default counts, else the first.
        configurations: Vec<Configuration> = "Configuration" [required],
    }
}

record! {
    /// A configuration that may be chosen when the package is deployed.
    pub Configuration = "Configuration" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// The identifier.
        id: Option<String> = "id" [xml_attribute, required],
        /// Whether it is the default; absent is false.
        default: Option<bool> = "default" [xml_attribute],
        /// The name for people.
        label: Option<Message> = "Label" [required],
        /// The description.
        description: Option<Message> = "Description" [required],
    }
}

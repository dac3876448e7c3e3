//! Sections that only OVF 2.x has.

use cimi_model::record;

use super::namespaces::{BOOTC, BOOTS, OVF, XENC, XENC11};
use super::{Message, Node};

record! {
    /// Files of the package that the guest gets with its environment.
    pub EnvironmentFilesSection = "EnvironmentFilesSection" Structure [namespace(OVF), v2_only] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// How they reach the guest, separated by blanks.
        transport: Option<String> = "transport" [xml_attribute],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// The files.
        files: Vec<EnvironmentFile> = "File",
    }
}

record! {
    /// A file for the guest.
    pub EnvironmentFile = "File" Structure [namespace(OVF), v2_only] {
        /// Where it was read.
        node: Node = "node",
        /// The [`File::id`](super::File::id) of the file.
        file_ref: Option<String> = "fileRef" [xml_attribute, required],
        /// Where the guest finds it on the transport medium.
        path: Option<String> = "path" [xml_attribute, required],
    }
}

record! {
    /// What a machine starts from.
    pub BootDeviceSection = "BootDeviceSection" Structure [namespace(OVF), v2_only] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// The boot configurations.
        configurations: Vec<BootConfig> = "CIM_BootConfigSetting" [required, xml_namespace(BOOTC)],
    }
}

record! {
    /// A boot configuration (`CIM_BootConfigSetting`).
    pub BootConfig = "CIM_BootConfigSetting" Structure [namespace(BOOTC), v2_only] {
        /// Where it was read.
        node: Node = "node",
        /// The short description.
        caption: Option<String> = "Caption",
        /// When settings may change.
        changeable_type: Option<i64> = "ChangeableType" [range(0, 65_535)],
        /// The name of the configuration.
        configuration_name: Option<String> = "ConfigurationName",
        /// The description.
        description: Option<String> = "Description",
        /// The name for people.
        element_name: Option<String> = "ElementName" [required],
        /// Counts changes.
        generation: Option<i64> = "Generation" [range(0, i64::MAX)],
        /// The identifier.
        instance_id: Option<String> = "InstanceID" [required],
        /// The identifier within the organization.
        so_id: Option<String> = "SoID",
        /// The organization.
        so_org_id: Option<String> = "SoOrgID",
        /// What to start from, in order.
        sources: Vec<BootSource> = "CIM_BootSourceSetting" [xml_namespace(BOOTS)],
    }
}

record! {
    /// A device to start from (`CIM_BootSourceSetting`).
    pub BootSource = "CIM_BootSourceSetting" Structure [namespace(BOOTS), v2_only] {
        /// Where it was read.
        node: Node = "node",
        /// The boot string of the BIOS.
        bios_boot_string: Option<String> = "BIOSBootString",
        /// The boot string: a device, or a URL.
        boot_string: Option<String> = "BootString",
        /// The short description.
        caption: Option<String> = "Caption",
        /// When settings may change.
        changeable_type: Option<i64> = "ChangeableType" [range(0, 65_535)],
        /// The name of the configuration.
        configuration_name: Option<String> = "ConfigurationName",
        /// The description.
        description: Option<String> = "Description",
        /// The name for people.
        element_name: Option<String> = "ElementName" [required],
        /// What happens when this source fails.
        fail_through_supported: Option<i64> = "FailThroughSupported" [range(0, 65_535)],
        /// Counts changes.
        generation: Option<i64> = "Generation" [range(0, i64::MAX)],
        /// The identifier.
        instance_id: Option<String> = "InstanceID" [required],
        /// The identifier within the organization.
        so_id: Option<String> = "SoID",
        /// The organization.
        so_org_id: Option<String> = "SoOrgID",
        /// The boot string in a structured form.
        structured_boot_string: Option<String> = "StructuredBootString",
    }
}

record! {
    /// How many instances of members there are.
    pub ScaleOutSection = "ScaleOutSection" Structure [namespace(OVF), v2_only] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// The identifier of the member.
        id: Option<String> = "id" [xml_attribute, required],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// The description.
        description: Option<Message> = "Description",
        /// The numbers, by configuration.
        instance_counts: Vec<InstanceCount> = "InstanceCount" [required],
    }
}

record! {
    /// How many instances of a member there are.
    pub InstanceCount = "InstanceCount" Structure [namespace(OVF), v2_only] {
        /// Where it was read.
        node: Node = "node",
        /// The least number; absent is 1.
        minimum: Option<i64> = "minimum" [xml_attribute, range(0, 4_294_967_295)],
        /// The number at first.
        default: Option<i64> = "default" [xml_attribute, required, range(0, 4_294_967_295)],
        /// The greatest number; absent is without end.
        maximum: Option<i64> = "maximum" [xml_attribute, range(0, 4_294_967_295)],
        /// The configurations, separated by blanks; absent is all.
        configuration: Option<String> = "configuration" [xml_attribute],
    }
}

record! {
    /// A group of systems that are placed by one policy.
    pub PlacementGroupSection = "PlacementGroupSection" Structure [namespace(OVF), v2_only] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// The identifier.
        id: Option<String> = "id" [xml_attribute, required],
        /// `affinity`, `availability`, both separated by blanks, or a URI.
        policy: Option<String> = "policy" [xml_attribute, required],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// The description.
        description: Option<Message> = "Description",
    }
}

record! {
    /// The group that a system or collection is placed with.
    pub PlacementSection = "PlacementSection" Structure [namespace(OVF), v2_only] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// The [`PlacementGroupSection::id`].
        group: Option<String> = "group" [xml_attribute, required],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
    }
}

record! {
    /// How parts of the package are encrypted. What is not typed stays in the tree.
    pub EncryptionSection = "EncryptionSection" Structure [namespace(OVF), v2_only] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// Keys that are derived from a password.
        derived_keys: Vec<DerivedKey> = "DerivedKey" [xml_namespace(XENC11)],
        /// Keys that are encrypted themselves.
        encrypted_keys: Vec<EncryptedKey> = "EncryptedKey" [xml_namespace(XENC)],
    }
}

record! {
    /// An encrypted key of XML Encryption, and what it encrypts.
    pub EncryptedKey = "EncryptedKey" Structure [namespace(XENC), v2_only] {
        /// Where it was read.
        node: Node = "node",
        /// The identifier.
        id: Option<String> = "Id" [xml_attribute],
        /// Whom the key is for.
        recipient: Option<String> = "Recipient" [xml_attribute],
        /// The algorithm that encrypts the key.
        encryption_method: Option<EncryptionMethod> = "EncryptionMethod",
        /// What is encrypted with the key.
        reference_list: Option<ReferenceList> = "ReferenceList",
        /// The name that others refer to the key by.
        carried_key_name: Option<String> = "CarriedKeyName",
    }
}

record! {
    /// A derived key of XML Encryption, and what it encrypts.
    pub DerivedKey = "DerivedKey" Structure [namespace(XENC11), v2_only] {
        /// Where it was read.
        node: Node = "node",
        /// The identifier.
        id: Option<String> = "Id" [xml_attribute],
        /// Whom the key is for.
        recipient: Option<String> = "Recipient" [xml_attribute],
        /// The kind of key.
        key_type: Option<String> = "Type" [xml_attribute],
        /// The algorithm that derives the key.
        key_derivation_method: Option<EncryptionMethod> = "KeyDerivationMethod",
        /// What is encrypted with the key.
        reference_list: Option<ReferenceList> = "ReferenceList" [xml_namespace(XENC)],
        /// The name that others refer to the key by.
        derived_key_name: Option<String> = "DerivedKeyName",
        /// What the key is derived from.
        master_key_name: Option<String> = "MasterKeyName",
    }
}

record! {
    /// An algorithm of XML Encryption.
    pub EncryptionMethod = "EncryptionMethod" Structure [namespace(XENC), v2_only] {
        /// Where it was read.
        node: Node = "node",
        /// Its URI.
        algorithm: Option<String> = "Algorithm" [xml_attribute, required],
    }
}

record! {
    /// What is encrypted with a key.
    pub ReferenceList = "ReferenceList" Structure [namespace(XENC), v2_only] {
        /// Where it was read.
        node: Node = "node",
        /// Parts of the descriptor and files.
        data_references: Vec<EncryptedReference> = "DataReference",
        /// Keys.
        key_references: Vec<EncryptedReference> = "KeyReference",
    }
}

record! {
    /// What something encrypted is.
    pub EncryptedReference = "Reference" Structure [namespace(XENC), v2_only] {
        /// Where it was read.
        node: Node = "node",
        /// Where it is.
        uri: Option<String> = "URI" [xml_attribute, required],
    }
}

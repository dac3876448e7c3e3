//! The structures of an environment document.

use cimi_model::record;

use crate::model::Node;
use crate::model::namespaces::ENVIRONMENT;

record! {
    /// What a machine learns about its environment when it is deployed (DSP8027).
    pub Environment = "Environment" Structure [namespace(ENVIRONMENT)] {
        /// Where it was read.
        node: Node = "node",
        /// The machine that the document is for, by the identifier of its `VirtualSystem`; absent is the empty one.
        id: Option<String> = "id" [xml_attribute],
        /// The platform that the machine runs on.
        platform_sections: Vec<PlatformSection> = "PlatformSection",
        /// The properties of the machine.
        property_sections: Vec<PropertySection> = "PropertySection",
        /// What there is to know of the other machines of the collection.
        entities: Vec<Entity> = "Entity",
    }
}

record! {
    /// Another machine of the collection.
    pub Entity = "Entity" Structure [namespace(ENVIRONMENT)] {
        /// Where it was read.
        node: Node = "node",
        /// Which machine, by the identifier of its `VirtualSystem`.
        id: Option<String> = "id" [xml_attribute, required],
        /// The platform that the machine runs on.
        platform_sections: Vec<PlatformSection> = "PlatformSection",
        /// The properties of the machine.
        property_sections: Vec<PropertySection> = "PropertySection",
    }
}

record! {
    /// The platform that a machine runs on.
    pub PlatformSection = "PlatformSection" Structure [namespace(ENVIRONMENT)] {
        /// Where it was read.
        node: Node = "node",
        /// The kind of platform, for example the name of the hypervisor.
        kind: Option<String> = "Kind",
        /// The version of the platform.
        version: Option<String> = "Version",
        /// The vendor of the platform.
        vendor: Option<String> = "Vendor",
        /// The language and country, for example `en_US`.
        locale: Option<String> = "Locale",
        /// The time zone in minutes, east of Greenwich positive.
        timezone: Option<i64> = "Timezone" [range(-2_147_483_648, 2_147_483_647)],
    }
}

record! {
    /// The properties of a machine.
    pub PropertySection = "PropertySection" Structure [namespace(ENVIRONMENT)] {
        /// Where it was read.
        node: Node = "node",
        /// The properties.
        properties: Vec<EnvironmentProperty> = "Property",
    }
}

record! {
    /// A property and its value.
    ///
    /// Values never appear in `Debug` output or errors, for some are passwords.
    pub EnvironmentProperty = "Property" Structure [namespace(ENVIRONMENT)] {
        /// Where it was read.
        node: Node = "node",
        /// The whole key: `[class.]key[.instance]`.
        key: Option<String> = "key" [xml_attribute, required],
        /// The value.
        value: Option<String> = "value" [xml_attribute, required, secret],
    }
}

impl Environment {
    /// The value of the property with this whole key, of the machine that the document is for.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        value(&self.property_sections, key)
    }

    /// The other machine with this identifier.
    #[must_use]
    pub fn entity(&self, id: &str) -> Option<&Entity> {
        self.entities.iter().find(|entity| entity.id.as_deref() == Some(id))
    }
}

impl Entity {
    /// The value of the property with this whole key.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        value(&self.property_sections, key)
    }
}

fn value<'e>(sections: &'e [PropertySection], key: &str) -> Option<&'e str> {
    let mut properties = sections.iter().flat_map(|section| &section.properties);
    properties.find(|property| property.key.as_deref() == Some(key))?.value.as_deref()
}

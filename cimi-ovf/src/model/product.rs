//! Products and their properties.

use cimi_model::record;

use super::namespaces::OVF;
use super::{Message, Node, ProductEntry};

record! {
    /// A product in a system, and its properties (9.5).
    pub ProductSection = "ProductSection" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// Whether a consumer that does not know the section must refuse the descriptor; absent is true.
        required: Option<bool> = "required" [xml_attribute],
        /// With [`instance`](Self::instance), tells the section from others; the beginning of the keys of properties.
        class: Option<String> = "class" [xml_attribute],
        /// Tells several installations of one product apart; the end of the keys of properties.
        instance: Option<String> = "instance" [xml_attribute],
        /// What the section means, for those who do not know it.
        info: Option<Message> = "Info" [required],
        /// The name of the product.
        product: Option<Message> = "Product",
        /// The vendor.
        vendor: Option<Message> = "Vendor",
        /// The version, in short.
        version: Option<String> = "Version",
        /// The version with all its parts.
        full_version: Option<String> = "FullVersion",
        /// Where the product is described.
        product_url: Option<String> = "ProductUrl",
        /// Where the vendor is.
        vendor_url: Option<String> = "VendorUrl",
        /// Where the product answers when it is deployed; may hold `${property}`.
        app_url: Option<String> = "AppUrl",
        /// Pictures of the product.
        icons: Vec<Icon> = "Icon",
        /// The properties and the headings over them, in order.
        entries: Vec<ProductEntry> = "Property" [aliases(&["Category"])],
    }
}

impl ProductSection {
    /// The key of a property with class and instance: `[class.]key[.instance]`.
    #[must_use]
    pub fn whole_key(&self, key: &str) -> String {
        let part = |text: &'_ Option<String>| text.clone().filter(|text| !text.is_empty());
        let parts = [part(&self.class), Some(key.to_owned()), part(&self.instance)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(".")
    }
}

record! {
    /// A picture.
    pub Icon = "Icon" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// Height in pixels.
        height: Option<i64> = "height" [xml_attribute, range(0, 65_535)],
        /// Width in pixels.
        width: Option<i64> = "width" [xml_attribute, range(0, 65_535)],
        /// The media type.
        mime_type: Option<String> = "mimeType" [xml_attribute],
        /// The [`File::id`](super::File::id) of the picture.
        file_ref: Option<String> = "fileRef" [xml_attribute, required],
    }
}

record! {
    /// A heading over the properties that follow, up to the next one.
    pub Category = "Category" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// The key of the text in the message bundles.
        msgid: Option<String> = "msgid" [xml_attribute],
        /// The text, where no bundle has another.
        text: Option<String> = "text" [xml_content],
    }
}

record! {
    /// A property that the guest learns (9.5.1).
    ///
    /// Values never appear in `Debug` output or errors, for some are passwords.
    pub Property = "Property" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// The name; see [`ProductSection`] for the whole key.
        key: Option<String> = "key" [xml_attribute, required],
        /// The type: `string`, `boolean`, `uint8` to `sint64`, `real32`, `real64`.
        property_type: Option<String> = "type" [xml_attribute, required],
        /// Further constraints: `MinLen(n)`, `MaxLen(n)`, `ValueMap{"a","b"}`.
        qualifiers: Option<String> = "qualifiers" [xml_attribute],
        /// Whether the value may be chosen when the package is deployed; absent is false.
        user_configurable: Option<bool> = "userConfigurable" [xml_attribute],
        /// The value, where no configuration has another.
        value: Option<String> = "value" [xml_attribute, secret],
        /// Whether the value is a password; absent is false.
        password: Option<bool> = "password" [xml_attribute],
        /// The configurations that the property is for, separated by blanks.
        configuration: Option<String> = "configuration" [xml_attribute, v2_only],
        /// The name for people.
        label: Option<Message> = "Label",
        /// The description.
        description: Option<Message> = "Description",
        /// The values in some configurations.
        values: Vec<PropertyValue> = "Value",
    }
}

record! {
    /// The value of a property in some configurations.
    pub PropertyValue = "Value" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// The value.
        value: Option<String> = "value" [xml_attribute, required, secret],
        /// The configurations, separated by blanks.
        configuration: Option<String> = "configuration" [xml_attribute],
    }
}

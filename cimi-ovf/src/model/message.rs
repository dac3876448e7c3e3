//! Texts for people, and their translations.

use cimi_model::record;

use super::Node;
use super::namespaces::{OVF, XML_NAMESPACE};

record! {
    /// A text for people (`Msg_Type`). [`Descriptor::message`](crate::Descriptor::message) finds its translation.
    pub Message = "Msg" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// The key of the text in the message bundles.
        msgid: Option<String> = "msgid" [xml_attribute],
        /// The text, where no bundle has another.
        text: Option<String> = "text" [xml_content],
    }
}

record! {
    /// A message bundle: texts in one language.
    pub Strings = "Strings" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// The language, for example `de-DE`.
        lang: Option<String> = "lang" [xml_attribute, xml_namespace(XML_NAMESPACE)],
        /// The file of the package ([`File::id`](super::File::id)) that holds the bundle, if it is not here.
        file_ref: Option<String> = "fileRef" [xml_attribute],
        /// The texts.
        messages: Vec<BundleMessage> = "Msg",
    }
}

record! {
    /// A text of a message bundle.
    pub BundleMessage = "Msg" Structure [namespace(OVF)] {
        /// Where it was read.
        node: Node = "node",
        /// Its key.
        msgid: Option<String> = "msgid" [xml_attribute, required],
        /// The file of the package that holds the text, if it is not here.
        file_ref: Option<String> = "fileRef" [xml_attribute],
        /// The text.
        text: Option<String> = "text" [xml_content],
    }
}

impl From<&str> for Message {
    /// A text without translations.
    fn from(text: &str) -> Self {
        Self { text: Some(text.to_owned()), ..Self::default() }
    }
}

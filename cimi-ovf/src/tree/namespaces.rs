//! Namespace names, each kept once.

use std::collections::HashMap;

use cimi_model::xml::pull::XML_NAMESPACE;

/// The namespace of namespace declarations.
pub(crate) const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

/// The number of a namespace in a tree.
pub(crate) type NamespaceId = u16;

/// No namespace.
pub(super) const NONE: NamespaceId = 0;
/// That of the prefix `xml`.
pub(super) const XML: NamespaceId = 1;
/// That of namespace declarations.
pub(super) const XMLNS: NamespaceId = 2;

/// What stands for the namespace of a prefix that has none.
pub(super) fn undeclared(prefix: &str) -> String {
    format!("undeclared:{prefix}")
}

#[derive(Clone, Debug)]
pub(crate) struct Namespaces {
    names: Vec<Box<str>>,
    numbers: HashMap<Box<str>, NamespaceId>,
}

impl Namespaces {
    pub(super) fn new() -> Self {
        let mut namespaces = Self { names: Vec::new(), numbers: HashMap::new() };
        for name in ["", XML_NAMESPACE, XMLNS_NAMESPACE] {
            namespaces.intern(name);
        }
        namespaces
    }

    /// The number of the namespace; `None` if there are too many.
    pub(super) fn intern(&mut self, name: &str) -> Option<NamespaceId> {
        if let Some(number) = self.numbers.get(name) {
            return Some(*number);
        }
        let number = NamespaceId::try_from(self.names.len()).ok()?;
        self.names.push(name.into());
        self.numbers.insert(name.into(), number);
        Some(number)
    }

    pub(crate) fn name(&self, number: NamespaceId) -> &str {
        self.names.get(usize::from(number)).map_or("", |name| name)
    }

    /// Whether the document uses the prefix somewhere without a declaration.
    pub(super) fn has_undeclared(&self, prefix: &str) -> bool {
        self.numbers.contains_key(undeclared(prefix).as_str())
    }

    /// All of them, in the order of their numbers.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }
}

/// The prefix that a namespace usually has.
pub(crate) fn usual_prefix(namespace: &str) -> &'static str {
    const CIM: &str = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_";
    if let Some(class) = namespace.strip_prefix(CIM) {
        return match class {
            "ResourceAllocationSettingData" => "rasd",
            "VirtualSystemSettingData" => "vssd",
            "StorageAllocationSettingData" => "sasd",
            "EthernetPortAllocationSettingData" => "epasd",
            "BootConfigSetting" => "bootc",
            "BootSourceSetting" => "boots",
            _ => "cim",
        };
    }
    match namespace {
        "http://schemas.dmtf.org/ovf/envelope/1" | "http://schemas.dmtf.org/ovf/envelope/2" => "ovf",
        "http://www.w3.org/2001/XMLSchema-instance" => "xsi",
        "http://www.w3.org/2001/04/xmlenc#" => "xenc",
        "http://www.w3.org/2009/xmlenc11#" => "xenc11",
        "http://www.w3.org/2000/09/xmldsig#" => "ds",
        crate::NAMESPACE => "cimi",
        _ => "ns",
    }
}

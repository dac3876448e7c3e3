//! The namespaces of descriptors, and what products write in their place.

pub(crate) use cimi_model::xml::pull::XML_NAMESPACE;

/// The namespace of OVF 1.0 and 1.1, and in the tables that of any version.
pub const OVF: &str = "http://schemas.dmtf.org/ovf/envelope/1";
/// The namespace of OVF 2.x.
pub const OVF_2: &str = "http://schemas.dmtf.org/ovf/envelope/2";
/// The namespace of OVF 0.9.
pub const OVF_0_9: &str = "http://www.vmware.com/schema/ovf/1/envelope";
/// The namespace of environment documents (DSP8027).
pub const ENVIRONMENT: &str = "http://schemas.dmtf.org/ovf/environment/1";
/// The namespace of items.
pub const RASD: &str = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData";
/// The namespace of items for storage.
pub const SASD: &str = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_StorageAllocationSettingData";
/// The namespace of items for Ethernet ports.
pub const EPASD: &str = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_EthernetPortAllocationSettingData";
/// The namespace of the settings of a machine as a whole.
pub const VSSD: &str = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData";
/// The namespace of boot configurations.
pub const BOOTC: &str = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_BootConfigSetting";
/// The namespace of boot sources.
pub const BOOTS: &str = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_BootSourceSetting";
/// The namespace of XML Encryption 1.0.
pub const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
/// The namespace of XML Encryption 1.1.
pub const XENC11: &str = "http://www.w3.org/2009/xmlenc11#";
/// The namespace of environment documents before the standard.
const ENVIRONMENT_0_9: &str = "http://www.vmware.com/schema/ovf/1/environment";
/// The namespace of `xsi:type` and `xsi:nil`.
pub(crate) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// What a namespace of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    /// The namespace in the tables; empty for none, `FOREIGN` for one that they do not have.
    pub(crate) name: &'static str,
    /// Whether it is spelled as the standard has it.
    pub(crate) exact: bool,
}

/// In place of the namespace of a vendor.
pub(crate) const FOREIGN: &str = "foreign";

/// What the namespace of this name is.
pub(crate) fn known(namespace: &str) -> Known {
    const CLASSES: [&str; 6] = [RASD, SASD, EPASD, VSSD, BOOTC, BOOTS];
    const OTHERS: [&str; 4] = [XENC, XENC11, XSI, XML_NAMESPACE];
    let exact = |name| Known { name, exact: true };
    match namespace {
        "" => return exact(""),
        OVF | OVF_2 | OVF_0_9 => return exact(OVF),
        ENVIRONMENT => return exact(ENVIRONMENT),
        _ => {}
    }
    if let Some(name) = CLASSES.into_iter().chain(OTHERS).find(|name| *name == namespace) {
        return exact(name);
    }
    let inexact = |name| Known { name, exact: false };
    let bare = namespace.trim_end_matches('/');
    let bare = bare.strip_suffix(".xsd").unwrap_or(bare);
    // The name of the class tells, whatever became of the path before it.
    let class = bare.rsplit_once('/').map(|(_, class)| class).filter(|class| class.starts_with("CIM_"));
    if let Some(name) = class.and_then(|class| CLASSES.into_iter().find(|name| name.ends_with(class))) {
        return inexact(name);
    }
    if namespace == ENVIRONMENT_0_9 {
        return inexact(ENVIRONMENT);
    }
    // Slips of real products: `schema` for `schemas`, other versions, a namespace of its own for message bundles.
    let path = ["http://schemas.dmtf.org/ovf/", "http://schema.dmtf.org/ovf/", "http://www.dmtf.org/ovf/"];
    let path = path.into_iter().find_map(|start| namespace.strip_prefix(start));
    if path.is_some_and(|path| path.starts_with("environment")) {
        return inexact(ENVIRONMENT);
    }
    if path.is_some_and(|path| path.starts_with("envelope") || path.starts_with("strings")) {
        return inexact(OVF);
    }
    exact(FOREIGN)
}

/// Whether this is the namespace of a kind of document: what is in it is spelled with many prefixes, or none.
pub(crate) fn is_of_document(namespace: &str) -> bool {
    matches!(namespace, OVF | ENVIRONMENT)
}

/// Whether this is one of the three classes of items, which stand for one another where products slip.
pub(crate) fn is_item_class(namespace: &str) -> bool {
    matches!(namespace, RASD | SASD | EPASD)
}

//! What the capabilities of a provider exclude (5.11.1, table 7).

use crate::attributes::{get, list, text};
use crate::capabilities::{self, CapabilityValue};
use crate::error::{Step, printable};
use crate::reflect::{Record, View};
use crate::validate::walk::{Standing, Walk};
use crate::validate::{Receiver, Rule, Severity, Validation, metadata};
use crate::{Capability, CloudEntryPoint, reflect::Described};

/// Where a template or configuration stands, and the type and capability that allow it by value.
const BY_VALUE: &[(&str, &str, &str, &str)] = &[
    ("MachineCreate", "machineTemplate", "Machine", "MachineTemplateByValue"),
    ("MachineTemplate", "machineConfig", "Machine", "MachineConfigByValue"),
    ("MachineTemplate", "credential", "Machine", "MachineCredentialByValue"),
    ("MachineTemplate", "machineImage", "Machine", "MachineImageByValue"),
    ("volumeTemplate", "volumeTemplate", "Machine", "MachineVolumeTemplatesByValue"),
    ("CredentialCreate", "credentialTemplate", "Credential", "CredentialTemplateByValue"),
    ("VolumeCreate", "volumeTemplate", "Volume", "VolumeTemplateByValue"),
    ("VolumeTemplate", "volumeConfig", "Volume", "VolumeConfigByValue"),
    ("VolumeTemplate", "volumeImage", "Volume", "VolumeImageByValue"),
    ("NetworkCreate", "networkTemplate", "Network", "NetworkTemplateByValue"),
    ("NetworkInterfaceCreate", "networkInterfaceTemplate", "NetworkInterface", "NetworkInterfaceTemplateByValue"),
    ("NetworkServiceCreate", "networkServiceTemplate", "NetworkService", "NetworkServiceTemplateByValue"),
    ("ProtocolEndpointCreate", "protocolEndpointTemplate", "ProtocolEndpoint", "ProtocolEndpointTemplateByValue"),
    ("ProtocolSegmentCreate", "protocolSegmentTemplate", "ProtocolSegment", "ProtocolSegmentTemplateByValue"),
    ("MeterCreate", "meterTemplate", "Meter", "MeterTemplateByValue"),
    ("MeterTemplate", "meterConfig", "Meter", "MeterConfigByValue"),
];

/// A provider that says it does not take these by value.
pub(super) fn by_value(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    if walk.options.receiver != Receiver::Provider || walk.options.metadata.is_empty() {
        return;
    }
    let record_type = record.record_type();
    for (_, attribute, of, capability) in BY_VALUE.iter().filter(|(owner, ..)| *owner == record_type.name) {
        let stands =
            matches!(get(record, attribute), View::Ref(target) if target.href().is_none() && target.record().is_some());
        if stands && is_denied(walk, of, capability) {
            let message = format!("the provider does not have the capability {capability}");
            walk.report_at(attribute, Severity::Error, Rule::Capability, "5.11.1", message);
        }
    }
    let descriptors = list(record, "componentDescriptors").filter(|_| record_type.name == "SystemTemplate");
    let Some(descriptors) = descriptors else { return };
    if !is_denied(walk, "System", "SystemComponentTemplateByValue") {
        return;
    }
    for index in 0..descriptors.len() {
        let View::Record(descriptor) = descriptors.item(index) else { continue };
        for attribute in descriptor.record_type().attributes {
            let View::Ref(target) = get(descriptor, attribute.name) else { continue };
            if attribute.name.ends_with("Template") && target.href().is_none() {
                let message = "the provider does not have the capability SystemComponentTemplateByValue";
                let report = |walk: &mut Walk<'_>| {
                    walk.report_at(attribute.name, Severity::Error, Rule::Capability, "5.11.1", message);
                };
                walk.at(Step::Name("componentDescriptors"), |walk| walk.at(Step::Index(index), report));
            }
        }
    }
}

/// `initialState` is one of those that the provider names.
pub(super) fn initial_states(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let Some(made) = record.record_type().name.strip_suffix("Template") else { return };
    let Some(state) = text(record, "initialState").filter(|_| walk.options.receiver == Receiver::Provider) else {
        return;
    };
    let Some(states) = stated(walk, made, "InitialStates").and_then(Vec::<String>::read) else { return };
    if !states.iter().any(|name| name == state) {
        let message = format!("'{}' is none of the provider's InitialStates", printable(state));
        walk.report_at("initialState", Severity::Error, Rule::Capability, "5.11.1", message);
    }
}

/// `properties` has no more items than the provider says.
pub(super) fn property_items(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    if walk.options.metadata.is_empty() {
        return;
    }
    let View::Map(map) = get(record, "properties") else { return };
    let most = stated(walk, CloudEntryPoint::TYPE.name, "MaxPropertyItems").and_then(i64::read);
    if let Some(most) = most.and_then(|most| usize::try_from(most).ok()).filter(|most| map.len() > *most) {
        let message = format!("{} properties, but the provider takes {most} (MaxPropertyItems)", map.len());
        walk.report_at("properties", Severity::Error, Rule::Capability, "5.11.1", message);
    }
}

/// What the provider says of a capability of a type of the standard.
fn stated<'v>(walk: &Walk<'v>, of: &str, name: &str) -> Option<&'v Capability> {
    if walk.options.metadata.is_empty() {
        return None;
    }
    let definition = capabilities::of_resource(of).find(|definition| definition.name == name)?;
    let says = |found: &&Capability| found.uri.as_ref().is_some_and(|uri| definition.is_uri(uri.as_str()));
    metadata::of_type(walk.options, Validation::standard_type(of)?).flat_map(|found| &found.capabilities).find(says)
}

fn is_denied(walk: &Walk<'_>, of: &str, name: &str) -> bool {
    stated(walk, of, name).is_some_and(|found| bool::read(found) == Some(false))
}

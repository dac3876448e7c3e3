//! What this provider says about each type: the metadata of the entry point (5.11).

use cimi_model::capabilities::{
    cloud_entry_point as cep, credential, event_log, machine, meter, network, network_interface, network_service,
    protocol_endpoint, protocol_segment, system, volume,
};
use cimi_model::describe::{self, DescribeOptions};
use cimi_model::ext::access::ACCESS_POLICY;
use cimi_model::meta::{Constraints, Role};
use cimi_model::{Capability, Dialect, Registry, ResourceMetadata, Type};

use super::offers;

/// The metadata of all resource types that a dialect has.
pub(crate) fn of_all(registry: &Registry, dialect: Dialect) -> Vec<ResourceMetadata> {
    let types = registry.iter().map(|entry| entry.record_type);
    let resources = types.filter(|of| of.role == Role::Resource && dialect.has(of.versions));
    let described = |of: &'static Type| {
        let mut extensions = registry.descriptions(of, dialect);
        if dialect == Dialect::V2 {
            extensions.push(ACCESS_POLICY.description(dialect));
        }
        describe::metadata_for(of, &DescribeOptions { extensions, ..options(of, dialect) })
    };
    resources.map(described).collect()
}

/// Attributes of which the standard does not say that they are always there may be absent.
fn options(of: &Type, dialect: Dialect) -> DescribeOptions {
    let rows = of.attributes.iter().filter(|row| !row.constraints_stated);
    let optional = rows.map(|row| (row.name.to_owned(), Constraints { provider_mandatory: false, ..row.constraints }));
    DescribeOptions {
        constraints: optional.collect(),
        capabilities: capabilities(of.name),
        unsupported_operations: offers::unsupported(of.name).iter().map(|name| (*name).to_owned()).collect(),
        ..DescribeOptions::new(dialect)
    }
}

/// What is possible here: all that the standard speaks of.
fn capabilities(of: &str) -> Vec<Capability> {
    let states = |states: &[&str]| states.iter().map(|state| (*state).to_owned()).collect::<Vec<String>>();
    match of {
        "CloudEntryPoint" => vec![
            cep::EXPAND_PARAMETER.with(true),
            cep::FILTER_PARAMETER.with(true),
            cep::FIRST_PARAMETER.with(true),
            cep::SELECT_PARAMETER.with(true),
            cep::FORMAT_PARAMETER.with(true),
            cep::ORDER_BY_PARAMETER.with(true),
            cep::QUERY_PATH_NOTATION.with(true),
        ],
        "System" => vec![system::SYSTEM_COMPONENT_TEMPLATE_BY_VALUE.with(true)],
        "Machine" => vec![
            machine::DEFAULT_INITIAL_STATE.with("STOPPED"),
            machine::INITIAL_STATES.with(states(&["STARTED", "STOPPED", "PAUSED", "SUSPENDED"])),
            machine::MACHINE_TEMPLATE_BY_VALUE.with(true),
            machine::MACHINE_CONFIG_BY_VALUE.with(true),
            machine::MACHINE_CREDENTIAL_BY_VALUE.with(true),
            machine::MACHINE_IMAGE_BY_VALUE.with(true),
            machine::MACHINE_VOLUME_TEMPLATES_BY_VALUE.with(true),
            machine::MACHINE_STOP_FORCE.with(true),
            machine::MACHINE_STOP_FORCE_DEFAULT.with(false),
            machine::RESTORE_FROM_IMAGE.with(true),
            machine::USER_DATA.with("metadata"),
        ],
        "Credential" => vec![credential::CREDENTIAL_TEMPLATE_BY_VALUE.with(true)],
        "Volume" => vec![
            volume::SHARED_VOLUME_SUPPORT.with(true),
            volume::VOLUME_TEMPLATE_BY_VALUE.with(true),
            volume::VOLUME_CONFIG_BY_VALUE.with(true),
            volume::VOLUME_IMAGE_BY_VALUE.with(true),
            volume::VOLUME_SNAPSHOT.with(true),
        ],
        "Network" => vec![
            network::NETWORK_TEMPLATE_BY_VALUE.with(true),
            network::DEFAULT_INITIAL_STATE.with("STOPPED"),
            network::INITIAL_STATES.with(states(&["STARTED", "STOPPED"])),
        ],
        "NetworkInterface" => vec![
            network_interface::NETWORK_INTERFACE_TEMPLATE_BY_VALUE.with(true),
            network_interface::DEFAULT_INITIAL_STATE.with("DISABLED"),
            network_interface::INITIAL_STATES.with(states(&["ENABLED", "DISABLED"])),
        ],
        "NetworkService" => vec![
            network_service::NETWORK_SERVICE_TEMPLATE_BY_VALUE.with(true),
            network_service::DEFAULT_INITIAL_STATE.with("STOPPED"),
            network_service::INITIAL_STATES.with(states(&["STARTED", "STOPPED"])),
        ],
        "ProtocolEndpoint" => vec![
            protocol_endpoint::PROTOCOL_ENDPOINT_TEMPLATE_BY_VALUE.with(true),
            protocol_endpoint::DEFAULT_INITIAL_STATE.with("DISABLED"),
            protocol_endpoint::INITIAL_STATES.with(states(&["ENABLED", "DISABLED"])),
        ],
        "ProtocolSegment" => vec![
            protocol_segment::PROTOCOL_SEGMENT_TEMPLATE_BY_VALUE.with(true),
            protocol_segment::DEFAULT_INITIAL_STATE.with("STOPPED"),
            protocol_segment::INITIAL_STATES.with(states(&["STARTED", "STOPPED"])),
        ],
        "Meter" => vec![meter::METER_TEMPLATE_BY_VALUE.with(true), meter::METER_CONFIG_BY_VALUE.with(true)],
        "EventLog" => vec![event_log::LINKED.with(true)],
        _ => Vec::new(),
    }
}

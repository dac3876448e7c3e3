//! Rules that one clause states in words: each a small function, found by the type or the attribute that it is about.

mod capabilities;
mod collection;
mod components;
mod description;
mod monitoring;
mod network;
mod operations;
mod templates;

use super::walk::{Standing, Walk};
use super::{Rule, Severity};
use crate::attributes::get;
use crate::reflect::{Record, View};

pub use operations::needed_parameter;
pub(super) use operations::takes_parameters;

type Check = fn(&mut Walk<'_>, &dyn Record, Standing);

/// The rules of single types of the standard.
const OF_TYPES: &[(&str, &[Check])] = &[
    ("Action", &[operations::parameters]),
    ("CloudEntryPoint", &[collection::base_uri]),
    ("Event", &[monitoring::event_content]),
    ("Job", &[monitoring::job_progress, monitoring::job_return_code, monitoring::job_affects, monitoring::job_nested]),
    ("MachineImage", &[templates::image]),
    ("MachineTemplate", &[templates::user_data]),
    ("Meter", &[monitoring::interval]),
    ("MeterConfiguration", &[monitoring::interval]),
    ("ProtocolEndpointTemplate", &[network::origin]),
    ("ProtocolSegment", &[network::protocols]),
    (
        "ResourceMetadata",
        &[description::attributes, description::capabilities, description::actions, description::scopes],
    ),
    ("componentDescriptor", &[components::one_resource, components::quantity]),
];

/// The rules about single attributes, in every type that has them, by the bit that [`Named`] has for the attribute.
const OF_ATTRIBUTES: &[(u8, Check)] = &[
    (PARENT, collection::parent),
    (OPERATIONS, operations::offered),
    (CPU, templates::cpu),
    (INITIAL_STATE, templates::initial_state),
    (SERVICE_TYPE, templates::service_type),
    (INITIAL_STATE, capabilities::initial_states),
    (PROPERTIES, capabilities::property_items),
];

const PARENT: u8 = 1;
const OPERATIONS: u8 = 1 << 1;
const CPU: u8 = 1 << 2;
const INITIAL_STATE: u8 = 1 << 3;
const SERVICE_TYPE: u8 = 1 << 4;
const PROPERTIES: u8 = 1 << 5;

/// Which of the attributes that have rules a record has.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Named(u8);

impl Named {
    pub(super) fn add(&mut self, attribute: &str) {
        self.0 |= match attribute {
            "parent" => PARENT,
            "operations" => OPERATIONS,
            "cpu" => CPU,
            "initialState" => INITIAL_STATE,
            "serviceType" => SERVICE_TYPE,
            "properties" => PROPERTIES,
            _ => 0,
        };
    }
}

pub(super) fn check(walk: &mut Walk<'_>, record: &dyn Record, standing: Standing, named: Named) {
    let record_type = record.record_type();
    if record_type.namespace.is_none() {
        let own = OF_TYPES.iter().filter(|(name, _)| *name == record_type.name);
        for check in own.flat_map(|(_, checks)| *checks) {
            check(walk, record, standing);
        }
    }
    if record_type.members.is_some() {
        collection::count(walk, record, standing);
        collection::members(walk, record, standing);
    }
    capabilities::by_value(walk, record, standing);
    for (_, check) in OF_ATTRIBUTES.iter().filter(|(attribute, _)| named.0 & attribute != 0) {
        check(walk, record, standing);
    }
}

/// Whether something stands under the name of an attribute: a value, or one that was not understood.
fn is_there(record: &dyn Record, name: &str) -> bool {
    !matches!(get(record, name), View::Absent) || record.extensions().get(name).is_some()
}

/// Reports that an attribute is missing, which a rule of its type demands.
fn demand(walk: &mut Walk<'_>, record: &dyn Record, name: &'static str, clause: &'static str, why: &str) {
    if !is_there(record, name) {
        walk.report_at(name, Severity::Error, Rule::Required, clause, format!("the attribute is absent; {why}"));
    }
}

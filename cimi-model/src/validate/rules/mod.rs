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

/// The rules of every type, each about the attributes that it names.
const OF_ALL: &[Check] = &[
    collection::count,
    collection::members,
    collection::parent,
    operations::offered,
    templates::cpu,
    templates::initial_state,
    templates::service_type,
    capabilities::by_value,
    capabilities::initial_states,
    capabilities::property_items,
];

pub(super) fn check(walk: &mut Walk<'_>, record: &dyn Record, standing: Standing) {
    let record_type = record.record_type();
    if record_type.namespace.is_none() {
        let own = OF_TYPES.iter().filter(|(name, _)| *name == record_type.name);
        for check in own.flat_map(|(_, checks)| *checks) {
            check(walk, record, standing);
        }
    }
    for check in OF_ALL {
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

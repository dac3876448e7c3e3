//! Segments and endpoints (5.16).

use super::{demand, is_there};
use crate::attributes::{get, text};
use crate::error::{Step, printable};
use crate::reflect::{Record, View};
use crate::validate::walk::{Standing, Walk};
use crate::validate::{Rule, Severity, Verb};

/// What is assigned dynamically is not in the template; what is static is all there.
pub(super) fn origin(walk: &mut Walk<'_>, record: &dyn Record, standing: Standing) {
    let partial = standing == Standing::Root && walk.options.verb == Verb::PartialUpdate;
    match text(record, "origin") {
        Some("DYNAMIC") => {
            for name in ["address", "parameters"] {
                if is_there(record, name) {
                    let message = "with the origin DYNAMIC, what is particular to the protocol is assigned by others";
                    walk.report_at(name, Severity::Error, Rule::Forbidden, "5.16.11", message);
                }
            }
        }
        Some("STATIC") if standing != Standing::Expanded && !partial => {
            demand(walk, record, "address", "5.16.11", "with the origin STATIC, the template has it");
        }
        _ => {}
    }
}

/// The protocol of an endpoint is that of its segment.
pub(super) fn protocols(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let Some(protocol) = text(record, "protocol") else { return };
    let View::Ref(endpoints) = get(record, "endpoints") else { return };
    let Some(collection) = endpoints.record() else { return };
    let Some(members) = collection.record_type().members else { return };
    let View::List(list) = get(collection, members.grouping) else { return };
    for index in 0..list.len() {
        let View::Record(endpoint) = list.item(index) else { continue };
        if let Some(other) = text(endpoint, "protocol").filter(|other| *other != protocol) {
            let message = format!("'{}', but the segment has '{}'", printable(other), printable(protocol));
            let report = |walk: &mut Walk<'_>| {
                walk.report_at("protocol", Severity::Error, Rule::Consistency, "5.16.9", message);
            };
            let item = |walk: &mut Walk<'_>| walk.at(Step::Index(index), report);
            walk.at(Step::Name("endpoints"), |walk| walk.at(Step::Name(members.grouping), item));
        }
    }
}

//! Collections (5.5.12), the common attributes (5.7.1) and the entry point (5.12).

use std::collections::HashSet;

use crate::attributes::{get, href, integer, list, text};
use crate::error::{Step, printable};
use crate::reflect::{List, Record, View};
use crate::validate::walk::{Standing, Walk};
use crate::validate::{Rule, Severity};

/// `count` is the number of resources of which the document shows some or all.
pub(super) fn count(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let Some(members) = record.record_type().members else { return };
    let shown = list(record, members.grouping).map_or(0, List::len);
    if let Some(count) = integer(record, "count")
        && usize::try_from(count).is_ok_and(|count| count < shown)
    {
        let message = format!("{count}, but the document shows {shown} members");
        walk.report_at("count", Severity::Error, Rule::Count, "5.5.12", message);
    }
}

/// Each member has an `id` of its own.
pub(super) fn members(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let Some(members) = record.record_type().members else { return };
    let Some(list) = list(record, members.grouping) else { return };
    let mut seen = HashSet::new();
    for index in 0..list.len() {
        let View::Record(member) = list.item(index) else { continue };
        let Some(id) = text(member, "id") else { continue };
        if !seen.insert(id) {
            let message = format!("another member has the id '{}' too", printable(id));
            let report = |walk: &mut Walk<'_>| walk.report_at("id", Severity::Error, Rule::Duplicate, "5.7.1", message);
            walk.at(Step::Name(members.grouping), |walk| walk.at(Step::Index(index), report));
        }
    }
}

/// A resource is not a component of itself.
pub(super) fn parent(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let own = text(record, "id").filter(|id| !id.is_empty());
    if own.is_some() && own == href(record, "parent").map(crate::Uri::as_str) {
        let message = "the resource is its own parent";
        walk.report_at("parent", Severity::Error, Rule::Consistency, "5.10.2", message);
    }
}

/// `baseURI` is absolute, and ends with a slash where a relative URI is resolved against it.
pub(super) fn base_uri(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let View::Text(base) = get(record, "baseURI") else { return };
    if !crate::Uri::from(base).is_absolute() {
        walk.report_at("baseURI", Severity::Error, Rule::Uri, "5.12", "the baseURI is an absolute URI");
    } else if !base.ends_with('/') {
        let is_relative = |name: &str| href(record, name).is_some_and(|href| !href.is_absolute());
        let relative = record.record_type().attributes.iter().find(|attribute| is_relative(attribute.name));
        let (severity, why) = match relative {
            Some(attribute) => (Severity::Error, format!("; '{}' is relative to it", attribute.name)),
            None => (Severity::Info, ", so that no relative URI can be used".to_owned()),
        };
        let message = format!("the baseURI does not end with a slash{why}");
        walk.report_at("baseURI", severity, Rule::Uri, "5.5.10", message);
    }
}

//! The keys of maps, where the value of another attribute says which there are (5.16.5.1).

use super::constraints::{Demand, demand};
use super::walk::{Standing, Walk};
use super::{Rule, Severity, values};
use crate::Map;
use crate::any::Any;
use crate::attributes::{get, keys_of};
use crate::error::Step;
use crate::meta::{Attribute, Kind, Type};
use crate::reflect::{Record, View};

pub(super) fn check(walk: &mut Walk<'_>, record: &dyn Record, standing: Standing) {
    for attribute in record.record_type().attributes {
        let Some(keys) = attribute.keys else { continue };
        let Some(of) = keys_of(record, keys) else { continue };
        let empty = Map::new();
        let map = match get(record, attribute.name) {
            View::Map(map) => map,
            _ => &empty,
        };
        walk.at(Step::Name(attribute.name), |walk| {
            for key in of.attributes {
                walk.at(Step::Key(key.name.to_owned()), |walk| match map.get_any(key.name) {
                    Some(value) => one(walk, of, key, value),
                    None => absent(walk, record, of, key, standing),
                });
            }
        });
    }
}

fn one(walk: &mut Walk<'_>, of: &Type, key: &Attribute, value: &Any) {
    if !values::is_of(key.kind, value) {
        let (expected, _) = values::form(key.kind);
        let message = format!("the value of this key is not {expected}");
        walk.report(Severity::Error, Rule::Value, of.clause, message);
    } else if let (Kind::Integer, Some(number)) = (key.kind, values::integer_of(value)) {
        values::integer(walk, of, key, number);
    } else if let (Kind::Enumeration(_), Some(text)) = (key.kind, value.as_str()) {
        values::text(walk, of, key, key.kind, text);
    }
}

/// "Must be supplied": where the table states it, the key is there even if its value could be empty.
fn absent(walk: &mut Walk<'_>, record: &dyn Record, of: &Type, key: &Attribute, standing: Standing) {
    let constraints = key.constraints;
    let needed = match demand(walk, record.record_type(), standing) {
        Some(Demand::Provider { .. }) => constraints.provider_mandatory,
        Some(Demand::Consumer) => constraints.consumer_mandatory,
        None => false,
    };
    if needed && key.constraints_stated {
        let message = "the key is absent, which has to be supplied";
        walk.report(Severity::Error, Rule::Required, of.clause, message);
    }
}

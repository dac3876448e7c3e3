//! Machines, their images, and what templates say of what they make (5.13, 5.14, 5.16).

use super::is_there;
use crate::Dialect;
use crate::attributes::{integer, text};
use crate::error::printable;
use crate::reflect::Record;
use crate::validate::walk::{Standing, Walk};
use crate::validate::{Receiver, Rule, Severity, Validation, Verb};

/// An amount of CPU, which has no unit.
pub(super) fn cpu(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let standard = record.record_type().namespace.is_none();
    if let Some(value) = integer(record, "cpu").filter(|value| standard && *value < 0) {
        let message = format!("{value} is no amount of CPU");
        walk.report_at("cpu", Severity::Error, Rule::Range, record.record_type().clause, message);
    }
}

/// An `IMAGE` has no related image, and on snapshots the provider sets it.
pub(super) fn image(walk: &mut Walk<'_>, record: &dyn Record, standing: Standing) {
    if !is_there(record, "relatedImage") {
        return;
    }
    let created = walk.options.receiver == Receiver::Provider
        && walk.options.verb == Verb::Create
        && standing != Standing::Expanded;
    let message = match text(record, "type") {
        Some("IMAGE") => "an image of the type IMAGE has no related image",
        Some("SNAPSHOT" | "PARTIAL_SNAPSHOT") if created => "the provider sets the related image of a snapshot",
        _ => return,
    };
    walk.report_at("relatedImage", Severity::Error, Rule::Forbidden, "5.14.7", message);
}

/// `userData` is encoded in Base64.
pub(super) fn user_data(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    if text(record, "userData").is_some_and(|text| !is_base64(text)) {
        walk.report_at("userData", Severity::Error, Rule::Value, "5.14.3", "the user data is not encoded in Base64");
    }
}

/// RFC 4648, section 4, with line breaks as its older relatives have them.
fn is_base64(text: &str) -> bool {
    let text: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let data = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(&text);
    text.len().is_multiple_of(4) && data.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
}

/// `initialState` is one of the states that last, of the type that the template makes.
pub(super) fn initial_state(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    let record_type = record.record_type();
    let Some(state) = text(record, "initialState") else { return };
    let Some(made) = record_type.name.strip_suffix("Template").and_then(|name| {
        let own = record_type.namespace.and_then(|namespace| walk.options.type_of(&format!("{namespace}/{name}")));
        own.or_else(|| Validation::standard_type(name))
    }) else {
        return;
    };
    let states = made.lifecycle.map(|lifecycle| lifecycle.states).unwrap_or_default();
    if states.iter().any(|known| known.transient && known.name == state) {
        let message = format!("a new {} does not stay in the state {}", made.name, printable(state));
        walk.report_at("initialState", Severity::Error, Rule::Consistency, record_type.clause, message);
    }
}

/// `serviceType` is a URI below that of `SystemService`.
pub(super) fn service_type(walk: &mut Walk<'_>, record: &dyn Record, _: Standing) {
    if !matches!(record.record_type().name, "SystemService" | "serviceDescriptor") {
        return;
    }
    let Some(uri) = text(record, "serviceType") else { return };
    let service = Dialect::split_uri(uri).and_then(|(_, name)| name.strip_prefix("SystemService/"));
    if service.is_none_or(str::is_empty) {
        let message = format!("'{}' is not of the form {}", printable(uri), Dialect::V2.uri("SystemService/NAME"));
        walk.report_at("serviceType", Severity::Error, Rule::Uri, "5.13.3", message);
    }
}

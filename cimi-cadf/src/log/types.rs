//! The types of logs and reports, as tables. Their events come last, so that what these refer to stands before them.

use cimi_model::{Map, record};

use crate::types::{ALIASES, NAMESPACE};
use crate::{Attachment, Event, Geolocation, Identifier, Metric, Path, Resource, Timestamp};

/// The type URI of logs, which more specific types extend.
pub const LOG_TYPE: &str = "http://schemas.dmtf.org/cloud/audit/1.0/log";

/// The type URI of reports, which more specific types extend. The name is not verified.
pub const REPORT_TYPE: &str = "http://schemas.dmtf.org/cloud/audit/1.0/report";

record! {
    /// A CADF log: events, and what several of them refer to by identifier.
    ///
    /// That a log has `typeURI`, `metrics` and `events` is known from examples of the standard. The other names are not
    /// verified: what a source calls otherwise is kept among the extensions.
    pub Log = "log" Structure [namespace(NAMESPACE), namespace_aliases(ALIASES), verbatim, v2_only] {
        /// The type URI: LOG_TYPE, or an extension of it. JSON demands it; in XML the element says it.
        type_uri: Option<Path> = "typeURI" [xml_attribute],
        /// The identifier of the log. The name is not verified.
        id: Option<Identifier> = "id" [xml_attribute],
        /// When the log was made. The name is not verified.
        log_time: Option<Timestamp> = "logTime" [xml_attribute],
        /// The identifier of what made the log. The name is not verified.
        generator_id: Option<Identifier> = "generatorId" [xml_attribute],
        /// What the log is. The name is not verified.
        description: Option<String> = "description" [xml_attribute],
        /// Metrics that measurements refer to.
        metrics: Vec<Metric> = "metrics" [item("metric")],
        /// Resources that events refer to. The name is not verified.
        resources: Vec<Resource> = "resources" [item("resource")],
        /// Places that resources refer to. The name is not verified.
        geolocations: Vec<Geolocation> = "geolocations" [item("geolocation")],
        /// Further information. The name is not verified.
        attachments: Vec<Attachment> = "attachments" [item("attachment")],
        /// Anything else about the log. The name is not verified.
        annotations: Map = "annotations" [pairs],
        /// The events.
        events: Vec<Event> = "events" [item("event")],
    }
}

record! {
    /// A CADF report: a log that was made for a purpose, for example as the answer to a query.
    ///
    /// None of the names is verified but those that it shares with events; see [`Log`].
    pub Report = "report" Structure [namespace(NAMESPACE), namespace_aliases(ALIASES), verbatim, v2_only] {
        /// The type URI: REPORT_TYPE, or an extension of it. JSON demands it; in XML the element says it.
        type_uri: Option<Path> = "typeURI" [xml_attribute],
        /// The identifier of the report. The name is not verified.
        id: Option<Identifier> = "id" [xml_attribute],
        /// When the report was made. The name is not verified.
        report_time: Option<Timestamp> = "reportTime" [xml_attribute],
        /// The identifier of what made the report. The name is not verified.
        generator_id: Option<Identifier> = "generatorId" [xml_attribute],
        /// The name of the report. The name of the attribute is not verified.
        name: Option<String> = "name" [xml_attribute],
        /// What the report is. The name is not verified.
        description: Option<String> = "description" [xml_attribute],
        /// Metrics that measurements refer to. The name is not verified.
        metrics: Vec<Metric> = "metrics" [item("metric")],
        /// Resources that events refer to. The name is not verified.
        resources: Vec<Resource> = "resources" [item("resource")],
        /// Places that resources refer to. The name is not verified.
        geolocations: Vec<Geolocation> = "geolocations" [item("geolocation")],
        /// Further information. The name is not verified.
        attachments: Vec<Attachment> = "attachments" [item("attachment")],
        /// Anything else about the report. The name is not verified.
        annotations: Map = "annotations" [pairs],
        /// The events. The name is not verified.
        events: Vec<Event> = "events" [item("event")],
    }
}

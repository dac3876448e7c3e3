//! The types of events and their parts, as tables.
//!
//! XML has single values as attributes and all else as elements, arrays in an element of their own.

use cimi_model::{Any, Duration, Map, Uri, record};

use crate::path::is_a;
use crate::tag::fits;
use crate::{EventType, Identifier, Path, ReporterRole, Tag, Timestamp};

/// The base of the type URIs of CADF 1.0, which is the XML namespace as well.
pub const NAMESPACE: &str = "http://schemas.dmtf.org/cloud/audit/1.0/";

/// The namespace that other sources write, after the type URI of an event.
pub(crate) const ALIASES: &[&str] = &["http://schemas.dmtf.org/cloud/audit/1.0/event"];

/// Whether elements of this namespace are those of the standard.
pub(crate) fn is_namespace(namespace: &str) -> bool {
    namespace == NAMESPACE || ALIASES.contains(&namespace)
}

/// The type URI of events, which more specific types extend.
pub const EVENT_TYPE: &str = "http://schemas.dmtf.org/cloud/audit/1.0/event";

record! {
    /// A CADF event: who did what to what, with which outcome, and who saw it.
    ///
    /// [`Event::activity`], [`Event::monitor`] and [`Event::control`] build events that are valid; [`Event::read`]
    /// reads them. Fields are public so that any event can be held, a wrong one too: [`Validation`](crate::Validation)
    /// tells what is wrong with it.
    pub Event = "event" Structure [namespace(NAMESPACE), namespace_aliases(ALIASES), verbatim, v2_only] {
        /// The type URI: EVENT_TYPE, or an extension of it. JSON demands it; in XML the element says it.
        type_uri: Option<Path> = "typeURI" [xml_attribute, found_by(is_a)],
        /// The identifier of this record, unique among all sources.
        id: Option<Identifier> = "id" [xml_attribute],
        /// Which view of the action is reported.
        event_type: Option<EventType> = "eventType" [xml_attribute],
        /// When the action happened or began, as the observer knows it.
        event_time: Option<Timestamp> = "eventTime" [xml_attribute],
        /// What was done or tried, of the taxonomy of actions.
        action: Option<Path> = "action" [xml_attribute, found_by(is_a)],
        /// How it ended, of the taxonomy of outcomes.
        outcome: Option<Path> = "outcome" [xml_attribute, found_by(is_a)],
        /// A name of the event.
        name: Option<String> = "name" [xml_attribute],
        /// How severe the event is, in a vocabulary of the source.
        severity: Option<String> = "severity" [xml_attribute],
        /// How long the action took; typically in the second event of a pair.
        duration: Option<Duration> = "duration" [xml_attribute],
        /// The identifier of an initiator that is described elsewhere in the record or log.
        initiator_id: Option<Identifier> = "initiatorId" [xml_attribute],
        /// The identifier of a target that is described elsewhere.
        target_id: Option<Identifier> = "targetId" [xml_attribute],
        /// The identifier of an observer that is described elsewhere.
        observer_id: Option<Identifier> = "observerId" [xml_attribute],
        /// Who acted.
        initiator: Option<Resource> = "initiator",
        /// What was acted on.
        target: Option<Resource> = "target",
        /// Who made the event.
        observer: Option<Resource> = "observer",
        /// Why it ended so. A control event has one.
        reason: Option<Reason> = "reason",
        /// What was measured. A monitor event has one at least.
        measurements: Vec<Measurement> = "measurements" [item("measurement")],
        /// Labels that classify the event.
        tags: Vec<Tag> = "tags" [item("tag"), found_by(fits)],
        /// Further information, each piece with its type.
        attachments: Vec<Attachment> = "attachments" [item("attachment")],
        /// Who handled the event on its way, in order.
        reporterchain: Vec<Reporterstep> = "reporterchain" [item("reporterstep")],
    }
}

record! {
    /// A resource: something that acts, is acted on, or reports.
    pub Resource = "resource" Structure [namespace(NAMESPACE), namespace_aliases(ALIASES), verbatim, v2_only] {
        /// The identifier.
        id: Option<Identifier> = "id" [xml_attribute],
        /// What it is, of the taxonomy of resources.
        type_uri: Option<Path> = "typeURI" [xml_attribute, found_by(is_a)],
        /// The name.
        name: Option<String> = "name" [xml_attribute],
        /// What qualifies the name, such as a path or container.
        domain: Option<String> = "domain" [xml_attribute],
        /// Where more is known about it.
        reference: Option<Uri> = "ref" [xml_attribute],
        /// The identifier of a place that is described elsewhere.
        geolocation_id: Option<Identifier> = "geolocationId" [xml_attribute],
        /// The security credential that it used.
        credential: Option<Credential> = "credential",
        /// Where it can be reached.
        addresses: Vec<Endpoint> = "addresses" [item("address")],
        /// The host that it was on.
        host: Option<Host> = "host",
        /// Where it is.
        geolocation: Option<Geolocation> = "geolocation",
        /// Further information.
        attachments: Vec<Attachment> = "attachments" [item("attachment")],
    }
}

record! {
    /// An address of a resource.
    pub Endpoint = "endpoint" Structure [namespace(NAMESPACE), namespace_aliases(ALIASES), verbatim, v2_only] {
        /// The address.
        url: Option<Uri> = "url" [xml_attribute],
        /// The name.
        name: Option<String> = "name" [xml_attribute],
        /// The port.
        port: Option<String> = "port" [xml_attribute],
    }
}

record! {
    /// The host of a resource.
    pub Host = "host" Structure [namespace(NAMESPACE), namespace_aliases(ALIASES), verbatim, v2_only] {
        /// The identifier.
        id: Option<Identifier> = "id" [xml_attribute],
        /// The address: in practice an IP address or host name.
        address: Option<String> = "address" [xml_attribute],
        /// The agent that acted for the resource, such as a web browser.
        agent: Option<String> = "agent" [xml_attribute],
        /// The platform that the host runs.
        platform: Option<String> = "platform" [xml_attribute],
    }
}

record! {
    /// A security credential. Neither its token nor anything that the table does not know appears in `Debug`.
    pub Credential = "credential" Structure
        [namespace(NAMESPACE), namespace_aliases(ALIASES), verbatim, sensitive, v2_only] {
        /// The kind of credential.
        credential_type: Option<Uri> = "type" [xml_attribute],
        /// Who issued the token.
        authority: Option<Uri> = "authority" [xml_attribute],
        /// The token, or a part of it that identifies it.
        token: Option<Any> = "token" [secret],
        /// What the authority says of the bearer.
        assertions: Map = "assertions" [pairs, secret],
    }
}

record! {
    /// A place on earth. At least one property is there, and they agree with one another.
    pub Geolocation = "geolocation" Structure [namespace(NAMESPACE), namespace_aliases(ALIASES), verbatim, v2_only] {
        /// The identifier.
        id: Option<Identifier> = "id" [xml_attribute],
        /// The latitude, as ISO 6709:2008 annex H has it: `+372207.90`.
        latitude: Option<String> = "latitude" [xml_attribute],
        /// The longitude: `-1220210.20`.
        longitude: Option<String> = "longitude" [xml_attribute],
        /// The elevation, a number, in metres.
        elevation: Option<Any> = "elevation",
        /// How precise latitude and longitude are, a number, in metres.
        accuracy: Option<Any> = "accuracy",
        /// The city.
        city: Option<String> = "city" [xml_attribute],
        /// The state or province.
        state: Option<String> = "state" [xml_attribute],
        /// The country or region, by its top-level domain; case does not count.
        region_icann: Option<String> = "regionICANN" [xml_attribute],
        /// Anything else about the place.
        annotations: Map = "annotations" [pairs],
    }
}

record! {
    /// Why an action ended as it did: a code, a policy, or both.
    pub Reason = "reason" Structure [namespace(NAMESPACE), namespace_aliases(ALIASES), verbatim, v2_only] {
        /// The domain of the code.
        reason_type: Option<Uri> = "reasonType" [xml_attribute],
        /// The code.
        reason_code: Option<String> = "reasonCode" [xml_attribute],
        /// The domain of the policy.
        policy_type: Option<Uri> = "policyType" [xml_attribute],
        /// The policy that was applied.
        policy_id: Option<String> = "policyId" [xml_attribute],
    }
}

record! {
    /// A value that was measured.
    pub Measurement = "measurement" Structure [namespace(NAMESPACE), namespace_aliases(ALIASES), verbatim, v2_only] {
        /// The identifier of a metric that is described elsewhere.
        metric_id: Option<Identifier> = "metricId" [xml_attribute],
        /// The identifier of what calculated the value.
        calculated_by_id: Option<Identifier> = "calculatedById" [xml_attribute],
        /// The value.
        result: Option<Any> = "result",
        /// What was measured.
        metric: Option<Metric> = "metric",
        /// What calculated the value.
        calculated_by: Option<Resource> = "calculatedBy",
    }
}

record! {
    /// What is measured, and in which unit.
    pub Metric = "metric" Structure [namespace(NAMESPACE), namespace_aliases(ALIASES), verbatim, v2_only] {
        /// The identifier.
        metric_id: Option<Identifier> = "metricId" [xml_attribute],
        /// The unit.
        unit: Option<String> = "unit" [xml_attribute],
        /// The name.
        name: Option<String> = "name" [xml_attribute],
        /// Anything else about the metric.
        annotations: Map = "annotations" [pairs],
    }
}

record! {
    /// Information of any type that goes with an event or resource.
    ///
    /// The standard calls the type `contentType` in its schema and `typeURI` in its text, and sources write either;
    /// [`Attachment::content_uri`] is the one that is there.
    pub Attachment = "attachment" Structure [namespace(NAMESPACE), namespace_aliases(ALIASES), verbatim, v2_only] {
        /// The type of the content.
        content_type: Option<Uri> = "contentType" [xml_attribute],
        /// The type of the content, in the other spelling.
        type_uri: Option<Uri> = "typeURI" [xml_attribute],
        /// The name.
        name: Option<String> = "name" [xml_attribute],
        /// The content.
        content: Option<Any> = "content",
    }
}

record! {
    /// What one reporter did with an event.
    pub Reporterstep = "reporterstep" Structure
        [namespace(NAMESPACE), namespace_aliases(ALIASES), verbatim, v2_only] {
        /// What it did.
        role: Option<ReporterRole> = "role" [xml_attribute],
        /// When it had done it.
        reporter_time: Option<Timestamp> = "reporterTime" [xml_attribute],
        /// The identifier of a reporter that is described elsewhere.
        reporter_id: Option<Identifier> = "reporterId" [xml_attribute],
        /// The reporter.
        reporter: Option<Resource> = "reporter",
        /// Further information.
        attachments: Vec<Attachment> = "attachments" [item("attachment")],
    }
}

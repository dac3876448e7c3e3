//! Events and the logs that keep them (5.17.8 to 5.17.13).

use super::AnyResource;
use super::documented::{record, resource};
use crate::meta::{Kind, Wildcard};
use crate::{Collection, DateTime, Ref, Uri, collection, open_enum};

/// The types of Events that the standard defines (DSP0263 5.17.13, table 55); providers may have others.
pub mod event_type {
    /// The state of a resource, or a change of it.
    pub const STATE: &str = "http://schemas.dmtf.org/cimi/2/event/state";
    /// An error or alarm during the management of resources.
    pub const ALARM: &str = "http://schemas.dmtf.org/cimi/2/event/alarm";
    /// A change of resources or of their metadata.
    pub const MODEL: &str = "http://schemas.dmtf.org/cimi/2/event/model";
    /// A request for access to a resource.
    pub const ACCESS: &str = "http://schemas.dmtf.org/cimi/2/event/access";
    /// An audit event of CADF (DSP0262); a longer path says more of its kind.
    pub const AUDIT: &str = "http://schemas.dmtf.org/cloud/audit/1.0/";
}

open_enum! {
    /// How grave an Event is (DSP0263 5.17.13, table 54).
    pub EventSeverity {
        /// Critical.
        Critical = "critical",
        /// High.
        High = "high",
        /// Medium.
        Medium = "medium",
        /// Low.
        Low = "low",
    }
}

open_enum! {
    /// What an Event means in general (DSP0263 5.17.13, table 54). Types of Events may have further outcomes.
    pub EventOutcome {
        /// An action or process that goes on.
        Pending = "Pending",
        /// A request or action that the provider does not know.
        Unknown = "Unknown",
        /// The state or status of a resource.
        Status = "Status",
        /// An action or process succeeded.
        Success = "Success",
        /// Something calls for attention or remedy.
        Warning = "Warning",
        /// An action or process failed.
        Failure = "Failure",
    }
}

open_enum! {
    /// How often the Events of a log are thrown away (DSP0263 5.17.8, table 52). Providers may have others.
    pub Persistence {
        /// Every day.
        Daily = "daily",
        /// Every week.
        Weekly = "weekly",
        /// Every month.
        Monthly = "monthly",
        /// Every year.
        Yearly = "yearly",
    }
}

open_enum! {
    /// What was done to the model (DSP0263 5.17.13, table 55).
    pub ModelChange {
        /// A resource was created.
        Create = "create",
        /// A resource was changed.
        Update = "update",
        /// A resource was destroyed.
        Delete = "delete",
    }
}

record! {
    /// How many Events of each severity are in a log (DSP0263 5.17.8, table 52).
    pub EventSummary = "summary" Structure
        [clause("5.17.8"), v1_wildcards(Wildcard::Anything, Wildcard::Anything)] {
        /// Events of low severity.
        low: Option<i64> = "low" [range(0, i64::MAX), v1_required],
        /// Events of medium severity.
        medium: Option<i64> = "medium" [range(0, i64::MAX), v1_required],
        /// Events of high severity.
        high: Option<i64> = "high" [range(0, i64::MAX), v1_required],
        /// Events of critical severity.
        critical: Option<i64> = "critical" [range(0, i64::MAX), v1_required],
    }
}

resource! {
    /// The Events of a resource (DSP0263 5.17.8, table 52). With the log, its Events are deleted.
    pub EventLog = "EventLog" [clause("5.17.8")] {
        /// The resource that the Events concern.
        target_resource: Option<Ref<AnyResource>> = "targetResource"
            [deleted_with_target_if("http://schemas.dmtf.org/cimi/2/capability/EventLog/Linked")],
        /// The Events that occurred.
        events: Option<Ref<Collection<Event>>> = "events" [child, aliases(&["Events"])],
        /// How long Events are kept.
        persistence: Option<Persistence> = "persistence" [aliases(&["Persistence"])],
        /// The Events in the log by severity.
        summary: Option<EventSummary> = "summary" [aliases(&["Summary"])],
    }
}
collection!(EventLog, "EventLogCollection", "eventLogs");

resource! {
    /// Values from which event logs are created (DSP0263 5.17.11, table 53).
    pub EventLogTemplate = "EventLogTemplate" [clause("5.17.11")] {
        /// The resource that the Events concern.
        target_resource: Option<Ref<AnyResource>> = "targetResource",
        /// How long Events are kept.
        persistence: Option<Persistence> = "persistence",
    }
}
collection!(EventLogTemplate, "EventLogTemplateCollection", "eventLogTemplates", operations: ["edit", "add"]);

record! {
    /// What an Event reports, by its type (DSP0263 5.17.13, table 55).
    ///
    /// | type | attributes |
    /// |---|---|
    /// | [`STATE`](event_type::STATE) | `resName`, `resource`, `resType`, `state`, `previous` |
    /// | [`ALARM`](event_type::ALARM) | `resName`, `resource`, `resType`, `code`, `detail` |
    /// | [`MODEL`](event_type::MODEL) | `resName`, `resource`, `resType`, `change`, `detail` |
    /// | [`ACCESS`](event_type::ACCESS) | `operation`, `resource`, `detail`, `initiator` |
    ///
    /// The content of any other type, such as an audit event of CADF, is among the extensions.
    pub EventContent = "content" Structure [any, clause("5.17.13"), v1_wildcards(Wildcard::Anything, Wildcard::Anything)] {
        /// The name of the resource.
        res_name: Option<String> = "resName",
        /// The resource, which the Event may outlive.
        resource: Option<Ref<AnyResource>> = "resource",
        /// The type of the resource.
        res_type: Option<Uri> = "resType" [aliases(&["restype"]), follows_dialect],
        /// The state that is reported.
        state: Option<String> = "state",
        /// The state before, if the Event reports a change.
        previous: Option<String> = "previous",
        /// The code of the alarm.
        code: Option<String> = "code",
        /// What was done to the model.
        change: Option<ModelChange> = "change" [closed],
        /// The operation, for HTTP its method.
        operation: Option<String> = "operation",
        /// The details: of an alarm its text, of a change or request its data.
        detail: Option<String> = "detail",
        /// Who made the request.
        initiator: Option<String> = "initiator",
    }
}

resource! {
    /// Something that happened in the infrastructure (DSP0263 5.17.13, table 54).
    pub Event = "Event" [clause("5.17.13")] {
        /// When it happened.
        timestamp: Option<DateTime> = "timestamp",
        /// The type, for example [`event_type::STATE`]; it says what the content is.
        type_uri: Option<Uri> = "type" [follows_dialect, v1_kind(Kind::String)],
        /// What is reported; a type that the standard does not define may have any value here.
        content: Option<EventContent> = "content",
        /// What it means in general.
        outcome: Option<EventOutcome> = "outcome",
        /// How grave it is, if that says something for this type.
        severity: Option<EventSeverity> = "severity" [closed],
        /// Whom to ask, in a form that depends on the type: an address, a URL, a queue.
        contact: Option<String> = "contact",
    }
    operations [v2_only]
}
collection!(Event, "EventCollection", "events", operations: []);

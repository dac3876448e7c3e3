//! The types, and where they stand.

use crate::ext::{Addition, NAMESPACE};
use crate::{
    AnyResource, Collection, DateTime, Duration, EventLog, Job, Ref, Uri, Volume, collection, open_enum, record,
    resource,
};

open_enum! {
    /// Whose logs belong to the log of a resource.
    pub Reach {
        /// Its own alone.
        Own = "own",
        /// Its own, and those of its components, of their components and so on: of a System, those of its Machines,
        /// Volumes, Networks and Systems.
        Components = "components",
        /// Those, and the ones of what they use: Volumes that Machines are connected to, Networks, ports and endpoints
        /// that interfaces are.
        Used = "used",
    }
}

open_enum! {
    /// The form in which logs are handed over.
    pub LogFormat {
        /// Events of CIMI as JSON.
        CimiJson = "cimi+json",
        /// Events of CIMI as XML.
        CimiXml = "cimi+xml",
        /// A log of CADF (DSP0262) as JSON.
        CadfJson = "cadf+json",
        /// A log of CADF (DSP0262) as XML.
        CadfXml = "cadf+xml",
    }
}

#[allow(clippy::derivable_impls, reason = "what the macro defines derives none")]
impl Default for LogFormat {
    fn default() -> Self {
        Self::CimiJson
    }
}

record! {
    /// Where an Event was found: a resource, and the log of it.
    pub Origin = "origin" Structure [namespace(NAMESPACE)] {
        /// The resource.
        resource: Option<Ref<AnyResource>> = "resource",
        /// The type of the resource.
        res_type: Option<Uri> = "resType" [follows_dialect],
        /// The name of the resource.
        res_name: Option<String> = "resName",
        /// The log of the resource.
        event_log: Option<Ref<EventLog>> = "eventLog",
    }
}

resource! {
    /// Logs that are saved again and again, each time those of the time since (DSP2042, use case Log/Met-002, case 4).
    ///
    /// `Schedule` says when a run is due and which Events it is for, and `LogTransfer::job` describes the Job of
    /// one.
    pub LogTransfer = "LogTransfer" [namespace(NAMESPACE)] {
        /// Whether runs take place; without it, they do. What was not transferred meanwhile is so afterwards.
        enabled: Option<bool> = "enabled",
        /// The resources whose logs are transferred; without any, those of all that the provider has.
        resources: Vec<Ref<AnyResource>> = "resources" [item("resource")],
        /// Whose logs besides; without it, those of components.
        reach: Option<Reach> = "reach" [closed],
        /// Which Events are transferred, in the language of `$filter`; without it, all.
        filter: Option<String> = "filter",
        /// The form that they are saved in; without it, JSON of CIMI.
        format: Option<LogFormat> = "format",
        /// The Volume that they are saved to.
        volume: Option<Ref<Volume>> = "volume",
        /// The folder on the Volume.
        folder: Option<String> = "folder",
        /// Where they are sent to: the address of a program that manages logs.
        destination: Option<Uri> = "destination",
        /// When the first run is due. Its time of the day and its offset from UTC are those of all runs.
        first_run: Option<DateTime> = "firstRun" [required],
        /// The time from one run to the next. Months are those of the calendar.
        period: Option<Duration> = "period" [required],
        /// The time that a run leaves Events to arrive in the log: it is for those up to so long before it is due.
        delay: Option<Duration> = "delay",
        /// From when on Events are transferred; without it, the first run is for one period.
        since: Option<DateTime> = "since",
        /// The time after which no run is due.
        until: Option<DateTime> = "until",
        /// Up to when Events have been transferred.
        transferred_to: Option<DateTime> = "transferredTo" [read_only],
        /// The Job of the latest run.
        last_job: Option<Ref<Job>> = "lastJob" [read_only],
    }
}
collection!(LogTransfer, "LogTransferCollection", "logTransfers");

record! {
    /// Which run of a transfer a Job is, and what it is for.
    pub TransferRun = "transferRun" Structure [namespace(NAMESPACE)] {
        /// The transfer.
        transfer: Option<Ref<LogTransfer>> = "transfer",
        /// The number of the run; the first is 0.
        number: Option<i64> = "number" [range(0, i64::MAX)],
        /// When it is due.
        due: Option<DateTime> = "due" [required],
        /// The time of the first Events that it is for.
        from: Option<DateTime> = "from" [required],
        /// The time of the first Events that it is no longer for.
        to: Option<DateTime> = "to" [required],
        /// Where the Events are saved on the Volume.
        file: Option<String> = "file",
    }
}

record! {
    /// What a provider offers to do with logs.
    pub LogServices = "logServices" Structure [namespace(NAMESPACE)] {
        /// The transfers; who may add to the collection may have logs transferred.
        transfers: Option<Ref<Collection<LogTransfer>>> = "transfers",
        /// The forms in which logs can be had.
        formats: Vec<LogFormat> = "formats" [item("format")],
        /// Where the log of CADF is read that is of all resources.
        audit_log: Option<Uri> = "auditLog",
    }
}

/// Where the entry point of a provider says what it offers to do with logs.
pub const LOG_SERVICES: Addition<LogServices> =
    Addition::new(NAMESPACE, "logServices", &["CloudEntryPoint"], "What the provider offers to do with logs.");

/// Of an Event in a log that was made of several: where it was found.
pub const ORIGIN: Addition<Origin> =
    Addition::new(NAMESPACE, "origin", &["Event"], "The resources in whose logs the Event was found.");

/// Of a Job that transfers logs: which run it is.
pub const TRANSFER_RUN: Addition<TransferRun> =
    Addition::new(NAMESPACE, "transferRun", &["Job"], "The run of a transfer of logs that the Job is.");

/// The action of Jobs that transfer logs.
pub const TRANSFER_ACTION: &str = "http://cimi-rs.org/ext/1/action/transferLogs";

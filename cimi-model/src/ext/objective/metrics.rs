//! What providers measure, under which names.

use std::borrow::Cow;
use std::collections::HashMap;

/// Something that is measured of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metric {
    /// The URI: an aspect of the standard (DSP0263 5.17.7, table 51) where it has one.
    pub uri: &'static str,
    /// The name.
    pub name: &'static str,
    /// The unit of an objective and of a Meter that name none.
    pub unit: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Other names and URIs of the same.
    pub aliases: &'static [&'static str],
    /// Names and URIs of what is left of a whole: of availability, the unavailability.
    pub complements: &'static [&'static str],
}

/// A row without other names.
const fn row(uri: &'static str, name: &'static str, unit: &'static str, doc: &'static str) -> Metric {
    Metric { uri, name, unit, doc, aliases: &[], complements: &[] }
}

impl Metric {
    const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    const fn complements(mut self, complements: &'static [&'static str]) -> Self {
        self.complements = complements;
        self
    }
}

/// The metrics that are known: the aspects of the standard, and others of this project's namespace. Names of other
/// systems are those of the monitoring of `OpenStack`, Amazon, Google and Azure.
pub const METRICS: &[Metric] = &[
    row(crate::aspect::CPU, "cpu", "percent", "The use of the processor.")
        .aliases(&["cpu_util", "CPUUtilization", "compute.googleapis.com/instance/cpu/utilization", "Percentage CPU"])
        .complements(&["http://cimi-rs.org/ext/1/metric/cpuIdle"]),
    row(crate::aspect::MEMORY, "memory", "kibibytes", "The memory in use.").aliases(&["memory.usage"]),
    row(crate::aspect::DISK, "disk", "kilobytes", "The disk space in use.").aliases(&["disk.usage"]),
    row(crate::aspect::BANDWIDTH, "bandwidth", "kilobits per second", "The traffic of a Network."),
    row(crate::aspect::INPUT_BANDWIDTH, "inputBandwidth", "kilobits per second", "The traffic into a resource.")
        .aliases(&["network.incoming.bytes.rate"]),
    row(crate::aspect::OUTPUT_BANDWIDTH, "outputBandwidth", "kilobits per second", "The traffic out of a resource.")
        .aliases(&["network.outgoing.bytes.rate"]),
    row(
        "http://cimi-rs.org/ext/1/metric/availability",
        "availability",
        "percent",
        "The share of time in which a resource does what it is there for.",
    )
    .aliases(&["http://cimi-rs.org/ext/1/metric/uptime", "VmAvailabilityMetric"])
    .complements(&["http://cimi-rs.org/ext/1/metric/unavailability", "http://cimi-rs.org/ext/1/metric/downtime"]),
    row("http://cimi-rs.org/ext/1/metric/latency", "latency", "milliseconds", "The time until a request is answered.")
        .aliases(&["http://cimi-rs.org/ext/1/metric/responseTime"]),
    row(
        "http://cimi-rs.org/ext/1/metric/diskLatency",
        "diskLatency",
        "milliseconds",
        "The time until a disk has read or written.",
    )
    .aliases(&["disk.device.latency"]),
    row(
        "http://cimi-rs.org/ext/1/metric/diskThroughput",
        "diskThroughput",
        "kilobytes per second",
        "The data that a disk reads and writes.",
    ),
    row("http://cimi-rs.org/ext/1/metric/iops", "iops", "operations per second", "How often a disk reads and writes.")
        .aliases(&["disk.iops"]),
    row(
        "http://cimi-rs.org/ext/1/metric/packetLoss",
        "packetLoss",
        "percent",
        "The share of packets that do not arrive.",
    )
    .complements(&["http://cimi-rs.org/ext/1/metric/packetDelivery"]),
    row("http://cimi-rs.org/ext/1/metric/jitter", "jitter", "milliseconds", "How much the latency varies."),
    row("http://cimi-rs.org/ext/1/metric/errorRate", "errorRate", "percent", "The share of requests that fail.")
        .complements(&["http://cimi-rs.org/ext/1/metric/successRate"]),
    row(
        "http://cimi-rs.org/ext/1/metric/throughput",
        "throughput",
        "requests per second",
        "How many requests are answered.",
    ),
    row(
        "http://cimi-rs.org/ext/1/metric/recoveryTime",
        "recoveryTime",
        "minutes",
        "The time from a failure until service is restored.",
    )
    .aliases(&["http://cimi-rs.org/ext/1/metric/rto"]),
    row(
        "http://cimi-rs.org/ext/1/metric/recoveryPoint",
        "recoveryPoint",
        "minutes",
        "The time before a failure of which data is lost.",
    )
    .aliases(&["http://cimi-rs.org/ext/1/metric/rpo"]),
    row(
        "http://cimi-rs.org/ext/1/metric/provisioningTime",
        "provisioningTime",
        "seconds",
        "The time until a resource that was requested can be used.",
    ),
];

/// The metric of a URI of [`METRICS`], in either version of the protocol; other names of it are found by [`Metrics`].
#[must_use]
pub fn metric(uri: &str) -> Option<&'static Metric> {
    let uri = in_v2(uri);
    METRICS.iter().find(|metric| metric.uri == uri)
}

/// Which names and URIs are those of the same metric.
///
/// ```
/// use cimi_model::aspect;
/// use cimi_model::ext::objective::Metrics;
///
/// let metrics = Metrics::standard().with("http://example.com/load", aspect::CPU);
/// assert!(metrics.are_same("http://example.com/load", "http://schemas.dmtf.org/cimi/1/aspect/cpu"));
/// assert!(metrics.are_same("cpu_util", "CPUUtilization"));
/// // What is left of the whole is not the same, but can be compared.
/// assert_eq!(metrics.find("http://cimi-rs.org/ext/1/metric/cpuIdle"), Some((aspect::CPU, true)));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    /// The metric of a name, and whether it is the complement.
    names: HashMap<Cow<'static, str>, (Cow<'static, str>, bool)>,
}

impl Metrics {
    /// Those of [`METRICS`].
    #[must_use]
    pub fn standard() -> Self {
        Self::known().clone()
    }

    pub(in crate::ext) fn known() -> &'static Self {
        static KNOWN: std::sync::OnceLock<Metrics> = std::sync::OnceLock::new();
        KNOWN.get_or_init(Self::of_table)
    }

    fn of_table() -> Self {
        let mut names = HashMap::new();
        for metric in METRICS {
            let same = metric.aliases.iter().chain([&metric.uri]).map(|name| (name, false));
            for (name, complement) in same.chain(metric.complements.iter().map(|name| (name, true))) {
                names.insert(Cow::Borrowed(*name), (Cow::Borrowed(metric.uri), complement));
            }
        }
        Self { names }
    }

    /// Adds another name or URI of a metric, or of one of its names.
    #[must_use]
    pub fn with(self, name: &str, metric: &str) -> Self {
        self.added(name, metric, false)
    }

    /// Adds a name or URI of what a metric leaves of the whole.
    #[must_use]
    pub fn with_complement(self, name: &str, metric: &str) -> Self {
        self.added(name, metric, true)
    }

    fn added(mut self, name: &str, metric: &str, other: bool) -> Self {
        let (found, complement) = match self.find(metric) {
            Some((found, complement)) => (found.to_owned(), complement),
            None => (in_v2(metric).into_owned(), false),
        };
        self.names.entry(found.clone().into()).or_insert_with(|| (found.clone().into(), false));
        self.names.insert(in_v2(name).into_owned().into(), (found.into(), complement != other));
        self
    }

    /// The URI of the metric that has a name or URI, and whether this one is what the metric leaves of the whole.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<(&str, bool)> {
        self.names.get(in_v2(name).as_ref()).map(|(uri, complement)| (uri.as_ref(), *complement))
    }

    /// The unit of what has a name or URI, where none is named.
    pub(in crate::ext) fn unit_of(&self, name: &str) -> Option<&'static str> {
        self.find(name).and_then(|(uri, _)| metric(uri)).map(|metric| metric.unit)
    }

    /// Whether two names or URIs are those of the same metric. One that is not known is only itself.
    #[must_use]
    pub fn are_same(&self, a: &str, b: &str) -> bool {
        in_v2(a) == in_v2(b) || self.find(a).is_some_and(|found| self.find(b) == Some(found))
    }
}

/// The URI that 2.0 has in place of one of 1.x.
pub(in crate::ext) fn in_v2(uri: &str) -> Cow<'_, str> {
    let (old, new) = (crate::Dialect::V1.namespace(), crate::Dialect::V2.namespace());
    match uri.strip_prefix(old).filter(|rest| rest.starts_with('/')) {
        Some(rest) => Cow::Owned(format!("{new}{rest}")),
        None => Cow::Borrowed(uri),
    }
}

//! From the qualities that customers see (KQI) to what is measured in the infrastructure (KPI).

use super::Metrics;
use crate::aspect;

/// Which values of an indicator are good for a quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Wanted {
    /// Small ones.
    Low,
    /// Great ones.
    High,
}

/// A key performance indicator (KPI): a metric of the infrastructure that a quality depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Indicator {
    /// The URI of the metric, one of [`METRICS`](super::METRICS).
    pub metric: &'static str,
    /// Which values are good.
    pub wanted: Wanted,
    /// The types of the resources that it is measured of.
    pub resources: &'static [&'static str],
}

/// A key quality indicator (KQI): how a customer sees a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quality {
    /// The URI.
    pub uri: &'static str,
    /// The name.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// What it depends on, the nearest first.
    pub indicators: &'static [Indicator],
}

const fn low(metric: &'static str, resources: &'static [&'static str]) -> Indicator {
    Indicator { metric, wanted: Wanted::Low, resources }
}

const fn high(metric: &'static str, resources: &'static [&'static str]) -> Indicator {
    Indicator { metric, wanted: Wanted::High, resources }
}

const MACHINE: &[&str] = &["Machine"];
const VOLUME: &[&str] = &["Volume"];
const NETWORK: &[&str] = &["Network"];
const ALL: &[&str] = &["Machine", "Volume", "Network", "System"];

/// The qualities that are known.
pub const QUALITIES: &[Quality] = &[
    Quality {
        uri: "http://cimi-rs.org/ext/1/quality/availability",
        name: "availability",
        doc: "The service can be used when it is wanted.",
        indicators: &[
            high("http://cimi-rs.org/ext/1/metric/availability", ALL),
            low("http://cimi-rs.org/ext/1/metric/recoveryTime", ALL),
            low("http://cimi-rs.org/ext/1/metric/packetLoss", NETWORK),
        ],
    },
    Quality {
        uri: "http://cimi-rs.org/ext/1/quality/responsiveness",
        name: "responsiveness",
        doc: "The service answers soon.",
        indicators: &[
            low("http://cimi-rs.org/ext/1/metric/latency", ALL),
            low(aspect::CPU, MACHINE),
            low("http://cimi-rs.org/ext/1/metric/diskLatency", VOLUME),
            low("http://cimi-rs.org/ext/1/metric/jitter", NETWORK),
        ],
    },
    Quality {
        uri: "http://cimi-rs.org/ext/1/quality/throughput",
        name: "throughput",
        doc: "The service gets much done.",
        indicators: &[
            high("http://cimi-rs.org/ext/1/metric/throughput", MACHINE),
            high("http://cimi-rs.org/ext/1/metric/iops", VOLUME),
            high("http://cimi-rs.org/ext/1/metric/diskThroughput", VOLUME),
            high(aspect::BANDWIDTH, NETWORK),
            high(aspect::INPUT_BANDWIDTH, MACHINE),
            high(aspect::OUTPUT_BANDWIDTH, MACHINE),
        ],
    },
    Quality {
        uri: "http://cimi-rs.org/ext/1/quality/reliability",
        name: "reliability",
        doc: "The service does what it is asked without mistakes.",
        indicators: &[
            low("http://cimi-rs.org/ext/1/metric/errorRate", ALL),
            low("http://cimi-rs.org/ext/1/metric/packetLoss", NETWORK),
        ],
    },
    Quality {
        uri: "http://cimi-rs.org/ext/1/quality/recoverability",
        name: "recoverability",
        doc: "After a failure, the service is back soon, and with its data.",
        indicators: &[
            low("http://cimi-rs.org/ext/1/metric/recoveryTime", ALL),
            low("http://cimi-rs.org/ext/1/metric/recoveryPoint", &["Machine", "Volume", "System"]),
        ],
    },
    Quality {
        uri: "http://cimi-rs.org/ext/1/quality/capacity",
        name: "capacity",
        doc: "There is room for more.",
        indicators: &[
            low(aspect::CPU, MACHINE),
            low(aspect::MEMORY, MACHINE),
            low(aspect::DISK, &["Machine", "Volume"]),
        ],
    },
    Quality {
        uri: "http://cimi-rs.org/ext/1/quality/agility",
        name: "agility",
        doc: "What is ordered can be used soon.",
        indicators: &[low("http://cimi-rs.org/ext/1/metric/provisioningTime", ALL)],
    },
];

/// The quality with a URI or name.
#[must_use]
pub fn quality(name: &str) -> Option<&'static Quality> {
    QUALITIES.iter().find(|quality| quality.uri == name || quality.name == name)
}

/// The qualities that depend on a metric, under any name that it has.
///
/// ```
/// use cimi_model::ext::objective::{Metrics, qualities_of};
///
/// let names: Vec<_> = qualities_of("CPUUtilization", &Metrics::standard()).map(|quality| quality.name).collect();
/// assert_eq!(names, ["responsiveness", "capacity"]);
/// ```
pub fn qualities_of(metric: &str, metrics: &Metrics) -> impl Iterator<Item = &'static Quality> {
    let uri = metrics.find(metric).map_or_else(|| metric.to_owned(), |(uri, _)| uri.to_owned());
    QUALITIES.iter().filter(move |quality| quality.indicators.iter().any(|indicator| indicator.metric == uri))
}

//! The metrics of the document.

use super::rendering::{Category, Class};

/// The mixin that all metrics are related to.
pub const METRIC: &str = "http://schemas.ogf.org/occi/monitoring#metric";

/// A metric, which is a mixin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MetricMixin {
    /// What it is called, and the attribute that has its value: `cpu.user`.
    pub title: &'static str,
    /// Its name within the scheme.
    pub term: &'static str,
    /// The scheme.
    pub scheme: &'static str,
    /// The unit of its values; empty for plain numbers.
    pub unit: &'static str,
    /// The column of [`Samples`](super::Samples) that it has.
    pub column: &'static str,
}

const CPU: &str = "http://iolanes.eu/occi/infrastructure/metric/compute/cpu#";
const MEMORY: &str = "http://iolanes.eu/occi/infrastructure/metric/compute/memory#";
const NETWORK: &str = "http://iolanes.eu/occi/infrastructure/metric/network#";
const STORAGE: &str = "http://iolanes.eu/occi/infrastructure/metric/storage#";

const fn mixin(
    title: &'static str,
    term: &'static str,
    scheme: &'static str,
    unit: &'static str,
    column: &'static str,
) -> MetricMixin {
    MetricMixin { title, term, scheme, unit, column }
}

/// The metrics of compute, network and storage, as the document names them: also where it misspells.
pub const METRICS: &[MetricMixin] = &[
    mixin("cpu.user", "user", CPU, "percent", "cpuuser"),
    mixin("cpu.sys", "sys", CPU, "percent", "cpusys"),
    mixin("cpu.wait", "wait", CPU, "percent", "cpuwait"),
    mixin("cpu.lavg1", "lavg1", CPU, "", "cpulavg1"),
    mixin("cpu.intsec", "intsec", CPU, "interrupts per second", "cpuintsec"),
    mixin("cpu.ctxsec", "ctxsec", CPU, "context switches per second", "cpuctxsec"),
    mixin("mem.tot", "tot", MEMORY, "kibibytes", "memtot"),
    mixin("mem.buf", "buf", MEMORY, "kibibytes", "membuf"),
    mixin("mem.used", "used", MEMORY, "kibibytes", "memused"),
    mixin("mem.free", "free", MEMORY, "kibibytes", "memfree"),
    mixin("mem.cached", "cached", MEMORY, "kibibytes", "memcached"),
    mixin("mem.swap", "swap", MEMORY, "kibibytes", "memswap"),
    mixin("net.rxkbtot", "rxtot", NETWORK, "kilobytes", "netrxkbtot"),
    mixin("net.txkbtot", "txtot", NETWORK, "kilobytes", "netbkbtot"),
    mixin("dsk.readtot", "readtot", STORAGE, "operations", "dskreadtot"),
    mixin("dsk.wrietot", "wrietot", STORAGE, "operations", "dskwritetot"),
    mixin("dsk.readkbtot", "readkbtot", STORAGE, "kilobytes", "dskreadkbtot"),
    mixin("dsk.writekbtot", "writekbtot", STORAGE, "kilobytes", "dskwritekbtot"),
];

impl MetricMixin {
    /// The identifier, which is the aspect of a Meter that measures it.
    #[must_use]
    pub fn identifier(&self) -> String {
        format!("{}{}", self.scheme, self.term)
    }

    /// The category by which a provider offers it.
    #[must_use]
    pub fn category(&self) -> Category {
        let path = self.scheme.split_once("/metric/").map_or("", |(_, path)| path.trim_end_matches('#'));
        Category {
            title: Some(self.title.to_owned()),
            rel: Some(METRIC.to_owned()),
            location: Some(format!("/metric/{path}/{}", self.term)),
            attributes: ["timestamp{immutable}", "samplerate", "resolution", "unit{immutable}"]
                .map(str::to_owned)
                .to_vec(),
            ..Category::new(&self.identifier(), Class::Mixin)
        }
    }
}

/// The metric of an identifier.
#[must_use]
pub fn metric(identifier: &str) -> Option<&'static MetricMixin> {
    METRICS.iter().find(|metric| identifier.strip_prefix(metric.scheme) == Some(metric.term))
}

/// The metric of a column of samples. That of the sent kilobytes is also understood as one would expect it.
#[must_use]
pub fn metric_of_column(column: &str) -> Option<&'static MetricMixin> {
    let column = if column == "nettxkbtot" { "netbkbtot" } else { column };
    METRICS.iter().find(|metric| metric.column == column)
}

//! The types, and where they stand.

use crate::ext::{Addition, NAMESPACE};
use crate::{Collection, Duration, Ref, TimeScope, Uri, collection, open_enum, record, resource};

open_enum! {
    /// How the value of a metric shall compare with the threshold.
    pub Comparison {
        /// The value is less than the threshold.
        LessThan = "lessThan",
        /// The value is the threshold or less.
        AtMost = "atMost",
        /// The value is the threshold or more.
        AtLeast = "atLeast",
        /// The value is more than the threshold.
        MoreThan = "moreThan",
    }
}

open_enum! {
    /// How the samples of a window become the one value that is held against the threshold.
    ///
    /// All but `timeWeightedAverage` treat all samples of the window alike, however far apart they are.
    pub Aggregation {
        /// Their sum divided by their number. This is the aggregation of an objective that names none.
        Average = "average",
        /// The average over the time: of points in time, each value holds until the next sample, the last one until
        /// now, and the last one before the window from its beginning on; of intervals, each value counts for the part
        /// of its interval that is in the window. If no time passes, the last value.
        TimeWeightedAverage = "timeWeightedAverage",
        /// The least value.
        Minimum = "minimum",
        /// The greatest value.
        Maximum = "maximum",
        /// The sum of the values; needed where they are amounts, each of its own interval.
        Sum = "sum",
        /// How many samples there are, whatever their values.
        Count = "count",
        /// The latest value; of several at the same time, that which comes last.
        Last = "last",
        /// The percentile by nearest rank: of N values in ascending order, that at the place percentile / 100 * N,
        /// rounded up, where the first place is 1; for the percentile 0, the first.
        Percentile = "percentile",
    }
}

open_enum! {
    /// The level of a tier. Providers may have others.
    pub TierLevel {
        /// Limited performance at low cost.
        Bronze = "bronze",
        /// Between the two.
        Silver = "silver",
        /// Guaranteed performance at a higher cost.
        Gold = "gold",
    }
}

resource! {
    /// What a metric of a resource shall be (DSP2042 4.2.1).
    pub ServiceLevelObjective = "ServiceLevelObjective" [namespace(NAMESPACE)] {
        /// What is measured: the aspect of a Meter or another URI, for example that of an entry of
        /// `METRICS`.
        metric: Option<Uri> = "metric" [required, follows_dialect],
        /// How the value shall compare with the threshold.
        comparison: Option<Comparison> = "comparison" [required, closed],
        /// The threshold, a decimal number.
        threshold: Option<String> = "threshold" [required],
        /// On the good side of the threshold, where the objective begins to be at risk: a decimal number.
        warning_threshold: Option<String> = "warningThreshold",
        /// The unit of both thresholds; without one, that of the metric if it is known, else that of the samples.
        unit: Option<String> = "unit",
        /// How far the samples reach back that count: those after its beginning, up to now. Without one, all.
        window: Option<Duration> = "window",
        /// How the samples become one value; without one, `average`.
        aggregation: Option<Aggregation> = "aggregation" [closed],
        /// The percentile, if that is the aggregation: a decimal number from 0 to 100.
        percentile: Option<String> = "percentile",
        /// Whether a sample applies to a point in time or to the interval that ends then; without it, to a point.
        time_scope: Option<TimeScope> = "timeScope" [closed],
        /// The length of that interval.
        interval_duration: Option<Duration> = "intervalDuration",
        /// With how many samples in the window there are enough; without it, 1, or for the aggregation `count`, 0.
        minimum_samples: Option<i64> = "minimumSamples" [range(0, i64::MAX)],
        /// The longest time without a sample with which there are enough, from the beginning of the window to now.
        maximum_gap: Option<Duration> = "maximumGap",
        /// The types of the resources that it can be chosen for; without any, all.
        applies_to: Vec<Uri> = "appliesTo" [item("type"), follows_dialect],
    }
}
collection!(ServiceLevelObjective, "ServiceLevelObjectiveCollection", "serviceLevelObjectives");

resource! {
    /// Objectives that a provider offers together, for a price (DSP2042 4.2.1: bronze, silver, gold).
    pub ServiceTier = "ServiceTier" [namespace(NAMESPACE)] {
        /// The level, which consumers choose by.
        level: Option<TierLevel> = "level",
        /// The objectives, by reference or by value.
        objectives: Vec<Ref<ServiceLevelObjective>> = "objectives" [item("objective")],
        /// The types of the resources that it can be chosen for; without any, all.
        applies_to: Vec<Uri> = "appliesTo" [item("type"), follows_dialect],
        /// What it costs, in words.
        price: Option<String> = "price",
    }
}
collection!(ServiceTier, "ServiceTierCollection", "serviceTiers");

record! {
    /// The service level that is chosen for a resource: a tier, objectives, or both.
    pub ServiceLevel = "serviceLevel" Structure [namespace(NAMESPACE)] {
        /// The tier.
        tier: Option<Ref<ServiceTier>> = "tier",
        /// Objectives besides those of the tier, by reference or by value.
        objectives: Vec<Ref<ServiceLevelObjective>> = "objectives" [item("objective")],
    }
}

record! {
    /// The service levels that a provider offers.
    pub OfferedLevels = "serviceLevels" Structure [namespace(NAMESPACE)] {
        /// The tiers.
        tiers: Option<Ref<Collection<ServiceTier>>> = "tiers",
        /// Single objectives.
        objectives: Option<Ref<Collection<ServiceLevelObjective>>> = "objectives",
    }
}

/// The service level of a resource, and of a template the one that resources made from it shall have.
pub const SERVICE_LEVEL: Addition<ServiceLevel> = Addition::new(
    NAMESPACE,
    "serviceLevel",
    &[
        "MachineTemplate",
        "VolumeTemplate",
        "NetworkTemplate",
        "SystemTemplate",
        "Machine",
        "Volume",
        "Network",
        "System",
    ],
    "The service level that is chosen for the resource.",
);

/// Where the entry point of a provider refers to the service levels that it offers.
pub const OFFERED_LEVELS: Addition<OfferedLevels> =
    Addition::new(NAMESPACE, "serviceLevels", &["CloudEntryPoint"], "The service levels that the provider offers.");

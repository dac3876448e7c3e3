//! The types, and where they stand.

use crate::ext::objective::{Aggregation, Comparison};
use crate::ext::{Addition, NAMESPACE};
use crate::{
    AnyResource, Collection, Duration, MachineConfiguration, MachineTemplate, NetworkInterfaceTemplate, Ref, TimeScope,
    Uri, VolumeTemplate, collection, open_enum, record, resource,
};

open_enum! {
    /// What is changed when the load grows or falls.
    pub ScalingKind {
        /// The number of resources: out and in.
        OutIn = "outIn",
        /// The size of each resource: up and down.
        UpDown = "upDown",
    }
}

open_enum! {
    /// Whose load is held against the thresholds.
    pub ScalingScope {
        /// The average over all resources. This is the scope of a policy of kind `outIn` that names none.
        Average = "average",
        /// Each resource by itself. To scale out, the load of one is enough; to scale in, that of all has to be low.
        Single = "single",
    }
}

open_enum! {
    /// What the number of an adjustment means.
    pub AdjustmentType {
        /// Resources, steps along the configurations, or the unit of the size. This is the meaning where none is named.
        Amount = "amount",
        /// Percent of the present number of resources or of the present size, rounded up.
        Percent = "percent",
    }
}

open_enum! {
    /// Which resources are removed first when a policy scales in. Of those that are alike, the last by their ids.
    pub Removal {
        /// That which was created last; one of which that is not known counts as the oldest. This is the rule of a
        /// policy that names none.
        Newest = "newest",
        /// That which was created first; one of which that is not known counts as the oldest.
        Oldest = "oldest",
        /// That with the least load in the latest period; one without enough samples counts as having none.
        LeastLoaded = "leastLoaded",
    }
}

record! {
    /// When and how far a policy scales in one direction (DSP2042 4.2.3).
    pub ScalingTrigger = "trigger" Structure [namespace(NAMESPACE)] {
        /// The threshold, a decimal number in the unit of the policy.
        threshold: Option<String> = "threshold" [required],
        /// How the load compares with the threshold then: to grow, `moreThan` or `atLeast`, without it `moreThan`; to
        /// shrink, `lessThan` or `atMost`, without it `lessThan`.
        comparison: Option<Comparison> = "comparison" [closed],
        /// For how many periods in a row, up to now.
        periods: Option<i64> = "periods" [range(1, 1000), default("1")],
        /// By how much; without it by 1, which a size in kilobytes or bits per second has to say otherwise.
        adjustment: Option<i64> = "adjustment" [range(1, i64::MAX)],
        /// What that number means; without it, `amount`.
        adjustment_type: Option<AdjustmentType> = "adjustmentType" [closed],
        /// The time after an action of the policy, in either direction, before it acts in this one; without it, the
        /// periods that are measured, so that none reaches back beyond the action.
        cool_down: Option<Duration> = "coolDown",
    }
}

resource! {
    /// When resources are added, removed or changed in size, by what is measured of them (DSP2042 4.2.3).
    pub ScalingPolicy = "ScalingPolicy" [namespace(NAMESPACE)] {
        /// Whether the policy acts.
        enabled: Option<bool> = "enabled" [default("true")],
        /// Whether the number of resources changes, or the size of each.
        kind: Option<ScalingKind> = "kind" [required, closed],
        /// The type of the resources that are measured and scaled. Sizes are the `capacity` of a Volume or Disk in
        /// kilobytes, the `speed` of a `NetworkInterface` in bits per second, and the configuration of a Machine.
        resource_type: Option<Uri> = "resourceType" [required, follows_dialect],
        /// The names of the components that the policy is for, as in componentDescriptors: `web` for the Machines `web`,
        /// `web1` and `web2`. Those that the policy adds get the next numbers.
        components: Vec<String> = "components" [item("component")],
        /// The resources that the policy is for; without any, and without components, all of the type in the System or
        /// Machine that has the policy.
        resources: Vec<Ref<AnyResource>> = "resources" [item("resource")],
        /// Those that are never removed, for example the Machine that distributes the load.
        protected_resources: Vec<Ref<AnyResource>> = "protectedResources" [item("protectedResource")],
        /// Whose load is held against the thresholds; without it, of kind `outIn` the average, of kind `upDown` each.
        scope: Option<ScalingScope> = "scope" [closed],
        /// What is measured: the aspect of a Meter or another URI, for example that of an entry of `METRICS`.
        metric: Option<Uri> = "metric" [required, follows_dialect],
        /// The unit of the thresholds; without one, that of the metric if it is known, else that of the samples. The use
        /// of disks, memory and bandwidth may be in percent: of the `capacity`, `memory` or `speed` of the resource.
        unit: Option<String> = "unit",
        /// The length of a period of measurement; without one, all samples since the last action are one period.
        period: Option<Duration> = "period",
        /// How the samples of a period become one value for each resource; without it, `average`.
        aggregation: Option<Aggregation> = "aggregation" [closed],
        /// The percentile, if that is the aggregation: a decimal number from 0 to 100.
        percentile: Option<String> = "percentile",
        /// Whether a sample applies to a point in time or to the interval that ends then; without it, to a point.
        time_scope: Option<TimeScope> = "timeScope" [closed],
        /// The length of that interval.
        interval_duration: Option<Duration> = "intervalDuration",
        /// With how many samples of a resource in a period there are enough; without it, 1, or for the aggregation
        /// `count`, 0.
        minimum_samples: Option<i64> = "minimumSamples" [range(0, i64::MAX)],
        /// The longest time without a sample with which there are enough, from the beginning of a period to its end.
        maximum_gap: Option<Duration> = "maximumGap",
        /// When and how far the policy scales out or up.
        grow: Option<ScalingTrigger> = "grow",
        /// When and how far it scales in or down.
        shrink: Option<ScalingTrigger> = "shrink",
        /// The least number of resources, which is kept up whatever the load, or the least size of each; without it, 1.
        minimum: Option<i64> = "minimum" [range(0, i64::MAX), default("1")],
        /// The greatest number of resources, or size of each; without it, there is none.
        maximum: Option<i64> = "maximum" [range(0, i64::MAX)],
        /// Which resources are removed first; without it, `newest`.
        removal: Option<Removal> = "removal" [closed],
        /// What Machines are made from that are added; without it, what the others were made from.
        machine_template: Option<Ref<MachineTemplate>> = "machineTemplate",
        /// The same for Volumes.
        volume_template: Option<Ref<VolumeTemplate>> = "volumeTemplate",
        /// The same for network interfaces.
        network_interface_template: Option<Ref<NetworkInterfaceTemplate>> = "networkInterfaceTemplate",
        /// Of kind `upDown`, the configurations that a Machine may have, the smallest first.
        configurations: Vec<Ref<MachineConfiguration>> = "configurations" [item("configuration")],
    }
}
collection!(ScalingPolicy, "ScalingPolicyCollection", "scalingPolicies");

record! {
    /// The scaling of a resource, its components or its parts.
    pub AutoScaling = "autoScaling" Structure [namespace(NAMESPACE)] {
        /// The policies, by reference or by value.
        policies: Vec<Ref<ScalingPolicy>> = "policies" [item("policy")],
    }
}

record! {
    /// The scaling that a provider offers.
    pub OfferedScaling = "scaling" Structure [namespace(NAMESPACE)] {
        /// The policies that can be referred to, and to which consumers may add theirs.
        policies: Option<Ref<Collection<ScalingPolicy>>> = "policies",
    }
}

/// The scaling of a resource, and of a template that which resources made from it shall have.
pub const AUTO_SCALING: Addition<AutoScaling> = Addition::new(
    NAMESPACE,
    "autoScaling",
    &[
        "SystemTemplate",
        "MachineTemplate",
        "VolumeTemplate",
        "NetworkInterfaceTemplate",
        "System",
        "Machine",
        "Volume",
        "NetworkInterface",
    ],
    "The policies by which the resource, its components or its parts are scaled.",
);

/// Where the entry point of a provider refers to the scaling that it offers.
pub const OFFERED_SCALING: Addition<OfferedScaling> =
    Addition::new(NAMESPACE, "scaling", &["CloudEntryPoint"], "The scaling that the provider offers.");

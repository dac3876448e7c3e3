//! Meters, their samples, templates and configurations (5.17.3 to 5.17.9).

use super::AnyResource;
use super::documented::{record, resource};
use crate::meta::Wildcard;
use crate::{Collection, DateTime, Duration, Ref, Uri, collection, open_enum};

/// The aspects that the standard defines for Meters (DSP0263 5.17.7, table 51); providers may have others.
pub mod aspect {
    /// The use of the processor in percent.
    pub const CPU: &str = "http://schemas.dmtf.org/cimi/2/aspect/cpu";
    /// The memory in use.
    pub const MEMORY: &str = "http://schemas.dmtf.org/cimi/2/aspect/memory";
    /// The disk space in use.
    pub const DISK: &str = "http://schemas.dmtf.org/cimi/2/aspect/disk";
    /// The traffic of a Network.
    pub const BANDWIDTH: &str = "http://schemas.dmtf.org/cimi/2/aspect/bandwidth";
    /// The traffic into a resource.
    pub const INPUT_BANDWIDTH: &str = "http://schemas.dmtf.org/cimi/2/aspect/inputBandwidth";
    /// The traffic out of a resource.
    pub const OUTPUT_BANDWIDTH: &str = "http://schemas.dmtf.org/cimi/2/aspect/outputBandwidth";
}

open_enum! {
    /// What the value of a Meter applies to (DSP0263 5.17.3, table 47).
    pub TimeScope {
        /// A point in time.
        Point = "Point",
        /// An interval, such as a day.
        Interval = "Interval",
    }
}

resource! {
    /// Something measured of a resource (DSP0263 5.17.3, table 47).
    pub Meter = "Meter" [
        clause("5.17.3"),
        operations(&["edit", "delete", "start", "stop"]),
    ] {
        /// The resource that is measured; with it, the Meter is deleted.
        target_resource: Option<Ref<AnyResource>> = "targetResource" [deleted_with_target],
        /// What is measured, for example [`aspect::CPU`].
        aspect: Option<Uri> = "aspect" [follows_dialect],
        /// The unit of the samples, for example `kilobits per second`.
        units: Option<String> = "units",
        /// The time between two samples in seconds.
        sample_interval: Option<i64> = "sampleInterval" [unit("seconds")],
        /// Whether a value applies to a point in time or to an interval.
        time_scope: Option<TimeScope> = "timeScope" [closed],
        /// The length of the interval.
        interval_duration: Option<Duration> = "intervalDuration",
        /// Whether the values are continuous.
        is_continuous: Option<bool> = "isContinuous",
        /// The samples taken.
        samples: Option<Ref<Collection<Sample>>> = "samples" [child],
        /// The least value that is expected.
        min_value: Option<String> = "minValue",
        /// The greatest value that is expected.
        max_value: Option<String> = "maxValue",
        /// When the Meter stops taking samples.
        stop_time: Option<DateTime> = "stopTime",
        /// When the Meter is deleted, if the resource is not deleted before.
        expires_time: Option<DateTime> = "expiresTime",
    }
}
collection!(Meter, "MeterCollection", "meters");

record! {
    /// In 1.x, the value and time of a Sample (DSP0263 5.17.3.1.1, table 48).
    pub SampleValue = "SampleValue" Structure
        [v1_only, clause("5.17.3.1.1"), v1_wildcards(Wildcard::Anything, Wildcard::Anything)] {
        /// When the value was taken.
        timestamp: Option<DateTime> = "timestamp" [xml_attribute],
        /// The value.
        value: Option<String> = "value" [xml_attribute],
    }
}

resource! {
    /// One value that a Meter has measured (DSP0263 5.17.3.1.1, table 48).
    ///
    /// The schema of 1.x has time and value in an element `sample`; [`Sample::reading`] finds them wherever they are.
    pub Sample = "Sample" [clause("5.17.3.1.1")] {
        /// In XML of 1.x, the time and the value.
        sample: Option<SampleValue> = "sample" [v1_only, v1_required],
        /// When the value was taken; of an interval, its end.
        timestamp: Option<DateTime> = "timestamp" [v2_only],
        /// The value, in the units of the Meter.
        value: Option<String> = "value" [v2_only],
    }
    operations [v2_only]
}
collection!(Sample, "SampleCollection", "samples", v1_operations: false);

impl Sample {
    /// The time and the value, in whichever form they came.
    #[must_use]
    pub fn reading(&self) -> (Option<&DateTime>, Option<&str>) {
        let nested = self.sample.as_ref();
        let timestamp = self.timestamp.as_ref().or_else(|| nested?.timestamp.as_ref());
        let value = self.value.as_deref().or_else(|| nested?.value.as_deref());
        (timestamp, value)
    }
}

resource! {
    /// Values from which Meters are created (DSP0263 5.17.5, table 49).
    pub MeterTemplate = "MeterTemplate" [clause("5.17.5")] {
        /// The resource to be measured. It is needed where the Meter is added to the collection of the entry point.
        target_resource: Option<Ref<AnyResource>> = "targetResource",
        /// The configuration, by reference or by value.
        meter_config: Option<Ref<MeterConfiguration>> = "meterConfig",
    }
}
collection!(MeterTemplate, "MeterTemplateCollection", "meterTemplates", operations: ["edit", "add"]);

resource! {
    /// The characteristics of Meters to be created (DSP0263 5.17.7, table 50).
    pub MeterConfiguration = "MeterConfiguration" [clause("5.17.7")] {
        /// In 1.x, the resources that such a Meter can measure.
        associated_to: Vec<Ref<AnyResource>> = "associatedTo" [item("associatedTo"), v1_only],
        /// The types of the resources that such a Meter can measure.
        associated_resources: Vec<Uri> = "associatedResources" [item("associatedResource"), follows_dialect, v2_only],
        /// What is measured, for example [`aspect::CPU`].
        aspect: Option<Uri> = "aspect" [follows_dialect],
        /// The unit of the samples, for example `kilobits per second`.
        units: Option<String> = "units",
        /// The time between two samples in seconds.
        sample_interval: Option<i64> = "sampleInterval" [unit("seconds")],
        /// Whether a value applies to a point in time or to an interval.
        time_scope: Option<TimeScope> = "timeScope" [closed],
        /// The length of the interval.
        interval_duration: Option<Duration> = "intervalDuration",
        /// Whether the values are continuous.
        is_continuous: Option<bool> = "isContinuous",
    }
}
collection!(MeterConfiguration, "MeterConfigurationCollection", "meterConfigurations", operations: ["edit", "add"]);

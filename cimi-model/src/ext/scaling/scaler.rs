//! A policy that has been understood.

use std::collections::HashSet;

use super::ScalingPolicy;
use super::check::read;
use crate::ext::objective::{Comparison, Criterion, Metrics, Way};
use crate::ext::span::Span;
use crate::scope::Ratio;
use crate::validate::{Problem, Severity};
use crate::{Error, ErrorKind, Result, Uri, aspect};

/// A policy, understood once to be applied many times.
#[derive(Clone, Debug)]
pub struct Scaler<'a> {
    pub(super) policy: &'a ScalingPolicy,
    pub(super) metrics: &'a Metrics,
    pub(super) sizing: Sizing,
    /// What is measured in a period.
    pub(super) measure: Criterion,
    pub(super) period: Option<Span>,
    pub(super) unit: Option<&'a str>,
    /// What the unit is a share of, if it is one of the size of the resource.
    pub(super) share_of: Option<&'static Part>,
    /// Whether the load of each resource counts, and not their average.
    pub(super) single: bool,
    pub(super) grow: Option<Trigger>,
    pub(super) shrink: Option<Trigger>,
    pub(super) minimum: i64,
    pub(super) maximum: i64,
    pub(super) protected: HashSet<&'a Uri>,
}

/// What changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sizing {
    /// The number of resources.
    Number,
    /// The configuration of a Machine.
    Configuration,
    /// The integer that this attribute has.
    Attribute(&'static str),
}

/// A trigger that has been understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trigger {
    pub(super) threshold: Ratio,
    pub(super) comparison: Comparison,
    pub(super) way: Way,
    pub(super) periods: u32,
    pub(super) adjustment: Adjustment,
    pub(super) cool_down: Option<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Adjustment {
    Amount(i64),
    Percent(i64),
}

/// An attribute of a type that says how much there is of what is used.
#[derive(Debug)]
pub(super) struct Part {
    type_name: &'static str,
    pub(super) attribute: &'static str,
    pub(super) unit: &'static str,
    /// The metrics that measure the use of it.
    metrics: &'static [&'static str],
    /// Whether a policy can change it.
    is_size: bool,
}

const PARTS: &[Part] = &[
    Part { type_name: "Volume", attribute: "capacity", unit: "kilobytes", metrics: &[aspect::DISK], is_size: true },
    Part { type_name: "Disk", attribute: "capacity", unit: "kilobytes", metrics: &[aspect::DISK], is_size: true },
    Part {
        type_name: "NetworkInterface",
        attribute: "speed",
        unit: "bits per second",
        metrics: &[aspect::BANDWIDTH, aspect::INPUT_BANDWIDTH, aspect::OUTPUT_BANDWIDTH],
        is_size: true,
    },
    Part { type_name: "Machine", attribute: "memory", unit: "kibibytes", metrics: &[aspect::MEMORY], is_size: false },
];

impl Part {
    /// What a metric of a type measures the use of.
    pub(super) fn used(type_name: &str, metric: &str) -> Option<&'static Self> {
        PARTS.iter().find(|part| part.type_name == type_name && part.metrics.contains(&metric))
    }
}

impl Sizing {
    /// How resources of a type are scaled up; `None` if they cannot be.
    pub(super) fn up(type_name: &str) -> Option<Self> {
        if type_name == "Machine" {
            return Some(Self::Configuration);
        }
        let part = PARTS.iter().find(|part| part.type_name == type_name && part.is_size);
        part.map(|part| Self::Attribute(part.attribute))
    }
}

impl<'a> Scaler<'a> {
    /// Understands a policy; `metrics` say which names are those of the same metric.
    ///
    /// # Errors
    /// The first error among the [problems](ScalingPolicy::problems), with its path.
    pub fn of(policy: &'a ScalingPolicy, metrics: &'a Metrics) -> Result<Self> {
        let mut problems = Vec::new();
        let scaler = read(policy, metrics, &mut problems);
        let first = problems.into_iter().find(|problem| problem.severity == Severity::Error);
        match (scaler, first) {
            (_, Some(problem)) => Err(Error::new(ErrorKind::Value, problem.text).at_path(problem.path)),
            (Some(scaler), None) => Ok(scaler),
            (None, None) => Err(Error::new(ErrorKind::Value, "the policy is not complete")),
        }
    }

    /// The name of the type that is measured and scaled.
    pub(super) fn type_name(&self) -> &'a str {
        self.policy.type_name()
    }
}

impl ScalingPolicy {
    /// What keeps the policy from being applied, beyond what its table says: thresholds that are no numbers or on the
    /// wrong sides of each other, limits that exclude each other, a period without length, a unit that is not one of
    /// the metric, configurations that are missing or not in order, and attributes that do not go together. A metric of
    /// another namespace of which nothing is known is a warning. Paths begin with the type.
    ///
    /// ```
    /// use cimi_model::ext::scaling::{ScalingKind, ScalingPolicy, ScalingTrigger};
    /// use cimi_model::aspect;
    ///
    /// let trigger = |threshold: &str| Some(ScalingTrigger { threshold: Some(threshold.into()), ..Default::default() });
    /// let policy = ScalingPolicy {
    ///     kind: Some(ScalingKind::OutIn),
    ///     resource_type: Some("http://schemas.dmtf.org/cimi/2/Machine".into()),
    ///     metric: Some(aspect::CPU.into()),
    ///     grow: trigger("30"),
    ///     shrink: trigger("70"),
    ///     ..Default::default()
    /// };
    /// let problem = &policy.problems()[0];
    /// assert_eq!(problem.path, "/ScalingPolicy/shrink/threshold");
    /// assert_eq!(problem.text, "the load is low only below the threshold to grow, which is 30");
    /// ```
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        read(self, Metrics::known(), &mut problems);
        problems
    }

    /// The name in the URI of the type, or nothing.
    pub(super) fn type_name(&self) -> &str {
        self.resource_type.as_ref().and_then(|uri| uri.as_str().rsplit('/').next()).unwrap_or("")
    }
}

//! What is wrong with a policy.

use super::scaler::{Adjustment, Part, Scaler, Sizing, Trigger};
use super::{AdjustmentType, Removal, ScalingKind, ScalingPolicy, ScalingScope, ScalingTrigger};
use crate::ext::NAMESPACE;
use crate::ext::objective::{Comparison, Criterion, Metrics, ServiceLevelObjective, Way, factor, in_v2, whole};
use crate::ext::span::Span;
use crate::scope::Ratio;
use crate::validate::{Problem, Rule, Severity};
use crate::{Dialect, Duration, MachineConfiguration, Ref, printable};

/// Reads the parts of a policy; what is wrong goes to the problems.
pub(super) fn read<'a>(
    policy: &'a ScalingPolicy,
    metrics: &'a Metrics,
    problems: &mut Vec<Problem>,
) -> Option<Scaler<'a>> {
    let mut reader = Reader { policy, metrics, problems };
    let sizing = reader.sizing();
    let (unit, share_of) = reader.unit();
    let period = reader.span("period", policy.period.as_ref());
    if period.is_some_and(Span::is_zero) {
        reader.problem::<()>("period", Rule::Range, "a period has a length");
    }
    let measure = reader.measure(share_of.is_some());
    let grow = policy.grow.as_ref().map(|trigger| reader.trigger("grow", trigger, sizing));
    let shrink = policy.shrink.as_ref().map(|trigger| reader.trigger("shrink", trigger, sizing));
    if grow.is_none() && shrink.is_none() {
        reader.problem::<()>("grow", Rule::Required, "a policy has a threshold to grow or to shrink");
    }
    let (grow, shrink) = (grow.flatten(), shrink.flatten());
    reader.order(grow.as_ref(), shrink.as_ref());
    let (minimum, maximum) = reader.limits(sizing);
    let single = reader.scope(sizing);
    reader.configurations(sizing);
    reader.additions(sizing);
    Some(Scaler {
        policy,
        metrics,
        sizing: sizing?,
        measure: measure?,
        period,
        unit,
        share_of,
        single,
        grow,
        shrink,
        minimum,
        maximum,
        protected: policy.protected_resources.iter().filter_map(|reference| reference.href.as_ref()).collect(),
    })
}

struct Reader<'a, 'p> {
    policy: &'a ScalingPolicy,
    metrics: &'a Metrics,
    problems: &'p mut Vec<Problem>,
}

impl<'a> Reader<'a, '_> {
    /// Reports a problem; there is no value then.
    fn problem<T>(&mut self, name: &str, rule: Rule, text: impl Into<String>) -> Option<T> {
        self.problems.push(Problem::new(format!("/ScalingPolicy/{name}"), rule, Severity::Error, "", text));
        None
    }

    /// Reports that a value is none of those that are known.
    fn unknown<T>(&mut self, name: &str, what: &str, value: &str) -> Option<T> {
        self.problem(name, Rule::Enumeration, format!("'{}' is not a known {what}", printable(value)))
    }

    fn sizing(&mut self) -> Option<Sizing> {
        let type_name = self.policy.type_name();
        if type_name.is_empty() {
            self.problem::<()>("resourceType", Rule::Required, "a policy names the type of the resources");
        }
        match &self.policy.kind {
            None => self.problem("kind", Rule::Required, "a policy says what it changes"),
            Some(ScalingKind::OutIn) => Some(Sizing::Number),
            Some(ScalingKind::UpDown) => match Sizing::up(type_name) {
                None if !type_name.is_empty() => {
                    let text = format!("nothing is known that makes a {} larger", printable(type_name));
                    self.problem("resourceType", Rule::Consistency, text)
                }
                found => found,
            },
            Some(ScalingKind::Other(other)) => self.unknown("kind", "kind of scaling", other),
        }
    }

    /// The unit of the thresholds, and what it is a share of.
    fn unit(&mut self) -> (Option<&'a str>, Option<&'static Part>) {
        let own = self.policy.unit.as_deref();
        let Some(uri) = &self.policy.metric else {
            self.problem::<()>("metric", Rule::Required, "a policy names a metric");
            return (own, None);
        };
        let Some((metric, complement)) = self.metrics.find(uri.as_str()) else {
            self.unknown_metric(uri.as_str());
            return (own, None);
        };
        if complement {
            let text = format!("'{}' is what {} leaves: it falls when the load grows", printable(uri.as_str()), metric);
            self.problem::<()>("metric", Rule::Consistency, text);
        }
        let usual = self.metrics.unit_of(metric);
        let is_share =
            own.is_some_and(|own| whole(own).is_some() && usual.is_none_or(|usual| factor(own, usual).is_none()));
        (own.or(usual), Part::used(self.policy.type_name(), metric).filter(|_| is_share))
    }

    /// A metric of the standard or of this project would be known.
    fn unknown_metric(&mut self, uri: &str) {
        let name = in_v2(uri);
        let known = [Dialect::V2.namespace(), NAMESPACE].iter().any(|namespace| name.starts_with(namespace));
        let is_foreign = crate::Uri::from(uri).is_absolute() && !known;
        let severity = if is_foreign { Severity::Warning } else { Severity::Error };
        let text = format!("'{}' is not a known metric", printable(uri));
        self.problems.push(Problem::new("/ScalingPolicy/metric", Rule::Enumeration, severity, "", text));
    }

    /// What is measured in a period, in the terms of an objective.
    fn measure(&mut self, is_share: bool) -> Option<Criterion> {
        let policy = self.policy;
        let objective = ServiceLevelObjective {
            metric: Some(policy.metric.clone().unwrap_or_default()),
            comparison: Some(Comparison::AtMost),
            threshold: Some("0".to_owned()),
            unit: policy.unit.clone().filter(|_| !is_share),
            window: policy.period.clone().filter(|period| Span::of(period).is_some_and(|span| !span.is_zero())),
            aggregation: policy.aggregation.clone(),
            percentile: policy.percentile.clone(),
            time_scope: policy.time_scope.clone(),
            interval_duration: policy.interval_duration.clone(),
            minimum_samples: policy.minimum_samples,
            maximum_gap: policy.maximum_gap.clone(),
            ..ServiceLevelObjective::default()
        };
        self.problems.extend(objective.problems().into_iter().map(|mut problem| {
            problem.path = problem.path.replacen("/ServiceLevelObjective", "/ScalingPolicy", 1);
            problem
        }));
        Criterion::of(&objective).ok()
    }

    fn span(&mut self, name: &str, duration: Option<&Duration>) -> Option<Span> {
        let duration = duration?;
        Span::of(duration).or_else(|| {
            let text = format!("expected a length of time above zero, found '{}'", printable(duration.as_str()));
            self.problem(name, Rule::Range, text)
        })
    }

    fn trigger(&mut self, name: &str, trigger: &ScalingTrigger, sizing: Option<Sizing>) -> Option<Trigger> {
        let grows = name == "grow";
        let at = |attribute: &str| format!("{name}/{attribute}");
        let threshold = match &trigger.threshold {
            None => self.problem(&at("threshold"), Rule::Required, "a trigger has a threshold"),
            Some(text) => Ratio::parse(text).or_else(|| {
                let text = format!("expected a decimal number, found '{}'", printable(text));
                self.problem(&at("threshold"), Rule::Value, text)
            }),
        };
        let usual = if grows { Comparison::MoreThan } else { Comparison::LessThan };
        let comparison = trigger.comparison.clone().unwrap_or(usual);
        let way = match Way::of(&comparison) {
            None => self.unknown(&at("comparison"), "comparison", comparison.as_str()),
            Some(way) if way.below == grows => {
                let text = format!("the load does not {name} where it is {comparison} a threshold");
                self.problem(&at("comparison"), Rule::Consistency, text)
            }
            way => way,
        };
        let periods = trigger.periods.unwrap_or(1);
        let number = u32::try_from(periods).ok().filter(|number| (1..=1000).contains(number));
        if number.is_none() {
            self.problem::<()>(&at("periods"), Rule::Range, "expected 1 to 1000");
        } else if periods > 1 && self.policy.period.is_none() {
            self.problem::<()>(&at("periods"), Rule::Consistency, "the policy has no period");
        }
        let adjustment = self.adjustment(name, trigger, sizing);
        let cool_down = self.span(&at("coolDown"), trigger.cool_down.as_ref());
        Some(Trigger {
            threshold: threshold?,
            way: way?,
            comparison,
            periods: number?,
            adjustment: adjustment?,
            cool_down,
        })
    }

    fn adjustment(&mut self, name: &str, trigger: &ScalingTrigger, sizing: Option<Sizing>) -> Option<Adjustment> {
        let at = |attribute: &str| format!("{name}/{attribute}");
        let number = match trigger.adjustment {
            None if matches!(sizing, Some(Sizing::Attribute(_))) => {
                return self.problem(&at("adjustment"), Rule::Required, "the trigger says by how much");
            }
            Some(number) if number < 1 => return self.problem(&at("adjustment"), Rule::Range, "expected 1 or more"),
            number => number.unwrap_or(1),
        };
        match &trigger.adjustment_type {
            None | Some(AdjustmentType::Amount) => Some(Adjustment::Amount(number)),
            Some(AdjustmentType::Percent) if sizing == Some(Sizing::Configuration) => self.problem(
                &at("adjustmentType"),
                Rule::Consistency,
                "a Machine goes along its configurations in steps",
            ),
            Some(AdjustmentType::Percent) if name == "shrink" && number > 100 => {
                self.problem(&at("adjustment"), Rule::Range, "expected up to 100 percent")
            }
            Some(AdjustmentType::Percent) => Some(Adjustment::Percent(number)),
            Some(AdjustmentType::Other(other)) => self.unknown(&at("adjustmentType"), "type of adjustment", other),
        }
    }

    /// No load may be great and small at once.
    fn order(&mut self, grow: Option<&Trigger>, shrink: Option<&Trigger>) {
        if let (Some(grow), Some(shrink)) = (grow, shrink)
            && shrink.threshold >= grow.threshold
        {
            let text = format!("the load is low only below the threshold to grow, which is {}", grow.threshold);
            self.problem::<()>("shrink/threshold", Rule::Consistency, text);
        }
    }

    fn limits(&mut self, sizing: Option<Sizing>) -> (i64, i64) {
        let both = [("minimum", self.policy.minimum), ("maximum", self.policy.maximum)];
        for (name, limit) in both {
            if limit.is_some() && sizing == Some(Sizing::Configuration) {
                self.problem::<()>(name, Rule::Forbidden, "the first and the last configuration are the limits");
            } else if limit.is_some_and(|limit| limit < 0) {
                self.problem::<()>(name, Rule::Range, "expected 0 or more");
            }
        }
        let (minimum, maximum) = (self.policy.minimum.unwrap_or(1), self.policy.maximum.unwrap_or(i64::MAX));
        if minimum > maximum {
            let name = if self.policy.minimum.is_some() { "minimum" } else { "maximum" };
            let text = format!("the minimum {minimum} is above the maximum {maximum}");
            self.problem::<()>(name, Rule::Consistency, text);
        }
        (minimum, maximum)
    }

    fn scope(&mut self, sizing: Option<Sizing>) -> bool {
        let number = sizing == Some(Sizing::Number);
        match &self.policy.scope {
            None => return !number,
            Some(ScalingScope::Single) => return true,
            Some(ScalingScope::Average) if number => {}
            Some(ScalingScope::Average) => {
                let text = "each resource is made larger by what is measured of itself";
                self.problem::<()>("scope", Rule::Consistency, text);
            }
            Some(ScalingScope::Other(other)) => {
                self.unknown::<()>("scope", "scope", other);
            }
        }
        false
    }

    fn configurations(&mut self, sizing: Option<Sizing>) {
        let configurations = &self.policy.configurations;
        let wrong = match (sizing, configurations.len()) {
            (Some(Sizing::Configuration), 0) => {
                Some((Rule::Required, "a Machine is made larger along configurations, of which there are none"))
            }
            (Some(Sizing::Configuration), 1) => {
                Some((Rule::Consistency, "there are no two configurations to choose from"))
            }
            (Some(Sizing::Configuration) | None, _) | (_, 0) => None,
            _ => Some((Rule::Forbidden, "configurations are for Machines that are made larger")),
        };
        if let Some((rule, text)) = wrong {
            self.problem::<()>("configurations", rule, text);
        }
        let mut known = std::collections::HashSet::new();
        let mut before: Option<&MachineConfiguration> = None;
        for (index, configuration) in configurations.iter().enumerate() {
            let name = format!("configurations[{index}]");
            if *configuration == Ref::default() {
                self.problem::<()>(&name, Rule::Reference, "there is no MachineConfiguration in the reference");
            }
            if let Some(href) = configuration.href.as_ref().filter(|href| !known.insert(*href)) {
                let text = format!("'{}' is there already", printable(href.as_str()));
                self.problem::<()>(&name, Rule::Duplicate, text);
            }
            let value = configuration.value.as_deref();
            if let (Some(before), Some(value)) = (before, value)
                && (smaller(value.cpu, before.cpu) || smaller(value.memory, before.memory))
            {
                self.problem::<()>(&name, Rule::Consistency, "it is smaller than the one before");
            }
            before = value;
        }
    }

    /// What is added and removed, where the number of resources changes.
    fn additions(&mut self, sizing: Option<Sizing>) {
        let policy = self.policy;
        let templates = [
            ("machineTemplate", "Machine", policy.machine_template.is_some()),
            ("volumeTemplate", "Volume", policy.volume_template.is_some()),
            ("networkInterfaceTemplate", "NetworkInterface", policy.network_interface_template.is_some()),
        ];
        for (name, made, _) in templates.into_iter().filter(|(.., is_there)| *is_there) {
            if sizing.is_some_and(|sizing| sizing != Sizing::Number) || made != policy.type_name() {
                self.problem::<()>(name, Rule::Forbidden, format!("the policy does not add a {made}"));
            }
        }
        if let Some(Removal::Other(other)) = &policy.removal {
            self.unknown::<()>("removal", "rule of removal", other);
        } else if policy.removal.is_some() && sizing.is_some_and(|sizing| sizing != Sizing::Number) {
            self.problem::<()>("removal", Rule::Forbidden, "the policy removes nothing");
        }
    }
}

fn smaller(value: Option<i64>, before: Option<i64>) -> bool {
    value.zip(before).is_some_and(|(value, before)| value < before)
}

//! What is measured of a resource.

use std::borrow::Cow;

use chrono::{DateTime as Instant, Utc};

use super::scaler::{Scaler, Sizing};
use crate::attributes;
use crate::ext::objective::{Aggregation, Criterion, Reading, factor, in_order, too_large, whole};
use crate::reflect::Record;
use crate::scope::Ratio;
use crate::{DateTime, Error, ErrorKind, Machine, MachineConfiguration, Meter, Result, Sample, Uri, printable};

/// A resource that is measured and can be scaled, as it is now. [`Scaler::member`] makes it of what CIMI has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers make it of what they have measured")]
pub struct Member {
    /// Its id.
    pub id: Uri,
    /// When it was created, if that is known.
    pub created: Option<Instant<Utc>>,
    /// Its size in the unit of the standard, or of a Machine the place of its configuration among those of the policy,
    /// from 0. It is needed where sizes change.
    pub size: Option<i64>,
    /// What was measured, best in the order of time.
    pub readings: Vec<Reading>,
    /// What a reading is multiplied with to be in the unit of the policy; `None` if it is in that unit.
    pub factor: Option<Ratio>,
    /// How many samples had no time, or no number as their value.
    pub unreadable: usize,
}

impl Scaler<'_> {
    /// A resource with the samples of a Meter, which become the unit of the policy. A Meter that names no units has those
    /// of the metric, and samples without a Meter are in the unit of the policy.
    ///
    /// If the policy is in percent of what the resource has, that is the `capacity`, `speed` or `memory` of now. Of a
    /// Machine that is scaled up, the place is that of the first of the configurations by value that says nothing else
    /// than the Machine about `cpu`, `memory`, `cpuArch` and `cpuSpeed`; with configurations by reference, the caller
    /// sets it.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] with a path, when the resource is of another type or has no id, the Meter measures another
    /// metric, or in units that cannot be converted; or when the policy is in percent of what the resource does not say.
    pub fn member(&self, resource: &dyn Record, meter: Option<&Meter>, samples: &[Sample]) -> Result<Member> {
        let own = resource.record_type();
        let fail = |path: &str, text: String| Err(Error::new(ErrorKind::Value, text).at_path(path));
        if own.name != self.type_name() {
            let text = format!("the policy is for a {}, and not for a {}", printable(self.type_name()), own.name);
            return fail(&format!("/{}", own.name), text);
        }
        let Some(id) = attributes::text(resource, "id") else {
            return fail(&format!("/{}/id", own.name), "there is no id".to_owned());
        };
        let readings: Vec<Reading> = samples.iter().filter_map(Reading::of).collect();
        Ok(Member {
            id: id.into(),
            created: attributes::text(resource, "created").and_then(instant),
            size: self.size(resource),
            factor: meter.map(|meter| self.factor(resource, meter)).transpose()?.flatten(),
            unreadable: samples.len().saturating_sub(readings.len()),
            readings,
        })
    }

    fn size(&self, resource: &dyn Record) -> Option<i64> {
        match self.sizing {
            Sizing::Number => None,
            Sizing::Attribute(name) => attributes::integer(resource, name),
            Sizing::Configuration => {
                let machine = resource.as_any().downcast_ref::<Machine>()?;
                let mut values = self.policy.configurations.iter().map(|reference| reference.value.as_deref());
                let place = values.position(|value| value.is_some_and(|value| fits(value, machine)))?;
                i64::try_from(place).ok()
            }
        }
    }

    /// From the unit of a Meter to that of the policy.
    fn factor(&self, resource: &dyn Record, meter: &Meter) -> Result<Option<Ratio>> {
        let fail = |path: String, text: String| Err(Error::new(ErrorKind::Value, text).at_path(path));
        let metric = self.policy.metric.as_ref().map_or("", |uri| uri.as_str());
        if let Some(aspect) = meter.aspect.as_ref().filter(|aspect| !self.metrics.are_same(aspect.as_str(), metric)) {
            let text = format!("{} is not {}", printable(aspect.as_str()), printable(metric));
            return fail("/Meter/aspect".to_owned(), text);
        }
        let theirs = meter.units.as_deref().or_else(|| self.metrics.unit_of(metric));
        let (Some(theirs), Some(own)) = (theirs, self.unit) else { return Ok(None) };
        if self.policy.aggregation == Some(Aggregation::Count) {
            return Ok(None);
        }
        if let Some(direct) = factor(theirs, own) {
            return Ok(Some(direct).filter(|direct| *direct != Ratio::from(1)));
        }
        let share = self.share_of.and_then(|part| Some((part, factor(theirs, part.unit)?, whole(own)?)));
        let Some((part, absolute, whole)) = share else {
            let text = format!("'{}' cannot be converted to '{}'", printable(theirs), printable(own));
            return fail("/Meter/units".to_owned(), text);
        };
        let available = attributes::integer(resource, part.attribute).filter(|available| *available > 0);
        let found = available.and_then(|available| absolute.times(whole)?.over(Ratio::from(available)));
        if found.is_none() {
            let path = format!("/{}/{}", resource.record_type().name, part.attribute);
            return fail(path, format!("there is nothing that {} could be percent of", printable(metric)));
        }
        Ok(found)
    }
}

/// The readings of a resource, followed back from now.
pub(super) struct Track<'m> {
    /// In the order of time.
    readings: Cow<'m, [Reading]>,
    /// Where those after the last action begin.
    first: usize,
    /// Where those end that have not been looked at.
    end: usize,
    factor: Option<Ratio>,
}

impl<'m> Track<'m> {
    pub(super) fn new(member: &'m Member, last: Option<Instant<Utc>>, now: Instant<Utc>) -> Self {
        let readings = in_order(&member.readings);
        let until = |time: Instant<Utc>| readings.partition_point(|reading| reading.time <= time);
        let (first, end) = (last.map_or(0, until), until(now));
        Self { first, end, factor: member.factor, readings }
    }

    /// The value in the period before those that have been looked at, if there are enough samples, and how many there
    /// are.
    pub(super) fn back(
        &mut self,
        measure: &Criterion,
        start: Option<Instant<Utc>>,
        end: Instant<Utc>,
    ) -> Result<(Option<Ratio>, usize)> {
        let left = self.readings.get(self.first..self.end).unwrap_or_default();
        let count = start.map_or(0, |start| until(left, start));
        let (before, within) = left.split_at_checked(count).unwrap_or_default();
        self.end = self.first.saturating_add(count);
        let value = measure.value(within, before.last(), start, end)?;
        let value = match (value, self.factor) {
            (Some(value), Some(factor)) => Some(value.times(factor).ok_or_else(too_large)?),
            (value, _) => value,
        };
        Ok((value, within.len()))
    }
}

/// How many of some readings are not after an instant. Those at the end are looked at first, for a period is short.
fn until(readings: &[Reading], instant: Instant<Utc>) -> usize {
    let from_end = |number: usize| readings.len().saturating_sub(number);
    let is_before = |number: usize| readings.get(from_end(number)).is_none_or(|reading| reading.time <= instant);
    let mut number = 1;
    while number < readings.len() && !is_before(number) {
        number = number.saturating_mul(2);
    }
    let first = from_end(number);
    let last = readings.get(first..).unwrap_or_default();
    first.saturating_add(last.partition_point(|reading| reading.time <= instant))
}

fn instant(text: &str) -> Option<Instant<Utc>> {
    Some(text.parse::<DateTime>().ok()?.instant()?.to_utc())
}

/// Whether a Machine has what a configuration says.
fn fits(configuration: &MachineConfiguration, machine: &Machine) -> bool {
    fn same<T: PartialEq>(said: Option<&T>, there: Option<&T>) -> bool {
        said.is_none() || said == there
    }
    same(configuration.cpu.as_ref(), machine.cpu.as_ref())
        && same(configuration.memory.as_ref(), machine.memory.as_ref())
        && same(configuration.cpu_arch.as_ref(), machine.cpu_arch.as_ref())
        && same(configuration.cpu_speed.as_ref(), machine.cpu_speed.as_ref())
}

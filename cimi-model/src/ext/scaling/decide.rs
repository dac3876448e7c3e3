//! Policies applied to what was measured.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime as Instant, Utc};

use super::change::Found;
use super::decision::{Decision, Direction, Past, Verdict};
use super::member::{Member, Track};
use super::scaler::{Scaler, Sizing, Trigger};
use super::{Removal, reason};
use crate::ext::objective::too_large;
use crate::scope::Ratio;
use crate::{Error, ErrorKind, Result, Uri, printable};

impl Scaler<'_> {
    /// What is to be done about some resources now: one decision where their number changes, one for each resource where
    /// their sizes do, and none by a policy that is not enabled.
    ///
    /// `members` are all resources that the policy concerns, those that are being created as well. `history` is what the
    /// policy has done to them. The same arguments give the same decisions.
    ///
    /// Where the number of resources is outside of the limits, it is brought inside, whatever the load. Otherwise, in
    /// this order:
    ///
    /// 1. Samples up to the last action do not count, for they were of another size. While both directions cool down,
    ///    nothing is measured.
    /// 2. The samples of each resource in a period become one value by the aggregation, and the values of the resources
    ///    become one by the scope: the average or the greatest. Periods follow each other up to and including `now`; the
    ///    last one ends then.
    /// 3. The policy grows if in as many periods as its trigger demands the value is beyond the threshold. A resource
    ///    without enough samples counts as if it had no load.
    /// 4. Otherwise it shrinks in the same way, but only if all resources have enough samples in these periods.
    /// 5. It is steady if neither can be, whatever the missing samples are, and else there is not enough data.
    ///
    /// An action is cut to the limits. It is none where the limits, the last configuration or protection leave nothing,
    /// and where what is left after shrinking could not bear the load: where the unit is a share of a whole, the load
    /// times the size now over that then would be beyond the threshold to grow, or without one above the whole.
    ///
    /// The time that it takes is linear in the number of samples if those of each resource are in the order of time;
    /// others are sorted first. Numbers are exact.
    ///
    /// # Errors
    /// [`ErrorKind::Duplicate`] when two resources have the same id, and [`ErrorKind::Value`] when a sum of the values
    /// does not fit a [`Ratio`].
    pub fn decide(&self, members: &[Member], history: &[Past], now: Instant<Utc>) -> Result<Vec<Decision>> {
        let mut ids = HashSet::new();
        if let Some(twice) = members.iter().find(|member| !ids.insert(&member.id)) {
            let text = format!("two resources have the id '{}'", printable(twice.id.as_str()));
            return Err(Error::new(ErrorKind::Duplicate, text));
        }
        if self.policy.enabled == Some(false) {
            return Ok(Vec::new());
        }
        if self.sizing == Sizing::Number {
            let last = history.iter().map(|past| past.time).max();
            return Ok(vec![self.group(members, last, now)?]);
        }
        let mut lasts: HashMap<&Uri, Instant<Utc>> = HashMap::new();
        for past in history {
            if let Some(resource) = &past.resource {
                let last = lasts.entry(resource).or_insert(past.time);
                *last = past.time.max(*last);
            }
        }
        members.iter().map(|member| self.single(member, lasts.get(&member.id).copied(), now)).collect()
    }

    /// The number of resources.
    fn group(&self, members: &[Member], last: Option<Instant<Utc>>, now: Instant<Utc>) -> Result<Decision> {
        let mut round = Round::new(self, members, last, now);
        if round.is_outside(members.len()) {
            if self.policy.removal == Some(Removal::LeastLoaded) {
                round.measure(self.period.map(|period| period.before(now)), now)?;
            }
            if let Some(found) = self.within_limits(members, &round.latest) {
                return Ok(round.limited(found));
            }
        }
        round.decide(Direction::Out, Direction::In, |direction, trigger, round| {
            self.number(direction, trigger, members, &round.latest, round.value)
        })
    }

    /// The size of one resource.
    fn single(&self, member: &Member, last: Option<Instant<Utc>>, now: Instant<Utc>) -> Result<Decision> {
        let mut round = Round::new(self, std::slice::from_ref(member), last, now);
        round.resource = Some(member.id.clone());
        round.decide(Direction::Up, Direction::Down, |direction, trigger, round| {
            self.size_step(direction, trigger, member, round.value)
        })
    }

    /// Whether the last action is too near to act again.
    fn is_cooling(&self, trigger: &Trigger, last: Option<Instant<Utc>>, now: Instant<Utc>) -> bool {
        let Some(last) = last else { return false };
        match (trigger.cool_down, self.period) {
            (Some(cool_down), _) => last > cool_down.before(now),
            (None, Some(period)) => last > (0..trigger.periods).fold(now, |end, _| period.before(end)),
            (None, None) => last > now,
        }
    }
}

/// One application of a policy, to several resources together or to one.
pub(super) struct Round<'r, 'm> {
    pub(super) scaler: &'r Scaler<'r>,
    tracks: Vec<Track<'m>>,
    last: Option<Instant<Utc>>,
    pub(super) now: Instant<Utc>,
    resource: Option<Uri>,
    /// The value of each resource in the latest period.
    latest: Vec<Option<Ratio>>,
    /// The value of all in the latest period.
    pub(super) value: Option<Ratio>,
    pub(super) members: usize,
    pub(super) lacking: usize,
    pub(super) samples: usize,
    unreadable: usize,
}

/// The load in a period.
struct Load {
    /// Without what the resources would add that lack samples; `None` if there are no resources.
    least: Option<Ratio>,
    is_complete: bool,
}

/// How far a trigger has been followed, from now back.
struct Run<'t> {
    trigger: Option<&'t Trigger>,
    left: u32,
    held: Held,
}

#[derive(Clone, Copy, PartialEq)]
enum Held {
    Yes,
    No,
    Unknown,
}

impl<'t> Run<'t> {
    fn new(trigger: Option<&'t Trigger>) -> Self {
        let held = if trigger.is_some() { Held::Yes } else { Held::No };
        Self { trigger, left: trigger.map_or(0, |trigger| trigger.periods), held }
    }

    fn is_open(&self) -> bool {
        self.left > 0 && self.held != Held::No
    }

    fn fired(&self) -> Option<&'t Trigger> {
        self.trigger.filter(|_| self.held == Held::Yes)
    }

    fn take(&mut self, load: &Load) {
        let (true, Some(trigger)) = (self.is_open(), self.trigger) else { return };
        self.left = self.left.saturating_sub(1);
        // What is missing can only add to the load.
        let grows = !trigger.way.below;
        let holds = load.least.map(|value| trigger.way.holds(value, trigger.threshold));
        self.held = match holds.filter(|holds| load.is_complete || *holds == grows) {
            Some(true) => self.held,
            Some(false) => Held::No,
            None => Held::Unknown,
        };
    }
}

impl<'r, 'm> Round<'r, 'm> {
    fn new(scaler: &'r Scaler<'r>, members: &'m [Member], last: Option<Instant<Utc>>, now: Instant<Utc>) -> Self {
        Self {
            scaler,
            tracks: members.iter().map(|member| Track::new(member, last, now)).collect(),
            last,
            now,
            resource: None,
            latest: Vec::new(),
            value: None,
            members: members.len(),
            lacking: 0,
            samples: 0,
            unreadable: members.iter().fold(0, |sum, member| sum.saturating_add(member.unreadable)),
        }
    }

    fn is_outside(&self, number: usize) -> bool {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        number < self.scaler.minimum || number > self.scaler.maximum
    }

    /// The load in the period before those that have been looked at.
    fn measure(&mut self, start: Option<Instant<Utc>>, end: Instant<Utc>) -> Result<Load> {
        let mut values = Vec::with_capacity(self.tracks.len());
        for track in &mut self.tracks {
            let (value, samples) = track.back(&self.scaler.measure, start, end)?;
            self.samples = self.samples.saturating_add(samples);
            values.push(value);
        }
        let known = values.iter().flatten().count();
        let lacking = values.len().saturating_sub(known);
        let load = Load { least: self.together(&values)?, is_complete: lacking == 0 };
        self.lacking = self.lacking.max(lacking);
        if end == self.now {
            self.value = load.least.filter(|_| known > 0);
            self.latest = values;
        }
        Ok(load)
    }

    fn together(&self, values: &[Option<Ratio>]) -> Result<Option<Ratio>> {
        let loads = || values.iter().map(|value| value.unwrap_or(Ratio::from(0)));
        let Some(greatest) = loads().max() else { return Ok(None) };
        if self.scaler.single {
            return Ok(Some(greatest));
        }
        let number = i128::try_from(values.len()).ok().map(Ratio::from);
        let average = Ratio::sum(loads()).zip(number).and_then(|(sum, number)| sum.over(number));
        average.map(Some).ok_or_else(too_large)
    }

    /// Follows the triggers back from now, as long as one of them may fire.
    fn runs(&mut self) -> Result<[Run<'r>; 2]> {
        let mut runs = [Run::new(self.scaler.grow.as_ref()), Run::new(self.scaler.shrink.as_ref())];
        let mut end = self.now;
        while runs.iter().any(Run::is_open) {
            let start = self.scaler.period.map(|period| period.before(end));
            let load = self.measure(start, end)?;
            for run in &mut runs {
                run.take(&load);
            }
            // Without a period, there is just one.
            let Some(start) = start else { break };
            end = start;
        }
        Ok(runs)
    }

    fn decide(
        mut self,
        up: Direction,
        down: Direction,
        step: impl FnOnce(Direction, &Trigger, &Self) -> Found,
    ) -> Result<Decision> {
        let scaler = self.scaler;
        let cools = |trigger: &Trigger| scaler.is_cooling(trigger, self.last, self.now);
        let mut triggers = scaler.grow.iter().chain(&scaler.shrink);
        if let Some(last) = self.last.filter(|_| triggers.all(cools)) {
            return Ok(self.cooling(last));
        }
        let [grow, shrink] = self.runs()?;
        let fired = grow.fired().map(|trigger| (up, trigger));
        let fired = fired.or_else(|| shrink.fired().map(|trigger| (down, trigger)));
        let Some((direction, trigger)) = fired else {
            let unknown = [grow, shrink].iter().any(|run| run.held == Held::Unknown);
            let verdict = if unknown { Verdict::NotEnoughData } else { Verdict::Steady };
            let reason = if unknown { reason::lack(&self) } else { reason::figures(&self) };
            return Ok(self.decision(verdict, None, None, reason));
        };
        if let Some(last) = self.last.filter(|_| scaler.is_cooling(trigger, self.last, self.now)) {
            return Ok(self.cooling(last));
        }
        let found = step(direction, trigger, &self);
        let reason = format!("{}; {}", reason::beyond(&self, trigger), reason::step(&self, found.as_ref()));
        Ok(self.decision(verdict(found), Some(direction), Some(trigger.threshold), reason))
    }

    fn cooling(self, last: Instant<Utc>) -> Decision {
        let reason = reason::cooling(last);
        self.decision(Verdict::CoolingDown { since: last }, None, None, reason)
    }

    /// What comes of limits that the number of resources is outside of.
    fn limited(self, found: Found) -> Decision {
        let too_few = i64::try_from(self.members).is_ok_and(|number| number < self.scaler.minimum);
        let direction = if too_few { Direction::Out } else { Direction::In };
        let reason = format!("{}; {}", reason::limit(&self, too_few), reason::step(&self, found.as_ref()));
        self.decision(verdict(found), Some(direction), None, reason)
    }

    fn decision(
        self,
        verdict: Verdict,
        direction: Option<Direction>,
        threshold: Option<Ratio>,
        reason: String,
    ) -> Decision {
        Decision {
            resource: self.resource,
            verdict,
            direction,
            value: self.value,
            threshold,
            members: self.members,
            lacking: self.lacking,
            samples: self.samples,
            unreadable: self.unreadable,
            time: self.now,
            reason,
        }
    }
}

fn verdict(found: Found) -> Verdict {
    match found {
        Ok(step) => Verdict::Act(step.action),
        Err(obstacle) => Verdict::CannotScale(obstacle),
    }
}

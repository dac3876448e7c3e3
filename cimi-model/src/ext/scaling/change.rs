//! From a load that is too great or too small to an action.

use std::cmp::Ordering;

use super::Removal;
use super::decision::{Action, Direction, Obstacle};
use super::member::Member;
use super::scaler::{Adjustment, Scaler, Sizing, Trigger};
use crate::ext::objective::{Aggregation, whole};
use crate::scope::Ratio;

/// What is to be done, or why it cannot be.
pub(super) type Found = Result<Step, Obstacle>;

/// An action with its figures.
pub(super) struct Step {
    pub(super) action: Action,
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Adjustment {
    /// By how much something of a size changes.
    fn of(self, size: i64) -> i64 {
        match self {
            Self::Amount(amount) => amount,
            Self::Percent(percent) => {
                let hundredths = i128::from(size).saturating_mul(i128::from(percent));
                // Rounded up.
                let whole = hundredths.saturating_add(99).div_euclid(100);
                i64::try_from(whole).unwrap_or(i64::MAX).max(1)
            }
        }
    }
}

impl Trigger {
    fn target(&self, direction: Direction, from: i64, minimum: i64, maximum: i64) -> Result<i64, Obstacle> {
        let by = self.adjustment.of(from);
        if direction.grows() {
            let to = from.saturating_add(by).min(maximum);
            return if to > from { Ok(to) } else { Err(Obstacle::Maximum) };
        }
        let to = from.saturating_sub(by).max(minimum);
        if to < from { Ok(to) } else { Err(Obstacle::Minimum) }
    }
}

impl Scaler<'_> {
    /// Another number of resources. `values` are their loads in the latest period.
    pub(super) fn number(
        &self,
        direction: Direction,
        trigger: &Trigger,
        members: &[Member],
        values: &[Option<Ratio>],
        load: Option<Ratio>,
    ) -> Found {
        let from = i64::try_from(members.len()).unwrap_or(i64::MAX);
        let to = trigger.target(direction, from, self.minimum, self.maximum)?;
        if direction.grows() {
            return Ok(added(from, to));
        }
        let step = self.removed(members, values, from, to)?;
        self.bears(load, from, step.to)?;
        Ok(step)
    }

    /// As many resources as the limits demand, if there are more or fewer now.
    pub(super) fn within_limits(&self, members: &[Member], values: &[Option<Ratio>]) -> Option<Found> {
        let from = i64::try_from(members.len()).unwrap_or(i64::MAX);
        if from < self.minimum {
            return Some(Ok(added(from, self.minimum)));
        }
        (from > self.maximum).then(|| self.removed(members, values, from, self.maximum))
    }

    /// The removal of as many resources as there are too many, but those that are protected.
    fn removed(&self, members: &[Member], values: &[Option<Ratio>], from: i64, to: i64) -> Found {
        let with_loads = members.iter().zip(values.iter().copied().chain(std::iter::repeat(None)));
        let mut free: Vec<_> = with_loads.filter(|(member, _)| !self.protected.contains(&member.id)).collect();
        free.sort_by(|a, b| self.first(*a, *b).then_with(|| b.0.id.cmp(&a.0.id)));
        free.truncate(usize::try_from(from.saturating_sub(to)).unwrap_or(usize::MAX));
        let Some(to) =
            i64::try_from(free.len()).ok().filter(|count| *count > 0).map(|count| from.saturating_sub(count))
        else {
            return Err(Obstacle::Protected);
        };
        let resources = free.into_iter().map(|(member, _)| member.id.clone()).collect();
        Ok(Step { action: Action::Remove { resources }, from, to })
    }

    /// Which of two resources is removed before the other.
    fn first(&self, a: (&Member, Option<Ratio>), b: (&Member, Option<Ratio>)) -> Ordering {
        match self.policy.removal {
            Some(Removal::Oldest) => a.0.created.cmp(&b.0.created),
            Some(Removal::LeastLoaded) => a.1.cmp(&b.1),
            _ => b.0.created.cmp(&a.0.created),
        }
    }

    /// Another size of a resource.
    pub(super) fn size_step(
        &self,
        direction: Direction,
        trigger: &Trigger,
        member: &Member,
        load: Option<Ratio>,
    ) -> Found {
        let from = member.size.filter(|size| *size >= 0).ok_or(Obstacle::UnknownSize)?;
        let resource = member.id.clone();
        if let Sizing::Attribute(attribute) = self.sizing {
            let to = trigger.target(direction, from, self.minimum, self.maximum)?;
            if !direction.grows() {
                self.bears(load, from, to)?;
            }
            return Ok(Step { action: Action::Resize { resource, attribute, from, to }, from, to });
        }
        let configurations = &self.policy.configurations;
        let last = configurations.len().checked_sub(1).and_then(|last| i64::try_from(last).ok());
        let last = last.filter(|last| from <= *last).ok_or(Obstacle::UnknownSize)?;
        let to = trigger.target(direction, from, 0, last)?;
        let places = usize::try_from(from).ok().zip(usize::try_from(to).ok());
        let found = places.and_then(|(from, to)| Some((from, to, configurations.get(to)?.clone())));
        let (before, after, configuration) = found.ok_or(Obstacle::UnknownSize)?;
        Ok(Step { action: Action::Reconfigure { resource, from: before, to: after, configuration }, from, to })
    }

    /// Whether what is left bears the load, where that is a share: it would not make the policy grow, or be above the
    /// whole.
    fn bears(&self, load: Option<Ratio>, from: i64, to: i64) -> Result<(), Obstacle> {
        let amounts = matches!(self.policy.aggregation, Some(Aggregation::Count | Aggregation::Sum));
        let (Some(load), Some(whole)) = (load, self.unit.and_then(whole).filter(|_| !amounts)) else { return Ok(()) };
        if load <= Ratio::from(0) {
            return Ok(());
        }
        let then = load.times(Ratio::from(from)).and_then(|all| all.over(Ratio::from(to)));
        let bears = then.is_some_and(|then| match &self.grow {
            Some(grow) => !grow.way.holds(then, grow.threshold),
            None => then <= whole,
        });
        if bears { Ok(()) } else { Err(Obstacle::Reversal) }
    }
}

fn added(from: i64, to: i64) -> Step {
    let count = usize::try_from(to.saturating_sub(from)).unwrap_or(usize::MAX);
    Step { action: Action::Add { count }, from, to }
}

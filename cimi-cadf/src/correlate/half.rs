//! What is kept of an event.

use chrono::{DateTime, FixedOffset, TimeDelta};

use super::{Half, chain_problems};
use crate::{Event, Identifier, Part, Path, ReporterRole, Timestamp, outcome};

impl Half {
    pub(super) fn of(event: &Event, number: u64) -> Self {
        let adds = |role: &ReporterRole| matches!(role, ReporterRole::Modifier | ReporterRole::Observer);
        let mut steps = event.reporterchain.iter().filter(|step| step.role.as_ref().is_some_and(adds));
        Self {
            number,
            id: event.id.clone(),
            time: event.event_time.clone(),
            action: event.action.clone(),
            outcome: event.outcome.clone(),
            initiator: id_of(event, Part::Initiator),
            target: id_of(event, Part::Target),
            observer: id_of(event, Part::Observer),
            duration: event.duration.clone(),
            reported: steps.find_map(|step| step.reporter_time.clone()),
            problems: chain_problems(event),
        }
    }

    pub(super) fn is_pending(&self) -> bool {
        self.outcome.as_ref().is_some_and(|path: &Path| path.is_a(outcome::PENDING))
    }

    pub(super) fn instant(&self) -> Option<DateTime<FixedOffset>> {
        self.time.as_ref().and_then(Timestamp::instant)
    }

    /// How much time passed from this pending event to the last one.
    ///
    /// Some sources leave the time of the first event in the second one; then the reporter chain tells.
    pub(super) fn passed(&self, last: &Self) -> Option<TimeDelta> {
        let (begin, end) = (self.instant()?, last.instant()?);
        let reported = last.reported.as_ref().and_then(Timestamp::instant);
        let end = match reported {
            Some(reported) if end <= begin => reported,
            _ if end == begin && (last.duration.is_some() || self.id == last.id) => return None,
            _ => end,
        };
        Some(end.signed_duration_since(begin)).filter(|passed| *passed >= TimeDelta::zero())
    }
}

fn id_of(event: &Event, part: Part) -> Option<Identifier> {
    let resource = event.resource(part).and_then(|resource| resource.id.as_ref());
    resource.or_else(|| event.written_id(part)).cloned()
}

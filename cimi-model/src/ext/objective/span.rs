//! Lengths of time on the calendar.

use chrono::{DateTime, Months, TimeDelta, Utc};

use crate::Duration;

/// A duration that can be taken from an instant: months of the calendar first, then a fixed length (xs:duration).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ext) struct Span {
    months: u32,
    rest: TimeDelta,
}

impl Span {
    /// The span of a duration; `None` if it is negative, or longer than the calendar.
    pub(in crate::ext) fn of(duration: &Duration) -> Option<Self> {
        let (months, seconds) = duration.parts()?;
        let rest = std::time::Duration::try_from_secs_f64(seconds.abs()).ok()?;
        let positive = seconds >= 0.0 || rest.is_zero();
        let span = Self { months: u32::try_from(months).ok()?, rest: TimeDelta::from_std(rest).ok()? };
        positive.then_some(span)
    }

    pub(in crate::ext) fn is_zero(self) -> bool {
        self.months == 0 && self.rest.is_zero()
    }

    /// The instant so long before another, or the earliest there is.
    pub(in crate::ext) fn before(self, instant: DateTime<Utc>) -> DateTime<Utc> {
        let earlier =
            if self.months == 0 { Some(instant) } else { instant.checked_sub_months(Months::new(self.months)) };
        earlier.and_then(|earlier| earlier.checked_sub_signed(self.rest)).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }

    /// Whether it is at least as long as another, whatever instant both are taken from.
    pub(super) fn covers(self, other: Self) -> bool {
        self.months >= other.months && self.rest >= other.rest
    }
}

//! Lengths of time on the calendar.

use chrono::{DateTime, FixedOffset, Months, TimeDelta, Utc};

use crate::Duration;

/// A duration that can be taken from an instant: months of the calendar first, then a fixed length (xs:duration).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    months: u32,
    rest: TimeDelta,
}

impl Span {
    /// The span of a duration; `None` if it is negative, or longer than the calendar.
    pub(super) fn of(duration: &Duration) -> Option<Self> {
        let (months, seconds) = duration.parts()?;
        let rest = std::time::Duration::try_from_secs_f64(seconds.abs()).ok()?;
        let positive = seconds >= 0.0 || rest.is_zero();
        let span = Self { months: u32::try_from(months).ok()?, rest: TimeDelta::from_std(rest).ok()? };
        positive.then_some(span)
    }

    pub(super) fn is_zero(self) -> bool {
        self.months == 0 && self.rest.is_zero()
    }

    /// The instant so long before another, or the earliest there is.
    pub(super) fn before(self, instant: DateTime<Utc>) -> DateTime<Utc> {
        let earlier =
            if self.months == 0 { Some(instant) } else { instant.checked_sub_months(Months::new(self.months)) };
        earlier.and_then(|earlier| earlier.checked_sub_signed(self.rest)).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }

    /// Whether it is at least as long as another, whatever instant both are taken from.
    pub(super) fn covers(self, other: Self) -> bool {
        self.months >= other.months && self.rest >= other.rest
    }

    /// Whether there are months in it, which have no length of their own.
    pub(super) fn has_months(self) -> bool {
        self.months > 0
    }

    /// The instant so many times as long after another, on the calendar of its offset; `None` beyond the calendar.
    ///
    /// Months are counted together, so that the last day of a month is no shorter month's last day for ever after.
    pub(super) fn after(self, instant: DateTime<FixedOffset>, times: u64) -> Option<DateTime<FixedOffset>> {
        let months = u32::try_from(u64::from(self.months).checked_mul(times)?).ok()?;
        instant.checked_add_months(Months::new(months))?.checked_add_signed(self.rest_times(times)?)
    }

    /// The instant once as long before another, as [`after`](Self::after).
    pub(super) fn ahead_of(self, instant: DateTime<FixedOffset>) -> Option<DateTime<FixedOffset>> {
        instant.checked_sub_months(Months::new(self.months))?.checked_sub_signed(self.rest)
    }

    /// A number of times after which more than a length of time has passed.
    pub(super) fn exceeds_after(self, length: TimeDelta) -> u64 {
        const DAY: i128 = 86_400_000_000_000;
        // No month is shorter than 28 days.
        let least = nanoseconds(self.rest) + i128::from(self.months) * 28 * DAY;
        let times = nanoseconds(length).max(0) / least.max(1) + 1;
        u64::try_from(times).unwrap_or(u64::MAX)
    }

    fn rest_times(self, times: u64) -> Option<TimeDelta> {
        let all = nanoseconds(self.rest).checked_mul(i128::from(times))?;
        let seconds = i64::try_from(all.div_euclid(SECOND)).ok()?;
        TimeDelta::new(seconds, u32::try_from(all.rem_euclid(SECOND)).ok()?)
    }
}

const SECOND: i128 = 1_000_000_000;

/// How many there are in a length of time.
fn nanoseconds(length: TimeDelta) -> i128 {
    i128::from(length.num_seconds()) * SECOND + i128::from(length.subsec_nanos())
}

//! When a poll is due: backoff, deadline, and what the provider asks for. The time is told, never taken.

use std::time::Duration;

use cimi_model::{DateTime, Scalar};
use http::{HeaderMap, HeaderValue, Request, header};

/// How a Job or resource is polled.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct PollOptions {
    /// The time between the first two polls. Default: 1 second.
    pub initial: Duration,
    /// By how much each further time is longer; less than 1 counts as 1. Default: 1.5.
    pub factor: f64,
    /// The longest time between two polls, if the provider asks for no longer one. Default: 30 seconds.
    pub max: Duration,
    /// How long to poll at all, from the first step on. There is no poll after it. Default: as long as it takes.
    pub deadline: Option<Duration>,
    /// How many failures in a row are borne that may pass: no answer, and statuses such as 503. Default: 5.
    pub failures: u32,
    /// How many nested Jobs are read at most, once the Job has ended. Default: 1,000.
    pub nested: usize,
}

impl Default for PollOptions {
    fn default() -> Self {
        Self {
            initial: Duration::from_secs(1),
            factor: 1.5,
            max: Duration::from_secs(30),
            deadline: None,
            failures: 5,
            nested: 1000,
        }
    }
}

/// What to do next in a polling; times are in the caller's own, from any moment on.
#[derive(Clone, Debug)]
#[allow(clippy::exhaustive_enums, reason = "callers must do each of them")]
#[allow(clippy::large_enum_variant, reason = "a step is taken at once and not kept")]
pub enum Step<E> {
    /// Send this request, and say what came of it.
    Send(Request<Vec<u8>>),
    /// Ask again at this time.
    Wait(Duration),
    /// It is over.
    Done(E),
}

/// Whether it is time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Now,
    At(Duration),
    /// The deadline has passed.
    Expired,
}

/// The state of one polling: when it is due next.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    options: PollOptions,
    /// The deadline in the caller's time, known from the first step on.
    end: Option<Duration>,
    started: bool,
    expired: bool,
    delay: Duration,
    due: Duration,
    failures: u32,
}

impl Schedule {
    pub(super) fn new(options: PollOptions) -> Self {
        let delay = options.initial.min(options.max);
        Self { options, end: None, started: false, expired: false, delay, due: Duration::ZERO, failures: 0 }
    }

    fn start(&mut self, now: Duration) {
        if !self.started {
            self.started = true;
            self.end = self.options.deadline.map(|deadline| now.saturating_add(deadline));
        }
    }

    /// Whether it is time for a poll.
    pub(super) fn due(&mut self, now: Duration) -> Due {
        self.start(now);
        match self.end {
            _ if self.expired => Due::Expired,
            Some(end) if now > end || (now == end && self.due > end) => Due::Expired,
            _ if now >= self.due => Due::Now,
            Some(end) => Due::At(self.due.min(end)),
            None => Due::At(self.due),
        }
    }

    /// An answer has come, and another one will be asked for.
    pub(super) fn answered(&mut self, now: Duration, retry_after: Option<Duration>) {
        self.failures = 0;
        self.put_off(now, retry_after);
    }

    /// No answer has come, or one that may be better the next time. Returns whether that is borne.
    pub(super) fn failed(&mut self, now: Duration, retry_after: Option<Duration>) -> bool {
        self.failures = self.failures.saturating_add(1);
        self.put_off(now, retry_after);
        self.failures <= self.options.failures
    }

    /// Another request may go out at once: it is not a repetition of the last one.
    pub(super) fn hurry(&mut self, now: Duration) {
        self.failures = 0;
        self.due = now;
    }

    /// Waits for the time that there is between two polls, and makes the next one longer.
    pub(super) fn put_off(&mut self, now: Duration, retry_after: Option<Duration>) {
        self.start(now);
        let due = now.saturating_add(self.delay);
        let asked = retry_after.map_or(Duration::ZERO, |after| now.saturating_add(after));
        // The last poll comes with the deadline, unless the provider wants none before it.
        let due = self.end.map_or(due, |end| due.min(end));
        self.due = due.max(asked);
        self.expired |= self.end.is_some_and(|end| now >= end);
        self.delay = grown(self.delay, self.options.factor).min(self.options.max);
    }
}

/// A time made longer, never shorter.
fn grown(delay: Duration, factor: f64) -> Duration {
    let seconds = delay.as_secs_f64() * if factor.is_nan() { 1.0 } else { factor.max(1.0) };
    Duration::try_from_secs_f64(seconds).map_or(Duration::MAX, |longer| longer.max(delay))
}

/// How long the provider asks to wait (RFC 9110, 10.2.3): in seconds, or until a date, which the `Date` of the same answer
/// is subtracted from.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).map(HeaderValue::to_str)?.ok().map(str::trim);
    let after = text(header::RETRY_AFTER)?;
    if let Ok(seconds) = after.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let instant = |text: &str| DateTime::recover(text)?.instant();
    let wait = instant(after)?.signed_duration_since(instant(text(header::DATE)?)?);
    Some(wait.to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn retry_after_in_both_forms() {
        for (after, date, expected) in [
            ("120", "", Some(120)),
            (" 0 ", "", Some(0)),
            ("Fri, 31 Dec 1999 23:59:59 GMT", "Fri, 31 Dec 1999 23:59:29 GMT", Some(30)),
            ("Fri, 31 Dec 1999 23:59:59 GMT", "Sat, 01 Jan 2000 00:00:00 GMT", Some(0)),
            ("Fri, 31 Dec 1999 23:59:59 GMT", "", None),
            ("-1", "", None),
            ("soon", "Sat, 01 Jan 2000 00:00:00 GMT", None),
            ("99999999999999999999", "", None),
        ] {
            let mut headers = HeaderMap::from_iter([(header::RETRY_AFTER, after.parse().unwrap())]);
            if !date.is_empty() {
                headers.insert(header::DATE, date.parse().unwrap());
            }
            assert_eq!(retry_after(&headers), expected.map(Duration::from_secs), "{after}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }

    #[test]
    fn backoff_grows_up_to_its_bound() {
        let options = PollOptions { initial: SECOND, factor: 2.0, max: 5 * SECOND, ..PollOptions::default() };
        let mut schedule = Schedule::new(options);
        let mut now = 10 * SECOND;
        let mut waits = Vec::new();
        assert_eq!(schedule.due(now), Due::Now);
        for _ in 0..5 {
            schedule.answered(now, None);
            let Due::At(due) = schedule.due(now) else { panic!("a wait") };
            waits.push(due.saturating_sub(now).as_secs());
            now = due;
            assert_eq!(schedule.due(now), Due::Now);
        }
        assert_eq!(waits, [1, 2, 4, 5, 5]);
        // Asked for more, wait for more.
        schedule.answered(now, Some(60 * SECOND));
        assert_eq!(schedule.due(now), Due::At(now + 60 * SECOND));
    }

    #[test]
    fn the_last_poll_comes_with_the_deadline() {
        let options = PollOptions { initial: 4 * SECOND, deadline: Some(6 * SECOND), ..PollOptions::default() };
        let mut schedule = Schedule::new(options);
        assert_eq!(schedule.due(SECOND), Due::Now);
        schedule.answered(SECOND, None);
        assert_eq!(schedule.due(SECOND), Due::At(5 * SECOND));
        schedule.answered(5 * SECOND, None);
        assert_eq!(schedule.due(5 * SECOND), Due::At(7 * SECOND));
        assert_eq!(schedule.due(7 * SECOND), Due::Now);
        schedule.answered(7 * SECOND, None);
        assert_eq!(schedule.due(7 * SECOND), Due::Expired);

        let mut schedule = Schedule::new(options);
        assert_eq!(schedule.due(SECOND), Due::Now);
        schedule.answered(SECOND, Some(60 * SECOND));
        // No poll before the provider wants one, and none after the deadline.
        assert_eq!(schedule.due(SECOND), Due::At(7 * SECOND));
        assert_eq!(schedule.due(7 * SECOND), Due::Expired);
    }

    #[test]
    fn odd_options_do_no_harm() {
        for factor in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, 1e300] {
            let options = PollOptions { factor, max: Duration::MAX, ..PollOptions::default() };
            let mut schedule = Schedule::new(options);
            for _ in 0..3 {
                assert_ne!(schedule.due(Duration::MAX), Due::Expired);
                schedule.answered(SECOND, Some(Duration::MAX));
            }
        }
    }
}

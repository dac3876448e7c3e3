//! Logs that are saved again and again: when, and for what time.

use chrono::{DateTime as Instant, FixedOffset};

use super::window::date_time;
use super::{LogFormat, LogTransfer, Selection, TRANSFER_ACTION, TRANSFER_RUN, TransferRun, Window};
use crate::ext::span::Span;
use crate::filter::{Filter, FilterOptions};
use crate::validate::{Problem, Rule, Severity};
use crate::{AnyResource, DateTime, Duration, Error, ErrorKind, Job, JobState, Ref, Result, printable};

/// When the runs of a [`LogTransfer`] are due, and what each is for, understood once.
///
/// Run 0 is due at `firstRun` and run n at n periods after it, on the calendar of the offset that `firstRun` has: of a run
/// that is due each month on the 31st, the one in February is due on its last day. Each is for the time from where the
/// one before it ended to its own time less the delay, so that no Event is transferred twice or not at all.
///
/// ```
/// use cimi_model::ext::logs::{LogTransfer, Schedule};
/// use cimi_model::{DateTime, Ref};
///
/// let transfer = LogTransfer {
///     volume: Some(Ref::to("volumes/logs")),
///     first_run: Some("2025-01-01T02:30:00+01:00".parse()?),
///     period: Some("P1D".parse()?),
///     ..Default::default()
/// };
/// let schedule = Schedule::of(&transfer)?;
/// let now: DateTime = "2025-01-03T12:00:00Z".parse()?;
/// let due: Vec<_> = schedule.due(None, &now).map(|run| run.window.to_string()).collect();
/// assert_eq!(due.len(), 3);
/// assert_eq!(due[2], "2025-01-02T02:30:00+01:00 to 2025-01-03T02:30:00+01:00");
/// assert_eq!(schedule.next_after(&now).map(|run| run.due), Some("2025-01-04T02:30:00+01:00".parse()?));
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    is_enabled: bool,
    first: Instant<FixedOffset>,
    period: Span,
    delay: Option<Span>,
    since: Instant<FixedOffset>,
    until: Option<Instant<FixedOffset>>,
}

/// One of the times that logs are transferred.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Run {
    /// Its number; the first is 0.
    pub number: u64,
    /// When it is due.
    pub due: DateTime,
    /// The time of the Events that it is for.
    pub window: Window,
}

impl Schedule {
    /// Understands a transfer.
    ///
    /// # Errors
    /// The first of the [problems](LogTransfer::problems), with its path.
    pub fn of(transfer: &LogTransfer) -> Result<Self> {
        let mut problems = Vec::new();
        let schedule = read(transfer, &mut problems);
        match (schedule, problems.into_iter().next()) {
            (Some(schedule), None) => Ok(schedule),
            (_, Some(problem)) => Err(Error::new(ErrorKind::Value, problem.text).at_path(problem.path)),
            (None, None) => Err(Error::new(ErrorKind::Value, "the transfer is not complete")),
        }
    }

    /// The run with a number; `None` after the last one, and beyond the year 9999.
    #[must_use]
    pub fn run(&self, number: u64) -> Option<Run> {
        self.run_from(number, None)
    }

    /// The first run that is due after an instant.
    #[must_use]
    pub fn next_after(&self, instant: &DateTime) -> Option<Run> {
        let instant = instant.instant()?;
        self.run(self.count(instant)).filter(|_| self.is_enabled)
    }

    /// The runs that are due at an instant, after all Events up to another one have been transferred: the first of them
    /// begins there. They are made one by one, as there may be many.
    ///
    /// A transfer that is not enabled has none.
    pub fn due<'s>(&'s self, transferred_to: Option<&DateTime>, now: &DateTime) -> impl Iterator<Item = Run> + use<'s> {
        let done = transferred_to.and_then(DateTime::instant).map(|done| done.max(self.since));
        let end = now.instant().filter(|_| self.is_enabled).map_or(0, |now| self.count(now));
        let begin = match (done, self.delay) {
            (None, _) => 0,
            (Some(done), None) => self.count(done),
            (Some(done), Some(delay)) => delay.after(done, 1).map_or(u64::MAX, |done| self.count(done)),
        };
        (begin..end).map_while(move |number| self.run_from(number, done))
    }

    /// A run, whose window begins at an instant that is in it.
    fn run_from(&self, number: u64, done: Option<Instant<FixedOffset>>) -> Option<Run> {
        let due = self.time(number).filter(|due| self.until.is_none_or(|until| *due <= until))?;
        let from = match number.checked_sub(1) {
            Some(before) => self.boundary(before)?,
            None => self.since,
        };
        let from = done.map_or(from, |done| from.max(done));
        Some(Run {
            number,
            due: date_time(due)?,
            window: Window::between(date_time(from)?, date_time(self.boundary(number)?)?),
        })
    }

    fn time(&self, number: u64) -> Option<Instant<FixedOffset>> {
        self.period.after(self.first, number)
    }

    /// Up to when a run is for Events.
    fn boundary(&self, number: u64) -> Option<Instant<FixedOffset>> {
        delayed(self.time(number)?, self.delay)
    }

    /// How many runs are due at an instant, however many there are to be.
    fn count(&self, instant: Instant<FixedOffset>) -> u64 {
        let is_due = |number| self.time(number).is_some_and(|due| due <= instant);
        let (mut known, mut beyond) = (0, self.period.exceeds_after(instant - self.first));
        if !is_due(0) {
            return 0;
        }
        // Of all before `known` it is known that they are due, of those from `beyond` on that they are not.
        while known < beyond {
            let middle = known + (beyond - known) / 2;
            if is_due(middle) {
                known = middle + 1;
            } else {
                beyond = middle;
            }
        }
        known
    }
}

fn delayed(time: Instant<FixedOffset>, delay: Option<Span>) -> Option<Instant<FixedOffset>> {
    delay.map_or(Some(time), |delay| delay.ahead_of(time))
}

impl LogTransfer {
    /// What keeps the transfer from taking place, beyond what its table says: times that the calendar does not have,
    /// lengths of time that are none, a filter that cannot be understood, nowhere to save the logs. Paths begin with the
    /// type.
    ///
    /// ```
    /// use cimi_model::ext::logs::LogTransfer;
    /// use cimi_model::Ref;
    ///
    /// let transfer = LogTransfer {
    ///     volume: Some(Ref::to("volumes/logs")),
    ///     first_run: Some("2025-01-01T02:30:00Z".parse()?),
    ///     period: Some("PT0S".parse()?),
    ///     ..Default::default()
    /// };
    /// assert_eq!(transfer.problems()[0].to_string(), "/LogTransfer/period: a period has a length (range)");
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        read(self, &mut problems);
        problems
    }

    /// The Events that a run is for.
    ///
    /// # Errors
    /// When the filter cannot be understood, with its path.
    pub fn selection(&self, run: &Run) -> Result<Selection> {
        let filter = self.filter.as_deref().map(parse).transpose();
        let filter = filter.map_err(|text| Error::new(ErrorKind::Value, text).at_path("/LogTransfer/filter"))?;
        Ok(Selection { window: run.window.clone(), filter, ..Selection::default() })
    }

    /// Where a run saves the Events on the Volume: a name in the folder, another one for each run.
    #[must_use]
    pub fn file(&self, run: &Run) -> String {
        let time = |time: &Option<DateTime>| {
            let time = time.as_ref().and_then(DateTime::instant).map(|time| time.to_utc());
            time.map_or_else(String::new, |time| time.format("-%Y%m%dT%H%M%S%.fZ").to_string())
        };
        let ending = match &self.format {
            None | Some(LogFormat::CimiJson) => "json",
            Some(LogFormat::CimiXml) => "xml",
            Some(LogFormat::CadfJson) => "cadf.json",
            Some(LogFormat::CadfXml) => "cadf.xml",
            Some(LogFormat::Other(_)) => "log",
        };
        let folder = self.folder.as_deref().unwrap_or_default();
        let slash = if folder.is_empty() || folder.ends_with('/') { "" } else { "/" };
        format!("{folder}{slash}events{}{}.{ending}", time(&run.window.from), time(&run.window.to))
    }

    /// The Job that carries out a run: queued, with the run in [`TRANSFER_RUN`].
    ///
    /// # Errors
    /// None that is known; the signature is that of [`Addition::set`](crate::ext::Addition::set).
    pub fn job(&self, run: &Run) -> Result<Job> {
        let target = self.id.as_ref().map(|id| Ref::<AnyResource>::to(id.clone()));
        let volume = self.volume.as_ref().and_then(|volume| volume.href.clone()).map(Ref::to);
        let mut job = Job {
            name: self.name.clone(),
            state: Some(JobState::Queued),
            affected_resources: target.iter().cloned().chain(volume).collect(),
            target_resource: target,
            action: Some(TRANSFER_ACTION.into()),
            progress: Some(0),
            status_message: Some(format!("Events of the time from {}", run.window)),
            time_of_status_change: Some(run.due.clone()),
            ..Job::default()
        };
        let run = TransferRun {
            transfer: self.id.clone().map(Ref::to),
            number: i64::try_from(run.number).ok(),
            due: Some(run.due.clone()),
            from: run.window.from.clone(),
            to: run.window.to.clone(),
            file: self.volume.as_ref().map(|_| self.file(run)),
            ..TransferRun::default()
        };
        TRANSFER_RUN.set(&mut job, &run)?;
        Ok(job)
    }

    /// Notes what a Job that has succeeded has transferred. One that has not, that is of another transfer, or whose time is
    /// not the one that comes next leaves the transfer as it is; whether it was noted.
    ///
    /// # Errors
    /// When the Job says of its run what is none.
    pub fn note(&mut self, job: &Job) -> Result<bool> {
        let Some(run) = TRANSFER_RUN.get(job)? else { return Ok(false) };
        let transfer = run.transfer.as_ref().and_then(|transfer| transfer.href.as_ref());
        if job.state != Some(JobState::Success) || transfer != self.id.as_ref() {
            return Ok(false);
        }
        let instant = |time: &Option<DateTime>| time.as_ref().and_then(DateTime::instant);
        // No Events are transferred of the time before the schedule begins.
        let begin = Schedule::of(self).ok().map(|schedule| schedule.since);
        let done = instant(&self.transferred_to).max(begin);
        let (Some(from), Some(to)) = (instant(&run.from), instant(&run.to)) else { return Ok(false) };
        if done.is_some_and(|done| done < from || done >= to) {
            return Ok(false);
        }
        self.transferred_to = run.to;
        self.last_job = job.id.clone().map(Ref::to);
        Ok(true)
    }
}

fn parse(text: &str) -> std::result::Result<Filter, String> {
    let options = FilterOptions { extensions: true, ..FilterOptions::default() };
    Filter::parse(text, &options).map_err(|error| error.to_string())
}

/// Reads the parts of a transfer; what is wrong goes to the problems.
fn read(transfer: &LogTransfer, problems: &mut Vec<Problem>) -> Option<Schedule> {
    let mut reader = Reader { problems };
    let first = reader.time("firstRun", transfer.first_run.as_ref());
    let period = reader.span("period", transfer.period.as_ref());
    if transfer.first_run.is_none() {
        reader.problem("firstRun", Rule::Required, "a transfer has a first run");
    }
    if transfer.period.is_none() {
        reader.problem("period", Rule::Required, "a transfer has a period");
    }
    if period.is_some_and(Span::is_zero) {
        reader.problem("period", Rule::Range, "a period has a length");
    }
    let delay = reader.span("delay", transfer.delay.as_ref());
    if delay.is_some_and(Span::has_months) {
        reader.problem("delay", Rule::Range, "months are not of one length; expected days or less");
    }
    if let Some(Err(text)) = transfer.filter.as_deref().map(parse) {
        reader.problem("filter", Rule::Value, text);
    }
    if transfer.volume.is_none() && transfer.destination.is_none() {
        reader.problem("volume", Rule::Required, "a transfer has a Volume or a destination");
    }
    let since = reader.time("since", transfer.since.as_ref());
    let until = reader.time("until", transfer.until.as_ref());
    reader.time("transferredTo", transfer.transferred_to.as_ref());
    let (first, period) = (first?, period?);
    let begin = delayed(first, delay);
    if begin.zip(since).is_some_and(|(begin, since)| since >= begin) {
        reader.problem("since", Rule::Consistency, "the first run would be for no time");
    }
    if until.is_some_and(|until| until < first) {
        reader.problem("until", Rule::Consistency, "no run would be due");
    }
    let since = since.or_else(|| period.ahead_of(begin?));
    if since.and_then(date_time).is_none() {
        reader.problem("period", Rule::Range, "the first run would be for a time before the calendar");
    }
    let is_enabled = transfer.enabled != Some(false);
    Some(Schedule { is_enabled, first, period, delay, since: since?, until })
}

struct Reader<'a> {
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, name: &str, rule: Rule, text: impl Into<String>) {
        self.problems.push(Problem::new(format!("/LogTransfer/{name}"), rule, Severity::Error, "", text));
    }

    fn time(&mut self, name: &str, time: Option<&DateTime>) -> Option<Instant<FixedOffset>> {
        let time = time?;
        let instant = time.instant().filter(|instant| date_time(*instant).is_some());
        if instant.is_none() {
            self.problem(name, Rule::Range, format!("the calendar has no '{}'", printable(time.as_str())));
        }
        instant
    }

    fn span(&mut self, name: &str, duration: Option<&Duration>) -> Option<Span> {
        let duration = duration?;
        let span = Span::of(duration);
        if span.is_none() {
            let text = format!("expected a length of time above zero, found '{}'", printable(duration.as_str()));
            self.problem(name, Rule::Range, text);
        }
        span
    }
}

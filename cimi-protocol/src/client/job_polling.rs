//! Waiting for a Job (5.17.1).

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use cimi_model::reflect::Described;
use cimi_model::{Job, JobState, Ref, Uri};
use http::Response;

use super::jobs::{self, DEEPEST};
use super::schedule::{Due, PollOptions, Schedule, Step, retry_after};
use super::{Change, Failure, Outcome, Peer, Read, actions};
use crate::{Error, ErrorKind, Operation, Representation, Result};

/// How the waiting for a Job has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JobEnd {
    /// The Job has succeeded; [`JobPolling::affected_resources`] says what it has had an effect on.
    Success,
    /// The Job has failed; [`JobPolling::message`] says why.
    Failed,
    /// The Job was stopped before it was done.
    Stopped,
    /// The deadline has passed, and the Job goes on.
    Expired,
    /// The caller waits no longer, and the Job goes on.
    Cancelled,
    /// The provider no longer says anything about the Job; the error of [`JobPolling::answer`] said why.
    Lost,
}

/// Waits for a Job to end, as a state machine that is told the time and the answers.
///
/// The times between polls grow as [`PollOptions`] say, and are longer where the provider asks for it (`Retry-After`).
/// Failures that may pass are borne, a number of them in a row. When the Job has ended, the nested Jobs that it only
/// refers to are read too, so that the whole is at hand.
///
/// Times are durations since any moment that the caller chooses and keeps to, such as the start of its program.
///
/// ```
/// use std::time::Duration;
///
/// use cimi_protocol::client::{JobEnd, JobPolling, Peer, PollOptions, Step};
///
/// # fn sleep_until(now: &mut Duration, until: Duration) { *now = until }
/// # let mut progress = 0;
/// # let mut send = |_| {
/// #     progress += 50;
/// #     let state = if progress == 100 { "SUCCESS" } else { "RUNNING" };
/// #     let body = format!(r#"{{"state": "{state}", "progress": {progress}}}"#);
/// #     http::Response::builder().header("Content-Type", "application/json").body(body.into_bytes())
/// # };
/// let job = "https://cloud.example.com/jobs/1".into();
/// let mut polling = JobPolling::new(&Peer::default(), &job, PollOptions::default())?;
/// let mut now = Duration::ZERO;
/// let end = loop {
///     match polling.step(now)? {
///         Step::Send(request) => match send(request) {
///             Ok(answer) => polling.answer(now, answer)?,
///             Err(_) => polling.no_answer(now),
///         },
///         Step::Wait(until) => sleep_until(&mut now, until),
///         Step::Done(end) => break end,
///     }
/// };
/// assert_eq!(end, JobEnd::Success);
/// assert_eq!(polling.job().and_then(|job| job.progress), Some(100));
/// # Ok::<(), cimi_protocol::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct JobPolling {
    peer: Peer,
    uri: Uri,
    schedule: Schedule,
    job: Option<Job>,
    stop: Option<Change<Job>>,
    nested: Nested,
    phase: Phase,
}

/// What the polling is about.
#[derive(Clone, Debug, PartialEq)]
enum Phase {
    /// The next step may send a request.
    Ready,
    /// A request for the Job, or for a nested one, is on its way.
    Reading,
    /// A request that stops the Job is on its way.
    Stopping,
    /// It is over.
    Over(JobEnd),
}

/// The nested Jobs that are to be read.
#[derive(Clone, Debug, Default)]
struct Nested {
    /// The places of nested Jobs in the tree, by the indices that lead there.
    wanted: VecDeque<Vec<usize>>,
    /// Those that were asked for, so that circles end.
    seen: HashSet<Uri>,
    /// How many more may be asked for.
    left: usize,
    /// Whether all were read.
    complete: bool,
}

impl JobPolling {
    /// Waits for the Job with this URI. The first poll is due at once.
    ///
    /// # Errors
    /// Of kind [`Uri`](ErrorKind::Uri) when the URI does not resolve.
    pub fn new(peer: &Peer, job: &Uri, options: PollOptions) -> Result<Self> {
        let uri = peer.resolve(job)?;
        let nested =
            Nested { left: options.nested, complete: true, seen: HashSet::from([uri.clone()]), ..Nested::default() };
        let schedule = Schedule::new(options);
        Ok(Self { peer: peer.clone(), uri, schedule, job: None, stop: None, nested, phase: Phase::Ready })
    }

    /// Waits for the Job that a change has led to; `None` if the provider named none. Where the answer held the Job, or
    /// said when to ask, the first poll is put off.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn of<T: Described>(
        peer: &Peer,
        outcome: &Outcome<T>,
        now: Duration,
        options: PollOptions,
    ) -> Result<Option<Self>> {
        let Some(uri) = &outcome.job_uri else { return Ok(None) };
        let mut polling = Self::new(peer, uri, options)?;
        if outcome.job.is_some() || outcome.retry_after.is_some() {
            polling.schedule.put_off(now, outcome.retry_after);
        }
        if let Some(job) = &outcome.job {
            polling.take(now, job.content.value.clone());
        }
        Ok(Some(polling))
    }

    /// The Job as it was read last; after its end with nested Jobs in place.
    #[must_use]
    pub fn job(&self) -> Option<&Job> {
        self.job.as_ref()
    }

    /// The message nearest to the cause: that of the deepest nested Job that failed, or else of the deepest one.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.job.as_ref().and_then(jobs::deepest_message)
    }

    /// What the Job and the nested ones have had an effect on, each once.
    #[must_use]
    pub fn affected_resources(&self) -> Vec<Uri> {
        self.job.as_ref().map(jobs::affected_resources).unwrap_or_default()
    }

    /// Whether all nested Jobs that the ended Job refers to could be read.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.nested.complete && self.nested.wanted.is_empty()
    }

    /// What to do now.
    ///
    /// # Errors
    /// As those of a request to the Job's URI. Then it is over.
    pub fn step(&mut self, now: Duration) -> Result<Step<JobEnd>> {
        if let Phase::Over(end) = self.phase {
            return Ok(Step::Done(end));
        }
        if let Some(stop) = &self.stop
            && self.phase == Phase::Ready
        {
            self.phase = Phase::Stopping;
            return stop.request().map(Step::Send).inspect_err(|_| self.stop = None);
        }
        match self.schedule.due(now) {
            Due::At(due) => Ok(Step::Wait(due)),
            Due::Expired => Ok(Step::Done(self.expire())),
            Due::Now => match self.next_read() {
                Some(read) => {
                    self.phase = Phase::Reading;
                    read.request().map(Step::Send).inspect_err(|_| self.phase = Phase::Over(JobEnd::Lost))
                }
                None => Ok(Step::Done(self.finish())),
            },
        }
    }

    /// Takes the answer to the request that the last step gave.
    ///
    /// # Errors
    /// Where the provider refuses to say more, or says what is no Job: then it is over. And where it refuses to stop the
    /// Job: then the waiting goes on.
    pub fn answer<B: AsRef<[u8]>>(&mut self, now: Duration, answer: Response<B>) -> Result<()> {
        match std::mem::replace(&mut self.phase, Phase::Ready) {
            Phase::Reading => match self.next_read() {
                Some(read) => {
                    let after = retry_after(answer.headers());
                    self.read(now, after, read.response(answer))
                }
                None => Ok(()),
            },
            Phase::Stopping => match self.stop.take() {
                Some(stop) => stop.response(answer).map(|_| ()),
                None => Ok(()),
            },
            other => {
                self.phase = other;
                Ok(())
            }
        }
    }

    /// Says that no answer came to the request that the last step gave. That is borne as often as the options say.
    pub fn no_answer(&mut self, now: Duration) {
        match std::mem::replace(&mut self.phase, Phase::Ready) {
            Phase::Reading => {
                if !self.schedule.failed(now, None) {
                    self.give_up(now);
                }
            }
            // Whether the provider has got it will show.
            Phase::Stopping => self.stop = None,
            other => self.phase = other,
        }
    }

    /// Asks the provider to stop the Job, with the next step, and goes on waiting for its end.
    ///
    /// # Errors
    /// Of kind [`NotOffered`](ErrorKind::NotOffered) or [`NotAvailable`](ErrorKind::NotAvailable) when the Job, as it was
    /// read last, does not offer that; also before it was read at all.
    pub fn stop(&mut self) -> Result<()> {
        let unread = || Error::new(ErrorKind::NotOffered, "the Job has not been read yet");
        let job = self.job.as_ref().ok_or_else(unread)?;
        self.stop = Some(self.peer.invoke(job, actions::stop(None))?);
        Ok(())
    }

    /// Waits no longer. The Job goes on.
    pub fn cancel(&mut self) {
        if !matches!(self.phase, Phase::Over(_)) {
            self.phase = Phase::Over(JobEnd::Cancelled);
        }
    }

    /// The end of the Job itself.
    fn end(&self) -> Option<JobEnd> {
        Some(match jobs::ended(self.job.as_ref()?)? {
            JobState::Success => JobEnd::Success,
            JobState::Stopped => JobEnd::Stopped,
            _ => JobEnd::Failed,
        })
    }

    /// Ends what has nothing left to read.
    fn finish(&mut self) -> JobEnd {
        let end = self.end().unwrap_or(JobEnd::Lost);
        self.phase = Phase::Over(end);
        end
    }

    fn expire(&mut self) -> JobEnd {
        // A Job that has ended has done so in time, even if its nested Jobs were not all read.
        let end = self.end().unwrap_or(JobEnd::Expired);
        self.phase = Phase::Over(end);
        end
    }

    /// Too many failures: of the Job itself it is the end, of a nested one it is only incomplete.
    fn give_up(&mut self, now: Duration) {
        if self.end().is_none() {
            self.phase = Phase::Over(JobEnd::Lost);
        } else {
            self.skip(now);
        }
    }

    fn skip(&mut self, now: Duration) {
        self.nested.wanted.pop_front();
        self.nested.complete = false;
        self.schedule.hurry(now);
    }

    /// The reading that is next: of the Job until it has ended, then of the nested ones.
    fn next_read(&mut self) -> Option<Read<Job>> {
        if self.end().is_none() {
            return self.peer.read(&self.uri).ok();
        }
        let path = self.nested.wanted.front()?;
        let href = place(self.job.as_mut()?, path)?.href.clone()?;
        self.peer.read(&href).ok()
    }

    fn read(&mut self, now: Duration, after: Option<Duration>, read: Result<Representation<Job>>) -> Result<()> {
        match read {
            Ok(read) => {
                if self.end().is_none() {
                    self.schedule.answered(now, after);
                    self.take(now, read.content.value);
                } else {
                    self.take_nested(now, read.content.value);
                }
                Ok(())
            }
            Err(error) => {
                let transient = error.failure().is_some_and(Failure::is_transient);
                if transient && self.schedule.failed(now, after) {
                    return Ok(());
                }
                if self.end().is_some() {
                    self.skip(now);
                    return Ok(());
                }
                self.phase = Phase::Over(JobEnd::Lost);
                Err(error)
            }
        }
    }

    /// Takes the Job as it is now. If it has ended, the nested Jobs are next.
    fn take(&mut self, now: Duration, job: Job) {
        let ended = jobs::ended(&job).is_some();
        let job = self.job.insert(job);
        if ended {
            self.nested.want(&self.peer, job, &[]);
            self.schedule.hurry(now);
            self.stop = None;
        }
    }

    fn take_nested(&mut self, now: Duration, nested: Job) {
        let Some(path) = self.nested.wanted.pop_front() else { return };
        if let Some(place) = self.job.as_mut().and_then(|job| place(job, &path)) {
            self.nested.want(&self.peer, &nested, &path);
            place.value = Some(Box::new(nested));
        }
        self.schedule.hurry(now);
    }
}

impl Nested {
    /// Notes the nested Jobs of one at this place that are only referred to, those of inlined ones included.
    fn want(&mut self, peer: &Peer, job: &Job, path: &[usize]) {
        if path.len() >= DEEPEST {
            self.complete &= job.nested_jobs.is_empty();
            return;
        }
        for (index, nested) in job.nested_jobs.iter().enumerate() {
            let path: Vec<usize> = path.iter().copied().chain([index]).collect();
            if let Some(inline) = &nested.value {
                self.want(peer, inline, &path);
                continue;
            }
            let Some(uri) = nested.href.as_ref().and_then(|href| peer.resolve(href).ok()) else {
                self.complete = false;
                continue;
            };
            if self.left == 0 {
                self.complete = false;
            } else if self.seen.insert(uri) {
                self.left -= 1;
                self.wanted.push_back(path);
            }
        }
    }
}

/// The reference to a nested Job at a place of the tree.
fn place<'j>(job: &'j mut Job, path: &[usize]) -> Option<&'j mut Ref<Job>> {
    let (last, before) = path.split_last()?;
    let mut job = job;
    for index in before {
        job = job.nested_jobs.get_mut(*index)?.value.as_deref_mut()?;
    }
    job.nested_jobs.get_mut(*last)
}

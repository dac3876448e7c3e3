//! Waiting for a resource, where the provider has named no Job.

use std::time::Duration;

use cimi_model::reflect::Record;
use cimi_model::{Any, Document, Registry, attributes};
use http::Response;

use super::schedule::{Due, PollOptions, Schedule, Step, retry_after};
use super::{Failure, FailureKind, ReadDocument};
use crate::{Operation, Representation, Result};

/// How the waiting for a resource has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StateEnd {
    /// The resource is in a state that it does not leave by itself, or in one that was waited for.
    Settled,
    /// There is no such resource, or no longer: it has been deleted.
    Gone,
    /// The deadline has passed.
    Expired,
    /// The caller waits no longer.
    Cancelled,
    /// The provider no longer says anything about the resource.
    Lost,
}

/// Waits for a resource to come to rest, as a state machine that is told the time and the answers, like
/// [`JobPolling`](super::JobPolling): for what takes its time at providers without Jobs (4.2.1.7).
///
/// A state that the resource leaves by itself, such as STARTING, is one to wait for the end of. A resource without a state
/// is at rest.
///
/// ```
/// use std::time::Duration;
///
/// use cimi_model::Registry;
/// use cimi_protocol::client::{Peer, PollOptions, StateEnd, StatePolling, Step};
///
/// # fn sleep_until(now: &mut Duration, until: Duration) { *now = until }
/// # let mut states = ["STOPPING", "STOPPED"].into_iter();
/// # let mut send = |_| {
/// #     let body = format!(r#"{{"resourceURI": "http://schemas.dmtf.org/cimi/1/Machine", "state": "{}"}}"#, states.next().unwrap());
/// #     http::Response::builder().header("Content-Type", "application/json").body(body.into_bytes())
/// # };
/// let read = Peer::default().read_document(&"https://cloud.example.com/machines/1".into(), &Registry::standard())?;
/// let mut polling = StatePolling::new(read, PollOptions::default());
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
/// assert_eq!((end, polling.state()), (StateEnd::Settled, Some("STOPPED")));
/// # Ok::<(), cimi_protocol::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct StatePolling {
    read: ReadDocument,
    schedule: Schedule,
    until: Vec<String>,
    last: Option<Representation<Document>>,
    sent: bool,
    end: Option<StateEnd>,
}

impl StatePolling {
    /// Waits for the resource of this reading. The first poll is due at once.
    #[must_use]
    pub fn new(read: ReadDocument, options: PollOptions) -> Self {
        Self { read, schedule: Schedule::new(options), until: Vec::new(), last: None, sent: false, end: None }
    }

    /// Waits until the resource is in one of these states, whatever others it goes through.
    #[must_use]
    pub fn until<S: Into<String>>(self, states: impl IntoIterator<Item = S>) -> Self {
        Self { until: states.into_iter().map(Into::into).collect(), ..self }
    }

    /// The resource as it was read last.
    #[must_use]
    pub fn resource(&self) -> Option<&Representation<Document>> {
        self.last.as_ref()
    }

    /// The state that it had then.
    #[must_use]
    pub fn state(&self) -> Option<&str> {
        state(self.last.as_ref()?.content.value.record())
    }

    /// What to do now.
    ///
    /// # Errors
    /// As those of the reading's request. Then it is over.
    pub fn step(&mut self, now: Duration) -> Result<Step<StateEnd>> {
        if let Some(end) = self.end {
            return Ok(Step::Done(end));
        }
        match self.schedule.due(now) {
            Due::At(due) => Ok(Step::Wait(due)),
            Due::Expired => Ok(Step::Done(*self.end.insert(StateEnd::Expired))),
            Due::Now => {
                self.sent = true;
                self.read.request().map(Step::Send).inspect_err(|_| self.end = Some(StateEnd::Lost))
            }
        }
    }

    /// Takes the answer to the request that the last step gave.
    ///
    /// # Errors
    /// Where the provider refuses to say more, or says what cannot be read: then it is over.
    pub fn answer<B: AsRef<[u8]>>(&mut self, now: Duration, answer: Response<B>) -> Result<()> {
        if !std::mem::take(&mut self.sent) || self.end.is_some() {
            return Ok(());
        }
        let after = retry_after(answer.headers());
        let error = match self.read.response(answer) {
            Ok(read) => {
                let read = self.last.insert(read);
                let record = read.content.value.record();
                let settled = match state(record) {
                    Some(state) if self.until.is_empty() => !is_transient(record, state),
                    Some(state) => self.until.iter().any(|wanted| wanted == state),
                    None => true,
                };
                self.end = settled.then_some(StateEnd::Settled);
                self.schedule.answered(now, after);
                return Ok(());
            }
            Err(error) => error,
        };
        let transient = error.failure().is_some_and(Failure::is_transient);
        if error.failure().is_some_and(|failure| failure.kind() == FailureKind::NotFound) {
            self.end = Some(StateEnd::Gone);
        } else if !transient || !self.schedule.failed(now, after) {
            self.end = Some(StateEnd::Lost);
            return Err(error);
        }
        Ok(())
    }

    /// Says that no answer came to the request that the last step gave. That is borne as often as the options say.
    pub fn no_answer(&mut self, now: Duration) {
        if std::mem::take(&mut self.sent) && self.end.is_none() && !self.schedule.failed(now, None) {
            self.end = Some(StateEnd::Lost);
        }
    }

    /// Waits no longer.
    pub fn cancel(&mut self) {
        self.end.get_or_insert(StateEnd::Cancelled);
    }
}

/// The state of a resource of any type.
fn state(record: &dyn Record) -> Option<&str> {
    attributes::text(record, "state").or_else(|| record.extensions().get("state").and_then(Any::as_str))
}

/// Whether a resource leaves a state by itself. Of a type that nobody has registered, the state is taken for the one
/// that other types have under that name.
fn is_transient(record: &dyn Record, state: &str) -> bool {
    let own = record.record_type().lifecycle;
    let transient = |lifecycle: &cimi_model::meta::Lifecycle| {
        lifecycle.states.iter().any(|known| known.name == state && known.transient)
    };
    match own {
        Some(lifecycle) => transient(lifecycle),
        None => Registry::standard().iter().filter_map(|entry| entry.record_type.lifecycle).any(transient),
    }
}

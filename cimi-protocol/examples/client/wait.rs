//! Waiting for Jobs and resources, and showing how far they are.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use cimi_model::{Document, Job, JobState};
use cimi_protocol::Representation;
use cimi_protocol::client::{JobEnd, JobPolling, PollOptions, StateEnd, StatePolling, Step, jobs};
use http::{Request, Response};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::Result;
use crate::connection::Connection;

/// Somebody is watching: begin with short times.
pub(crate) fn options() -> PollOptions {
    PollOptions { initial: Duration::from_millis(200), max: Duration::from_secs(10), ..PollOptions::default() }
}

/// The time since the program began to wait.
pub(crate) struct Clock(Instant);

impl Clock {
    #[allow(clippy::disallowed_methods, reason = "the program is where the time comes from")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep_until(&self, time: Duration) {
        std::thread::sleep(time.saturating_sub(self.now()));
    }
}

/// Waits for a Job and shows its progress. Returns whether it has succeeded, and the Job.
pub(crate) fn job(connection: &Connection, mut polling: JobPolling, clock: &Clock) -> Result<(bool, Option<Job>)> {
    let display = Display::new();
    let end = loop {
        display.job(polling.job());
        match polling.step(clock.now())? {
            Step::Send(request) => match attempt(connection, request) {
                Some(answer) => polling.answer(clock.now(), answer)?,
                None => polling.no_answer(clock.now()),
            },
            Step::Wait(until) => clock.sleep_until(until),
            Step::Done(end) => break end,
        }
    };
    display.end();
    if !polling.is_complete() {
        eprintln!("warning: not all nested Jobs could be read");
    }
    let job = polling.job().cloned();
    match (end, &job) {
        (JobEnd::Success | JobEnd::Failed | JobEnd::Stopped, Some(ended)) => Ok((report(ended), job)),
        _ => Err("the provider no longer answers for the Job".into()),
    }
}

/// Tells how a Job has ended; false if it has not succeeded.
pub(crate) fn report(job: &Job) -> bool {
    let state = jobs::ended(job);
    if state == Some(JobState::Success) {
        return true;
    }
    let state = state.as_ref().map_or("without success", |state| state.as_str());
    eprintln!("error: the Job has ended as {state}: {}", jobs::deepest_message(job).unwrap_or("nobody says why"));
    false
}

/// Waits for a resource to come to rest. Returns it, or nothing if it is gone.
pub(crate) fn state(
    connection: &Connection,
    mut polling: StatePolling,
    clock: &Clock,
) -> Result<Option<Representation<Document>>> {
    let display = Display::new();
    let end = loop {
        if let Some(state) = polling.state() {
            display.show(None, state);
        }
        match polling.step(clock.now())? {
            Step::Send(request) => match attempt(connection, request) {
                Some(answer) => polling.answer(clock.now(), answer)?,
                None => polling.no_answer(clock.now()),
            },
            Step::Wait(until) => clock.sleep_until(until),
            Step::Done(end) => break end,
        }
    };
    display.end();
    match end {
        StateEnd::Settled => Ok(polling.resource().cloned()),
        StateEnd::Gone => Ok(None),
        _ => Err("the provider no longer answers for the resource".into()),
    }
}

fn attempt(connection: &Connection, request: Request<Vec<u8>>) -> Option<Response<Vec<u8>>> {
    match connection.send(request) {
        Ok((_, answer)) => Some(answer),
        Err(error) => {
            eprintln!("warning: {error}");
            None
        }
    }
}

/// A bar on a terminal, a line for each change elsewhere.
struct Display {
    bar: ProgressBar,
    terminal: bool,
}

impl Display {
    fn new() -> Self {
        let terminal = std::io::stderr().is_terminal();
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(100), target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} [{bar:40}] {pos:>3} % {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, terminal }
    }

    fn job(&self, job: Option<&Job>) {
        let Some(job) = job else { return };
        let state = job.state.as_ref().map_or("Job", |state| state.as_str());
        let message = job.status_message.as_deref().unwrap_or_default();
        let progress = job.progress.and_then(|progress| u64::try_from(progress).ok()).unwrap_or(0).min(100);
        self.show(Some(progress), cimi_model::printable(&format!("{state} {message}")).trim());
    }

    /// Shows how far it is, in percent where that is known.
    fn show(&self, progress: Option<u64>, message: &str) {
        let position = progress.unwrap_or(0);
        if self.bar.position() == position && self.bar.message() == message {
            return;
        }
        self.bar.set_position(position);
        self.bar.set_message(message.to_owned());
        match progress {
            _ if self.terminal => {}
            Some(progress) => eprintln!("{progress:>3} % {message}"),
            None => eprintln!("{message}"),
        }
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}

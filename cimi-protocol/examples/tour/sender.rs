//! The client's socket, and the waiting for Jobs.

use std::thread::sleep;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cimi_model::Uri;
use cimi_model::reflect::Described;
use cimi_protocol::Operation;
use cimi_protocol::client::{
    Authorization, JobEnd, JobPolling, Outcome as Changed, Peer, PollOptions, Step, Transport,
};
use http::{Request, Response};
use indicatif::{ProgressBar, ProgressStyle};

use crate::Outcome;

/// Sends requests, and says so.
pub(crate) struct Sender {
    agent: ureq::Agent,
    begin: Instant,
    authorization: Authorization,
}

#[allow(clippy::disallowed_methods, reason = "a program has a clock")]
fn now() -> Instant {
    Instant::now()
}

impl Sender {
    /// Sends to the provider at this URL, as this user.
    pub(crate) fn new(url: &Uri, user: &str, password: &str) -> Outcome<Self> {
        let basic = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
        let authorization = Authorization::new(basic.try_into()?, url, Transport::HttpOnLoopback)?;
        // Statuses of errors are read by the library.
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        Ok(Self { agent: ureq::Agent::new_with_config(config), begin: now(), authorization })
    }

    /// The answer to a request.
    pub(crate) fn answer(&self, request: Request<Vec<u8>>) -> Outcome<Response<Vec<u8>>> {
        let target = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
        println!("  {} {target}", request.method());
        self.quietly(request)
    }

    fn quietly(&self, mut request: Request<Vec<u8>>) -> Outcome<Response<Vec<u8>>> {
        self.authorization.apply(&mut request);
        let (head, mut body) = self.agent.run(request)?.into_parts();
        Ok(Response::from_parts(head, body.read_to_vec()?))
    }

    /// Carries out an operation.
    pub(crate) fn send<O: Operation>(&self, operation: &O) -> Outcome<O::Output> {
        Ok(operation.response(self.answer(operation.request()?)?)?)
    }

    /// Waits until what was changed is done.
    pub(crate) fn finish<T: Described>(&self, peer: &Peer, changed: &Changed<T>) -> Outcome<()> {
        let options = PollOptions { initial: Duration::from_millis(100), factor: 1.0, ..PollOptions::default() };
        let Some(mut polling) = JobPolling::of(peer, changed, self.begin.elapsed(), options)? else { return Ok(()) };
        let style = ProgressStyle::with_template("  {bar:30} {percent} % {msg}")?;
        let bar = ProgressBar::new(100).with_style(style);
        let end = loop {
            match polling.step(self.begin.elapsed())? {
                Step::Send(request) => polling.answer(self.begin.elapsed(), self.quietly(request)?)?,
                Step::Wait(until) => sleep(until.saturating_sub(self.begin.elapsed())),
                Step::Done(end) => break end,
            }
            if let Some(progress) = polling.job().and_then(|job| job.progress) {
                bar.set_position(progress.try_into().unwrap_or(0));
            }
        };
        bar.finish_and_clear();
        if end == JobEnd::Success {
            println!("  the Job has succeeded");
            return Ok(());
        }
        Err(format!("{end:?}: {}", polling.message().unwrap_or("the Job does not say why")).into())
    }
}

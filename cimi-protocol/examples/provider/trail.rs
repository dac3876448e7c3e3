//! The audit trail: one event for each request, and one more when a Job ends that goes on after the answer.

use std::collections::HashMap;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use axum::extract::ConnectInfo;
use chrono::{DateTime, Utc};
use cimi_cadf::http::{Auditor, Context, basic_user, user};
use cimi_cadf::{Event, Identifier, Reason, Resource, Timestamp, outcome};
use cimi_model::{Format, Uri, WriteOptions};
use cimi_protocol::provider::JOB_URI;
use http::{request, response};

use crate::cloud::audit::{Asked, Ended};
use crate::cloud::{BASE, Cloud};

/// The domain of the return codes of Jobs.
const JOB: &str = "http://schemas.dmtf.org/cimi/2/Job";

/// Writes audit events, one in each line.
pub(crate) struct Trail {
    auditor: Auditor,
    /// What the identifiers of events begin with: another one each time that the provider starts.
    ids: String,
    state: Mutex<State>,
}

struct State {
    out: Box<dyn Write + Send>,
    /// How many events there are.
    events: u64,
    /// The events of requests whose Jobs are running, by the URIs of these.
    pending: HashMap<Uri, Event>,
}

impl Trail {
    /// The trail of a cloud, whose provider starts now.
    pub(crate) fn new(out: Box<dyn Write + Send>, cloud: &Cloud, now: DateTime<Utc>) -> Self {
        let base = cloud.uri("");
        let mut auditor = Auditor::new(Resource::new(base.as_str(), "service/compute").named("In-memory cloud"));
        auditor.origin = base.as_str().strip_suffix(BASE).map(Uri::from);
        auditor.routes = cloud.routes();
        let ids = format!("{base}audit/{}", now.timestamp_micros());
        Self { auditor, ids, state: Mutex::new(State { out, events: 0, pending: HashMap::new() }) }
    }

    /// Reports a request that came at one time and was answered at another. These Jobs have ended since the one before, its own perhaps among them.
    pub(crate) fn record(
        &self,
        request: &request::Parts,
        response: &response::Parts,
        [began, answered]: [DateTime<Utc>; 2],
        ended: &[Ended],
    ) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.conclude_in(&mut state, ended);
        let asked = response.extensions.get::<Asked>();
        let peer = request.extensions.get::<ConnectInfo<SocketAddr>>();
        let context = Context {
            ended: Some(answered.into()),
            initiator: basic_user(&request.headers).map(|name| user(&name)),
            address: peer.map(|peer| peer.0.ip()),
            operation: asked.and_then(|asked| asked.operation.clone()),
            target: asked.filter(|asked| !asked.path.is_empty()).map(|asked| self.target(&asked.path)),
            ..Context::new(self.next_id(&mut state), began.into())
        };
        let event = self.auditor.event(request, response, &context);
        state.write(&event);
        let job = response.headers.get(JOB_URI).and_then(|job| job.to_str().ok());
        if let Some(job) = job.filter(|_| event.outcome == Some(outcome::PENDING.into())) {
            state.pending.insert(job.into(), event);
            self.conclude_in(&mut state, ended);
        }
    }

    /// Reports the end of Jobs.
    pub(crate) fn conclude(&self, ended: &[Ended]) {
        self.conclude_in(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner), ended);
    }

    fn conclude_in(&self, state: &mut State, ended: &[Ended]) {
        for Ended { job, at, success, code } in ended {
            let Some(pending) = state.pending.remove(job) else { continue };
            let outcome = if *success { outcome::SUCCESS } else { outcome::FAILURE };
            let id = self.next_id(state);
            // Time in the cloud has fewer digits than that of requests.
            let at = Timestamp::from(*at);
            let began = pending.event_time.clone().filter(|began| began.until(&at).is_none());
            let mut event = pending.concluded(id, began.unwrap_or(at), outcome);
            event.reason = Some(Reason::code(JOB, code.as_str()));
            state.write(&event);
        }
    }

    fn target(&self, path: &str) -> Resource {
        let origin = self.auditor.origin.as_ref().map_or("", Uri::as_str);
        Resource { id: Some(format!("{origin}{BASE}{path}").into()), ..Resource::default() }
    }

    fn next_id(&self, state: &mut State) -> Identifier {
        state.events += 1;
        format!("{}/{}", self.ids, state.events).into()
    }
}

impl State {
    fn write(&mut self, event: &Event) {
        let written = event.to_string(Format::Json, WriteOptions::default()).map(|line| line + "\n");
        let done = written.map_err(|error| error.to_string()).and_then(|line| {
            // The line is written as a whole, so that a reader sees no half of it.
            self.out.write_all(line.as_bytes()).and_then(|()| self.out.flush()).map_err(|error| error.to_string())
        });
        if let Err(error) = done {
            eprintln!("error: the audit trail cannot be written: {error}");
        }
    }
}

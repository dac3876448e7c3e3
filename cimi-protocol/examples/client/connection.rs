//! Requests on their way: sockets, credentials, redirects.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cimi_protocol::Operation;
use cimi_protocol::client::{Authorization, Transport, redirect};
use http::{HeaderValue, Request, Response, Uri};

use crate::Result;

/// Plain http only on this machine.
pub(crate) const TRANSPORT: Transport = Transport::HttpOnLoopback;
/// The largest answer, in bytes.
const LARGEST: u64 = 64 << 20;
/// How many redirects are followed for one request.
const REDIRECTS: usize = 5;

pub(crate) struct Connection {
    agent: ureq::Agent,
    authorization: Option<Authorization>,
}

impl Connection {
    /// Credentials go to the provider at this URL only.
    pub(crate) fn new(url: &str, user: Option<&str>) -> Result<Self> {
        let mut config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(Duration::from_secs(20)))
            .timeout_recv_response(Some(Duration::from_secs(120)));
        // A proxy elsewhere does not reach this machine.
        if Transport::HttpOnLoopback.allows(&url.parse()?) && !Transport::Https.allows(&url.parse()?) {
            config = config.proxy(None);
        }
        let authorization = user.map(|user| {
            let value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(user)))?;
            Authorization::new(value, &url.into(), TRANSPORT).map_err(Box::<dyn std::error::Error>::from)
        });
        Ok(Self { agent: config.build().new_agent(), authorization: authorization.transpose()? })
    }

    /// Sends the request of an operation and reads the answer.
    pub(crate) fn run<O: Operation>(&self, operation: &O) -> Result<O::Output> {
        let (_, answer) = self.send(operation.request()?)?;
        Ok(operation.response(answer)?)
    }

    /// Sends a request and follows redirects. Returns also where the answer came from.
    pub(crate) fn send(&self, mut request: Request<Vec<u8>>) -> Result<(Uri, Response<Vec<u8>>)> {
        for _ in 0..=REDIRECTS {
            if let Some(authorization) = &self.authorization
                && !authorization.apply(&mut request)
            {
                eprintln!("warning: no credentials are sent to {}", authority(request.uri()));
            }
            let answer = self.exchange(&request)?;
            match redirect(&request, &answer, TRANSPORT)? {
                Some(next) => request = next.request(request),
                None => return Ok((request.uri().clone(), answer)),
            }
        }
        Err(format!("{} redirects to {} and on", REDIRECTS, authority(request.uri())).into())
    }

    fn exchange(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>> {
        // An empty body is none: otherwise a GET would have one of length 0.
        let (parts, body) = request.clone().into_parts();
        let answer = if body.is_empty() {
            self.agent.run(Request::from_parts(parts, ()))
        } else {
            self.agent.run(Request::from_parts(parts, body))
        };
        let unreachable = |error| format!("no answer from {}: {error}", authority(request.uri()));
        let (parts, mut body) = answer.map_err(unreachable)?.into_parts();
        let body = body.with_config().limit(LARGEST).read_to_vec().map_err(unreachable)?;
        Ok(Response::from_parts(parts, body))
    }
}

fn authority(uri: &Uri) -> &str {
    uri.authority().map_or("nowhere", |authority| authority.as_str())
}

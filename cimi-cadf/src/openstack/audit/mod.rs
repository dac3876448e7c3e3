//! The pair of events that the audit middleware makes of a request to a service: one before it is handled, one after.

mod map;

pub use map::AuditMap;

use std::fmt;

use cimi_model::Any;

use super::mask;
use crate::{
    Credential, Endpoint, Event, Host, Identifier, Invalid, Part, Parties, Party, Path, Reason, ReporterRole,
    Reporterstep, Resource, Tag, Timestamp, outcome, resource,
};

/// What stands where nothing is known.
const UNKNOWN: &str = "unknown";

/// What a service knows of a request to it, most of which its authentication middleware has found out.
///
/// ```
/// use cimi_cadf::openstack::audit::{AuditMap, Request, Service, response};
/// use cimi_cadf::{Timestamp, Validation};
///
/// let map = AuditMap::parse("[path_keywords]\nservers = server\n[service_endpoints]\ncompute = service/compute\n")?;
/// let request = Request {
///     user_id: Some("eb92e7ec3ae6444091b36747d772c121".into()),
///     token: Some("gAAAAABk0123456789abcdef".into()),
///     service: Service { id: "8a5f0d9a".into(), name: "nova".into(), type_uri: map.service_type("compute"), addresses: vec![] },
///     ..Request::new("GET", "/v2.1/servers?limit=3")
/// };
/// let time: Timestamp = "2025-01-01T12:00:00+00:00".parse()?;
/// let pending = request.event("e1", time.clone(), "c1", &map)?;
/// assert_eq!((pending.action.clone(), pending.outcome.clone()), (Some("read/list".into()), Some("pending".into())));
/// let done = response(&pending, "e2", Some(404), time)?;
/// assert_eq!(done.outcome, Some("failure".into()));
/// assert!(Validation::strict().accepts(&done) && !format!("{request:?}").contains("cdef"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "callers set single fields with struct update syntax")]
pub struct Request {
    /// The method of HTTP, in upper case.
    pub method: String,
    /// The path as it was sent, with its query.
    pub path: String,
    /// The body of a `POST` to a path that ends with `action`; it names the action.
    pub body: Vec<u8>,
    /// `X-User-Id`.
    pub user_id: Option<String>,
    /// `X-User-Name`.
    pub user_name: Option<String>,
    /// `X-Project-Id`.
    pub project_id: Option<String>,
    /// `X-Auth-Token`: it is masked before it gets into an event.
    pub token: Option<String>,
    /// `X-Identity-Status`: `Confirmed`, `Invalid`.
    pub identity_status: Option<String>,
    /// The address of the client.
    pub address: Option<String>,
    /// `User-Agent`.
    pub agent: Option<String>,
    /// The identifier of the request, `req-…`.
    pub request_id: Option<String>,
    /// The identifier of the request that led to this one in another service.
    pub global_request_id: Option<String>,
    /// The service.
    pub service: Service,
}

/// A service, as the catalog of keystone has it.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "the catalog has no more that matters")]
pub struct Service {
    /// The identifier.
    pub id: Identifier,
    /// The name: `nova`.
    pub name: String,
    /// What it is, of the taxonomy of resources (see [`AuditMap::service_type`]).
    pub type_uri: Path,
    /// Its endpoints: `admin`, `private` and `public`.
    pub addresses: Vec<Endpoint>,
}

impl Default for Service {
    /// The service is not known.
    fn default() -> Self {
        Self { id: UNKNOWN.into(), name: UNKNOWN.to_owned(), type_uri: resource::UNKNOWN.into(), addresses: Vec::new() }
    }
}

impl Request {
    /// A request of which not more is known.
    #[must_use]
    pub fn new(method: impl Into<String>, path: impl Into<String>) -> Self {
        Self { method: method.into(), path: path.into(), ..Self::default() }
    }

    /// The event before the request is handled: its outcome is `pending`. The tag `correlation_id` ties it to the one
    /// after.
    ///
    /// The event is as the standard has it; [`Profile::pycadf`](super::Profile::pycadf) spells it as the middleware does.
    ///
    /// # Errors
    /// When what is given makes no valid event, such as an empty identifier or one with blanks.
    pub fn event(
        &self,
        id: impl Into<Identifier>,
        time: Timestamp,
        correlation_id: &str,
        map: &AuditMap,
    ) -> Result<Event, Invalid> {
        let target = self.target(map);
        let observer = Party::Id(self.service.id.clone());
        let parties = Parties { initiator: self.initiator().into(), target: target.into(), observer };
        let action = map.action(&self.method, &self.path, &self.body);
        Event::activity(id, time, action, outcome::PENDING, parties)
            .tag(Tag::from(format!("correlation_id?value={correlation_id}")))
            .extension("requestPath", self.path.as_str())
            .build()
    }

    fn initiator(&self) -> Resource {
        let or_unknown = |text: &Option<String>| text.clone().unwrap_or_else(|| UNKNOWN.to_owned());
        let mut credential = Credential::new(mask(self.token.as_deref().unwrap_or_default()));
        credential.extensions.insert("identity_status", or_unknown(&self.identity_status));
        let host = Host { address: self.address.clone(), agent: self.agent.clone(), ..Host::default() };
        let mut initiator = Resource {
            credential: Some(credential),
            host: Some(host),
            ..Resource::new(or_unknown(&self.user_id), resource::SERVICE_SECURITY_ACCOUNT_USER)
                .named(or_unknown(&self.user_name))
        };
        initiator.extensions.insert("project_id", or_unknown(&self.project_id));
        for (name, value) in [("request_id", &self.request_id), ("global_request_id", &self.global_request_id)] {
            if let Some(value) = value {
                initiator.extensions.insert(name, Any::from(value.as_str()));
            }
        }
        initiator
    }

    fn target(&self, map: &AuditMap) -> Resource {
        let service = &self.service;
        Resource {
            addresses: service.addresses.clone(),
            ..Resource::new(service.id.clone(), map.type_uri(&self.path, &service.type_uri))
                .named(service.name.as_str())
        }
    }
}

/// The event after a request was handled, from the one before: its outcome by the status of HTTP, which is the reason, and
/// a step of the service in the reporter chain. Without a status, the service failed before it had one.
///
/// The middleware itself gives both events one identifier; the standard wants two.
///
/// # Errors
/// When what is given makes no valid event.
pub fn response(
    pending: &Event,
    id: impl Into<Identifier>,
    status: Option<u16>,
    time: Timestamp,
) -> Result<Event, Invalid> {
    let mut event = pending.clone();
    event.id = Some(id.into());
    event.outcome = Some(match status {
        Some(200..400) => outcome::SUCCESS.into(),
        Some(_) => outcome::FAILURE.into(),
        None => outcome::UNKNOWN.into(),
    });
    event.reason = status.map(|status| Reason::code("HTTP", status.to_string()));
    let reporter = event.resource(Part::Target).and_then(|target| target.id.clone());
    let reporter = reporter.unwrap_or_else(|| UNKNOWN.into());
    event.reporterchain.push(Reporterstep::new(ReporterRole::Modifier, reporter, time));
    event.checked()
}

impl fmt::Debug for Request {
    /// Leaves out what may be secret: token and body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Request");
        shown.field("method", &self.method).field("path", &self.path).field("user_id", &self.user_id);
        shown.field("service", &self.service).finish_non_exhaustive()
    }
}

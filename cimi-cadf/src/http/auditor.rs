//! Events from the heads of messages.

use std::net::IpAddr;

use cimi_model::Uri;
use http::header::{AUTHORIZATION, COOKIE, LOCATION, PROXY_AUTHORIZATION, SET_COOKIE};
use http::{HeaderMap, HeaderName, request, response};

use super::{Proxies, Route, client, method_action, operation_action, sound, status_outcome};
use crate::cimi::tag_of_job;
use crate::{
    Event, EventType, Identifier, Path, Reason, ReporterRole, Reporterstep, Resource, Tag, Timestamp, action, outcome,
    resource, types,
};

/// The domain of the codes that are statuses of HTTP: their registry.
pub const HTTP_STATUS: &str = "http://www.iana.org/assignments/http-status-codes/http-status-codes.xml";

/// The header that leads to the Job (DSP0263 4.1.7.1).
const JOB_URI: &str = "cimi-job-uri";

/// Headers with secrets.
const SECRET: [HeaderName; 4] = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, SET_COOKIE];

/// Makes audit events of requests and answers: what is the same for all of them.
///
/// The events pass [strict validation](crate::Validation::strict), whatever the messages are, if the resources do that the
/// caller gives.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "plain settings")]
pub struct Auditor {
    /// Who makes the events: the service.
    pub observer: Resource,
    /// What comes before the path in the identifiers of targets, without a slash at the end, such as
    /// `https://cloud.example.com`. Without it they are paths, which are not unique among all sources.
    pub origin: Option<Uri>,
    /// What the paths lead to: the first that matches counts. The type of other targets is `unknown`.
    pub routes: Vec<Route>,
    /// Whose word counts for the address of the client.
    pub proxies: Proxies,
    /// Whether `requestPath` and identifiers have the query. It may hold secrets; the path is always kept.
    pub keep_query: bool,
    /// The headers, of requests and answers, whose values become tags, with the name of the header as the name of the tag.
    /// Those that hold credentials or cookies, and values marked as sensitive, never do.
    pub correlation: Vec<HeaderName>,
    /// The domain of the code in the reason.
    pub reason_type: Uri,
}

/// What the server knows of one request.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct Context {
    /// The identifier of the event, unique among all sources.
    pub id: Identifier,
    /// When the request came.
    pub began: Timestamp,
    /// When the answer was ready, which gives the duration.
    pub ended: Option<Timestamp>,
    /// Who was authenticated. Its host is completed from the head of the request.
    pub initiator: Option<Resource>,
    /// The address of whoever is at the other end of the connection.
    pub address: Option<IpAddr>,
    /// The operation that a POST asks for: the URI or name of an action of CIMI.
    pub operation: Option<String>,
    /// The action, where neither operation nor method say it.
    pub action: Option<Path>,
    /// What was acted on, as far as more is known of it than the routes say. Its identifier is by default that of the
    /// request's path; its type and name are those of the route that the identifier leads to.
    pub target: Option<Resource>,
    /// Further tags.
    pub tags: Vec<Tag>,
}

impl Context {
    /// A request that came at this time, about which no more is known.
    pub fn new(id: impl Into<Identifier>, began: Timestamp) -> Self {
        Self {
            id: id.into(),
            began,
            ended: None,
            initiator: None,
            address: None,
            operation: None,
            action: None,
            target: None,
            tags: Vec::new(),
        }
    }
}

impl Auditor {
    /// An auditor that trusts no proxy, leaves queries out, and makes tags of the usual identifiers of requests.
    #[must_use]
    pub fn new(observer: Resource) -> Self {
        let correlation = ["x-request-id", "x-correlation-id", "x-openstack-request-id", "traceparent"];
        Self {
            observer,
            origin: None,
            routes: Vec::new(),
            proxies: Proxies::None,
            keep_query: false,
            correlation: correlation.map(HeaderName::from_static).into(),
            reason_type: HTTP_STATUS.into(),
        }
    }

    /// The one event of a request that was answered: an activity, also where access was refused.
    ///
    /// The target of a creation is what was created, if the answer says where that is.
    #[must_use]
    pub fn event(&self, request: &request::Parts, response: &response::Parts, context: &Context) -> Event {
        let mut event = self.begin(request, context);
        event.outcome = Some(status_outcome(response.status));
        event.reason = Some(Reason::code(self.reason_type.clone(), response.status.as_str()));
        event.duration = context.ended.as_ref().and_then(|ended| context.began.until(ended));
        let created = event.action.as_ref().is_some_and(|path| path.is_a(action::CREATE));
        if let Some(location) =
            self.location(request, response).filter(|_| created && !response.status.is_redirection())
        {
            self.point_at(&mut event, &location);
        }
        self.add_tags(&mut event.tags, &response.headers);
        let job = text(&response.headers, JOB_URI).and_then(|job| tag_of_job(&job.into()));
        event.tags.extend(job.filter(|tag| !event.tags.contains(tag)));
        event
    }

    /// The first event of two: the request came, and its outcome is pending.
    #[must_use]
    pub fn request(&self, request: &request::Parts, context: &Context) -> Event {
        let mut event = self.begin(request, context);
        event.outcome = Some(outcome::PENDING.into());
        event
    }

    /// The second event of two, with the identifier of the first one, as `OpenStack` has it: the observer has added the
    /// outcome.
    #[must_use]
    pub fn response(&self, request: &request::Parts, response: &response::Parts, context: &Context) -> Event {
        let mut event = self.event(request, response, context);
        event.reporterchain.push(Reporterstep {
            role: Some(ReporterRole::Modifier),
            reporter_id: Some(self.observer_id()),
            reporter_time: context.ended.as_ref().and_then(Timestamp::normalized),
            ..Reporterstep::default()
        });
        event
    }

    fn begin(&self, request: &request::Parts, context: &Context) -> Event {
        let named = context.target.as_ref().and_then(|target| target.id.as_ref());
        let path = named.and_then(|id| self.own_path(id.as_str())).unwrap_or_else(|| request.uri.path());
        let route = self.route(path);
        let given = context.action.as_ref().map(|path| sound::path(path, action::TAXONOMY, "action"));
        let operation = context.operation.as_deref().map(operation_action);
        let is_collection = route.is_some_and(|route| route.is_collection);
        let action = given.or(operation).unwrap_or_else(|| method_action(&request.method, is_collection));
        let mut event = Event {
            type_uri: Some(types::EVENT_TYPE.into()),
            id: Some(sound::identifier(context.id.as_str())),
            event_type: Some(EventType::Activity),
            event_time: Some(context.began.normalized().unwrap_or_else(|| context.began.clone())),
            action: Some(action),
            initiator: Some(self.initiator(request, context)),
            target: Some(self.target(request, context.target.as_ref(), route)),
            observer: Some(self.observer.clone()),
            ..Event::default()
        };
        for tag in &context.tags {
            add_tag(&mut event.tags, tag);
        }
        self.add_tags(&mut event.tags, &request.headers);
        event.extensions.insert("requestPath", self.shown(request));
        event
    }

    fn observer_id(&self) -> Identifier {
        self.observer.id.clone().unwrap_or_else(|| resource::UNKNOWN.into())
    }

    /// The path of a URI of this API.
    fn own_path<'u>(&self, uri: &'u str) -> Option<&'u str> {
        let origin = self.origin.as_ref().map_or(NOWHERE, Uri::as_str).trim_end_matches('/');
        let path = uri.strip_prefix(origin).unwrap_or(uri).split(['?', '#']).next()?;
        path.starts_with('/').then_some(path)
    }

    fn route(&self, path: &str) -> Option<&Route> {
        self.routes.iter().find(|route| route.matches(path))
    }

    fn initiator(&self, request: &request::Parts, context: &Context) -> Resource {
        let mut initiator = context.initiator.clone().unwrap_or_default();
        complete(&mut initiator, resource::UNKNOWN, &resource::UNKNOWN.into());
        let address = self.proxies.client(&request.headers);
        let address = address.or_else(|| context.address.map(|address| address.to_canonical().to_string()));
        let seen = client::host(&request.headers, address);
        match (&mut initiator.host, seen) {
            (Some(host), Some(seen)) => {
                host.address = host.address.take().or(seen.address);
                host.agent = host.agent.take().or(seen.agent);
            }
            (host, seen) => *host = host.take().or(seen),
        }
        initiator
    }

    fn target(&self, request: &request::Parts, given: Option<&Resource>, route: Option<&Route>) -> Resource {
        let mut target = given.cloned().unwrap_or_default();
        let of_route = route.map_or_else(|| resource::UNKNOWN.into(), |route| route.type_uri.clone());
        complete(&mut target, &self.identity(request), &of_route);
        target.name = target.name.or_else(|| route.and_then(|route| route.name.clone()));
        target
    }

    /// What a request names, as an identifier: never with what an authority says of a user.
    fn identity(&self, request: &request::Parts) -> String {
        let origin = self.origin.as_ref().map_or("", Uri::as_str);
        let path = request.uri.path();
        match request.uri.authority() {
            Some(authority) if path.is_empty() => authority.as_str().rsplit('@').next().unwrap_or_default().to_owned(),
            _ if !path.starts_with('/') && !origin.is_empty() => origin.to_owned(),
            _ => format!("{}{}", origin.trim_end_matches('/'), self.shown(request)),
        }
    }

    /// The path, and the query if it is kept.
    fn shown(&self, request: &request::Parts) -> String {
        let query = request.uri.query().filter(|_| self.keep_query);
        query.map_or_else(|| request.uri.path().to_owned(), |query| format!("{}?{query}", request.uri.path()))
    }

    /// Where a new resource is: an absolute URI.
    fn location(&self, request: &request::Parts, response: &response::Parts) -> Option<Uri> {
        let location = Uri::from(text(&response.headers, LOCATION.as_str())?);
        let origin = self.origin.as_ref().map_or(NOWHERE, Uri::as_str).trim_end_matches('/');
        location.resolve(&format!("{origin}{}", sound::encoded(request.uri.path())).into()).ok()
    }

    /// Makes a new resource the target of an event.
    fn point_at(&self, event: &mut Event, location: &Uri) {
        let location = without_user(location.as_str());
        let end = if self.keep_query { location.len() } else { location.find(['?', '#']).unwrap_or(location.len()) };
        let location = location.get(..end).unwrap_or_default();
        let route = self.own_path(location).and_then(|path| self.route(path));
        let Some(target) = &mut event.target else { return };
        target.id = Some(sound::identifier(location.strip_prefix(NOWHERE).unwrap_or(location)));
        if let Some(route) = route {
            target.type_uri = Some(sound::path(&route.type_uri, resource::TAXONOMY, "resource"));
            target.name.clone_from(&route.name);
        }
    }

    fn add_tags(&self, tags: &mut Vec<Tag>, headers: &HeaderMap) {
        for name in &self.correlation {
            if let Some(value) = text(headers, name.as_str()).filter(|_| !SECRET.contains(name)) {
                add_tag(tags, &Tag::from(format!("{name}?value={value}")));
            }
        }
    }
}

/// The origin of relative URIs while there is none; no host has such a name (RFC 6761).
const NOWHERE: &str = "http://nowhere.invalid";

/// A URI without what its authority says of a user.
fn without_user(uri: &str) -> String {
    let Some((scheme, rest)) = uri.split_once("//") else { return uri.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}//{host}{path}")
}

/// Gives a resource what it has to have.
fn complete(resource: &mut Resource, id: &str, type_uri: &Path) {
    let id = resource.id.as_ref().map_or(id, Identifier::as_str);
    let type_uri = resource.type_uri.as_ref().unwrap_or(type_uri);
    let type_uri = sound::path(type_uri, resource::TAXONOMY, "resource");
    (resource.id, resource.type_uri) = (Some(sound::identifier(id)), Some(type_uri));
}

/// The value of a header, if it is there and no secret.
fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name).filter(|value| !value.is_sensitive())?;
    let text = String::from_utf8_lossy(value.as_bytes()).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// Adds a tag that is not there yet.
fn add_tag(tags: &mut Vec<Tag>, tag: &Tag) {
    if let Some(tag) = sound::tag(tag).filter(|tag| !tags.contains(tag)) {
        tags.push(tag);
    }
}

//! Building events. What an event needs is asked for before anything else can be said, and the end checks it.

use std::fmt;

use cimi_model::{Any, Duration, Uri};

use crate::validate::{Problem, Severity, Validation};
use crate::{
    Attachment, Credential, Endpoint, Event, EventType, Geolocation, Identifier, Measurement, Metric, Path, Reason,
    ReporterRole, Reporterstep, Resource, Tag, Timestamp, action, types,
};

/// A resource, or the identifier of one that is described elsewhere in the record or log.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::exhaustive_enums, clippy::large_enum_variant, reason = "the standard has these two; held briefly")]
pub enum Party {
    /// Described here.
    Resource(Resource),
    /// Described elsewhere.
    Id(Identifier),
}

impl From<Resource> for Party {
    fn from(resource: Resource) -> Self {
        Self::Resource(resource)
    }
}

impl From<Identifier> for Party {
    fn from(id: Identifier) -> Self {
        Self::Id(id)
    }
}

impl Party {
    fn split(self) -> (Option<Resource>, Option<Identifier>) {
        match self {
            Self::Resource(resource) => (Some(resource), None),
            Self::Id(id) => (None, Some(id)),
        }
    }
}

/// Who and what an event is about.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "an event has these three")]
pub struct Parties {
    /// Who acted.
    pub initiator: Party,
    /// What was acted on.
    pub target: Party,
    /// Who made the event.
    pub observer: Party,
}

/// What a control event says of the policy that was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "the standard has these four")]
pub enum Decision {
    /// The action was allowed.
    Allow,
    /// The action was denied.
    Deny,
    /// The policy was evaluated.
    Evaluate,
    /// Somebody was notified.
    Notify,
}

impl Decision {
    /// The action that says so.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::Allow => action::ALLOW,
            Self::Deny => action::DENY,
            Self::Evaluate => action::EVALUATE,
            Self::Notify => action::NOTIFY,
        }
    }
}

/// An event that is being built.
///
/// ```
/// use cimi_cadf::{Event, Parties, Resource, Tag, Timestamp, action, outcome};
///
/// let api = Resource::new("nova", "service/compute");
/// let parties = Parties {
///     initiator: Resource::new("u1", "data/security/account/user").named("alice").into(),
///     target: api.clone().into(),
///     observer: api.into(),
/// };
/// let time: Timestamp = "2025-01-01T12:00:00+00:00".parse()?;
/// let event = Event::activity("e1", time, action::CREATE, outcome::SUCCESS, parties)
///     .tag(Tag::from("//example.com/team?value=ops"))
///     .build()?;
/// assert!(event.to_string(Default::default(), Default::default())?.contains(r#""eventType":"activity""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "an event is built by build()"]
pub struct EventBuilder {
    event: Event,
}

impl Event {
    /// Begins an event about an operation on a resource, attempted or done.
    pub fn activity(
        id: impl Into<Identifier>,
        time: Timestamp,
        action: impl Into<Path>,
        outcome: impl Into<Path>,
        parties: Parties,
    ) -> EventBuilder {
        EventBuilder::new(EventType::Activity, id.into(), time, (action.into(), outcome.into()), parties)
    }

    /// Begins an event about the state of a resource, with a first measurement; the action is `monitor`.
    pub fn monitor(
        id: impl Into<Identifier>,
        time: Timestamp,
        outcome: impl Into<Path>,
        parties: Parties,
        measurement: Measurement,
    ) -> EventBuilder {
        let ways = (action::MONITOR.into(), outcome.into());
        EventBuilder::new(EventType::Monitor, id.into(), time, ways, parties).measurement(measurement)
    }

    /// Begins an event about the application of a policy or rule.
    pub fn control(
        id: impl Into<Identifier>,
        time: Timestamp,
        decision: Decision,
        outcome: impl Into<Path>,
        parties: Parties,
        reason: Reason,
    ) -> EventBuilder {
        let ways = (decision.action().into(), outcome.into());
        EventBuilder::new(EventType::Control, id.into(), time, ways, parties).reason(reason)
    }
}

impl EventBuilder {
    fn new(kind: EventType, id: Identifier, time: Timestamp, ways: (Path, Path), parties: Parties) -> Self {
        let (initiator, initiator_id) = parties.initiator.split();
        let (target, target_id) = parties.target.split();
        let (observer, observer_id) = parties.observer.split();
        let event = Event {
            type_uri: Some(types::EVENT_TYPE.into()),
            id: Some(id),
            event_type: Some(kind),
            event_time: Some(time),
            action: Some(ways.0),
            outcome: Some(ways.1),
            initiator,
            initiator_id,
            target,
            target_id,
            observer,
            observer_id,
            ..Event::default()
        };
        Self { event }
    }

    /// Sets the name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.event.name = Some(name.into());
        self
    }

    /// Sets the severity.
    pub fn severity(mut self, severity: impl Into<String>) -> Self {
        self.event.severity = Some(severity.into());
        self
    }

    /// Sets how long the action took.
    pub fn duration(mut self, duration: Duration) -> Self {
        self.event.duration = Some(duration);
        self
    }

    /// Sets the reason.
    pub fn reason(mut self, reason: Reason) -> Self {
        self.event.reason = Some(reason);
        self
    }

    /// Adds a measurement.
    pub fn measurement(mut self, measurement: Measurement) -> Self {
        self.event.measurements.push(measurement);
        self
    }

    /// Adds a tag.
    pub fn tag(mut self, tag: Tag) -> Self {
        self.event.tags.push(tag);
        self
    }

    /// Adds an attachment.
    pub fn attachment(mut self, attachment: Attachment) -> Self {
        self.event.attachments.push(attachment);
        self
    }

    /// Adds a step to the reporter chain.
    pub fn reporter(mut self, step: Reporterstep) -> Self {
        self.event.reporterchain.push(step);
        self
    }

    /// Adds an attribute that the standard does not have.
    pub fn extension(mut self, key: impl Into<String>, value: impl Into<Any>) -> Self {
        self.event.extensions.insert(key, value);
        self
    }

    /// The event.
    ///
    /// # Errors
    /// When strict validation finds an error.
    pub fn build(self) -> Result<Event, Invalid> {
        self.event.checked()
    }
}

impl Event {
    /// The event, if strict validation finds no error in it.
    pub(crate) fn checked(self) -> Result<Self, Invalid> {
        let mut problems = Validation::strict().problems(&self);
        problems.retain(|problem| problem.severity == Severity::Error);
        if problems.is_empty() { Ok(self) } else { Err(Invalid { problems }) }
    }
}

/// An event that was built is not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    problems: Vec<Problem>,
}

impl Invalid {
    /// What is wrong: one problem at least.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the event is not valid")?;
        for (index, problem) in self.problems.iter().enumerate() {
            write!(f, "{} {problem}", if index == 0 { ":" } else { ";" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Invalid {}

impl Resource {
    /// A resource of a type of the taxonomy.
    #[must_use]
    pub fn new(id: impl Into<Identifier>, type_uri: impl Into<Path>) -> Self {
        Self { id: Some(id.into()), type_uri: Some(type_uri.into()), ..Self::default() }
    }

    /// The same with a name.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }
}

impl Endpoint {
    /// An address.
    #[must_use]
    pub fn new(url: impl Into<Uri>) -> Self {
        Self { url: Some(url.into()), ..Self::default() }
    }
}

impl Credential {
    /// A credential by its token, or by a part of it that identifies it.
    #[must_use]
    pub fn new(token: impl Into<Any>) -> Self {
        Self { token: Some(token.into()), ..Self::default() }
    }
}

impl Geolocation {
    /// A place by latitude and longitude, as ISO 6709:2008 annex H has them.
    #[must_use]
    pub fn at(latitude: impl Into<String>, longitude: impl Into<String>) -> Self {
        Self { latitude: Some(latitude.into()), longitude: Some(longitude.into()), ..Self::default() }
    }

    /// A place by city and top-level domain of its country.
    #[must_use]
    pub fn in_city(city: impl Into<String>, region_icann: impl Into<String>) -> Self {
        Self { city: Some(city.into()), region_icann: Some(region_icann.into()), ..Self::default() }
    }
}

impl Reason {
    /// A reason by a code and the domain of the code.
    #[must_use]
    pub fn code(reason_type: impl Into<Uri>, reason_code: impl Into<String>) -> Self {
        Self { reason_type: Some(reason_type.into()), reason_code: Some(reason_code.into()), ..Self::default() }
    }

    /// A reason by a policy and the domain of the policy.
    #[must_use]
    pub fn policy(policy_type: impl Into<Uri>, policy_id: impl Into<String>) -> Self {
        Self { policy_type: Some(policy_type.into()), policy_id: Some(policy_id.into()), ..Self::default() }
    }
}

impl Metric {
    /// A metric with its unit.
    #[must_use]
    pub fn new(metric_id: impl Into<Identifier>, unit: impl Into<String>) -> Self {
        Self { metric_id: Some(metric_id.into()), unit: Some(unit.into()), ..Self::default() }
    }
}

impl Measurement {
    /// A value of a metric.
    #[must_use]
    pub fn new(result: impl Into<Any>, metric: Metric) -> Self {
        Self { result: Some(result.into()), metric: Some(metric), ..Self::default() }
    }

    /// A value of a metric that is described elsewhere in the log.
    #[must_use]
    pub fn by_id(result: impl Into<Any>, metric_id: impl Into<Identifier>) -> Self {
        Self { result: Some(result.into()), metric_id: Some(metric_id.into()), ..Self::default() }
    }
}

impl Attachment {
    /// Content with its type.
    #[must_use]
    pub fn new(content_type: impl Into<Uri>, content: impl Into<Any>) -> Self {
        Self { content_type: Some(content_type.into()), content: Some(content.into()), ..Self::default() }
    }

    /// The same with its type in the other spelling, as `OpenStack` reads it.
    #[must_use]
    pub fn spelled_type_uri(mut self) -> Self {
        self.type_uri = self.content_type.take().or(self.type_uri);
        self
    }
}

impl Reporterstep {
    /// A step of a reporter.
    #[must_use]
    pub fn new(role: ReporterRole, reporter: impl Into<Party>, time: Timestamp) -> Self {
        let (reporter, reporter_id) = reporter.into().split();
        Self { role: Some(role), reporter, reporter_id, reporter_time: Some(time), ..Self::default() }
    }
}

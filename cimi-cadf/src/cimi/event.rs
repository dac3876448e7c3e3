//! CIMI's own Events (5.17.13) as CADF events.

use cimi_model::ext::logs::ORIGIN;
use cimi_model::resources::event_type;
use cimi_model::{Any, Dialect, EventContent, ModelChange, Ref, Result, Scalar, Uri};

use super::actions::{Words, operation_of_path, path_of_operation};
use super::carry::{Way, id_of};
use super::encoding::{date_time, identifier, is_own_tag, plain, segment};
use super::tables::{below, extended, outcome_of_path, path_of_outcome, path_of_type, type_of_path};
use super::{Converter, attachment};
use crate::{
    Event, EventType, Identifier, Measurement, Metric, Part, Path, Reason, Resource, Tag, Timestamp, action, resource,
    types::EVENT_TYPE,
};

/// The name of the attachment that holds an Event.
pub(super) const ATTACHMENT: &str = "cimi-event";
/// The metric of states.
const STATE: &str = event_type::STATE;
/// The metric of the states before.
const PREVIOUS: &str = "http://schemas.dmtf.org/cimi/2/event/state#previous";
/// The domain of codes that no type of Event has.
const CODES: &str = "http://schemas.dmtf.org/cimi/2/Event";
/// The member of events that holds the detail.
const DETAIL: &str = "detail";
/// The identifier of whoever is not known, as `OpenStack` writes it.
const NOBODY: &str = "unknown";

/// The types of Events that the standard defines, with their names in tags.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    State,
    Alarm,
    Model,
    Access,
    Other,
}

const KINDS: [(&str, Kind, &str); 4] = [
    ("state", Kind::State, event_type::STATE),
    ("alarm", Kind::Alarm, event_type::ALARM),
    ("model", Kind::Model, event_type::MODEL),
    ("access", Kind::Access, event_type::ACCESS),
];

impl Kind {
    fn of(type_uri: Option<&Uri>) -> Self {
        let name = type_uri.and_then(|uri| Dialect::split_uri(uri.as_str())).map(|(_, name)| name);
        let known = name.and_then(|name| KINDS.iter().find(|(known, ..)| name.strip_prefix("event/") == Some(known)));
        known.map_or(Self::Other, |(_, kind, _)| *kind)
    }
}

/// How Events of a type become CADF events.
pub(super) fn way(type_uri: Option<Uri>) -> Way<'static, cimi_model::Event> {
    Way {
        attachment: ATTACHMENT,
        derive: Box::new(derive),
        said: Box::new(move |event, was| said(event, was, type_uri.as_ref())),
    }
}

/// How an event becomes the Event that it was made of, as its attachment or tag says; nothing for an event that was not.
pub(super) fn way_back(event: &Event) -> Option<Way<'static, cimi_model::Event>> {
    if let Some((_, original)) = attachment::find::<cimi_model::Event>(&event.attachments, ATTACHMENT) {
        return Some(way(original.type_uri));
    }
    let value = event.tags.iter().find(|tag| is_own_tag(tag, "event"))?.value();
    Some(way(value.map(|value| {
        let known = KINDS.iter().find(|(name, ..)| *name == value).map(|(.., uri)| Uri::from(*uri));
        known.unwrap_or_else(|| plain(value).into())
    })))
}

/// The tag that says what an event was in CIMI.
fn tag(kind: Kind, type_uri: Option<&Uri>) -> Tag {
    let label = "//schemas.dmtf.org/cimi/2/event";
    let known = KINDS.iter().find(|(_, known, _)| *known == kind).map(|(name, ..)| (*name).to_owned());
    match known.or_else(|| type_uri.map(|uri| segment(uri.as_str()))) {
        Some(value) => format!("{label}?value={value}").into(),
        None => label.into(),
    }
}

/// The event that an Event leads to.
fn derive(converter: &Converter, event: &cimi_model::Event) -> Result<Event> {
    let nothing = EventContent::default();
    let content = event.content.as_ref().unwrap_or(&nothing);
    let kind = Kind::of(event.type_uri.as_ref());
    let time = converter.time_of(&[event.timestamp.as_ref(), event.created.as_ref()], "/Event/timestamp")?;
    let observer = &converter.observer;
    let found_in = if names_a_resource(content) { None } else { origin_of(event) };
    let mut derived = Event {
        type_uri: Some(EVENT_TYPE.into()),
        id: Some(identity(converter, event, found_in.is_some(), &time)?),
        event_type: Some(match kind {
            Kind::State => EventType::Monitor,
            Kind::Alarm => EventType::Control,
            Kind::Model | Kind::Access | Kind::Other => EventType::Activity,
        }),
        event_time: Some(time),
        action: Some(action_of(kind, content)),
        outcome: Some(path_of_outcome(event.outcome.as_ref())),
        name: text(event.name.as_deref()),
        severity: text(event.severity.as_ref().map(cimi_model::EventSeverity::as_str)),
        initiator: Some(initiator_of(kind, content).unwrap_or_else(|| observer.clone())),
        target: Some(found_in.or_else(|| target_of(kind, content)).unwrap_or_else(|| observer.clone())),
        observer: Some(observer.clone()),
        reason: reason_of(kind, event.type_uri.as_ref(), content),
        measurements: measurements_of(kind, content),
        tags: vec![tag(kind, event.type_uri.as_ref())],
        ..Event::default()
    };
    if let Some(detail) = text(content.detail.as_deref()) {
        derived.extensions.insert(DETAIL, detail);
    }
    Ok(derived)
}

/// A text that is there: CIMI does not tell an empty one from none (5.5.15).
fn text(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}

fn action_of(kind: Kind, content: &EventContent) -> Path {
    let operation = text(content.operation.as_deref()).map(|operation| path_of_operation(&operation, Words::METHODS));
    match kind {
        Kind::State => action::MONITOR.into(),
        Kind::Alarm => action::NOTIFY.into(),
        Kind::Model => match &content.change {
            Some(ModelChange::Create) => action::CREATE.into(),
            Some(ModelChange::Update) => action::UPDATE.into(),
            Some(ModelChange::Delete) => action::DELETE.into(),
            Some(other) => extended(action::UNKNOWN, other.as_str()),
            None => action::UNKNOWN.into(),
        },
        Kind::Access | Kind::Other => operation.unwrap_or_else(|| action::UNKNOWN.into()),
    }
}

/// Who acted, where the Event says that or is of a type that should: requests have somebody who made them.
fn initiator_of(kind: Kind, content: &EventContent) -> Option<Resource> {
    match text(content.initiator.as_deref()) {
        Some(name) => {
            identifier(&name).map(|id| Resource::new(id, resource::SERVICE_SECURITY_ACCOUNT_USER).named(name))
        }
        None if kind == Kind::Access => Some(Resource::new(NOBODY, resource::UNKNOWN)),
        None => None,
    }
}

/// The identifier. Where the Event was found is no part of it, unless that is all that it is about.
fn identity(
    converter: &Converter,
    event: &cimi_model::Event,
    with_origin: bool,
    time: &Timestamp,
) -> Result<Identifier> {
    if event.id.is_some() || with_origin || event.extensions.get(&ORIGIN.key()).is_none() {
        return converter.id_of(event, event.id.as_ref(), time);
    }
    let mut event = event.clone();
    ORIGIN.remove(&mut event);
    converter.id_of(&event, None, time)
}

/// Whether the Event says what it is about.
fn names_a_resource(content: &EventContent) -> bool {
    resource_of(content).is_some_and(|id| !id.as_str().is_empty()) || text(content.res_name.as_deref()).is_some()
}

/// The URI of the resource that an Event names.
fn resource_of(content: &EventContent) -> Option<&Uri> {
    let resource = content.resource.as_ref()?;
    resource.href.as_ref().or_else(|| resource.value.as_ref()?.id.as_ref())
}

/// The resource in whose log the Event was found, if it says so; what cannot be understood is kept and says nothing.
fn origin_of(event: &cimi_model::Event) -> Option<Resource> {
    let origin = ORIGIN.all(event).ok()?.into_iter().next()?;
    let id = identifier(origin.resource?.href?.as_str())?;
    let path = origin.res_type.as_ref().map_or_else(|| resource::UNKNOWN.into(), |uri| path_of_type(uri.as_str()));
    Some(Resource { name: text(origin.res_name.as_deref()), ..Resource::new(id, path) })
}

/// What the Event is about. An alarm that names nothing is about the provider.
fn target_of(kind: Kind, content: &EventContent) -> Option<Resource> {
    let name = text(content.res_name.as_deref());
    let id = resource_of(content).and_then(|uri| identifier(uri.as_str()));
    let res_type = content.res_type.as_ref().map(Uri::as_str).filter(|uri| !uri.is_empty());
    if kind == Kind::Alarm && id.is_none() && name.is_none() && res_type.is_none() {
        return None;
    }
    let unknown = if kind == Kind::Access { resource::SERVICE } else { resource::UNKNOWN };
    let path = res_type.map_or_else(|| unknown.into(), path_of_type);
    let target = Resource::new(id.unwrap_or_else(|| NOBODY.into()), path);
    Some(Resource { name, ..target })
}

/// The code. An alarm has a reason even without one: that it is an alarm.
fn reason_of(kind: Kind, type_uri: Option<&Uri>, content: &EventContent) -> Option<Reason> {
    let domain = type_uri.map(Uri::as_str).filter(|uri| !uri.is_empty() && <Uri as Scalar>::parse(uri).is_some());
    let domain = domain.unwrap_or(CODES);
    match text(content.code.as_deref()) {
        Some(code) => Some(Reason::code(domain, code)),
        None if kind == Kind::Alarm => Some(Reason::policy(domain, "alarm")),
        None => None,
    }
}

/// The states. What reports a state has a measurement even where it says none.
fn measurements_of(kind: Kind, content: &EventContent) -> Vec<Measurement> {
    let measured = |state: String, id: &str, name: &str| {
        let metric = Metric { name: Some(name.to_owned()), ..Metric::new(id, "state") };
        Measurement::new(state, metric)
    };
    let state = text(content.state.as_deref()).or_else(|| (kind == Kind::State).then(String::new));
    let state = state.map(|state| measured(state, STATE, "state"));
    let previous = text(content.previous.as_deref()).map(|state| measured(state, PREVIOUS, "previous"));
    state.into_iter().chain(previous).collect()
}

/// The Event that an event says by itself.
fn said(event: &Event, was: Option<&Event>, type_uri: Option<&Uri>) -> cimi_model::Event {
    let kind = Kind::of(type_uri);
    let target = said_target(event, kind);
    let target_type = event.resource(Part::Target).and_then(|target| target.type_uri.as_ref());
    let action = event.action.as_ref();
    let operation = || operation_of_path(action?, Words::METHODS);
    let content = EventContent {
        res_name: target.and_then(|_| event.resource(Part::Target)?.name.clone()),
        resource: target.filter(|id| *id != NOBODY).map(Ref::to),
        res_type: target.and_then(|_| type_of_path(target_type?)),
        state: measured(event, STATE),
        previous: measured(event, PREVIOUS),
        code: event.reason.as_ref().and_then(|reason| reason.reason_code.clone()),
        change: action.filter(|_| kind == Kind::Model).and_then(change_of),
        operation: if matches!(kind, Kind::Access | Kind::Other) { operation() } else { None },
        detail: event.extensions.get(DETAIL).and_then(Any::as_str).map(str::to_owned),
        initiator: said_initiator(event, was, kind),
        ..EventContent::default()
    };
    cimi_model::Event {
        timestamp: event.event_time.as_ref().and_then(date_time),
        type_uri: type_uri.cloned(),
        name: text(event.name.as_deref()),
        outcome: event.outcome.as_ref().filter(|path| !path.as_str().is_empty()).map(outcome_of_path),
        severity: text(event.severity.as_deref()).map(|severity| severity.as_str().into()),
        content: (content != EventContent::default()).then_some(content),
        ..cimi_model::Event::default()
    }
}

/// The identifier of the target, unless it is the provider that an alarm without a resource is about.
fn said_target(event: &Event, kind: Kind) -> Option<&str> {
    let target = id_of(event, Part::Target)?;
    let is_provider = kind == Kind::Alarm && id_of(event, Part::Observer) == Some(target);
    (!is_provider).then(|| target.as_str())
}

/// The result of a measurement of one of the metrics of states.
fn measured(event: &Event, metric: &str) -> Option<String> {
    let is_of = |measurement: &&Measurement| measurement.id_of_metric().is_some_and(|id| id.as_str() == metric);
    let found = event.measurements.iter().find(is_of);
    match found?.result.as_ref()? {
        Any::String(state) => text(Some(state)),
        Any::Number(state) => Some(state.as_str().to_owned()),
        _ => None,
    }
}

fn change_of(path: &Path) -> Option<ModelChange> {
    if let Some(rest) = below(path, action::UNKNOWN) {
        return (!rest.is_empty()).then(|| plain(rest).as_str().into());
    }
    let changes = [
        (action::CREATE, ModelChange::Create),
        (action::UPDATE, ModelChange::Update),
        (action::DELETE, ModelChange::Delete),
    ];
    let known = changes.into_iter().find(|(kind, _)| path.is_a(kind)).map(|(_, change)| change);
    Some(known.unwrap_or_else(|| path.as_str().into()))
}

/// Who acted, unless it is the observer: name and identifier say the same, and the one that was edited counts.
fn said_initiator(event: &Event, was: Option<&Event>, kind: Kind) -> Option<String> {
    let id = id_of(event, Part::Initiator)?;
    if kind != Kind::Access && id_of(event, Part::Observer) == Some(id) {
        return None;
    }
    let name = |event: &Event| event.resource(Part::Initiator).and_then(|initiator| initiator.name.clone());
    let edited = was.is_some_and(|was| id_of(was, Part::Initiator) != Some(id) && name(was) == name(event));
    let own = (id.as_str() != NOBODY).then(|| id.as_str().to_owned());
    if edited { own } else { name(event).or(own) }
}

//! Scaling as Events.

use super::ScalingPolicy;
use super::decision::{Decision, Obstacle, Verdict};
use crate::ext::{NAMESPACE, about};
use crate::reflect::Record;
use crate::{
    DateTime, Event, EventContent, EventOutcome, EventSeverity, Extensions, ModelChange, event_type, printable,
};

/// The code of the alarm when a policy cannot scale, until its limits or the resources change.
pub const ALARM_CODE_CANNOT_SCALE: &str = "ScalingPolicy/cannotScale";

/// The code of the alarm when what a policy decided could not be done this time.
pub const ALARM_CODE_FAILED: &str = "ScalingPolicy/failed";

/// The Event of type alarm (DSP0263 5.17.13) that tells the consumer that a policy cannot scale; `None` in any other case.
///
/// So does not count what the policy forbids to itself: to be smaller than the minimum, and to shrink so far that it had
/// to grow at once.
///
/// The Event is of the instant of the decision. Its content names the resource, which is the one of the decision or else
/// the System or Machine that has the policy, a code, and in `detail` the policy and the figures; the id of the policy is
/// among the extensions, as `policy` of this project's namespace. It is of high severity where the load is too great,
/// else of low severity, and by its outcome a warning.
///
/// ```
/// use cimi_model::ext::objective::Metrics;
/// use cimi_model::ext::scaling::{ALARM_CODE_CANNOT_SCALE, Scaler, ScalingKind, ScalingPolicy, ScalingTrigger, cannot_scale};
/// use cimi_model::{DateTime, Machine, Sample, System, aspect};
///
/// let policy = ScalingPolicy {
///     kind: Some(ScalingKind::OutIn),
///     resource_type: Some("http://schemas.dmtf.org/cimi/2/Machine".into()),
///     metric: Some(aspect::CPU.into()),
///     grow: Some(ScalingTrigger { threshold: Some("70".into()), ..Default::default() }),
///     maximum: Some(1),
///     ..Default::default()
/// };
/// let metrics = Metrics::standard();
/// let scaler = Scaler::of(&policy, &metrics)?;
/// let now: DateTime = "2025-01-01T12:00:00Z".parse()?;
/// let samples = [Sample { timestamp: Some(now.clone()), value: Some("97".into()), ..Default::default() }];
/// let machine = Machine { id: Some("machines/1".into()), ..Default::default() };
/// let members = [scaler.member(&machine, None, &samples)?];
/// let decisions = scaler.decide(&members, &[], now.instant().ok_or("no instant").unwrap().to_utc())?;
///
/// let event = cannot_scale(&policy, &decisions[0], &System::default());
/// let content = event.and_then(|event| event.content).unwrap_or_default();
/// assert_eq!(content.code.as_deref(), Some(ALARM_CODE_CANNOT_SCALE));
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[must_use]
pub fn cannot_scale(policy: &ScalingPolicy, decision: &Decision, resource: &dyn Record) -> Option<Event> {
    let Verdict::CannotScale(obstacle) = &decision.verdict else { return None };
    if matches!(obstacle, Obstacle::Minimum | Obstacle::Reversal) {
        return None;
    }
    Some(alarm(policy, decision, resource, ALARM_CODE_CANNOT_SCALE, &decision.to_string()))
}

/// The Event of type alarm that tells the consumer that the provider could not do what a policy decided, for example for
/// lack of capacity; `why` says what was in the way. It has the form of that of [`cannot_scale`].
#[must_use]
pub fn failed(policy: &ScalingPolicy, decision: &Decision, resource: &dyn Record, why: &str) -> Event {
    alarm(policy, decision, resource, ALARM_CODE_FAILED, &format!("{decision}; failed: {}", printable(why)))
}

/// The Event of type model that tells the consumer that a policy has scaled; `None` where it did not.
///
/// It is of the instant of the decision, of low severity, and a success. Its content names the resource as that of
/// [`cannot_scale`] does; the change is an update.
#[must_use]
pub fn scaled(policy: &ScalingPolicy, decision: &Decision, resource: &dyn Record) -> Option<Event> {
    let Verdict::Act(_) = &decision.verdict else { return None };
    let content = EventContent {
        change: Some(ModelChange::Update),
        ..content(policy, decision, resource, &decision.to_string())
    };
    Some(Event {
        type_uri: Some(event_type::MODEL.into()),
        outcome: Some(EventOutcome::Success),
        severity: Some(EventSeverity::Low),
        ..event(decision, content)
    })
}

fn alarm(policy: &ScalingPolicy, decision: &Decision, resource: &dyn Record, code: &str, detail: &str) -> Event {
    let too_great = decision.direction.is_some_and(super::Direction::grows);
    let content = EventContent { code: Some(code.to_owned()), ..content(policy, decision, resource, detail) };
    Event {
        type_uri: Some(event_type::ALARM.into()),
        outcome: Some(EventOutcome::Warning),
        severity: Some(if too_great { EventSeverity::High } else { EventSeverity::Low }),
        ..event(decision, content)
    }
}

fn event(decision: &Decision, content: EventContent) -> Event {
    Event { timestamp: Some(DateTime::from(decision.time)), content: Some(content), ..Event::default() }
}

fn content(policy: &ScalingPolicy, decision: &Decision, resource: &dyn Record, detail: &str) -> EventContent {
    let name = policy.name.as_deref().map_or_else(String::new, |name| format!("{}: ", printable(name)));
    let mut content = EventContent { detail: Some(format!("{name}{detail}")), ..about(resource) };
    if let Some(id) = &policy.id {
        content.extensions.insert(Extensions::qualified(NAMESPACE, "policy"), id.as_str());
    }
    // The caller may have given the owner of what is scaled.
    if let Some(id) = &decision.resource
        && content.resource.as_ref().and_then(|found| found.href.as_ref()) != Some(id)
    {
        content.res_name = None;
        content.resource = Some(crate::Ref::to(id.clone()));
        content.res_type.clone_from(&policy.resource_type);
    }
    content
}

//! Jobs (5.17.1) as CADF events.

use chrono::TimeDelta;
use cimi_model::{Any, DateTime, Duration, Error, ErrorKind, Job, JobState, Number, Ref, Result, Uri};

use super::actions::{Words, operation_of_path, path_of_operation};
use super::carry::{self, Way, id_of};
use super::encoding::{date_time, identifier, is_own_tag, plain, segment};
use super::tables::{path_of_state, state_of_path};
use super::{Converted, Converter, Fate, Note, attachment, valid};
use crate::{
    Event, EventType, Identifier, Measurement, Metric, Part, Reason, Resource, Tag, Timestamp, action, outcome,
    resource, types::EVENT_TYPE,
};

/// The name of the attachment that holds a Job.
const ATTACHMENT: &str = "cimi-job";
/// The domain of return codes.
const CODES: &str = "http://schemas.dmtf.org/cimi/2/Job";
/// The metric of progress.
const PROGRESS: &str = "http://schemas.dmtf.org/cimi/2/Job/progress";
/// The member of events that holds the status message.
const MESSAGE: &str = "statusMessage";
/// The tags that name the Job and the one above it, before their names.
const TAGS: &str = "//schemas.dmtf.org/cimi/2/";
const JOB: &str = "Job";
const PARENT: &str = "parentJob";
/// The identifier of a target that is not known.
const NOTHING: &str = "unknown";

fn way() -> Way<'static, Job> {
    Way { attachment: ATTACHMENT, derive: Box::new(derive), said: Box::new(said) }
}

impl Converter {
    /// The events that say what a Job says: the last one its present state. Of a Job that has ended, and of which it is known
    /// when it was created, a pending event says that before.
    ///
    /// Both have a tag `//schemas.dmtf.org/cimi/2/Job` with the identifier of the Job, and the last one how long it took.
    ///
    /// # Errors
    /// When the Job says no time and the converter has none, or the observer is not valid.
    ///
    /// ```
    /// use cimi_cadf::cimi::Converter;
    /// use cimi_cadf::Resource;
    /// use cimi_model::{Job, JobState, Ref};
    ///
    /// let job = Job {
    ///     id: Some("jobs/1".into()),
    ///     created: Some("2025-01-01T12:00:00Z".parse()?),
    ///     state: Some(JobState::Failed),
    ///     action: Some("http://schemas.dmtf.org/cimi/2/action/start".into()),
    ///     target_resource: Some(Ref::to("machines/1")),
    ///     time_of_status_change: Some("2025-01-01T12:00:05Z".parse()?),
    ///     ..Default::default()
    /// };
    /// let converter = Converter::new(Resource::new("http://cloud.example.com/", "service/compute"));
    /// let events = converter.job_to_cadf(&job)?.value;
    /// let outcomes: Vec<_> = events.iter().filter_map(|event| event.outcome.as_ref()).map(|path| path.as_str()).collect();
    /// assert_eq!(outcomes, ["pending", "failure"]);
    /// assert_eq!(events[1].duration, Some("PT5S".parse()?));
    /// assert_eq!(converter.job_to_cimi(&events)?.value, job);
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    pub fn job_to_cadf(&self, job: &Job) -> Result<Converted<Vec<Event>>> {
        let Converted { value: last, notes } = carry::to_event(self, &way(), job)?;
        let begun = begin(self, job)?.filter(|begun| begun.event_time != last.event_time);
        Ok(Converted { value: begun.into_iter().chain([last]).collect(), notes })
    }

    /// The Job that events were made of: that of the last event. A note says which of the others it does not say.
    ///
    /// # Errors
    /// When none of the events was made of a Job.
    pub fn job_to_cimi(&self, events: &[Event]) -> Result<Converted<Job>> {
        let time = |event: &Event| event.event_time.as_ref().and_then(Timestamp::instant);
        let is_attached = |event: &Event| attachment::find::<Job>(&event.attachments, ATTACHMENT).is_some();
        let numbered = events.iter().enumerate().map(|(index, event)| (index, event, is_attached(event)));
        let own = numbered.filter(|(_, event, attached)| *attached || is_tagged(event));
        let Some((index, last, attached)) = own.max_by_key(|(_, event, attached)| (*attached, time(event))) else {
            return Err(Error::new(ErrorKind::Type, "none of the events was made of a Job"));
        };
        let mut found = carry::from_event(self, &way(), last)?;
        let others = || events.iter().enumerate().filter(|(other, _)| *other != index);
        if found.value.created.is_none() && !attached {
            let pending = others().map(|(_, event)| event).find(|event| is_pending(event));
            found.value.created = pending.and_then(|event| date_time(event.event_time.as_ref()?));
        }
        let like = Self { observer: carry::observer_of(last), ..self.clone() };
        let begun = begin(&like, &found.value)?;
        let unsaid = others().filter(|(_, event)| begun.as_ref() != Some(event));
        let text = "a Job says only what it has come to";
        found.notes.extend(unsaid.map(|(index, _)| Note::new(format!("/event[{index}]"), Fate::Dropped, text)));
        Ok(found)
    }
}

/// Whether a tag says that an event was made of a Job.
fn is_tagged(event: &Event) -> bool {
    event.tags.iter().any(|tag| is_own_tag(tag, JOB))
}

fn is_pending(event: &Event) -> bool {
    event.outcome.as_ref().is_some_and(|path| path.is_a(outcome::PENDING))
}

fn has_ended(job: &Job) -> bool {
    matches!(job.state, Some(JobState::Success | JobState::Failed | JobState::Stopped))
}

/// The pending event of a Job that has ended.
fn begin(converter: &Converter, job: &Job) -> Result<Option<Event>> {
    if !has_ended(job) || job.created.as_ref().and_then(super::encoding::timestamp).is_none() {
        return Ok(None);
    }
    let begun = Job {
        id: job.id.clone(),
        name: job.name.clone(),
        state: Some(JobState::Running),
        target_resource: job.target_resource.clone(),
        action: job.action.clone(),
        parent_job: job.parent_job.clone(),
        time_of_status_change: job.created.clone(),
        ..Job::default()
    };
    valid(derive(converter, &begun)?).map(Some)
}

/// The event that a Job leads to.
fn derive(converter: &Converter, job: &Job) -> Result<Event> {
    let times = [job.time_of_status_change.as_ref(), job.updated.as_ref(), job.created.as_ref()];
    let time = converter.time_of(&times, "/Job/timeOfStatusChange")?;
    let observer = &converter.observer;
    let target = job.target_resource.as_ref().and_then(|target| identifier(target.href.as_ref()?.as_str()));
    let operation = job.action.as_ref().map(Uri::as_str).filter(|action| !action.is_empty());
    let progress = job.progress.map(|progress| {
        let metric = Metric { name: Some("progress".to_owned()), ..Metric::new(PROGRESS, "percent") };
        Measurement::new(progress, metric)
    });
    let parent = job.parent_job.as_ref().and_then(|parent| parent.href.as_ref());
    let mut event = Event {
        type_uri: Some(EVENT_TYPE.into()),
        id: Some(converter.id_of(job, job.id.as_ref(), &time)?),
        event_type: Some(EventType::Activity),
        event_time: Some(time),
        action: Some(
            operation.map_or_else(|| action::UNKNOWN.into(), |text| path_of_operation(text, Words::OPERATIONS)),
        ),
        outcome: Some(path_of_state(job.state.as_ref())),
        name: job.name.clone().filter(|name| !name.is_empty()),
        duration: duration(job),
        initiator: Some(observer.clone()),
        target: Some(Resource::new(target.unwrap_or_else(|| NOTHING.into()), resource::UNKNOWN)),
        observer: Some(observer.clone()),
        reason: job.return_code.map(|code| Reason::code(CODES, code.to_string())),
        measurements: progress.into_iter().collect(),
        tags: [(JOB, job.id.as_ref()), (PARENT, parent)].into_iter().filter_map(|(name, id)| tag(name, id)).collect(),
        ..Event::default()
    };
    if let Some(message) = job.status_message.as_ref().filter(|message| !message.is_empty()) {
        event.extensions.insert(MESSAGE, message.as_str());
    }
    Ok(event)
}

/// A tag with the identifier of a Job; that of the Job itself is there even without.
fn tag(name: &str, id: Option<&Uri>) -> Option<Tag> {
    match id.map(Uri::as_str).filter(|id| !id.is_empty()) {
        Some(id) => Some(format!("{TAGS}{name}?value={}", segment(id)).into()),
        None => (name == JOB).then(|| format!("{TAGS}{name}").into()),
    }
}

/// The tag of the Job with this URI, which is not empty.
pub(crate) fn tag_of_job(id: &Uri) -> Option<Tag> {
    tag(JOB, Some(id))
}

/// The value of a tag of this name, empty where it has none.
fn named(tag: &Tag, name: &str) -> Option<String> {
    is_own_tag(tag, name).then(|| plain(tag.value().unwrap_or_default()))
}

/// How long a Job that has ended took.
fn duration(job: &Job) -> Option<Duration> {
    let instant = |time: &Option<DateTime>| time.as_ref()?.instant();
    let ended = instant(&job.time_of_status_change).filter(|_| has_ended(job))?;
    Timestamp::length(ended.signed_duration_since(instant(&job.created)?))
}

/// When a Job was created that took as long as its last event says.
fn created(event: &Event) -> Option<DateTime> {
    let (0, seconds) = event.duration.as_ref()?.parts()? else { return None };
    let taken = TimeDelta::from_std(std::time::Duration::try_from_secs_f64(seconds).ok()?).ok()?;
    Some(event.event_time.as_ref()?.instant()?.checked_sub_signed(taken)?.into())
}

/// The Job that an event says by itself. That a tag is gone says nothing.
fn said(event: &Event, was: Option<&Event>) -> Job {
    let tagged = |name: &str| {
        let tags = event.tags.iter().chain(was.into_iter().flat_map(|was| &was.tags));
        tags.filter_map(|tag| named(tag, name)).find(|id| !id.is_empty())
    };
    let target = id_of(event, Part::Target).map(Identifier::as_str).filter(|id| *id != NOTHING);
    let operation = event.action.as_ref().and_then(|path| operation_of_path(path, Words::OPERATIONS));
    let code = event.reason.as_ref().and_then(|reason| reason.reason_code.as_ref());
    Job {
        id: tagged(JOB).map(Uri::from),
        // Unless the duration was edited, the Job was created when it was.
        created: created(was.filter(|was| was.duration == event.duration).unwrap_or(event)),
        name: event.name.clone().filter(|name| !name.is_empty()),
        state: event.outcome.as_ref().and_then(state_of_path),
        target_resource: target.map(Ref::to),
        action: operation.map(Uri::from),
        return_code: code.and_then(|code| code.parse().ok()),
        progress: progress(event),
        status_message: event.extensions.get(MESSAGE).and_then(Any::as_str).map(str::to_owned),
        time_of_status_change: event.event_time.as_ref().and_then(date_time),
        parent_job: tagged(PARENT).map(Ref::to),
        ..Job::default()
    }
}

fn progress(event: &Event) -> Option<i64> {
    let is_progress = |found: &&Measurement| found.id_of_metric().is_some_and(|id| id.as_str() == PROGRESS);
    match event.measurements.iter().find(is_progress)?.result.as_ref()? {
        Any::Number(number) => number.as_i64(),
        Any::String(text) => Number::parse(text)?.as_i64(),
        _ => None,
    }
}

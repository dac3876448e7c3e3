//! Meters and their Samples (5.17.3) as CADF events.

use cimi_model::{Any, Collection, Error, ErrorKind, Meter, Object, Ref, Result, Sample, Uri, json};

use super::carry::{self, Way, id_of, members, merge};
use super::encoding::{canonical, date_time, identifier};
use super::note::differences;
use super::{Converted, Converter, Fate, Note, attachment};
use crate::{
    Event, EventType, Identifier, Measurement, Metric, Part, Resource, action, outcome, resource, types::EVENT_TYPE,
};

/// The names of the attachments that hold a Meter, without its Samples, and a Sample.
const METER: &str = "cimi-meter";
const SAMPLE: &str = "cimi-sample";
/// The attributes of Meters that are annotations of metrics.
const ANNOTATED: [&str; 9] = [
    "aspect",
    "sampleInterval",
    "timeScope",
    "intervalDuration",
    "isContinuous",
    "minValue",
    "maxValue",
    "stopTime",
    "expiresTime",
];
/// The unit of what has none, and the identifier of a target that is not known.
const UNKNOWN: &str = "unknown";
/// How the identifier of a metric begins whose Meter has none.
const MADE: &str = "urn:uuid:";

/// How the Samples of a Meter become events.
fn way(meter: &Meter) -> Result<Way<'_, Sample>> {
    let described = Described { meter, members: members(meter)? };
    Ok(Way {
        attachment: SAMPLE,
        derive: Box::new(move |converter, sample| derive(converter, &described, sample)),
        said: Box::new(|event, _| said(event)),
    })
}

/// A Meter with the members that it has in JSON, which are the same for all of its Samples.
struct Described<'m> {
    meter: &'m Meter,
    members: Object,
}

impl Converter {
    /// The events that say what the Samples of a Meter say, one each. The Meter is their metric, and attached to the first
    /// of them.
    ///
    /// A Meter whose Samples are not there leads to no event: a note says that.
    ///
    /// # Errors
    /// When a Sample says no time and the converter has none, or the observer is not valid.
    ///
    /// ```
    /// use cimi_cadf::cimi::Converter;
    /// use cimi_cadf::Resource;
    /// use cimi_model::{Collection, Meter, Ref, Sample, resources::aspect};
    ///
    /// let sample = |time: &str, value: &str| -> cimi_model::Result<Sample> {
    ///     Ok(Sample { timestamp: Some(time.parse()?), value: Some(value.into()), ..Default::default() })
    /// };
    /// let samples = [sample("2025-01-01T12:00:00Z", "17")?, sample("2025-01-01T12:01:00Z", "19")?];
    /// let meter = Meter {
    ///     id: Some("meters/1".into()),
    ///     aspect: Some(aspect::CPU.into()),
    ///     units: Some("percent".into()),
    ///     samples: Some(Ref::by_value(Collection::from_iter(samples))),
    ///     ..Default::default()
    /// };
    /// let converter = Converter::new(Resource::new("http://cloud.example.com/", "service/compute"));
    /// let events = converter.meter_to_cadf(&meter)?.value;
    /// assert_eq!(events[1].measurements[0].result, Some("19".into()));
    /// assert_eq!(converter.meter_to_cimi(&events)?.value, meter);
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    pub fn meter_to_cadf(&self, meter: &Meter) -> Result<Converted<Vec<Event>>> {
        let empty = without_samples(meter);
        let samples = samples_of(meter);
        let way = way(&empty)?;
        let mut events = Vec::with_capacity(samples.len());
        let mut notes = Vec::new();
        for (index, sample) in samples.iter().enumerate() {
            let path = format!("/Meter/samples[{index}]");
            let found = carry::to_event(self, &way, sample).map_err(|error| moved(&error, "/Sample", &path))?;
            events.push(found.value);
            notes.extend(found.notes.into_iter().map(|note| note.moved("/Sample", &path)));
        }
        if let Some(first) = events.first_mut() {
            let mut whole = differences(&members(&empty)?, &members(&said_meter(first))?, "/Meter");
            whole.retain(|note| note.path != "/Meter/samples" || !is_blank(&empty));
            notes.splice(0..0, whole);
            first.attachments.insert(0, attachment::holding(METER, &empty, self.dialect)?);
        } else {
            let text = "there are no Samples in it, and so there is nothing that happened";
            notes.push(Note::new("/Meter", Fate::Dropped, text));
        }
        Ok(Converted { value: events, notes })
    }

    /// The Meter that events were made of, with a Sample for each event, in their order.
    ///
    /// What is edited of the metric or target counts where it is edited in the event with the Meter attached, or in the
    /// first event where there is none.
    ///
    /// # Errors
    /// When there is no event, or one of them measures nothing.
    pub fn meter_to_cimi(&self, events: &[Event]) -> Result<Converted<Meter>> {
        let attached = events.iter().enumerate().find_map(|(index, event)| {
            attachment::find::<Meter>(&event.attachments, METER).map(|(place, meter)| (index, place, meter))
        });
        let (first, place) = attached.as_ref().map_or((0, None), |(index, place, _)| (*index, Some(*place)));
        let bare = |index: usize, event: &Event| match place.filter(|_| index == first) {
            Some(place) => attachment::without(event, place),
            None => event.clone(),
        };
        let Some(head) = events.get(first) else {
            return Err(Error::new(ErrorKind::Type, "there is no event that a Meter could be made of"));
        };
        if let Some(index) = events.iter().position(|event| event.measurements.is_empty()) {
            return Err(Error::new(ErrorKind::Type, "nothing is measured").at_path(format!("/event[{index}]")));
        }
        let mut notes = Vec::new();
        let mut meter = if let Some((.., original)) = attached {
            self.edited(original, head, &mut notes)?
        } else {
            let text = "without the attachment, only what the events say by themselves is restored";
            notes.push(Note::new("/Meter", Fate::Approximate, text));
            said_meter(head)
        };
        let empty = meter.clone();
        let way = way(&empty)?;
        let mut items = Vec::with_capacity(events.len());
        for (index, event) in events.iter().enumerate() {
            let path = format!("/Meter/samples[{index}]");
            let found =
                carry::from_event(self, &way, &bare(index, event)).map_err(|error| moved(&error, "/Sample", &path))?;
            let is_edited = found.notes.iter().any(|note| note.fate == Fate::Edited);
            items.push(if is_edited { settled(found.value) } else { found.value });
            let event = format!("/event[{index}]");
            notes.extend(found.notes.into_iter().map(|note| note.moved("/Sample", &path).moved("/event", &event)));
        }
        let collection = meter.samples.get_or_insert_default().value.get_or_insert_default();
        collection.items = items;
        Ok(Converted { value: meter, notes })
    }

    /// A Meter with what was edited in the event that it was attached to.
    fn edited(&self, mut meter: Meter, event: &Event, notes: &mut Vec<Note>) -> Result<Meter> {
        let like = Self { observer: carry::observer_of(event), time: event.event_time.clone(), ..self.clone() };
        let described = Described { meter: &meter, members: members(&meter)? };
        let before = said_meter(&derive(&like, &described, &Sample::default())?);
        let mut now = said_meter(event);
        let (before, after) = (members(&before)?, members(&now)?);
        merge(&mut meter, &before, &mut now, &after, "/Meter", notes);
        Ok(meter)
    }
}

/// The error of a part, in the whole.
pub(super) fn moved(error: &Error, from: &str, path: &str) -> Error {
    let rest = error.path().strip_prefix(from).unwrap_or_default();
    Error::new(error.kind(), error.reason()).at_path(format!("{path}{rest}"))
}

fn samples_of(meter: &Meter) -> &[Sample] {
    let collection = meter.samples.as_ref().and_then(|samples| samples.value.as_ref());
    collection.map_or(&[], |collection| &collection.items)
}

/// The Meter with an empty collection of Samples.
fn without_samples(meter: &Meter) -> Meter {
    let mut empty = meter.clone();
    if let Some(collection) = empty.samples.as_mut().and_then(|samples| samples.value.as_mut()) {
        collection.items.clear();
    }
    empty
}

/// Whether nothing is said of the collection of Samples, of which there are none.
fn is_blank(meter: &Meter) -> bool {
    let said = |samples: &Ref<Collection<Sample>>| {
        samples.href.is_some() || samples.value.as_ref().is_some_and(|collection| **collection != Collection::default())
    };
    !meter.samples.as_ref().is_some_and(said)
}

/// The event that a Sample leads to.
fn derive(converter: &Converter, described: &Described<'_>, sample: &Sample) -> Result<Event> {
    let (time, value) = sample.reading();
    let time = converter.time_of(&[time, sample.created.as_ref()], "/Sample/timestamp")?;
    let observer = &converter.observer;
    let target = described.meter.target_resource.as_ref();
    let target = target.and_then(|target| identifier(target.href.as_ref()?.as_str()));
    let metric = metric_of(converter, described);
    let within = metric.metric_id.as_ref().map_or("", Identifier::as_str);
    Ok(Event {
        type_uri: Some(EVENT_TYPE.into()),
        id: Some(converter.id_within(within, sample, sample.id.as_ref(), &time)?),
        event_type: Some(EventType::Monitor),
        event_time: Some(time),
        action: Some(action::MONITOR.into()),
        outcome: Some(outcome::SUCCESS.into()),
        name: sample.name.clone().filter(|name| !name.is_empty()),
        initiator: Some(observer.clone()),
        target: Some(Resource::new(target.unwrap_or_else(|| UNKNOWN.into()), resource::UNKNOWN)),
        observer: Some(observer.clone()),
        measurements: vec![Measurement::new(value.unwrap_or_default(), metric)],
        ..Event::default()
    })
}

/// The metric that a Meter is.
fn metric_of(converter: &Converter, described: &Described<'_>) -> Metric {
    let Described { meter, members: said } = described;
    let id = meter.id.as_ref().and_then(|id| identifier(id.as_str()));
    let id = id.unwrap_or_else(|| made_id(converter, said));
    let aspect = meter.aspect.as_ref().map(Uri::as_str);
    let name = meter.name.as_deref().filter(|name| !name.is_empty()).or_else(|| last_segment(aspect?));
    let units = meter.units.as_deref().filter(|units| !units.is_empty());
    let annotations = ANNOTATED.iter().filter_map(|name| Some((*name, said.get(name)?.clone()))).collect();
    Metric { name: name.map(str::to_owned), annotations, ..Metric::new(id, units.unwrap_or(UNKNOWN)) }
}

/// The identifier of the metric of a Meter without one: the same for all of its Samples.
fn made_id(converter: &Converter, said: &Object) -> Identifier {
    let mut name = converter.observer.id.as_ref().map_or_else(String::new, ToString::to_string);
    let known = ANNOTATED.iter().chain(&["units", "name", "targetResource"]);
    let described: Object = known.filter_map(|name| Some((*name, said.get(name)?.clone()))).collect();
    canonical(&Any::Object(described), &mut name);
    let id = (converter.identify)(&name);
    if id.uuid().is_some() { format!("{MADE}{id}").into() } else { id }
}

fn last_segment(uri: &str) -> Option<&str> {
    uri.rsplit('/').next().filter(|name| !name.is_empty())
}

/// The Sample that an event says by itself.
fn said(event: &Event) -> Sample {
    let result = event.measurements.first().and_then(|measurement| measurement.result.as_ref());
    let value = match result {
        Some(Any::String(value)) => Some(value.clone()),
        Some(Any::Number(value)) => Some(value.as_str().to_owned()),
        Some(Any::Boolean(value)) => Some(value.to_string()),
        _ => None,
    };
    Sample {
        name: event.name.clone().filter(|name| !name.is_empty()),
        timestamp: event.event_time.as_ref().and_then(date_time),
        value: value.filter(|value| !value.is_empty()),
        ..Sample::default()
    }
}

/// The Meter that an event says by itself, without Samples.
fn said_meter(event: &Event) -> Meter {
    let metric = event.measurements.first().and_then(|measurement| measurement.metric.as_ref());
    let annotated: Object = metric
        .into_iter()
        .flat_map(|metric| metric.annotations.iter())
        .filter(|(name, _)| ANNOTATED.contains(name))
        .map(|(name, value)| (name, value.clone()))
        .collect();
    let annotated = json::from_any::<Meter>(&Any::Object(annotated), &attachment::options());
    let meter = annotated.map(|parsed| parsed.value).unwrap_or_default();
    let target = id_of(event, Part::Target).map(Identifier::as_str).filter(|id| *id != UNKNOWN);
    let id = metric.and_then(|metric| metric.metric_id.as_ref()).map(Identifier::as_str);
    let name = metric.and_then(|metric| metric.name.as_deref());
    let of_aspect = meter.aspect.as_ref().and_then(|aspect| last_segment(aspect.as_str()));
    Meter {
        id: id.filter(|id| !id.starts_with(MADE)).map(Uri::from),
        name: name.filter(|name| Some(*name) != of_aspect).map(str::to_owned),
        target_resource: target.map(Ref::to),
        units: metric.and_then(|metric| metric.unit.clone()).filter(|unit| unit != UNKNOWN),
        ..meter
    }
}

/// A Sample of 1.x that was edited: time and value stay where they were.
fn settled(mut sample: Sample) -> Sample {
    if let Some(nested) = &mut sample.sample {
        if nested.timestamp.is_some() {
            nested.timestamp = sample.timestamp.take().or_else(|| nested.timestamp.take());
        }
        if nested.value.is_some() {
            nested.value = sample.value.take().or_else(|| nested.value.take());
        }
    }
    sample
}

//! `audit convert --to cimi` and `--to cadf`: events of CADF as Events of CIMI, and what CIMI has as events of CADF.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use cimi_cadf::cimi::{Converted, Converter, Note};
use cimi_cadf::{Definitions, Event, Log, Record, Records, Resource};
use cimi_model::{
    Collection, Dialect, Document, Error, ErrorKind, EventLog, Format, Job, Limits, Meter, ReadOptions, Registry,
    Result, WriteOptions, json,
};
use serde_json::value::RawValue;

use crate::{Outcome, input};

/// How several documents of JSON are written.
const ARRAY: [&str; 3] = ["[\n", ",\n", "\n]"];

/// The converter of the program. CADF demands to know who saw the events, which CIMI does not say.
pub(crate) fn converter(observer: Option<&str>, dialect: Dialect) -> Converter {
    let mut converter = Converter::new(Resource::new(observer.unwrap_or("provider"), "service"));
    converter.dialect = dialect;
    converter
}

/// Writes the events of a file as Events of CIMI. Says how many could not be converted.
pub(crate) fn to_cimi(file: Option<&str>, converter: &Converter, out: &mut dyn Write) -> Outcome<usize> {
    let mut series = Series::new(out);
    let mut records = Records::new(input::open(file)?, ReadOptions::default());
    // What the events of a log refer to may stand after them.
    let is_log = records.log().is_some();
    let held: Vec<Record> = if is_log { records.by_ref().collect() } else { Vec::new() };
    let definitions = records.log().map(|log| Definitions::from(&log.value)).unwrap_or_default();
    let mut bad = 0;
    for record in held.into_iter().chain(records) {
        let record = input::readable(record)?;
        let outcome = record.event.and_then(|parsed| {
            let mut event = parsed.value;
            definitions.resolve(&mut event, &Limits::default());
            converter.event_to_cimi(&event.converted(record.format, Format::Json))
        });
        match outcome {
            Ok(Converted { value, notes, .. }) => {
                tell(record.number, &notes);
                series.push(&json::to_string(&value, converter.dialect.into())?)?;
            }
            Err(error) => {
                bad += 1;
                eprintln!("audit: record {}: {error}", record.number);
            }
        }
    }
    series.finish()?;
    Ok(bad)
}

/// Writes what CIMI has in a file as events of CADF, and a single event log as a CADF log. Says how much could not be
/// converted.
pub(crate) fn to_cadf(file: Option<&str>, converter: &Converter, out: &mut dyn Write) -> Outcome<usize> {
    let mut input = Vec::new();
    input::open(file)?.read_to_end(&mut input)?;
    let registry = Registry::standard();
    let parts: Vec<Result<Part>> = texts(&input).into_iter().flat_map(|text| parts(text, &registry)).collect();
    let is_alone = parts.len() == 1;
    let mut series = Series::new(out);
    let mut bad = 0;
    for (index, part) in parts.into_iter().enumerate() {
        match part.and_then(|part| part.convert(converter)) {
            Ok((found, notes)) => {
                tell(index + 1, &notes);
                found.write(is_alone, &mut series)?;
            }
            Err(error) => {
                bad += 1;
                eprintln!("audit: record {}: {error}", index + 1);
            }
        }
    }
    series.finish()?;
    Ok(bad)
}

fn tell(number: usize, notes: &[Note]) {
    for note in notes {
        eprintln!("audit: record {number}: note: {note}");
    }
}

/// What of CIMI can become events.
enum Part {
    Event(Box<cimi_model::Event>),
    Job(Box<Job>),
    Meter(Box<Meter>),
    Log(Box<EventLog>),
}

/// What became of it.
enum Found {
    Events(Vec<Event>),
    Log(Box<Log>),
}

impl Part {
    fn convert(self, converter: &Converter) -> Result<(Found, Vec<Note>)> {
        Ok(match self {
            Self::Event(event) => {
                let found = converter.event_to_cadf(&event)?;
                (Found::Events(vec![found.value]), found.notes)
            }
            Self::Job(job) => {
                let found = converter.job_to_cadf(&job)?;
                (Found::Events(found.value), found.notes)
            }
            Self::Meter(meter) => {
                let found = converter.meter_to_cadf(&meter)?;
                (Found::Events(found.value), found.notes)
            }
            Self::Log(log) => {
                let found = converter.log_to_cadf(&log)?;
                (Found::Log(Box::new(found.value)), found.notes)
            }
        })
    }
}

impl Found {
    /// Writes a log that is alone as it is, and of others their events.
    fn write(self, is_alone: bool, series: &mut Series<'_>) -> Outcome<()> {
        let options = WriteOptions::default();
        let events = match self {
            Self::Log(log) if is_alone => return Ok(series.push(&log.to_string(Format::Json, options)?)?),
            Self::Log(mut log) => {
                log.resolve(&Limits::default());
                log.events
            }
            Self::Events(events) => events,
        };
        for event in events {
            series.push(&event.to_string(Format::Json, options)?)?;
        }
        Ok(())
    }
}

/// The texts of the documents: one of XML, or JSON in an array, in lines, or one after another.
fn texts(input: &[u8]) -> Vec<Result<&[u8]>> {
    if Format::of(input) == Format::Xml {
        return vec![Ok(input)];
    }
    let input = input.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input);
    let values: std::result::Result<Vec<&RawValue>, _> =
        serde_json::Deserializer::from_slice(input).into_iter().collect();
    match values.as_deref() {
        Ok([array]) if array.get().starts_with('[') => {
            let items: Vec<&RawValue> = serde_json::from_str(array.get()).unwrap_or_default();
            items.into_iter().map(|item| Ok(item.get().as_bytes())).collect()
        }
        Ok(values) => values.iter().map(|value| Ok(value.get().as_bytes())).collect(),
        // A line that is none is an error, and the next follows.
        Err(error) => {
            let lines = || input.split(|b| *b == b'\n').filter(|line| !line.trim_ascii().is_empty());
            let is_value = |line: &[u8]| serde_json::from_slice::<&RawValue>(line).is_ok();
            if lines().any(is_value) {
                return lines().map(Ok).collect();
            }
            vec![Err(Error::new(ErrorKind::Syntax, error.to_string()))]
        }
    }
}

/// What is in a document: the items of a collection are by themselves.
fn parts(text: Result<&[u8]>, registry: &Registry) -> Vec<Result<Part>> {
    let document = match text.and_then(|text| document(text, registry)) {
        Ok(document) => document,
        Err(error) => return vec![Err(error)],
    };
    let name = document.record().record_type().name;
    let found = document
        .into_value()
        .map(|event| vec![Part::Event(Box::new(event))])
        .or_else(|document: Document| document.into_value().map(|job| vec![Part::Job(Box::new(job))]))
        .or_else(|document| document.into_value().map(|meter| vec![Part::Meter(Box::new(meter))]))
        .or_else(|document| document.into_value().map(|log| vec![Part::Log(Box::new(log))]))
        .or_else(|document| document.into_value().map(|events| items(events, Part::Event)))
        .or_else(|document| document.into_value().map(|jobs| items(jobs, Part::Job)))
        .or_else(|document| document.into_value().map(|meters| items(meters, Part::Meter)))
        .or_else(|document| document.into_value().map(|logs| items(logs, Part::Log)));
    match found {
        Ok(parts) => parts.into_iter().map(Ok).collect(),
        Err(_) => vec![Err(Error::new(ErrorKind::Type, format!("no event follows from a resource of type {name}")))],
    }
}

fn items<T>(collection: Collection<T>, part: fn(Box<T>) -> Part) -> Vec<Part> {
    collection.items.into_iter().map(|item| part(Box::new(item))).collect()
}

/// A document of CIMI. JSON that does not say its type is read as what its members say.
fn document(text: &[u8], registry: &Registry) -> Result<Document> {
    let options = ReadOptions::default();
    let found = Document::read(text, registry, &options);
    let is_untold = found.as_ref().is_err_and(|error| error.kind() == ErrorKind::Type);
    if !is_untold || Format::of(text) == Format::Xml {
        return Ok(found?.value);
    }
    let Ok(members) = serde_json::from_slice::<BTreeMap<String, &RawValue>>(text) else { return Ok(found?.value) };
    let has = |names: &[&str]| names.iter().any(|name| members.contains_key(*name));
    let list = members.get("events").is_some_and(|events| events.get().starts_with('['));
    let name = match () {
        () if has(&["resourceURI", "typeURI", "eventType"]) => return Ok(found?.value),
        () if list => "EventCollection",
        () if has(&["events", "summary"]) => "EventLog",
        () if has(&["timeOfStatusChange", "returnCode", "affectedResources", "action"]) => "Job",
        () if has(&["aspect", "samples", "units"]) => "Meter",
        () => "Event",
    };
    let Some(entry) = registry.by_name(name) else { return Ok(found?.value) };
    Ok(Document::read_as(text, entry, &options)?.value)
}

/// Documents of JSON that are written one after another: one of them as it is, any other number as an array.
struct Series<'o> {
    out: &'o mut dyn Write,
    count: usize,
    /// Until a second one comes, the first may be the only one.
    first: String,
}

impl<'o> Series<'o> {
    fn new(out: &'o mut dyn Write) -> Self {
        Self { out, count: 0, first: String::new() }
    }

    fn push(&mut self, text: &str) -> io::Result<()> {
        let [head, between, _] = ARRAY;
        self.count += 1;
        match self.count {
            1 => text.clone_into(&mut self.first),
            2 => write!(self.out, "{head}{}{between}{text}", std::mem::take(&mut self.first))?,
            _ => write!(self.out, "{between}{text}")?,
        }
        Ok(())
    }

    fn finish(self) -> io::Result<()> {
        let [head, _, tail] = ARRAY;
        match self.count {
            0 => writeln!(self.out, "{}{}", head.trim_end(), tail.trim_start()),
            1 => writeln!(self.out, "{}", self.first),
            _ => writeln!(self.out, "{tail}"),
        }
    }
}

//! The rules of logs and reports.

use std::collections::{HashMap, HashSet};

use cimi_model::reflect::Record;
use cimi_model::{Format, Parsed, printable};

use super::{Checker, Level, Place, Problem, Rule, Validation};
use crate::log::links::{Defined, each_metric, each_resource, geolocation};
use crate::{
    AnyLog, Attachment, Event, Geolocation, Identifier, LOG_TYPE, Log, Metric, Path, REPORT_TYPE, Report, Resource,
    Timestamp,
};

/// What events have to have, and logs have not.
const OF_EVENTS: [&str; 4] = ["eventType", "eventTime", "action", "outcome"];

/// What logs and reports have.
struct Parts<'a> {
    record: &'a dyn Record,
    type_uri: (Option<&'a Path>, &'static str),
    id: Option<&'a Identifier>,
    time: (Option<&'a Timestamp>, &'static str),
    generator_id: Option<&'a Identifier>,
    metrics: &'a [Metric],
    resources: &'a [Resource],
    geolocations: &'a [Geolocation],
    attachments: &'a [Attachment],
    events: &'a [Event],
}

impl<'a> From<&'a Log> for Parts<'a> {
    fn from(log: &'a Log) -> Self {
        Self {
            record: log,
            type_uri: (log.type_uri.as_ref(), LOG_TYPE),
            id: log.id.as_ref(),
            time: (log.log_time.as_ref(), "logTime"),
            generator_id: log.generator_id.as_ref(),
            metrics: &log.metrics,
            resources: &log.resources,
            geolocations: &log.geolocations,
            attachments: &log.attachments,
            events: &log.events,
        }
    }
}

impl<'a> From<&'a Report> for Parts<'a> {
    fn from(report: &'a Report) -> Self {
        Self {
            record: report,
            type_uri: (report.type_uri.as_ref(), REPORT_TYPE),
            id: report.id.as_ref(),
            time: (report.report_time.as_ref(), "reportTime"),
            generator_id: report.generator_id.as_ref(),
            metrics: &report.metrics,
            resources: &report.resources,
            geolocations: &report.geolocations,
            attachments: &report.attachments,
            events: &report.events,
        }
    }
}

impl Validation {
    /// All problems of a log and of the events in it, with paths such as `/log/events[3]/initiator/id`.
    ///
    /// Besides what each event is held against, identifiers are unique, and lead to what the log or one of its events
    /// describes. A log that is read event by event is held against its own rules only, by the
    /// [`log`](crate::Records::log) of its records.
    ///
    /// ```
    /// use cimi_cadf::{Log, Rule, Validation};
    ///
    /// let text = br#"{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/log",
    ///     "metrics": [{"metricId": "m1", "unit": "s"}, {"metricId": "m1", "unit": "h"}], "events": []}"#;
    /// let log = Log::read(text, &Default::default())?.value;
    /// let problems = Validation::default().log(&log);
    /// assert_eq!((problems[0].path.as_str(), problems[0].rule), ("/log/metrics[1]/metricId", Rule::Unique));
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    #[must_use]
    pub fn log(&self, log: &Log) -> Vec<Problem> {
        self.parts(&log.into())
    }

    /// All problems of a report and of the events in it, as [`log`](Self::log).
    #[must_use]
    pub fn report(&self, report: &Report) -> Vec<Problem> {
        self.parts(&report.into())
    }

    /// All problems of a log or report that has been read, what lenient reading put right included.
    #[must_use]
    pub fn parsed_log(&self, parsed: &Parsed<AnyLog>) -> Vec<Problem> {
        let problems = match &parsed.value {
            AnyLog::Log(log) => self.log(log),
            AnyLog::Report(report) => self.report(report),
        };
        self.with_deviations(problems, &parsed.deviations)
    }

    fn parts(self, parts: &Parts<'_>) -> Vec<Problem> {
        let mut checker = Checker { validation: self, problems: Vec::new() };
        checker.log(parts, &Place::root(parts.record.record_type().name));
        checker.problems
    }
}

impl Checker {
    fn log(&mut self, log: &Parts<'_>, place: &Place<'_>) {
        self.kept(log.record, place);
        self.log_type(log, place);
        self.uri_text(log.id, &place.at("id"));
        let (time, name) = log.time;
        self.timestamp(time, &place.at(name));
        self.uri_text(log.generator_id, &place.at("generatorId"));
        let mut seen = HashMap::new();
        for (index, metric) in log.metrics.iter().enumerate() {
            let place = place.item("metrics", index);
            self.metric(metric, &place);
            self.unique(metric, &mut seen, &place.at("metricId"));
        }
        let mut seen = HashMap::new();
        for (index, resource) in log.resources.iter().enumerate() {
            let place = place.item("resources", index);
            self.resource(resource, &place);
            self.unique(resource, &mut seen, &place.at("id"));
        }
        let mut seen = HashMap::new();
        for (index, geolocation) in log.geolocations.iter().enumerate() {
            let place = place.item("geolocations", index);
            self.geolocation(geolocation, &place);
            if geolocation.id.is_none() {
                self.report(&place.at("id"), Level::Advice, Rule::Required, "without an id, nothing can refer to it");
            }
            self.unique(geolocation, &mut seen, &place.at("id"));
        }
        self.attachments(log.attachments, place);
        self.events(log, place);
    }

    fn log_type(&mut self, log: &Parts<'_>, place: &Place<'_>) {
        let (type_uri, expected) = log.type_uri;
        let name = log.record.record_type().name;
        if let Some(member) = OF_EVENTS.iter().find(|member| log.record.extensions().get(member).is_some()) {
            let text = format!("events have this, and by its type this is a {name}");
            self.report(&place.at(member), Level::Wrong, Rule::Consistency, text);
        }
        let place = place.at("typeURI");
        match type_uri {
            None if self.validation.format == Format::Xml || log.record.extensions().get("typeURI").is_some() => {}
            None => self.report(&place, Level::Doubtful, Rule::Required, "typeURI is missing"),
            Some(uri) if uri.is_a(expected) => {}
            Some(uri) => {
                let text = format!("'{}' is not the type {expected}", printable(uri.as_str()));
                self.report(&place, Level::Wrong, Rule::Value, text);
            }
        }
    }

    /// Reports a definition that has the identifier of another one.
    fn unique<'a, T: Defined>(&mut self, item: &'a T, seen: &mut HashMap<&'a Identifier, &'a T>, place: &Place<'_>) {
        let Some(id) = item.own_id() else { return };
        match seen.get(id) {
            None => drop(seen.insert(id, item)),
            Some(other) if *other == item => {
                self.report(place, Level::Loose, Rule::Unique, "the same is defined before");
            }
            Some(_) => self.report(place, Level::Wrong, Rule::Unique, "something else has the same identifier"),
        }
    }

    fn events(&mut self, log: &Parts<'_>, root: &Place<'_>) {
        let known = Known::of(log);
        let mut ids = HashSet::new();
        for (index, resource) in log.resources.iter().enumerate() {
            let (name, id) = ("geolocationId", resource.geolocation_id.as_ref());
            self.reference(id, &known.geolocations, name, &root.item("resources", index));
        }
        for (index, event) in log.events.iter().enumerate() {
            let place = root.item("events", index);
            self.event(event, &place);
            if let Some(id) = event.id.as_ref().filter(|id| !id.as_str().is_empty() && !ids.insert(*id)) {
                let text = format!("'{}' is the identifier of another event", printable(id.as_str()));
                self.report(&place.at("id"), Level::Loose, Rule::Unique, text);
            }
            each_resource(event, &place, &mut |seen, place| {
                let [name, id_name] = seen.names;
                self.reference(seen.id, &known.resources, id_name, place);
                let id = seen.whole.and_then(|resource| geolocation(resource).id);
                self.reference(id, &known.geolocations, "geolocationId", &place.at(name));
            });
            each_metric(event, &place, &mut |seen, place| {
                self.reference(seen.id, &known.metrics, "metricId", place);
            });
        }
    }

    /// Reports an identifier of something that is not described.
    fn reference(
        &mut self,
        id: Option<&Identifier>,
        known: &HashSet<&Identifier>,
        name: &'static str,
        place: &Place<'_>,
    ) {
        if let Some(id) = id.filter(|id| !known.contains(id)) {
            let text = format!("neither the log nor one of its events describes '{}'", printable(id.as_str()));
            self.report(&place.at(name), Level::Doubtful, Rule::Reference, text);
        }
    }
}

/// The identifiers of what a log and its events describe.
#[derive(Default)]
struct Known<'a> {
    resources: HashSet<&'a Identifier>,
    metrics: HashSet<&'a Identifier>,
    geolocations: HashSet<&'a Identifier>,
}

impl<'a> Known<'a> {
    fn of(log: &Parts<'a>) -> Self {
        let mut known = Self::default();
        known.metrics.extend(log.metrics.iter().filter_map(Defined::own_id));
        known.geolocations.extend(log.geolocations.iter().filter_map(Defined::own_id));
        for resource in log.resources {
            known.resource(resource);
        }
        let place = Place::root("log");
        for event in log.events {
            each_metric(event, &place, &mut |seen, _| known.metrics.extend(seen.whole.and_then(Defined::own_id)));
            each_resource(event, &place, &mut |seen, _| {
                if let Some(resource) = seen.whole {
                    known.resource(resource);
                }
            });
        }
        known
    }

    fn resource(&mut self, resource: &'a Resource) {
        self.resources.extend(resource.own_id());
        self.geolocations.extend(resource.geolocation.as_ref().and_then(Defined::own_id));
    }
}

//! What holds events: a log or a report.

use cimi_model::reflect::{Record, omitted};
use cimi_model::xml::pull::{Token, XmlReader};
use cimi_model::{Attribute, Extensions, Format, Limits, Parsed, ReadOptions, Result, WriteOptions, json, xml};

use super::types::{LOG_TYPE, REPORT_TYPE};
use super::{Log, Report, Unlinked};
use crate::document;
use crate::validate::says_something;
use crate::{Event, Geolocation, Metric, Resource};

/// A log or a report: what holds events, and says something about all of them.
///
/// One that was read from a stream ([`Records::log`](crate::Records::log)) has no events in it.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum AnyLog {
    /// A log.
    Log(Log),
    /// A report.
    Report(Report),
}

impl AnyLog {
    /// Reads a log or a report with all of its events. XML says which of them by its root element, JSON by its
    /// `typeURI`; without one, it is a log.
    ///
    /// # Errors
    /// As [`Log::read`].
    pub fn read(input: &[u8], options: &ReadOptions) -> Result<Parsed<Self>> {
        if Format::of(input) == Format::Xml {
            return if is_report_element(input, options.limits) {
                Report::read(input, options).map(|report| report.map(Self::Report))
            } else {
                Log::read(input, options).map(|log| log.map(Self::Log))
            };
        }
        let log = json::from_slice::<Log>(input, options);
        let says_report = |log: &Log| log.type_uri.as_ref().is_some_and(|uri| uri.is_a(REPORT_TYPE));
        match log {
            Ok(log) if says_report(&log.value) => Report::read(input, options).map(|report| report.map(Self::Report)),
            log => log.map(|log| log.map(Self::Log)),
        }
    }

    /// Writes it with all of its events.
    ///
    /// # Errors
    /// None that is known; the signature is that of the writers of `cimi-model`.
    pub fn to_string(&self, format: Format, options: WriteOptions) -> Result<String> {
        document::to_string(self.record(), format, options)
    }

    /// The record, whichever it is.
    #[must_use]
    pub fn record(&self) -> &dyn Record {
        match self {
            Self::Log(log) => log,
            Self::Report(report) => report,
        }
    }

    pub(crate) fn extensions_mut(&mut self) -> &mut Extensions {
        match self {
            Self::Log(log) => &mut log.extensions,
            Self::Report(report) => &mut report.extensions,
        }
    }

    /// The log or report that is in a record.
    pub(crate) fn of(record: Box<dyn Record>) -> Self {
        match record.into_any().downcast::<Log>() {
            Ok(log) => Self::Log(*log),
            Err(other) => Self::Report(other.downcast::<Report>().map_or_else(|_| Report::default(), |report| *report)),
        }
    }

    /// Whether it says nothing but its type: it has neither events, nor anything that they could refer to, nor else.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.says_only(&["typeURI"])
    }

    /// Whether it has none but these attributes.
    pub(crate) fn says_only(&self, names: &[&str]) -> bool {
        let record = self.record();
        let is_said = |(index, attribute): (usize, &Attribute)| {
            !names.contains(&attribute.name)
                && record.get(index).is_some_and(|value| !omitted(&value.view(), attribute.kind))
        };
        record.extensions().is_empty() && !record.record_type().attributes.iter().enumerate().any(is_said)
    }

    /// The metrics that it defines.
    #[must_use]
    pub fn metrics(&self) -> &[Metric] {
        match self {
            Self::Log(log) => &log.metrics,
            Self::Report(report) => &report.metrics,
        }
    }

    /// The resources that it defines.
    #[must_use]
    pub fn resources(&self) -> &[Resource] {
        match self {
            Self::Log(log) => &log.resources,
            Self::Report(report) => &report.resources,
        }
    }

    /// The places that it defines.
    #[must_use]
    pub fn geolocations(&self) -> &[Geolocation] {
        match self {
            Self::Log(log) => &log.geolocations,
            Self::Report(report) => &report.geolocations,
        }
    }

    /// The events in it.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        match self {
            Self::Log(log) => &log.events,
            Self::Report(report) => &report.events,
        }
    }

    /// The events in it, to be changed.
    pub fn events_mut(&mut self) -> &mut Vec<Event> {
        match self {
            Self::Log(log) => &mut log.events,
            Self::Report(report) => &mut report.events,
        }
    }

    /// As [`Log::resolve`].
    pub fn resolve(&mut self, limits: &Limits) -> Vec<Unlinked> {
        match self {
            Self::Log(log) => log.resolve(limits),
            Self::Report(report) => report.resolve(limits),
        }
    }

    /// As [`Log::hoist`].
    pub fn hoist(&mut self) -> Vec<Unlinked> {
        match self {
            Self::Log(log) => log.hoist(),
            Self::Report(report) => report.hoist(),
        }
    }

    /// States the type of the log or report, and of each event in it, where that is absent: JSON demands it, and XML
    /// leaves it to the elements.
    pub fn state_types(&mut self) {
        let (type_uri, extensions, standard) = match self {
            Self::Log(log) => (&mut log.type_uri, &log.extensions, LOG_TYPE),
            Self::Report(report) => (&mut report.type_uri, &report.extensions, REPORT_TYPE),
        };
        if !extensions.get("typeURI").is_some_and(says_something) {
            type_uri.get_or_insert_with(|| standard.into());
        }
        self.events_mut().iter_mut().for_each(Event::state_type);
    }
}

impl std::fmt::Debug for AnyLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.record().fmt(f)
    }
}

impl From<Log> for AnyLog {
    fn from(log: Log) -> Self {
        Self::Log(log)
    }
}

impl From<Report> for AnyLog {
    fn from(report: Report) -> Self {
        Self::Report(report)
    }
}

/// Whether the root element is that of a report. What is wrong with the document, reading it tells.
fn is_report_element(input: &[u8], limits: Limits) -> bool {
    let Ok(text) = xml::to_utf8(input) else { return false };
    let root = XmlReader::from_slice(&text, limits).and_then(|mut reader| match reader.next()? {
        Token::Start(start) => Ok(start.local() == "report"),
        _ => Ok(false),
    });
    root.unwrap_or(false)
}

//! Times and other conditions that Events are chosen by.

use std::fmt;

use chrono::{DateTime as Instant, Datelike, FixedOffset};

use crate::ext::span::Span;
use crate::filter::{Date, Filter, Literal, Operator};
use crate::value::Moment;
use crate::{DateTime, Duration, Error, ErrorKind, EventOutcome, EventSeverity, Result, Uri, printable};

/// A time from one instant, which is in it, to another one, which is not: a time and the next one have nothing in
/// common, and nothing is between them. Without a bound, it has no beginning or no end.
///
/// `Display` prints `2025-01-01T00:00:00Z to 2025-01-02T00:00:00Z`.
///
/// ```
/// use cimi_model::DateTime;
/// use cimi_model::ext::logs::Window;
///
/// let noon: DateTime = "2025-01-01T12:00:00Z".parse()?;
/// let window = Window::around(&noon, &"PT1H".parse()?)?;
/// assert!(window.contains(&"2025-01-01T12:00:00+01:00".parse()?));
/// assert!(!window.contains(&"2025-01-01T13:00:00Z".parse()?));
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a window has a beginning and an end")]
pub struct Window {
    /// The first instant.
    pub from: Option<DateTime>,
    /// The first instant after it.
    pub to: Option<DateTime>,
}

impl Window {
    /// From one instant to another.
    #[must_use]
    pub const fn between(from: DateTime, to: DateTime) -> Self {
        Self { from: Some(from), to: Some(to) }
    }

    /// The time of a length before an instant.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] when the length is negative, or the calendar of chrono or of xs:dateTime has no such time.
    pub fn before(instant: &DateTime, length: &Duration) -> Result<Self> {
        let (at, span) = understood(instant, length)?;
        Ok(Self { from: Some(written(span.ahead_of(at), instant)?), to: Some(instant.clone()) })
    }

    /// The time of a length before an instant and after it.
    ///
    /// # Errors
    /// As [`before`](Self::before).
    pub fn around(instant: &DateTime, length: &Duration) -> Result<Self> {
        let (at, span) = understood(instant, length)?;
        Ok(Self::between(written(span.ahead_of(at), instant)?, written(span.after(at, 1), instant)?))
    }

    /// Whether an instant is in it.
    #[must_use]
    pub fn contains(&self, time: &DateTime) -> bool {
        let moment = |time: &DateTime| Moment::of_text(time.as_str());
        let Some(time) = moment(time) else { return false };
        let is_after = |bound: &DateTime| moment(bound).is_some_and(|bound| time >= bound);
        self.from.as_ref().is_none_or(is_after) && !self.to.as_ref().is_some_and(is_after)
    }

    /// Whether no instant is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.from.as_ref().zip(self.to.as_ref()).is_some_and(|(from, _)| !self.contains(from))
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bound = |bound: &Option<DateTime>| bound.as_ref().map_or("..", |time| time.as_str()).to_owned();
        write!(f, "{} to {}", bound(&self.from), bound(&self.to))
    }
}

fn understood(instant: &DateTime, length: &Duration) -> Result<(Instant<FixedOffset>, Span)> {
    let at = instant.instant().ok_or_else(|| no_such_time(instant))?;
    let span = Span::of(length).ok_or_else(|| {
        let text = format!("expected a length of time above zero, found '{}'", printable(length.as_str()));
        Error::new(ErrorKind::Value, text)
    })?;
    Ok((at, span))
}

fn written(time: Option<Instant<FixedOffset>>, near: &DateTime) -> Result<DateTime> {
    time.and_then(date_time).ok_or_else(|| no_such_time(near))
}

/// An instant as an xs:dateTime, whose years have four digits here.
pub(super) fn date_time(time: Instant<FixedOffset>) -> Option<DateTime> {
    (1..=9999).contains(&time.year()).then(|| time.into())
}

pub(super) fn no_such_time(near: &DateTime) -> Error {
    Error::new(ErrorKind::Value, format!("the calendar has no such time near '{}'", printable(near.as_str())))
}

/// Which Events are wanted: those that fulfil all of the conditions. An empty list is no condition.
///
/// ```
/// use cimi_model::ext::logs::{Selection, Window};
/// use cimi_model::{EventSeverity, event_type};
///
/// let selection = Selection {
///     window: Window::before(&"2025-01-02T00:00:00Z".parse()?, &"P1D".parse()?)?,
///     types: vec![event_type::STATE.into()],
///     severities: Selection::at_least(&EventSeverity::High),
///     ..Default::default()
/// };
/// // What a consumer asks a provider for.
/// let filter = selection.to_filter()?.expect("there are conditions");
/// assert!(filter.is_standard());
/// assert_eq!(
///     filter.to_string(),
///     "timestamp>=2025-01-01T00:00:00Z and timestamp<2025-01-02T00:00:00Z \
///      and type='http://schemas.dmtf.org/cimi/2/event/state' and (severity='high' or severity='critical')"
/// );
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct Selection {
    /// When it happened, by `timestamp`. An Event without one is in no window that has a bound.
    pub window: Window,
    /// The type is one of these, in either version of the protocol, or begins with one that ends in a slash, as
    /// [`event_type::AUDIT`](crate::event_type::AUDIT) does.
    pub types: Vec<Uri>,
    /// The severity is one of these.
    pub severities: Vec<EventSeverity>,
    /// The outcome is one of these.
    pub outcomes: Vec<EventOutcome>,
    /// The content names one of these as its resource. URIs are compared as they are written.
    pub resources: Vec<Uri>,
    /// This holds as well.
    pub filter: Option<Filter>,
}

impl Selection {
    /// The severities from one on.
    #[must_use]
    pub fn at_least(least: &EventSeverity) -> Vec<EventSeverity> {
        let all = [EventSeverity::Low, EventSeverity::Medium, EventSeverity::High, EventSeverity::Critical];
        all.into_iter().skip_while(|severity| severity != least).collect()
    }

    /// The conditions as a filter of Events, which a consumer may send to the provider; `None` if there are none. It is
    /// of the standard's grammar unless it names resources, or types that end in a slash.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] when a bound of the window is none that a filter can name, or a list has a value with
    /// characters that no filter has.
    pub fn to_filter(&self) -> Result<Option<Filter>> {
        let mut all = Vec::new();
        let bounds = [(&self.window.from, Operator::GreaterOrEqual), (&self.window.to, Operator::Less)];
        for (bound, operator) in bounds.into_iter().filter_map(|(bound, operator)| bound.as_ref().zip(Some(operator))) {
            all.push(compare("timestamp", operator, date(bound)?)?);
        }
        all.extend(one_of("type", self.types.iter().map(|uri| held(uri.as_str())))?);
        all.extend(one_of("severity", self.severities.iter().map(|severity| severity.as_str().to_owned()))?);
        all.extend(one_of("outcome", self.outcomes.iter().map(|outcome| outcome.as_str().to_owned()))?);
        all.extend(one_of("content/resource", self.resources.iter().map(|uri| uri.as_str().to_owned()))?);
        all.extend(self.filter.clone());
        Ok(Filter::all(all))
    }
}

/// The type as Events hold it: that of 2.0.
fn held(uri: &str) -> String {
    let v2 = crate::Dialect::split_uri(uri).map(|(_, name)| format!("{}/{name}", crate::Dialect::V2.namespace()));
    v2.unwrap_or_else(|| uri.to_owned())
}

fn one_of(attribute: &str, values: impl Iterator<Item = String>) -> Result<Option<Filter>> {
    let each = values.map(|value| {
        let is_beginning = attribute == "type" && value.ends_with('/');
        compare(attribute, if is_beginning { Operator::Prefix } else { Operator::Equal }, value)
    });
    Ok(Filter::any(each.collect::<Result<Vec<_>>>()?))
}

fn compare(attribute: &str, operator: Operator, value: impl Into<Literal>) -> Result<Filter> {
    Filter::compare(attribute, operator, value)
        .map_err(|error| Error::new(ErrorKind::Value, "this cannot be asked for").caused_by(error))
}

fn date(bound: &DateTime) -> Result<Date> {
    let text = bound.as_str().parse().ok();
    text.or_else(|| bound.normalized()?.as_str().parse().ok()).ok_or_else(|| no_such_time(bound))
}

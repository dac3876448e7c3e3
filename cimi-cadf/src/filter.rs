//! Asking which events are meant.

use std::fmt;
use std::str::FromStr;

use cimi_model::filter::{Compiled, Filter, FilterError, FilterOptions, Problem, Subject};
use cimi_model::reflect::Described;

use crate::{Event, Part, Resource};

/// A question to an event, in the language of `cimi_model::filter` with all of its extensions: paths of attributes,
/// compared with strings in quotes, integers, dates, `true`, `false` and `null`, joined by `and`, `or` and parentheses.
///
/// ```
/// use cimi_cadf::{Event, EventFilter};
///
/// let filter: EventFilter = "initiator/name='ann' and action='update' and eventTime>='2025-01-01T00:00:00Z'".parse()?;
/// let text = br#"{"id": "e1", "action": "update/os-start", "eventTime": "2025-01-01T12:00:00.5+0000", "initiatorId": "u1",
///     "target": {"id": "u1", "name": "ann"}, "observer": {"id": "target"}, "tags": ["//a.org/audit/pci-dss?value=on"]}"#;
/// let event = Event::read(text, &Default::default())?.value;
/// assert!(filter.matches(&event));
/// for (filter, expected) in [
///     ("action=='update'", false),
///     ("action!='create'", true),
///     ("observer/name='ann'", true),
///     ("tags='pci-dss'", true),
///     ("tags='pci-dss?value=off'", false),
///     ("eventTime='2025-01-01'", true),
/// ] {
///     assert_eq!(filter.parse::<EventFilter>()?.matches(&event), expected, "{filter}");
/// }
/// assert_eq!("action=update".parse::<EventFilter>().unwrap_err().offset(), 7);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// What holds when:
///
/// * **Taxonomies** (`action`, `outcome`, the `typeURI` of events and resources): `=` is "[is a kind of]", by whole
///   segments, and `!=` is all that `=` is not, also where there is no value. `==` and `!==` compare the texts.
/// * **Times** are instants, whatever offset and spelling they are written in; in the filter they stand in quotes or
///   not. A day (`2025-01-01`) and a month (`2025-01`) are all of their moments, in UTC unless they have an offset.
/// * **Tags**: `tags='…'` holds if one of them [fits] the pattern: by namespace, name or value, or several of these.
///   `tags!='…'` holds if none does; `tags=='…'` compares the texts.
/// * **Initiator, target and observer** are what they stand for: an identifier in place of a resource, and the shorthand
///   of `OpenStack`, are followed as by [`Event::resource`]. Of a resource that the event does not describe, the
///   identifier is known: `initiator/id='x'` finds `"initiatorId": "x"`.
/// * **Arrays**: a path through one, such as `reporterchain/role` or `measurements/result`, holds if it does for one of
///   the items.
/// * **Unknown members** are found by their names, in any namespace: `requestPath='/v2'`, `initiator/project_id='p'`.
/// * **Credentials**: their token, assertions and unknown members fulfil no comparison.
///
/// Everything else is as [`cimi_model::filter`] says: `name^='db'` for texts that begin so, `reason=null` for what is
/// not there, an absent string is an empty one.
///
/// [is a kind of]: crate::Path::is_a
/// [fits]: crate::Tag::fits
#[derive(Clone, PartialEq)]
pub struct EventFilter {
    filter: Filter,
    /// Which parts it asks for, and so which of them have to be followed: in the order of [`Part::ALL`].
    asked: [bool; 3],
}

/// A filter with its names looked up, for many events.
#[derive(Debug)]
pub struct CompiledEventFilter<'f> {
    compiled: Compiled<'f>,
    asked: [bool; 3],
}

impl EventFilter {
    /// The filter of a text.
    ///
    /// # Errors
    /// When it does not follow the grammar; the error knows the place.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let options = FilterOptions { extensions: true, exact: true, ..FilterOptions::default() };
        Filter::parse(text, &options).map(Self::from)
    }

    /// What cannot hold: attributes that no table knows – events may have them by themselves –, values of another type,
    /// operators that a type does not have, secrets.
    ///
    /// ```
    /// use cimi_cadf::EventFilter;
    ///
    /// let filter: EventFilter = "action='read' and initiator/nmae='ann'".parse()?;
    /// assert_eq!(filter.problems()[0].to_string(), "resource has no attribute nmae (at byte 18)");
    /// # Ok::<(), cimi_model::filter::FilterError>(())
    /// ```
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        self.filter.problems(Event::TYPE)
    }

    /// Whether an event is meant. For many events, [`compiled`](Self::compiled) is faster.
    #[must_use]
    pub fn matches(&self, event: &Event) -> bool {
        self.compiled().matches(event)
    }

    /// The filter with its names looked up.
    #[must_use]
    pub fn compiled(&self) -> CompiledEventFilter<'_> {
        CompiledEventFilter { compiled: self.filter.for_type(Event::TYPE), asked: self.asked }
    }

    /// The filter as the engine holds it, dates without their quotes.
    #[must_use]
    pub fn as_filter(&self) -> &Filter {
        &self.filter
    }
}

impl CompiledEventFilter<'_> {
    /// Whether an event is meant.
    #[must_use]
    pub fn matches(&self, event: &Event) -> bool {
        match followed(event, self.asked) {
            Some(event) => self.compiled.matches(&event),
            None => self.compiled.matches(event),
        }
    }
}

impl From<Filter> for EventFilter {
    /// Takes a filter that was built. Strings that are compared with times are dates, as in [`parse`](Self::parse).
    fn from(filter: Filter) -> Self {
        let names = |subject: &Subject, part: Part| match subject {
            Subject::Attribute(path) => path.split('/').next() == Some(part.as_str()),
            _ => false,
        };
        let asked = Part::ALL.map(|part| filter.comparisons().any(|comparison| names(&comparison.subject, part)));
        Self { filter: filter.with_quoted_dates(Event::TYPE), asked }
    }
}

impl FromStr for EventFilter {
    type Err = FilterError;
    fn from_str(text: &str) -> Result<Self, FilterError> {
        Self::parse(text)
    }
}

impl fmt::Display for EventFilter {
    /// The canonical form, which parses to the same filter.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.filter.to_extended_string())
    }
}

impl fmt::Debug for EventFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventFilter({self})")
    }
}

/// The event with what identifiers and shorthands stand for in the places of the parts that are asked for; `None` if
/// none of these is one.
fn followed(event: &Event, asked: [bool; 3]) -> Option<Event> {
    let stands = |part: Part| match event.written(part) {
        Some(resource) => resource.shorthand().is_some(),
        None => event.written_id(part).is_some(),
    };
    let mut whole = None;
    for part in Part::ALL.into_iter().zip(asked).filter_map(|(part, asked)| (asked && stands(part)).then_some(part)) {
        let whole = whole.get_or_insert_with(|| event.clone());
        *whole.slots(part).0 = described(event, part);
    }
    whole
}

/// All that an event says of a part: at the least, its identifier.
fn described(event: &Event, part: Part) -> Option<Resource> {
    let by_id = || event.written_id(part).map(|id| Resource { id: Some(id.clone()), ..Resource::default() });
    event.resource(part).cloned().or_else(by_id)
}

//! Events as flat records, one line of JSON each, for databases that read such lines as tables.
//!
//! Every record has all the [columns](COLUMNS) in the same order; what an event does not say is `null`. Values are texts
//! and numbers only. Nothing is lost: the last column has the whole event as JSON text, and [`event`] reads it back.
//!
//! ```
//! use cimi_cadf::{Event, flat};
//!
//! let text = br#"{"id": "e1", "action": "update/os-start", "eventTime": "2025-01-01T12:00:00+0100",
//!     "initiator": {"id": "u1", "name": "ann", "credential": {"token": "s3cret"}}, "requestPath": "/v2"}"#;
//! let event = Event::read(text, &Default::default())?.value;
//! let line = flat::line(&event)?;
//! assert!(line.starts_with(r#"{"time":"2025-01-01T11:00:00.000000Z","time_text":"2025-01-01T12:00:00+0100","id":"e1","#));
//! assert!(line.contains(r#""action":"update/os-start","action_root":"update","#));
//! assert_eq!(flat::event(line.as_bytes())?, event);
//! # Ok::<(), cimi_model::Error>(())
//! ```
//!
//! # Secrets
//!
//! No column is made of a credential. The last one is the event as it is, with whatever secrets it has: leave it out
//! where they must not go.

mod columns;
mod row;

use cimi_model::{Error, ErrorKind, Result};

use crate::Event;

pub use columns::COLUMNS;
use row::{Cell, Row};

/// A column of flat records.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Column {
    /// The name: the member of the JSON object.
    pub name: &'static str,
    /// What its values are, where they are not null.
    pub kind: ColumnKind,
    /// The description.
    pub doc: &'static str,
    value: for<'r> fn(&'r Row<'r>) -> Cell<'r>,
}

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ColumnKind {
    /// A text.
    Text,
    /// An instant in UTC with six digits of a second: `2025-01-01T12:00:00.000000Z`.
    Timestamp,
    /// A number, always with a fraction, so that whoever guesses types from the first records takes it for one.
    Number,
    /// A number without a fraction.
    Count,
    /// A text that is JSON.
    Json,
}

impl ColumnKind {
    /// The type of SQL.
    #[must_use]
    pub const fn sql(self) -> &'static str {
        match self {
            Self::Text | Self::Json => "VARCHAR",
            Self::Timestamp => "TIMESTAMP WITH TIME ZONE",
            Self::Number => "DOUBLE",
            Self::Count => "BIGINT",
        }
    }
}

/// The flat record of an event: an object of JSON, without a line break.
///
/// # Errors
/// None that is known; the signature is that of [`Event::to_string`].
pub fn line(event: &Event) -> Result<String> {
    let row = Row::new(event)?;
    let mut line = Vec::with_capacity(row.whole.len() * 2 + 1500);
    for (index, column) in COLUMNS.iter().enumerate() {
        line.extend_from_slice(if index == 0 { b"{\"" } else { b",\"" });
        line.extend_from_slice(column.name.as_bytes());
        line.extend_from_slice(b"\":");
        let written = match (column.value)(&row) {
            Cell::Null => {
                line.extend_from_slice(b"null");
                Ok(())
            }
            Cell::Text(text) => serde_json::to_writer(&mut line, &text),
            Cell::Number(number) => serde_json::to_writer(&mut line, &number),
            Cell::Count(count) => serde_json::to_writer(&mut line, &count),
        };
        written.map_err(|error| unwritten().caused_by(error))?;
    }
    line.push(b'}');
    String::from_utf8(line).map_err(|error| unwritten().caused_by(error))
}

fn unwritten() -> Error {
    Error::new(ErrorKind::Write, "the flat record cannot be written")
}

/// The event of a flat record, from the last column.
///
/// # Errors
/// When the text is no flat record, or the event in it cannot be read.
pub fn event(line: &[u8]) -> Result<Event> {
    let none = || Error::new(ErrorKind::Type, "a flat record has its event as text in the member 'event'");
    let row: serde_json::Value = serde_json::from_slice(line)
        .map_err(|error| Error::new(ErrorKind::Syntax, "the flat record is not JSON").caused_by(error))?;
    let text = row.get("event").and_then(serde_json::Value::as_str).ok_or_else(none)?;
    Ok(Event::read(text.as_bytes(), &cimi_model::ReadOptions::default())?.value)
}

//! Records as values of any type, and back: for formats that carry one document inside of another.

use super::{any, read, write};
use crate::any::Any;
use crate::context::{Context, Parsed, ReadOptions};
use crate::reflect::{Described, Record};
use crate::{Error, ErrorKind, Limits, Result, WriteOptions};

/// The value that a record is in JSON: what [`to_string`](super::to_string) writes.
///
/// ```
/// use cimi_model::{Machine, json};
///
/// let machine = Machine { cpu: Some(2), ..Default::default() };
/// let value = json::to_any(&machine, Default::default())?;
/// assert_eq!(value.get("cpu"), Some(&2.into()));
/// assert_eq!(json::from_any::<Machine>(&value, &Default::default())?.value, machine);
/// # Ok::<(), cimi_model::Error>(())
/// ```
///
/// # Errors
/// When the record has a member twice, which no record that was read has.
pub fn to_any(record: &dyn Record, options: WriteOptions) -> Result<Any> {
    let text = write::to_string(record, WriteOptions { pretty: false, ..options })?;
    // What the memory holds has passed the limits of whoever put it there.
    let most = usize::MAX;
    let limits = Limits { size: most, depth: most, elements: most, attributes: most, name: most, deviations: 0 };
    any::read(&text, &mut Context::new(&ReadOptions { strict: false, limits }))
}

/// Reads a record from the value that it is in JSON, as [`from_slice`](super::from_slice) reads it from text.
///
/// # Errors
/// As [`from_slice`](super::from_slice); there are no locations.
pub fn from_any<T: Described>(value: &Any, options: &ReadOptions) -> Result<Parsed<T>> {
    let fail = |error| Error::new(ErrorKind::Write, "the value cannot be written").caused_by(error);
    let text = serde_json::to_vec(value).map_err(fail)?;
    read::from_slice(&text, options)
}

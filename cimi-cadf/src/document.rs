//! Reading and writing of whole documents, in either format.

use cimi_model::reflect::{Described, Record};
use cimi_model::{Format, Parsed, ReadOptions, Result, WriteOptions, json, xml};

/// Reads a document, as JSON or XML by its first character.
pub(crate) fn read<T: Described>(input: &[u8], options: &ReadOptions) -> Result<Parsed<T>> {
    match Format::of(input) {
        Format::Xml => xml::from_slice(input, options),
        _ => json::from_slice(input, options),
    }
}

/// Writes a document.
pub(crate) fn to_string(record: &dyn Record, format: Format, options: WriteOptions) -> Result<String> {
    match format {
        Format::Xml => xml::to_string(record, options),
        _ => json::to_string(record, options),
    }
}

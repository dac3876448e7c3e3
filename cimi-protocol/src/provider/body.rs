//! The body of a request as a document.

use cimi_model::reflect::Record;
use cimi_model::registry::Entry;
use cimi_model::{Deviation, Document, ErrorKind, Format, ReadOptions, Registry, json, xml};

use super::Refusal;

/// The body of a request, before its type is known.
#[derive(Clone, Copy)]
pub(super) struct Body<'b> {
    pub bytes: &'b [u8],
    pub format: Format,
    pub options: ReadOptions,
    pub registry: &'b Registry,
}

/// A document that was read.
pub(super) struct Found {
    pub document: Document,
    pub deviations: Vec<Deviation>,
}

impl Found {
    pub(super) fn record(&self) -> &dyn Record {
        self.document.record()
    }

    /// Whether the document has an attribute of this name that its type does not have.
    pub(super) fn has_extension(&self, name: &str) -> bool {
        self.record().extensions().get(name).is_some()
    }
}

impl Body<'_> {
    /// Reads the document as the type that is expected, or as the one that it says it has.
    ///
    /// A document of the expected type, which nearly all are, is read once. Only another type has it read anew.
    pub(super) fn read(&self, expected: &Entry) -> Result<Found, Refusal> {
        match self.read_as(expected) {
            Err(error) if error.kind() == ErrorKind::Type => self.read_as_said(),
            found => Ok(found?),
        }
    }

    /// Reads the document as the type that it says it has.
    pub(super) fn read_as_said(&self) -> Result<Found, Refusal> {
        let parsed = Document::read(self.bytes, self.registry, &self.options)?;
        Ok(Found { document: parsed.value, deviations: parsed.deviations })
    }

    /// Reads the document as this type, which it need not say.
    pub(super) fn read_as(&self, entry: &Entry) -> cimi_model::Result<Found> {
        let mut record = (entry.new)();
        let parsed = match self.format {
            Format::Xml => xml::read_into(self.bytes, &mut *record, &self.options)?,
            _ => json::read_into(self.bytes, &mut *record, &self.options)?,
        };
        Ok(Found { document: record.into(), deviations: parsed.deviations })
    }

    /// Whether the document says its type. In XML it cannot but do so; in JSON the member need not be there (4.1.4).
    pub(super) fn says_type(&self) -> bool {
        self.format == Format::Xml || std::str::from_utf8(self.bytes).is_ok_and(|text| text.contains("\"resourceURI\""))
    }
}

//! What a record holds that a dialect does not have.

use std::fmt;

use crate::error::{Path, Step};
use crate::reflect::{Record, View, omitted};
use crate::{Deviation, Dialect};

/// Finds what will be written in the namespace of the other version when `record` is written in `dialect`: types and
/// attributes that this one does not have. Nothing of it is lost; a peer that speaks only this dialect will not
/// understand it.
#[must_use]
pub fn foreign_parts(record: &dyn Record, dialect: Dialect) -> Vec<Deviation> {
    let mut search = Search { dialect, path: Path::default(), found: Vec::new() };
    let record_type = record.record_type();
    search.path.push(Step::Name(record_type.name));
    if record_type.written_in(dialect) == dialect {
        search.record(record);
    } else {
        search.report(format_args!("the type {} does not exist", record_type.name));
    }
    search.found
}

struct Search {
    dialect: Dialect,
    path: Path,
    found: Vec<Deviation>,
}

impl Search {
    fn report(&mut self, what: fmt::Arguments<'_>) {
        let version = match self.dialect {
            Dialect::V1 => "1.x",
            Dialect::V2 => "2.0",
        };
        let text = format!("{what} in CIMI {version}; written last, as the other version has it");
        self.found.push(Deviation { path: self.path.to_string(), text, location: None });
    }

    fn record(&mut self, record: &dyn Record) {
        for (index, attribute) in record.record_type().attributes.iter().enumerate() {
            let Some(value) = record.get(index) else { continue };
            let view = value.view();
            if omitted(&view, attribute.kind) {
                continue;
            }
            self.path.push(Step::Name(attribute.name));
            if self.dialect.has(attribute.versions) {
                self.view(&view);
            } else {
                self.report(format_args!("the attribute does not exist"));
            }
            self.path.pop();
        }
    }

    fn view(&mut self, view: &View<'_>) {
        match view {
            View::Record(record) => self.record(*record),
            View::Ref(reference) => {
                if let Some(record) = reference.record() {
                    self.record(record);
                }
            }
            View::List(list) => {
                for index in 0..list.len() {
                    self.path.push(Step::Index(index));
                    self.view(&list.item(index));
                    self.path.pop();
                }
            }
            _ => {}
        }
    }
}

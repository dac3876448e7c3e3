//! What the tables of the model say: which attributes and elements are required, of which type, and of which version.

use cimi_model::meta::{Attribute as Row, Kind, Type, Versions, XmlForm};
use cimi_model::reflect::{Record, View};

use super::{Checker, Level, Rule};
use crate::Version;
use crate::model::namespaces::{FOREIGN, OVF, OVF_2, XSI};
use crate::model::{self, Envelope, attribute_namespace};
use crate::tree::Element;

/// What a structure must not lack even in OVF 0.9, which has no schema that is known: without these nothing works.
const ALWAYS: &[(&str, &str)] = &[
    ("Envelope", "References"),
    ("Envelope", "VirtualSystem"),
    ("File", "id"),
    ("File", "href"),
    ("Disk", "diskId"),
    ("Disk", "capacity"),
    ("Network", "name"),
    ("VirtualSystem", "id"),
    ("VirtualSystemCollection", "id"),
    ("Property", "key"),
    ("Property", "type"),
    ("Item", "InstanceID"),
];

/// What the schema demands, and consumers do without.
const DISPENSABLE: &[&str] =
    &["Info", "ElementName", "Description", "Label", "initialBootStopDelay", "Annotation", "License", "Configuration"];

impl<'d> Checker<'d> {
    /// Checks all structures. Not recursive.
    pub(super) fn structure(&mut self, envelope: &'d Envelope) {
        let mut open: Vec<&'d dyn Record> = vec![envelope];
        while let Some(record) = open.pop() {
            if let Some(element) = model::node_of(record).element(self.tree) {
                self.record(element, record);
            }
            for index in 1..record.record_type().attributes.len() {
                match record.get(index).map(|value| value.view()) {
                    Some(View::Record(inner)) => open.push(inner),
                    Some(View::List(list)) => {
                        let records = (0..list.len()).filter_map(|at| match list.item(at) {
                            View::Record(inner) => Some(inner),
                            _ => None,
                        });
                        open.extend(records);
                    }
                    _ => {}
                }
            }
        }
    }

    fn record(&mut self, element: Element<'d>, record: &'d dyn Record) {
        let kind = record.record_type();
        let is_absent = |index: usize| match record.get(index).map(|value| value.view()) {
            Some(View::List(list)) => list.is_empty(),
            Some(View::Absent) | None => true,
            Some(_) => false,
        };
        // Rows that are there as elements or attributes, whatever became of their values.
        let mut seen: u128 = 0;
        for attribute in element.attributes() {
            let namespace = self.vocabulary.attribute(attribute).name;
            let Some(index) = kind.find(attribute.name(), 1) else { continue };
            let Some(row) = kind.attributes.get(index).filter(|row| row.xml == XmlForm::Attribute) else { continue };
            let expected = attribute_namespace(kind, row);
            if matches!(namespace, FOREIGN | XSI) || !(namespace == expected || namespace.is_empty()) {
                continue;
            }
            if mark(&mut seen, index) && is_absent(index) {
                self.not_understood(element, kind, row, &attribute.value());
            }
            self.later_version(element, attribute.namespace(), kind, row);
        }
        let mut last = 1;
        for child in element.children() {
            let Some(index) = self.vocabulary.row(kind, child, last) else {
                if !can_hold_sections(kind) {
                    self.unknown_element(child);
                }
                continue;
            };
            let Some(row) = kind.attributes.get(index) else { continue };
            last = index;
            if mark(&mut seen, index) && is_absent(index) && !model::is_nil(child) {
                self.not_understood(child, kind, row, &model::element_text(kind, child));
            }
            self.later_version(child, child.namespace(), kind, row);
        }
        for (index, row) in kind.attributes.iter().enumerate() {
            let required = row.constraints_stated && row.constraints.consumer_mandatory;
            if required && seen & bit(index) == 0 {
                self.missing(element, kind, row);
            }
        }
    }

    fn missing(&mut self, element: Element<'d>, kind: &Type, row: &Row) {
        if self.version == Version::V0_9 && !ALWAYS.contains(&(kind.name, row.name)) {
            return;
        }
        // Of the machine as a whole there is one only.
        let is_dispensable = DISPENSABLE.contains(&row.name) || (kind.name, row.name) == ("System", "InstanceID");
        let level = if is_dispensable { Level::Loose } else { Level::Wrong };
        self.report_at(element, level, Rule::Required, model::missing(kind, row));
    }

    /// A value that is in the document, and not in the structure.
    fn not_understood(&mut self, element: Element<'d>, kind: &Type, row: &Row, text: &str) {
        let expected = match row.kind {
            Kind::Integer => model::expected_integer(row),
            Kind::Boolean => "true or false",
            _ => return,
        };
        // Numbers beyond the range that products write where they do not know better, and consumers do without.
        let is_dispensable = matches!((kind.name, row.name), ("File", "size") | ("OperatingSystemSection", "id"));
        let level = if is_dispensable && text.trim().parse::<i64>().is_ok() { Level::Loose } else { Level::Wrong };
        self.report_at(element, level, Rule::Value, model::refused(kind, row, text, expected));
    }

    /// The version that the descriptor says it has; its namespace tells which it has.
    pub(super) fn stated_version(&mut self, envelope: &Envelope) {
        let Some(stated) = envelope.version.as_deref().map(str::trim).filter(|stated| !stated.is_empty()) else {
            return;
        };
        let major = match self.version {
            Version::V0_9 => "0",
            Version::V1 => "1",
            Version::V2 => "2",
        };
        if stated.split('.').next() != Some(major) {
            let text = format!("ovf:version: '{}' is not of this namespace", cimi_model::printable(stated));
            self.report(envelope.node, Level::Loose, Rule::Version, text);
        }
    }

    /// Something of OVF 2.x in a descriptor of an older version.
    fn later_version(&mut self, element: Element<'d>, namespace: &str, kind: &Type, row: &Row) {
        let inner_is_later = || match row.kind {
            Kind::Structure(inner) => inner().versions == Versions::V2,
            Kind::Array(Kind::Structure(inner)) => inner().versions == Versions::V2,
            _ => false,
        };
        if self.version == Version::V2 || kind.versions == Versions::V2 {
            return;
        }
        if row.versions != Versions::V2 && !inner_is_later() {
            return;
        }
        let name = model::named(kind, row);
        if namespace == OVF_2 {
            // Products put single sections of 2.x into descriptors of 1.x.
            self.report_at(element, Level::Note, Rule::Version, format!("{name} is of OVF 2.x"));
        } else if attribute_namespace(kind, row) == OVF {
            self.report_at(element, Level::Loose, Rule::Version, format!("{name} is not of this version of OVF"));
        }
    }
}

/// Whether what is unknown in a structure may be a section, which has rules of its own.
fn can_hold_sections(kind: &Type) -> bool {
    matches!(kind.name, "Envelope" | "VirtualSystem" | "VirtualSystemCollection")
}

fn bit(index: usize) -> u128 {
    1 << (index % 128)
}

/// Whether this is the first time.
fn mark(seen: &mut u128, index: usize) -> bool {
    let first = *seen & bit(index) == 0;
    *seen |= bit(index);
    first
}

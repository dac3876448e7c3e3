//! Which sections stand where, and those of vendors.

use cimi_model::printable;

use super::{Checker, Level, Rule};
use crate::model::Node;
use crate::model::namespaces::{FOREIGN, OVF, XENC};
use crate::tree::Element;

const ENVELOPE: u8 = 1;
const COLLECTION: u8 = 2;
const SYSTEM: u8 = 4;

/// Where the standard has each section.
const PLACES: &[(&str, u8)] = &[
    ("DiskSection", ENVELOPE),
    ("SharedDiskSection", ENVELOPE),
    ("NetworkSection", ENVELOPE),
    ("DeploymentOptionSection", ENVELOPE),
    ("EncryptionSection", ENVELOPE),
    ("PlacementGroupSection", ENVELOPE | COLLECTION),
    ("ResourceAllocationSection", COLLECTION),
    ("StartupSection", COLLECTION),
    ("ScaleOutSection", COLLECTION),
    ("AnnotationSection", COLLECTION | SYSTEM),
    ("ProductSection", COLLECTION | SYSTEM),
    ("EulaSection", COLLECTION | SYSTEM),
    ("PlacementSection", COLLECTION | SYSTEM),
    ("VirtualHardwareSection", SYSTEM),
    ("OperatingSystemSection", SYSTEM),
    ("InstallSection", SYSTEM),
    ("EnvironmentFilesSection", SYSTEM),
    ("BootDeviceSection", SYSTEM),
];

impl<'d> Checker<'d> {
    pub(super) fn sections_of_envelope(&mut self) {
        let root = self.tree.root();
        self.sections(root, ENVELOPE, "Envelope");
        let is_content = |name: &str| matches!(name, "VirtualSystem" | "VirtualSystemCollection");
        let content = |child: &Element<'d>| self.vocabulary.is_ovf(*child) && is_content(self.vocabulary.name(*child));
        let second = root.children().filter(content).nth(1);
        if let Some(second) = second {
            let text = "an envelope has one system or collection; this one is ignored";
            self.report_at(second, Level::Wrong, Rule::Content, text);
        }
    }

    pub(super) fn sections_of(&mut self, node: Node) {
        let Some(element) = node.element(self.tree) else { return };
        match self.vocabulary.name(element) {
            kind @ "VirtualSystemCollection" => self.sections(element, COLLECTION, kind),
            _ => self.sections(element, SYSTEM, "VirtualSystem"),
        }
    }

    fn sections(&mut self, parent: Element<'d>, place: u8, kind: &str) {
        for child in parent.children() {
            let namespace = self.vocabulary.element(child).name;
            if namespace == FOREIGN {
                self.foreign(child);
                continue;
            }
            let name = self.vocabulary.name(child);
            if namespace == XENC || !name.ends_with("Section") {
                continue;
            }
            match PLACES.iter().find(|(known, _)| *known == name) {
                Some((_, places)) if places & place != 0 => {}
                Some(_) => {
                    let text = format!("{name} does not belong into {kind}");
                    self.report_at(child, Level::Wrong, Rule::Placement, text);
                }
                None => self.unknown(child, name),
            }
        }
    }

    /// A section in the namespace of the standard that the standard does not have.
    fn unknown(&mut self, section: Element<'d>, name: &str) {
        let level = match self.is_required(section) {
            Some(false) => Level::Note,
            _ => Level::Wrong,
        };
        self.report_at(section, level, Rule::UnknownSection, format!("{} is not of the standard", printable(name)));
    }

    fn foreign(&mut self, section: Element<'d>) {
        let name = printable(section.name());
        let (level, text) = match self.is_required(section) {
            Some(false) => (Level::Note, format!("{name} of a vendor may be ignored")),
            Some(true) => (Level::Wrong, format!("{name} of a vendor is required, and not known")),
            None if self.is_section(section) => {
                (Level::Loose, format!("{name} of a vendor does not say that it may be ignored"))
            }
            None => (Level::Loose, format!("{name} of a vendor is no section")),
        };
        self.report_at(section, level, Rule::UnknownSection, text);
    }

    /// An element that no structure has; those of vendors are welcome wherever they may be ignored.
    pub(super) fn unknown_element(&mut self, element: Element<'d>) {
        if self.is_required(element) == Some(true) {
            let text = format!("{} is required, and not known", printable(element.name()));
            self.report_at(element, Level::Wrong, Rule::UnknownSection, text);
        }
    }

    /// What a section says about itself.
    fn is_required(&self, section: Element<'d>) -> Option<bool> {
        let required = |bare: bool| {
            section.attributes().find(|attribute| {
                let namespace = self.vocabulary.attribute(*attribute).name;
                attribute.name() == "required" && if bare { namespace.is_empty() } else { namespace == OVF }
            })
        };
        let value = required(false).or_else(|| required(true))?.value();
        match value.trim() {
            text if text.eq_ignore_ascii_case("false") || text == "0" => Some(false),
            text if text.eq_ignore_ascii_case("true") || text == "1" => Some(true),
            _ => None,
        }
    }

    fn is_section(&self, element: Element<'d>) -> bool {
        let is_info = |child: Element<'_>| child.name() == "Info" && self.vocabulary.is_ovf(child);
        element.name().ends_with("Section") || element.children().any(is_info)
    }
}

//! Systems and collections.

use std::collections::HashSet;

use cimi_model::printable;

use super::{Checker, Level, Rule};
use crate::model::{
    Content, EncryptionSection, Envelope, EnvironmentFilesSection, Node, PlacementGroupSection, PlacementSection,
    ScaleOutSection, StartupItem, StartupSection, VirtualSystem, VirtualSystemCollection,
};

/// So many instances or more of one machine are no mistake only where a maximum confirms them.
const MANY: i64 = 1_000_000;

impl<'d> Checker<'d> {
    /// Checks a system or collection with all in it. Recursive; the depth of a descriptor is bounded.
    pub(super) fn content(&mut self, content: &'d Content) {
        match content {
            Content::System(system) => self.system(system),
            Content::Collection(collection) => self.collection(collection),
        }
        let mut ids = HashSet::new();
        for member in content.members() {
            self.unique(&mut ids, member.id(), member.node(), "a member");
            self.content(member);
        }
    }

    fn system(&mut self, system: &'d VirtualSystem) {
        self.sections_of(system.node);
        self.product_sections(&system.product_sections);
        if system.virtual_hardware_sections.is_empty() {
            self.report(system.node, Level::Advice, Rule::Content, "the machine has no VirtualHardwareSection");
        }
        for (name, count) in [
            ("OperatingSystemSection", system.operating_system_sections.len()),
            ("InstallSection", system.install_sections.len()),
            ("BootDeviceSection", system.boot_device_sections.len()),
        ] {
            if count > 1 {
                self.report(system.node, Level::Loose, Rule::Content, format!("the machine has {count} {name}s"));
            }
        }
        self.hardware_sections(&system.virtual_hardware_sections);
        for section in &system.environment_files_sections {
            self.environment_files(section);
        }
        for section in &system.boot_device_sections {
            self.boot_devices(section);
        }
        for section in &system.resource_allocation_sections {
            self.resource_allocation(section);
        }
        let own = [system.id.as_deref().unwrap_or_default()];
        let own: HashSet<&str> = own.into_iter().collect();
        for section in &system.startup_sections {
            self.startup(section, &own, Level::Loose);
        }
        self.scale_out(&system.scale_out_sections, &own);
        self.placements(&system.placement_sections);
    }

    fn collection(&mut self, collection: &'d VirtualSystemCollection) {
        self.sections_of(collection.node);
        self.product_sections(&collection.product_sections);
        if collection.content.is_empty() {
            self.report(collection.node, Level::Loose, Rule::Content, "the collection is empty");
        }
        for section in &collection.resource_allocation_sections {
            self.resource_allocation(section);
        }
        let ids: HashSet<&str> = collection.content.iter().filter_map(Content::id).collect();
        for section in &collection.startup_sections {
            self.startup(section, &ids, Level::Wrong);
        }
        self.scale_out(&collection.scale_out_sections, &ids);
        self.placements(&collection.placement_sections);
    }

    fn startup(&mut self, section: &'d StartupSection, members: &HashSet<&str>, level: Level) {
        let mut seen = HashSet::new();
        for item in &section.items {
            if let Some(id) = item.id.as_deref() {
                if !members.contains(id) {
                    let text = format!("there is no member '{}' here", printable(id));
                    self.report(item.node, level, Rule::Reference, text);
                }
                self.unique(&mut seen, Some(id), item.node, "an item");
            }
            self.actions(item);
        }
    }

    fn actions(&mut self, item: &StartupItem) {
        let start = ("startAction", item.start_action.as_deref(), &["powerOn", "none"][..]);
        let stop = ("stopAction", item.stop_action.as_deref(), &["powerOff", "guestShutdown", "none"][..]);
        for (name, value, known) in [start, stop] {
            if let Some(value) = value.filter(|value| !known.contains(value)) {
                let text = format!("ovf:{name}: '{}' is not one of {}", printable(value), known.join(", "));
                self.report(item.node, Level::Loose, Rule::Value, text);
            }
        }
    }

    fn scale_out(&mut self, sections: &'d [ScaleOutSection], members: &HashSet<&str>) {
        let mut ids = HashSet::new();
        for section in sections {
            self.unique(&mut ids, section.id.as_deref(), section.node, "a ScaleOutSection");
            if let Some(id) = section.id.as_deref().filter(|id| !members.contains(id)) {
                let text = format!("there is no member '{}' here", printable(id));
                self.report(section.node, Level::Wrong, Rule::Reference, text);
            }
            for count in &section.instance_counts {
                self.configuration_list(count.node, count.configuration.as_deref());
                let minimum = count.minimum.unwrap_or(1);
                let Some(default) = count.default else { continue };
                if minimum > default && count.minimum.is_some() {
                    let text = format!("the default {default} is less than the minimum {minimum}");
                    self.report(count.node, Level::Wrong, Rule::Bounds, text);
                }
                match count.maximum {
                    Some(maximum) if default > maximum => {
                        let text = format!("the default {default} is more than the maximum {maximum}");
                        self.report(count.node, Level::Wrong, Rule::Bounds, text);
                    }
                    None if default >= MANY => {
                        let text = format!("{default} instances, without a maximum");
                        self.report(count.node, Level::Advice, Rule::Bounds, text);
                    }
                    _ => {}
                }
            }
        }
    }

    /// Checks all groups of the descriptor: a member may be placed with any of them.
    pub(super) fn placement_groups(&mut self, envelope: &'d Envelope) {
        let mut ids = HashSet::new();
        let mut lists: Vec<&'d [PlacementGroupSection]> = vec![&envelope.placement_group_sections];
        let mut open: Vec<&'d Content> = envelope.content.iter().collect();
        while let Some(content) = open.pop() {
            lists.push(match content {
                Content::System(system) => &system.placement_group_sections,
                Content::Collection(collection) => &collection.placement_group_sections,
            });
            open.extend(content.members().iter().rev());
        }
        for group in lists.into_iter().flatten() {
            self.unique(&mut ids, group.id.as_deref(), group.node, "a group");
            let is_known = |policy: &str| matches!(policy, "affinity" | "availability") || policy.contains(':');
            let unknown = super::list(group.policy.as_deref()).find(|policy| !is_known(policy));
            if let Some(policy) = unknown {
                let text = format!("ovf:policy: '{}' is not affinity, availability or a URI", printable(policy));
                self.report(group.node, Level::Loose, Rule::Value, text);
            }
        }
    }

    fn placements(&mut self, sections: &'d [PlacementSection]) {
        for section in sections {
            if let Some(group) = section.group.as_deref().filter(|group| !self.names.groups.contains(group)) {
                let text = format!("there is no PlacementGroupSection '{}'", printable(group));
                self.report(section.node, self.dangling(), Rule::Reference, text);
            }
        }
    }

    fn environment_files(&mut self, section: &'d EnvironmentFilesSection) {
        let mut paths = HashSet::new();
        for file in &section.files {
            self.file_reference(file.node, file.file_ref.as_deref(), self.dangling());
            let Some(path) = file.path.as_deref() else { continue };
            self.unique(&mut paths, Some(path), file.node, "a file");
            #[cfg(feature = "package")]
            if !path.is_empty() && crate::package::check_name(path).is_err() {
                let text = format!("ovf:path: '{}' leads out of the medium", printable(path));
                self.report(file.node, Level::Wrong, Rule::Name, text);
            }
        }
    }

    /// Checks that what is said to be encrypted is there.
    pub(super) fn encryption(&mut self, envelope: &'d Envelope) {
        if envelope.encryption_sections.is_empty() {
            return;
        }
        let mut ids: HashSet<String> = self.names.files.iter().map(|id| (*id).to_owned()).collect();
        let mut open = vec![self.tree.root()];
        while let Some(element) = open.pop() {
            let id =
                element.attributes().find(|attribute| attribute.name() == "Id" && attribute.namespace().is_empty());
            ids.extend(id.map(|id| id.value().into_owned()));
            open.extend(element.children());
        }
        for (node, uri) in envelope.encryption_sections.iter().flat_map(references) {
            let Some(id) = uri.strip_prefix('#') else { continue };
            if !ids.contains(id) {
                let text = format!("nothing has the Id '{}'", printable(id));
                self.report(node, Level::Wrong, Rule::Reference, text);
            }
        }
    }
}

fn references(section: &EncryptionSection) -> impl Iterator<Item = (Node, &str)> {
    let derived = section.derived_keys.iter().filter_map(|key| key.reference_list.as_ref());
    let encrypted = section.encrypted_keys.iter().filter_map(|key| key.reference_list.as_ref());
    let all = derived.chain(encrypted).flat_map(|list| list.data_references.iter().chain(&list.key_references));
    all.filter_map(|reference| Some((reference.node, reference.uri.as_deref()?)))
}

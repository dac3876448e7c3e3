//! The identifiers of a descriptor that others refer to.

use std::collections::HashSet;

use super::properties;
use crate::model::{Content, Envelope, ProductSection};
use crate::properties::LONGEST_NAMES as LONGEST_KEYS;

/// What references may lead to.
#[derive(Debug, Default)]
pub(super) struct Names<'d> {
    pub(super) files: HashSet<&'d str>,
    pub(super) disks: HashSet<&'d str>,
    pub(super) networks: HashSet<&'d str>,
    pub(super) configurations: HashSet<&'d str>,
    pub(super) groups: HashSet<&'d str>,
    /// The keys of all properties, whole and without class and instance.
    pub(super) properties: HashSet<String>,
    /// How many bytes of keys there may still be.
    room: usize,
    /// The keys of messages; none when a bundle is outside of the descriptor, which may have any.
    pub(super) messages: Option<HashSet<&'d str>>,
}

impl<'d> Names<'d> {
    pub(super) fn of(envelope: &'d Envelope) -> Self {
        let mut names = Self { room: LONGEST_KEYS, ..Self::default() };
        let files = envelope.references.iter().flat_map(|references| &references.files);
        names.files = files.filter_map(|file| file.id.as_deref()).collect();
        let disks = envelope.disk_sections.iter().flat_map(|section| &section.disks);
        let shared = envelope.shared_disk_sections.iter().flat_map(|section| &section.disks);
        let shared = shared.filter_map(|disk| disk.disk_id.as_deref());
        names.disks = disks.filter_map(|disk| disk.disk_id.as_deref()).chain(shared).collect();
        let networks = envelope.network_sections.iter().flat_map(|section| &section.networks);
        names.networks = networks.filter_map(|network| network.name.as_deref()).collect();
        let configurations = envelope.deployment_option_sections.iter().flat_map(|section| &section.configurations);
        names.configurations = configurations.filter_map(|configuration| configuration.id.as_deref()).collect();
        if envelope.strings.iter().all(|bundle| bundle.file_ref.is_none()) {
            let messages = envelope.strings.iter().flat_map(|bundle| &bundle.messages);
            names.messages = Some(messages.filter_map(|message| message.msgid.as_deref()).collect());
        }
        names.groups = envelope.placement_group_sections.iter().filter_map(|group| group.id.as_deref()).collect();
        names.add_properties(&envelope.product_sections);
        let mut open: Vec<&'d Content> = envelope.content.iter().collect();
        while let Some(content) = open.pop() {
            names.add_content(content);
            open.extend(content.members());
        }
        names
    }

    fn add_content(&mut self, content: &'d Content) {
        let groups = match content {
            Content::System(system) => &system.placement_group_sections,
            Content::Collection(collection) => &collection.placement_group_sections,
        };
        self.groups.extend(groups.iter().filter_map(|group| group.id.as_deref()));
        self.add_properties(content.product_sections());
    }

    fn add_properties(&mut self, sections: &'d [ProductSection]) {
        for (section, property) in properties::of(sections) {
            let Some(key) = property.key.as_deref() else { continue };
            self.properties.insert(key.to_owned());
            let around = [&section.class, &section.instance].into_iter().flatten().map(String::len).sum();
            if let Some(room) = self.room.checked_sub(around) {
                self.room = room;
                self.properties.insert(section.whole_key(key));
            }
        }
    }
}

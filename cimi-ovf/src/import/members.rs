//! What the sections of a collection say of its members: whether they start, and how many there are.

use std::collections::HashMap;

use cimi_model::{ComponentDescriptor, MachineState};

use super::map::Mapping;
use super::report::Fate;
use crate::model::{Content, ScaleOutSection, VirtualSystemCollection};

impl<'d> Mapping<'_, 'd> {
    /// The first components are those of the members, in their order.
    pub(super) fn members(&mut self, components: &mut [ComponentDescriptor], collection: &'d VirtualSystemCollection) {
        let places: HashMap<&str, usize> =
            collection.content.iter().enumerate().filter_map(|(at, member)| Some((member.id()?, at))).collect();
        self.startup(components, collection, &places);
        for section in &collection.scale_out_sections {
            let place = section.id.as_deref().and_then(|id| places.get(id));
            if let Some(place) = place {
                let at = format!("/componentDescriptors[{place}]/quantity");
                self.note_quantity(section, &at);
            }
        }
    }

    /// Reports the section that the quantity of a member is from.
    pub(super) fn note_quantity(&mut self, section: &'d ScaleOutSection, at: &str) {
        let count = self.source.deployment.instance_count(section);
        let is_all = section.instance_counts.len() == 1
            && section.description.is_none()
            && count.is_some_and(|count| {
                count.minimum.is_none_or(|minimum| minimum == 1) && count.maximum.is_none() && count.default > Some(0)
            });
        let element = self.source.element(section.node);
        if is_all {
            self.note(element, Fate::Exact, at, "the number of instances");
        } else {
            let text = "the number of instances; its bounds, and those for other options, are kept aside";
            self.note(element, Fate::Approximate, at, text);
        }
    }

    /// Whether the machines of a collection start with it; the order, which CIMI does not have, is in the extension.
    fn startup(
        &mut self,
        components: &mut [ComponentDescriptor],
        collection: &'d VirtualSystemCollection,
        places: &HashMap<&str, usize>,
    ) {
        for section in &collection.startup_sections {
            let text = "its items one by one; all of it is kept aside as well";
            self.note(self.source.element(section.node), Fate::Approximate, "", text);
            for item in &section.items {
                let place = item.id.as_deref().and_then(|id| places.get(id)).copied();
                let Some(place) = place.filter(|at| matches!(collection.content.get(*at), Some(Content::System(_))))
                else {
                    continue;
                };
                let component = components.get_mut(place).and_then(|component| component.machine_template.as_mut());
                let Some(template) = component.and_then(|template| template.value.as_mut()) else { continue };
                let starts = item.start_action.as_deref() != Some("none");
                template.initial_state = Some(if starts { MachineState::Started } else { MachineState::Stopped });
                let at = format!("/componentDescriptors[{place}]/machineTemplate/initialState");
                let text = "whether the machine starts with the others; order, delays and how it stops are kept aside";
                self.note(self.source.element(item.node), Fate::Approximate, &at, text);
            }
        }
    }
}

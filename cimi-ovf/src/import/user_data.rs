//! The user data of machines: what their guests learn from properties.

use std::collections::HashMap;
use std::iter::successors;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cimi_model::{Error, ErrorKind, Result};

use super::map::Mapping;
use super::report::Fate;
use super::source::Source;
use crate::environment::{EnvironmentDocument, EnvironmentProperty, PropertySection};
use crate::model::{Content, ProductEntry, VirtualHardwareSection, VirtualSystem};
use crate::properties::{ChosenProperty, Owner, Properties, Resolver};
use crate::tree::ElementId;

/// The properties that guests take user data from: those of cloud-init, of its source for `VMware`, of Ignition, with or
/// without their class.
const KEYS: [&str; 7] = [
    "user-data",
    "userdata",
    "user_data",
    "guestinfo.userdata",
    "guestinfo.user-data",
    "guestinfo.ignition.config.data",
    "guestinfo.coreos.config.data",
];
/// Of these, cloud-init finds out by itself whether the value is encoded; of the others, a property beside it says it.
const GUEST_INFO: &str = "guestinfo.";

/// How much user data there may be in all: properties of a collection are those of each of its machines.
const MOST: usize = 4 << 20;
/// How many errors are looked up: to find the place of one takes time in the length of the descriptor.
const MOST_ERRORS: usize = 20;

/// The properties of a descriptor, if a guest learns any of them.
pub(super) fn properties<'d>(source: &Source<'d>) -> Result<Option<Properties<'d>>> {
    let mut open = vec![source.content];
    let mut is_learned = false;
    while let Some(content) = open.pop() {
        open.extend(content.members());
        let entries = content.product_sections().iter().flat_map(|section| &section.entries);
        is_learned |= entries.into_iter().any(|entry| match entry {
            // The end of the whole key, whatever the class is.
            ProductEntry::Property(property) => property.key.as_deref().is_some_and(is_end_of_key),
            ProductEntry::Category(_) => false,
        });
        if let Content::System(system) = content {
            is_learned |= system.virtual_hardware_sections.first().is_some_and(has_transport);
        }
    }
    is_learned.then(|| Properties::new(source.descriptor, source.deployment)).transpose()
}

/// Whether the guest gets an environment.
fn has_transport(hardware: &VirtualHardwareSection) -> bool {
    hardware.transport.as_deref().is_some_and(|transport| !transport.trim().is_empty())
}

fn is_key(key: &str) -> bool {
    KEYS.iter().any(|known| known.eq_ignore_ascii_case(key))
}

fn is_end_of_key(key: &str) -> bool {
    KEYS.iter().any(|known| {
        let end = known.len().checked_sub(key.len()).and_then(|start| known.get(start..));
        end.is_some_and(|end| !end.is_empty() && end.eq_ignore_ascii_case(key))
    })
}

/// What the guests of a descriptor learn.
pub(super) struct Guests<'p, 'd> {
    properties: &'p Properties<'d>,
    resolver: Resolver<'p, 'd>,
    owners: HashMap<ElementId, Owner>,
    /// The user data of systems and collections, where a property is that.
    data: HashMap<Owner, Data<'p, 'd>>,
    room: usize,
    errors: usize,
}

/// A property that is the user data.
#[derive(Clone, Copy)]
struct Data<'p, 'd> {
    property: &'p ChosenProperty<'d>,
    /// Whether the value is the data itself, and not their encoding.
    is_plain: bool,
}

impl<'p, 'd> Guests<'p, 'd> {
    pub(super) fn new(properties: &'p Properties<'d>) -> Self {
        let owners = || properties.owners().map(|(owner, _)| owner);
        Self {
            properties,
            resolver: properties.resolver(),
            owners: properties.owners().filter_map(|(owner, content)| Some((content.node().id()?, owner))).collect(),
            data: owners().filter_map(|owner| Some((owner, data(properties.own(owner))?))).collect(),
            room: MOST,
            errors: 0,
        }
    }

    /// A system or collection and those around it.
    fn chain(&self, owner: Owner) -> impl Iterator<Item = Owner> + use<'p, 'd> {
        let properties = self.properties;
        successors(Some(owner), |at| properties.around(*at))
    }

    /// The value of the nearest property that is user data, in Base64.
    fn keyed(&mut self, machine: Owner) -> Result<Option<(&'p ChosenProperty<'d>, String)>> {
        let Some(Data { property, is_plain }) = self.chain(machine).find_map(|at| self.data.get(&at).copied()) else {
            return Ok(None);
        };
        let value = self.resolver.value(property)?;
        if value.trim().is_empty() {
            return Ok(None);
        }
        self.charge(value.len())?;
        Ok(Some((property, if is_plain { STANDARD.encode(&*value) } else { encoded(&value) })))
    }

    /// The environment of a machine, without passwords, in Base64; of its own properties, and those of the collections
    /// around it.
    fn environment(&mut self, machine: Owner, system: &VirtualSystem) -> Result<Option<String>> {
        /// What a property takes beside its texts, and a document beside its properties.
        const PROPERTY: usize = 64;
        const DOCUMENT: usize = 512;
        let count: usize = self.chain(machine).map(|at| self.properties.own(at).len()).sum();
        if count == 0 {
            return Ok(None);
        }
        self.charge(count.saturating_mul(PROPERTY).saturating_add(DOCUMENT))?;
        let mut section = PropertySection::default();
        for property in self.properties.visible(machine).into_iter().filter(|property| !property.is_password()) {
            let value = self.resolver.value(property)?.to_string();
            self.charge(value.len().saturating_add(property.key().len()))?;
            let key = Some(property.key().to_owned());
            section.properties.push(EnvironmentProperty { key, value: Some(value), ..Default::default() });
        }
        if section.properties.is_empty() {
            return Ok(None);
        }
        let mut document = EnvironmentDocument::new();
        document.environment.id.clone_from(&system.id);
        document.environment.property_sections.push(section);
        Ok(Some(STANDARD.encode(document.to_vec()?)))
    }

    fn charge(&mut self, bytes: usize) -> Result<()> {
        let too_much = || Error::new(ErrorKind::Limit, "there is too much of it");
        self.room = self.room.checked_sub(bytes).ok_or_else(too_much)?;
        Ok(())
    }
}

/// The property among these that is user data; a password is not.
fn data<'p, 'd>(own: &'p [ChosenProperty<'d>]) -> Option<Data<'p, 'd>> {
    let is_data = |property: &&ChosenProperty<'_>| {
        let key = property.property().key.as_deref();
        (is_key(property.key()) || key.is_some_and(is_key)) && !property.is_password()
    };
    let property = own.iter().find(is_data)?;
    let of_guest_info =
        property.key().get(..GUEST_INFO.len()).is_some_and(|start| start.eq_ignore_ascii_case(GUEST_INFO));
    let encoding = format!("{}.encoding", property.key());
    let mut encodings = own.iter().filter(|other| other.key().eq_ignore_ascii_case(&encoding));
    let is_encoded = encodings.any(|other| other.raw_value().is_some_and(|value| !value.trim().is_empty()));
    Some(Data { property, is_plain: of_guest_info && !is_encoded })
}

/// The text if it is Base64, else its encoding, as cloud-init reads it.
fn encoded(value: &str) -> String {
    let bare: String = value.split_ascii_whitespace().collect();
    if STANDARD.decode(bare).is_ok() { value.to_owned() } else { STANDARD.encode(value) }
}

impl<'d> Mapping<'_, 'd> {
    /// The user data of a machine: the property that is that, else its environment (DSP8027), where it is said how the
    /// guest gets it.
    pub(super) fn user_data(
        &mut self,
        system: &'d VirtualSystem,
        hardware: &'d VirtualHardwareSection,
    ) -> Option<String> {
        let guests = self.guests.as_mut()?;
        let machine = system.node.id().and_then(|id| guests.owners.get(&id)).copied()?;
        if guests.errors >= MOST_ERRORS {
            return None;
        }
        match guests.keyed(machine) {
            Ok(Some((property, value))) => {
                let element = self.source.element(property.property().node);
                self.note(element, Fate::Exact, "/userData", "the user data, in Base64");
                return Some(value);
            }
            Ok(None) if !has_transport(hardware) => return None,
            Ok(None) => {}
            Err(error) => return self.no_user_data(system, &error),
        }
        match guests.environment(machine, system) {
            Ok(value) => {
                for section in system.product_sections.iter().filter(|_| value.is_some()) {
                    let text = "its properties but for passwords, in an environment document; all of it is kept aside";
                    self.note(self.source.element(section.node), Fate::Approximate, "/userData", text);
                }
                value
            }
            Err(error) => self.no_user_data(system, &error),
        }
    }

    fn no_user_data(&mut self, system: &'d VirtualSystem, error: &Error) -> Option<String> {
        if let Some(guests) = &mut self.guests {
            guests.errors += 1;
        }
        let node = system.product_sections.first().map_or(system.node, |section| section.node);
        let text = format!("the properties do not become user data: {}", error.reason());
        self.warn(self.source.element(node), Fate::Aside, "", &text);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_stays() {
        assert_eq!(encoded("I2Nsb3VkLWNvbmZpZwo="), "I2Nsb3VkLWNvbmZpZwo=");
        assert_eq!(encoded("I2Nsb3Vk\nLWNvbmZpZwo="), "I2Nsb3Vk\nLWNvbmZpZwo=");
        assert_eq!(encoded("#cloud-config\n"), "I2Nsb3VkLWNvbmZpZwo=");
    }

    #[test]
    fn ends_of_keys() {
        assert!(is_end_of_key("userdata") && is_end_of_key("config.data") && is_key("User-Data"));
        assert!(!is_end_of_key("") && !is_end_of_key("username") && !is_key("data"));
    }
}

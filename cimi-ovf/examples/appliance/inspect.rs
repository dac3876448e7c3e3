//! `inspect FILE [--option ID]`: a table of the machines of a descriptor or OVA with cpu, memory, disks and networks, of
//! its configurations, files, and properties. Passwords are never shown.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::PathBuf;

use cimi_ovf::model::{Content, HostResource, Item, Message, ScaleOutSection, VirtualSystem};
use cimi_ovf::properties::{ChosenProperty, Owner, Properties, Resolver};
use cimi_ovf::units::Unit;
use cimi_ovf::{ChosenItem, Deployment, Descriptor, Messages, Version};

use crate::table;

pub(crate) const USAGE: &str = "inspect FILE [--option ID]";

const PROCESSOR: i64 = 3;
const MEMORY: i64 = 4;
const ADAPTERS: [i64; 3] = [10, 11, 33];
const DISKS: [i64; 2] = [17, 31];

pub(crate) fn run(parser: &mut lexopt::Parser) -> crate::Outcome {
    use lexopt::prelude::*;
    let (mut file, mut option): (Option<PathBuf>, Option<String>) = (None, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("option") => option = Some(parser.value()?.string()?),
            Value(value) if file.is_none() => file = Some(value.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    let file = file.ok_or_else(|| lexopt::Error::from("a file is needed"))?;
    let descriptor = crate::descriptor::read(&file)?;
    let deployment = Deployment::choose(&descriptor.envelope, option.as_deref())?;
    let properties = Properties::new(&descriptor, deployment)?;
    let mut text = Vec::new();
    Inspection::new(&properties).print(&mut text).map_err(|error| crate::io(&error))?;
    crate::print(&text)
}

struct Inspection<'p, 'd> {
    properties: &'p Properties<'d>,
    descriptor: &'d Descriptor,
    deployment: Deployment<'d>,
    resolver: Resolver<'p, 'd>,
    /// The capacity of each disk, as it is shown.
    disks: HashMap<&'d str, String>,
    counts: HashMap<&'d str, &'d ScaleOutSection>,
    messages: Messages,
    /// How many values could not be resolved.
    refused: usize,
}

impl<'p, 'd> Inspection<'p, 'd> {
    fn new(properties: &'p Properties<'d>) -> Self {
        let mut counts = HashMap::new();
        for (_, content) in properties.owners() {
            let sections = match content {
                Content::Collection(collection) => &collection.scale_out_sections,
                Content::System(system) => &system.scale_out_sections,
                _ => continue,
            };
            counts.extend(sections.iter().filter_map(|section| Some((section.id.as_deref()?, section))));
        }
        let (descriptor, deployment) = (properties.descriptor(), properties.deployment());
        let resolver = properties.resolver();
        let language = descriptor.envelope.lang.as_deref().unwrap_or("en-US");
        let messages = Messages::new(descriptor, language);
        Self { properties, descriptor, deployment, resolver, disks: HashMap::new(), counts, messages, refused: 0 }
    }

    fn print(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let version = match self.descriptor.version() {
            Version::V0_9 => "0.9",
            Version::V2 => "2.x",
            _ => "1.x",
        };
        match self.deployment.id() {
            Some(id) => writeln!(out, "OVF {version}, configuration '{}'\n", cimi_model::printable(id))?,
            None => writeln!(out, "OVF {version}\n")?,
        }
        let rows = self.configurations();
        table::print(out, "Configurations", &["ID", "DEFAULT", "LABEL", "DESCRIPTION"], &rows)?;
        let disks = self.disks();
        let rows = self.machines();
        let head = ["MACHINE", "NAME", "INSTANCES", "CPU", "MEMORY", "DISKS", "NETWORKS", "SYSTEM"];
        table::print(out, "Machines", &head, &rows)?;
        table::print(out, "Disks", &["DISK", "CAPACITY", "SHARED", "FILE", "FORMAT"], &disks)?;
        table::print(out, "Networks", &["NETWORK", "DESCRIPTION"], &self.networks())?;
        table::print(out, "Files", &["FILE", "HREF", "SIZE", "COMPRESSION"], &self.files())?;
        let rows = self.properties();
        table::print(out, "Properties", &["MACHINE", "KEY", "TYPE", "VALUE", "MAY CHANGE", "LABEL"], &rows)
    }

    fn message(&self, message: Option<&Message>) -> String {
        let text = message.and_then(|message| self.messages.text(message));
        text.unwrap_or_default().trim().to_owned()
    }

    fn configurations(&self) -> Vec<Vec<String>> {
        let sections = &self.descriptor.envelope.deployment_option_sections;
        let default = Deployment::choose(&self.descriptor.envelope, None).ok().and_then(Deployment::configuration);
        let row = |configuration: &'d cimi_ovf::model::Configuration| {
            let is_default = default.is_some_and(|default| std::ptr::eq(default, configuration));
            vec![
                text(configuration.id.as_ref()),
                if is_default { "yes".to_owned() } else { String::new() },
                self.message(configuration.label.as_ref()),
                self.message(configuration.description.as_ref()),
            ]
        };
        sections.iter().flat_map(|section| &section.configurations).map(row).collect()
    }

    fn machines(&self) -> Vec<Vec<String>> {
        let machines = self.properties.owners().filter_map(|(owner, _)| Some((owner, self.properties.system(owner)?)));
        machines.map(|(owner, system)| self.machine(owner, system)).collect()
    }

    fn machine(&self, owner: Owner, system: &'d VirtualSystem) -> Vec<String> {
        let hardware = system.virtual_hardware_sections.first();
        let items = hardware.map(|section| self.deployment.hardware(section)).unwrap_or_default();
        let of = |kinds: &[i64]| {
            let is_one = |chosen: &&ChosenItem<'d>| chosen.item.resource_type.is_some_and(|kind| kinds.contains(&kind));
            items.iter().filter(is_one).collect::<Vec<_>>()
        };
        let disks: Vec<String> = of(&DISKS).into_iter().map(|chosen| self.disk(chosen.item)).collect();
        let networks: Vec<&str> =
            of(&ADAPTERS).into_iter().flat_map(|chosen| &chosen.item.connections).map(String::as_str).collect();
        let system_section = system.operating_system_sections.first();
        let description = self.message(system_section.and_then(|section| section.description.as_ref()));
        let version = text(system_section.and_then(|section| section.version.as_ref()));
        vec![
            self.path(owner),
            self.message(system.name.as_ref()),
            self.instances(system),
            amount(&of(&[PROCESSOR]), |item| item.virtual_quantity?.try_into().ok(), |count| count.to_string()),
            amount(&of(&[MEMORY]), memory, size),
            disks.join(", "),
            networks.join(", "),
            if description.is_empty() { version } else { description },
        ]
    }

    /// The identifiers from the outermost collection to this.
    fn path(&self, owner: Owner) -> String {
        let chain = std::iter::successors(Some(owner), |at| self.properties.around(*at));
        let id = |owner: Owner| self.properties.content(owner)?.id().map(str::to_owned);
        let mut ids: Vec<String> = chain.filter_map(id).collect();
        ids.reverse();
        ids.join("/")
    }

    fn instances(&self, system: &VirtualSystem) -> String {
        let section = system.id.as_deref().and_then(|id| self.counts.get(id));
        let Some(count) = section.and_then(|section| self.deployment.instance_count(section)) else {
            return String::new();
        };
        let number = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
        let (least, most) = (count.minimum.unwrap_or(1), count.maximum);
        format!("{} ({least}-{})", number(count.default), number(most))
    }

    fn disk(&self, item: &Item) -> String {
        let Some(resource) = item.host_resources.iter().find(|resource| !resource.is_empty()) else {
            return item.virtual_quantity.map_or_else(|| "blank".to_owned(), |_| format!("blank ({})", capacity(item)));
        };
        match HostResource::parse(resource) {
            HostResource::Disk(id) => match self.disks.get(id) {
                Some(capacity) => format!("{id} ({capacity})"),
                None => id.to_owned(),
            },
            _ => resource.clone(),
        }
    }

    fn disks(&mut self) -> Vec<Vec<String>> {
        let envelope = &self.descriptor.envelope;
        let mut rows = Vec::new();
        for disk in envelope.disk_sections.iter().flat_map(|section| &section.disks) {
            let unit = disk.capacity_allocation_units.as_deref();
            let shown = self.capacity(disk.disk_id.as_deref(), disk.capacity.as_deref(), unit);
            let (file, format) = (text(disk.file_ref.as_ref()), text(disk.format.as_ref()));
            rows.push(vec![text(disk.disk_id.as_ref()), shown, String::new(), file, format]);
        }
        for disk in envelope.shared_disk_sections.iter().flat_map(|section| &section.disks) {
            let unit = disk.capacity_allocation_units.as_deref();
            let shown = self.capacity(disk.disk_id.as_deref(), disk.capacity.as_deref(), unit);
            let (file, format) = (text(disk.file_ref.as_ref()), text(disk.format.as_ref()));
            rows.push(vec![text(disk.disk_id.as_ref()), shown, "yes".to_owned(), file, format]);
        }
        rows
    }

    /// The capacity of a disk, which may be that of a property; as it is written, if it is not understood.
    fn capacity(&mut self, id: Option<&'d str>, capacity: Option<&str>, unit: Option<&str>) -> String {
        let written = capacity.unwrap_or_default();
        let resolved = self.resolver.text(self.properties.package(), written).unwrap_or_else(|_| written.to_owned());
        let unit = Unit::parse(unit.filter(|unit| !unit.is_empty()).unwrap_or("byte")).ok();
        let bytes = resolved.trim().parse().ok().zip(unit).and_then(|(quantity, unit)| unit.scale(quantity).ok());
        let shown = bytes.map_or(resolved, size);
        if let Some(id) = id {
            self.disks.insert(id, shown.clone());
        }
        shown
    }

    fn networks(&self) -> Vec<Vec<String>> {
        let networks = self.descriptor.envelope.network_sections.iter().flat_map(|section| &section.networks);
        let row = |network: &'d cimi_ovf::model::Network| {
            vec![text(network.name.as_ref()), self.message(network.description.as_ref())]
        };
        networks.map(row).collect()
    }

    fn files(&self) -> Vec<Vec<String>> {
        let files = self.descriptor.envelope.references.iter().flat_map(|references| &references.files);
        let row = |file: &cimi_ovf::model::File| {
            let bytes = file.size.and_then(|bytes| u64::try_from(bytes).ok()).map_or_else(String::new, size);
            vec![text(file.id.as_ref()), text(file.href.as_ref()), bytes, text(file.compression.as_ref())]
        };
        files.map(row).collect()
    }

    fn properties(&mut self) -> Vec<Vec<String>> {
        let properties = self.properties;
        let owners = std::iter::once(properties.package()).chain(properties.owners().map(|(owner, _)| owner));
        let mut rows = Vec::new();
        for owner in owners {
            let path = if properties.own(owner).is_empty() { String::new() } else { self.path(owner) };
            rows.extend(properties.own(owner).iter().map(|property| self.property(&path, property)));
        }
        rows
    }

    /// The value as the guest sees it, or why there is none; as it is written, where that was said often enough.
    fn value(&mut self, chosen: &ChosenProperty<'d>) -> String {
        /// To find the place of an error takes time in the length of the descriptor.
        const MOST_REFUSED: usize = 20;
        if self.refused >= MOST_REFUSED {
            return chosen.raw_value().unwrap_or_default().to_owned();
        }
        match self.resolver.value(chosen) {
            Ok(value) => value.to_string(),
            Err(error) => {
                self.refused += 1;
                format!("({})", error.reason())
            }
        }
    }

    fn property(&mut self, owner: &str, chosen: &ChosenProperty<'d>) -> Vec<String> {
        let property = chosen.property();
        let value = if chosen.is_password() { "(password)".to_owned() } else { self.value(chosen) };
        let may_change = if property.user_configurable == Some(true) { "yes" } else { "" };
        let label = self.message(property.label.as_ref());
        let kind = text(property.property_type.as_ref());
        vec![owner.to_owned(), chosen.key().to_owned(), kind, value, may_change.to_owned(), label]
    }
}

fn text(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

/// The sum over items with its bounds, for example `2 (1-4)`; `?` where a quantity is not understood.
fn amount(items: &[&ChosenItem<'_>], quantity: fn(&Item) -> Option<u64>, shown: fn(u64) -> String) -> String {
    if items.is_empty() {
        return String::new();
    }
    let sum = |end: fn(&ChosenItem<'_>) -> Option<Item>| {
        let mut parts = items.iter().map(|chosen| quantity(&end(chosen).unwrap_or_else(|| chosen.item.clone())));
        parts.try_fold(0_u64, |sum, part| sum.checked_add(part?))
    };
    let Some(normal) = sum(|chosen| Some(chosen.item.clone())) else { return "?".to_owned() };
    let least = sum(|chosen| chosen.min.cloned()).filter(|least| *least != normal).map(shown);
    let most = sum(|chosen| chosen.max.cloned()).filter(|most| *most != normal).map(shown);
    let range = match (least, most) {
        (None, None) => String::new(),
        (least, most) => format!(" ({}-{})", least.unwrap_or_default(), most.unwrap_or_default()),
    };
    shown(normal) + &range
}

/// Bytes of memory; without a unit, products mean megabytes.
fn memory(item: &Item) -> Option<u64> {
    let unit = item.allocation_units.as_deref().filter(|unit| !unit.is_empty()).unwrap_or("byte * 2^20");
    Unit::parse(unit).ok()?.scale(item.virtual_quantity?.try_into().ok()?).ok()
}

/// The capacity of a disk that only its item describes.
fn capacity(item: &Item) -> String {
    let unit = item.allocation_units.as_deref().filter(|unit| !unit.is_empty()).unwrap_or("byte");
    let quantity = item.virtual_quantity.and_then(|quantity| u64::try_from(quantity).ok());
    let bytes = quantity.zip(Unit::parse(unit).ok()).and_then(|(quantity, unit)| unit.scale(quantity).ok());
    bytes.map_or_else(|| "?".to_owned(), size)
}

/// Bytes in the greatest unit that there is one of, with one digit behind the point if it is not 0.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 7] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let exponent = usize::try_from(bytes.max(1).ilog2() / 10).unwrap_or_default();
    let unit = 1_u64 << (10 * exponent);
    let tenths = u128::from(bytes % unit) * 10 / u128::from(unit);
    let name = UNITS.get(exponent).copied().unwrap_or_default();
    if tenths == 0 { format!("{} {name}", bytes / unit) } else { format!("{}.{tenths} {name}", bytes / unit) }
}

//! What machines start from: the disks of a machine in that order.

use std::collections::{HashMap, HashSet};

use super::items::Item;
use super::map::{Mapping, disk_of};
use super::report::Fate;
use crate::deployment::words;
use crate::model::VirtualSystem;
use crate::tree::{Attribute, Element};

/// The disk items, those first that the machine starts from: by the `BootDeviceSection` of OVF 2.x, the `BootOrderSection`
/// of `VMware`, or the `BootOrder` that oVirt writes into items.
pub(super) fn disks<'i, 'd>(
    mapping: &mut Mapping<'_, 'd>,
    system: &'d VirtualSystem,
    items: &'i [Item<'d>],
) -> Vec<&'i Item<'d>> {
    let names = Names::of(items);
    let mut first: Vec<usize> = Vec::new();
    for section in &system.boot_device_sections {
        let sources = section.configurations.iter().take(1).flat_map(|configuration| &configuration.sources);
        let found = sources.filter_map(|source| {
            let texts = [&source.structured_boot_string, &source.boot_string, &source.bios_boot_string];
            texts.into_iter().chain([&source.element_name]).find_map(|text| names.find(text.as_deref()?))
        });
        let before = first.len();
        first.extend(found);
        say(mapping, mapping.source.element(section.node), first.len() > before);
    }
    for section in mapping.source.element(system.node).children().filter(is_boot_order) {
        let ids = section.attributes().find(|attribute| attribute.name() == "instanceId").map(Attribute::value);
        let before = first.len();
        first.extend(words(ids.as_deref()).filter_map(|id| names.find(id)));
        say(mapping, section, first.len() > before);
    }
    first.extend(numbered(items));
    let mut seen = HashSet::new();
    let all = first.into_iter().chain(0..items.len()).filter(|at| seen.insert(*at));
    all.filter_map(|at| items.get(at)).filter(|item| item.is_disk()).collect()
}

fn say<'d>(mapping: &mut Mapping<'_, 'd>, section: Element<'d>, is_used: bool) {
    if is_used {
        let text = "the volumes come in its order; all of it is kept aside as well";
        mapping.note(section, Fate::Approximate, "/volumes", text);
    }
}

fn is_boot_order(section: &Element<'_>) -> bool {
    section.name() == "BootOrderSection"
}

/// The items that have their place in the order in them, from 1; 0 is none.
fn numbered(items: &[Item<'_>]) -> Vec<usize> {
    let place = |item: &Item<'_>| {
        let order = item.element.children().find(|child| child.name() == "BootOrder")?;
        order.text().trim().parse::<u32>().ok().filter(|place| *place > 0)
    };
    let mut found: Vec<(u32, usize)> =
        items.iter().enumerate().filter_map(|(at, item)| Some((place(item)?, at))).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, at)| at).collect()
}

/// What the disks of a machine are called.
struct Names<'d> {
    names: HashMap<&'d str, usize>,
    disks: Vec<usize>,
}

impl<'d> Names<'d> {
    fn of(items: &[Item<'d>]) -> Self {
        let (mut names, mut disks) = (HashMap::new(), Vec::new());
        for (at, item) in items.iter().enumerate().filter(|(_, item)| item.is_disk()) {
            disks.push(at);
            let resources = item.model.host_resources.iter().map(String::as_str);
            let ids = resources.clone().filter_map(disk_of);
            for name in item.id().into_iter().chain(item.name()).chain(resources).chain(ids) {
                names.entry(name).or_insert(at);
            }
        }
        Self { names, disks }
    }

    /// The disk that a boot string means: by a name of its item, or by its number, as in `CIM:Hard-Disk:2`.
    fn find(&self, text: &str) -> Option<usize> {
        let text = text.trim();
        let numbered = || {
            let (kind, number) = text.rsplit_once(':')?;
            let is_disk = kind.rsplit(':').next().is_some_and(|kind| kind.eq_ignore_ascii_case("Hard-Disk"));
            let number: usize = number.parse().ok().filter(|_| is_disk)?;
            self.disks.get(number.checked_sub(1)?).copied()
        };
        self.names.get(text).copied().or_else(numbered)
    }
}

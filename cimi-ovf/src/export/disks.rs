//! Disks, and the files of the package.

use std::collections::HashMap;

use cimi_model::{Extensions, Ref, Uri, VolumeImage, VolumeTemplate};

use super::Note;
use super::builder::Builder;
use super::text::{bytes, clean};
use crate::NAMESPACE;
use crate::Version;
use crate::import::names::Names;
use crate::model::{Disk, DiskSection, Envelope, File, SharedDisk, SharedDiskSection};
use crate::units::{Base, Unit};

/// The disks and files so far.
#[derive(Debug, Default)]
pub(super) struct Disks {
    planned: Vec<Planned>,
    files: Vec<File>,
    /// The identifier of the file at each location.
    locations: HashMap<String, String>,
    /// How many machines use each disk.
    users: HashMap<String, i64>,
    disk_ids: Names,
    file_ids: Names,
}

/// A disk, and where the volume stands that it is from.
#[derive(Debug)]
struct Planned {
    disk: Disk,
    path: String,
}

impl Disks {
    /// The identifier of the file at a location.
    pub(super) fn file(&mut self, location: &Uri) -> String {
        let href = location.as_str();
        if let Some(id) = self.locations.get(href) {
            return id.clone();
        }
        let last = href.rsplit('/').next().unwrap_or_default();
        let id = self.file_ids.pick(last, "file");
        let href = clean(href).into_owned();
        self.files.push(File { id: Some(id.clone()), href: Some(href.clone()), ..Default::default() });
        self.locations.insert(href, id.clone());
        id
    }

    /// Tells that machines use a disk.
    pub(super) fn used(&mut self, id: &str, machines: i64) {
        let users = self.users.entry(id.to_owned()).or_default();
        *users = users.saturating_add(machines);
    }

    /// Takes the identifiers that an envelope has, and its files for what is at their locations.
    pub(super) fn reserve(&mut self, envelope: &Envelope) {
        for file in envelope.references.iter().flat_map(|references| &references.files) {
            let Some(id) = &file.id else { continue };
            self.file_ids.pick(id, "file");
            self.locations.extend(file.href.clone().map(|href| (href, id.clone())));
        }
        let own = envelope.disk_sections.iter().flat_map(|section| &section.disks).map(|disk| &disk.disk_id);
        let shared = envelope.shared_disk_sections.iter().flat_map(|section| &section.disks).map(|disk| &disk.disk_id);
        for id in own.chain(shared).flatten() {
            self.disk_ids.pick(id, "disk");
        }
    }

    pub(super) fn finish(self, envelope: &mut Envelope, version: Version, notes: &mut Vec<Note>) {
        envelope.references.get_or_insert_default().files.extend(self.files);
        let (mut own, mut shared) = (Vec::new(), Vec::new());
        for Planned { disk, path } in self.planned {
            let users = disk.disk_id.as_deref().and_then(|id| self.users.get(id)).copied().unwrap_or_default();
            match (users, version) {
                (2.., Version::V2) => shared.push(share(disk)),
                (2.., _) => {
                    let text = "OVF 1.x has no shared disks: each machine gets its own copy";
                    notes.push(Note { path, text: text.to_owned() });
                    own.push(disk);
                }
                _ => own.push(disk),
            }
        }
        if let (Some(section), false) = (envelope.disk_sections.first_mut(), own.is_empty()) {
            section.disks.append(&mut own);
        }
        if let (Some(section), false) = (envelope.shared_disk_sections.first_mut(), shared.is_empty()) {
            section.disks.append(&mut shared);
        }
        if !own.is_empty() {
            let info = Some("The virtual disks".into());
            envelope.disk_sections.push(DiskSection { info, disks: own, ..Default::default() });
        }
        if !shared.is_empty() {
            let info = Some("The virtual disks that machines share".into());
            envelope.shared_disk_sections.push(SharedDiskSection { info, disks: shared, ..Default::default() });
        }
    }
}

fn share(disk: Disk) -> SharedDisk {
    let Disk {
        node, disk_id, file_ref, capacity, capacity_allocation_units, format, populated_size, parent_ref, ..
    } = disk;
    SharedDisk {
        node,
        disk_id,
        file_ref,
        capacity,
        capacity_allocation_units,
        format,
        populated_size,
        parent_ref,
        ..Default::default()
    }
}

impl Builder {
    /// Adds the disk of a volume; its identifier.
    pub(super) fn volume(
        &mut self,
        reference: &Ref<VolumeTemplate>,
        name: Option<&str>,
        description: Option<&str>,
        path: &str,
    ) -> String {
        let blank = VolumeTemplate::default();
        let template = reference.value.as_deref().unwrap_or(&blank);
        let id = self.disks.disk_ids.pick(name.or(template.name.as_deref()).unwrap_or_default(), "disk");
        if reference.value.is_none() {
            self.note(path, "the reference is not expanded: of the volume only the name is known");
        }
        if description.or(template.description.as_deref()).is_some() {
            self.note(format!("{path}/description"), "disks have no descriptions in OVF");
        }
        let (capacity, units) = self.capacity(template, path);
        let file_ref = template.volume_image.as_ref().and_then(|image| self.image(image, path));
        let format = template.volume_config.as_ref().and_then(|config| config.value.as_deref()?.format.as_deref());
        // OVF names the format of an image by a URI; CIMI, a file system by its name.
        let (uri, file_system) = format.map_or((None, None), |format| {
            if format.contains(':') { (Some(clean(format).into_owned()), None) } else { (None, Some(format)) }
        });
        if file_system.is_some() {
            self.note(format!("{path}/volumeConfig/format"), "OVF has no file systems of disks");
        }
        let disk = Disk {
            disk_id: Some(id.clone()),
            file_ref,
            capacity: Some(capacity),
            capacity_allocation_units: Some(units),
            format: uri,
            ..Default::default()
        };
        self.disks.planned.push(Planned { disk, path: path.to_owned() });
        id
    }

    /// The file of an image.
    fn image(&mut self, image: &Ref<VolumeImage>, path: &str) -> Option<String> {
        let location = image.value.as_deref().and_then(|image| image.image_location.as_ref());
        if location.is_none() {
            self.note(
                format!("{path}/volumeImage"),
                "the reference is not expanded, or the image has no location: the disk is blank",
            );
        }
        location.map(|location| self.disks.file(location))
    }

    /// The capacity of a disk, which OVF demands, and its unit.
    fn capacity(&mut self, template: &VolumeTemplate, path: &str) -> (String, String) {
        let config = template.volume_config.as_ref().and_then(|config| config.value.as_deref());
        let capacity = config.and_then(|config| config.capacity);
        if let Some(exact) = exact(template, capacity) {
            return exact;
        }
        let size = capacity.filter(|capacity| *capacity >= 0).and_then(|capacity| capacity.checked_mul(1000));
        if size.is_none() {
            let text = match capacity {
                Some(_) => "the capacity is out of bounds: it is written as 0",
                None => "there is no capacity, which OVF demands: it is written as 0",
            };
            self.note(format!("{path}/volumeConfig/capacity"), text);
        }
        let (quantity, unit) = bytes(size.unwrap_or_default());
        (quantity.to_string(), unit.to_owned())
    }
}

/// The capacity as the descriptor had it that the template was imported from, if it is still the same in kilobytes.
fn exact(template: &VolumeTemplate, capacity: Option<i64>) -> Option<(String, String)> {
    let disk = template.extensions.get(&Extensions::qualified(NAMESPACE, "Disk"))?;
    let quantity = disk.get("capacity")?.as_str()?.trim();
    let unit = disk.get("capacityAllocationUnits").and_then(cimi_model::Any::as_str).unwrap_or("byte").trim();
    let parsed = Unit::parse(unit).ok().filter(|unit| unit.base() == Base::Byte)?;
    let bytes = parsed.scale(quantity.parse().ok()?).ok()?;
    let same = i64::try_from(bytes.div_ceil(1000)).ok() == capacity;
    same.then(|| (quantity.to_owned(), unit.to_owned()))
}

//! Images and snapshots of Machines and Volumes (5.14.7.1, 5.15.8.1), and what is restored from them.

use cimi_model::lifecycle::{Invocation, Step};
use cimi_model::reflect::{Described, Record};
use cimi_model::{ImageType, Machine, MachineImage, ModelChange, Ref, Volume, VolumeImage, attributes};
use cimi_protocol::provider::{ActionRequest, Refusal};

use super::changes::Effect;
use super::{Cloud, Done, layout};

impl Cloud {
    /// Makes an image of a Machine or Volume, at the request of an operation on that.
    pub(crate) fn capture(&mut self, path: &str, request: &ActionRequest) -> Result<Done, Refusal> {
        let image = request.image.as_ref().map(cimi_model::Document::record);
        if self.store.get_as::<Volume>(path).is_some() {
            let image = image.and_then(|image| image.as_any().downcast_ref()).cloned().unwrap_or_default();
            return self.capture_volume(path, image);
        }
        let mut image: MachineImage =
            image.and_then(|image| image.as_any().downcast_ref()).cloned().unwrap_or_default();
        let default = if request.name == "snapshot" { ImageType::Snapshot } else { ImageType::Image };
        image.image_type.get_or_insert(default);
        self.capture_machine(path, image)
    }

    /// Makes an image of the Machine or Volume that the new image says it is of; none if it does not.
    pub(crate) fn capture_as_asked(&mut self, image: &dyn Record) -> Option<Result<Done, Refusal>> {
        let location = attributes::text(image, "imageLocation")?;
        let path = self.store.path_of(&location.into())?;
        if let Some(image) = image.as_any().downcast_ref::<MachineImage>() {
            self.store.get_as::<Machine>(&path)?;
            return Some(self.capture_machine(&path, image.clone()));
        }
        let image = image.as_any().downcast_ref::<VolumeImage>()?;
        self.store.get_as::<Volume>(&path)?;
        Some(self.capture_volume(&path, image.clone()))
    }

    fn capture_machine(&mut self, machine: &str, mut image: MachineImage) -> Result<Done, Refusal> {
        let kind = image.image_type.get_or_insert(ImageType::Image).clone();
        let name = if kind == ImageType::Image { "capture" } else { "snapshot" };
        let state = self.state(machine).unwrap_or_default();
        let step = self.rules_of(Machine::described()).apply(&state, name)?;
        let is_snapshot = kind != ImageType::Image;
        image.related_image = self
            .store
            .target(machine, "latestSnapshot")
            .filter(|_| is_snapshot)
            .map(|before| Ref::to(self.store.uri(&before)));
        let path = self.new_image("machineImages", Box::new(image));
        if let Some(captured) = self.store.get(machine).map(Record::boxed_clone) {
            self.captured.insert(path.clone(), captured);
        }
        if is_snapshot {
            self.note_snapshot(machine, &path, Machine::described().attribute("snapshots"));
        }
        Ok(self.finish_capture(machine, path, step, name))
    }

    fn capture_volume(&mut self, volume: &str, mut image: VolumeImage) -> Result<Done, Refusal> {
        let state = self.state(volume).unwrap_or_default();
        let step = self.rules_of(Volume::described()).apply(&state, "snapshot")?;
        image.bootable = self.store.get_as::<Volume>(volume).and_then(|volume| volume.bootable);
        let path = self.new_image("volumeImages", Box::new(image));
        self.note_snapshot(volume, &path, Volume::described().attribute("images"));
        Ok(self.finish_capture(volume, path, step, "snapshot"))
    }

    /// Keeps an image, whose data are somewhere else from now on than in what it was made of.
    fn new_image(&mut self, catalog: &str, mut image: Box<dyn Record>) -> String {
        let path = self.store.new_path(catalog);
        attributes::set_text(&mut *image, "imageLocation", &format!("urn:x-cimi-example:{path}"));
        self.keep(&path, image);
        path
    }

    /// Adds an image to those that were taken of a resource.
    fn note_snapshot(&mut self, of: &str, image: &str, row: Option<&'static cimi_model::Attribute>) {
        if let Some(row) = row {
            self.put_in(&layout::collection_path(of, row, self.dialect()), image, None);
        }
        let uri = self.store.uri(image);
        self.store.edit(of, |record| {
            attributes::set_href(record, "latestSnapshot", &uri);
        });
    }

    fn finish_capture(&mut self, of: &str, image: String, step: Step, name: &str) -> Done {
        self.report_change(&image, ModelChange::Create);
        let job = self.new_job(of, std::slice::from_ref(&image), name);
        let created = self.type_of(&image).and_then(|of| self.rules_of(of).create(None).ok()).unwrap_or_default();
        let effects = [
            Effect { path: image.clone(), step: created, new: true },
            Effect { path: of.to_owned(), step, new: false },
        ];
        self.carry_out(&job, &effects);
        Done::created(image, job)
    }

    /// Restores a Machine or Volume from an image.
    pub(crate) fn restore(&mut self, path: &str, request: &ActionRequest) -> Result<Done, Refusal> {
        let href = request.body.image.as_ref().and_then(|image| image.href.as_ref());
        let image = self.existing(href.ok_or_else(|| Refusal::conflict("there is no image to restore from"))?)?;
        let of = self.type_of(path).ok_or_else(Refusal::not_found)?;
        let fits = self.type_of(&image).is_some_and(|found| found.name == format!("{}Image", of.name));
        if !fits {
            return Err(Refusal::conflict(format!("a {} is restored from a {}Image", of.name, of.name)));
        }
        let captured = self.captured.get(&image).and_then(|record| attributes::text(&**record, "state"));
        let captured = captured.map(str::to_owned);
        let mut invocation = Invocation::default();
        let mut is_snapshot = false;
        if let Some(found) = self.store.get_as::<MachineImage>(&image) {
            invocation = invocation.image(found);
            is_snapshot = found.image_type.as_ref().is_some_and(|kind| *kind != ImageType::Image);
        }
        if let Some(state) = captured.as_deref().filter(|_| is_snapshot) {
            invocation = invocation.state(state);
        }
        let state = self.state(path).unwrap_or_default();
        let step = self.rules_of(of).apply_as(&state, "restore", &invocation)?;
        if is_snapshot {
            let uri = self.store.uri(&image);
            self.store.edit_as::<Machine>(path, |machine| machine.latest_snapshot = Some(Ref::to(uri)));
        }
        let job = self.new_job(path, &[], "restore");
        self.carry_out(&job, &[Effect { path: path.to_owned(), step, new: false }]);
        Ok(Done::action(job))
    }
}

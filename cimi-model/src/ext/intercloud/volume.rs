//! Volumes that Machines of several clouds use.

use super::{OnDelete, SharedVolume, VolumeAccess, VolumeUse};
use crate::{Error, ErrorKind, Result, Uri, printable};

impl VolumeUse {
    /// Whether it may write.
    fn writes(&self) -> bool {
        self.access == Some(VolumeAccess::ReadWrite)
    }

    fn machine(&self) -> Option<&Uri> {
        self.machine.as_ref()?.href.as_ref()
    }
}

impl SharedVolume {
    /// Lets a Machine use the Volume.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] when the use does not name a Machine by an absolute URI, [`ErrorKind::Duplicate`] when that
    /// uses it already, [`ErrorKind::State`] when it is to write and as many do as may.
    pub fn connect(&mut self, new: VolumeUse) -> Result<()> {
        let fail = |kind, text: String| Err(Error::new(kind, text).at_path("/sharedVolume/uses"));
        let Some(machine) = new.machine().filter(|uri| uri.is_absolute()) else {
            return fail(ErrorKind::Value, "a use names a Machine by its absolute URI".into());
        };
        if self.use_of(machine).is_some() {
            return fail(ErrorKind::Duplicate, format!("'{}' uses it already", printable(machine.as_str())));
        }
        let writers = self.uses.iter().filter(|other| other.writes()).count();
        let most = usize::try_from(self.writers.unwrap_or(1)).unwrap_or(0);
        if new.writes() && writers >= most {
            return fail(ErrorKind::State, format!("{most} may write, and {writers} do"));
        }
        self.uses.push(new);
        Ok(())
    }

    /// The use of a Machine.
    #[must_use]
    pub fn use_of(&self, machine: &Uri) -> Option<&VolumeUse> {
        self.uses.iter().find(|known| known.machine() == Some(machine))
    }

    /// Whether a Machine may change what is on the Volume.
    #[must_use]
    pub fn may_write(&self, machine: &Uri) -> bool {
        self.use_of(machine).is_some_and(VolumeUse::writes)
    }

    /// Ends the use of a Machine, as deleting it does; whether there was one. The Volume stays, also without any use.
    pub fn disconnect(&mut self, machine: &Uri) -> bool {
        let before = self.uses.len();
        self.uses.retain(|known| known.machine() != Some(machine));
        self.uses.len() < before
    }

    /// Ends all uses of the Machines of a cloud, as the end of a federation does, and gives them back.
    pub fn disconnect_cloud(&mut self, cloud: &Uri) -> Vec<VolumeUse> {
        let (ended, kept) =
            std::mem::take(&mut self.uses).into_iter().partition(|known| known.cloud.as_ref() == Some(cloud));
        self.uses = kept;
        ended
    }

    /// What deleting the Volume does: the uses that end, of which the clouds of the Machines have to be told.
    ///
    /// # Errors
    /// [`ErrorKind::State`] when Machines use it, and deleting is refused then.
    pub fn delete(&mut self) -> Result<Vec<VolumeUse>> {
        match (&self.on_delete, self.uses.first()) {
            (Some(OnDelete::Disconnect), _) | (_, None) => Ok(std::mem::take(&mut self.uses)),
            (_, Some(first)) => {
                let machine = first.machine().map_or("", Uri::as_str);
                let more = if self.uses.len() > 1 { " and others" } else { "" };
                Err(Error::new(ErrorKind::State, format!("'{}'{more} use it", printable(machine))))
            }
        }
    }
}

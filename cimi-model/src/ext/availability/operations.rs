//! What the operations of services do (DSP0263 5.13.3.1.2, 5.13.3.2.1).

use super::Care;
use super::chains::backup;
use crate::{Action, Error, ErrorKind, Machine, RecoverableMachine, Ref, Result, Uri, lifecycle, printable};

/// What an operation has done to the Machines in the care of a service, and what is the provider's to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// `addRM`: a Machine has come into the care of the service.
    Added {
        /// The Machine.
        node: Uri,
        /// Its backup.
        backup: Option<Uri>,
    },
    /// `removeRM`: a Machine has left the care of the service.
    Removed {
        /// The Machine.
        node: Uri,
        /// Its backup, which is to be deleted: no other Machine has it as its backup, and it has none itself.
        discarded: Option<Uri>,
    },
    /// `swapBackup`: a Machine and its backup have changed places.
    Swapped {
        /// The Machine, which is the backup now.
        node: Uri,
        /// What was its backup.
        backup: Uri,
    },
    /// `forceSync`: the state of a Machine is to be copied to its backup.
    Synchronized {
        /// The Machine.
        node: Uri,
        /// Its backup; where there is none, the image that the provider keeps.
        backup: Option<Uri>,
    },
}

impl Care {
    /// Does what an operation of the service does to the Machines in its care.
    ///
    /// `made` is the backup that the provider has made for a Machine that comes without one. An active cluster needs one
    /// of the two; for a passive one an image will do, and a service for disaster recovery has no such backups.
    ///
    /// ```
    /// use cimi_model::ext::availability::{Cluster, ClusterType, Effect, HighAvailability, high_reliability};
    /// use cimi_model::lifecycle::action;
    /// use cimi_model::{Action, Ref};
    ///
    /// let active = HighAvailability { cluster_type: Some(ClusterType::Active), ..Default::default() };
    /// let nodes = vec!["m/1".into(), "m/2".into()];
    /// let mut care = high_reliability(&[Cluster { availability: active, nodes }])?.value;
    /// let swap = Action { action: Some(action::SWAP_BACKUP.into()), node: Some(Ref::to("m/1")), ..Default::default() };
    /// let effect = care.perform(&swap, None)?;
    /// assert_eq!(effect, Effect::Swapped { node: "m/1".into(), backup: "m/2".into() });
    /// assert_eq!(care.clusters()?.value[0].nodes, ["m/2".into(), "m/1".into()]);
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] for an operation that the service does not have; [`ErrorKind::Value`] when the request
    /// has no node, or no backup where one is needed; [`ErrorKind::State`] when the Machine is not in the care of the
    /// service or is so already, or has no backup. Nothing has changed then.
    pub fn perform(&mut self, action: &Action, made: Option<&Uri>) -> Result<Effect> {
        let name = action.action.as_ref().map(|uri| lifecycle::name(uri.as_str())).unwrap_or_default();
        let reliable = self.service.is_high_reliability();
        let node = || target(action.node.as_ref(), "/Action/node");
        match name {
            "addRM" => self.add(node()?, action.backup.as_ref(), made, reliable),
            "removeRM" => self.remove(&node()?),
            "swapBackup" if reliable => self.swap(&node()?),
            "forceSync" if reliable => self.synchronize(&node()?),
            other => {
                let text = format!("the service has no operation '{}'", printable(other));
                Err(Error::new(ErrorKind::Unsupported, text).at_path("/Action/action"))
            }
        }
    }

    fn add(&mut self, node: Uri, given: Option<&Ref<Machine>>, made: Option<&Uri>, reliable: bool) -> Result<Effect> {
        if self.place(&node).is_ok() {
            return Err(refused(format!("{} is in the care of the service already", printable(node.as_str()))));
        }
        let given = given.map(|given| target(Some(given), "/Action/backup")).transpose()?;
        let backup = given.or_else(|| made.cloned()).filter(|_| reliable);
        let kind = self.service.service_type.as_ref().map_or("", Uri::as_str);
        if reliable && backup.is_none() && !kind.ends_with("/passive") {
            let error = Error::new(ErrorKind::Value, "the Machine comes without a backup, and none was made");
            return Err(error.at_path("/Action/backup"));
        }
        if backup.as_ref() == Some(&node) {
            let error = Error::new(ErrorKind::Value, "a Machine is no backup of itself");
            return Err(error.at_path("/Action/backup"));
        }
        self.machines.items.push(RecoverableMachine {
            id: Some(node.clone()),
            backup_machine: backup.clone().map(Ref::to),
            ..RecoverableMachine::default()
        });
        self.count();
        Ok(Effect::Added { node, backup })
    }

    fn remove(&mut self, node: &Uri) -> Result<Effect> {
        let place = self.place(node)?;
        let removed = self.machines.items.remove(place);
        self.count();
        let mut rest = self.machines.items.iter();
        let is_needed = |own: &Uri| rest.any(|other| other.id.as_ref() == Some(own) || backup(other) == Some(own));
        let discarded = backup(&removed).cloned();
        let needed = discarded.as_ref().is_some_and(is_needed);
        Ok(Effect::Removed { node: node.clone(), discarded: discarded.filter(|_| !needed) })
    }

    /// Each of the two stands where the other stood, in the care of the service and as a backup.
    fn swap(&mut self, node: &Uri) -> Result<Effect> {
        let place = self.place(node)?;
        let backup_of_node = self.machines.items.get(place).and_then(backup).cloned();
        let Some(other) = backup_of_node else {
            return Err(refused(format!("{} has no backup", printable(node.as_str()))));
        };
        let swapped = |uri: &Uri| if uri == node { Some(&other) } else { (*uri == other).then_some(node) };
        for machine in &mut self.machines.items {
            let new_backup = backup(machine).and_then(swapped).cloned();
            let new = machine.id.as_ref().and_then(swapped).cloned();
            if let Some(new) = new {
                // The other attributes are those of the Machine that it was.
                *machine = RecoverableMachine {
                    id: Some(new),
                    backup_machine: machine.backup_machine.take(),
                    ..RecoverableMachine::default()
                };
            }
            if let Some(new) = new_backup {
                machine.backup_machine = Some(Ref::to(new));
            }
        }
        Ok(Effect::Swapped { node: node.clone(), backup: other })
    }

    fn synchronize(&self, node: &Uri) -> Result<Effect> {
        let place = self.place(node)?;
        let backup = self.machines.items.get(place).and_then(backup).cloned();
        let kind = self.service.service_type.as_ref().map_or("", Uri::as_str);
        if backup.is_none() && !kind.ends_with("/passive") {
            return Err(refused(format!("{} has no backup", printable(node.as_str()))));
        }
        Ok(Effect::Synchronized { node: node.clone(), backup })
    }

    fn place(&self, node: &Uri) -> Result<usize> {
        let found = self.machines.items.iter().position(|machine| machine.id.as_ref() == Some(node));
        found.ok_or_else(|| refused(format!("{} is not in the care of the service", printable(node.as_str()))))
    }

    fn count(&mut self) {
        self.machines.count = i64::try_from(self.machines.items.len()).ok();
    }
}

fn refused(text: String) -> Error {
    Error::new(ErrorKind::State, text).at_path("/Action/node")
}

fn target(reference: Option<&Ref<Machine>>, path: &str) -> Result<Uri> {
    let found = reference.and_then(|reference| reference.href.clone());
    found.ok_or_else(|| Error::new(ErrorKind::Value, "this refers to no Machine").at_path(path))
}

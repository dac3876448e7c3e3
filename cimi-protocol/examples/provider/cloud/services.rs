//! System services: the Machines in their care, and the backups of these (5.13.3).

use cimi_model::reflect::Described;
use cimi_model::{Action, Machine, ModelChange, SystemService};
use cimi_protocol::provider::Refusal;

use super::{Cloud, Done, layout};

impl Cloud {
    /// Carries out an operation of a service on one of its Machines.
    pub(crate) fn serve_machine(&mut self, service: &str, name: &str, action: &Action) -> Result<Done, Refusal> {
        let node = action.node.as_ref().and_then(|node| node.href.as_ref());
        let node = self.machine(node.ok_or_else(|| Refusal::conflict("there is no node"))?)?;
        let machines = self.machines_of(service)?;
        let is_in_care = self.members(&machines).contains(&node);
        let highly_reliable =
            self.store.get_as::<SystemService>(service).is_some_and(SystemService::is_high_reliability);
        let mut affected = vec![node.clone()];
        match name {
            "addRM" if is_in_care => {
                return Err(Refusal::conflict("the Machine is in the care of the service already"));
            }
            "addRM" => {
                let backup = action.backup.as_ref().and_then(|backup| backup.href.as_ref());
                let backup = backup.map(|backup| self.machine(backup)).transpose()?;
                self.put_in(&machines, &node, None);
                if highly_reliable {
                    let backup = backup.map_or_else(|| self.copy_machine(&node), Ok)?;
                    affected.push(backup.clone());
                    self.backups.insert((service.to_owned(), node), backup);
                }
            }
            _ if !is_in_care => return Err(Refusal::conflict("the Machine is not in the care of the service")),
            "removeRM" => {
                self.store.take_out(&machines, &node);
                if let Some(backup) = self.backups.remove(&(service.to_owned(), node)) {
                    self.remove(&backup);
                }
            }
            "swapBackup" => affected.push(self.swap(service, &machines, &node)?),
            "forceSync" => affected.push(self.backup(service, &node)?),
            _ => return Err(Refusal::conflict("the service has no such operation")),
        }
        affected.retain(|path| self.store.get(path).is_some());
        let job = self.new_job(service, &affected, name);
        self.end_job(&job);
        Ok(Done::action(job))
    }

    /// The backup of a Machine in the care of a service.
    pub(crate) fn backup(&self, service: &str, machine: &str) -> Result<String, Refusal> {
        let found = self.backups.get(&(service.to_owned(), machine.to_owned()));
        let found = found.filter(|backup| self.store.get(backup).is_some());
        found.cloned().ok_or_else(|| Refusal::conflict("the Machine has no backup"))
    }

    /// Lets a Machine and its backup change places.
    fn swap(&mut self, service: &str, machines: &str, node: &str) -> Result<String, Refusal> {
        let backup = self.backup(service, node)?;
        self.backups.remove(&(service.to_owned(), node.to_owned()));
        self.store.take_out(machines, node);
        self.store.put_in(machines, &backup);
        self.backups.insert((service.to_owned(), backup.clone()), node.to_owned());
        Ok(backup)
    }

    /// A new Machine like another one, stopped, in the same place.
    fn copy_machine(&mut self, path: &str) -> Result<String, Refusal> {
        let original = self.store.get_as::<Machine>(path).ok_or_else(Refusal::not_found)?;
        let copy = Machine {
            name: original.name.as_ref().map(|name| format!("{name}-backup")),
            cpu: original.cpu,
            memory: original.memory,
            cpu_arch: original.cpu_arch.clone(),
            cpu_speed: original.cpu_speed,
            properties: original.properties.clone(),
            state: Some(cimi_model::MachineState::Stopped),
            ..Machine::default()
        };
        let parent = self.store.target(path, "parent");
        let new = self.store.new_path("machines");
        self.keep(&new, Box::new(copy));
        if let Some(parent) = parent {
            self.enter(&parent, &new);
        }
        self.equip(&new);
        self.report_change(&new, ModelChange::Create);
        Ok(new)
    }

    fn machine(&self, uri: &cimi_model::Uri) -> Result<String, Refusal> {
        let path = self.existing(uri)?;
        match self.store.get_as::<Machine>(&path) {
            Some(_) => Ok(path),
            None => Err(Refusal::conflict("the node is not a Machine")),
        }
    }

    fn machines_of(&self, service: &str) -> Result<String, Refusal> {
        let row = SystemService::described().attribute("machines");
        row.map(|row| layout::collection_path(service, row, self.dialect())).ok_or_else(Refusal::not_found)
    }
}

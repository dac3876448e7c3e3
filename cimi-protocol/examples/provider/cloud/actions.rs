//! Operations on resources (4.2.1.5).

use cimi_model::lifecycle::{self, Component, Invocation};
use cimi_model::reflect::Record;
use cimi_model::{Action, Job, attributes};
use cimi_protocol::provider::{ActionRequest, Refusal};

use super::changes::Effect;
use super::{Cloud, Done, layout};

impl Cloud {
    /// Invokes an operation on a resource or collection.
    pub(crate) fn act(&mut self, path: &str, request: &ActionRequest) -> Result<Done, Refusal> {
        let of = self.type_of(path).map_or("", |of| of.name);
        match (of, request.name.as_str()) {
            ("Machine", "capture" | "snapshot") | ("Volume", "snapshot") => self.capture(path, request),
            ("Machine" | "Volume", "restore") => self.restore(path, request),
            ("Machine", "connectvolume") => self.connect_volume(path, &request.body),
            ("Meter", name @ ("start" | "stop")) => Ok(self.switch_meter(path, name)),
            ("Job", "stop") => Ok(self.stop_job(path)),
            ("SystemService", name) => self.serve_machine(path, name, &request.body),
            (_, "export") => self.export(path, &request.body),
            (_, name) => self.change_state(path, name, &request.body),
        }
    }

    /// An operation that changes the state of a resource, and of those that it consists of.
    fn change_state(&mut self, path: &str, name: &str, body: &Action) -> Result<Done, Refusal> {
        let record = self.store.get(path).ok_or_else(Refusal::not_found)?;
        let mut invocation = Invocation::default();
        if let Some(force) = body.force {
            invocation = invocation.force(force);
        }
        let plan = lifecycle::perform(self.component(record), name, &invocation, &|found| self.components(found))?;
        let mut effects = Vec::new();
        for (component, step) in plan.affected() {
            if let Some(path) = self.store.path_of(&component.id.into()).filter(|_| !is_derived(component)) {
                effects.push(Effect { path, step: *step, new: false });
            }
        }
        let affected: Vec<String> = effects.iter().map(|effect| effect.path.clone()).collect();
        let job = self.new_job(path, &affected, name);
        if affected.len() > 1 {
            for component in &affected {
                let nested = self.new_job(component, &[], name);
                self.nest_job(&nested, &job);
            }
        }
        self.carry_out(&job, &effects);
        Ok(Done::action(job))
    }

    fn component<'a>(&self, record: &'a dyn Record) -> Component<'a> {
        let mut component = Component::of(record);
        component.rules = self.rules_of(record.record_type());
        component
    }

    /// The components that an action on a resource reaches.
    fn components<'a>(&'a self, of: &Component<'a>) -> Vec<Component<'a>> {
        let Some(path) = self.store.path_of(&of.id.into()) else { return Vec::new() };
        let reaches = of.rules.record_type().lifecycle.map_or(&[][..], |lifecycle| lifecycle.reaches);
        let mut found = Vec::new();
        for name in reaches {
            let Some(row) = of.rules.record_type().attribute(name) else { continue };
            for member in self.members(&layout::collection_path(&path, row, self.dialect())) {
                found.extend(self.store.get(&self.stands_for(&member)).map(|record| self.component(record)));
            }
        }
        found
    }

    /// The resource that a member of a collection is, or only adds to.
    pub(crate) fn stands_for(&self, member: &str) -> String {
        let row = self.type_of(member).and_then(|of| of.attributes.iter().find(|row| layout::is_accessory(row)));
        row.and_then(|row| self.store.target(member, row.name)).unwrap_or_else(|| member.to_owned())
    }

    pub(crate) fn state(&self, path: &str) -> Option<String> {
        attributes::text(self.store.get(path)?, "state").map(str::to_owned)
    }

    /// Brings the state of a System up to date, which follows from those of its Machines (5.13.1).
    pub(crate) fn settle(&mut self, path: &str) {
        let Some(record) = self.store.get(path) else { return };
        let state = lifecycle::derived_state(&self.component(record), &|found| self.components(found));
        if let Some(state) = state.map(str::to_owned) {
            self.set_state(path, &state);
        }
    }

    /// After the state of a resource has changed: the states that follow from it.
    pub(crate) fn follow_state(&mut self, path: &str) {
        let mut waiting: Vec<String> = self.store.containers(path).cloned().collect();
        // In 1.x, items of the System's collections stand in between.
        for item in self.items.get(path).into_iter().flatten() {
            waiting.extend(self.store.containers(item).cloned());
        }
        for collection in waiting {
            if let Some(owner) = self.owner(&collection).filter(|owner| owner != layout::ENTRY_POINT) {
                self.settle(&owner);
            }
        }
    }

    fn stop_job(&mut self, path: &str) -> Done {
        let done = self.new_job(path, &[], "stop");
        self.call_off(path);
        self.end_job(&done);
        Done::action(done)
    }

    /// Deletes a resource. A Job that is running is stopped first.
    pub(crate) fn delete(&mut self, path: &str) -> Result<Done, Refusal> {
        if self.store.get_as::<Job>(path).is_some() {
            self.call_off(path);
        }
        let record = self.store.get(path).ok_or_else(Refusal::not_found)?;
        let rules = self.rules_of(record.record_type());
        let step = rules.apply(attributes::text(record, "state").unwrap_or_default(), "delete")?;
        let effects = self.effects_of_deletion(path, step)?;
        let job = self.new_job(path, &[], "delete");
        self.carry_out(&job, &effects);
        Ok(Done::action(job))
    }
}

/// Whether the state of a resource follows from those of its components.
fn is_derived(component: &Component<'_>) -> bool {
    component.rules.record_type().lifecycle.is_some_and(|lifecycle| lifecycle.derived)
}

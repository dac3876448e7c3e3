//! From a request and its templates to resources (4.2.1.1, 5.13.4).

use cimi_model::ext::access;
use cimi_model::lifecycle::Step;
use cimi_model::reflect::Record;
use cimi_model::template::{Expander, Owner, Placement, Plan, Target};
use cimi_model::{Error, ErrorKind, ModelChange, Type, Uri, attributes, printable};
use cimi_protocol::provider::Refusal;

use super::changes::Effect;
use super::{Cloud, Done, layout};

impl Cloud {
    /// Creates a resource in a collection.
    pub(crate) fn add(&mut self, collection: &str, request: &dyn Record) -> Result<Done, Refusal> {
        let mut plan = self.plan(request)?;
        let steps = self.steps_to_initial_states(&plan)?;
        self.check_target(collection, &plan)?;
        let paths = self.name(collection, &mut plan);
        for (step, path) in paths.iter().enumerate() {
            let mut record = plan.resource(step)?;
            if let Some(template) = plan.template(step)? {
                self.carry(&*template, &mut *record)?;
            }
            self.keep(path, record);
        }
        for (step, found) in plan.steps().iter().enumerate() {
            if let Some((owner, attribute)) = found.parent {
                let owner = paths.get(owner).map_or("", String::as_str);
                let parent = attribute
                    .map_or_else(|| owner.to_owned(), |row| layout::collection_path(owner, row, self.dialect()));
                self.set_parent(paths.get(step).map_or("", String::as_str), &parent);
            }
        }
        let root = paths.first().cloned().unwrap_or_default();
        self.enter(collection, &root);
        for placement in plan.placements() {
            self.place(placement, &paths);
        }
        Ok(self.bring_about(collection, paths, steps))
    }

    /// Gives a new resource what is added to its template and may stand on it, too.
    fn carry(&self, template: &dyn Record, resource: &mut dyn Record) -> cimi_model::Result<()> {
        for addition in self.provider.registry.additions_of(resource.record_type()) {
            let key = addition.key();
            let value = template.extensions().get(&key).or_else(|| template.extensions().get(addition.name()));
            if let Some(value) = value.filter(|_| resource.extensions().get(&key).is_none()) {
                let value = value.clone();
                resource.extensions_mut().insert(key, value);
            }
        }
        access::carry(template, resource).map(drop)
    }

    /// Brings new resources into their states, and makes the Job of that.
    pub(crate) fn bring_about(&mut self, collection: &str, paths: Vec<String>, steps: Vec<Step>) -> Done {
        let root = paths.first().cloned().unwrap_or_default();
        for path in &paths {
            self.equip(path);
            self.report_change(path, ModelChange::Create);
        }
        let job = self.new_job(collection, &paths, "add");
        let effects: Vec<Effect> =
            paths.into_iter().zip(steps).map(|(path, step)| Effect { path, step, new: true }).collect();
        self.carry_out(&job, &effects);
        Done::created(root, job)
    }

    /// What is to be created for a request.
    fn plan(&self, request: &dyn Record) -> Result<Plan, Refusal> {
        let stored = |href: &Uri, _: &'static Type| self.stored(href);
        let plan = Expander::new(&self.provider.registry, &stored).instantiate(request)?;
        for placement in plan.placements() {
            if let Target::Existing(uri) | Target::MembersOf(uri) = &placement.target {
                self.existing(uri)?;
            }
            if let Owner::Existing(uri) = &placement.owner {
                self.existing(uri)?;
            }
        }
        Ok(plan)
    }

    /// A resource that a template refers to.
    pub(crate) fn stored(&self, href: &Uri) -> cimi_model::Result<Box<dyn Record>> {
        let found = self.store.path_of(href).and_then(|path| self.store.get(&path));
        found.map(Record::boxed_clone).ok_or_else(|| Error::new(ErrorKind::Value, "there is no such resource"))
    }

    /// The path of a resource that a request refers to.
    pub(crate) fn existing(&self, uri: &Uri) -> Result<String, Refusal> {
        let found = self.store.path_of(uri).filter(|path| self.store.contains(path));
        found.ok_or_else(|| Refusal::conflict(format!("there is no resource '{}'", printable(uri.as_str()))))
    }

    /// How the new resources come into the states that their templates ask for; an error if one cannot (5.14.2.1).
    fn steps_to_initial_states(&self, plan: &Plan) -> Result<Vec<Step>, Refusal> {
        let steps = plan.steps().iter();
        steps.map(|step| Ok(self.rules_of(step.record_type()).create(step.initial_state.as_deref())?)).collect()
    }

    /// A Meter or `EventLog` that is added to a collection of a resource is for that resource (5.17.5).
    fn check_target(&self, collection: &str, plan: &Plan) -> Result<(), Refusal> {
        let Some(root) = plan.steps().first().filter(|root| matches!(root.record_type().name, "Meter" | "EventLog"))
        else {
            return Ok(());
        };
        let own = self.owner(collection).filter(|owner| owner != layout::ENTRY_POINT);
        let given = attributes::href(&*root.resource, "targetResource").map(|uri| self.existing(uri)).transpose()?;
        match (own, given) {
            (None, None) => Err(Refusal::conflict("there is no targetResource")),
            (Some(own), Some(given)) if own != given => {
                Err(Refusal::conflict("the targetResource is not the resource whose collection this is"))
            }
            _ => Ok(()),
        }
    }

    /// Gives each new resource its URI; their paths.
    fn name(&mut self, collection: &str, plan: &mut Plan) -> Vec<String> {
        let mut paths = vec![String::new(); plan.steps().len()];
        for step in plan.order().to_vec() {
            let Some(found) = plan.steps().get(step) else { continue };
            let place = match (self.catalog_of(found.record_type()), found.parent) {
                (Some(catalog), _) => catalog,
                (None, Some((owner, Some(attribute)))) => {
                    let owner = paths.get(owner).map_or("", String::as_str);
                    layout::collection_path(owner, attribute, self.dialect())
                }
                (None, _) => collection.to_owned(),
            };
            let path = self.store.new_path(&place);
            plan.assign(step, self.store.uri(&path));
            if let Some(slot) = paths.get_mut(step) {
                *slot = path;
            }
        }
        paths
    }

    /// Puts what was asked for into the collection where it was asked for.
    pub(crate) fn enter(&mut self, collection: &str, path: &str) {
        let Some(members) = self.store.collection(collection) else { return };
        let (owner, child) = (members.owner.clone(), members.attribute.child);
        self.store.put_in(collection, path);
        let own = owner != layout::ENTRY_POINT;
        if child && (own || self.store.target(path, "parent").is_none()) {
            self.set_parent(path, collection);
        }
        match self.store.target(path, "targetResource") {
            None if own => {
                let uri = self.store.uri(&owner);
                self.store.edit(path, |record| {
                    attributes::set_href(record, "targetResource", &uri);
                });
            }
            Some(target) if !own => self.connect(&target, path),
            _ => {}
        }
    }

    /// Puts a Meter or `EventLog` that was created by itself where its resource has such.
    fn connect(&mut self, target: &str, path: &str) {
        let Some(record) = self.store.get(path) else { return };
        if record.record_type().name == "EventLog" {
            let uri = self.store.uri(path);
            self.store.edit(target, |record| {
                if attributes::href(record, "eventLog").is_none() {
                    attributes::set_href(record, "eventLog", &uri);
                }
            });
        } else if self.store.put_in(&format!("{target}/meters"), path) {
            self.set_parent(path, &format!("{target}/meters"));
        }
    }

    /// Puts a resource where the plan has it: into a collection, or where an attribute refers to it.
    fn place(&mut self, placement: &Placement, paths: &[String]) {
        let owner = match &placement.owner {
            Owner::Step(step) => paths.get(*step).cloned(),
            Owner::Existing(uri) => self.store.path_of(uri),
        };
        let targets = match &placement.target {
            Target::Step(step) => paths.get(*step).cloned().into_iter().collect(),
            Target::Existing(uri) => self.store.path_of(uri).into_iter().collect(),
            Target::MembersOf(uri) => self.store.path_of(uri).map(|path| self.members(&path)).unwrap_or_default(),
        };
        let Some(owner) = owner else { return };
        let collection = layout::collection_path(&owner, placement.attribute, self.dialect());
        for target in targets {
            if self.store.collection(&collection).is_some() {
                self.put_in(&collection, &target, placement.structure.as_deref());
                if placement.child && matches!(placement.owner, Owner::Existing(_)) {
                    self.set_parent(&target, &collection);
                }
            } else {
                let uri = self.store.uri(&target);
                self.store.edit(&owner, |record| {
                    attributes::set_href(record, placement.attribute.name, &uri);
                });
            }
        }
    }
}

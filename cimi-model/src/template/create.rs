//! The request itself (4.2.1.1).

use std::collections::HashSet;

use super::build::Place;
use super::expander::Expansion;
use super::merge::copy_value;
use super::plan::{Owner, Target, is_collection};
use super::rules::{self, Ingredient};
use super::scope::{Position, Scope};
use crate::error::Step as PathStep;
use crate::meta::{Kind, Role};
use crate::reflect::{Record, Slot, View, omitted};
use crate::registry::Entry;

impl Expansion<'_> {
    pub(super) fn request(&mut self, request: &dyn Record) {
        let request_type = request.record_type();
        self.path.push(PathStep::Name(request_type.name));
        if !self.charge(request) {
            return;
        }
        match request_type.role {
            Role::Create => self.create(request),
            Role::Resource => {
                let template = self.registry.iter().find(|entry| std::ptr::eq(entry.record_type, request_type));
                match template.copied() {
                    Some(entry) => self.as_given(request, entry),
                    None => self.problem(format!("the type {} is not known", request_type.name)),
                }
            }
            _ => self.problem(format!("a {} cannot be created", request_type.name)),
        }
    }

    /// A resource that is created as itself.
    fn as_given(&mut self, request: &dyn Record, entry: Entry) {
        if let Some(step) = self.step(entry).and_then(|step| self.steps.get_mut(step)) {
            step.resource = request.boxed_clone();
        }
    }

    fn create(&mut self, request: &dyn Record) {
        let mut request = request.boxed_clone();
        let table = request.record_type().attributes;
        let is_template =
            |kind: Kind| matches!(kind, Kind::Ref(target) if rules::ingredient(target()) == Some(Ingredient::Template));
        let Some((index, attribute)) = table.iter().enumerate().find(|(_, attribute)| is_template(attribute.kind))
        else {
            return self.problem("the request has no attribute for a template");
        };
        let template = self.at(&[PathStep::Name(attribute.name)], |this| {
            let value = request.get_mut(index)?;
            if !matches!(value.view(), View::Ref(_)) {
                this.problem("there is no template");
                return None;
            }
            let Slot::Ref(reference) = value.slot() else { return None };
            this.complete_reference(reference);
            this.template_of(reference)
        });
        let Some((entry, template)) = template.filter(|_| !self.stopped) else { return };
        let Some(step) = self.step(entry) else { return };
        self.set_directly(step, &*request);
        let scope = Scope::default();
        let place = Place { scope: &scope, position: Position::ONLY, system: None };
        self.at(&[PathStep::Name(attribute.name)], |this| this.realize(step, template, place, None));
        self.check_single();
    }

    /// What is not a collection refers to one resource.
    fn check_single(&mut self) {
        let mut seen = HashSet::new();
        for placement in &self.placements {
            let (Owner::Step(owner), false) = (&placement.owner, is_collection(placement.attribute)) else { continue };
            if seen.insert((*owner, placement.attribute.name)) {
                continue;
            }
            let path = match placement.target {
                Target::Step(step) => self.steps.get(step).map(|step| step.path.clone()),
                _ => None,
            };
            let text = format!("there is another one for {} already", placement.attribute.name);
            self.problems.add(path.unwrap_or_else(|| self.path.to_string()), text, self.bounds.problems);
        }
    }

    /// Gives the new resource the name, description and properties of the request or descriptor.
    pub(super) fn set_directly(&mut self, step: usize, from: &dyn Record) {
        let Some(step) = self.steps.get_mut(step) else { return };
        let table = from.record_type();
        for name in rules::SET_BY_REQUEST {
            let (Some(index), Some(to)) = (table.find_exact(name, 0), step.record_type().find_exact(name, 0)) else {
                continue;
            };
            let Some(attribute) = table.attributes.get(index) else { continue };
            let given = from.get(index).filter(|value| !omitted(&value.view(), attribute.kind));
            if let (Some(given), Some(place)) = (given, step.resource.get_mut(to)) {
                copy_value(&given.view(), place.slot());
            }
        }
    }
}

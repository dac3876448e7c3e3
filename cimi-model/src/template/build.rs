//! From a complete template to a resource (4.2.1.1).

use super::expander::Expansion;
use super::merge::copy_value;
use super::plan::{LINK, Owner, Placement, Target, is_collection, link_to, set_href, step_of};
use super::rules::{self, Ingredient};
use super::scope::{Position, Scope};
use super::walk;
use crate::attributes::href;
use crate::error::{Step as PathStep, printable};
use crate::meta::{Attribute, Kind};
use crate::reflect::{Described, List, Record, Reference, View, omitted};
use crate::registry::Entry;
use crate::{AnyResource, SystemTemplate, Type, Uri};

/// Where a resource is created.
#[derive(Clone, Copy)]
pub(super) struct Place<'s> {
    pub(super) scope: &'s Scope<'s>,
    pub(super) position: Position,
    /// The System, if it is created as a part of one.
    pub(super) system: Option<usize>,
}

/// A part of a template from which a resource of its own is created.
struct Part {
    path: Vec<PathStep>,
    entry: Entry,
    /// Where the resource around it refers to the new one.
    attribute: Option<&'static Attribute>,
    template: Box<dyn Record>,
    structure: Option<Box<dyn Record>>,
}

impl Expansion<'_> {
    /// Carries out a template for a resource that has a step. `owner` is the resource whose template this one is in.
    ///
    /// Recursive, up to [`Bounds::depth`](super::Bounds::depth).
    pub(super) fn realize(&mut self, step: usize, template: Box<dyn Record>, place: Place<'_>, owner: Option<usize>) {
        if self.too_deep() || !self.charge(&*template) {
            return;
        }
        self.depth += 1;
        if template.as_any().is::<SystemTemplate>() {
            self.realize_system(step, template, place, owner);
        } else {
            self.carry_out(step, template, place, owner);
        }
        self.depth -= 1;
    }

    pub(super) fn carry_out(
        &mut self,
        step: usize,
        mut template: Box<dyn Record>,
        place: Place<'_>,
        owner: Option<usize>,
    ) {
        let Some(resource) = self.steps.get(step).map(super::Step::record_type) else { return };
        let mut parts = self.parts(&*template, resource);
        remove_templates(&mut *template);
        self.link(step, &mut *template, place);
        self.copy(step, &*template);
        for wanted in [Ingredient::Configuration, Ingredient::Image] {
            for (attribute, record) in ingredients(&*template, wanted) {
                self.at(&[PathStep::Name(attribute.name)], |this| {
                    parts.extend(this.parts(record, resource));
                    this.copy(step, record);
                });
            }
        }
        self.belong(step, &*template, owner);
        self.connect_target(step, owner);
        if let Some(step) = self.steps.get_mut(step) {
            if rules::passes_extensions(resource) {
                step.resource.extensions_mut().clone_from(template.extensions());
            }
            step.template = Some(template);
        }
        for part in parts {
            self.create_part(step, part, place);
        }
    }

    /// The parts of a template or configuration that become resources of their own.
    fn parts(&mut self, template: &dyn Record, resource: &'static Type) -> Vec<Part> {
        let mut parts = Vec::new();
        for (index, attribute) in template.record_type().attributes.iter().enumerate() {
            let Some(value) = template.get(index) else { continue };
            if rules::is_common(attribute.name) || template.as_any().is::<SystemTemplate>() && is_descriptors(attribute)
            {
                continue;
            }
            let to = rules::counterpart(attribute, resource).map(|(_, to)| to);
            self.at(&[PathStep::Name(attribute.name)], |this| match value.view() {
                View::Ref(reference) => parts.extend(this.part(reference, to, &[])),
                View::List(list) => {
                    for index in 0..list.len() {
                        let path = [PathStep::Index(index)];
                        this.at(&path, |this| match list.item(index) {
                            View::Ref(reference) => parts.extend(this.part(reference, to, &[])),
                            View::Record(structure) => parts.extend(this.part_in(structure, to)),
                            _ => {}
                        });
                    }
                }
                _ => {}
            });
        }
        parts
    }

    /// A part that is a template.
    fn part(
        &mut self,
        reference: &dyn Reference,
        attribute: Option<&'static Attribute>,
        further: &[PathStep],
    ) -> Option<Part> {
        if rules::ingredient(reference.target()) != Some(Ingredient::Template) {
            return None;
        }
        let (entry, template) = self.template_of(reference)?;
        let path = self.path.steps().iter().chain(further).cloned().collect();
        Some(Part { path, entry, attribute, template, structure: None })
    }

    /// A template with the type of what it makes. One of which nothing is said is an empty one, unless it was to be had
    /// elsewhere, which has been reported.
    pub(super) fn template_of(&mut self, reference: &dyn Reference) -> Option<(Entry, Box<dyn Record>)> {
        let target = reference.target();
        let Some(entry) = rules::made_from(target, self.registry) else {
            self.problem(format!("nothing is known that is made from a {}", target.name));
            return None;
        };
        let template = match (reference.record(), reference.href()) {
            (Some(record), _) => record.boxed_clone(),
            (None, Some(_)) => return None,
            (None, None) => {
                let known = self.registry.iter().find(|entry| entry.record_type.is_same(target))?;
                (known.new)()
            }
        };
        Some((entry, template))
    }

    /// A part that is a structure: with a template in it, or without any reference, as that of a disk.
    fn part_in(&mut self, structure: &dyn Record, attribute: Option<&'static Attribute>) -> Option<Part> {
        let member = rules::members(attribute?)?;
        let table = structure.record_type().attributes;
        let refers = |attribute: &Attribute| matches!(attribute.kind, Kind::Ref(_));
        if !table.iter().any(refers) {
            let entry = self.registry.iter().find(|entry| entry.record_type.is_same(member)).copied()?;
            let path = self.path.steps().to_vec();
            return Some(Part { path, entry, attribute, template: structure.boxed_clone(), structure: None });
        }
        for (index, row) in table.iter().enumerate() {
            let Some(View::Ref(reference)) = structure.get(index).map(|value| value.view()) else { continue };
            if let Some(mut part) = self.part(reference, attribute, &[PathStep::Name(row.name)]) {
                let mut rest = structure.boxed_clone();
                remove_templates(&mut *rest);
                part.structure = Some(rest);
                return Some(part);
            }
        }
        None
    }

    fn create_part(&mut self, owner: usize, part: Part, place: Place<'_>) {
        let path = std::mem::replace(&mut self.path, crate::error::Path::from_steps(part.path));
        if let Some(step) = self.step(part.entry) {
            let part_type = part.entry.record_type;
            let child = part.attribute.is_some_and(|attribute| attribute.child);
            let connected = part_type.attribute(rules::TARGET).is_some();
            // What is a part of the resource comes after it, what it only uses before it.
            let (first, then) = if child || connected { (owner, step) } else { (step, owner) };
            self.after(then, first);
            if let Some(attribute) = part.attribute {
                let mut placement = Placement::new(Owner::Step(owner), attribute, Target::Step(step));
                placement.child = child;
                placement.structure = part.structure;
                self.link_structure(owner, &mut placement, place);
                self.placements.push(placement);
                if child {
                    self.adopt(step, owner, Some(attribute));
                }
            }
            self.enter_system(step, part_type, place.system);
            self.realize(step, part.template, place, Some(owner));
        }
        self.path = path;
    }

    /// Makes a new resource a component of the System in whose creation it is created (5.13.2.1).
    pub(super) fn enter_system(&mut self, step: usize, resource: &Type, system: Option<usize>) {
        let Some(system) = system else { return };
        let Some(system_type) = self.steps.get(system).map(super::Step::record_type) else { return };
        let attribute = rules::component_collection(system_type, resource);
        let orphan = self.steps.get(step).is_some_and(|step| step.parent.is_none());
        if let Some(attribute) = attribute {
            let mut placement = Placement::new(Owner::Step(system), attribute, Target::Step(step));
            placement.child = orphan;
            self.placements.push(placement);
        }
        if orphan {
            self.adopt(step, system, attribute);
        }
        self.after(step, system);
    }

    fn adopt(&mut self, step: usize, parent: usize, attribute: Option<&'static Attribute>) {
        if let Some(step) = self.steps.get_mut(step) {
            step.parent = Some((parent, attribute.filter(|attribute| is_collection(attribute))));
        }
    }

    pub(super) fn after(&mut self, step: usize, before: usize) {
        if let Some(step) = self.steps.get_mut(step) {
            step.needs(before);
        }
    }

    /// Puts a link in the place of each `#name`, and the URI where that is an existing resource.
    pub(super) fn link(&mut self, step: usize, record: &mut dyn Record, place: Place<'_>) {
        let mut path = std::mem::take(&mut self.path);
        let mut needed = Vec::new();
        let mut faults = Vec::new();
        walk::references(record, &mut path, &mut |href, wanted, path| match self.look_up(href, wanted, place) {
            Ok(None) => None,
            Ok(Some(Target::Step(target))) => {
                needed.push(target);
                Some(link_to(target))
            }
            Ok(Some(Target::Existing(uri) | Target::MembersOf(uri))) => Some(uri),
            Err(text) => {
                faults.push((path.to_string(), text));
                None
            }
        });
        self.path = path;
        for (path, text) in faults {
            self.problems.add(path, text, self.bounds.problems);
        }
        for target in needed {
            self.after(step, target);
        }
    }

    /// What a reference leads to, if it is one by name.
    pub(super) fn look_up(
        &self,
        href: &str,
        wanted: Option<&Type>,
        place: Place<'_>,
    ) -> Result<Option<Target>, String> {
        if href.starts_with(LINK) {
            return Err(format!("URIs that begin with '{LINK}' are reserved"));
        }
        let Some(name) = href.strip_prefix('#') else { return Ok(None) };
        let found = place.scope.find_one(name, place.position)?;
        if let (Some(Target::Step(step)), Some(wanted)) = (&found, wanted) {
            let met = self.steps.get(*step).map(super::Step::record_type);
            if let Some(met) = met.filter(|met| !met.is_same(wanted) && !wanted.is_same(AnyResource::TYPE)) {
                return Err(format!("'#{}' is a {}, not a {}", printable(name), met.name, wanted.name));
            }
        }
        Ok(found)
    }

    fn link_structure(&mut self, owner: usize, placement: &mut Placement, place: Place<'_>) {
        if let Some(structure) = placement.structure.as_deref_mut() {
            self.link(owner, structure, place);
        }
    }

    /// Copies what a template, configuration or image says about the resource, where it does not have it already.
    fn copy(&mut self, step: usize, from: &dyn Record) {
        let Some(resource) = self.steps.get(step).map(super::Step::record_type) else { return };
        for (index, attribute) in from.record_type().attributes.iter().enumerate() {
            let Some(value) = from.get(index) else { continue };
            let view = value.view();
            if rules::is_common(attribute.name) || omitted(&view, attribute.kind) {
                continue;
            }
            if let (rules::INITIAL_STATE, View::Text(state)) = (attribute.name, &view)
                && let Some(step) = self.steps.get_mut(step)
            {
                step.initial_state = Some((*state).to_owned());
            }
            let Some((to, target)) = rules::counterpart(attribute, resource) else { continue };
            if is_collection(target) {
                self.at(&[PathStep::Name(attribute.name)], |this| this.fill(step, target, &view));
            } else if let Some(step) = self.steps.get_mut(step) {
                copy_missing(&mut *step.resource, to, target, &view);
            }
        }
    }

    /// Puts existing resources into a collection.
    fn fill(&mut self, owner: usize, attribute: &'static Attribute, view: &View<'_>) {
        match view {
            View::Ref(reference) => {
                if let Some(href) = reference.href() {
                    let target = Target::MembersOf(href.clone());
                    self.placements.push(Placement::new(Owner::Step(owner), attribute, target));
                }
            }
            View::List(list) => self.fill_from_list(owner, attribute, *list),
            _ => {}
        }
    }

    fn fill_from_list(&mut self, owner: usize, attribute: &'static Attribute, list: &dyn List) {
        let Some(member) = rules::members(attribute) else { return };
        for index in 0..list.len() {
            let item = list.item(index);
            let (reference, structure) = match &item {
                View::Ref(reference) => (Some(*reference), None),
                View::Record(structure) => (connected(*structure, member), Some(structure.boxed_clone())),
                _ => (None, None),
            };
            let Some(reference) = reference else { continue };
            let Some(href) = reference.href() else {
                self.at(&[PathStep::Index(index)], |this| {
                    this.problem("a reference to an existing resource has no href");
                });
                continue;
            };
            let target = target_of(href);
            let mut placement = Placement::new(Owner::Step(owner), attribute, target);
            placement.structure = structure;
            self.placements.push(placement);
        }
    }

    /// Puts the new resource into a collection of the existing one that its template says it belongs to, as a
    /// `ProtocolSegmentTemplate` does with its `network` (5.16.7).
    fn belong(&mut self, step: usize, template: &dyn Record, owner: Option<usize>) {
        let Some(resource) = self.steps.get(step).map(super::Step::record_type) else { return };
        for (index, attribute) in template.record_type().attributes.iter().enumerate() {
            let Kind::Ref(target) = attribute.kind else { continue };
            if rules::is_common(attribute.name) || rules::counterpart(attribute, resource).is_some() {
                continue;
            }
            let Some(collection) = rules::collection_of(target(), resource) else { continue };
            let Some(View::Ref(reference)) = template.get(index).map(|value| value.view()) else { continue };
            let Some(href) = reference.href() else { continue };
            let owner_type = owner.and_then(|owner| self.steps.get(owner)).map(super::Step::record_type);
            if owner_type.is_some_and(|owner| owner.is_same(target())) {
                if step_of(href.as_str()) != owner {
                    self.at(&[PathStep::Name(attribute.name)], |this| {
                        this.problem(format!("this must be the new {} or absent", target().name));
                    });
                }
                continue;
            }
            let owner = step_of(href.as_str()).map_or_else(|| Owner::Existing(href.clone()), Owner::Step);
            let mut placement = Placement::new(owner, collection, Target::Step(step));
            placement.child = collection.child;
            self.placements.push(placement);
        }
    }

    /// Connects a Meter or `EventLog` with its resource: the one around it, or the component that it names (5.17.4.1).
    fn connect_target(&mut self, step: usize, owner: Option<usize>) {
        let Some(found) = self.steps.get_mut(step) else { return };
        let resource = found.record_type();
        if resource.attribute(rules::TARGET).is_none() {
            return;
        }
        match (href(&*found.resource, rules::TARGET).cloned(), owner) {
            (None, Some(owner)) => set_href(&mut *found.resource, rules::TARGET, link_to(owner)),
            (Some(href), Some(owner)) if step_of(href.as_str()) != Some(owner) => {
                self.at(&[PathStep::Name(rules::TARGET)], |this| {
                    this.problem("this must be the new resource or absent");
                });
            }
            (Some(href), None) => self.connect_to_component(step, resource, &href),
            _ => {}
        }
    }

    fn connect_to_component(&mut self, step: usize, resource: &Type, target: &Uri) {
        let Some(target) = step_of(target.as_str()) else { return };
        let Some(target_type) = self.steps.get(target).map(super::Step::record_type) else { return };
        if let Some(attribute) = rules::place_for(target_type, resource) {
            self.placements.push(Placement::new(Owner::Step(target), attribute, Target::Step(step)));
        }
    }
}

fn target_of(href: &Uri) -> Target {
    step_of(href.as_str()).map_or_else(|| Target::Existing(href.clone()), Target::Step)
}

/// The descriptors of a `SystemTemplate`, which are carried out by themselves.
fn is_descriptors(attribute: &Attribute) -> bool {
    attribute.name.ends_with("Descriptors")
}

/// Takes out the templates, which have become parts.
fn remove_templates(record: &mut dyn Record) {
    for (index, attribute) in record.record_type().attributes.iter().enumerate() {
        if holds_template(attribute.kind)
            && let Some(value) = record.get_mut(index)
        {
            value.clear();
        }
    }
}

fn holds_template(kind: Kind) -> bool {
    let is_template = |target: &Type| rules::ingredient(target) == Some(Ingredient::Template);
    match kind {
        Kind::Ref(target) => is_template(target()),
        Kind::Array(Kind::Ref(target)) => is_template(target()),
        Kind::Array(Kind::Structure(structure)) => {
            structure().attributes.iter().any(|row| matches!(row.kind, Kind::Ref(target) if is_template(target())))
        }
        _ => false,
    }
}

/// The configurations or images by whose attributes a template describes the resource.
fn ingredients(template: &dyn Record, wanted: Ingredient) -> Vec<(&'static Attribute, &dyn Record)> {
    let table = template.record_type().attributes.iter().enumerate();
    let found = table.filter_map(|(index, attribute)| match template.get(index)?.view() {
        View::Ref(reference) if rules::ingredient(reference.target()) == Some(wanted) => {
            Some((attribute, reference.record()?))
        }
        _ => None,
    });
    found.collect()
}

/// The reference in a structure to the resource that is connected.
fn connected<'r>(structure: &'r dyn Record, member: &Type) -> Option<&'r dyn Reference> {
    (0..structure.record_type().attributes.len()).find_map(|index| match structure.get(index)?.view() {
        View::Ref(reference) if rules::stands_for(member, reference.target()) => Some(reference),
        _ => None,
    })
}

fn copy_missing(resource: &mut dyn Record, index: usize, attribute: &Attribute, view: &View<'_>) {
    let Some(place) = resource.get_mut(index) else { return };
    if omitted(&place.view(), attribute.kind) && !copy_value(view, place.slot()) {
        place.clear();
    }
}

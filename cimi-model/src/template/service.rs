//! The services of a new System (5.13.4, 5.13.6).

use super::build::Place;
use super::expander::Expansion;
use super::plan::{Owner, Placement, Target, is_collection, link_to};
use super::rules;
use super::scope::Found;
use crate::any::Any;
use crate::error::{Step as PathStep, printable};
use crate::meta::Attribute;
use crate::reflect::{Described, Record};
use crate::registry::Entry;
use crate::{Map, ServiceDescriptor, SystemService, Uri};

/// The attribute with what is particular to a service.
const PARAMETERS: PathStep = PathStep::Name("parameters");

impl Expansion<'_> {
    /// Creates the service of a descriptor. Parameters that are collections of a `SystemService` become these.
    pub(super) fn service(&mut self, system: usize, descriptor: &ServiceDescriptor, place: Place<'_>) {
        if !self.charge(descriptor) {
            return;
        }
        let Some(step) = self.step(Entry::of::<SystemService>()) else { return };
        let mut parameters = Map::new();
        for (key, value) in descriptor.parameters.iter() {
            self.at(&[PARAMETERS, PathStep::Key(key.to_owned())], |this| {
                if let Some(attribute) = SystemService::TYPE.attribute(key).filter(|attribute| is_collection(attribute))
                {
                    this.subjects(step, attribute, value, place);
                } else {
                    let mut value = value.clone();
                    this.link_parameter(step, &mut value, place);
                    parameters.insert(key, value);
                }
            });
        }
        let service = SystemService {
            name: descriptor.name.clone(),
            description: descriptor.description.clone(),
            properties: descriptor.properties.clone(),
            service_type: descriptor.service_type.clone(),
            parameters,
            extensions: descriptor.extensions.clone(),
            ..Default::default()
        };
        if let Some(found) = self.steps.get_mut(step) {
            found.resource = Box::new(service);
            found.template = Some(descriptor.boxed_clone());
        }
        self.enter_as_service(step, system);
    }

    fn enter_as_service(&mut self, step: usize, system: usize) {
        let system_type = self.steps.get(system).map(super::Step::record_type);
        let Some(attribute) = system_type.and_then(|system| rules::collection_of(system, SystemService::TYPE)) else {
            return;
        };
        let mut placement = Placement::new(Owner::Step(system), attribute, Target::Step(step));
        placement.child = true;
        self.placements.push(placement);
        self.after(step, system);
        if let Some(step) = self.steps.get_mut(step) {
            step.parent = Some((system, Some(attribute)));
        }
    }

    /// The components that a service is for: `#name`s, or URIs of existing resources.
    fn subjects(&mut self, step: usize, attribute: &'static Attribute, value: &Any, place: Place<'_>) {
        match value {
            Any::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.at(&[PathStep::Index(index)], |this| this.subjects_of(step, attribute, item, place));
                }
            }
            value => self.subjects_of(step, attribute, value, place),
        }
    }

    fn subjects_of(&mut self, step: usize, attribute: &'static Attribute, value: &Any, place: Place<'_>) {
        let Some(text) = value.as_str().or_else(|| value.get("href")?.as_str()) else {
            return self.problem("expected the name of a component, as '#name'");
        };
        let Some(name) = text.strip_prefix('#') else {
            if let Err(fault) = self.look_up(text, None, place) {
                return self.problem(fault);
            }
            let target = Target::Existing(Uri::from(text));
            self.placements.push(Placement::new(Owner::Step(step), attribute, target));
            return;
        };
        let targets = match place.scope.find(name, place.position) {
            Some(Found::One(target)) => vec![target],
            Some(Found::Many(steps)) => steps.into_iter().map(Target::Step).collect(),
            Some(Found::Broken) => Vec::new(),
            None => return self.problem(format!("no component has the name '{}'", printable(name))),
        };
        for target in targets {
            if let Target::Step(subject) = target {
                self.check_subject(subject, attribute, name);
                self.after(step, subject);
            }
            self.placements.push(Placement::new(Owner::Step(step), attribute, target));
        }
    }

    fn check_subject(&mut self, subject: usize, attribute: &'static Attribute, name: &str) {
        let Some(found) = self.steps.get(subject).map(super::Step::record_type) else { return };
        if let Some(member) = rules::members(attribute).filter(|member| !rules::stands_for(member, found)) {
            self.problem(format!("'#{}' is a {}, not a {}", printable(name), found.name, member.name));
        }
    }

    /// Puts links into another parameter: each text that is `#name`, wherever it stands.
    fn link_parameter(&mut self, step: usize, value: &mut Any, place: Place<'_>) {
        match value {
            Any::String(text) => match self.look_up(text, None, place) {
                Ok(Some(Target::Step(target))) => {
                    self.after(step, target);
                    link_to(target).as_str().clone_into(text);
                }
                Ok(Some(Target::Existing(uri) | Target::MembersOf(uri))) => uri.as_str().clone_into(text),
                Ok(None) => {}
                Err(fault) => self.problem(fault),
            },
            Any::Array(items) => items.iter_mut().for_each(|item| self.link_parameter(step, item, place)),
            Any::Object(object) => object.iter_mut().for_each(|(_, member)| self.link_parameter(step, member, place)),
            _ => {}
        }
    }
}

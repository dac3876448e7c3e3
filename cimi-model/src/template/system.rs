//! From a `SystemTemplate` to the components of a System (5.13.4).

use super::build::Place;
use super::expander::Expansion;
use super::plan::{Owner, Placement, Target, link_to, set_href, set_text};
use super::rules::{self, Ingredient};
use super::scope::{Position, Scope};
use crate::any::Any;
use crate::attributes::href;
use crate::error::{Step as PathStep, printable};
use crate::meta::Kind;
use crate::reflect::{Record, Reference, View};
use crate::registry::Entry;
use crate::{ComponentDescriptor, ReadOptions, SystemTemplate, Type, Uri, json};

/// What a descriptor is about.
enum Source {
    /// Resources to be created.
    Template { key: PathStep, entry: Entry, template: Box<dyn Record> },
    /// A resource that exists.
    Existing { resource: &'static Type, href: Uri },
}

/// A descriptor with the resources that are created for it.
struct Component {
    path: Vec<PathStep>,
    template: Box<dyn Record>,
    steps: Vec<usize>,
}

/// A reference to a type that the table of descriptors does not have.
struct Loose {
    href: Option<Uri>,
    record: Box<dyn Record>,
}

impl Reference for Loose {
    fn href(&self) -> Option<&Uri> {
        self.href.as_ref()
    }
    fn href_mut(&mut self) -> &mut Option<Uri> {
        &mut self.href
    }
    fn record(&self) -> Option<&dyn Record> {
        Some(&*self.record)
    }
    fn record_mut(&mut self) -> &mut dyn Record {
        &mut *self.record
    }
    fn set_record(&mut self, record: Box<dyn Record>) -> Result<(), Box<dyn Record>> {
        self.record = record;
        Ok(())
    }
    fn target(&self) -> &'static Type {
        self.record.record_type()
    }
}

impl Expansion<'_> {
    pub(super) fn realize_system(
        &mut self,
        system: usize,
        template: Box<dyn Record>,
        place: Place<'_>,
        owner: Option<usize>,
    ) {
        let Ok(mut template) = template.into_any().downcast::<SystemTemplate>() else { return };
        let descriptors = std::mem::take(&mut template.component_descriptors);
        let services = std::mem::take(&mut template.service_descriptors);
        let mut scope = Scope::within(place.scope, place.position);
        let components = self.declare(system, &descriptors, &mut scope);
        let inside = |position| Place { scope: &scope, position, system: Some(system) };
        self.carry_out(system, template, inside(Position::ONLY), owner);
        for component in components {
            for (index, &step) in component.steps.iter().enumerate() {
                // To copy a template takes time in its length.
                if self.stopped {
                    return;
                }
                let position = Position { index, of: component.steps.len() };
                self.at(&component.path, |this| {
                    this.aim_at_system(step, system, &*component.template);
                    this.realize(step, component.template.boxed_clone(), inside(position), None);
                });
            }
        }
        for (index, service) in services.iter().enumerate() {
            let path = [PathStep::Name("serviceDescriptors"), PathStep::Index(index)];
            self.at(&path, |this| this.service(system, service, inside(Position::ONLY)));
        }
    }

    /// A Meter or `EventLog` that does not say what it is for is for the System.
    fn aim_at_system(&mut self, step: usize, system: usize, template: &dyn Record) {
        if let Some(step) = self.steps.get_mut(step)
            && href(template, rules::TARGET).is_none()
        {
            set_href(&mut *step.resource, rules::TARGET, link_to(system));
        }
    }

    /// Gives each component a step and a name, so that others can refer to it whatever the order.
    fn declare(&mut self, system: usize, descriptors: &[ComponentDescriptor], scope: &mut Scope<'_>) -> Vec<Component> {
        let mut components = Vec::new();
        let mut together = Vec::new();
        for (index, descriptor) in descriptors.iter().enumerate() {
            let path = [PathStep::Name("componentDescriptors"), PathStep::Index(index)];
            self.at(&path, |this| match this.source(descriptor) {
                Some(Source::Template { key, entry, template }) => {
                    let Some(steps) = this.instances(system, descriptor, entry, scope) else { return };
                    if let Some(name) = descriptor.name.as_deref().filter(|_| steps.len() != 1) {
                        together.push((name, steps.clone()));
                    }
                    components.push(Component { path: path.iter().cloned().chain([key]).collect(), template, steps });
                }
                Some(Source::Existing { resource, href }) => this.associate(system, descriptor, resource, href, scope),
                None => descriptor.name.iter().for_each(|name| scope.name_broken(name)),
            });
        }
        for (name, steps) in together {
            scope.name_all(name, steps);
        }
        components
    }

    /// The steps for the resources of a descriptor.
    fn instances(
        &mut self,
        system: usize,
        descriptor: &ComponentDescriptor,
        entry: Entry,
        scope: &mut Scope<'_>,
    ) -> Option<Vec<usize>> {
        // As validation has it: one at least.
        let Some(quantity) = usize::try_from(descriptor.quantity.unwrap_or(1)).ok().filter(|quantity| *quantity > 0)
        else {
            self.at(&[PathStep::Name("quantity")], |this| this.problem("a quantity is 1 or more"));
            descriptor.name.iter().for_each(|name| scope.name_broken(name));
            return None;
        };
        let (name, description) = (descriptor.name.clone(), descriptor.description.clone());
        let properties = descriptor.properties.clone();
        let own = ComponentDescriptor { name, description, properties, ..Default::default() };
        let mut steps = Vec::new();
        for number in 1..=quantity {
            // Each has its own copy.
            if !self.charge(&own) {
                return None;
            }
            let step = self.step(entry)?;
            self.set_directly(step, descriptor);
            if let Some(name) = &descriptor.name {
                let name = if quantity == 1 { name.clone() } else { format!("{name}{number}") };
                if let Some(step) = self.steps.get_mut(step) {
                    set_text(&mut *step.resource, "name", &name);
                }
                self.name(&name, Target::Step(step), scope);
            }
            self.enter_system(step, entry.record_type, Some(system));
            steps.push(step);
        }
        Some(steps)
    }

    fn name(&mut self, name: &str, target: Target, scope: &mut Scope<'_>) {
        if !scope.name(name, target) {
            let text = format!("another component has the name '{}' as well", printable(name));
            self.at(&[PathStep::Name("name")], |this| this.problem(text));
        }
    }

    /// Makes an existing resource an associated component (5.13.1).
    fn associate(
        &mut self,
        system: usize,
        descriptor: &ComponentDescriptor,
        resource: &'static Type,
        href: Uri,
        scope: &mut Scope<'_>,
    ) {
        if descriptor.quantity.is_some_and(|quantity| quantity != 1) {
            self.at(&[PathStep::Name("quantity")], |this| this.problem("there is one of an existing resource"));
        }
        if let Some(name) = &descriptor.name {
            self.name(name, Target::Existing(href.clone()), scope);
        }
        let system_type = self.steps.get(system).map(super::Step::record_type);
        if let Some(attribute) = system_type.and_then(|system| rules::place_for(system, resource)) {
            self.placements.push(Placement::new(Owner::Step(system), attribute, Target::Existing(href)));
        }
    }

    /// The one template or resource that a descriptor has.
    fn source(&mut self, descriptor: &ComponentDescriptor) -> Option<Source> {
        let mut sources = Vec::new();
        let table = descriptor.record_type().attributes;
        for (index, attribute) in table.iter().enumerate() {
            let (Kind::Ref(_), Some(value)) = (attribute.kind, descriptor.get(index)) else { continue };
            if let View::Ref(reference) = value.view() {
                let key = PathStep::Name(attribute.name);
                sources.push(self.at(std::slice::from_ref(&key), |this| this.source_of(key.clone(), reference)));
            }
        }
        for extension in &descriptor.extensions {
            if table.iter().any(|attribute| attribute.is_named(extension.key())) {
                let key = PathStep::Owned(extension.key().to_owned());
                self.at(&[key], |this| this.problem("the value was not understood"));
            } else if let Some(entry) = rules::named_after(extension.key(), self.registry) {
                let key = PathStep::Owned(extension.key().to_owned());
                sources.push(self.at(std::slice::from_ref(&key), |this| {
                    this.source_of_extension(key.clone(), entry, extension.value())
                }));
            }
        }
        if sources.len() > 1 {
            self.problem("a component is made from one template or is one resource, not several");
            return None;
        }
        let Some(source) = sources.pop() else {
            self.problem("there is neither a template nor a resource");
            return None;
        };
        let source = source?;
        let made = match &source {
            Source::Template { entry, .. } => entry.record_type,
            Source::Existing { resource, .. } => resource,
        };
        if let Some(uri) = descriptor.type_uri.as_ref().filter(|uri| !made.is_uri(uri.as_str())) {
            let text = format!("the component is a {}, not a {}", made.name, printable(uri.as_str()));
            self.at(&[PathStep::Name("type")], |this| this.problem(text));
        }
        Some(source)
    }

    fn source_of(&mut self, key: PathStep, reference: &dyn Reference) -> Option<Source> {
        let target = reference.target();
        if rules::ingredient(target) == Some(Ingredient::Template) {
            let (entry, template) = self.template_of(reference)?;
            return Some(Source::Template { key, entry, template });
        }
        match reference.href() {
            Some(href) if href.symbol().is_some() => self.problem("a component cannot be another one as well"),
            Some(href) => return Some(Source::Existing { resource: target, href: href.clone() }),
            None => self.problem("a reference to an existing resource has no href"),
        }
        None
    }

    /// As [`source_of`](Self::source_of), for a type that only the registry has.
    fn source_of_extension(&mut self, key: PathStep, entry: Entry, value: &Any) -> Option<Source> {
        let mut record = (entry.new)();
        let read = serde_json::to_vec(value)
            .map_err(|error| error.to_string())
            .and_then(|text| json::read_into(&text, &mut *record, &ReadOptions::default()).map_err(|e| e.to_string()));
        if let Err(text) = read {
            self.problem(format!("the value was not understood: {}", printable(&text)));
            return None;
        }
        let href = record.extensions_mut().remove("href").as_ref().and_then(Any::as_str).map(Uri::from);
        let mut reference = Loose { href, record };
        self.complete_reference(&mut reference);
        self.source_of(key, &reference)
    }
}

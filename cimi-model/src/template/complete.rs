//! Gives references the attributes of their targets (4.2.1.1).

use std::rc::Rc;

use super::expander::Expansion;
use super::merge::{fill_from, not_understood};
use super::rules::{self, Ingredient};
use crate::any::Any;
use crate::error::{Step as PathStep, printable};
use crate::reflect::{Record, Reference, Slot, View, is_blank_record};
use crate::{ComponentDescriptor, Type, Uri};

impl Expansion<'_> {
    /// Completes a reference to something that resources are made from; others stay as they are.
    pub(super) fn complete_reference(&mut self, reference: &mut dyn Reference) {
        let Some(ingredient) = rules::ingredient(reference.target()) else { return };
        if self.too_deep() {
            return;
        }
        self.depth += 1;
        let followed = self.chain.len();
        if self.merge_target(reference, ingredient) && reference.record().is_some() {
            let record = reference.record_mut();
            self.check_understood(record);
            // Images and credentials refer to resources, but are not made from them.
            if matches!(ingredient, Ingredient::Template | Ingredient::Configuration) {
                self.complete_record(record);
            }
        }
        self.chain.truncate(followed);
        self.depth -= 1;
    }

    /// Completes what a record refers to.
    fn complete_record(&mut self, record: &mut dyn Record) {
        if self.too_deep() {
            return;
        }
        self.depth += 1;
        // Beside templates, a component descriptor refers to existing resources, which are used as they are.
        let templates_only = record.as_any().is::<ComponentDescriptor>();
        for (index, attribute) in record.record_type().attributes.iter().enumerate() {
            let Some(value) = record.get_mut(index) else { continue };
            // A place that is asked for is created.
            if matches!(value.view(), View::Absent) {
                continue;
            }
            self.at(&[PathStep::Name(attribute.name)], |this| this.complete_value(value.slot(), templates_only));
        }
        self.depth -= 1;
    }

    fn complete_value(&mut self, slot: Slot<'_>, templates_only: bool) {
        match slot {
            Slot::Ref(reference)
                if (!templates_only || rules::ingredient(reference.target()) == Some(Ingredient::Template)) =>
            {
                self.complete_reference(reference);
            }
            Slot::Record(record) => self.complete_record(record),
            Slot::List(list) => {
                for index in 0..list.len() {
                    let Some(item @ (Slot::Ref(_) | Slot::Record(_))) = list.item_mut(index) else { return };
                    self.at(&[PathStep::Index(index)], |this| this.complete_value(item, templates_only));
                }
            }
            _ => {}
        }
    }

    pub(super) fn too_deep(&mut self) -> bool {
        if self.depth >= self.bounds.depth {
            self.stop("the templates are nested too deeply");
        }
        self.stopped
    }

    /// Takes what the reference does not say itself from its target; `false` if that cannot be had.
    fn merge_target(&mut self, reference: &mut dyn Reference, ingredient: Ingredient) -> bool {
        let Some(href) = reference.href().cloned() else {
            if reference.record().is_some() {
                drop_erasures(reference.record_mut());
            }
            return true;
        };
        if href.symbol().is_some() {
            self.check_symbol(reference, ingredient);
            return false;
        }
        if let Some(start) = self.chain.iter().position(|followed| *followed == href) {
            let circle = self.chain.iter().skip(start).chain([&href]).map(|uri| printable(uri.as_str()));
            let circle = circle.collect::<Vec<_>>().join(" -> ");
            self.problem(format!("the templates refer to each other in a circle: {circle}"));
            return false;
        }
        self.references += 1;
        if self.references > self.bounds.references {
            self.stop("the templates follow too many references");
        }
        let Some(base) = self.fetch(&href, reference.target()) else { return false };
        if !self.charge(&*base) {
            return false;
        }
        fill_from(&*base, reference.record_mut());
        self.chain.push(href);
        true
    }

    /// What a reference to a component may be: to an image or credential, without overrides.
    fn check_symbol(&mut self, reference: &dyn Reference, ingredient: Ingredient) {
        if matches!(ingredient, Ingredient::Template | Ingredient::Configuration) {
            self.problem(format!("a {} is not a component, and has no name as such", reference.target().name));
        } else if reference.record().is_some_and(|record| !is_blank_record(record)) {
            self.problem("attributes of a component cannot be overridden where it is referred to");
        }
    }

    fn fetch(&mut self, href: &Uri, wanted: &'static Type) -> Option<Rc<dyn Record>> {
        if self.stopped {
            return None;
        }
        if let Some(known) = self.fetched.get(href) {
            let known = known.clone()?;
            return self.of_type(known, wanted);
        }
        let found = match self.resolver.resolve(href, wanted) {
            Ok(found) => Some(Rc::from(found)),
            Err(error) => {
                self.problem(format!("'{}' cannot be had: {}", printable(href.as_str()), error.reason()));
                None
            }
        };
        self.fetched.insert(href.clone(), found.clone());
        self.of_type(found?, wanted)
    }

    fn of_type(&mut self, found: Rc<dyn Record>, wanted: &'static Type) -> Option<Rc<dyn Record>> {
        let met = found.record_type();
        // In 1.x, a Machine's credential is given as a CredentialTemplate, which has the same attributes.
        let as_template = wanted.name == "Credential" && met.name == "CredentialTemplate";
        if met.is_same(wanted) || as_template {
            return Some(found);
        }
        self.problem(format!("expected a {}, not a {}", wanted.name, met.name));
        None
    }

    /// Reports what a lenient reader kept because it could not understand it: a template without it is another one.
    fn check_understood(&mut self, record: &dyn Record) {
        for name in not_understood(record) {
            self.at(&[PathStep::Name(name)], |this| this.problem("the value was not understood"));
        }
    }
}

/// Takes out the erasures of a value, where there is nothing to erase.
fn drop_erasures(record: &mut dyn Record) {
    let table = record.record_type().attributes;
    let erases = |key: &str| table.iter().any(|attribute| attribute.is_named(key));
    record.extensions_mut().retain(|extension| *extension.value() != Any::Null || !erases(extension.key()));
}

//! Requests and templates become resources.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod components;
mod hostile;
mod outcome;
mod single;

use std::collections::HashMap;

use cimi_model::reflect::{Described, Record};
use cimi_model::template::{Bounds, Expander, Plan, Problems};
use cimi_model::{Error, ErrorKind, ReadOptions, Registry, Result, SystemCreate, Type, Uri, json};

/// What a provider has stored, by URI.
#[derive(Default)]
pub(crate) struct Store(HashMap<String, Box<dyn Record>>);

impl Store {
    pub(crate) fn with<T: Described>(mut self, href: &str, text: &str) -> Self {
        self.0.insert(href.to_owned(), Box::new(read::<T>(text)));
        self
    }

    pub(crate) fn expand(&self, request: &dyn Record) -> std::result::Result<Plan, Problems> {
        self.expand_within(request, Bounds::default())
    }

    pub(crate) fn expand_within(&self, request: &dyn Record, bounds: Bounds) -> std::result::Result<Plan, Problems> {
        let resolve = |href: &Uri, _: &'static Type| -> Result<Box<dyn Record>> {
            let found = self.0.get(href.as_str()).map(|record| record.boxed_clone());
            found.ok_or_else(|| Error::new(ErrorKind::Value, "there is no such resource"))
        };
        let registry = Registry::standard().with_collection::<single::Rack>().with::<single::RackTemplate>();
        Expander::new(&registry, &resolve).bounds(bounds).instantiate(request)
    }

    /// The plan for a request given as JSON.
    pub(crate) fn plan<T: Described>(&self, text: &str) -> Plan {
        self.expand(&read::<T>(text)).unwrap_or_else(|problems| panic!("{problems}"))
    }

    /// The problems of a request given as JSON, each with its path.
    pub(crate) fn problems<T: Described>(&self, text: &str) -> Vec<String> {
        let problems = self.expand(&read::<T>(text)).unwrap_err();
        problems.as_slice().iter().map(ToString::to_string).collect()
    }

    /// The plan for a new System of these components.
    pub(crate) fn system(&self, descriptors: &str) -> Plan {
        self.plan::<SystemCreate>(&system(descriptors))
    }

    pub(crate) fn system_problems(&self, descriptors: &str) -> Vec<String> {
        self.problems::<SystemCreate>(&system(descriptors))
    }
}

pub(crate) fn system(descriptors: &str) -> String {
    format!(r#"{{ "systemTemplate": {{ "componentDescriptors": [ {descriptors} ] }} }}"#)
}

pub(crate) fn read<T: Described>(text: &str) -> T {
    json::from_slice(text.as_bytes(), &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}\n{text}")).value
}

/// The resource that a step creates, with its links.
pub(crate) fn made<T: Described>(plan: &Plan, step: usize) -> &T {
    let resource = &plan.steps()[step].resource;
    let found = resource.as_any().downcast_ref();
    found.unwrap_or_else(|| panic!("step {step} is a {}", resource.record_type().name))
}

/// The steps that create resources of a type.
pub(crate) fn steps_of<T: Described>(plan: &Plan) -> Vec<usize> {
    (0..plan.steps().len()).filter(|&step| plan.steps()[step].resource.as_any().is::<T>()).collect()
}

/// The targets of the placements of a step's attribute, as text.
pub(crate) fn placed(plan: &Plan, owner: usize, attribute: &str) -> Vec<String> {
    let is = |placement: &&cimi_model::template::Placement| {
        placement.owner == cimi_model::template::Owner::Step(owner) && placement.attribute.name == attribute
    };
    plan.placements().iter().filter(is).map(|placement| format!("{:?}", placement.target)).collect()
}

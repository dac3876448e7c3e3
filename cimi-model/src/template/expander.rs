//! What an expansion is given, and what it holds while it runs.

use std::collections::HashMap;
use std::rc::Rc;

use super::plan::{Placement, Plan, Step};
use super::problem::Problems;
use super::{order, walk};
use crate::error::{Path, Step as PathStep};
use crate::reflect::{Record, Reference};
use crate::registry::{Entry, Registry};
use crate::{Result, Type, Uri};

/// Where referenced templates, configurations, images and credentials come from: a provider's store, a client's cache.
///
/// A closure with the same arguments is one.
pub trait Resolver {
    /// The resource with this URI, which is as the template has it: relative, if it was given so. `wanted` is the type
    /// that the reference asks for; a resource of another type is a [`Problem`](super::Problem).
    ///
    /// # Errors
    /// When there is no such resource, or it may not be used. The reason becomes that of the problem.
    fn resolve(&self, href: &Uri, wanted: &'static Type) -> Result<Box<dyn Record>>;
}

impl<F: Fn(&Uri, &'static Type) -> Result<Box<dyn Record>>> Resolver for F {
    fn resolve(&self, href: &Uri, wanted: &'static Type) -> Result<Box<dyn Record>> {
        self(href, wanted)
    }
}

/// Bounds on one expansion: a short template can refer to others that refer to others, and ask for any quantity.
///
/// Exceeding one is a problem, and ends the expansion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct Bounds {
    /// Resources to be created. Default: 10,000.
    pub steps: usize,
    /// References that are followed, each as often as it is met. Default: 10,000.
    pub references: usize,
    /// Nesting of templates and structures in each other, by value or by reference. Default: 64.
    pub depth: usize,
    /// About how many bytes all templates take once references and quantities are carried out. Default: 64 MiB.
    pub size: usize,
    /// Problems kept; further ones are counted. Default: 1,000.
    pub problems: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { steps: 10_000, references: 10_000, depth: 64, size: 64 << 20, problems: 1000 }
    }
}

/// Carries out templates (DSP0263 4.2.1.1, 5.13.4). See [the module](super).
#[derive(Clone, Copy)]
pub struct Expander<'a> {
    registry: &'a Registry,
    resolver: &'a dyn Resolver,
    bounds: Bounds,
}

impl std::fmt::Debug for Expander<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Expander").field("bounds", &self.bounds).finish_non_exhaustive()
    }
}

impl<'a> Expander<'a> {
    /// An expander that knows these types and finds templates there.
    #[must_use]
    pub fn new(registry: &'a Registry, resolver: &'a dyn Resolver) -> Self {
        Self { registry, resolver, bounds: Bounds::default() }
    }

    /// Sets the bounds.
    #[must_use]
    pub fn bounds(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self
    }

    /// What is to be created for a request: the body of an `add` operation (4.2.1.1, 5.5.12.1).
    ///
    /// That is a type such as [`MachineCreate`](crate::MachineCreate), or, where the standard has no template for a
    /// resource, the resource itself: a configuration, an image, a template.
    ///
    /// # Errors
    /// All problems of the request and of the templates, where one does not hide the others: templates that cannot be
    /// had or refer to each other in a circle, values that were not understood, names that no component has or several
    /// have, components that wait for each other, more than [`Bounds`] allow.
    pub fn instantiate(&self, request: &dyn Record) -> std::result::Result<Plan, Problems> {
        let mut expansion = Expansion::new(self);
        expansion.request(request);
        if expansion.problems.is_empty() {
            expansion.sort();
        }
        if !expansion.problems.is_empty() {
            return Err(expansion.problems);
        }
        Ok(Plan::new(expansion.steps, expansion.placements, expansion.order))
    }

    /// Gives a reference to a template, configuration, image or credential the attributes of its target, overridden by
    /// those that it has, and does the same for the references in it. The `href` stays.
    ///
    /// # Errors
    /// As [`instantiate`](Self::instantiate). The reference is then in no particular state.
    pub fn complete(&self, reference: &mut dyn Reference) -> std::result::Result<(), Problems> {
        let mut expansion = Expansion::new(self);
        expansion.path.push(PathStep::Name(reference.target().name));
        expansion.complete_reference(reference);
        if expansion.problems.is_empty() { Ok(()) } else { Err(expansion.problems) }
    }
}

/// One expansion.
pub(super) struct Expansion<'a> {
    pub(super) registry: &'a Registry,
    pub(super) resolver: &'a dyn Resolver,
    pub(super) bounds: Bounds,
    pub(super) problems: Problems,
    pub(super) path: Path,
    /// The references that are being followed, from the outside in.
    pub(super) chain: Vec<Uri>,
    pub(super) fetched: HashMap<Uri, Option<Rc<dyn Record>>>,
    pub(super) references: usize,
    pub(super) depth: usize,
    size: usize,
    /// Whether a bound was exceeded.
    pub(super) stopped: bool,
    pub(super) steps: Vec<Step>,
    pub(super) placements: Vec<Placement>,
    order: Vec<usize>,
}

impl<'a> Expansion<'a> {
    fn new(expander: &Expander<'a>) -> Self {
        Self {
            registry: expander.registry,
            resolver: expander.resolver,
            bounds: expander.bounds,
            problems: Problems::default(),
            path: Path::default(),
            chain: Vec::new(),
            fetched: HashMap::new(),
            references: 0,
            depth: 0,
            size: 0,
            stopped: false,
            steps: Vec::new(),
            placements: Vec::new(),
            order: Vec::new(),
        }
    }

    pub(super) fn problem(&mut self, text: impl Into<String>) {
        self.problems.add(self.path.to_string(), text.into(), self.bounds.problems);
    }

    /// Ends the expansion, once.
    pub(super) fn stop(&mut self, text: &str) {
        if !self.stopped {
            self.stopped = true;
            self.problem(text);
        }
    }

    /// Runs a part of the expansion further down the path.
    pub(super) fn at<T>(&mut self, steps: &[PathStep], run: impl FnOnce(&mut Self) -> T) -> T {
        let len = self.path.len();
        for step in steps {
            self.path.push(step.clone());
        }
        let result = run(self);
        self.path.truncate(len);
        result
    }

    /// Whether a record of this size may be added.
    pub(super) fn charge(&mut self, record: &dyn Record) -> bool {
        self.size = self.size.saturating_add(walk::weight(record));
        if self.size > self.bounds.size {
            self.stop("the templates become too large");
        }
        !self.stopped
    }

    /// A new resource to be created.
    pub(super) fn step(&mut self, entry: Entry) -> Option<usize> {
        if self.steps.len() >= self.bounds.steps {
            self.stop("there are too many resources to be created");
        }
        if self.stopped {
            return None;
        }
        self.steps.push(Step::new((entry.new)(), self.path.to_string()));
        Some(self.steps.len() - 1)
    }

    fn sort(&mut self) {
        match order::order(&self.steps) {
            Ok(order) => self.order = order,
            Err(cycles) => {
                for cycle in cycles {
                    let text = order::describe(&self.steps, &cycle);
                    let path = cycle.first().and_then(|&step| self.steps.get(step)).map(|step| step.path.clone());
                    self.problems.add(path.unwrap_or_default(), text, self.bounds.problems);
                }
            }
        }
    }
}

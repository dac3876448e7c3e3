//! What is to be created, in what order, and how it is connected.

use super::{rules, walk};
use crate::attributes::{slot, text};
use crate::error::Path;
use crate::reflect::{Record, Slot};
use crate::{Attribute, Error, ErrorKind, Result, Type, Uri};

/// How a link to a resource that has no URI yet is written in an attribute.
pub(super) const LINK: &str = "urn:x-cimi:step:";

/// The resources to be created for a request, and their relations (DSP0263 4.2.1.1, 5.13.4).
///
/// Steps have numbers, which are indexes of [`steps`](Self::steps); [`order`](Self::order) is an order in which they can
/// be carried out. A provider goes through it: it creates [`resource`](Self::resource) from
/// [`template`](Self::template), and reports the URI with [`assign`](Self::assign), so that the steps after it refer to
/// it by that URI. [`finish`](Self::finish) gives the resources with their collections.
#[derive(Clone, Debug)]
pub struct Plan {
    steps: Vec<Step>,
    placements: Vec<Placement>,
    order: Vec<usize>,
    uris: Vec<Option<Uri>>,
}

/// A resource to be created.
#[non_exhaustive]
pub struct Step {
    /// The attributes that the request and the templates give it. Where a reference leads to a resource that is to be
    /// created, its `href` is a link that [`Plan::link`] understands; [`Plan::resource`] puts the URI in its place.
    pub resource: Box<dyn Record>,
    /// The template, complete, without the parts from which resources of their own are created; for a disk, what the
    /// configuration says about it. None for a resource that is created without a template. Links are as in `resource`.
    pub template: Option<Box<dyn Record>>,
    /// The state that the template asks for. Without one, it is that of the capability `DefaultInitialState`, or else the
    /// one that the standard names (5.14.2.1).
    pub initial_state: Option<String>,
    /// The steps that have to be carried out before this one.
    pub after: Vec<usize>,
    /// The step whose resource this one becomes a child component of (5.10.2), with the attribute for the collection
    /// that stands between the two, if there is one. None for the resource that was asked for, and for those whose parent
    /// the provider decides.
    pub parent: Option<(usize, Option<&'static Attribute>)>,
    /// Where the template of this resource stands in the request.
    pub path: String,
}

impl Clone for Step {
    fn clone(&self) -> Self {
        Self {
            resource: self.resource.boxed_clone(),
            template: self.template.as_ref().map(|template| template.boxed_clone()),
            initial_state: self.initial_state.clone(),
            after: self.after.clone(),
            parent: self.parent,
            path: self.path.clone(),
        }
    }
}

impl std::fmt::Debug for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Step").field("resource", &self.resource).field("after", &self.after).finish_non_exhaustive()
    }
}

impl Step {
    pub(super) fn new(resource: Box<dyn Record>, path: String) -> Self {
        Self { resource, template: None, initial_state: None, after: Vec::new(), parent: None, path }
    }

    /// The type of the resource.
    #[must_use]
    pub fn record_type(&self) -> &'static Type {
        self.resource.record_type()
    }

    /// The name of the resource, if it is given one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        text(&*self.resource, "name")
    }

    /// What to call it in a message.
    pub(super) fn title(&self) -> String {
        self.name().map_or_else(|| self.record_type().name.to_owned(), |name| format!("'{name}'"))
    }

    pub(super) fn needs(&mut self, step: usize) {
        if !self.after.contains(&step) {
            self.after.push(step);
        }
    }
}

/// A resource that has others in its collections.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "callers must handle each")]
pub enum Owner {
    /// The resource of this step.
    Step(usize),
    /// An existing resource.
    Existing(Uri),
}

/// A resource that is put into a collection or referred to by an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "callers must handle each")]
pub enum Target {
    /// The resource of this step.
    Step(usize),
    /// An existing resource.
    Existing(Uri),
    /// Each of the resources in an existing collection.
    MembersOf(Uri),
}

/// That a resource has another one in a collection, or, where the attribute is a plain reference, at that attribute.
#[non_exhaustive]
pub struct Placement {
    /// The resource that has the collection.
    pub owner: Owner,
    /// Its attribute, for example `volumes`.
    pub attribute: &'static Attribute,
    /// What is put there.
    pub target: Target,
    /// Whether the target becomes a child component of the owner (5.10.2). Existing resources keep their parent.
    pub child: bool,
    /// What the template says about the connection, for example a
    /// [`MachineTemplateVolume`](crate::MachineTemplateVolume) with the `initialLocation` of the Volume. Links in it are
    /// as in [`Step::resource`].
    pub structure: Option<Box<dyn Record>>,
}

impl Placement {
    pub(super) fn new(owner: Owner, attribute: &'static Attribute, target: Target) -> Self {
        Self { owner, attribute, target, child: false, structure: None }
    }
}

impl Clone for Placement {
    fn clone(&self) -> Self {
        Self {
            owner: self.owner.clone(),
            attribute: self.attribute,
            target: self.target.clone(),
            child: self.child,
            structure: self.structure.as_ref().map(|structure| structure.boxed_clone()),
        }
    }
}

impl std::fmt::Debug for Placement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} in {} of {:?}", self.target, self.attribute.name, self.owner)
    }
}

impl Plan {
    pub(super) fn new(steps: Vec<Step>, placements: Vec<Placement>, order: Vec<usize>) -> Self {
        let uris = vec![None; steps.len()];
        Self { steps, placements, order, uris }
    }

    /// The number of the step that creates the resource which was asked for.
    #[must_use]
    pub fn root(&self) -> usize {
        0
    }

    /// The steps, those for the components of a System in the order of their descriptors.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The numbers of the steps in an order in which each comes after those that it needs.
    #[must_use]
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// What is in which collection.
    #[must_use]
    pub fn placements(&self) -> &[Placement] {
        &self.placements
    }

    /// The number of the step that creates the resource with this name; the first one, if there are several in different
    /// Systems.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.name() == Some(name))
    }

    /// The step that a link leads to; none if it is the URI of an existing resource.
    #[must_use]
    pub fn link(uri: &Uri) -> Option<usize> {
        step_of(uri.as_str())
    }

    /// Says that the resource of a step has been created, and what its URI is. A number that no step has is ignored.
    pub fn assign(&mut self, step: usize, uri: impl Into<Uri>) {
        if let Some(place) = self.uris.get_mut(step) {
            *place = Some(uri.into());
        }
    }

    /// The URI that the resource of a step was assigned.
    #[must_use]
    pub fn uri(&self, step: usize) -> Option<&Uri> {
        self.uris.get(step)?.as_ref()
    }

    /// The attributes of the resource of a step: its `id` if it has been created, and for each link the URI.
    ///
    /// # Errors
    /// When there is no such step, or the resource refers to one that has no URI yet.
    pub fn resource(&self, step: usize) -> Result<Box<dyn Record>> {
        let found = self.steps.get(step).ok_or_else(|| no_step(step))?;
        let mut resource = self.linked(&*found.resource)?;
        if let Some(uri) = self.uri(step) {
            set_text(&mut *resource, "id", uri.as_str());
        }
        Ok(resource)
    }

    /// What the resource of a step is made from, with the URI in place of each link.
    ///
    /// # Errors
    /// As [`resource`](Self::resource).
    pub fn template(&self, step: usize) -> Result<Option<Box<dyn Record>>> {
        let found = self.steps.get(step).ok_or_else(|| no_step(step))?;
        found.template.as_deref().map(|template| self.linked(template)).transpose()
    }

    /// A copy with the URI in place of each link.
    pub(super) fn linked(&self, record: &dyn Record) -> Result<Box<dyn Record>> {
        let mut copy = record.boxed_clone();
        let mut missing = None;
        let mut path = Path::default();
        walk::references(&mut *copy, &mut path, &mut |href, _, path| {
            let step = step_of(href)?;
            let uri = self.uri(step);
            if uri.is_none() {
                missing.get_or_insert_with(|| (step, path.to_string()));
            }
            uri.cloned()
        });
        match missing {
            None => Ok(copy),
            Some((step, path)) => Err(no_uri(step).at_path(format!("/{}{path}", copy.record_type().name))),
        }
    }
}

pub(super) fn no_uri(step: usize) -> Error {
    Error::new(ErrorKind::Value, format!("the resource of step {step} has no URI yet"))
}

fn no_step(step: usize) -> Error {
    Error::new(ErrorKind::Value, format!("there is no step {step}"))
}

pub(crate) fn link_to(step: usize) -> Uri {
    Uri::from(format!("{LINK}{step}"))
}

pub(super) fn step_of(href: &str) -> Option<usize> {
    href.strip_prefix(LINK)?.parse().ok()
}

/// Sets an attribute that is text, if the record has it.
pub(super) fn set_text(record: &mut dyn Record, name: &str, text: &str) {
    if let Some(Slot::Text(slot)) = slot(record, name) {
        slot.put(text, false);
    }
}

/// Sets a reference, if the record has it.
pub(super) fn set_href(record: &mut dyn Record, name: &str, uri: Uri) {
    if let Some(Slot::Ref(reference)) = slot(record, name) {
        *reference.href_mut() = Some(uri);
    }
}

/// Whether an attribute is a collection, rather than a plain reference.
pub(super) fn is_collection(attribute: &Attribute) -> bool {
    rules::members(attribute).is_some()
}

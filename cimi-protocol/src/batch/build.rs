//! Making a batch, on the consumer's side.

use cimi_model::ext::NAMESPACE;
use cimi_model::reflect::Record;
use cimi_model::{AttributeDescription, CloudEntryPoint, Extension, Extensions, Object, Ref, Result, Uri, lifecycle};

use super::{Batch, BatchMode, BatchStep, body};

/// The attribute of an entry point that leads to the batches.
const BATCHES: &str = "batches";

impl Batch {
    /// A batch that is undone if one of its operations fails.
    #[must_use]
    pub fn all_or_nothing() -> Self {
        Self { mode: Some(BatchMode::AllOrNothing), ..Self::default() }
    }

    /// A batch of which as much is carried out as possible.
    #[must_use]
    pub fn best_effort() -> Self {
        Self { mode: Some(BatchMode::BestEffort), ..Self::default() }
    }

    /// With a further operation.
    #[must_use]
    pub fn step(mut self, step: BatchStep) -> Self {
        self.steps.push(step);
        self
    }

    /// Whether a failure undoes what has been done, which is the default.
    #[must_use]
    pub fn is_all_or_nothing(&self) -> bool {
        self.mode != Some(BatchMode::BestEffort)
    }
}

impl BatchStep {
    /// Creates a resource in a collection: `request` is what would be sent to it, a `MachineCreate` for example.
    ///
    /// # Errors
    /// When the request cannot be written.
    pub fn add(collection: impl Into<Uri>, request: &dyn Record) -> Result<Self> {
        Self::new("add", collection.into()).with_body(request)
    }

    /// Updates a resource. With `?$select=` in the URI, this is a partial update (4.2.1.3.1).
    ///
    /// # Errors
    /// When the representation cannot be written.
    pub fn edit(resource: impl Into<Uri>, representation: &dyn Record) -> Result<Self> {
        Self::new("edit", resource.into()).with_body(representation)
    }

    /// Deletes a resource.
    pub fn delete(resource: impl Into<Uri>) -> Self {
        Self::new("delete", resource.into())
    }

    /// Invokes an action, by its name (`start`) or URI.
    pub fn invoke(action: &str, resource: impl Into<Uri>) -> Self {
        Self::new(action, resource.into())
    }

    fn new(action: &str, target: Uri) -> Self {
        Self { action: Some(lifecycle::rel(action)), target: Some(Ref::to(target)), ..Self::default() }
    }

    /// With this body: for an action, an [`Action`](cimi_model::Action) with its parameters.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn with_body(mut self, request: &dyn Record) -> Result<Self> {
        self.body = Some(body::of(request)?);
        Ok(self)
    }

    /// With a name, by which other steps refer to it.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Not before the step of this name has succeeded.
    #[must_use]
    pub fn after(mut self, name: impl Into<String>) -> Self {
        self.after.push(name.into());
        self
    }
}

/// Says in an entry point where batches are sent to: the URI of a collection of [`Batch`]es.
///
/// ```
/// use cimi_model::CloudEntryPoint;
/// use cimi_protocol::batch;
///
/// let mut entry = CloudEntryPoint::default();
/// assert_eq!(batch::collection(&entry), None);
/// batch::offer(&mut entry, &"https://example.com/batches".into());
/// assert_eq!(batch::collection(&entry), Some("https://example.com/batches".into()));
/// ```
pub fn offer(entry: &mut CloudEntryPoint, batches: &Uri) {
    let reference: Object = [("href", batches.as_str())].into_iter().collect();
    entry.extensions.insert(Extensions::qualified(NAMESPACE, BATCHES), cimi_model::Any::Object(reference));
}

/// Where an entry point has batches sent to, if its provider takes any.
#[must_use]
pub fn collection(entry: &CloudEntryPoint) -> Option<Uri> {
    let key = Extensions::qualified(NAMESPACE, BATCHES);
    let found: Option<&Extension> = entry.extensions.iter().find(|extension| extension.key() == key);
    found.and_then(|extension| extension.value().get("href")?.as_str()).map(Uri::from)
}

/// The description of that attribute, for the metadata of entry points (5.11).
#[must_use]
pub fn description() -> AttributeDescription {
    AttributeDescription {
        name: Some(BATCHES.to_owned()),
        namespace: Some(NAMESPACE.into()),
        type_name: Some("collection[Batch]".to_owned()),
        provider_mandatory: Some(true),
        consumer_mandatory: Some(false),
        mutable: Some(true),
        consumer_writable: Some(false),
        ..AttributeDescription::default()
    }
}

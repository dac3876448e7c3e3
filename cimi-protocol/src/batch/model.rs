//! What a batch looks like on the wire.

use cimi_model::ext::NAMESPACE;
use cimi_model::{Any, AnyResource, Job, Ref, Uri, collection, open_enum, record, resource};

open_enum! {
    /// What becomes of a batch when one of its operations fails.
    pub BatchMode {
        /// What has been done is undone, in reverse order.
        AllOrNothing = "ALL_OR_NOTHING",
        /// What does not depend on the operation that failed is carried out all the same.
        BestEffort = "BEST_EFFORT",
    }
}

record! {
    /// One operation of a batch.
    pub BatchStep = "step" Structure [namespace(NAMESPACE)] {
        /// What other steps call this one: an identifier (DSP0263 5.2), unique in the batch.
        name: Option<String> = "name" [constraints(true, false, true, true)],
        /// The operation, as the `rel` of operations has it: `add`, `edit`, `delete`, or the URI of an action.
        action: Option<Uri> = "action" [follows_dialect, constraints(true, true, true, true)],
        /// The resource or collection that the operation is sent to; may be the result of another step.
        target: Option<Ref<AnyResource>> = "target" [constraints(true, true, true, true)],
        /// The names of steps that have to succeed before this one begins, beside those whose results it refers to.
        after: Vec<String> = "after" [item("step"), constraints(true, false, true, true)],
        /// The body of the request, with its `resourceURI`; in XML, the element of the request may stand here.
        body: Option<Any> = "body" [secret, constraints(true, false, true, true)],
    }
}

resource! {
    /// Several operations that are carried out as one: a provider analyses them as a unit, and answers with one Job.
    pub Batch = "Batch" [namespace(NAMESPACE), operations(&["delete"])] {
        /// What becomes of the rest when an operation fails; by default, all is undone.
        mode: Option<BatchMode> = "mode" [constraints(true, false, true, true)],
        /// The operations. Their order counts where nothing else decides.
        steps: Vec<BatchStep> = "steps" [item("step"), constraints(true, true, true, true)],
        /// The Job that carries the batch out; the operations are its nested Jobs.
        job: Option<Ref<Job>> = "job" [constraints(true, false, true, false)],
    }
}
collection!(Batch, "BatchCollection", "batches");

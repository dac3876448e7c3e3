//! What every resource has (5.7.1), and references to resources of any type.

use super::documented::{record, resource};
use crate::Uri;
use crate::meta::Wildcard;

record! {
    /// An operation that a consumer may invoke on a resource now (DSP0263 4.2).
    pub Operation = "operation" Structure
        [clause("4.2"), v1_wildcards(Wildcard::Anything, Wildcard::Anything)] {
        /// The operation: `add`, `edit`, `delete`, `insert`, `remove` or the URI of an action.
        rel: Option<Uri> = "rel" [xml_attribute, follows_dialect, v1_required],
        /// Where the request goes.
        href: Option<Uri> = "href" [xml_attribute, v1_required],
        /// Whether the operation may be invoked in the current state; absent means yes.
        available: Option<bool> = "available" [xml_attribute, v2_only],
    }
}

resource! {
    /// A resource of any type, as the target of a reference that does not say which.
    ///
    /// Attributes beyond the common ones are among its extensions.
    pub AnyResource = "Resource" [clause("5.7.1"), operations(&[])] {
        /// Of a collection, the number of resources in it (5.5.12).
        count: Option<i64> = "count",
    }
}

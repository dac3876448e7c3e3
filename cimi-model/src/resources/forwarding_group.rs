//! Forwarding groups of 1.x, whose Networks reach each other, and their templates.

use super::Network;
use super::documented::resource;
use crate::{Ref, collection};

resource! {
    /// Networks that reach each other (CIMI 1.1).
    pub ForwardingGroup = "ForwardingGroup" [v1_only, clause("CIMI 1.1")] {
        /// The Networks.
        networks: Vec<Ref<Network>> = "networks" [item("network")],
    }
}
collection!(ForwardingGroup, "ForwardingGroupCollection", "forwardingGroups");

resource! {
    /// Values from which forwarding groups are created (CIMI 1.1).
    pub ForwardingGroupTemplate = "ForwardingGroupTemplate" [v1_only, clause("CIMI 1.1")] {
        /// The Networks.
        networks: Vec<Ref<Network>> = "networks" [item("network")],
    }
}
collection!(ForwardingGroupTemplate, "ForwardingGroupTemplateCollection", "forwardingGroupTemplates");

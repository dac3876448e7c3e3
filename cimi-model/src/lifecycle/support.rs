//! What the metadata of a type says about operations (5.11.1).

use crate::capabilities::CapabilityValue;
use crate::resources::{Capability, ResourceMetadata};
use crate::{Dialect, Type};

/// The capabilities that bear on states and operations.
#[derive(Clone, Debug, Default)]
pub(super) struct Support {
    /// The names of the boolean capabilities that are true.
    granted: Vec<String>,
    /// The state of new resources (`DefaultInitialState`).
    pub(super) default_initial_state: Option<String>,
    /// The states that templates may ask for (`InitialStates`).
    pub(super) initial_states: Vec<String>,
}

impl Support {
    pub(super) fn of(metadata: &ResourceMetadata, record_type: &Type) -> Self {
        let mut support = Self::default();
        for capability in &metadata.capabilities {
            let Some(name) = name(capability, record_type) else { continue };
            match name {
                "DefaultInitialState" => support.default_initial_state = String::read(capability),
                "InitialStates" => support.initial_states = Vec::read(capability).unwrap_or_default(),
                _ if bool::read(capability) == Some(true) => support.granted.push(name.to_owned()),
                _ => {}
            }
        }
        support
    }

    /// Whether a boolean capability is true; an absent one is false (5.11.1).
    pub(super) fn grants(&self, name: &str) -> bool {
        self.granted.iter().any(|granted| granted == name)
    }
}

/// The name of a capability of this type, from its URI.
fn name<'a>(capability: &'a Capability, record_type: &Type) -> Option<&'a str> {
    let uri = capability.uri.as_ref()?.as_str();
    let path = match Dialect::split_uri(uri) {
        Some((_, path)) => path,
        // A provider's own type has its capabilities in its own namespace.
        None => uri.strip_prefix(record_type.namespace?)?.trim_start_matches('/'),
    };
    let (of, name) = path.strip_prefix("capability/")?.split_once('/')?;
    record_type.is_named(of).then_some(name)
}

//! What consumers of 1.x are used to, where the standard leaves a choice.

use cimi_model::reflect::Record;
use cimi_model::{
    Any, Dialect, ForwardingGroupCreate, ForwardingGroupTemplate, MachineCreate, MachineState, MachineTemplate,
    NetworkPortCreate, NetworkPortTemplate, Ref, ResourceMetadata, VolumeCreate, VolumeTemplate, attributes,
};

use super::Cloud;

/// The metadata of a type as consumers of 1.x read them.
pub(crate) fn metadata(metadata: &ResourceMetadata) -> ResourceMetadata {
    let mut shown = metadata.clone();
    // What 1.x describes there is what a provider adds; its schema has room for one.
    shown.attributes.clear();
    // A request to delete has no message, and consumers expect one of each operation.
    shown.actions.retain(|action| action.method.as_deref() != Some("DELETE"));
    let of = metadata.name.clone().unwrap_or_default();
    for action in &mut shown.actions {
        let name = action.name.clone().unwrap_or_default();
        action.description.get_or_insert_with(|| format!("The operation {name} of a {of}"));
        action.input_message.get_or_insert_with(|| "application/json".into());
        action.output_message.get_or_insert_with(|| "application/json".into());
    }
    for capability in &mut shown.capabilities {
        let name = capability.name.clone().unwrap_or_default();
        capability.description.get_or_insert_with(|| format!("The capability {name} of a {of}"));
        // Lists are texts there.
        if let Some(Any::Array(items)) = &capability.value {
            let items: Vec<&str> = items.iter().filter_map(Any::as_str).collect();
            capability.value = Some(items.join(",").into());
        }
    }
    // The interoperability scenarios of 1.x spell it so.
    if let Some(uri) = &metadata.type_uri {
        let uri = uri.as_str().replace(Dialect::V2.namespace(), Dialect::V1.namespace());
        shown.extensions.insert("typeUri", uri);
    }
    shown
}

impl Cloud {
    /// Takes out the reference to the Meters of a resource that has none (5.5.15): readers of 1.x expect an array there.
    pub(crate) fn omit_meters(&self, record: &mut dyn Record) {
        if self.has_no_meters(record) {
            attributes::clear(record, "meters");
        }
    }

    /// Whether a resource may have Meters, and has none.
    pub(crate) fn has_no_meters(&self, record: &dyn Record) -> bool {
        let path = attributes::href(record, "meters").and_then(|href| self.store.path_of(href));
        path.and_then(|path| self.store.collection(&path)).is_some_and(|meters| meters.len() == 0)
    }

    /// The resource that a URI with the name of an operation at its end is about, and the operation: consumers of the
    /// first providers of 1.x compute such URIs.
    pub(crate) fn operation_of<'p>(&self, path: &'p str) -> Option<(&'p str, &'p str)> {
        let (resource, operation) = path.rsplit_once('/')?;
        let of = self.store.get(resource)?.record_type();
        (self.dialect() == Dialect::V1 && of.operations.contains(&operation)).then_some((resource, operation))
    }

    /// One resource of each type that consumers look for.
    pub(crate) fn seed_resources_v1(&mut self) {
        let template = |path: &str| self.store.uri(path);
        let machine = MachineTemplate {
            initial_state: Some(MachineState::Started),
            machine_config: Some(Ref::to(template("machineConfigs/1"))),
            machine_image: Some(Ref::to(template("machineImages/1"))),
            ..MachineTemplate::default()
        };
        let requests: [(&str, Box<dyn Record>); 4] = [
            (
                "machines",
                Box::new(MachineCreate {
                    name: Some("sample".into()),
                    machine_template: Some(Ref::by_value(machine)),
                    ..MachineCreate::default()
                }),
            ),
            (
                "volumes",
                Box::new(VolumeCreate {
                    name: Some("sample".into()),
                    volume_template: Some(Ref::<VolumeTemplate>::to(template("volumeTemplates/1"))),
                    ..VolumeCreate::default()
                }),
            ),
            (
                "networkPorts",
                Box::new(NetworkPortCreate {
                    name: Some("sample".into()),
                    network_port_template: Some(Ref::<NetworkPortTemplate>::to(template("networkPortTemplates/1"))),
                    ..NetworkPortCreate::default()
                }),
            ),
            (
                "forwardingGroups",
                Box::new(ForwardingGroupCreate {
                    name: Some("sample".into()),
                    forwarding_group_template: Some(Ref::<ForwardingGroupTemplate>::to(template(
                        "forwardingGroupTemplates/1",
                    ))),
                    ..ForwardingGroupCreate::default()
                }),
            ),
        ];
        for (catalog, request) in requests {
            let done = self.add(catalog, &*request);
            debug_assert!(done.is_ok(), "{catalog}");
        }
        self.put_in("machines/1/volumes", "volumes/1", None);
    }
}

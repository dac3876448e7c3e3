//! Table 7.

use super::{CapabilityDefinition, CapabilityKey};

/// Defines a module of constants for each resource type, and the table of all.
macro_rules! capabilities {
    ($(
        $(#[doc = $module_doc:literal])+
        $module:ident = $resource:literal {
            $(
                $(#[doc = $doc:literal])+
                $constant:ident: $value:ty = $name:literal
                $([ $($option:ident($argument:expr)),* ])?
            ),* $(,)?
        }
    )*) => {
        $(
            $(#[doc = $module_doc])+
            pub mod $module {
                use super::CapabilityKey;
                $(
                    $(#[doc = $doc])+
                    pub const $constant: CapabilityKey<$value> =
                        CapabilityKey::new($resource, $name, concat!($($doc),+).trim_ascii())
                            $( $(.$option($argument))* )?;
                )*
            }
        )*

        /// The capabilities of the standard, in the order of table 7.
        pub const ALL: &[CapabilityDefinition] = &[ $( $( $module::$constant.definition, )* )* ];
    };
}

/// The spellings of the name `InitialStates` in templates and examples.
const STATES: &[&str] = &["initialStates", "InitialState"];

capabilities! {
    /// What the provider can do in general.
    cloud_entry_point = "CloudEntryPoint" {
        /// The query parameter `$expand` is supported.
        EXPAND_PARAMETER: bool = "ExpandParameter",
        /// The query parameter `$filter` is supported.
        FILTER_PARAMETER: bool = "FilterParameter",
        /// The query parameters `$first` and `$last` are supported.
        FIRST_PARAMETER: bool = "FirstParameter",
        /// The query parameter `$select` is supported.
        SELECT_PARAMETER: bool = "SelectParameter",
        /// The query parameter `$format` is supported.
        FORMAT_PARAMETER: bool = "FormatParameter",
        /// The query parameter `$orderby` is supported.
        ORDER_BY_PARAMETER: bool = "OrderByParameter",
        /// `$select` tells attributes of a collection from those of its members by a path (4.1.6.3).
        QUERY_PATH_NOTATION: bool = "QueryPathNotation",
        /// The greatest number of `properties` that a resource can have.
        MAX_PROPERTY_ITEMS: i64 = "MaxPropertyItems",
        /// Attributes of type valueScope are supported for resources that templates create.
        VALUE_SCOPES: bool = "ValueScopes",
    }

    /// What is possible with Systems.
    system = "System" {
        /// Templates of components may stand in a `SystemTemplate` by value.
        SYSTEM_COMPONENT_TEMPLATE_BY_VALUE: bool = "SystemComponentTemplateByValue",
    }

    /// What is possible with Machines.
    machine = "Machine" {
        /// The state that a new Machine is brought into where its template says nothing.
        DEFAULT_INITIAL_STATE: String = "DefaultInitialState" [listed_in("InitialStates")],
        /// The values that `initialState` of a template may have.
        INITIAL_STATES: Vec<String> = "InitialStates" [aliases(super::STATES)],
        /// A `MachineConfiguration` may be given by value.
        MACHINE_CONFIG_BY_VALUE: bool = "MachineConfigByValue" [requires("MachineTemplateByValue")],
        /// A Credential may be given by value when a Machine is created.
        MACHINE_CREDENTIAL_BY_VALUE: bool = "MachineCredentialByValue" [requires("MachineTemplateByValue")],
        /// A `MachineImage` may be given by value when a Machine is created.
        MACHINE_IMAGE_BY_VALUE: bool = "MachineImageByValue" [requires("MachineTemplateByValue")],
        /// `VolumeTemplates` may be given by value when a Machine is created.
        MACHINE_VOLUME_TEMPLATES_BY_VALUE: bool = "MachineVolumeTemplatesByValue" [requires("MachineTemplateByValue")],
        /// A `MachineTemplate` may be given by value when a Machine is created.
        MACHINE_TEMPLATE_BY_VALUE: bool = "MachineTemplateByValue",
        /// `stop` and `restart` have the parameter `force`.
        MACHINE_STOP_FORCE: bool = "MachineStopForce",
        /// Machines are stopped by force where the request says nothing.
        MACHINE_STOP_FORCE_DEFAULT: bool = "MachineStopForceDefault",
        /// Machines can be restored from images that are no snapshots.
        RESTORE_FROM_IMAGE: bool = "RestoreFromImage",
        /// How `userData` gets into a Machine (5.14.3).
        USER_DATA: String = "UserData" [values(&["metadata", "disk", "imgmod"])],
        /// Machines have an availability level, an extension that the metadata describes.
        MACHINE_AVAILABILITY_LEVEL: bool = "MachineAvailabilityLevel",
    }

    /// What is possible with Credentials.
    credential = "Credential" {
        /// A `CredentialTemplate` may be given by value when a Credential is created.
        CREDENTIAL_TEMPLATE_BY_VALUE: bool = "CredentialTemplateByValue",
    }

    /// What is possible with Volumes.
    volume = "Volume" {
        /// Machines can share a Volume.
        SHARED_VOLUME_SUPPORT: bool = "SharedVolumeSupport",
        /// A `VolumeConfiguration` may be given by value when a Volume is created.
        VOLUME_CONFIG_BY_VALUE: bool = "VolumeConfigByValue" [requires("VolumeTemplateByValue")],
        /// A `VolumeImage` may be given by value when a Volume is created.
        VOLUME_IMAGE_BY_VALUE: bool = "VolumeImageByValue" [requires("VolumeTemplateByValue")],
        /// A `VolumeImage` can be made of an existing Volume.
        VOLUME_SNAPSHOT: bool = "VolumeSnapshot",
        /// A `VolumeTemplate` may be given by value when a Volume is created.
        VOLUME_TEMPLATE_BY_VALUE: bool = "VolumeTemplateByValue",
        /// Volumes have an availability level, an extension that the metadata describes.
        VOLUME_AVAILABILITY_LEVEL: bool = "VolumeAvailabilityLevel",
    }

    /// What is possible with Networks.
    network = "Network" {
        /// A `NetworkTemplate` may be given by value when a Network is created.
        NETWORK_TEMPLATE_BY_VALUE: bool = "NetworkTemplateByValue",
        /// The state that a new Network is brought into where its template says nothing.
        DEFAULT_INITIAL_STATE: String = "DefaultInitialState" [listed_in("InitialStates")],
        /// The values that `initialState` of a template may have.
        INITIAL_STATES: Vec<String> = "InitialStates" [aliases(super::STATES)],
    }

    /// What is possible with network interfaces.
    network_interface = "NetworkInterface" {
        /// A `NetworkInterfaceTemplate` may be given by value when an interface is created.
        NETWORK_INTERFACE_TEMPLATE_BY_VALUE: bool = "NetworkInterfaceTemplateByValue",
        /// The state that a new interface is brought into where its template says nothing.
        DEFAULT_INITIAL_STATE: String = "DefaultInitialState" [listed_in("InitialStates")],
        /// The values that `initialState` of a template may have.
        INITIAL_STATES: Vec<String> = "InitialStates" [aliases(super::STATES)],
    }

    /// What is possible with network services.
    network_service = "NetworkService" {
        /// A `NetworkServiceTemplate` may be given by value when a service is created.
        NETWORK_SERVICE_TEMPLATE_BY_VALUE: bool = "NetworkServiceTemplateByValue",
        /// The state that a new service is brought into where its template says nothing.
        DEFAULT_INITIAL_STATE: String = "DefaultInitialState" [listed_in("InitialStates")],
        /// The values that `initialState` of a template may have.
        INITIAL_STATES: Vec<String> = "InitialStates" [aliases(super::STATES)],
    }

    /// What is possible with protocol endpoints.
    protocol_endpoint = "ProtocolEndpoint" {
        /// A `ProtocolEndpointTemplate` may be given by value when an endpoint is created.
        PROTOCOL_ENDPOINT_TEMPLATE_BY_VALUE: bool = "ProtocolEndpointTemplateByValue",
        /// The state that a new endpoint is brought into where its template says nothing.
        DEFAULT_INITIAL_STATE: String = "DefaultInitialState" [listed_in("InitialStates")],
        /// The values that `initialState` of a template may have.
        INITIAL_STATES: Vec<String> = "InitialStates" [aliases(super::STATES)],
    }

    /// What is possible with protocol segments.
    protocol_segment = "ProtocolSegment" {
        /// A `ProtocolSegmentTemplate` may be given by value when a segment is created.
        PROTOCOL_SEGMENT_TEMPLATE_BY_VALUE: bool = "ProtocolSegmentTemplateByValue",
        /// The state that a new segment is brought into where its template says nothing.
        DEFAULT_INITIAL_STATE: String = "DefaultInitialState" [listed_in("InitialStates")],
        /// The values that `initialState` of a template may have.
        INITIAL_STATES: Vec<String> = "InitialStates" [aliases(super::STATES)],
    }

    /// What is possible with Jobs.
    job = "Job" {
        /// The least number of minutes that a Job is kept.
        JOB_RETENTION: i64 = "JobRetention",
    }

    /// What is possible with Meters.
    meter = "Meter" {
        /// A `MeterConfiguration` may be given by value when a Meter is created.
        METER_CONFIG_BY_VALUE: bool = "MeterConfigByValue",
        /// A `MeterTemplate` may be given by value when a Meter is created.
        METER_TEMPLATE_BY_VALUE: bool = "MeterTemplateByValue",
    }

    /// What is possible with event logs.
    event_log = "EventLog" {
        /// The `EventLog` of a resource is deleted with it.
        LINKED: bool = "Linked",
    }
}

//! The types of the standard: one file per clause, tables only.

mod action;
mod address;
mod association;
mod cloud_entry_point;
mod common;
mod create;
mod credential;
mod documented;
mod endpoint;
mod event;
mod forwarding_group;
mod job;
mod lifecycles;
mod machine;
mod machine_configuration;
mod machine_image;
mod machine_template;
mod metadata;
mod meter;
mod network;
mod network_interface;
mod network_port;
mod network_service;
mod segment;
mod system;
mod system_service;
mod system_template;
mod volume;

pub use action::Action;
pub use address::{Address, AddressAllocation, AddressTemplate};
pub use association::{
    ForwardingGroupNetwork, MachineNetworkInterfaceAddress, MachineSnapshot, NetworkNetworkPort, SystemAddress,
    SystemCredential, SystemForwardingGroup, SystemMachine, SystemNetwork, SystemNetworkPort, SystemSystem,
    SystemVolume, VolumeVolumeImage,
};
pub use cloud_entry_point::CloudEntryPoint;
pub use common::{AnyResource, Operation};
pub use create::{
    AddressCreate, CredentialCreate, EventLogCreate, ForwardingGroupCreate, MachineCreate, MeterCreate, NetworkCreate,
    NetworkInterfaceCreate, NetworkPortCreate, NetworkServiceCreate, ProtocolEndpointCreate, ProtocolSegmentCreate,
    SystemCreate, VolumeCreate,
};
pub use credential::{Credential, CredentialTemplate};
pub use endpoint::{
    AddressOrigin, EthernetProtocolEndpointParameters, IPv4ProtocolEndpointParameters, IPv6AddressType,
    IPv6ProtocolEndpointParameters, ProtocolEndpoint, ProtocolEndpointTemplate,
};
pub use event::{
    Event, EventContent, EventLog, EventLogTemplate, EventOutcome, EventSeverity, EventSummary, ModelChange,
    Persistence, event_type,
};
pub use forwarding_group::{ForwardingGroup, ForwardingGroupTemplate};
pub use job::{Job, JobState};
pub use machine::{CpuArch, Disk, LocatedVolume, Machine, MachineState, RecoverableMachine};
pub use machine_configuration::{DiskConfiguration, MachineConfiguration};
pub use machine_image::{ImageState, ImageType, MachineImage};
pub use machine_template::{MachineTemplate, MachineTemplateVolume, MachineTemplateVolumeTemplate};
pub use metadata::{ActionDescription, AttributeDescription, Capability, ResourceMetadata};
pub use meter::{Meter, MeterConfiguration, MeterTemplate, Sample, SampleValue, TimeScope, aspect};
pub use network::{Network, NetworkConfiguration, NetworkState, NetworkTemplate};
pub use network_interface::{NetworkInterface, NetworkInterfaceState, NetworkInterfaceTemplate};
pub use network_port::{NetworkPort, NetworkPortConfiguration, NetworkPortTemplate};
pub use network_service::{NetworkService, NetworkServiceTemplate, NetworkServiceType};
pub use segment::{
    EthernetProtocolParameters, IPv4ProtocolParameters, IPv6ProtocolParameters, Protocol, ProtocolSegment,
    ProtocolSegmentTemplate, SegmentState,
};
pub use system::{System, SystemState};
pub use system_service::{
    DisasterRecoveryParameters, HighReliabilityDescriptor, HighReliabilityParameters, ReplicationType, SystemService,
    service_type,
};
pub use system_template::{ComponentDescriptor, ServiceDescriptor, SystemTemplate};
pub use volume::{Volume, VolumeConfiguration, VolumeImage, VolumeState, VolumeTemplate};

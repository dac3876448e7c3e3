//! The types of the standard: one file per clause, tables only.

mod action;
mod cloud_entry_point;
mod common;
mod create;
mod credential;
mod job;
mod machine;
mod machine_configuration;
mod machine_image;
mod machine_template;
mod metadata;
mod network;
mod network_interface;
mod system;
mod system_template;
mod volume;

pub use action::Action;
pub use cloud_entry_point::CloudEntryPoint;
pub use common::{AnyResource, Operation};
pub use create::{CredentialCreate, MachineCreate, NetworkCreate, NetworkInterfaceCreate, SystemCreate, VolumeCreate};
pub use credential::{Credential, CredentialTemplate};
pub use job::{Job, JobState};
pub use machine::{CpuArch, Disk, LocatedVolume, Machine, MachineState};
pub use machine_configuration::{DiskConfiguration, MachineConfiguration};
pub use machine_image::{ImageState, ImageType, MachineImage};
pub use machine_template::{MachineTemplate, MachineTemplateVolume, MachineTemplateVolumeTemplate};
pub use metadata::{ActionDescription, AttributeDescription, Capability, ResourceMetadata};
pub use network::{Network, NetworkState, NetworkTemplate};
pub use network_interface::{NetworkInterface, NetworkInterfaceState, NetworkInterfaceTemplate};
pub use system::{System, SystemState};
pub use system_template::{ComponentDescriptor, ServiceDescriptor, SystemTemplate};
pub use volume::{Volume, VolumeConfiguration, VolumeImage, VolumeState, VolumeTemplate};

//! Configurations of Machines (5.14.5).

use super::CpuArch;
use super::documented::{record, resource};
use crate::collection;

record! {
    /// A disk to be created with a Machine (DSP0263 5.14.5, table 20).
    pub DiskConfiguration = "disk" Structure [clause("5.14.5")] {
        /// The initial capacity in kilobytes.
        capacity: Option<i64> = "capacity" [unit("kilobytes"), v1_required],
        /// The format of the disk, for example `ext4`.
        format: Option<String> = "format" [v1_required],
        /// Where, in the operating system's terms, the disk first appears.
        initial_location: Option<String> = "initialLocation",
    }
}

resource! {
    /// The virtual hardware of Machines to be created (DSP0263 5.14.5, table 20).
    pub MachineConfiguration = "MachineConfiguration" [clause("5.14.5")] {
        /// The amount of CPU.
        cpu: Option<i64> = "cpu",
        /// The size of the memory (RAM) in kibibytes.
        memory: Option<i64> = "memory" [unit("kibibytes")],
        /// The disks (local storage) to be created.
        disks: Vec<DiskConfiguration> = "disks" [item("disk")],
        /// The architecture of the CPU.
        cpu_arch: Option<CpuArch> = "cpuArch",
        /// The approximate speed of the CPU in megahertz.
        cpu_speed: Option<i64> = "cpuSpeed" [unit("megahertz")],
    }
}
collection!(MachineConfiguration, "MachineConfigurationCollection", "machineConfigurations", operations: ["edit", "add"]);

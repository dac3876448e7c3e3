//! Machines, and the disks and volumes in them (5.14.1).

use super::documented::{record, resource};
use super::{
    AnyResource, EventLog, MachineImage, MachineSnapshot, Meter, NetworkInterface, Operation, ResourceMetadata, Volume,
    VolumeImage, VolumeState, lifecycles,
};
use crate::reflect::Described;
use crate::{Collection, DateTime, Map, Ref, Uri, collection, open_enum, states};

states! {
    /// The operational state of a Machine (DSP0263 5.14.1, table 16).
    pub MachineState {
        /// Being created.
        Creating = "CREATING" transient,
        /// Being started.
        Starting = "STARTING" transient,
        /// Ready for use.
        Started = "STARTED" lasting,
        /// Being stopped.
        Stopping = "STOPPING" transient,
        /// Powered off: neither processor nor memory state is kept.
        Stopped = "STOPPED" lasting,
        /// Being paused.
        Pausing = "PAUSING" transient,
        /// Held in memory with all its resources, but not at work.
        Paused = "PAUSED" lasting,
        /// Being suspended.
        Suspending = "SUSPENDING" transient,
        /// Put away on non-volatile storage.
        Suspended = "SUSPENDED" lasting,
        /// Being captured in an image, with some operations out of reach meanwhile.
        Capturing = "CAPTURING" transient,
        /// Being restored from an image.
        Restoring = "RESTORING" transient,
        /// Being deleted.
        Deleting = "DELETING" transient,
        /// The provider has found an error.
        Error = "ERROR" lasting,
        /// Given up as failed by the provider's policies; calls for recovery.
        Failed = "FAILED" lasting,
    }
}

open_enum! {
    /// The architecture of a processor (DSP0263 5.14.1, table 16). Providers may have others.
    pub CpuArch {
        /// Motorola 68000.
        M68000 = "68000",
        /// Alpha.
        Alpha = "Alpha",
        /// ARM.
        Arm = "ARM",
        /// Itanium.
        Itanium = "Itanium",
        /// MIPS.
        Mips = "MIPS",
        /// PA-RISC.
        PaRisc = "PA_RISC",
        /// POWER.
        Power = "POWER",
        /// PowerPC.
        PowerPc = "PowerPC",
        /// x86 with 32 bits.
        X86 = "x86",
        /// x86 with 64 bits.
        X86_64 = "x86_64",
        /// z/Architecture.
        ZArchitecture = "z/Architecture",
        /// SPARC.
        Sparc = "SPARC",
    }
}

/// Defines a type with the attributes of a Machine, and further ones after them.
macro_rules! machine {
    (
        $(#[doc = $doc:literal])+
        pub $name:ident = $wire:literal [ $($option:tt)* ] { $($row:tt)* }
    ) => {
        resource! {
            $(#[doc = $doc])+
            pub $name = $wire [ $($option)* ] {
                /// The operational state.
                state: Option<MachineState> = "state" [read_only],
                /// The amount of CPU.
                cpu: Option<i64> = "cpu",
                /// The size of the memory (RAM) in kibibytes.
                memory: Option<i64> = "memory" [unit("kibibytes")],
                /// The disks (local storage) that are part of the Machine.
                disks: Option<Ref<Collection<Disk>>> = "disks" [child],
                /// The architecture of the CPU.
                cpu_arch: Option<CpuArch> = "cpuArch",
                /// The approximate speed of the CPU in megahertz.
                cpu_speed: Option<i64> = "cpuSpeed" [unit("megahertz")],
                /// The Volumes that are connected to the Machine; they outlive it.
                volumes: Option<Ref<Collection<LocatedVolume>>> = "volumes",
                /// The network interfaces, which are part of the Machine.
                interfaces: Option<Ref<Collection<NetworkInterface>>> = "interfaces" [child, v1_name("networkInterfaces")],
                /// The snapshot that was taken or reverted to last.
                latest_snapshot: Option<Ref<MachineImage>> = "latestSnapshot" [constraints(false, false, true, false)],
                /// The snapshots that were taken; they outlive the Machine.
                snapshots: Option<Ref<Collection<MachineImage>>> = "snapshots"
                    [v1_collection(Collection::<MachineSnapshot>::described)],
                /// The Meters that watch the Machine.
                meters: Option<Ref<Collection<Meter>>> = "meters" [child],
                /// The `EventLog` of the Machine.
                event_log: Option<Ref<EventLog>> = "eventLog",
                $($row)*
            }
        }
    };
}

machine! {
    /// A compute resource in existence: processors and memory (DSP0263 5.14.1, table 16).
    pub Machine = "Machine" [
        clause("5.14.1"),
        operations(&[
            "edit", "delete", "start", "stop", "restart", "pause", "suspend", "capture", "snapshot", "restore",
            "connectvolume",
        ]),
        lifecycle(&lifecycles::MACHINE),
    ] {}
}
collection!(
    Machine, "MachineCollection", "machines",
    variants: ["SystemMachineCollection", "RecoverableMachineCollection"]
);

machine! {
    /// A Machine with a backup, as a service for high reliability has it (DSP0263 5.13.3.1.1, table 12).
    pub RecoverableMachine = "RecoverableMachine" [v2_only, clause("5.13.3.1.1")] {
        /// The Machine of the same System that takes over.
        backup_machine: Option<Ref<Machine>> = "backupmachine",
    }
}
collection!(RecoverableMachine, "RecoverableMachineCollection", "recoverableMachines", operations: []);

// Not `resource!`: 1.x has nothing but the Disk's own attributes.
record! {
    /// A disk (local storage) of a Machine (DSP0263 5.14.1.1.1, table 17).
    pub Disk = "Disk" Resource [clause("5.14.1.1.1")] {
        /// The unique URI of this resource, assigned on creation; its self-pointer.
        id: Option<Uri> = "id" [v2_only, constraints(true, true, false, false)],
        /// The human-readable name, assigned by the creator.
        name: Option<String> = "name" [v2_only],
        /// The human-readable description, assigned by the creator.
        description: Option<String> = "description" [v2_only],
        /// When this resource was created.
        created: Option<DateTime> = "created" [v2_only, constraints(false, false, false, false)],
        /// When an attribute was last updated explicitly.
        updated: Option<DateTime> = "updated" [v2_only, constraints(false, false, true, false)],
        /// The resource of which this one is a component (5.10.2).
        parent: Option<Ref<AnyResource>> = "parent" [v2_only],
        /// The consumer's own key-value pairs.
        properties: Map = "properties" [item("property"), v2_only, constraints(false, false, true, true)],
        /// The metadata that governs this resource.
        resource_metadata: Option<Ref<ResourceMetadata>> = "resourceMetadata"
            [v2_only, constraints(false, false, true, false)],
        /// The initial capacity in kilobytes.
        capacity: Option<i64> = "capacity" [unit("kilobytes")],
        /// Where, in the operating system's terms, the disk first appears.
        initial_location: Option<String> = "initialLocation",
        /// The operations that this consumer may invoke now (4.2).
        operations: Vec<Operation> = "operations" [item("operation"), v2_only, constraints(false, false, true, false)],
    }
}
collection!(Disk, "DiskCollection", "disks");

resource! {
    /// A Volume as it is connected to a Machine (DSP0263 5.14.1.1.2, table 18).
    ///
    /// In 2.0 it has the attributes of the Volume as well; in 1.x, where it is called `MachineVolume`, `volume` alone
    /// leads to them.
    pub LocatedVolume = "locatedVolume" [v1_name("MachineVolume"), clause("5.14.1.1.2")] {
        /// Where, in the operating system's terms, the Volume first appears.
        initial_location: Option<String> = "initialLocation",
        /// The Volume that is connected.
        volume: Option<Ref<Volume>> = "volume" [accessory_of_target],
        /// The operational state of the Volume.
        state: Option<VolumeState> = "state" [v2_only, read_only],
        /// The type of the Volume.
        type_uri: Option<Uri> = "type" [v2_only, follows_dialect],
        /// The maximum size of the Volume in kilobytes, if it is limited.
        capacity: Option<i64> = "capacity" [v2_only, unit("kilobytes")],
        /// Whether the Volume is bootable.
        bootable: Option<bool> = "bootable" [v2_only],
        /// The snapshots of the Volume.
        images: Option<Ref<Collection<VolumeImage>>> = "images" [v2_only],
        /// The Meters that watch the Volume.
        meters: Option<Ref<Collection<Meter>>> = "meters" [child, v2_only],
        /// The `EventLog` of the Volume.
        event_log: Option<Ref<EventLog>> = "eventLog" [v2_only],
    }
}
collection!(
    LocatedVolume, "locatedVolumeCollection", "locatedVolumes",
    v1: "MachineVolumeCollection", "machineVolumes",
    operations: ["insert", "remove"]
);

//! The body of a request that invokes an operation (5.5.12.2 and the Operations clauses).

use super::documented::record;
use super::{AnyResource, Credential, Machine, MachineImage, Volume};
use crate::meta::{Kind, Wildcard};
use crate::reflect::Described;
use crate::{Map, Ref, Uri};

// The order is that of the 1.x schema: the parameters stand before the properties.
record! {
    /// The body of a request for an operation such as `start` or `insert` (DSP0263 5.5.12.2).
    ///
    /// Parameters that belong to a provider's own operations are extensions, and so is what is inserted into or
    /// removed from a collection other than a Machine's volumes.
    pub Action = "Action" Create [clause("5.5.12.2"), v1_wildcards(Wildcard::Foreign, Wildcard::Anything)] {
        /// The operation that is invoked.
        action: Option<Uri> = "action" [follows_dialect, constraints(true, true, true, true), v1_required],
        /// `stop`, `restart`: whether to power off rather than to shut down.
        force: Option<bool> = "force" [v1_alternative("stop")],
        /// `restore`: the `MachineImage` or `VolumeImage` to restore from.
        image: Option<Ref<AnyResource>> = "image"
            [v1_kind(Kind::Ref(MachineImage::described)), v1_alternative("restore")],
        /// `import`: where the package is read from.
        source: Option<Uri> = "source" [v1_alternative("import")],
        /// `export`: the media type of the package, by default `application/ovf`.
        format: Option<String> = "format" [v1_alternative("export"), default("application/ovf")],
        /// `export`: where the package is put.
        destination: Option<Uri> = "destination" [v1_alternative("export")],
        /// `insert`, `remove` and `connectvolume`: the Volume.
        volume: Option<Ref<Volume>> = "volume" [v2_only],
        /// `insert` and `connectvolume`: where the Volume first appears in the Machine.
        initial_location: Option<String> = "initialLocation" [v2_only],
        /// `connectvolume`: what gives access to the Volume.
        credentials: Option<Ref<Credential>> = "credentials" [v2_only],
        /// `forceSync`, `swapBackup`, `addRM`, `removeRM`: the Machine concerned.
        node: Option<Ref<Machine>> = "node" [v2_only],
        /// `addRM`: the Machine that backs it up.
        backup: Option<Ref<Machine>> = "backup" [v2_only],
        /// Further key-value pairs for the provider.
        properties: Map = "properties" [item("property")],
    }
}

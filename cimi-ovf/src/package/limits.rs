//! Bounds on what a package may hold.

/// Bounds on a package; exceeding one is an error of kind [`Limit`](crate::ErrorKind::Limit).
///
/// ```
/// use cimi_ovf::package::PackageLimits;
///
/// let limits = PackageLimits { members: 100, ..Default::default() };
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct PackageLimits {
    /// Members of an archive, entries of a manifest, files of a descriptor with all their chunks. Default: 16,384.
    pub members: usize,
    /// Bytes of one name. Default: 1,024.
    pub name: usize,
    /// Bytes of all names of an archive, a descriptor or a manifest together. Default: 4 MiB.
    pub names: usize,
    /// Bytes of the descriptor, which is held in memory. Default: 4 MiB.
    pub descriptor: usize,
    /// Bytes of the manifest, which is held in memory. Default: 4 MiB.
    pub manifest: usize,
    /// Bytes of the certificate, which is held in memory. Default: 1 MiB.
    pub certificate: usize,
    /// Bytes of all members of an archive together. Default: 64 TiB.
    pub total: u64,
    /// How many bytes one compressed byte may become, after the first 16 MiB. Default: 100.
    pub ratio: u64,
    /// Errors kept among the findings, and so many others; further ones are counted, not kept. Default: 1,000.
    pub findings: usize,
}

impl Default for PackageLimits {
    fn default() -> Self {
        Self {
            members: 1 << 14,
            name: 1024,
            names: 4 << 20,
            descriptor: 4 << 20,
            manifest: 4 << 20,
            certificate: 1 << 20,
            total: 1 << 46,
            ratio: 100,
            findings: 1000,
        }
    }
}

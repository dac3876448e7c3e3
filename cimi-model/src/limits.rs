//! Bounds that every reader enforces.

/// Bounds on what a reader accepts; exceeding one is an error of kind
/// [`Limit`](crate::ErrorKind::Limit).
///
/// The defaults suit a server that reads from the network. Raise single fields:
///
/// ```
/// let limits = cimi_model::Limits { size: 1 << 30, ..Default::default() };
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct Limits {
    /// Bytes of one document, or of one member of a streamed collection. Default: 64 MiB.
    pub size: usize,
    /// Nesting of elements, objects and arrays. Default: 64.
    ///
    /// Values are read, written, checked, compared and dropped recursively. 512 KiB of stack suffice for the default;
    /// where it is raised, allow 8 KiB for each level.
    pub depth: usize,
    /// Elements, members and array items of one document together. Default: 4,000,000.
    pub elements: usize,
    /// XML attributes of one element. Default: 1,024.
    pub attributes: usize,
    /// Bytes of one name (element, attribute, member, map key). Default: 4,096.
    pub name: usize,
    /// Deviations kept by one lenient reading; further ones are counted, not kept. Default: 1,000.
    pub deviations: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { size: 64 << 20, depth: 64, elements: 4_000_000, attributes: 1024, name: 4096, deviations: 1000 }
    }
}

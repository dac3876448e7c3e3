//! How descriptors are read.

use cimi_model::Limits;

/// How a descriptor is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Refuse what deviates from the standard. By default it is tolerated, kept and reported.
    pub strict: bool,
    /// Accept prefixes that no namespace is declared for, which is not well-formed: the element or attribute is then in
    /// the namespace `undeclared:PREFIX`. Products have shipped such descriptors; by default they are refused.
    pub undeclared_prefixes: bool,
    /// Bounds on the descriptor. Default: 4 MiB and 40,000 elements, else as [`Limits::default`]; a depth beyond 100 is
    /// never accepted. So bounded, no descriptor makes any work on it take more than a second or 64 MiB; the largest ones
    /// of products have 500 KiB. What is made of a descriptor is bounded in proportion to its size.
    pub limits: Limits,
}

impl Default for ReadOptions {
    fn default() -> Self {
        let limits = Limits { size: 4 << 20, elements: 40_000, ..Limits::default() };
        Self { strict: false, undeclared_prefixes: false, limits }
    }
}

impl ReadOptions {
    /// Options that refuse every deviation.
    #[must_use]
    pub fn strict() -> Self {
        Self { strict: true, ..Self::default() }
    }
}

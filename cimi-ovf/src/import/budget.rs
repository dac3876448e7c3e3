//! A bound on what is copied.

use cimi_model::{ErrorKind, Limits, Result};

use crate::tree::Element;

/// How many bytes may still be written more than once: what several elements refer to is given to each of them by
/// value, so a short descriptor could grow without bound.
///
/// As much as a descriptor may be long, or several times its own length, if that is more; never more than several times
/// the first.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
    /// What templates may still take in memory.
    memory: usize,
}

impl Budget {
    pub(super) fn new(length: usize, limits: Limits) -> Self {
        /// The namespace of a vendor on an element and two attributes is about twice as long as the element.
        const TIMES: usize = 8;
        const MOST: usize = 3;
        let most = limits.size.saturating_mul(MOST);
        Self { left: limits.size.max(length.saturating_mul(TIMES)).min(most), memory: most }
    }

    /// Fails at the element if what it becomes takes more memory than there may be.
    pub(super) fn hold(&mut self, bytes: usize, at: Element<'_>) -> Result<()> {
        let too_much = || at.error(ErrorKind::Limit, "the descriptor becomes too large a template");
        self.memory = self.memory.checked_sub(bytes).ok_or_else(too_much)?;
        Ok(())
    }

    /// Fails at the element if the copy is beyond the bound.
    pub(super) fn charge(&mut self, bytes: usize, at: Element<'_>) -> Result<()> {
        let too_much = || at.error(ErrorKind::Limit, "too much of the descriptor is used too often");
        self.left = self.left.checked_sub(bytes).ok_or_else(too_much)?;
        Ok(())
    }
}

/// About how many bytes a copy of the element takes.
pub(super) fn weight(element: Element<'_>) -> usize {
    /// An empty name or value takes memory too.
    const LEAST: usize = 64;
    let mut parts = 0_usize;
    let mut open = vec![element];
    while let Some(element) = open.pop() {
        parts = parts.saturating_add(1 + element.attributes().count());
        open.extend(element.children());
    }
    element.source().len().saturating_add(parts.saturating_mul(LEAST))
}

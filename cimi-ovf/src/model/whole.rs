//! Whole documents, whichever structure their root is.

use cimi_model::reflect::Record;
use cimi_model::{Parsed, Result};

use super::{Node, Reader, Vocabulary};
use crate::ReadOptions;
use crate::tree::{Editor, Element, Tree};

/// Reads a document: what its structures say, and the tree that they were read from.
pub(crate) fn read<T: Record + Default>(bytes: &[u8], options: &ReadOptions) -> Result<Parsed<(T, Tree)>> {
    let tree = Tree::read(bytes, options)?;
    let mut root = T::default();
    let mut reader = Reader::new(&tree, options);
    reader.root(&mut root)?;
    let (deviations, more_deviations) = reader.finish();
    let mut parsed = Parsed::new((root, tree));
    parsed.deviations = deviations;
    parsed.more_deviations = more_deviations;
    Ok(parsed)
}

/// Reads what the changes of a document make of it: what was accepted is not refused now for its size or its prefixes.
pub(crate) fn reread<T: Record + Default>(changed: &Editor<'_>) -> Result<(T, Tree)> {
    let mut options = ReadOptions::default();
    options.limits.size = usize::MAX;
    options.limits.elements = usize::MAX;
    options.undeclared_prefixes = true;
    Ok(read(&changed.to_vec()?, &options)?.value)
}

/// The child elements of a structure that no table knows.
pub(crate) fn foreign_children(tree: &Tree, node: Node) -> Vec<Element<'_>> {
    let Some(element) = node.element(tree) else { return Vec::new() };
    let vocabulary = Vocabulary::of(tree);
    element.children().filter(|child| vocabulary.is_foreign(*child)).collect()
}

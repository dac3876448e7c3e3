//! Links between schemas.

use super::DEFINITIONS;
use super::layout::{Layout, Node};
use super::object::Form;

/// How schemas refer to one another.
#[derive(Clone, Copy)]
pub(super) enum Links<'a> {
    /// From the file of a type, to the file of what they share.
    Files,
    /// One document with everything under `$defs`, save for this node, which is its root.
    One(Option<&'a Node>),
}

impl Links<'_> {
    /// The link to a type in one of its forms.
    pub(super) fn to(self, layout: &Layout, index: usize, form: Form) -> Option<String> {
        let node = layout.nodes.get(index)?;
        let (name, whole) = match form {
            Form::Whole => (&node.name, true),
            Form::Reference => (node.reference.as_ref()?, false),
        };
        Some(match self {
            Self::One(root) if whole && root.is_some_and(|root| root.name == node.name) => "#".to_owned(),
            Self::Files => format!("{DEFINITIONS}#/$defs/{name}"),
            Self::One(_) => format!("#/$defs/{name}"),
        })
    }
}

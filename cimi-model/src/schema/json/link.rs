//! Links between schemas.

use super::layout::{Layout, Node};
use super::object::Form;

/// How schemas refer to one another.
#[derive(Clone, Copy)]
pub(super) enum Links<'a> {
    /// One file for each type; these are the links from the file of this node.
    Files(usize),
    /// One document with everything under `$defs`, save for this node, which is its root.
    One(Option<&'a Node>),
}

impl Links<'_> {
    /// The link to a type in one of its forms.
    pub(super) fn to(self, layout: &Layout, index: usize, form: Form) -> Option<String> {
        let node = layout.nodes.get(index)?;
        let name = match form {
            Form::Whole => &node.name,
            Form::Reference => node.reference.as_ref()?,
        };
        let whole = form == Form::Whole;
        Some(match self {
            Self::One(root) if whole && root.is_some_and(|root| root.name == node.name) => "#".to_owned(),
            Self::One(_) => format!("#/$defs/{name}"),
            Self::Files(from) if from == node.home && whole && node.home == index => "#".to_owned(),
            Self::Files(from) if from == node.home => format!("#/$defs/{name}"),
            Self::Files(_) => {
                let home = &layout.nodes.get(node.home)?.name;
                if whole && node.home == index { home.clone() } else { format!("{home}#/$defs/{name}") }
            }
        })
    }
}

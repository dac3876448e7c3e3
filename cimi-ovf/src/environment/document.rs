//! An environment document: its structures, and the text that they were read from.

use cimi_model::{Parsed, Result};

use super::Environment;
use crate::ReadOptions;
use crate::model::{self, Node};
use crate::tree::{Editor, Element, Tree};

/// An environment document (DSP8027), to be read, changed and written.
///
/// As with a [`Descriptor`](crate::Descriptor), what the structures do not know, such as the sections of vendors, is kept
/// beside them: a document that was read and not changed is written back byte for byte, and a change changes only what it
/// is about.
///
/// ```
/// use cimi_ovf::ReadOptions;
/// use cimi_ovf::environment::EnvironmentDocument;
///
/// let text = r#"<Environment xmlns="http://schemas.dmtf.org/ovf/environment/1"
///     xmlns:oe="http://schemas.dmtf.org/ovf/environment/1" oe:id="web">
///   <PropertySection><Property oe:key="motd" oe:value="one&#10;two"/></PropertySection>
/// </Environment>"#;
/// let mut document = EnvironmentDocument::read(text.as_bytes(), &ReadOptions::strict())?.value;
/// assert_eq!(document.environment.value("motd"), Some("one\ntwo"));
/// document.environment.property_sections[0].properties[0].value = Some("a \"word\"\n".into());
/// assert_eq!(document.to_text()?, text.replace("one&#10;two", "a &quot;word&quot;&#10;"));
/// # Ok::<(), cimi_ovf::Error>(())
/// ```
#[derive(Debug)]
pub struct EnvironmentDocument {
    /// What the document says.
    pub environment: Environment,
    tree: Tree,
}

impl EnvironmentDocument {
    /// Reads a document.
    ///
    /// What products write in place of what the standard has is understood as far as it can be, and listed.
    ///
    /// # Errors
    /// When the text is not well-formed or has a DOCTYPE, when it is not an environment of OVF, when a limit is exceeded,
    /// or, with [`ReadOptions::strict`], at the first deviation. Each error names the element, line and column.
    pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Parsed<Self>> {
        Ok(model::read(bytes, options)?.map(|(environment, tree)| Self { environment, tree }))
    }

    /// An empty document, to be filled.
    #[must_use]
    pub fn new() -> Self {
        let text = include_str!("skeleton.xml");
        // The text is a constant that tests read.
        let tree = Tree::read(text.as_bytes(), &ReadOptions::default()).unwrap_or_else(|_| Tree::empty());
        Self { environment: Environment::default(), tree }
    }

    /// The document as it was read; changes to [`environment`](Self::environment) are not in it.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The element that a structure was read from.
    #[must_use]
    pub fn element(&self, node: Node) -> Option<Element<'_>> {
        node.element(&self.tree)
    }

    /// The child elements of a structure that stay in the tree: sections and elements of vendors.
    #[must_use]
    pub fn foreign_children(&self, node: Node) -> Vec<Element<'_>> {
        model::foreign_children(&self.tree, node)
    }

    /// The document with what has changed in [`environment`](Self::environment), in its encoding.
    ///
    /// # Errors
    /// When a text has characters that XML does not, or a structure has `extensions`.
    pub fn to_vec(&self) -> Result<Vec<u8>> {
        model::patch(&self.tree, &self.environment)?.to_vec()
    }

    /// As [`to_vec`](Self::to_vec), as text.
    ///
    /// # Errors
    /// As [`to_vec`](Self::to_vec).
    pub fn to_text(&self) -> Result<String> {
        model::patch(&self.tree, &self.environment)?.finish()
    }

    /// Changes what no structure knows, such as sections of vendors, together with what has changed in
    /// [`environment`](Self::environment) so far; then reads the result.
    ///
    /// # Errors
    /// As [`to_vec`](Self::to_vec); the document is as it was then.
    pub fn edit(&mut self, change: impl FnOnce(&mut Editor<'_>)) -> Result<()> {
        let mut editor = model::patch(&self.tree, &self.environment)?;
        change(&mut editor);
        let (environment, tree) = model::reread(&editor)?;
        *self = Self { environment, tree };
        Ok(())
    }
}

impl Default for EnvironmentDocument {
    /// An empty document.
    fn default() -> Self {
        Self::new()
    }
}

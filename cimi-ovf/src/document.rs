//! A descriptor: its structures, and the document that they were read from.

use cimi_model::{Parsed, Result};

use crate::ReadOptions;
use crate::model::{self, Envelope, Message, Node};
use crate::tree::{Editor, Element, Tree};

/// A version of OVF, as far as descriptors tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Version {
    /// 0.9, before the standard.
    V0_9,
    /// 1.0 and 1.1, which have one namespace.
    V1,
    /// 2.0 and 2.1, which have one namespace.
    V2,
}

/// An OVF descriptor (DSP0243), to be read, changed and written.
///
/// [`envelope`](Self::envelope) is what it says, in plain structures. What they do not know is kept beside them: the
/// sections of vendors, comments, prefixes, the order of attributes. A descriptor that was read and not changed is written
/// back byte for byte, and a change changes only what it is about.
///
/// ```
/// use cimi_ovf::{Descriptor, ReadOptions};
///
/// let text = r#"<?xml version="1.0"?>
/// <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
///   <References><File ovf:id='f' ovf:href='a.vmdk' ovf:size='10'/></References> <!-- one file -->
///   <VirtualSystem ovf:id="web"><Info>A web server</Info></VirtualSystem>
/// </Envelope>"#;
/// let mut descriptor = Descriptor::read(text.as_bytes(), &ReadOptions::strict())?.value;
/// assert_eq!(descriptor.to_vec()?, text.as_bytes());
///
/// let file = &mut descriptor.envelope.references.as_mut().ok_or("files")?.files[0];
/// assert_eq!(file.size, Some(10));
/// file.size = Some(20);
/// assert_eq!(descriptor.to_vec()?, text.replace("'10'", "'20'").as_bytes());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Descriptor {
    /// What the descriptor says.
    pub envelope: Envelope,
    tree: Tree,
}

impl Descriptor {
    /// Reads a descriptor of any version.
    ///
    /// What products write in place of what the standard has is understood as far as it can be, and listed. A value that
    /// is not understood is absent, listed, and written back as long as nothing is put in its place.
    ///
    /// # Errors
    /// When the text is not well-formed or has a DOCTYPE, when it is not an envelope of OVF, when a limit is exceeded,
    /// or, with [`ReadOptions::strict`], at the first deviation. Each error names the element, line and column.
    pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Parsed<Self>> {
        Ok(model::read(bytes, options)?.map(|(envelope, tree)| Self { envelope, tree }))
    }

    /// An empty descriptor, to be filled: an envelope with `References` and the usual prefixes.
    ///
    /// ```
    /// use cimi_ovf::model::{Content, File, VirtualSystem};
    /// use cimi_ovf::{Descriptor, Version};
    ///
    /// let mut descriptor = Descriptor::new(Version::V1);
    /// let file = File { id: Some("f".into()), href: Some("a&b.vmdk".into()), ..Default::default() };
    /// descriptor.envelope.references.get_or_insert_default().files.push(file);
    /// let info = Some("A web server".into());
    /// let system = VirtualSystem { id: Some("web".into()), info, ..Default::default() };
    /// descriptor.envelope.content = Some(Content::System(system));
    /// let text = descriptor.to_text()?;
    /// assert!(text.contains(r#"    <File ovf:id="f" ovf:href="a&amp;b.vmdk"/>"#), "{text}");
    /// assert!(text.contains("  <VirtualSystem ovf:id=\"web\">\n    <Info>A web server</Info>"), "{text}");
    /// # Ok::<(), cimi_ovf::Error>(())
    /// ```
    #[must_use]
    pub fn new(version: Version) -> Self {
        let text = skeleton(version);
        let options = ReadOptions::default();
        // The texts are constants that tests read.
        let tree = Tree::read(text.as_bytes(), &options).unwrap_or_else(|_| Tree::empty());
        let mut envelope = Envelope::default();
        let mut reader = model::Reader::new(&tree, &options);
        let _ = reader.root(&mut envelope);
        Self { envelope, tree }
    }

    /// The version, by the namespace of the root.
    #[must_use]
    pub fn version(&self) -> Version {
        match self.tree.root().namespace() {
            model::namespaces::OVF_0_9 => Version::V0_9,
            model::namespaces::OVF_2 => Version::V2,
            _ => Version::V1,
        }
    }

    /// The document as it was read; changes to [`envelope`](Self::envelope) are not in it.
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

    /// The document with what has changed in [`envelope`](Self::envelope), in its encoding.
    ///
    /// # Errors
    /// When a text has characters that XML does not, or a structure has `extensions`.
    pub fn to_vec(&self) -> Result<Vec<u8>> {
        model::patch(&self.tree, &self.envelope)?.to_vec()
    }

    /// As [`to_vec`](Self::to_vec), as text.
    ///
    /// # Errors
    /// As [`to_vec`](Self::to_vec).
    pub fn to_text(&self) -> Result<String> {
        model::patch(&self.tree, &self.envelope)?.finish()
    }

    /// Changes what no structure knows, together with what has changed in [`envelope`](Self::envelope) so far; then
    /// reads the result, so that structures that were new have elements too.
    ///
    /// ```
    /// use cimi_ovf::tree::{NewElement, Place};
    /// use cimi_ovf::{Descriptor, Version};
    ///
    /// let mut descriptor = Descriptor::new(Version::V1);
    /// descriptor.edit(|editor| {
    ///     let root = editor.tree().root().id();
    ///     editor.insert(root, Place::Last, NewElement::new("http://example.com/ovf", "RackSection"));
    /// })?;
    /// assert!(descriptor.to_text()?.contains("<ns:RackSection xmlns:ns=\"http://example.com/ovf\"/>"));
    /// # Ok::<(), cimi_ovf::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`to_vec`](Self::to_vec); the descriptor is as it was then.
    pub fn edit(&mut self, change: impl FnOnce(&mut Editor<'_>)) -> Result<()> {
        let mut editor = model::patch(&self.tree, &self.envelope)?;
        change(&mut editor);
        let (envelope, tree) = model::reread(&editor)?;
        *self = Self { envelope, tree };
        Ok(())
    }

    /// The descriptor as it would be written, read again; none when it has not changed.
    pub(crate) fn as_written(&self) -> Result<Option<Self>> {
        let editor = model::patch(&self.tree, &self.envelope)?;
        if editor.is_empty() {
            return Ok(None);
        }
        let (envelope, tree) = model::reread(&editor)?;
        Ok(Some(Self { envelope, tree }))
    }

    /// The text of a message in a language: from the bundle of that language, or of one with the same primary subtag,
    /// that has the message; else the text in its place.
    #[must_use]
    pub fn message<'d>(&'d self, message: &'d Message, language: &str) -> Option<&'d str> {
        let own = message.text.as_deref();
        let Some(id) = message.msgid.as_deref().filter(|id| !id.is_empty()) else { return own };
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let lang = |bundle: &model::Strings| bundle.lang.clone().unwrap_or_default();
        let exact = |bundle: &&model::Strings| lang(bundle).eq_ignore_ascii_case(language);
        let close = |bundle: &&model::Strings| primary(&lang(bundle)) == primary(language);
        let text = |bundle: &'d model::Strings| {
            bundle.messages.iter().find(|text| text.msgid.as_deref() == Some(id))?.text.as_deref()
        };
        let bundles = || self.envelope.strings.iter();
        bundles().filter(exact).find_map(text).or_else(|| bundles().filter(close).find_map(text)).or(own)
    }
}

fn skeleton(version: Version) -> &'static str {
    match version {
        Version::V0_9 => include_str!("document/0.9.xml"),
        Version::V1 => include_str!("document/1.xml"),
        Version::V2 => include_str!("document/2.xml"),
    }
}

//! The texts of a descriptor in one language.

use std::collections::HashMap;

use cimi_model::{Parsed, Result};

use crate::model::{File, Message, Strings};
use crate::{Descriptor, ReadOptions};

/// The messages of a descriptor in one language: from the bundles in it, and from those in files of its package
/// (DSP0243 10).
///
/// ```
/// use cimi_ovf::{Descriptor, Messages, ReadOptions};
///
/// let text = r#"<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"
///     xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
///   <References><File ovf:id="de" ovf:href="de.msg"/></References>
///   <VirtualSystem ovf:id="web"><Info ovf:msgid="web.info">A web server</Info></VirtualSystem>
///   <Strings xml:lang="de-DE" ovf:fileRef="de"/>
/// </Envelope>"#;
/// let descriptor = Descriptor::read(text.as_bytes(), &ReadOptions::default())?.value;
/// let bundle = r#"<Strings xmlns="http://schemas.dmtf.org/ovf/envelope/1"
///     xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"><Msg ovf:msgid="web.info">Ein Webserver</Msg></Strings>"#;
/// let messages = Messages::with_files(&descriptor, "de", &mut |file| {
///     Ok((file.href.as_deref() == Some("de.msg")).then(|| bundle.as_bytes().to_vec()))
/// })?;
/// let Some(cimi_ovf::model::Content::System(web)) = &descriptor.envelope.content else { return Ok(()) };
/// assert_eq!(messages.text(web.info.as_ref().ok_or("info")?), Some("Ein Webserver"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Messages {
    language: String,
    /// Those of the language itself, then those of a language with the same primary subtag.
    texts: [HashMap<String, String>; 2],
}

/// Gives the content of a file of the package; `None` where it is not at hand.
pub type BundleSource<'s> = &'s mut dyn FnMut(&File) -> Result<Option<Vec<u8>>>;

impl Messages {
    /// The messages of the bundles in a descriptor.
    #[must_use]
    pub fn new(descriptor: &Descriptor, language: &str) -> Self {
        let mut messages = Self { language: language.to_owned(), ..Self::default() };
        for bundle in &descriptor.envelope.strings {
            messages.add(bundle, bundle.lang.as_deref().unwrap_or_default());
        }
        messages
    }

    /// As [`new`](Self::new), with the bundles that are in files. Only those that fit the language are asked for.
    ///
    /// # Errors
    /// Those of the source, and those of [`Strings::read`].
    pub fn with_files(descriptor: &Descriptor, language: &str, source: BundleSource<'_>) -> Result<Self> {
        let mut messages = Self::new(descriptor, language);
        let files = descriptor.envelope.references.iter().flat_map(|references| &references.files);
        let files: HashMap<&str, &File> = files.filter_map(|file| Some((file.id.as_deref()?, file))).collect();
        for bundle in &descriptor.envelope.strings {
            let lang = bundle.lang.as_deref().unwrap_or_default();
            let file = bundle.file_ref.as_deref().and_then(|id| files.get(id));
            let Some(file) = file.filter(|_| messages.fits(lang).is_some()) else { continue };
            if let Some(content) = source(file)? {
                messages.add(&Strings::read(&content, &ReadOptions::default())?.value, lang);
            }
        }
        Ok(messages)
    }

    /// Adds a bundle; the first text for a message counts.
    pub fn add(&mut self, bundle: &Strings, language: &str) {
        let Some(texts) = self.fits(language).and_then(|place| self.texts.get_mut(place)) else { return };
        for message in &bundle.messages {
            if let (Some(id), Some(text)) = (&message.msgid, &message.text) {
                texts.entry(id.clone()).or_insert_with(|| text.clone());
            }
        }
    }

    /// Whether a bundle is for the language, 0, or for one like it, 1.
    fn fits(&self, language: &str) -> Option<usize> {
        let primary = |tag: &'_ str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        if language.eq_ignore_ascii_case(&self.language) {
            Some(0)
        } else {
            (primary(language) == primary(&self.language)).then_some(1)
        }
    }

    /// The text of a message: from a bundle of the language, else of one like it, else the one in its place.
    #[must_use]
    pub fn text<'m>(&'m self, message: &'m Message) -> Option<&'m str> {
        let id = message.msgid.as_deref().filter(|id| !id.is_empty());
        let found = id.and_then(|id| self.texts.iter().find_map(|texts| texts.get(id)));
        found.map(String::as_str).or(message.text.as_deref())
    }
}

impl Strings {
    /// Reads a message bundle that is a file of a package.
    ///
    /// # Errors
    /// As [`Descriptor::read`], when it is not a bundle.
    pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Parsed<Self>> {
        Ok(crate::model::read(bytes, options)?.map(|(bundle, _)| bundle))
    }
}

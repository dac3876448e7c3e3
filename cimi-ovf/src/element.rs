//! A small element tree: what every section of a descriptor is first read into.

use std::collections::HashSet;
use std::sync::Arc;

use cimi_model::xml::pull::{Start, Token, XmlReader};
use cimi_model::{Error, ErrorKind, Limits, Location, Result, printable};

/// The namespaces of the OVF envelope that are read: 1.x (DSP0243 1.0 and 1.1) and 2.x.
///
/// Products put single sections of 2.x into envelopes of 1.x, so an element of either counts as one of OVF.
const ENVELOPES: [&str; 2] = ["http://schemas.dmtf.org/ovf/envelope/1", "http://schemas.dmtf.org/ovf/envelope/2"];

/// Deeper nesting than this is refused whatever the limits say, for trees are mapped and dropped recursively.
const DEEPEST: usize = 100;

/// An element of a descriptor, with everything in it.
///
/// Values of passwords are not kept: see [`import`](crate::import()).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Element {
    /// The namespace, empty if there is none.
    pub namespace: Arc<str>,
    /// The local part of the name.
    pub name: String,
    /// The attributes in document order, without namespace declarations.
    pub attributes: Vec<Attribute>,
    /// The text directly inside of the element; empty if that is only white space beside children.
    pub text: String,
    /// The child elements in document order.
    pub children: Vec<Self>,
    /// Where the start tag begins.
    pub location: Location,
}

/// An attribute of an [`Element`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attribute {
    /// The namespace; `None` for a name without prefix.
    pub namespace: Option<Arc<str>>,
    /// The local part of the name.
    pub name: String,
    /// The value.
    pub value: String,
}

impl Element {
    /// Whether this is the element `name` of OVF, not one of a vendor.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name == name && self.is_ovf()
    }

    /// Whether the element is in a namespace of the OVF envelope.
    #[must_use]
    pub fn is_ovf(&self) -> bool {
        ENVELOPES.contains(&&*self.namespace)
    }

    /// The value of an attribute of OVF.
    ///
    /// The schema demands the prefix (`ovf:id`); several products write `id`, which is accepted in its absence.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let named = || self.attributes.iter().filter(|a| a.name == name);
        let qualified = named().find(|a| a.namespace.as_deref().is_some_and(|n| ENVELOPES.contains(&n)));
        let found = qualified.or_else(|| named().find(|a| a.namespace.is_none()));
        found.map(|a| a.value.as_str())
    }

    /// The value of a boolean attribute of OVF: `true` and `1` are true, all else is false.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.attribute(name).is_some_and(is_true)
    }

    /// The first child element of OVF with this name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.is(name))
    }
}

/// Whether a text is one of the two spellings of true.
pub(crate) fn is_true(text: &str) -> bool {
    matches!(text.trim(), "true" | "TRUE" | "True" | "1")
}

/// Reads a document into a tree.
pub(crate) fn parse(input: &[u8], limits: Limits) -> Result<Element> {
    let limits = Limits { depth: limits.depth.min(DEEPEST), ..limits };
    if input.len() > limits.size {
        let reason = format!("the descriptor is larger than {} bytes", limits.size);
        return Err(Error::new(ErrorKind::Limit, reason).at(Location { line: 1, column: 1 }));
    }
    let input = cimi_model::xml::to_utf8(input)?;
    // Read as a stream, for then each location costs nothing.
    let mut reader = XmlReader::from_reader(&*input, limits);
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut namespaces = Namespaces::default();
    loop {
        match reader.next().map_err(|error| error.at_path(path_of(&open)))? {
            Token::Start(start) => {
                let element = element(&reader, &start, &mut namespaces);
                open.push(element.map_err(|error| error.at_path(path_of(&open)))?);
                if let [root] = open.as_slice() {
                    check_root(root)?;
                }
            }
            Token::Text(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text);
                }
            }
            Token::End => {
                let Some(mut element) = open.pop() else { continue };
                finish(&mut element);
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => root = Some(element),
                }
            }
            Token::Eof => break,
        }
    }
    root.ok_or_else(|| reader.error(ErrorKind::Syntax, "the document has no root element"))
}

/// Shares equal namespace names: each is declared once and used on many elements.
#[derive(Default)]
struct Namespaces(HashSet<Arc<str>>);

impl Namespaces {
    fn share(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return Arc::clone(known);
        }
        let new: Arc<str> = Arc::from(name);
        self.0.insert(Arc::clone(&new));
        new
    }
}

fn element(reader: &XmlReader<'_>, start: &Start<'_>, namespaces: &mut Namespaces) -> Result<Element> {
    let namespace = namespaces.share(&reader.namespace(start)?);
    let mut attributes = Vec::new();
    reader.attributes(start, |attribute| {
        let namespace = attribute.namespace.as_deref().map(|name| namespaces.share(name));
        let (name, value) = (attribute.local.into_owned(), attribute.value.into_owned());
        attributes.push(Attribute { namespace, name, value });
        Ok(())
    })?;
    let name = start.local().to_owned();
    Ok(Element { namespace, name, attributes, text: String::new(), children: Vec::new(), location: reader.location() })
}

/// Refuses anything but an OVF envelope before the rest is read.
fn check_root(root: &Element) -> Result<()> {
    const OVF_0_9: &str = "http://www.vmware.com/schema/ovf/1/envelope";
    if root.is("Envelope") {
        return Ok(());
    }
    let reason = if &*root.namespace == OVF_0_9 {
        "OVF 0.9 is not supported, only OVF 1.x".to_owned()
    } else {
        let (name, namespace) = (printable(&root.name), printable(&root.namespace));
        format!("'{name}' in the namespace '{namespace}' is not the Envelope of an OVF 1.x descriptor")
    };
    Err(Error::new(ErrorKind::Type, reason).at_path(format!("/{}", printable(&root.name))).at(root.location))
}

fn finish(element: &mut Element) {
    if !element.children.is_empty() && element.text.trim().is_empty() {
        element.text.clear();
    }
    if element.is("Property") && element.flag("password") {
        for value in element.children.iter_mut().filter(|child| child.is("Value")) {
            forget_values(value);
        }
        forget_values(element);
    }
    // Vendor sections, such as the guest customization of VMware, hold passwords in elements and attributes
    // that are named so. `ovf:password` itself is a flag and stays.
    if names_password(&element.name) {
        element.text.clear();
    }
    element.attributes.retain(|a| !names_password(&a.name) || matches!(a.value.as_str(), "true" | "false"));
}

fn forget_values(element: &mut Element) {
    element.attributes.retain(|a| !matches!(a.name.as_str(), "value" | "defaultValue"));
    element.text.clear();
}

fn names_password(name: &str) -> bool {
    const WORD: &str = "password";
    let start = name.len().saturating_sub(WORD.len());
    name.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(WORD))
}

fn path_of(open: &[Element]) -> String {
    let mut path = String::new();
    for element in open {
        path.push('/');
        path.push_str(&printable(&element.name));
    }
    path
}

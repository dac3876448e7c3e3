//! Which row of a table an element or attribute of a document belongs to.

use cimi_model::meta::{Attribute as Row, Type, XmlForm};

use super::namespaces::{
    ENVIRONMENT, FOREIGN, Known, OVF, OVF_0_9, XENC, XENC11, XSI, is_item_class, is_of_document, known,
};
use crate::tree::{Attribute, Element, Tree};

/// The namespaces of a document, and what they are.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    known: Vec<Known>,
    /// Whether the document is OVF 0.9, where elements may have no namespace.
    pub(crate) is_0_9: bool,
}

impl Vocabulary {
    pub(crate) fn of(tree: &Tree) -> Self {
        // Descriptors and environments are foreign to one another.
        let of_environment = known(tree.root().namespace()).name == ENVIRONMENT;
        let other = if of_environment { OVF } else { ENVIRONMENT };
        let known_here = |namespace| Some(known(namespace)).filter(|known| known.name != other);
        let foreign = Known { name: FOREIGN, exact: true };
        let known = tree.namespaces().names().map(|name| known_here(name).unwrap_or(foreign)).collect();
        Self { known, is_0_9: tree.root().namespace() == OVF_0_9 }
    }

    pub(crate) fn element(&self, element: Element<'_>) -> Known {
        self.at(usize::from(element.namespace_id()))
    }

    pub(crate) fn attribute(&self, attribute: Attribute<'_>) -> Known {
        self.at(usize::from(attribute.namespace_id()))
    }

    fn at(&self, number: usize) -> Known {
        self.known.get(number).copied().unwrap_or(Known { name: FOREIGN, exact: true })
    }

    /// Whether no table can know the element.
    pub(crate) fn is_foreign(&self, element: Element<'_>) -> bool {
        self.element(element).name == FOREIGN
    }

    /// Whether the element is of OVF, or of no namespace.
    pub(crate) fn is_ovf(&self, element: Element<'_>) -> bool {
        let name = self.element(element).name;
        name.is_empty() || is_of_document(name)
    }

    /// The name that tables have for an element: that of its type, where OVF 0.9 writes `Section` and `Content`.
    pub(crate) fn name<'t>(&self, element: Element<'t>) -> &'t str {
        let name = element.name();
        if !matches!(name, "Section" | "Content") || !self.is_ovf(element) {
            return name;
        }
        let Some(kind) = element.attribute(XSI, "type") else { return name };
        // A type is a qualified name; products have undeclared and wrong prefixes in it.
        match kind.value() {
            std::borrow::Cow::Borrowed(kind) => {
                let local = kind.rsplit_once(':').map_or(kind, |(_, local)| local);
                local.strip_suffix("_Type").unwrap_or(local)
            }
            std::borrow::Cow::Owned(_) => name,
        }
    }

    /// The index of the row for a child element of a structure, looking from `guess` on.
    pub(crate) fn row(&self, kind: &Type, element: Element<'_>, guess: usize) -> Option<usize> {
        let namespace = self.element(element).name;
        if namespace == FOREIGN {
            return None;
        }
        let index = kind.find(self.name(element), guess)?;
        let row = kind.attributes.get(index)?;
        let expected = element_namespace(kind, row);
        let fits = same(namespace, expected)
            || (namespace.is_empty() && is_of_document(expected))
            || (is_item_class(namespace) && is_item_class(expected));
        (fits && row.xml == XmlForm::Element && index > 0).then_some(index)
    }

    /// Whether an element has the name that the tables have for it, or in its place another one that is read so.
    pub(crate) fn name_fits(&self, element: Element<'_>, row: &Row, name: &str) -> bool {
        let found = self.name(element);
        found == name || (row.name == name && row.aliases.contains(&found))
    }

    /// The attribute for a row of a structure; one without prefix, where the one with prefix is missing.
    pub(crate) fn attribute_of<'t>(&self, kind: &Type, row: &Row, element: Element<'t>) -> Option<Attribute<'t>> {
        let expected = attribute_namespace(kind, row);
        let named = || element.attributes().filter(|attribute| row.is_named(attribute.name()));
        let bare = |attribute: &Attribute<'_>| self.attribute(*attribute).name.is_empty();
        named()
            .find(|attribute| self.attribute(*attribute).name == expected)
            .or_else(|| named().filter(|_| is_of_document(expected)).find(bare))
    }
}

/// Whether two namespaces of the tables are one. They are long, and nearly always the same constant.
fn same(a: &'static str, b: &'static str) -> bool {
    std::ptr::eq(a, b) || a == b
}

/// The namespace of the element of a row, as the tables have it.
pub(crate) fn element_namespace(kind: &Type, row: &Row) -> &'static str {
    row.xml_namespace.or(kind.namespace).unwrap_or(OVF)
}

/// The namespace of the attribute of a row, as the tables have it.
pub(crate) fn attribute_namespace(kind: &Type, row: &Row) -> &'static str {
    match (row.xml_namespace, kind.namespace) {
        (Some(namespace), _) => namespace,
        (None, Some(XENC | XENC11)) => "",
        (None, Some(ENVIRONMENT)) => ENVIRONMENT,
        _ => OVF,
    }
}

//! From structures to new elements.

use std::borrow::Cow;

use cimi_model::meta::{Attribute as Row, Kind, Type, Versions, XmlForm};
use cimi_model::reflect::{Record, View};
use cimi_model::{ErrorKind, Result};

use super::namespaces::{EPASD, OVF, OVF_2, RASD, SASD, XSI, is_item_class, is_of_document};
use super::node::node_of;
use super::patch::Patcher;
use super::vocabulary::{attribute_namespace, element_namespace};
use crate::tree::{Editor, Element, NewElement};

/// Structures that are nested deeper are refused: a descriptor of that depth could not be read again.
const DEEPEST: usize = 100;

/// How a new element is spelled: as what is around and beside it.
#[derive(Clone, Debug)]
pub(super) struct Style {
    /// The namespace of elements of OVF.
    pub(super) element: String,
    /// The namespace of attributes of OVF.
    pub(super) attribute: String,
    /// The prefix of OVF in the names of types, where OVF 0.9 writes `Section` and `Content`.
    pub(super) types: Option<String>,
}

impl Style {
    /// The style for what only OVF 2.x has: in a descriptor of 1.x it stands in the namespace of 2.x, as products do.
    fn for_row(&self, owner: &Type, row: &Row, kind: Option<&Type>) -> Self {
        let later = |versions| versions == Versions::V2;
        let is_later = later(owner.versions) || later(row.versions) || kind.is_some_and(|kind| later(kind.versions));
        if self.element == OVF && is_later && self.types.is_none() {
            Self { element: OVF_2.to_owned(), attribute: OVF_2.to_owned(), types: None }
        } else {
            self.clone()
        }
    }

    /// The name of the element of a row.
    pub(super) fn name(&self, row: &'static Row) -> &'static str {
        match row.aliases.first() {
            Some(alias) if self.types.is_some() && !is_choice(row) => alias,
            _ => row.name,
        }
    }

    /// An empty element of this name.
    fn start(&self, namespace: String, name: &str) -> NewElement {
        let general = match name {
            "VirtualSystem" | "VirtualSystemCollection" => "Content",
            name if name.ends_with("Section") => "Section",
            _ => "",
        };
        match &self.types {
            Some(prefix) if !general.is_empty() => {
                let kind = if prefix.is_empty() { format!("{name}_Type") } else { format!("{prefix}:{name}_Type") };
                NewElement::new(namespace, general).attribute(XSI, "type", kind)
            }
            _ => NewElement::new(namespace, name),
        }
    }
}

/// What a new element is for: the element of the document that it goes into, or that its new ancestors go into; the
/// structure that it belongs to, and the row there.
#[derive(Clone, Copy)]
pub(super) struct Purpose<'t> {
    pub(super) into: Element<'t>,
    pub(super) owner: &'static Type,
    pub(super) row: &'static Row,
}

/// Whether one of several structures stands in a row.
pub(super) fn is_choice(row: &Row) -> bool {
    matches!(row.kind, Kind::Any | Kind::Array(Kind::Any))
}

/// The name that the tables have for the element of a structure in this row.
pub(super) fn element_name(row: &'static Row, record: &dyn Record) -> &'static str {
    if is_choice(row) { record.record_type().name } else { row.name }
}

impl<'t> Patcher<'t> {
    /// The element for a structure: a copy of the one that it was read from, with what differs; else a new one.
    pub(super) fn element_for(
        &self,
        purpose: Purpose<'t>,
        record: &dyn Record,
        style: &Style,
        depth: usize,
    ) -> Result<NewElement> {
        if depth > DEEPEST {
            let reason = format!("structures are nested deeper than {DEEPEST} levels");
            return Err(purpose.into.error(ErrorKind::Limit, reason));
        }
        let name = element_name(purpose.row, record);
        let source = node_of(record).element(self.tree).filter(|source| self.vocabulary.name(*source) == name);
        match source.filter(|source| source.means_the_same_in(purpose.into)) {
            Some(source) => {
                let mut editor = Editor::new(self.tree);
                self.record(&mut editor, source, record, depth)?;
                Ok(NewElement::from_source(editor.source_of(source)?))
            }
            None => self.build(purpose, record, style, depth),
        }
    }

    fn build(&self, purpose: Purpose<'t>, record: &dyn Record, style: &Style, depth: usize) -> Result<NewElement> {
        let kind = record.record_type();
        check_extensions(record, purpose.into)?;
        let style = &style.for_row(purpose.owner, purpose.row, Some(kind));
        let namespace = match element_namespace(purpose.owner, purpose.row) {
            namespace if is_of_document(namespace) => style.element.clone(),
            namespace => namespace.to_owned(),
        };
        let mut new = style.start(namespace, element_name(purpose.row, record));
        let class = item_class(purpose.owner.name, purpose.row.name);
        for (index, row) in kind.attributes.iter().enumerate().skip(1) {
            let Some(value) = record.get(index) else { continue };
            let view = value.view();
            match row.xml {
                XmlForm::Attribute => {
                    let Some(text) = scalar(&view) else { continue };
                    let namespace = match attribute_namespace(kind, row) {
                        namespace if is_of_document(namespace) => &style.attribute,
                        namespace => namespace,
                    };
                    new = new.attribute(namespace, row.name, text);
                }
                XmlForm::Content => new.text = scalar(&view).unwrap_or_default().into_owned(),
                _ => {
                    let purpose = Purpose { into: purpose.into, owner: kind, row };
                    self.build_children(&mut new, purpose, class, &view, style, depth)?;
                }
            }
        }
        Ok(new)
    }

    /// Adds the elements for the value of a row.
    fn build_children(
        &self,
        new: &mut NewElement,
        purpose: Purpose<'t>,
        class: &str,
        view: &View<'_>,
        style: &Style,
        depth: usize,
    ) -> Result<()> {
        match view {
            View::Record(record) => {
                new.children.push(self.element_for(purpose, *record, style, depth + 1)?);
            }
            View::List(list) => {
                for at in 0..list.len() {
                    self.build_children(new, purpose, class, &list.item(at), style, depth)?;
                }
            }
            view => {
                let Some(text) = scalar(view) else { return Ok(()) };
                let style = style.for_row(purpose.owner, purpose.row, None);
                let namespace = match element_namespace(purpose.owner, purpose.row) {
                    namespace if is_of_document(namespace) => &style.element,
                    namespace if is_item_class(namespace) => class,
                    namespace => namespace,
                };
                new.children.push(NewElement::new(namespace, style.name(purpose.row)).text(text));
            }
        }
        Ok(())
    }
}

/// The text of a value that is one.
pub(super) fn scalar<'v>(view: &View<'v>) -> Option<Cow<'v, str>> {
    match view {
        View::Text(text) => Some(Cow::Borrowed(text)),
        View::Integer(value) => Some(Cow::Owned(value.to_string())),
        View::Boolean(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
        _ => None,
    }
}

/// The class of the items that stand under this name in this structure.
pub(super) fn item_class(owner: &str, name: &str) -> &'static str {
    match (owner, name) {
        (_, "StorageItem") => SASD,
        (_, "EthernetPortItem") | ("NetworkPortProfile", _) => EPASD,
        _ => RASD,
    }
}

/// Fails if a structure has what would not be written.
pub(super) fn check_extensions(record: &dyn Record, at: Element<'_>) -> Result<()> {
    if record.extensions().is_empty() {
        return Ok(());
    }
    let name = record.record_type().name;
    let reason = format!("{name} has extensions, which are not written: what no table knows is edited in the tree");
    Err(at.error(ErrorKind::Write, reason))
}

//! What differs between structures and the elements that they were read from.

use std::borrow::Cow;
use std::collections::HashMap;

use cimi_model::Result;
use cimi_model::meta::{Attribute as Row, Kind, Type, XmlForm};
use cimi_model::reflect::{List, Record, Slot, Verdict, View};

use super::build::{Purpose, Style, check_extensions, element_name, item_class, scalar};
use super::namespaces::{XSI, is_item_class, is_of_document};
use super::node::node_of;
use super::read::{element_text, is_nil, put};
use super::vocabulary::{Vocabulary, attribute_namespace, element_namespace};
use crate::tree::{Editor, Element, ElementId, NewElement, Place, Tree};

/// The changes that make a document say what a structure says that was read from its root.
pub(crate) fn patch<'t>(tree: &'t Tree, record: &dyn Record) -> Result<Editor<'t>> {
    let mut editor = Editor::new(tree);
    Patcher { tree, vocabulary: Vocabulary::of(tree) }.record(&mut editor, tree.root(), record, 0)?;
    Ok(editor)
}

pub(super) struct Patcher<'t> {
    pub(super) tree: &'t Tree,
    pub(super) vocabulary: Vocabulary,
}

/// The child elements of an element that a table knows, with their rows.
struct Children<'t> {
    kind: &'static Type,
    around: Element<'t>,
    all: Vec<(usize, Element<'t>)>,
}

impl<'t> Children<'t> {
    fn of(&self, index: usize) -> Vec<Element<'t>> {
        self.all.iter().filter(|(row, _)| *row == index).map(|(_, element)| *element).collect()
    }

    /// Where a new element for a row goes, as the schema orders them.
    fn place(&self, index: usize) -> Place {
        if let Some((_, before)) = self.all.iter().rev().find(|(row, _)| *row <= index) {
            return Place::After(before.id());
        }
        match self.all.first() {
            Some((_, after)) => Place::Before(after.id()),
            None => Place::First,
        }
    }
}

impl<'t> Patcher<'t> {
    pub(super) fn record(
        &self,
        editor: &mut Editor<'t>,
        element: Element<'t>,
        record: &dyn Record,
        depth: usize,
    ) -> Result<()> {
        let kind = record.record_type();
        check_extensions(record, element)?;
        let mut children = Children { kind, around: element, all: Vec::new() };
        let mut guess = 1;
        for child in element.children() {
            if let Some(index) = self.vocabulary.row(kind, child, guess) {
                children.all.push((index, child));
                guess = index;
            }
        }
        for (index, row) in kind.attributes.iter().enumerate().skip(1) {
            let Some(value) = record.get(index) else { continue };
            let view = value.view();
            match row.xml {
                XmlForm::Attribute => self.attribute(editor, element, kind, row, &view),
                XmlForm::Content => content(editor, element, &view),
                _ => match &view {
                    View::List(list) => self.list(editor, &children, index, row, *list, depth)?,
                    View::Record(record) => self.single(editor, &children, index, row, *record, depth)?,
                    view => self.scalar(editor, &children, index, row, view),
                },
            }
        }
        Ok(())
    }

    fn attribute(&self, editor: &mut Editor<'t>, element: Element<'t>, kind: &Type, row: &Row, view: &View<'_>) {
        match (self.vocabulary.attribute_of(kind, row, element), scalar(view)) {
            (Some(old), Some(_)) if says(row, &old.value(), view) => {}
            (Some(old), Some(new)) => editor.set_attribute(element.id(), old.namespace(), old.name(), &new),
            (Some(old), None) if is_understood(row, &old.value()) => {
                editor.remove_attribute(element.id(), old.namespace(), old.name());
            }
            (None, Some(new)) => {
                let namespace = match attribute_namespace(kind, row) {
                    namespace if is_of_document(namespace) => self.attribute_style(element),
                    namespace => namespace.to_owned(),
                };
                editor.set_attribute(element.id(), &namespace, row.name, &new);
            }
            (_, None) => {}
        }
    }

    /// A value that is no structure, as a child element.
    fn scalar(
        &self,
        editor: &mut Editor<'t>,
        children: &Children<'t>,
        index: usize,
        row: &'static Row,
        view: &View<'_>,
    ) {
        let old = children.of(index).first().copied();
        match (old, scalar(view)) {
            (Some(old), Some(new)) => {
                let nil = is_nil(old);
                if nil || !says(row, &element_text(children.kind, old), view) {
                    editor.set_text(old.id(), &new);
                }
                if nil {
                    editor.remove_attribute(old.id(), XSI, "nil");
                }
            }
            (Some(old), None) if matches!(row.kind, Kind::Structure(_) | Kind::Any) => editor.remove(old.id()),
            (Some(old), None) if !is_nil(old) && is_understood(row, &element_text(children.kind, old)) => {
                editor.remove(old.id());
            }
            (None, Some(new)) => {
                let new = self.leaf(children, row).text(new);
                editor.insert(children.around.id(), children.place(index), new);
            }
            (_, None) => {}
        }
    }

    /// An empty element for a value that is no structure.
    fn leaf(&self, children: &Children<'t>, row: &'static Row) -> NewElement {
        let around = children.around;
        let style = self.style(around, None);
        let expected = element_namespace(children.kind, row);
        let fits = |child: &Element<'t>| {
            let namespace = self.vocabulary.element(*child).name;
            namespace == expected || (is_item_class(namespace) && is_item_class(expected))
        };
        let namespace = match around.children().find(fits) {
            Some(beside) if !is_of_document(expected) => beside.namespace().to_owned(),
            _ if is_of_document(expected) => style.element.clone(),
            _ if is_item_class(expected) => {
                let owner = around.parent().map_or("", Element::name);
                item_class(owner, around.name()).to_owned()
            }
            _ => expected.to_owned(),
        };
        NewElement::new(namespace, style.name(row))
    }

    /// A structure as the only child element of its row.
    fn single(
        &self,
        editor: &mut Editor<'t>,
        children: &Children<'t>,
        index: usize,
        row: &'static Row,
        record: &dyn Record,
        depth: usize,
    ) -> Result<()> {
        let old = children.of(index).first().copied();
        if let Some(old) = old.filter(|old| self.is_from(record, row, *old)) {
            return self.record(editor, old, record, depth);
        }
        let place = old.map_or_else(|| children.place(index), |old| Place::Before(old.id()));
        self.insert(editor, children, place, row, record, depth)?;
        if let Some(old) = old {
            editor.remove(old.id());
        }
        Ok(())
    }

    fn is_from(&self, record: &dyn Record, row: &'static Row, element: Element<'t>) -> bool {
        node_of(record).id() == Some(element.id()) && self.vocabulary.name_fits(element, row, element_name(row, record))
    }

    fn insert(
        &self,
        editor: &mut Editor<'t>,
        children: &Children<'t>,
        place: Place,
        row: &'static Row,
        record: &dyn Record,
        depth: usize,
    ) -> Result<()> {
        let name = element_name(row, record);
        let beside = children.all.iter().map(|(_, child)| *child).find(|child| self.vocabulary.name(*child) == name);
        let purpose = Purpose { into: children.around, owner: children.kind, row };
        let new = self.element_for(purpose, record, &self.style(children.around, beside), depth + 1)?;
        editor.insert(children.around.id(), place, new);
        Ok(())
    }

    fn list(
        &self,
        editor: &mut Editor<'t>,
        children: &Children<'t>,
        index: usize,
        row: &'static Row,
        list: &dyn List,
        depth: usize,
    ) -> Result<()> {
        let old = children.of(index);
        if !matches!(row.kind, Kind::Array(Kind::Structure(_) | Kind::Any)) {
            self.texts(editor, children, index, row, &old, list);
            return Ok(());
        }
        let positions: HashMap<ElementId, usize> = old.iter().enumerate().map(|(at, old)| (old.id(), at)).collect();
        // Where the next one stands at the earliest: elements that keep their order stay, others are moved.
        let mut next = 0;
        let mut kept = vec![false; old.len()];
        let mut place = old.first().map_or_else(|| children.place(index), |first| Place::Before(first.id()));
        for at in 0..list.len() {
            let View::Record(record) = list.item(at) else { continue };
            let known = node_of(record).id().and_then(|id| positions.get(&id)).copied();
            let stays =
                known.filter(|position| *position >= next).and_then(|position| Some((position, old.get(position)?)));
            match stays.filter(|(_, element)| self.is_from(record, row, **element)) {
                Some((position, element)) => {
                    if let Some(kept) = kept.get_mut(position) {
                        *kept = true;
                    }
                    next = position + 1;
                    place = Place::After(element.id());
                    self.record(editor, *element, record, depth)?;
                }
                None => self.insert(editor, children, place, row, record, depth)?,
            }
        }
        old.iter().zip(kept).filter(|(_, kept)| !kept).for_each(|(old, _)| editor.remove(old.id()));
        Ok(())
    }

    /// A list of values that are no structures: what it has in common with the elements at both ends stays.
    fn texts(
        &self,
        editor: &mut Editor<'t>,
        children: &Children<'t>,
        index: usize,
        row: &'static Row,
        old: &[Element<'t>],
        list: &dyn List,
    ) {
        let items: Vec<View<'_>> = (0..list.len()).map(|at| list.item(at)).collect();
        let same =
            |(element, view): &(&Element<'t>, &View<'_>)| says(row, &element_text(children.kind, **element), view);
        let front = old.iter().zip(&items).take_while(same).count();
        let (old_rest, rest) = (old.get(front..).unwrap_or_default(), items.get(front..).unwrap_or_default());
        let back = old_rest.iter().rev().zip(rest.iter().rev()).take_while(same).count();
        let changed = old_rest.get(..old_rest.len() - back).unwrap_or_default();
        let new: Vec<Cow<'_, str>> =
            rest.get(..rest.len() - back).unwrap_or_default().iter().filter_map(scalar).collect();
        for (element, text) in changed.iter().zip(&new) {
            editor.set_text(element.id(), text);
        }
        changed.iter().skip(new.len()).for_each(|element| editor.remove(element.id()));
        let before = changed.last().or_else(|| front.checked_sub(1).and_then(|at| old.get(at)));
        let place = match (before, old.first()) {
            (Some(before), _) => Place::After(before.id()),
            (None, Some(first)) => Place::Before(first.id()),
            (None, None) => children.place(index),
        };
        for text in new.into_iter().skip(changed.len()) {
            editor.insert(children.around.id(), place, self.leaf(children, row).text(text));
        }
    }

    /// How a new child of an element is spelled: as the one beside it that is like it, if there is one.
    fn style(&self, around: Element<'t>, beside: Option<Element<'t>>) -> Style {
        let root = self.tree.root();
        let is_ovf = |element: &Element<'t>| self.vocabulary.is_ovf(*element);
        let like = beside.filter(is_ovf).or_else(|| around.children().find(is_ovf));
        let like = like.or_else(|| Some(around).filter(is_ovf)).unwrap_or(root);
        let attribute = self.attribute_style(beside.unwrap_or(around));
        let types = || root.prefix_of(root.namespace(), true).unwrap_or_default().to_owned();
        Style { element: like.namespace().to_owned(), attribute, types: self.vocabulary.is_0_9.then(types) }
    }

    /// The namespace for a new attribute of OVF on an element: that of the others there, or of the element.
    fn attribute_style(&self, element: Element<'t>) -> String {
        let is_own = |name: &str| name.is_empty() || is_of_document(name);
        let mut others = element.attributes().filter(|other| is_own(self.vocabulary.attribute(*other).name));
        if let Some(other) = others.next() {
            return other.namespace().to_owned();
        }
        let of_ovf = |element: &Element<'t>| is_of_document(self.vocabulary.element(*element).name);
        Some(element).filter(of_ovf).unwrap_or_else(|| self.tree.root()).namespace().to_owned()
    }
}

/// The text of an element without child elements.
fn content(editor: &mut Editor<'_>, element: Element<'_>, view: &View<'_>) {
    let new = scalar(view).unwrap_or_default();
    if new != element.text() {
        editor.set_text(element.id(), &new);
    }
}

/// Whether a text of the document says what a value says.
fn says(row: &Row, text: &str, view: &View<'_>) -> bool {
    match view {
        View::Text(value) => *value == text,
        View::Integer(value) => integer(row, text) == Some(*value),
        View::Boolean(value) => boolean(row, text) == Some(*value),
        _ => false,
    }
}

/// Whether reading this text gives a value; one that does not is none in the structure, and stays.
fn is_understood(row: &Row, text: &str) -> bool {
    match row.kind {
        Kind::Integer => integer(row, text).is_some(),
        Kind::Boolean => boolean(row, text).is_some(),
        _ => true,
    }
}

fn integer(row: &Row, text: &str) -> Option<i64> {
    let mut value = None;
    let (verdict, _) = put(row, text, &mut Slot::Integer(&mut value));
    value.filter(|_| verdict != Verdict::Refused)
}

fn boolean(row: &Row, text: &str) -> Option<bool> {
    let mut value = None;
    let (verdict, _) = put(row, text, &mut Slot::Boolean(&mut value));
    value.filter(|_| verdict != Verdict::Refused)
}

//! From elements to structures.

use std::borrow::Cow;

use cimi_model::meta::{Attribute as Row, Kind, Type, XmlForm};
use cimi_model::reflect::{Record, Slot, Value, Verdict, View};
use cimi_model::{Deviation, ErrorKind, Limits, Result, printable};

use super::choice;
use super::namespaces::{ENVIRONMENT, FOREIGN, OVF, XENC, XENC11, XSI, is_of_document};
use super::node::Node;
use super::vocabulary::{Vocabulary, attribute_namespace};
use crate::ReadOptions;
use crate::tree::{Element, Tree};

/// How much more than a document may be long structures may take in memory: an empty element is short, and its structure
/// is not.
const TIMES: usize = 3;

/// What structures may take in memory.
pub(crate) fn memory(limits: Limits) -> usize {
    limits.size.saturating_mul(TIMES)
}

/// What structures take in memory, and how many elements they are at least.
///
/// Recursive; the depth of structures that are written is bounded.
pub(crate) fn weight(record: &dyn Record) -> (usize, usize) {
    let mut sum = (size_of_val(record), 1);
    for (index, row) in record.record_type().attributes.iter().enumerate().skip(1) {
        let Some(value) = record.get(index) else { continue };
        let (bytes, elements) = weight_of(&value.view(), row.xml == XmlForm::Element);
        sum = (sum.0 + bytes, sum.1 + elements);
    }
    sum
}

fn weight_of(view: &View<'_>, is_element: bool) -> (usize, usize) {
    match view {
        View::Absent => (0, 0),
        View::Record(record) => weight(*record),
        View::List(list) => (0..list.len()).fold((0, 0), |sum, at| {
            let (bytes, elements) = weight_of(&list.item(at), is_element);
            (sum.0 + bytes, sum.1 + elements)
        }),
        _ => (0, usize::from(is_element)),
    }
}

/// What is said of an element that stands before ones that it belongs after, or the other way.
pub(crate) const OUT_OF_ORDER: &str = "the element comes later than the schema has it";

/// Fills structures from a tree, and notes what deviates from the standard.
pub(crate) struct Reader<'t> {
    tree: &'t Tree,
    options: &'t ReadOptions,
    vocabulary: Vocabulary,
    /// The namespaces of which it has been said that they are spelled wrong.
    misspelled: Vec<&'t str>,
    memory: usize,
    /// Their paths and locations are found at the end, all at once.
    deviations: Vec<(Element<'t>, String)>,
    more_deviations: usize,
}

/// Which rows of a structure have been read.
#[derive(Default)]
struct Seen(u128);

impl Seen {
    fn has(&self, index: usize) -> bool {
        self.0 & (1 << (index % 128)) != 0
    }

    /// Whether this is the first time.
    fn first(&mut self, index: usize) -> bool {
        let first = !self.has(index);
        self.0 |= 1 << (index % 128);
        first
    }
}

impl<'t> Reader<'t> {
    pub(crate) fn new(tree: &'t Tree, options: &'t ReadOptions) -> Self {
        Self {
            tree,
            options,
            vocabulary: Vocabulary::of(tree),
            misspelled: Vec::new(),
            memory: memory(options.limits),
            deviations: Vec::new(),
            more_deviations: 0,
        }
    }

    /// What deviates, and how much more there is that is not kept.
    pub(crate) fn finish(self) -> (Vec<Deviation>, usize) {
        let found = self.tree.deviations_at(self.deviations);
        (self.tree.deviations().iter().cloned().chain(found).collect(), self.more_deviations)
    }

    /// Reads the root.
    pub(crate) fn root(&mut self, record: &mut dyn Record) -> Result<()> {
        let root = self.tree.root();
        let kind = record.record_type();
        let expected = kind.name;
        let namespace = self.vocabulary.element(root).name;
        if root.name() != expected || !(namespace.is_empty() || Some(namespace) == kind.namespace) {
            let (name, namespace) = (printable(root.name()), printable(root.namespace()));
            let document = if kind.namespace == Some(ENVIRONMENT) { "environment" } else { "descriptor" };
            let reason = format!("'{name}' in the namespace '{namespace}' is not the {expected} of an OVF {document}");
            return Err(root.error(ErrorKind::Type, reason));
        }
        self.check_namespace(root)?;
        if root.namespace().is_empty() {
            self.deviate(root, || "the element is in no namespace".to_owned())?;
        }
        self.record(root, record)
    }

    /// Recursive; the depth of a tree is bounded.
    fn record(&mut self, element: Element<'t>, record: &mut dyn Record) -> Result<()> {
        self.memory = self
            .memory
            .checked_sub(size_of_val(record))
            .ok_or_else(|| element.error(ErrorKind::Limit, "the descriptor has too many parts for its length"))?;
        if let Some(node) = record.get_mut(0) {
            let node: &mut dyn std::any::Any = node;
            if let Some(node) = node.downcast_mut::<Node>() {
                *node = Node::of(element);
            }
        }
        let kind = record.record_type();
        let mut seen = Seen::default();
        self.attributes(element, record, &mut seen)?;
        self.children(element, record, &mut seen)?;
        for (index, row) in kind.attributes.iter().enumerate() {
            if row.xml == XmlForm::Content && index > 0 {
                self.content(element, record, index, row)?;
            } else if row.constraints_stated && row.constraints.consumer_mandatory && !seen.has(index) {
                self.missing(element, kind, row)?;
            }
        }
        Ok(())
    }

    fn missing(&mut self, element: Element<'t>, kind: &Type, row: &Row) -> Result<()> {
        // OVF 0.9 had no ElementName, and no schema that is known.
        if self.vocabulary.is_0_9 {
            return Ok(());
        }
        self.deviate(element, || missing(kind, row))
    }

    fn attributes(&mut self, element: Element<'t>, record: &mut dyn Record, seen: &mut Seen) -> Result<()> {
        let kind = record.record_type();
        for attribute in element.attributes() {
            let namespace = self.vocabulary.attribute(attribute).name;
            if namespace == FOREIGN || namespace == XSI {
                continue;
            }
            let Some(index) = kind.find(attribute.name(), 1) else { continue };
            let Some(row) = kind.attributes.get(index).filter(|row| row.xml == XmlForm::Attribute) else { continue };
            let expected = attribute_namespace(kind, row);
            let bare = namespace.is_empty() && is_of_document(expected);
            if !bare && namespace != expected {
                continue;
            }
            // One with prefix counts, one without in its absence.
            if !seen.first(index) && bare {
                continue;
            }
            if bare && !self.vocabulary.is_0_9 {
                self.deviate(element, || format!("the attribute '{}' has no prefix", attribute.name()))?;
            }
            if let Some(value) = record.get_mut(index) {
                self.scalar(element, kind, row, &attribute.value(), &mut value.slot())?;
            }
        }
        Ok(())
    }

    fn children(&mut self, element: Element<'t>, record: &mut dyn Record, seen: &mut Seen) -> Result<()> {
        let kind = record.record_type();
        let mut last = 1;
        for child in element.children() {
            let Some(index) = self.vocabulary.row(kind, child, last) else {
                self.unknown(child)?;
                continue;
            };
            let Some(row) = kind.attributes.get(index) else { continue };
            self.check_element(child, row)?;
            if rank(kind, index) < rank(kind, last) && !self.vocabulary.is_0_9 {
                self.deviate(child, || OUT_OF_ORDER.to_owned())?;
            }
            last = index;
            let many = matches!(row.kind, Kind::Array(_));
            if !seen.first(index) && !many {
                self.deviate(child, || "the element occurs again; the first one counts".to_owned())?;
                continue;
            }
            if let Some(value) = record.get_mut(index) {
                self.child(child, kind, row, value)?;
            }
        }
        Ok(())
    }

    fn child(&mut self, child: Element<'t>, kind: &Type, row: &'static Row, value: &mut dyn Value) -> Result<()> {
        if matches!(row.kind, Kind::Any | Kind::Array(Kind::Any)) {
            return match choice::put(value, self.vocabulary.name(child)) {
                Some(record) => self.record(child, record),
                None => Ok(()),
            };
        }
        match value.slot() {
            Slot::Record(record) => self.record(child, record),
            Slot::List(list) => match list.push() {
                Slot::Record(record) => self.record(child, record),
                mut slot => self.scalar(child, kind, row, &element_text(kind, child), &mut slot),
            },
            _ if is_nil(child) => Ok(()),
            mut slot => self.scalar(child, kind, row, &element_text(kind, child), &mut slot),
        }
    }

    fn content(&mut self, element: Element<'t>, record: &mut dyn Record, index: usize, row: &Row) -> Result<()> {
        let kind = record.record_type();
        let text = element.text();
        match record.get_mut(index) {
            Some(value) if !text.is_empty() => self.scalar(element, kind, row, &text, &mut value.slot()),
            _ => Ok(()),
        }
    }

    /// Puts a text into its place. One that is not understood stays in the tree.
    fn scalar(&mut self, element: Element<'t>, kind: &Type, row: &Row, text: &str, slot: &mut Slot<'_>) -> Result<()> {
        let (verdict, expected) = put(row, text, slot);
        match verdict {
            Verdict::Conforming => Ok(()),
            Verdict::Recovered => {
                self.deviate(element, || format!("{} was read as {expected}", shown(kind, row, text)))
            }
            Verdict::Refused => self.deviate(element, || refused(kind, row, text, expected)),
        }
    }

    fn check_element(&mut self, child: Element<'t>, row: &Row) -> Result<()> {
        self.check_namespace(child)?;
        if self.vocabulary.is_0_9 {
            return Ok(());
        }
        let name = self.vocabulary.name(child);
        if name != child.name() {
            return self.deviate(child, || format!("{name} is written in the form of OVF 0.9"));
        }
        if child.namespace().is_empty() {
            return self.deviate(child, || "the element is in no namespace".to_owned());
        }
        let is_choice = matches!(row.kind, Kind::Any | Kind::Array(Kind::Any));
        if name != row.name && !is_choice {
            return self.deviate(child, || format!("{name} was read as {}", row.name));
        }
        Ok(())
    }

    fn check_namespace(&mut self, element: Element<'t>) -> Result<()> {
        let known = self.vocabulary.element(element);
        let namespace = element.namespace();
        if known.exact || self.misspelled.contains(&namespace) {
            return Ok(());
        }
        self.misspelled.push(namespace);
        self.deviate(element, || format!("the namespace '{}' was read as '{}'", printable(namespace), known.name))
    }

    /// An element of the standard's namespaces that no table has here. Those of vendors are as welcome as any, and of XML
    /// Encryption the tables have an outline only.
    fn unknown(&mut self, child: Element<'t>) -> Result<()> {
        let namespace = self.vocabulary.element(child).name;
        if matches!(namespace, FOREIGN | XENC | XENC11) || self.vocabulary.is_0_9 {
            return Ok(());
        }
        self.deviate(child, || "the element is not known here; it is kept as it is".to_owned())
    }

    fn deviate(&mut self, element: Element<'t>, text: impl FnOnce() -> String) -> Result<()> {
        if self.options.strict {
            return Err(element.error(ErrorKind::Value, text()));
        }
        if self.deviations.len() < self.options.limits.deviations {
            self.deviations.push((element, text()));
        } else {
            self.more_deviations += 1;
        }
        Ok(())
    }
}

/// What is said of something required that is absent.
pub(crate) fn missing(kind: &Type, row: &Row) -> String {
    format!("{} is missing", named(kind, row))
}

/// What is said of a value that is not understood.
pub(crate) fn refused(kind: &Type, row: &Row, text: &str, expected: &str) -> String {
    format!("{} is not {expected}", shown(kind, row, text))
}

/// A value in a message. The path of an element names it already.
fn shown(kind: &Type, row: &Row, text: &str) -> String {
    let of = if row.xml == XmlForm::Attribute { format!("{}: ", named(kind, row)) } else { String::new() };
    if row.secret { format!("{of}a secret") } else { format!("{of}'{}'", printable(text)) }
}

/// How messages name a row.
pub(crate) fn named(kind: &Type, row: &Row) -> Cow<'static, str> {
    match (row.xml, attribute_namespace(kind, row)) {
        (XmlForm::Attribute, OVF) => Cow::Owned(format!("ovf:{}", row.name)),
        (XmlForm::Attribute, ENVIRONMENT) => Cow::Owned(format!("ovfenv:{}", row.name)),
        _ => Cow::Borrowed(row.name),
    }
}

/// The text of an element for one value. White space around that of CIM means nothing.
pub(crate) fn element_text<'t>(kind: &Type, element: Element<'t>) -> Cow<'t, str> {
    let text = element.text();
    if kind.namespace.is_some_and(is_of_document) {
        return text;
    }
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// Whether an element says that it has no value.
pub(crate) fn is_nil(element: Element<'_>) -> bool {
    element.attribute(XSI, "nil").is_some_and(|nil| matches!(nil.value().trim(), "true" | "1"))
}

/// The place in the order of the schema: sections may stand in any order among themselves.
fn rank(kind: &Type, index: usize) -> usize {
    let is_section = |row: &Row| row.name.ends_with("Section");
    match kind.attributes.get(index) {
        Some(row) if is_section(row) => kind.attributes.iter().position(is_section).unwrap_or(index),
        _ => index,
    }
}

/// Parses a text for a place; also what was expected.
pub(super) fn put(row: &Row, text: &str, slot: &mut Slot<'_>) -> (Verdict, &'static str) {
    match slot {
        Slot::Text(slot) => (slot.put(text, false), slot.expected()),
        Slot::Integer(slot) => {
            let trimmed = text.trim();
            let digits = trimmed.strip_prefix('+').unwrap_or(trimmed);
            let value = digits.parse::<i64>().ok().filter(|_| !digits.starts_with('+'));
            let value = value.filter(|value| row.range.is_none_or(|(least, most)| (least..=most).contains(value)));
            **slot = value;
            (verdict(value.is_some(), trimmed.len() == text.len()), expected_integer(row))
        }
        Slot::Boolean(slot) => {
            let trimmed = text.trim();
            let (value, conforms) = match trimmed {
                "true" | "1" => (Some(true), true),
                "false" | "0" => (Some(false), true),
                _ if trimmed.eq_ignore_ascii_case("true") => (Some(true), false),
                _ if trimmed.eq_ignore_ascii_case("false") => (Some(false), false),
                _ => (None, false),
            };
            **slot = value;
            (verdict(value.is_some(), conforms && trimmed.len() == text.len()), "true or false")
        }
        _ => (Verdict::Refused, "a value"),
    }
}

fn verdict(understood: bool, conforms: bool) -> Verdict {
    match (understood, conforms) {
        (true, true) => Verdict::Conforming,
        (true, false) => Verdict::Recovered,
        (false, _) => Verdict::Refused,
    }
}

pub(crate) fn expected_integer(row: &Row) -> &'static str {
    match row.range {
        Some((_, 255)) => "an integer from 0 to 255",
        Some((_, 65_535)) => "an integer from 0 to 65535",
        Some((_, 4_294_967_295)) => "an integer from 0 to 4294967295",
        Some((_, 2_147_483_647)) => "an integer of 32 bits",
        Some(_) => "an integer from 0 to 9223372036854775807",
        None => "an integer of 64 bits",
    }
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("tree", self.tree).finish_non_exhaustive()
    }
}

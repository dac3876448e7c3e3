//! Attributes that a table does not know.

use std::fmt;

use crate::any::Any;
use crate::key::Key;
use crate::object::{self, Object};
use crate::spelling::{Spelling, Spellings};

/// What a record holds beyond its table, in the order of the document (5.3: kept, and sent back).
///
/// The key of an extension is its JSON member name. An XML element in a vendor's namespace has the key
/// `{namespace}name`, an XML attribute with a prefix `@{namespace}name`; an element in the namespace of CIMI,
/// or an attribute without a prefix, has its plain name.
///
/// Here is also kept what a lenient reader could not understand, under the name of its attribute: it is written
/// back until the attribute is set anew. And `null` under the name of an attribute says that it is erased
/// (4.2.1.1), which is not the same as absent.
///
/// Of types that are [verbatim](crate::Type::verbatim) it is known, too, how texts were written that were understood in
/// another spelling or form. That counts when records are compared; it is not among the entries.
#[derive(Clone, Default)]
pub struct Extensions {
    entries: Vec<Extension>,
    /// Mostly none, and then no memory for them.
    spellings: Option<Box<Spellings>>,
}

/// One extension.
#[derive(Clone)]
pub struct Extension {
    key: Key,
    value: Any,
    pub(crate) origin: Origin,
}

/// Where an extension with a plain key stood in XML. It takes no part in equality: JSON does not carry it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Origin {
    /// It has not been in XML.
    #[default]
    Json,
    /// An element in the namespace of the record itself.
    Element,
    /// An element without a namespace.
    Bare,
    /// An attribute without a prefix.
    Attribute,
}

impl Extension {
    /// The key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The name of the attribute: the key without its namespace and the mark of an XML attribute. Text beside elements
    /// has none, nor has what belongs to XML itself.
    ///
    /// ```
    /// use cimi_model::Machine;
    ///
    /// let mut machine = Machine::default();
    /// machine.extensions.insert("{http://example.com/v}rack", "r7");
    /// machine.extensions.insert("@{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "cimi.xsd");
    /// let names: Vec<_> = machine.extensions.iter().map(|extension| extension.local_name()).collect();
    /// assert_eq!(names, [Some("rack"), None]);
    /// ```
    #[must_use]
    pub fn local_name(&self) -> Option<&str> {
        // `memory@units` is an XML attribute of an element that holds a scalar.
        let key = self.key.rsplit_once('@').map_or(&*self.key, |(_, name)| name);
        if key.starts_with('#') || key.starts_with("{http://www.w3.org/") {
            return None;
        }
        Some(key.strip_prefix('{').and_then(|rest| rest.split_once('}')).map_or(key, |(_, name)| name))
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &Any {
        &self.value
    }

    /// The value, to be changed.
    pub fn value_mut(&mut self) -> &mut Any {
        &mut self.value
    }
}

impl fmt::Debug for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value: &dyn fmt::Debug = if object::names_secret(&self.key) { &"[secret]" } else { &self.value };
        write!(f, "{:?}: {value:?}", self.key)
    }
}

impl PartialEq for Extension {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.value == other.value
    }
}

impl Extensions {
    /// No extensions.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: Vec::new(), spellings: None }
    }

    /// The key of an element in a namespace.
    #[must_use]
    pub fn qualified(namespace: &str, name: &str) -> String {
        format!("{{{namespace}}}{name}")
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Any> {
        self.entries.iter().find(|entry| *entry.key == *key).map(|entry| &entry.value)
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Any> {
        self.entries.iter_mut().find(|entry| *entry.key == *key).map(|entry| &mut entry.value)
    }

    /// Sets the value of a key; a new key comes last. Returns the former value.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Any>) -> Option<Any> {
        let (key, value) = (key.into(), value.into());
        if let Some(old) = self.get_mut(&key) {
            return Some(std::mem::replace(old, value));
        }
        self.push(key, value, Origin::Json);
        None
    }

    /// Removes a key.
    pub fn remove(&mut self, key: &str) -> Option<Any> {
        let index = self.entries.iter().position(|entry| *entry.key == *key)?;
        Some(self.entries.remove(index).value)
    }

    /// The extensions in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Extension> {
        self.entries.iter()
    }

    /// The extensions in order, their values to be changed.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Extension> {
        self.entries.iter_mut()
    }

    /// The values in order, to be changed.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Any> {
        self.entries.iter_mut().map(|entry| &mut entry.value)
    }

    /// Removes all of which `keep` says no.
    pub fn retain(&mut self, keep: impl FnMut(&Extension) -> bool) {
        self.entries.retain(keep);
    }

    /// Says of those with these keys that they are elements in the namespace of the record.
    pub(crate) fn came_as_elements(&mut self, which: impl Fn(&str) -> bool) {
        for entry in self.entries.iter_mut().filter(|entry| which(&entry.key)) {
            entry.origin = Origin::Element;
        }
    }

    /// Adds an extension of another record.
    pub(crate) fn adopt(&mut self, extension: Extension) {
        self.entries.push(extension);
    }

    /// Adds an entry without looking for the key; the reader looks once, at the end of the record.
    pub(crate) fn push(&mut self, key: impl Into<Key>, value: Any, origin: Origin) {
        self.entries.push(Extension { key: key.into(), value, origin });
    }

    /// Notes how the text of an attribute was written.
    pub(crate) fn spell(&mut self, spelling: Spelling) {
        self.spellings.get_or_insert_default().0.push(spelling);
    }

    /// How this text of the attribute was written, if it was in another spelling.
    pub(crate) fn spelled(&self, name: &str, text: &str) -> Option<&Any> {
        self.spellings().iter().find(|spelling| spelling.is_of(name, text)).map(|spelling| &spelling.written)
    }

    /// How texts were written.
    pub(crate) fn spellings(&self) -> &[Spelling] {
        self.spellings.as_ref().map_or(&[], |spellings| &spellings.0)
    }

    /// Forgets how texts were written.
    pub(crate) fn take_spellings(&mut self) -> Vec<Spelling> {
        self.spellings.take().map_or_else(Vec::new, |spellings| spellings.0)
    }

    /// A key that occurs twice.
    pub(crate) fn duplicate(&self) -> Option<&str> {
        object::duplicate(self.entries.iter().map(Extension::key))
    }
}

impl FromIterator<Extension> for Extensions {
    /// Extensions of other records, each with a key of its own.
    fn from_iter<I: IntoIterator<Item = Extension>>(extensions: I) -> Self {
        Self { entries: extensions.into_iter().collect(), spellings: None }
    }
}

impl From<Object> for Extensions {
    fn from(members: Object) -> Self {
        let entry = |(key, value)| Extension { key, value, origin: Origin::Json };
        Self { entries: members.into_entries().map(entry).collect(), spellings: None }
    }
}

impl From<Extensions> for Object {
    /// The keys and values in their order.
    fn from(extensions: Extensions) -> Self {
        let mut members = Self::new();
        for Extension { key, value, .. } in extensions.entries {
            members.push(key, value);
        }
        members
    }
}

impl<'a> IntoIterator for &'a Extensions {
    type Item = &'a Extension;
    type IntoIter = std::slice::Iter<'a, Extension>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a> IntoIterator for &'a mut Extensions {
    type Item = &'a mut Extension;
    type IntoIter = std::slice::IterMut<'a, Extension>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl fmt::Debug for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.entries).finish()
    }
}

impl PartialEq for Extensions {
    /// The order of extensions says nothing, as that of JSON members and of XML elements outside of arrays.
    fn eq(&self, other: &Self) -> bool {
        object::same_but_for_order(&self.entries, &other.entries, Extension::key)
            && object::same_but_for_order(self.spellings(), other.spellings(), |spelling| spelling.name)
    }
}

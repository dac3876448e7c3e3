//! Writes records as XML in either dialect.

use std::borrow::Cow;
use std::io::Write;

use super::JSON_NAMESPACE;
use super::any::{escape, is_legal};
use super::element::FORMS;
use super::names::member_type;
use super::write_extensions::at_attribute;
use super::writer::XmlWriter;
use crate::any::Any;
use crate::dialect::spelled;
use crate::extensions::{Extension, Extensions};
use crate::generic::Generic;
use crate::meta::{Attribute, Kind, Role, Type, XmlForm};
use crate::output::{WriteOptions, flat_reference};
use crate::reflect::{List, Record, Reference, View, omitted};
use crate::spelling::{Spelling, as_written};
use crate::value::{ITEMS, Map, OPERATIONS};
use crate::{Dialect, Error, ErrorKind, Result};

/// Writes a record as an XML document.
///
/// The attributes come in the order of the table, which for 1.x is that of the official schema; what the dialect
/// does not have follows in the namespace of its own version, then the extensions.
///
/// # Errors
/// When the writer fails.
pub fn to_writer(record: &dyn Record, options: WriteOptions, writer: &mut dyn Write) -> Result<()> {
    let mut xml = XmlWriter::new(writer, options.pretty);
    if options.pretty {
        xml.declaration();
    }
    let mut out = Out { xml: &mut xml, overrides: 0, generic: None };
    out.document(record, options.dialect, "")?;
    xml.finish()
}

/// Writes a record as an element that goes into another document, `depth` elements deep where `parent` is the default
/// namespace; if it is indented, it begins with the end of the line before.
///
/// # Errors
/// None that is known; the signature is that of [`to_writer`].
pub fn to_part(record: &dyn Record, options: WriteOptions, parent: &str, depth: usize) -> Result<String> {
    let mut bytes = Vec::new();
    let mut xml = XmlWriter::inside(&mut bytes, options.pretty, depth);
    Out { xml: &mut xml, overrides: 0, generic: None }.document(record, options.dialect, parent)?;
    xml.finish_part()?;
    String::from_utf8(bytes).map_err(|error| Error::new(ErrorKind::Write, "not UTF-8").caused_by(error))
}

/// Writes a record as an XML document in memory.
///
/// # Errors
/// None that is known; the signature is that of [`to_writer`].
pub fn to_vec(record: &dyn Record, options: WriteOptions) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    to_writer(record, options, &mut bytes)?;
    Ok(bytes)
}

/// Writes a record as an XML document in memory.
///
/// # Errors
/// None that is known; the signature is that of [`to_writer`].
pub fn to_string(record: &dyn Record, options: WriteOptions) -> Result<String> {
    let bytes = to_vec(record, options)?;
    String::from_utf8(bytes).map_err(|error| Error::new(ErrorKind::Write, "not UTF-8").caused_by(error))
}

/// One writing of one document.
pub(crate) struct Out<'a, 'w> {
    pub(super) xml: &'a mut XmlWriter<'w>,
    /// How many references the current value is inside of: there, an empty element erases (4.2.1.1).
    pub(super) overrides: usize,
    /// The namespace of a document whose attributes are in no table.
    pub(super) generic: Option<String>,
}

/// The namespace that is the default where an element is written, and the dialect of what is written.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s> {
    pub(super) namespace: &'s str,
    pub(super) dialect: Dialect,
}

impl Scope<'_> {
    /// Where an attribute of this type stands that is written in this dialect.
    pub(super) fn of_attribute(self, owner: &Type, dialect: Dialect) -> Scope<'static> {
        let namespace = if dialect == self.dialect { owner.namespace_in(dialect) } else { dialect.namespace() };
        Scope { namespace, dialect }
    }
}

impl Out<'_, '_> {
    fn document(&mut self, record: &dyn Record, wanted: Dialect, parent: &str) -> Result<()> {
        let record_type = record.record_type();
        let dialect = record_type.written_in(wanted);
        if let Some(generic) = record.as_any().downcast_ref::<Generic>() {
            return self.generic_document(generic, dialect, parent);
        }
        let namespace = record_type.namespace_in(dialect);
        let name = if record_type.role == Role::Collection { "Collection" } else { record_type.name_in(dialect) };
        self.xml.start(name, namespace, parent)?;
        if record_type.role == Role::Collection {
            self.xml.attribute(None, "resourceURI", &record_type.uri(dialect));
        }
        self.body(record, Scope { namespace, dialect }, None)?;
        self.xml.end(name)
    }

    fn generic_document(&mut self, generic: &Generic, dialect: Dialect, parent: &str) -> Result<()> {
        let (name, namespace) = if generic.name.is_empty() {
            ("Resource", JSON_NAMESPACE)
        } else {
            (generic.name.as_str(), generic.namespace.as_str())
        };
        self.generic = Some(namespace.to_owned());
        self.xml.start(name, namespace, parent)?;
        match &generic.type_uri {
            Some(uri) if is_legal(uri) => self.xml.attribute(None, "resourceURI", uri),
            Some(uri) => self.xml.json_attribute("name", &escape(uri)),
            None => {}
        }
        self.body(generic, Scope { namespace, dialect }, None)?;
        self.xml.end(name)
    }

    /// Writes attributes and content of the element of a record that was started.
    fn body(&mut self, record: &dyn Record, scope: Scope<'_>, href: Option<&str>) -> Result<()> {
        self.xml_attributes(record, scope.dialect, href);
        self.children(record, scope, href)
    }

    fn xml_attributes(&mut self, record: &dyn Record, dialect: Dialect, href: Option<&str>) {
        if let Some(href) = href.filter(|href| is_legal(href)) {
            self.xml.attribute(None, "href", href);
        }
        for (index, attribute) in record.record_type().attributes.iter().enumerate() {
            let Some(value) = record.get(index) else { continue };
            if attribute.xml == XmlForm::Attribute && dialect.has(attribute.versions) {
                let view = in_attribute(record.extensions(), attribute, value.view());
                if let Some(text) = attribute_text(attribute, &view, dialect) {
                    self.xml.attribute(None, attribute.name_in(dialect), &text);
                }
            } else if attribute.v1_flat {
                let reference = flat_reference(attribute, &value.view(), dialect);
                if let Some(href) = reference.and_then(Reference::href).filter(|href| is_legal(href.as_str())) {
                    self.xml.attribute(None, "href", href.as_str());
                }
            }
        }
        for extension in record.extensions() {
            if let Some((namespace, name, text)) = self.extension_attribute(record.record_type(), extension) {
                self.xml.attribute(namespace, name, text);
            }
        }
        if !record.extensions().spellings().is_empty() {
            self.forms(record);
        }
    }

    /// Says which XML attributes are of another form in JSON.
    fn forms(&mut self, record: &dyn Record) {
        for (form, parse) in FORMS {
            let is_it = |spelling: &&Spelling| {
                let attribute = record.record_type().attribute(spelling.name);
                attribute.is_some_and(|attribute| attribute.xml == XmlForm::Attribute)
                    && spelling.written.as_str().is_none()
                    && spelling.holds_in(record)
                    && parse(spelling.text()).as_ref() == Some(&spelling.written)
            };
            let names: Vec<_> = record.extensions().spellings().iter().filter(is_it).map(|found| found.name).collect();
            if !names.is_empty() {
                self.xml.json_attribute(form, &names.join(" "));
            }
        }
    }

    fn children(&mut self, record: &dyn Record, scope: Scope<'_>, href: Option<&str>) -> Result<()> {
        if let Some(href) = href.filter(|href| !is_legal(href)) {
            self.escaped("href", href, scope)?;
        }
        if self.attributes(record, scope, false)? {
            self.attributes(record, scope, true)?;
        }
        for extension in record.extensions() {
            self.extension(record, extension, scope)?;
        }
        Ok(())
    }

    /// Writes the attributes that the dialect has, or those it does not have (`foreign`), which stand last. Returns
    /// whether it left out some of the other sort.
    fn attributes(&mut self, record: &dyn Record, scope: Scope<'_>, foreign: bool) -> Result<bool> {
        let extensions = record.extensions();
        let has_others = extensions.iter().any(|extension| extension.key().contains('@'));
        let target = if foreign { scope.dialect.other() } else { scope.dialect };
        let mut left_out = false;
        for (index, attribute) in record.record_type().attributes.iter().enumerate() {
            let Some(value) = record.get(index) else { continue };
            let view = match attribute.xml {
                XmlForm::Attribute => in_attribute(extensions, attribute, value.view()),
                _ => as_written(extensions, attribute, value.view()),
            };
            if omitted(&view, attribute.kind) {
                if let Some(kept) = extensions.get(attribute.name) {
                    if is_kept_foreign(attribute, scope.dialect) == foreign {
                        self.kept(record.record_type(), attribute, kept, scope, target)?;
                    } else {
                        left_out = true;
                    }
                }
                continue;
            }
            if is_foreign(attribute, &view, scope.dialect) != foreign {
                left_out = true;
                continue;
            }
            if let Some(reference) = flat_reference(attribute, &view, scope.dialect) {
                self.flat(reference, scope)?;
                continue;
            }
            let others: Vec<&Extension> = if has_others {
                extensions.iter().filter(|extension| at_attribute(extension, attribute).is_some()).collect()
            } else {
                Vec::new()
            };
            self.attribute(record.record_type(), attribute, &view, scope, target, &others)?;
        }
        Ok(left_out)
    }

    /// Writes what 1.x has straight in the structure.
    fn flat(&mut self, reference: &dyn Reference, scope: Scope<'_>) -> Result<()> {
        if let Some(href) = reference.href().filter(|href| !is_legal(href.as_str())) {
            self.escaped("href", href.as_str(), scope)?;
        }
        match reference.record() {
            Some(record) => self.children(record, scope, None),
            None => Ok(()),
        }
    }

    fn escaped(&mut self, name: &str, text: &str, scope: Scope<'_>) -> Result<()> {
        self.xml.start(name, scope.namespace, scope.namespace)?;
        self.xml.any_body(&Any::from(text), scope.namespace, false)?;
        self.xml.end(name)
    }

    fn attribute(
        &mut self,
        owner: &Type,
        attribute: &'static Attribute,
        view: &View<'_>,
        scope: Scope<'_>,
        dialect: Dialect,
        others: &[&Extension],
    ) -> Result<()> {
        if attribute.xml == XmlForm::Attribute
            && dialect == scope.dialect
            && attribute_text(attribute, view, dialect).is_some()
        {
            return Ok(());
        }
        let inner = scope.of_attribute(owner, dialect);
        let namespace = inner.namespace;
        let name = attribute.name_in(dialect);
        match view {
            View::List(list) => self.list(*list, attribute, scope, inner, others),
            View::Map(map) => self.map(map, attribute, scope, inner, others),
            View::Any(value) if attribute.xml == XmlForm::Content => self.content(value, name, scope, inner),
            View::Any(value) if attribute.value_scopes => self.xml.scopes(name, namespace, scope.namespace, value),
            View::Any(value) => {
                self.xml.start(name, namespace, scope.namespace)?;
                self.xml.any_body(value, namespace, false)?;
                self.xml.end(name)
            }
            view => self.single(name, view, attribute, scope, inner, others),
        }
    }

    /// Writes the value that stands as the content of its structure. The official schema of 1.x has no room for text
    /// there, so it becomes a child element.
    fn content(&mut self, value: &Any, name: &str, scope: Scope<'_>, inner: Scope<'_>) -> Result<()> {
        let plain = match value {
            Any::String(text) => !super::chars::is_whitespace(text),
            Any::Number(_) | Any::Boolean(_) => true,
            _ => false,
        };
        if plain && inner.dialect == Dialect::V2 && self.xml.is_tag_open() {
            return self.xml.any_body(value, inner.namespace, false);
        }
        self.xml.start(name, inner.namespace, scope.namespace)?;
        self.xml.any_body(value, inner.namespace, false)?;
        self.xml.end(name)
    }

    /// Writes one element for one value.
    fn single(
        &mut self,
        name: &str,
        view: &View<'_>,
        attribute: &'static Attribute,
        scope: Scope<'_>,
        inner: Scope<'_>,
        others: &[&Extension],
    ) -> Result<()> {
        self.xml.start(name, inner.namespace, scope.namespace)?;
        self.others(others, attribute);
        if self.overrides > 0 && view.is_blank() {
            self.xml.json_attribute("type", "object");
        }
        self.value(view, attribute, inner)?;
        self.xml.end(name)
    }

    /// Writes what is in an element that was started.
    fn value(&mut self, view: &View<'_>, attribute: &'static Attribute, inner: Scope<'_>) -> Result<()> {
        match view {
            View::Text(text) => {
                let text = if attribute.follows_dialect { spelled(text, inner.dialect) } else { (*text).into() };
                if is_legal(&text) {
                    if text.is_empty() && self.overrides > 0 {
                        self.xml.json_attribute("type", "string");
                    }
                    self.xml.text(&text);
                } else {
                    self.xml.json_attribute("type", "escaped");
                    self.xml.text(&escape(&text));
                }
            }
            View::Integer(value) => self.xml.integer(*value),
            View::Boolean(value) => self.xml.text(if *value { "true" } else { "false" }),
            View::Ref(reference) => self.reference(*reference, inner)?,
            View::Record(record) => self.body(*record, inner, None)?,
            View::Absent | View::Map(_) | View::List(_) | View::Any(_) => {}
        }
        Ok(())
    }

    fn reference(&mut self, reference: &dyn Reference, scope: Scope<'_>) -> Result<()> {
        let href = reference.href().map(crate::Uri::as_str);
        self.overrides += 1;
        match reference.record() {
            Some(record) => self.body(record, scope, href)?,
            None => match href {
                Some(href) if is_legal(href) => self.xml.attribute(None, "href", href),
                Some(href) => self.escaped("href", href, scope)?,
                None => {}
            },
        }
        self.overrides -= 1;
        Ok(())
    }

    fn list(
        &mut self,
        list: &dyn List,
        attribute: &'static Attribute,
        scope: Scope<'_>,
        inner: Scope<'_>,
        others: &[&Extension],
    ) -> Result<()> {
        let name = attribute.name_in(inner.dialect);
        let wrapped = inner.dialect == Dialect::V2 && !attribute.unwrapped;
        let outer = if wrapped {
            self.xml.start(name, inner.namespace, scope.namespace)?;
            self.others(others, attribute);
            inner
        } else {
            scope
        };
        let member = member_type(attribute);
        let item = member.map_or_else(|| attribute.item_in(inner.dialect), |member| member.name_in(inner.dialect));
        let item_scope =
            member.map_or(inner, |member| Scope { namespace: member.namespace_in(inner.dialect), ..inner });
        for index in 0..list.len() {
            let view = list.item(index);
            self.xml.start(item, item_scope.namespace, outer.namespace)?;
            self.value(&view, attribute, item_scope)?;
            self.xml.end(item)?;
        }
        if wrapped { self.xml.end(name) } else { Ok(()) }
    }

    fn map(
        &mut self,
        map: &Map,
        attribute: &'static Attribute,
        scope: Scope<'_>,
        inner: Scope<'_>,
        others: &[&Extension],
    ) -> Result<()> {
        let name = attribute.name_in(inner.dialect);
        let wrapped = inner.dialect == Dialect::V2;
        let outer = if wrapped {
            self.xml.start(name, inner.namespace, scope.namespace)?;
            self.others(others, attribute);
            inner
        } else {
            scope
        };
        let item = attribute.item_in(inner.dialect);
        for (key, value) in map.iter() {
            self.xml.start(item, inner.namespace, outer.namespace)?;
            // A member `@key` of the value takes the attribute of that name.
            if is_legal(key) && value.get("@key").is_none() {
                self.xml.attribute(None, "key", key);
            } else {
                self.xml.json_attribute("key", &escape(key));
            }
            self.xml.any_body(value, inner.namespace, false)?;
            self.xml.end(item)?;
        }
        if wrapped { self.xml.end(name) } else { Ok(()) }
    }

    fn others(&mut self, others: &[&Extension], attribute: &Attribute) {
        for other in others {
            self.other(other, attribute);
        }
    }

    /// Writes an XML attribute that stood on the element of an attribute.
    fn other(&mut self, extension: &Extension, attribute: &Attribute) {
        if let Some((key, text)) = at_attribute(extension, attribute) {
            if key == "@href" {
                self.xml.attribute(None, "href", text);
            } else if let Some((namespace, name)) = super::any::attribute_of(key) {
                self.xml.attribute(namespace, name, text);
            }
        }
    }
}

/// Whether the attribute is written in the other version: because this one lacks it, or because its members have
/// another type here.
fn is_foreign(attribute: &Attribute, view: &View<'_>, dialect: Dialect) -> bool {
    let differs = dialect == Dialect::V1
        && match view {
            View::Ref(_) if attribute.v1_flat => flat_reference(attribute, view, dialect).is_none(),
            View::Ref(reference) => attribute.type_changed && reference.record().is_some_and(has_members),
            View::List(list) => attribute.v1_no_href && (0..list.len()).any(|index| has_href(&list.item(index))),
            _ => false,
        };
    differs || !dialect.has(attribute.versions)
}

/// Whether what is kept for an attribute is written in the other version: arrays and maps have no element of their own
/// in 1.x.
fn is_kept_foreign(attribute: &Attribute, dialect: Dialect) -> bool {
    let wrapper = dialect == Dialect::V1 && matches!(attribute.kind, Kind::Array(_) | Kind::Map);
    wrapper || !dialect.has(attribute.versions)
}

/// Whether a collection shows members, or operations, which some of these collections do not have in 1.x.
fn has_members(collection: &dyn Record) -> bool {
    let shows = |index| collection.get(index).is_some_and(|value| !value.view().is_empty());
    shows(ITEMS) || shows(OPERATIONS)
}

fn has_href(view: &View<'_>) -> bool {
    matches!(view, View::Ref(reference) if reference.href().is_some())
}

/// The value of an XML attribute as it is written. Its form in JSON, [a mark](FORMS) says.
fn in_attribute<'r>(extensions: &'r Extensions, attribute: &Attribute, view: View<'r>) -> View<'r> {
    let View::Text(text) = view else { return view };
    let written = extensions.spelled(attribute.name, text).and_then(Any::as_str);
    View::Text(written.unwrap_or(text))
}

/// The text of an attribute that XML can hold as one.
fn attribute_text<'a>(attribute: &Attribute, view: &View<'a>, dialect: Dialect) -> Option<Cow<'a, str>> {
    if omitted(view, attribute.kind) {
        return None;
    }
    let text = match *view {
        View::Text(text) if attribute.follows_dialect => spelled(text, dialect),
        View::Text(text) => Cow::Borrowed(text),
        View::Integer(value) => Cow::Owned(value.to_string()),
        View::Boolean(value) => Cow::Borrowed(if value { "true" } else { "false" }),
        _ => return None,
    };
    is_legal(&text).then_some(text)
}

//! Reads the elements that belong to attributes of the table.

use super::any::{self, Head, read_head};
use super::chars::is_whitespace;
use super::element::{at_attribute, has_content};
use super::names::Found;
use super::pull::{Start, Token};
use super::read::{FEW, Reader, Seen};
use super::same_name::erase_by_item;
use crate::any::Any;
use crate::context::{Target, clear_empty};
use crate::error::{Step, printable};
use crate::extensions::Origin;
use crate::meta::{Attribute, Kind, Type};
use crate::reflect::{Record, Slot, Value, View};
use crate::{ErrorKind, Result};

/// What became of an element.
enum Outcome {
    /// It was read.
    Read,
    /// It was read, and has no attributes.
    Bare,
    /// It did not fit.
    Kept(Any),
}

impl Reader<'_> {
    /// Reads an element that belongs to an attribute of the table.
    pub(super) fn attribute(
        &mut self,
        start: &Start<'_>,
        found: Found,
        record_type: &'static Type,
        record: &mut dyn Record,
        seen: &mut Seen,
    ) -> Result<()> {
        let index = found.index();
        let Some(attribute) = record_type.attributes.get(index) else { return Ok(()) };
        let found = self.item_or_whole(start, found, attribute)?;
        let may_erase = self.context.overrides > 0 && attribute.name == start.local() && self.head(start)?.is_empty();
        let Some(value) = record.get_mut(index) else { return Ok(()) };
        self.context.path.push(Step::Name(attribute.name));
        if attribute.aliases.contains(&start.local()) {
            self.deviate(format!("spelled '{}'", start.local()), self.xml.mark())?;
        }
        if let (Found::Item(_), slot @ (Slot::List(_) | Slot::Map(_))) = (found, value.slot()) {
            let kept = match slot {
                Slot::List(list) => self.item(start, list, attribute)?,
                Slot::Map(map) => self.pair(start, map, attribute)?,
                _ => None,
            };
            if let Some((key, value)) = kept {
                seen.extend(key, Origin::Element, value);
            } else if may_erase {
                erase_by_item(attribute, index, record);
            }
        } else {
            if !seen.attributes.first(index) && !attribute.value_scopes {
                let reason = format!("the element '{}' occurs twice", printable(start.local()));
                return Err(self.context.error(ErrorKind::Duplicate, reason));
            }
            self.named(start, attribute, index, record, seen)?;
        }
        if let (Kind::Map, Some(View::Map(map))) = (attribute.kind, record.get(index).map(Value::view)) {
            seen.many_pairs |= map.len() > FEW;
        }
        self.context.path.pop();
        Ok(())
    }

    /// Reads the element that is named after the attribute.
    fn named(
        &mut self,
        start: &Start<'_>,
        attribute: &'static Attribute,
        index: usize,
        record: &mut dyn Record,
        seen: &mut Seen,
    ) -> Result<()> {
        let Some(value) = record.get_mut(index) else { return Ok(()) };
        let target = match value.slot() {
            Slot::Text(_) | Slot::Integer(_) | Slot::Boolean(_) => return self.scalar(start, attribute, index, record),
            Slot::Any(place) if attribute.value_scopes => {
                let earlier = place.take();
                *place = self.scopes(start)?.after(earlier);
                return Ok(());
            }
            Slot::Any(place) => {
                let head = self.head(start)?;
                *place = Some(any::read(&mut self.xml, head, self.space, &mut self.context)?);
                return Ok(());
            }
            Slot::Ref(reference) => Target::Ref(reference),
            Slot::Record(inner) => Target::Record(inner),
            slot @ (Slot::List(_) | Slot::Map(_)) => {
                let outcome = self.several(start, attribute, slot, seen)?;
                return self.settle(attribute, index, record, outcome);
            }
        };
        let outcome = self.one(start, target)?;
        self.settle(attribute, index, record, outcome)
    }

    /// Reads a reference or structure.
    fn one(&mut self, start: &Start<'_>, mut target: Target<'_>) -> Result<Outcome> {
        let mut seen = Seen::default();
        let own = self.own_attributes(start, &mut target, &mut seen)?;
        // In a template, a reference or structure without content says that it is an object: an empty element would
        // erase. Any other type is that of a value that did not fit.
        let of_content = has_content(target.record_type()) || own.json_type.as_deref() == Some("object");
        if own.json_type.is_some() && own.count == 1 && !of_content {
            let head = Head { json_type: own.json_type, ..Head::default() };
            return any::read(&mut self.xml, head, self.space, &mut self.context).map(Outcome::Kept);
        }
        self.children(&mut target, &mut seen, own.json_type)?;
        Ok(if own.count == 0 { Outcome::Bare } else { Outcome::Read })
    }

    /// Reads an array or map from its wrapper.
    fn several(
        &mut self,
        start: &Start<'_>,
        attribute: &'static Attribute,
        slot: Slot<'_>,
        seen: &mut Seen,
    ) -> Result<Outcome> {
        let head = self.head(start)?;
        if head.json_type.is_some() {
            return any::read(&mut self.xml, head, self.space, &mut self.context).map(Outcome::Kept);
        }
        let outcome = if head.is_empty() { Outcome::Bare } else { Outcome::Read };
        match slot {
            Slot::List(list) => {
                self.wrapper(head, attribute, seen, |reader, child| reader.item(child, list, attribute))?;
            }
            Slot::Map(map) => {
                self.wrapper(head, attribute, seen, |reader, child| reader.pair(child, map, attribute))?;
            }
            _ => {}
        }
        Ok(outcome)
    }

    /// Stores what did not fit, and that an element without attributes and content erases in a template.
    fn settle(
        &mut self,
        attribute: &'static Attribute,
        index: usize,
        record: &mut dyn Record,
        outcome: Outcome,
    ) -> Result<()> {
        let erasing = self.context.overrides > 0 && matches!(outcome, Outcome::Bare);
        if let Outcome::Kept(kept) = outcome {
            return self.keep(attribute, kept, record);
        }
        let Some(value) = record.get_mut(index) else { return Ok(()) };
        if value.view().is_empty() || (erasing && value.view().is_blank()) {
            if erasing {
                value.clear();
                record.extensions_mut().push(attribute.name, Any::Null, Origin::Json);
            } else {
                clear_empty(record, index, attribute);
            }
        }
        Ok(())
    }

    pub(super) fn head(&self, start: &Start<'_>) -> Result<Head> {
        if start.is_plain() { Ok(Head::default()) } else { read_head(&self.xml, start) }
    }

    /// Keeps under the name of an attribute what does not fit it, or that it is erased.
    pub(super) fn keep(&mut self, attribute: &'static Attribute, value: Any, record: &mut dyn Record) -> Result<()> {
        let erased = value == Any::Null && self.context.overrides > 0;
        if !erased && !record.record_type().any {
            self.deviate("the value has another form; kept as it is", self.xml.mark())?;
        }
        if let Some(place) = record.record_type().find(attribute.name, 0).and_then(|index| record.get_mut(index)) {
            place.clear();
        }
        record.extensions_mut().push(attribute.name, value, Origin::Json);
        Ok(())
    }

    /// Reads the wrapper of an array or map.
    fn wrapper(
        &mut self,
        head: Head,
        attribute: &'static Attribute,
        seen: &mut Seen,
        mut each: impl FnMut(&mut Self, &Start<'_>) -> Result<Option<(String, Any)>>,
    ) -> Result<()> {
        for (key, value) in head.members {
            seen.extend(at_attribute(attribute, &key), Origin::Json, Any::String(value));
        }
        let mut text = String::new();
        loop {
            match self.xml.next()? {
                Token::Text(piece) if is_whitespace(&piece) && text.is_empty() => {}
                Token::Text(piece) => text.push_str(&piece),
                Token::Start(child) => {
                    if let Some((key, value)) = each(self, &child)? {
                        seen.extend(key, Origin::Element, value);
                    }
                }
                Token::End => break,
                Token::Eof => return Err(self.xml.unfinished()),
            }
        }
        if !text.is_empty() {
            self.deviate("unexpected text; kept as it is", self.xml.mark())?;
            seen.extend(at_attribute(attribute, "#text"), Origin::Json, Any::String(text));
        }
        Ok(())
    }
}

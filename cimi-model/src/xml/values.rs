//! Reads scalars, items and pairs.

use std::borrow::Cow;

use super::any::{self, Head, read_head};
use super::element::at_attribute;
use super::names::is_item;
use super::pull::{Start, Token};
use super::read::{FEW, Reader};
use crate::Result;
use crate::any::Any;
use crate::context::{Place, Target, clear_empty, expected, key_twice, put_text, shown};
use crate::error::{Step, printable};
use crate::extensions::Origin;
use crate::json::integral;
use crate::meta::{Attribute, Kind};
use crate::reflect::{List, Record, Slot, Verdict};
use crate::spelling::keep_spelling;
use crate::value::Map;

/// The content of an element that should be text.
pub(super) struct Content {
    pub(super) value: Any,
    /// The attributes.
    others: Vec<(String, String)>,
    /// There is neither content nor an attribute.
    nothing: bool,
}

impl Content {
    fn into_any(self) -> Any {
        if self.others.is_empty() {
            return self.value;
        }
        let text = std::iter::once(("#text".to_owned(), self.value));
        self.others.into_iter().map(|(key, value)| (key, Any::String(value))).chain(text).collect()
    }
}

impl<'i> Reader<'i> {
    /// Reads one item of an array; one that does not fit comes back as an extension.
    pub(crate) fn item(
        &mut self,
        start: &Start<'_>,
        list: &mut dyn List,
        attribute: &'static Attribute,
    ) -> Result<Option<(String, Any)>> {
        let mut kept = None;
        self.context.path.push(Step::Index(list.len()));
        if !is_item(attribute, start.local()) {
            self.deviate(format!("'{}' was read as an item", printable(start.local())), self.xml.mark())?;
        }
        let strict = self.context.strict;
        match list.push() {
            Slot::Ref(reference) => self.element(start, Target::Ref(reference))?,
            Slot::Record(record) => self.element(start, Target::Record(record))?,
            mut slot => {
                let mark = self.xml.mark();
                let content = self.text(start)?;
                let verdict = match &content.value {
                    Any::String(text) if content.others.is_empty() => put_text(attribute, &mut slot, text, strict),
                    _ => Verdict::Refused,
                };
                if verdict != Verdict::Conforming {
                    let wanted = expected(&slot, attribute.kind);
                    let shown =
                        content.value.as_str().map_or_else(|| "an element".to_owned(), |text| shown(attribute, text));
                    self.deviate(format!("expected {wanted}, found {shown}"), mark)?;
                }
                if verdict == Verdict::Refused {
                    list.pop();
                    kept = Some((start.local().to_owned(), content.into_any()));
                }
            }
        }
        self.context.path.pop();
        Ok(kept)
    }

    /// Reads one pair of a map; an element without a key comes back as an extension.
    pub(super) fn pair(
        &mut self,
        start: &Start<'_>,
        map: &mut Map,
        attribute: &'static Attribute,
    ) -> Result<Option<(String, Any)>> {
        let mark = self.xml.mark();
        let mut head = read_head(&self.xml, start)?;
        let mut take = |name: &str| {
            let at = head.members.iter().position(|(key, _)| key == name)?;
            Some(head.members.remove(at).1)
        };
        let key = match head.json_key.take().or_else(|| take("@key")) {
            None => {
                // The first peers of 1.x had another name for it.
                let name = take("@name");
                if name.is_some() {
                    self.deviate("the attribute 'name' was read as 'key'", mark)?;
                }
                name
            }
            key => key,
        };
        let namespace = self.xml.namespace(start)?.into_owned();
        if key.is_none() {
            self.deviate("a pair without a key; kept as it is", mark)?;
        }
        self.context.path.push(Step::Key(key.clone().unwrap_or_default()));
        let value = any::read(&mut self.xml, head, &namespace, &mut self.context)?;
        let Some(key) = key else {
            self.context.path.pop();
            return Ok(Some((start.local().to_owned(), value)));
        };
        if attribute.holds_strings() && value.as_str().is_none() {
            self.deviate("the value is not a string", mark)?;
        }
        // Many are looked through once, at the end of the record.
        if map.len() < FEW && map.get_any(&key).is_some() {
            return Err(key_twice(&self.context, &key));
        }
        map.push(key, value);
        self.context.path.pop();
        Ok(None)
    }

    /// Text up to the end of the element or the start of a child.
    fn pieces(&mut self) -> Result<(Cow<'i, str>, Option<Start<'i>>)> {
        let mut text: Cow<'i, str> = Cow::Borrowed("");
        loop {
            match self.xml.next()? {
                Token::Text(piece) if text.is_empty() => text = piece,
                Token::Text(piece) => text.to_mut().push_str(&piece),
                Token::Start(child) => return Ok((text, Some(child))),
                Token::End => return Ok((text, None)),
                Token::Eof => return Err(self.xml.unfinished()),
            }
        }
    }

    /// The content of an element that should be text.
    pub(super) fn text(&mut self, start: &Start<'_>) -> Result<Content> {
        let head = self.head(start)?;
        let (text, child) = self.pieces()?;
        self.content_of(head, text, child)
    }

    fn content_of(&mut self, mut head: Head, text: Cow<'_, str>, child: Option<Start<'_>>) -> Result<Content> {
        if child.is_some() {
            let text = text.into_owned();
            let value = any::read_rest(&mut self.xml, head, self.space, text, child, &mut self.context)?;
            return Ok(Content { value, others: Vec::new(), nothing: false });
        }
        let nothing = text.is_empty() && head.is_empty();
        if head.is_empty() {
            return Ok(Content { value: Any::String(text.into_owned()), others: Vec::new(), nothing });
        }
        // A text has its attributes beside it, any other value has them in it.
        let others = match head.json_type.as_deref() {
            None | Some("string" | "escaped") => std::mem::take(&mut head.members),
            Some(_) => Vec::new(),
        };
        Ok(Content { value: any::of_text(head, text.into_owned()), others, nothing })
    }

    pub(super) fn scalar(
        &mut self,
        start: &Start<'_>,
        attribute: &'static Attribute,
        index: usize,
        record: &mut dyn Record,
    ) -> Result<()> {
        let mark = self.xml.mark();
        let head = self.head(start)?;
        let (text, child) = self.pieces()?;
        if child.is_none() && head.is_empty() && !text.is_empty() {
            return self.put(attribute, index, record, &text, mark);
        }
        let Content { value, others, nothing } = self.content_of(head, text, child)?;
        if nothing && self.context.overrides > 0 {
            record.extensions_mut().push(attribute.name, Any::Null, Origin::Json);
            return Ok(());
        }
        if let ("", Kind::Uri, [(key, href)]) = (value.as_str().unwrap_or("-"), attribute.kind, others.as_slice())
            && key == "href"
            && !self.context.strict
        {
            self.put(attribute, index, record, href, mark)?;
            return self.deviate("a reference was read as a URI", mark);
        }
        match &value {
            Any::String(text) => self.put(attribute, index, record, text, mark)?,
            // As in JSON, where the attribute may hold the same as a string.
            Any::Number(number) => {
                let whole = integral(number.as_str()).filter(|_| matches!(attribute.kind, Kind::Integer));
                let text = whole.as_deref().unwrap_or(number.as_str());
                self.put_typed(attribute, index, record, text, value.clone(), mark)?;
            }
            Any::Boolean(truth) => {
                let text = if *truth { "true" } else { "false" };
                self.put_typed(attribute, index, record, text, value.clone(), mark)?;
            }
            _ => self.keep(attribute, value, record)?,
        }
        for (key, value) in others {
            record.extensions_mut().push(at_attribute(attribute, &key), Any::String(value), Origin::Json);
        }
        Ok(())
    }

    /// Puts the text of a number or boolean into an attribute, or keeps the value.
    fn put_typed(
        &mut self,
        attribute: &'static Attribute,
        index: usize,
        record: &mut dyn Record,
        text: &str,
        value: Any,
        mark: Place,
    ) -> Result<()> {
        let Some(place) = record.get_mut(index) else { return Ok(()) };
        let mut slot = place.slot();
        let strict = self.context.strict;
        let natural =
            matches!((&slot, &value), (Slot::Integer(_), Any::Number(_)) | (Slot::Boolean(_), Any::Boolean(_)));
        if (natural || !strict) && put_text(attribute, &mut slot, text, strict) != Verdict::Refused {
            let wanted = expected(&slot, attribute.kind);
            if natural {
                return Ok(());
            }
            self.deviate(format!("'{text}' was read as {wanted}"), mark)?;
            keep_spelling(record, index, || value);
            return Ok(());
        }
        self.keep(attribute, value, record)
    }

    /// Puts a text into an attribute, or keeps it under the attribute's name.
    pub(super) fn put(
        &mut self,
        attribute: &'static Attribute,
        index: usize,
        record: &mut dyn Record,
        text: &str,
        mark: Place,
    ) -> Result<()> {
        let Some(value) = record.get_mut(index) else { return Ok(()) };
        let strict = self.context.strict;
        let mut slot = value.slot();
        let verdict = put_text(attribute, &mut slot, text, strict);
        let wanted = expected(&slot, attribute.kind);
        match verdict {
            Verdict::Conforming => {}
            Verdict::Recovered => {
                self.deviate(format!("{} was read as {wanted}", shown(attribute, text)), mark)?;
                keep_spelling(record, index, || Any::String(text.to_owned()));
            }
            Verdict::Refused => {
                let kept = if strict { "" } else { "; kept as it is" };
                self.deviate(format!("expected {wanted}, found {}{kept}", shown(attribute, text)), mark)?;
                record.extensions_mut().push(attribute.name, Any::String(text.to_owned()), Origin::Json);
                return Ok(());
            }
        }
        clear_empty(record, index, attribute);
        Ok(())
    }
}

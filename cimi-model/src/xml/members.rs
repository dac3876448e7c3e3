//! Reads collections member by member.

use super::any::read_head;
use super::chars::is_whitespace;
use super::element::at_attribute;
use super::names::{Found, find, is_item};
use super::pull::{Start, Token, XmlReader};
use super::read::{Reader, Seen, is_own};
use crate::any::Any;
use crate::context::{Context, Target};
use crate::error::{Step, printable};
use crate::extensions::Origin;
use crate::meta::Attribute;
use crate::reflect::Record;
use crate::value::ITEMS;
use crate::{Deviation, Dialect, ErrorKind, Result};

/// What [`MemberReader::next`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A member, which was filled.
    Member,
    /// The end of the document; the collection is complete but for its members.
    End,
}

/// Reads a collection with its members one by one.
pub(crate) struct MemberReader<'i> {
    reader: Reader<'i>,
    seen: Seen,
    guess: usize,
    /// Inside of the element that 2.0 has around the members.
    wrapped: bool,
    index: usize,
}

impl<'i> MemberReader<'i> {
    /// Reads the root element.
    pub(crate) fn open(xml: XmlReader<'i>, context: Context, collection: &mut dyn Record) -> Result<Self> {
        let mut reader = Reader::new(xml, context);
        let mut seen = Seen::default();
        match reader.open(collection, &mut seen) {
            Ok(()) => Ok(Self { reader, seen, guess: 0, wrapped: false, index: 0 }),
            Err(error) => Err(reader.complete(error)),
        }
    }

    pub(crate) fn dialect(&self) -> Option<Dialect> {
        self.reader.context.dialect
    }

    pub(crate) fn take_deviations(&mut self) -> (Vec<Deviation>, usize) {
        // In a stream every deviation has its location.
        self.reader.context.take_deviations(&[])
    }

    /// Fills `member` with the next one; what else the collection has goes to `collection`.
    pub(crate) fn next(&mut self, member: &mut dyn Record, collection: &mut dyn Record) -> Result<Next> {
        self.pull(member, collection).map_err(|error| self.reader.complete(error))
    }

    fn pull(&mut self, member: &mut dyn Record, collection: &mut dyn Record) -> Result<Next> {
        let table = collection.record_type();
        let Some(items) = table.attributes.get(ITEMS) else { return Ok(Next::End) };
        loop {
            match self.reader.xml.next()? {
                Token::Text(text) if is_whitespace(&text) => {}
                Token::Text(text) => self.seen.text.push_str(&text),
                Token::Start(start) => {
                    let namespace = self.reader.xml.namespace(&start)?;
                    let own = is_own(table, &namespace) || self.reader.bare || is_own(member.record_type(), &namespace);
                    if own && is_item(items, start.local()) || self.wrapped {
                        return self.member(&start, member, items).map(|()| Next::Member);
                    }
                    if own && find(table, start.local(), ITEMS) == Some(Found::Named(ITEMS)) {
                        self.wrapped = true;
                        for (key, value) in read_head(&self.reader.xml, &start)?.members {
                            self.seen.extend(at_attribute(items, &key), Origin::Json, Any::String(value));
                        }
                        continue;
                    }
                    self.reader.child(&start, &mut Target::Record(collection), &mut self.seen, &mut self.guess)?;
                }
                Token::End if self.wrapped => self.wrapped = false,
                Token::End => return self.end(collection),
                Token::Eof => return Ok(Next::End),
            }
        }
    }

    fn member(&mut self, start: &Start<'_>, member: &mut dyn Record, items: &'static Attribute) -> Result<()> {
        let reader = &mut self.reader;
        reader.xml.restart_count();
        reader.context.elements = 0;
        reader.context.path.push(Step::Name(items.name));
        reader.context.path.push(Step::Index(self.index));
        self.index += 1;
        if !is_item(items, start.local()) {
            reader.deviate(format!("'{}' was read as an item", printable(start.local())), reader.xml.mark())?;
        }
        reader.element(start, Target::Record(member))?;
        reader.context.path.pop();
        reader.context.path.pop();
        Ok(())
    }

    fn end(&mut self, collection: &mut dyn Record) -> Result<Next> {
        self.reader.close(&mut Target::Record(collection), &mut self.seen, None)?;
        match self.reader.xml.next()? {
            Token::Eof => Ok(Next::End),
            _ => Err(self.reader.xml.error(ErrorKind::Syntax, "the document does not end after its root element")),
        }
    }
}

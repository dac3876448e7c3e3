//! Reads collections member by member.

use super::any::read_head;
use super::chars::is_whitespace;
use super::element::at_attribute;
use super::names::{Found, find, is_item};
use super::pull::{Start, Token, XmlReader};
use super::read::{Reader, Seen, is_own};
use crate::any::Any;
use crate::context::{Context, Outer, Target};
use crate::error::{Path, Step, printable};
use crate::extensions::Origin;
use crate::meta::Attribute;
use crate::reflect::Record;
use crate::value::ITEMS;
use crate::{Deviation, Dialect, Error, ErrorKind, Result};

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
    /// The index of the attribute that holds the members.
    items: usize,
    /// The member that is being read: how deep its element is, and what it was found in.
    inside: Option<(usize, Outer)>,
    /// Bytes of what is kept of the collection itself.
    rest: u64,
    /// Whether a member is a document of its own, with paths from its root and deviations apart.
    apart: bool,
    /// What deviates in the collection itself, where members are apart, and how much more does.
    outer_deviations: (Vec<Deviation>, usize),
}

impl<'i> MemberReader<'i> {
    /// Reads the root element.
    pub(crate) fn open(xml: XmlReader<'i>, context: Context, collection: &mut dyn Record) -> Result<Self> {
        let mut members = Self::new(xml, context);
        match members.reader.open(collection, &mut members.seen) {
            Ok(()) => Ok(members),
            Err(error) => Err(members.reader.complete(error)),
        }
    }

    fn new(xml: XmlReader<'i>, context: Context) -> Self {
        Self {
            reader: Reader::new(xml, context),
            seen: Seen::default(),
            guess: 0,
            wrapped: false,
            index: 0,
            items: ITEMS,
            inside: None,
            rest: 0,
            apart: false,
            outer_deviations: (Vec::new(), 0),
        }
    }

    /// Reads the root element, whose name says in which record it is held; its attribute of the name `items` holds the
    /// members, each a document of its own.
    pub(super) fn of_items(
        xml: XmlReader<'i>,
        context: Context,
        items: &str,
        record: &dyn Fn(&str) -> Box<dyn Record>,
    ) -> Result<(Self, Box<dyn Record>)> {
        let mut members = Self { apart: true, ..Self::new(xml, context) };
        match members.begin(items, record) {
            Ok(record) => Ok((members, record)),
            Err(error) => Err(members.reader.complete(error)),
        }
    }

    fn begin(&mut self, items: &str, record: &dyn Fn(&str) -> Box<dyn Record>) -> Result<Box<dyn Record>> {
        let start = self.reader.xml.root()?;
        let mut record = record(start.local());
        let attributes = record.record_type().attributes;
        // Where there is none, all of the document is the record.
        self.items = attributes.iter().position(|attribute| attribute.name == items).unwrap_or(usize::MAX);
        self.reader.root(&start, &mut *record)?;
        self.reader.own_attributes(&start, &mut Target::Record(&mut *record), &mut self.seen)?;
        Ok(record)
    }

    /// Goes on after an error, if it was one of a member and the next one can be found.
    pub(super) fn recover(&mut self, error: &Error) -> bool {
        let Some((depth, outer)) = self.inside.take() else { return false };
        self.take_deviations();
        self.reader.context.end_part(outer);
        let goes_on = self.reader.xml.recover(error, depth);
        self.reader.xml.restart_count();
        goes_on
    }

    /// A copy of the collection as far as it has been read.
    pub(super) fn so_far(&self, collection: &dyn Record) -> Box<dyn Record> {
        let mut copy = collection.boxed_clone();
        self.seen.copy_to(copy.extensions_mut());
        copy
    }

    pub(crate) fn dialect(&self) -> Option<Dialect> {
        self.reader.context.dialect
    }

    pub(crate) fn take_deviations(&mut self) -> (Vec<Deviation>, usize) {
        // In a stream every deviation has its location.
        self.reader.context.take_deviations(&[])
    }

    /// The deviations of the collection itself, where members are apart.
    pub(super) fn outer_deviations(&mut self) -> (Vec<Deviation>, usize) {
        self.set_aside();
        self.outer_deviations.clone()
    }

    fn set_aside(&mut self) {
        let (deviations, more) = self.take_deviations();
        let (kept, uncounted) = &mut self.outer_deviations;
        let room = self.reader.context.limits.deviations.saturating_sub(kept.len());
        *uncounted += more + deviations.len().saturating_sub(room);
        kept.extend(deviations.into_iter().take(room));
    }

    /// Fills `member` with the next one; what else the collection has goes to `collection`.
    pub(crate) fn next(&mut self, member: &mut dyn Record, collection: &mut dyn Record) -> Result<Next> {
        self.pull(member, collection).map_err(|error| self.reader.complete(error))
    }

    fn pull(&mut self, member: &mut dyn Record, collection: &mut dyn Record) -> Result<Next> {
        let table = collection.record_type();
        let items = table.attributes.get(self.items);
        loop {
            match self.reader.xml.next()? {
                Token::Text(text) => self.text(&text, items.is_some())?,
                Token::Start(start) => {
                    let namespace = self.reader.xml.namespace(&start)?;
                    let own = is_own(table, &namespace) || self.reader.bare || is_own(member.record_type(), &namespace);
                    if let Some(items) = items.filter(|items| own && is_item(items, start.local()) || self.wrapped) {
                        return self.member(&start, member, items).map(|()| Next::Member);
                    }
                    let from = self.reader.xml.position();
                    if let Some(items) = items
                        && own
                        && find(table, start.local(), self.items) == Some(Found::Named(self.items))
                    {
                        self.wrapped = true;
                        for (key, value) in read_head(&self.reader.xml, &start)?.members {
                            self.seen.extend(at_attribute(items, &key), Origin::Json, Any::String(value));
                        }
                    } else {
                        let target = &mut Target::Record(&mut *collection);
                        self.reader.child(&start, target, &mut self.seen, &mut self.guess)?;
                    }
                    self.kept(start.weight() as u64 + self.reader.xml.position().saturating_sub(from))?;
                }
                Token::End if self.wrapped => self.wrapped = false,
                Token::End => return self.end(collection),
                Token::Eof => return Ok(Next::End),
            }
        }
    }

    fn text(&mut self, text: &str, has_items: bool) -> Result<()> {
        if is_whitespace(text) && (has_items || self.seen.text.is_empty()) {
            return Ok(());
        }
        self.seen.text.push_str(text);
        self.kept(text.len() as u64)
    }

    /// Accounts for what is kept of the collection itself.
    fn kept(&mut self, bytes: u64) -> Result<()> {
        self.rest = self.rest.saturating_add(bytes);
        let most = self.reader.context.limits.size;
        if self.rest > most as u64 {
            let reason = format!("the document without its members is larger than {most} bytes");
            return Err(self.reader.context.error(ErrorKind::Limit, reason));
        }
        Ok(())
    }

    fn member(&mut self, start: &Start<'_>, member: &mut dyn Record, items: &'static Attribute) -> Result<()> {
        if self.apart {
            self.set_aside();
        }
        let reader = &mut self.reader;
        reader.xml.restart_count();
        let mut path = Path::default();
        if self.apart {
            path.push(Step::Name(member.record_type().name));
        } else {
            path = reader.context.path.clone();
            path.push(Step::Name(items.name));
            path.push(Step::Index(self.index));
        }
        self.index += 1;
        self.inside = Some((reader.xml.depth(), reader.context.begin_part(path)));
        if !is_item(items, start.local()) {
            reader.deviate(format!("'{}' was read as an item", printable(start.local())), reader.xml.mark())?;
        }
        if start.weight() > reader.context.limits.size {
            let reason = format!("a start tag of more than {} bytes", reader.context.limits.size);
            return Err(reader.context.error(ErrorKind::Limit, reason));
        }
        reader.element(start, Target::Record(member))?;
        reader.xml.check_part()?;
        if let Some((_, outer)) = self.inside.take() {
            reader.context.end_part(outer);
        }
        reader.xml.restart_count();
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

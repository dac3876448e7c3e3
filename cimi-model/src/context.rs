//! What both readers share: options, the path, deviations and limits.

use crate::any::Any;
use crate::dialect::canonical;
use crate::error::{Locator, Path, Step, printable};
use crate::extensions::Origin;
use crate::key::Keys;
use crate::meta::{Attribute, Kind, Type};
use crate::object::Object;
use crate::reflect::{Record, Reference, Slot, TextSlot, Verdict, View, omitted};
use crate::{Deviation, Dialect, Error, ErrorKind, Limits, Location, Result};

/// How a document is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct ReadOptions {
    /// Refuse what deviates from the standard. By default it is tolerated, kept and reported (5.3).
    pub strict: bool,
    /// Bounds on the document.
    pub limits: Limits,
}

impl ReadOptions {
    /// Options that refuse every deviation.
    #[must_use]
    pub fn strict() -> Self {
        Self { strict: true, ..Self::default() }
    }
}

/// What was read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Parsed<T> {
    /// The value.
    pub value: T,
    /// What deviated from the standard and was tolerated.
    pub deviations: Vec<Deviation>,
    /// How many further deviations there were beyond [`Limits::deviations`].
    pub more_deviations: usize,
    /// The dialect of the document, if it says so.
    pub dialect: Option<Dialect>,
}

impl<T> Parsed<T> {
    /// A value that nothing deviated in.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self { value, deviations: Vec::new(), more_deviations: 0, dialect: None }
    }

    /// The same with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Parsed<U> {
        Parsed {
            value: f(self.value),
            deviations: self.deviations,
            more_deviations: self.more_deviations,
            dialect: self.dialect,
        }
    }
}

/// The state of one reading.
pub(crate) struct Context {
    pub(crate) strict: bool,
    pub(crate) limits: Limits,
    pub(crate) path: Path,
    /// What was tolerated; locations in a text in memory are found at the end, in one pass.
    deviations: Vec<(Deviation, Option<usize>)>,
    more_deviations: usize,
    pub(crate) dialect: Option<Dialect>,
    pub(crate) depth: usize,
    pub(crate) elements: usize,
    /// Bytes of names that are kept with their namespaces.
    names: usize,
    /// The keys of extensions, pairs and members.
    pub(crate) keys: Keys,
    /// How many references the current value is inside of: there, an empty element erases (4.2.1.1).
    pub(crate) overrides: usize,
}

impl Context {
    pub(crate) fn new(options: &ReadOptions) -> Self {
        Self {
            strict: options.strict,
            limits: options.limits,
            path: Path::default(),
            deviations: Vec::new(),
            more_deviations: 0,
            dialect: None,
            depth: 0,
            elements: 0,
            names: 0,
            keys: Keys::default(),
            overrides: 0,
        }
    }

    pub(crate) fn finish<T>(mut self, value: T, text: &[u8]) -> Parsed<T> {
        let (deviations, more_deviations) = self.take_deviations(text);
        Parsed { value, deviations, more_deviations, dialect: self.dialect }
    }

    /// Takes the deviations so far, with locations in `text`.
    pub(crate) fn take_deviations(&mut self, text: &[u8]) -> (Vec<Deviation>, usize) {
        let mut found = std::mem::take(&mut self.deviations);
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_by_key(|&i| found.get(i).and_then(|(_, offset)| *offset));
        let mut locator = Locator::new(text);
        for i in order {
            if let Some((deviation, Some(offset))) = found.get_mut(i) {
                deviation.location = Some(locator.locate(*offset));
            }
        }
        let more = std::mem::take(&mut self.more_deviations);
        (found.into_iter().map(|(deviation, _)| deviation).collect(), more)
    }

    /// How much has been reported and counted, to go back to when a part is read again.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            deviations: self.deviations.len(),
            more_deviations: self.more_deviations,
            path: self.path.len(),
            depth: self.depth,
            elements: self.elements,
            overrides: self.overrides,
        }
    }

    /// Goes back.
    pub(crate) fn restore(&mut self, to: &Checkpoint) {
        self.deviations.truncate(to.deviations);
        self.more_deviations = to.more_deviations;
        self.path.truncate(to.path);
        self.depth = to.depth;
        self.elements = to.elements;
        self.overrides = to.overrides;
    }

    /// Goes to a part of the document that is handed out by itself: its path and limits are its own. Gives back what
    /// [`end_part`](Self::end_part) goes back to.
    pub(crate) fn begin_part(&mut self, path: Path) -> Outer {
        Outer {
            path: std::mem::replace(&mut self.path, path),
            depth: std::mem::take(&mut self.depth),
            elements: std::mem::take(&mut self.elements),
            names: std::mem::take(&mut self.names),
            overrides: std::mem::take(&mut self.overrides),
        }
    }

    /// Goes back from a part, wherever in it reading stopped.
    pub(crate) fn end_part(&mut self, outer: Outer) {
        self.path = outer.path;
        self.depth = outer.depth;
        self.elements = outer.elements;
        self.names = outer.names;
        self.overrides = outer.overrides;
    }

    /// An error at the current path.
    pub(crate) fn error(&self, kind: ErrorKind, reason: impl Into<String>) -> Error {
        Error::new(kind, reason).at_path(self.path.to_string())
    }

    /// Reports a deviation, or refuses it when reading strictly.
    pub(crate) fn deviate(&mut self, text: impl Into<String>, place: Place) -> Result<()> {
        if self.strict {
            return Err(self.error(ErrorKind::Value, text));
        }
        let (location, offset) = match place {
            Place::Unknown => (None, None),
            Place::Offset(offset) => (None, Some(offset)),
            Place::At(location) => (Some(location), None),
        };
        let path = if self.has_room() { self.path.to_string() } else { String::new() };
        self.tolerate(Deviation { path, text: text.into(), location }, offset);
        Ok(())
    }

    fn has_room(&self) -> bool {
        self.deviations.len() < self.limits.deviations
    }

    fn tolerate(&mut self, deviation: Deviation, offset: Option<usize>) {
        if self.has_room() {
            self.deviations.push((deviation, offset));
        } else {
            self.more_deviations += 1;
        }
    }

    /// Reports a deviation at a place whose path is not known yet; [`prefix`](Self::prefix) adds its steps.
    pub(crate) fn deviate_below(&mut self, text: String, offset: usize) {
        /// Most paths are shorter.
        const USUAL: usize = 64;
        self.tolerate(Deviation { path: String::with_capacity(USUAL), text, location: None }, Some(offset));
    }

    /// How many deviations are kept.
    pub(crate) fn kept_deviations(&self) -> usize {
        self.deviations.len()
    }

    /// Puts a step before the paths of the deviations from this one on.
    pub(crate) fn prefix(&mut self, from: usize, step: &Step) {
        for (deviation, _) in self.deviations.iter_mut().skip(from) {
            step.put_before(&mut deviation.path);
        }
    }

    /// Counts one element, member or item.
    pub(crate) fn count(&mut self) -> Result<()> {
        self.elements += 1;
        if self.elements > self.limits.elements {
            let reason = format!("more than {} elements", self.limits.elements);
            return Err(self.error(ErrorKind::Limit, reason));
        }
        Ok(())
    }

    /// Enters an object or array.
    pub(crate) fn enter(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > self.limits.depth {
            let reason = format!("nested deeper than {} levels", self.limits.depth);
            return Err(self.error(ErrorKind::Limit, reason));
        }
        Ok(())
    }

    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Goes one step down the path.
    pub(crate) fn step(&mut self, step: impl FnOnce() -> Step) {
        self.path.push(step());
    }

    /// Goes one step back.
    pub(crate) fn back(&mut self) {
        self.path.pop();
    }

    /// Does something one step down. An error leaves the path where it happened.
    pub(crate) fn at<R>(&mut self, step: impl FnOnce() -> Step, f: impl FnOnce(&mut Self) -> Result<R>) -> Result<R> {
        self.step(step);
        let result = f(self)?;
        self.back();
        Ok(result)
    }

    /// Accounts for a name that is kept with its namespace: a short prefix can stand for a long one many times.
    pub(crate) fn charge(&mut self, bytes: usize) -> Result<()> {
        self.names = self.names.saturating_add(bytes);
        if self.names > self.limits.size {
            let reason = format!("names of more than {} bytes together", self.limits.size);
            return Err(self.error(ErrorKind::Limit, reason));
        }
        Ok(())
    }
}

/// Where something was found.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// Nobody knows.
    Unknown,
    /// At this byte of the text in memory.
    Offset(usize),
    /// Here in a stream.
    At(Location),
}

/// What [`Context::restore`] goes back to.
pub(crate) struct Checkpoint {
    deviations: usize,
    more_deviations: usize,
    path: usize,
    depth: usize,
    elements: usize,
    overrides: usize,
}

/// Where [`Context::begin_part`] left the document.
pub(crate) struct Outer {
    path: Path,
    depth: usize,
    elements: usize,
    names: usize,
    overrides: usize,
}

/// Puts a text into a scalar place. `number` says that the text came as a number, `literal` as a boolean.
pub(crate) fn put_text(attribute: &Attribute, slot: &mut Slot<'_>, text: &str, strict: bool) -> Verdict {
    match slot {
        Slot::Text(slot) => put_string(attribute, &mut **slot, text, strict),
        Slot::Integer(slot) => match integer(text) {
            Some((value, verdict)) if !strict || verdict == Verdict::Conforming => {
                **slot = Some(value);
                verdict
            }
            _ => Verdict::Refused,
        },
        Slot::Boolean(slot) => {
            let value = match text.trim() {
                "true" => true,
                "false" => false,
                _ => return Verdict::Refused,
            };
            let verdict = if text.trim().len() == text.len() { Verdict::Conforming } else { Verdict::Recovered };
            if strict && verdict != Verdict::Conforming {
                return Verdict::Refused;
            }
            **slot = Some(value);
            verdict
        }
        _ => Verdict::Refused,
    }
}

/// Puts a string into a place for texts.
pub(crate) fn put_string(attribute: &Attribute, slot: &mut dyn TextSlot, text: &str, strict: bool) -> Verdict {
    if attribute.follows_dialect { slot.put(&canonical(text), strict) } else { slot.put(text, strict) }
}

/// The integer of an xs:integer, which may have a sign and leading zeros; white space around it is a deviation.
fn integer(text: &str) -> Option<(i64, Verdict)> {
    let trimmed = text.trim();
    let value = trimmed.parse().ok()?;
    Some((value, if trimmed.len() == text.len() { Verdict::Conforming } else { Verdict::Recovered }))
}

/// Makes an empty value absent (5.5.15); a type that tells the two apart keeps it among the extensions.
pub(crate) fn clear_empty(record: &mut dyn Record, index: usize, attribute: &Attribute) {
    let verbatim = record.record_type().verbatim;
    let Some(value) = record.get_mut(index) else { return };
    let empty = match value.view() {
        view if !omitted(&view, attribute.kind) => return,
        View::Text(_) => Any::String(String::new()),
        View::List(_) => Any::Array(Vec::new()),
        View::Map(_) => Any::Object(Object::new()),
        _ => return,
    };
    value.clear();
    if verbatim {
        record.extensions_mut().push(attribute.name, empty, Origin::Json);
    }
}

/// What an attribute of this kind expects, for messages.
pub(crate) fn expected(slot: &Slot<'_>, kind: Kind) -> &'static str {
    match slot {
        Slot::Text(slot) => slot.expected(),
        Slot::Integer(_) => "an integer of 64 bits",
        Slot::Boolean(_) => "true or false",
        Slot::Ref(_) => "a reference",
        Slot::Record(_) => "a structure",
        Slot::Map(_) => "a map",
        Slot::List(_) => "an array",
        Slot::Any(_) => match kind {
            Kind::Any => "any value",
            _ => "a value",
        },
    }
}

/// A short form of a bad value for messages, or a placeholder for a secret.
pub(crate) fn shown(attribute: &Attribute, text: &str) -> String {
    if attribute.secret { "a secret".to_owned() } else { ["'", &printable(text), "'"].concat() }
}

/// Which attributes of a record have been read, to find those that occur twice.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    attributes: [u64; 4],
}

impl Seen {
    /// Whether this is the first time.
    pub(crate) fn first(&mut self, index: usize) -> bool {
        // No table comes near this bound; a test says so.
        let Some(word) = self.attributes.get_mut(index / 64) else { return true };
        let bit = 1 << (index % 64);
        std::mem::replace(word, *word | bit) & bit == 0
    }
}

/// What the members of an object, or the children of an element, belong to.
pub(crate) enum Target<'v> {
    Record(&'v mut dyn Record),
    Ref(&'v mut dyn Reference),
}

impl Target<'_> {
    pub(crate) fn record_type(&self) -> &'static Type {
        match self {
            Self::Record(record) => record.record_type(),
            Self::Ref(reference) => reference.target(),
        }
    }
    pub(crate) fn record(&mut self) -> &mut dyn Record {
        match self {
            Self::Record(record) => &mut **record,
            Self::Ref(reference) => reference.record_mut(),
        }
    }
    pub(crate) fn is_ref(&self) -> bool {
        matches!(self, Self::Ref(_))
    }
}

/// A key that occurs twice in a map.
pub(crate) fn key_twice(context: &Context, key: &str) -> Error {
    context.error(ErrorKind::Duplicate, format!("the key '{}' occurs twice", printable(key)))
}

//! The one error type of this crate, and the path notation that it shares with deviations.

use std::fmt;

use crate::bytes::any_byte;

/// Why a document was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is not well-formed JSON or XML, or uses what this library refuses on purpose (a DOCTYPE).
    Syntax,
    /// The type of the document is missing, unknown or not the one that the caller asked for.
    Type,
    /// A value does not have the form that its attribute demands (strict reading only).
    Value,
    /// A member, attribute or map key occurs twice.
    Duplicate,
    /// One of the [`Limits`](crate::Limits) was exceeded.
    Limit,
    /// The underlying reader or writer failed.
    Io,
    /// A value cannot be expressed in the format that is written.
    Write,
    /// An operation that the resource does not have, or the provider does not support.
    Unsupported,
    /// An operation or a state that is not possible in the state that the resource is in.
    State,
}

/// A position in a text, both parts counted from one; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_structs, reason = "a position has no other parts")]
pub struct Location {
    /// Line, from 1.
    pub line: u64,
    /// Column in characters, from 1.
    pub column: u64,
}

impl Location {
    /// The position of the byte `offset` of `text`; past the end counts as the end.
    #[must_use]
    pub fn in_text(text: &[u8], offset: usize) -> Self {
        Self { line: 1, column: 1 }.after(text.get(..offset).unwrap_or(text))
    }

    /// This position of a part, in the text in which the part begins at `start`.
    pub(crate) fn from(self, start: Self) -> Self {
        let column = if self.line == 1 { self.column + start.column - 1 } else { self.column };
        Self { line: self.line + start.line - 1, column }
    }

    /// The position after some more text.
    #[allow(clippy::naive_bytecount, reason = "only messages and streams count; a crate for it is not worth it")]
    pub(crate) fn after(self, text: &[u8]) -> Self {
        // Without leaving early, for compilers to make vector instructions of it: most texts are one line of ASCII.
        let odd = text.iter().fold(0, |odd, b| odd | (b & 0x80) | u8::from(*b == b'\n'));
        if odd == 0 {
            return Self { column: self.column + text.len() as u64, ..self };
        }
        // Continuation bytes of UTF-8 do not begin a character.
        let chars = |text: &[u8]| text.iter().filter(|&&b| b & 0xC0 != 0x80).count() as u64;
        match text.iter().rposition(|&b| b == b'\n') {
            None => Self { column: self.column + chars(text), ..self },
            Some(last) => Self {
                line: self.line + text.iter().filter(|&&b| b == b'\n').count() as u64,
                column: 1 + chars(text.get(last + 1..).unwrap_or_default()),
            },
        }
    }
}

/// Finds positions in a text, cheaply when asked in ascending order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Locator<'t> {
    text: &'t [u8],
    offset: usize,
    location: Location,
}

impl<'t> Locator<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Self {
        Self { text, offset: 0, location: Location { line: 1, column: 1 } }
    }

    pub(crate) fn locate(&mut self, offset: usize) -> Location {
        if offset < self.offset {
            *self = Self::new(self.text);
        }
        let passed = self.text.get(self.offset..offset).unwrap_or_default();
        self.location = self.location.after(passed);
        self.offset += passed.len();
        self.location
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// An error of reading or writing: what, where in the document, where in the text.
///
/// `Display` prints `PATH: reason (line L, column C)`; the path has the same notation for JSON and XML,
/// for example `/MachineCollection/machines[1]/cpu`. Values of secret attributes never appear in it.
pub struct Error {
    // Boxed so that `Result<T>` stays small on the hot paths.
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    reason: String,
    path: String,
    location: Option<Location>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The result of this crate's fallible functions.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error with a reason and neither path nor location yet.
    pub fn new(kind: ErrorKind, reason: impl Into<String>) -> Self {
        let inner = Inner { kind, reason: reason.into(), path: String::new(), location: None, source: None };
        Self { inner: Box::new(inner) }
    }

    /// Sets the path unless a more precise one is already set.
    #[must_use]
    pub fn at_path(mut self, path: impl Into<String>) -> Self {
        if self.inner.path.is_empty() {
            self.inner.path = path.into();
        }
        self
    }

    /// Sets the location unless one is already set.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.inner.location.get_or_insert(location);
        self
    }

    /// Attaches the error that caused this one.
    #[must_use]
    pub fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.inner.source = Some(Box::new(source));
        self
    }

    /// The error of a part, in the text that the part begins at `start` of.
    pub(crate) fn moved(mut self, start: Location) -> Self {
        self.inner.location = Some(self.inner.location.map_or(start, |location| location.from(start)));
        self
    }

    /// The error at another location.
    pub(crate) fn located(mut self, location: Location) -> Self {
        self.inner.location = Some(location);
        self
    }

    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The path of the offending value, `/` when it concerns the whole document.
    #[must_use]
    pub fn path(&self) -> &str {
        if self.inner.path.is_empty() { "/" } else { &self.inner.path }
    }

    /// The reason, without path and location.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.inner.reason
    }

    /// Where in the text the error was found, if a text was read.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        self.inner.location
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path(), self.inner.reason)?;
        match self.inner.location {
            Some(location) => write!(f, " ({location})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.inner.kind)
            .field("path", &self.path())
            .field("reason", &self.inner.reason)
            .field("location", &self.inner.location)
            .field("source", &self.inner.source)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}

/// Something in a document that lenient reading tolerated and strict reading refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deviation {
    /// The path of the value, in the notation of [`Error::path`].
    pub path: String,
    /// What deviates and what was made of it.
    pub text: String,
    /// Where in the text, if known.
    pub location: Option<Location>,
}

impl Deviation {
    /// A deviation of the value with this path.
    pub fn new(path: impl Into<String>, text: impl Into<String>, location: Option<Location>) -> Self {
        Self { path: path.into(), text: text.into(), location }
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.text)
    }
}

/// One step of a path while a document is read.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Name(&'static str),
    Owned(String),
    Index(usize),
    Key(String),
}

/// The steps from the root to the value being read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path {
    steps: Vec<Step>,
}

impl Path {
    pub(crate) fn push(&mut self, step: Step) {
        self.steps.push(step);
    }

    pub(crate) fn pop(&mut self) {
        self.steps.pop();
    }

    pub(crate) fn extend(&mut self, steps: impl IntoIterator<Item = Step>) {
        self.steps.extend(steps);
    }

    pub(crate) fn len(&self) -> usize {
        self.steps.len()
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    pub(crate) fn from_steps(steps: Vec<Step>) -> Self {
        Self { steps }
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.steps.truncate(len);
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            return f.write_str("/");
        }
        self.steps.iter().try_for_each(|step| step.fmt(f))
    }
}

impl Step {
    /// Puts the step before a path.
    pub(crate) fn put_before(&self, path: &mut String) {
        match self {
            Self::Name(name) => {
                path.insert_str(0, name);
                path.insert(0, '/');
            }
            other => path.insert_str(0, &other.to_string()),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "/{name}"),
            Self::Owned(name) => write!(f, "/{}", printable(name)),
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Key(key) => write!(f, "['{}']", printable(key)),
        }
    }
}

/// Text from outside for a message: at most 120 characters of it, control characters escaped, so that the message stays
/// short and on one line.
#[must_use]
pub fn printable(text: &str) -> String {
    printable_within(120, text)
}

/// As [`printable`], at most so many characters of it.
#[must_use]
pub fn printable_within(longest: usize, text: &str) -> String {
    if text.len() <= longest && !any_byte(text, |b| !(b' '..0x7F).contains(&b)) {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars().take(longest) {
        if c.is_control() { out.extend(c.escape_default()) } else { out.push(c) }
    }
    if text.chars().nth(longest).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_is_small_and_sendable() {
        fn sendable<T: Send + Sync + 'static>() {}
        sendable::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn display_is_one_line_with_path_and_location() {
        let error = Error::new(ErrorKind::Value, "expected an integer")
            .at_path("/Machine/cpu")
            .at(Location { line: 3, column: 7 });
        assert_eq!(error.to_string(), "/Machine/cpu: expected an integer (line 3, column 7)");
    }

    #[test]
    fn locations_count_characters() {
        let text = "a\nbü€c".as_bytes();
        assert_eq!(Location::in_text(text, 0), Location { line: 1, column: 1 });
        assert_eq!(Location::in_text(text, text.len() - 1), Location { line: 2, column: 4 });
        assert_eq!(Location::in_text(text, 999), Location { line: 2, column: 5 });
    }

    #[test]
    fn long_and_hostile_names_stay_printable() {
        assert_eq!(printable("a\nb"), "a\\nb");
        assert_eq!(printable(&"x".repeat(500)).chars().count(), 121);
    }
}

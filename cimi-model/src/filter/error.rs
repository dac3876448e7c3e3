//! Why a text is no filter.

use std::fmt;

/// Why a text is no filter, or a filter cannot be built.
///
/// `Display` says what was expected, what was found and where, in one line: `expected a value, found 'm' at byte 5`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    kind: FilterErrorKind,
    offset: usize,
    expected: &'static str,
    found: Option<char>,
}

/// What is wrong with a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FilterErrorKind {
    /// It does not follow the grammar.
    Syntax,
    /// It exceeds one of the bounds of [`FilterOptions`](super::FilterOptions).
    Limit,
}

/// What can stand at a place of a filter.
pub(super) mod expect {
    pub(crate) const OPERAND: &str = "an attribute, a value, property['key'] or '('";
    pub(crate) const ATTRIBUTE: &str = "an attribute";
    pub(crate) const NAME: &str = "a name";
    pub(crate) const VALUE: &str = "a value (a string in quotes, an integer, a date, true or false)";
    pub(crate) const STRING: &str = "a string in quotes";
    pub(crate) const DATE: &str = "a date of XML Schema";
    pub(crate) const OPERATOR: &str = "an operator (<, <=, =, >=, >, !=)";
    pub(crate) const EQUALITY: &str = "= or !=";
    pub(crate) const QUOTE: &str = "the closing quote";
    pub(crate) const BRACKET: &str = "]";
    pub(crate) const MORE: &str = "'and', 'or' or the end";
    pub(crate) const MORE_OR_CLOSE: &str = "'and', 'or' or ')'";
    pub(crate) const END: &str = "the end of the name";
    pub(crate) const SHORTER: &str = "a shorter filter";
    pub(crate) const FLATTER: &str = "fewer parentheses inside of one another";
}

impl FilterError {
    /// Something else was expected at this place of a text.
    pub(super) fn expected_in(text: &str, offset: usize, expected: &'static str) -> Self {
        let found = text.get(offset..).and_then(|rest| rest.chars().next());
        Self { kind: FilterErrorKind::Syntax, offset, expected, found }
    }

    /// A bound is exceeded at this place.
    pub(super) fn limit(offset: usize, expected: &'static str) -> Self {
        Self { kind: FilterErrorKind::Limit, offset, expected, found: None }
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> FilterErrorKind {
        self.kind
    }

    /// Where: bytes of the text, from 0. At most the length of the text, where its end was not expected.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// What could stand there.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        self.expected
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}", self.expected)?;
        match (self.kind, self.found) {
            (FilterErrorKind::Limit, _) => {}
            (_, Some(found)) if found.is_control() => write!(f, ", found '{}'", found.escape_default())?,
            (_, Some(found)) => write!(f, ", found '{found}'")?,
            (_, None) => f.write_str(", found the end")?,
        }
        write!(f, " at byte {}", self.offset)
    }
}

impl std::error::Error for FilterError {}

impl From<FilterError> for crate::Error {
    fn from(error: FilterError) -> Self {
        let kind = match error.kind {
            FilterErrorKind::Syntax => crate::ErrorKind::Syntax,
            FilterErrorKind::Limit => crate::ErrorKind::Limit,
        };
        Self::new(kind, error.to_string())
    }
}

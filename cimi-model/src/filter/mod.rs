//! Filters: the language of `$filter` (DSP0263 4.1.6.1), for anything that has a table of attributes.
//!
//! ```
//! use cimi_model::filter::{Filter, Operator};
//! use cimi_model::{Machine, MachineState};
//!
//! let filter: Filter = "state='STARTED' and (2<cpu or property['owner']=\"ops\")".parse()?;
//! assert_eq!(filter.to_string(), "state='STARTED' and (cpu>2 or property['owner']='ops')");
//!
//! let mut machine = Machine { state: Some(MachineState::Started), cpu: Some(2), ..Default::default() };
//! assert!(!filter.matches(&machine));
//! machine.properties.insert("owner", "ops");
//! assert!(filter.matches(&machine));
//!
//! let built = Filter::compare("state", Operator::Equal, "STARTED")?
//!     .and(Filter::compare("cpu", Operator::Greater, 2)?.or(Filter::property("owner", Operator::Equal, "ops")));
//! assert_eq!(built, filter);
//!
//! let error = "name=mine".parse::<Filter>().unwrap_err();
//! assert_eq!(error.offset(), 5);
//! # Ok::<(), cimi_model::filter::FilterError>(())
//! ```
//!
//! # What holds when
//!
//! * Names are those of either version of the standard and the other spellings that reading accepts, and those of
//!   extensions. A namespace is not written: `rack` finds the extension `{http://example.com/v}rack`.
//! * Integers compare by value and dates as instants, with `<`, `<=`, `=`, `>=`, `>` and `!=`. A date without time is the
//!   whole day. Everything else compares with `=` and `!=`: booleans by value, references by their `href`, all that is
//!   written as text by that text, character by character. A quoted date is text.
//! * An absent string is an empty one (5.5.15): `name!='a'` holds without a name, `name=''` too. Any other attribute that
//!   is absent, or unknown, fulfils no comparison, not even `!=`.
//! * A comparison with a value of another type, or with an operator that the type does not have, does not hold, whatever
//!   the operator. [`Filter::problems`] tells them.
//! * What has several values – the values of an array, or properties – fulfils a comparison if one of them does.
//! * The text of an extension counts as a number, boolean or date where it is compared with one and reads as one: XML has
//!   no types for extensions.
//! * An attribute may say what `=` [finds](crate::Attribute::found_by) besides the same text; `!=` is then all that `=`
//!   is not, whether there are none or many values. With [`FilterOptions::exact`], `==` and `!==` compare the texts.
//! * Secrets, and what else a [sensitive](crate::Type::sensitive) type holds beyond its table, fulfil no comparison: who
//!   may list credentials could find them out letter by letter.
//!
//! # Extensions
//!
//! With [`FilterOptions::extensions`] the language has what peers in real use have added: `==` for `=`; `name^='a'`, for
//! texts that begin so; `name=null` and `name!=null`, for what is absent or not; paths such as `disks/capacity` into
//! structures, arrays, maps, expanded references (and their `href`) and objects; `\'`, `\"` and `\\` in strings; months
//! (`2026-03`). The full text, geographic and list operators of single peers are not among them.

mod ast;
mod compare;
mod compile;
mod error;
mod lexer;
mod literal;
mod parse;
mod place;
mod print;
mod problem;
mod quick;

use std::fmt;
use std::str::FromStr;

pub use ast::{Comparison, Expression, Operands, Operator, Subject};
pub use compile::Compiled;
pub use error::{FilterError, FilterErrorKind};
pub use literal::{Date, Literal, Natural};
pub use problem::{Problem, ProblemKind};

use crate::meta::{Kind, Type};
use crate::reflect::Record;
use ast::{Node, Open};

/// How a filter is parsed.
///
/// ```
/// use cimi_model::filter::{Filter, FilterOptions};
///
/// let options = FilterOptions { extensions: true, ..Default::default() };
/// assert!(Filter::parse("name^='db'", &options).is_ok());
/// assert!("name^='db'".parse::<Filter>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct FilterOptions {
    /// Whether the extensions of peers are understood. By default only the grammar of the standard is.
    pub extensions: bool,
    /// Whether `==` and `!==` are operators of their own, for the same text and another one where `=` of an attribute
    /// [finds](crate::Attribute::found_by) more than that.
    pub exact: bool,
    /// How many parentheses may stand inside of one another. Default: 128.
    pub depth: usize,
    /// Bytes of one filter. Default: 16 MiB.
    pub size: usize,
}

impl Default for FilterOptions {
    fn default() -> Self {
        Self { extensions: false, exact: false, depth: 128, size: 16 << 20 }
    }
}

/// An expression that entries of a collection fulfil or not.
///
/// `Display` prints the canonical form, which parses to the same filter: in the grammar of the standard, or, where that
/// lacks the words, with extensions. Parsing takes time in proportion to the text, and nothing is recursive.
#[derive(Clone, PartialEq)]
pub struct Filter {
    /// In the order of [`ast`]; at least one.
    nodes: Vec<Node>,
}

impl Filter {
    /// The filter of a text.
    pub fn parse(text: &str, options: &FilterOptions) -> Result<Self, FilterError> {
        parse::parse(text, options).map(|nodes| Self { nodes })
    }

    /// Compares an attribute, given by its name or, as an extension, a path.
    ///
    /// # Errors
    /// If the name cannot stand in a filter (the offset is that in the name), or the operator cannot stand beside the
    /// value: `^=` wants a string, `null` `=` or `!=`.
    pub fn compare(attribute: &str, operator: Operator, value: impl Into<Literal>) -> Result<Self, FilterError> {
        lexer::check_name(attribute)?;
        let value = value.into();
        if !parse::fits(operator, &value) {
            return Err(FilterError::expected_in(operator.as_str(), 0, error::expect::EQUALITY));
        }
        let subject = Subject::Attribute(attribute.to_owned());
        Ok(Self::of(Comparison { subject, operator, value }))
    }

    /// Compares the property with this key.
    #[must_use]
    pub fn property(key: impl Into<String>, operator: Operator, value: impl Into<String>) -> Self {
        let value = Literal::String(value.into());
        Self::of(Comparison { subject: Subject::Property(key.into()), operator, value })
    }

    fn of(comparison: Comparison) -> Self {
        Self { nodes: vec![Node::Comparison { comparison, offset: 0 }] }
    }

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.joined(true, other)
    }

    /// One of the two holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.joined(false, other)
    }

    fn joined(mut self, all: bool, other: Self) -> Self {
        let mut group = Open::new(all, &[]);
        group.take(&mut self.nodes);
        self.nodes.extend(other.nodes);
        group.take(&mut self.nodes);
        group.close(&mut self.nodes);
        self
    }

    /// All of these hold, as several `$filter` in one URI demand; `None` if there are none.
    #[must_use]
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Option<Self> {
        filters.into_iter().reduce(Self::and)
    }

    /// One of these holds; `None` if there are none.
    #[must_use]
    pub fn any(filters: impl IntoIterator<Item = Self>) -> Option<Self> {
        filters.into_iter().reduce(Self::or)
    }

    /// The syntax tree.
    #[must_use]
    pub fn expression(&self) -> Expression<'_> {
        ast::expression(&self.nodes, self.nodes.len())
    }

    /// The comparisons, in the order of the text.
    pub fn comparisons(&self) -> impl Iterator<Item = &Comparison> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Comparison { comparison, .. } => Some(comparison),
            Node::Group(_) => None,
        })
    }

    /// Whether the grammar of the standard has words for it.
    #[must_use]
    pub fn is_standard(&self) -> bool {
        self.comparisons().all(print::is_standard)
    }

    /// The canonical form for a peer that knows the extensions. It differs from `Display` where a string has a
    /// backslash.
    #[must_use]
    pub fn to_extended_string(&self) -> String {
        let mut text = String::new();
        // A string takes all that is written.
        let _ = print::print(&self.nodes, true, &mut text);
        text
    }

    /// What cannot hold for records of a type: unknown attributes, values of another type, operators that the type does
    /// not have, secrets. The standard limits the operators, and leaves open what a Provider does about it: none of
    /// these is fulfilled by anything, so one may answer without entries, or refuse.
    ///
    /// ```
    /// use cimi_model::filter::{Filter, ProblemKind};
    /// use cimi_model::{Machine, reflect::Described};
    ///
    /// let filter: Filter = "name='a' and (state>'STARTED' or cpu='2')".parse()?;
    /// let found: Vec<_> = filter.problems(Machine::TYPE).iter().map(|found| (found.offset, found.kind)).collect();
    /// assert_eq!(found, [(14, ProblemKind::Operator), (33, ProblemKind::Type)]);
    /// # Ok::<(), cimi_model::filter::FilterError>(())
    /// ```
    #[must_use]
    pub fn problems(&self, record_type: &'static Type) -> Vec<Problem> {
        problem::problems(&self.nodes, record_type)
    }

    /// The filter with strings in place of dates read as dates, for languages that have dates in quotes:
    /// `created>='2026-03-01'`. Any spelling that lenient reading takes is one; what is no date remains a string.
    ///
    /// ```
    /// use cimi_model::filter::Filter;
    /// use cimi_model::{Machine, reflect::Described};
    ///
    /// let filter: Filter = "created>='2026-03-01 12:00:00 +0000' and name='2026-03-01'".parse()?;
    /// let expected: Filter = "created>=2026-03-01T12:00:00Z and name='2026-03-01'".parse()?;
    /// assert_eq!(filter.with_quoted_dates(Machine::TYPE), expected);
    /// # Ok::<(), cimi_model::filter::FilterError>(())
    /// ```
    #[must_use]
    pub fn with_quoted_dates(mut self, record_type: &'static Type) -> Self {
        for node in &mut self.nodes {
            let Node::Comparison { comparison: Comparison { subject: Subject::Attribute(path), value, .. }, .. } = node
            else {
                continue;
            };
            if let Literal::String(text) = value
                && matches!(problem::attribute(path, record_type), Ok(Some((_, Kind::DateTime))))
                && let Some(date) = Date::of_text(text)
            {
                *value = Literal::Date(date);
            }
        }
        self
    }

    /// Whether a record fulfils it. For many records, [`for_type`](Self::for_type) is faster.
    #[must_use]
    pub fn matches(&self, record: &dyn Record) -> bool {
        self.for_type(record.record_type()).matches(record)
    }

    /// The filter with the attributes of a type looked up, for many records.
    #[must_use]
    pub fn for_type(&self, record_type: &'static Type) -> Compiled<'_> {
        Compiled::new(self, record_type)
    }
}

impl FromStr for Filter {
    type Err = FilterError;
    /// Takes the grammar of the standard.
    fn from_str(text: &str) -> Result<Self, FilterError> {
        Self::parse(text, &FilterOptions::default())
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print::print(&self.nodes, !self.is_standard(), f)
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Filter({self})")
    }
}

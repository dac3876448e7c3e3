//! Comparisons that cannot hold for a type.

use std::fmt;

use super::ast::{Comparison, Node, Operator, Subject};
use super::literal::Literal;
use super::place::properties_of;
use crate::meta::{Attribute, Kind, Type};

/// Why a comparison does not hold for any record of a type.
///
/// `Display` prints the text and the place: `cpu is an integer, and 'x' is a string (at byte 8)`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// Where the comparison begins in the text that was parsed, in bytes from 0; 0 in a filter that was built.
    pub offset: usize,
    /// What is wrong with it.
    pub kind: ProblemKind,
    /// The same in words.
    pub text: String,
}

/// What is wrong with a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The type has no such attribute. An extension may have the name.
    Unknown,
    /// The attribute is a secret, or may be one.
    Secret,
    /// The value is not of the attribute's type.
    Type,
    /// The type of attribute and value does not have the operator.
    Operator,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {})", self.text, self.offset)
    }
}

/// The problems of all comparisons, in the order of the text.
pub(super) fn problems(nodes: &[Node], record_type: &'static Type) -> Vec<Problem> {
    let found = nodes.iter().filter_map(|node| match node {
        Node::Comparison { comparison, offset } => {
            let (kind, text) = problem(comparison, record_type)?;
            Some(Problem { offset: *offset, kind, text })
        }
        Node::Group(_) => None,
    });
    found.collect()
}

type Found = Option<(ProblemKind, String)>;

fn problem(comparison: &Comparison, record_type: &'static Type) -> Found {
    match &comparison.subject {
        Subject::Property(_) if properties_of(record_type).is_none() => {
            Some((ProblemKind::Unknown, format!("{} has no properties", record_type.name)))
        }
        Subject::Property(_) => operator("a property", "string", comparison.operator),
        Subject::Attribute(path) => match attribute(path, record_type) {
            Ok(Some((attribute, kind))) => compared(attribute.name, kind, comparison),
            Ok(None) => None,
            Err(problem) => Some(problem),
        },
    }
}

/// The attribute that a path leads to, with the kind of its values; `None` where no table says what there is.
pub(super) fn attribute(
    path: &str,
    record_type: &'static Type,
) -> Result<Option<(&'static Attribute, Kind)>, (ProblemKind, String)> {
    let mut table = record_type;
    let mut names = path.split('/').peekable();
    while let Some(name) = names.next() {
        let item = || table.members.and_then(|members| (members.item)().attribute(name));
        let Some(attribute) = table.attribute(name).or_else(item) else {
            return Err(if table.sensitive {
                (ProblemKind::Secret, format!("{name} may be a secret of {}", table.name))
            } else {
                (ProblemKind::Unknown, format!("{} has no attribute {name}", table.name))
            });
        };
        if attribute.secret {
            return Err((ProblemKind::Secret, format!("{name} is a secret")));
        }
        let kind = single(attribute.kind);
        match (names.peek(), kind) {
            (None, _) => return Ok(Some((attribute, kind))),
            (Some(_), Kind::Any | Kind::Map) => return Ok(None),
            (Some(&"href"), Kind::Ref(_)) => return Ok(Some((attribute, Kind::Uri))),
            (Some(_), _) => match kind.target() {
                Some(target) if target.any => return Ok(None),
                Some(target) => table = target,
                None => return Err((ProblemKind::Type, format!("{name} has no attributes"))),
            },
        }
    }
    Ok(None)
}

/// The kind of one value: arrays are compared value by value.
fn single(kind: Kind) -> Kind {
    match kind {
        Kind::Array(item) => *item,
        kind => kind,
    }
}

/// Whether a value of this kind can be compared so.
fn compared(name: &str, kind: Kind, comparison: &Comparison) -> Found {
    let fits = match (&comparison.value, kind) {
        (_, Kind::Any) | (Literal::Null, _) => return None,
        (Literal::Integer(_), Kind::Integer)
        | (Literal::Date(_), Kind::DateTime)
        | (Literal::Boolean(_), Kind::Boolean) => true,
        (Literal::String(_), kind) => {
            !matches!(kind, Kind::Integer | Kind::Boolean | Kind::Map | Kind::Structure(_) | Kind::Array(_))
        }
        _ => false,
    };
    if !fits {
        let value = value_name(&comparison.value);
        return Some((ProblemKind::Type, format!("{name} is of type {}, and compared with {value}", kind.name())));
    }
    match &comparison.value {
        Literal::Integer(_) | Literal::Date(_) => None,
        value => {
            operator(name, if matches!(value, Literal::Boolean(_)) { "boolean" } else { "string" }, comparison.operator)
        }
    }
}

/// Whether what is neither an integer nor a date has an operator.
fn operator(name: &str, kind: &str, operator: Operator) -> Found {
    operator
        .is_ordering()
        .then(|| (ProblemKind::Operator, format!("{name} is compared as a {kind}, which has no {}", operator.as_str())))
}

fn value_name(value: &Literal) -> &'static str {
    match value {
        Literal::String(_) => "a string",
        Literal::Integer(_) => "an integer",
        Literal::Date(_) => "a date",
        Literal::Boolean(_) => "a boolean",
        Literal::Null => "null",
    }
}

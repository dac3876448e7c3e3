//! The comparisons that nearly all filters consist of, in as few instructions as can be.

use super::ast::Operator;
use super::literal::Natural;
use crate::reflect::Record;

/// A comparison of an attribute of the table, given by its index, with a text or an integer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Quick<'f> {
    /// Whether its text is this one is as said.
    Text(usize, &'f str, bool),
    /// Whether it is an integer from the first to the last one is as said.
    Range(usize, i64, i64, bool),
    /// Another comparison.
    Other,
}

impl<'f> Quick<'f> {
    /// A comparison with a text, if the operator is for texts.
    pub(super) fn of_text(index: usize, operator: Operator, text: &'f str) -> Self {
        match operator {
            Operator::Equal => Self::Text(index, text, true),
            Operator::NotEqual => Self::Text(index, text, false),
            _ => Self::Other,
        }
    }

    /// A comparison with an integer, if an attribute can have it.
    pub(super) fn of_integer(index: usize, operator: Operator, number: &Natural) -> Self {
        let Some(number) = number.as_u64().and_then(|number| i64::try_from(number).ok()) else { return Self::Other };
        match operator {
            Operator::Equal => Self::Range(index, number, number, true),
            Operator::NotEqual => Self::Range(index, number, number, false),
            Operator::GreaterOrEqual => Self::Range(index, number, i64::MAX, true),
            Operator::Less => Self::Range(index, number, i64::MAX, false),
            Operator::LessOrEqual => Self::Range(index, i64::MIN, number, true),
            Operator::Greater => Self::Range(index, i64::MIN, number, false),
            Operator::Prefix | Operator::Same | Operator::NotSame => Self::Other,
        }
    }

    /// Whether a record fulfils it; `None` where the value has another form.
    #[inline]
    pub(super) fn holds(self, record: &dyn Record) -> Option<bool> {
        match self {
            Self::Text(index, wanted, is) => {
                let text = record.get(index)?.text()?;
                Some(same(text.as_bytes(), wanted.as_bytes()) == is)
            }
            Self::Range(index, first, last, is) => {
                let value = record.get(index)?.integer()?;
                Some((first <= value && value <= last) == is)
            }
            Self::Other => None,
        }
    }
}

/// Whether two texts are equal. A call for the few bytes that most values have would take longer than all the rest.
#[inline]
fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    match (a.first_chunk::<4>(), b.first_chunk::<4>(), a.last_chunk::<4>(), b.last_chunk::<4>()) {
        (Some(first), Some(wanted_first), Some(last), Some(wanted_last)) if a.len() <= 8 => {
            first == wanted_first && last == wanted_last
        }
        _ => a == b,
    }
}

//! One comparison against one record.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::ast::{Comparison, Operator, Subject};
use super::literal::{Date, Literal, Natural};
use super::place::Place;
use super::problem::attribute as attribute_at;
use super::quick::Quick;
use crate::any::{Any, Number};
use crate::dialect::canonical;
use crate::meta::{Finder, Type};
use crate::reflect::{Record, View};
use crate::scope::Ratio;
use crate::value::Moment;

/// A comparison with its attribute looked up.
#[derive(Debug)]
pub(super) struct Test<'f> {
    quick: Quick<'f>,
    place: Place<'f>,
    wanted: Wanted<'f>,
    /// Whether it holds where no value is what is wanted.
    negated: bool,
}

/// What a value has to be.
#[derive(Debug)]
pub(super) struct Wanted<'f> {
    operator: Operator,
    value: Value<'f>,
    finder: Option<Finder>,
}

#[derive(Debug)]
enum Value<'f> {
    Text(Cow<'f, str>),
    Integer(&'f Natural),
    Date(&'f Date),
    Boolean(bool),
    /// Not absent.
    Something,
}

impl<'f> Test<'f> {
    pub(super) fn new(comparison: &'f Comparison, record_type: &'static Type) -> Self {
        let place = match &comparison.subject {
            Subject::Attribute(name) => Place::of_attribute(name, record_type),
            Subject::Property(key) => Place::of_property(key, record_type),
        };
        let value = match &comparison.value {
            // Records hold such URIs in the form of 2.0.
            Literal::String(text) if place.follows_dialect() => Value::Text(canonical(text)),
            Literal::String(text) => Value::Text(Cow::Borrowed(text)),
            Literal::Integer(number) => Value::Integer(number),
            Literal::Date(date) => Value::Date(date),
            Literal::Boolean(value) => Value::Boolean(*value),
            Literal::Null => Value::Something,
        };
        let (operator, finder, negated) = found_by(comparison, record_type);
        let quick = match (&place, &value) {
            (Place::Attribute { index, .. }, Value::Text(Cow::Borrowed(text))) if finder.is_none() && !negated => {
                Quick::of_text(*index, operator, text)
            }
            (Place::Attribute { index, .. }, Value::Integer(number)) => Quick::of_integer(*index, operator, number),
            _ => Quick::Other,
        };
        Self { quick, place, wanted: Wanted { operator, value, finder }, negated }
    }

    #[inline]
    pub(super) fn holds(&self, record: &dyn Record) -> bool {
        match self.quick.holds(record) {
            Some(holds) => holds,
            None => self.holds_slowly(record),
        }
    }

    #[inline(never)]
    fn holds_slowly(&self, record: &dyn Record) -> bool {
        // That all is absent is that nothing is there.
        let turned =
            self.negated || matches!((&self.wanted.value, self.wanted.operator), (Value::Something, Operator::Equal));
        self.place.finds(record, &self.wanted) != (turned && !self.place.is_hidden())
    }
}

/// How an attribute is compared: the operator, what `=` finds, and whether the outcome is turned round. Of an attribute
/// that is found by more than its text, `!=` is all that `=` is not, whether there are none or many of its values.
fn found_by(comparison: &Comparison, record_type: &'static Type) -> (Operator, Option<Finder>, bool) {
    let own = match (&comparison.subject, &comparison.value) {
        (Subject::Attribute(path), Literal::String(_)) => attribute_at(path, record_type).ok().flatten(),
        _ => None,
    };
    let finder = own.and_then(|(attribute, _)| attribute.found_by);
    match (comparison.operator, finder) {
        (Operator::Equal, Some(finder)) => (Operator::Equal, Some(finder), false),
        (Operator::NotEqual, Some(finder)) => (Operator::Equal, Some(finder), true),
        (Operator::NotSame, Some(_)) => (Operator::Equal, None, true),
        (Operator::Same, _) => (Operator::Equal, None, false),
        (Operator::NotSame, None) => (Operator::NotEqual, None, false),
        (operator, _) => (operator, None, false),
    }
}

impl Wanted<'_> {
    /// Whether a single value, or one of those of an array, is what is wanted. `dates` says whether its text is one.
    pub(super) fn accepts(&self, view: &View<'_>, dates: bool) -> bool {
        match (view, &self.value) {
            (View::Text(text), Value::Text(wanted)) => self.accepts_text(text, wanted),
            (View::Integer(value), Value::Integer(wanted)) => self.accepts_order(wanted.order_of(*value)),
            (View::Any(value), _) => self.accepts_any(value),
            (view, Value::Something) => !(view.is_empty() || matches!(view, View::Text(""))),
            (View::Boolean(value), Value::Boolean(wanted)) => self.accepts_equality(value == wanted),
            (View::Text(text), Value::Date(wanted)) if dates => self.accepts_moment(text, wanted),
            (View::Ref(reference), Value::Text(wanted)) => {
                reference.href().is_some_and(|href| self.accepts_text(href.as_str(), wanted))
            }
            (View::List(list), _) => (0..list.len()).any(|index| self.accepts(&list.item(index), dates)),
            _ => false,
        }
    }

    /// Whether a value without a table is what is wanted.
    pub(super) fn accepts_any(&self, value: &Any) -> bool {
        match (value, &self.value) {
            (Any::Null, _) => false,
            (Any::String(text), Value::Something) => !text.is_empty(),
            (Any::Array(items), Value::Something) => !items.is_empty(),
            (Any::Object(members), Value::Something) => !members.is_empty(),
            (_, Value::Something) => true,
            (Any::Boolean(value), Value::Boolean(wanted)) => self.accepts_equality(value == wanted),
            (Any::Number(number), Value::Integer(wanted)) => self.accepts_number(number, wanted),
            (Any::String(text), _) => self.accepts_untyped(text),
            (Any::Array(items), _) => items.iter().any(|item| self.accepts_any(item)),
            // A reference, or an element with attributes.
            (Any::Object(members), _) => {
                let text = members.get("href").or_else(|| members.get("#text"));
                text.and_then(Any::as_str).is_some_and(|text| self.accepts_untyped(text))
            }
            _ => false,
        }
    }

    /// Whether a text that stands for any type is what is wanted.
    fn accepts_untyped(&self, text: &str) -> bool {
        match &self.value {
            Value::Text(wanted) => self.accepts_text(text, wanted),
            Value::Integer(wanted) => {
                Number::parse(text.trim()).is_some_and(|number| self.accepts_number(&number, wanted))
            }
            Value::Boolean(wanted) => {
                let value = match text.trim() {
                    "true" => Some(true),
                    "false" => Some(false),
                    _ => None,
                };
                value.is_some_and(|value| self.accepts_equality(value == *wanted))
            }
            Value::Date(wanted) => self.accepts_moment(text, wanted),
            Value::Something => !text.is_empty(),
        }
    }

    /// Whether the value of an absent string, which is an empty one (5.5.15), is what is wanted.
    pub(super) fn accepts_absent_text(&self) -> bool {
        match &self.value {
            Value::Text(wanted) => self.accepts_text("", wanted),
            _ => false,
        }
    }

    fn accepts_text(&self, text: &str, wanted: &str) -> bool {
        match (self.operator, self.finder) {
            (Operator::Prefix, _) => text.starts_with(wanted),
            (Operator::Equal, Some(finder)) => finder(text, wanted),
            _ => self.accepts_equality(text == wanted),
        }
    }

    fn accepts_equality(&self, equal: bool) -> bool {
        match self.operator {
            Operator::Equal => equal,
            Operator::NotEqual => !equal,
            _ => false,
        }
    }

    fn accepts_moment(&self, text: &str, wanted: &Date) -> bool {
        Moment::of_text(text).is_some_and(|moment| self.accepts_order(wanted.order_of(moment)))
    }

    fn accepts_number(&self, number: &Number, wanted: &Natural) -> bool {
        let exact = || Some(Ratio::parse(number.as_str())?.cmp(&Ratio::parse(&wanted.to_string())?));
        let order = number.as_i64().map(|value| wanted.order_of(value)).or_else(exact);
        order.is_some_and(|order| self.accepts_order(order))
    }

    fn accepts_order(&self, order: Ordering) -> bool {
        match self.operator {
            Operator::Less => order.is_lt(),
            Operator::LessOrEqual => order.is_le(),
            Operator::Equal => order.is_eq(),
            Operator::GreaterOrEqual => order.is_ge(),
            Operator::Greater => order.is_gt(),
            Operator::NotEqual => order.is_ne(),
            Operator::Prefix | Operator::Same | Operator::NotSame => false,
        }
    }
}

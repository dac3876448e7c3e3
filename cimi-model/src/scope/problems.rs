//! Finds mistakes in scopes.

use super::access::VSCOPE;
use super::compare::{fits, number_of, truth};
use super::lookup::{Found, Seen};
use super::model::{DEEPEST, expected_type};
use super::units::{Unit, convert};
use super::{Form, Ratio, Scope, ValueScope};
use crate::any::{Any, Number};
use crate::error::{Path, Step};
use crate::meta::{Kind, Type};
use crate::value::Scalar;
use crate::{Attribute, Deviation};

/// Finds what 5.5.14 does not allow in these scopes: members that are no scopes, keywords with values of the wrong type,
/// mixed forms, a minimum above the maximum, an increment that is not above zero, a default that is not in the
/// scope, units that nobody knows. Paths begin with `/vscope[0]`.
///
/// ```
/// use cimi_model::scope::{Scope, ValueScope, problems};
///
/// let scope = ValueScope::new().with("memory", Scope::of_range(8, 4).with_units("GbB"));
/// let found: Vec<String> = problems(&[scope]).iter().map(ToString::to_string).collect();
/// assert_eq!(found, [
///     "/vscope[0]/memory/units: 'GbB' is not a known unit",
///     "/vscope[0]/memory/minimum: 8 is above the maximum, 4",
/// ]);
/// ```
#[must_use]
pub fn problems(scopes: &[ValueScope]) -> Vec<Deviation> {
    find(scopes, None, Path::default())
}

/// As [`problems`], and what does not fit the type whose attributes are scoped: values of another kind, units that
/// measure something else, items of what has none. Names that the type does not know are those of extensions.
#[must_use]
pub fn problems_for(scopes: &[ValueScope], target: &'static Type) -> Vec<Deviation> {
    find(scopes, Some(target), Path::default())
}

/// The mistakes in the scopes of the resource at this path.
pub(crate) fn find(scopes: &[ValueScope], target: Option<&'static Type>, path: Path) -> Vec<Deviation> {
    let mut search = Search { path, found: Vec::new() };
    search.path.push(Step::Name(VSCOPE));
    for (index, scope) in scopes.iter().enumerate() {
        search.path.push(Step::Index(index));
        search.value_scope(scope, target, 0);
        search.path.pop();
    }
    search.found
}

struct Search {
    path: Path,
    found: Vec<Deviation>,
}

impl Search {
    fn report(&mut self, text: impl Into<String>) {
        self.found.push(Deviation { path: self.path.to_string(), text: text.into(), location: None });
    }

    fn at(&mut self, step: impl Into<String>, text: impl Into<String>) {
        self.path.push(Step::Owned(step.into()));
        self.report(text);
        self.path.pop();
    }

    fn value_scope(&mut self, scopes: &ValueScope, target: Option<&'static Type>, depth: usize) {
        for (name, _) in scopes.others.iter() {
            self.at(name, "expected a scope, an object");
        }
        for (name, scope) in scopes.iter() {
            self.path.push(Step::Owned(name.to_owned()));
            self.scope(scope, target.and_then(|target| target.attribute(name)), depth);
            self.path.pop();
        }
    }

    fn scope(&mut self, scope: &Scope, attribute: Option<&'static Attribute>, depth: usize) {
        for (keyword, _) in scope.others.iter() {
            if let Some(expected) = expected_type(keyword) {
                self.at(keyword, format!("expected {expected}"));
            }
        }
        if let (None, None) = (scope.form(), scope.broken()) {
            self.report(formless(scope));
        }
        self.units(scope, attribute);
        if self.range(scope) {
            self.default(scope, attribute);
        }
        if let Some(attribute) = attribute {
            self.kind(scope, attribute);
        }
        if let Some(item) = &scope.item {
            self.path.push(Step::Name("item"));
            match attribute.map(|attribute| items_of(attribute.kind)) {
                _ if depth > DEEPEST => self.report(format!("items nested more than {DEEPEST} deep")),
                Some(Items::None) => self.report("the attribute is no array or collection"),
                Some(Items::Of(target)) => self.value_scope(item, Some(target), depth + 1),
                Some(Items::Unknown) | None => self.value_scope(item, None, depth + 1),
            }
            self.path.pop();
        }
    }

    fn units(&mut self, scope: &Scope, attribute: Option<&Attribute>) {
        let Some(units) = &scope.units else { return };
        let checked = match attribute.and_then(|attribute| attribute.unit) {
            Some(own) => convert(Ratio::ONE, units, own).map(|_| ()),
            None => Unit::parse(units).map(|_| ()),
        };
        if let Err(error) = checked {
            self.at("units", error.reason());
        }
    }

    /// The number of a keyword, if it can be computed with.
    fn number(&mut self, keyword: &str, number: Option<&Number>) -> Option<Ratio> {
        let number = number?;
        let ratio = Ratio::parse(number.as_str());
        if ratio.is_none() {
            self.at(keyword, "too large or too precise a number to be compared");
        }
        ratio
    }

    /// Whether the numbers of the range make sense together.
    fn range(&mut self, scope: &Scope) -> bool {
        let before = self.found.len();
        let minimum = self.number("minimum", scope.minimum.as_ref());
        let maximum = self.number("maximum", scope.maximum.as_ref());
        if let (Some(minimum), Some(maximum)) = (minimum, maximum)
            && minimum > maximum
        {
            self.at("minimum", format!("{minimum} is above the maximum, {maximum}"));
        }
        if let Some(increment) = self.number("increment", scope.increment.as_ref())
            && increment <= Ratio::ZERO
        {
            self.at("increment", format!("{increment} is not above zero"));
        }
        self.found.len() == before
    }

    fn default(&mut self, scope: &Scope, attribute: Option<&'static Attribute>) {
        let Some(default) = &scope.default else { return };
        let found = Found { value: Seen::of_any(default), attribute, secret: false };
        if matches!(scope.form(), Some(Form::Range | Form::Values)) && !fits(&found, scope, Ratio::ONE) {
            self.at("default", "it is not in the scope");
        }
    }

    /// Whether the values are of the attribute's kind.
    fn kind(&mut self, scope: &Scope, attribute: &Attribute) {
        let kind = match attribute.kind {
            Kind::Array(item) => *item,
            kind => kind,
        };
        let ranged = [("minimum", &scope.minimum), ("maximum", &scope.maximum), ("increment", &scope.increment)];
        let countable = matches!(kind, Kind::Integer | Kind::Any | Kind::String | Kind::Map);
        for (keyword, _) in ranged.iter().filter(|(_, number)| number.is_some() && !countable) {
            self.at(*keyword, "the attribute is no number");
        }
        let Ok(scale) = super::compare::scale(scope, Some(attribute)) else { return };
        let single = [("value", &scope.value), ("default", &scope.default)];
        let single = single.into_iter().filter_map(|(keyword, value)| Some((keyword.to_owned(), value.as_ref()?)));
        let listed = scope.values.iter().enumerate().map(|(index, value)| (format!("values[{index}]"), value));
        for (keyword, value) in single.chain(listed) {
            if let Some(expected) = misfit(value, kind, scale) {
                let own = attribute.unit.filter(|_| scope.units.is_some());
                let own = own.map_or_else(String::new, |unit| format!(" of {unit}"));
                self.at(keyword, format!("expected {expected}{own}"));
            }
        }
    }
}

/// What is wrong with the form of a scope.
fn formless(scope: &Scope) -> &'static str {
    let range = scope.minimum.is_some() || scope.maximum.is_some();
    let forms = [scope.value.is_some(), !scope.values.is_empty(), range, scope.item.is_some()];
    match forms.into_iter().filter(|has| *has).count() {
        0 if scope.default.is_some() => "a default without values or a range",
        0 if scope.increment.is_some() => "an increment without a range",
        0 => "it says nothing about values",
        1 if scope.item.is_some() => "units, increment and default belong to the scopes of the item's attributes",
        1 if scope.default.is_some() => "a single value has no default",
        1 => "an increment without a range",
        _ => "it mixes the forms of single value, range, enumeration and item",
    }
}

/// What a value of this kind must be, if this is none.
fn misfit(value: &Any, kind: Kind, scale: Ratio) -> Option<&'static str> {
    let text = value.as_str();
    let (fits, expected) = match kind {
        Kind::Integer => {
            let whole = number_of(value).and_then(|number| number.times(scale)).and_then(Ratio::whole);
            (whole.is_some_and(|whole| i64::try_from(whole).is_ok()), "an integer")
        }
        Kind::Boolean => (truth(value).is_some(), "true or false"),
        Kind::Uri => (text.is_some_and(|text| crate::Uri::parse(text).is_some()), crate::Uri::EXPECTED),
        Kind::DateTime => (text.is_some_and(|text| crate::DateTime::parse(text).is_some()), crate::DateTime::EXPECTED),
        Kind::Duration => (text.is_some_and(|text| crate::Duration::parse(text).is_some()), crate::Duration::EXPECTED),
        Kind::String | Kind::Enumeration(_) | Kind::Binary => {
            (matches!(value, Any::String(_) | Any::Number(_) | Any::Boolean(_)), "a string")
        }
        _ => return None,
    };
    (!fits).then_some(expected)
}

/// What the items of an attribute are.
enum Items {
    None,
    Of(&'static Type),
    /// Nobody knows.
    Unknown,
}

fn items_of(kind: Kind) -> Items {
    match kind {
        Kind::Array(item) => items_of(*item),
        Kind::Structure(target) => Items::Of(target()),
        Kind::Ref(target) => match target().members {
            Some(members) => Items::Of((members.item)()),
            None => Items::Of(target()),
        },
        Kind::Map | Kind::Any => Items::Unknown,
        _ => Items::None,
    }
}

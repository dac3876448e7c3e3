//! The types of 5.5.14, and how they are made from values and become values.

use super::Ratio;
use crate::any::{Any, Number};
use crate::object::{Object, same_but_for_order};
use crate::{Error, ErrorKind, Result};

/// How deep `item` may be nested in `item`.
pub(super) const DEEPEST: usize = 16;

/// Scopes by the name of the attribute that each limits, in the order of the document (DSP0263 5.5.14).
///
/// A resource satisfies it when each of these attributes is in its scope. Equality ignores the order.
///
/// ```
/// use cimi_model::scope::{Scope, ValueScope};
///
/// let scope = ValueScope::new()
///     .with("cpu", Scope::of_value(1))
///     .with("memory", Scope::of_range(4, 32).with_units("gibibytes").with_default(4).with_increment(2))
///     .with("cpuArch", Scope::of_values(["ARM", "x86_64"]).with_default("x86_64"))
///     .with("machines", Scope::of_items(ValueScope::new().with("cpu", Scope::at_most(8))));
/// assert_eq!(scope.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["cpu", "memory", "cpuArch", "machines"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct ValueScope {
    scopes: Vec<(String, Scope)>,
    /// Members that are no scopes.
    pub others: Object,
}

/// The values that one attribute may have (DSP0263 5.5.14).
///
/// One of the five forms: `value` alone; `minimum` or `maximum` or both, perhaps with `increment` and `default`;
/// `values`, perhaps with `default`; `units` alone; `item`. All but the last may have `units`. Forms that are mixed,
/// and other mistakes, are held as they are and found by [`problems`](super::problems).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// The one value.
    pub value: Option<Any>,
    /// The values of an enumeration.
    pub values: Vec<Any>,
    /// The least value; without it, there is none.
    pub minimum: Option<Number>,
    /// The greatest value; without it, there is none.
    pub maximum: Option<Number>,
    /// The distance of the allowed values, counted from the minimum or, without one, from the maximum.
    pub increment: Option<Number>,
    /// The value that an absent attribute gets.
    pub default: Option<Any>,
    /// The units of all numbers in the scope; without them, the attribute's own.
    pub units: Option<String>,
    /// The scopes of the attributes of each item of a collection or array.
    pub item: Option<ValueScope>,
    /// Keywords that the standard does not define, and defined ones with a value of the wrong type.
    pub others: Object,
}

/// The forms of a scope, numbered as in 5.5.14.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// 1: one value.
    Value,
    /// 2: a range.
    Range,
    /// 3: an enumeration.
    Values,
    /// 4: units alone.
    Units,
    /// 5: the scopes of items.
    Item,
}

impl ValueScope {
    /// No scopes.
    #[must_use]
    pub const fn new() -> Self {
        Self { scopes: Vec::new(), others: Object::new() }
    }

    /// With the scope of one more attribute.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, scope: Scope) -> Self {
        self.insert(name, scope);
        self
    }

    /// Sets the scope of an attribute and returns the former one; a new name comes last.
    pub fn insert(&mut self, name: impl Into<String>, scope: Scope) -> Option<Scope> {
        let name = name.into();
        self.others.remove(&name);
        if let Some(old) = self.get_mut(&name) {
            return Some(std::mem::replace(old, scope));
        }
        self.scopes.push((name, scope));
        None
    }

    /// Removes the scope of an attribute and keeps the order of the others.
    pub fn remove(&mut self, name: &str) -> Option<Scope> {
        let index = self.scopes.iter().position(|(key, _)| key == name)?;
        Some(self.scopes.remove(index).1)
    }

    /// The scope of an attribute.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Scope> {
        self.scopes.iter().find(|(key, _)| key == name).map(|(_, scope)| scope)
    }

    /// The scope of an attribute, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Scope> {
        self.scopes.iter_mut().find(|(key, _)| key == name).map(|(_, scope)| scope)
    }

    /// How many attributes have a scope.
    #[must_use]
    pub fn len(&self) -> usize {
        self.scopes.len()
    }

    /// Whether no attribute has one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.scopes.is_empty()
    }

    /// Names and scopes in order.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &Scope)> + ExactSizeIterator {
        self.scopes.iter().map(|(name, scope)| (name.as_str(), scope))
    }

    /// The typed form of a value. Members that are not objects go to [`others`](Self::others).
    fn from_object(members: &Object, depth: usize) -> Self {
        let mut scope = Self::new();
        for (name, value) in members.iter() {
            match value {
                Any::Object(members) => scope.scopes.push((name.to_owned(), Scope::from_object(members, depth))),
                other => scope.others.push(name.to_owned(), other.clone()),
            }
        }
        scope
    }
}

impl PartialEq for ValueScope {
    fn eq(&self, other: &Self) -> bool {
        self.others == other.others && same_but_for_order(&self.scopes, &other.scopes, |(name, _)| name)
    }
}

impl<N: Into<String>> FromIterator<(N, Scope)> for ValueScope {
    /// The last scope of a name counts.
    fn from_iter<I: IntoIterator<Item = (N, Scope)>>(scopes: I) -> Self {
        scopes.into_iter().fold(Self::new(), |all, (name, scope)| all.with(name, scope))
    }
}

impl IntoIterator for ValueScope {
    type Item = (String, Scope);
    type IntoIter = std::vec::IntoIter<(String, Scope)>;
    fn into_iter(self) -> Self::IntoIter {
        self.scopes.into_iter()
    }
}

impl TryFrom<&Any> for ValueScope {
    type Error = Error;
    /// # Errors
    /// [`ErrorKind::Value`] when the value is not an object.
    fn try_from(value: &Any) -> Result<Self> {
        match value {
            Any::Object(members) => Ok(Self::from_object(members, 0)),
            _ => Err(Error::new(ErrorKind::Value, "expected a valueScope, an object of scopes")),
        }
    }
}

impl From<&ValueScope> for Any {
    fn from(scope: &ValueScope) -> Self {
        let scopes = scope.iter().map(|(name, scope)| (name, Self::from(scope)));
        let others = scope.others.iter().filter(|(name, _)| scope.get(name).is_none());
        scopes.chain(others.map(|(name, value)| (name, value.clone()))).collect()
    }
}

impl From<ValueScope> for Any {
    fn from(scope: ValueScope) -> Self {
        Self::from(&scope)
    }
}

impl Scope {
    /// Form 1: one value.
    #[must_use]
    pub fn of_value(value: impl Into<Any>) -> Self {
        Self { value: Some(value.into()), ..Self::default() }
    }

    /// Form 2: a range, both ends included.
    #[must_use]
    pub fn of_range(minimum: impl Into<Number>, maximum: impl Into<Number>) -> Self {
        Self { minimum: Some(minimum.into()), maximum: Some(maximum.into()), ..Self::default() }
    }

    /// Form 2, open above.
    #[must_use]
    pub fn at_least(minimum: impl Into<Number>) -> Self {
        Self { minimum: Some(minimum.into()), ..Self::default() }
    }

    /// Form 2, open below.
    #[must_use]
    pub fn at_most(maximum: impl Into<Number>) -> Self {
        Self { maximum: Some(maximum.into()), ..Self::default() }
    }

    /// Form 3: an enumeration.
    #[must_use]
    pub fn of_values<V: Into<Any>>(values: impl IntoIterator<Item = V>) -> Self {
        Self { values: values.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// Form 4: units alone.
    #[must_use]
    pub fn of_units(units: impl Into<String>) -> Self {
        Self { units: Some(units.into()), ..Self::default() }
    }

    /// Form 5: the scopes of the attributes of each item.
    #[must_use]
    pub fn of_items(item: ValueScope) -> Self {
        Self { item: Some(item), ..Self::default() }
    }

    /// With units.
    #[must_use]
    pub fn with_units(mut self, units: impl Into<String>) -> Self {
        self.units = Some(units.into());
        self
    }

    /// With a default.
    #[must_use]
    pub fn with_default(mut self, default: impl Into<Any>) -> Self {
        self.default = Some(default.into());
        self
    }

    /// With an increment.
    #[must_use]
    pub fn with_increment(mut self, increment: impl Into<Number>) -> Self {
        self.increment = Some(increment.into());
        self
    }

    /// The form; `None` if it has none of the five, or mixes them.
    #[must_use]
    pub fn form(&self) -> Option<Form> {
        let range = self.minimum.is_some() || self.maximum.is_some() || self.increment.is_some();
        match (self.value.is_some(), !self.values.is_empty(), range, self.item.is_some()) {
            (true, false, false, false) if self.default.is_none() => Some(Form::Value),
            (false, true, false, false) => Some(Form::Values),
            (false, false, true, false) if self.minimum.is_some() || self.maximum.is_some() => Some(Form::Range),
            (false, false, false, true) if self.default.is_none() && self.units.is_none() => Some(Form::Item),
            (false, false, false, false) if self.default.is_none() && self.units.is_some() => Some(Form::Units),
            _ => None,
        }
    }

    /// The value that an absent attribute gets: the default, or the only one that there is.
    #[must_use]
    pub fn implied(&self) -> Option<&Any> {
        self.default.as_ref().or(self.value.as_ref())
    }

    fn from_object(members: &Object, depth: usize) -> Self {
        let mut scope = Self::default();
        for (key, value) in members.iter() {
            if !scope.take(key, value, depth) {
                scope.others.push(key.to_owned(), value.clone());
            }
        }
        scope
    }

    /// A keyword of the standard whose value has the wrong type.
    pub(super) fn broken(&self) -> Option<&str> {
        self.others.iter().map(|(key, _)| key).find(|key| is_keyword(key) && !self.has(key))
    }

    /// Whether this is a keyword that is set.
    fn has(&self, key: &str) -> bool {
        match key {
            "value" => self.value.is_some(),
            "values" => !self.values.is_empty(),
            "minimum" => self.minimum.is_some(),
            "maximum" => self.maximum.is_some(),
            "units" => self.units.is_some(),
            "default" => self.default.is_some(),
            "increment" => self.increment.is_some(),
            "item" => self.item.is_some(),
            _ => false,
        }
    }

    /// Whether this is a keyword with a value that fits it, which is taken.
    fn take(&mut self, key: &str, value: &Any, depth: usize) -> bool {
        match (key, value) {
            ("value", value) => self.value = Some(value.clone()),
            ("values", Any::Array(items)) if !items.is_empty() => self.values.clone_from(items),
            ("default", value) => self.default = Some(value.clone()),
            ("units", Any::String(units)) => self.units = Some(units.clone()),
            ("item", Any::Object(members)) if depth < DEEPEST => {
                self.item = Some(ValueScope::from_object(members, depth + 1));
            }
            ("minimum" | "maximum" | "increment", value) => {
                let Some(number) = number_of(value) else { return false };
                let place = match key {
                    "minimum" => &mut self.minimum,
                    "maximum" => &mut self.maximum,
                    _ => &mut self.increment,
                };
                *place = Some(number);
            }
            _ => return false,
        }
        true
    }
}

/// What the value of a keyword must be; `None` if the standard does not define it.
pub(super) fn expected_type(keyword: &str) -> Option<&'static str> {
    Some(match keyword {
        "value" | "default" => "a value",
        "values" => "an array of values",
        "minimum" | "maximum" | "increment" => "a number",
        "units" => "a string",
        "item" => "an object of scopes",
        _ => return None,
    })
}

/// Whether the standard reserves this name in a scope.
pub(crate) fn is_keyword(name: &str) -> bool {
    expected_type(name).is_some()
}

/// A number, or the number that a text is: values that came in XML have no types.
fn number_of(value: &Any) -> Option<Number> {
    match value {
        Any::Number(number) => Some(number.clone()),
        Any::String(text) => Number::parse(text).or_else(|| Ratio::parse(text)?.number()),
        _ => None,
    }
}

impl From<&Scope> for Any {
    fn from(scope: &Scope) -> Self {
        let number = |number: &Option<Number>| number.clone().map(Self::Number);
        let known = [
            ("value", scope.value.clone()),
            ("values", (!scope.values.is_empty()).then(|| Self::Array(scope.values.clone()))),
            ("minimum", number(&scope.minimum)),
            ("maximum", number(&scope.maximum)),
            ("units", scope.units.clone().map(Self::String)),
            ("default", scope.default.clone()),
            ("increment", number(&scope.increment)),
            ("item", scope.item.as_ref().map(Self::from)),
        ];
        let known = known.into_iter().filter_map(|(key, value)| Some((key, value?)));
        // One that was set since comes first.
        let others = scope.others.iter().filter(|(key, _)| !scope.has(key)).map(|(key, value)| (key, value.clone()));
        known.chain(others).collect()
    }
}

impl From<Scope> for Any {
    fn from(scope: Scope) -> Self {
        Self::from(&scope)
    }
}

//! Typed attributes that are added to types of others.

use std::fmt;
use std::marker::PhantomData;

use crate::any::Any;
use crate::describe::{kind_name, set_constraints};
use crate::meta::{Constraints, Kind, Role, Type};
use crate::reflect::{Described, Record};
use crate::validate::{Problem, Rule, Severity, Validation};
use crate::{
    AttributeDescription, Dialect, Error, ErrorKind, Extensions, Object, Parsed, ReadOptions, Ref, Result, Uri,
    WriteOptions, json,
};

/// An attribute of a namespace of its own that types of the standard may have: a structure, a reference, or an array of
/// either (5.1).
///
/// The value is kept among the [`Extensions`] of the record, which carry it through both formats whether anybody knows
/// it or not; this reads and sets it as a type with a table.
///
/// ```
/// use cimi_model::ext::Addition;
/// use cimi_model::{Machine, record};
///
/// record! {
///     /// Where a Machine stands.
///     pub Place = "place" Structure [namespace("http://example.com/racks")] {
///         /// The rack.
///         rack: Option<String> = "rack",
///         /// The unit of height that it begins at.
///         unit: Option<i64> = "unit",
///     }
/// }
/// const PLACE: Addition<Place> = Addition::new("http://example.com/racks", "place", &["Machine"], "Where it stands.");
///
/// let mut machine = Machine::default();
/// PLACE.set(&mut machine, &Place { rack: Some("r7".into()), unit: Some(40), ..Default::default() })?;
/// assert_eq!(PLACE.get(&machine)?.and_then(|place| place.unit), Some(40));
/// # Ok::<(), cimi_model::Error>(())
/// ```
pub struct Addition<T> {
    /// The namespace, without a slash at its end.
    pub namespace: &'static str,
    /// The name.
    pub name: &'static str,
    /// The names of the types that may have it; any resource, if there are none.
    pub owners: &'static [&'static str],
    /// What it says.
    pub doc: &'static str,
    by_reference: bool,
    rules: Option<fn(&T, &'static Type) -> Vec<Problem>>,
    value: PhantomData<fn() -> T>,
}

/// An [`Addition`] whatever its type: what a [`Registry`](crate::Registry) knows of it.
pub trait AddedAttribute: fmt::Debug + Send + Sync {
    /// The namespace, without a slash at its end.
    fn namespace(&self) -> &'static str;
    /// The name.
    fn name(&self) -> &'static str;
    /// The names of the types that may have it; any resource, if there are none.
    fn owners(&self) -> &'static [&'static str];
    /// What it says.
    fn doc(&self) -> &'static str;
    /// The type of its values.
    fn value_type(&self) -> &'static Type;
    /// An empty value.
    fn empty(&self) -> Box<dyn Record>;
    /// As [`Addition::all`].
    ///
    /// # Errors
    /// As there.
    fn values(&self, record: &dyn Record) -> Result<Vec<Box<dyn Record>>>;
    /// As [`Addition::problems`].
    fn problems(&self, record: &dyn Record, validation: &Validation<'_>) -> Vec<Problem>;
    /// As [`Addition::description`].
    fn description(&self, dialect: Dialect) -> AttributeDescription;

    /// Its key among the extensions.
    fn key(&self) -> String {
        Extensions::qualified(self.namespace(), self.name())
    }

    /// Whether a type may have it. Where no names are given, that is any resource; a name alone is one of the standard
    /// or of its own namespace.
    fn is_for(&self, record_type: &Type) -> bool {
        let owners = self.owners();
        match record_type.namespace {
            _ if owners.is_empty() => record_type.role == Role::Resource,
            Some(namespace) if namespace != self.namespace() => false,
            _ => owners.contains(&record_type.name),
        }
    }
}

impl<T: Described> AddedAttribute for Addition<T> {
    fn namespace(&self) -> &'static str {
        self.namespace
    }
    fn name(&self) -> &'static str {
        self.name
    }
    fn owners(&self) -> &'static [&'static str] {
        self.owners
    }
    fn doc(&self) -> &'static str {
        self.doc
    }
    fn value_type(&self) -> &'static Type {
        T::described()
    }
    fn empty(&self) -> Box<dyn Record> {
        Box::<T>::default()
    }
    fn values(&self, record: &dyn Record) -> Result<Vec<Box<dyn Record>>> {
        let all = self.all(record)?;
        Ok(all.into_iter().map(|value| -> Box<dyn Record> { Box::new(value) }).collect())
    }
    fn problems(&self, record: &dyn Record, validation: &Validation<'_>) -> Vec<Problem> {
        self.problems(record, validation)
    }
    fn description(&self, dialect: Dialect) -> AttributeDescription {
        self.description(dialect)
    }
}

impl<T> fmt::Debug for Addition<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Addition").field("name", &self.name).field("owners", &self.owners).finish_non_exhaustive()
    }
}

impl<T: Described> Addition<T> {
    /// An attribute of a namespace, with the names of the types that may have it.
    #[must_use]
    pub const fn new(
        namespace: &'static str,
        name: &'static str,
        owners: &'static [&'static str],
        doc: &'static str,
    ) -> Self {
        Self { namespace, name, owners, doc, by_reference: false, rules: None, value: PhantomData }
    }

    /// With rules beyond the table: what they find in a value on a record of a type is among its
    /// [`problems`](Self::problems). Their paths begin with the type of the value.
    #[must_use]
    pub const fn with_rules(mut self, rules: fn(&T, &'static Type) -> Vec<Problem>) -> Self {
        self.rules = Some(rules);
        self
    }

    /// An attribute that refers to resources of a type, or holds them by value (5.5.6): see [`refs`](Self::refs).
    #[must_use]
    pub const fn reference(
        namespace: &'static str,
        name: &'static str,
        owners: &'static [&'static str],
        doc: &'static str,
    ) -> Self {
        Self { by_reference: true, ..Self::new(namespace, name, owners, doc) }
    }

    /// Its key among the extensions.
    #[must_use]
    pub fn key(&self) -> String {
        AddedAttribute::key(self)
    }

    /// What a record has under its name, in its namespace or, as documents in JSON may have it, without one.
    fn found<'r>(&self, record: &'r dyn Record) -> Option<&'r Any> {
        let extensions = record.extensions();
        extensions.get(&self.key()).or_else(|| extensions.get(self.name))
    }

    /// The value of a record, if it has one; of a reference, what it says of its target.
    ///
    /// # Errors
    /// As [`all`](Self::all), and when there are several.
    pub fn get(&self, record: &dyn Record) -> Result<Option<T>> {
        let mut all = self.all(record)?;
        match all.len() {
            0 | 1 => Ok(all.pop()),
            _ => Err(Error::new(ErrorKind::Duplicate, "there can only be one").at_path(self.path(record, None))),
        }
    }

    /// The values of a record, where there can be several. Other spellings of values are understood, as by lenient reading.
    ///
    /// # Errors
    /// When a value is not what the table says; the path begins with the record.
    pub fn all(&self, record: &dyn Record) -> Result<Vec<T>> {
        let items = self.items(record).into_iter();
        items.map(|(index, value)| Ok(self.read(record, index, value)?.value)).collect()
    }

    /// The values, with their places if they are several.
    fn items<'r>(&self, record: &'r dyn Record) -> Vec<(Option<usize>, &'r Any)> {
        match self.found(record) {
            None | Some(Any::Null) => Vec::new(),
            Some(Any::Array(items)) => items.iter().enumerate().map(|(index, item)| (Some(index), item)).collect(),
            Some(value) => vec![(None, value)],
        }
    }

    fn read(&self, record: &dyn Record, index: Option<usize>, value: &Any) -> Result<Parsed<T>> {
        let mut value = std::borrow::Cow::Borrowed(value);
        if self.by_reference
            && let Any::Object(members) = value.to_mut()
        {
            members.remove("href");
        }
        json::from_any(&value, &ReadOptions::default()).map_err(|error| {
            let path = self.path(record, index) + inside(error.path());
            Error::new(error.kind(), error.reason()).at_path(path)
        })
    }

    /// The references of a record.
    ///
    /// ```
    /// use cimi_model::ext::Addition;
    /// use cimi_model::{Machine, Ref, Volume};
    ///
    /// const SPARE: Addition<Volume> =
    ///     Addition::reference("http://example.com/racks", "spare", &["Machine"], "A spare one.");
    /// let mut machine = Machine::default();
    /// SPARE.set_refs(&mut machine, &[Ref::to("volumes/7")])?;
    /// assert_eq!(SPARE.refs(&machine)?, [Ref::to("volumes/7")]);
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    ///
    /// # Errors
    /// When one is not a reference, or what it says of its target is not what the table says.
    pub fn refs(&self, record: &dyn Record) -> Result<Vec<Ref<T>>> {
        let items = self.items(record).into_iter();
        items.map(|(index, value)| self.read_ref(record, index, value)).collect()
    }

    fn read_ref(&self, record: &dyn Record, index: Option<usize>, value: &Any) -> Result<Ref<T>> {
        let fail = |text: &str| Error::new(ErrorKind::Value, text).at_path(self.path(record, index));
        let Any::Object(members) = value else { return Err(fail("expected a reference")) };
        let href = match members.get("href") {
            None => None,
            Some(Any::String(href)) => Some(Uri::from(href.as_str())),
            Some(_) => return Err(fail("the href is not a string")),
        };
        let says_more = members.iter().any(|(key, _)| key != "href");
        if href.is_none() && !says_more {
            return Err(fail("the reference is empty"));
        }
        let value = if says_more { Some(Box::new(self.read(record, index, value)?.value)) } else { None };
        Ok(Ref { href, value })
    }

    /// Sets the references; none remove the attribute.
    ///
    /// # Errors
    /// As [`set`](Self::set).
    pub fn set_refs(&self, record: &mut dyn Record, references: &[Ref<T>]) -> Result<()> {
        let values: Result<Vec<Any>> = references.iter().map(written).collect();
        let mut values = values?;
        match (values.pop(), values.is_empty()) {
            (None, _) => {
                self.remove(record);
            }
            (Some(single), true) => self.put(record, single),
            (Some(last), false) => {
                values.push(last);
                self.put(record, values.into());
            }
        }
        Ok(())
    }

    fn path(&self, record: &dyn Record, index: Option<usize>) -> String {
        let index = index.map_or_else(String::new, |index| format!("[{index}]"));
        format!("/{}/{}{index}", record.record_type().name, self.name)
    }

    /// Sets the value.
    ///
    /// # Errors
    /// None for values that have been read, or built with distinct extensions.
    pub fn set(&self, record: &mut dyn Record, value: &T) -> Result<()> {
        let value = json::to_any(value, WriteOptions::default())?;
        self.put(record, value);
        Ok(())
    }

    /// Gives a resource what the template has that it is made from, in place of what it has; whether there is anything.
    ///
    /// # Errors
    /// As [`all`](Self::all), and when there are several; the resource is as it was then.
    pub fn carry(&self, template: &dyn Record, resource: &mut dyn Record) -> Result<bool> {
        let Some(value) = self.get(template)? else { return Ok(false) };
        self.set(resource, &value)?;
        Ok(true)
    }

    /// Sets several values; none remove it.
    ///
    /// # Errors
    /// As [`set`](Self::set).
    pub fn set_all(&self, record: &mut dyn Record, values: &[T]) -> Result<()> {
        if values.is_empty() {
            self.remove(record);
            return Ok(());
        }
        let values: Result<Vec<Any>> =
            values.iter().map(|value| json::to_any(value, WriteOptions::default())).collect();
        self.put(record, values?.into());
        Ok(())
    }

    fn put(&self, record: &mut dyn Record, value: Any) {
        let extensions = record.extensions_mut();
        extensions.remove(self.name);
        extensions.insert(self.key(), value);
    }

    /// Takes the value away; whether there was one.
    pub fn remove(&self, record: &mut dyn Record) -> bool {
        let extensions = record.extensions_mut();
        let plain = extensions.remove(self.name).is_some();
        extensions.remove(&self.key()).is_some() || plain
    }

    /// What is wrong with it in a record: it stands on another type or twice, its values do not have their form, or
    /// [`Validation`] or its own rules find something in them. Paths begin with the record.
    #[must_use]
    pub fn problems(&self, record: &dyn Record, validation: &Validation<'_>) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut report = |rule, text: String| {
            problems.push(Problem::new(self.path(record, None), rule, Severity::Error, "5.1", text));
        };
        if self.found(record).is_some() && !self.is_for(record.record_type()) {
            let owners = if self.owners.is_empty() { "resources".to_owned() } else { self.owners.join(", ") };
            report(Rule::Unknown, format!("this attribute is for {owners}"));
        }
        let has = |key: &str| record.extensions().get(key).is_some();
        if has(self.name) && has(&self.key()) {
            report(Rule::Duplicate, "it is there with its namespace and without it".to_owned());
        }
        // What is updated or selected is the record, not the value.
        let validation = Validation { current: None, selected: None, ..validation.clone() };
        for (index, value) in self.items(record) {
            if self.by_reference
                && let Err(error) = self.read_ref(record, index, value)
            {
                problems.push(Problem::new(error.path(), Rule::Value, Severity::Error, "5.5.6", error.reason()));
                continue;
            }
            if self.by_reference && value.get("href").is_some() {
                // What stands beside it overrides the target, and need not be whole.
                continue;
            }
            match self.read(record, index, value) {
                Ok(parsed) => {
                    let own = self.rules.map(|rules| rules(&parsed.value, record.record_type())).unwrap_or_default();
                    let document = parsed.map(crate::Document::new);
                    // What stands by value in a resource has no id of its own.
                    let counts = |problem: &Problem| {
                        !self.by_reference || problem.rule != Rule::Required || inside(&problem.path) != "/id"
                    };
                    problems.extend(validation.parsed(&document).into_iter().chain(own).filter(counts).map(
                        |mut problem| {
                            problem.path = self.path(record, index) + inside(&problem.path);
                            problem
                        },
                    ));
                }
                Err(error) => {
                    problems.push(Problem::new(error.path(), Rule::Value, Severity::Error, "5.5", error.reason()));
                }
            }
        }
        problems
    }

    /// How a provider describes it in the `ResourceMetadata` of a type (5.11, table 6).
    #[must_use]
    pub fn description(&self, dialect: Dialect) -> AttributeDescription {
        let kind = if self.by_reference { Kind::Ref } else { Kind::Structure };
        let mut description = AttributeDescription {
            name: Some(self.name.to_owned()),
            namespace: Some(self.namespace.into()),
            type_name: Some(kind_name(kind(T::described), dialect)),
            ..AttributeDescription::default()
        };
        // Nobody has to have it.
        let constraints = Constraints { provider_mandatory: false, ..Constraints::DEFAULT };
        match dialect {
            Dialect::V1 => description.required = Some(constraints.provider_mandatory),
            Dialect::V2 => set_constraints(&mut description, constraints),
        }
        description
    }
}

/// A reference as a value of any type.
fn written<T: Described>(reference: &Ref<T>) -> Result<Any> {
    let mut members = Object::new();
    if let Some(href) = &reference.href {
        members.insert("href", href.as_str());
    }
    if let Some(value) = &reference.value
        && let Any::Object(said) = json::to_any(&**value, WriteOptions::default())?
    {
        // The attribute says the type.
        for (key, value) in said.into_iter().filter(|(key, _)| key != "resourceURI") {
            members.insert(key, value);
        }
    }
    Ok(Any::Object(members))
}

/// A path without its first step.
fn inside(path: &str) -> &str {
    let rest = path.strip_prefix('/').unwrap_or(path);
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("")
}

//! Updates (4.2.1.3): what a representation that a consumer sends does to a resource.

use std::collections::{HashMap, HashSet};

use cimi_model::any::Any;
use cimi_model::describe::{Governing, effective};
use cimi_model::meta::{Attribute, Constraints, Kind, Role, Type, Versions};
use cimi_model::reflect::{Described, Record, Reference, Slot, View, omitted, same_value};
use cimi_model::validate::{Problem, Rule, Severity};
use cimi_model::{AnyResource, DateTime, Dialect, Extension, Extensions, Generic, Uri, attributes, printable};

use super::upkeep;
use crate::provider::Update;

/// What decides about an update, beside the tables.
#[derive(Clone, Debug, Default)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct UpdateRules<'a> {
    /// The metadata that governs the resource (5.11): which attributes consumers may write.
    pub governing: Governing<'a>,
    /// The version that the consumer speaks. A full update in 1.x leaves alone what 1.x does not have.
    pub dialect: Dialect,
    /// A resource of the same type with the values that attributes are reset to. Without it, and where it has none,
    /// they are removed.
    pub defaults: Option<&'a dyn Record>,
    /// Whether consumers may also change what compositions rest on (5.10.2): `parent`, and references to collections.
    /// A provider that lets them moves resources accordingly. By default these are silently ignored.
    pub composition: bool,
    /// The present time, for `updated`.
    pub now: Option<DateTime>,
}

impl UpdateRules<'_> {
    /// The resource as it is after a request: a [partial update](merge) if it selects attributes, else a
    /// [full one](replace).
    ///
    /// # Errors
    /// As those.
    pub fn apply(&self, current: &dyn Record, request: &Update) -> Result<Updated, Vec<Problem>> {
        let update = request.document.record();
        match &request.selected {
            Some(selected) => merge(current, update, selected.names(), self),
            None => replace(current, update, self),
        }
    }
}

/// The outcome of an update.
#[derive(Debug)]
#[non_exhaustive]
pub struct Updated {
    /// The resource after the update.
    pub resource: Box<dyn Record>,
    /// The attributes that have changed, by their names in 2.0, and extensions by their keys. `updated` is not among
    /// them.
    pub changed: Vec<String>,
    /// What the consumer sent other values of, and may not change: it was silently ignored (4.2.1.3).
    pub ignored: Vec<String>,
}

impl Updated {
    /// Whether anything has changed.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// Whether the attribute with this name in 2.0, or the extension with this key, has changed.
    #[must_use]
    pub fn changes(&self, name: &str) -> bool {
        self.changed.iter().any(|changed| changed == name)
    }
}

/// A full update (4.2.1.3): the resource as it is after a PUT of `update`.
///
/// * What consumers may not write or what never changes stays as it is, without an error: `id`, `created`, `operations`,
///   a `state`, and what the metadata says so of. The members of a collection are not changed by an update of it either.
/// * An attribute that is absent is removed (5.5). These stay when they are absent, because their absence says nothing:
///   secrets, which a provider need not show, and in 1.x what 1.x does not have.
/// * Extensions are attributes as any other. [`Validation::update`](cimi_model::validate::Validation::update) refuses
///   those that the provider does not know (5.3); a provider that takes all just does not ask for it.
/// * Beside the `href` of a reference, the target with its `id` is what `$expand` showed, and not part of the resource.
/// * `updated` is set if anything has changed.
///
/// ```
/// use cimi_model::{DateTime, Machine, MachineState};
/// use cimi_protocol::provider::rules::{UpdateRules, replace};
///
/// let current = Machine {
///     id: Some("machines/1".into()),
///     name: Some("db".into()),
///     description: Some("old".into()),
///     state: Some(MachineState::Started),
///     ..Default::default()
/// };
/// let update = Machine { name: Some("web".into()), state: Some(MachineState::Stopped), ..Default::default() };
/// let now: DateTime = "2025-01-01T00:00:00Z".parse()?;
/// let updated = replace(&current, &update, &UpdateRules { now: Some(now.clone()), ..Default::default() }).unwrap();
/// assert_eq!((&updated.changed[..], &updated.ignored[..]), (&["name".into(), "description".into()][..], &["state".into()][..]));
/// let expected = Machine { name: Some("web".into()), description: None, updated: Some(now), ..current };
/// assert_eq!(updated.resource.as_any().downcast_ref(), Some(&expected));
/// # Ok::<(), cimi_model::Error>(())
/// ```
///
/// # Errors
/// A single problem when the two are of different types.
pub fn replace(current: &dyn Record, update: &dyn Record, rules: &UpdateRules<'_>) -> Result<Updated, Vec<Problem>> {
    change(current, update, None, rules)
}

/// A partial update (4.2.1.3.1): the resource as it is after a PUT of `update` with `$select`.
///
/// Only the attributes that are selected change, by their names in either version, and extensions by their names without
/// a namespace; [`Select::names`](crate::query::Select::names) gives them. One that is selected and absent is reset: to its value in [`UpdateRules::defaults`], or removed. Names
/// that the resource does not have are ignored, and what consumers may not write is, too. With `*` this is a
/// [full update](replace).
///
/// ```
/// use cimi_model::Machine;
/// use cimi_protocol::provider::rules::merge;
///
/// let current = Machine { name: Some("a".into()), description: Some("b".into()), cpu: Some(4), ..Default::default() };
/// let update = Machine { name: Some("My New Machine".into()), ..Default::default() };
/// let updated = merge(&current, &update, ["name", "description"], &Default::default()).unwrap();
/// let expected = Machine { name: Some("My New Machine".into()), cpu: Some(4), ..Default::default() };
/// assert_eq!(updated.resource.as_any().downcast_ref(), Some(&expected));
///
/// let problems = merge(&current, &update, ["description"], &Default::default()).unwrap_err();
/// assert_eq!(problems[0].to_string(), "/Machine/name: $select does not name the attribute (selection, DSP0263 4.2.1.3.1)");
/// ```
///
/// # Errors
/// A problem for each attribute in `update` that is not selected; a single one when the two are of different types.
pub fn merge<'s>(
    current: &dyn Record,
    update: &dyn Record,
    selected: impl IntoIterator<Item = &'s str>,
    rules: &UpdateRules<'_>,
) -> Result<Updated, Vec<Problem>> {
    let selected: HashSet<&str> = selected.into_iter().collect();
    let selection = (!selected.contains("*")).then_some(&selected);
    change(current, update, selection, rules)
}

fn change(
    current: &dyn Record,
    update: &dyn Record,
    selection: Option<&HashSet<&str>>,
    rules: &UpdateRules<'_>,
) -> Result<Updated, Vec<Problem>> {
    same_type(current, update).map_err(|problem| vec![problem])?;
    let defaults = rules.defaults.filter(|defaults| defaults.as_any().type_id() == current.as_any().type_id());
    let mut change = Change {
        current,
        update: without_second_spellings(update),
        defaults: defaults.map(Record::boxed_clone),
        selection,
        rules,
        result: Updated { resource: current.boxed_clone(), changed: Vec::new(), ignored: Vec::new() },
        problems: Vec::new(),
    };
    let fates = change.attributes();
    change.extensions(&fates);
    if !change.problems.is_empty() {
        return Err(change.problems);
    }
    let mut result = change.result;
    if let Some(now) = rules.now.as_ref().filter(|_| result.is_changed()) {
        upkeep::write(&mut *result.resource, "updated", now.as_str());
    }
    Ok(result)
}

fn same_type(current: &dyn Record, update: &dyn Record) -> Result<(), Problem> {
    let uri = |record: &dyn Record| record.as_any().downcast_ref::<Generic>().and_then(Generic::resource_uri);
    let same = current.as_any().type_id() == update.as_any().type_id()
        && (uri(update).is_none() || uri(update) == uri(current));
    if same {
        return Ok(());
    }
    let (current, update) = (current.record_type().name, update.record_type().name);
    let text = format!("a {current} is not updated with another type, here {update}");
    Err(Problem::new("/", Rule::Type, Severity::Error, "4.2.1.3", text))
}

/// An update on its way.
struct Change<'u> {
    current: &'u dyn Record,
    /// What is left of the update: values are taken out of it.
    update: Box<dyn Record>,
    defaults: Option<Box<dyn Record>>,
    /// The names that `$select` has; none for a full update.
    selection: Option<&'u HashSet<&'u str>>,
    rules: &'u UpdateRules<'u>,
    result: Updated,
    problems: Vec<Problem>,
}

/// What becomes of an attribute.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It stays.
    Keep,
    /// It is as the update says.
    Take,
    /// The update does not say it, and it is removed or as by default.
    Reset,
}

/// What an update has of an attribute.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sent {
    Nothing,
    /// The current value.
    Same,
    /// Another value.
    Other,
}

/// What decides about an attribute or extension.
struct Question<'q> {
    name: &'q str,
    /// Whether the update is about it.
    listed: bool,
    sent: Sent,
    writable: bool,
    /// Whether its absence from a full update says nothing.
    silent: bool,
}

impl Change<'_> {
    fn decide(&mut self, question: &Question<'_>) -> Fate {
        match (question.listed, question.sent) {
            (false, Sent::Same | Sent::Other) => {
                let path = format!("/{}/{}", self.current.record_type().name, printable(question.name));
                let text = "$select does not name the attribute";
                self.problems.push(Problem::new(path, Rule::Selection, Severity::Error, "4.2.1.3.1", text));
                Fate::Keep
            }
            (false, Sent::Nothing) | (true, Sent::Same) => Fate::Keep,
            (true, Sent::Other) if !question.writable => {
                self.result.ignored.push(question.name.to_owned());
                Fate::Keep
            }
            (true, Sent::Other) => Fate::Take,
            (true, Sent::Nothing) if !question.writable => Fate::Keep,
            (true, Sent::Nothing) if question.silent && self.selection.is_none() => Fate::Keep,
            (true, Sent::Nothing) => Fate::Reset,
        }
    }

    /// Changes the attributes of the table. Returns the fate of each.
    fn attributes(&mut self) -> Vec<Fate> {
        let table = self.current.record_type().attributes.iter().enumerate();
        table.map(|(index, attribute)| self.attribute(index, attribute)).collect()
    }

    fn attribute(&mut self, index: usize, attribute: &'static Attribute) -> Fate {
        let sent = self.sent(index, attribute);
        let described = self.current.record_type();
        let lacking = self.rules.dialect == Dialect::V1 && attribute.versions == Versions::V2;
        let fate = self.decide(&Question {
            name: attribute.name,
            listed: self.selection.is_none_or(|selection| names(attribute).any(|name| selection.contains(name))),
            sent,
            writable: self.is_writable(described, attribute),
            silent: attribute.secret || (lacking && described.versions != Versions::V2),
        });
        let source = match (fate, &mut self.defaults) {
            (Fate::Keep, _) => return Fate::Keep,
            (Fate::Reset, Some(defaults)) => defaults,
            _ => &mut self.update,
        };
        if is_same(self.current, &**source, index, attribute) {
            return Fate::Keep;
        }
        if let (Some(place), Some(value)) = (self.result.resource.get_mut(index), source.get_mut(index)) {
            place.swap(value);
        }
        self.result.changed.push(attribute.name.to_owned());
        fate
    }

    /// What the update has of an attribute, without targets that `$expand` showed.
    fn sent(&mut self, index: usize, attribute: &Attribute) -> Sent {
        if !says(&*self.update, index, attribute) {
            return Sent::Nothing;
        }
        let is_same = |change: &Self| is_same(change.current, &*change.update, index, attribute);
        let same = is_same(self) || (collapse(&mut *self.update, index) && is_same(self));
        if same { Sent::Same } else { Sent::Other }
    }

    /// Changes the extensions. What stands under the name of an attribute shares its fate.
    fn extensions(&mut self, fates: &[Fate]) {
        let current = self.current.extensions();
        let sent = std::mem::take(self.update.extensions_mut());
        let default = self.defaults.as_mut().map(|defaults| std::mem::take(defaults.extensions_mut()));
        let default = default.unwrap_or_default();
        let described = self.current.record_type();
        let shared = |extension: &Extension| fates.get(described.find(extension.key(), 0)?).copied();
        let (sent_by_key, default_by_key) = (by_key(&sent), by_key(&default));
        let mut all: Vec<Extension> = Vec::new();
        for stored in current {
            let (new, otherwise) = (sent_by_key.get(stored.key()), default_by_key.get(stored.key()));
            let outcome = match shared(stored) {
                Some(fate) => (fate == Fate::Keep).then_some(stored),
                None => self.extension(Some(stored), new.copied(), otherwise.copied()),
            };
            all.extend(outcome.cloned());
        }
        let known = by_key(current);
        for extension in &sent {
            let outcome = match shared(extension) {
                Some(fate) => Some(extension).filter(|_| fate == Fate::Take && !is_null(extension)),
                None if known.contains_key(extension.key()) => None,
                None => self.extension(None, Some(extension), None),
            };
            all.extend(outcome.cloned());
        }
        let reset = |extension: &&Extension| shared(extension) == Some(Fate::Reset) && !is_null(extension);
        all.extend(default.iter().filter(reset).cloned());
        *self.result.resource.extensions_mut() = all.into_iter().collect();
    }

    /// What becomes of an extension that no table knows.
    fn extension<'e>(
        &mut self,
        stored: Option<&'e Extension>,
        sent: Option<&'e Extension>,
        default: Option<&'e Extension>,
    ) -> Option<&'e Extension> {
        let extension = stored.or(sent)?;
        // What belongs to the document is no attribute.
        let Some(name) = extension.local_name().filter(|name| *name != "resourceURI") else { return stored };
        let fate = self.decide(&Question {
            name: extension.key(),
            listed: self.selection.is_none_or(|names| names.contains(name) || names.contains(extension.key())),
            sent: match sent {
                None => Sent::Nothing,
                Some(_) if sent == stored => Sent::Same,
                Some(_) => Sent::Other,
            },
            writable: self.is_writable_extension(extension.key()),
            silent: self.current.record_type().sensitive,
        });
        let outcome = match fate {
            Fate::Keep => return stored,
            Fate::Take => sent,
            Fate::Reset => default,
        };
        if outcome != stored {
            self.result.changed.push(extension.key().to_owned());
        }
        outcome
    }

    fn is_writable(&self, described: &'static Type, attribute: &Attribute) -> bool {
        let members = described.members.is_some_and(|members| members.grouping == attribute.name);
        if members || (is_structural(described, attribute) && !self.rules.composition) {
            return false;
        }
        let found = effective(self.current.record_type(), attribute.name, &self.rules.governing);
        allows(found.map_or(attribute.constraints, |found| found.constraints))
    }

    /// Of a resource of an unknown type, the common attributes are extensions as well.
    fn is_writable_extension(&self, key: &str) -> bool {
        let untyped = self.current.as_any().is::<Generic>();
        if let Some(common) = AnyResource::described().attribute(key).filter(|_| untyped) {
            return self.is_writable(AnyResource::described(), common);
        }
        let found = effective(self.current.record_type(), key, &self.rules.governing);
        allows(found.map_or(Constraints::DEFAULT, |found| found.constraints))
    }
}

fn allows(constraints: Constraints) -> bool {
    constraints.mutable && constraints.consumer_writable
}

/// Whether a composition rests on the attribute (5.10.2).
fn is_structural(described: &Type, attribute: &Attribute) -> bool {
    match attribute.kind {
        Kind::Ref(_) if attribute.name == "parent" => matches!(described.role, Role::Resource | Role::Collection),
        Kind::Ref(target) => target().members.is_some(),
        _ => false,
    }
}

/// The names of an attribute, and what peers call it.
fn names(attribute: &'static Attribute) -> impl Iterator<Item = &'static str> {
    [attribute.name].into_iter().chain(attribute.v1_name).chain(attribute.aliases.iter().copied())
}

fn by_key(extensions: &Extensions) -> HashMap<&str, &Extension> {
    extensions.iter().map(|extension| (extension.key(), extension)).collect()
}

fn is_null(extension: &Extension) -> bool {
    *extension.value() == Any::Null
}

/// A copy without what stands under another name of an attribute that is there: peers that write `typeURI` and `typeUri`
/// send both back.
fn without_second_spellings(update: &dyn Record) -> Box<dyn Record> {
    let described = update.record_type();
    let is_second = |extension: &Extension| {
        let row = described.find(extension.key(), 0);
        row.and_then(|index| Some((index, described.attributes.get(index)?)))
            .is_some_and(|(index, attribute)| !matches!(view(update, index, attribute), View::Absent))
    };
    let mut copy = update.boxed_clone();
    if update.extensions().iter().any(is_second) {
        let rest = update.extensions().iter().filter(|extension| !is_second(extension));
        *copy.extensions_mut() = rest.cloned().collect();
    }
    copy
}

/// What a reader did not understand of an attribute, and kept in place of its value; `null` is an absent value.
fn kept<'r>(record: &'r dyn Record, index: usize, attribute: &Attribute) -> Option<&'r Any> {
    if !matches!(view(record, index, attribute), View::Absent) {
        return None;
    }
    let mut extensions = record.extensions().iter();
    let found = extensions.find(|extension| attribute.is_named(extension.key()) && !is_null(extension));
    found.map(Extension::value)
}

fn view<'r>(record: &'r dyn Record, index: usize, attribute: &Attribute) -> View<'r> {
    let view = record.get(index).map_or(View::Absent, |value| value.view());
    if omitted(&view, attribute.kind) { View::Absent } else { view }
}

/// Whether a record has a value of an attribute.
fn says(record: &dyn Record, index: usize, attribute: &Attribute) -> bool {
    !matches!(view(record, index, attribute), View::Absent) || kept(record, index, attribute).is_some()
}

fn is_same(a: &dyn Record, b: &dyn Record, index: usize, attribute: &Attribute) -> bool {
    same_value(&view(a, index, attribute), &view(b, index, attribute))
        && kept(a, index, attribute) == kept(b, index, attribute)
}

/// Takes targets out of references that `$expand` put there. Returns whether there were any.
fn collapse(record: &mut dyn Record, index: usize) -> bool {
    let Some(value) = record.get_mut(index) else { return false };
    let hrefs: Vec<Option<Uri>> = match value.view() {
        View::Ref(reference) if shows_target(reference) => vec![reference.href().cloned()],
        View::List(list) => {
            let items = || (0..list.len()).map(|index| list.item(index));
            let is_plain = |view: &View<'_>| match view {
                View::Ref(reference) => reference.record().is_none() || shows_target(*reference),
                _ => false,
            };
            if !items().all(|view| is_plain(&view)) {
                return false;
            }
            items().map(|view| if let View::Ref(reference) = view { reference.href().cloned() } else { None }).collect()
        }
        _ => return false,
    };
    value.clear();
    match value.slot() {
        Slot::Ref(reference) => *reference.href_mut() = hrefs.into_iter().next().flatten(),
        Slot::List(list) => {
            for href in hrefs {
                if let Slot::Ref(reference) = list.push() {
                    *reference.href_mut() = href;
                }
            }
        }
        _ => {}
    }
    true
}

/// Whether a reference is expanded: overrides and targets by value have no `id`.
fn shows_target(reference: &dyn Reference) -> bool {
    reference.href().is_some() && reference.record().is_some_and(|record| attributes::text(record, "id").is_some())
}

//! Examples of every type, made from its table: for documentation, and for tests that need a document of each type.
//!
//! An example has the attributes of one version and nothing else, with values as they might occur. The same table
//! always makes the same example.
//!
//! ```
//! use cimi_model::schema::sample;
//! use cimi_model::{json, Dialect, Machine, ReadOptions};
//!
//! let mut machine = Machine::default();
//! sample::fill(&mut machine, Dialect::V2);
//! assert_eq!(machine.memory, Some(4_194_304));
//! let text = json::to_string(&machine, Dialect::V2.into())?;
//! assert_eq!(json::from_slice::<Machine>(text.as_bytes(), &ReadOptions::strict())?.value, machine);
//! # Ok::<(), cimi_model::Error>(())
//! ```

mod names;
mod values;

use crate::any::Any;
use crate::meta::{Attribute, Kind, Role, Type};
use crate::object::Object;
use crate::reflect::{List, Record, Reference, Slot, Verdict, omitted};
use crate::registry::Entry;
use crate::{Dialect, Map, Uri};

use names::{plural, words};
use values::{Hint, hint, only};

/// How deep structures are filled that hold structures.
const DEPTH: usize = 4;

/// An example of a type in a version of the standard; of a type that this version does not have, in the other one.
#[must_use]
pub fn of(entry: &Entry, dialect: Dialect) -> Box<dyn Record> {
    let mut record = (entry.new)();
    fill(&mut *record, dialect);
    record
}

/// Makes an empty record an example of its type, as [`of`] does.
pub fn fill(record: &mut dyn Record, dialect: Dialect) {
    let record_type = record.record_type();
    let dialect = record_type.written_in(dialect);
    let path = match record_type.role {
        Role::Structure | Role::Keys | Role::Create => "machines/1".to_owned(),
        Role::Collection => collection_path(record_type),
        Role::Resource => path_of(record_type),
    };
    Sample { dialect, path, number: 1, depth: DEPTH, brief: false }.fill(record);
}

/// An example of what the keys of a map are in a version of the standard: those that a type describes.
pub(crate) fn keys(record_type: &'static Type, dialect: Dialect) -> Any {
    let dialect = record_type.written_in(dialect);
    let path = "systems/1".to_owned();
    Any::Object(Sample { dialect, path, number: 1, depth: DEPTH, brief: false }.object(record_type))
}

/// The path of the only collection of a type.
fn collection_path(record_type: &Type) -> String {
    record_type.members.map_or_else(String::new, |members| plural((members.item)().name))
}

/// The path of the first resource of a type.
fn path_of(record_type: &Type) -> String {
    match record_type.name {
        // There is one only.
        "CloudEntryPoint" => "cloudEntryPoint".to_owned(),
        name => format!("{}/1", plural(name)),
    }
}

/// Where in an example we are.
#[derive(Clone)]
struct Sample {
    dialect: Dialect,
    /// The URI of the resource that is being filled, or that a structure is in.
    path: String,
    /// Which of several it is.
    number: usize,
    depth: usize,
    /// Whether a few attributes are enough, as for a member of a collection.
    brief: bool,
}

impl Sample {
    fn fill(&self, record: &mut dyn Record) {
        let record_type = record.record_type();
        for (index, attribute) in record_type.attributes.iter().enumerate() {
            if !self.shows(record_type, attribute) {
                continue;
            }
            let Some(value) = record.get_mut(index) else { continue };
            let filled = self.set(value.slot(), record_type, attribute, attribute.kind);
            if !filled || omitted(&value.view(), attribute.kind) {
                value.clear();
            }
        }
    }

    /// Whether the example has this attribute.
    fn shows(&self, record_type: &Type, attribute: &Attribute) -> bool {
        let brief = match attribute.name {
            "created" | "updated" | "description" => false,
            _ => attribute.kind.is_scalar(),
        };
        self.dialect.has(attribute.versions)
            && (!self.brief || brief)
            && only(record_type.name).is_none_or(|names| names.contains(&attribute.name))
            && !matches!(hint(record_type, attribute), Some(Hint::Skip))
    }

    /// Fills a place; says whether there is a value now.
    fn set(&self, slot: Slot<'_>, owner: &'static Type, attribute: &Attribute, kind: Kind) -> bool {
        match slot {
            Slot::Text(slot) => {
                let text = self.text(owner, attribute, kind);
                std::iter::once(text.as_str())
                    .chain(["example", "1", "true", "http://example.com/"])
                    .any(|text| slot.put(text, true) == Verdict::Conforming)
            }
            Slot::Integer(slot) => {
                *slot = Some(Self::integer(owner, attribute));
                true
            }
            Slot::Boolean(slot) => {
                *slot = Some(matches!(hint(owner, attribute), Some(Hint::Boolean(true)) | None));
                true
            }
            Slot::Any(slot) => {
                *slot = self.any(owner, attribute, kind);
                slot.is_some()
            }
            Slot::Map(map) => {
                self.map(map, attribute);
                true
            }
            Slot::Ref(reference) => {
                self.reference(reference, owner, attribute, matches!(attribute.kind, Kind::Array(_)));
                true
            }
            Slot::Record(record) => self.structure(record),
            Slot::List(list) => {
                self.list(list, owner, attribute, kind);
                true
            }
        }
    }

    fn structure(&self, record: &mut dyn Record) -> bool {
        if self.depth == 0 {
            return false;
        }
        let depth = self.depth - 1;
        Self { depth, brief: false, ..self.clone() }.fill(record);
        true
    }

    fn list(&self, list: &mut dyn List, owner: &'static Type, attribute: &Attribute, kind: Kind) {
        let Kind::Array(item) = kind else { return };
        if let Kind::Structure(operation) = *item
            && operation().is_named("operation")
        {
            return self.operations(list, owner);
        }
        let members = owner.members.is_some_and(|members| members.grouping == attribute.name);
        for number in 1..=if members { MEMBERS } else { 1 } {
            let filled = match list.push() {
                Slot::Record(record) if members => {
                    let path = format!("{}/{number}", self.path);
                    Self { path, number, brief: true, ..self.clone() }.fill(record);
                    true
                }
                slot => self.set(slot, owner, attribute, *item),
            };
            if !filled {
                list.pop();
            }
        }
    }

    /// What may be done with it, in the state that the example has.
    fn operations(&self, list: &mut dyn List, owner: &'static Type) {
        let state = self.state(owner);
        for &name in owner.operations {
            let transitions = owner.lifecycle.map_or(&[][..], |lifecycle| lifecycle.transitions);
            let mut of_this = transitions.iter().filter(|transition| transition.action == name).peekable();
            let now = |from: &[&str]| state.as_deref().is_none_or(|state| from.contains(&state));
            if of_this.peek().is_some() && !of_this.any(|transition| now(transition.from)) {
                continue;
            }
            let action = !matches!(name, "add" | "delete" | "edit" | "insert" | "remove");
            let rel =
                if action { format!("{}/action/{name}", owner.namespace_in(Dialect::V2)) } else { name.to_owned() };
            let href = if action { format!("{}/{name}", self.path) } else { self.path.clone() };
            if let Slot::Record(operation) = list.push() {
                put(operation, "rel", &rel);
                put(operation, "href", &href);
            }
        }
    }

    /// The state in the example.
    fn state(&self, owner: &'static Type) -> Option<String> {
        let attribute = owner.attributes.iter().find(|attribute| attribute.name == "state")?;
        Some(self.text(owner, attribute, attribute.kind))
    }

    fn reference(&self, reference: &mut dyn Reference, owner: &Type, attribute: &Attribute, one_of_many: bool) {
        let by_value = attribute.v1_no_href && self.dialect == Dialect::V1;
        if by_value && self.depth > 0 {
            let depth = self.depth - 1;
            Self { depth, brief: true, ..self.clone() }.fill(reference.record_mut());
            return;
        }
        let href = match hint(owner, attribute) {
            Some(Hint::Text(path)) => (*path).to_owned(),
            _ => self.href(reference.target(), attribute, one_of_many),
        };
        *reference.href_mut() = Some(Uri::from(href.as_str()));
    }

    fn href(&self, target: &Type, attribute: &Attribute, one_of_many: bool) -> String {
        match target.members {
            // A collection belongs to the resource that refers to it.
            Some(_) => self.beneath(attribute.name),
            None if target.name != "Resource" => path_of(target),
            // Of a target of any type, the name of the attribute tells most.
            None if !one_of_many && attribute.name.ends_with('s') => self.beneath(attribute.name),
            None => values::path(attribute.name).map_or_else(
                || format!("{}/1", plural(if one_of_many { attribute.item } else { attribute.name })),
                str::to_owned,
            ),
        }
    }

    /// The path of a collection in the resource.
    fn beneath(&self, name: &str) -> String {
        match self.path.as_str() {
            "cloudEntryPoint" => name.to_owned(),
            path => format!("{path}/{name}"),
        }
    }

    fn map(&self, map: &mut Map, attribute: &Attribute) {
        match attribute.keys.and_then(|keys| keys.of.first()) {
            Some((_, keys)) => {
                for (key, value) in self.object(keys()).iter() {
                    map.insert(key, value.clone());
                }
            }
            None => {
                for (key, value) in values::pairs(attribute) {
                    map.insert(*key, *value);
                }
            }
        }
    }

    /// The attributes of a type that only describes what stands here.
    fn object(&self, record_type: &'static Type) -> Object {
        let shown = record_type.attributes.iter().filter(|attribute| self.shows(record_type, attribute));
        let member = |attribute: &Attribute| Some((attribute.name, self.any(record_type, attribute, attribute.kind)?));
        shown.filter_map(member).collect()
    }

    fn any(&self, owner: &'static Type, attribute: &Attribute, kind: Kind) -> Option<Any> {
        Some(match kind {
            Kind::Integer => Any::from(Self::integer(owner, attribute)),
            Kind::Boolean => Any::from(!matches!(hint(owner, attribute), Some(Hint::Boolean(false)))),
            Kind::Structure(of) if self.depth > 0 => {
                Any::Object(Self { depth: self.depth - 1, ..self.clone() }.object(of()))
            }
            Kind::Array(item) => Any::Array(vec![self.any(owner, attribute, *item)?]),
            Kind::Ref(target) => [("href", self.href(target(), attribute, false))].into_iter().collect(),
            Kind::Map | Kind::Structure(_) => return None,
            Kind::Any => values::any(attribute.name),
            _ => Any::from(self.text(owner, attribute, kind)),
        })
    }

    fn integer(owner: &Type, attribute: &Attribute) -> i64 {
        let value = match hint(owner, attribute) {
            Some(Hint::Integer(value)) => *value,
            _ if owner.members.is_some() && attribute.name == "count" => i64::try_from(MEMBERS).unwrap_or(0),
            _ => values::integer(attribute),
        };
        attribute.range.map_or(value, |(least, most)| value.max(least).min(most))
    }

    fn text(&self, owner: &'static Type, attribute: &Attribute, kind: Kind) -> String {
        if let Some((prefix, _)) = owner
            .attributes
            .iter()
            .find_map(|other| other.keys.filter(|keys| keys.by == attribute.name).and_then(|keys| keys.of.first()))
        {
            return (*prefix).to_owned();
        }
        match (hint(owner, attribute), kind) {
            (Some(Hint::Text(text)), _) => (*text).to_owned(),
            (_, Kind::Uri) if attribute.name == "id" => self.path.clone(),
            (_, Kind::String) if attribute.name == "name" => format!("{}-{}", values::name(owner), self.number),
            (_, Kind::Enumeration(known)) => Self::value(owner, attribute, known).to_owned(),
            (_, Kind::String) => words(attribute.name),
            _ => values::text(kind, attribute.name),
        }
    }

    /// One of the values of an enumeration: of states, one that lasts.
    fn value(owner: &Type, attribute: &Attribute, known: &[&'static str]) -> &'static str {
        let states =
            owner.lifecycle.filter(|_| attribute.name == "state").map_or(&[][..], |lifecycle| lifecycle.states);
        let passes = |value: &str| {
            let state = states.iter().find(|state| state.name == value);
            state.map_or_else(|| value.ends_with("ING"), |state| state.transient)
        };
        known.iter().find(|value| !passes(value)).or_else(|| known.first()).copied().unwrap_or_default()
    }
}

/// How many members a collection has.
const MEMBERS: usize = 2;

/// Sets a text by the name of its attribute.
fn put(record: &mut dyn Record, name: &str, text: &str) {
    let Some(index) = record.record_type().find(name, 0) else { return };
    if let Some(Slot::Text(slot)) = record.get_mut(index).map(|value| value.slot()) {
        slot.put(text, true);
    }
}

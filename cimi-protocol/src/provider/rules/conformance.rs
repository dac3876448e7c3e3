//! Minimal conformance (7.1): what a provider has to have, seen from its entry point.
//!
//! [`check`] reads what a consumer can read, and reports each demand that is not met. It serves the tests of a provider,
//! and a consumer that wants to know what it is dealing with: `read` is the store of the one, a client of the other.
//!
//! ```
//! use cimi_model::reflect::Record;
//! use cimi_model::{CloudEntryPoint, Uri};
//! use cimi_protocol::provider::rules::conformance;
//!
//! let entry = CloudEntryPoint { id: Some("cep".into()), base_uri: Some("http://example.com/".into()), ..Default::default() };
//! let nothing = |_: &Uri| -> Option<Box<dyn Record>> { None };
//! let problems = conformance::check(&entry, &nothing);
//! assert_eq!(problems.len(), 4);
//! assert_eq!(
//!     problems[1].to_string(),
//!     "/CloudEntryPoint/machines: minimal conformance demands the collection (required, DSP0263 7.1, 5.12)"
//! );
//! ```
//!
//! Whether requests are carried out as they should be cannot be seen so: that a creation with a template by value works is
//! taken from the capability that says so, and that resources can be created and deleted from the operations that are
//! offered.

use cimi_model::capabilities::machine::MACHINE_TEMPLATE_BY_VALUE;
use cimi_model::describe::{Governing, effective};
use cimi_model::lifecycle;
use cimi_model::meta::{Attribute, Constraints, Kind, Type};
use cimi_model::reflect::{Described, Record, View};
use cimi_model::validate::{Problem, Rule, Severity, Validation};
use cimi_model::{
    AttributeDescription, CloudEntryPoint, Dialect, Format, Machine, MachineConfiguration, MachineImage,
    ResourceMetadata, Uri, attributes,
};

/// Reads the whole resource or collection with this URI, which is as the provider wrote it.
pub type Read<'r> = &'r dyn Fn(&Uri) -> Option<Box<dyn Record>>;

/// How a provider is inspected.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct Inspection<'a> {
    /// The version that the provider speaks.
    pub dialect: Dialect,
    /// The formats that it has its resources in.
    pub formats: &'a [Format],
    /// How many resources of each collection are looked at.
    pub sample: usize,
}

impl Default for Inspection<'_> {
    /// A provider of 2.0 with both formats, of which 10 resources of each kind are looked at.
    fn default() -> Self {
        Self { dialect: Dialect::default(), formats: &[Format::Json, Format::Xml], sample: 10 }
    }
}

/// The demands of 7.1 that a provider does not meet, with the clause of each; an [`Inspection`] with other options says
/// the same of other versions.
#[must_use]
pub fn check(entry: &CloudEntryPoint, read: Read<'_>) -> Vec<Problem> {
    Inspection::default().problems(entry, read)
}

/// What 7.1 demands of a type.
struct Demand {
    /// The attribute of the entry point with its collection.
    collection: &'static str,
    item: fn() -> &'static Type,
    /// The attributes that are implemented at least.
    attributes: &'static [&'static str],
    /// The clause of the type.
    clause: &'static str,
}

const DEMANDS: [Demand; 3] = [
    Demand {
        collection: "machines",
        item: Machine::described,
        attributes: &["cpu", "memory", "disks", "cpuArch", "cpuSpeed"],
        clause: "7.1, 5.14.1",
    },
    Demand {
        collection: "machineImages",
        item: MachineImage::described,
        attributes: &["imageLocation"],
        clause: "7.1, 5.14.7",
    },
    Demand {
        collection: "machineConfigs",
        item: MachineConfiguration::described,
        attributes: &["cpu", "memory", "disks", "cpuArch", "cpuSpeed"],
        clause: "7.1, 5.14.5",
    },
];

impl Inspection<'_> {
    /// The demands of 7.1 that a provider does not meet. The paths begin at the entry point, as if all references were
    /// expanded: `/CloudEntryPoint/machines/machines[0]/cpu`.
    ///
    /// Whatever is read is also held against the standard as a whole (5.5), as [`Validation::read`] does it.
    #[must_use]
    pub fn problems(&self, entry: &CloudEntryPoint, read: Read<'_>) -> Vec<Problem> {
        let base = entry.base_uri.as_ref();
        let mut visit =
            Visit { dialect: self.dialect, sample: self.sample, base, read, metadata: &[], problems: Vec::new() };
        for format in [Format::Json, Format::Xml] {
            if !self.formats.contains(&format) {
                let text = format!("resources have no representation in {format:?}");
                visit.report("/".to_owned(), Rule::Required, "7.1, 4.1.4", text);
            }
        }
        visit.validate(entry, "/CloudEntryPoint");
        let metadata = visit.metadata(entry);
        visit.metadata = &metadata;
        for demand in &DEMANDS {
            visit.resources(entry, demand);
        }
        visit.problems
    }
}

/// One inspection.
struct Visit<'v> {
    dialect: Dialect,
    sample: usize,
    base: Option<&'v Uri>,
    read: Read<'v>,
    metadata: &'v [ResourceMetadata],
    problems: Vec<Problem>,
}

impl Visit<'_> {
    fn report(&mut self, path: String, rule: Rule, clause: &'static str, text: impl Into<String>) {
        self.problems.push(Problem::new(path, rule, Severity::Error, clause, text));
    }

    /// Reports the errors in a document that stands at this path.
    fn validate(&mut self, record: &dyn Record, path: &str) {
        let validation = Validation { dialect: Some(self.dialect), base_uri: self.base, ..Validation::read() };
        let mut errors = validation.problems(record);
        // A collection shows as much of its members as it likes, and these are read by themselves.
        let shown = |problem: &Problem| record.record_type().members.is_some() && problem.path.contains('[');
        errors.retain(|problem| {
            problem.severity == Severity::Error && !(problem.rule == Rule::Required && shown(problem))
        });
        self.problems.extend(errors.into_iter().map(|problem| {
            // Paths of a document begin with its type.
            let rest = problem.path.strip_prefix('/').and_then(|path| path.find('/').and_then(|at| path.get(at..)));
            let path = format!("{path}{}", rest.unwrap_or_default());
            Problem::new(path, problem.rule, problem.severity, problem.clause, problem.text)
        }));
    }

    /// A collection of the entry point, if it can be read and is one of this type.
    fn collection(&mut self, entry: &CloudEntryPoint, name: &str, item: &Type) -> Option<Box<dyn Record>> {
        let path = format!("/CloudEntryPoint/{name}");
        let View::Ref(reference) = attributes::get(entry, name) else {
            self.report(path, Rule::Required, "7.1, 5.12", "minimal conformance demands the collection");
            return None;
        };
        let collection = reference.href().and_then(self.read).or_else(|| reference.record().map(Record::boxed_clone));
        let Some(collection) = collection else {
            self.report(path, Rule::Reference, "7.1, 5.5.12", "the collection cannot be read");
            return None;
        };
        if !collection.record_type().members.is_some_and(|members| is_same((members.item)(), item)) {
            let text =
                format!("a {} stands here, and not a collection of {}", collection.record_type().name, item.name);
            self.report(path, Rule::Type, "7.1, 5.5.12", text);
            return None;
        }
        self.validate(&*collection, &path);
        Some(collection)
    }

    /// The first resources of a collection, each read by itself, with their paths.
    fn members(&mut self, name: &str, collection: &dyn Record) -> Vec<(String, Box<dyn Record>)> {
        let Some(members) = collection.record_type().members else { return Vec::new() };
        let Some(list) = attributes::list(collection, members.grouping) else { return Vec::new() };
        let mut found = Vec::new();
        for index in 0..list.len().min(self.sample) {
            let View::Record(member) = list.item(index) else { continue };
            let path = format!("/CloudEntryPoint/{name}/{}[{index}]", members.grouping);
            let id = attributes::text(member, "id").map(Uri::from);
            match id.as_ref().and_then(self.read) {
                Some(resource) if is_same(resource.record_type(), member.record_type()) => {
                    self.validate(&*resource, &path);
                    found.push((path, resource));
                }
                Some(_) => self.report(path, Rule::Type, "7.1, 5.5.12", "the id leads to a resource of another type"),
                None => self.report(path, Rule::Reference, "7.1, 5.5.12", "the id does not lead to the resource"),
            }
        }
        found
    }

    /// The metadata that the entry point leads to (5.11).
    fn metadata(&mut self, entry: &CloudEntryPoint) -> Vec<ResourceMetadata> {
        let name = "resourceMetadata";
        let Some(collection) = self.collection(entry, name, ResourceMetadata::described()) else { return Vec::new() };
        let members = self.members(name, &*collection);
        let mut all = Vec::new();
        for (path, metadata) in members {
            let Some(metadata) = metadata.as_any().downcast_ref::<ResourceMetadata>() else { continue };
            if metadata.name.as_ref().is_none_or(String::is_empty) {
                let text = "the metadata lacks the name of the type";
                self.report(format!("{path}/name"), Rule::Required, "7.1, 5.11", text);
            }
            for index in self.incomplete(metadata) {
                let text = "the description of the attribute lacks constraints";
                self.report(format!("{path}/attributes[{index}]"), Rule::Required, "7.1, 5.11", text);
            }
            all.push(metadata.clone());
        }
        if all.iter().all(|metadata| metadata.attributes.is_empty()) {
            let text = "no metadata describes attributes";
            self.report(format!("/CloudEntryPoint/{name}"), Rule::Required, "7.1, 5.11", text);
        }
        self.templates_by_value(&all);
        all
    }

    /// The descriptions of attributes that leave constraints open; `consumerMandatory` may be.
    fn incomplete(&self, metadata: &ResourceMetadata) -> Vec<usize> {
        let is_complete = |described: &AttributeDescription| match self.dialect {
            Dialect::V1 => described.required.is_some(),
            Dialect::V2 => {
                described.provider_mandatory.and(described.mutable).and(described.consumer_writable).is_some()
            }
        };
        let all = metadata.attributes.iter().enumerate();
        all.filter(|(_, described)| !is_complete(described)).map(|(index, _)| index).collect()
    }

    /// Machines are created with template data by value.
    fn templates_by_value(&mut self, all: &[ResourceMetadata]) {
        let governing = Governing { cep: all, ..Governing::default() };
        let granted = governing.metadata(Machine::described()).map(|(found, _)| MACHINE_TEMPLATE_BY_VALUE.get(found));
        let (severity, text) = match granted {
            Some(true) => return,
            Some(false) => (Severity::Error, "Machines cannot be created with a template by value"),
            None => (Severity::Warning, "no metadata says whether Machines can be created with a template by value"),
        };
        let path = "/CloudEntryPoint/resourceMetadata";
        self.problems.push(Problem::new(path, Rule::Capability, severity, "7.1, 4.2.1.1", text));
    }

    /// The collection and the resources of one type.
    fn resources(&mut self, entry: &CloudEntryPoint, demand: &Demand) {
        let described = (demand.item)();
        let Some(collection) = self.collection(entry, demand.collection, described) else { return };
        let path = || format!("/CloudEntryPoint/{}", demand.collection);
        if !offers(&*collection, "add") {
            self.report(path(), Rule::Operation, "7.1, 5.5.12.1", format!("no {} can be created", described.name));
        }
        self.unsupported(described, demand);
        let resources = self.members(demand.collection, &*collection);
        let settled = resources.iter().filter(|(_, resource)| !is_moving(&**resource));
        let mut settled = settled.peekable();
        if settled.peek().is_some() && !settled.clone().any(|(_, resource)| offers(&**resource, "delete")) {
            self.report(path(), Rule::Operation, "7.1, 4.2.1.4", format!("no {} can be deleted", described.name));
        }
        let settled: Vec<_> = settled.collect();
        for (path, resource) in settled {
            self.attributes(path, &**resource, demand);
        }
    }

    /// The attributes that the provider says it does not support.
    fn unsupported(&mut self, described: &'static Type, demand: &Demand) {
        let governing = Governing { cep: self.metadata, ..Governing::default() };
        for name in demand.attributes {
            let nobody = |constraints: Constraints| {
                !constraints.provider_mandatory && !constraints.mutable && !constraints.consumer_writable
            };
            if effective(described, name, &governing).is_some_and(|found| nobody(found.constraints)) {
                let path = format!("/CloudEntryPoint/{}/{name}", demand.collection);
                let text = "the metadata says that the provider does not support the attribute";
                self.report(path, Rule::Required, demand.clause, text);
            }
        }
    }

    /// The attributes of one resource: those of the type, and the common ones that a provider always includes.
    fn attributes(&mut self, path: &str, resource: &dyn Record, demand: &Demand) {
        for attribute in resource.record_type().attributes {
            let own = demand.attributes.contains(&attribute.name);
            // Whether other common attributes may be empty, and `id` is validated.
            let demanded = own || attribute.name == "parent";
            let absent = matches!(attributes::get(resource, attribute.name), View::Absent);
            if demanded && absent && self.dialect.has(attribute.versions) && !may_be_empty(attribute) {
                let clause = if own { demand.clause } else { "7.1, 5.7.1" };
                let text = "minimal conformance demands the attribute";
                self.report(format!("{path}/{}", attribute.name), Rule::Required, clause, text);
            }
        }
    }
}

fn is_same(a: &Type, b: &Type) -> bool {
    (a.name, a.namespace, a.role) == (b.name, b.namespace, b.role)
}

/// Whether a resource or collection offers an operation, now or at another time.
fn offers(record: &dyn Record, operation: &str) -> bool {
    let Some(list) = attributes::list(record, "operations") else { return false };
    (0..list.len()).any(|index| match list.item(index) {
        View::Record(offered) => attributes::text(offered, "rel").is_some_and(|rel| lifecycle::name(rel) == operation),
        _ => false,
    })
}

/// Whether a resource is not all there yet, or soon no longer.
fn is_moving(resource: &dyn Record) -> bool {
    matches!(attributes::text(resource, "state"), Some("CREATING" | "DELETING"))
}

/// Whether absence says that there are none (5.5.15).
fn may_be_empty(attribute: &Attribute) -> bool {
    match attribute.kind {
        Kind::Array(_) | Kind::Map => true,
        Kind::Ref(target) => target().members.is_some(),
        _ => false,
    }
}

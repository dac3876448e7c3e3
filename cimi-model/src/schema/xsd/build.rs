//! Puts the schemas together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Schema;
use super::names::{Found, Names, is_any_resource, reachable, schema_name};
use super::node::Node;
use super::rows::{Particle, sequence};
use super::text::of_type;
use crate::ext::AddedAttribute;
use crate::meta::{Role, Type, Wildcard, Wildcards, XmlForm};
use crate::scope::VSCOPE;
use crate::xml::member_type;
use crate::{Dialect, Registry};

/// Types that are not of a table.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Helper {
    /// A pair of strings.
    Property,
    /// A pair of a string and anything.
    MapItem,
    /// A reference to a resource of any type.
    ResourceRef,
    /// Anything.
    AnyValue,
}

impl Helper {
    const ALL: [Self; 4] = [Self::Property, Self::MapItem, Self::ResourceRef, Self::AnyValue];

    fn name(self) -> &'static str {
        match self {
            Self::Property => "Property",
            Self::MapItem => "MapItem",
            Self::ResourceRef => "ResourceRef",
            Self::AnyValue => "AnyValue",
        }
    }
}

/// What is in one schema.
#[derive(Default)]
struct Part {
    elements: BTreeMap<String, Node>,
    types: BTreeMap<String, Node>,
    imports: BTreeSet<&'static str>,
}

pub(super) struct Builder {
    pub(super) dialect: Dialect,
    pub(super) names: Names,
    /// The names of enumerations, by namespace, owner and attribute.
    pub(super) simple_types: HashMap<(&'static str, String, String), String>,
    /// The namespaces, that of CIMI first.
    namespaces: Vec<&'static str>,
    parts: BTreeMap<&'static str, Part>,
    /// The wrappers of arrays and maps: namespace, name and content.
    lists: Vec<(&'static str, String, Node)>,
    all: Vec<Found>,
    additions: Vec<&'static dyn AddedAttribute>,
}

impl Builder {
    pub(super) fn new(registry: &Registry, dialect: Dialect) -> Self {
        let all = reachable(registry, dialect);
        let additions: Vec<_> =
            registry.additions().filter(|addition| dialect.has(addition.value_type().versions)).collect();
        let own = all.iter().map(|found| found.described.namespace_in(dialect));
        let own: BTreeSet<&'static str> = own.chain(additions.iter().map(|addition| addition.namespace())).collect();
        let cimi = dialect.namespace();
        let namespaces: Vec<_> =
            [cimi].into_iter().chain(own.into_iter().filter(|&namespace| namespace != cimi)).collect();
        let mut names = Names::default();
        for &namespace in &namespaces {
            names.take(namespace, "Collection", "");
        }
        for helper in Helper::ALL {
            names.take(cimi, helper.name(), "");
        }
        names.take_types(&all, dialect);
        let (simple_types, lists) = (HashMap::new(), Vec::new());
        Self { dialect, names, simple_types, namespaces, parts: BTreeMap::new(), lists, all, additions }
    }

    pub(super) fn schemas(mut self) -> Vec<Schema> {
        let mut collections: BTreeMap<&'static str, Vec<&'static Type>> = BTreeMap::new();
        for Found { described, is_root, .. } in self.all.clone() {
            let namespace = described.namespace_in(self.dialect);
            if described.role == Role::Collection {
                if is_root {
                    collections.entry(namespace).or_default().push(described);
                }
                continue;
            }
            let definition = self.record(described);
            self.define(namespace, &self.names.of(described), definition);
            if is_root {
                self.root(described);
            }
        }
        for (namespace, collections) in collections {
            self.collection_root(namespace, &collections);
        }
        for addition in self.additions.clone() {
            self.addition(addition);
        }
        let files = files(&self.namespaces, self.dialect);
        self.namespaces.iter().map(|&namespace| self.schema(namespace, &files)).collect()
    }

    /// Adds a type to the schema of a namespace.
    pub(super) fn define(&mut self, namespace: &'static str, name: &str, definition: Node) {
        self.parts.entry(namespace).or_default().types.insert(name.to_owned(), definition);
    }

    /// The prefixed name of something in a namespace, as the schema of `within` spells it.
    pub(super) fn qualified(&mut self, within: &'static str, namespace: &'static str, name: &str) -> String {
        if namespace != within {
            self.parts.entry(within).or_default().imports.insert(namespace);
        }
        format!("{}:{name}", self.prefix(within, namespace))
    }

    fn prefix(&self, within: &str, namespace: &str) -> String {
        match self.namespaces.iter().position(|known| *known == namespace) {
            None | Some(0) => "cimi".to_owned(),
            Some(_) if namespace == within => "tns".to_owned(),
            Some(index) => format!("n{index}"),
        }
    }

    /// The name of the type of a value that is a record.
    pub(super) fn type_name(&mut self, within: &'static str, described: &'static Type) -> String {
        let name = self.names.of(described);
        self.qualified(within, described.namespace_in(self.dialect), &name)
    }

    /// The name of the type of references to a type, which is defined when it is used.
    pub(super) fn reference(&mut self, within: &'static str, target: &'static Type) -> String {
        if is_any_resource(target) {
            return self.helper(within, Helper::ResourceRef);
        }
        let namespace = target.namespace_in(self.dialect);
        let name = format!("{}Ref", self.names.of(target));
        let part = self.parts.entry(namespace).or_default();
        if !part.types.contains_key(&name) {
            // Said before it is defined, because types refer to one another in circles.
            part.types.insert(name.clone(), Node::new("xs:complexType"));
            let definition = if target.role == Role::Collection {
                self.collection(target).child(href()).child(foreign_attributes())
            } else {
                let base = self.type_name(namespace, target);
                let extension = Node::new("xs:extension").with("base", base).child(href());
                Node::new("xs:complexType").with("name", &*name).child(Node::new("xs:complexContent").child(extension))
            };
            let what = schema_name(target, self.dialect);
            let text = format!("A reference to a {what}, and its attributes where it is expanded or given by value.");
            self.define(namespace, &name, definition.documented(text));
        }
        self.qualified(within, namespace, &name)
    }

    pub(super) fn any_value(&mut self, within: &'static str) -> String {
        match self.dialect {
            Dialect::V1 => self.helper(within, Helper::AnyValue),
            Dialect::V2 => "xs:anyType".to_owned(),
        }
    }

    /// The name of a type that is not of a table, which is defined when it is used.
    pub(super) fn helper(&mut self, within: &'static str, helper: Helper) -> String {
        let (namespace, name) = (self.dialect.namespace(), helper.name());
        let attributes = match self.dialect {
            Dialect::V1 => any_attribute(Wildcard::Anything),
            Dialect::V2 => any_attribute(Wildcard::Foreign),
        };
        let key = Node::new("xs:attribute").with("name", "key").with("type", "xs:string").with("use", "required");
        let anything = Node::new("xs:sequence").children(any(Wildcard::Anything));
        let definition = Node::new("xs:complexType").with("name", name);
        let definition = match helper {
            Helper::Property => {
                let extension = Node::new("xs:extension").with("base", "xs:string").child(key).children(attributes);
                definition
                    .child(Node::new("xs:simpleContent").child(extension))
                    .documented("A key and its value.".into())
            }
            Helper::MapItem => {
                let attributes = any_attribute(Wildcard::Anything);
                let definition = definition.with("mixed", "true").child(anything).child(key).children(attributes);
                definition.documented("A key and its value, which may be of any type.".into())
            }
            Helper::ResourceRef => {
                let definition = definition.child(anything).child(href()).child(foreign_attributes());
                definition.documented(
                    "A reference to a resource of any type, and its attributes where it is expanded.".into(),
                )
            }
            Helper::AnyValue => definition
                .child(anything)
                .children(attributes)
                .documented("A value of any type (DSP0263 5.5.13).".into()),
        };
        self.define(namespace, name, definition);
        self.qualified(within, namespace, name)
    }

    /// The name of the type of an element around items. Equal ones are one type.
    pub(super) fn list(&mut self, within: &'static str, name: &str, owner: &str, item: Node) -> String {
        let known = self.lists.iter().find(|(namespace, _, known)| *namespace == within && *known == item);
        let name = if let Some((_, name, _)) = known {
            name.clone()
        } else {
            let name = self.names.take(within, name, owner);
            self.lists.push((within, name.clone(), item.clone()));
            let items = item.with("minOccurs", "0").with("maxOccurs", "unbounded");
            let list = Node::new("xs:complexType").with("name", &*name).child(Node::new("xs:sequence").child(items));
            self.define(within, &name, list.child(foreign_attributes()));
            name
        };
        self.qualified(within, within, &name)
    }

    /// The type of a record.
    fn record(&mut self, described: &'static Type) -> Node {
        let mut definition = Node::new("xs:complexType").with("name", self.names.of(described));
        let has_text = |xml| xml == XmlForm::Content && self.dialect == Dialect::V2;
        if (described.any && self.dialect == Dialect::V2) || self.rows(described).any(|row| has_text(row.xml)) {
            definition = definition.with("mixed", "true");
        }
        // Where anything may stand, what the standard names could not be told from it.
        let particles = if described.any { Vec::new() } else { self.particles(described) };
        let wildcards = self.wildcards(described);
        let ending = ending(wildcards.elements, &particles);
        let rest = if self.may_have_scopes(described) { Some(or_scopes()) } else { any(ending) };
        let content = Node::new("xs:sequence").children(sequence(particles)).children(rest);
        let attributes = self.xml_attributes(described);
        let definition = definition.child(content).children(attributes).children(any_attribute(wildcards.attributes));
        definition.documented(of_type(described, self.dialect))
    }

    /// Whether value scopes that no table names are in the namespace of the type (5.5.14).
    fn may_have_scopes(&self, described: &Type) -> bool {
        let is_cimi = described.namespace_in(self.dialect) == Dialect::V2.namespace();
        is_cimi && described.role == Role::Resource && !described.attributes.iter().any(|row| row.value_scopes)
    }

    fn wildcards(&self, described: &Type) -> Wildcards {
        match self.dialect {
            Dialect::V1 => described.wildcards_in_v1(),
            Dialect::V2 if described.any => Wildcards { elements: Wildcard::Anything, attributes: Wildcard::Anything },
            Dialect::V2 => Wildcards { elements: Wildcard::Foreign, attributes: Wildcard::Foreign },
        }
    }

    /// The type of a collection where it is expanded; nothing need be there.
    fn collection(&mut self, described: &'static Type) -> Node {
        let particles = self.particles(described);
        let optional = particles.iter().any(|particle| particle.required);
        let mut content = Node::new("xs:sequence");
        if optional {
            content = content.with("minOccurs", "0");
        }
        let ending = ending(self.wildcards(described).elements, &particles);
        let content = content.children(sequence(particles)).children(any(ending));
        Node::new("xs:complexType").with("name", format!("{}Ref", self.names.of(described))).child(content)
    }

    /// The element of documents of a type.
    fn root(&mut self, described: &'static Type) {
        let namespace = described.namespace_in(self.dialect);
        let type_name = self.type_name(namespace, described);
        let name = schema_name(described, self.dialect);
        let element = Node::new("xs:element").with("name", name).with("type", type_name);
        self.parts.entry(namespace).or_default().elements.insert(name.to_owned(), element);
    }

    /// The element of an attribute that types of other namespaces may have.
    fn addition(&mut self, addition: &'static dyn AddedAttribute) {
        let (namespace, name) = (addition.namespace(), addition.name());
        let type_name = self.type_name(namespace, addition.value_type());
        let element = Node::new("xs:element").with("name", name).with("type", type_name);
        let element = element.documented(addition.doc().to_owned());
        self.parts.entry(namespace).or_default().elements.insert(name.to_owned(), element);
    }

    /// The element of documents that are collections, whatever their members.
    fn collection_root(&mut self, namespace: &'static str, collections: &[&'static Type]) {
        let Some(&first) = collections.first() else { return };
        let mut particles = Vec::new();
        for attribute in self.rows(first) {
            if member_type(attribute).is_none() {
                particles.extend(self.particle(first, attribute));
            } else if self.dialect == Dialect::V2 {
                particles.push(Particle::optional(self.groupings(namespace, collections)));
            }
        }
        let ending = match self.dialect {
            Dialect::V1 => {
                // The official schema leaves open what follows; members are validated by their own elements.
                particles.retain(Particle::is_certain);
                Wildcard::Anything
            }
            Dialect::V2 => Wildcard::Foreign,
        };
        let content = Node::new("xs:sequence").children(sequence(particles)).children(any(ending));
        let uri = Node::new("xs:attribute").with("name", "resourceURI").with("type", "xs:anyURI");
        let uri = uri.with("use", "required").documented("The type of the collection.".into());
        let attributes = any_attribute(Wildcard::Anything);
        let definition = Node::new("xs:complexType").with("name", "Collection").child(content).child(uri);
        let text = "A collection of resources of one type (DSP0263 5.5.12).".into();
        self.define(namespace, "Collection", definition.children(attributes).documented(text));
        let type_name = self.qualified(namespace, namespace, "Collection");
        let element = Node::new("xs:element").with("name", "Collection").with("type", type_name);
        self.parts.entry(namespace).or_default().elements.insert("Collection".to_owned(), element);
    }

    /// One of the elements that hold the members of collections.
    fn groupings(&mut self, namespace: &'static str, collections: &[&'static Type]) -> Node {
        let mut by_name: BTreeMap<&'static str, Vec<(&'static Type, Node)>> = BTreeMap::new();
        for &collection in collections {
            let Some(members) = collection.members else { continue };
            let member = self.member(namespace, (members.item)());
            by_name.entry(members.grouping_in(self.dialect)).or_default().push((collection, member));
        }
        let mut choice = Node::new("xs:choice");
        for (name, mut members) in by_name {
            let owner = members.first().map(|(collection, _)| self.names.of(collection)).unwrap_or_default();
            let item = match (members.pop(), members.is_empty()) {
                (Some((_, member)), true) => member,
                (last, _) => Node::new("xs:choice").children(members.into_iter().chain(last).map(|(_, member)| member)),
            };
            let list = self.list(namespace, &format!("{owner}Members"), "", item);
            choice = choice.child(Node::new("xs:element").with("name", name).with("type", list));
        }
        choice
    }

    /// The schema of a namespace.
    fn schema(&self, namespace: &'static str, files: &[String]) -> Schema {
        let empty = Part::default();
        let part = self.parts.get(namespace).unwrap_or(&empty);
        let file_of = |namespace: &str| {
            let position = self.namespaces.iter().position(|known| *known == namespace);
            position.and_then(|position| files.get(position)).cloned().unwrap_or_default()
        };
        let mut root = Node::new("xs:schema").with("xmlns:xs", "http://www.w3.org/2001/XMLSchema");
        for &known in part.imports.iter().chain([&namespace]) {
            root = root.with(&format!("xmlns:{}", self.prefix(namespace, known)), known);
        }
        root = root.with("targetNamespace", namespace).with("elementFormDefault", "qualified");
        root = root.with("blockDefault", "#all").documented(self.title(namespace));
        for known in &part.imports {
            root = root.child(Node::new("xs:import").with("namespace", *known).with("schemaLocation", file_of(known)));
        }
        let text = root.children(part.elements.values().cloned()).children(part.types.values().cloned()).to_document();
        Schema { namespace: namespace.to_owned(), file: file_of(namespace), text }
    }

    fn title(&self, namespace: &str) -> String {
        let version = match self.dialect {
            Dialect::V1 => "1.x",
            Dialect::V2 => "2.0",
        };
        if namespace == self.dialect.namespace() {
            format!("CIMI {version} (DSP0263). Generated from the tables of cimi-model.")
        } else {
            format!("Types of {namespace} in CIMI {version}. Generated from the tables of a provider.")
        }
    }
}

/// The wildcard after these elements: where the last may be absent or repeated, an element of the schema's own
/// namespace could not be told from it.
fn ending(wanted: Wildcard, particles: &[Particle]) -> Wildcard {
    match wanted {
        Wildcard::Anything if particles.last().is_some_and(|last| !last.is_certain()) => Wildcard::Foreign,
        wanted => wanted,
    }
}

fn any(wildcard: Wildcard) -> Option<Node> {
    Some(namespace_of(Node::new("xs:any"), wildcard)?.with("minOccurs", "0").with("maxOccurs", "unbounded"))
}

/// What no table knows, and the scopes that any resource may have, in any order.
fn or_scopes() -> Node {
    let scopes = Node::new("xs:element").with("name", VSCOPE).with("type", "xs:anyType");
    let others = namespace_of(Node::new("xs:any"), Wildcard::Foreign);
    Node::new("xs:choice").with("minOccurs", "0").with("maxOccurs", "unbounded").child(scopes).children(others)
}

fn any_attribute(wildcard: Wildcard) -> Option<Node> {
    namespace_of(Node::new("xs:anyAttribute"), wildcard)
}

fn foreign_attributes() -> Node {
    Node::new("xs:anyAttribute").with("namespace", "##other").with("processContents", "lax")
}

fn namespace_of(node: Node, wildcard: Wildcard) -> Option<Node> {
    let namespace = match wildcard {
        Wildcard::Nothing => return None,
        Wildcard::Foreign => "##other",
        Wildcard::Anything => "##any",
    };
    Some(node.with("namespace", namespace).with("processContents", "lax"))
}

fn href() -> Node {
    Node::new("xs:attribute").with("name", "href").with("type", "xs:anyURI")
}

/// The names of files: `cimi-2.xsd` and, for a provider's namespace, what is left of it in a file name.
fn files(namespaces: &[&'static str], dialect: Dialect) -> Vec<String> {
    let mut files: Vec<String> = Vec::new();
    for namespace in namespaces {
        let stem = if *namespace == dialect.namespace() {
            match dialect {
                Dialect::V1 => "cimi-1".to_owned(),
                Dialect::V2 => "cimi-2".to_owned(),
            }
        } else {
            let rest = namespace.split_once("://").map_or(*namespace, |(_, rest)| rest);
            rest.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect()
        };
        let numbered = (2..).map(|number| format!("{stem}-{number}.xsd"));
        let mut candidates = [format!("{stem}.xsd")].into_iter().chain(numbered);
        files.extend(candidates.find(|file| !files.contains(file)));
    }
    files
}

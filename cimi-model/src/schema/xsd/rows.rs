//! What the rows of a table become.

use super::build::{Builder, Helper};
use super::names::schema_name;
use super::node::Node;
use super::simple::TypeUse;
use super::text::described;
use crate::Dialect;
use crate::meta::{Attribute, Kind, Type, XmlForm};
use crate::names::upper_first;
use crate::xml::member_type;

/// An element of a type, before it is known how often it stands there.
pub(super) struct Particle {
    element: Node,
    pub(super) required: bool,
    many: bool,
    alternative: Option<&'static str>,
}

impl Particle {
    /// An element that stands at most once.
    pub(super) fn optional(element: Node) -> Self {
        Self { element, required: false, many: false, alternative: None }
    }

    /// Whether it stands there exactly once.
    pub(super) fn is_certain(&self) -> bool {
        self.required && !self.many && self.alternative.is_none()
    }

    fn finish(self) -> Node {
        let element = if self.required { self.element } else { self.element.with("minOccurs", "0") };
        if self.many { element.with("maxOccurs", "unbounded") } else { element }
    }
}

/// The elements of a sequence; those of alternatives in a choice.
pub(super) fn sequence(particles: Vec<Particle>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut particles = particles.into_iter().peekable();
    while let Some(first) = particles.next() {
        let Some(label) = first.alternative else {
            nodes.push(first.finish());
            continue;
        };
        let mut branches = vec![(label, vec![first])];
        while let Some(next) = particles.next_if(|next| next.alternative.is_some()) {
            match branches.last_mut() {
                Some((label, branch)) if next.alternative == Some(*label) => branch.push(next),
                _ => branches.push((next.alternative.unwrap_or_default(), vec![next])),
            }
        }
        nodes.push(choice(branches.into_iter().map(|(_, branch)| branch).collect()));
    }
    nodes
}

fn choice(branches: Vec<Vec<Particle>>) -> Node {
    let required = branches.iter().all(|branch| branch.iter().any(|particle| particle.required));
    let mut choice = Node::new("xs:choice");
    if !required {
        choice = choice.with("minOccurs", "0");
    }
    choice.children(branches.into_iter().map(|branch| {
        let alone = branch.len() == 1;
        let nodes = branch.into_iter().map(|particle| Particle { required: alone || particle.required, ..particle });
        let mut nodes: Vec<Node> = nodes.map(Particle::finish).collect();
        match nodes.pop() {
            Some(node) if alone => node,
            last => Node::new("xs:sequence").children(nodes).children(last),
        }
    }))
}

impl Builder {
    /// The elements of a type, in the order of its table.
    pub(super) fn particles(&mut self, owner: &'static Type) -> Vec<Particle> {
        let mut particles = Vec::new();
        for attribute in self.rows(owner) {
            if self.is_flat(attribute) {
                if let (true, Kind::Ref(target)) = (attribute.v1_flat_target, attribute.kind_in(self.dialect)) {
                    let target = target();
                    let rows = self.rows(target).filter(|attribute| !attribute.v1_flat);
                    particles.extend(rows.filter_map(|attribute| self.particle(target, attribute)));
                }
            } else {
                particles.extend(self.particle(owner, attribute));
            }
        }
        particles
    }

    /// The XML attributes of a type.
    pub(super) fn xml_attributes(&mut self, owner: &'static Type) -> Vec<Node> {
        let mut nodes = Vec::new();
        for attribute in self.rows(owner) {
            if self.is_flat(attribute) {
                nodes.push(Node::new("xs:attribute").with("name", "href").with("type", "xs:anyURI"));
            } else if attribute.xml == XmlForm::Attribute {
                let scalar = self.scalar(owner, attribute, attribute.kind_in(self.dialect));
                let node = scalar.on(Node::new("xs:attribute").with("name", attribute.name_in(self.dialect)));
                let node = if self.is_required(attribute) { node.with("use", "required") } else { node };
                nodes.push(described(node, attribute));
            }
        }
        nodes
    }

    /// The rows that the dialect has.
    pub(super) fn rows(&self, owner: &'static Type) -> impl Iterator<Item = &'static Attribute> + use<> {
        let dialect = self.dialect;
        owner.attributes.iter().filter(move |attribute| dialect.has(attribute.versions))
    }

    /// Whether 1.x writes the reference straight into the structure.
    fn is_flat(&self, attribute: &Attribute) -> bool {
        self.dialect == Dialect::V1 && attribute.v1_flat
    }

    fn is_required(&self, attribute: &Attribute) -> bool {
        self.dialect == Dialect::V1 && attribute.v1_required
    }

    /// The element of a row, if it is one.
    pub(super) fn particle(&mut self, owner: &'static Type, attribute: &'static Attribute) -> Option<Particle> {
        // The official schema of 1.x admits any elements in place of a content without a name.
        let unnamed = attribute.xml == XmlForm::Content && self.dialect == Dialect::V1;
        if attribute.xml == XmlForm::Attribute || unnamed {
            return None;
        }
        let kind = attribute.kind_in(self.dialect);
        let wrapped = self.dialect == Dialect::V2 && !attribute.unwrapped;
        let (element, many) = match kind {
            Kind::Array(item) if !wrapped => (self.item(owner, attribute, *item), !self.is_single(attribute)),
            Kind::Map if !wrapped => (self.map_item(owner, attribute), true),
            Kind::Array(item) => {
                let item = self.item(owner, attribute, *item);
                (self.wrapper(owner, attribute, item), false)
            }
            Kind::Map => {
                let item = self.map_item(owner, attribute);
                (self.wrapper(owner, attribute, item), false)
            }
            kind => {
                let name = attribute.name_in(self.dialect);
                let element = self.of_kind(owner, attribute, kind).on(Node::new("xs:element").with("name", name));
                let element =
                    attribute.default.into_iter().fold(element, |element, value| element.with("default", value));
                // Each value scope of an array is an element.
                (element, attribute.value_scopes)
            }
        };
        let required = self.is_required(attribute);
        let alternative = attribute.v1_alternative.filter(|_| self.dialect == Dialect::V1);
        Some(Particle { element: described(element, attribute), required, many, alternative })
    }

    fn is_single(&self, attribute: &Attribute) -> bool {
        self.dialect == Dialect::V1 && attribute.v1_single
    }

    /// The type of a value of this kind.
    fn of_kind(&mut self, owner: &'static Type, attribute: &Attribute, kind: Kind) -> TypeUse {
        let within = owner.namespace_in(self.dialect);
        TypeUse::Named(match kind {
            // Of an element of its own, the value may be text.
            Kind::Any if attribute.xml == XmlForm::Element => "xs:anyType".to_owned(),
            Kind::Any => self.any_value(within),
            Kind::Ref(target) if self.dialect == Dialect::V1 && attribute.v1_no_href => {
                self.type_name(within, target())
            }
            Kind::Ref(target) => self.reference(within, target()),
            Kind::Structure(target) => self.type_name(within, target()),
            kind => return self.scalar(owner, attribute, kind),
        })
    }

    /// The element of one item of an array.
    fn item(&mut self, owner: &'static Type, attribute: &'static Attribute, kind: Kind) -> Node {
        let within = owner.namespace_in(self.dialect);
        if let Some(member) = member_type(attribute) {
            return self.member(within, member);
        }
        let name = attribute.item_in(self.dialect);
        self.of_kind(owner, attribute, kind).on(Node::new("xs:element").with("name", name))
    }

    /// The element of a member of a collection.
    pub(super) fn member(&mut self, within: &'static str, member: &'static Type) -> Node {
        let namespace = member.namespace_in(self.dialect);
        let name = self.qualified(within, namespace, schema_name(member, self.dialect));
        Node::new("xs:element").with("ref", name)
    }

    /// The element of one pair of a map.
    fn map_item(&mut self, owner: &'static Type, attribute: &Attribute) -> Node {
        let helper = if attribute.holds_strings() { Helper::Property } else { Helper::MapItem };
        let item = self.helper(owner.namespace_in(self.dialect), helper);
        Node::new("xs:element").with("name", attribute.item_in(self.dialect)).with("type", item)
    }

    /// The element around the items of an array or map.
    fn wrapper(&mut self, owner: &'static Type, attribute: &'static Attribute, item: Node) -> Node {
        let within = owner.namespace_in(self.dialect);
        let name = match member_type(attribute) {
            Some(_) => format!("{}Members", self.names.of(owner)),
            None => format!("{}List", upper_first(attribute.item_in(self.dialect))),
        };
        let list = self.list(within, &name, &self.names.of(owner), item);
        Node::new("xs:element").with("name", attribute.name_in(self.dialect)).with("type", list)
    }
}

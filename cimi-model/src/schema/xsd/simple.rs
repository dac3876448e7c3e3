//! The types of scalars.

use super::build::Builder;
use super::node::Node;
use crate::Dialect;
use crate::meta::{Attribute, Kind, Type};
use crate::names::upper_first;

/// The type of an element or attribute.
pub(super) enum TypeUse {
    /// One that has a name.
    Named(String),
    /// One that stands in the element itself.
    Inline(Node),
}

impl TypeUse {
    /// The declaration with its type.
    pub(super) fn on(self, declaration: Node) -> Node {
        match self {
            Self::Named(name) => declaration.with("type", name),
            Self::Inline(node) => declaration.child(node),
        }
    }
}

impl Builder {
    /// The type of a scalar of this kind.
    pub(super) fn scalar(&mut self, owner: &'static Type, attribute: &Attribute, kind: Kind) -> TypeUse {
        // The official schema of 1.x restricts no values.
        if self.dialect == Dialect::V2 || owner.namespace.is_some() {
            match (kind, attribute.range) {
                (Kind::Enumeration(values), _) if attribute.closed => {
                    return self.enumeration(owner, attribute, values);
                }
                (Kind::Integer, Some(range)) => return TypeUse::Inline(ranged(range)),
                _ => {}
            }
        }
        TypeUse::Named(builtin(kind).to_owned())
    }

    fn enumeration(&mut self, owner: &'static Type, attribute: &Attribute, values: &[&str]) -> TypeUse {
        let namespace = owner.namespace_in(self.dialect);
        let key = (namespace, self.names.of(owner), attribute.name.to_owned());
        let name = if let Some(name) = self.simple_types.get(&key) {
            name.clone()
        } else {
            let name = self.names.take(namespace, &format!("{}{}", key.1, upper_first(attribute.name)), "");
            let values = values.iter().map(|value| Node::new("xs:enumeration").with("value", *value));
            let restriction = Node::new("xs:restriction").with("base", "xs:string").children(values);
            self.define(namespace, &name, Node::new("xs:simpleType").with("name", &*name).child(restriction));
            self.simple_types.insert(key, name.clone());
            name
        };
        TypeUse::Named(self.qualified(namespace, namespace, &name))
    }
}

fn builtin(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "xs:long",
        Kind::Boolean => "xs:boolean",
        Kind::Uri => "xs:anyURI",
        Kind::DateTime => "xs:dateTime",
        Kind::Duration => "xs:duration",
        Kind::Binary => "xs:hexBinary",
        _ => "xs:string",
    }
}

fn ranged((least, most): (i64, i64)) -> Node {
    let mut restriction = Node::new("xs:restriction").with("base", "xs:long");
    if least > i64::MIN {
        restriction = restriction.child(Node::new("xs:minInclusive").with("value", least.to_string()));
    }
    if most < i64::MAX {
        restriction = restriction.child(Node::new("xs:maxInclusive").with("value", most.to_string()));
    }
    Node::new("xs:simpleType").child(restriction)
}

//! Compares two XML Schemas by what they say, not by how they are built.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node};

/// A type, with groups and extensions put in their place.
#[derive(Debug, Default)]
struct Complex<'d> {
    mixed: bool,
    text: Option<String>,
    attributes: BTreeMap<String, (String, bool)>,
    any_attribute: Option<String>,
    content: Vec<Particle<'d>>,
}

#[derive(Debug)]
enum Particle<'d> {
    /// Name, how often, default, and type; elements that are declared elsewhere are compared there.
    Element(String, (String, String), Option<String>, Option<Type<'d>>),
    Choice(bool, Vec<Vec<Self>>),
    Optional(Vec<Self>),
    Any(String, (String, String)),
}

#[derive(Debug)]
enum Type<'d> {
    Builtin(String),
    Complex(Node<'d, 'd>),
}

struct Schema<'d>(Node<'d, 'd>);

impl<'d> Schema<'d> {
    fn named(&self, kind: &str, name: &str) -> Node<'d, 'd> {
        let name = name.rsplit(':').next().unwrap_or(name);
        let mut found = self.0.children().filter(|node| node.has_tag_name((XS, kind)));
        found.find(|node| node.attribute("name") == Some(name)).unwrap_or_else(|| panic!("{kind} {name} is missing"))
    }

    fn elements(&self) -> BTreeMap<&'d str, Node<'d, 'd>> {
        let elements = self.0.children().filter(|node| node.has_tag_name((XS, "element")));
        elements.filter_map(|node| Some((node.attribute("name")?, node))).collect()
    }

    /// The type of an element or attribute.
    fn type_of(&self, node: Node<'d, 'd>) -> Type<'d> {
        match node.attribute("type") {
            Some(name) if name.starts_with("xs:") => Type::Builtin(name.to_owned()),
            Some(name) => Type::Complex(self.named("complexType", name)),
            None => {
                Type::Complex(node.children().find(|child| child.has_tag_name((XS, "complexType"))).expect("a type"))
            }
        }
    }

    fn complex(&self, node: Node<'d, 'd>) -> Complex<'d> {
        let mut complex = Complex { mixed: node.attribute("mixed") == Some("true"), ..Complex::default() };
        self.add(node, &mut complex);
        complex
    }

    fn add(&self, node: Node<'d, 'd>, complex: &mut Complex<'d>) {
        for child in node.children().filter(Node::is_element) {
            match child.tag_name().name() {
                "annotation" => {}
                "attribute" => {
                    let declared =
                        (child.attribute("type").unwrap().to_owned(), child.attribute("use") == Some("required"));
                    complex.attributes.insert(child.attribute("name").unwrap().to_owned(), declared);
                }
                "anyAttribute" => complex.any_attribute = Some(namespace(child)),
                "complexContent" | "simpleContent" => self.add(child, complex),
                "extension" => {
                    let base = child.attribute("base").unwrap();
                    if base.starts_with("xs:") {
                        complex.text = Some(base.to_owned());
                    } else {
                        self.add(self.named("complexType", base), complex);
                    }
                    self.add(child, complex);
                }
                _ => complex.content.extend(self.particle(child)),
            }
        }
    }

    /// What a part of a content model says; a sequence says its parts.
    fn particle(&self, node: Node<'d, 'd>) -> Vec<Particle<'d>> {
        let occurs = |name| node.attribute(name).unwrap_or("1").to_owned();
        let times = (occurs("minOccurs"), occurs("maxOccurs"));
        match node.tag_name().name() {
            "element" => {
                let default = node.attribute("default").map(str::to_owned);
                let (name, type_of) = match node.attribute("ref") {
                    Some(name) => (name.rsplit(':').next().unwrap(), None),
                    None => (node.attribute("name").unwrap(), Some(self.type_of(node))),
                };
                vec![Particle::Element(name.to_owned(), times, default, type_of)]
            }
            "any" => vec![Particle::Any(namespace(node), times)],
            "group" => match node.attribute("ref") {
                Some(name) => self.particle(self.named("group", name)),
                None => self.parts(node),
            },
            "sequence" if times.0 == "0" => vec![Particle::Optional(self.parts(node))],
            "sequence" => self.parts(node),
            "choice" => {
                let branches =
                    node.children().filter(|child| child.is_element() && !child.has_tag_name((XS, "annotation")));
                let mut branches: Vec<_> = branches.map(|child| self.particle(child)).collect();
                let all = branches.len();
                branches.retain(|branch| !branch.is_empty());
                let optional = times.0 == "0" || branches.len() < all;
                match (branches.len(), branches.pop()) {
                    (1, Some(branch)) if optional => vec![Particle::Optional(branch)],
                    (_, last) => vec![Particle::Choice(optional, branches.into_iter().chain(last).collect())],
                }
            }
            "annotation" => Vec::new(),
            other => panic!("{other} is not understood"),
        }
    }

    fn parts(&self, node: Node<'d, 'd>) -> Vec<Particle<'d>> {
        node.children().filter(Node::is_element).flat_map(|child| self.particle(child)).collect()
    }
}

const XS: &str = "http://www.w3.org/2001/XMLSchema";

fn namespace(node: Node<'_, '_>) -> String {
    assert_eq!(node.attribute("processContents"), Some("lax"));
    node.attribute("namespace").unwrap_or("##any").to_owned()
}

/// Where two schemas differ. Gives the number of types that were compared, too.
pub fn differences(a: &str, b: &str) -> (usize, Vec<String>) {
    let (a, b) = (Document::parse(a).unwrap(), Document::parse(b).unwrap());
    let mut search =
        Search { a: Schema(a.root_element()), b: Schema(b.root_element()), seen: BTreeSet::new(), found: Vec::new() };
    let (elements, others) = (search.a.elements(), search.b.elements());
    let names = |elements: &BTreeMap<&str, _>| elements.keys().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    search.equal("the roots", &names(&elements), &names(&others));
    for (name, element) in elements {
        if let Some(other) = others.get(name) {
            let (a, b) = (search.a.type_of(element), search.b.type_of(*other));
            search.types(name, &a, &b);
        }
    }
    (search.seen.len(), search.found)
}

struct Search<'d> {
    a: Schema<'d>,
    b: Schema<'d>,
    seen: BTreeSet<(u32, u32)>,
    found: Vec<String>,
}

impl<'d> Search<'d> {
    fn equal<T: PartialEq + std::fmt::Debug>(&mut self, path: &str, a: &T, b: &T) -> bool {
        if a != b {
            self.found.push(format!("{path}: {a:?}, not {b:?}"));
        }
        a == b
    }

    fn types(&mut self, path: &str, a: &Type<'d>, b: &Type<'d>) {
        match (a, b) {
            (Type::Builtin(a), Type::Builtin(b)) => {
                self.equal(path, a, b);
            }
            (Type::Complex(a), Type::Complex(b)) => {
                if !self.seen.insert((a.id().get(), b.id().get())) {
                    return;
                }
                let (a, b) = (self.a.complex(*a), self.b.complex(*b));
                self.equal(path, &(a.mixed, &a.text, &a.any_attribute), &(b.mixed, &b.text, &b.any_attribute));
                self.equal(path, &a.attributes, &b.attributes);
                self.contents(path, &a.content, &b.content);
            }
            (a, b) => self.found.push(format!("{path}: {a:?}, not {b:?}")),
        }
    }

    fn contents(&mut self, path: &str, a: &[Particle<'d>], b: &[Particle<'d>]) {
        self.equal(&format!("{path} has so many parts"), &a.len(), &b.len());
        for (a, b) in a.iter().zip(b) {
            match (a, b) {
                (Particle::Element(name, times, default, a), Particle::Element(other, others, value, b)) => {
                    let path = format!("{path}/{name}");
                    if self.equal(&path, &(name, times, default), &(other, others, value)) {
                        match (a, b) {
                            (Some(a), Some(b)) => self.types(&path, a, b),
                            (None, None) => {}
                            _ => self.found.push(format!("{path}: declared in one place only")),
                        }
                    }
                }
                (Particle::Choice(optional, a), Particle::Choice(other, b)) => {
                    self.equal(path, &(optional, a.len()), &(other, b.len()));
                    a.iter().zip(b).for_each(|(a, b)| self.contents(path, a, b));
                }
                (Particle::Optional(a), Particle::Optional(b)) => self.contents(path, a, b),
                (Particle::Any(a, times), Particle::Any(b, others)) => {
                    self.equal(path, &(a, times), &(b, others));
                }
                (a, b) => self.found.push(format!("{path}: {a:?}, not {b:?}")),
            }
        }
    }
}

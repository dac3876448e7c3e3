//! Changes XML documents in one place.

use std::fmt::Write;

use super::Choices;

/// An element of a document that is to be changed.
#[derive(Clone)]
struct Element {
    namespace: String,
    name: String,
    attributes: Vec<(Option<String>, String, String)>,
    children: Vec<Node>,
}

#[derive(Clone)]
enum Node {
    Text(String),
    Element(Element),
}

/// The document with one change: an element or XML attribute left out, repeated, moved, renamed, emptied, filled with
/// something else, or added.
pub fn mutate(text: &str, choices: &mut Choices<'_>) -> String {
    let document = roxmltree::Document::parse(text).expect("XML");
    let mut root = element(document.root_element());
    let count = count(&root);
    let mut at = choices.below(256) * 256 + choices.below(256);
    at %= count;
    change(find(&mut root, &mut at).expect("an element"), choices);
    let mut out = String::new();
    write(&root, &mut out);
    out
}

fn element(node: roxmltree::Node<'_, '_>) -> Element {
    let attributes = node.attributes().map(|attribute| {
        (attribute.namespace().map(str::to_owned), attribute.name().to_owned(), attribute.value().to_owned())
    });
    let children = node.children().filter_map(|child| {
        if child.is_element() {
            Some(Node::Element(element(child)))
        } else {
            child.text().filter(|_| child.is_text()).map(|text| Node::Text(text.to_owned()))
        }
    });
    Element {
        namespace: node.tag_name().namespace().unwrap_or_default().to_owned(),
        name: node.tag_name().name().to_owned(),
        attributes: attributes.collect(),
        children: children.collect(),
    }
}

fn elements(element: &Element) -> impl Iterator<Item = &Element> {
    element.children.iter().filter_map(|child| if let Node::Element(child) = child { Some(child) } else { None })
}

fn count(element: &Element) -> usize {
    1 + elements(element).map(count).sum::<usize>()
}

fn find<'e>(element: &'e mut Element, at: &mut usize) -> Option<&'e mut Element> {
    if *at == 0 {
        return Some(element);
    }
    *at -= 1;
    for child in &mut element.children {
        if let Node::Element(child) = child {
            let size = count(child);
            if *at < size {
                return find(child, at);
            }
            *at -= size;
        }
    }
    None
}

/// Elements of CIMI that are put where they may not belong.
const NAMES: &[&str] =
    &["Machine", "id", "count", "operation", "operations", "property", "item", "state", "memory", "capacity"];
const TEXTS: &[&str] =
    &["", "x", "1", "-1", "true", "2012-05-25T13:30:15Z", "PT1H", "99999999999999999999", " 7 ", "1.5", "http://["];

fn change(element: &mut Element, choices: &mut Choices<'_>) {
    let places = element.children.len();
    let added = || Element {
        namespace: element.namespace.clone(),
        name: "x".into(),
        attributes: Vec::new(),
        children: Vec::new(),
    };
    match choices.below(11) {
        0 if places > 0 => drop(element.children.remove(choices.below(places))),
        1 if places > 0 => {
            let again = element.children[choices.below(places)].clone();
            let place = choices.below(places + 1);
            element.children.insert(place, again);
        }
        2 if places > 1 => {
            let (from, to) = (choices.below(places), choices.below(places));
            element.children.swap(from, to);
        }
        3 => {
            let new = Element { name: choices.pick(NAMES).into(), ..added() };
            element.children.insert(choices.below(places + 1), Node::Element(new));
        }
        4 => {
            let namespace =
                choices.pick(&["", "urn:v", "http://schemas.dmtf.org/cimi/1", "http://schemas.dmtf.org/cimi/2"]);
            let new = Element { namespace: namespace.into(), ..added() };
            element.children.insert(choices.below(places + 1), Node::Element(new));
        }
        5 => element.children = vec![Node::Text(choices.pick(TEXTS).into())],
        6 => element.children.push(Node::Text(choices.pick(TEXTS).into())),
        7 if !element.attributes.is_empty() => {
            drop(element.attributes.remove(choices.below(element.attributes.len())));
        }
        8 if !element.attributes.is_empty() => {
            let place = choices.below(element.attributes.len());
            element.attributes[place].2 = choices.pick(TEXTS).into();
        }
        9 => {
            let name = choices.pick(&["href", "key", "name", "resourceURI", "plain", "value", "timestamp"]);
            let namespace = choices.chance(2).then(|| "urn:v".to_owned());
            element.attributes.retain(|known| known.1 != name);
            element.attributes.push((namespace, name.into(), choices.pick(TEXTS).into()));
        }
        _ => element.name = choices.pick(NAMES).into(),
    }
}

fn write(element: &Element, out: &mut String) {
    let _ = write!(out, "<{} xmlns=\"{}\"", element.name, escaped(&element.namespace));
    for (i, (namespace, name, value)) in element.attributes.iter().enumerate() {
        let value = escaped(value);
        let _ = match namespace.as_deref() {
            None => write!(out, " {name}=\"{value}\""),
            Some("http://www.w3.org/XML/1998/namespace") => write!(out, " xml:{name}=\"{value}\""),
            Some(namespace) => write!(out, " xmlns:m{i}=\"{}\" m{i}:{name}=\"{value}\"", escaped(namespace)),
        };
    }
    out.push('>');
    for child in &element.children {
        match child {
            Node::Text(text) => out.push_str(&escaped(text)),
            Node::Element(child) => write(child, out),
        }
    }
    let _ = write!(out, "</{}>", element.name);
}

fn escaped(text: &str) -> String {
    super::shuffle::escaped(text)
}

//! Puts what has no order in another order.

use super::Choices;

/// The JSON text with the members of every object in another order.
pub fn json(text: &str, choices: &mut Choices<'_>) -> String {
    let value: Box<serde_json::value::RawValue> = serde_json::from_str(text).expect("JSON");
    let mut out = String::new();
    shuffle_json(value.get(), choices, &mut out);
    out
}

fn shuffle_json(text: &str, choices: &mut Choices<'_>, out: &mut String) {
    use serde_json::value::RawValue;
    if text.starts_with('{') {
        let members: std::collections::BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).expect("an object");
        let mut members: Vec<_> = members.into_iter().collect();
        shuffle(&mut members, choices);
        out.push('{');
        for (i, (key, value)) in members.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            out.push_str(&serde_json::to_string(key).expect("a string"));
            out.push(':');
            shuffle_json(value.get(), choices, out);
        }
        out.push('}');
    } else if text.starts_with('[') {
        let items: Vec<Box<RawValue>> = serde_json::from_str(text).expect("an array");
        out.push('[');
        for (i, value) in items.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            shuffle_json(value.get(), choices, out);
        }
        out.push(']');
    } else {
        out.push_str(text);
    }
}

fn shuffle<T>(items: &mut [T], choices: &mut Choices<'_>) {
    for i in (1..items.len()).rev() {
        items.swap(i, choices.below(i + 1));
    }
}

/// The XML text with child elements in another order; runs of elements of one name stay together.
pub fn xml(text: &str, choices: &mut Choices<'_>) -> String {
    let document = roxmltree::Document::parse(text).expect("XML");
    let mut out = String::new();
    shuffle_xml(document.root_element(), choices, &mut out);
    out
}

fn shuffle_xml(node: roxmltree::Node<'_, '_>, choices: &mut Choices<'_>, out: &mut String) {
    let name = node.tag_name();
    put(out, format_args!("<{} xmlns=\"{}\"", name.name(), escaped(name.namespace().unwrap_or_default())));
    for (i, attribute) in node.attributes().enumerate() {
        match attribute.namespace() {
            None => put(out, format_args!(" {}=\"{}\"", attribute.name(), escaped(attribute.value()))),
            Some("http://www.w3.org/XML/1998/namespace") => {
                put(out, format_args!(" xml:{}=\"{}\"", attribute.name(), escaped(attribute.value())));
            }
            Some(namespace) => put(
                out,
                format_args!(
                    " xmlns:s{i}=\"{}\" s{i}:{}=\"{}\"",
                    escaped(namespace),
                    attribute.name(),
                    escaped(attribute.value())
                ),
            ),
        }
    }
    out.push('>');
    let text = node.children().any(|child| child.is_text());
    let mut runs: Vec<Vec<roxmltree::Node<'_, '_>>> = Vec::new();
    for child in node.children() {
        match runs.last_mut() {
            Some(run) if !text && run[0].tag_name() == child.tag_name() => run.push(child),
            _ => runs.push(vec![child]),
        }
    }
    if !text {
        shuffle(&mut runs, choices);
    }
    for child in runs.into_iter().flatten() {
        if child.is_text() {
            out.push_str(&escaped(child.text().unwrap_or_default()));
        } else {
            shuffle_xml(child, choices, out);
        }
    }
    put(out, format_args!("</{}>", name.name()));
}

pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' | '>' | '&' | '"' | '\r' | '\n' | '\t' => put(&mut out, format_args!("&#{};", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

fn put(out: &mut String, what: std::fmt::Arguments<'_>) {
    std::fmt::Write::write_fmt(out, what).unwrap();
}

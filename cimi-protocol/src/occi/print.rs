//! How renderings are written.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::rendering::{AttributeValue, Category, Link, Rendering};
use crate::{Error, ErrorKind, Result};

/// The fields of a rendering, one for each thing that it says.
pub(super) fn fields(rendering: &Rendering) -> Vec<(&'static str, String)> {
    let mut fields = Vec::new();
    fields.extend(rendering.categories.iter().map(|found| ("Category", category(found))));
    fields.extend(rendering.links.iter().map(|found| ("Link", link(found))));
    fields.extend(rendering.attributes.iter().map(|found| ("X-OCCI-Attribute", attribute(found))));
    fields.extend(rendering.locations.iter().map(|found| ("X-OCCI-Location", found.clone())));
    fields
}

pub(super) fn headers(rendering: &Rendering) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in fields(rendering) {
        let fail = || Error::new(ErrorKind::Header, format!("{name} has characters that a header field cannot have"));
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| fail())?;
        headers.append(name, HeaderValue::from_bytes(value.as_bytes()).map_err(|_| fail())?);
    }
    Ok(headers)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn category(category: &Category) -> String {
    let mut text = format!("{}; scheme={}", category.term, quoted(&category.scheme));
    let mut add = |name: &str, value: &str| {
        text.push_str("; ");
        text.push_str(name);
        text.push('=');
        text.push_str(&quoted(value));
    };
    if let Some(class) = &category.class {
        add("class", class.as_str());
    }
    let plain = [("title", &category.title), ("rel", &category.rel), ("location", &category.location)];
    for (name, value) in plain {
        if let Some(value) = value {
            add(name, value);
        }
    }
    for (name, words) in [("attributes", &category.attributes), ("actions", &category.actions)] {
        if !words.is_empty() {
            add(name, &words.join(" "));
        }
    }
    for (name, value) in &category.others {
        add(name, value);
    }
    text
}

fn attribute((name, value): &(String, AttributeValue)) -> String {
    match value {
        AttributeValue::Text(text) => format!("{name}={}", quoted(text)),
        AttributeValue::Number(_) | AttributeValue::Bool(_) => format!("{name}={value}"),
    }
}

fn link(link: &Link) -> String {
    let mut text = format!("<{}>; rel={}", link.target, quoted(&link.rel));
    for (name, value) in [("self", &link.own), ("category", &link.category)] {
        if let Some(value) = value {
            text = format!("{text}; {name}={}", quoted(value));
        }
    }
    for found in &link.attributes {
        text = format!("{text}; {}", attribute(found));
    }
    text
}

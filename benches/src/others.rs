//! What other libraries do with the same documents.

use std::collections::BTreeMap;
use std::hint::black_box;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};
use serde::{Deserialize, Serialize};

/// A collection as one would derive it by hand for just this purpose. Unknown members are dropped.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_field_names, reason = "named after the members")]
pub struct Machines {
    id: Option<String>,
    count: Option<i64>,
    machines: Vec<Machine>,
    operations: Option<Vec<Operation>>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Machine {
    id: Option<String>,
    name: Option<String>,
    description: Option<String>,
    created: Option<String>,
    updated: Option<String>,
    properties: Option<BTreeMap<String, String>>,
    state: Option<String>,
    cpu: Option<i64>,
    memory: Option<i64>,
    disks: Option<Reference>,
    cpu_arch: Option<String>,
    cpu_speed: Option<i64>,
    volumes: Option<Reference>,
    #[serde(alias = "networkInterfaces")]
    interfaces: Option<Reference>,
    latest_snapshot: Option<Reference>,
    snapshots: Option<Reference>,
    meters: Option<Reference>,
    event_log: Option<Reference>,
    operations: Option<Vec<Operation>>,
}

#[derive(Deserialize, Serialize)]
struct Reference {
    href: String,
}

#[derive(Deserialize, Serialize)]
struct Operation {
    rel: String,
    href: String,
}

/// The least that a namespace-aware XML reader can do: resolves the namespaces of elements and attributes,
/// normalizes attribute values, decodes text and the references in it, and keeps nothing.
///
/// Returns a sum, so that nothing of it can be left out.
pub fn xml_events(text: &str) -> usize {
    let mut reader = NsReader::from_str(text);
    let mut sum = 0;
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(tag) | Event::Empty(tag) => sum += start_tag(&reader, &tag),
            Event::Text(text) => sum += black_box(text.xml10_content()).len(),
            Event::CData(text) => sum += black_box(text.xml10_content()).len(),
            Event::GeneralRef(reference) => {
                let text = resolve_predefined_entity(&reference).expect("a predefined entity");
                sum += black_box(text).len();
            }
            Event::Eof => return sum,
            _ => {}
        }
    }
}

/// A tree of the whole document that borrows from the text: untyped, and gone with the text. Returns its size.
pub fn xml_tree(text: &str) -> usize {
    let document = roxmltree::Document::parse(text).expect("well-formed");
    black_box(&document).descendants().size_hint().0
}

fn start_tag(reader: &NsReader<&[u8]>, tag: &BytesStart<'_>) -> usize {
    let (namespace, local) = reader.resolver().resolve_element(tag.name());
    let mut sum = namespace_length(&namespace) + local.into_inner().len();
    for attribute in tag.attributes() {
        let attribute = attribute.expect("well-formed");
        let (namespace, local) = reader.resolver().resolve_attribute(attribute.key);
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).expect("well-formed");
        sum += namespace_length(&namespace) + local.into_inner().len() + black_box(value).len();
    }
    sum
}

fn namespace_length(found: &ResolveResult<'_>) -> usize {
    match black_box(found) {
        ResolveResult::Bound(namespace) => namespace.0.len(),
        ResolveResult::Unbound | ResolveResult::Unknown(_) => 0,
    }
}

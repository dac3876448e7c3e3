//! The page that shows the model, and the examples in it.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};

use cimi_model::meta::{Lifecycle, Role, State, Transition, Type};
use cimi_model::reflect::{Record, View, omitted};
use cimi_model::registry::Entry;
use cimi_model::schema::{html, sample};
use cimi_model::{Dialect, Document, Format, Machine, ReadOptions, Ref, Registry, WriteOptions, foreign_parts};

const DIALECTS: [Dialect; 2] = [Dialect::V1, Dialect::V2];

static LIFECYCLE: Lifecycle = Lifecycle::new(
    &[State::lasting("DARK"), State::transient("GLOWING"), State::lasting("<LIT>")],
    &[
        Transition::new("light", &["DARK"]).via("GLOWING").then("FLICKERING").to("<LIT>").capability("<Lightable>"),
        Transition::new("blink\"", &["<LIT>"]),
        Transition::new("break", &["DARK", "<LIT>"]).to("DARK").forced(),
    ],
)
.initial("DARK")
.changes(&[("<LIT>", &["DARK"])])
.reaches(&["wires"]);

cimi_model::open_enum! {
    /// Whether a lamp is lit.
    pub LampState {
        /// Off.
        Dark = "DARK",
        /// Going on.
        Glowing = "GLOWING",
        /// On.
        Lit = "<LIT>",
    }
}

cimi_model::record! {
    /// A structure within itself.
    pub Wire = "wire" Structure [namespace("urn:lamps")] {
        /// What it leads to.
        next: Vec<Wire> = "next" [item("wire")],
        /// Of copper.
        gauge: Option<i64> = "gauge" [range(7, 9)],
    }
}

cimi_model::resource! {
    /// A lamp: `<script>alert("1")</script>` & 'more' <script>alert(2)</script>.
    pub Lamp = "Lamp" [namespace("urn:lamps"), lifecycle(&LIFECYCLE), operations(&["edit", "light", "blink\""])] {
        /// The <b>state</b>.
        state: Option<LampState> = "state" [read_only, closed],
        /// Its power.
        power: Option<i64> = "power" [unit("<watt>"), range(1, 60)],
        /// What it is wired with.
        wires: Vec<Wire> = "wires" [item("wire")],
        /// The Machine it belongs to.
        machine: Option<Ref<Machine>> = "machine" [child],
    }
}
cimi_model::collection!(Lamp, "LampCollection", "lamps");

cimi_model::resource! {
    /// A type whose namespace is none.
    pub Hostile = "Hostile" [namespace("urn:\"><img src=x>")] {
        /// A hostile spelling.
        hostile: Option<String> = "hostile" [aliases(&["\"><script>alert(3)</script>"])],
    }
}

cimi_model::resource! {
    /// A type with a name of the standard.
    pub OtherMachine = "Machine" [namespace("urn:lamps"), v1_only] {}
}

fn own() -> Registry {
    Registry::standard().with_collection::<Lamp>().with::<OtherMachine>()
}

/// The page as a tree, which also says that it nests well. HTML's own are the DOCTYPE and elements without an end.
fn parse(page: &str) -> String {
    let mut xml = page.replacen("<!doctype html>\n", "", 1);
    for (begin, end) in [("<style>", "</style>"), ("<script>", "</script>")] {
        let start = xml.find(begin).expect("a part");
        let stop = xml.find(end).expect("its end");
        xml.replace_range(start + begin.len()..stop, "");
    }
    for void in ["<meta ", "<link ", "<input "] {
        let mut at = 0;
        while let Some(found) = xml[at..].find(void) {
            let close = at + found + xml[at + found..].find('>').expect("its end");
            xml.replace_range(close..=close, "/>");
            at = close;
        }
    }
    // An attribute without a value.
    for flag in [" hidden", " open", " checked"] {
        for end in [">", "/>"] {
            xml = xml.replace(&format!("{flag}{end}"), &format!("{flag}=\"\"{end}"));
        }
    }
    xml
}

fn ids<'a>(tree: &'a roxmltree::Document<'_>) -> BTreeMap<&'a str, roxmltree::Node<'a, 'a>> {
    let mut found = BTreeMap::new();
    for node in tree.descendants() {
        if let Some(id) = node.attribute("id") {
            assert!(found.insert(id, node).is_none(), "the identifier {id} occurs twice");
        }
    }
    found
}

fn text(node: &roxmltree::Node<'_, '_>) -> String {
    node.descendants().filter(roxmltree::Node::is_text).filter_map(|node| node.text()).collect()
}

#[test]
fn every_type_and_attribute_has_an_address() {
    let page = parse(&html(&Registry::standard()));
    let tree = roxmltree::Document::parse(&page).expect("well-formed");
    let ids = ids(&tree);
    let all = Registry::standard().types();
    let mut names = BTreeSet::new();
    for found in &all {
        if !names.insert(found.name) {
            continue;
        }
        let section = ids.get(found.name).unwrap_or_else(|| panic!("{} has no section", found.name));
        let shown = text(section);
        assert!(shown.contains(found.clause), "{} does not say its clause", found.name);
        for attribute in found.attributes {
            let id = format!("{}.{}", found.name, attribute.name);
            let row = ids.get(id.as_str()).unwrap_or_else(|| panic!("{id} has no row"));
            let shown = text(row);
            for part in [attribute.unit, attribute.v1_name].into_iter().flatten() {
                assert!(shown.contains(part), "{id} does not say {part}");
            }
            assert_eq!(
                shown.contains("read-only"),
                attribute.constraints.mutable && !attribute.constraints.consumer_writable,
                "{id}"
            );
            assert_eq!(shown.contains("immutable"), !attribute.constraints.mutable, "{id}");
        }
    }
    assert!(all.len() > 100, "{}", all.len());
}

#[test]
fn every_link_leads_somewhere() {
    for registry in [Registry::standard(), own(), own().with::<Hostile>()] {
        let page = parse(&html(&registry));
        let tree = roxmltree::Document::parse(&page).expect("well-formed");
        let ids = ids(&tree);
        let mut links = 0;
        for node in tree.descendants().filter(|node| node.has_tag_name("a")) {
            let href = node.attribute("href").expect("a target");
            let target = href.strip_prefix('#').expect("a target in the page");
            assert!(ids.contains_key(target), "{href} leads nowhere");
            links += 1;
        }
        for name in ["for", "aria-controls", "aria-labelledby"] {
            for target in tree.descendants().filter_map(|node| node.attribute(name)) {
                assert!(ids.contains_key(target), "{name}={target} leads nowhere");
            }
        }
        assert!(links > 1000, "{links}");
    }
}

#[test]
fn references_are_links_in_both_directions() {
    let page = parse(&html(&Registry::standard()));
    let tree = roxmltree::Document::parse(&page).expect("well-formed");
    let ids = ids(&tree);
    let leads =
        |from: &str, to: &str| ids[from].descendants().any(|node| node.attribute("href") == Some(&format!("#{to}")));
    assert!(leads("Machine.latestSnapshot", "MachineImage"));
    assert!(leads("Machine.disks", "DiskCollection"));
    assert!(leads("Machine", "MachineCollection"));
    assert!(leads("MachineImage", "Machine.latestSnapshot"));
    assert!(leads("MachineConfiguration.disks", "disk"));
    assert!(leads("disk", "MachineConfiguration.disks"));
    assert!(!leads("Volume", "Machine.latestSnapshot"));
}

#[test]
fn it_needs_nothing_but_itself() {
    let page = html(&Registry::standard());
    for outside in ["src=", "@import", "url(", "fetch(", "XMLHttpRequest", "rel=\"stylesheet\"", "href=\"http"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
    assert_eq!(page, html(&Registry::standard()), "the same every time");
}

#[test]
fn what_a_provider_says_is_text() {
    let page = html(&own().with::<Hostile>());
    assert_eq!(page.matches("<script").count(), 1, "only its own");
    assert_eq!(page.matches("<img").count(), 0);
    assert!(page.contains("&lt;script&gt;alert(2)&lt;/script&gt;"));
    assert!(page.contains("&lt;watt&gt;"));
    assert!(page.contains("The &lt;b&gt;state&lt;/b&gt;."));
    let page = parse(&page);
    let tree = roxmltree::Document::parse(&page).expect("well-formed");
    let ids = ids(&tree);
    assert!(text(&ids["Lamp"]).contains("'more' <script>alert(2)</script>"));
    assert!(text(&ids["Lamp"]).contains("<LIT>"));
    // Two types of one name have two sections.
    assert!(text(&ids["Machine-2"]).contains("urn:lamps/Machine"));
    assert!(text(&ids["Lamp.machine"]).contains("Machine"));
    assert!(ids["Lamp.machine"].descendants().any(|node| node.attribute("href") == Some("#Machine")));
    // What is referred to knows it.
    assert!(ids["Machine"].descendants().any(|node| node.attribute("href") == Some("#Lamp.machine")));
}

#[test]
fn states_are_drawn_and_told() {
    let page = parse(&html(&own()));
    let tree = roxmltree::Document::parse(&page).expect("well-formed");
    let lamp = ids(&tree)["Lamp"];
    let drawing = lamp.descendants().find(|node| node.has_tag_name("svg")).expect("a drawing");
    let class = |node: &roxmltree::Node<'_, '_>, name: &str| node.attribute("class") == Some(name);
    let names: Vec<String> =
        drawing.descendants().filter(|node| node.has_tag_name("text")).map(|node| text(&node)).collect();
    assert_eq!(names, ["DARK", "GLOWING", "<LIT>", "light", "blink\"", "break"]);
    assert_eq!(drawing.descendants().filter(|node| class(node, "transient")).count(), 1);
    assert_eq!(drawing.descendants().filter(|node| class(node, "lasting")).count(), 2);
    assert_eq!(drawing.descendants().filter(|node| class(node, "dot")).count(), 4, "one for each state to start from");
    assert_eq!(drawing.descendants().filter(|node| class(node, "ring")).count(), 1, "one for the transient state");
    assert_eq!(drawing.descendants().filter(|node| class(node, "initial")).count(), 1);
    let rows: Vec<String> = lamp
        .descendants()
        .filter(|node| class(node, "words"))
        .flat_map(|node| node.descendants().filter(|node| node.has_tag_name("tr")).collect::<Vec<_>>())
        .map(|node| {
            node.children().filter(roxmltree::Node::is_element).map(|cell| text(&cell)).collect::<Vec<_>>().join(" / ")
        })
        .collect();
    assert_eq!(
        rows,
        [
            "Action / From / Through / To / Where",
            "light / DARK / GLOWING, then FLICKERING / <LIT> / with the capability <Lightable>",
            "blink\" / <LIT> / – / the state before / ",
            "break / DARK, <LIT> / – / DARK / not with force set to false",
        ]
    );
    let hint = text(&lamp.descendants().find(|node| class(node, "hint")).unwrap());
    assert!(hint.contains("From <LIT> it comes to DARK by itself."), "{hint}");
    assert!(hint.contains("The actions reach the components in wires as well."), "{hint}");
}

/// An example of a type and the same written and strictly read again.
fn round_trip(entry: &Entry, registry: &Registry, dialect: Dialect, format: Format) -> (Document, Document) {
    let example = Document::from(sample::of(entry, dialect));
    let text = example.to_string(format, WriteOptions { dialect, pretty: true }).expect("written");
    let read = Document::read(text.as_bytes(), registry, &ReadOptions::strict());
    let read = read.unwrap_or_else(|error| panic!("{}: {error}\n{text}", entry.record_type.name));
    assert!(read.deviations.is_empty());
    (example, read.value)
}

#[test]
fn examples_are_strictly_readable_in_both_formats_and_dialects() {
    let registry = own();
    let mut seen = 0;
    for entry in &registry {
        for dialect in DIALECTS.into_iter().filter(|dialect| dialect.has(entry.record_type.versions)) {
            for format in [Format::Json, Format::Xml] {
                let (example, read) = round_trip(entry, &registry, dialect, format);
                assert_eq!(example, read, "{} in {format:?} of {dialect:?}", entry.record_type.name);
            }
            seen += 1;
        }
    }
    assert!(seen > 150, "{seen}");
}

#[test]
fn examples_have_what_their_version_has_and_nothing_else() {
    for entry in &own() {
        for dialect in DIALECTS.into_iter().filter(|dialect| dialect.has(entry.record_type.versions)) {
            let example = sample::of(entry, dialect);
            let foreign = foreign_parts(&*example, dialect);
            assert!(foreign.is_empty(), "{}: {foreign:?}", entry.record_type.name);
            let missing = missing(&*example, dialect);
            let few = ["Action", "componentDescriptor", "content"].contains(&entry.record_type.name);
            // What an example leaves out on purpose is little.
            assert!(few || missing.len() <= 2, "{} lacks {missing:?}", entry.record_type.name);
        }
    }
}

/// The attributes of a version that an example does not have. Without states and operations in the table, it has none.
fn missing(example: &dyn Record, dialect: Dialect) -> Vec<&'static str> {
    let of = example.record_type();
    let absent = |index: usize, kind| example.get(index).is_none_or(|value| omitted(&value.view(), kind));
    let rows = of.attributes.iter().enumerate().filter(|(_, row)| dialect.has(row.versions));
    rows.filter(|(index, row)| absent(*index, row.kind) && (row.name != "operations" || !of.operations.is_empty()))
        .map(|(_, row)| row.name)
        .collect()
}

#[test]
fn examples_obey_the_tables() {
    let lamp = Entry::of::<Lamp>();
    let example = sample::of(&lamp, Dialect::V2);
    let lamp: &Lamp = example.as_any().downcast_ref().expect("a lamp");
    assert_eq!(lamp.state, Some(LampState::Dark), "a state that lasts");
    assert_eq!(lamp.power, Some(1));
    assert_eq!(lamp.id.as_ref().map(cimi_model::Uri::as_str), Some("lamps/1"));
    let rels: Vec<&str> =
        lamp.operations.iter().filter_map(|op| op.rel.as_ref()).map(cimi_model::Uri::as_str).collect();
    assert_eq!(rels, ["edit", "urn:lamps/action/light"], "what may be invoked in that state");
    let mut depth = 0;
    let mut wires = &lamp.wires;
    while let Some(wire) = wires.first() {
        assert_eq!(wire.gauge, Some(7));
        wires = &wire.next;
        depth += 1;
    }
    assert!((1..10).contains(&depth), "{depth}");
}

#[test]
fn members_of_collections_are_counted() {
    for entry in &Registry::standard() {
        let Some(members) = entry.record_type.members else { continue };
        let example = sample::of(entry, Dialect::V2);
        let value = |name: &str| {
            let index = entry.record_type.find(name, 0).expect("an attribute");
            match example.get(index).expect("a value").view() {
                View::Integer(count) => usize::try_from(count).expect("a number"),
                View::List(list) => list.len(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(value("count"), value(members.grouping), "{}", entry.record_type.name);
    }
}

#[test]
fn enumerations_have_values_of_the_standard() {
    fn check(record: &dyn Record) {
        for (index, row) in record.record_type().attributes.iter().enumerate() {
            if let (cimi_model::meta::Kind::Enumeration(known), Some(value)) = (row.kind, record.get(index))
                && let View::Text(text) = value.view()
            {
                assert!(known.contains(&text), "{}.{}: {text}", record.record_type().name, row.name);
            }
        }
    }
    for entry in &Registry::standard() {
        check(&*sample::of(entry, Dialect::V2));
        check(&*sample::of(entry, Dialect::V1));
    }
}

#[test]
fn types_that_only_describe_keys_have_an_example_too() {
    let page = parse(&html(&Registry::standard()));
    let tree = roxmltree::Document::parse(&page).expect("well-formed");
    let ids = ids(&tree);
    let keys: Vec<&Type> = Registry::standard().types().into_iter().filter(|found| found.role == Role::Keys).collect();
    assert!(!keys.is_empty());
    for found in keys {
        let section = ids[found.name];
        let example = section.descendants().find(|node| node.has_tag_name("pre")).expect("an example");
        let value: serde_json::Value = serde_json::from_str(&text(&example)).expect("JSON");
        for attribute in found.attributes {
            assert!(value.get(attribute.name).is_some(), "{}.{}", found.name, attribute.name);
        }
    }
}

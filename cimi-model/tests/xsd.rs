//! The generated XML Schemas: that of dialect 1 against the official one, that of dialect 2 against what the library
//! writes.
#![cfg(feature = "schema")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cimi_model::schema::xsd;
use cimi_model::{Collection, Dialect, Machine, Map, Ref, Registry, Uri, collection, open_enum, record, resource};
use support::cases::{Case, cases};
use support::xmllint::{self, file_name, invalid};
use support::{Choices, Profile, Random, corpus, filled, mutate, structure};

/// Writes the schemas of a registry to a folder; gives the files in order.
fn write_schemas(name: &str, registry: &Registry, dialect: Dialect) -> Vec<PathBuf> {
    let folder = xmllint::folder(name);
    let write = |schema: xsd::Schema| {
        let path = folder.join(&schema.file);
        std::fs::write(&path, schema.text).unwrap();
        path
    };
    xsd::schemas(registry, dialect).into_iter().map(write).collect()
}

/// Documents with one change each.
fn mutated(documents: &[(String, String)], of_each: usize) -> Vec<(String, String)> {
    let mut random = Random::new();
    let mut mutants = Vec::new();
    for (name, text) in documents {
        for i in 0..of_each {
            let bytes = random.bytes(12..13);
            mutants.push((format!("m{i}-{name}"), mutate::mutate(text, &mut Choices::new(&bytes))));
        }
    }
    mutants
}

/// Who complains of a document, and of what.
fn told(name: &str, (theirs, ours): (Option<&String>, Option<&String>)) -> String {
    let (who, complaint) = if theirs.is_some() { ("the official one", theirs) } else { ("ours", ours) };
    let complaint = complaint.map(|line| line.split_once(": element ").map_or(line.as_str(), |(_, rest)| rest));
    format!("{name}: {who} refuses {}", complaint.unwrap_or_default())
}

/// Where the two schemas differ: why, and a document that is valid under the official one alone.
const DIFFERENCES: &[(&str, &str)] = &[
    (
        "the types of references to collections have other names, which xsi:type may say",
        r#"<Machine xmlns="http://schemas.dmtf.org/cimi/1" xmlns:cimi="http://schemas.dmtf.org/cimi/1"
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><disks xsi:type="cimi:DiskCollRef"/></Machine>"#,
    ),
    (
        "the type of properties has another name, which xsi:type may say",
        r#"<Machine xmlns="http://schemas.dmtf.org/cimi/1" xmlns:cimi="http://schemas.dmtf.org/cimi/1"
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><property xsi:type="cimi:propertyType" key="a"/></Machine>"#,
    ),
];

#[test]
fn dialect_1_differs_in_the_names_of_types() {
    let Some(official) = corpus::official_schema("dialect_1_differs_in_the_names_of_types") else { return };
    let own = write_schemas("xsd-1-names", &Registry::standard(), Dialect::V1);
    let numbered = DIFFERENCES.iter().enumerate();
    let documents: Vec<_> = numbered.map(|(i, (_, text))| (format!("{i}.xml"), (*text).to_owned())).collect();
    assert_eq!(invalid(&official, "xsd-1-names-theirs", &documents), BTreeMap::new());
    assert_eq!(invalid(&own[0], "xsd-1-names-ours", &documents).len(), DIFFERENCES.len());
}

/// Every element, how often it stands, its type and default, every wildcard: random documents do not find all.
#[test]
fn dialect_1_says_what_the_official_schema_says() {
    let Some(official) = corpus::folder("dialect_1_says_what_the_official_schema_says") else { return };
    let official = std::fs::read_to_string(official.join("spec/dsp8009_1.0.1.xsd")).unwrap();
    let own = xsd::xsd(&Registry::standard(), Dialect::V1);
    let (compared, differences) = structure::differences(&own, &official);
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
    println!("{compared} types say the same");
    // The comparison sees what it is to see.
    for (what, other) in [
        ("type=\"xs:long\"", "type=\"xs:string\""),
        (" default=\"1\"", ""),
        (" use=\"required\"", ""),
        ("namespace=\"##other\"", "namespace=\"##any\""),
        (" minOccurs=\"0\"", ""),
        (" maxOccurs=\"unbounded\"", ""),
        ("base=\"cimi:Machine\"", "base=\"cimi:Volume\""),
        ("<xs:element name=\"Machine\"", "<xs:element name=\"Mill\""),
    ] {
        assert!(own.contains(what));
        assert_ne!(structure::differences(&own.replacen(what, other, 1), &official).1, Vec::<String>::new(), "{what}");
    }
}

#[test]
fn dialect_1_agrees_with_the_official_schema() {
    let Some(official) = corpus::official_schema("dialect_1_agrees_with_the_official_schema") else { return };
    let standard = Registry::standard();
    let own = write_schemas("xsd-1", &standard, Dialect::V1);
    let mut documents: Vec<_> = corpus::documents("dialect_1_agrees_with_the_official_schema")
        .into_iter()
        .filter(|(name, _)| Path::new(name).extension().is_some_and(|extension| extension == "xml"))
        .map(|(name, bytes)| (name, String::from_utf8_lossy(&bytes).into_owned()))
        .collect();
    println!("{} documents of the corpora", documents.len());
    let valid = filled(&standard, Dialect::V1, Profile::Official, 12, |_| true);
    documents.extend(mutated(&valid, 3));
    documents.extend(valid);
    documents.extend(filled(&standard, Dialect::V1, Profile::Wild, 40, |_| true));
    documents.extend(filled(&standard, Dialect::V1, Profile::Strict, 10, |_| true));
    let theirs = invalid(&official, "xsd-1-theirs", &documents);
    let ours = invalid(&own[0], "xsd-1-ours", &documents);
    let mut differing = BTreeMap::new();
    for (name, _) in &documents {
        let name = file_name(name);
        let (theirs, ours) = (theirs.get(&name), ours.get(&name));
        if theirs.is_some() != ours.is_some() {
            differing.insert(name, (theirs, ours));
        }
    }
    let told: Vec<_> = differing.iter().take(40).map(|(name, verdicts)| told(name, *verdicts)).collect();
    assert!(differing.is_empty(), "{} of {} differ:\n{}", differing.len(), documents.len(), told.join("\n"));
    println!("{} documents, {} of them invalid under both", documents.len(), theirs.len());
}

#[test]
fn dialect_2_accepts_what_is_written() {
    if !xmllint::is_installed("dialect_2_accepts_what_is_written") {
        return;
    }
    let standard = Registry::standard();
    let schema = write_schemas("xsd-2", &standard, Dialect::V2);
    let documents = filled(&standard, Dialect::V2, Profile::Strict, 40, |_| true);
    let complaints = invalid(&schema[0], "xsd-2-valid", &documents);
    let told: Vec<_> =
        complaints.iter().take(60).map(|(name, complaint)| told(name, (None, Some(complaint)))).collect();
    assert!(complaints.is_empty(), "{} of {}:\n{}", complaints.len(), documents.len(), told.join("\n"));
    println!("{} documents are valid", documents.len());
}

/// Checks that xmllint says of each document what is expected.
fn check(schema: &Path, name: &str, cases: &[Case]) {
    let documents: Vec<_> = cases.iter().map(|case| (format!("{}.xml", case.name), case.text.clone())).collect();
    let complaints = invalid(schema, name, &documents);
    let wrong = cases.iter().filter_map(|case| {
        let complaint = complaints.get(&format!("{}.xml", case.name));
        (complaint.is_none() != case.valid).then(|| format!("{}: {}\n  {complaint:?}", case.name, case.text))
    });
    let wrong: Vec<_> = wrong.collect();
    let first = &wrong[..wrong.len().min(20)];
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), cases.len(), first.join("\n"));
    let valid = cases.iter().filter(|case| case.valid).count();
    println!("{name}: {valid} documents are valid, {} are not", cases.len() - valid);
}

#[test]
fn dialect_2_tells_good_from_bad() {
    if !xmllint::is_installed("dialect_2_tells_good_from_bad") {
        return;
    }
    let standard = Registry::standard();
    let schema = write_schemas("xsd-2-cases", &standard, Dialect::V2);
    check(&schema[0], "xsd-2-tables", &cases(&standard, |_| true));
}

/// What the tables do not repeat: values that the standard closes, ranges, wrappers, and members.
#[test]
fn dialect_2_knows_the_standard() {
    if !xmllint::is_installed("dialect_2_knows_the_standard") {
        return;
    }
    let bodies = [
        ("Meter", "<timeScope>Point</timeScope>", true),
        ("Meter", "<timeScope>Sometimes</timeScope>", false),
        ("Event", "<severity>critical</severity>", true),
        ("Event", "<severity>grave</severity>", false),
        ("Event", "<content>anything <x/></content>", true),
        ("EventLog", "<summary><low>0</low></summary>", true),
        ("EventLog", "<summary><low>-1</low></summary>", false),
        ("Machine", "<state>MELTING</state>", true),
        ("Machine", "<properties><property key=\"a\">b</property></properties>", true),
        ("Machine", "<property key=\"a\">b</property>", false),
        ("Machine", "<operations><operation rel=\"edit\" href=\"m/1\" available=\"no\"/></operations>", false),
        ("Machine", "<disks><disks><Disk><capacity>1</capacity></Disk></disks></disks>", true),
        ("Machine", "<disks><Disk/></disks>", false),
        ("Machine", "<networkInterfaces href=\"x\"/>", false),
        ("Job", "<affectedResource href=\"a\"/><affectedResource href=\"b\"/>", true),
        ("Job", "<affectedResources><affectedResource href=\"a\"/></affectedResources>", false),
        ("Collection", "<id>x</id><machines><Machine><cpu>1</cpu></Machine></machines>", true),
        ("Collection", "<id>x</id><machines><Machine><cpu>one</cpu></Machine></machines>", false),
        ("Collection", "<id>x</id><machines><Volume/></machines>", false),
        ("Collection", "<id>x</id><Machine/>", false),
        ("Collection", "<machines/><volumes/>", false),
        (
            "MachineCreate",
            "<machineTemplate><machineConfig href=\"c/1\"><cpu>2</cpu></machineConfig></machineTemplate>",
            true,
        ),
        ("Action", "<action>http://schemas.dmtf.org/cimi/2/action/stop</action><force>true</force>", true),
        ("Address", "<ip>1.2.3.4</ip>", false),
    ];
    let case = |(i, (name, content, valid)): (usize, &(&str, &str, bool))| {
        let uri = if *name == "Collection" {
            " resourceURI=\"http://schemas.dmtf.org/cimi/2/MachineCollection\""
        } else {
            ""
        };
        let text = format!("<{name} xmlns=\"http://schemas.dmtf.org/cimi/2\"{uri}>{content}</{name}>");
        Case { name: format!("{i}-{name}"), text, valid: *valid }
    };
    let mut cases: Vec<Case> = bodies.iter().enumerate().map(case).collect();
    let text = "<Collection xmlns=\"http://schemas.dmtf.org/cimi/2\"/>".to_owned();
    cases.push(Case { name: "no-uri".into(), text, valid: false });
    let schema = write_schemas("xsd-2-standard", &Registry::standard(), Dialect::V2);
    check(&schema[0], "xsd-2-standard-cases", &cases);
}

/// Generators of programs make classes of complex types, named after them.
#[test]
fn complex_types_have_names_of_their_own() {
    for dialect in [Dialect::V1, Dialect::V2] {
        for schema in xsd::schemas(&with_racks(), dialect) {
            let document = roxmltree::Document::parse(&schema.text).unwrap();
            let types = document.descendants().filter(|node| node.tag_name().name() == "complexType");
            let mut names: Vec<String> = types.map(|node| node.attribute("name").unwrap().to_lowercase()).collect();
            assert!(!names.is_empty());
            let all = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), all, "{} has names that differ in case alone", schema.file);
            assert_eq!(document.root_element().attribute("targetNamespace"), Some(schema.namespace.as_str()));
        }
    }
}

const RACKS: &str = "http://example.com/racks";

open_enum! {
    /// How a rack is cooled.
    pub Cooling {
        /// By air.
        Air = "air",
        /// By water.
        Water = "water",
    }
}

record! {
    /// Where a rack stands.
    pub Position = "position" Structure [namespace("http://example.com/racks")] {
        /// The row of racks.
        row: Option<String> = "row" [xml_attribute],
        /// The place in the row, from 1.
        place: Option<i64> = "place" [xml_attribute, range(1, 99)],
        /// What else is known.
        notes: Map = "notes" [item("note")],
    }
}

record! {
    /// A fan, in no namespace of the provider's.
    pub Fan = "fan" Structure {
        /// The revolutions per minute.
        speed: Option<i64> = "speed" [range(0, 9000)],
    }
}

resource! {
    /// A rack with machines in it.
    pub Rack = "Rack" [namespace("http://example.com/racks")] {
        /// Height in rack units.
        height: Option<i64> = "height" [unit("rack units"), range(1, 60)],
        /// How it is cooled.
        cooling: Option<Cooling> = "cooling" [closed],
        /// Where it stands.
        position: Option<Position> = "position",
        /// The fans.
        fans: Vec<Fan> = "fans" [item("fan")],
        /// The machine that switches the others on.
        controller: Option<Ref<Machine>> = "controller",
        /// The machines in it.
        machines: Option<Ref<Collection<Machine>>> = "machines",
        /// The rack beside it.
        neighbour: Option<Ref<Rack>> = "neighbour",
        /// Where to call.
        phones: Vec<String> = "phones" [item("phone")],
        /// Pages about it.
        pages: Vec<Uri> = "pages" [item("page")],
    }
}
collection!(Rack, "RackCollection", "racks");

resource! {
    /// A hall of racks, of another namespace.
    pub Hall = "Hall" [namespace("urn:example:halls")] {
        /// The racks in it.
        racks: Option<Ref<Collection<Rack>>> = "racks",
    }
}

fn with_racks() -> Registry {
    Registry::standard().with_collection::<Rack>().with::<Hall>()
}

#[test]
fn own_types_have_a_schema_for_each_namespace() {
    if !xmllint::is_installed("own_types_have_a_schema_for_each_namespace") {
        return;
    }
    let registry = with_racks();
    for (dialect, profile) in [(Dialect::V1, Profile::Official), (Dialect::V2, Profile::Strict)] {
        let files = write_schemas(&format!("xsd-own-{dialect:?}"), &registry, dialect);
        let names: Vec<_> = files.iter().map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect();
        let version = if dialect == Dialect::V1 { 1 } else { 2 };
        assert_eq!(
            names,
            [format!("cimi-{version}.xsd"), "example.com-racks.xsd".into(), "urn-example-halls.xsd".into()]
        );
        for (file, namespace) in files.iter().zip([None, Some(RACKS), Some("urn:example:halls")]) {
            let folder = format!("xsd-own-{dialect:?}-{}", namespace.map_or(0, str::len));
            let documents = filled(&registry, dialect, profile, 100, |found| found.namespace == namespace);
            let of_own: Vec<_> =
                if namespace.is_some() { documents } else { documents.into_iter().take(100).collect() };
            let complaints = invalid(file, &folder, &of_own);
            assert!(complaints.is_empty(), "{complaints:#?}");
            println!("{}: {} documents are valid", file.display(), of_own.len());
        }
        if dialect == Dialect::V2 {
            check(&files[1], "xsd-own-tables", &cases(&registry, |found| found.namespace == Some(RACKS)));
        }
    }
}

#[test]
fn constraints_of_own_types_hold_in_both_dialects() {
    if !xmllint::is_installed("constraints_of_own_types_hold_in_both_dialects") {
        return;
    }
    let rack = |name: &str, content: &str, valid| Case {
        name: name.into(),
        text: format!("<Rack xmlns=\"{RACKS}\">{content}</Rack>"),
        valid,
    };
    let common = [
        rack("height-1", "<height>1</height>", true),
        rack("height-61", "<height>61</height>", false),
        rack("cooling-air", "<cooling>air</cooling>", true),
        rack("cooling-oil", "<cooling>oil</cooling>", false),
        rack("place", "<position place=\"99\"/>", true),
        rack("place-0", "<position place=\"0\"/>", false),
        rack("order", "<cooling>air</cooling><height>1</height>", false),
        rack("unknown", "<colour>red</colour>", false),
        rack("extension", "<colour xmlns=\"urn:v\">red</colour>", true),
        rack("controller", "<controller href=\"machines/1\"/>", true),
        rack("neighbour", "<neighbour href=\"racks/1\"><height>0</height></neighbour>", false),
    ];
    for (dialect, cimi) in
        [(Dialect::V1, "http://schemas.dmtf.org/cimi/1"), (Dialect::V2, "http://schemas.dmtf.org/cimi/2")]
    {
        let state = format!("<controller href=\"machines/1\"><cpu xmlns=\"{cimi}\">two</cpu></controller>");
        let controller = rack("controller-cpu", &state, false);
        let fan = |speed| format!("<fan><speed xmlns=\"{cimi}\">{speed}</speed></fan>");
        let wrapped = |content: &str| match dialect {
            Dialect::V1 => content.to_owned(),
            Dialect::V2 => format!("<fans>{content}</fans>"),
        };
        let fans = [("fan", wrapped(&fan("7")), true), ("fan-fast", wrapped(&fan("fast")), false)];
        let collection = |name: &str, members: &str, valid| Case {
            name: name.into(),
            text: format!(
                "<Collection xmlns=\"{RACKS}\" resourceURI=\"{RACKS}/RackCollection\"><id>racks</id><count>1</count>{}</Collection>",
                if dialect == Dialect::V1 { members.to_owned() } else { format!("<racks>{members}</racks>") }
            ),
            valid,
        };
        let mut cases = vec![
            controller,
            collection("collection", "<Rack><height>60</height></Rack>", true),
            collection("collection-high", "<Rack><height>90</height></Rack>", false),
        ];
        cases.extend(fans.into_iter().map(|(name, content, valid)| rack(name, &content, valid)));
        let files = write_schemas(&format!("xsd-rack-{dialect:?}"), &with_racks(), dialect);
        check(&files[1], &format!("xsd-rack-cases-{dialect:?}"), &cases);
        check(&files[1], &format!("xsd-rack-common-{dialect:?}"), &common);
    }
}

//! Documents that were once changed by a round trip, and the like.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use cimi_model::{Dialect, Document, Format, ReadOptions, Registry, System, json};

fn read(text: &str) -> Document {
    let parsed = Document::read(text.as_bytes(), &Registry::standard(), &ReadOptions::default());
    parsed.unwrap_or_else(|error| panic!("{error}\n{text}")).value
}

/// The document as JSON after it has been through both dialects of XML.
fn through_xml(text: &str) -> String {
    let mut document = read(text);
    for dialect in [Dialect::V1, Dialect::V2] {
        document = read(&document.to_string(Format::Xml, dialect.into()).unwrap());
    }
    document.to_string(Format::Json, Dialect::V2.into()).unwrap()
}

#[test]
fn members_of_json_survive_xml() {
    for members in [
        r#""n":1.50,"m":-0,"e":1e400,"t":true,"z":null,"s":"","a":[],"o":{}"#,
        r#""a":[1],"b":[[],[1,[2]]],"c":[null,"x"],"d":[{"x":1},{"x":2}]"#,
        r#""1st":1,"with space":{"":2},"a:b":3,"{urn:v}x":{"{urn:w}y":1,"z":2},"{":4,"{}x":5"#,
        r##""#text":"a","#content":["b"],"@c":"d","x":{"#content":["e ",{"f":"g"}]},"y":{"@h":"i","#text":"j"}"##,
        "\"c\":\"\\u0001\\ufffe\",\"w\":\" \\r\\n\\t\",\"k\\u0001\":{\"\\u0002\":1}",
        r#""disk":1,"operation":{"property":2},"item":[1,2],"href":"x""#,
        r#""{a&b}c":1,"{a<\"b}d":2,"{http://www.w3.org/2000/xmlns/}e":3,"{http://www.w3.org/XML/1998/namespace}f":4"#,
        r#""properties":{"a":{"@key":"b"},"c":5}"#,
        r##""eventLog":{"href":"h","resourceURI":"http://schemas.dmtf.org/cimi/2/EventLog"},"#resourceURI":"v""##,
        r##""cpu":{"@a":"1","#text":"2"},"memory":"much","name":{"@a":"1"},"description":null"##,
    ] {
        let text = format!(r#"{{"resourceURI":"http://schemas.dmtf.org/cimi/2/Machine",{members}}}"#);
        assert_eq!(read(&through_xml(&text)), read(&text), "{}", through_xml(&text));
    }
    for text in [
        r#"{"resourceURI":"http://schemas.dmtf.org/cimi/2/MachineTemplate","volumes":[{"volume":{}}],"volumeTemplates":[{"volumeTemplate":{}}]}"#,
        r#"{"resourceURI":"http://schemas.dmtf.org/cimi/2/MachineCreate","machineTemplate":{"href":"h","volumes":null,"name":null,"credential":{}}}"#,
        r#"{"resourceURI":"http://example.com/x?a=1&b=2/Foo","a":[1]}"#,
        r#"{"resourceURI":"a\u0001b","a":1}"#,
        r#"{"resourceURI":"http://example.com/RackCollection","count":1}"#,
    ] {
        assert_eq!(read(&through_xml(text)), read(text), "{}", through_xml(text));
    }
}

#[test]
fn elements_and_attributes_of_xml_survive() {
    for content in [
        r#"<v:a xmlns:v="http://v.example/?a=1&amp;b=2" v:b="1" c="2">x</v:a>"#,
        r#"<name xml:lang="en">x</name>"#,
        r#"<name><a xmlns="urn:x">1</a><b>2</b></name>"#,
        r#"<q xmlns="urn:q">mixed <b>bold</b> text<b/></q>"#,
        "<q><a/><b/><a/></q>",
        r#"<foo>2</foo><foo xmlns="">3</foo>"#,
        "<realm>us</realm><realm>eu</realm>",
        r#"<disks href="h" v:x="1" xmlns:v="urn:v"/>"#,
        "<resourceURI>http://x/y</resourceURI>",
        r#"<operation rel="edit" href="x" extra="1"><note>y</note></operation>"#,
    ] {
        let text = format!(r#"<Machine xmlns="http://schemas.dmtf.org/cimi/1" foo="1">{content}</Machine>"#);
        let first = read(&text);
        let xml = first.to_string(Format::Xml, Dialect::V1.into()).unwrap();
        assert_eq!(first, read(&xml), "{text}\n{xml}");
        assert!(xml.contains(" foo=\"1\""), "{xml}");
        let json = first.to_string(Format::Json, Dialect::V1.into()).unwrap();
        assert_eq!(first, read(&json), "{text}\n{json}");
    }
    let collection = r#"<Collection xmlns="http://schemas.dmtf.org/cimi/1" resourceURI="http://schemas.dmtf.org/cimi/1/MachineCollection" href="h"/>"#;
    let json = read(collection).to_string(Format::Json, Dialect::V1.into()).unwrap();
    assert!(json.contains(r#""href":"h""#), "{json}");
    assert!(read(&json).to_string(Format::Xml, Dialect::V1.into()).unwrap().contains(" href=\"h\""));
}

#[test]
fn what_one_version_has_is_written_as_it_has_it() {
    let text = r#"<Machine xmlns="http://schemas.dmtf.org/cimi/1"><networkInterfaces href="n"/><operation rel="http://schemas.dmtf.org/cimi/1/action/start" href="s"/></Machine>"#;
    let document = read(text);
    let v2 = document.to_string(Format::Xml, Dialect::V2.into()).unwrap();
    assert!(v2.contains(r#"<interfaces href="n"/>"#), "{v2}");
    assert!(
        v2.contains(
            r#"<operations><operation rel="http://schemas.dmtf.org/cimi/2/action/start" href="s"/></operations>"#
        ),
        "{v2}"
    );
    assert_eq!(document.to_string(Format::Xml, Dialect::V1.into()).unwrap(), text);

    let expanded = r#"<System xmlns="http://schemas.dmtf.org/cimi/1"><machines href="r"><id>i</id><count>0</count></machines></System>"#;
    assert_eq!(read(expanded).to_string(Format::Xml, Dialect::V1.into()).unwrap(), expanded);

    let volumes = r#"{"resourceURI":"http://schemas.dmtf.org/cimi/1/MachineTemplate","volumes":[{"href":"v","initialLocation":"sda"}]}"#;
    let document = read(volumes);
    let v2 = document.to_string(Format::Json, Dialect::V2.into()).unwrap();
    assert!(v2.contains(r#""volumes":[{"initialLocation":"sda","volume":{"href":"v"}}]"#), "{v2}");
    let v1 = document.to_string(Format::Xml, Dialect::V1.into()).unwrap();
    assert!(v1.contains(r#"<volume initialLocation="sda" href="v"/>"#), "{v1}");
}

/// A collection of 1.x whose items refer to Machines stands in place of the Machines: not a deviation, and nothing lost.
#[test]
fn variants_of_collections_in_place() {
    let text = br#"{"resourceURI":"http://schemas.dmtf.org/cimi/1/System","id":"systems/1","machines":{"href":"systems/1/machines",
        "resourceURI":"http://schemas.dmtf.org/cimi/1/SystemMachineCollection","id":"systems/1/machines","count":1,
        "systemMachines":[{"id":"systems/1/machines/1","machine":{"href":"machines/1"}}]}}"#;
    let system = json::from_slice::<System>(text, &ReadOptions::strict()).unwrap().value;
    let again = json::to_vec(&system, Dialect::V1.into()).unwrap();
    assert_eq!(json::from_slice::<System>(&again, &ReadOptions::strict()).unwrap().value, system);
    let machines = system.machines.and_then(|machines| machines.value).unwrap();
    assert_eq!(machines.count, Some(1));
    assert!(machines.extensions.get("systemMachines").is_some());
    let wrong = String::from_utf8_lossy(text).replace("SystemMachineCollection", "SystemVolumeCollection");
    assert!(json::from_slice::<System>(wrong.as_bytes(), &ReadOptions::strict()).is_err());
}

//! What peers of 1.x write differently, and is understood.

#![allow(clippy::unwrap_used, reason = "tests")]

use cimi_model::reflect::Record;
use cimi_model::template::fill;
use cimi_model::{
    Action, Any, Dialect, Document, Format, ImageType, MachineCreate, MachineImage, MachineTemplate, Parsed,
    ReadOptions, Registry, ResourceMetadata, SystemCreate, VolumeConfiguration, json, xml,
};

fn read(text: &str) -> Parsed<Document> {
    Document::read(text.as_bytes(), &Registry::standard(), &ReadOptions::default()).unwrap()
}

fn is_refused_strictly(text: &str) {
    let outcome = Document::read(text.as_bytes(), &Registry::standard(), &ReadOptions::strict());
    assert!(outcome.is_err(), "{text}");
}

fn name_of(record: &dyn Record) -> &'static str {
    record.record_type().name
}

#[test]
fn roots_without_a_namespace_and_in_lower_case_are_found() {
    let cases = [
        ("<MachineCreate><name>a</name></MachineCreate>", "MachineCreate"),
        ("<machineCreate><name>a</name></machineCreate>", "MachineCreate"),
        ("<systemCreate xmlns='http://schemas.dmtf.org/cimi/1'><name>a</name></systemCreate>", "SystemCreate"),
        ("<machine><name>a</name></machine>", "Machine"),
        ("<MachineTemplateCreate><name>a</name></MachineTemplateCreate>", "MachineTemplate"),
        ("<machineImageCreate><name>a</name></machineImageCreate>", "MachineImage"),
        (r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/machineImageCreate", "name": "a"}"#, "MachineImage"),
        (r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/systemCreate", "name": "a"}"#, "SystemCreate"),
    ];
    for (text, expected) in cases {
        let parsed = read(text);
        assert_eq!(name_of(parsed.value.record()), expected, "{text}");
        assert!(!parsed.deviations.is_empty(), "{text}");
        assert!(parsed.value.record().extensions().is_empty(), "{text}");
        is_refused_strictly(text);
    }
    // What is not a type in upper case either, is not guessed.
    assert_eq!(name_of(read("<rack xmlns='urn:example:racks'><name>a</name></rack>").value.record()), "Resource");
}

#[test]
fn a_type_that_the_caller_knows_is_found_under_its_other_names() {
    let options = ReadOptions::default();
    let parsed = xml::from_slice::<SystemCreate>(b"<systemCreate><name>s</name></systemCreate>", &options).unwrap();
    assert_eq!(parsed.value.name.as_deref(), Some("s"));
    let text = b"<volumeConfigurationCreate><capacity> 1024 </capacity></volumeConfigurationCreate>";
    assert_eq!(xml::from_slice::<VolumeConfiguration>(text, &options).unwrap().value.capacity, Some(1024));
    let text = br#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/machineCreate", "name": "m"}"#;
    let parsed = json::from_slice::<MachineCreate>(text, &options).unwrap();
    assert_eq!(parsed.value.name.as_deref(), Some("m"));
    assert!(parsed.value.extensions.is_empty());
    // Some post what is to be, with a template in it, in place of the request.
    let text = b"<Machine><name>m</name><machineTemplate href='http://example.com/templates/1'/></Machine>";
    let parsed = xml::from_slice::<MachineCreate>(text, &options).unwrap();
    assert!(parsed.value.machine_template.is_some() && parsed.value.extensions.is_empty());
    let text = br#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/Machine", "machineTemplate": {"href": "t"}}"#;
    let parsed = json::from_slice::<MachineCreate>(text, &options).unwrap();
    assert!(parsed.value.machine_template.is_some() && parsed.value.extensions.is_empty());
    assert_eq!(parsed.deviations.len(), 1);
    assert!(json::from_slice::<MachineCreate>(text, &ReadOptions::strict()).is_err());
    // Another type is not taken for it.
    assert!(xml::from_slice::<SystemCreate>(b"<machineCreate/>", &options).is_err());
    let text = br#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/machineCreate"}"#;
    assert!(json::from_slice::<SystemCreate>(text, &options).is_err());
}

#[test]
fn texts_in_blanks_are_trimmed_where_they_name_something() {
    let text = "<MachineImage xmlns='http://schemas.dmtf.org/cimi/1'><type> IMAGE </type>\
                <imageLocation> http://example.com/machines/1 </imageLocation></MachineImage>";
    let image = read(text).value.into_value::<MachineImage>().unwrap();
    assert_eq!(image.image_type, Some(ImageType::Image));
    assert_eq!(image.image_location.unwrap().as_str(), "http://example.com/machines/1");
    let text = "<Action><action> http://schemas.dmtf.org/cimi/1/action/stop</action></Action>";
    let action = read(text).value.into_value::<Action>().unwrap();
    assert_eq!(action.action.unwrap().as_str(), "http://schemas.dmtf.org/cimi/1/action/stop");
}

#[test]
fn properties_may_be_keyed_by_name() {
    let text = "<MachineTemplateCreate><property name='foo'>bar</property><property key='name'>x</property></MachineTemplateCreate>";
    let template = read(text).value.into_value::<MachineTemplate>().unwrap();
    assert_eq!((template.properties.get("foo"), template.properties.get("name")), (Some("bar"), Some("x")));
    // Beside a key it is what it says.
    let text = "<MachineTemplate xmlns='http://schemas.dmtf.org/cimi/1'><property key='k' name='n'>v</property></MachineTemplate>";
    let template = read(text).value.into_value::<MachineTemplate>().unwrap();
    assert!(template.properties.get("n").is_none());
}

#[test]
fn another_spelling_may_stand_beside_the_name_in_any_order() {
    for members in [r#""typeURI": "urn:a", "typeUri": "urn:b""#, r#""typeUri": "urn:b", "typeURI": "urn:a""#] {
        let text = format!(r#"{{"resourceURI": "http://schemas.dmtf.org/cimi/1/ResourceMetadata", {members}}}"#);
        let parsed = read(&text);
        assert!(parsed.deviations.is_empty(), "{:?}", parsed.deviations);
        let metadata = parsed.value.as_ref::<ResourceMetadata>().unwrap();
        assert_eq!(metadata.type_uri.as_ref().unwrap().as_str(), "urn:a");
        assert_eq!(metadata.extensions.get("typeUri"), Some(&Any::from("urn:b")));
        // It goes through both formats, and is no mistake.
        for format in [Format::Json, Format::Xml] {
            let written = parsed.value.to_string(format, Dialect::V1.into()).unwrap();
            let again = Document::read(written.as_bytes(), &Registry::standard(), &ReadOptions::strict()).unwrap();
            assert_eq!(again.value.as_ref(), Some(metadata), "{written}");
        }
        let mut copy = ResourceMetadata::default();
        fill(&mut copy, metadata);
        assert_eq!(&copy, metadata);
    }
    let text = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/ResourceMetadata", "typeUri": "urn:b"}"#;
    is_refused_strictly(text);
    let alone = read(text);
    assert_eq!(alone.deviations[0].path, "/ResourceMetadata/typeURI");
    let metadata = alone.value.into_value::<ResourceMetadata>().unwrap();
    assert_eq!(metadata.type_uri.unwrap().as_str(), "urn:b");
    assert!(metadata.extensions.is_empty());
    let twice = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/ResourceMetadata", "typeUri": "a", "typeUri": "b", "typeUri": "c"}"#;
    let outcome = Document::read(twice.as_bytes(), &Registry::standard(), &ReadOptions::default());
    assert!(outcome.is_err_and(|error| error.to_string().contains("typeUri")));
}

//! Two types with one URI, told apart by their attributes.

use cimi_model::ext::access::{AccessPolicy, AccessPolicyTemplate};
use cimi_model::ext::{self};
use cimi_model::reflect::{Described, Record};
use cimi_model::stream::Members;
use cimi_model::{Collection, Dialect, Document, Format, ReadOptions, json, xml};

const URI: &str = "http://schemas.dmtf.org/cimi/1/AccessPolicy";

fn read(text: &str, options: &ReadOptions) -> Document {
    Document::read(text.as_bytes(), &ext::registry(), options).unwrap_or_else(|error| panic!("{error}\n{text}")).value
}

/// A document in JSON, and the same in XML.
fn texts(json_members: &str, xml_children: &str) -> [String; 2] {
    [
        format!(r#"{{"resourceURI": "{URI}", {json_members}}}"#),
        format!(r#"<AccessPolicy xmlns="http://schemas.dmtf.org/cimi/1">{xml_children}</AccessPolicy>"#),
    ]
}

#[test]
fn the_attributes_tell_which_type_a_document_is_of() {
    let policies = [
        texts(
            r#""name": "p", "enabled": true, "policyDocument": {"href": "d"}"#,
            r#"<name>p</name><enabled>true</enabled><policyDocument href="d"/>"#,
        ),
        texts(r#""policyDocument": {"href": "d"}"#, r#"<policyDocument href="d"/>"#),
        texts(r#""name": "p", "policyDocument": "text""#, "<name>p</name><policyDocument>text</policyDocument>"),
        texts(r#""name": "p""#, "<name>p</name>"),
    ];
    for text in policies.iter().flatten() {
        for options in [ReadOptions::default(), ReadOptions::strict()] {
            assert!(read(text, &options).as_ref::<AccessPolicy>().is_some(), "{text}");
        }
    }
    let template = texts(
        r#""policyDocument": {"href": "d"}, "x": 1, "name": "root""#,
        r#"<name>root</name><policyDocument href="d"/><x xmlns="urn:x"/>"#,
    );
    for text in &template {
        for options in [ReadOptions::default(), ReadOptions::strict()] {
            let document = read(text, &options);
            let found = document.as_ref::<AccessPolicyTemplate>().unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found.name.as_deref(), found.extensions.len()), (Some("root"), 1));
        }
    }
    // Who knows what it is reads it so.
    let known = json::from_slice::<AccessPolicyTemplate>(template[0].as_bytes(), &ReadOptions::strict()).unwrap();
    assert_eq!(known.deviations, []);
    let known = xml::from_slice::<AccessPolicyTemplate>(policies[0][1].as_bytes(), &ReadOptions::strict()).unwrap();
    assert_eq!(known.deviations, []);
    assert!(json::from_slice::<AccessPolicy>(template[0].as_bytes(), &ReadOptions::strict()).is_ok());
}

#[test]
fn each_is_written_with_a_uri_of_its_own() {
    let template = AccessPolicyTemplate { name: Some("root".into()), ..AccessPolicyTemplate::default() };
    for dialect in [Dialect::V1, Dialect::V2] {
        let text = json::to_string(&template, dialect.into()).unwrap();
        assert!(text.contains(r#""resourceURI":"http://schemas.dmtf.org/cimi/1/AccessPolicyTemplate""#), "{text}");
        let text = xml::to_string(&template, dialect.into()).unwrap();
        assert!(text.starts_with(r#"<AccessPolicyTemplate xmlns="http://schemas.dmtf.org/cimi/1">"#), "{text}");
        let document = read(&text, &ReadOptions::strict());
        assert_eq!(document.as_ref::<AccessPolicyTemplate>(), Some(&template));
        let text = json::to_string(&AccessPolicy::default(), dialect.into()).unwrap();
        assert!(text.contains(&format!(r#""resourceURI":"{URI}""#)), "{text}");
    }
    assert!(!AccessPolicyTemplate::described().is_uri(URI));
    // A document of a template does not become a policy.
    let text = json::to_string(&template, Dialect::V1.into()).unwrap();
    assert!(json::from_slice::<AccessPolicy>(text.as_bytes(), &ReadOptions::default()).is_err());
}

#[test]
fn collections_are_told_apart_too() {
    let member = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/AccessPolicy", "name": "root",
        "policyDocument": {"href": "d"}}"#;
    let element = r#"<AccessPolicy><name>root</name><policyDocument href="d"/></AccessPolicy>"#;
    let collections = [
        // Their own URI, with members that have the other one.
        format!(r#"{{"resourceURI": "{URI}TemplateCollection", "count": 1, "accessPolicyTemplates": [{member}]}}"#),
        format!(
            r#"<Collection xmlns="http://schemas.dmtf.org/cimi/1" resourceURI="{URI}TemplateCollection">
                <id>t</id><count>1</count>{element}</Collection>"#
        ),
        // The other URI throughout.
        format!(r#"{{"resourceURI": "{URI}Collection", "count": 1, "accessPolicyTemplates": [{member}]}}"#),
        format!(r#"{{"resourceURI": "{URI}Collection", "count": 1, "accessPolicies": [{member}]}}"#),
        format!(
            r#"<Collection xmlns="http://schemas.dmtf.org/cimi/1" resourceURI="{URI}Collection">
                <id>t</id><count>1</count>{element}</Collection>"#
        ),
    ];
    for text in &collections {
        let document = read(text, &ReadOptions::default());
        let found = document.as_ref::<Collection<AccessPolicyTemplate>>().unwrap_or_else(|| panic!("{text}"));
        assert_eq!(found.items.len(), 1, "{text}");
        for format in [Format::Json, Format::Xml] {
            let written = document.to_string(format, Dialect::V1.into()).unwrap();
            assert!(written.contains("AccessPolicyTemplateCollection"), "{written}");
            assert!(read(&written, &ReadOptions::default()) == document, "{written}");
        }
    }
    // One policy among them makes it a collection of policies.
    let mixed = format!(
        r#"{{"resourceURI": "{URI}Collection", "count": 2, "accessPolicies": [{member}, {{"enabled": true}}]}}"#
    );
    assert_eq!(read(&mixed, &ReadOptions::strict()).as_ref::<Collection<AccessPolicy>>().unwrap().items.len(), 2);
    let empty = format!(r#"{{"resourceURI": "{URI}Collection", "count": 0}}"#);
    assert!(read(&empty, &ReadOptions::strict()).as_ref::<Collection<AccessPolicy>>().is_some());
    // One after the other.
    for text in &collections[..2] {
        let members = Members::<AccessPolicyTemplate>::open(text.as_bytes(), &ReadOptions::strict()).unwrap();
        let names: Vec<_> = members.map(|member| member.unwrap().name.unwrap()).collect();
        assert_eq!(names, ["root"]);
    }
    let policies: Collection<AccessPolicy> = [AccessPolicy::default()].into_iter().collect();
    let text = xml::to_string(&policies as &dyn Record, Dialect::V2.into()).unwrap();
    assert!(read(&text, &ReadOptions::strict()).as_ref::<Collection<AccessPolicy>>().is_some(), "{text}");
}

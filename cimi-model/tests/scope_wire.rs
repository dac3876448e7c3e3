//! valueScope in JSON and XML.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod support;

use cimi_model::scope::{self, Scope, ValueScope};
use cimi_model::{
    Any, Dialect, MachineTemplate, Number, Parsed, ReadOptions, ResourceMetadata, WriteOptions, json,
    reflect::Described, xml,
};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use support::Choices;

const V1: &str = "http://schemas.dmtf.org/cimi/1";
const V2: &str = "http://schemas.dmtf.org/cimi/2";

fn from_xml<T: Described>(text: &str) -> Parsed<T> {
    xml::from_slice(text.as_bytes(), &ReadOptions::strict()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn metadata(namespace: &str, content: &str) -> ResourceMetadata {
    from_xml(&format!("<ResourceMetadata xmlns=\"{namespace}\">{content}</ResourceMetadata>")).value
}

fn decimal(text: &str) -> Number {
    Number::parse(text).unwrap()
}

/// One scope of each form.
fn all_forms() -> Vec<ValueScope> {
    vec![
        ValueScope::new()
            .with("cpu", Scope::of_value(2000).with_units("megahertz"))
            .with("memory", Scope::of_range(4, 32).with_units("gibibytes").with_default(4).with_increment(2))
            .with("cpuArch", Scope::of_values(["68000", "Alpha"]).with_default("Alpha"))
            .with("capacity", Scope::of_units("megabytes"))
            .with("bootable", Scope::of_values([true, false])),
        ValueScope::new().with("cpuSpeed", Scope::at_least(decimal("2.50")).with_units("GHz")).with(
            "machines",
            Scope::of_items(ValueScope::new().with("remoteLocation", Scope::of_values(["URI1", "URI2"]))),
        ),
    ]
}

const WRITTEN: &str = "<valueScope>\
    <cpu><value>2000</value><units>megahertz</units></cpu>\
    <memory><minimum>4</minimum><maximum>32</maximum><units>gibibytes</units><default>4</default><increment>2</increment></memory>\
    <cpuArch><value>68000</value><value>Alpha</value><default>Alpha</default></cpuArch>\
    <capacity><units>megabytes</units></capacity>\
    <bootable><value>true</value><value>false</value></bootable>\
    </valueScope><valueScope>\
    <cpuSpeed><minimum>2.50</minimum><units>GHz</units></cpuSpeed>\
    <machines><item><remoteLocation><value>URI1</value><value>URI2</value></remoteLocation></item></machines>\
    </valueScope>";

#[test]
fn written_without_annotations() {
    let mut metadata = ResourceMetadata::default();
    metadata.set_scopes(&all_forms());
    let v2 = xml::to_string(&metadata, Dialect::V2.into()).unwrap();
    assert_eq!(v2, format!("<ResourceMetadata xmlns=\"{V2}\"><vscope>{WRITTEN}</vscope></ResourceMetadata>"));
    // 1.x has no vscope: it is that of 2.0.
    let v1 = xml::to_string(&metadata, Dialect::V1.into()).unwrap();
    assert_eq!(
        v1,
        format!("<ResourceMetadata xmlns=\"{V1}\"><vscope xmlns=\"{V2}\">{WRITTEN}</vscope></ResourceMetadata>")
    );
    for text in [&v1, &v2] {
        let read: ResourceMetadata = from_xml(text).value;
        assert_eq!(read.scopes().unwrap(), all_forms());
        assert_eq!(read, metadata);
    }
    let text = json::to_string(&metadata, WriteOptions::default()).unwrap();
    assert!(text.contains(
        r#""vscope":[{"cpu":{"value":2000,"units":"megahertz"},"memory":{"minimum":4,"maximum":32,"units":"gibibytes","default":4,"increment":2},"#
    ), "{text}");
    assert!(text.contains(r#""cpuSpeed":{"minimum":2.50,"units":"GHz"}"#), "{text}");
    let read = json::from_slice::<ResourceMetadata>(text.as_bytes(), &ReadOptions::strict()).unwrap();
    assert_eq!(read.value, metadata);
}

#[test]
fn spellings_of_the_same() {
    let scope =
        ValueScope::new().with("cpu", Scope::of_range(1, 8).with_default(2)).with("arch", Scope::of_values(["a", "b"]));
    let inside = "<cpu><minimum>1</minimum><maximum>8</maximum><default>2</default></cpu>\
                  <arch><value>a</value><value>b</value></arch>";
    let spellings = [
        format!("<vscope>{inside}</vscope>"),
        format!("<vscope>\n  <valueScope>\n    {inside}\n  </valueScope>\n</vscope>"),
        "<vscope><cpu minimum=\"1\" maximum=\"8\" default=\"2\"/><arch><values><value>a</value><value>b</value></values></arch></vscope>".to_owned(),
        "<vscope><cpu minimum='1'><maximum>8</maximum><default>2</default></cpu><arch><values>a</values><values>b</values></arch></vscope>".to_owned(),
    ];
    for namespace in [V1, V2] {
        for spelling in &spellings {
            assert_eq!(metadata(namespace, spelling).scopes().unwrap(), std::slice::from_ref(&scope), "{spelling}");
        }
        let twice = format!("<vscope>{inside}</vscope><vscope><cpu><value>9</value></cpu></vscope>");
        let other = ValueScope::new().with("cpu", Scope::of_value(9));
        assert_eq!(metadata(namespace, &twice).scopes().unwrap(), [scope.clone(), other.clone()]);
        let array = format!(
            "<vscope><valueScope>{inside}</valueScope></vscope><vscope><valueScope><cpu><value>9</value></cpu></valueScope></vscope>"
        );
        assert_eq!(metadata(namespace, &array).scopes().unwrap(), [scope.clone(), other]);
    }
    assert_eq!(metadata(V2, "<vscope/>"), ResourceMetadata::default());
    // The elements of a single scope need not be those of CIMI.
    let vendor = metadata(V2, "<vscope><r:rack xmlns:r='urn:r'><value>1</value></r:rack></vscope>");
    assert_eq!(vendor.scopes().unwrap(), [ValueScope::new().with("{urn:r}rack", Scope::of_value(1))]);
    let text = xml::to_string(&vendor, Dialect::V2.into()).unwrap();
    assert!(text.contains(&format!("<rack xmlns=\"urn:r\"><value xmlns=\"{V2}\">1</value></rack>")), "{text}");
    assert_eq!(from_xml::<ResourceMetadata>(&text).value, vendor);
}

#[test]
fn texts_become_what_they_are() {
    let value = |content: &str| {
        let metadata = metadata(V2, &format!("<vscope><x>{content}</x></vscope>"));
        Any::from(metadata.scopes().unwrap()[0].get("x").unwrap())
    };
    let json = |text: &str| {
        let text = format!(r#"{{"resourceURI":"{V2}/ResourceMetadata","vscope":[{{"x":{text}}}]}}"#);
        let parsed = json::from_slice::<ResourceMetadata>(text.as_bytes(), &ReadOptions::strict()).unwrap();
        Any::from(parsed.value.scopes().unwrap()[0].get("x").unwrap())
    };
    for (xml, text) in [
        ("<value>1.50</value>", r#"{"value":1.50}"#),
        ("<value>true</value>", r#"{"value":true}"#),
        ("<value>1.50x</value>", r#"{"value":"1.50x"}"#),
        ("<value>68000</value><value>ARM</value>", r#"{"values":["68000","ARM"]}"#),
        ("<value>1</value><value>2</value><default>2</default>", r#"{"values":[1,2],"default":2}"#),
        ("<value>1</value><value>2</value><default>x</default>", r#"{"values":["1","2"],"default":"x"}"#),
        ("<values><value>1</value></values>", r#"{"values":[1]}"#),
        ("<value>1</value><default>1</default>", r#"{"values":[1],"default":1}"#),
        ("<item><a><value>1</value></a></item>", r#"{"item":{"a":{"value":1}}}"#),
        ("<minimum>04</minimum>", r#"{"minimum":4}"#),
        ("<minimum>many</minimum>", r#"{"minimum":"many"}"#),
        ("<vendor>1</vendor>", r#"{"vendor":"1"}"#),
    ] {
        assert_eq!(value(xml), json(text), "{xml}");
    }
}

#[test]
fn what_is_no_scope_is_kept_and_reported() {
    for value in ["5", r#"{"cpu":{"value":1}}"#, r#"[{"cpu":1}]"#, "[[]]", r#""text""#] {
        let text = format!(r#"{{"resourceURI":"{V2}/ResourceMetadata","vscope":{value}}}"#);
        let error = json::from_slice::<ResourceMetadata>(text.as_bytes(), &ReadOptions::strict()).unwrap_err();
        assert_eq!(error.path(), "/ResourceMetadata/vscope", "{value}");
        let parsed = json::from_slice::<ResourceMetadata>(text.as_bytes(), &ReadOptions::default()).unwrap();
        assert_eq!(parsed.deviations.len(), 1, "{value}");
        assert_eq!(parsed.deviations[0].path, "/ResourceMetadata/vscope");
        assert_eq!(json::to_string(&parsed.value, WriteOptions::default()).unwrap(), text);
        let written = xml::to_string(&parsed.value, Dialect::V2.into()).unwrap();
        let again = xml::from_slice::<ResourceMetadata>(written.as_bytes(), &ReadOptions::default()).unwrap();
        assert_eq!(again.value, parsed.value, "{written}");
    }
    let text = format!("<ResourceMetadata xmlns=\"{V2}\"><vscope> valueScope </vscope></ResourceMetadata>");
    let error = xml::from_slice::<ResourceMetadata>(text.as_bytes(), &ReadOptions::strict()).unwrap_err();
    assert_eq!(error.path(), "/ResourceMetadata/vscope");
    let parsed = xml::from_slice::<ResourceMetadata>(text.as_bytes(), &ReadOptions::default()).unwrap();
    assert_eq!(parsed.value.vscope, Some(Any::from(" valueScope ")));
}

#[test]
fn any_resource_may_have_scopes() {
    let mut template = MachineTemplate::default();
    scope::set(&mut template, &all_forms());
    for (dialect, namespace) in [(Dialect::V1, V1), (Dialect::V2, V2)] {
        let text = xml::to_string(&template, dialect.into()).unwrap();
        let declared = if dialect == Dialect::V1 { format!(" xmlns=\"{V2}\"") } else { String::new() };
        let expected =
            format!("<MachineTemplate xmlns=\"{namespace}\"><vscope{declared}>{WRITTEN}</vscope></MachineTemplate>");
        assert_eq!(text, expected);
        let read: MachineTemplate = from_xml(&text).value;
        assert_eq!(scope::of(&read).unwrap(), all_forms());
        assert_eq!(read, template);
    }
    let text = format!(
        "<MachineTemplate xmlns=\"{V2}\"><vscope><a><value>1</value></a></vscope><vscope><b/></vscope></MachineTemplate>"
    );
    let read: MachineTemplate = from_xml(&text).value;
    let scopes = scope::of(&read).unwrap();
    assert_eq!(scopes[0], ValueScope::new().with("a", Scope::of_value(1)));
    assert_eq!(scopes[1], ValueScope::new().with("b", Scope::default()));
}

/// Whatever a scope holds comes back from either format and dialect.
#[test]
fn round_trips() {
    let mut runner = TestRunner::deterministic();
    let bytes = proptest::collection::vec(proptest::num::u8::ANY, 0..200);
    for _ in 0..1500 {
        let bytes = bytes.new_tree(&mut runner).unwrap().current();
        let mut choices = Choices::new(&bytes);
        let value = support::scopes(&mut choices, support::Profile::Wild);
        let mut extended = MachineTemplate::default();
        extended.extensions.insert("vscope", value.clone());
        let metadata = ResourceMetadata { vscope: Some(value), ..ResourceMetadata::default() };
        for dialect in [Dialect::V1, Dialect::V2] {
            for pretty in [false, true] {
                let options = WriteOptions { dialect, pretty };
                let text = xml::to_string(&metadata, options).unwrap();
                let read: Parsed<ResourceMetadata> = xml::from_slice(text.as_bytes(), &ReadOptions::default()).unwrap();
                assert_eq!(read.value, metadata, "{text}");
                let text = xml::to_string(&extended, options).unwrap();
                let read: Parsed<MachineTemplate> = xml::from_slice(text.as_bytes(), &ReadOptions::default()).unwrap();
                assert_eq!(read.value, extended, "{text}");
            }
        }
        let scopes = metadata.scopes().unwrap();
        let mut typed = ResourceMetadata::default();
        typed.set_scopes(&scopes);
        assert_eq!(typed.scopes().unwrap(), scopes);
        // Nothing that anyone writes into a scope makes these panic.
        let _ = scope::problems_for(&scopes, cimi_model::Machine::described());
        let mut machine = cimi_model::Machine { cpu: Some(4), ..cimi_model::Machine::default() };
        let _ = scope::check_complete(&machine, &scopes);
        let _ = scope::defaults(&mut machine, &scopes);
    }
}

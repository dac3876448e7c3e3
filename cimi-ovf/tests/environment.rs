//! Environment documents: read, changed and written.
//!
//! The corpus is read where `CIMI_TEST_DATA` names a directory with it.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};
use std::process::Command;

use cimi_ovf::environment::{
    Entity, EnvironmentDocument, EnvironmentOptions, EnvironmentProperty, PlatformSection, PropertySection,
};
use cimi_ovf::model::{Content, ProductEntry, ProductSection, Property, VirtualSystem};
use cimi_ovf::properties::Properties;
use cimi_ovf::tree::{NewElement, Place};
use cimi_ovf::{Deployment, Descriptor, ErrorKind, ReadOptions, Version};
use proptest::prelude::*;

/// An environment with sections of vendors, as they write them.
const VENDORS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- for one machine -->
<Environment xmlns="http://schemas.dmtf.org/ovf/environment/1" xmlns:oe="http://schemas.dmtf.org/ovf/environment/1"
     xmlns:ve="http://www.vmware.com/schema/ovfenv" xmlns:wa="http://schemas.microsoft.com/windowsazure"
     oe:id='web' ve:vCenterId="vm-49">
   <PlatformSection>
      <Kind>VMware ESXi</Kind>
      <Locale>en</Locale>
      <Timezone>-480</Timezone>
   </PlatformSection>
   <PropertySection>
         <Property oe:value="10.0.0.1" oe:key="ip"/>
         <Property oe:key="pem" oe:value="one&#10;two&#xD;&#9;&quot;three&quot;"/>
   </PropertySection>
   <ve:EthernetAdapterSection>
      <ve:Adapter ve:mac="00:50:56:b1:2c:4e" ve:network="front" ve:unitNumber="7"/>
   </ve:EthernetAdapterSection>
   <Entity oe:id="db"><PropertySection><Property oe:key="ip" oe:value="10.0.0.2"/></PropertySection>
     <ve:Note>kept</ve:Note></Entity>
   <wa:ProvisioningSection><wa:Version>1.0</wa:Version></wa:ProvisioningSection>
</Environment>
"#;

fn read(text: &str) -> EnvironmentDocument {
    let read = EnvironmentDocument::read(text.as_bytes(), &ReadOptions::strict());
    read.unwrap_or_else(|error| panic!("{error}")).value
}

fn property(key: &str, value: &str) -> EnvironmentProperty {
    EnvironmentProperty { key: Some(key.into()), value: Some(value.into()), ..Default::default() }
}

#[test]
fn is_read_with_what_vendors_add() {
    let document = read(VENDORS);
    let environment = &document.environment;
    assert_eq!(environment.id.as_deref(), Some("web"));
    assert_eq!(environment.platform_sections[0].kind.as_deref(), Some("VMware ESXi"));
    assert_eq!(environment.platform_sections[0].timezone, Some(-480));
    assert_eq!(environment.value("pem"), Some("one\ntwo\r\t\"three\""));
    assert_eq!(environment.entity("db").unwrap().value("ip"), Some("10.0.0.2"));
    assert_eq!(environment.value("nothing"), None);
    let foreign: Vec<_> =
        document.foreign_children(environment.node).iter().map(|element| element.name().to_owned()).collect();
    assert_eq!(foreign, ["EthernetAdapterSection", "ProvisioningSection"]);
    assert_eq!(document.to_text().unwrap(), VENDORS);
}

#[test]
fn changes_change_only_what_they_are_about() {
    let mut document = read(VENDORS);
    let environment = &mut document.environment;
    environment.property_sections[0].properties[0].value = Some("10.0.0.9".into());
    environment.property_sections[0].properties.push(property("host", "a<b>&'\""));
    environment.entities.push(Entity { id: Some("cache".into()), ..Default::default() });
    let expected = VENDORS
        .replace("10.0.0.1\"", "10.0.0.9\"")
        .replace(
            "&quot;\"/>\n",
            "&quot;\"/>\n         <Property oe:key=\"host\" oe:value=\"a&lt;b&gt;&amp;'&quot;\"/>\n",
        )
        .replace("</Entity>\n", "</Entity>\n   <Entity oe:id=\"cache\"/>\n");
    assert_eq!(document.to_text().unwrap(), expected);
}

#[test]
fn vendor_sections_are_added_by_edits() {
    let mut document = EnvironmentDocument::new();
    document.environment.id = Some("vm".into());
    document.environment.property_sections.push(PropertySection::default());
    document
        .edit(|editor| {
            let root = editor.tree().root().id();
            editor.insert(root, Place::Last, NewElement::new("http://example.com/env", "RackSection"));
        })
        .unwrap();
    let text = document.to_text().unwrap();
    assert!(text.contains("RackSection xmlns:"), "{text}");
    assert_eq!(read(&text).environment, document.environment);
}

#[test]
fn other_documents_and_slips_are_told() {
    let refused = |text: &str| EnvironmentDocument::read(text.as_bytes(), &ReadOptions::default()).unwrap_err();
    let error = refused("<Envelope xmlns='http://schemas.dmtf.org/ovf/envelope/1'/>");
    assert_eq!(error.kind(), ErrorKind::Type);
    assert!(error.reason().contains("is not the Environment of an OVF environment"), "{error}");
    let error = refused("<Environment xmlns='http://schemas.dmtf.org/ovf/envelope/1'/>");
    assert_eq!(error.kind(), ErrorKind::Type);
    assert_eq!(refused("<!DOCTYPE a><Environment/>").kind(), ErrorKind::Syntax);

    let slips = "<Environment xmlns='http://schemas.dmtf.org/ovf/environment/1/' id='vm'>\
                 <PropertySection><Property key='a' value='s3cr3t' other='kept'/><Property key='b'/></PropertySection>\
                 <Entity/></Environment>";
    let read = EnvironmentDocument::read(slips.as_bytes(), &ReadOptions::default()).unwrap();
    let said = read.deviations.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(said.contains("was read as 'http://schemas.dmtf.org/ovf/environment/1'"), "{said}");
    assert!(said.contains("the attribute 'key' has no prefix"), "{said}");
    assert!(said.contains("ovfenv:value is missing") && said.contains("ovfenv:id is missing"), "{said}");
    assert!(!said.contains("s3cr3t") && !format!("{:?}", read.value).contains("s3cr3t"), "{said}");
    assert_eq!(read.value.environment.value("a"), Some("s3cr3t"));
    assert_eq!(read.value.to_text().unwrap(), slips);
    assert!(EnvironmentDocument::read(slips.as_bytes(), &ReadOptions::strict()).is_err());
}

#[test]
fn characters_that_xml_does_not_have_are_refused() {
    let mut document = EnvironmentDocument::new();
    let properties = vec![property("a", "\u{1}")];
    document.environment.property_sections.push(PropertySection { properties, ..Default::default() });
    assert_eq!(document.to_text().unwrap_err().kind(), ErrorKind::Write);
}

fn data() -> Option<PathBuf> {
    let root = std::env::var_os("CIMI_TEST_DATA");
    if root.is_none() {
        println!("skipped: CIMI_TEST_DATA is not set");
    }
    root.map(PathBuf::from)
}

/// All environments of the corpus are given back as they are, and have properties with keys and values.
#[test]
fn corpus_is_read_and_written() {
    let Some(root) = data() else { return };
    let root = root.join("corpus/ovf");
    let index = std::fs::read_to_string(root.join("INDEX.tsv")).unwrap();
    let mut count = 0;
    for line in index.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        if columns.get(6) != Some(&"ovf-env") {
            continue;
        }
        let bytes = std::fs::read(root.join(columns[0])).unwrap();
        let read = EnvironmentDocument::read(&bytes, &ReadOptions::strict());
        let document = read.unwrap_or_else(|error| panic!("{}: {error}", columns[0])).value;
        assert_eq!(document.to_vec().unwrap(), bytes, "{}", columns[0]);
        let properties = document.environment.property_sections.iter().flat_map(|section| &section.properties);
        let known = properties.filter(|property| property.key.is_some() && property.value.is_some()).count();
        assert!(known > 0, "{}", columns[0]);
        count += 1;
    }
    assert!(count > 0);
}

/// Checks a document against the official schema, if it is there.
fn check(name: &str, document: &EnvironmentDocument) {
    let Some(root) = data() else { return };
    if Command::new("xmllint").arg("--version").output().is_err() {
        println!("skipped: xmllint is not installed");
        return;
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, document.to_vec().unwrap()).unwrap();
    let mut command = Command::new("xmllint");
    command
        .args(["--nonet", "--noout", "--schema"])
        .arg(root.join("spec/ovf-xsd/env1.0.0/dsp8027_1.0.0.xsd"))
        .arg(&file);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn documents_from_nothing_are_valid() {
    let mut document = EnvironmentDocument::new();
    check("empty-env.xml", &document);
    let environment = &mut document.environment;
    environment.id = Some("vm \"1\"".into());
    let entity = Entity {
        id: Some("other".into()),
        property_sections: vec![PropertySection { properties: vec![property("k", "")], ..Default::default() }],
        ..Default::default()
    };
    environment.entities.push(entity);
    let text = || Some("a < b".to_owned());
    environment.platform_sections.push(PlatformSection {
        kind: text(),
        version: text(),
        vendor: text(),
        locale: text(),
        timezone: Some(60),
        ..Default::default()
    });
    let properties = vec![property("a.b.1", "line\nline\r\n\ttab"), property("c", "")];
    environment.property_sections.push(PropertySection { properties, ..Default::default() });
    check("full-env.xml", &document);
    assert_eq!(read(&document.to_text().unwrap()).environment, document.environment);
}

/// Two tiers of machines, each with properties of its own and of the collections around it.
const TIERS: &str = r#"<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"
  xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"><References/>
  <DeploymentOptionSection><Info>Sizes</Info>
    <Configuration ovf:id="small"><Label>S</Label><Description>s</Description></Configuration>
    <Configuration ovf:id="big"><Label>B</Label><Description>b</Description></Configuration>
  </DeploymentOptionSection>
  <VirtualSystemCollection ovf:id="shop"><Info>A shop</Info>
    <ProductSection><Info>Shop</Info>
      <Property ovf:key="domain" ovf:type="string" ovf:userConfigurable="true" ovf:value="example.com"/>
      <Property ovf:key="threads" ovf:type="uint8" ovf:value="1">
        <Value ovf:value="8" ovf:configuration="big"/></Property>
    </ProductSection>
    <VirtualSystemCollection ovf:id="tier"><Info>A tier</Info>
      <ProductSection ovf:class="tier"><Info>Tier</Info>
        <Property ovf:key="name" ovf:type="string" ovf:value="front"/></ProductSection>
      <VirtualSystem ovf:id="web"><Info>Web</Info>
        <ProductSection ovf:class="web" ovf:instance="1"><Info>Web</Info>
          <Property ovf:key="host" ovf:type="string" ovf:value="www.${domain}"/>
          <Property ovf:key="threads" ovf:type="uint8" ovf:value="${threads}"/>
        </ProductSection>
      </VirtualSystem>
      <VirtualSystem ovf:id="cache"><Info>Cache</Info>
        <ProductSection><Info>Cache</Info>
          <Property ovf:key="peer" ovf:type="string" ovf:value="${tier.name}.${domain} ${autoIp:}"/></ProductSection>
      </VirtualSystem>
      <VirtualSystem ovf:id="bare"><Info>Bare</Info></VirtualSystem>
    </VirtualSystemCollection>
    <VirtualSystem ovf:id="db"><Info>Database</Info>
      <ProductSection><Info>Db</Info><Property ovf:key="size" ovf:type="string" ovf:value="1"/></ProductSection>
    </VirtualSystem>
  </VirtualSystemCollection>
</Envelope>"#;

fn pairs(sections: &[PropertySection]) -> Vec<(&str, &str)> {
    let properties = sections.iter().flat_map(|section| &section.properties);
    properties.map(|property| (property.key.as_deref().unwrap(), property.value.as_deref().unwrap())).collect()
}

#[test]
fn an_environment_has_own_and_inherited_properties_and_siblings() {
    let descriptor = Descriptor::read(TIERS.as_bytes(), &ReadOptions::strict()).unwrap().value;
    let deployment = Deployment::choose(&descriptor.envelope, Some("big")).unwrap();
    let mut properties = Properties::new(&descriptor, deployment).unwrap();
    let web = properties.machine("web").unwrap();
    properties.set(web, "domain", "shop.example").unwrap();
    let mut options = EnvironmentOptions::default();
    options.platform = Some(PlatformSection { kind: Some("KVM".into()), ..Default::default() });
    let generated = EnvironmentDocument::generate(&properties, web, &options).unwrap();
    let notes: Vec<String> = generated.deviations.iter().map(ToString::to_string).collect();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].contains("Property['peer']") && notes[0].contains("'${autoIp:}' means no property"), "{notes:?}");
    let environment = &generated.value.environment;
    assert_eq!(environment.id.as_deref(), Some("web"));
    assert_eq!(environment.platform_sections[0].kind.as_deref(), Some("KVM"));
    let expected = [
        ("web.host.1", "www.shop.example"),
        ("web.threads.1", "8"),
        ("tier.name", "front"),
        ("domain", "shop.example"),
        ("threads", "8"),
    ];
    assert_eq!(pairs(&environment.property_sections), expected);
    let siblings: Vec<&str> = environment.entities.iter().map(|entity| entity.id.as_deref().unwrap()).collect();
    assert_eq!(siblings, ["cache", "bare"]);
    assert_eq!(pairs(&environment.entities[0].property_sections), [("peer", "front.shop.example ${autoIp:}")]);
    check("generated-env.xml", &generated.value);
}

#[test]
fn a_machine_alone_has_its_own_properties_only() {
    let text = TIERS.replace("VirtualSystemCollection ovf:id=\"tier\"", "VirtualSystemCollection ovf:id=\"t2\"");
    let descriptor = Descriptor::read(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
    let deployment = Deployment::choose(&descriptor.envelope, None).unwrap();
    let properties = Properties::new(&descriptor, deployment).unwrap();
    let db = properties.machine("shop/db").unwrap();
    let options = EnvironmentOptions::default();
    let document = EnvironmentDocument::generate(&properties, db, &options).unwrap().value;
    let expected = [("size", "1"), ("domain", "example.com"), ("threads", "1")];
    assert_eq!(pairs(&document.environment.property_sections), expected);
    assert_eq!(document.environment.entities, []);
    check("alone-env.xml", &document);
}

/// Texts as an attacker and as a careless person write them: everything that XML can carry.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>()
            .prop_filter("XML has it", |c| *c >= ' ' || "\t\n\r".contains(*c))
            .prop_filter("XML has it", |c| !matches!(*c, '\u{FFFE}' | '\u{FFFF}'))
            .prop_map(String::from),
        prop::sample::select(vec![
            "\"/><Property",
            "\r\n",
            "\r",
            "\n",
            "\t",
            "&#10;",
            "]]>",
            "<![CDATA[",
            "'",
            "\"",
            "&amp;",
            "${a}",
            " ",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_key_and_value_survives(pairs in prop::collection::vec((text(), text()), 0..6), id in text()) {
        let mut document = EnvironmentDocument::new();
        let properties: Vec<_> = pairs.iter().map(|(key, value)| property(key, value)).collect();
        document.environment.id = Some(id);
        document.environment.property_sections.push(PropertySection { properties, ..Default::default() });
        let text = document.to_text().unwrap();
        let again = read(&text);
        prop_assert_eq!(&again.environment, &document.environment);
        prop_assert_eq!(again.to_text().unwrap(), text);
    }
    /// A property of any name reaches the guest with the value that was chosen for it.
    #[test]
    fn any_choice_survives_generation(key in text(), class in text(), value in text()) {
        prop_assume!(!key.is_empty());
        let mut descriptor = Descriptor::new(Version::V1);
        let property = Property {
            key: Some(key.clone()),
            property_type: Some("string".into()),
            user_configurable: Some(true),
            ..Default::default()
        };
        let section = ProductSection {
            class: Some(class.clone()),
            entries: vec![ProductEntry::Property(property)],
            ..Default::default()
        };
        let system = VirtualSystem { id: Some(key.clone()), product_sections: vec![section], ..Default::default() };
        descriptor.envelope.content = Some(Content::System(system));
        let deployment = Deployment::choose(&descriptor.envelope, None).unwrap();
        let mut properties = Properties::new(&descriptor, deployment).unwrap();
        let machine = properties.machine(&key).unwrap();
        properties.set(machine, &key, &value).unwrap();
        let options = EnvironmentOptions::default();
        let document = EnvironmentDocument::generate(&properties, machine, &options).unwrap().value;
        let again = read(&document.to_text().unwrap());
        let whole = if class.is_empty() { key.clone() } else { format!("{class}.{key}") };
        prop_assert_eq!(again.environment.value(&whole), Some(value.as_str()));
        prop_assert_eq!(again.environment.id.as_deref(), Some(key.as_str()));
    }
}

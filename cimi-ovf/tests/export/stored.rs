//! What is stored beside the elements of OVF.

use cimi_model::{ComponentDescriptor, MachineTemplate, SystemTemplate};
use cimi_ovf::Version;

use crate::common;
use crate::fixtures::{VERSIONS, bare, machine, options, secretive, shop, text};

#[test]
fn importing_again_gives_the_same_template() {
    for version in VERSIONS {
        assert_eq!(common::import(&text(&shop(), version)).unwrap().template, shop());
    }
}

#[test]
fn characters_that_xml_does_not_have_survive() {
    let mut template = shop();
    template.name = Some("a\u{1}b\u{FFFE}\u{7F}\u{85}\r\n c ]]> &amp;".into());
    template.properties.insert("\u{FFFF}", "\u{0}");
    for version in VERSIONS {
        assert_eq!(common::import(&text(&template, version)).unwrap().template, template);
    }
}

#[test]
fn an_empty_template_survives() {
    let empty = SystemTemplate::default();
    for version in VERSIONS {
        assert_eq!(common::import(&text(&empty, version)).unwrap().template, empty);
    }
}

#[test]
fn nothing_is_stored_unless_wanted() {
    let text = bare(&shop(), Version::V1);
    assert!(!text.contains("urn:x-cimi:ovf"), "{text}");
}

#[test]
fn the_section_is_optional() {
    let text = text(&shop(), Version::V1);
    assert!(text.contains(r#"<ProductSection ovf:required="false" ovf:class="urn:x-cimi:ovf">"#), "{text}");
    assert_eq!(text.matches("urn:x-cimi:ovf").count(), 2, "{text}");
}

#[test]
fn a_section_that_is_not_understood_is_left_alone() {
    let whole = text(&shop(), Version::V1);
    let plain = common::import(&bare(&shop(), Version::V1)).unwrap().template;
    let (before, rest) = whole.split_once("application/json\">").unwrap();
    let (_, after) = rest.split_once("</cimi:Resource>").unwrap();
    for wrong in ["", "{", "[]", "not JSON", "{\"resourceURI\": \"http://schemas.dmtf.org/cimi/2/Volume\"}"] {
        let text = format!("{before}application/json\">{wrong}</cimi:Resource>{after}");
        let imported = common::import(&text).unwrap().template;
        assert_eq!(imported.component_descriptors.len(), plain.component_descriptors.len(), "{wrong}");
        assert_eq!(imported.name, plain.name);
    }
}

#[test]
fn more_than_a_descriptor_can_stand_for_is_left_alone() {
    let whole = text(&shop(), Version::V1);
    let (before, rest) = whole.split_once("application/json\">").unwrap();
    let (_, after) = rest.split_once("</cimi:Resource>").unwrap();
    let plain = common::import(&bare(&shop(), Version::V1)).unwrap().template;
    for count in [2_000, 600_000] {
        let many = vec![r#"{"machineTemplate":{"cpu":1}}"#; count].join(",");
        let json = format!(
            r#"{{"resourceURI":"http://schemas.dmtf.org/cimi/2/SystemTemplate","componentDescriptors":[{many}]}}"#
        );
        let limits = cimi_ovf::Limits { size: 64 << 20, ..cimi_ovf::ImportOptions::default().limits };
        let mut options = cimi_ovf::ImportOptions::default();
        options.limits = limits;
        let text = format!("{before}application/json\">{json}</cimi:Resource>{after}");
        let imported = cimi_ovf::import(text.as_bytes(), &options).unwrap().template;
        assert_eq!(imported.component_descriptors.len(), plain.component_descriptors.len());
    }
}

#[test]
fn secrets_are_left_out_unless_wanted() {
    let exported = cimi_ovf::export(&secretive(), &options(Version::V1)).unwrap();
    let text = exported.descriptor.to_text().unwrap();
    assert!(!text.contains("xyzzy"), "{text}");
    assert!(exported.notes.iter().any(|note| note.text.contains("secrets")), "{:?}", exported.notes);
    let again = common::import(&text).unwrap().template;
    let user = |template: &SystemTemplate| {
        let machine = common::machines(template)[0].clone();
        machine.credential.unwrap().value.unwrap().user_name
    };
    assert_eq!(user(&again), user(&secretive()));

    let mut options = options(Version::V1);
    options.secrets = true;
    let text = cimi_ovf::export(&secretive(), &options).unwrap().descriptor.to_text().unwrap();
    assert_eq!(common::import(&text).unwrap().template, secretive());
}

#[test]
fn many_components_with_the_same_names_stay_apart() {
    let components = (0..2000_i64).map(|at| {
        let description = Some(format!("number {at}"));
        let template = MachineTemplate { description, ..Default::default() };
        machine(&format!("m{}", at % 700), template)
    });
    let template = SystemTemplate { component_descriptors: components.collect(), ..Default::default() };
    let text = text(&template, Version::V2).replace("<Annotation>number 1705<", "<Annotation>changed<");
    let again = common::import(&text).unwrap().template;
    assert_eq!(again.component_descriptors.len(), 2000);
    let is_same = |(one, other): &(&ComponentDescriptor, &ComponentDescriptor)| one == other;
    let pairs = || again.component_descriptors.iter().zip(&template.component_descriptors);
    assert_eq!(pairs().filter(is_same).count(), 1999);
    assert!(!is_same(&pairs().nth(1705).unwrap()));
}

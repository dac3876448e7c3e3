//! Descriptors that were edited after an export: what stands in their own elements wins.

use cimi_model::{MachineTemplate, SystemTemplate};
use cimi_ovf::Version;

use crate::common;
use crate::fixtures::{VERSIONS, shop, text};

/// The import of the exported shop in which one text was put in place of another, which is there once.
fn edited(version: Version, old: &str, new: &str) -> SystemTemplate {
    let text = text(&shop(), version);
    assert_eq!(text.matches(old).count(), 1, "{old}\n{text}");
    common::import(&text.replace(old, new)).unwrap().template
}

fn with_machine(at: usize, change: impl FnOnce(&mut MachineTemplate)) -> SystemTemplate {
    let mut shop = shop();
    change(shop.component_descriptors[at].machine_template.as_mut().unwrap().value.as_mut().unwrap());
    shop
}

#[test]
fn memory() {
    for version in VERSIONS {
        let found = edited(version, ">4096<", ">6144<");
        let expected =
            with_machine(0, |web| web.machine_config.as_mut().unwrap().value.as_mut().unwrap().memory = Some(6 << 20));
        assert_eq!(found, expected);
    }
}

#[test]
fn capacities_of_disks() {
    for version in VERSIONS {
        let mut expected = shop();
        let pages = expected.component_descriptors[4].volume_template.as_mut().unwrap().value.as_mut().unwrap();
        pages.volume_config.as_mut().unwrap().value.as_mut().unwrap().capacity = Some(7_000_000);
        let found = edited(version, "\"5000001000\"", "\"7000000000\"");
        // The exact capacity is kept beside it, as of every import.
        assert_eq!(
            common::capacity(common::volumes(&found).iter().find(|(name, _)| *name == "pages").unwrap().1),
            Some(7_000_000)
        );
        assert_eq!(found.component_descriptors.len(), expected.component_descriptors.len());
        // A disk of a template in the machine.
        let found = edited(version, "ovf:capacity=\"2000\"", "ovf:capacity=\"4000\"");
        let web = common::machines(&found)[0];
        let inner = web.volume_templates[0].volume_template.as_ref().unwrap().value.as_ref().unwrap();
        assert_eq!(common::capacity(inner), Some(4_194_304));
        assert_eq!(found.component_descriptors.len(), expected.component_descriptors.len());
        // A disk of the machine itself.
        let found = edited(version, ">1000000000<", ">2000000000<");
        let expected = with_machine(0, |web| {
            web.machine_config.as_mut().unwrap().value.as_mut().unwrap().disks[0].capacity = Some(2_000_000);
        });
        assert_eq!(found, expected);
    }
}

#[test]
fn descriptions() {
    for version in VERSIONS {
        let found = edited(version, "<Annotation>The data</Annotation>", "<Annotation>All data</Annotation>");
        let data = common::component(&found, "data");
        assert_eq!(
            data.system_template.as_ref().unwrap().value.as_ref().unwrap().description.as_deref(),
            Some("All data")
        );
        let db = common::machines(&found)[2];
        assert_eq!(common::cpu_and_memory(db), (Some(8), Some(32 << 20)));
        assert_eq!(db.volumes, common::machines(&shop())[2].volumes);
    }
}

#[test]
fn a_machine_that_was_removed() {
    let text = text(&shop(), Version::V1);
    let (before, rest) = text.split_once("<VirtualSystem ovf:id=\"backup\">").unwrap();
    let (_, after) = rest.split_once("</VirtualSystem>").unwrap();
    let text =
        format!("{before}{after}").replace("<Item ovf:id=\"backup\" ovf:order=\"0\" ovf:startAction=\"none\"/>", "");
    let found = common::import(&text).unwrap().template;
    let names: Vec<_> = found.component_descriptors.iter().map(|c| c.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["web", "front", "back", "pages", "data", "login"]);
    let web = common::machines(&found)[0];
    assert_eq!(web, common::machines(&shop())[0]);
}

#[test]
fn a_network_that_was_added_and_connected() {
    let text = text(&shop(), Version::V1)
        .replace("</NetworkSection>", "<Network ovf:name=\"admin\"/></NetworkSection>")
        .replacen("<rasd:Connection>back<", "<rasd:Connection>admin<", 1);
    let found = common::import(&text).unwrap().template;
    assert!(common::component(&found, "admin").network_template.is_some());
    let web = common::machines(&found)[0];
    assert_eq!(common::references(web), ["#pages", "#front", "#admin"]);
    assert_eq!(web.user_data, common::machines(&shop())[0].user_data);
}

//! Templates that came from an import, exported onto the descriptor that they came from.

use cimi_model::{MachineConfiguration, MachineState, MachineTemplate, Ref, SystemTemplate};
use cimi_ovf::{Descriptor, ExportOptions, ReadOptions, Version, export_onto};

use crate::fixtures::{self, VERSIONS, attached, bare, interface, machine, shop, system, volume};
use crate::identity::corpus;
use crate::{common, schema};

/// A descriptor as products write them: two machines, items of vendors, comments, odd order and units.
const PRODUCT: &str = r#"<?xml version='1.0' encoding='UTF-8'?>
<!-- made by hand -->
<ovf:Envelope xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
   xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData"
   xmlns:vnd="http://vendor.example.com/ovf" vnd:build='7'>
  <ovf:References><ovf:File ovf:href="disk.vmdk" ovf:id="f1" vnd:sum="x"/></ovf:References>
  <ovf:DiskSection><ovf:Info>Disks</ovf:Info>
    <ovf:Disk ovf:diskId="d1" ovf:fileRef="f1" ovf:capacity="20" ovf:capacityAllocationUnits="byte * 2^30"/>
  </ovf:DiskSection>
  <ovf:NetworkSection><ovf:Info>Networks</ovf:Info><ovf:Network ovf:name="VM Network"/>
    <ovf:Network ovf:name="Backup"/></ovf:NetworkSection>
  <ovf:VirtualSystemCollection ovf:id="shop"><ovf:Info>A shop</ovf:Info>
    <ovf:StartupSection><ovf:Info>Start</ovf:Info><ovf:Item ovf:id="web" ovf:order="1"/><ovf:Item ovf:id="db" ovf:order="2"/></ovf:StartupSection>
    <ovf:VirtualSystem ovf:id="web"><ovf:Info>A web server</ovf:Info>
      <ovf:VirtualHardwareSection><ovf:Info>Hardware</ovf:Info>
        <ovf:Item><rasd:AllocationUnits>MegaBytes</rasd:AllocationUnits><rasd:ElementName>1 GB</rasd:ElementName><rasd:InstanceID>2</rasd:InstanceID><rasd:ResourceType>4</rasd:ResourceType><rasd:VirtualQuantity>1024</rasd:VirtualQuantity></ovf:Item>
        <ovf:Item><rasd:ElementName>CPU</rasd:ElementName><rasd:InstanceID>1</rasd:InstanceID><rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>3</rasd:VirtualQuantity><vnd:Cores>3</vnd:Cores></ovf:Item>
        <ovf:Item><rasd:Connection>VM Network</rasd:Connection><rasd:ElementName>NIC</rasd:ElementName><rasd:InstanceID>3</rasd:InstanceID><rasd:ResourceType>10</rasd:ResourceType></ovf:Item>
        <ovf:Item><rasd:ElementName>HD</rasd:ElementName><rasd:HostResource>ovf:/disk/d1</rasd:HostResource><rasd:InstanceID>4</rasd:InstanceID><rasd:ResourceType>17</rasd:ResourceType></ovf:Item>
        <vnd:Config vnd:key="nested" vnd:value="true"/>
      </ovf:VirtualHardwareSection>
    </ovf:VirtualSystem>
    <ovf:VirtualSystem ovf:id="db"><ovf:Info>A database</ovf:Info><ovf:Name>Data &amp; base</ovf:Name></ovf:VirtualSystem>
  </ovf:VirtualSystemCollection>
  <vnd:TrailerSection ovf:required="false"><ovf:Info>Vendor's</ovf:Info></vnd:TrailerSection>
</ovf:Envelope>
"#;

fn imported() -> SystemTemplate {
    common::import(PRODUCT).unwrap().template
}

fn onto(template: &SystemTemplate) -> (String, Vec<String>) {
    let mut descriptor = Descriptor::read(PRODUCT.as_bytes(), &ReadOptions::default()).unwrap().value;
    let notes = export_onto(&mut descriptor, template, &ExportOptions::default()).unwrap();
    (descriptor.to_text().unwrap(), notes.iter().map(ToString::to_string).collect())
}

fn configuration(template: &mut SystemTemplate) -> &mut MachineConfiguration {
    let web = template.component_descriptors[0].machine_template.as_mut().unwrap().value.as_mut().unwrap();
    web.machine_config.as_mut().unwrap().value.as_mut().unwrap()
}

#[test]
fn what_is_the_same_stays_byte_for_byte() {
    assert_eq!(onto(&imported()), (PRODUCT.to_owned(), vec![]));
}

#[test]
fn only_what_differs_is_changed() {
    let mut template = imported();
    configuration(&mut template).memory = Some(3 << 20);
    assert_eq!(onto(&template), (PRODUCT.replace(">1024<", ">3072<"), vec![]));

    configuration(&mut template).cpu = Some(4);
    let both = PRODUCT.replace(">1024<", ">3072<").replace("VirtualQuantity>3<", "VirtualQuantity>4<");
    assert_eq!(onto(&template), (both, vec![]));
}

#[test]
fn a_size_that_the_unit_does_not_say_gets_another_unit() {
    let mut template = imported();
    configuration(&mut template).memory = Some((1 << 20) + 1);
    let expected = PRODUCT.replace(">1024<", ">1073742848<").replace(">MegaBytes<", ">byte<");
    assert_eq!(onto(&template), (expected, vec![]));
}

#[test]
fn disks_and_networks_are_changed_in_their_place() {
    let mut template = imported();
    let disk = template.component_descriptors.iter_mut().find(|c| c.name.as_deref() == Some("d1")).unwrap();
    let volume = disk.volume_template.as_mut().unwrap().value.as_mut().unwrap();
    volume.volume_image.as_mut().unwrap().value.as_mut().unwrap().image_location = Some("new.vmdk".into());
    assert_eq!(onto(&template), (PRODUCT.replace("disk.vmdk", "new.vmdk"), vec![]));

    let mut template = imported();
    let web = template.component_descriptors[0].machine_template.as_mut().unwrap().value.as_mut().unwrap();
    web.interface_templates[0].value.as_mut().unwrap().network = Some(Ref::to("#Backup"));
    let (text, _) = onto(&template);
    assert!(text.contains("<rasd:Connection>Backup</rasd:Connection>"), "{text}");
}

#[test]
fn a_machine_that_is_gone_goes_with_its_start() {
    let mut template = imported();
    template.component_descriptors.retain(|component| component.name.as_deref() != Some("Data-base"));
    let (text, _) = onto(&template);
    assert!(!text.contains("ovf:id=\"db\""), "{text}");
    assert!(text.contains("<vnd:Config vnd:key=\"nested\" vnd:value=\"true\"/>"));
    assert_eq!(common::machines(&common::import(&text).unwrap().template).len(), 1);
}

#[test]
fn what_ovf_cannot_say_is_stored_and_edits_win() {
    let mut template = imported();
    template.properties.insert("stage", "test");
    template.component_descriptors[0].quantity = Some(3);
    let (text, notes) = onto(&template);
    assert_eq!(notes, ["/: the elements of the descriptor do not say all of the template"]);
    assert_eq!(common::import(&text).unwrap().template, template);

    let edited = common::import(&text.replacen(">1024<", ">2048<", 1)).unwrap().template;
    configuration(&mut template).memory = Some(2 << 20);
    assert_eq!(edited, template);

    // And once more: the section is replaced, not repeated.
    let mut descriptor = Descriptor::read(text.as_bytes(), &ReadOptions::default()).unwrap().value;
    export_onto(&mut descriptor, &imported(), &ExportOptions::default()).unwrap();
    let again = descriptor.to_text().unwrap();
    assert!(!again.contains("urn:x-cimi:ovf"), "{again}");
}

#[test]
fn other_resources_leave_the_descriptor_alone() {
    let mut descriptor = Descriptor::read(PRODUCT.as_bytes(), &ReadOptions::default()).unwrap().value;
    assert!(export_onto(&mut descriptor, &cimi_model::Volume::default(), &ExportOptions::default()).is_err());
    assert_eq!(descriptor.to_text().unwrap(), PRODUCT);
}

#[test]
fn descriptors_of_products_stay_as_they_are() {
    for (file, template) in corpus("descriptors_of_products_stay_as_they_are") {
        let content = std::fs::read(&file).unwrap();
        let mut descriptor = Descriptor::read(&content, &ReadOptions::default()).unwrap().value;
        let notes = export_onto(&mut descriptor, &template, &ExportOptions::default()).unwrap();
        assert_eq!(notes, [], "{}", file.display());
        assert!(descriptor.to_vec().unwrap() == content, "{}", file.display());
    }
}

/// The shop without what is stored, changed, and what an import makes of the elements alone.
fn grown(version: Version, change: impl FnOnce(&mut SystemTemplate)) -> (SystemTemplate, SystemTemplate, Vec<String>) {
    let text = bare(&shop(), version);
    let mut template = common::import(&text).unwrap().template;
    change(&mut template);
    let mut descriptor = Descriptor::read(text.as_bytes(), &ReadOptions::default()).unwrap().value;
    let mut options = ExportOptions::default();
    options.store = false;
    let notes = export_onto(&mut descriptor, &template, &options).unwrap();
    let text = descriptor.to_text().unwrap();
    if let Some(schemas) = schema::schemas("grown") {
        schema::check(&schemas, version, &[(format!("grown-{}", template.component_descriptors.len()), text.clone())]);
    }
    let notes = notes.iter().map(ToString::to_string).collect();
    (common::import(&text).unwrap().template, template, notes)
}

#[test]
fn new_components_become_elements() {
    for version in VERSIONS {
        let (found, _, notes) = grown(version, |template| {
            let cache = MachineTemplate {
                machine_config: Some(Ref::by_value(fixtures::configuration(3, 1 << 20))),
                volumes: vec![attached("pages"), attached("scratch")],
                interface_templates: vec![interface("back"), interface("lab")],
                initial_state: Some(MachineState::Stopped),
                ..Default::default()
            };
            template.component_descriptors.extend([
                machine("cache", cache),
                fixtures::network("lab"),
                volume("scratch", 4_194_304),
                system(
                    "tests",
                    SystemTemplate {
                        component_descriptors: vec![machine("probe", MachineTemplate::default()), volume("log", 7)],
                        ..Default::default()
                    },
                ),
            ]);
        });
        let cache = common::component(&found, "cache").machine_template.as_ref().unwrap().value.as_ref().unwrap();
        assert_eq!(common::cpu_and_memory(cache), (Some(3), Some(1 << 20)));
        assert_eq!(common::references(cache), ["#pages", "#scratch", "#back", "#lab"], "{notes:?}");
        assert_eq!(cache.initial_state, Some(MachineState::Stopped));
        let volumes = common::volumes(&found);
        let capacity = |name: &str| common::capacity(volumes.iter().find(|(known, _)| *known == name).unwrap().1);
        assert_eq!((capacity("scratch"), capacity("log")), (Some(4_194_304), Some(7)));
        assert!(common::component(&found, "lab").network_template.is_some());
        let tests = common::component(&found, "tests").system_template.as_ref().unwrap().value.as_ref().unwrap();
        assert_eq!(tests.component_descriptors[0].name.as_deref(), Some("probe"));
        // What was there is as it was.
        assert_eq!(
            common::machines(&found)[0],
            common::machines(&common::import(&bare(&shop(), version)).unwrap().template)[0]
        );
    }
}

#[test]
fn machines_get_and_lose_devices() {
    for version in VERSIONS {
        let (found, wanted, _) = grown(version, |template| {
            let backup = template.component_descriptors[1].machine_template.as_mut().unwrap().value.as_mut().unwrap();
            backup.volumes = vec![attached("extra")];
            backup.interface_templates.push(interface("front"));
            backup.initial_state = Some(MachineState::Started);
            backup.user_data = Some("I2Nsb3VkLWNvbmZpZwo=".into());
            template.component_descriptors.push(volume("extra", 1_000_000));
        });
        let [found, wanted] = [&found, &wanted].map(|template| common::machines(template)[1]);
        assert_eq!(common::references(found), ["#extra", "#front"]);
        assert_eq!(found.initial_state, wanted.initial_state);
        assert_eq!(found.user_data, wanted.user_data);
    }
}

#[test]
fn disks_and_networks_that_nobody_uses_go() {
    let mut template = imported();
    let web = template.component_descriptors[0].machine_template.as_mut().unwrap().value.as_mut().unwrap();
    web.volumes.clear();
    template.component_descriptors.retain(|component| !matches!(component.name.as_deref(), Some("d1" | "Backup")));
    let (text, _) = onto(&template);
    assert!(!text.contains("ovf:diskId=\"d1\"") && !text.contains("ovf:/disk/d1"), "{text}");
    assert!(!text.contains("ovf:name=\"Backup\"") && text.contains("ovf:name=\"VM Network\""), "{text}");
}

#[test]
fn a_single_machine_gets_company() {
    let text = common::envelope(&common::machine(&common::item("1", 3, &[("VirtualQuantity", "2")])));
    let mut template = common::import(&text).unwrap().template;
    template.component_descriptors.push(machine("second", MachineTemplate::default()));
    let mut descriptor = Descriptor::read(text.as_bytes(), &ReadOptions::default()).unwrap().value;
    export_onto(&mut descriptor, &template, &ExportOptions::default()).unwrap();
    let text = descriptor.to_text().unwrap();
    let found = common::import(&text).unwrap().template;
    assert_eq!(found, template);
    assert!(text.contains("<VirtualSystem ovf:id=\"second\">"), "{text}");
}

#[test]
fn a_system_is_exported_onto_its_descriptor() {
    let mut system = cimi_ovf::system(imported()).unwrap();
    let machines = &mut system.machines.as_mut().unwrap().value.as_mut().unwrap().items;
    machines[0].memory = Some(2 << 20);
    machines[1].description = Some("All data".into());
    let mut descriptor = Descriptor::read(PRODUCT.as_bytes(), &ReadOptions::default()).unwrap().value;
    export_onto(&mut descriptor, &system, &ExportOptions::default()).unwrap();
    let text = descriptor.to_text().unwrap();
    assert!(text.contains("<rasd:VirtualQuantity>2048</rasd:VirtualQuantity>"), "{text}");
    assert!(text.contains("All data</") && text.contains("<vnd:Cores>3</vnd:Cores>"), "{text}");
    assert_eq!(common::import(&text).unwrap().system.as_ref(), Some(&system));

    // And once more, onto what has a System already.
    let machines = &mut system.machines.as_mut().unwrap().value.as_mut().unwrap().items;
    machines[0].cpu = Some(5);
    export_onto(&mut descriptor, &system, &ExportOptions::default()).unwrap();
    let text = descriptor.to_text().unwrap();
    assert!(text.contains(">2048<") && text.contains(">5</rasd:VirtualQuantity><vnd:Cores>3<"), "{text}");
    assert_eq!(common::import(&text).unwrap().system, Some(system));
}

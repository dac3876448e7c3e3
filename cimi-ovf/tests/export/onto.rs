//! Templates that came from an import, exported onto the descriptor that they came from.

use cimi_model::{MachineConfiguration, SystemTemplate};
use cimi_ovf::{Descriptor, ExportOptions, ReadOptions, export_onto};

use crate::common;
use crate::identity::corpus;

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
    web.interface_templates[0].value.as_mut().unwrap().network = Some(cimi_model::Ref::to("#Backup"));
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

//! Templates to be exported.

use cimi_model::{
    ComponentDescriptor, Credential, CredentialTemplate, Dialect, DiskConfiguration, MachineConfiguration,
    MachineImage, MachineState, MachineTemplate, MachineTemplateVolume, MachineTemplateVolumeTemplate,
    NetworkInterfaceState, NetworkInterfaceTemplate, NetworkTemplate, Ref, SystemTemplate, VolumeConfiguration,
    VolumeImage, VolumeTemplate,
};
use cimi_ovf::{ExportOptions, Exported, Version};

pub(crate) fn component(kind: &str, name: &str) -> ComponentDescriptor {
    let uri = format!("{}/{kind}", Dialect::V2.namespace());
    ComponentDescriptor { name: Some(name.into()), type_uri: Some(uri.into()), ..Default::default() }
}

pub(crate) fn machine(name: &str, template: MachineTemplate) -> ComponentDescriptor {
    ComponentDescriptor { machine_template: Some(Ref::by_value(template)), ..component("Machine", name) }
}

pub(crate) fn system(name: &str, template: SystemTemplate) -> ComponentDescriptor {
    ComponentDescriptor { system_template: Some(Ref::by_value(template)), ..component("System", name) }
}

pub(crate) fn network(name: &str) -> ComponentDescriptor {
    let template = NetworkTemplate { description: Some("Where guests meet".into()), ..Default::default() };
    ComponentDescriptor { network_template: Some(Ref::by_value(template)), ..component("Network", name) }
}

pub(crate) fn volume_template(kilobytes: i64) -> VolumeTemplate {
    let config = VolumeConfiguration { capacity: Some(kilobytes), format: Some("ext4".into()), ..Default::default() };
    VolumeTemplate { volume_config: Some(Ref::by_value(config)), ..Default::default() }
}

pub(crate) fn volume(name: &str, kilobytes: i64) -> ComponentDescriptor {
    let template = Some(Ref::by_value(volume_template(kilobytes)));
    ComponentDescriptor { volume_template: template, ..component("Volume", name) }
}

pub(crate) fn attached(name: &str) -> MachineTemplateVolume {
    MachineTemplateVolume { volume: Some(Ref::to(format!("#{name}"))), ..Default::default() }
}

pub(crate) fn interface(network: &str) -> Ref<NetworkInterfaceTemplate> {
    Ref::by_value(NetworkInterfaceTemplate {
        network: Some(Ref::to(format!("#{network}"))),
        initial_state: Some(NetworkInterfaceState::Enabled),
        ..Default::default()
    })
}

pub(crate) fn configuration(cpu: i64, memory: i64) -> MachineConfiguration {
    MachineConfiguration { cpu: Some(cpu), memory: Some(memory), ..Default::default() }
}

/// A shop: two machines, one of them three times, and a database in a system of its own; a network for all, a volume
/// for two, one with an image, one in the machine's template, and much that OVF has no words for.
pub(crate) fn shop() -> SystemTemplate {
    let mut config = configuration(2, 4 << 20);
    config.cpu_speed = Some(2400);
    config.disks = vec![DiskConfiguration {
        capacity: Some(1_000_000),
        format: Some("ext4".into()),
        initial_location: Some("/dev/sdb".into()),
        ..Default::default()
    }];
    let image = MachineImage { image_location: Some("http://images.example.com/web.iso".into()), ..Default::default() };
    let inner = MachineTemplateVolumeTemplate {
        initial_location: Some("/dev/sdc".into()),
        volume_template: Some(Ref::by_value(volume_template(2_097_152))),
        ..Default::default()
    };
    let mut web = MachineTemplate {
        name: Some("small machine".into()),
        description: Some("Serves <pages> & more".into()),
        initial_state: Some(MachineState::Started),
        machine_config: Some(Ref::by_value(config)),
        machine_image: Some(Ref::by_value(image)),
        volumes: vec![attached("pages")],
        volume_templates: vec![inner],
        interface_templates: vec![interface("front"), interface("back")],
        user_data: Some("I2Nsb3VkLWNvbmZpZwo=".into()),
        ..Default::default()
    };
    web.properties.insert("owner", "ops");
    web.extensions.insert("{http://vendor.example.com/v}rack", "r7");
    let backup = MachineTemplate {
        initial_state: Some(MachineState::Stopped),
        machine_config: Some(Ref::by_value(configuration(1, 1_048_577))),
        volumes: vec![attached("pages")],
        ..Default::default()
    };
    let db = MachineTemplate {
        machine_config: Some(Ref::by_value(configuration(8, 32 << 20))),
        volumes: vec![attached("tables")],
        interface_templates: vec![interface("back")],
        ..Default::default()
    };
    let mut tables = volume("tables", 10_737_419);
    if let Some(template) = tables.volume_template.as_mut().and_then(|reference| reference.value.as_deref_mut()) {
        let image_location = Some("images/tables.vmdk".into());
        template.volume_image = Some(Ref::by_value(VolumeImage { image_location, ..Default::default() }));
    }
    let data = SystemTemplate {
        description: Some("The data".into()),
        component_descriptors: vec![machine("db", db), tables],
        ..Default::default()
    };
    let mut web = machine("web", web);
    web.quantity = Some(3);
    let credential = ComponentDescriptor {
        credential_template: Some(Ref::by_value(CredentialTemplate {
            user_name: Some("root".into()),
            ..Default::default()
        })),
        ..component("Credential", "login")
    };
    let mut shop = SystemTemplate {
        name: Some("shop".into()),
        description: Some("Sells things.\nAnd more \u{1F6D2}.".into()),
        component_descriptors: vec![
            web,
            machine("backup", backup),
            network("front"),
            network("back"),
            volume("pages", 5_000_001),
            system("data", data),
            credential,
        ],
        ..Default::default()
    };
    shop.properties.insert("stage", "test");
    shop
}

/// A machine with a password.
pub(crate) fn secretive() -> SystemTemplate {
    let credential =
        Credential { user_name: Some("root".into()), password: Some("xyzzy-plugh".into()), ..Default::default() };
    let template = MachineTemplate { credential: Some(Ref::by_value(credential)), ..Default::default() };
    SystemTemplate { component_descriptors: vec![machine("safe", template)], ..Default::default() }
}

pub(crate) fn options(version: Version) -> ExportOptions {
    let mut options = ExportOptions::default();
    options.version = version;
    options
}

pub(crate) fn export(template: &SystemTemplate, version: Version) -> Exported {
    cimi_ovf::export(template, &options(version)).unwrap()
}

pub(crate) fn text(template: &SystemTemplate, version: Version) -> String {
    export(template, version).descriptor.to_text().unwrap()
}

/// Without what is stored.
pub(crate) fn bare(template: &SystemTemplate, version: Version) -> String {
    let mut options = options(version);
    options.store = false;
    cimi_ovf::export(template, &options).unwrap().descriptor.to_text().unwrap()
}

pub(crate) const VERSIONS: [Version; 2] = [Version::V1, Version::V2];

//! What there is at the beginning: the entry point, the metadata, and samples to create resources from.

use cimi_model::reflect::Record;
use cimi_model::{
    Address, AddressAllocation, AddressOrigin, AddressTemplate, CloudEntryPoint, ComponentDescriptor, CpuArch,
    Credential, CredentialTemplate, Dialect, DiskConfiguration, EventLog, EventLogTemplate, ForwardingGroupTemplate,
    ImageState, ImageType, MachineConfiguration, MachineImage, MachineState, MachineTemplate,
    MachineTemplateVolumeTemplate, Meter, MeterConfiguration, MeterTemplate, Network, NetworkConfiguration,
    NetworkInterfaceState, NetworkInterfaceTemplate, NetworkPortConfiguration, NetworkPortTemplate,
    NetworkServiceTemplate, NetworkServiceType, NetworkState, NetworkTemplate, Persistence, Protocol,
    ProtocolEndpointTemplate, ProtocolSegmentTemplate, Ref, SystemTemplate, TimeScope, Uri, VolumeConfiguration,
    VolumeImage, VolumeTemplate, aspect,
};

use super::representation::metadata_path;
use super::{Cloud, ENTRY_POINT, events, v1};

impl Cloud {
    pub(crate) fn seed(&mut self) {
        let provider = self.provider();
        let entry_point = CloudEntryPoint {
            name: Some("In-memory cloud".into()),
            description: Some("A provider of the examples: nothing in it is real".into()),
            base_uri: Some(self.store.base()),
            ..CloudEntryPoint::default()
        };
        self.keep(ENTRY_POINT, Box::new(entry_point));
        // Some consumers of 1.x take the first that is about Machines for those of Machine.
        let (machine, others): (Vec<_>, Vec<_>) =
            provider.metadata.iter().partition(|metadata| metadata.name.as_deref() == Some("Machine"));
        for metadata in machine.into_iter().chain(others) {
            let of = metadata.type_uri.as_ref().and_then(|uri| provider.registry.by_uri(uri.as_str()));
            if let Some(of) = of {
                let shown = if self.dialect() == Dialect::V1 { v1::metadata(metadata) } else { metadata.clone() };
                self.keep(&metadata_path(of.record_type), Box::new(shown));
            }
        }
        let log = EventLog {
            name: Some("requests".into()),
            description: Some(format!("all requests: the latest {} Events", events::KEPT_IN_MAIN_LOG)),
            target_resource: Some(Ref::to(self.store.uri(ENTRY_POINT))),
            persistence: Some(Persistence::Yearly),
            ..EventLog::default()
        };
        self.sample("eventLogs", log);
        self.seed_monitoring();
        self.seed_machines();
        self.seed_volumes();
        self.seed_networks();
        match self.dialect() {
            Dialect::V1 => self.seed_v1(),
            Dialect::V2 => self.seed_v2(),
        }
        self.seed_systems();
        if self.dialect() == Dialect::V1 {
            self.seed_resources_v1();
        }
    }

    /// Adds a resource to a catalog; its URI.
    fn sample(&mut self, catalog: &str, record: impl Record) -> Uri {
        let path = self.store.new_path(catalog);
        self.keep(&path, Box::new(record));
        self.store.uri(&path)
    }

    fn seed_monitoring(&mut self) {
        for (name, aspect, units) in [
            ("cpu", aspect::CPU, "percent"),
            ("memory", aspect::MEMORY, "kibibytes"),
            ("disk", aspect::DISK, "kilobytes"),
        ] {
            let config = self.sample(
                "meterConfigs",
                MeterConfiguration {
                    name: Some(name.into()),
                    aspect: Some(aspect.into()),
                    units: Some(units.into()),
                    sample_interval: Some(60),
                    time_scope: Some(TimeScope::Point),
                    is_continuous: Some(true),
                    ..MeterConfiguration::default()
                },
            );
            self.sample(
                "meterTemplates",
                MeterTemplate {
                    name: Some(name.into()),
                    meter_config: Some(Ref::to(config)),
                    ..MeterTemplate::default()
                },
            );
        }
        self.sample(
            "eventLogTemplates",
            EventLogTemplate {
                name: Some("daily".into()),
                persistence: Some(Persistence::Daily),
                ..EventLogTemplate::default()
            },
        );
    }

    fn seed_machines(&mut self) {
        let credential = self.sample(
            "credentials",
            Credential { name: Some("admin".into()), user_name: Some("admin".into()), ..Credential::default() },
        );
        self.sample(
            "credentialTemplates",
            CredentialTemplate {
                name: Some("user".into()),
                user_name: Some("user".into()),
                ..CredentialTemplate::default()
            },
        );
        let images: Vec<Uri> = ["linux", "database"]
            .into_iter()
            .map(|name| {
                self.sample(
                    "machineImages",
                    MachineImage {
                        name: Some(name.into()),
                        state: Some(ImageState::Available),
                        image_type: Some(ImageType::Image),
                        image_location: Some(format!("urn:x-cimi-example:{name}").into()),
                        ..MachineImage::default()
                    },
                )
            })
            .collect();
        for (size, (name, cpu, gibibytes)) in
            [("small", 1, 1), ("medium", 2, 4), ("large", 4, 16)].into_iter().enumerate()
        {
            let config = self.sample(
                "machineConfigs",
                MachineConfiguration {
                    name: Some(name.into()),
                    cpu: Some(cpu),
                    memory: Some(gibibytes << 20),
                    cpu_arch: Some(CpuArch::X86_64),
                    cpu_speed: Some(2400),
                    disks: vec![DiskConfiguration {
                        capacity: Some(10_000_000 * cpu),
                        format: Some("ext4".into()),
                        initial_location: Some("/dev/sda".into()),
                        ..DiskConfiguration::default()
                    }],
                    ..MachineConfiguration::default()
                },
            );
            self.sample(
                "machineTemplates",
                MachineTemplate {
                    name: Some(name.into()),
                    initial_state: Some(MachineState::Stopped),
                    machine_config: Some(Ref::to(config)),
                    machine_image: images.get(size % 2).cloned().map(Ref::to),
                    credential: Some(Ref::to(credential.clone())).filter(|_| self.dialect() == Dialect::V2),
                    ..MachineTemplate::default()
                },
            );
        }
    }

    fn seed_volumes(&mut self) {
        let image = self.sample(
            "volumeImages",
            VolumeImage {
                name: Some("empty".into()),
                state: Some(ImageState::Available),
                image_location: Some("urn:x-cimi-example:empty".into()),
                bootable: Some(false),
                ..VolumeImage::default()
            },
        );
        for (name, gigabytes) in [("10 GB", 10), ("100 GB", 100)] {
            let config = self.sample(
                "volumeConfigs",
                VolumeConfiguration {
                    name: Some(name.into()),
                    type_uri: Some("http://schemas.dmtf.org/cimi/2/mapped".into()),
                    format: Some("ext4".into()),
                    capacity: Some(gigabytes * 1_000_000),
                    ..VolumeConfiguration::default()
                },
            );
            self.sample(
                "volumeTemplates",
                VolumeTemplate {
                    name: Some(name.into()),
                    volume_config: Some(Ref::to(config)),
                    volume_image: Some(Ref::to(image.clone())),
                    ..VolumeTemplate::default()
                },
            );
        }
    }

    fn seed_networks(&mut self) {
        let path = self.store.new_path("networks");
        let outside = Network {
            name: Some("internet".into()),
            description: Some("the world outside of this cloud".into()),
            state: Some(NetworkState::Started),
            network_type: Some("PUBLIC".into()),
            ..Network::default()
        };
        self.keep(&path, Box::new(outside));
        self.equip(&path);
        self.sample(
            "networkTemplates",
            NetworkTemplate {
                name: Some("private".into()),
                initial_state: Some(NetworkState::Started),
                ..NetworkTemplate::default()
            },
        );
    }

    fn seed_v2(&mut self) {
        let mut segment = ProtocolSegmentTemplate {
            name: Some("private IPv4".into()),
            network: Some(Ref::to(self.store.uri("networks/1"))),
            protocol: Some(Protocol::Ipv4),
            ..ProtocolSegmentTemplate::default()
        };
        segment.parameters.insert("netmask", "255.255.255.0");
        segment.parameters.insert("subnetAddress", "10.0.0.0");
        self.sample("segmentTemplates", segment);
        self.sample(
            "endpointTemplates",
            ProtocolEndpointTemplate {
                name: Some("dynamic".into()),
                initial_state: Some(NetworkInterfaceState::Enabled),
                origin: Some(AddressOrigin::Dynamic),
                ..ProtocolEndpointTemplate::default()
            },
        );
        self.sample(
            "interfaceTemplates",
            NetworkInterfaceTemplate {
                name: Some("gigabit".into()),
                initial_state: Some(NetworkInterfaceState::Enabled),
                speed: Some(1_000_000_000),
                mtu: Some(1500),
                ..NetworkInterfaceTemplate::default()
            },
        );
        self.sample(
            "networkServiceTemplates",
            NetworkServiceTemplate {
                name: Some("firewall".into()),
                network: Some(Ref::to(self.store.uri("networks/1"))),
                service_type: Some(NetworkServiceType::Firewall),
                ..NetworkServiceTemplate::default()
            },
        );
    }

    fn seed_v1(&mut self) {
        let network = self.store.uri("networks/1");
        let config = self.sample(
            "networkConfigs",
            NetworkConfiguration {
                name: Some("private".into()),
                network_type: Some("PRIVATE".into()),
                mtu: Some(1500),
                class_of_service: Some("BRONZE".into()),
                ..NetworkConfiguration::default()
            },
        );
        self.sample(
            "networkTemplates",
            NetworkTemplate {
                name: Some("bronze".into()),
                initial_state: Some(NetworkState::Started),
                network_config: Some(Ref::to(config)),
                ..NetworkTemplate::default()
            },
        );
        let config = self.sample(
            "networkPortConfigs",
            NetworkPortConfiguration {
                name: Some("access".into()),
                port_type: Some("ACCESS".into()),
                ..NetworkPortConfiguration::default()
            },
        );
        self.sample(
            "networkPortTemplates",
            NetworkPortTemplate {
                name: Some("access".into()),
                network: Some(Ref::to(network.clone())),
                network_port_config: Some(Ref::to(config)),
                ..NetworkPortTemplate::default()
            },
        );
        self.sample(
            "addresses",
            Address {
                name: Some("reserved".into()),
                ip: Some("192.0.2.10".into()),
                hostname: Some("reserved.example.com".into()),
                allocation: Some(AddressAllocation::Static),
                protocol: Some("IPv4".into()),
                mask: Some("255.255.255.0".into()),
                network: Some(Ref::to(network.clone())),
                ..Address::default()
            },
        );
        self.sample(
            "addressTemplates",
            AddressTemplate {
                name: Some("dynamic".into()),
                allocation: Some(AddressAllocation::Dynamic),
                protocol: Some("IPv4".into()),
                network: Some(Ref::to(network.clone())),
                ..AddressTemplate::default()
            },
        );
        self.sample(
            "forwardingGroupTemplates",
            ForwardingGroupTemplate {
                name: Some("public".into()),
                networks: vec![Ref::to(network)],
                ..ForwardingGroupTemplate::default()
            },
        );
    }

    /// A web server and a database with a Volume, on a Network of their own.
    fn seed_systems(&mut self) {
        let machine = |template: &str, volumes| MachineTemplate {
            initial_state: Some(MachineState::Started),
            machine_config: Some(Ref::to(self.store.uri(&format!("machineConfigs/{template}")))),
            machine_image: Some(Ref::to(self.store.uri("machineImages/1"))),
            volume_templates: volumes,
            ..MachineTemplate::default()
        };
        let data = MachineTemplateVolumeTemplate {
            initial_location: Some("/dev/sdb".into()),
            volume_template: Some(Ref::to(self.store.uri("volumeTemplates/1"))),
            ..MachineTemplateVolumeTemplate::default()
        };
        let component = |name: &str, template| ComponentDescriptor {
            name: Some(name.into()),
            type_uri: Some("http://schemas.dmtf.org/cimi/2/Machine".into()),
            machine_template: Some(Ref::by_value(template)),
            ..ComponentDescriptor::default()
        };
        let network = ComponentDescriptor {
            name: Some("lan".into()),
            type_uri: Some("http://schemas.dmtf.org/cimi/2/Network".into()),
            network_template: Some(Ref::to(self.store.uri("networkTemplates/1"))),
            ..ComponentDescriptor::default()
        };
        let system = SystemTemplate {
            name: Some("web shop".into()),
            component_descriptors: vec![
                component("web", machine("1", Vec::new())),
                component("database", machine("2", vec![data])),
                network,
            ],
            ..SystemTemplate::default()
        };
        self.sample("systemTemplates", system);
        // Meters are for what exists: the outside has one from the beginning.
        let path = self.store.new_path("meters");
        let meter = Meter {
            name: Some("traffic".into()),
            target_resource: Some(Ref::to(self.store.uri("networks/1"))),
            aspect: Some(aspect::BANDWIDTH.into()),
            units: Some("kilobits per second".into()),
            sample_interval: Some(60),
            time_scope: Some(TimeScope::Point),
            is_continuous: Some(true),
            ..Meter::default()
        };
        self.keep(&path, Box::new(meter));
        self.enter("meters", &path);
        self.equip(&path);
    }
}

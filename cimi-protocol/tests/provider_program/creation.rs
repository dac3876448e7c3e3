//! Creation of resources from templates (4.2.1.1), and their end (5.10).

use cimi_model::{
    Collection, Dialect, Disk, Event, EventLog, LocatedVolume, Machine, MachineConfiguration, MachineTemplate, System,
    SystemTemplate, Volume,
};

use crate::peer::{peers, uri};

#[test]
fn a_machine_by_reference() {
    for mut peer in peers() {
        let url = peer.create_from(
            "machines",
            r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCreate", "name": "web",
                "properties": {"owner": "ops"}, "machineTemplate": {"href": "http://127.0.0.1:8080/cimi/machineTemplates/1"}}"#,
            r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><name>web</name>
                 <properties><property key="owner">ops</property></properties>
                 <machineTemplate href="http://127.0.0.1:8080/cimi/machineTemplates/1"/></MachineCreate>"#,
        );
        let machine: Machine = peer.get(&url);
        assert_eq!((machine.name.as_deref(), machine.properties.get("owner")), (Some("web"), Some("ops")));
        assert_eq!((machine.cpu, machine.memory, machine.state), (Some(1), Some(1 << 20), Some("STOPPED".into())));
        assert_eq!(machine.parent.unwrap().href, Some(uri("machines")));
        let disks: Collection<Disk> = peer.get(&format!("{url}/disks"));
        assert_eq!((disks.count, disks.items[0].capacity), (Some(1), Some(10_000_000)));
        assert_eq!(disks.items[0].parent.as_ref().unwrap().href, Some(format!("{url}/disks").into()));
        let all: Collection<Machine> = peer.get("machines");
        assert_eq!((all.count, all.items[0].id.as_ref().unwrap().as_str()), (Some(1), url.as_str()));
    }
}

/// It has attributes of 1.x and extensions of the import, which a provider of 2.0 keeps.
#[test]
fn an_imported_appliance_is_kept_whole() {
    let descriptor = include_bytes!("../../../cimi-ovf/examples/webshop.ovf");
    let template = cimi_ovf::import(descriptor, &cimi_ovf::ImportOptions::default()).unwrap().template;
    let json = cimi_model::json::to_string(&template, Dialect::V2.into()).unwrap();
    let xml = cimi_model::xml::to_string(&template, Dialect::V2.into()).unwrap();
    for mut peer in peers() {
        let url = peer.create_from("systemTemplates", &json, &xml);
        let kept: SystemTemplate = peer.get(&url);
        assert_eq!(kept.component_descriptors.len(), template.component_descriptors.len());
        assert_eq!(kept.extensions, template.extensions);
    }
}

#[test]
fn a_machine_by_value() {
    for mut peer in peers() {
        let url = peer.create_from(
            "machines",
            r#"{"machineTemplate": {"initialState": "STARTED", "machineImage": {"href": "machineImages/1"},
                "machineConfig": {"cpu": 3, "memory": 2048, "disks": [{"capacity": 5, "format": "ext4"}]},
                "volumeTemplates": [{"initialLocation": "/dev/sdb", "volumeTemplate": {"volumeConfig": {"capacity": 7}}}]}}"#,
            r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><machineTemplate>
                 <initialState>STARTED</initialState>
                 <machineConfig><cpu>3</cpu><memory>2048</memory><disks><disk><capacity>5</capacity><format>ext4</format></disk></disks></machineConfig>
                 <machineImage href="machineImages/1"/>
                 <volumeTemplates><volumeTemplate initialLocation="/dev/sdb">
                   <volumeTemplate><volumeConfig><capacity>7</capacity></volumeConfig></volumeTemplate></volumeTemplate></volumeTemplates>
               </machineTemplate></MachineCreate>"#,
        );
        let machine: Machine = peer.get(&url);
        assert_eq!((machine.cpu, machine.state), (Some(3), Some("STARTED".into())));
        let volumes: Collection<LocatedVolume> = peer.get(&format!("{url}/volumes"));
        let located = &volumes.items[0];
        assert_eq!((located.initial_location.as_deref(), located.capacity), (Some("/dev/sdb"), Some(7)));
        let volume: Volume = peer.get(located.volume.as_ref().unwrap().href.as_ref().unwrap().as_str());
        assert_eq!((volume.capacity, volume.state), (Some(7), Some("AVAILABLE".into())));
    }
}

#[test]
fn a_machine_with_a_volume_that_exists() {
    for mut peer in peers() {
        let volume = peer.create_from(
            "volumes",
            r#"{"volumeTemplate": {"href": "volumeTemplates/1"}}"#,
            r#"<VolumeCreate xmlns="http://schemas.dmtf.org/cimi/2"><volumeTemplate href="volumeTemplates/1"/></VolumeCreate>"#,
        );
        let request = |volume: &str| {
            (
                format!(
                    r#"{{"machineTemplate": {{"href": "machineTemplates/1", "volumes": [{{"initialLocation": "/dev/sdd", "volume": {{"href": "{volume}"}}}}]}}}}"#
                ),
                format!(
                    r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><machineTemplate href="machineTemplates/1">
                         <volumes><volume initialLocation="/dev/sdd"><volume href="{volume}"/></volume></volumes></machineTemplate></MachineCreate>"#
                ),
            )
        };
        let (json, xml) = request(&volume);
        let url = peer.create_from("machines", &json, &xml);
        let volumes: Collection<LocatedVolume> = peer.get(&format!("{url}/volumes"));
        let located = &volumes.items[0];
        assert_eq!(located.initial_location.as_deref(), Some("/dev/sdd"));
        assert_eq!(located.volume.as_ref().unwrap().href, Some(volume.as_str().into()));
        // What an item borrows from the Volume is not kept with it.
        let item = located.id.clone().unwrap();
        let mut update: LocatedVolume = peer.get(item.as_str());
        update.capacity = Some(1);
        update.initial_location = Some("/dev/sde".into());
        let body = peer.write(&update);
        assert_eq!(peer.send("PUT", item.as_str(), &body, &[]).status(), 200);
        let updated: LocatedVolume = peer.get(item.as_str());
        assert_eq!((updated.initial_location.as_deref(), updated.capacity), (Some("/dev/sde"), Some(10_000_000)));
        let (json, xml) = request("volumes/99");
        let body = if peer.format == cimi_model::Format::Xml { xml } else { json };
        let response = peer.send("POST", "machines", body.as_bytes(), &[]);
        assert!(peer.refused(&response, 409).contains("volumes/99"));
    }
}

#[test]
fn overrides_and_erasures() {
    for mut peer in peers() {
        let url = peer.create_from(
            "machines",
            r#"{"machineTemplate": {"href": "machineTemplates/2", "initialState": "STARTED",
                "machineConfig": {"href": "machineConfigs/2", "cpuSpeed": null, "memory": 4096}}}"#,
            r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><machineTemplate href="machineTemplates/2">
                 <initialState>STARTED</initialState>
                 <machineConfig href="machineConfigs/2"><cpuSpeed/><memory>4096</memory></machineConfig>
               </machineTemplate></MachineCreate>"#,
        );
        let machine: Machine = peer.get(&url);
        assert_eq!((machine.cpu, machine.memory, machine.cpu_speed), (Some(2), Some(4096), None));
        assert_eq!(machine.state, Some("STARTED".into()));
        // The template is as before.
        let template: MachineTemplate = peer.get("machineTemplates/2");
        assert_eq!(template.initial_state, Some("STOPPED".into()));
    }
}

#[test]
fn what_cannot_be_created() {
    for mut peer in peers() {
        let mut refused = |status: u16, json: &str, xml: &str| {
            let body = if peer.format == cimi_model::Format::Xml { xml } else { json };
            let response = peer.send("POST", "machines", body.as_bytes(), &[]);
            peer.refused(&response, status)
        };
        let reason = refused(
            409,
            r#"{"machineTemplate": {"href": "machineTemplates/99"}}"#,
            r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><machineTemplate href="machineTemplates/99"/></MachineCreate>"#,
        );
        assert!(reason.contains("machineTemplates/99"), "{reason}");
        let reason = refused(
            400,
            r#"{"machineTemplate": {"machineConfig": {"cpu": 1, "realm": "eu"}}}"#,
            r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><machineTemplate><machineConfig><cpu>1</cpu><realm>eu</realm></machineConfig></machineTemplate></MachineCreate>"#,
        );
        assert!(reason.contains("realm"), "{reason}");
        refused(400, r#"{"machineTemplate": "#, "<MachineCreate");
        let all: Collection<Machine> = peer.get("machines");
        assert_eq!(all.count, Some(0));
    }
}

#[test]
fn templates_and_configurations_are_created_as_themselves() {
    for mut peer in peers() {
        let config =
            MachineConfiguration { name: Some("tiny".into()), cpu: Some(1), ..MachineConfiguration::default() };
        let config = peer.create("machineConfigs", &config);
        let template = peer.create_from(
            "machineTemplates",
            &format!(r#"{{"name": "mine", "machineConfig": {{"href": "{config}"}}}}"#),
            &format!(
                r#"<MachineTemplate xmlns="http://schemas.dmtf.org/cimi/2"><name>mine</name><machineConfig href="{config}"/></MachineTemplate>"#
            ),
        );
        let url = peer.create_from(
            "machines",
            &format!(r#"{{"machineTemplate": {{"href": "{template}"}}}}"#),
            &format!(r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><machineTemplate href="{template}"/></MachineCreate>"#),
        );
        assert_eq!(peer.get::<Machine>(&url).cpu, Some(1));
        // What a deleted configuration was for refers to it no longer.
        peer.delete(&config);
        assert_eq!(peer.get::<MachineTemplate>(&template).machine_config, None);
    }
}

#[test]
fn a_system_with_its_components() {
    for mut peer in peers() {
        let url = peer.create_from(
            "systems",
            r#"{"name": "shop", "systemTemplate": {"href": "systemTemplates/1"}}"#,
            r#"<SystemCreate xmlns="http://schemas.dmtf.org/cimi/2"><name>shop</name><systemTemplate href="systemTemplates/1"/></SystemCreate>"#,
        );
        let system: System = peer.get(&url);
        assert_eq!(system.state, Some("STARTED".into()));
        let machines: Collection<Machine> = peer.get(&format!("{url}/machines"));
        let names: Vec<_> = machines.items.iter().filter_map(|machine| machine.name.as_deref()).collect();
        assert_eq!(names, ["web", "database"]);
        assert_eq!(machines.items[0].parent.as_ref().unwrap().href, Some(format!("{url}/machines").into()));
        let volumes: Collection<Volume> = peer.get(&format!("{url}/volumes"));
        assert_eq!(volumes.items[0].capacity, Some(10_000_000));

        let web = machines.items[0].id.clone().unwrap();
        assert_eq!(peer.act(web.as_str(), "stop").status(), 200);
        assert_eq!(peer.get::<System>(&url).state, Some("MIXED".into()));
        assert_eq!(peer.act(&url, "stop").status(), 200);
        assert_eq!(peer.get::<System>(&url).state, Some("STOPPED".into()));

        peer.delete(&url);
        assert_eq!(peer.send("GET", web.as_str(), b"", &[]).status(), 404);
        assert_eq!(peer.get::<Collection<Machine>>("machines").count, Some(0));
        assert_eq!(peer.get::<Collection<Volume>>("volumes").count, Some(0));
        assert_eq!(peer.get::<Collection<SystemTemplate>>("systemTemplates").count, Some(1));
    }
}

#[test]
fn a_deletion_takes_along_what_is_below() {
    for mut peer in peers() {
        let before = (peer.get::<Collection<EventLog>>("eventLogs").count, peer.cloud.kept());
        let url = peer.create_from(
            "machines",
            r#"{"machineTemplate": {"href": "machineTemplates/1", "meterTemplates": [{"href": "meterTemplates/1"}],
                "volumeTemplates": [{"volumeTemplate": {"href": "volumeTemplates/1"}}]}}"#,
            r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><machineTemplate href="machineTemplates/1">
                 <volumeTemplates><volumeTemplate><volumeTemplate href="volumeTemplates/1"/></volumeTemplate></volumeTemplates>
                 <meterTemplates><meterTemplate href="meterTemplates/1"/></meterTemplates></machineTemplate></MachineCreate>"#,
        );
        let machine: Machine = peer.get(&url);
        let log = machine.event_log.unwrap().href.unwrap();
        let events: Collection<Event> = peer.get(&format!("{log}/events"));
        assert!(events.count > Some(0));
        peer.wait(120_000);
        let samples = peer.get_part(&format!("{url}/meters?$expand=samples"));
        assert!(format!("{samples:?}").contains("timestamp"), "{samples:?}");

        peer.delete(&url);
        for path in [log.to_string(), format!("{log}/events"), format!("{url}/disks"), format!("{url}/disks/1")] {
            assert_eq!(peer.send("GET", &path, b"", &[]).status(), 404, "{path}");
        }
        // The Volume is not part of the Machine.
        let volumes: Collection<Volume> = peer.get("volumes");
        assert_eq!(volumes.count, Some(1));
        peer.delete(volumes.items[0].id.as_ref().unwrap().as_str());
        let jobs: Collection<cimi_model::Job> = peer.get("jobs");
        let events: Collection<Event> = peer.get("eventLogs/1/events");
        // The meter of the Network measures as well.
        let samples: Collection<cimi_model::Sample> = peer.get("meters/1/samples");
        let added = jobs.items.len() + events.items.len() + samples.items.len();
        assert_eq!(peer.get::<Collection<EventLog>>("eventLogs").count, before.0);
        assert_eq!(peer.cloud.kept(), before.1 + added);
    }
}

//! Operations on resources and collections (4.2.1.5).

use cimi_model::{
    Action, Any, Collection, Event, EventContent, Job, LocatedVolume, Machine, MachineImage, Meter, Network,
    NetworkInterface, NetworkService, ProtocolEndpoint, ProtocolSegment, Ref, Sample, System, SystemService, Volume,
    VolumeImage, event_type, lifecycle,
};

use crate::peer::{Peer, peers, uri};

/// A Machine of the first template; its URI.
fn machine(peer: &mut Peer) -> String {
    peer.create_from(
        "machines",
        r#"{"machineTemplate": {"href": "machineTemplates/1"}}"#,
        r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><machineTemplate href="machineTemplates/1"/></MachineCreate>"#,
    )
}

fn volume(peer: &mut Peer) -> String {
    peer.create_from(
        "volumes",
        r#"{"name": "data", "volumeTemplate": {"href": "volumeTemplates/1"}}"#,
        r#"<VolumeCreate xmlns="http://schemas.dmtf.org/cimi/2"><name>data</name><volumeTemplate href="volumeTemplates/1"/></VolumeCreate>"#,
    )
}

fn state(peer: &mut Peer, url: &str) -> String {
    let machine: Machine = peer.get(url);
    machine.state.unwrap().as_str().to_owned()
}

/// The names of what may be done now.
fn available(machine: &Machine) -> Vec<&str> {
    let now = machine.operations.iter().filter(|operation| operation.available != Some(false));
    now.filter_map(|operation| operation.rel.as_ref()).map(|rel| lifecycle::name(rel.as_str())).collect()
}

#[test]
fn machines_start_and_stop() {
    for mut peer in peers() {
        let url = machine(&mut peer);
        let body = match peer.format {
            cimi_model::Format::Xml => {
                r#"<Action xmlns="http://schemas.dmtf.org/cimi/2"><action>http://schemas.dmtf.org/cimi/2/action/start</action></Action>"#
            }
            _ => {
                r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Action", "action": "http://schemas.dmtf.org/cimi/2/action/start"}"#
            }
        };
        let response = peer.send("POST", &url, body.as_bytes(), &[]);
        assert_eq!(response.status(), 200);
        let job = peer.job_of(&response);
        assert_eq!(job.action, Some("http://schemas.dmtf.org/cimi/2/action/start".into()));
        assert_eq!(job.target_resource.unwrap().href, Some(url.as_str().into()));

        for (action, after) in [
            ("pause", "PAUSED"),
            ("start", "STARTED"),
            ("suspend", "SUSPENDED"),
            ("start", "STARTED"),
            ("restart", "STARTED"),
            ("stop", "STOPPED"),
        ] {
            let before: Machine = peer.get(&url);
            assert!(available(&before).contains(&action), "{action}: {:?}", before.operations);
            assert_eq!(peer.act(&url, action).status(), 200);
            assert_eq!(state(&mut peer, &url), after);
        }
        let response = peer.act(&url, "pause");
        peer.refused(&response, 409);
        let response = peer.act(&url, "http://example.com/fly");
        peer.refused(&response, 400);
        // Operations are no updates.
        let machine: Machine = peer.get(&url);
        assert_eq!(machine.updated, machine.created);
    }
}

#[test]
fn volumes_are_connected() {
    for mut peer in peers() {
        let (url, volume) = (machine(&mut peer), volume(&mut peer));
        let volumes = format!("{url}/volumes");
        let parameters = Action {
            volume: Some(Ref::to(volume.as_str())),
            initial_location: Some("/dev/sdc".into()),
            ..Action::default()
        };
        assert_eq!(peer.act_with(&volumes, "insert", parameters.clone()).status(), 200);
        let response = peer.act_with(&volumes, "insert", parameters.clone());
        peer.refused(&response, 409);
        let connected: Collection<LocatedVolume> = peer.get(&volumes);
        let item = &connected.items[0];
        assert_eq!((item.initial_location.as_deref(), item.name.as_deref()), (Some("/dev/sdc"), Some("data")));
        let item: LocatedVolume = peer.get(item.id.as_ref().unwrap().as_str());
        assert_eq!((item.volume, item.capacity), (Some(Ref::to(volume.as_str())), Some(10_000_000)));

        assert_eq!(peer.act_with(&volumes, "remove", parameters.clone()).status(), 200);
        assert_eq!(peer.get::<Collection<LocatedVolume>>(&volumes).count, Some(0));
        assert_eq!(peer.act_with(&url, "connectvolume", parameters).status(), 200);
        assert_eq!(peer.get::<Collection<LocatedVolume>>(&volumes).count, Some(1));
        // A Volume that is deleted leaves the Machines.
        peer.delete(&volume);
        assert_eq!(peer.get::<Collection<LocatedVolume>>(&volumes).count, Some(0));
        let response =
            peer.act_with(&volumes, "insert", Action { volume: Some(Ref::to("machines/1")), ..Action::default() });
        peer.refused(&response, 409);
    }
}

#[test]
fn images_are_made_and_restored() {
    for mut peer in peers() {
        let url = machine(&mut peer);
        peer.act(&url, "start");
        // A snapshot by the operation, and by the collection of images.
        let response = peer.act(&url, "snapshot");
        assert_eq!(response.status(), 201, "{}", String::from_utf8_lossy(response.body()));
        let first = response.headers()["location"].to_str().unwrap().to_owned();
        let image = MachineImage {
            name: Some("second".into()),
            image_type: Some("SNAPSHOT".into()),
            image_location: Some(url.as_str().into()),
            ..MachineImage::default()
        };
        let second = peer.create("machineImages", &image);
        let image: MachineImage = peer.get(&second);
        assert_eq!((image.state, image.related_image), (Some("AVAILABLE".into()), Some(Ref::to(first.as_str()))));
        assert_ne!(image.image_location, Some(url.as_str().into()), "it is a copy");
        let snapshots: Collection<MachineImage> = peer.get(&format!("{url}/snapshots"));
        assert_eq!(snapshots.items.len(), 2);
        assert_eq!(peer.get::<Machine>(&url).latest_snapshot, Some(Ref::to(second.as_str())));

        peer.act(&url, "stop");
        let from = |image: &str| Action { image: Some(Ref::to(image)), ..Action::default() };
        assert_eq!(peer.act_with(&url, "restore", from(&first)).status(), 200);
        assert_eq!(state(&mut peer, &url), "STARTED");
        assert_eq!(peer.get::<Machine>(&url).latest_snapshot, Some(Ref::to(first.as_str())));
        assert_eq!(peer.act_with(&url, "restore", from("machineImages/1")).status(), 200);
        assert_eq!(state(&mut peer, &url), "STOPPED");
        let response = peer.act_with(&url, "restore", from("volumeImages/1"));
        peer.refused(&response, 409);
        // Snapshots outlive the Machine.
        peer.delete(&url);
        assert_eq!(peer.get::<MachineImage>(&second).name.as_deref(), Some("second"));

        let volume = volume(&mut peer);
        let response = peer.act(&volume, "snapshot");
        assert_eq!(response.status(), 201);
        let image: VolumeImage = peer.get(response.headers()["location"].to_str().unwrap());
        assert_eq!(image.state, Some("AVAILABLE".into()));
        assert_eq!(peer.get::<Collection<VolumeImage>>(&format!("{volume}/images")).count, Some(1));
        let image = image.id.unwrap();
        assert_eq!(peer.act_with(&volume, "restore", from(image.as_str())).status(), 200);
    }
}

#[test]
fn networks_start_with_what_they_consist_of() {
    for mut peer in peers() {
        let network = peer.create_from(
            "networks",
            r#"{"name": "lan", "networkTemplate": {"segmentTemplates": [{"protocol": "IPv4",
                "parameters": {"netmask": "255.255.255.0", "subnetAddress": "10.1.0.0"},
                "endpointTemplates": [{"origin": "DYNAMIC"}]}], "serviceTemplates": [{"type": "DHCP"}]}}"#,
            r#"<NetworkCreate xmlns="http://schemas.dmtf.org/cimi/2"><name>lan</name><networkTemplate>
                 <segmentTemplates><segmentTemplate><protocol>IPv4</protocol>
                   <endpointTemplates><endpointTemplate><origin>DYNAMIC</origin></endpointTemplate></endpointTemplates>
                   <parameters><parameter key="netmask">255.255.255.0</parameter><parameter key="subnetAddress">10.1.0.0</parameter></parameters>
                 </segmentTemplate></segmentTemplates>
                 <serviceTemplates><serviceTemplate><type>DHCP</type></serviceTemplate></serviceTemplates>
               </networkTemplate></NetworkCreate>"#,
        );
        let states = |peer: &mut Peer| {
            let found: Network = peer.get(&network);
            let segments: Collection<ProtocolSegment> = peer.get(&format!("{network}/segments"));
            let services: Collection<NetworkService> = peer.get(&format!("{network}/services"));
            let segment = segments.items[0].clone();
            let endpoints: Collection<ProtocolEndpoint> = peer.get(segment.endpoints.unwrap().href.unwrap().as_str());
            let text = |state: Option<String>| state.unwrap();
            [
                text(found.state.map(|state| state.as_str().to_owned())),
                text(segment.state.map(|state| state.as_str().to_owned())),
                text(services.items[0].state.as_ref().map(|state| state.as_str().to_owned())),
                text(endpoints.items[0].state.as_ref().map(|state| state.as_str().to_owned())),
            ]
        };
        assert_eq!(states(&mut peer), ["STOPPED", "STOPPED", "STOPPED", "DISABLED"]);
        let response = peer.act(&network, "start");
        assert_eq!(response.status(), 200);
        assert_eq!(states(&mut peer), ["STARTED", "STARTED", "STARTED", "ENABLED"]);
        let job = peer.job_of(&response);
        assert_eq!((job.affected_resources.len(), job.nested_jobs.len()), (4, 4));
        let nested: Job = peer.get(job.nested_jobs[0].href.as_ref().unwrap().as_str());
        assert_eq!((nested.parent_job, nested.state), (Some(Ref::to(job.id.unwrap())), Some("SUCCESS".into())));

        // A segment can be added to a Network that exists, by either collection.
        let segment = peer.create_from(
            "segments",
            r#"{"protocolSegmentTemplate": {"href": "segmentTemplates/1"}}"#,
            r#"<ProtocolSegmentCreate xmlns="http://schemas.dmtf.org/cimi/2"><protocolSegmentTemplate href="segmentTemplates/1"/></ProtocolSegmentCreate>"#,
        );
        let segments: Collection<ProtocolSegment> = peer.get("networks/1/segments");
        assert_eq!(segments.items[0].id, Some(segment.as_str().into()));
        peer.delete(&network);
        assert_eq!(peer.get::<Collection<ProtocolEndpoint>>("endpoints").count, Some(0));
    }
}

#[test]
fn interfaces_are_parts_of_machines() {
    for mut peer in peers() {
        let url = machine(&mut peer);
        let interface = peer.create_from(
            &format!("{url}/interfaces"),
            r#"{"networkInterfaceTemplate": {"href": "interfaceTemplates/1"}}"#,
            r#"<NetworkInterfaceCreate xmlns="http://schemas.dmtf.org/cimi/2"><networkInterfaceTemplate href="interfaceTemplates/1"/></NetworkInterfaceCreate>"#,
        );
        let found: NetworkInterface = peer.get(&interface);
        assert_eq!((found.mtu, found.state), (Some(1500), Some("ENABLED".into())));
        assert_eq!(found.parent.unwrap().href, Some(format!("{url}/interfaces").into()));
        assert_eq!(peer.act(&interface, "disable").status(), 200);
        assert_eq!(peer.get::<NetworkInterface>(&interface).state, Some("DISABLED".into()));
        peer.delete(&url);
        assert_eq!(peer.send("GET", &interface, b"", &[]).status(), 404);
    }
}

#[test]
fn meters_measure() {
    for mut peer in peers() {
        let url = machine(&mut peer);
        let meter = peer.create_from(
            &format!("{url}/meters"),
            r#"{"meterTemplate": {"href": "meterTemplates/1"}}"#,
            r#"<MeterCreate xmlns="http://schemas.dmtf.org/cimi/2"><meterTemplate href="meterTemplates/1"/></MeterCreate>"#,
        );
        let found: Meter = peer.get(&meter);
        assert_eq!((found.target_resource, found.sample_interval), (Some(Ref::to(url.as_str())), Some(60)));
        let samples = format!("{meter}/samples");
        peer.wait(150_000);
        let taken: Collection<Sample> = peer.get(&samples);
        assert_eq!(taken.count, Some(2));
        assert_eq!(taken.items[1].timestamp, Some("2025-01-01T08:02:00Z".parse().unwrap()));
        assert_eq!(peer.act(&meter, "stop").status(), 200);
        peer.wait(600_000);
        assert_eq!(peer.get::<Collection<Sample>>(&samples).count, Some(2));
        assert_eq!(peer.act(&meter, "start").status(), 200);
        // What is kept is bounded, and so is what is made up for.
        peer.wait(1_000 * 86_400 * 365);
        let taken: Collection<Sample> = peer.get(&samples);
        assert_eq!(taken.count, Some(100));
        // A Meter needs a resource that it is for.
        let request = cimi_model::MeterCreate {
            meter_template: Some(Ref::to("meterTemplates/1")),
            ..cimi_model::MeterCreate::default()
        };
        let response = peer.post("meters", &request);
        peer.refused(&response, 409);
        peer.delete(&url);
        assert_eq!(peer.send("GET", &meter, b"", &[]).status(), 404);
    }
}

#[test]
fn events_report_what_happens() {
    for mut peer in peers() {
        let url = machine(&mut peer);
        let credentials = [("Authorization", "Basic YWxpY2U6c2VjcmV0")];
        let body = peer.write(&Action { action: Some(lifecycle::action_uri("start")), ..Action::default() });
        peer.send("POST", &url, &body, &credentials);
        peer.send("POST", &url, &body, &credentials);
        let machine: Machine = peer.get(&url);
        let log = machine.event_log.unwrap().href.unwrap();
        let events: Collection<Event> = peer.get(&format!("{log}/events"));
        let contents = |kind: &str| -> Vec<EventContent> {
            let found = events.items.iter().filter(|event| event.type_uri == Some(kind.into()));
            found.filter_map(|event| event.content.clone()).collect()
        };
        let states: Vec<_> = contents(event_type::STATE)
            .into_iter()
            .map(|content| (content.previous.unwrap_or_default(), content.state.unwrap()))
            .collect();
        let states: Vec<_> = states.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        assert_eq!(
            states,
            [("", "CREATING"), ("CREATING", "STOPPED"), ("STOPPED", "STARTING"), ("STARTING", "STARTED")]
        );
        let access = contents(event_type::ACCESS);
        assert_eq!(access.len(), 2);
        assert_eq!((access[0].initiator.as_deref(), access[0].operation.as_deref()), (Some("alice"), Some("POST")));
        assert!(!format!("{events:?}").contains("secret"));
        let all: Collection<Event> = peer.get("eventLogs/1/events");
        let outcomes: Vec<_> =
            all.items.iter().filter(|event| event.type_uri == Some(event_type::ACCESS.into())).collect();
        assert_eq!(outcomes.len(), 3);
        assert_eq!(outcomes[2].outcome, Some("Failure".into()));
        let log: cimi_model::EventLog = peer.get(log.as_str());
        assert_eq!(log.summary.unwrap().medium, Some(1));
    }
}

#[test]
fn existing_resources_join_systems() {
    for mut peer in peers() {
        let template = cimi_model::SystemTemplate::default();
        let request = cimi_model::SystemCreate {
            system_template: Some(Ref::by_value(template)),
            ..cimi_model::SystemCreate::default()
        };
        let system = peer.create("systems", &request);
        assert_eq!(peer.get::<System>(&system).state, Some("MIXED".into()));
        let url = machine(&mut peer);
        let mut parameters = Action::default();
        parameters.extensions.insert("machine", [("href", url.as_str())].into_iter().collect::<Any>());
        let response = peer.act_with(&format!("{system}/machines"), "insert", parameters.clone());
        assert_eq!(response.status(), 200, "{}", String::from_utf8_lossy(response.body()));
        assert_eq!(peer.get::<System>(&system).state, Some("STOPPED".into()));
        peer.act(&system, "start");
        assert_eq!(state(&mut peer, &url), "STARTED");
        // It is an associated component: it stays when the System goes.
        assert_eq!(peer.get::<Machine>(&url).parent.unwrap().href, Some(uri("machines")));
        let response = peer.act_with(&format!("{system}/machines"), "remove", parameters.clone());
        assert_eq!(response.status(), 200);
        assert_eq!(peer.get::<System>(&system).state, Some("MIXED".into()));
        peer.act_with(&format!("{system}/machines"), "insert", parameters);
        peer.delete(&system);
        assert_eq!(state(&mut peer, &url), "STARTED");
    }
}

#[test]
fn services_care_for_machines() {
    for mut peer in peers() {
        let system = peer.create_from(
            "systems",
            r##"{"systemTemplate": {"componentDescriptors": [
                {"name": "a", "machineTemplate": {"href": "machineTemplates/1"}}, {"name": "b", "machineTemplate": {"href": "machineTemplates/1"}}],
                "serviceDescriptors": [{"name": "care", "serviceType": "http://schemas.dmtf.org/cimi/2/SystemService/highreliability/active",
                "parameters": {"machines": ["#a"]}}]}}"##,
            r#"<SystemCreate xmlns="http://schemas.dmtf.org/cimi/2"><systemTemplate><componentDescriptors>
                <componentDescriptor><name>a</name><machineTemplate href="machineTemplates/1"/></componentDescriptor>
                <componentDescriptor><name>b</name><machineTemplate href="machineTemplates/1"/></componentDescriptor></componentDescriptors>
                <serviceDescriptors><serviceDescriptor><name>care</name>
                <serviceType>http://schemas.dmtf.org/cimi/2/SystemService/highreliability/active</serviceType>
                <parameters><parameter key="machines">#a</parameter></parameters></serviceDescriptor></serviceDescriptors>
                </systemTemplate></SystemCreate>"#,
        );
        let services: Collection<SystemService> = peer.get(&format!("{system}/services"));
        let service = services.items[0].id.clone().unwrap().to_string();
        let in_care = format!("{service}/machines");
        let count = |peer: &mut Peer| peer.get::<Collection<cimi_model::RecoverableMachine>>(&in_care).items;
        let machines: Collection<Machine> = peer.get(&format!("{system}/machines"));
        let node = |index: usize| Action {
            node: Some(Ref::to(machines.items[index].id.clone().unwrap())),
            ..Action::default()
        };
        assert_eq!(count(&mut peer).len(), 1);
        let response = peer.act_with(&service, "addRM", node(0));
        peer.refused(&response, 409);
        assert_eq!(peer.act_with(&service, "addRM", node(1)).status(), 200);
        let items = count(&mut peer);
        assert_eq!(items.len(), 2);
        let backup = items[1].backup_machine.clone().unwrap().href.unwrap();
        assert_eq!(state(&mut peer, backup.as_str()), "STOPPED");
        assert_eq!(peer.act_with(&service, "forceSync", node(1)).status(), 200);
        assert_eq!(peer.act_with(&service, "swapBackup", node(1)).status(), 200);
        let items = count(&mut peer);
        assert!(items.iter().any(|item| item.id.as_ref() == Some(&backup)), "{items:?}");
        let swapped = Action { node: Some(Ref::to(backup.clone())), ..Action::default() };
        assert_eq!(peer.act_with(&service, "removeRM", swapped).status(), 200);
        // The backup, which is the Machine from before, goes with it.
        let old = machines.items[1].id.clone().unwrap();
        assert_eq!(peer.send("GET", old.as_str(), b"", &[]).status(), 404);
        assert_eq!(count(&mut peer).len(), 1);
        // The service manages the Machines; they stay when it goes.
        peer.delete(&service);
        assert_eq!(state(&mut peer, machines.items[0].id.as_ref().unwrap().as_str()), "STOPPED");
    }
}

#[test]
fn volumes_live_without_machines() {
    for mut peer in peers() {
        let url = volume(&mut peer);
        let found: Volume = peer.get(&url);
        assert_eq!((found.state, found.bootable), (Some("AVAILABLE".into()), Some(false)));
        peer.delete(&url);
    }
}

//! Real exchanges with a provider of CIMI 1.x stand in for the provider: what the client asks for is looked up there.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use cimi_model::reflect::{Described, Item, Resource, Shape};
use cimi_model::{
    Address, CloudEntryPoint, Collection, Dialect, Format, ForwardingGroup, LocatedVolume, Machine,
    MachineConfiguration, MachineCreate, MachineImage, MachineTemplate, Network, NetworkConfiguration,
    NetworkPortTemplate, Ref, Registry, ResourceMetadata, System, SystemCreate, Volume, VolumeConfiguration,
    VolumeTemplate,
};
use cimi_protocol::client::{EntryPoint, FailureKind, Pages, Peer, Transport, actions, metadata_of, redirect};
use cimi_protocol::{ErrorKind, Operation};
use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Request, Response};

const ENTRY: &str = "http://127.0.0.1:3001/cimi/cloudEntryPoint";

/// The exchanges by method, target and the format asked for; of several, the first.
struct Recorded(HashMap<(String, String, String), Response<Vec<u8>>>);

impl Recorded {
    fn load(folder: &Path) -> Self {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "headers"));
        paths.sort();
        let mut found = HashMap::new();
        for path in paths {
            let text = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
            let (request, answer) = text.split_once("\n\n").unwrap();
            let mut first = request.lines().next().unwrap().split(' ');
            let (method, target) = (first.next().unwrap(), first.next().unwrap());
            let accept =
                fields(request).get("accept").map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
            let body = ["json", "xml", "txt"].map(|extension| path.with_extension(extension));
            let body = body.iter().find_map(|path| std::fs::read(path).ok()).unwrap_or_default();
            let mut response = Response::builder().status(answer.split(' ').nth(1).unwrap()).body(body).unwrap();
            *response.headers_mut() = fields(answer);
            found.entry((method.to_owned(), target.to_owned(), accept)).or_insert(response);
        }
        Self(found)
    }

    fn send(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let target = request.uri().path_and_query().unwrap().to_string();
        let accept = request.headers()["accept"].to_str().unwrap().to_owned();
        let key = (request.method().to_string(), target, accept);
        self.0.get(&key).unwrap_or_else(|| panic!("nobody asked for {key:?}")).clone()
    }

    fn run<O: Operation>(&self, operation: &O) -> cimi_protocol::Result<O::Output> {
        operation.response(self.send(&operation.request()?))
    }

    fn has(&self, method: &str, target: &str, format: Format) -> bool {
        let accept = if format == Format::Xml { "application/xml" } else { "application/json" };
        self.0.contains_key(&(method.to_owned(), target.to_owned(), accept.to_owned()))
    }
}

fn fields(lines: &str) -> HeaderMap {
    let fields = lines.lines().filter_map(|line| line.split_once(": "));
    fields.map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap())).collect()
}

fn recorded(test: &str) -> Option<Recorded> {
    let Some(folder) = std::env::var_os("CIMI_TEST_DATA").map(PathBuf::from) else {
        println!("{test}: skipped, CIMI_TEST_DATA is not set");
        return None;
    };
    Some(Recorded::load(&folder.join("corpus/cimi-deltacloud")))
}

fn entry(recorded: &Recorded, format: Format) -> EntryPoint {
    let mut peer = Peer::default();
    peer.format = format;
    peer.transport = Transport::HttpOnLoopback;
    let uri = ENTRY.into();
    let read = recorded.run(&peer.read::<CloudEntryPoint>(&uri).unwrap()).unwrap();
    EntryPoint::new(&uri, read, peer)
}

/// Reads a collection of the entry point and what its members refer to, as far as it was recorded.
fn browse<T: Resource + Item + Shape>(recorded: &Recorded, entry: &EntryPoint) -> usize {
    let read = entry.collection::<T>().unwrap();
    let target = read.request().unwrap().uri().path().to_owned();
    if !recorded.has("GET", &target, entry.peer.format) {
        return 0;
    }
    let page = recorded.run(&read).unwrap_or_else(|error| panic!("{target}: {error:?}"));
    assert_eq!((page.content.dialect, page.format), (Some(Dialect::V1), entry.peer.format), "{target}");
    let mut found = 1;
    for member in &page.content.value.items {
        let id = cimi_model::attributes::text(member, "id").expect("an id").into();
        let read = entry.peer.read::<T>(&id).unwrap();
        let target = read.request().unwrap().uri().path().to_owned();
        if recorded.has("GET", &target, entry.peer.format) {
            let whole = recorded.run(&read).unwrap_or_else(|error| panic!("{target}: {error:?}"));
            assert_eq!(cimi_model::attributes::text(&whole.content.value, "id"), Some(id.as_str()));
            found += 1;
        }
    }
    found
}

#[test]
fn collections_and_resources_are_found_from_the_entry_point() {
    let Some(recorded) = recorded("collections_and_resources") else { return };
    for format in [Format::Json, Format::Xml] {
        let entry = entry(&recorded, format);
        assert_eq!(
            (entry.dialect, entry.peer.base.as_ref().unwrap().as_str()),
            (Some(Dialect::V1), "http://127.0.0.1:3001/cimi/")
        );
        let found: usize = [
            browse::<Machine>,
            browse::<MachineConfiguration>,
            browse::<MachineImage>,
            browse::<MachineTemplate>,
            browse::<Volume>,
            browse::<VolumeConfiguration>,
            browse::<VolumeTemplate>,
            browse::<Network>,
            browse::<NetworkConfiguration>,
            browse::<NetworkPortTemplate>,
            browse::<Address>,
            browse::<ForwardingGroup>,
            browse::<System>,
            browse::<ResourceMetadata>,
        ]
        .iter()
        .map(|browse| browse(&recorded, &entry))
        .sum();
        assert!(found > 20, "{found} in {format:?}");
        for collection in entry.entries() {
            assert!(collection.collection_type.is_some(), "{}", collection.name);
        }
    }
}

#[test]
fn queries_that_the_server_understands_or_not() {
    let Some(recorded) = recorded("queries") else { return };
    let entry = entry(&recorded, Format::Json);
    let machines = entry.collection::<Machine>().unwrap();
    // This server answers the same whatever $first and $last are.
    let read = machines.clone().query("$first=2".parse().unwrap());
    assert_eq!(recorded.run(&read).unwrap().content.value.items.len(), 4);
    let mut pages = Pages::new(machines, 3);
    let all = recorded.run(&entry.collection::<Machine>().unwrap()).unwrap();
    assert_eq!((pages.take(all).len(), pages.is_complete()), (4, true));
    assert!(pages.next_page().is_none());
}

#[test]
fn metadata_says_what_can_be_asked_for() {
    let Some(recorded) = recorded("metadata") else { return };
    let entry = entry(&recorded, Format::Xml);
    let all = recorded.run(&entry.metadata().unwrap()).unwrap().content.value;
    let machine = metadata_of(Machine::described(), &all.items).expect("metadata of Machine");
    let capabilities = cimi_model::capabilities::machine::INITIAL_STATES.get(machine);
    assert!(capabilities.is_some_and(|states| states.iter().any(|state| state == "STARTED")), "{machine:?}");
}

#[test]
fn machines_are_created_stopped_and_deleted() {
    let Some(recorded) = recorded("machines") else { return };
    for format in [Format::Json, Format::Xml] {
        let entry = entry(&recorded, format);
        let machines = recorded.run(&entry.collection::<Machine>().unwrap()).unwrap().content.value;
        let template = Ref::to("http://127.0.0.1:3001/cimi/machine_templates/6");
        let body = MachineCreate { name: Some("a".into()), machine_template: Some(template), ..Default::default() };
        let created = recorded.run(&entry.peer.create::<Machine>(&machines, &body).unwrap()).unwrap();
        assert_eq!((created.status.as_u16(), created.is_pending(), created.unread.is_none()), (201, false, true));
        let machine = created.resource.expect("the Machine").content.value;
        assert_eq!(machine.id, created.location);
        assert!(machine.extensions.get("realm").is_some());

        // 202 with nothing at all; the resource is what remains to be asked.
        let read = entry.peer.read::<Machine>(&"machines/inst4".into()).unwrap();
        let machine = recorded.run(&read).unwrap().content.value;
        let stop = entry.peer.invoke(&machine, actions::stop(None)).unwrap();
        assert!(recorded.has("POST", "/cimi/machines/inst4/stop", format));
        if let Ok(stopped) = recorded.run(&stop) {
            assert!(stopped.is_pending() && stopped.job_uri.is_none() && stopped.unread.is_none());
        }
        // It does not offer what it cannot do.
        assert_eq!(entry.peer.invoke(&machine, actions::pause()).unwrap_err().kind(), ErrorKind::NotOffered);
        assert_eq!(entry.peer.delete(&machine).unwrap_err().kind(), ErrorKind::NotOffered);
        let capture = entry.peer.capture(&machine, MachineImage::default()).unwrap();
        assert_eq!(capture.uri().as_str(), "http://127.0.0.1:3001/cimi/machine_images");
    }
}

#[test]
fn volumes_are_attached_in_the_way_of_1_x() {
    let Some(recorded) = recorded("volumes") else { return };
    let entry = entry(&recorded, Format::Xml);
    let read = entry.peer.read::<Collection<LocatedVolume>>(&"machines/inst4/volumes".into()).unwrap();
    let volumes = recorded.run(&read).unwrap().content.value;
    let item = LocatedVolume {
        volume: Some(Ref::to("volumes/1")),
        initial_location: Some("/dev/sdf".into()),
        ..Default::default()
    };
    let attached = recorded.run(&entry.peer.insert(&volumes, &item).unwrap()).unwrap();
    assert_eq!((attached.status.as_u16(), attached.resource.is_some()), (201, true));
    let item = attached.resource.unwrap().content.value;
    let detach = entry.peer.remove(&volumes, &item).unwrap().request().unwrap();
    assert_eq!((detach.method().as_str(), detach.uri().to_string()), ("DELETE", item.id.unwrap().to_string()));
}

#[test]
fn systems_and_what_is_deleted() {
    let Some(recorded) = recorded("systems") else { return };
    let entry = entry(&recorded, Format::Json);
    let systems = recorded.run(&entry.collection::<System>().unwrap()).unwrap().content.value;
    let template = Ref::to("http://127.0.0.1:3001/cimi/system_templates/template1");
    let body = SystemCreate { name: Some("sys_j".into()), system_template: Some(template), ..Default::default() };
    let created = recorded.run(&entry.peer.create::<System>(&systems, &body).unwrap()).unwrap();
    assert_eq!(created.resource.unwrap().content.value.id, created.location);
    let system = recorded.run(&entry.peer.read::<System>(&"systems/sys_x".into()).unwrap()).unwrap().content.value;
    let deleted = recorded.run(&entry.peer.delete(&system).unwrap()).unwrap();
    assert_eq!((deleted.status.as_u16(), deleted.is_pending(), deleted.unread.is_none()), (200, false, true));
}

#[test]
fn errors_that_are_no_jobs() {
    let Some(recorded) = recorded("errors") else { return };
    for (format, href, kind, message) in [
        (Format::Json, "machines/nope", FailureKind::NotFound, "Not found"),
        (Format::Xml, "volumes/nope", FailureKind::NotFound, "Not found"),
        (Format::Json, "nosuch", FailureKind::NotFound, "Sinatra doesn’t know this ditty."),
        (
            Format::Xml,
            "network_ports",
            FailureKind::Changed,
            "The required capability to execute this operation is missing",
        ),
    ] {
        let entry = entry(&recorded, format);
        let read = entry.peer.read_document(&href.into(), &Registry::standard()).unwrap();
        let error = recorded.run(&read).unwrap_err();
        let failure = error.failure().expect("a failure");
        assert_eq!((failure.kind(), failure.message.as_deref()), (kind, Some(message)), "{href}");
    }
    // All that was ever answered with a status of failure says something about it, but for empty bodies.
    for ((method, target, _), response) in &recorded.0 {
        if response.status().is_client_error() || response.status().is_server_error() {
            let failure = cimi_protocol::client::Failure::of(response);
            assert_eq!(failure.message.is_none(), response.body().is_empty(), "{method} {target}");
        }
    }
}

#[test]
fn the_root_redirects_to_the_entry_point() {
    let Some(recorded) = recorded("redirects") else { return };
    let mut peer = Peer::default();
    peer.transport = Transport::HttpOnLoopback;
    let read = peer.read::<CloudEntryPoint>(&"http://127.0.0.1:3001/cimi/".into()).unwrap();
    let request = read.request().unwrap();
    let answer = recorded.send(&request);
    let next = redirect(&request, &answer, peer.transport).unwrap().expect("a redirect").request(request);
    assert_eq!(next.uri(), ENTRY);
    assert!(read.response(recorded.send(&next)).is_ok());
}

//! What an entry point makes known.

use cimi_model::{
    CloudEntryPoint, Dialect, MachineConfiguration, NetworkPort, ProtocolSegment, ResourceMetadata, Volume, collection,
    resource,
};
use cimi_protocol::client::{EntryPoint, Peer};
use cimi_protocol::{ErrorKind, Operation as _};

use crate::answer;

const URI: &str = "https://cloud.example.com/api/cloudEntryPoint";

fn entry(body: &str) -> EntryPoint {
    let read = Peer::default().read::<CloudEntryPoint>(&URI.into()).unwrap();
    let media_type = if body.starts_with('<') { "xml" } else { "json" };
    let answer = answer(200, &format!("Content-Type: application/{media_type}"), body);
    EntryPoint::new(&URI.into(), read.response(answer).expect(body), Peer::default())
}

resource! {
    /// A rack.
    pub Rack = "Rack" [namespace("http://example.com/racks")] {}
}
collection!(Rack, "RackCollection", "racks");

#[test]
fn the_dialect_is_what_the_document_says_or_has() {
    for (body, expected) in [
        (r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/CloudEntryPoint"}"#, Some(Dialect::V1)),
        (r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/CloudEntryPoint"}"#, Some(Dialect::V2)),
        (r#"<CloudEntryPoint xmlns="http://schemas.dmtf.org/cimi/1"/>"#, Some(Dialect::V1)),
        (r#"{"networkPorts": {"href": "a"}, "machines": {"href": "b"}}"#, Some(Dialect::V1)),
        (r#"{"segments": {"href": "a"}}"#, Some(Dialect::V2)),
        (r#"{"segments": {"href": "a"}, "addresses": {"href": "a"}}"#, None),
        (r#"{"machines": {"href": "b"}}"#, None),
        ("{}", None),
    ] {
        let entry = entry(body);
        assert_eq!(entry.dialect, expected, "{body}");
        assert_eq!(entry.peer.dialect, expected.unwrap_or_default());
    }
}

#[test]
fn the_base_is_absolute() {
    for (stated, base) in [
        (r#""baseURI": "https://x.example.com/c/""#, "https://x.example.com/c/"),
        (r#""baseURI": "/c/""#, "https://cloud.example.com/c/"),
        (r#""baseURI": """#, URI),
        (r#""name": "no base""#, URI),
    ] {
        assert_eq!(entry(&format!("{{{stated}}}")).peer.base.unwrap().as_str(), base);
    }
}

#[test]
fn collections_by_type_and_by_name() {
    for body in [
        r#"{"baseURI": "https://cloud.example.com/", "machineConfigs": {"href": "mc"}, "volumes": {"href": "v?t=1"},
            "networkPorts": {"href": "np"}, "resourceMetadata": {"href": "rm"}, "jobs": {},
            "racks": {"href": "r"}, "vendor": 7}"#,
        r#"<CloudEntryPoint xmlns="http://schemas.dmtf.org/cimi/1"><baseURI>https://cloud.example.com/</baseURI>
            <machineConfigs href="mc"/><volumes href="v?t=1"/><networkPorts href="np"/><resourceMetadata href="rm"/>
            <jobs/><r:racks xmlns:r="http://example.com/racks" href="r"/><vendor>7</vendor></CloudEntryPoint>"#,
    ] {
        let entry = entry(body);
        let uri = |read: cimi_protocol::Result<http::Request<Vec<u8>>>| read.unwrap().uri().to_string();
        assert_eq!(uri(entry.collection::<MachineConfiguration>().unwrap().request()), "https://cloud.example.com/mc");
        assert_eq!(uri(entry.collection::<Volume>().unwrap().request()), "https://cloud.example.com/v?t=1");
        assert_eq!(uri(entry.collection::<NetworkPort>().unwrap().request()), "https://cloud.example.com/np");
        assert_eq!(uri(entry.collection::<Rack>().unwrap().request()), "https://cloud.example.com/r");
        assert_eq!(uri(entry.metadata().unwrap().request()), "https://cloud.example.com/rm");
        let missing = entry.collection::<ProtocolSegment>().unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::NotOffered);
        assert!(missing.to_string().contains("machineConfigs"), "{missing}");

        for (name, href) in [
            ("machineConfigs", Some("mc")),
            ("machineConfigurations", Some("mc")),
            ("volumes", Some("v?t=1")),
            ("networkPorts", Some("np")),
            ("resourceMetadata", Some("rm")),
            ("racks", Some("r")),
            ("jobs", None),
            ("vendor", None),
            ("machines", None),
            ("baseURI", None),
            ("nothing", None),
        ] {
            let found = entry.named(name);
            assert_eq!(found.as_ref().map(|found| found.href.as_str()).ok(), href, "{name}");
        }
        let config = entry.named("machineConfigs").unwrap();
        assert_eq!(config.collection_type.unwrap().name, "MachineConfigurationCollection");
        assert_eq!(entry.entries().count(), 5);
    }
}

#[test]
fn no_resource_is_taken_for_another() {
    let entry = entry(r#"{"machines": {"href": "m"}, "systems": {"href": "s"}}"#);
    assert!(entry.collection::<MachineConfiguration>().is_err());
    assert!(entry.collection::<ResourceMetadata>().is_err());
    assert!(entry.collection::<Rack>().is_err());
}

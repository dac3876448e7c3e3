//! Operations that take their time (4.2.1.7).

use chrono::TimeDelta;
use cimi_model::{Collection, Dialect, Format, Job, Machine, NetworkInterface, NetworkInterfaceCreate, Ref};

use crate::cloud::Options;
use crate::peer::Peer;

fn peers() -> [Peer; 2] {
    let options = Options { dialect: Dialect::V2, latency: TimeDelta::milliseconds(1000) };
    [Format::Json, Format::Xml].map(|format| Peer::new(format, options))
}

fn start_creation(peer: &mut Peer) -> (String, String) {
    let body = match peer.format {
        Format::Xml => {
            r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><machineTemplate href="machineTemplates/1"><initialState>STARTED</initialState></machineTemplate></MachineCreate>"#
        }
        _ => r#"{"machineTemplate": {"href": "machineTemplates/1", "initialState": "STARTED"}}"#,
    };
    let response = peer.send("POST", "machines", body.as_bytes(), &[]);
    assert_eq!(response.status(), 202);
    let job: Job = peer.value(&response);
    let uri = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!((job.id, job.state, job.progress), (Some(uri("cimi-job-uri").into()), Some("RUNNING".into()), Some(0)));
    (uri("location"), uri("cimi-job-uri"))
}

#[test]
fn a_machine_comes_to_be() {
    let template = Some(Ref::to("interfaceTemplates/1"));
    let interface =
        NetworkInterfaceCreate { network_interface_template: template, ..NetworkInterfaceCreate::default() };
    for mut peer in peers() {
        let (machine, job) = start_creation(&mut peer);
        let found: Machine = peer.get(&machine);
        assert_eq!(found.state, Some("CREATING".into()));
        let response = peer.act(&machine, "stop");
        peer.refused(&response, 409);
        let tag = peer.send("GET", &job, b"", &[]).headers()["etag"].clone();
        peer.wait(400);
        let response = peer.send("GET", &job, b"", &[]);
        assert_ne!(response.headers()["etag"], tag);
        assert_eq!(peer.value::<Job>(&response).progress, Some(40));
        peer.wait(599);
        assert_eq!(peer.get::<Job>(&job).progress, Some(99));
        peer.wait(1);
        let job: Job = peer.get(&job);
        assert_eq!((job.progress, job.state), (Some(100), Some("SUCCESS".into())));
        assert_eq!(job.time_of_status_change, Some("2025-01-01T08:00:01Z".parse().unwrap()));
        assert_eq!(peer.get::<Machine>(&machine).state, Some("STARTED".into()));

        // Through both states of a restart.
        assert_eq!(peer.act(&machine, "restart").status(), 202);
        assert_eq!(peer.get::<Machine>(&machine).state, Some("STOPPING".into()));
        peer.wait(500);
        assert_eq!(peer.get::<Machine>(&machine).state, Some("STARTING".into()));
        peer.wait(500);
        assert_eq!(peer.get::<Machine>(&machine).state, Some("STARTED".into()));

        peer.post(&format!("{machine}/interfaces"), &interface);
        peer.wait(1000);
        let response = peer.send("DELETE", &machine, b"", &[]);
        assert_eq!(response.status(), 202);
        let interfaces: Collection<NetworkInterface> = peer.get(&format!("{machine}/interfaces"));
        assert_eq!(interfaces.items[0].state, Some("DELETING".into()));
        assert_eq!(peer.get::<Machine>(&machine).state, Some("DELETING".into()));
        peer.wait(1000);
        assert_eq!(peer.send("GET", &machine, b"", &[]).status(), 404);
        assert_eq!(peer.job_of(&response).state, Some("SUCCESS".into()));
    }
}

#[test]
fn a_job_is_stopped() {
    for mut peer in peers() {
        let (machine, job) = start_creation(&mut peer);
        peer.wait(500);
        assert_eq!(peer.act(&job, "stop").status(), 200);
        let stopped: Job = peer.get(&job);
        assert_eq!((stopped.state, stopped.progress), (Some("STOPPED".into()), Some(100)));
        assert_eq!(peer.send("GET", &machine, b"", &[]).status(), 404);
        peer.wait(5000);
        assert_eq!(peer.get::<Collection<Machine>>("machines").count, Some(0));
        let response = peer.act(&job, "stop");
        peer.refused(&response, 409);

        let (machine, _) = start_creation(&mut peer);
        peer.wait(1000);
        let response = peer.act(&machine, "suspend");
        let job = response.headers()["cimi-job-uri"].to_str().unwrap().to_owned();
        // To delete a Job that runs is to stop it first.
        peer.send("DELETE", &job, b"", &[]);
        assert_eq!(peer.get::<Machine>(&machine).state, Some("STARTED".into()));
        peer.wait(1000);
        assert_eq!(peer.send("GET", &job, b"", &[]).status(), 404);
        assert_eq!(peer.get::<Machine>(&machine).state, Some("STARTED".into()));
    }
}

#[test]
fn what_is_kept_is_bounded() {
    for mut peer in [Peer::new(Format::Json, Options::default())] {
        peer.is_audited = false;
        let machine = peer.create_from("machines", r#"{"machineTemplate": {"href": "machineTemplates/1"}}"#, "");
        let mut kept = Vec::new();
        for round in 0..12_000 {
            let action = if round % 2 == 0 { "start" } else { "stop" };
            assert_eq!(peer.act(&machine, action).status(), 200);
            if round >= 11_000 && round % 100 == 0 {
                kept.push(peer.cloud.kept());
            }
        }
        assert!(kept.windows(2).all(|pair| pair[0] == pair[1]), "{kept:?}");
    }
}

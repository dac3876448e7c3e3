//! A provider that takes its time.

use crate::consumer::{Consumer, V1, json, machine_template, text};

#[test]
fn the_answer_to_a_creation_shows_the_resource_and_leads_to_the_job() {
    let mut consumer = Consumer::waiting(1_000);
    let template = machine_template("<initialState>STARTED</initialState>");
    let response = consumer.post("machines", &format!("<MachineCreate><name>m</name>{template}</MachineCreate>"));
    assert_eq!(response.status(), 202, "{}", text(&response));
    let machine = json(&response);
    assert_eq!((&machine["resourceURI"], &machine["state"]), (&format!("{V1}/Machine").into(), &"CREATING".into()));
    assert_eq!(machine["id"], response.headers()["location"].to_str().unwrap());
    let job_uri = response.headers()["cimi-job-uri"].to_str().unwrap().to_owned();
    consumer.wait(500);
    let job = consumer.get(&job_uri);
    assert_eq!((&job["state"], &job["resourceURI"]), (&"RUNNING".into(), &format!("{V1}/Job").into()));
    let affected = job["affectedResources"].as_array().unwrap();
    assert!(affected.iter().any(|found| found["href"] == machine["id"]), "{job}");
    consumer.wait(1_000);
    assert_eq!(consumer.get(&job_uri)["state"], "SUCCESS");
    assert_eq!(consumer.get(machine["id"].as_str().unwrap())["state"], "STARTED");
}

#[test]
fn the_answer_to_an_operation_or_deletion_shows_the_job() {
    let mut consumer = Consumer::waiting(1_000);
    for (name, on_the_way, reached) in [("stop", "STOPPING", "STOPPED"), ("start", "STARTING", "STARTED")] {
        let machine = consumer.get("machines/1");
        let response = consumer.act(&machine, name);
        assert_eq!(response.status(), 202);
        let job = json(&response);
        assert_eq!((&job["resourceURI"], &job["state"]), (&format!("{V1}/Job").into(), &"RUNNING".into()));
        assert!(response.headers().get("location").is_none());
        assert_eq!(consumer.get("machines/1")["state"], on_the_way);
        consumer.wait(1_500);
        assert_eq!(consumer.get("machines/1")["state"], reached);
    }
    let response = consumer.send("DELETE", "volumes/1", &[("accept", "application/json")], "");
    assert_eq!((response.status().as_u16(), &json(&response)["state"]), (202, &"RUNNING".into()));
    assert_eq!(consumer.get("volumes/1")["state"], "DELETING");
    consumer.wait(1_500);
    assert_eq!(consumer.send("GET", "volumes/1", &[], "").status(), 404);
}

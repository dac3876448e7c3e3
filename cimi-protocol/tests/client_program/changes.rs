//! What is created, acted on, changed and deleted.

use crate::{HTML, JSON, MACHINE, Received, json, outcome, provider};

#[test]
fn documents_of_any_kind_become_what_the_provider_understands() {
    let created = |line: &str, _: usize, _: &Received| match line {
        "POST /cimi/machines" => {
            Some((201, "Location: BASE/cimi/machines/1\nContent-Type: application/json", MACHINE.to_owned()))
        }
        _ => None,
    };
    for input in [
        r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><name>a</name><properties><property key="k">v</property></properties>
            <machineTemplate href="t/1"/></MachineCreate>"#,
        r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/1"><name>a</name><property key="k">v</property><machineTemplate href="t/1"/></MachineCreate>"#,
        r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCreate", "name": "a", "properties": {"k": "v"}, "machineTemplate": {"href": "t/1"}}"#,
        r#"{"name": "a", "properties": {"k": "v"}, "machineTemplate": {"href": "t/1"}}"#,
    ] {
        let server = provider(created);
        let (out, err) = outcome(&server.run_with(&["create", "machines", "-"], input), 0);
        assert!(out.contains("\"realm\": \"eu\""), "{out} {err}");
        let sent = server.requests().pop().unwrap();
        assert_eq!(sent.line, "POST /cimi/machines");
        let expected = r#"{"resourceURI":"http://schemas.dmtf.org/cimi/1/MachineCreate","name":"a","properties":{"k":"v"},"machineTemplate":{"href":"t/1"}}"#;
        assert_eq!(sent.body, expected);
        assert!(sent.fields.contains("content-type: application/json\r\n"), "{}", sent.fields);

        let server = provider(created);
        outcome(&server.run_with(&["create", "machines", "-", "--to", "xml"], input), 0);
        let sent = server.requests().pop().unwrap();
        assert!(
            sent.body.contains(
                r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/1"><name>a</name><property key="k">v</property>"#
            ),
            "{}",
            sent.body
        );
    }
    // What is created as itself.
    let server = provider(|line, _, _| match line {
        "GET /cimi/volumes" => Some(json(r#"{"count": 0}"#)),
        "POST /cimi/volumes" => Some((201, "", String::new())),
        _ => None,
    });
    let (_, err) = outcome(&server.run_with(&["create", "volumes", "-"], r#"{"name": "v", "capacity": 5}"#), 0);
    assert!(err.contains("does not say where"), "{err}");
    let sent = server.requests().pop().unwrap();
    assert_eq!(sent.body, r#"{"resourceURI":"http://schemas.dmtf.org/cimi/1/Volume","name":"v","capacity":5}"#);
}

#[test]
fn a_creation_with_a_job_is_waited_for() {
    let server = provider(|line, before, _| match line {
        "POST /cimi/machines" => {
            Some((202, "CIMI-Job-URI: BASE/cimi/jobs/1\nLocation: BASE/cimi/machines/1", String::new()))
        }
        "GET /cimi/jobs/1" => Some(match before {
            0 => json(r#"{"state": "QUEUED", "progress": 0}"#),
            1 => (503, "Retry-After: 1", String::new()),
            2 => json(r#"{"state": "RUNNING", "progress": 60, "statusMessage": "copying"}"#),
            _ => json(r#"{"state": "SUCCESS", "progress": 100}"#),
        }),
        _ => None,
    });
    let (out, err) = outcome(&server.run_with(&["create", "machines", "-"], "{\"machineTemplate\": {}}"), 0);
    assert!(out.contains("\"realm\": \"eu\""), "{out}");
    assert!(err.contains(" 60 % RUNNING copying\n") && err.contains("100 % SUCCESS"), "{err}");
    assert_eq!(server.lines().last().unwrap(), "GET /cimi/machines/1");
}

#[test]
fn a_job_that_fails_is_told_with_its_cause() {
    for body in [
        // The Job is in the body alone, and its nested one elsewhere.
        r#"{"id": "jobs/1", "resourceURI": "http://schemas.dmtf.org/cimi/1/Job", "state": "RUNNING"}"#,
        r#"{"id": "", "resourceURI": "http://schemas.dmtf.org/cimi/1/Job", "state": "FAILED", "nestedJobs": [{"state": "FAILED", "statusMessage": "no disk"}]}"#,
    ] {
        let server = provider(move |line, _, _| match line {
            "POST /cimi/machines/1/stop" => Some((202, JSON, body.to_owned())),
            "GET /cimi/jobs/1" => Some(json(
                r#"{"state": "FAILED", "progress": 100, "statusMessage": "x", "nestedJobs": [{"href": "jobs/2"}]}"#,
            )),
            "GET /cimi/jobs/2" => Some(json(r#"{"state": "FAILED", "statusMessage": "no disk"}"#)),
            _ => None,
        });
        let (out, err) = outcome(&server.run(&["do", "machines/1", "stop"]), 1);
        assert!(out.is_empty() && err.contains("error: the Job has ended as FAILED: no disk"), "{err}");
    }
}

#[test]
fn an_action_without_a_job_is_followed_by_the_state() {
    let server = provider(|line, before, _| match line {
        "POST /cimi/machines/1/stop" => Some((202, HTML, String::new())),
        "GET /cimi/machines/1" if before == 1 => Some(json(&MACHINE.replace("STARTED", "STOPPING"))),
        "GET /cimi/machines/1" if before > 1 => Some(json(&MACHINE.replace("STARTED", "STOPPED"))),
        _ => None,
    });
    let (out, err) = outcome(&server.run(&["do", "machines/1", "stop", "force=true", "why=now"]), 0);
    assert!(out.contains("\"state\": \"STOPPED\"") && err.contains("STOPPING"), "{out} {err}");
    let sent = server.requests().into_iter().find(|request| request.line.starts_with("POST")).unwrap();
    let expected = r#"{"resourceURI":"http://schemas.dmtf.org/cimi/1/Action","action":"http://schemas.dmtf.org/cimi/1/action/stop","force":true,"properties":{"why":"now"}}"#;
    assert_eq!(sent.body, expected);
}

#[test]
fn images_updates_and_deletions() {
    let server = provider(|line, _, _| match line {
        "POST /cimi/machine_images" => Some((201, "Location: /cimi/machines/1", String::new())),
        "PUT /cimi/machines/1?$select=name,description,properties" | "DELETE /cimi/machines/1" => {
            Some((200, HTML, String::new()))
        }
        _ => None,
    });
    outcome(&server.run(&["do", "machines/1", "capture", "name=i"]), 0);
    let (out, _) = outcome(&server.run(&["do", "machines/1", "edit", "name=b c", "description=", "properties.k=v"]), 0);
    assert!(out.contains("\"realm\": \"eu\""));
    let (out, _) = outcome(&server.run(&["delete", "machines/1"]), 0);
    assert!(out.is_empty());
    let sent: Vec<(String, String)> = server
        .requests()
        .into_iter()
        .filter(|sent| !sent.line.starts_with("GET"))
        .map(|sent| (sent.line, sent.body))
        .collect();
    let image = format!(
        r#"{{"resourceURI":"http://schemas.dmtf.org/cimi/1/MachineImage","name":"i","type":"IMAGE","imageLocation":"{}/cimi/machines/1"}}"#,
        server.base
    );
    let edit = r#"{"resourceURI":"http://schemas.dmtf.org/cimi/1/Machine","name":"b c","properties":{"k":"v"}}"#;
    assert_eq!(
        sent,
        [
            ("POST /cimi/machine_images".to_owned(), image),
            ("PUT /cimi/machines/1?$select=name,description,properties".to_owned(), edit.to_owned()),
            ("DELETE /cimi/machines/1".to_owned(), String::new()),
        ]
    );
}

#[test]
fn nothing_is_sent_that_is_not_offered() {
    let server = provider(|_, _, _| None);
    let (_, err) = outcome(&server.run(&["do", "machines/1", "pause"]), 1);
    assert!(err.contains("does not offer 'pause', only stop, edit, delete, capture"), "{err}");
    let (_, err) = outcome(&server.run(&["do", "machines/1", "stop", "force=maybe"]), 1);
    assert!(err.contains("'force' is true or false"), "{err}");
    assert!(server.lines().iter().all(|line| line.starts_with("GET")));
}

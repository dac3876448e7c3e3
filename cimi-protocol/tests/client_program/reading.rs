//! What is read and printed.

use crate::{MACHINE, XML, json, outcome, provider};

#[test]
fn entries_lists_and_resources_are_shown() {
    let server = provider(|_, _, _| None);
    let (out, err) = outcome(&server.run(&["entry"]), 0);
    assert!(out.starts_with("{\n  \"resourceURI\": \"http://schemas.dmtf.org/cimi/1/CloudEntryPoint\""), "{out}");
    assert!(out.contains("Fri Feb 08 15:25:41 EET 2013") && out.contains("\"driver\": \"mock\""), "{out}");
    assert!(err.contains("warning: /CloudEntryPoint/created: "), "{err}");

    let (out, err) = outcome(&server.run(&["list", "machines", "$select=name, memory&$last=1"]), 0);
    assert!(out.contains("\"memory\": 5") && out.contains("/cimi/1/MachineCollection"), "{out}");
    assert!(err.is_empty(), "{err}");
    assert_eq!(server.lines().last().unwrap(), "GET /cimi/machines?$select=name,memory&$last=1");
}

#[test]
fn both_names_of_a_collection_and_relative_hrefs() {
    let server = provider(|line, _, _| match line {
        "GET /cimi/machine_configurations" => Some(json(r#"{"count": 0}"#)),
        _ => None,
    });
    for name in ["machineConfigs", "machineConfigurations"] {
        let (out, _) = outcome(&server.run(&["list", name]), 0);
        assert!(out.contains("MachineConfigurationCollection"), "{out}");
    }
    for href in ["machines/1", "/cimi/machines/1", &format!("{}/cimi/machines/1", server.base)] {
        let (out, err) = outcome(&server.run(&["show", href]), 0);
        assert!(out.contains("\"cpu\": 2") && out.contains("\"realm\": \"eu\""), "{out}");
        assert!(err.contains("warning: /Machine/cpu: "), "{err}");
    }
    let (_, err) = outcome(&server.run(&["list", "machines"]), 0);
    assert!(err.contains("1 of 3 are shown"), "{err}");
}

#[test]
fn the_format_is_asked_for_and_printed() {
    // One server knows both formats, the other knows one.
    let both = provider(|line, _, request| match line {
        "GET /cimi/machines/1" if request.fields.contains("accept: application/xml") => Some((
            200,
            "Content-Type: application/xml;charset=utf-8",
            r#"<Machine xmlns="http://schemas.dmtf.org/cimi/1"><id>m</id><cpu> 2 </cpu></Machine>"#.to_owned(),
        )),
        _ => None,
    });
    let (out, err) = outcome(&both.run(&["show", "machines/1", "--to", "xml"]), 0);
    assert!(out.contains("<cpu>2</cpu>") && !err.contains("converted"), "{out} {err}");
    let (out, err) = outcome(&both.run(&["show", "machines/1", "--to=json"]), 0);
    assert!(out.contains("\"cpu\": 2") && !err.contains("converted"), "{err}");

    let one = provider(|_, _, _| None);
    let (out, err) = outcome(&one.run(&["show", "machines/1", "--to", "xml"]), 0);
    assert!(
        out.contains("<Machine xmlns=\"http://schemas.dmtf.org/cimi/1\">") && err.contains("converted"),
        "{out} {err}"
    );
}

#[test]
fn watching() {
    let server = provider(|line, before, _| match line {
        "GET /cimi/jobs/1" if before < 2 => {
            Some((200, XML, r#"<Job xmlns="http://schemas.dmtf.org/cimi/1"><state>RUNNING</state></Job>"#.to_owned()))
        }
        "GET /cimi/jobs/1" => {
            Some((200, XML, r#"<Job xmlns="http://schemas.dmtf.org/cimi/1"><state>STOPPED</state></Job>"#.to_owned()))
        }
        "GET /cimi/machines/1" if before < 2 => Some(json(&MACHINE.replace("STARTED", "CREATING"))),
        _ => None,
    });
    let (out, err) = outcome(&server.run(&["watch", "jobs/1", "--to", "xml"]), 1);
    assert!(out.contains("<state>STOPPED</state>") && err.contains("ended as STOPPED"), "{out} {err}");
    let (out, err) = outcome(&server.run(&["watch", "machines/1"]), 0);
    assert!(out.contains("\"state\": \"STARTED\"") && err.contains("CREATING"), "{out} {err}");
}

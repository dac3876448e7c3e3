//! Real answers of a provider of CIMI 1.x, which the program can show in either format.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::{Answer, Server, outcome};

/// The answers to what was read, by target and format; of several, the first.
fn recorded() -> Option<BTreeMap<(String, String), Answer>> {
    let folder = std::env::var_os("CIMI_TEST_DATA").map(PathBuf::from)?.join("corpus/cimi-deltacloud");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "headers"));
    paths.sort();
    let mut found = BTreeMap::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        let (request, answer) = text.split_once("\n\n").unwrap();
        let target =
            request.lines().next().unwrap().strip_prefix("GET ").and_then(|line| line.strip_suffix(" HTTP/1.1"));
        let Some(target) = target.filter(|_| request.contains("Authorization: ")) else { continue };
        let format =
            ["json", "xml"].into_iter().find(|format| request.contains(&format!("Accept: application/{format}\n")));
        let Some(format) = format else { continue };
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        // All but what depends on the length, which changes with the addresses.
        let fields: Vec<&str> = answer
            .lines()
            .skip(1)
            .filter(|field| !field.starts_with("Content-Length") && !field.starts_with("Connection"))
            .collect();
        let body = ["json", "xml", "txt"]
            .iter()
            .find_map(|extension| std::fs::read_to_string(path.with_extension(extension)).ok());
        let body = body.unwrap_or_default().replace("http://127.0.0.1:3001", "BASE");
        let fields: &'static str = fields.join("\n").replace("http://127.0.0.1:3001", "BASE").leak();
        found.entry((target.to_owned(), format.to_owned())).or_insert((status, fields, body));
    }
    Some(found)
}

#[test]
fn everything_that_was_recorded_is_shown() {
    let Some(recorded) = recorded() else {
        println!("everything_that_was_recorded_is_shown: skipped, CIMI_TEST_DATA is not set");
        return;
    };
    let targets: Vec<(String, String)> = recorded.keys().cloned().collect();
    let answers = recorded.clone();
    let server = Server::start(move |line, _, request| {
        let format = if request.fields.contains("accept: application/xml") { "xml" } else { "json" };
        let target = line.strip_prefix("GET ").unwrap().to_owned();
        let target = if target == "/cimi" { "/cimi/cloudEntryPoint".to_owned() } else { target };
        answers.get(&(target, format.to_owned())).cloned().unwrap_or((404, "", String::new()))
    });
    let mut shown = 0;
    for (target, format) in targets.iter().filter(|(target, _)| !target.contains(['?', '%'])) {
        let status = recorded[&(target.clone(), format.clone())].0;
        // Its root redirects to the entry point.
        let succeeds = status == 200 || status == 301;
        let output = server.run(&["show", target, "--to", format, "--user", "u:p"]);
        let (out, err) = outcome(&output, i32::from(!succeeds));
        assert_eq!(succeeds, !out.is_empty(), "{target} {err}");
        assert!(succeeds || err.contains(&format!("error: the provider answered {status}")), "{target} {err}");
        shown += usize::from(succeeds);
    }
    assert!(shown > 100, "{shown}");
    for (collection, target) in [
        ("machines", "/cimi/machines"),
        ("machineConfigs", "/cimi/machine_configurations"),
        ("machineConfigurations", "/cimi/machine_configurations"),
        ("volumes", "/cimi/volumes"),
        ("systems", "/cimi/systems"),
        ("resourceMetadata", "/cimi/resource_metadata"),
        ("addresses", "/cimi/addresses"),
    ] {
        for format in ["json", "xml"] {
            let there = recorded.contains_key(&(target.to_owned(), format.to_owned()));
            let output = server.run(&["list", collection, "--to", format]);
            let (out, _) = outcome(&output, i32::from(!there));
            assert_eq!(out.contains("Collection"), there, "{collection} {out}");
        }
    }
}

//! What goes wrong, and where requests do not go.

use std::net::TcpListener;
use std::process::Command;

use crate::{ENTRY, HTML, JSON, Server, XML, json, outcome, program, provider};

#[test]
fn failures_are_told_in_one_line() {
    for (answer, expected) in [
        (
            (404, JSON, r#"{"code": 404, "message": "Not found", "error": "X"}"#),
            "error: the provider answered 404 Not Found: Not found\n",
        ),
        (
            (400, XML, "<?xml version='1.0'?><error><message>Required: a</message></error>"),
            "error: the provider answered 400 Bad Request: Required: a\n",
        ),
        (
            (500, HTML, "<!DOCTYPE html><html><h2>Oops</h2></html>"),
            "error: the provider answered 500 Internal Server Error: Oops\n",
        ),
        (
            (412, HTML, "The capability is missing"),
            "error: the provider answered 412 Precondition Failed: The capability is missing\n",
        ),
        (
            (
                409,
                JSON,
                r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Job", "id": "", "nestedJobs": [{"statusMessage": "busy"}]}"#,
            ),
            "error: the provider answered 409 Conflict: busy\n",
        ),
        ((401, "WWW-Authenticate: Basic", ""), "hint: credentials are given with --user"),
        ((405, "Allow: GET, HEAD", ""), "hint: the resource has GET, HEAD"),
        (
            (200, HTML, "<!DOCTYPE html><html><title>Login</title></html>"),
            "is neither application/json nor application/xml",
        ),
        ((200, JSON, "{\"a\": "), "hint: the answer begins with {\"a\": "),
    ] {
        let (status, fields, body) = answer;
        let server =
            provider(move |line, _, _| (line == "GET /cimi/machines/1").then(|| (status, fields, body.to_owned())));
        let (out, err) = outcome(&server.run(&["show", "machines/1"]), 1);
        assert!(out.is_empty() && err.contains(expected), "{err}");
    }
}

#[test]
fn redirects_and_credentials() {
    let elsewhere = provider(|_, _, _| None);
    let other = elsewhere.base.clone();
    let server = Server::start(move |line, _, _| match line {
        "GET /cimi" => (301, "Location: /cimi/", String::new()),
        "GET /cimi/" => (302, "Location: BASE/cimi/cloudEntryPoint", String::new()),
        "GET /cimi/cloudEntryPoint" => json(&ENTRY.replace("BASE/cimi/machines", &format!("{other}/cimi/machines"))),
        "GET /cimi/volumes" | "POST /cimi/volumes" => (301, "Location: BASE/cimi/volumes/", String::new()),
        "GET /cimi/volumes/" => json(r#"{"operations": [{"rel": "add", "href": "volumes"}]}"#),
        "POST /cimi/volumes/" => (201, "Location: BASE/cimi/volumes/1", String::new()),
        "GET /cimi/volumes/1" => json(r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/Volume"}"#),
        "GET /cimi/round" => (302, "Location: /cimi/round", String::new()),
        line => panic!("{line}"),
    });
    outcome(&server.run_with(&["create", "volumes", "-", "--user", "u:p"], "{\"name\": \"v\"}"), 0);
    assert!(server.requests().iter().all(|request| request.fields.contains("authorization: basic dtpw")));
    let again = server.requests().into_iter().rfind(|request| request.line == "POST /cimi/volumes/").unwrap();
    assert!(again.body.contains("\"name\":\"v\""));

    // Another server does not get the credentials.
    let (_, err) = outcome(&server.run(&["list", "machines", "--user", "u:p"]), 0);
    assert!(err.contains("warning: no credentials are sent to 127.0.0.1:"), "{err}");
    assert!(elsewhere.received.lock().unwrap().iter().all(|request| !request.fields.contains("authorization")));
    let (_, err) = outcome(&server.run(&["show", "round"]), 1);
    assert!(err.contains("error: 5 redirects"), "{err}");
}

#[test]
fn plain_http_stays_on_this_machine() {
    for url in ["http://cloud.example.com/cimi", "http://192.0.2.1/"] {
        let output = Command::new(program()).args([url, "entry", "--user", "u:hush"]).output().unwrap();
        let (out, err) = outcome(&output, 1);
        assert!(out.is_empty() && err.contains("https is required") && !err.contains("hush"), "{err}");
    }
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = Command::new(program()).args([&format!("http://{nobody}/cimi"), "entry"]).output().unwrap();
    assert!(outcome(&output, 1).1.contains("error: no answer from 127.0.0.1:"));
}

#[test]
fn usage() {
    for arguments in [
        &[][..],
        &["http://127.0.0.1/"],
        &["http://127.0.0.1/", "frobnicate"],
        &["http://127.0.0.1/", "entry", "more"],
        &["http://127.0.0.1/", "list"],
        &["http://127.0.0.1/", "list", "machines", "$first=x"],
        &["http://127.0.0.1/", "do", "machines/1"],
        &["http://127.0.0.1/", "do", "machines/1", "stop", "force"],
        &["http://127.0.0.1/", "do", "machines/1", "stop", "=x"],
        &["http://127.0.0.1/", "create", "machines"],
        &["http://127.0.0.1/", "entry", "--to", "yaml"],
        &["http://127.0.0.1/", "entry", "--user"],
        &["http://127.0.0.1/", "entry", "--nonsense"],
    ] {
        let output = Command::new(program()).args(arguments).output().unwrap();
        let (out, err) = outcome(&output, 2);
        assert!(
            out.is_empty() && err.starts_with("error: ") && err.contains("usage: client URL entry"),
            "{arguments:?} {err}"
        );
    }
    let output = Command::new(program()).arg("--help").output().unwrap();
    assert!(outcome(&output, 0).0.starts_with("usage: client URL entry"));
}

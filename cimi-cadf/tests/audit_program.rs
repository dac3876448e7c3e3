//! The command line of `audit`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

#[path = "support/program.rs"]
mod program;

use std::process::Output;

use program::audit as run;

fn lines(output: &Output) -> Vec<Vec<String>> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

const GOOD: &str = r#"{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "id": "e", "eventType": "activity",
    "eventTime": "2025-01-01T12:00:00+00:00", "action": "read", "outcome": "success", "initiatorId": "i",
    "targetId": "t", "observerId": "o"}"#;

#[test]
fn a_line_for_each_problem() {
    let good = GOOD.replace('\n', "");
    let loose = good.replace("+00:00", "+0000");
    let input = format!("{good}\n{loose}\n{{\"id\": }}\n{}\n", good.replace("\"read\"", "\"a\\tb\""));
    let output = run(&["validate"], &input);
    assert_eq!(output.status.code(), Some(1));
    let found = lines(&output);
    assert!(found.iter().all(|cells| cells.len() == 4), "{found:?}");
    let heads: Vec<[&str; 3]> = found.iter().map(|cells| [0, 1, 2].map(|at| cells[at].as_str())).collect();
    assert_eq!(heads[..2], [["2", "/event/eventTime", "spelling"], ["3", "/event/id", "syntax"]]);
    assert!(heads[2..].iter().all(|cells| cells[..2] == ["4", "/event/action"]) && heads.len() > 2, "{heads:?}");
    assert!(found[0][3].starts_with("warning: ") && found[1][3].starts_with("error: "));
}

#[test]
fn only_errors_make_it_fail() {
    let loose = GOOD.replace("+00:00", "+0000");
    let array = format!("[{loose}, {GOOD}]");
    assert_eq!(run(&["validate", "-"], &array).status.code(), Some(0));
    assert_eq!(run(&["validate", "--strict"], &array).status.code(), Some(1));
    assert_eq!(run(&["validate", "--strict", "-"], GOOD).status.code(), Some(0));
    let xml = r#"<event xmlns="http://schemas.dmtf.org/cloud/audit/1.0/" id="e" eventType="activity" action="read"
        eventTime="2025-01-01T12:00:00+00:00" outcome="success" initiatorId="i" targetId="t" observerId="o"/>"#;
    let output = run(&["validate", "--strict"], xml);
    assert_eq!((output.status.code(), lines(&output).len()), (Some(0), 0));
}

#[test]
fn what_it_cannot_do_ends_with_2() {
    for arguments in
        [&[][..], &["paint"], &["validate", "--paint"], &["validate", "a", "b"], &["validate", "/does/not/exist"]]
    {
        let output = run(arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && String::from_utf8(output.stderr).unwrap().starts_with("audit: "));
    }
}

fn converted(to: &str, input: &str) -> (Option<i32>, String) {
    let output = run(&["convert", "--to", to], input);
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

/// The events of a text in any form, as JSON.
fn events(text: &str) -> Vec<serde_json::Value> {
    let (_, json) = converted("json", text);
    match serde_json::from_str(&json).unwrap() {
        serde_json::Value::Array(events) => events,
        event => vec![event],
    }
}

#[test]
fn one_event_is_converted_to_itself() {
    let event: serde_json::Value = serde_json::from_str(GOOD).unwrap();
    let (code, json) = converted("json", GOOD);
    assert_eq!((code, serde_json::from_str(&json).unwrap()), (Some(0), event.clone()));
    let (code, xml) = converted("xml", &format!("[{GOOD}]"));
    assert!(code == Some(0) && xml.starts_with("<event xmlns="), "{xml}");
    assert_eq!(events(&xml), [event]);
}

#[test]
fn an_event_with_the_type_of_a_log_is_wrong() {
    let output = run(&["validate"], &GOOD.replace("1.0/event", "1.0/log"));
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(lines(&output)[0][..3], ["0", "/log/eventType", "consistency"]);
}

/// Sources that leave out what JSON demands get their records back as they were.
#[test]
fn xml_gives_back_what_json_had() {
    for text in [r#"{"id": "e"}"#, r#"{"id": "e", "typeURI": null}"#, r#"{"id": "e", "typeURI": ""}"#] {
        for input in [text.to_owned(), format!("[{text}, {text}]")] {
            let (_, xml) = converted("xml", &input);
            assert_eq!(converted("json", &xml), converted("json", &input), "{xml}");
        }
    }
    assert!(converted("json", r#"<event id="e"/>"#).1.contains("typeURI"));
}

#[test]
fn several_events_are_an_array_or_a_log() {
    let other = GOOD.replace("\"e\"", "\"f\"").replace('\n', "");
    let input = format!("{}\n{{\n{other}\n", GOOD.replace('\n', ""));
    let ids = |events: Vec<serde_json::Value>| events.iter().map(|event| event["id"].clone()).collect::<Vec<_>>();
    let (code, json) = converted("json", &input);
    assert_eq!((code, json.lines().count()), (Some(1), 4), "a record could not be read");
    assert_eq!(ids(events(&json)), ["e", "f"]);
    let (code, xml) = converted("xml", &json);
    assert_eq!((code, xml.lines().count()), (Some(0), 4));
    assert!(xml.starts_with("<log xmlns=\"http://schemas.dmtf.org/cloud/audit/1.0/\"><events>\n<event "), "{xml}");
    assert_eq!(ids(events(&xml)), ["e", "f"], "a log that says nothing else is an array");
    assert_eq!(converted("json", ""), (Some(0), "[]\n".to_owned()));
    let (code, xml) = converted("xml", "[]");
    assert!(code == Some(0) && xml.contains("<log ") && !xml.contains("<event "), "{xml}");
}

#[test]
fn records_that_are_left_out_are_told() {
    let output = run(&["convert", "--to", "json"], &format!("{}\n{{\"id\": }}\n", GOOD.replace('\n', "")));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.starts_with("audit: record 2: ") && told.lines().count() == 1, "{told}");
}

#[test]
fn what_events_can_be_converted_to() {
    for arguments in [&["convert"][..], &["convert", "--to", "csv"]] {
        let output = run(arguments, GOOD);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && output.stdout.is_empty() && told.contains("json"), "{told}");
    }
    assert_eq!(run(&["--help"], "").status.code(), Some(0));
}

#[test]
fn flat_records() {
    let good = GOOD.replace('\n', "");
    let (code, text) = converted("jsonl", &format!("{good}\n{{\n{}\n", good.replace("\"e\"", "\"f\"")));
    assert_eq!((code, text.lines().count()), (Some(1), 2), "a record could not be read");
    for (line, id) in text.lines().zip(["e", "f"]) {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(
            (&row["id"], &row["action_root"], &row["name"]),
            (&id.into(), &"read".into(), &serde_json::Value::Null)
        );
    }
    assert_eq!(converted("jsonl", ""), (Some(0), String::new()));
}

#[test]
fn a_query_finds_events_or_ends_with_1() {
    let good = GOOD.replace('\n', "");
    let other = good.replace("\"e\"", "\"f\"").replace("\"read\"", "\"update/os-start\"");
    let input = format!("{good}\n{{\"id\": }}\n{other}\n");
    let found = |filter: &str| {
        let output = run(&["query", filter], &input);
        (output.status.code(), events(&String::from_utf8(output.stdout).unwrap()), output.stderr)
    };
    let (code, matching, told) = found("action='update' and eventTime>='2025-01-01T00:00:00Z'");
    assert_eq!((code, matching), (Some(0), vec![serde_json::from_str(&other).unwrap()]));
    let told = String::from_utf8(told).unwrap();
    assert!(told.starts_with("audit: record 2: ") && told.lines().count() == 1, "{told}");
    assert_eq!(found("initiator/id='i'").1.len(), 2);
    assert_eq!(found("action='delete'").0, Some(1));
    let (code, matching, told) = found("requestPath='/v2'");
    assert_eq!((code, matching.len()), (Some(1), 0));
    assert!(
        String::from_utf8(told).unwrap().starts_with("audit: note: event has no attribute requestPath (at byte 0)")
    );
    for wrong in ["action=", "action>'a'", "initiator/credential/token='x'", "eventTime>'soon'"] {
        let (code, matching, told) = found(wrong);
        assert_eq!((code, matching.len()), (Some(2), 0), "{wrong}");
        assert!(String::from_utf8(told).unwrap().starts_with("audit: the filter: "), "{wrong}");
    }
    assert_eq!(run(&["query"], "").status.code(), Some(2));
    assert_eq!(run(&["query", "id='e'", "/does/not/exist"], "").status.code(), Some(2));
}

/// The rows of a table of a summary, by the word that begins it: its names, and the numbers beside them.
fn table(text: &str, title: &str) -> Vec<(String, Vec<String>)> {
    let rows = text.split("\n\n").find(|part| part.starts_with(title)).unwrap_or_else(|| panic!("{text}")).lines();
    let cells = rows.skip(1).map(|row| {
        let words: Vec<&str> = row.split_ascii_whitespace().collect();
        let (name, numbers) = words.split_at(words.len() - 4);
        (name.join(" "), numbers.iter().map(|&number| number.to_owned()).collect())
    });
    cells.collect()
}

#[test]
fn a_summary_counts() {
    let good = GOOD.replace('\n', "");
    let named = r#""initiator": {"id": "u\n1", "name": "ann"}"#;
    let input = [
        good.clone(),
        good.replace("\"success\"", "\"failure/timeout\""),
        good.replace("\"initiatorId\": \"i\"", named).replace("T12:00:00+00:00", "T14:30:00.5+0100"),
        "{}".to_owned(),
        "{".to_owned(),
    ];
    let output = run(&["summary"], &input.join("\n"));
    assert_eq!(output.status.code(), Some(1), "a record could not be read");
    let text = String::from_utf8(output.stdout).unwrap();
    let head = "4 events, 1 records could not be read, from 2025-01-01T12:00:00+00:00 to 2025-01-01T13:30:00+00:00\n";
    assert!(text.starts_with(head), "{text}");
    let row = |name: &str, numbers: [&str; 4]| (name.to_owned(), numbers.map(str::to_owned).to_vec());
    assert_eq!(table(&text, "ACTION"), [row("read", ["3", "2", "1", "0"]), row("-", ["1", "0", "0", "1"])]);
    let outcomes = [
        row("success", ["2", "2", "0", "0"]),
        row("-", ["1", "0", "0", "1"]),
        row("failure/timeout", ["1", "0", "1", "0"]),
    ];
    assert_eq!(table(&text, "OUTCOME"), outcomes);
    let initiators =
        [row("i", ["2", "1", "1", "0"]), row("-", ["1", "0", "0", "1"]), row("ann (u\\n1)", ["1", "1", "0", "0"])];
    assert_eq!(table(&text, "INITIATOR"), initiators);
    let hours = [
        row("-", ["1", "0", "0", "1"]),
        row("2025-01-01T12", ["2", "1", "1", "0"]),
        row("2025-01-01T13", ["1", "1", "0", "0"]),
    ];
    assert_eq!(table(&text, "HOUR"), hours);
    // The columns stand under one another.
    for part in text.split("\n\n").skip(1) {
        let widths: Vec<usize> = part.lines().map(|line| line.chars().count()).collect();
        assert!(widths.iter().all(|width| *width == widths[0]), "{part}");
    }
    let output = run(&["summary"], "");
    assert_eq!((output.status.code(), output.stdout), (Some(0), b"0 events\n".to_vec()));
}

/// However many initiators there are, the most frequent ones are shown, and none is lost.
#[test]
fn a_summary_of_many_initiators() {
    let good = GOOD.replace('\n', "");
    let of = |name: &str| good.replace("\"initiatorId\": \"i\"", &format!("\"initiatorId\": \"{name}\""));
    let lines: Vec<String> =
        (0..30).flat_map(|user| (0..=user).map(move |_| format!("u{user}"))).map(|name| of(&name)).collect();
    let output = run(&["summary"], &lines.join("\n"));
    let rows = table(&String::from_utf8(output.stdout).unwrap(), "INITIATOR");
    let names: Vec<String> = (10..30).rev().map(|user| format!("u{user}")).collect();
    assert_eq!(rows[..20].iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), names);
    assert_eq!((rows[20].0.as_str(), rows[20].1[0].as_str(), rows.len()), ("(others)", "55", 21));
}

const LOG: &str = r#"{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/log", "logTime": "2025-01-01T12:00:00Z",
    "resources": [{"id": "i"}], "events": ["#;

/// A log has the number 0, and its events theirs.
#[test]
fn logs_are_validated() {
    let loose = GOOD.replace("+00:00", "+0000");
    let log = format!("{LOG}{GOOD},{loose},{{\"id\": }}], \"metrics\": [{{\"metricId\": \"m\"}}]}}");
    let output = run(&["validate"], &log);
    assert_eq!(output.status.code(), Some(1));
    let found: Vec<Vec<String>> = lines(&output).into_iter().map(|cells| cells[..3].to_vec()).collect();
    assert_eq!(
        found,
        [
            ["2", "/event/eventTime", "spelling"],
            ["3", "/event/id", "syntax"],
            ["0", "/log/logTime", "spelling"],
            ["0", "/log/metrics[0]/unit", "required"],
            ["0", "/log/resources[0]/typeURI", "required"],
        ]
    );
    let xml = "<log xmlns='http://schemas.dmtf.org/cloud/audit/1.0/'><events/></log>";
    assert_eq!(
        (run(&["validate", "--strict"], xml).status.code(), lines(&run(&["validate"], xml)).len()),
        (Some(0), 0)
    );
}

/// Beyond what it tells apart, the frequent names stay and the sum is right.
#[test]
fn a_summary_of_more_initiators_than_it_tells_apart() {
    let rare = (0..70_000).map(|user| format!("{{\"initiatorId\": \"u{user}\"}}\n{{\"initiatorId\": \"busy\"}}\n"));
    let output = run(&["summary"], &rare.collect::<String>());
    let rows = table(&String::from_utf8(output.stdout).unwrap(), "INITIATOR");
    let count = |row: &(String, Vec<String>)| row.1[0].trim_end_matches('+').parse::<u64>().unwrap();
    assert_eq!((rows[0].0.as_str(), rows[0].1[0].as_str(), rows.len()), ("busy", "70000", 21));
    assert_eq!((rows[20].0.as_str(), rows.iter().map(count).sum::<u64>()), ("(others)", 140_000));
}

/// What a log says for several events stays with them.
#[test]
fn logs_are_converted_whole() {
    let log = format!("{LOG}{GOOD}]}}");
    let (code, xml) = converted("xml", &log);
    assert!(code == Some(0) && xml.contains("<resource id=\"i\"/>") && xml.contains("initiatorId=\"i\""), "{xml}");
    let (code, json) = converted("json", &xml);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (code, json["resources"][0]["id"].as_str(), json["events"][0]["id"].as_str()),
        (Some(0), Some("i"), Some("e"))
    );
    let (_, rows) = converted("jsonl", &log.replace("{\"id\": \"i\"}", "{\"id\": \"i\", \"name\": \"alice\"}"));
    assert_eq!(serde_json::from_str::<serde_json::Value>(&rows).unwrap()["initiator_name"], "alice");
}

/// What a log says before its events is known in time, and what comes too late is told.
#[test]
fn logs_that_are_read_only_once() {
    let good = GOOD.replace('\n', "");
    for (text, late) in [
        (format!(r#"{{"next": "x", "events": [{good}]}}"#), false),
        (format!(r#"{{"events": [{good}], "total": 1}}"#), true),
        (format!(r#"{{"id": "l", "events": [{good}], "total": 1}}"#), true),
        (format!(r#"{{"events": [{good}]}}"#), false),
    ] {
        for to in ["json", "xml", "jsonl"] {
            let output = run(&["convert", "--to", to], &text);
            let told = String::from_utf8(output.stderr).unwrap();
            assert_eq!((output.status.code(), told.contains("after its events")), (Some(0), late), "{text} {told}");
        }
    }
    let log = format!(r#"{{"next":"x","events":[{good}]}}"#);
    let (_, xml) = converted("xml", &log);
    let (_, json) = converted("json", &xml);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((json["next"].as_str(), json["events"][0]["id"].as_str()), (Some("x"), Some("e")), "{xml}");
}

/// From XML, events get the type that JSON demands.
#[test]
fn types_are_stated_in_json() {
    let event = r#"<event xmlns="http://schemas.dmtf.org/cloud/audit/1.0/" id="e"/>"#;
    let log = r#"<log xmlns="http://schemas.dmtf.org/cloud/audit/1.0/"><events><event id="e"/><event id="f"/></events></log>"#;
    for text in [event, log] {
        assert!(
            events(text).iter().all(|event| event["typeURI"] == "http://schemas.dmtf.org/cloud/audit/1.0/event"),
            "{text}"
        );
        assert_eq!(converted("xml", text).1.matches("typeURI").count(), 0);
    }
}

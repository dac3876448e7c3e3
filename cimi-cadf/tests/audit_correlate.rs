//! The command line of `audit correlate`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

#[path = "support/program.rs"]
mod program;

use std::process::Output;

fn run(arguments: &[&str], input: &str) -> Output {
    program::audit(&[&["correlate"], arguments].concat(), input)
}

fn event(id: &str, seconds: u8, action: &str, outcome: &str) -> String {
    format!(
        r#"{{"id": "{id}", "eventTime": "2025-01-01T12:00:{seconds:02}+00:00", "action": "{action}",
            "outcome": "{outcome}", "initiatorId": "alice", "targetId": "m1", "observerId": "api"}}"#
    )
    .replace('\n', "")
}

#[test]
fn pairs_and_what_is_still_pending() {
    let records = [
        event("a", 0, "create", "pending"),
        event("b", 1, "start", "pending"),
        "{".to_owned(),
        event("c", 2, "read", "success"),
        event("a", 5, "create", "failure"),
    ];
    let output = run(&[], &records.join("\n"));
    let lines = "1\t5\tPT5S\tfailure\tcreate\tm1\t-\n2\t-\t-\tpending\tstart\tm1\t-\n";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), lines);
    assert!(String::from_utf8(output.stderr).unwrap().contains("record 3"));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn the_status_says_whether_all_is_well() {
    let begun = event("a", 7, "create", "pending");
    let output = run(&["-"], &format!("[{begun}, {}]", event("a", 9, "create", "success")));
    assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(0), false));
    let output = run(&["-"], &format!("[{begun}, {}]", event("a", 5, "create", "success")));
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("/event/eventTime: "));

    let other = format!("[{begun}, {}]", event("b", 9, "create", "success"));
    assert_eq!(run(&[], &other).status.code(), Some(1));
    assert_eq!(run(&["--by-parties"], &other).status.code(), Some(0));
    assert_eq!(run(&["no-such-file"], "").status.code(), Some(2));
    assert_eq!(run(&["--strict"], "").status.code(), Some(2));
}

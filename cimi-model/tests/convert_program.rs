//! The command line of `convert`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// The program, which `cargo test` builds beside the tests.
fn program() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    path.join("examples").join(format!("convert{}", std::env::consts::EXE_SUFFIX))
}

fn run(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(program());
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that refuses its command line does not read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const MACHINE: &str = "<Machine xmlns=\"http://schemas.dmtf.org/cimi/1\"><cpu> 2 </cpu></Machine>";

#[test]
fn converts_with_warnings() {
    for arguments in [&["-"][..], &[]] {
        let output = run(arguments, MACHINE);
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output.stdout).contains("\"resourceURI\": \"http://schemas.dmtf.org/cimi/2/Machine\""));
        assert!(text(&output.stderr).starts_with("warning: /Machine/cpu: "));
    }
    let output = run(
        &["--to", "xml", "--dialect", "1"],
        r#"{"resourceURI":"http://schemas.dmtf.org/cimi/2/Machine","parent":{"href":"x"}}"#,
    );
    assert!(text(&output.stdout).contains("<parent xmlns=\"http://schemas.dmtf.org/cimi/2\" href=\"x\"/>"));
    assert!(text(&output.stderr).contains("warning: /Machine/parent: "));
    let output = run(&["--type", "Volume", "--to=xml"], "{\"capacity\":1}");
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("<Volume xmlns=\"http://schemas.dmtf.org/cimi/2\">"));
}

#[test]
fn bad_input_ends_with_status_1_and_one_line() {
    for (arguments, input) in [
        (&["--strict"][..], MACHINE),
        (&[], "{\"cpu\": 1}"),
        (&[], "<a>"),
        (&[], "{"),
        (&["--type", "Volume"], MACHINE),
        (&["--type", "Nothing"], "{}"),
        (&["/does/not/exist"], ""),
        (&[], ""),
    ] {
        let output = run(arguments, input);
        assert_eq!(output.status.code(), Some(1), "{arguments:?} {input}");
        assert!(output.stdout.is_empty());
        let stderr = text(&output.stderr);
        let last = stderr.lines().last().unwrap_or_default();
        assert!(last.starts_with("error: /"), "{stderr}");
        let read = !input.is_empty() && !arguments.contains(&"Nothing");
        assert!(!read || (last.contains("(line ") && last.ends_with(')')), "{stderr}");
    }
}

#[test]
fn usage_errors_end_with_status_2() {
    for arguments in [&["--to", "yaml"][..], &["--dialect", "3"], &["--unknown"], &["a", "b"], &["--type"]] {
        let output = run(arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
    }
}

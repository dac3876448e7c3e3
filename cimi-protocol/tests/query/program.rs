//! The command line of the example `query`.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// The program, which `cargo test` builds beside the tests.
fn program() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    path.join("examples").join(format!("query{}", std::env::consts::EXE_SUFFIX))
}

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(program());
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program");
    let mut stdin = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // A program that refuses its command line does not read.
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().unwrap()
    })
}

/// Both streams of a run that ends with this status.
fn ran(arguments: &[&str], input: &[u8], status: i32) -> (String, String) {
    let output = run(arguments, input);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {err}");
    (out, err)
}

const JSON: &str = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCollection", "id": "machines",
    "machines": [{"name": "b", "cpu": 2}, {"name": "a", "cpu": 4}, {"name": "c", "cpu": 1}]}"#;
const XML: &str = "<Collection xmlns=\"http://schemas.dmtf.org/cimi/1\" \
    resourceURI=\"http://schemas.dmtf.org/cimi/1/MachineCollection\"><id>machines</id><count>2</count>\
    <Machine><name>b</name><cpu>2</cpu></Machine><Machine><name>a</name><cpu>4</cpu></Machine></Collection>";

#[test]
fn a_document_stays_in_its_format_and_version() {
    for query in
        ["$filter=cpu>1&$orderby=name&$select=name,count", "?%24filter=cpu%3E1&$orderby=name&$select=name,count"]
    {
        let (out, err) = ran(&[query], JSON.as_bytes(), 0);
        let uri = "http://schemas.dmtf.org/cimi/2/Machine";
        let expected = json!({"resourceURI": format!("{uri}Collection"), "count": 2,
            "machines": [{"resourceURI": uri, "name": "a"}, {"resourceURI": uri, "name": "b"}]});
        assert_eq!((serde_json::from_str::<Value>(&out).unwrap(), err.as_str()), (expected, ""));
    }
    let (out, _) = ran(&["$orderby=name&$last=1&$select=name", "-"], XML.as_bytes(), 0);
    assert!(out.contains("xmlns=\"http://schemas.dmtf.org/cimi/1\"") && out.ends_with("</Collection>\n"), "{out}");
    assert!(out.contains("<Machine>\n    <name>a</name>\n  </Machine>") && !out.contains("<name>b"), "{out}");
}

#[test]
fn format_chooses_another() {
    let (out, _) = ran(&["$format=JSON"], XML.as_bytes(), 0);
    let value: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(value["resourceURI"], "http://schemas.dmtf.org/cimi/1/MachineCollection");
    let (out, _) = ran(&["$format=xml"], JSON.as_bytes(), 0);
    assert!(out.contains("<Collection xmlns=\"http://schemas.dmtf.org/cimi/2\""), "{out}");
}

#[test]
fn files_are_read() {
    let path = std::env::temp_dir().join(format!("cimi-query-{}.json", std::process::id()));
    std::fs::write(&path, JSON).unwrap();
    let (out, _) = ran(&["$select=count", path.to_str().unwrap()], b"", 0);
    std::fs::remove_file(&path).unwrap();
    let uri = "http://schemas.dmtf.org/cimi/2/MachineCollection";
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap(), json!({"resourceURI": uri, "count": 3}));
}

#[test]
fn warnings_go_to_stderr() {
    let (out, err) = ran(&["$filter=name=1"], JSON.replace("\"cpu\": 2", "\"cpu\": \"2\"").as_bytes(), 0);
    assert!(serde_json::from_str::<Value>(&out).unwrap().get("machines").is_none());
    let lines: Vec<&str> = err.lines().collect();
    assert!(lines.len() == 2 && lines.iter().all(|line| line.starts_with("warning: ")), "{err}");
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    for (arguments, input) in [
        (&["$filter=name"][..], JSON),
        (&["$first=x"], JSON),
        (&["$format=edn"], JSON),
        (&["$select=name"], "{"),
        (&["$select=name"], "<a"),
        (&["$select=name"], "{\"cpu\": 1}"),
        (&[""], ""),
        (&["$select=name", "/does/not/exist"], ""),
    ] {
        let (out, err) = ran(arguments, input.as_bytes(), 1);
        assert!(out.is_empty() && err.starts_with("error: ") && err.lines().count() == 1, "{arguments:?}: {err}");
    }
    let (_, err) = ran(&["$select=name", "/does/not/exist"], b"", 1);
    assert!(err.contains("/does/not/exist"), "{err}");
    for arguments in [&[][..], &["a", "b", "c"], &["--check", "a"], &["--bogus"]] {
        let (out, err) = ran(arguments, b"", 2);
        assert!(out.is_empty() && err.contains("usage: query QUERYSTRING"), "{arguments:?}: {err}");
    }
}

#[test]
fn filters_are_checked_line_by_line() {
    let input = b"name = \"a\"\n(cpu>1)  and ( x<2 )\r\nname=mine\n\nname^='a'\na='\xFF'\ncpu='x'\na=1";
    let (out, err) = ran(&["--check"], input, 0);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 8, "{out}");
    assert_eq!(lines[0], "ok\tname='a'");
    assert_eq!(lines[1], "ok\tcpu>1 and x<2");
    assert!(lines[2].starts_with("error\t5\t") && lines[3].starts_with("error\t0\t"), "{out}");
    // The grammar of the standard has no extensions.
    assert!(lines[4].starts_with("error\t4\t") && lines[5].starts_with("error\t3\t"), "{out}");
    // Types are not checked.
    assert_eq!(&lines[6..], ["ok\tcpu='x'", "ok\ta=1"]);
    assert!(err.is_empty());
    // The canonical form parses to itself.
    let (again, _) = ran(&["--check"], b"name='a'\ncpu>1 and x<2", 0);
    assert_eq!(again.lines().collect::<Vec<_>>(), &lines[..2]);
}

#[test]
fn many_filters_are_checked() {
    let (out, _) = ran(&["--check"], "a=1 or b='x'\n".repeat(20_000).as_bytes(), 0);
    assert_eq!(out.lines().filter(|line| *line == "ok\ta=1 or b='x'").count(), 20_000);
}

//! `docs/auditing.md`: its table of columns, and its queries in `DuckDB` where that is installed, as `duckdb` or as a
//! module of `python3`.
//!
//! The queries run over 20,000 events, and what they find is held against a plain count over the events. With
//! `AUDIT_EVENTS=1000000` they run over as many as the document has, and what they find is held against its tables too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

#[path = "support/program.rs"]
mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use cimi_cadf::flat::{COLUMNS, ColumnKind};
use serde_json::Value;

fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/auditing.md");
    std::fs::read_to_string(path).unwrap()
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    text.split_once(start).unwrap().1.split_once(end).unwrap().0.trim()
}

#[test]
fn the_document_has_the_columns() {
    let mut table = "| column | type | what |\n|---|---|---|\n".to_owned();
    let mut types = String::new();
    for column in COLUMNS {
        let kind = match column.kind {
            ColumnKind::Text => "text",
            ColumnKind::Timestamp => "timestamp",
            ColumnKind::Number => "number",
            ColumnKind::Count => "count",
            ColumnKind::Json => "JSON as text",
            _ => panic!("a kind without a name"),
        };
        writeln!(table, "| `{}` | {kind} | {} |", column.name, column.doc).unwrap();
        writeln!(types, "    {}: '{}',", column.name, column.kind.sql()).unwrap();
    }
    let sql = format!(
        "```sql\nCREATE OR REPLACE TABLE events AS SELECT * FROM read_json('events.jsonl', columns = {{\n{types}}});\n```"
    );
    let document = document();
    assert_eq!(between(&document, "<!-- columns -->", "<!-- end of columns -->"), table.trim(), "{table}");
    assert_eq!(between(&document, "<!-- table -->", "<!-- end of table -->"), sql, "{sql}");
}

type Table = Vec<Vec<String>>;

/// A query of the document, and the table that follows it.
struct Query {
    sql: String,
    columns: Vec<String>,
    rows: Table,
}

fn queries(document: &str) -> Vec<Query> {
    let blocks = document.split("```sql\n").skip(1).map(|block| block.split_once("```").unwrap());
    let query = |(sql, after): (&str, &str)| {
        let lines = after.trim_start().lines().take_while(|line| line.starts_with('|'));
        let mut rows: Table =
            lines.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect();
        let columns = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
        Query { sql: sql.to_owned(), columns, rows: rows.split_off(usize::from(!rows.is_empty())) }
    };
    blocks.map(query).collect()
}

/// A program in the directory of the trail, to be fed from a file there.
fn command(program: impl AsRef<std::ffi::OsStr>, directory: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(directory);
    command
}

/// How `DuckDB` is asked.
enum Duck {
    Program,
    Module,
}

impl Duck {
    fn find() -> Option<Self> {
        let runs = |program: &str, arguments: &[&str]| {
            let mut command = Command::new(program);
            command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
            command.status().is_ok_and(|status| status.success())
        };
        let module = || runs("python3", &["-c", "import duckdb"]).then_some(Self::Module);
        runs("duckdb", &["--version"]).then_some(Self::Program).or_else(module)
    }

    /// The rows that a query has for an answer.
    fn ask(&self, sql: &str, directory: &Path) -> Vec<Value> {
        const SCRIPT: &str = "import duckdb, json, sys\n\
            found = duckdb.connect('audit.db').execute(sys.argv[1])\n\
            names = [column[0] for column in found.description or []]\n\
            print(json.dumps([dict(zip(names, row)) for row in found.fetchall()], default=str))";
        let sql = format!("SET TimeZone = 'UTC'; {sql}");
        let mut command = match self {
            Self::Program => command("duckdb", directory),
            Self::Module => command("python3", directory),
        };
        match self {
            Self::Program => command.args(["-json", "audit.db", &sql]),
            Self::Module => command.args(["-c", SCRIPT, &sql]),
        };
        let output = command.output().unwrap();
        assert!(output.status.success(), "{sql}\n{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        if text.trim().is_empty() { Vec::new() } else { serde_json::from_str(&text).unwrap() }
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_f64().unwrap().to_string(),
        other => other.to_string(),
    }
}

/// A trail of so many events, and its flat records.
fn trail(count: &str, directory: &Path) -> Vec<Value> {
    std::fs::create_dir_all(directory).unwrap();
    let file = File::create(directory.join("trail.jsonl")).unwrap();
    assert!(command(program::path("trail"), directory).arg(count).stdout(file).status().unwrap().success());
    let file = File::create(directory.join("events.jsonl")).unwrap();
    let mut convert = command(program::path("audit"), directory);
    assert!(convert.args(["convert", "--to", "jsonl", "trail.jsonl"]).stdout(file).status().unwrap().success());
    let text = std::fs::read_to_string(directory.join("trail.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn root(value: &Value) -> &str {
    text(value).split('/').next().unwrap()
}

fn day(event: &Value) -> &str {
    &text(&event["eventTime"])[..10]
}

fn failed(event: &Value) -> bool {
    root(&event["outcome"]) == "failure"
}

fn failures(events: &[Value]) -> impl Iterator<Item = &Value> {
    events.iter().filter(|event| failed(event))
}

/// Distinct values with how often each is there: the most frequent first, those of one number in order.
fn counted<K: Ord>(values: impl Iterator<Item = K>) -> Vec<(K, usize)> {
    let mut counts = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_insert(0) += 1);
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

fn table<'e>(values: impl Iterator<Item = &'e str>) -> Table {
    counted(values).into_iter().map(|(value, count)| vec![value.to_owned(), count.to_string()]).collect()
}

fn hundredths(number: f64) -> String {
    ((number * 100.0).round() / 100.0).to_string()
}

fn outcomes(events: &[Value]) -> Table {
    table(events.iter().map(|event| root(&event["outcome"])))
}

fn actions(events: &[Value]) -> Table {
    let of = |action: &str| failures(events).filter(|event| root(&event["action"]) == action).count();
    let mut rows = table(events.iter().map(|event| root(&event["action"])));
    for row in &mut rows {
        row.push(of(&row[0]).to_string());
    }
    rows
}

fn users_that_failed(events: &[Value]) -> Table {
    let name = |event: &&Value| event["initiator"]["name"].clone();
    let targets = |user: &str| {
        let of = failures(events).filter(|event| name(event) == user);
        of.map(|event| text(&event["target"]["id"])).collect::<BTreeSet<_>>().len()
    };
    let mut rows = table(failures(events).map(|event| text(&event["initiator"]["name"])));
    rows.truncate(5);
    for row in &mut rows {
        row.push(targets(&row[0]).to_string());
    }
    rows
}

#[allow(clippy::cast_precision_loss, reason = "there are not that many events")]
fn failures_by_day(events: &[Value]) -> Table {
    let days: BTreeSet<&str> = events.iter().map(day).collect();
    let row = |day_of: &&str| {
        let all: Vec<_> = events.iter().filter(|event| day(event) == *day_of).collect();
        let failures = all.iter().copied().filter(|event| failed(event)).count();
        let percent = hundredths(100.0 * failures as f64 / all.len() as f64);
        vec![(*day_of).to_owned(), all.len().to_string(), percent]
    };
    days.iter().take(5).map(row).collect()
}

fn refused_logins(events: &[Value]) -> Table {
    let logins = failures(events).filter(|event| event["action"] == "authenticate/login");
    let mut counts = counted(logins.map(|event| (day(event), text(&event["initiator"]["name"]))));
    counts.truncate(5);
    counts.iter().map(|((day, name), count)| vec![(*name).to_owned(), (*day).to_owned(), count.to_string()]).collect()
}

fn used_after_deletion(events: &[Value]) -> Table {
    let time = |event: &Value| chrono::DateTime::parse_from_rfc3339(text(&event["eventTime"])).unwrap();
    let mut of_target = BTreeMap::<&str, Vec<&Value>>::new();
    for event in events.iter().filter(|event| event["outcome"] == "success") {
        of_target.entry(text(&event["target"]["id"])).or_default().push(event);
    }
    let mut rows = Vec::new();
    for (target, events) in &of_target {
        for deleted in events.iter().filter(|event| event["action"] == "delete") {
            let end = time(deleted) + chrono::TimeDelta::days(1);
            let later = events.iter().filter(|event| time(deleted) < time(event) && time(event) < end).count();
            rows.push((std::cmp::Reverse(later), *target, text(&deleted["initiator"]["name"])));
        }
    }
    rows.retain(|(later, ..)| later.0 > 0);
    rows.sort_unstable();
    rows.truncate(5);
    rows.iter().map(|(later, target, by)| vec![(*target).to_owned(), (*by).to_owned(), later.0.to_string()]).collect()
}

#[allow(clippy::cast_precision_loss, reason = "there are not that many events")]
fn measured(events: &[Value]) -> Table {
    let first = |event: &Value| event["measurements"][0]["result"].as_i64();
    let results: Vec<i64> = events.iter().filter_map(first).collect();
    let [least, most] = [results.iter().min(), results.iter().max()].map(|value| value.unwrap().to_string());
    let mean = hundredths(results.iter().sum::<i64>() as f64 / results.len() as f64);
    vec![vec!["load".to_owned(), "%".to_owned(), results.len().to_string(), least, mean, most]]
}

fn tags(events: &[Value]) -> Table {
    table(events.iter().flat_map(|event| event["tags"].as_array().into_iter().flatten()).map(text))
}

fn denied_paths(events: &[Value]) -> Table {
    let denied = events.iter().filter(|event| event["action"] == "deny");
    let mut rows = table(denied.filter_map(|event| event["requestPath"].as_str()));
    rows.truncate(5);
    rows
}

/// What the queries of the document find, in its order.
const EXPECTED: [fn(&[Value]) -> Table; 9] = [
    outcomes,
    actions,
    users_that_failed,
    failures_by_day,
    refused_logins,
    used_after_deletion,
    measured,
    tags,
    denied_paths,
];

#[test]
fn the_queries_of_the_document_find_what_is_there() {
    let Some(duck) = Duck::find() else {
        println!("skipped: DuckDB is not installed");
        return;
    };
    let count = std::env::var("AUDIT_EVENTS");
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("auditing");
    let _ = std::fs::remove_dir_all(&directory);
    let events = trail(count.as_deref().unwrap_or("20000"), &directory);
    let mut expected = EXPECTED.iter();
    for query in queries(&document()) {
        let found = duck.ask(&query.sql, &directory);
        if query.columns.is_empty() {
            continue;
        }
        let row = |row: &Value| query.columns.iter().map(|column| cell(&row[column.as_str()])).collect();
        let found: Table = found.iter().map(row).collect();
        assert!(!found.is_empty(), "{}", query.sql);
        assert_eq!(found, expected.next().unwrap()(&events), "{}", query.sql);
        if events.len() == 1_000_000 {
            assert_eq!(found, query.rows, "{}", query.sql);
        }
    }
    assert_eq!(expected.count(), 0, "a query without a table");
    types_and_events(&duck, &directory, &events);
    std::fs::remove_dir_all(&directory).unwrap();
}

/// The table has the types that it was given, a look at the file finds the timestamp by itself, and the last column
/// is the event.
fn types_and_events(duck: &Duck, directory: &Path, events: &[Value]) {
    for relation in ["events", "read_json_auto('events.jsonl')"] {
        let columns = duck.ask(&format!("DESCRIBE SELECT * FROM {relation}"), directory);
        let names: Vec<&str> = columns.iter().map(|column| text(&column["column_name"])).collect();
        assert_eq!(names, COLUMNS.iter().map(|column| column.name).collect::<Vec<_>>());
        // Older versions of DuckDB guess one without a zone, in UTC.
        assert!(text(&columns[0]["column_type"]).starts_with("TIMESTAMP"), "{relation}");
    }
    let kept = duck.ask("SELECT event FROM events ORDER BY time, id LIMIT 1000", directory);
    let kept: Vec<Value> = kept.iter().map(|row| serde_json::from_str(text(&row["event"])).unwrap()).collect();
    assert_eq!(kept, events[..1000]);
}

//! What readers, writers and checks do with each attribute, against `data/attributes.tsv`, not against the tables.
//!
//! The documents are made as text from the rows of the data (`tables.rs` explains its columns), so that an option that
//! is missing or wrong in a table is seen in what the library does.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

use cimi_model::meta::Type;
use cimi_model::relations::Relations;
use cimi_model::scope::{Scope, ValueScope, check};
use cimi_model::validate::{Rule, Validation};
use cimi_model::{Dialect, Document, Format, ReadOptions, Registry, foreign_parts};

const FACTS: &str = include_str!("data/attributes.tsv");
const BOTH: [Dialect; 2] = [Dialect::V1, Dialect::V2];

/// A row of the data.
struct Row {
    type_name: &'static str,
    name: &'static str,
    versions: &'static str,
    kind: &'static str,
    of: &'static str,
    item: &'static str,
    v1: &'static str,
    unit: &'static str,
    values: &'static str,
    constraints: [bool; 4],
    closed: bool,
    range: &'static str,
    more: Vec<&'static str>,
}

impl Row {
    fn parse(line: &'static str) -> Self {
        let cells: Vec<&str> = line.split('\t').collect();
        let (kind, of) = cells[3].split_once(' ').unwrap_or((cells[3], ""));
        Self {
            type_name: cells[0],
            name: cells[1],
            versions: cells[2],
            kind,
            of,
            item: cells[4],
            v1: cells[5],
            unit: cells[6],
            values: cells[7],
            constraints: [0, 1, 2, 3].map(|at| cells[8].as_bytes()[at] == b'T'),
            closed: cells[9] == "T",
            range: cells[10],
            more: cells[11].split(' ').collect(),
        }
    }

    fn is(&self, word: &str) -> bool {
        self.more.contains(&word)
    }

    fn has(&self, dialect: Dialect) -> bool {
        self.versions == "both" || self.versions == if dialect == Dialect::V1 { "1" } else { "2" }
    }

    fn name_in(&self, dialect: Dialect) -> &'static str {
        match self.v1.split('/').next() {
            Some(name) if dialect == Dialect::V1 && !matches!(name, "" | "-") => name,
            _ => self.name,
        }
    }

    fn item_in(&self, dialect: Dialect) -> &'static str {
        match self.v1.split_once('/') {
            Some((_, item)) if dialect == Dialect::V1 => item,
            _ => self.item,
        }
    }

    /// A right value of an item.
    fn text(&self) -> &'static str {
        match self.kind.trim_end_matches("[]") {
            "integer" => self.range.split("..").next().filter(|least| !matches!(*least, "" | "-")).unwrap_or("1"),
            "boolean" => "true",
            "dateTime" => "2024-05-06T07:08:09Z",
            "duration" => "PT5M",
            "bytes" => "AAAA",
            "uri" => "http://example.com/a",
            "string" if self.values != "-" => self.values.split('|').next().unwrap_or(self.values),
            _ => "text",
        }
    }

    fn json(&self) -> String {
        let item = match self.kind.trim_end_matches("[]") {
            "integer" | "boolean" => self.text().to_owned(),
            "map" => r#"{"k":"v"}"#.to_owned(),
            "ref" | "collection" => r#"{"href":"http://example.com/a"}"#.to_owned(),
            _ => format!("\"{}\"", self.text()),
        };
        if self.kind.ends_with("[]") { format!("[{item}]") } else { item }
    }

    /// A value of another kind, where the kind has one.
    fn wrong(&self) -> &'static str {
        match self.kind {
            "string" | "map" | "ref" | "collection" => "[[1]]",
            "uri" => "{\"a\":1}",
            kind if kind.ends_with("[]") => "{\"k\":{\"a\":1}}",
            _ => "\"neither\"",
        }
    }

    /// The attribute as it stands in XML.
    fn xml(&self, dialect: Dialect) -> String {
        let name = self.name_in(dialect);
        let item = self.item_in(dialect);
        let element = |name: &str| match self.kind.trim_end_matches("[]") {
            "ref" | "collection" => format!("<{name} href=\"http://example.com/a\"/>"),
            "map" => format!("<{item} key=\"k\">v</{item}>"),
            _ => format!("<{name}>{}</{name}>", self.text()),
        };
        if self.is("@") {
            return format!(" {name}=\"{}\"", self.text());
        }
        // The schema of 1.x admits elements there, but no text.
        if self.is("#") && dialect == Dialect::V2 {
            return self.text().to_owned();
        }
        if !self.kind.ends_with("[]") && self.kind != "map" {
            return element(name);
        }
        if dialect == Dialect::V1 || self.is("unwrapped") {
            return element(item);
        }
        format!("<{name}>{}</{name}>", element(item))
    }
}

fn parsed() -> Vec<Row> {
    FACTS.lines().skip(1).map(Row::parse).collect()
}

/// An attribute, and the ones of documents that its structure stands in.
struct Case {
    row: Row,
    root: &'static Type,
    inside: Option<Row>,
}

/// The attributes of documents and of the structures in them, each structure in one document.
fn cases() -> Vec<Case> {
    let registry = Registry::standard();
    let document = |name: &str| registry.by_name(name).map(|entry| entry.record_type);
    let place = |row: &Row| -> Option<(&'static Type, Option<Row>)> {
        if let Some(root) = document(row.type_name) {
            return Some((root, None));
        }
        let mut outer = parsed().into_iter().filter(|outer| outer.of == row.type_name && outer.kind != "map");
        let outer = outer.find(|outer| outer.kind.starts_with("structure") && document(outer.type_name).is_some())?;
        Some((document(outer.type_name)?, Some(outer)))
    };
    let rows = parsed().into_iter().filter(|row| !row.kind.starts_with("structure") && row.name != "vscope");
    rows.filter_map(|row| place(&row).map(|(root, inside)| Case { row, root, inside })).collect()
}

impl Case {
    /// The JSON of a document with this member.
    fn json(&self, dialect: Dialect, name: &str, value: &str) -> String {
        let member = match &self.inside {
            None => format!("\"{name}\":{value}"),
            Some(outer) if outer.kind.ends_with("[]") => {
                format!("\"{}\":[{{\"{name}\":{value}}}]", outer.name_in(dialect))
            }
            Some(outer) => format!("\"{}\":{{\"{name}\":{value}}}", outer.name_in(dialect)),
        };
        format!("{{\"resourceURI\":\"{}\",{member}}}", self.root.uri(dialect))
    }

    /// The XML of a document with this attribute.
    fn xml(&self, dialect: Dialect) -> String {
        let part = self.row.xml(dialect);
        let content = self.inside.as_ref().map_or_else(|| part.clone(), |outer| within(outer, dialect, &part));
        let (root, namespace) = (self.root.name_in(dialect), dialect.namespace());
        format!("<{root} xmlns=\"{namespace}\">{content}</{root}>")
    }

    fn read(&self) -> Document {
        strict(&self.json(Dialect::V2, self.row.name, &self.row.json()))
    }

    /// Whether a document of this dialect has it, with its structure and type.
    fn exists(&self, dialect: Dialect) -> bool {
        let inside = self.inside.as_ref().is_none_or(|outer| outer.has(dialect));
        self.row.has(dialect) && inside && dialect.has(self.root.versions)
    }

    fn path(&self) -> String {
        format!("{}.{}", self.row.type_name, self.row.name)
    }
}

/// A structure, with an XML attribute or an element in it.
fn within(outer: &Row, dialect: Dialect, part: &str) -> String {
    let array = outer.kind.ends_with("[]");
    let name = outer.name_in(dialect);
    let element = if array { outer.item_in(dialect) } else { name };
    let structure =
        if part.starts_with(' ') { format!("<{element}{part}/>") } else { format!("<{element}>{part}</{element}>") };
    if array && dialect == Dialect::V2 { format!("<{name}>{structure}</{name}>") } else { structure }
}

fn strict(text: &str) -> Document {
    let parsed = Document::read(text.as_bytes(), &Registry::standard(), &ReadOptions::strict());
    parsed.unwrap_or_else(|error| panic!("{error}\n{text}")).value
}

/// Runs a check on each case and reports all that it finds.
fn each(check: impl Fn(&Case) -> Option<String>) {
    let cases = cases();
    assert!(cases.len() > 850, "{}", cases.len());
    let found: Vec<String> =
        cases.iter().filter_map(|case| Some(format!("{}: {}", case.path(), check(case)?))).collect();
    report(&found);
}

fn report(found: &[String]) {
    assert!(found.is_empty(), "{} problems:\n{}", found.len(), found.join("\n"));
}

#[test]
fn another_kind_of_value_is_refused() {
    each(|case| {
        case.read();
        if case.row.kind == "any" {
            return None;
        }
        let text = case.json(Dialect::V2, case.row.name, case.row.wrong());
        let read = Document::read(text.as_bytes(), &Registry::standard(), &ReadOptions::strict());
        read.is_ok().then(|| format!("accepted {text}"))
    });
}

#[test]
fn json_has_the_names_of_the_dialect() {
    each(|case| {
        let document = case.read();
        let wrong =
            BOTH.into_iter().filter(|dialect| case.exists(*dialect) && !flat(case, *dialect)).find_map(|dialect| {
                let text = document.to_string(Format::Json, dialect.into()).unwrap();
                let expected = case.json(dialect, case.row.name_in(dialect), &case.row.json());
                (text != expected).then(|| format!("{text}\n  not {expected}"))
            });
        wrong.or_else(|| {
            let names = BOTH.map(|dialect| (dialect, case.row.name_in(dialect)));
            let mut read = names.iter().filter(|(dialect, _)| case.exists(*dialect) && !flat(case, *dialect));
            let other = read.find(|(dialect, name)| strict(&case.json(*dialect, name, &case.row.json())) != document);
            other.map(|(dialect, _)| format!("is read as something else in {dialect:?}"))
        })
    });
}

/// Whether 1.x writes the reference into the structure that it is in.
fn flat(case: &Case, dialect: Dialect) -> bool {
    dialect == Dialect::V1 && case.row.is("flat")
}

#[test]
fn xml_has_the_elements_of_the_dialect() {
    each(|case| {
        let document = case.read();
        BOTH.into_iter().filter(|dialect| case.exists(*dialect) && !flat(case, *dialect)).find_map(|dialect| {
            let text = document.to_string(Format::Xml, dialect.into()).unwrap();
            let text = text.split_once("?>").map_or(text.as_str(), |(_, rest)| rest.trim_start());
            let expected = case.xml(dialect);
            let same = text == expected && strict(&expected) == document;
            // 1.x has some values only inline.
            let written = !(dialect == Dialect::V1 && case.row.is("inline"));
            (same != written).then(|| format!("{text}\n  not {expected}"))
        })
    });
}

#[test]
fn what_a_version_does_not_have_is_foreign() {
    each(|case| {
        let document = case.read();
        BOTH.into_iter().find_map(|dialect| {
            let foreign = !foreign_parts(document.record(), dialect).is_empty();
            (foreign == case.exists(dialect)).then(|| format!("is foreign in {dialect:?}: {foreign}"))
        })
    });
}

#[test]
fn uris_of_the_standard_follow_the_dialect() {
    each(|case| {
        if !case.row.kind.starts_with("uri") || !case.exists(Dialect::V1) {
            return None;
        }
        let value = case.row.json().replace("http://example.com/a", "http://schemas.dmtf.org/cimi/2/a");
        let text = strict(&case.json(Dialect::V2, case.row.name, &value)).to_string(Format::Json, Dialect::V1.into());
        let follows = text.unwrap().contains("\"http://schemas.dmtf.org/cimi/1/a\"");
        (follows != case.row.is("dialect")).then(|| format!("follows: {follows}"))
    });
}

#[test]
fn other_spellings_are_read() {
    each(|case| {
        let aliases = case.row.more.iter().filter_map(|word| word.strip_prefix("alias="));
        aliases.into_iter().find_map(|alias| {
            let text = case.json(Dialect::V2, alias, &case.row.json());
            let read = Document::read(text.as_bytes(), &Registry::standard(), &ReadOptions::default()).unwrap();
            (read.value != case.read()).then(|| format!("is not read from {alias}"))
        })
    });
}

#[test]
fn secrets_alone_are_hidden() {
    each(|case| {
        let value = match case.row.kind {
            "string" | "bytes" => "\"ABCDEF01\"",
            "map" => "{\"k\":\"ABCDEF01\"}",
            _ => return None,
        };
        let shown = format!("{:?}", strict(&case.json(Dialect::V2, case.row.name, value)));
        let hidden = !shown.contains("ABCDEF01");
        let plain = case.row.kind != "bytes";
        let wrong = hidden != case.row.is("secret") && (plain || !hidden);
        wrong.then(|| format!("is hidden: {hidden}: {shown}"))
    });
}

#[test]
fn members_of_child_collections_are_descendants() {
    each(|case| {
        // A located volume only adds to a Volume, and has no components of its own there.
        if case.row.kind != "collection" || case.row.type_name == "locatedVolume" {
            return None;
        }
        let registry = Registry::standard();
        let collection = registry.by_name(&format!("{}Collection", case.row.of))?.record_type;
        let (members, at) = (collection.members?, "http://example.com");
        let uri = |found: &Type| found.uri(if Dialect::V2.has(found.versions) { Dialect::V2 } else { Dialect::V1 });
        let owner = case.json(Dialect::V2, case.row.name, &case.row.json());
        let owner = strict(&owner.replacen('{', &format!("{{\"id\":\"{at}/o\","), 1));
        let (list, item) = (uri(collection), uri((members.item)()));
        let list = strict(&format!(
            "{{\"resourceURI\":\"{list}\",\"id\":\"{at}/a\",\"{}\":[{{\"id\":\"{at}/m\"}}]}}",
            members.grouping
        ));
        let item = strict(&format!("{{\"resourceURI\":\"{item}\",\"id\":\"{at}/m\"}}"));
        let resources = [owner.record(), list.record(), item.record()];
        let relations = Relations::new(&resources, None);
        let child = relations.descendants(&format!("{at}/o")).any(|id| id.ends_with("/m"));
        (child != case.row.is("child")).then(|| format!("members are children: {child}"))
    });
}

/// The rules that a document breaks with this attribute.
fn broken(case: &Case, text: &str, validation: &Validation<'_>) -> Vec<Rule> {
    let outer = case.inside.as_ref().map_or(String::new(), |outer| {
        format!("/{}{}", outer.name, if outer.kind.ends_with("[]") { "[0]" } else { "" })
    });
    let path = format!("/{}{outer}/{}", case.root.name, case.row.name);
    let problems = validation.problems(strict(text).record());
    problems.into_iter().filter(|problem| problem.path == path).map(|problem| problem.rule).collect()
}

#[test]
fn ranges_and_closed_vocabularies_are_kept() {
    each(|case| {
        let breaks = |value: &str, rule| {
            let text = case.json(Dialect::V2, case.row.name, value);
            broken(case, &text, &Validation::read()).contains(&rule)
        };
        if case.row.kind == "string" && breaks("\"NO-SUCH-VALUE\"", Rule::Enumeration) != case.row.closed {
            return Some("another value is not judged as the standard does".to_owned());
        }
        let (least, most) = case.row.range.split_once("..")?;
        let wrong = |end: &str, step: i64| {
            let Ok(end) = end.parse::<i64>() else { return false };
            breaks(&end.to_string(), Rule::Range) || !breaks(&(end + step).to_string(), Rule::Range)
        };
        (wrong(least, -1) || wrong(most, 1)).then(|| "the range is not that of the standard".to_owned())
    });
}

#[test]
fn what_is_written_has_to_be_writable() {
    each(|case| {
        if case.inside.is_some() {
            return None;
        }
        let selected = [case.row.name];
        let text = case.json(Dialect::V2, case.row.name, &case.row.json());
        let rules = broken(case, &text, &Validation::partial_update(&selected, None));
        let written = [Rule::Immutable, Rule::ReadOnly].map(|rule| rules.contains(&rule));
        let [_, _, mutable, writable] = case.row.constraints;
        (written != [!mutable, mutable && !writable]).then(|| format!("{rules:?}"))
    });
}

#[test]
fn what_is_mandatory_is_missed() {
    each(|case| {
        let is_request = case.root.name == "Action" || case.root.name.ends_with("Create");
        let may_be_empty = matches!(case.row.kind, "string" | "map" | "collection") || case.row.kind.ends_with("[]");
        if may_be_empty || case.row.versions != "both" || case.inside.is_some() || is_request {
            return None;
        }
        let text = format!("{{\"resourceURI\":\"{}\"}}", case.root.uri(Dialect::V2));
        let [provider, consumer, ..] = case.row.constraints;
        let [read, update] = [Validation::read(), Validation::update(None)]
            .map(|way| broken(case, &text, &way).contains(&Rule::Required));
        ([read, update] != [provider, consumer]).then(|| format!("missed by a consumer: {read}, a provider: {update}"))
    });
}

/// A unit of the data, a larger one, and how many of the former that is.
const UNITS: &[(&str, &str, i64)] = &[
    ("bytes", "kilobytes", 1000),
    ("kilobytes", "megabytes", 1000),
    ("kibibytes", "mebibytes", 1024),
    ("megahertz", "gigahertz", 1000),
    ("bits per second", "megabits per second", 1_000_000),
    ("seconds", "minutes", 60),
    ("milliseconds", "seconds", 1000),
];

#[test]
fn units_are_converted_to_those_of_the_standard() {
    each(|case| {
        if case.row.unit == "-" || case.inside.is_some() {
            return None;
        }
        let Some((_, larger, factor)) = UNITS.iter().find(|(unit, ..)| *unit == case.row.unit) else {
            return Some(format!("{} is not known", case.row.unit));
        };
        let scope = [ValueScope::new().with(case.row.name, Scope::of_value(1).with_units(*larger))];
        let fits = |value: i64| {
            let document = strict(&case.json(Dialect::V2, case.row.name, &value.to_string()));
            check(document.record(), &scope).is_ok()
        };
        (!fits(*factor) || fits(factor + 1)).then(|| format!("{factor} are not one of {larger}"))
    });
}

#[test]
fn keys_of_parameters_go_with_the_protocol() {
    for name in ["ProtocolSegment", "ProtocolSegmentTemplate", "ProtocolEndpoint"] {
        let problems = |protocol: &str, parameters: &str| -> Vec<String> {
            let uri = Dialect::V2.uri(name);
            let text = format!(r#"{{"resourceURI":"{uri}","protocol":"{protocol}","parameters":{{{parameters}}}}}"#);
            let problems = Validation::update(None).problems(strict(&text).record());
            problems.into_iter().map(|found| found.path).filter(|path| path.contains("/parameters")).collect()
        };
        let found = problems("IPv6", r#""prefixLength":"200""#);
        assert!(found.iter().any(|path| path.contains("prefixLength")), "{name}: {found:?}");
    }
}

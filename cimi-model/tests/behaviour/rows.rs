//! The rows of `tests/data/attributes.tsv`, and documents made of them.

use cimi_model::meta::Type;
use cimi_model::validate::{Problem, Rule, Validation};
use cimi_model::{Dialect, Document, ReadOptions, Registry};

const FACTS: &str = include_str!("../data/attributes.tsv");

/// A row of the data.
pub(super) struct Row {
    pub(super) type_name: &'static str,
    pub(super) name: &'static str,
    pub(super) versions: &'static str,
    pub(super) kind: &'static str,
    pub(super) of: &'static str,
    pub(super) item: &'static str,
    pub(super) v1: &'static str,
    pub(super) unit: &'static str,
    pub(super) values: &'static str,
    pub(super) constraints: [bool; 4],
    pub(super) closed: bool,
    pub(super) range: &'static str,
    pub(super) more: Vec<&'static str>,
}

impl Row {
    pub(super) fn parse(line: &'static str) -> Self {
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

    pub(super) fn is(&self, word: &str) -> bool {
        self.more.contains(&word)
    }

    pub(super) fn has(&self, dialect: Dialect) -> bool {
        self.versions == "both" || self.versions == if dialect == Dialect::V1 { "1" } else { "2" }
    }

    pub(super) fn name_in(&self, dialect: Dialect) -> &'static str {
        match self.v1.split('/').next() {
            Some(name) if dialect == Dialect::V1 && !matches!(name, "" | "-") => name,
            _ => self.name,
        }
    }

    pub(super) fn item_in(&self, dialect: Dialect) -> &'static str {
        match self.v1.split_once('/') {
            Some((_, item)) if dialect == Dialect::V1 => item,
            _ => self.item,
        }
    }

    /// An attribute of the structure that is the value, if one is: the first that is spelled alike in both versions.
    fn inner(&self) -> Option<Self> {
        let fits = |row: &Self| row.type_name == self.of && row.v1 == "-";
        self.kind.starts_with("structure").then(|| parsed().into_iter().find(fits).unwrap())
    }

    /// A right value of an item.
    pub(super) fn text(&self) -> &'static str {
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

    pub(super) fn json(&self) -> String {
        let item = match self.kind.trim_end_matches("[]") {
            "integer" | "boolean" => self.text().to_owned(),
            "map" => r#"{"k":"v"}"#.to_owned(),
            "ref" | "collection" => r#"{"href":"http://example.com/a"}"#.to_owned(),
            "structure" => self.inner().map(|inner| format!("{{\"{}\":{}}}", inner.name, inner.json())).unwrap(),
            _ => format!("\"{}\"", self.text()),
        };
        if self.kind.ends_with("[]") { format!("[{item}]") } else { item }
    }

    /// A value of another kind, where the kind has one.
    pub(super) fn wrong(&self) -> &'static str {
        match self.kind {
            "string" | "map" | "ref" | "collection" => "[[1]]",
            "uri" => "{\"a\":1}",
            kind if kind.ends_with("[]") && !kind.starts_with("structure") => "{\"k\":{\"a\":1}}",
            _ => "\"neither\"",
        }
    }

    /// The attribute as it stands in XML.
    pub(super) fn xml(&self, dialect: Dialect) -> String {
        let name = self.name_in(dialect);
        let item = self.item_in(dialect);
        if let Some(inner) = self.inner() {
            return within(self, dialect, &inner.xml(dialect));
        }
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

pub(super) fn parsed() -> Vec<Row> {
    FACTS.lines().skip(1).map(Row::parse).collect()
}

/// An attribute, and the ones of documents that its structure stands in.
pub(super) struct Case {
    pub(super) row: Row,
    pub(super) root: &'static Type,
    pub(super) inside: Option<Row>,
}

/// The attributes of documents and of the structures in them, each structure in one document.
pub(super) fn cases() -> Vec<Case> {
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
    let rows = parsed().into_iter().filter(|row| row.name != "vscope");
    rows.filter_map(|row| place(&row).map(|(root, inside)| Case { row, root, inside })).collect()
}

impl Case {
    /// The JSON of a document with this member.
    pub(super) fn json(&self, dialect: Dialect, name: &str, value: &str) -> String {
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
    pub(super) fn xml(&self, dialect: Dialect) -> String {
        let part = self.row.xml(dialect);
        let content = self.inside.as_ref().map_or_else(|| part.clone(), |outer| within(outer, dialect, &part));
        let (root, namespace) = (self.root.name_in(dialect), dialect.namespace());
        format!("<{root} xmlns=\"{namespace}\">{content}</{root}>")
    }

    pub(super) fn read(&self) -> Document {
        strict(&self.json(Dialect::V2, self.row.name, &self.row.json()))
    }

    /// Whether a document of this dialect has it, with its structure and type.
    pub(super) fn exists(&self, dialect: Dialect) -> bool {
        let inside = self.inside.as_ref().is_none_or(|outer| outer.has(dialect));
        let value = self.row.inner().is_none_or(|inner| inner.has(dialect));
        self.row.has(dialect) && value && inside && dialect.has(self.root.versions)
    }

    pub(super) fn path(&self) -> String {
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

pub(super) fn strict(text: &str) -> Document {
    let parsed = Document::read(text.as_bytes(), &Registry::standard(), &ReadOptions::strict());
    parsed.unwrap_or_else(|error| panic!("{error}\n{text}")).value
}

/// The rules that a document breaks at the path of an attribute. What the row has a range for is told with its table,
/// and not as an amount that cannot be negative.
pub(super) fn broken_at(path: &str, row: &Row, text: &str, validation: &Validation<'_>) -> Vec<Rule> {
    let problems = validation.problems(strict(text).record()).into_iter().filter(|problem| problem.path == path);
    let of_row = |problem: &Problem| row.range == "-" || problem.rule != Rule::Range || problem.clause != "5.6";
    problems.filter(of_row).map(|problem| problem.rule).collect()
}

/// Runs a check on each case and reports all that it finds.
pub(super) fn each(check: impl Fn(&Case) -> Option<String>) {
    let cases = cases();
    assert!(cases.len() > 850, "{}", cases.len());
    let found: Vec<String> =
        cases.iter().filter_map(|case| Some(format!("{}: {}", case.path(), check(case)?))).collect();
    report(&found);
}

pub(super) fn report(found: &[String]) {
    assert!(found.is_empty(), "{} problems:\n{}", found.len(), found.join("\n"));
}

//! What readers, writers and checks do with each attribute, against `tests/data/attributes.tsv`, not against the tables.
//!
//! The documents are made as text from the rows of the data (`tables.rs` explains its columns), so that an option that
//! is missing or wrong in a table is seen in what the library does.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod keys;
mod rows;

use cimi_model::meta::Type;
use cimi_model::relations::Relations;
use cimi_model::schema::JsonSchemas;
use cimi_model::scope::{Scope, ValueScope, check};
use cimi_model::validate::{Receiver, Rule, Validation};
use cimi_model::{Dialect, Document, Format, ReadOptions, Registry, foreign_parts};

use rows::{Case, broken_at, each, strict};

const BOTH: [Dialect; 2] = [Dialect::V1, Dialect::V2];

#[test]
fn another_kind_of_value_is_refused() {
    each(|case| {
        case.read();
        // The content of an Event may be anything, too.
        if case.row.kind == "any" || case.row.of == "content" {
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
    const SPELLED: [&str; 2] = ["\"http://schemas.dmtf.org/cimi/1/a\"", "\"http://schemas.dmtf.org/cimi/2/a\""];
    each(|case| {
        if !case.row.kind.starts_with("uri") {
            return None;
        }
        // 1.x has the one, and what is of 2.0 alone may come from there with the other.
        let [v1, v2] = SPELLED;
        let (from, to, dialect) = if case.exists(Dialect::V1) { (v2, v1, Dialect::V1) } else { (v1, v2, Dialect::V2) };
        let value = case.row.json().replace("\"http://example.com/a\"", from);
        let text = strict(&case.json(Dialect::V2, case.row.name, &value)).to_string(Format::Json, dialect.into());
        let follows = text.unwrap().contains(to);
        (follows != case.row.is("dialect")).then(|| format!("follows: {follows}"))
    });
}

/// By value, as 1.x has them only, the templates of interfaces stand in the elements that it has for them.
#[test]
fn templates_inline_have_the_elements_of_the_dialect() {
    let elements = [("networkInterface", "state"), ("interfaceTemplate", "initialState")];
    let [v1, v2] = [0, 1].map(|at| {
        let (dialect, (item, state)) = (BOTH[at], elements[at]);
        let namespace = dialect.namespace();
        let item = |value: &str| format!("<{item}><{state}>{value}</{state}></{item}>");
        let items = item("ACTIVE") + &item("STANDBY");
        let items = match dialect {
            Dialect::V1 => items,
            Dialect::V2 => format!("<interfaceTemplates>{items}</interfaceTemplates>"),
        };
        let text = format!("<MachineTemplate xmlns=\"{namespace}\">{items}</MachineTemplate>");
        let document = strict(&text);
        let written = document.to_string(Format::Xml, dialect.into()).unwrap();
        assert!(written.ends_with(&text), "{written}\n  not {text}");
        document
    });
    assert_eq!(v1, v2);
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
    broken_at(&path, &case.row, text, validation)
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
        // There, absence says something (5.11, tables 6 and 7), or it depends on the resource (5.5.12.2).
        let may_be_absent = match case.row.type_name {
            "attribute" => case.row.name != "name",
            "capability" => case.row.name == "value",
            "operation" => true,
            _ => false,
        };
        if may_be_empty || may_be_absent || !case.exists(Dialect::V2) || is_request {
            return None;
        }
        let text = case.json(Dialect::V2, "extension", "1");
        let [provider, consumer, ..] = case.row.constraints;
        let mut ways = [Validation::read(), Validation::update(None)];
        for way in &mut ways {
            way.dialect = Some(Dialect::V2);
        }
        let [read, update] = ways.map(|way| broken(case, &text, &way).contains(&Rule::Required));
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
        if case.row.unit == "-" {
            return None;
        }
        let Some((_, larger, factor)) = UNITS.iter().find(|(unit, ..)| *unit == case.row.unit) else {
            return Some(format!("{} is not known", case.row.unit));
        };
        let scope = ValueScope::new().with(case.row.name, Scope::of_value(1).with_units(*larger));
        let scope = [match &case.inside {
            None => scope,
            Some(outer) => ValueScope::new().with(outer.name, Scope::of_items(scope)),
        }];
        let fits = |value: i64| {
            let document = strict(&case.json(Dialect::V2, case.row.name, &value.to_string()));
            check(document.record(), &scope).is_ok()
        };
        (!fits(*factor) || fits(factor + 1)).then(|| format!("{factor} are not one of {larger}"))
    });
}

/// What a Consumer does not write is marked in the schemas, in structures too.
#[test]
fn schemas_mark_what_is_read_only_in_structures() {
    let schemas = JsonSchemas::new(&Registry::standard(), Dialect::V2, Receiver::Consumer);
    let definitions = schemas.definitions();
    each(|case| {
        let outer = case.inside.as_ref().filter(|_| case.exists(Dialect::V2))?;
        let file = schemas.file(case.root.name)?;
        let place = match outer.kind {
            "structure[]" => "items",
            // It may be anything else, too.
            _ if outer.of == "content" => "anyOf/0",
            _ => "allOf/0",
        };
        let link = file.pointer(&format!("/properties/{}/{place}/$ref", outer.name)).and_then(|link| link.as_str());
        let holder = link.and_then(|link| link.split_once('#')).map(|(_, holder)| holder);
        let Some(found) = holder.and_then(|at| definitions.pointer(&format!("{at}/properties/{}", case.row.name)))
        else {
            return Some(format!("is not found behind {link:?}"));
        };
        let marked = found.get("readOnly").is_some();
        (marked == case.row.constraints[3]).then(|| format!("is marked: {marked}"))
    });
}

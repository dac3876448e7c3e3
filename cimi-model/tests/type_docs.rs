//! The documentation of each type that is generated from its table.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cimi_model::meta::{Lifecycle, Role, State, Transition};
use cimi_model::schema::type_docs;
use cimi_model::{Registry, Volume};

fn folder(of: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(of)
}

fn generated() -> BTreeMap<String, String> {
    let docs = type_docs(&Registry::standard());
    let count = docs.len();
    let docs: BTreeMap<String, String> = docs.into_iter().collect();
    assert_eq!(docs.len(), count, "two types have one name");
    docs
}

#[test]
fn the_files_are_those_of_the_tables() {
    let generated = generated();
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for entry in std::fs::read_dir(folder("docs/types")).expect("docs/types") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        files.insert(name, std::fs::read_to_string(&path).expect("a text"));
    }
    let stale: Vec<&String> = generated.keys().filter(|name| files.get(*name) != generated.get(*name)).collect();
    let left: Vec<&String> = files.keys().filter(|name| !generated.contains_key(*name)).collect();
    assert!(
        stale.is_empty() && left.is_empty(),
        "stale: {stale:?}, of no type: {left:?}; write them with \
         cargo run --release --example schema -- --format docs --out cimi-model/docs/types"
    );
}

#[test]
fn every_type_shows_its_file() {
    // Types are made by macros that include the file of their name, and by nothing else.
    let mut sources = String::new();
    for entry in std::fs::read_dir(folder("src/resources")).expect("src/resources") {
        let path = entry.expect("an entry").path();
        let source = std::fs::read_to_string(&path).expect("a text");
        if path.ends_with("documented.rs") {
            assert_eq!(source.matches("\"/docs/types/\", stringify!($name), \".md\"").count(), 2);
            continue;
        }
        sources.push_str(&source);
        for public in ["crate::record", "crate::resource!", "crate::{record", "cimi_model::"] {
            assert!(!source.contains(public), "{} uses {public}", path.display());
        }
        let imports = source.lines().filter(|line| line.starts_with("use ")).collect::<String>();
        for made in ["record", "resource"] {
            let calls = source.contains(&format!("\n{made}! {{")) || source.contains(&format!(" {made}! {{"));
            let documented = imports.contains("documented::") && imports.contains(made);
            assert!(!calls || documented, "{}: {made}! is not the documented one", path.display());
        }
    }
    for found in Registry::standard().types() {
        if found.role != Role::Collection {
            assert!(
                sources.contains(&format!("pub {} =", found.rust_name)),
                "{} is defined elsewhere",
                found.rust_name
            );
        }
    }
    let collection = std::fs::read_to_string(folder("src/value/collection.rs")).expect("a text");
    assert!(collection.contains("include_str!(\"../../docs/types/Collection.md\")"));
}

#[test]
fn each_has_its_table_clause_and_example() {
    let docs = generated();
    let all = Registry::standard().types();
    for found in &all {
        let text = docs.get(found.rust_name).unwrap_or_else(|| panic!("{} has no documentation", found.rust_name));
        assert!(text.contains("# Example\n\n```\nuse cimi_model::"), "{} has no example", found.rust_name);
        assert!(text.contains(found.name) || found.role == Role::Keys, "{}", found.name);
        if found.role == Role::Collection {
            continue;
        }
        assert!(text.contains(&format!("{}.", found.clause)), "{} has no clause", found.rust_name);
        for attribute in found.attributes {
            let row = text.lines().find(|line| line.starts_with(&format!("| `{}`", attribute.name)));
            let row = row.unwrap_or_else(|| panic!("{}.{} has no row", found.rust_name, attribute.name));
            for part in [attribute.unit, attribute.v1_name].into_iter().flatten() {
                assert!(row.contains(part), "{row} lacks {part}");
            }
            assert_eq!(
                row.contains("provider mandatory") || row.contains("mandatory for both"),
                attribute.constraints.provider_mandatory,
                "{row}"
            );
            assert_eq!(row.contains("immutable"), !attribute.constraints.mutable, "{row}");
            assert_eq!(row.matches('|').count(), 5, "{row}");
        }
        for operation in found.operations.iter().chain(found.operations_if.iter().flat_map(|more| more.operations)) {
            assert!(text.contains("# Operations") && text.contains(&format!("`{operation}`")), "{operation}");
        }
        assert_eq!(text.contains("# States"), found.lifecycle.is_some());
    }
    assert!(docs.len() > 70, "{}", docs.len());
}

#[test]
fn what_is_generated_is_not_said_by_the_tables() {
    for found in Registry::standard().types() {
        assert!(!found.doc.contains("# Attributes") && !found.doc.contains("# Example"), "{}", found.name);
    }
}

static STATES: Lifecycle = Lifecycle::new(
    &[State::lasting("OPEN"), State::transient("SHUTTING"), State::lasting("SHUT")],
    &[
        Transition::new("shut", &["OPEN"]).via("SHUTTING").to("SHUT").capability("Shutting"),
        Transition::new("knock", &["SHUT"]),
    ],
)
.initial("SHUT");

cimi_model::resource! {
    /// A door.
    #[doc = include_str!("data/attributes.tsv")]
    pub Door = "Door" [namespace("http://example.com/doors"), clause("chapter 7"), lifecycle(&STATES), operations(&["shut"])] {
        /// What is behind it.
        volume: Option<cimi_model::Ref<Volume>> = "volume" [child, v2_only],
        /// Its keys | by number.
        keys: Vec<String> = "keys" [item("key"), v1_name("oldKeys"), unit("a|b")],
    }
}

#[test]
fn a_provider_gets_the_same() {
    let docs = type_docs(&Registry::standard().with::<Door>());
    let (_, text) = docs.iter().find(|(name, _)| name == "Door").expect("the door");
    for expected in [
        "Type URI `http://example.com/doors/Door`. Defined in chapter 7.\n",
        "| `volume` | ref to [`Volume`](crate::Volume), child components | 2.0 | provider mandatory, writable |\n",
        "| `keys`, in 1.x `oldKeys` | array of string, in a\\|b | both | provider mandatory, writable |\n",
        "Besides reading: `shut`.\n",
        "Lasting: `OPEN`, `SHUT`.\nTransient: `SHUTTING`.\n",
        "A new resource is brought into `SHUT` where nothing else is asked for.\n",
        "| `shut` | `OPEN` | `SHUTTING` | `SHUT` | with the capability `Shutting` |\n",
        "| `knock` | `SHUT` | – | the state before |  |\n",
        "# Example\n\n```json\n{\n  \"resourceURI\": \"http://example.com/doors/Door\",",
    ] {
        assert!(text.contains(expected), "no {expected} in\n{text}");
    }
    assert!(Door::default().name.is_none());
}

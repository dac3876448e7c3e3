//! The part of each Rust type's documentation that follows from its table, as Markdown for rustdoc.

use super::catalog::{Catalog, Listed};
use super::{sample, words};
use crate::meta::{Attribute, Lifecycle, Role, Type, Versions};
use crate::{Dialect, Registry, WriteOptions, json};

/// The documentation of each type of a registry beyond what its author wrote: name of the Rust type and Markdown.
///
/// It has the names of the type, the table of attributes, operations, states and an example, which is a program for
/// the types of the standard. All collections are in one document. Put each into a file `NAME.md` and
/// include it after the type's own words, as the types of this crate do:
///
/// ```
/// cimi_model::resource! {
///     /// A rack.
///     #[doc = include_str!("Rack.md")]
///     pub Rack = "Rack" [namespace("http://example.com/racks")] {}
/// }
/// let registry = cimi_model::Registry::standard().with::<Rack>();
/// let docs = cimi_model::schema::type_docs(&registry);
/// assert!(docs.iter().any(|(name, text)| name == "Rack" && text.contains("# Attributes")));
/// ```
#[must_use]
pub fn type_docs(registry: &Registry) -> Vec<(String, String)> {
    let catalog = Catalog::new(registry);
    let single = catalog.types.iter().filter(|listed| listed.record_type.role != Role::Collection);
    let mut docs: Vec<(String, String)> =
        single.map(|listed| (listed.record_type.rust_name.to_owned(), type_doc(&catalog, listed))).collect();
    if let Some(text) = collections(&catalog) {
        docs.push(("Collection".to_owned(), text));
    }
    docs
}

fn type_doc(catalog: &Catalog, listed: &Listed) -> String {
    let record_type = listed.record_type;
    let parts = [
        names(catalog, record_type),
        attributes(record_type),
        operations(record_type),
        record_type.lifecycle.map_or_else(String::new, states),
        example(listed),
    ];
    join(&parts)
}

/// What all collections have in common, said of the first, and how each is called.
fn collections(catalog: &Catalog) -> Option<String> {
    let all: Vec<&Listed> = catalog.types.iter().filter(|listed| listed.record_type.members.is_some()).collect();
    let first = all.iter().find(|listed| listed.record_type.versions == Versions::Both).or_else(|| all.first())?;
    let rows: String = all.iter().filter_map(|listed| collection_row(listed.record_type)).collect();
    let table = format!(
        "# Names\n\n| Members | Type | Attribute with the members | Versions | Operations |\n|---|---|---|---|---|\n{rows}"
    );
    let attributes = attributes(first.record_type).replacen(
        "# Attributes\n",
        &format!(
            "# Attributes\n\nThose of a `{}`; the others differ in the attribute with the members.\n",
            first.record_type.name
        ),
        1,
    );
    Some(join(&[table, attributes, example(first)]))
}

fn collection_row(record_type: &'static Type) -> Option<String> {
    let members = record_type.members?;
    let both = |name: &str, old: Option<&str>| match old {
        Some(old) => format!("`{name}`, in 1.x `{old}`"),
        None => format!("`{name}`"),
    };
    Some(format!(
        "| {} | {} | {} | {} | {} |\n",
        link((members.item)()),
        both(record_type.name, record_type.v1_name),
        both(members.grouping, members.v1_grouping),
        versions(record_type.versions),
        codes(record_type.operations),
    ))
}

/// One empty line between parts that have something to say.
fn join(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(|part| part.trim_end()).filter(|part| !part.is_empty()).collect();
    parts.join("\n\n") + "\n"
}

fn names(catalog: &Catalog, record_type: &'static Type) -> String {
    let mut text = match record_type.role {
        Role::Keys => "The keys of a map.".to_owned(),
        Role::Structure => format!("The structure `{}`", record_type.name),
        _ => format!(
            "Type URI `{}`",
            record_type.uri(if record_type.versions == Versions::V1 { Dialect::V1 } else { Dialect::V2 })
        ),
    };
    if record_type.role != Role::Keys {
        match (record_type.v1_name, record_type.versions) {
            (Some(name), _) => text.push_str(&format!(", called `{name}` in 1.x.")),
            (None, Versions::Both) => text.push('.'),
            (None, only) => text.push_str(&format!(", in {} only.", versions(only))),
        }
    }
    if let Some(clause) = words::clause(record_type) {
        text.push_str(&format!(" Defined in {clause}."));
    }
    if catalog.collection_of(record_type).is_some() {
        text.push_str(&format!(" Several are in a `Collection<{}>`.", record_type.rust_name));
    }
    text
}

fn versions(versions: Versions) -> &'static str {
    match versions {
        Versions::Both => "both",
        Versions::V1 => "1.x",
        Versions::V2 => "2.0",
    }
}

fn attributes(record_type: &'static Type) -> String {
    if record_type.attributes.is_empty() {
        return String::new();
    }
    let rows: String = record_type.attributes.iter().map(row).collect();
    format!("# Attributes\n\n| Attribute | Kind | Versions | Constraints (5.3) |\n|---|---|---|---|\n{rows}")
}

/// One row. The description stands at the field.
fn row(attribute: &Attribute) -> String {
    let name = match attribute.v1_name {
        Some(old) => format!("{}, in 1.x {}", code(attribute.name), code(old)),
        None => code(attribute.name),
    };
    let constraints = [words::mandatory(attribute.constraints)].into_iter();
    let constraints: Vec<&str> = constraints.chain(words::changes(attribute.constraints).iter().copied()).collect();
    format!("| {name} | {} | {} | {} |\n", kind(attribute), versions(attribute.versions), constraints.join(", "))
}

fn kind(attribute: &Attribute) -> String {
    let mut parts = vec![words::kind(attribute.kind, &link)];
    parts.extend(attribute.unit.map(|unit| format!("in {}", plain(unit))));
    parts.extend(words::range(attribute));
    if attribute.kind.target().is_some_and(|target| target.any) {
        parts.push("or any other value".to_owned());
    }
    if attribute.child {
        parts.push("child components".to_owned());
    }
    let mut text = parts.join(", ");
    if let Some(known) = words::values(attribute.kind) {
        text.push_str(&format!(": {}; {}", codes(known), words::openness(attribute)));
    }
    if let Some(keys) = attribute.keys {
        let of: Vec<String> = keys.of.iter().map(|(value, keys)| format!("{} {}", code(value), link(keys()))).collect();
        text.push_str(&format!(", keys by {}: {}", code(keys.by), of.join("; ")));
    }
    text
}

/// A link to a type of this crate, or the name of another.
fn link(to: &'static Type) -> String {
    match (to.namespace, to.members) {
        (None, Some(members)) => {
            let item = (members.item)().rust_name;
            format!("[`Collection<{item}>`](crate::{item})")
        }
        (None, None) => format!("[`{0}`](crate::{0})", to.rust_name),
        (Some(_), _) => code(to.name),
    }
}

fn operations(record_type: &Type) -> String {
    let mut parts = Vec::new();
    if !record_type.operations.is_empty() {
        parts.push(format!("Besides reading: {}.", codes(record_type.operations)));
    }
    for more in record_type.operations_if {
        let (attribute, begins) = (code(more.attribute), code(more.begins));
        parts.push(format!("Where {attribute} begins with {begins}: {}.", codes(more.operations)));
    }
    if parts.is_empty() { String::new() } else { format!("# Operations\n\n{}", parts.join("\n\n")) }
}

fn states(lifecycle: &Lifecycle) -> String {
    let of = |transient: bool| {
        let states = lifecycle.states.iter().filter(|state| state.transient == transient);
        states.map(|state| state.name).collect::<Vec<_>>()
    };
    let mut text = "# States\n\n".to_owned();
    for (word, states) in [("Lasting", of(false)), ("Transient", of(true))] {
        if !states.is_empty() {
            text.push_str(&format!("{word}: {}.\n", codes(&states)));
        }
    }
    for fact in words::facts(lifecycle) {
        text.push_str(&format!("{}\n", cell(&fact)));
    }
    if lifecycle.transitions.is_empty() {
        return text;
    }
    text.push_str("\n| Action | From | Through | To | Where |\n|---|---|---|---|---|\n");
    for transition in lifecycle.transitions {
        text.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            code(transition.action),
            codes(transition.from),
            cell(&words::through(transition)),
            cell(&words::to(transition)),
            cell(&words::conditions(transition).join(", ")),
        ));
    }
    text
}

/// An example: a program that reads it strictly and takes it through XML, or the bare document of a type that is not
/// of this crate.
fn example(listed: &Listed) -> String {
    let Some(text) = example_text(listed) else { return String::new() };
    let record_type = listed.record_type;
    if record_type.namespace.is_some() {
        return format!("# Example\n\n```json\n{text}\n```");
    }
    let (imports, type_name) = match record_type.members {
        Some(members) => {
            let item = (members.item)().rust_name;
            (format!("Collection, {item}"), format!("Collection<{item}>"))
        }
        None => (record_type.rust_name.to_owned(), record_type.rust_name.to_owned()),
    };
    let dialect = if record_type.versions == Versions::V1 { "V1" } else { "V2" };
    format!(
        "# Example\n\n```\nuse cimi_model::{{json, xml, {imports}, Dialect, ReadOptions}};\n\n\
         let text = r##\"{text}\"##;\n\
         let value: {type_name} = json::from_slice(text.as_bytes(), &ReadOptions::strict())?.value;\n\
         let text = xml::to_string(&value, Dialect::{dialect}.into())?;\n\
         assert_eq!(xml::from_slice::<{type_name}>(text.as_bytes(), &ReadOptions::strict())?.value, value);\n\
         # Ok::<(), cimi_model::Error>(())\n```"
    )
}

fn example_text(listed: &Listed) -> Option<String> {
    let dialect = listed.record_type.written_in(Dialect::V2);
    if listed.record_type.role == Role::Keys {
        return serde_json::to_string_pretty(&sample::keys(listed.record_type, dialect)).ok();
    }
    let mut record = listed.empty()?;
    sample::fill(&mut *record, dialect);
    json::to_string(&*record, WriteOptions { dialect, pretty: true }).ok()
}

fn codes(texts: &[&str]) -> String {
    texts.iter().map(|text| code(text)).collect::<Vec<_>>().join(", ")
}

/// Code in the cell of a table: a bar would end the cell, and a backtick the code.
fn code(text: &str) -> String {
    if text.contains('`') { plain(text) } else { format!("`{}`", text.replace('|', "\\|")) }
}

/// Words with code between backticks in the cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Text in the cell of a table, with what Markdown would take for its own.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&') {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

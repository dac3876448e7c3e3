//! The attribute tables against the standard's, and against themselves.
//!
//! `data/attributes.tsv` has one row for each attribute of each type: those of 2.0 from the tables of DSP0263 2.0.0,
//! those of 1.x from the official schema. `versions` is `1`, `2` or `both`; `v1_name` is the name in 1.x where it
//! differs, and after a slash the item element; `constraints` are the four of clause 5.3 in order, `T` or `F`; `closed` says
//! whether there are no other values than those listed; `range` has the least and the greatest value. `more` has words:
//! `@` an XML attribute, `#` the content of the element, `unwrapped` a `ref[]` without wrapper in 2.0, `dialect` a URI of
//! the standard's namespace, `secret`, `child` components, `flat` a reference that 1.x writes into its structure,
//! `retyped` a collection with members of another type in 1.x, `inline` without `href` in 1.x, `v1text` a plain text
//! in 1.x, `alias=` another spelling that is read.

#![allow(unreachable_pub, clippy::indexing_slicing, clippy::expect_used, reason = "a test may panic")]

#[path = "support/facts.rs"]
mod facts;

use std::collections::{BTreeMap, BTreeSet};

use cimi_model::Dialect;
use cimi_model::meta::{Attribute, Constraints, Kind, Role, Type, Versions, XmlForm};
use cimi_model::registry::Registry;

/// The kind as the data spells it.
fn spell(kind: Kind) -> String {
    let name = |found: &Type| if found.name == "Resource" { "any".to_owned() } else { found.name.to_owned() };
    match kind {
        Kind::String | Kind::Enumeration(_) => "string".into(),
        Kind::Integer => "integer".into(),
        Kind::Boolean => "boolean".into(),
        Kind::Uri => "uri".into(),
        Kind::DateTime => "dateTime".into(),
        Kind::Duration => "duration".into(),
        Kind::Binary => "bytes".into(),
        Kind::Map => "map".into(),
        Kind::Any => "any".into(),
        Kind::Structure(described) => format!("structure {}", described().name),
        Kind::Ref(described) => match described().members {
            Some(members) => format!("collection {}", name((members.item)())),
            None => format!("ref {}", name(described())),
        },
        Kind::Array(item) => {
            let item = spell(*item);
            match item.split_once(' ') {
                Some((kind, of)) => format!("{kind}[] {of}"),
                None => format!("{item}[]"),
            }
        }
        other => format!("{other:?}"),
    }
}

/// The rows of `data/attributes.tsv`, without the header.
fn rows() -> Vec<Vec<&'static str>> {
    include_str!("data/attributes.tsv").lines().skip(1).map(|line| line.split('\t').collect()).collect()
}

fn report(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

/// The type of the data's name; a structure whose name is not unique stands after its owner and a dot.
fn named(types: &[&'static Type], name: &str) -> Option<&'static Type> {
    let exact = types.iter().copied().find(|found| found.name == name && found.role != Role::Collection);
    match name.split_once('.') {
        Some((owner, item)) if exact.is_none() => {
            let owner = named(types, owner)?;
            owner
                .attributes
                .iter()
                .find(|attribute| attribute.item == item)
                .and_then(|attribute| attribute.kind.target())
        }
        _ => exact,
    }
}

#[test]
fn every_attribute_is_that_of_the_standard() {
    let types = Registry::standard().types();
    let known: BTreeSet<&str> = types.iter().map(|found| found.name).collect();
    let mut problems = Vec::new();
    let mut rows_of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in rows() {
        let [type_name, name, versions, kind, item, v1_name, unit, values, constraints, closed, range, more] = row[..]
        else {
            problems.push(format!("{row:?} has not twelve fields"));
            continue;
        };
        if !rows_of.entry(type_name).or_default().insert(name) {
            problems.push(format!("{type_name}.{name} is twice in the data"));
        }
        let Some(found) = named(&types, type_name) else {
            problems.push(format!("{type_name} is not in the model"));
            continue;
        };
        let Some(attribute) = found.attributes.iter().find(|attribute| attribute.name == name) else {
            problems.push(format!("{type_name}.{name} is not in the model"));
            continue;
        };
        let mut check = |what: &str, expected: &str, actual: &str| {
            if expected != actual {
                problems.push(format!("{type_name}.{name}: {what} is {actual}, not {expected}"));
            }
        };
        check("versions", versions, spell_versions(found, attribute));
        check("kind", &kind_in_model(kind, attribute, &known), &spell(attribute.kind));
        check("item", item, if has_items(attribute) { attribute.item } else { "-" });
        check("v1_name", v1_name, &spell_v1_name(attribute));
        check("unit", unit, attribute.unit.unwrap_or("-"));
        check("constraints", constraints, &spell_constraints(attribute.constraints));
        check("closed", closed, if attribute.closed { "T" } else { "-" });
        check("range", range, &spell_range(attribute.range));
        check("more", more, &spell_more(attribute));
        let actual = match attribute.kind {
            Kind::Enumeration(values) => values.to_vec(),
            _ => Vec::new(),
        };
        for value in values.split('|').filter(|&value| value != "-" && !actual.contains(&value)) {
            problems.push(format!("{type_name}.{name}: {value} is not among its values"));
        }
        // Initial states are some of the states.
        if values != "-" && name != "initialState" && values.split('|').count() != actual.len() {
            problems.push(format!("{type_name}.{name}: has other values: {actual:?}"));
        }
    }
    for (type_name, names) in &rows_of {
        let Some(found) = named(&types, type_name) else { continue };
        for attribute in found.attributes.iter().filter(|attribute| !names.contains(attribute.name)) {
            problems.push(format!("{type_name}.{} is not in the standard", attribute.name));
        }
    }
    report(&problems);
}

/// The kind that is expected: a reference to a type that has no table leads to any resource.
fn kind_in_model(kind: &str, attribute: &Attribute, known: &BTreeSet<&str>) -> String {
    let Some((form, of)) = kind.split_once(' ') else { return kind.to_owned() };
    let of = of.rsplit('.').next().unwrap_or(of);
    let untyped = !known.contains(of) && attribute.kind.target().is_some_and(|target| target.name == "Resource");
    if untyped { format!("{} any", form.replace("collection", "ref")) } else { format!("{form} {of}") }
}

fn has_items(attribute: &Attribute) -> bool {
    matches!(attribute.kind, Kind::Array(_) | Kind::Map)
}

fn spell_versions(found: &Type, attribute: &Attribute) -> &'static str {
    match dialects(found, attribute)[..] {
        [] if attribute.versions == Versions::V2 => "2",
        [Dialect::V1] => "1",
        [Dialect::V2] => "2",
        _ => "both",
    }
}

fn spell_v1_name(attribute: &Attribute) -> String {
    match (attribute.v1_name, attribute.v1_item) {
        (None, None) => "-".into(),
        (Some(name), None) => name.into(),
        (name, Some(item)) => format!("{}/{item}", name.unwrap_or_default()),
    }
}

/// An end that is that of the integers themselves is left out.
fn spell_range(range: Option<(i64, i64)>) -> String {
    let end = |end: i64, none: i64| if end == none { String::new() } else { end.to_string() };
    match range {
        Some((least, most)) => format!("{}..{}", end(least, i64::MIN), end(most, i64::MAX)),
        None => "-".into(),
    }
}

/// What the last column says, in the order of its words.
fn spell_more(attribute: &Attribute) -> String {
    let v1_text = matches!(attribute.v1_kind, Some(Kind::String));
    let facts = [
        ("@", attribute.xml == XmlForm::Attribute),
        ("#", attribute.xml == XmlForm::Content),
        ("unwrapped", attribute.unwrapped),
        ("dialect", attribute.follows_dialect),
        ("secret", attribute.secret),
        ("child", attribute.child),
        ("flat", attribute.v1_flat),
        ("retyped", attribute.type_changed),
        ("inline", attribute.v1_no_href),
        ("v1text", v1_text),
    ];
    let mut words: Vec<String> =
        facts.into_iter().filter(|(_, holds)| *holds).map(|(word, _)| word.to_owned()).collect();
    words.extend(attribute.aliases.iter().map(|alias| format!("alias={alias}")));
    if words.is_empty() { "-".into() } else { words.join(" ") }
}

fn spell_constraints(constraints: Constraints) -> String {
    let Constraints { provider_mandatory, consumer_mandatory, mutable, consumer_writable } = constraints;
    let all = [provider_mandatory, consumer_mandatory, mutable, consumer_writable];
    all.map(|one| if one { 'T' } else { 'F' }).iter().collect()
}

#[test]
fn names_are_told_apart() {
    let mut problems = Vec::new();
    for found in Registry::standard().types() {
        // Readers take a name in any version, so names must be unique over both.
        let mut names = BTreeMap::new();
        for attribute in found.attributes {
            for name in
                [Some(attribute.name), attribute.v1_name].into_iter().flatten().chain(attribute.aliases.to_vec())
            {
                if let Some(other) = names.insert(name, attribute.name) {
                    problems.push(format!("{}: {name} is both {other} and {}", found.name, attribute.name));
                }
            }
        }
        // An item must not look like another attribute or its items.
        for dialect in [Dialect::V1, Dialect::V2] {
            let mut elements = BTreeMap::new();
            for attribute in found.attributes.iter().filter(|attribute| dialect.has(attribute.versions)) {
                let own =
                    [Some(attribute.name_in(dialect)), has_items(attribute).then_some(attribute.item_in(dialect))];
                for element in own.into_iter().flatten().collect::<BTreeSet<_>>() {
                    if let Some(other) = elements.insert(element, attribute.name) {
                        let own = attribute.name;
                        problems.push(format!("{} in {dialect:?}: {element} is of {other} and {own}", found.name));
                    }
                }
            }
        }
    }
    report(&problems);
}

#[test]
fn rows_make_sense() {
    let mut problems = Vec::new();
    for found in Registry::standard().types() {
        let mut check = |good: bool, what: &str| {
            if !good {
                problems.push(format!("{}: {what}", found.name));
            }
        };
        check(!found.clause.is_empty() || found.namespace.is_some(), "has no clause");
        check(found.doc.trim_end().ends_with(['.', ')']), "its description is no sentence");
        for attribute in found.attributes {
            let Attribute { name, kind, constraints, .. } = *attribute;
            let mut check = |good: bool, what: &str| check(good, &format!("{name} {what}"));
            check(constraints.mutable || !constraints.consumer_writable, "is immutable, yet a consumer may change it");
            check(attribute.doc.trim_end().ends_with('.'), "has a description that is no sentence");
            if found.role != Role::Collection {
                check(!has_items(attribute) || attribute.item != "item", "has no name for its items");
            }
            check(attribute.unit.is_none() || matches!(kind, Kind::Integer), "has a unit and is no integer");
            check(attribute.range.is_none_or(|(least, most)| least <= most), "has an empty range");
            check(attribute.range.is_none() || matches!(kind, Kind::Integer), "has a range and is no integer");
            check(
                !attribute.follows_dialect || matches!(kind, Kind::Uri | Kind::Array(&Kind::Uri)),
                "follows the dialect and is no URI",
            );
            let collection = matches!(kind, Kind::Ref(described) if described().members.is_some());
            check(!attribute.type_changed || collection, "has members of another type and is no collection");
            check(!attribute.v1_flat || matches!(kind, Kind::Ref(_)), "is flat and no reference");
            let of_v1 = attribute.v1_required || attribute.v1_single || attribute.v1_alternative.is_some();
            check(!of_v1 || Dialect::V1.has(attribute.versions), "says something of 1.x, which does not have it");
            check(!attribute.v1_single || matches!(kind, Kind::Array(_)), "is single and no array");
            check(attribute.default.is_none() || kind.target().is_none(), "has a default and is no scalar");
            check(!attribute.unwrapped || matches!(kind, Kind::Array(&Kind::Ref(_))), "is unwrapped and no ref[]");
            check(
                attribute.xml != XmlForm::Attribute || kind.target().is_none(),
                "is an XML attribute with a structure",
            );
            if has_items(attribute) {
                check(attribute.xml == XmlForm::Element, "is an XML attribute with items");
            }
            // A type of 1.x gets all common attributes, also those that only 2.0 has.
            if dialects(found, attribute).is_empty()
                && !["updated", "parent", "resourceMetadata", "operations"].contains(&name)
            {
                check(false, "is of a version that its type is not of");
            }
        }
    }
    report(&problems);
}

/// A collection of 1.x that an attribute refers to may stand in place of that of 2.0, where it is expanded.
#[test]
fn collections_of_1_x_are_variants() {
    let mut seen = 0;
    for (found, attribute) in
        Registry::standard().types().into_iter().flat_map(|found| found.attributes.iter().map(move |one| (found, one)))
    {
        let Some(collection) = attribute.v1_kind.and_then(Kind::target).filter(|_| attribute.type_changed) else {
            continue;
        };
        let variants =
            attribute.kind.target().and_then(|target| target.members).map_or(&[][..], |members| members.variants);
        let name = collection.name_in(Dialect::V1);
        assert!(variants.contains(&name), "{}.{}: {name} is not among {variants:?}", found.name, attribute.name);
        seen += 1;
    }
    assert!(seen > 5, "{seen}");
}

/// The dialects that have both the type and the attribute.
fn dialects(found: &Type, attribute: &Attribute) -> Vec<Dialect> {
    let both = |dialect: &Dialect| dialect.has(found.versions) && dialect.has(attribute.versions);
    [Dialect::V1, Dialect::V2].into_iter().filter(both).collect()
}

/// The XML of 1.x must be what the official schema describes: the same elements in the same order.
#[test]
fn order_is_that_of_the_schema() {
    let Some(rows) = facts::rows("order_is_that_of_the_schema", "cimi-1.1-elements.tsv") else { return };
    let mut schema: BTreeMap<String, Vec<(bool, String)>> = BTreeMap::new();
    for row in rows {
        let (owner, child, form) = (&row["owner"], &row["child"], &row["xml_form"]);
        let is_attribute = form == "attribute";
        if child.starts_with('(') || !(is_attribute || form == "element") || child == "href" && is_attribute {
            continue;
        }
        let children = schema.entry(owner.clone()).or_default();
        let child = (is_attribute, child.clone());
        if !children.contains(&child) {
            children.push(child);
        }
    }
    let mut problems = Vec::new();
    let mut compared = BTreeSet::new();
    for found in Registry::standard().types() {
        let owner = match found.name {
            "componentDescriptor" => "SystemTemplateElements/componentDescriptor",
            "disk" => "MachineConfigurationElements/disk",
            "volume" => "MachineTemplateElements/volume",
            "volumeTemplate" => "MachineTemplateElements/volumeTemplate",
            _ => found.v1_structure.unwrap_or_else(|| found.name_in(Dialect::V1)),
        };
        if found.role == Role::Collection || !Dialect::V1.has(found.versions) {
            continue;
        }
        let Some(children) = schema.get(owner) else {
            if found.role != Role::Structure && found.name != "Resource" {
                problems.push(format!("{} is not in the schema", found.name));
            }
            continue;
        };
        let flat = found.attributes.iter().any(|attribute| attribute.v1_flat);
        let expected: Vec<&str> = elements_first(children.iter().filter(|(is_attribute, _)| *is_attribute || !flat))
            .map(|(_, child)| child.as_str())
            .collect();
        let own: Vec<(bool, &str)> = found
            .attributes
            .iter()
            .filter(|attribute| Dialect::V1.has(attribute.versions) && !attribute.v1_flat)
            .map(|attribute| {
                let items = has_items(attribute);
                let name = if items { attribute.item_in(Dialect::V1) } else { attribute.name_in(Dialect::V1) };
                (attribute.xml == XmlForm::Attribute, name)
            })
            .collect();
        let actual: Vec<&str> = elements_first(own.iter()).map(|(_, name)| *name).collect();
        compared.insert(found.name);
        if expected != actual {
            problems.push(format!("{}:\n  schema {expected:?}\n  model  {actual:?}", found.name));
        }
    }
    report(&problems);
    assert!(compared.contains("Machine") && compared.contains("volumeTemplate"), "{compared:?}");
    println!("compared {} types", compared.len());
}

/// Elements have an order, XML attributes have none.
fn elements_first<'a, T: 'a>(
    children: impl Iterator<Item = &'a (bool, T)> + Clone,
) -> impl Iterator<Item = &'a (bool, T)> {
    children.clone().filter(|child| !child.0).chain(children.filter(|child| child.0))
}

//! The tables as one JSON document.

use super::to_text;
use super::words::plain;
use crate::any::Any;
use crate::meta::{Attribute, Constraints, Dependence, Kind, Lifecycle, Role, Type, Versions, XmlForm};
use crate::object::Object;
use crate::{Dialect, Registry};

/// The tables as one JSON document, from which generators of other kinds can be fed.
///
/// What does not apply is absent; whoever reads it must expect further members. `null` stands nowhere.
///
/// ```text
/// { "standard": "DSP0263",
///   "namespaces": { "1": "http://schemas.dmtf.org/cimi/1", "2": "http://schemas.dmtf.org/cimi/2" },
///   "types": [ {
///     "name": "Machine",                  unique among types with a URI; structures are named after their element
///     "v1Name": string,                   the name in 1.x where it differs
///     "role": "resource" | "collection" | "create" | "structure" | "keys",
///     "clause": "5.14.1",                 of DSP0263
///     "doc": string,
///     "versions": [ "1", "2" ],           the versions that have it
///     "namespace": URI,                   of a type that is not of the standard
///     "uris": { "1": URI, "2": URI },     the type URI in each version; structures and keys have none
///     "members": { "type", "grouping", "v1Grouping" },       of a collection
///     "operations": [ string ],           besides reading
///     "operationsIf": [ { "attribute", "begins": string, "operations": [ string ] } ],   of these, what only some have
///     "lifecycle": {
///       "initial": state,
///       "states": [ { "name": string, "transient": boolean, "doc": string } ],
///       "transitions": [ {                see `cimi_model::meta::Transition`
///         "action": string, "from": [ state ], "via": state, "then": state, "optional": true, "to": state,
///         "chosen": true, "forced": true, "capability": string, "otherImages": string, "needs": string } ],
///       "changes": [ { "from": state, "to": [ state ] } ],    that it goes through by itself
///       "reaches": [ attribute ],         with the components that actions reach as well
///       "passesOn": true,                 only actions that come from a resource of which this is a component
///       "derived": true },                the state follows from those of the components
///     "sensitive": true,                  unknown attributes may be secrets
///     "any": true,                        what the standard names; any value may stand in place of this structure
///     "attributes": [ {                   in the order in which they are written
///       "name": string, "v1Name": string,
///       "aliases": [ string ],            spellings that are read and never written
///       "kind": "string" | "integer" | "boolean" | "URI" | "dateTime" | "duration" | "byte[]" | "enumeration"
///             | "ref" | "map" | "structure" | "array" | "any",
///       "type": name,                     of a ref or structure: the type
///       "typeIndex": number,              the place of that type in `types`: names of structures are not unique
///       "values": [ string ],             of an enumeration
///       "open": boolean,                  whether other values are allowed
///       "items": { "kind", "type", … },   of an array: the same members for one item
///       "doc": string,
///       "versions": [ "1", "2" ],
///       "constraints": { "providerMandatory", "consumerMandatory", "mutable", "consumerWritable": boolean },   5.3
///       "omittedWhenEmpty": boolean,      5.5.15
///       "unit": string,
///       "range": { "minimum", "maximum": integer },
///       "child": true,                    what is referred to is deleted with the resource (5.10.2)
///       "deletedWithTarget": "always" | "accessory" | URI of the capability that decides,
///       "valueScopes": true,              an array of valueScope (5.5.14)
///       "keys": { "by": attribute, "of": [ { "prefix": string, "type": name, "typeIndex" } ] },   of a map
///       "stringValues": boolean,          of a map: whether its values are strings
///       "secret": true,
///       "followsDialect": true,           a URI of the namespace of the standard, spelled as the version has it
///       "typeChanged": true,              the members of the collection referred to are of another type in 1.x
///       "v1Flat": "href" | "target",      1.x writes the reference straight into the structure
///       "v1NoHref": true,                 1.x has the value inline only
///       "xml": {
///         "form": "element" | "attribute" | "content",
///         "item": string, "v1Item": string,   the element of one item; absent where it is named after its type
///         "wrapped": { "1": boolean, "2": boolean } } } ] } ] }   of an array or map
/// ```
#[must_use]
pub fn model(registry: &Registry) -> String {
    to_text(&model_value(registry))
}

fn model_value(registry: &Registry) -> Any {
    let all = registry.types();
    let mut document = Object::new();
    document.insert("standard", "DSP0263");
    let namespaces = DIALECTS.map(|(dialect, version)| (version, dialect.namespace()));
    document.insert("namespaces", namespaces.into_iter().collect::<Any>());
    document.insert("types", Any::Array(all.iter().map(|found| describe(found, &all)).collect()));
    Any::Object(document)
}

/// The names of the versions as values of members.
const DIALECTS: [(Dialect, &str); 2] = [(Dialect::V1, "1"), (Dialect::V2, "2")];

fn describe(record_type: &Type, all: &[&'static Type]) -> Any {
    let mut out = Object::new();
    out.insert("name", record_type.name);
    put(&mut out, "v1Name", record_type.v1_name);
    out.insert("role", role(record_type.role));
    put(&mut out, "clause", Some(record_type.clause).filter(|clause| !clause.is_empty()));
    out.insert("doc", plain(record_type.doc));
    out.insert("versions", versions(record_type.versions));
    put(&mut out, "namespace", record_type.namespace);
    if record_type.role.has_uri() {
        let has = DIALECTS.into_iter().filter(|(dialect, _)| dialect.has(record_type.versions));
        out.insert("uris", has.map(|(dialect, version)| (version, record_type.uri(dialect))).collect::<Any>());
    }
    if let Some(members) = record_type.members {
        let mut names = Object::new();
        names.insert("type", (members.item)().name);
        names.insert("grouping", members.grouping);
        put(&mut names, "v1Grouping", members.v1_grouping);
        out.insert("members", Any::Object(names));
    }
    if !record_type.operations.is_empty() {
        out.insert("operations", strings(record_type.operations));
    }
    if !record_type.operations_if.is_empty() {
        let only = record_type.operations_if.iter().map(|some| {
            let mut out = Object::new();
            out.insert("attribute", some.attribute);
            out.insert("begins", some.begins);
            out.insert("operations", strings(some.operations));
            Any::Object(out)
        });
        out.insert("operationsIf", Any::Array(only.collect()));
    }
    if let Some(states) = record_type.lifecycle {
        out.insert("lifecycle", lifecycle(states));
    }
    flag(&mut out, "sensitive", record_type.sensitive);
    flag(&mut out, "any", record_type.any);
    let attributes = record_type.attributes.iter().map(|attribute| row(attribute, all));
    out.insert("attributes", Any::Array(attributes.collect()));
    Any::Object(out)
}

fn lifecycle(states: &Lifecycle) -> Any {
    let mut out = Object::new();
    put(&mut out, "initial", states.initial);
    let list = states.states.iter().map(|state| {
        let mut out = Object::new();
        out.insert("name", state.name);
        out.insert("transient", state.transient);
        put(&mut out, "doc", Some(plain(state.doc).as_str()).filter(|doc| !doc.is_empty()));
        Any::Object(out)
    });
    out.insert("states", Any::Array(list.collect()));
    let transitions = states.transitions.iter().map(|transition| {
        let mut out = Object::new();
        out.insert("action", transition.action);
        out.insert("from", strings(transition.from));
        put(&mut out, "via", transition.via);
        put(&mut out, "then", transition.then);
        flag(&mut out, "optional", transition.optional);
        put(&mut out, "to", transition.to);
        flag(&mut out, "chosen", transition.chosen);
        flag(&mut out, "forced", transition.forced);
        put(&mut out, "capability", transition.capability);
        put(&mut out, "otherImages", transition.other_images);
        put(&mut out, "needs", transition.needs);
        Any::Object(out)
    });
    out.insert("transitions", Any::Array(transitions.collect()));
    let changes = states.changes.iter().map(|(from, to)| {
        let members = [("from", Any::from(*from)), ("to", strings(to))];
        members.into_iter().collect()
    });
    out.insert("changes", Any::Array(changes.collect()));
    if !states.reaches.is_empty() {
        out.insert("reaches", strings(states.reaches));
    }
    flag(&mut out, "passesOn", states.passes_on);
    flag(&mut out, "derived", states.derived);
    Any::Object(out)
}

fn row(attribute: &Attribute, all: &[&'static Type]) -> Any {
    let mut out = Object::new();
    out.insert("name", attribute.name);
    put(&mut out, "v1Name", attribute.v1_name);
    if !attribute.aliases.is_empty() {
        out.insert("aliases", strings(attribute.aliases));
    }
    kind(&mut out, attribute, attribute.kind, all);
    out.insert("doc", plain(attribute.doc));
    out.insert("versions", versions(attribute.versions));
    out.insert("constraints", constraints(attribute.constraints));
    out.insert("omittedWhenEmpty", attribute.kind.can_be_empty());
    put(&mut out, "unit", attribute.unit);
    if let Some((minimum, maximum)) = attribute.range {
        out.insert("range", [("minimum", minimum), ("maximum", maximum)].into_iter().collect::<Any>());
    }
    flag(&mut out, "child", attribute.child);
    put(&mut out, "deletedWithTarget", attribute.dependence.map(dependence));
    flag(&mut out, "valueScopes", attribute.value_scopes);
    if let Some(keys) = attribute.keys {
        let of = keys.of.iter().map(|(prefix, keys)| {
            let mut out = Object::new();
            out.insert("prefix", *prefix);
            refer(&mut out, keys(), all);
            Any::Object(out)
        });
        let of = Any::Array(of.collect());
        out.insert("keys", [("by", Any::from(keys.by)), ("of", of)].into_iter().collect::<Any>());
    }
    if matches!(attribute.kind, Kind::Map) {
        out.insert("stringValues", attribute.holds_strings());
    }
    flag(&mut out, "secret", attribute.secret);
    flag(&mut out, "followsDialect", attribute.follows_dialect);
    flag(&mut out, "typeChanged", attribute.type_changed);
    if attribute.v1_flat {
        out.insert("v1Flat", if attribute.v1_flat_target { "target" } else { "href" });
    }
    flag(&mut out, "v1NoHref", attribute.v1_no_href);
    out.insert("xml", xml(attribute));
    Any::Object(out)
}

fn dependence(dependence: Dependence) -> &'static str {
    match dependence {
        Dependence::Always => "always",
        Dependence::Accessory => "accessory",
        Dependence::Capability(capability) => capability,
    }
}

/// The kind of an attribute, or of one item of its array.
fn kind(out: &mut Object, attribute: &Attribute, of: Kind, all: &[&'static Type]) {
    out.insert("kind", if matches!(of, Kind::Enumeration(_)) { "enumeration" } else { of.name() });
    match of {
        Kind::Ref(target) | Kind::Structure(target) => refer(out, target(), all),
        Kind::Enumeration(values) => {
            out.insert("values", strings(values));
            out.insert("open", !attribute.closed);
        }
        Kind::Array(item) => {
            let mut items = Object::new();
            kind(&mut items, attribute, *item, all);
            out.insert("items", Any::Object(items));
        }
        _ => {}
    }
}

fn refer(out: &mut Object, to: &'static Type, all: &[&'static Type]) {
    out.insert("type", to.name);
    if let Some(index) = all.iter().position(|found| found.is_same(to)) {
        out.insert("typeIndex", i64::try_from(index).unwrap_or(i64::MAX));
    }
}

fn xml(attribute: &Attribute) -> Any {
    let mut out = Object::new();
    let form = match attribute.xml {
        XmlForm::Element => "element",
        XmlForm::Attribute => "attribute",
        XmlForm::Content => "content",
    };
    out.insert("form", form);
    if matches!(attribute.kind, Kind::Array(_) | Kind::Map) {
        put(&mut out, "item", Some(attribute.item).filter(|item| !item.is_empty()));
        put(&mut out, "v1Item", attribute.v1_item);
        let wrapped = [("1", false), ("2", !attribute.unwrapped)];
        out.insert("wrapped", wrapped.into_iter().collect::<Any>());
    }
    Any::Object(out)
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Resource => "resource",
        Role::Collection => "collection",
        Role::Create => "create",
        Role::Structure => "structure",
        Role::Keys => "keys",
    }
}

fn versions(versions: Versions) -> Any {
    let has = DIALECTS.into_iter().filter(|(dialect, _)| dialect.has(versions));
    Any::Array(has.map(|(_, version)| Any::from(version)).collect())
}

fn constraints(constraints: Constraints) -> Any {
    let Constraints { provider_mandatory, consumer_mandatory, mutable, consumer_writable } = constraints;
    let members = [
        ("providerMandatory", provider_mandatory),
        ("consumerMandatory", consumer_mandatory),
        ("mutable", mutable),
        ("consumerWritable", consumer_writable),
    ];
    members.into_iter().collect()
}

fn strings(values: &[&str]) -> Any {
    Any::Array(values.iter().map(|value| Any::from(*value)).collect())
}

fn put(out: &mut Object, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        out.insert(name, value);
    }
}

fn flag(out: &mut Object, name: &str, value: bool) {
    if value {
        out.insert(name, true);
    }
}

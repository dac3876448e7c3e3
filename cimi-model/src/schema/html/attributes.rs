//! The attributes of a type as a table.

use super::text::{anchor, description, escape};
use super::{version_class, version_pill, wire};
use crate::Dialect;
use crate::meta::{Attribute, Constraints, Type};
use crate::schema::catalog::{Catalog, Listed, is_common};
use crate::schema::words;

/// The attributes: the type's own first, then those that every resource has.
pub(super) fn table(catalog: &Catalog, listed: &Listed) -> String {
    let record_type = listed.record_type;
    let (common, own): (Vec<_>, Vec<_>) =
        record_type.attributes.iter().partition(|attribute| is_common(record_type, attribute));
    let rows = |attributes: &[&'static Attribute]| -> String {
        attributes.iter().map(|attribute| row(catalog, listed, attribute)).collect()
    };
    let mut out = String::new();
    if !own.is_empty() {
        out.push_str(&format!("<h4>Attributes</h4>\n{}", in_table(&rows(&own), &listed.id, "Attributes")));
    }
    if !common.is_empty() {
        let count = common.len();
        let summary = format!("<summary><h4>Common attributes</h4> <span class=\"n\">{count}</span></summary>");
        let table = in_table(&rows(&common), &listed.id, "Common attributes");
        out.push_str(&format!("<details class=\"common\">{summary}\n{table}</details>\n"));
    }
    out
}

fn in_table(rows: &str, of: &str, what: &str) -> String {
    format!(
        "<div class=\"wide\"><table class=\"attributes\"><caption class=\"vh\">{what} of {}</caption>\
         <thead><tr><th scope=\"col\">Name</th><th scope=\"col\">Type</th><th scope=\"col\">Constraints</th>\
         <th scope=\"col\">Description</th></tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n",
        escape(of)
    )
}

fn row(catalog: &Catalog, listed: &Listed, attribute: &'static Attribute) -> String {
    let id = format!("{}.{}", anchor(&listed.id), anchor(attribute.name));
    // What the whole type says need not be said again.
    let versions = (attribute.versions != listed.record_type.versions).then_some(attribute.versions);
    let class = version_class(attribute.versions);
    let old_name = attribute
        .v1_name
        .map_or_else(String::new, |name| format!("<span class=\"old\">1.x: <code>{}</code></span>", escape(name)));
    format!(
        "<tr id=\"{id}\"{}><th scope=\"row\"><a href=\"#{id}\">{}</a>{}{old_name}</th><td class=\"k\">{}</td>\
         <td class=\"c\">{}</td><td class=\"d\">{}{}{}</td></tr>\n",
        class.map_or_else(String::new, |class| format!(" class=\"{class}\"")),
        escape(attribute.name),
        versions.map_or("", version_pill),
        kind(catalog, attribute),
        constraints(attribute.constraints),
        description(attribute.doc),
        notes(attribute),
        wire_forms(listed.record_type, attribute),
    )
}

/// The kind of value, with links, unit, range and values.
fn kind(catalog: &Catalog, attribute: &Attribute) -> String {
    let mut out = words::kind(attribute.kind, &|to| link(catalog, to));
    if let Some(unit) = attribute.unit {
        out.push_str(&format!("<span class=\"u\">{}</span>", escape(unit)));
    }
    if let Some(range) = words::range(attribute) {
        out.push_str(&format!("<span class=\"u\">{range}</span>"));
    }
    if attribute.kind.target().is_some_and(|target| target.any) {
        out.push_str("<span class=\"u\">or any other value</span>");
    }
    if let Some(keys) = attribute.keys {
        let of =
            keys.of.iter().map(|(prefix, keys)| format!("<code>{}</code> {}", escape(prefix), link(catalog, keys())));
        let of: Vec<String> = of.collect();
        out.push_str(&format!("<span class=\"u\">keys by <code>{}</code>: {}</span>", escape(keys.by), of.join("; ")));
    }
    out.push_str(&values(attribute));
    out
}

pub(super) fn link(catalog: &Catalog, to: &'static Type) -> String {
    match catalog.find(to) {
        Some(listed) => format!("<a href=\"#{}\">{}</a>", anchor(&listed.id), escape(to.name)),
        None => escape(to.name).into_owned(),
    }
}

/// The values of an enumeration, and whether there may be others.
fn values(attribute: &Attribute) -> String {
    let Some(known) = words::values(attribute.kind) else { return String::new() };
    let known: String = known.iter().map(|value| format!("<li><code>{}</code></li>", escape(value))).collect();
    let rest = words::openness(attribute);
    format!("<ul class=\"values\">{known}</ul><span class=\"u\">{rest}</span>")
}

/// The four constraints of 5.3 as words; the legend explains them.
fn constraints(constraints: Constraints) -> String {
    let class = |word: &str| match word {
        "writable" => " class=\"w\"",
        "read-only" => " class=\"r\"",
        "immutable" => " class=\"i\"",
        "optional" => "",
        _ => " class=\"m\"",
    };
    let all = [words::mandatory(constraints)].into_iter().chain(words::changes(constraints).iter().copied());
    all.map(|word| format!("<b{}>{word}</b>", class(word))).collect()
}

/// Facts that are worth a word.
fn notes(attribute: &Attribute) -> String {
    let mut notes = Vec::new();
    if attribute.child {
        notes.push("Child components: they are deleted with the resource.".to_owned());
    }
    if attribute.secret {
        notes.push("Secret: not shown in logs.".to_owned());
    }
    if attribute.follows_dialect {
        notes.push("URIs of the standard are spelled in the version of the document.".to_owned());
    }
    if attribute.type_changed {
        notes.push("In 1.x the members are of another type.".to_owned());
    }
    if attribute.v1_no_href {
        notes.push("In 1.x by value only.".to_owned());
    }
    if !attribute.aliases.is_empty() {
        let aliases = attribute.aliases.iter().map(|alias| format!("<code>{}</code>", escape(alias)));
        notes.push(format!("Also read: {}.", aliases.collect::<Vec<_>>().join(", ")));
    }
    if notes.is_empty() { String::new() } else { format!(" <span class=\"note\">{}</span>", notes.join(" ")) }
}

/// The forms in JSON and XML, that of 1.x where it differs.
fn wire_forms(owner: &Type, attribute: &Attribute) -> String {
    let forms = |class: &str, form: &dyn Fn(Dialect) -> String| {
        let line = |extra: &str, text: &str| format!("<code class=\"{class}{extra}\">{}</code>", escape(text));
        let (old, new) = (form(Dialect::V1), form(Dialect::V2));
        let both = Dialect::V1.has(attribute.versions) && Dialect::V2.has(attribute.versions);
        match (both, Dialect::V2.has(attribute.versions)) {
            (true, _) if old == new => line("", &new),
            (true, _) => line(" a2", &new) + &line(" a1", &old),
            (false, true) => line("", &new),
            (false, false) => line("", &old),
        }
    };
    let json = forms("j", &|dialect| wire::json(attribute, dialect));
    let xml = forms("x", &|dialect| wire::xml(owner, attribute, dialect));
    format!("<span class=\"wire\">{json}{xml}</span>")
}

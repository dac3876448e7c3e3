//! The model as one page to browse.

mod attributes;
mod states;
mod text;
mod wire;

use super::catalog::{Catalog, Listed};
use super::{sample, words};
use crate::meta::{Role, Type, Versions};
use crate::{Dialect, Format, Registry, WriteOptions, json, xml};

use attributes::link;
use text::{anchor, description, escape};

/// All types of a registry as one HTML page that needs nothing else: no network, no other file.
///
/// It has a section for each type (`#Machine`) and a row for each attribute (`#Machine.memory`): kinds, units, ranges,
/// values, the constraints of 5.3, versions, forms in JSON and XML, states and operations, who refers to it, and an
/// example in each format and version. The page can be searched; what it holds can be read without scripts, printed,
/// and read on a narrow screen. What comes from the tables is escaped.
///
/// ```
/// use cimi_model::{schema, Registry};
///
/// let page = schema::html(&Registry::standard());
/// assert!(page.contains(r#"id="Machine.memory""#));
/// ```
#[must_use]
pub fn html(registry: &Registry) -> String {
    let catalog = Catalog::new(registry);
    let mut main = String::new();
    for group in groups(&catalog) {
        main.push_str(&format!("<h2 class=\"group\">{}</h2>\n", escape(&group.title)));
        main.extend(group.types.iter().map(|listed| section(&catalog, listed)));
    }
    let count = catalog.types.len();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>CIMI model</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n<style>\n{}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#_content\">Skip to the types</a>\n{}{}<main id=\"_content\">\n{}{main}</main>\n\
         <script>\n{}</script>\n</body>\n</html>\n",
        include_str!("page.css"),
        HEADER,
        navigation(&catalog),
        introduction(count),
        include_str!("page.js"),
    )
}

/// The choices stand in the page's head and work without a script: the style sheet looks at what is chosen.
const HEADER: &str = include_str!("header.html");

fn introduction(count: usize) -> String {
    include_str!("introduction.html").replace("{count}", &count.to_string())
}

/// Types that belong together.
struct Group<'a> {
    title: String,
    types: Vec<&'a Listed>,
}

/// The clauses of DSP0263 that define resources.
const CLAUSES: &[(&str, &str)] = &[
    ("5.12", "Cloud entry point"),
    ("5.13", "Systems"),
    ("5.14", "Machines"),
    ("5.15", "Volumes"),
    ("5.16", "Networks"),
    ("5.17", "Jobs, meters and events"),
    ("5.11", "Metadata"),
];

/// The types by clause, then those that go with others, then a provider's own.
fn groups(catalog: &Catalog) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let order = CLAUSES.iter().map(|(_, title)| *title).chain([COMMON, OLD, CREATE, COLLECTIONS]);
    groups.extend(order.map(|title| Group { title: title.to_owned(), types: Vec::new() }));
    for listed in &catalog.types {
        let title = title_of(listed.record_type);
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.types.push(listed),
            None => groups.push(Group { title, types: vec![listed] }),
        }
    }
    groups.retain(|group| !group.types.is_empty());
    groups
}

const COMMON: &str = "Common";
const OLD: &str = "Only in 1.x";
const CREATE: &str = "Requests";
const COLLECTIONS: &str = "Collections";

fn title_of(record_type: &Type) -> String {
    let clause = CLAUSES.iter().find(|(clause, _)| {
        record_type.clause.strip_prefix(clause).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
    match (record_type.role, record_type.namespace, clause) {
        (_, Some(namespace), _) => namespace.to_owned(),
        (Role::Create, ..) => CREATE.to_owned(),
        (Role::Collection, ..) => COLLECTIONS.to_owned(),
        (_, _, Some((_, title))) => (*title).to_owned(),
        _ if record_type.versions == Versions::V1 => OLD.to_owned(),
        _ => COMMON.to_owned(),
    }
}

fn navigation(catalog: &Catalog) -> String {
    let mut out = String::from("<nav id=\"_types\" aria-label=\"Types\">\n<div id=\"_all\">\n");
    for group in groups(catalog) {
        let items: String = group.types.iter().map(|listed| item(listed)).collect();
        let open = if group.title == COLLECTIONS { "" } else { " open" };
        out.push_str(&format!(
            "<details{open}><summary>{} <span class=\"n\">{}</span></summary>\n<ul>\n{items}</ul></details>\n",
            escape(&group.title),
            group.types.len()
        ));
    }
    out.push_str("</div>\n</nav>\n");
    out
}

fn item(listed: &Listed) -> String {
    let class = version_class(listed.record_type.versions);
    format!(
        "<li{}><a href=\"#{}\">{}</a></li>\n",
        class.map_or_else(String::new, |class| format!(" class=\"{class}\"")),
        anchor(&listed.id),
        escape(listed.record_type.name)
    )
}

/// The class of what only one version has.
fn version_class(versions: Versions) -> Option<&'static str> {
    match versions {
        Versions::Both => None,
        Versions::V1 => Some("o1"),
        Versions::V2 => Some("o2"),
    }
}

fn version_pill(versions: Versions) -> &'static str {
    match versions {
        Versions::Both => "",
        Versions::V1 => "<span class=\"pill v1\">1.x only</span>",
        Versions::V2 => "<span class=\"pill v2\">2.0 only</span>",
    }
}

fn section(catalog: &Catalog, listed: &Listed) -> String {
    let record_type = listed.record_type;
    let id = anchor(&listed.id);
    let class = version_class(record_type.versions).map_or_else(String::new, |class| format!(" class=\"{class}\""));
    let states =
        record_type.lifecycle.map_or_else(String::new, |lifecycle| states::section(lifecycle, record_type.name));
    format!(
        "<section id=\"{id}\"{class} aria-labelledby=\"_h_{id}\">\n<h3 id=\"_h_{id}\"><a href=\"#{id}\">{}</a> \
         <span class=\"role\">{}</span>{}</h3>\n<p class=\"doc\">{}</p>\n{}{}{states}{}</section>\n",
        escape(record_type.name),
        role(record_type.role),
        version_pill(record_type.versions),
        description(&about(record_type)),
        facts(catalog, listed),
        attributes::table(catalog, listed),
        examples(listed),
    )
}

/// What a type is; that of a collection says whose.
fn about(record_type: &Type) -> String {
    match record_type.members {
        Some(members) => format!("A collection of `{}`.", (members.item)().name),
        None => record_type.doc.to_owned(),
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Resource => "resource",
        Role::Collection => "collection",
        Role::Create => "request",
        Role::Structure => "structure",
        Role::Keys => "keys of a map",
    }
}

/// Names and relations of a type, as a list of terms.
fn facts(catalog: &Catalog, listed: &Listed) -> String {
    let record_type = listed.record_type;
    let mut facts: Vec<(&str, String)> = Vec::new();
    let code = |text: &str| format!("<code>{}</code>", escape(text));
    if let Some(name) = record_type.v1_name {
        facts.push(("Name in 1.x", format!("<code class=\"old\">{}</code>", escape(name))));
    }
    if let Some(clause) = words::clause(record_type) {
        facts.push(("Defined in", escape(&clause).into_owned()));
    }
    if record_type.role.has_uri() {
        let uris = [(Dialect::V1, "o1"), (Dialect::V2, "o2")].into_iter().filter(|(d, _)| d.has(record_type.versions));
        let mut uris: Vec<_> = uris.map(|(dialect, class)| (record_type.uri(dialect), class)).collect();
        uris.dedup_by(|a, b| a.0 == b.0);
        let both = uris.len() > 1;
        let uri = |(uri, class): &(String, &str)| {
            if both { format!("<code class=\"uri {class}\">{}</code>", escape(uri)) } else { code(uri) }
        };
        facts.push(("Type URI", uris.iter().rev().map(uri).collect()));
    }
    if let Some(members) = record_type.members {
        facts.push(("Members", format!("{} in {}", link(catalog, (members.item)()), code(members.grouping))));
    }
    if let Some(collection) = catalog.collection_of(record_type) {
        facts.push(("Collection", link(catalog, collection.record_type)));
    }
    let codes = |names: &[&str]| names.iter().map(|name| code(name)).collect::<Vec<_>>().join(" ");
    if !record_type.operations.is_empty() {
        facts.push(("Operations", codes(record_type.operations)));
    }
    for more in record_type.operations_if {
        let (attribute, begins) = (code(more.attribute), code(more.begins));
        facts.push(("Also", format!("{} where {attribute} begins with {begins}", codes(more.operations))));
    }
    let referring = referring(catalog, listed);
    if !referring.is_empty() {
        facts.push(("Referred to by", referring));
    }
    let rows: String = facts.iter().map(|(term, text)| format!("<dt>{term}</dt><dd>{text}</dd>\n")).collect();
    format!("<dl class=\"facts\">\n{rows}</dl>\n")
}

/// How many of them are shown: operations and references to anything stand everywhere.
const MANY: usize = 40;

/// The attributes that lead to a type, as links; where the type has a collection, also those that lead to that.
fn referring(catalog: &Catalog, listed: &Listed) -> String {
    let mut found = catalog.referring(listed.record_type);
    if let Some(collection) = catalog.collection_of(listed.record_type) {
        found.extend(catalog.referring(collection.record_type));
    }
    let links = found.iter().take(MANY).map(|(from, attribute)| {
        let (from_id, name) = (anchor(&from.id), anchor(attribute.name));
        let class = version_class(attribute.versions).map_or_else(String::new, |class| format!(" class=\"{class}\""));
        format!("<a{class} href=\"#{from_id}.{name}\">{}.{}</a>", escape(&from.id), escape(attribute.name))
    });
    let mut text = links.collect::<Vec<_>>().join(" ");
    if let Some(more) = found.len().checked_sub(MANY).filter(|more| *more > 0) {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

/// An example in each format and each version that has the type.
fn examples(listed: &Listed) -> String {
    if listed.record_type.role == Role::Keys {
        let keys = sample::keys(listed.record_type, Dialect::V2);
        let text = serde_json::to_string_pretty(&keys).unwrap_or_default();
        return format!(
            "<h4>Example</h4>\n<div class=\"example\"><pre tabindex=\"0\"><code>{}</code></pre></div>\n",
            escape(&text)
        );
    }
    let mut out = String::new();
    for dialect in [Dialect::V2, Dialect::V1] {
        if !dialect.has(listed.record_type.versions) {
            continue;
        }
        let Some(mut record) = listed.empty() else { return String::new() };
        sample::fill(&mut *record, dialect);
        let options = WriteOptions { dialect, pretty: true };
        for format in [Format::Json, Format::Xml] {
            let (text, class) = match format {
                Format::Json => (json::to_string(&*record, options), "j"),
                Format::Xml => (xml::to_string(&*record, options), "x"),
            };
            let Ok(text) = text else { continue };
            let both = Dialect::V1.has(listed.record_type.versions) && Dialect::V2.has(listed.record_type.versions);
            let version = match dialect {
                Dialect::V2 if both => " a2",
                Dialect::V1 if both => " a1",
                _ => "",
            };
            out.push_str(&format!(
                "<pre class=\"{class}{version}\" tabindex=\"0\"><code>{}</code></pre>\n",
                escape(text.trim_end())
            ));
        }
    }
    format!(
        "<h4>Example <span class=\"tabs\" aria-hidden=\"true\"><label for=\"_json\">JSON</label>\
         <label for=\"_xml\">XML</label></span></h4>\n<div class=\"example\">\n{out}</div>\n"
    )
}

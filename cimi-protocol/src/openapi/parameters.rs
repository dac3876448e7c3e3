//! Parameters: the query parameters of 4.1.6, those of the path, and the provider's own.

use cimi_model::{Format, Type};
use serde_json::{Map, Value, json};

use super::{Api, Parameter, Path, Place};

/// The names of query parameters as components.
pub(super) const SELECT: &str = "select";
pub(super) const SELECT_TO_UPDATE: &str = "selectToUpdate";
pub(super) const EXPAND: &str = "expand";
pub(super) const FORMAT: &str = "format";
pub(super) const FILTER: &str = "filter";
pub(super) const ORDER_BY: &str = "orderby";
pub(super) const FIRST: &str = "first";
pub(super) const LAST: &str = "last";
pub(super) const IF_MATCH: &str = "ifMatch";
pub(super) const IF_NONE_MATCH: &str = "ifNoneMatch";

/// A link to a parameter.
pub(super) fn link(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

/// What a read takes.
pub(super) fn of_read(api: &Api, record_type: &Type) -> Vec<Value> {
    let mut names = vec![SELECT, EXPAND];
    if record_type.members.is_some() {
        names.extend([FILTER, ORDER_BY, FIRST, LAST]);
    }
    if api.formats.len() > 1 {
        names.push(FORMAT);
    }
    if api.etags {
        names.push(IF_NONE_MATCH);
    }
    names.into_iter().map(link).collect()
}

/// The variable parts of a path and the provider's own parameters.
pub(super) fn of_path(path: &Path) -> Vec<Value> {
    let variables = variables(&path.template);
    let in_path = variables.iter().map(|name| {
        let said = path.parameters.iter().find(|said| said.place == Place::Path && said.name == *name);
        said.map_or_else(|| own(&Parameter::new(Place::Path, *name, "")), own)
    });
    let others = path.parameters.iter().filter(|parameter| parameter.place != Place::Path);
    in_path.chain(others.map(own)).collect()
}

/// The names in braces, each once.
fn variables(template: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = template;
    while let Some((name, after)) = rest.split_once('{').and_then(|(_, after)| after.split_once('}')) {
        if !found.contains(&name) {
            found.push(name);
        }
        rest = after;
    }
    found
}

fn own(parameter: &Parameter) -> Value {
    let place = match parameter.place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
    };
    let required = parameter.required || parameter.place == Place::Path;
    let mut value = json!({ "name": parameter.name, "in": place, "required": required, "schema": parameter.schema });
    if let (Some(members), false) = (value.as_object_mut(), parameter.description.is_empty()) {
        members.insert("description".to_owned(), json!(parameter.description));
    }
    value
}

/// The parameters that several operations take.
pub(super) fn components(api: &Api) -> Map<String, Value> {
    let query = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "query", "description": description, "schema": schema });
    let header = |name: &str, description: &str| json!({ "name": name, "in": "header", "description": description, "schema": { "type": "string" } });
    let text = || json!({ "type": "string" });
    let matching = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    // No position is out of bounds (4.1.6.2), and none means what its absence does.
    let empty_too = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "query", "description": description, "schema": schema, "allowEmptyValue": true });
    let position = || json!({ "type": "integer" });
    let formats: Vec<&str> = api.formats.iter().map(|format| short(*format)).collect();
    let all = [
        (SELECT, query("$select", SELECTS, text())),
        (SELECT_TO_UPDATE, query("$select", SELECTS_TO_UPDATE, text())),
        (EXPAND, query("$expand", EXPANDS, text())),
        (FORMAT, empty_too("$format", FORMATS, json!({ "type": "string", "enum": formats }))),
        (FILTER, query("$filter", FILTERS, matching(&filter()))),
        (ORDER_BY, query("$orderby", ORDERS, matching(&order_by()))),
        (FIRST, empty_too("$first", FIRST_IS, position())),
        (LAST, empty_too("$last", LAST_IS, position())),
        (IF_MATCH, header("If-Match", IF_MATCHES)),
        (IF_NONE_MATCH, header("If-None-Match", IF_NONE_MATCHES)),
    ];
    all.into_iter().map(|(name, parameter)| (name.to_owned(), parameter)).collect()
}

/// A pattern of filters (4.1.6.1) in their usual form. Parentheses, times of the day and values before their attributes
/// are more than a pattern should say.
fn filter() -> String {
    const STRING: &str = r#"('[^']*'|"[^"]*")"#;
    const DATE: &str = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])";
    const OPERATOR: &str = " *(<|<=|=|>=|>|!=) *";
    let attribute = format!("[A-Za-z_][A-Za-z0-9_-]*{OPERATOR}({DATE}|[0-9]+|{STRING}|true|false)");
    let property = format!(r"property\[{STRING}\]{OPERATOR}{STRING}");
    let comparison = format!("({attribute}|{property})");
    format!("^ *{comparison}( +(and|or) +{comparison})* *$")
}

/// A pattern of what `$orderby` takes (4.1.6.6): names with commas between, each as it is or with a direction. Braces hold
/// the namespace of an extension, in which commas and colons have no meaning.
fn order_by() -> String {
    const PLAIN: &str = "[^,:{]";
    const BRACES: &str = r"\{[^}]*\}";
    const QUIET: &str = r"([^,:{]|\{[^:}]*\})*";
    let any = format!("({PLAIN}|:|{BRACES})*");
    let in_namespace = format!(r"{any}(\{{[^}}]*:[^:}}]*\}}|:[^,:{{}}]*(\}}|\{{[^:}}]*\}})){QUIET}");
    let directed = format!(r"{any}([^,{{\s]|{BRACES}){any}: *(asc|desc) *");
    let name = format!("({QUIET}|{in_namespace})");
    format!(r"^(({name}|{directed}),)*({name}(\{{[^:}}]*)?|{directed})$")
}

/// What `$format` calls a format (4.1.6.5).
fn short(format: Format) -> &'static str {
    match format {
        Format::Xml => "xml",
        _ => "json",
    }
}

const SELECTS: &str = "The attributes that are wanted, separated by commas; `*` means all, `operations` the operations. \
    Attributes that the members of a collection have and the collection has not are selected in each of the members, as \
    is `collection/attribute`. Names that mean nothing are ignored (DSP0263 4.1.6.3).";
const SELECTS_TO_UPDATE: &str = "The attributes that are changed, separated by commas (DSP0263 4.2.1.3.1).";
const EXPANDS: &str = "The references whose targets are wanted in place, separated by commas; `*` or no name means all. \
    In a collection, those of each member. Names that mean nothing are ignored (DSP0263 4.1.6.4).";
const FORMATS: &str = "The format of the answer, in place of the `Accept` header; capital letters are taken for small \
    ones (DSP0263 4.1.6.5).";
const FILTERS: &str = "Which members are wanted: comparisons of an attribute with a value, such as `state='STARTED'` or \
    `memory>=1048576`, with `and`, `or` and parentheses; `property['key']='value'` is true of members that have such a \
    property. Where it is there several times, all have to be true (DSP0263 4.1.6.1). The pattern is that of \
    plain comparisons; there may be parentheses, dates with times, and values before attributes.";
const ORDERS: &str = "The attributes that members are sorted by, separated by commas, each with `:asc` (as without it) \
    or `:desc` (DSP0263 4.1.6.6).";
const FIRST_IS: &str = "The position of the first member that is wanted, counted from 1 after filtering and sorting \
    (DSP0263 4.1.6.2).";
const LAST_IS: &str = "The position of the last member that is wanted, counted from 1 after filtering and sorting \
    (DSP0263 4.1.6.2).";
const IF_MATCHES: &str = "The `ETag` of the state that the request is meant for: in another, nothing is done \
    (DSP0263 4.1.7.2).";
const IF_NONE_MATCHES: &str = "The `ETag` of the state that is known: while it is the present one, the answer is 304 \
    without a body.";

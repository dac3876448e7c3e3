//! Prints the OpenAPI document of the example provider: `openapi [--server URL] [--dialect 1|2]`.

#[path = "provider/cloud/layout.rs"]
#[allow(dead_code, reason = "the provider needs more of it")]
mod layout;
#[path = "provider/cloud/metadata.rs"]
mod metadata;
#[path = "provider/cloud/offers.rs"]
#[allow(dead_code, reason = "the provider needs more of it")]
mod offers;

use std::io::Write;
use std::process::ExitCode;

use cimi_model::lifecycle::{self, Rules};
use cimi_model::meta::Type;
use cimi_model::reflect::Described;
use cimi_model::{Attribute, CloudEntryPoint, Dialect};
use cimi_protocol::openapi::{Api, Parameter, Path, Place, Security, to_text};
use serde_json::json;

const USAGE: &str = "usage: openapi [--server URL] [--dialect 1|2]";

struct Arguments {
    server: String,
    dialect: Dialect,
}

fn main() -> ExitCode {
    match arguments() {
        Ok(Some(arguments)) => {
            let text = to_text(&describe(&arguments).document());
            match std::io::stdout().write_all(text.as_bytes()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    eprintln!("error: {error}");
                    ExitCode::FAILURE
                }
            }
        }
        Ok(None) => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("error: {message}\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// What the command line asks for; nothing if it asks for help.
fn arguments() -> Result<Option<Arguments>, String> {
    let mut found = Arguments { server: "http://127.0.0.1:8080".to_owned(), dialect: Dialect::V2 };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        let value = |parser: &mut lexopt::Parser| {
            let value = parser.value().map_err(|error| error.to_string())?;
            value.into_string().map_err(|_| "a value is not UTF-8".to_owned())
        };
        match argument {
            lexopt::Arg::Long("server") => found.server = origin(&value(&mut parser)?),
            lexopt::Arg::Long("dialect") => {
                found.dialect = match value(&mut parser)?.as_str() {
                    "1" => Dialect::V1,
                    "2" => Dialect::V2,
                    other => return Err(format!("--dialect takes 1 or 2, not '{other}'")),
                }
            }
            lexopt::Arg::Long("help") | lexopt::Arg::Short('h') => return Ok(None),
            other => return Err(other.unexpected().to_string()),
        }
    }
    Ok(Some(found))
}

/// A URL without the path of what is served, which the URL of the entry point has.
fn origin(url: &str) -> String {
    url.find(layout::BASE).map_or(url, |end| url.get(..end).unwrap_or(url)).trim_end_matches('/').to_owned()
}

/// The provider as it is described.
fn describe(arguments: &Arguments) -> Api {
    let mut api = Api::new("Example CIMI provider", env!("CARGO_PKG_VERSION"));
    api.description = "A provider in memory, which is an example of this library.".into();
    api.license = env!("CARGO_PKG_LICENSE").into();
    api.servers = vec![arguments.server.clone()];
    api.dialect = arguments.dialect;
    api.registry = offers::registry(arguments.dialect);
    api.security = Security::Optional;
    api.preconditions = false;
    api.metadata = metadata::of_all(&api.registry, api.dialect);
    let entry_point = CloudEntryPoint::described();
    add_resource(&mut api, layout::ENTRY_POINT, entry_point);
    api
}

/// A resource, its collections and what is in them.
fn add_resource(api: &mut Api, path: &str, of: &'static Type) {
    let rules = offers::of_resource(of, &api.metadata);
    add(api, path, of, &rules);
    for row in layout::collections(of, api.dialect) {
        add_collection(api, path, row);
    }
}

fn add_collection(api: &mut Api, owner: &str, row: &'static Attribute) {
    let path = layout::collection_path(owner, row, api.dialect);
    let collection = layout::collection_type(row, api.dialect);
    let (Some(collection), Some(member)) = (collection, layout::member_type(row, api.dialect)) else { return };
    let is_catalog = owner == layout::ENTRY_POINT;
    add(api, &path, collection, &offers::of_collection(collection, row, is_catalog, api.dialect));
    // A resource whose type has a catalog is there, whatever other collections it is in.
    if is_catalog || layout::catalog_of(member, api.dialect).is_none() {
        add_resource(api, &format!("{path}/{{{}}}", variable(member)), member);
    }
}

/// A path with what may be done there.
fn add(api: &mut Api, path: &str, of: &'static Type, rules: &Rules) {
    let offered = rules.operations_for(None, &|_| Some(path.into()));
    let names = offered.iter().filter_map(|operation| operation.rel.as_ref());
    let mut path = Path::new(format!("{}{path}", layout::BASE), of);
    path.operations = names.map(|rel| lifecycle::name(rel.as_str()).to_owned().into()).collect();
    path.parameters = variables(&path.template).map(number).collect();
    api.paths.push(path);
}

/// The names of the variable parts of a template.
fn variables(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// What stands for a resource in its URI.
fn number(name: &str) -> Parameter {
    let mut number =
        Parameter::new(Place::Path, name, "The number that the resource has in its collection, or its name.");
    number.schema = json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]+$", "examples": ["1"] });
    number
}

/// The name of the variable part of a URI that says which resource of a type is meant.
fn variable(of: &Type) -> String {
    let mut chars = of.name.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

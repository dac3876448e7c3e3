//! Writes schemas of the standard's types for other languages: `schema --help` says how.
//!
//! A wrong command line ends with status 2, and a file that cannot be written with status 1.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cimi_model::schema::schemars::Schema;
use cimi_model::schema::{JsonSchemas, Receiver};
use cimi_model::{Dialect, Registry, schema};

const USAGE: &str = "\
usage: schema [--format json-schema|xsd|model|html|docs] [--dialect 1|2] [--role provider|consumer] [--out DIR] [TYPE]";

const HELP: &str = "\
Writes schemas of the types of CIMI.

  --format json-schema   JSON Schema 2020-12 (default)
  --format xsd           XML Schema
  --format model         the whole table as one JSON document, for generators of other kinds
  --format html          one page to browse the model
  --format docs          what the documentation of each Rust type says besides its own words
  --dialect 1|2          the version that documents are written in, by default 2 (json-schema, xsd)
  --role ROLE            who receives the documents, by default consumer (json-schema):
                         a provider refuses unknown attributes, a consumer accepts them
  --out DIR              write files into this folder, which is created (json-schema: one for each type, and
                         definitions.json, which they link to)
  TYPE                   this type alone, for example MachineCollection, and what it leads to

Without --out, one document goes to stdout (docs: one after the other). A JSON Schema is complete there: the types
that it leads to are under $defs, and without TYPE all types are.";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    JsonSchema,
    Xsd,
    Model,
    Html,
    Docs,
}

const FORMATS: &[(&str, Format)] = &[
    ("json-schema", Format::JsonSchema),
    ("xsd", Format::Xsd),
    ("model", Format::Model),
    ("html", Format::Html),
    ("docs", Format::Docs),
];
const DIALECTS: &[(&str, Dialect)] = &[("1", Dialect::V1), ("2", Dialect::V2)];
const ROLES: &[(&str, Receiver)] = &[("provider", Receiver::Provider), ("consumer", Receiver::Consumer)];

struct Arguments {
    format: Format,
    dialect: Dialect,
    role: Receiver,
    out: Option<PathBuf>,
    type_name: Option<String>,
}

/// A file to be written.
struct File {
    name: String,
    text: String,
}

fn main() -> ExitCode {
    match arguments().and_then(|found| found.map(|arguments| Ok((generate(&arguments)?, arguments))).transpose()) {
        Ok(Some((files, arguments))) => match write(&files, arguments.out.as_deref()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(message) => {
                eprintln!("error: {message}");
                ExitCode::FAILURE
            }
        },
        Ok(None) => {
            println!("{USAGE}\n\n{HELP}");
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
    let mut found = Arguments {
        format: Format::JsonSchema,
        dialect: Dialect::V2,
        role: Receiver::Consumer,
        out: None,
        type_name: None,
    };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        match argument {
            lexopt::Arg::Long("format") => found.format = choice(&mut parser, "--format", FORMATS)?,
            lexopt::Arg::Long("dialect") => found.dialect = choice(&mut parser, "--dialect", DIALECTS)?,
            lexopt::Arg::Long("role") => found.role = choice(&mut parser, "--role", ROLES)?,
            lexopt::Arg::Long("out") => found.out = Some(parser.value().map_err(|error| error.to_string())?.into()),
            lexopt::Arg::Long("help") | lexopt::Arg::Short('h') => return Ok(None),
            lexopt::Arg::Value(name) if found.type_name.is_none() => {
                found.type_name = Some(name.into_string().map_err(|_| "the name of a type is not UTF-8")?);
            }
            other => return Err(other.unexpected().to_string()),
        }
    }
    Ok(Some(found))
}

/// One of the values that an option takes.
fn choice<T: Copy>(parser: &mut lexopt::Parser, option: &str, choices: &[(&str, T)]) -> Result<T, String> {
    let value = parser.value().map_err(|error| error.to_string())?;
    let found = choices.iter().find(|(name, _)| value == **name);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
        format!("{option} takes {}, not '{}'", names.join(" or "), value.display())
    })
}

fn generate(arguments: &Arguments) -> Result<Vec<File>, String> {
    let standard = Registry::standard();
    let registry = match (&arguments.type_name, arguments.format) {
        // A JSON Schema links to those of the other types.
        (Some(name), format) if format != Format::JsonSchema => {
            let names = || standard.iter().map(|entry| entry.record_type.name);
            standard.only(name).ok_or_else(|| unknown_type(name, names()))?
        }
        _ => standard,
    };
    match arguments.format {
        Format::JsonSchema => {
            let schemas = JsonSchemas::new(&registry, arguments.dialect, arguments.role);
            json_schemas(&schemas, arguments.type_name.as_deref(), arguments.out.is_some())
        }
        Format::Xsd => {
            let schemas = schema::xsd::schemas(&registry, arguments.dialect).into_iter();
            Ok(schemas.map(|schema| File { name: schema.file, text: schema.text }).collect())
        }
        Format::Model => Ok(vec![File { name: "model.json".to_owned(), text: schema::model(&registry) }]),
        Format::Html => Ok(vec![File { name: "model.html".to_owned(), text: schema::html(&registry) }]),
        Format::Docs => {
            let docs = schema::type_docs(&registry).into_iter();
            Ok(docs.map(|(name, text)| File { name: format!("{name}.md"), text }).collect())
        }
    }
}

fn json_schemas(schemas: &JsonSchemas, type_name: Option<&str>, to_files: bool) -> Result<Vec<File>, String> {
    let file = |name: &str, schema: Option<_>| {
        let schema: Schema = schema.ok_or_else(|| unknown_type(name, schemas.names()))?;
        Ok(File { name: format!("{name}.json"), text: schema::to_text(&schema) })
    };
    let definitions = || File { name: "definitions.json".to_owned(), text: schema::to_text(&schemas.definitions()) };
    match (type_name, to_files) {
        (Some(name), true) => Ok(vec![file(name, schemas.file(name))?, definitions()]),
        (Some(name), false) => Ok(vec![file(name, schemas.alone(name))?]),
        (None, true) => schemas.names().map(|name| file(name, schemas.file(name))).chain([Ok(definitions())]).collect(),
        (None, false) => Ok(vec![file("cimi", Some(schemas.bundle()))?]),
    }
}

fn unknown_type<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<_> = names.collect();
    format!("the type '{name}' is not among {}", names.join(", "))
}

fn write(files: &[File], folder: Option<&Path>) -> Result<(), String> {
    let Some(folder) = folder else {
        let text: String = files.iter().map(|file| file.text.as_str()).collect();
        return io::stdout().write_all(text.as_bytes()).map_err(|error| format!("stdout: {error}"));
    };
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for file in files {
        let path = folder.join(&file.name);
        std::fs::write(&path, &file.text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

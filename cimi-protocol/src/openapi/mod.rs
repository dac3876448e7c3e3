//! OpenAPI 3.1 descriptions of a provider, generated from the tables (feature `openapi`).
//!
//! CIMI fixes resources and messages, but no URIs (4.1.3). A provider says which [`Path`]s it has chosen and what it
//! offers there; the tables say the rest: bodies, attributes, actions, answers, and what all of them mean.
//!
//! ```
//! use cimi_model::reflect::Described;
//! use cimi_model::{CloudEntryPoint, Collection, Machine};
//! use cimi_protocol::openapi::{Api, Path};
//!
//! let mut api = Api::new("Example cloud", "1.0");
//! api.servers = vec!["https://cloud.example.com".to_owned()];
//! api.paths = vec![
//!     Path::new("/cimi/entry", CloudEntryPoint::described()).only(&[]),
//!     Path::new("/cimi/machines", Collection::<Machine>::described()),
//!     Path::new("/cimi/machines/{machine}", Machine::described()),
//! ];
//! let document = api.document();
//! assert_eq!(document["openapi"], "3.1.0");
//! assert_eq!(document["paths"]["/cimi/machines"]["post"]["operationId"], "createMachine");
//! assert_eq!(document["paths"]["/cimi/machines/{machine}"]["get"]["summary"], "Read a Machine");
//! ```
//!
//! # What is described how
//!
//! * What a provider receives and what it sends have schemas of their own, those of
//!   [`JsonSchemas`](cimi_model::schema::JsonSchemas) for a `Provider` and for a `Consumer`: unknown attributes are
//!   refused in a request (5.3) and may be in an answer. The names of the former end in `Request`, unless the type is
//!   one of requests itself.
//! * In an answer only `resourceURI` is required: `$select` may leave out anything else.
//! * All operations that are invoked by POST to one URI are one operation to OpenAPI; the body says which is meant.
//! * HEAD is possible wherever GET is, and not listed.
//! * Answers in XML have no schema here, for OpenAPI has no words for the maps of CIMI; the XML Schema of
//!   [`xsd`](cimi_model::schema::xsd) describes them.

mod answers;
mod bodies;
mod document;
mod names;
mod parameters;
mod paths;
mod schemas;
mod texts;

use std::borrow::Cow;

use cimi_model::{Dialect, Format, Registry, ResourceMetadata, Type};
use serde_json::{Value, json};

pub use cimi_model::schema::to_text;

/// A provider as it is described: what it is called, what holds everywhere, and its paths.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Api {
    /// What the API is called.
    pub title: String,
    /// The version of the API, which is the provider's own and not that of CIMI.
    pub version: String,
    /// What else there is to say; Markdown.
    pub description: String,
    /// The license of the description: an SPDX expression. Empty: not stated.
    pub license: String,
    /// The URLs that the paths are appended to, `https://cloud.example.com` for example. None: where the document is.
    pub servers: Vec<String>,
    /// The version of CIMI that is spoken.
    pub dialect: Dialect,
    /// The types of the provider.
    pub registry: Registry,
    /// The formats of messages, the preferred one first (4.1.4).
    pub formats: Vec<Format>,
    /// Who may send requests.
    pub security: Security,
    /// Whether resources carry an `ETag` (4.1.7.2). The provider then answers a request with `If-Match` for another
    /// state of the resource with 412, and a read with `If-None-Match` for this one with 304.
    pub etags: bool,
    /// Whether `If-Match` is among the parameters of requests that change a resource; otherwise the answer 412 alone
    /// speaks of it. Programs that make requests out of descriptions invent tags, and take 412 for a mistake of the
    /// provider.
    pub preconditions: bool,
    /// What the provider says of its types: capabilities become part of the description.
    pub metadata: Vec<ResourceMetadata>,
    /// The paths.
    pub paths: Vec<Path>,
}

/// Who may send requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Security {
    /// Everybody; credentials are not looked at.
    None,
    /// Everybody, though a client may say who it is by the Basic scheme (RFC 7617).
    Optional,
    /// Those with credentials by the Basic scheme.
    #[default]
    Basic,
}

/// A URI that a provider has chosen, what is there, and what may be done with it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Path {
    /// The URI below that of the server, with variable parts in braces: `/machines/{machine}/disks`.
    pub template: String,
    /// What is there: a resource or a collection.
    pub record_type: &'static Type,
    /// Whether it can be read.
    pub read: bool,
    /// What else may be done, by the names that [`Type::operations`] has: `add`, `edit`, `delete`, `insert`, `remove` and
    /// actions; an action of the provider's own by its URI. Where operations have URIs of their own, these are paths
    /// with one operation each.
    pub operations: Vec<Cow<'static, str>>,
    /// The types of the bodies that `add` takes. None: the `…Create` of the members' type, or that type itself where it
    /// is created without a template (4.2.1.1).
    pub bodies: Vec<&'static Type>,
    /// Whether an edit with `$select` changes some attributes only (4.2.1.3.1).
    pub partial: bool,
    /// Query parameters of the provider's own, and what is to be said of variable parts of the template: a variable
    /// part of which nothing is said is a text.
    pub parameters: Vec<Parameter>,
}

/// A parameter of a path.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Parameter {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// What it is for; Markdown.
    pub description: String,
    /// Whether a request needs it. A variable part of a path always does.
    pub required: bool,
    /// The JSON Schema of its values.
    pub schema: Value,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// In the path, as a variable part of it.
    Path,
    /// In the query.
    Query,
    /// In a header field.
    Header,
}

impl Api {
    /// A provider of the standard's types in CIMI 2.0, in JSON and XML, that demands credentials and gives resources an
    /// `ETag`. The paths are to be set.
    pub fn new(title: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            version: version.into(),
            description: String::new(),
            license: String::new(),
            servers: Vec::new(),
            dialect: Dialect::default(),
            registry: Registry::standard(),
            formats: vec![Format::Json, Format::Xml],
            security: Security::default(),
            etags: true,
            preconditions: true,
            metadata: Vec::new(),
            paths: Vec::new(),
        }
    }

    /// The description: an OpenAPI 3.1 document. [`to_text`] makes a file of it.
    ///
    /// Of two paths with the same template, the first is described.
    #[must_use]
    pub fn document(&self) -> Value {
        document::Writer::new(self).document()
    }
}

impl Path {
    /// A path with all that the tables offer there.
    pub fn new(template: impl Into<String>, record_type: &'static Type) -> Self {
        Self {
            template: template.into(),
            record_type,
            read: true,
            operations: record_type.operations.iter().copied().map(Cow::Borrowed).collect(),
            bodies: Vec::new(),
            partial: true,
            parameters: Vec::new(),
        }
    }

    /// The path with these operations, beside reading.
    #[must_use]
    pub fn only(self, operations: &[&'static str]) -> Self {
        Self { operations: operations.iter().copied().map(Cow::Borrowed).collect(), ..self }
    }
}

impl Parameter {
    /// A text in this place, which only a path demands.
    pub fn new(place: Place, name: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            place,
            description: description.into(),
            required: place == Place::Path,
            schema: json!({ "type": "string" }),
        }
    }
}

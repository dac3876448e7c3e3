//! Export and import of Systems and their templates (5.13.1.2, 5.13.2.1, 5.13.4.1, 5.13.5.1).

use std::fmt;

use cimi_model::lifecycle::{self, action, action_uri};
use cimi_model::validate::{Problem, Rule, Severity};
use cimi_model::{Action, Map, Uri, printable};

use crate::MediaType;

/// The media type of a package where a request does not say another (5.13.1.2).
pub const OVF: &str = "application/ovf";

/// A request to export a System or its template.
///
/// ```
/// use cimi_model::Action;
/// use cimi_protocol::provider::rules::{Export, OVF};
///
/// // A consumer asks for the package where the provider puts it.
/// let request = Action::from(&Export::default());
/// let export = Export::of(&request, &[OVF]).unwrap();
/// assert_eq!(export.format, OVF);
/// let package = "https://cloud.example.com/packages/7".into();
/// assert_eq!(export.location(&package), Some(&package)); // for `Location`
///
/// let elsewhere = Export { destination: Some("https://store.example.com/a.ovf".into()), ..export };
/// assert_eq!(elsewhere.location(&package), None);
/// ```
#[derive(Clone, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct Export {
    /// The media type of the package.
    pub format: String,
    /// Where the package is put, for HTTP with a PUT. Without it, the provider puts it where it can be fetched.
    pub destination: Option<Uri>,
    /// What the destination needs, such as credentials.
    pub properties: Map,
}

impl Default for Export {
    /// An export as OVF.
    fn default() -> Self {
        Self { format: OVF.to_owned(), destination: None, properties: Map::new() }
    }
}

impl Export {
    /// The request in the body of an `export`. `formats` are the media types that the provider writes.
    ///
    /// # Errors
    /// A problem for each thing that is wrong: another operation, a format that is no media type or that the provider does
    /// not write, an empty destination.
    pub fn of(request: &Action, formats: &[&str]) -> Result<Self, Vec<Problem>> {
        let mut problems = not_invoked(request, action::EXPORT, "5.13.1.2");
        let format = request.format.clone().filter(|format| !format.trim().is_empty());
        let format = format.unwrap_or_else(|| OVF.to_owned());
        if !formats.iter().any(|known| is_same_type(known, &format)) {
            let text = format!("'{}' is not a format of exports here: {}", printable(&format), formats.join(", "));
            problems.push(problem("/Action/format", Rule::Value, "5.13.1.2", text));
        }
        let destination = request.destination.clone();
        if destination.as_ref().is_some_and(|uri| uri.as_str().trim().is_empty()) {
            problems.push(problem("/Action/destination", Rule::Uri, "5.13.1.2", "the destination is empty"));
        }
        if problems.is_empty() {
            Ok(Self { format, destination, properties: request.properties.clone() })
        } else {
            Err(problems)
        }
    }

    /// What the header `Location` of the answer is: the package, unless it was put where the request said.
    #[must_use]
    pub fn location<'u>(&self, package: &'u Uri) -> Option<&'u Uri> {
        self.destination.is_none().then_some(package)
    }
}

impl From<&Export> for Action {
    /// The body of the request.
    fn from(export: &Export) -> Self {
        Self {
            action: Some(action_uri(action::EXPORT)),
            format: Some(export.format.clone()),
            destination: export.destination.clone(),
            properties: export.properties.clone(),
            ..Self::default()
        }
    }
}

impl fmt::Debug for Export {
    /// Without secrets: properties hold credentials, and so may the user part of a URI.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Export");
        out.field("format", &self.format).field("destination", &self.destination.as_ref().map(without_user));
        out.field("properties", &keys(&self.properties)).finish()
    }
}

/// A request to import a System or its template from a package.
///
/// ```
/// use cimi_model::Action;
/// use cimi_protocol::provider::rules::Import;
///
/// let import = Import { source: "https://store.example.com/a.ovf".into(), ..Import::default() };
/// let request = Action::from(&import);
/// assert_eq!(Import::of(&request).unwrap(), import);
/// assert_eq!(Import::of(&Action { source: None, ..request }).unwrap_err()[0].path, "/Action/source");
/// ```
#[derive(Clone, Default, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct Import {
    /// Where the package is read from; its media type is said there (annex A).
    pub source: Uri,
    /// What the source needs, such as credentials.
    pub properties: Map,
}

impl Import {
    /// The request in the body of an `import`.
    ///
    /// # Errors
    /// A problem for each thing that is wrong: another operation, no source.
    pub fn of(request: &Action) -> Result<Self, Vec<Problem>> {
        let mut problems = not_invoked(request, action::IMPORT, "5.13.2.1");
        let source = request.source.clone().filter(|source| !source.as_str().trim().is_empty());
        if source.is_none() {
            let text = "the request does not say where the package is";
            problems.push(problem("/Action/source", Rule::Required, "5.13.2.1", text));
        }
        match source.filter(|_| problems.is_empty()) {
            Some(source) => Ok(Self { source, properties: request.properties.clone() }),
            None => Err(problems),
        }
    }
}

impl From<&Import> for Action {
    /// The body of the request.
    fn from(import: &Import) -> Self {
        Self {
            action: Some(action_uri(action::IMPORT)),
            source: Some(import.source.clone()),
            properties: import.properties.clone(),
            ..Self::default()
        }
    }
}

impl fmt::Debug for Import {
    /// Without secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Import");
        out.field("source", &without_user(&self.source)).field("properties", &keys(&self.properties)).finish()
    }
}

/// Says if a request invokes another operation. One that says none has been told by its URI.
fn not_invoked(request: &Action, wanted: &str, clause: &'static str) -> Vec<Problem> {
    let wanted = lifecycle::name(wanted);
    let other = request.action.as_ref().filter(|uri| lifecycle::name(uri.as_str()) != wanted);
    let said = |uri: &Uri| {
        let text = format!("the operation is '{}', and not {wanted}", printable(uri.as_str()));
        problem("/Action/action", Rule::Operation, clause, text)
    };
    other.map(said).into_iter().collect()
}

fn problem(path: &str, rule: Rule, clause: &'static str, text: impl Into<String>) -> Problem {
    Problem::new(path, rule, Severity::Error, clause, text)
}

/// Whether two texts are one media type, whatever their parameters.
fn is_same_type(a: &str, b: &str) -> bool {
    let parsed = |text: &str| text.parse::<MediaType>().ok();
    match (parsed(a), parsed(b)) {
        (Some(a), Some(b)) => (a.type_name(), a.subtype()) == (b.type_name(), b.subtype()),
        _ => false,
    }
}

fn keys(map: &Map) -> Vec<&str> {
    map.iter().map(|(key, _)| key).collect()
}

/// A URI for messages.
fn without_user(uri: &Uri) -> String {
    let text = uri.as_str();
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest.split_at_checked(end) {
        Some((authority, path)) if authority.contains('@') => {
            let host = authority.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}{path}")
        }
        _ => text.to_owned(),
    }
}

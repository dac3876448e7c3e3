//! What is wrong with the capabilities that a provider states.

use std::fmt;

use super::{ALL, CapabilityDefinition, CapabilityKind, CapabilityValue, by_uri};
use crate::any::Any;
use crate::error::printable;
use crate::{Capability, ResourceMetadata, Uri};

/// Something wrong with a capability (DSP0263 5.11.1).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CapabilityProblem {
    /// The path of the capability, for example `/ResourceMetadata/capabilities[2]`.
    pub path: String,
    /// The capability.
    pub capability: &'static CapabilityDefinition,
    /// What is wrong.
    pub text: String,
}

impl fmt::Display for CapabilityProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.path, self.capability, self.text)
    }
}

/// All that is wrong with the capabilities of the standard in a document: a value of another kind or not among those
/// that there are, a negative number, a capability that is stated twice or for another resource type, one that is
/// true while the one that it implies is not, and a default that the list of allowed values has not.
///
/// ```
/// use cimi_model::capabilities::{job, problems, volume};
/// use cimi_model::ResourceMetadata;
///
/// let mut metadata = ResourceMetadata::default();
/// volume::VOLUME_CONFIG_BY_VALUE.set(&mut metadata, true);
/// job::JOB_RETENTION.set(&mut metadata, -5);
/// let texts: Vec<String> = problems(&metadata).iter().map(ToString::to_string).collect();
/// assert_eq!(texts, [
///     "/ResourceMetadata/capabilities[0]: Volume/VolumeConfigByValue: is true, and VolumeTemplateByValue is not",
///     "/ResourceMetadata/capabilities[1]: Job/JobRetention: is negative",
/// ]);
/// ```
#[must_use]
pub fn problems(metadata: &ResourceMetadata) -> Vec<CapabilityProblem> {
    let mut problems = Vec::new();
    let mut seen: Vec<&'static CapabilityDefinition> = Vec::new();
    for (index, stated) in metadata.capabilities.iter().enumerate() {
        let Some(definition) = stated.uri.as_ref().and_then(|uri| by_uri(uri.as_str())) else { continue };
        let mut texts = value_problems(definition, stated);
        texts.extend(implied(definition, stated, metadata));
        texts.extend(unlisted(definition, stated, metadata));
        if seen.contains(&definition) {
            texts.push("is stated twice, and the first one counts".to_owned());
        }
        seen.push(definition);
        if let Some(uri) = metadata.type_uri.as_ref().filter(|uri| !is_of(definition, uri)) {
            texts.push(format!("is stated for '{}'", printable(uri.as_str())));
        }
        let path = format!("/ResourceMetadata/capabilities[{index}]");
        let problem = |text| CapabilityProblem { path: path.clone(), capability: definition, text };
        problems.extend(texts.into_iter().map(problem));
    }
    problems
}

/// Whether a capability is one of the type with this URI.
fn is_of(definition: &CapabilityDefinition, type_uri: &Uri) -> bool {
    type_uri.as_str().rsplit('/').next() == Some(definition.resource)
}

fn value_problems(definition: &CapabilityDefinition, stated: &Capability) -> Vec<String> {
    let expected = match definition.kind {
        CapabilityKind::Boolean => bool::read(stated).is_none().then_some("a boolean"),
        CapabilityKind::Integer => i64::read(stated).is_none().then_some("an integer"),
        CapabilityKind::String => String::read(stated).is_none().then_some("a string"),
        CapabilityKind::List => Vec::<String>::read(stated).is_none().then_some("a list of strings"),
    };
    if let Some(expected) = expected {
        return vec![format!("{} where {expected} is expected", shown(stated.value.as_ref()))];
    }
    let mut texts = Vec::new();
    if definition.kind == CapabilityKind::Integer && i64::read(stated).is_some_and(i64::is_negative) {
        texts.push("is negative".to_owned());
    }
    if let Some(text) = String::read(stated).filter(|text| !allows(definition.values, text)) {
        texts.push(format!("'{}' is none of {}", printable(&text), definition.values.join(", ")));
    }
    texts
}

fn allows(values: &[&str], text: &str) -> bool {
    values.is_empty() || values.contains(&text)
}

fn shown(value: Option<&Any>) -> String {
    match value {
        None => "no value".to_owned(),
        Some(Any::String(text)) => format!("'{}'", printable(text)),
        Some(value) => printable(&format!("{value:?}")),
    }
}

/// The implication of table 7: if this one is true, so is another one.
fn implied(definition: &CapabilityDefinition, stated: &Capability, metadata: &ResourceMetadata) -> Option<String> {
    let name = definition.requires?;
    let required = sibling(definition, name)?.find(metadata);
    let required = required.is_some_and(|(_, found)| bool::read(found) == Some(true));
    (bool::read(stated) == Some(true) && !required).then(|| format!("is true, and {name} is not"))
}

/// The default is compatible with the list of allowed values, if there is one.
fn unlisted(definition: &CapabilityDefinition, stated: &Capability, metadata: &ResourceMetadata) -> Option<String> {
    let name = definition.listed_in?;
    let (_, list) = sibling(definition, name)?.find(metadata)?;
    let values = Vec::<String>::read(list)?;
    let value = String::read(stated)?;
    (!values.contains(&value)).then(|| format!("'{}' is not among {name}", printable(&value)))
}

/// Another capability of the same resource.
fn sibling(definition: &CapabilityDefinition, name: &str) -> Option<&'static CapabilityDefinition> {
    ALL.iter().find(|other| other.resource == definition.resource && other.name == name)
}

//! What stands in an access policy: a reference to a document, or the document.

use super::document::json_text;
use super::{AccessPolicy, AccessPolicyTemplate, PolicyDocument, SUBJECTS};
use crate::validate::{Problem, Rule, Severity};
use crate::{Any, Error, ErrorKind, Result, Uri};

/// The policy of an [`AccessPolicy`] or its template.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyContent {
    /// By reference: where the document is.
    Reference(Uri),
    /// By value.
    Document(PolicyDocument),
}

impl AccessPolicy {
    /// A policy that refers to its document, in force.
    pub fn by_reference(document: impl Into<Uri>) -> Self {
        Self { enabled: Some(true), policy_document: Some(reference(&document.into())), ..Self::default() }
    }

    /// A policy with its document, in force.
    #[must_use]
    pub fn by_value(document: &PolicyDocument) -> Self {
        Self { enabled: Some(true), policy_document: Some(document.to_string().into()), ..Self::default() }
    }

    /// The policy by its form; `None` if there is none.
    ///
    /// # Errors
    /// When the attribute is neither a reference nor a document, and as [`PolicyDocument`] is read. The path begins
    /// with `/AccessPolicy/policyDocument`.
    pub fn content(&self) -> Result<Option<PolicyContent>> {
        content(self.policy_document.as_ref(), "AccessPolicy")
    }

    /// What is wrong with it beyond the tables: the policy is not there, or cannot be understood.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        problems(self.content(), "AccessPolicy")
    }
}

impl AccessPolicyTemplate {
    /// The policy by its form; `None` if there is none.
    ///
    /// # Errors
    /// As [`AccessPolicy::content`]; the path begins with `/AccessPolicyTemplate/policyDocument`.
    pub fn content(&self) -> Result<Option<PolicyContent>> {
        content(self.policy_document.as_ref(), "AccessPolicyTemplate")
    }

    /// The policy that a consumer gets who chooses the template: in force, for the same subjects, and without what is
    /// the template's own, such as its id.
    ///
    /// # Errors
    /// When the subjects are not what their table says.
    pub fn policy(&self) -> Result<AccessPolicy> {
        let mut policy = AccessPolicy {
            name: self.name.clone(),
            description: self.description.clone(),
            properties: self.properties.clone(),
            enabled: Some(true),
            policy_document: self.policy_document.clone(),
            ..AccessPolicy::default()
        };
        SUBJECTS.set_all(&mut policy, &SUBJECTS.all(self)?)?;
        Ok(policy)
    }

    /// What is wrong with it beyond the tables: the policy is not there, or cannot be understood.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        problems(self.content(), "AccessPolicyTemplate")
    }
}

pub(super) fn reference(document: &Uri) -> Any {
    [("href", document.as_str())].into_iter().collect()
}

fn content(value: Option<&Any>, owner: &str) -> Result<Option<PolicyContent>> {
    let path = format!("/{owner}/policyDocument");
    let inside = |error: Error| {
        let place = error.path().trim_end_matches('/');
        let found = Error::new(error.kind(), error.reason()).at_path(format!("{path}{place}"));
        match error.location() {
            Some(location) => found.at(location),
            None => found,
        }
    };
    let document = match value {
        None | Some(Any::Null) => return Ok(None),
        Some(Any::String(text)) => text.parse(),
        Some(Any::Object(members)) => match members.get("href") {
            Some(Any::String(href)) => return Ok(Some(PolicyContent::Reference(href.as_str().into()))),
            // A policy that stands there as it is, and not as a text.
            _ => json_text(&Any::Object(members.clone())).and_then(|text| text.parse()),
        },
        Some(_) => return Err(Error::new(ErrorKind::Value, "expected a reference or a string").at_path(path)),
    };
    document.map(|document| Some(PolicyContent::Document(document))).map_err(inside)
}

fn problems(content: Result<Option<PolicyContent>>, owner: &str) -> Vec<Problem> {
    let problem = |path: &str, rule, severity, text: &str| vec![Problem::new(path, rule, severity, "", text)];
    match content {
        Ok(None) => {
            let path = format!("/{owner}/policyDocument");
            problem(&path, Rule::Required, Severity::Error, "there is no policy")
        }
        Ok(Some(PolicyContent::Document(PolicyDocument::Other(_)))) => {
            let path = format!("/{owner}/policyDocument");
            problem(&path, Rule::Value, Severity::Info, "the policy is of a kind that is not known")
        }
        Ok(Some(_)) => Vec::new(),
        Err(error) => problem(error.path(), Rule::Value, Severity::Error, error.reason()),
    }
}

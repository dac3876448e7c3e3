//! Policies of statements, as AWS has them.

use crate::Object;

/// Statements that allow or forbid (the policy language of AWS).
///
/// What is forbidden by one statement is so whatever others allow, and what none allows is not allowed. Elements and
/// operators that are not known make a statement that allows void, and let one that forbids stand as if they held.
///
/// ```
/// use cimi_model::ext::access::{Inquiry, Reason, StatementPolicy, Subject};
/// use cimi_model::Machine;
///
/// let text = r#"{"Version": "2012-10-17", "Statement": [
///     {"Effect": "Allow", "Action": "cimi:Machine:*", "Resource": "machines/*"},
///     {"Sid": "NoStop", "Effect": "Deny", "Action": "ec2:StopInstances", "Resource": "*",
///      "Condition": {"StringNotEquals": {"cimi:Role": "operator"}}}]}"#;
/// let policy: StatementPolicy = text.parse()?;
/// let machine = Machine { id: Some("machines/1".into()), ..Default::default() };
/// let bob = Subject::user("bob");
/// assert!(policy.decide(&Inquiry::new(&bob, &machine, "start")).is_allowed());
/// let decision = policy.decide(&Inquiry::new(&bob, &machine, "stop"));
/// assert_eq!((decision.reason, decision.rule.as_deref()), (Reason::Forbidden, Some("NoStop")));
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "the elements of the language; others are extensions")]
pub struct StatementPolicy {
    /// The version of the language: `2012-10-17`; or `2008-10-17`, which has no variables and is meant if there is none.
    pub version: Option<String>,
    /// The identifier of the policy.
    pub id: Option<String>,
    /// The statements.
    pub statements: Vec<Statement>,
    /// Members that the language does not have.
    pub extensions: Object,
}

/// Whether a statement allows or forbids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "there is no third effect")]
pub enum Effect {
    /// It allows.
    Allow,
    /// It forbids.
    #[default]
    Deny,
}

impl Effect {
    /// As policies have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}

/// One statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "the elements of the language; others are extensions")]
pub struct Statement {
    /// The identifier of the statement.
    pub sid: Option<String>,
    /// Whether it allows or forbids.
    pub effect: Effect,
    /// Whom it is about; without it, everybody whom the policy is for.
    pub principal: Option<Principals>,
    /// Which actions it is about: names as [`action_names`](super::action_names) has them, whatever their case.
    pub action: Selector,
    /// Which resources it is about, by id or another name; without it, any that has the policy.
    pub resource: Option<Selector>,
    /// What must hold besides, all of it.
    pub conditions: Vec<Condition>,
    /// Members that the language does not have.
    pub extensions: Object,
}

/// Patterns with `*` for any characters and `?` for one, of which one must match: `Action`, `Resource`; or none:
/// `NotAction`, `NotResource`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a selector has no other parts")]
pub struct Selector {
    /// Whether none must match.
    pub negated: bool,
    /// The patterns.
    pub patterns: Vec<String>,
}

/// Whom a statement is about: `Principal`, or `NotPrincipal`.
///
/// A principal is the URI of a user, group or role in the identity system, such as an ARN, or an account: its number or
/// the ARN of its root. Of kind `CIMI`, it is `user/NAME`, `group/NAME` or `role/NAME`. `*` is everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "an element of the language")]
pub struct Principals {
    /// Whether it is about all others.
    pub negated: bool,
    /// Whether it is everybody, written `*` alone.
    pub everybody: bool,
    /// The principals by kind: `AWS`, `Service`, `Federated`, `CIMI`.
    pub of: Vec<(String, Vec<String>)>,
}

/// What must hold of a key of the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a condition has no other parts")]
pub struct Condition {
    /// The operator: `StringLike`, `ForAnyValue:StringEquals`, `DateLessThanIfExists`.
    pub operator: String,
    /// The key: `aws:SourceIp`, `cimi:Role`.
    pub key: String,
    /// The values, of which one must match.
    pub values: Vec<String>,
}

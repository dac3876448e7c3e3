//! Policies of roles, as OpenStack has them.

use super::check::Check;
use crate::{Any, Error, ErrorKind, Object, Result};

/// Rules by their names (the `policy.json` of OpenStack services).
///
/// The rule for an operation has the name of its action: the first of [`action_names`](super::action_names) that there
/// is a rule for, else `default`. The other rules are for reference by these.
///
/// ```
/// use cimi_model::ext::access::{Inquiry, RolePolicy, Subject};
/// use cimi_model::Machine;
///
/// let text = r#"{"default": "role:admin", "dept": "rule:default or role:dept1", "cimi:Machine:stop": "rule:dept"}"#;
/// let policy: RolePolicy = text.parse()?;
/// let bob = Subject::user("bob").with_role("Dept1");
/// let machine = Machine::default();
/// assert!(policy.decide(&Inquiry::new(&bob, &machine, "stop")).is_allowed());
/// let decision = policy.decide(&Inquiry::new(&bob, &machine, "delete"));
/// assert_eq!(decision.to_string(), "denied: default does not grant it");
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a policy has nothing but rules")]
pub struct RolePolicy {
    /// The rules in their order, each name once.
    pub rules: Vec<(String, Check)>,
}

impl RolePolicy {
    /// Whether a JSON value looks like such a policy: an object of texts and lists, of which one is a rule.
    pub(super) fn is_like(value: &Any) -> bool {
        let Any::Object(members) = value else { return false };
        let fits = |value: &Any| matches!(value, Any::String(_) | Any::Array(_));
        let is_rule = |value: &Any| match value {
            Any::String(text) => text.is_empty() || text.contains([':', '@', '!']),
            other => matches!(other, Any::Array(_)),
        };
        members.iter().all(|(_, value)| fits(value)) && members.iter().any(|(_, value)| is_rule(value))
    }

    pub(super) fn from_any(value: &Any) -> Result<Self> {
        let Any::Object(members) = value else {
            return Err(Error::new(ErrorKind::Value, "expected an object of rules").at_path("/"));
        };
        let rules: Result<_> = members.iter().map(|(name, value)| Ok((name.to_owned(), rule(name, value)?))).collect();
        Ok(Self { rules: rules? })
    }

    pub(super) fn to_any(&self) -> Any {
        Any::Object(self.rules.iter().map(|(name, check)| (name.as_str(), check.to_string())).collect::<Object>())
    }
}

/// A rule in either form: a text, or the list of lists of older policies, of which one must hold as a whole.
fn rule(name: &str, value: &Any) -> Result<Check> {
    let path = format!("/{name}");
    let mut either = match value {
        Any::String(text) => return text.parse().map_err(|error| fail(path, &error)),
        Any::Array(items) if items.is_empty() => return Ok(Check::Always),
        Any::Array(items) => {
            let each = items.iter().enumerate().filter_map(|(index, item)| all(&format!("{path}[{index}]"), item));
            each.collect::<Result<Vec<_>>>()?
        }
        _ => return Err(Error::new(ErrorKind::Value, "expected a rule: a string or a list").at_path(path)),
    };
    Ok(match either.len() {
        0 => Check::Never,
        1 => either.pop().unwrap_or(Check::Never),
        _ => Check::Or(either),
    })
}

/// What must hold together; `None` of an empty list.
fn all(path: &str, value: &Any) -> Option<Result<Check>> {
    let single = |path: String, value: &Any| match value {
        Any::String(text) => Check::single(text, 0).map_err(|error| fail(path, &error)),
        _ => Err(Error::new(ErrorKind::Value, "expected a check: a string").at_path(path)),
    };
    let Any::Array(items) = value else { return Some(single(path.to_owned(), value)) };
    let each = items.iter().enumerate().map(|(index, item)| single(format!("{path}[{index}]"), item));
    let mut checks: Vec<Check> = match each.collect() {
        Ok(checks) => checks,
        Err(error) => return Some(Err(error)),
    };
    Some(Ok(match checks.len() {
        0 => return None,
        1 => checks.pop()?,
        _ => Check::And(checks),
    }))
}

fn fail(path: String, error: &super::CheckError) -> Error {
    Error::new(ErrorKind::Syntax, error.to_string()).at_path(path)
}

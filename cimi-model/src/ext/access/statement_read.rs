//! Statements from JSON, and back.

use super::statement::{Condition, Effect, Principals, Selector, Statement, StatementPolicy};
use crate::{Any, Error, ErrorKind, Object, Result, printable};

/// A longer pattern is refused; an ARN has at most 2,048 characters.
const LONGEST_PATTERN: usize = 4096;

fn fail(path: &str, text: impl Into<String>) -> Error {
    Error::new(ErrorKind::Value, text).at_path(path)
}

impl StatementPolicy {
    /// Whether a JSON value looks like such a policy.
    pub(super) fn is_like(value: &Any) -> bool {
        value.get("Statement").is_some()
    }

    pub(super) fn from_any(value: &Any) -> Result<Self> {
        let Any::Object(members) = value else { return Err(fail("/", "expected an object with statements")) };
        let mut policy = Self::default();
        let mut has_statement = false;
        for (key, value) in members.iter() {
            match key {
                "Version" => policy.version = Some(text("/Version", value)?),
                "Id" => policy.id = Some(text("/Id", value)?),
                "Statement" => {
                    has_statement = true;
                    policy.statements = statements(value)?;
                }
                _ => {
                    policy.extensions.insert(key, value.clone());
                }
            }
        }
        if has_statement { Ok(policy) } else { Err(fail("/", "there is no Statement")) }
    }

    pub(super) fn to_any(&self) -> Any {
        let mut members = Object::new();
        for (key, value) in [("Version", &self.version), ("Id", &self.id)] {
            if let Some(value) = value {
                members.insert(key, value.as_str());
            }
        }
        members.insert("Statement", self.statements.iter().map(written).collect::<Vec<Any>>());
        extend(&mut members, &self.extensions);
        Any::Object(members)
    }
}

fn extend(members: &mut Object, extensions: &Object) {
    for (key, value) in extensions.iter() {
        members.insert(key, value.clone());
    }
}

fn statements(value: &Any) -> Result<Vec<Statement>> {
    match value {
        Any::Array(items) => {
            let each = items.iter().enumerate().map(|(index, item)| statement(&format!("/Statement[{index}]"), item));
            each.collect()
        }
        single => Ok(vec![statement("/Statement", single)?]),
    }
}

fn statement(path: &str, value: &Any) -> Result<Statement> {
    let Any::Object(members) = value else { return Err(fail(path, "expected a statement: an object")) };
    let mut found = Statement::default();
    let mut effect = None;
    let mut action = None;
    for (key, value) in members.iter() {
        let path = format!("{path}/{key}");
        match key {
            "Sid" => found.sid = Some(text(&path, value)?),
            "Effect" => effect = Some(self::effect(&path, value)?),
            "Principal" | "NotPrincipal" => set(&mut found.principal, principals(key, &path, value)?, &path)?,
            "Action" | "NotAction" => set(&mut action, selector(key, &path, value)?, &path)?,
            "Resource" | "NotResource" => set(&mut found.resource, selector(key, &path, value)?, &path)?,
            "Condition" => found.conditions = conditions(&path, value)?,
            _ => {
                found.extensions.insert(key, value.clone());
            }
        }
    }
    found.effect = effect.ok_or_else(|| fail(path, "there is no Effect"))?;
    found.action = action.ok_or_else(|| fail(path, "there is neither Action nor NotAction"))?;
    Ok(found)
}

/// Sets what there can be only one of, negated or not.
fn set<T>(place: &mut Option<T>, value: T, path: &str) -> Result<()> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Error::new(ErrorKind::Duplicate, "the statement has its opposite too").at_path(path)),
    }
}

fn effect(path: &str, value: &Any) -> Result<Effect> {
    match text(path, value)?.as_str() {
        "Allow" => Ok(Effect::Allow),
        "Deny" => Ok(Effect::Deny),
        other => Err(fail(path, format!("'{}' is neither Allow nor Deny", printable(other)))),
    }
}

fn selector(key: &str, path: &str, value: &Any) -> Result<Selector> {
    let patterns = texts(path, value)?;
    if patterns.is_empty() {
        return Err(fail(path, "there is no pattern"));
    }
    if patterns.iter().any(|pattern| pattern.len() > LONGEST_PATTERN) {
        let text = format!("a pattern is longer than {LONGEST_PATTERN} bytes");
        return Err(Error::new(ErrorKind::Limit, text).at_path(path));
    }
    Ok(Selector { negated: key.starts_with("Not"), patterns })
}

fn principals(key: &str, path: &str, value: &Any) -> Result<Principals> {
    let negated = key.starts_with("Not");
    match value {
        Any::String(all) if all == "*" => Ok(Principals { negated, everybody: true, of: Vec::new() }),
        Any::Object(members) => {
            let each = members.iter().map(|(kind, of)| Ok((kind.to_owned(), texts(&format!("{path}/{kind}"), of)?)));
            Ok(Principals { negated, everybody: false, of: each.collect::<Result<_>>()? })
        }
        _ => Err(fail(path, "expected '*', or an object with principals")),
    }
}

fn conditions(path: &str, value: &Any) -> Result<Vec<Condition>> {
    let Any::Object(operators) = value else { return Err(fail(path, "expected an object with operators")) };
    let mut found = Vec::new();
    for (operator, keys) in operators.iter() {
        let path = format!("{path}/{operator}");
        let Any::Object(keys) = keys else { return Err(fail(&path, "expected an object with keys")) };
        for (key, values) in keys.iter() {
            let values = texts(&format!("{path}/{key}"), values)?;
            found.push(Condition { operator: operator.to_owned(), key: key.to_owned(), values });
        }
    }
    Ok(found)
}

fn text(path: &str, value: &Any) -> Result<String> {
    value.as_str().map(str::to_owned).ok_or_else(|| fail(path, "expected a string"))
}

/// One or several; numbers and booleans are as good as their texts.
fn texts(path: &str, value: &Any) -> Result<Vec<String>> {
    let single = |path: &str, value: &Any| match value {
        Any::String(text) => Ok(text.clone()),
        Any::Number(number) => Ok(number.as_str().to_owned()),
        Any::Boolean(value) => Ok(value.to_string()),
        _ => Err(fail(path, "expected a string")),
    };
    match value {
        Any::Array(items) => {
            items.iter().enumerate().map(|(index, item)| single(&format!("{path}[{index}]"), item)).collect()
        }
        value => Ok(vec![single(path, value)?]),
    }
}

fn written(statement: &Statement) -> Any {
    let mut members = Object::new();
    if let Some(sid) = &statement.sid {
        members.insert("Sid", sid.as_str());
    }
    members.insert("Effect", statement.effect.as_str());
    if let Some(principals) = &statement.principal {
        let of = principals.of.iter().map(|(kind, of)| (kind.as_str(), one_or_more(of)));
        let value = if principals.everybody { Any::from("*") } else { of.collect() };
        members.insert(if principals.negated { "NotPrincipal" } else { "Principal" }, value);
    }
    let action = &statement.action;
    members.insert(if action.negated { "NotAction" } else { "Action" }, one_or_more(&action.patterns));
    if let Some(resource) = &statement.resource {
        members.insert(if resource.negated { "NotResource" } else { "Resource" }, one_or_more(&resource.patterns));
    }
    if !statement.conditions.is_empty() {
        members.insert("Condition", Any::Object(written_conditions(&statement.conditions)));
    }
    extend(&mut members, &statement.extensions);
    Any::Object(members)
}

/// By operator, and those of an operator by key.
fn written_conditions(conditions: &[Condition]) -> Object {
    let mut operators = Object::new();
    for Condition { operator, key, values } in conditions {
        if operators.get(operator).is_none() {
            operators.insert(operator.as_str(), Any::Object(Object::new()));
        }
        if let Some(Any::Object(keys)) = operators.get_mut(operator) {
            keys.insert(key.as_str(), one_or_more(values));
        }
    }
    operators
}

fn one_or_more(texts: &[String]) -> Any {
    match texts {
        [one] => one.as_str().into(),
        several => Any::Array(several.iter().map(|text| text.as_str().into()).collect()),
    }
}

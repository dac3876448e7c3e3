//! Whether the rules of a role policy hold.

use std::collections::HashMap;

use super::check::{Check, Part, parts};
use super::truth::{Notes, Truth};
use super::{Decision, Inquiry, Reason, RolePolicy};

/// How deep rules may lead through each other and be nested, taken together.
const DEEPEST: usize = 128;

impl RolePolicy {
    /// Whether the rule for the operation holds for the subject; without a rule, it is not granted.
    ///
    /// What cannot be known does not hold, and neither does its opposite: rules that are not there, that lead back to
    /// themselves, or that ask a server (`http:`).
    #[must_use]
    pub fn decide(&self, inquiry: &Inquiry<'_>) -> Decision {
        let rules: HashMap<&str, &Check> = self.rules.iter().map(|(name, check)| (name.as_str(), check)).collect();
        let mut walk = Walk { rules, known: HashMap::new(), inquiry, notes: Notes::default() };
        let actions = inquiry.actions();
        let name = actions.iter().map(String::as_str).chain(["default"]).find(|name| walk.rules.contains_key(name));
        let Some(name) = name else {
            walk.notes.add(|| format!("there is no rule for {}", actions.first().map_or("it", String::as_str)));
            return Decision::new(Reason::NotGranted, None, walk.notes);
        };
        let reason = if walk.rule(name, 0) == Truth::Yes { Reason::Granted } else { Reason::NotGranted };
        Decision::new(reason, Some(name.to_owned()), walk.notes)
    }
}

struct Walk<'w> {
    rules: HashMap<&'w str, &'w Check>,
    /// What has been found out; `None` while it is being.
    known: HashMap<&'w str, Option<Truth>>,
    inquiry: &'w Inquiry<'w>,
    notes: Notes,
}

impl<'w> Walk<'w> {
    fn rule(&mut self, name: &str, depth: usize) -> Truth {
        let found = self.rules.get_key_value(name).or_else(|| self.rules.get_key_value("default"));
        let Some((name, check)) = found.map(|(name, check)| (*name, *check)) else {
            return self.notes.unknown("the rule", name);
        };
        match self.known.get(name) {
            Some(Some(truth)) => return *truth,
            Some(None) => {
                self.notes.add(|| format!("the rule '{}' leads back to itself", crate::printable(name)));
                return Truth::Unknown;
            }
            None => {}
        }
        self.known.insert(name, None);
        let truth = self.check(check, depth + 1);
        self.known.insert(name, Some(truth));
        truth
    }

    /// Recursive; the depth is bounded here.
    fn check(&mut self, check: &'w Check, depth: usize) -> Truth {
        if depth > DEEPEST {
            self.notes.add(|| format!("the rules are nested deeper than {DEEPEST} levels"));
            return Truth::Unknown;
        }
        match check {
            Check::Always => Truth::Yes,
            Check::Never => Truth::No,
            Check::Rule(name) => self.rule(name, depth),
            Check::Role(name) => self.role(name),
            Check::Match { kind, value } => self.matches(kind, value),
            Check::Not(check) => self.check(check, depth + 1).not(),
            Check::And(checks) => Truth::all(checks.iter().map(|check| self.check(check, depth + 1))),
            Check::Or(checks) => Truth::any(checks.iter().map(|check| self.check(check, depth + 1))),
        }
    }

    fn role(&mut self, name: &str) -> Truth {
        let wanted = match self.filled(name) {
            Ok(wanted) => wanted.to_lowercase(),
            Err(truth) => return truth,
        };
        let roles = super::subject::names(&self.inquiry.subject.roles);
        roles.iter().any(|role| role.to_lowercase() == wanted).into()
    }

    fn matches(&mut self, kind: &str, value: &str) -> Truth {
        if matches!(kind, "http" | "https") {
            self.notes.add(|| "what a server says of it is not known: http checks are not carried out".to_owned());
            return Truth::Unknown;
        }
        let wanted = match self.filled(value) {
            Ok(wanted) => wanted,
            Err(truth) => return truth,
        };
        let said = literal(kind).map(|text| vec![text.to_owned()]).or_else(|| self.inquiry.subject.credential(kind));
        let Some(said) = said else {
            self.notes.add(|| format!("the subject has no '{}'", crate::printable(kind)));
            return Truth::No;
        };
        said.iter().any(|said| same(said, &wanted)).into()
    }

    /// The text with attributes of the resource in their places; without one of them, nothing matches.
    fn filled(&mut self, value: &str) -> Result<String, Truth> {
        let mut text = String::new();
        let Some(parts) = parts(value) else { return Err(self.notes.unknown("the value", value)) };
        for part in parts {
            let name = match part {
                Part::Text(part) => {
                    text.push_str(part);
                    continue;
                }
                Part::Attribute(name) => name,
            };
            let Some(value) = self.inquiry.target(name) else {
                self.notes.add(|| format!("the resource has no '{}'", crate::printable(name)));
                return Err(Truth::No);
            };
            text.push_str(&value);
        }
        Ok(text)
    }
}

/// The literal that stands in place of an attribute of the subject.
fn literal(kind: &str) -> Option<&str> {
    let quoted = |quote: char| kind.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    let is_word = matches!(kind, "True" | "False" | "None") || crate::Number::parse(kind).is_some();
    quoted('\'').or_else(|| quoted('"')).or_else(|| is_word.then_some(kind))
}

/// Whether two texts are the same; `True` and `true` are.
fn same(a: &str, b: &str) -> bool {
    let is_boolean = a.eq_ignore_ascii_case("true") || a.eq_ignore_ascii_case("false");
    a == b || (is_boolean && a.eq_ignore_ascii_case(b))
}

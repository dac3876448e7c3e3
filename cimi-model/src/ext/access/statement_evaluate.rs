//! Whether statements allow something.

use super::pattern::{Lookup, Pattern, Piece, replaced};
use super::statement::{Effect, Principals, Selector, Statement, StatementPolicy};
use super::truth::{Notes, Truth};
use super::{Decision, Identity, Inquiry, Reason, condition};

impl StatementPolicy {
    /// Whether the statements allow the operation. A statement without principal is taken to be about the subject.
    #[must_use]
    pub fn decide(&self, inquiry: &Inquiry<'_>) -> Decision {
        let mut walk =
            Walk { inquiry, variables: self.has_variables(), actions: inquiry.actions(), notes: Notes::default() };
        let version = self.version_is_known(&mut walk.notes);
        let mut allowing = None;
        let mut uncertain = None;
        for (index, statement) in self.statements.iter().enumerate() {
            let name = || Some(statement.sid.clone().unwrap_or_else(|| format!("Statement[{index}]")));
            match (statement.effect, version.and(walk.is_about(statement))) {
                (Effect::Deny, Truth::Yes) => return Decision::new(Reason::Forbidden, name(), walk.notes),
                (Effect::Deny, Truth::Unknown) => uncertain = uncertain.or_else(name),
                (Effect::Allow, Truth::Yes) => allowing = allowing.or_else(name),
                (Effect::Allow, Truth::Unknown) | (_, Truth::No) => {}
            }
        }
        let (reason, rule) = match (uncertain, allowing) {
            (Some(rule), _) => (Reason::NotUnderstood, Some(rule)),
            (None, Some(rule)) => (Reason::Granted, Some(rule)),
            (None, None) => (Reason::NotGranted, None),
        };
        Decision::new(reason, rule, walk.notes)
    }

    fn has_variables(&self) -> bool {
        self.version.as_deref() == Some("2012-10-17")
    }

    fn version_is_known(&self, notes: &mut Notes) -> Truth {
        match self.version.as_deref() {
            None | Some("2012-10-17" | "2008-10-17") => Truth::Yes,
            Some(other) => notes.unknown("the version", other),
        }
    }
}

pub(super) struct Walk<'w> {
    pub(super) inquiry: &'w Inquiry<'w>,
    /// Whether the policy has variables.
    variables: bool,
    actions: Vec<String>,
    pub(super) notes: Notes,
}

impl Walk<'_> {
    fn is_about(&mut self, statement: &Statement) -> Truth {
        let action = self.is_action(&statement.action);
        if action == Truth::No {
            return Truth::No;
        }
        let principal = statement.principal.as_ref().map_or(Truth::Yes, |principals| self.is_principal(principals));
        let resource = statement.resource.as_ref().map_or(Truth::Yes, |resource| self.is_resource(resource));
        let mut found = Truth::all([action, principal, resource]);
        for condition in &statement.conditions {
            if found == Truth::No {
                return Truth::No;
            }
            found = found.and(condition::holds(condition, self));
        }
        let others = statement.extensions.iter();
        others.fold(
            found,
            |found, (name, _)| {
                if found == Truth::No { found } else { found.and(self.notes.unknown("the element", name)) }
            },
        )
    }

    fn is_action(&mut self, selector: &Selector) -> Truth {
        let patterns = selector.patterns.iter().map(|pattern| pattern.to_ascii_lowercase());
        let patterns: Vec<Pattern> = patterns.map(|pattern| Pattern::new(&[Piece::Written(&pattern)])).collect();
        let actions: Vec<String> = self.actions.iter().map(|action| action.to_ascii_lowercase()).collect();
        let found = patterns.iter().any(|pattern| actions.iter().any(|action| pattern.matches(action)));
        Truth::from(found != selector.negated)
    }

    fn is_resource(&mut self, selector: &Selector) -> Truth {
        let found = Truth::any(selector.patterns.iter().map(|pattern| self.is_named(pattern)));
        if selector.negated { found.not() } else { found }
    }

    fn is_named(&mut self, pattern: &str) -> Truth {
        if pattern == "*" {
            return Truth::Yes;
        }
        let Some(pieces) = self.pieces(pattern) else { return Truth::Unknown };
        let whole = Pattern::new(&pieces);
        let arn = arn_pattern(&pieces);
        let mut names = self.inquiry.names();
        names.any(|name| arn.as_ref().map_or_else(|| whole.matches(name), |arn| is_arn_like(arn, name))).into()
    }

    /// A text with its variables replaced; `None` where one has no value.
    pub(super) fn pieces<'t>(&mut self, text: &'t str) -> Option<Vec<Piece<'t>>> {
        let inquiry = self.inquiry;
        let lookup = |key: &str| match inquiry.context(key)?.as_slice() {
            [value] => Some(value.clone()),
            _ => None,
        };
        let lookup: Lookup<'_> = &lookup;
        match replaced(text, self.variables.then_some(lookup)) {
            Ok(pieces) => Some(pieces),
            Err(name) => {
                self.notes.add(|| format!("the variable '{}' has no single value", crate::printable(name)));
                None
            }
        }
    }

    fn is_principal(&mut self, principals: &Principals) -> Truth {
        let mut listed = principals.of.iter().flat_map(|(kind, of)| of.iter().map(move |name| (kind, name)));
        let found = principals.everybody || listed.any(|(kind, name)| self.is_subject(kind, name));
        Truth::from(found != principals.negated)
    }

    fn is_subject(&self, kind: &str, name: &str) -> bool {
        let subject = self.inquiry.subject;
        if name == "*" {
            return true;
        }
        if kind == "CIMI" {
            let identity = match name.split_once('/') {
                Some(("user", name)) => Identity::user(name),
                Some(("group", name)) => Identity::group(name),
                Some(("role", name)) => Identity::role(name),
                _ => return false,
            };
            return subject.is(&identity);
        }
        let is_account = subject.account.as_deref().is_some_and(|account| account == account_of(name));
        is_account || subject.identities().any(|known| known.identity.as_ref().is_some_and(|uri| uri.as_str() == name))
    }
}

/// The account of `arn:aws:iam::ACCOUNT:root`; any other name is its own.
fn account_of(name: &str) -> &str {
    let parts: Vec<&str> = name.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", _, "iam", "", account, "root"] => account,
        _ => name,
    }
}

/// The six patterns of an ARN, if it is one.
pub(super) fn arn_pattern(pieces: &[Piece<'_>]) -> Option<Vec<Pattern>> {
    let begins = matches!(pieces.first(), Some(Piece::Written(text)) if text.starts_with("arn:"));
    let parts = Pattern::split(pieces, 6);
    (begins && parts.len() == 6).then_some(parts)
}

/// Whether a name is an ARN each of whose parts matches.
pub(super) fn is_arn_like(pattern: &[Pattern], name: &str) -> bool {
    let parts: Vec<&str> = name.splitn(6, ':').collect();
    parts.len() == pattern.len() && pattern.iter().zip(parts).all(|(pattern, part)| pattern.matches(part))
}

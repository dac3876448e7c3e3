//! What operations are called.

use std::collections::HashSet;

use cimi_model::meta::Type;

use super::{Api, Path};

/// The names of the resources at a path, one and several: candidates, the best first.
pub(super) struct Nouns {
    candidates: Vec<Noun>,
}

/// What a path leads to.
#[derive(Clone)]
pub(super) struct Noun {
    /// A resource there.
    pub(super) one: String,
    /// All resources there.
    pub(super) many: String,
}

impl Noun {
    fn new(prefix: &str, name: &str) -> Self {
        Self { one: format!("{prefix}{name}"), many: format!("{prefix}{}", plural(name)) }
    }
}

impl Nouns {
    /// The names for a path: by its type, after the resource that it belongs to; by the last part of its URI.
    pub(super) fn of(api: &Api, path: &Path) -> Self {
        let own = type_name(api, item(path.record_type));
        let owner = owners(api, path)
            .map(|owner| type_name(api, owner.record_type))
            .fold(String::new(), |names, name| if name.starts_with(&names) { name } else { names + &name });
        let begins = own.starts_with(&owner);
        let mut candidates = vec![Noun::new(if begins { "" } else { &owner }, &own)];
        if let Some(segment) = literal(&path.template) {
            let one = segment.strip_suffix('s').unwrap_or(&segment);
            candidates.push(Noun { one: format!("{owner}{one}"), many: format!("{owner}{segment}") });
        }
        candidates.push(Noun::new(&owner, &own));
        candidates.extend((2..=MOST).map(|number| Noun::new(&owner, &format!("{own}{number}"))));
        Self { candidates }
    }

    /// Takes the first of the names under which none of these operations is known yet.
    pub(super) fn choose(self, verbs: &[Verb], taken: &mut HashSet<String>) -> Noun {
        let is_free = |noun: &Noun| !verbs.iter().any(|verb| taken.contains(&verb.of(noun)));
        let last = self.candidates.last().cloned();
        let found = self.candidates.into_iter().find(is_free).or(last);
        let noun = found.unwrap_or_else(|| Noun::new("", ""));
        taken.extend(verbs.iter().map(|verb| verb.of(&noun)));
        noun
    }
}

/// As many paths may be called the same. More than a provider has; a limit all the same.
const MOST: usize = 1000;

/// What is done, and to what: the two parts of an `operationId`.
#[derive(Clone, Copy)]
pub(super) struct Verb {
    /// The word.
    pub(super) word: &'static str,
    /// Whether it is done to all resources that are there.
    pub(super) many: bool,
}

impl Verb {
    /// The `operationId`.
    pub(super) fn of(self, noun: &Noun) -> String {
        format!("{}{}", self.word, if self.many { &noun.many } else { &noun.one })
    }
}

/// The type of the members of a collection; any other type itself.
pub(super) fn item(record_type: &'static Type) -> &'static Type {
    record_type.members.map_or(record_type, |members| (members.item)())
}

/// The name of a type, which begins with a capital letter.
pub(super) fn type_name(api: &Api, record_type: &Type) -> String {
    upper_first(record_type.name_in(api.dialect))
}

/// The resources with a variable URI that a path lies below, from the outside in.
fn owners<'a>(api: &'a Api, path: &'a Path) -> impl Iterator<Item = &'a Path> {
    let is_above = |template: &str| {
        path.template.strip_prefix(template).is_some_and(|rest| rest.starts_with('/') && rest.len() > 1)
    };
    let is_variable = |other: &Path| other.record_type.members.is_none() && other.template.contains('{');
    let mut above: Vec<&Path> =
        api.paths.iter().filter(|other| is_variable(other) && is_above(&other.template)).collect();
    above.sort_by_key(|other| other.template.len());
    above.dedup_by_key(|other| &other.template);
    above.into_iter()
}

/// The last part of a template that is not variable, as a part of a name.
fn literal(template: &str) -> Option<String> {
    let is_name = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
    template.rsplit(['/', '?', '=', '&']).find(is_name).map(upper_first)
}

pub(super) fn upper_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn plural(name: &str) -> String {
    match name {
        name if name.ends_with("Metadata") => name.to_owned(),
        name if name.ends_with('s') => format!("{name}es"),
        name => format!("{name}s"),
    }
}

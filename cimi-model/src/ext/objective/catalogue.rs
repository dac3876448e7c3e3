//! What a provider offers, and what is chosen of it.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{SERVICE_LEVEL, ServiceLevel, ServiceLevelObjective, ServiceTier};
use crate::reflect::{Described, Record};
use crate::validate::{Problem, Rule, Severity};
use crate::{Error, ErrorKind, Ref, Result, Uri, printable, template};

/// The tiers and objectives that a provider offers, found by their ids.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "callers make it of what they have read")]
pub struct Catalogue {
    /// The tiers, best in the order of their price.
    pub tiers: Vec<ServiceTier>,
    /// The objectives that tiers, templates and resources refer to.
    pub objectives: Vec<ServiceLevelObjective>,
}

impl Catalogue {
    /// The tier of a reference: the one with the id, with what the reference has beside that in place of its own
    /// (4.2.1.1), or the one by value.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] when there is no such tier, or the reference is empty. URIs are compared as they are
    /// written; where some are relative, resolve them first.
    pub fn tier<'a>(&'a self, reference: &'a Ref<ServiceTier>) -> Result<Cow<'a, ServiceTier>> {
        target(reference, |href| self.tiers.iter().find(|tier| tier.id.as_ref() == Some(href)))
    }

    /// The objective of a reference, as [`tier`](Self::tier) finds tiers.
    ///
    /// # Errors
    /// As [`tier`](Self::tier).
    pub fn objective<'a>(
        &'a self,
        reference: &'a Ref<ServiceLevelObjective>,
    ) -> Result<Cow<'a, ServiceLevelObjective>> {
        target(reference, |href| self.objectives.iter().find(|objective| objective.id.as_ref() == Some(href)))
    }

    /// The objectives of a tier.
    ///
    /// # Errors
    /// As [`tier`](Self::tier), with the path of the reference.
    pub fn objectives_of(&self, tier: &ServiceTier) -> Result<Vec<ServiceLevelObjective>> {
        self.index().objectives_of(tier)
    }

    /// The objectives that a service level means: those of its tier, then its own.
    ///
    /// # Errors
    /// As [`tier`](Self::tier), with the path of the reference.
    pub fn in_force(&self, level: &ServiceLevel) -> Result<Vec<ServiceLevelObjective>> {
        let index = self.index();
        let mut objectives = Vec::new();
        if let Some(reference) = &level.tier {
            let tier = self.tier(reference).map_err(|error| error.at_path("/serviceLevel/tier"))?;
            objectives = index.objectives_of(&tier)?;
        }
        objectives.extend(index.found(&level.objectives, "/serviceLevel")?);
        Ok(objectives)
    }

    /// The objectives by their ids.
    pub(super) fn index(&self) -> Index<'_> {
        let mut objectives = HashMap::new();
        for objective in &self.objectives {
            if let Some(id) = &objective.id {
                objectives.entry(id).or_insert(objective);
            }
        }
        Index { objectives }
    }

    /// What is wrong with a service level that is asked for, for a type of resource: it refers to what is not offered, or
    /// not for such a type, or its objectives cannot be evaluated. Paths begin with `/serviceLevel`.
    #[must_use]
    pub fn problems(&self, level: &ServiceLevel, type_name: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut add = |path: &str, rule, text: &str| {
            problems.push(Problem::new(path, rule, Severity::Error, "", text));
        };
        let misplaced = format!("this is not offered for a {}", printable(type_name));
        match level.tier.as_ref().map(|reference| self.tier(reference)) {
            Some(Err(error)) => add("/serviceLevel/tier", Rule::Reference, error.reason()),
            Some(Ok(tier)) if !applies(&tier.applies_to, type_name) => {
                add("/serviceLevel/tier", Rule::Consistency, &misplaced);
            }
            _ => {}
        }
        let known = self.index();
        for (index, reference) in level.objectives.iter().enumerate() {
            let path = format!("/serviceLevel/objectives[{index}]");
            let objective = match known.objective(reference) {
                Ok(objective) => objective,
                Err(error) => {
                    add(&path, Rule::Reference, error.reason());
                    continue;
                }
            };
            if !applies(&objective.applies_to, type_name) {
                add(&path, Rule::Consistency, &misplaced);
            }
            for problem in objective.problems() {
                add(&problem.path.replacen("/ServiceLevelObjective", &path, 1), problem.rule, &problem.text);
            }
        }
        problems
    }

    /// The tiers that can be chosen for a type of resource, in their order.
    pub fn tiers_for(&self, type_name: &str) -> impl Iterator<Item = &ServiceTier> {
        self.tiers.iter().filter(move |tier| applies(&tier.applies_to, type_name))
    }
}

/// The objectives of a catalogue, found at once.
pub(super) struct Index<'a> {
    objectives: HashMap<&'a Uri, &'a ServiceLevelObjective>,
}

impl<'a> Index<'a> {
    fn objective<'r>(&self, reference: &'r Ref<ServiceLevelObjective>) -> Result<Cow<'r, ServiceLevelObjective>>
    where
        'a: 'r,
    {
        target(reference, |href| self.objectives.get(href).copied())
    }

    pub(super) fn objectives_of(&self, tier: &ServiceTier) -> Result<Vec<ServiceLevelObjective>> {
        self.found(&tier.objectives, "/ServiceTier")
    }

    fn found(&self, references: &[Ref<ServiceLevelObjective>], path: &str) -> Result<Vec<ServiceLevelObjective>> {
        let each = references.iter().enumerate().map(|(index, reference)| {
            let found = self.objective(reference).map(Cow::into_owned);
            found.map_err(|error| error.at_path(format!("{path}/objectives[{index}]")))
        });
        each.collect()
    }
}

/// Whether a type is among those of a list, or that is empty.
pub(in crate::ext) fn applies(types: &[Uri], name: &str) -> bool {
    types.is_empty() || types.iter().any(|uri| uri.as_str().rsplit('/').next() == Some(name))
}

pub(in crate::ext) fn target<'a, T: Described + Clone>(
    reference: &'a Ref<T>,
    find: impl FnOnce(&Uri) -> Option<&'a T>,
) -> Result<Cow<'a, T>> {
    let name = T::described().name;
    let fail = |text: String| Error::new(ErrorKind::Value, text);
    let Some(href) = &reference.href else {
        let value = reference.value.as_deref().ok_or_else(|| fail(format!("there is no {name} in the reference")))?;
        return Ok(Cow::Borrowed(value));
    };
    let found = find(href).ok_or_else(|| fail(format!("there is no {name} '{}'", printable(href.as_str()))))?;
    let Some(overrides) = &reference.value else { return Ok(Cow::Borrowed(found)) };
    let merged = template::merge(found, &**overrides)?.into_any().downcast::<T>();
    merged.map(|merged| Cow::Owned(*merged)).map_err(|_| fail(format!("expected a {name}")))
}

/// Gives a resource the service level that the template chooses from which it is made; whether there is one.
///
/// # Errors
/// When what the template has is not a service level, with its path.
pub fn carry(template: &dyn Record, resource: &mut dyn Record) -> Result<bool> {
    SERVICE_LEVEL.carry(template, resource)
}

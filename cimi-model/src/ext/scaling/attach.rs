//! Policies where they stand.

use std::collections::{HashMap, HashSet};

use super::{AutoScaling, ScalingKind, ScalingPolicy};
use crate::ext::objective::target;
use crate::reflect::Record;
use crate::validate::{Problem, Rule, Severity};
use crate::{Result, SystemTemplate, attributes, printable};

/// What a resource has that policies of it can be for, besides itself.
const PARTS: &[(&str, &[&str])] =
    &[("Machine", &["Volume", "Disk", "NetworkInterface"]), ("Volume", &[]), ("NetworkInterface", &[])];

impl AutoScaling {
    /// The policies, those by reference from the ones that the provider has stored. What a reference has besides the URI
    /// replaces what the target has (4.2.1.1).
    ///
    /// # Errors
    /// [`ErrorKind::Value`](crate::ErrorKind::Value) with the path of the reference, when there is no such policy, or the
    /// reference is empty. URIs are compared as they are written; where some are relative, resolve them first.
    pub fn in_force(&self, stored: &[ScalingPolicy]) -> Result<Vec<ScalingPolicy>> {
        let mut known = HashMap::new();
        for policy in stored {
            if let Some(id) = &policy.id {
                known.entry(id).or_insert(policy);
            }
        }
        let each = self.policies.iter().enumerate().map(|(index, reference)| {
            let found = target(reference, |href| known.get(href).copied());
            found.map(std::borrow::Cow::into_owned).map_err(|error| error.at_path(path(index)))
        });
        each.collect()
    }

    /// What is wrong with the policies that a resource or template asks for: those by value cannot be applied or are for
    /// what it does not have, components that a `SystemTemplate` does not describe, and names that two of them share.
    /// Paths begin with `/autoScaling`.
    ///
    /// ```
    /// use cimi_model::{Ref, System};
    /// use cimi_model::ext::scaling::{AutoScaling, ScalingPolicy};
    ///
    /// let policies = vec![Ref::to("policies/1"), Ref::by_value(ScalingPolicy::default())];
    /// let scaling = AutoScaling { policies, ..Default::default() };
    /// assert!(scaling.problems(&System::default())[0].path.starts_with("/autoScaling/policies[1]/"));
    /// ```
    #[must_use]
    pub fn problems(&self, owner: &dyn Record) -> Vec<Problem> {
        let components = owner.as_any().downcast_ref::<SystemTemplate>().map(described);
        let mut problems = Vec::new();
        let mut names = HashSet::new();
        for (index, reference) in self.policies.iter().enumerate() {
            let path = path(index);
            let mut add = |path: String, rule, text: String| {
                problems.push(Problem::new(path, rule, Severity::Error, "", text));
            };
            let Some(policy) = reference.value.as_deref() else {
                if reference.href.is_none() {
                    add(path, Rule::Reference, "there is no ScalingPolicy in the reference".to_owned());
                }
                continue;
            };
            if let Some(name) = policy.name.as_deref().filter(|name| !names.insert(*name)) {
                add(
                    format!("{path}/name"),
                    Rule::Duplicate,
                    format!("another policy has the name '{}'", printable(name)),
                );
            }
            // Beside a reference, these are just what differs from its target.
            if reference.href.is_some() {
                continue;
            }
            if let Some(text) = misplaced(policy, owner.record_type().name) {
                add(format!("{path}/resourceType"), Rule::Consistency, text);
            }
            for (place, name) in policy.components.iter().enumerate() {
                if components.as_ref().is_some_and(|components| !components.contains(name.as_str())) {
                    let text = format!("no component has the name '{}'", printable(name));
                    add(format!("{path}/components[{place}]"), Rule::Symbol, text);
                }
            }
            problems.extend(policy.problems().into_iter().map(|mut problem| {
                problem.path = problem.path.replacen("/ScalingPolicy", &path, 1);
                problem
            }));
        }
        problems
    }
}

fn path(index: usize) -> String {
    format!("/autoScaling/policies[{index}]")
}

/// The names of the components of a template.
fn described(template: &SystemTemplate) -> HashSet<&str> {
    template.component_descriptors.iter().filter_map(|descriptor| descriptor.name.as_deref()).collect()
}

impl ScalingPolicy {
    /// Whether the policy is for a resource of the System or Machine that has it: it is of the type, and among the
    /// resources or components if the policy names any.
    ///
    /// ```
    /// use cimi_model::Machine;
    /// use cimi_model::ext::scaling::ScalingPolicy;
    ///
    /// let policy = ScalingPolicy {
    ///     resource_type: Some("http://schemas.dmtf.org/cimi/2/Machine".into()),
    ///     components: vec!["web".into()],
    ///     ..Default::default()
    /// };
    /// let machine = |name: &str| Machine { name: Some(name.into()), ..Default::default() };
    /// assert!(policy.concerns(&machine("web")) && policy.concerns(&machine("web12")));
    /// assert!(!policy.concerns(&machine("balancer")) && !policy.concerns(&machine("web-db1")));
    /// ```
    #[must_use]
    pub fn concerns(&self, resource: &dyn Record) -> bool {
        if resource.record_type().name != self.type_name() {
            return false;
        }
        let is_named = || {
            let name = attributes::text(resource, "name").unwrap_or("");
            let mut numbers = self.components.iter().filter_map(|component| name.strip_prefix(component.as_str()));
            numbers.any(|number| number.bytes().all(|digit| digit.is_ascii_digit()))
        };
        let is_listed = || {
            let id = attributes::text(resource, "id");
            let mut hrefs = self.resources.iter().filter_map(|reference| reference.href.as_ref());
            hrefs.any(|href| Some(href.as_str()) == id)
        };
        (self.components.is_empty() && self.resources.is_empty()) || is_named() || is_listed()
    }
}

/// Why a policy says nothing about a type.
fn misplaced(policy: &ScalingPolicy, owner: &str) -> Option<String> {
    let of = owner.strip_suffix("Template").unwrap_or(owner);
    let (_, parts) = PARTS.iter().find(|(name, _)| *name == of)?;
    let type_name = policy.type_name();
    let itself = type_name == of && policy.kind != Some(ScalingKind::OutIn);
    let text = || format!("a {} is no part of a {}", printable(type_name), printable(owner));
    (!type_name.is_empty() && !itself && !parts.contains(&type_name)).then(text)
}

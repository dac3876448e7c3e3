//! Policies that go along where resources go (DSP2042 4.3.1, step 4).

use super::policy_set::resolved;
use super::{ACCESS_POLICY, AccessPolicy, PolicyContent, PolicyStore};
use crate::reflect::{Record, Slot, View};
use crate::{Any, Error, ErrorKind, Ref, Result, Uri, printable};

/// A policy that a resource has, on its way to another provider.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CarriedPolicy {
    /// Where it stands, from the root: `/System/machines[0]/accessPolicy`.
    pub path: String,
    /// The policy that the resource referred to.
    pub policy: Option<Uri>,
    /// The document that the policy referred to.
    pub document: Option<Uri>,
    /// Why it does not go along, if it does not: what is not found stays a reference, which means nothing elsewhere.
    pub lack: Option<String>,
}

/// Puts the policies that a resource and all that it holds by value refer to in place of the references, with their
/// documents, so that they can go to another provider with it or into a package.
///
/// What the former provider alone knows is left out: the id of the policy, its times and operations. Policies that
/// stand by value already are told of as well.
///
/// # Errors
/// When a policy is not what its table says, or resources are nested deeper than documents can be. Nothing is changed
/// then.
pub fn embed(resource: &mut dyn Record, store: &dyn PolicyStore) -> Result<Vec<CarriedPolicy>> {
    let mut found = Vec::new();
    let root = format!("/{}", resource.record_type().name);
    walk(resource, &root, 0, &mut |record, path| {
        let references = ACCESS_POLICY.refs(record)?;
        for (index, reference) in references.iter().enumerate() {
            let index = if references.len() > 1 { format!("[{index}]") } else { String::new() };
            found.push(carried(reference, store, format!("{path}/{}{index}", ACCESS_POLICY.name)).0);
        }
        Ok(())
    })?;
    walk(resource, &root, 0, &mut |record, _| {
        let references = ACCESS_POLICY.refs(record)?;
        let embedded: Vec<Ref<AccessPolicy>> =
            references.iter().map(|reference| carried(reference, store, String::new()).1).collect();
        if embedded == references { Ok(()) } else { ACCESS_POLICY.set_refs(record, &embedded) }
    })?;
    Ok(found)
}

/// Gives a resource the policies of another: of the template from which it is made, or that is made of it. Whether
/// there are any.
///
/// # Errors
/// When what the other has are not policies, with the path.
pub fn carry(from: &dyn Record, to: &mut dyn Record) -> Result<bool> {
    let references = ACCESS_POLICY.refs(from)?;
    if references.is_empty() {
        return Ok(false);
    }
    ACCESS_POLICY.set_refs(to, &references)?;
    Ok(true)
}

/// A policy by value, or as it is where it is not found.
fn carried(reference: &Ref<AccessPolicy>, store: &dyn PolicyStore, path: String) -> (CarriedPolicy, Ref<AccessPolicy>) {
    let mut told = CarriedPolicy { path, policy: reference.href.clone(), document: None, lack: None };
    let mut policy = match resolved(reference, store) {
        Ok(policy) => policy,
        Err(reason) => {
            told.lack = Some(reason);
            return (told, reference.clone());
        }
    };
    match policy.content() {
        Ok(Some(PolicyContent::Reference(href))) => {
            told.document = Some(href.clone());
            match store.document(&href) {
                Some(text) => policy.policy_document = Some(Any::from(text)),
                None => told.lack = Some(format!("there is no document '{}'", printable(href.as_str()))),
            }
        }
        Ok(Some(_)) => {}
        Ok(None) => told.lack = Some("the policy has no document".to_owned()),
        Err(error) => told.lack = Some(error.to_string()),
    }
    (policy.id, policy.created, policy.updated, policy.parent) = (None, None, None, None);
    policy.resource_metadata = None;
    policy.operations.clear();
    (told, Ref::by_value(policy))
}

/// Documents are not nested deeper.
const DEEPEST: usize = 64;

type Visit<'v> = &'v mut dyn FnMut(&mut dyn Record, &str) -> Result<()>;

/// Calls a function for a record and for all that it holds by value. Recursive; the depth is bounded.
fn walk(record: &mut dyn Record, path: &str, depth: usize, visit: Visit<'_>) -> Result<()> {
    if depth > DEEPEST {
        let text = format!("resources are nested deeper than {DEEPEST} levels");
        return Err(Error::new(ErrorKind::Limit, text).at_path(path));
    }
    visit(record, path)?;
    for (index, attribute) in record.record_type().attributes.iter().enumerate() {
        let Some(value) = record.get_mut(index) else { continue };
        let path = format!("{path}/{}", attribute.name);
        if matches!(value.view(), View::Ref(_) | View::Record(_) | View::List(_)) {
            walk_slot(value.slot(), &path, depth, visit)?;
        }
    }
    Ok(())
}

fn walk_slot(slot: Slot<'_>, path: &str, depth: usize, visit: Visit<'_>) -> Result<()> {
    match slot {
        Slot::Ref(reference) if reference.record().is_some() => walk(reference.record_mut(), path, depth + 1, visit),
        Slot::Record(record) => walk(record, path, depth + 1, visit),
        Slot::List(list) => {
            for index in 0..list.len() {
                if let Some(slot) = list.item_mut(index) {
                    walk_slot(slot, &format!("{path}[{index}]"), depth, visit)?;
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

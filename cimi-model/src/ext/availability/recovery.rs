//! Recovery from disasters as a service, and back (DSP0263 5.13.3.2).

use super::DisasterRecovery;
use super::reliability::others;
use super::report::{Translated, Unsaid, beside};
use crate::reflect::{Item, Resource, Shape};
use crate::resources::service_type;
use crate::{
    Collection, DisasterRecoveryParameters, Error, ErrorKind, Machine, ReadOptions, Ref, Result, SystemService, Uri,
    Volume, attributes,
};

/// Machines and Volumes that outlive their data center.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "callers make it of what they know")]
pub struct Recovery {
    /// How.
    pub recovery: DisasterRecovery,
    /// The Machines.
    pub machines: Vec<Uri>,
    /// The Volumes.
    pub volumes: Vec<Uri>,
}

/// The service that recovers these resources from a disaster. It has no word for how Volumes are copied.
///
/// ```
/// use cimi_model::ext::availability::{DisasterRecovery, Recovery, disaster_recovery, recovery};
///
/// let how = DisasterRecovery { backup_data_center: Some("http://example.com/dc2".into()), ..Default::default() };
/// let what = Recovery { recovery: how, machines: vec!["m/1".into()], volumes: vec!["v/1".into()] };
/// let service = disaster_recovery(&what)?;
/// assert!(service.is_whole() && service.value.is_disaster_recovery());
/// assert_eq!(recovery(&service.value)?.value, what);
/// # Ok::<(), cimi_model::Error>(())
/// ```
///
/// # Errors
/// When a value cannot be written.
pub fn disaster_recovery(recovery: &Recovery) -> Result<Translated<SystemService>> {
    let mut unsaid = Vec::new();
    let how = &recovery.recovery;
    beside(
        how,
        "/disasterRecovery",
        &["backupDataCenter", "backupCEP"],
        "a service has no such parameter",
        &mut unsaid,
    );
    let mut service = SystemService {
        service_type: Some(service_type::DISASTER_RECOVERY.into()),
        machines: collection(&recovery.machines, |id| Machine { id, ..Machine::default() }),
        volumes: collection(&recovery.volumes, |id| Volume { id, ..Volume::default() }),
        ..SystemService::default()
    };
    service.parameters.write_keys(&DisasterRecoveryParameters {
        backup_data_center: how.backup_data_center.clone(),
        backup_cep: how.backup_cep.clone(),
        ..DisasterRecoveryParameters::default()
    })?;
    Ok(Translated::new(service, unsaid))
}

fn collection<T>(uris: &[Uri], make: impl Fn(Option<Uri>) -> T) -> Option<Ref<Collection<T>>> {
    let members = uris.iter().map(|uri| make(Some(uri.clone())));
    (!uris.is_empty()).then(|| Ref::by_value(members.collect()))
}

/// What a service for disaster recovery recovers, and how. Its collections are to be expanded.
///
/// # Errors
/// [`ErrorKind::Value`] when the service is not one for disaster recovery.
pub fn recovery(service: &SystemService) -> Result<Translated<Recovery>> {
    if !service.is_disaster_recovery() {
        let error = Error::new(ErrorKind::Value, "this is not a service for disaster recovery");
        return Err(error.at_path("/SystemService/serviceType"));
    }
    let mut unsaid = Vec::new();
    let keys = service.parameters.read_keys::<DisasterRecoveryParameters>(&ReadOptions::default())?.value;
    let said = ["serviceType", "machines", "volumes", "parameters"];
    beside(service, "/SystemService", &said, "there is no such attribute", &mut unsaid);
    others(&service.parameters, &["backupDataCenter", "backupCEP"], "/SystemService", &keys, &mut unsaid);
    let found = Recovery {
        recovery: DisasterRecovery {
            backup_data_center: keys.backup_data_center.clone(),
            backup_cep: keys.backup_cep.clone(),
            ..DisasterRecovery::default()
        },
        machines: members(service.machines.as_ref(), "machines", &mut unsaid),
        volumes: members(service.volumes.as_ref(), "volumes", &mut unsaid),
    };
    Ok(Translated::new(found, unsaid))
}

/// The URIs of the members of a collection.
fn members<T: Resource + Item + Shape>(
    reference: Option<&Ref<Collection<T>>>,
    name: &str,
    unsaid: &mut Vec<Unsaid>,
) -> Vec<Uri> {
    let Some(reference) = reference else { return Vec::new() };
    let path = format!("/SystemService/{name}");
    let Some(collection) = reference.value.as_deref() else {
        unsaid.push(Unsaid::new(path, "the collection is not expanded"));
        return Vec::new();
    };
    let mut uris = Vec::new();
    for (index, member) in collection.items.iter().enumerate() {
        match attributes::text(member, "id") {
            Some(id) => uris.push(id.into()),
            None => unsaid.push(Unsaid::new(format!("{path}/{name}[{index}]/id"), "it has no id")),
        }
    }
    uris
}

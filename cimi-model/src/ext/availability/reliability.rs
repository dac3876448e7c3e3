//! Clusters as services for high reliability, and back (DSP0263 5.13.3.1, 5.13.6.1).

use super::chains::{Cluster, join, split};
use super::report::{Translated, Unsaid, beside};
use super::{ClusterType, HighAvailability};
use crate::json::{from_any, to_any};
use crate::resources::service_type;
use crate::{
    Any, Collection, Dialect, Error, ErrorKind, HighReliabilityDescriptor, HighReliabilityParameters, Map, ReadOptions,
    RecoverableMachine, Result, ServiceDescriptor, SystemService, Uri, WriteOptions,
};

/// A service with the Machines in its care.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "callers make it of what they have read")]
pub struct Care {
    /// The service.
    pub service: SystemService,
    /// The Machines, each with its backup: what `machines` of the service refers to.
    pub machines: Collection<RecoverableMachine>,
}

/// The service that keeps these clusters available. What they say of heartbeats and copies is said once for all of
/// them, as the first has it.
///
/// ```
/// use cimi_model::ext::availability::{Cluster, ClusterType, HighAvailability, high_reliability};
///
/// let availability = HighAvailability { cluster_type: Some(ClusterType::Active), nodes: Some(3), ..Default::default() };
/// let cluster = Cluster { availability, nodes: vec!["m/1".into(), "m/2".into(), "m/3".into()] };
/// let care = high_reliability(&[cluster.clone()])?;
/// assert!(care.is_whole());
/// // A daisy-chain: the second backup is that of the first.
/// assert_eq!(care.value.machines.items.len(), 2);
/// assert_eq!(care.value.clusters()?.value, [cluster]);
/// # Ok::<(), cimi_model::Error>(())
/// ```
///
/// # Errors
/// When a value cannot be written.
pub fn high_reliability(clusters: &[Cluster]) -> Result<Translated<Care>> {
    let mut unsaid = Vec::new();
    let common = clusters.first().map(|cluster| cluster.availability.clone()).unwrap_or_default();
    for (index, cluster) in clusters.iter().enumerate() {
        let path = format!("/clusters[{index}]/highAvailability");
        compare(&common, &cluster.availability, &path, &mut unsaid);
        let count = i64::try_from(cluster.nodes.len()).ok();
        let said = cluster.availability.cluster_type == Some(ClusterType::Active) && count > Some(1);
        if let Some(nodes) = cluster.availability.nodes.filter(|nodes| !said || Some(*nodes) != count) {
            let text = format!("the service has the Machines alone, of which there are {}", cluster.nodes.len());
            unsaid.push(Unsaid::new(format!("{path}/node"), format!("not {nodes}: {text}")));
        }
    }
    let mut service = SystemService {
        service_type: Some(type_of(&common, "/clusters[0]/highAvailability", &mut unsaid)),
        ..SystemService::default()
    };
    service.parameters.write_keys(&HighReliabilityParameters {
        heartbeat: common.heartbeat,
        replication_type: common.replication_type,
        rpo: common.rpo,
        ..HighReliabilityParameters::default()
    })?;
    let machines = join(clusters, &mut unsaid);
    Ok(Translated::new(Care { service, machines }, unsaid))
}

/// What a cluster says otherwise than the first one, and what only this project's table could say.
fn compare(common: &HighAvailability, own: &HighAvailability, path: &str, unsaid: &mut Vec<Unsaid>) {
    for (name, differs) in [
        ("type", own.cluster_type != common.cluster_type),
        ("heartbeat", own.heartbeat != common.heartbeat),
        ("replicationType", own.replication_type != common.replication_type),
        ("RPO", own.rpo != common.rpo),
    ] {
        if differs {
            unsaid.push(Unsaid::new(format!("{path}/{name}"), "a service has one for all Machines, that of the first"));
        }
    }
    for extension in &own.extensions {
        unsaid.push(Unsaid::new(format!("{path}/{}", extension.key()), "a service has no such parameter"));
    }
}

/// The type of a service for clusters of this type.
fn type_of(availability: &HighAvailability, path: &str, unsaid: &mut Vec<Unsaid>) -> Uri {
    let name = availability.cluster_type.as_ref().map(ClusterType::as_str);
    match name {
        None => service_type::HIGH_RELIABILITY.into(),
        Some(name) if is_path(name) => format!("{}/{name}", service_type::HIGH_RELIABILITY).into(),
        Some(_) => {
            unsaid.push(Unsaid::new(format!("{path}/type"), "this cannot stand in the URI of a type of service"));
            service_type::HIGH_RELIABILITY.into()
        }
    }
}

/// Whether a name can stand at the end of a URI, and be read there again.
fn is_path(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    !name.is_empty() && name.split('/').all(|part| !part.is_empty() && part.chars().all(plain))
}

/// What follows the URI of services for high reliability, if a service is one.
fn beyond(service: &Uri) -> Option<&str> {
    let (_, name) = Dialect::split_uri(service.as_str())?;
    let (_, of_standard) = Dialect::split_uri(service_type::HIGH_RELIABILITY)?;
    let rest = name.strip_prefix(of_standard)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

impl Care {
    /// A service with the Machines that stand in it; none where `machines` is not expanded.
    ///
    /// # Errors
    /// When a Machine has a value that no limit admits.
    pub fn of(service: &SystemService) -> Result<Self> {
        let mut service = service.clone();
        let expanded = service.machines.as_mut().and_then(|machines| machines.value.take());
        let items = expanded.map(|machines| machines.items).unwrap_or_default();
        if service.machines.as_ref().is_some_and(|machines| machines.href.is_none()) {
            service.machines = None;
        }
        let read = items.iter().map(|machine| {
            let mut value = to_any(machine, WriteOptions::default())?;
            if let Any::Object(members) = &mut value {
                members.remove("resourceURI");
            }
            Ok(from_any::<RecoverableMachine>(&value, &ReadOptions::default())?.value)
        });
        let items: Vec<RecoverableMachine> = read.collect::<Result<_>>()?;
        Ok(Self { service, machines: items.into_iter().collect() })
    }

    /// The clusters that the service keeps available, in the order of its Machines. Active ones say how many nodes they
    /// have. Where several Machines have the same backup, the first goes on with the backups of that.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] when the service is not one for high reliability.
    pub fn clusters(&self) -> Result<Translated<Vec<Cluster>>> {
        let mut unsaid = Vec::new();
        let service = &self.service;
        let keys = service.parameters.read_keys::<HighReliabilityParameters>(&ReadOptions::default())?.value;
        let availability = HighAvailability {
            cluster_type: known_type(service.service_type.as_ref(), "/SystemService")?,
            heartbeat: keys.heartbeat,
            replication_type: keys.replication_type.clone(),
            rpo: keys.rpo,
            ..HighAvailability::default()
        };
        let text = "a cluster has no such attribute";
        beside(service, "/SystemService", &["serviceType", "machines", "parameters"], text, &mut unsaid);
        others(&service.parameters, &["heartbeat", "replicationType", "RPO"], "/SystemService", &keys, &mut unsaid);
        let chains = split(&self.machines, &mut unsaid);
        let clusters = chains.into_iter().map(|nodes| {
            let active = availability.cluster_type == Some(ClusterType::Active) && nodes.len() > 1;
            let count = i64::try_from(nodes.len()).ok().filter(|_| active);
            Cluster { availability: HighAvailability { nodes: count, ..availability.clone() }, nodes }
        });
        Ok(Translated::new(clusters.collect(), unsaid))
    }
}

/// The type of cluster that a type of service stands for; none for the type without a path behind it.
fn known_type(service: Option<&Uri>, path: &str) -> Result<Option<ClusterType>> {
    let rest = service.and_then(beyond).ok_or_else(|| {
        let error = Error::new(ErrorKind::Value, "this is not a service for high reliability");
        error.at_path(format!("{path}/serviceType"))
    })?;
    Ok(Some(rest).filter(|rest| !rest.is_empty()).map(ClusterType::from))
}

/// The parameters that are not said, or have values that were not understood.
pub(super) fn others(
    parameters: &Map,
    said: &[&str],
    path: &str,
    keys: &dyn crate::reflect::Record,
    unsaid: &mut Vec<Unsaid>,
) {
    for (key, _) in parameters.iter() {
        if !said.contains(&key) || keys.extensions().get(key).is_some() {
            unsaid.push(Unsaid::new(format!("{path}/parameters['{key}']"), "a cluster has no such attribute"));
        }
    }
}

/// The descriptor of a service that keeps components of a `SystemTemplate` available, given by their names. The
/// provider makes one backup of each.
///
/// ```
/// use cimi_model::ext::availability::{ClusterType, HighAvailability, descriptor, of_descriptor};
///
/// let availability = HighAvailability { cluster_type: Some(ClusterType::Active), nodes: Some(2), ..Default::default() };
/// let found = descriptor(&availability, &["web"])?;
/// assert!(found.is_whole());
/// assert_eq!(of_descriptor(&found.value)?.value, (availability, vec!["web".to_owned()]));
/// # Ok::<(), cimi_model::Error>(())
/// ```
///
/// # Errors
/// When a value cannot be written.
pub fn descriptor(availability: &HighAvailability, components: &[&str]) -> Result<Translated<ServiceDescriptor>> {
    let mut unsaid = Vec::new();
    let path = "/highAvailability";
    compare(availability, availability, path, &mut unsaid);
    let said = availability.cluster_type == Some(ClusterType::Active);
    if let Some(nodes) = availability.nodes.filter(|nodes| !said || *nodes != 2) {
        unsaid.push(Unsaid::new(format!("{path}/node"), format!("not {nodes}: a descriptor stands for one backup")));
    }
    let mut found = ServiceDescriptor {
        service_type: Some(type_of(availability, path, &mut unsaid)),
        ..ServiceDescriptor::default()
    };
    found.parameters.write_keys(&HighReliabilityDescriptor {
        machines: components.iter().map(|name| format!("#{name}")).collect(),
        heartbeat: availability.heartbeat,
        replication_type: availability.replication_type.clone(),
        rpo: availability.rpo,
        ..HighReliabilityDescriptor::default()
    })?;
    Ok(Translated::new(found, unsaid))
}

/// The availability that a descriptor describes, and the names of the components.
///
/// # Errors
/// [`ErrorKind::Value`] when it is not one of a service for high reliability.
pub fn of_descriptor(descriptor: &ServiceDescriptor) -> Result<Translated<(HighAvailability, Vec<String>)>> {
    let mut unsaid = Vec::new();
    let path = "/serviceDescriptor";
    let keys = descriptor.parameters.read_keys::<HighReliabilityDescriptor>(&ReadOptions::default())?.value;
    let cluster_type = known_type(descriptor.service_type.as_ref(), path)?;
    let active = cluster_type == Some(ClusterType::Active);
    let availability = HighAvailability {
        cluster_type,
        nodes: active.then_some(2),
        heartbeat: keys.heartbeat,
        replication_type: keys.replication_type.clone(),
        rpo: keys.rpo,
        ..HighAvailability::default()
    };
    beside(descriptor, path, &["serviceType", "parameters"], "a cluster has no such attribute", &mut unsaid);
    let said = ["machines", "heartbeat", "replicationType", "RPO"];
    others(&descriptor.parameters, &said, path, &keys, &mut unsaid);
    let mut components = Vec::new();
    for (index, machine) in keys.machines.iter().enumerate() {
        if let Some(name) = machine.strip_prefix('#') {
            components.push(name.to_owned());
        } else {
            let path = format!("{path}/parameters['machines'][{index}]");
            unsaid.push(Unsaid::new(path, "this is not the name of a component"));
        }
    }
    Ok(Translated::new((availability, components), unsaid))
}

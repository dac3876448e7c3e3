//! What the words of CIMI are in CADF, as data. The standards map none of them; each word has a path of its own, so that
//! the path says what the word was.

use cimi_model::{Dialect, EventOutcome, JobState, Uri};

use super::encoding::{plain, segment};
use crate::{Path, outcome};

/// The types of resources of CIMI, and their paths in the taxonomy of resources. Types that only 1.x has say so.
const TYPES: &[(&str, &str, Dialect)] = &[
    ("CloudEntryPoint", "service/cloudEntryPoint", Dialect::V2),
    ("ResourceMetadata", "data/catalog/resourceMetadata", Dialect::V2),
    ("System", "service/composition/system", Dialect::V2),
    ("SystemTemplate", "data/template/system", Dialect::V2),
    ("SystemService", "service/composition/systemService", Dialect::V2),
    ("SystemSystem", "service/composition/system/systemSystem", Dialect::V1),
    ("Machine", "compute/machine", Dialect::V2),
    ("RecoverableMachine", "compute/machine/recoverable", Dialect::V2),
    ("SystemMachine", "compute/machine/systemMachine", Dialect::V1),
    ("MachineTemplate", "data/template/machine", Dialect::V2),
    ("MachineConfiguration", "data/config/machine", Dialect::V2),
    ("MachineImage", "data/image/machine", Dialect::V2),
    ("MachineSnapshot", "data/image/machine/machineSnapshot", Dialect::V1),
    ("Credential", "data/security/credential", Dialect::V2),
    ("CredentialTemplate", "data/template/credential", Dialect::V2),
    ("SystemCredential", "data/security/credential/systemCredential", Dialect::V1),
    ("Volume", "storage/volume", Dialect::V2),
    ("Disk", "storage/volume/disk", Dialect::V2),
    ("locatedVolume", "storage/volume/located", Dialect::V2),
    ("SystemVolume", "storage/volume/systemVolume", Dialect::V1),
    ("VolumeTemplate", "data/template/volume", Dialect::V2),
    ("VolumeConfiguration", "data/config/volume", Dialect::V2),
    ("VolumeImage", "data/image/volume", Dialect::V2),
    ("VolumeVolumeImage", "data/image/volume/volumeVolumeImage", Dialect::V1),
    ("Network", "network/domain", Dialect::V2),
    ("NetworkTemplate", "data/template/network", Dialect::V2),
    ("NetworkConfiguration", "data/config/network", Dialect::V1),
    ("SystemNetwork", "network/domain/systemNetwork", Dialect::V1),
    ("ProtocolSegment", "network/domain/segment", Dialect::V2),
    ("ProtocolSegmentTemplate", "data/template/protocolSegment", Dialect::V2),
    ("ProtocolEndpoint", "network/node/endpoint", Dialect::V2),
    ("ProtocolEndpointTemplate", "data/template/protocolEndpoint", Dialect::V2),
    ("NetworkInterface", "network/node/interface", Dialect::V2),
    ("NetworkInterfaceTemplate", "data/template/networkInterface", Dialect::V2),
    ("NetworkService", "service/network", Dialect::V2),
    ("NetworkServiceTemplate", "data/template/networkService", Dialect::V2),
    ("NetworkPort", "network/node/port", Dialect::V1),
    ("NetworkPortTemplate", "data/template/networkPort", Dialect::V1),
    ("NetworkPortConfiguration", "data/config/networkPort", Dialect::V1),
    ("SystemNetworkPort", "network/node/port/systemNetworkPort", Dialect::V1),
    ("NetworkNetworkPort", "network/node/port/networkNetworkPort", Dialect::V1),
    ("Address", "network/node/address", Dialect::V1),
    ("AddressTemplate", "data/template/address", Dialect::V1),
    ("SystemAddress", "network/node/address/systemAddress", Dialect::V1),
    ("MachineNetworkInterfaceAddress", "network/node/address/machineNetworkInterfaceAddress", Dialect::V1),
    ("ForwardingGroup", "network/cluster/forwardingGroup", Dialect::V1),
    ("ForwardingGroupTemplate", "data/template/forwardingGroup", Dialect::V1),
    ("ForwardingGroupNetwork", "network/domain/forwardingGroupNetwork", Dialect::V1),
    ("SystemForwardingGroup", "network/cluster/forwardingGroup/systemForwardingGroup", Dialect::V1),
    ("Job", "data/workload/job", Dialect::V2),
    ("Meter", "service/bss/metering/meter", Dialect::V2),
    ("Sample", "service/bss/metering/sample", Dialect::V2),
    ("MeterTemplate", "data/template/meter", Dialect::V2),
    ("MeterConfiguration", "data/config/meter", Dialect::V2),
    ("EventLog", "data/log", Dialect::V2),
    ("EventLogTemplate", "data/template/eventLog", Dialect::V2),
    ("Event", "data/log/event", Dialect::V2),
];

/// The last segment of the path of a collection.
const COLLECTION: &str = "collection";

/// The path, in the taxonomy of resources, of a type of CIMI by its URI, in either dialect. That of a provider's own type
/// is in a segment after `unknown`.
///
/// ```
/// use cimi_cadf::cimi::path_of_type;
///
/// assert_eq!(path_of_type("http://schemas.dmtf.org/cimi/2/Machine").as_str(), "compute/machine");
/// assert_eq!(path_of_type("http://schemas.dmtf.org/cimi/2/DiskCollection").as_str(), "storage/volume/disk/collection");
/// ```
#[must_use]
pub fn path_of_type(uri: &str) -> Path {
    if uri.is_empty() {
        return crate::resource::UNKNOWN.into();
    }
    let known = Dialect::split_uri(uri).and_then(|(_, name)| {
        let find = |name: &str| TYPES.iter().find(|(known, ..)| *known == name).map(|(_, path, _)| *path);
        find(name).map(Path::from).or_else(|| {
            let path = find(name.strip_suffix("Collection")?)?;
            Some(format!("{path}/{COLLECTION}").into())
        })
    });
    known.unwrap_or_else(|| format!("{}/{}", crate::resource::UNKNOWN, segment(uri)).into())
}

/// The URI of the type that a path says, if it says one: that of the longest known path that it is a kind of.
pub(super) fn type_of_path(path: &Path) -> Option<Uri> {
    if let Some(rest) = below(path, crate::resource::UNKNOWN) {
        return (!rest.is_empty()).then(|| plain(rest).into());
    }
    let (name, found, dialect) =
        TYPES.iter().filter(|(_, known, _)| path.is_a(known)).max_by_key(|(_, known, _)| known.len())?;
    let is_collection = below(path, found).is_some_and(|rest| rest == COLLECTION);
    let uri = dialect.uri(name);
    Some(if is_collection { format!("{uri}Collection") } else { uri }.into())
}

/// What a path says below another one; nothing for a path that is no kind of it.
pub(super) fn below<'p>(path: &'p Path, kind: &str) -> Option<&'p str> {
    let rest = path.as_str().strip_prefix(kind)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// The outcomes of CIMI.
const OUTCOMES: &[(EventOutcome, &str)] = &[
    (EventOutcome::Success, outcome::SUCCESS),
    (EventOutcome::Status, "success/status"),
    (EventOutcome::Warning, "success/warning"),
    (EventOutcome::Failure, outcome::FAILURE),
    (EventOutcome::Pending, outcome::PENDING),
    (EventOutcome::Unknown, outcome::UNKNOWN),
];

/// The path of an outcome. One that the standard does not name is in a segment after `unknown`.
pub(super) fn path_of_outcome(value: Option<&EventOutcome>) -> Path {
    let Some(value) = value else { return outcome::UNKNOWN.into() };
    let text = value.as_str();
    let same = OUTCOMES.iter().find(|(known, _)| known.as_str().eq_ignore_ascii_case(text.trim()));
    same.map_or_else(|| extended(outcome::UNKNOWN, text), |(_, path)| (*path).into())
}

/// The outcome that a path says.
pub(super) fn outcome_of_path(path: &Path) -> EventOutcome {
    if let Some(rest) = below(path, outcome::UNKNOWN).filter(|rest| !rest.is_empty()) {
        return plain(rest).as_str().into();
    }
    let found = most_specific(path, OUTCOMES);
    found.cloned().unwrap_or_else(|| path.as_str().into())
}

/// The states of Jobs.
const STATES: &[(JobState, &str)] = &[
    (JobState::Running, outcome::PENDING),
    (JobState::Queued, "pending/queued"),
    (JobState::Stopping, "pending/stopping"),
    (JobState::Success, outcome::SUCCESS),
    (JobState::Failed, outcome::FAILURE),
    (JobState::Stopped, "failure/stopped"),
];

/// The outcome that the state of a Job is.
pub(super) fn path_of_state(state: Option<&JobState>) -> Path {
    let Some(state) = state else { return outcome::UNKNOWN.into() };
    let known = STATES.iter().find(|(known, _)| known == state);
    known.map_or_else(|| extended(outcome::UNKNOWN, state.as_str()), |(_, path)| (*path).into())
}

/// The state of a Job that an outcome says.
pub(super) fn state_of_path(path: &Path) -> Option<JobState> {
    if let Some(rest) = below(path, outcome::UNKNOWN) {
        return (!rest.is_empty()).then(|| plain(rest).as_str().into());
    }
    most_specific(path, STATES).cloned().or_else(|| Some(path.as_str().into()))
}

/// The word of the longest path that this one is a kind of.
fn most_specific<'t, T>(path: &Path, table: &'t [(T, &'static str)]) -> Option<&'t T> {
    let kinds = table.iter().filter(|(_, known)| path.is_a(known));
    kinds.max_by_key(|(_, known)| known.len()).map(|(word, _)| word)
}

/// A path with a text as a further segment.
pub(super) fn extended(path: &str, text: &str) -> Path {
    if text.is_empty() { path.into() } else { format!("{path}/{}", segment(text)).into() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use cimi_model::Registry;
    use cimi_model::meta::Role;

    use super::*;
    use crate::resource;

    #[test]
    fn every_resource_of_the_standard_has_a_path_of_its_own() {
        let mut paths = BTreeSet::new();
        for entry in &Registry::standard() {
            let found = entry.record_type;
            if found.role == Role::Create {
                continue;
            }
            // Records hold the URIs of 2.0, but for types that only 1.x has.
            let dialect = if Dialect::V2.has(found.versions) { Dialect::V2 } else { Dialect::V1 };
            let uri = format!("{}/{}", dialect.namespace(), found.name);
            let path = path_of_type(&uri);
            assert!(!path.is_a(resource::UNKNOWN) && resource::TAXONOMY.covers(&path), "{uri}: {path}");
            assert_eq!(type_of_path(&path).map(|uri| uri.to_string()).as_deref(), Some(uri.as_str()));
            assert!(paths.insert(path));
        }
        assert!(paths.len() >= 2 * TYPES.len() - 1, "{}", paths.len());
    }

    #[test]
    fn other_types_survive_and_more_specific_paths_are_understood() {
        for uri in ["http://example.com/racks/Rack", "http://schemas.dmtf.org/cimi/2/Rack", "add", "a b/ü"] {
            let path = path_of_type(uri);
            assert!(path.is_a(resource::UNKNOWN), "{path}");
            assert_eq!(type_of_path(&path), Some(uri.into()));
        }
        assert_eq!(path_of_type("http://schemas.dmtf.org/cimi/1/Machine").as_str(), "compute/machine");
        for (path, expected) in [
            ("compute/machine/virtual", Some("Machine")),
            ("compute/machine/virtual/collection", Some("Machine")),
            ("storage/volume/disk/ssd", Some("Disk")),
            ("compute", None),
            ("unknown", None),
            ("service", None),
            ("", None),
        ] {
            assert_eq!(type_of_path(&path.into()), expected.map(|name| Dialect::V2.uri(name).into()), "{path}");
        }
    }

    #[test]
    fn outcomes_there_and_back() {
        for text in ["Success", "Status", "Warning", "Failure", "Pending", "Unknown", "Throttled", "a/b c", "ü"] {
            let value = EventOutcome::from(text);
            let path = path_of_outcome(Some(&value));
            assert!(outcome::TAXONOMY.covers(&path), "{path}");
            assert_eq!(outcome_of_path(&path), value, "{path}");
        }
        assert!(path_of_outcome(Some(&EventOutcome::Warning)).is_a(outcome::SUCCESS));
        assert_eq!(path_of_outcome(Some(&"failure".into())).as_str(), outcome::FAILURE);
        assert_eq!(outcome_of_path(&"failure/timeout".into()), EventOutcome::Failure);
        assert_eq!(outcome_of_path(&"success/warning/disk".into()), EventOutcome::Warning);
        assert_eq!(outcome_of_path(&"attempt".into()), EventOutcome::Other("attempt".into()));
    }

    #[test]
    fn states_of_jobs_there_and_back() {
        for text in ["QUEUED", "RUNNING", "FAILED", "SUCCESS", "STOPPING", "STOPPED", "PAUSED"] {
            let state = JobState::from(text);
            assert_eq!(state_of_path(&path_of_state(Some(&state))), Some(state));
        }
        assert_eq!(state_of_path(&path_of_state(None)), None);
        assert!(path_of_state(Some(&JobState::Stopped)).is_a(outcome::FAILURE));
    }
}

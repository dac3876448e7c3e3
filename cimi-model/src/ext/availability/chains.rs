//! Machines, their backups, and the backups of these.

use std::collections::{HashMap, HashSet};

use super::HighAvailability;
use super::report::Unsaid;
use crate::{Collection, RecoverableMachine, Ref, Uri, printable};

/// One Machine that is kept available, with its backups.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "callers make it of what they know")]
pub struct Cluster {
    /// How it is kept available.
    pub availability: HighAvailability,
    /// The Machines: the one that is kept available, then its backups in the order in which they take over.
    pub nodes: Vec<Uri>,
}

/// The Machines of clusters, each with the next one as its backup (DSP0263 5.13.3.1.2: a daisy-chain).
pub(super) fn join(clusters: &[Cluster], unsaid: &mut Vec<Unsaid>) -> Collection<RecoverableMachine> {
    let mut rows: Vec<RecoverableMachine> = Vec::new();
    let mut known: HashMap<&Uri, usize> = HashMap::new();
    for (index, cluster) in clusters.iter().enumerate() {
        for (place, node) in cluster.nodes.iter().enumerate() {
            let backup = cluster.nodes.get(place.saturating_add(1));
            // The last one is in the care of the service only if it is kept available itself.
            if place > 0 && backup.is_none() {
                break;
            }
            let row = *known.entry(node).or_insert_with(|| {
                rows.push(RecoverableMachine { id: Some(node.clone()), ..RecoverableMachine::default() });
                rows.len().saturating_sub(1)
            });
            let (Some(backup), Some(row)) = (backup, rows.get_mut(row)) else { continue };
            let mut fail = |text: String| {
                let path = format!("/clusters[{index}]/nodes[{}]", place.saturating_add(1));
                unsaid.push(Unsaid::new(path, text));
            };
            match row.backup_machine.as_ref().and_then(|known| known.href.as_ref()) {
                _ if backup == node => fail("a Machine is no backup of itself".to_owned()),
                Some(other) if other != backup => {
                    fail(format!("the backup of {} is {}", printable(node.as_str()), printable(other.as_str())));
                }
                _ => row.backup_machine = Some(Ref::to(backup.clone())),
            }
        }
    }
    rows.into_iter().collect()
}

/// The clusters of Machines, in their order. Each backup of a Machine is in one cluster: where several have the same
/// one, the first goes on with the backups of that.
pub(super) fn split(machines: &Collection<RecoverableMachine>, unsaid: &mut Vec<Unsaid>) -> Vec<Vec<Uri>> {
    let mut order: Vec<&Uri> = Vec::new();
    let mut backups: HashMap<&Uri, Option<&Uri>> = HashMap::new();
    for (index, machine) in machines.items.iter().enumerate() {
        let path = || format!("/RecoverableMachineCollection/recoverableMachines[{index}]");
        let Some(id) = &machine.id else {
            unsaid.push(Unsaid::new(path() + "/id", "the Machine has no id"));
            continue;
        };
        if backups.contains_key(id) {
            unsaid.push(Unsaid::new(path(), "the Machine is there twice"));
            continue;
        }
        let backup = backup(machine);
        let own = backup.filter(|backup| *backup != id);
        if machine.backup_machine.is_some() && own.is_none() {
            let text = if backup.is_some() { "a Machine is no backup of itself" } else { "the backup has no id" };
            unsaid.push(Unsaid::new(path() + "/backupmachine", text));
        }
        order.push(id);
        backups.insert(id, own);
    }
    let behind: HashSet<&Uri> = backups.values().filter_map(|backup| *backup).collect();
    let (inner, heads): (Vec<&Uri>, Vec<&Uri>) = order.into_iter().partition(|id| behind.contains(id));
    let mut done: HashSet<&Uri> = HashSet::new();
    let mut clusters = Vec::new();
    // What no head leads to stands in circles.
    for head in heads.into_iter().chain(inner) {
        if !done.contains(head) {
            clusters.push(follow(head, &backups, &mut done));
        }
    }
    clusters
}

/// A Machine and its backups, up to one whose backup is in a cluster already.
fn follow<'a>(head: &'a Uri, backups: &HashMap<&'a Uri, Option<&'a Uri>>, done: &mut HashSet<&'a Uri>) -> Vec<Uri> {
    let mut nodes = vec![head.clone()];
    let mut seen = HashSet::from([head]);
    let mut at = head;
    while done.insert(at)
        && let Some(Some(backup)) = backups.get(at)
    {
        nodes.push((*backup).clone());
        let next = backups.get(backup);
        // One that closes a circle is kept available itself.
        if next.is_none() || matches!(next, Some(Some(next)) if seen.contains(*next)) {
            break;
        }
        seen.insert(backup);
        at = backup;
    }
    nodes
}

/// The URI of the backup of a Machine.
pub(super) fn backup(machine: &RecoverableMachine) -> Option<&Uri> {
    let reference = machine.backup_machine.as_ref()?;
    reference.href.as_ref().or_else(|| reference.value.as_deref()?.id.as_ref())
}

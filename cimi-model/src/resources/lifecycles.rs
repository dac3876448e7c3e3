//! What the actions of the standard do to the states of its resources.
//!
//! Where the standard does not say from which states an action is possible, these do: an action that needs a running
//! Machine is possible from STARTED, one that brings a resource to rest also from ERROR, so that there is a way out
//! of it, and one that copies from every state in which nothing moves. The states themselves stand where the
//! vocabularies are.

use super::{
    ImageState, JobState, MachineState, NetworkInterfaceState, NetworkState, SegmentState, SystemState, VolumeState,
};
use crate::meta::{Lifecycle, Transition};

const STARTING: &str = "STARTING";
const STARTED: &str = "STARTED";
const STOPPING: &str = "STOPPING";
const STOPPED: &str = "STOPPED";
const PAUSING: &str = "PAUSING";
const PAUSED: &str = "PAUSED";
const SUSPENDING: &str = "SUSPENDING";
const SUSPENDED: &str = "SUSPENDED";
const CAPTURING: &str = "CAPTURING";
const RESTORING: &str = "RESTORING";
const AVAILABLE: &str = "AVAILABLE";
const ENABLED: &str = "ENABLED";
const DISABLED: &str = "DISABLED";
const MIXED: &str = "MIXED";
const ERROR: &str = "ERROR";
const FAILED: &str = "FAILED";
const QUEUED: &str = "QUEUED";
const RUNNING: &str = "RUNNING";
const SUCCESS: &str = "SUCCESS";

/// Machines (5.14.1.2).
///
/// `stop` may be issued again while a Machine is STOPPING, as the standard has it. A Machine that does not run cannot
/// shut down in order, so from the other states `stop` is a power-off. A `restart` of a STARTED Machine is a stop and
/// a start, and goes through the states of both. A restored Machine is in the state that its image holds; an image
/// without run-time state is that of a stopped Machine (table 21). A suspended Machine gets no Volume: it would
/// resume with hardware that it does not know. A Machine in ERROR becomes FAILED when the provider gives it up.
pub(super) static MACHINE: Lifecycle = Lifecycle::new(
    MachineState::STATES,
    &[
        Transition::new("start", &[STOPPED, SUSPENDED, PAUSED]).via(STARTING).to(STARTED),
        Transition::new("stop", &[STARTED, STOPPING]).via(STOPPING).to(STOPPED),
        Transition::new("stop", &[PAUSED, SUSPENDED, ERROR, FAILED]).via(STOPPING).to(STOPPED).forced(),
        Transition::new("restart", &[STARTED]).via(STOPPING).then(STARTING).to(STARTED),
        Transition::new("restart", &[STOPPED]).via(STARTING).to(STARTED),
        Transition::new("pause", &[STARTED]).via(PAUSING).to(PAUSED),
        Transition::new("suspend", &[STARTED]).via(SUSPENDING).to(SUSPENDED),
        Transition::new("capture", &[STARTED, STOPPED, PAUSED, SUSPENDED]).if_busy(CAPTURING),
        Transition::new("snapshot", &[STARTED, STOPPED, PAUSED, SUSPENDED]).if_busy(CAPTURING),
        Transition::new("restore", &[STARTED, STOPPED, PAUSED, SUSPENDED, ERROR, FAILED])
            .via(RESTORING)
            .to_chosen_or(STOPPED)
            .other_images("RestoreFromImage"),
        Transition::new("connectvolume", &[STARTED, STOPPED, PAUSED]),
    ],
)
.initial(STOPPED)
.changes(&[(ERROR, &[FAILED])]);

/// Systems (5.13.1.2): the states are those that follow if every Machine takes part.
///
/// An action is possible from the common states that the Machines have when it is possible for them, and from MIXED
/// and ERROR, of which no more is known.
pub(super) static SYSTEM: Lifecycle = Lifecycle::new(
    SystemState::STATES,
    &[
        Transition::new("start", &[STOPPED, SUSPENDED, PAUSED, MIXED, ERROR]).via(STARTING).to(STARTED),
        Transition::new("stop", &[STARTED, STOPPING, PAUSED, SUSPENDED, MIXED, ERROR]).via(STOPPING).to(STOPPED),
        Transition::new("restart", &[STARTED, MIXED, ERROR]).via(STOPPING).then(STARTING).to(STARTED),
        Transition::new("restart", &[STOPPED]).via(STARTING).to(STARTED),
        Transition::new("pause", &[STARTED, MIXED, ERROR]).via(PAUSING).to(PAUSED),
        Transition::new("suspend", &[STARTED, MIXED, ERROR]).via(SUSPENDING).to(SUSPENDED),
    ],
)
.initial(MIXED)
.reaches(&["machines", "systems"])
.derived();

/// Images of Machines and Volumes (5.14.7, 5.15.7): no action changes their state.
pub(super) static IMAGE: Lifecycle = Lifecycle::new(ImageState::STATES, &[]).initial(AVAILABLE);

/// Volumes (5.15.1.2).
pub(super) static VOLUME: Lifecycle = Lifecycle::new(
    VolumeState::STATES,
    &[
        Transition::new("snapshot", &[AVAILABLE]).if_busy(CAPTURING).to(AVAILABLE).capability("VolumeSnapshot"),
        Transition::new("restore", &[AVAILABLE, ERROR]).via(RESTORING).to(AVAILABLE),
    ],
)
.initial(AVAILABLE);

const STARTED_AND_STOPPED: &[Transition] = &[
    Transition::new("start", &[STOPPED]).via(STARTING).to(STARTED),
    Transition::new("stop", &[STARTED, ERROR]).via(STOPPING).to(STOPPED),
];

/// Networks (5.16.1.2).
pub(super) static NETWORK: Lifecycle = Lifecycle::new(NetworkState::STATES, STARTED_AND_STOPPED)
    .initial(STOPPED)
    .reaches(&["segments", "services", "subnetworks"]);

/// Network ports of 1.x.
pub(super) static NETWORK_PORT: Lifecycle = Lifecycle::new(NetworkState::STATES, STARTED_AND_STOPPED).initial(STOPPED);

const AT_ONCE: &[Transition] =
    &[Transition::new("start", &[STOPPED]).to(STARTED), Transition::new("stop", &[STARTED, ERROR]).to(STOPPED)];

/// Protocol segments (5.16.5.3). A Network that is started enables the endpoints in them, a segment does not.
pub(super) static SEGMENT: Lifecycle =
    Lifecycle::new(SegmentState::STATES, AT_ONCE).initial(STOPPED).passes_on(&["endpoints"]);

/// Network services (5.16.17.2).
pub(super) static NETWORK_SERVICE: Lifecycle = Lifecycle::new(SegmentState::STATES, AT_ONCE).initial(STOPPED);

/// Protocol endpoints (5.16.9.3) and network interfaces (5.16.13.2).
pub(super) static INTERFACE: Lifecycle = Lifecycle::new(
    NetworkInterfaceState::STATES,
    &[Transition::new("enable", &[DISABLED]).to(ENABLED), Transition::new("disable", &[ENABLED, ERROR]).to(DISABLED)],
)
.initial(DISABLED);

/// Jobs (5.17.1.1). To delete one that has not ended is to stop it first.
///
/// A Job may end before a request to stop it has an effect, and a provider may cancel one by itself.
pub(super) static JOB: Lifecycle = Lifecycle::new(
    JobState::STATES,
    &[
        Transition::new("stop", &[QUEUED, RUNNING]).via(STOPPING).to(STOPPED),
        Transition::new("delete", &[QUEUED, RUNNING]).via(STOPPING).needs("stop"),
        Transition::new("delete", &[FAILED, SUCCESS, STOPPED]),
    ],
)
.initial(QUEUED)
.changes(&[
    (QUEUED, &[RUNNING, FAILED, STOPPED]),
    (RUNNING, &[SUCCESS, FAILED, STOPPED]),
    (STOPPING, &[STOPPED, SUCCESS, FAILED]),
]);

//! The URIs of actions, and the `rel` of operations (4.2).

use crate::{Dialect, Uri};

macro_rules! actions {
    ($( $(#[doc = $doc:literal])+ $constant:ident = $name:literal; )*) => {
        $( $(#[doc = $doc])+ pub const $constant: &str = concat!("http://schemas.dmtf.org/cimi/2/action/", $name); )*

        /// The actions that the standard defines.
        pub const ALL: &[&str] = &[$($constant),*];
    };
}

actions! {
    /// Starts or resumes a Machine, System, Network, segment, service or Meter.
    START = "start";
    /// Stops a Machine, System, Network, segment, service, Meter or Job.
    STOP = "stop";
    /// Restarts a Machine or System (5.14.1.2).
    RESTART = "restart";
    /// Pauses a Machine or System (5.14.1.2).
    PAUSE = "pause";
    /// Suspends a Machine or System (5.14.1.2).
    SUSPEND = "suspend";
    /// Makes an image of a Machine (5.14.7.1).
    CAPTURE = "capture";
    /// Makes a snapshot of a Machine (5.14.7.1) or Volume (5.15.8.1).
    SNAPSHOT = "snapshot";
    /// Restores a Machine (5.14.1.2) or Volume (5.15.1.2) from an image.
    RESTORE = "restore";
    /// Connects a Volume to a Machine (5.14.1.2).
    CONNECT_VOLUME = "connectvolume";
    /// Enables an endpoint (5.16.9.3) or interface (5.16.13.2).
    ENABLE = "enable";
    /// Disables an endpoint (5.16.9.3) or interface (5.16.13.2).
    DISABLE = "disable";
    /// Exports a System (5.13.1.2) or its template (5.13.4.1).
    EXPORT = "export";
    /// Imports a System (5.13.2.1) or its template (5.13.5.1).
    IMPORT = "import";
    /// Brings the backup of a Machine up to date (5.13.3.1.2).
    FORCE_SYNC = "forceSync";
    /// Lets a Machine and its backup change places (5.13.3.1.2).
    SWAP_BACKUP = "swapBackup";
    /// Puts a Machine under the care of a service (5.13.3.1.2, 5.13.3.2.1).
    ADD_RM = "addRM";
    /// Takes a Machine out of the care of a service (5.13.3.1.2, 5.13.3.2.1).
    REMOVE_RM = "removeRM";
    /// Puts an existing resource into a collection (5.5.12.2).
    INSERT = "insert";
    /// Takes a resource out of a collection (5.5.12.3).
    REMOVE = "remove";
}

/// What stands between the namespace and the name.
const PREFIX: &str = "action/";

/// Whether the `rel` of an operation is its name (4.2, 5.5.12); that of any other is a URI.
pub(crate) fn is_short(name: &str) -> bool {
    matches!(name, "add" | "edit" | "delete" | "insert" | "remove")
}

/// The URI of an action: the member `action` of a request (5.5.12.2).
///
/// ```
/// use cimi_model::lifecycle::{action, action_uri};
///
/// assert_eq!(action_uri("start").as_str(), action::START);
/// assert_eq!(action_uri("http://example.com/hibernate").as_str(), "http://example.com/hibernate");
/// ```
#[must_use]
pub fn action_uri(name: &str) -> Uri {
    let uri = Uri::from(name);
    if uri.is_absolute() { uri } else { Uri::from(Dialect::V2.uri(&format!("{PREFIX}{name}"))) }
}

/// The `rel` of an operation: short for `add`, `edit`, `delete`, `insert` and `remove`, the URI of the action otherwise.
///
/// It is in the form of 2.0, as records hold it; it follows the dialect when it is written.
#[must_use]
pub fn rel(name: &str) -> Uri {
    if is_short(name) { Uri::from(name) } else { action_uri(name) }
}

/// The name of an operation by its `rel` or URI, in either dialect; what is not of the standard is its own name.
///
/// ```
/// use cimi_model::lifecycle::name;
///
/// assert_eq!(name("http://schemas.dmtf.org/cimi/1/action/stop"), "stop");
/// assert_eq!(name("edit"), "edit");
/// assert_eq!(name("http://example.com/hibernate"), "http://example.com/hibernate");
/// ```
#[must_use]
pub fn name(rel: &str) -> &str {
    Dialect::split_uri(rel).and_then(|(_, rest)| rest.strip_prefix(PREFIX)).unwrap_or(rel)
}

//! The bodies of requests that invoke an action: those of the standard, and a provider's own.
//!
//! Each is a value to be completed by the caller, for example with `properties`, which every action takes, and given
//! to [`Peer::invoke`](super::Peer::invoke). What takes an image is not among them: the body of `capture` and `snapshot`
//! is the image (5.14.7.1), see [`Peer::capture`](super::Peer::capture).
//!
//! ```
//! use cimi_protocol::client::actions;
//!
//! let mut stop = actions::stop(Some(false));
//! stop.properties.insert("reason", "maintenance");
//!
//! // What a provider has added says its whole URI; its parameters are extensions.
//! let mut compress = actions::custom("http://example.com/actions/compress");
//! compress.extensions.insert("level", 9);
//! ```

use cimi_model::lifecycle::action;
use cimi_model::{Action, Ref, Uri, lifecycle};

fn of(uri: &str) -> Action {
    Action { action: Some(uri.into()), ..Action::default() }
}

/// Any action, by its name in the standard or by its URI.
#[must_use]
pub fn custom(action: &str) -> Action {
    Action { action: Some(lifecycle::action_uri(action)), ..Action::default() }
}

/// Starts or resumes a Machine (5.14.1.2), System (5.13.1.2), Network (5.16.1.2), segment (5.16.5.3), service
/// (5.16.17.2) or Meter (5.17.3.2).
#[must_use]
pub fn start() -> Action {
    of(action::START)
}

/// Stops a Machine (5.14.1.2), System (5.13.1.2), Network (5.16.1.2), segment (5.16.5.3), service (5.16.17.2), Meter
/// (5.17.3.2) or Job (5.17.1.1).
///
/// For a Machine, `force` says whether to power it off rather than to shut it down; without, the provider chooses.
#[must_use]
pub fn stop(force: Option<bool>) -> Action {
    Action { force, ..of(action::STOP) }
}

/// Restarts a Machine (5.14.1.2) or System (5.13.1.2); `force` as in [`stop`].
#[must_use]
pub fn restart(force: Option<bool>) -> Action {
    Action { force, ..of(action::RESTART) }
}

/// Pauses a Machine (5.14.1.2) or System (5.13.1.2).
#[must_use]
pub fn pause() -> Action {
    of(action::PAUSE)
}

/// Suspends a Machine (5.14.1.2) or System (5.13.1.2).
#[must_use]
pub fn suspend() -> Action {
    of(action::SUSPEND)
}

/// Restores a Machine (5.14.1.2) or Volume (5.15.1.2) from an image.
#[must_use]
pub fn restore(image: impl Into<Uri>) -> Action {
    Action { image: Some(Ref::to(image)), ..of(action::RESTORE) }
}

/// Connects a Volume to a Machine (5.14.1.2); `initial_location` is where it first appears there, and `credentials`
/// give access to it.
#[must_use]
pub fn connect_volume(volume: impl Into<Uri>, initial_location: Option<&str>, credentials: Option<Uri>) -> Action {
    Action {
        volume: Some(Ref::to(volume)),
        initial_location: initial_location.map(str::to_owned),
        credentials: credentials.map(Ref::to),
        ..of(action::CONNECT_VOLUME)
    }
}

/// Enables an endpoint (5.16.9.3) or interface (5.16.13.2).
#[must_use]
pub fn enable() -> Action {
    of(action::ENABLE)
}

/// Disables an endpoint (5.16.9.3) or interface (5.16.13.2).
#[must_use]
pub fn disable() -> Action {
    of(action::DISABLE)
}

/// Exports a System (5.13.1.2) or its template (5.13.4.1) in the format with this media type, by default
/// `application/ovf`. Without a destination, the `Location` of the answer says where the package is.
#[must_use]
pub fn export(format: Option<&str>, destination: Option<Uri>) -> Action {
    Action { format: format.map(str::to_owned), destination, ..of(action::EXPORT) }
}

/// Imports a System into its collection (5.13.2.1), or a template into its own (5.13.5.1).
#[must_use]
pub fn import(source: impl Into<Uri>) -> Action {
    Action { source: Some(source.into()), ..of(action::IMPORT) }
}

/// Brings the backup of a Machine up to date (5.13.3.1.2).
#[must_use]
pub fn force_sync(node: impl Into<Uri>) -> Action {
    Action { node: Some(Ref::to(node)), ..of(action::FORCE_SYNC) }
}

/// Lets a Machine and its backup change places (5.13.3.1.2).
#[must_use]
pub fn swap_backup(node: impl Into<Uri>) -> Action {
    Action { node: Some(Ref::to(node)), ..of(action::SWAP_BACKUP) }
}

/// Puts a Machine under the care of a service, with a backup or, without one, a new backup (5.13.3.1.2, 5.13.3.2.1).
#[must_use]
pub fn add_rm(node: impl Into<Uri>, backup: Option<Uri>) -> Action {
    Action { node: Some(Ref::to(node)), backup: backup.map(Ref::to), ..of(action::ADD_RM) }
}

/// Takes a Machine out of the care of a service (5.13.3.1.2, 5.13.3.2.1).
#[must_use]
pub fn remove_rm(node: impl Into<Uri>) -> Action {
    Action { node: Some(Ref::to(node)), ..of(action::REMOVE_RM) }
}

//! Networks and Volumes that several clouds share (DSP2042 4.4.4 to 4.4.6, use cases Multicloud-004, -005 and -006).
//!
//! * A [`NetworkFederation`] is what two providers have agreed on to share networking. [`extend`] takes a Network into
//!   another cloud by it, so that Machines there get interfaces in it.
//! * A Network of several clouds has [`SHARED_NETWORK`]: either the same characteristics everywhere, which [`reconcile`]
//!   finds, or its own in each segment. [`guide`] says in which segments an interface gets what it wants.
//! * A Volume that Machines of several clouds use has [`SHARED_VOLUME`], with who may write and what becomes of its users
//!   when it is deleted. [`Uri::resolve`](crate::Uri::resolve) gives resources the
//!   names that all clouds understand, and [`is_of`] says which cloud one is of.
//!
//! ```
//! use cimi_model::ext::intercloud::{NetworkCharacteristic, NetworkSegment, reconcile};
//!
//! let segment = |cloud: &str, mtu: &str| NetworkSegment {
//!     cloud: Some(cloud.into()),
//!     characteristics: vec![NetworkCharacteristic::new("mtu", mtu, "bytes")],
//!     ..Default::default()
//! };
//! let found = reconcile(&[segment("http://a.example.com/", "9000"), segment("http://b.example.com/", "1500")])?;
//! assert_eq!(found.characteristics, [NetworkCharacteristic::new("mtu", "1500", "bytes")]);
//! # Ok::<(), cimi_model::Error>(())
//! ```

mod model;
mod naming;
mod network;
mod reconcile;
mod volume;

pub use model::{
    FederationState, NetworkCharacteristic, NetworkFederation, NetworkModel, NetworkSegment, OnDelete, SHARED_NETWORK,
    SHARED_VOLUME, SharedNetwork, SharedVolume, VolumeAccess, VolumeUse,
};
pub use naming::is_of;
pub use network::{Fit, Guide, Lack, extend, guide, wanted_by};
pub use reconcile::{CHARACTERISTICS, Characteristic, Loss, Reconciled, Sense, characteristic, reconcile};

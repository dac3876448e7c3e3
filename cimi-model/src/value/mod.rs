//! The data types of clause 5.5.

mod binary;
mod collection;
mod datetime;
mod duration;
mod keys;
mod map;
mod moment;
mod reference;
mod scalar;
mod short;
mod text;
mod uri;

pub use binary::Binary;
pub use collection::Collection;
pub(crate) use collection::{ITEMS, OPERATIONS};
pub use datetime::DateTime;
pub use duration::Duration;
pub use map::Map;
pub(crate) use moment::Moment;
pub use reference::Ref;
pub use scalar::Scalar;
pub use text::Secret;
pub use uri::Uri;

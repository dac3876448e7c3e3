//! Where the components of a System go among several clouds (DSP2042 4.4, use cases Multicloud-001 and Multicloud-003).
//!
//! * A [`SubCloud`] is the report of a cloud on what it can do, what it has and what of that is in use.
//! * [`PLACEMENT_POLICY`] says how the components of a System are to be spread: together, apart, within or outside of
//!   clouds and locations, and what passes between them. [`PLACEMENT`] names the cloud outright.
//! * A [`Request`] is what a System needs, taken from the plan of its template with all that changes at once. [`solve`]
//!   finds the best clouds for it, or says why there are none; [`check`] says what is wrong with given ones.
//!
//! ```
//! use cimi_model::ext::placement::{
//!     Capacity, Component, PlacementRule, Quantity, Request, RuleKind, SubCloud, Visibility, solve,
//! };
//!
//! let cloud = |uri: &str, cpu| SubCloud {
//!     entry_point: Some(uri.into()),
//!     visibility: Some(Visibility::Detailed),
//!     capacities: vec![Capacity { quantity: Some(Quantity::Cpu), total: Some(cpu), ..Default::default() }],
//!     ..Default::default()
//! };
//! let clouds = [cloud("http://a.example.com/", 4), cloud("http://b.example.com/", 16)];
//! let component = |name: &str, cpu| Component::new(name).needing(Quantity::Cpu, cpu);
//! let together = PlacementRule {
//!     kind: Some(RuleKind::Affinity),
//!     members: vec!["web".into(), "database".into()],
//!     ..Default::default()
//! };
//! let request = Request {
//!     components: vec![component("web", 4), component("database", 8), component("batch", 2)],
//!     rules: vec![together],
//!     ..Default::default()
//! };
//! let found = solve(&request, &clouds)?;
//! assert_eq!(found.solution().map(|solution| solution.clouds.as_slice()), Some(&[1, 1, 1][..]));
//! # Ok::<(), cimi_model::Error>(())
//! ```

mod check;
mod model;
mod question;
mod request;
mod solve;

pub use check::{Violation, check};
pub use model::{
    Capacity, CloudConnection, Level, PLACEMENT, PLACEMENT_POLICY, Place, PlacementPolicy, PlacementRule, Quantity,
    RuleKind, Strength, SubCloud, Traffic, Visibility,
};
pub use request::{Component, Request};
pub use solve::{Bounds, Cost, Outcome, Solution, solve, solve_within};

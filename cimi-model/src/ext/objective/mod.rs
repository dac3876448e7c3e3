//! Service level objectives (DSP2042 4.2, use cases SLO-001 and SLO-002).
//!
//! * A [`ServiceLevelObjective`] says what a metric of a resource shall be; a [`ServiceTier`], such as `gold`, is what a
//!   provider offers for a price. Both are resources. [`OFFERED_LEVELS`] is where the entry point refers to them, and
//!   [`SERVICE_LEVEL`] where a template chooses among them, and where the resource that is made from it keeps them.
//! * [`evaluate`] holds the Samples of a Meter against an objective. [`alarm`] makes the Event of a violation.
//! * [`compare`] says which of the objectives of two providers is at least as strict, whatever they call the metric and
//!   whatever its unit. [`move_report`] says what becomes of the objectives of a resource that moves to another provider.
//! * [`QUALITIES`] leads from what customers see of a service to what is measured in the infrastructure.
//!
//! ```
//! use cimi_model::ext::objective::{Comparison, ServiceLevelObjective, Status, evaluate};
//! use cimi_model::{DateTime, Sample, aspect};
//!
//! let objective = ServiceLevelObjective {
//!     metric: Some(aspect::CPU.into()),
//!     comparison: Some(Comparison::AtMost),
//!     threshold: Some("80".into()),
//!     unit: Some("percent".into()),
//!     window: Some("PT5M".parse()?),
//!     ..Default::default()
//! };
//! let sample = |time: &str, value: &str| -> cimi_model::Result<Sample> {
//!     Ok(Sample { timestamp: Some(time.parse()?), value: Some(value.into()), ..Default::default() })
//! };
//! let samples = [sample("2025-01-01T12:01:00Z", "70")?, sample("2025-01-01T12:02:00Z", "95")?];
//! let now: DateTime = "2025-01-01T12:03:00Z".parse()?;
//! let found = evaluate(&objective, &samples, &now)?;
//! assert_eq!(found.status, Status::Violated);
//! assert_eq!(found.to_string(), "violated: 82.5, which is 2.5 beyond 80, of 2 samples");
//! # Ok::<(), cimi_model::Error>(())
//! ```

mod aggregate;
mod alarm;
mod catalogue;
mod compare;
mod criterion;
mod evaluate;
mod metrics;
mod model;
mod moving;
mod quality;
mod units;

pub use alarm::{ALARM_CODE_AT_RISK, ALARM_CODE_VIOLATED, alarm};
pub(super) use catalogue::applies;
pub use catalogue::{Catalogue, carry};
pub use compare::{Compared, Difference, Relation, compare};
pub use criterion::Criterion;
pub use evaluate::{Evaluation, Lack, Reading, Status, evaluate, evaluate_meter};
pub use metrics::{METRICS, Metric, Metrics, metric};
pub use model::{
    Aggregation, Comparison, OFFERED_LEVELS, OfferedLevels, SERVICE_LEVEL, ServiceLevel, ServiceLevelObjective,
    ServiceTier, TierLevel,
};
pub use moving::{Change, MoveReport, TierReport, move_report};
pub use quality::{Indicator, QUALITIES, Quality, Wanted, qualities_of, quality};
pub use units::convert;

pub(super) use catalogue::target;
pub(super) use criterion::Way;
pub(super) use evaluate::{in_order, shown, too_large};
pub(super) use metrics::in_v2;
pub(super) use units::{factor, whole};

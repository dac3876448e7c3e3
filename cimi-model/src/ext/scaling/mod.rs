//! Automatic scaling (DSP2042 4.2.3, use case BC/DR-003, Res-Mgm/Ctrl-002).
//!
//! * A [`ScalingPolicy`] says of resources of a type when they become more or fewer (out and in), or each of them larger or
//!   smaller (up and down): by the load of Machines on average or singly, the use of Volumes, the bandwidth of network
//!   interfaces, or any other metric. [`AUTO_SCALING`] is where Systems, Machines and their templates have policies, and
//!   [`OFFERED_SCALING`] where the entry point refers to those that a provider has.
//! * [`Scaler`] applies a policy to what was measured: [`Scaler::member`] takes a resource with the Samples of its Meter,
//!   and [`Scaler::decide`] says what is to be done now, or why nothing is, with the figures.
//! * [`scaled`], [`cannot_scale`] and [`failed`] make the Events that tell the consumer about it.
//!
//! Machines are scaled out by their template and up along a list of configurations, Volumes, Disks and network interfaces
//! up in percent or by an amount. Metrics, units and aggregations are those of [`objective`](super::objective).
//!
//! ```
//! use cimi_model::ext::objective::Metrics;
//! use cimi_model::ext::scaling::{Action, Scaler, ScalingKind, ScalingPolicy, ScalingTrigger, Verdict};
//! use cimi_model::{DateTime, Machine, Sample, aspect};
//!
//! // A Machine more when the average load exceeds 70 percent for more than five minutes.
//! let policy = ScalingPolicy {
//!     kind: Some(ScalingKind::OutIn),
//!     resource_type: Some("http://schemas.dmtf.org/cimi/2/Machine".into()),
//!     metric: Some(aspect::CPU.into()),
//!     period: Some("PT1M".parse()?),
//!     grow: Some(ScalingTrigger { threshold: Some("70".into()), periods: Some(5), ..Default::default() }),
//!     maximum: Some(4),
//!     ..Default::default()
//! };
//! let metrics = Metrics::standard();
//! let scaler = Scaler::of(&policy, &metrics)?;
//! let sample = |minute: i32| -> cimi_model::Result<Sample> {
//!     let time = format!("2025-01-01T12:0{minute}:00Z").parse()?;
//!     Ok(Sample { timestamp: Some(time), value: Some("75".into()), ..Default::default() })
//! };
//! let samples = (1..=5).map(sample).collect::<cimi_model::Result<Vec<Sample>>>()?;
//! let machine = Machine { id: Some("machines/1".into()), ..Default::default() };
//! let members = [scaler.member(&machine, None, &samples)?];
//!
//! let now: DateTime = "2025-01-01T12:05:00Z".parse()?;
//! let decisions = scaler.decide(&members, &[], now.instant().unwrap_or_default().to_utc())?;
//! assert_eq!(decisions[0].verdict, Verdict::Act(Action::Add { count: 1 }));
//! assert_eq!(
//!     decisions[0].to_string(),
//!     "scale out: cpu of 1 Machine is 75 on average, moreThan 70 percent for 5 periods of PT1M, of 5 samples; 1 becomes 2"
//! );
//! # Ok::<(), cimi_model::Error>(())
//! ```

mod attach;
mod change;
mod check;
mod decide;
mod decision;
mod event;
mod member;
mod model;
mod reason;
mod scaler;

pub use decision::{Action, Decision, Direction, Obstacle, Past, Verdict};
pub use event::{ALARM_CODE_CANNOT_SCALE, ALARM_CODE_FAILED, cannot_scale, failed, scaled};
pub use member::Member;
pub use model::{
    AUTO_SCALING, AdjustmentType, AutoScaling, OFFERED_SCALING, OfferedScaling, Removal, ScalingKind, ScalingPolicy,
    ScalingScope, ScalingTrigger,
};
pub use scaler::Scaler;

//! The use cases of DSP2042 as scenarios that follow their process flows step by step, and the functions behind them
//! against references without any cleverness.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod access;
mod access_roles;
mod access_statements;
mod access_types;
mod agreement;
mod bc_dr;
mod bc_dr_plan;
mod bc_dr_services;
mod intercloud;
mod logs;
mod logs_merge;
mod logs_schedule;
mod logs_stored;
mod logs_system;
mod placement;
mod scaling;
mod scaling_decide;
mod scaling_refused;
mod scaling_variations;
mod slo;
mod slo_compare;
mod slo_evaluate;
#[path = "../support/mod.rs"]
mod support;
mod types;

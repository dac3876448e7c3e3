//! The OCCI rendering of agreements and metrics (the OCCI proposal on SLA negotiation and monitoring).
//!
//! * A [`Rendering`] is what a message says in the header fields `Category`, `X-OCCI-Attribute`, `Link` and
//!   `X-OCCI-Location` (`text/occi`), or in lines of its body that look the same (`text/plain`).
//! * [`agreement`] and [`agreement_rendering`] turn that into an [`Agreement`] and back, [`link`] and [`link_rendering`] into an
//!   [`AgreementLink`] and back. [`Call`] is what a request asks for, and [`answer`] what a provider says to an offer.
//! * [`METRICS`] are the mixins of the document, by which a [`Monitoring`] activates, configures and deactivates what is
//!   measured. [`Samples`] are measured values as `text/csv`.
//!
//! ```
//! use cimi_protocol::occi::{Rendering, agreement};
//!
//! let offer = "Category: agreement; scheme=\"http://schemas.ogf.org/occi/sla#\"; class=\"kind\"\n\
//!     Category: gold; scheme=\"http://www.example.com/templates#\"; class=\"mixin\"\n\
//!     X-OCCI-Attribute: occi.compute.cores=8\n";
//! let offer = agreement(&Rendering::from_text(offer)?)?;
//! assert_eq!(offer.terms[0].value.as_deref(), Some("8"));
//! # Ok::<(), cimi_protocol::Error>(())
//! ```
//!
//! [`Agreement`]: cimi_model::ext::agreement::Agreement
//! [`AgreementLink`]: cimi_model::ext::agreement::AgreementLink

mod call;
mod metrics;
mod monitoring;
mod parse;
mod print;
mod rendering;
mod samples;
mod sla;

pub use call::{Call, answer};
pub use metrics::{METRIC, METRICS, MetricMixin, metric, metric_of_column};
pub use monitoring::{ActiveMetric, Monitoring};
pub use rendering::{AttributeValue, Category, Class, Link, Rendering};
pub use samples::Samples;
pub use sla::{
    AGREEMENT, AGREEMENT_LINK, DATE_AUDIT, agreement, agreement_rendering, link, link_rendering, template_category,
};

//! valueScope (5.5.14): which values the attributes of a resource may have.
//!
//! A provider says in the [`ResourceMetadata`] of a type, or in an attribute `vscope` of any resource, which values it
//! supports. [`ResourceMetadata::scopes`] and [`of`] read them, [`check`] holds a resource against them, [`defaults`]
//! fills what is absent, [`problems`] finds mistakes in the scopes themselves.
//!
//! ```
//! use cimi_model::scope::{self, Scope, ValueScope};
//! use cimi_model::{MachineConfiguration, ResourceMetadata, json};
//!
//! let text = br#"{
//!     "resourceURI": "http://schemas.dmtf.org/cimi/2/ResourceMetadata",
//!     "typeURI": "http://schemas.dmtf.org/cimi/2/MachineConfiguration",
//!     "vscope": [
//!         { "memory": { "minimum": 2, "maximum": 8, "increment": 2, "units": "gibibytes" }, "cpuArch": { "value": "x86_64" } },
//!         { "memory": { "minimum": 4, "maximum": 32, "units": "gibibytes" }, "cpuArch": { "values": ["ARM", "POWER"] } }
//!     ]
//! }"#;
//! let metadata: ResourceMetadata = json::from_slice(text, &Default::default())?.value;
//! let scopes = metadata.scopes()?;
//! assert_eq!(scopes[0].get("cpuArch"), Some(&Scope::of_value("x86_64")));
//!
//! // Memory is in kibibytes.
//! let mut wanted = MachineConfiguration { memory: Some(6 << 20), cpu_arch: Some("x86_64".into()), ..Default::default() };
//! assert_eq!(scope::check(&wanted, &scopes), Ok(()));
//! wanted.memory = Some(7 << 20);
//! let violations = scope::check(&wanted, &scopes).unwrap_err();
//! assert_eq!(
//!     violations[0].to_string(),
//!     "/MachineConfiguration/memory: expected 2 to 8 gibibytes in steps of 2, found 7340032 kibibytes"
//! );
//! # Ok::<(), cimi_model::Error>(())
//! ```

mod access;
mod check;
mod compare;
mod defaults;
mod lookup;
mod model;
mod problems;
mod ratio;
pub mod units;

pub(crate) use access::{NO_SCOPES, VSCOPE, are_scopes, is_value_scope};
pub use access::{of, set};
pub(crate) use check::first_fit;
pub use check::{Violation, check, check_complete};
pub use defaults::defaults;
pub(crate) use model::is_keyword;
pub use model::{Form, Scope, ValueScope};
pub(crate) use problems::find as mistakes;
pub use problems::{problems, problems_for};
pub use ratio::Ratio;

#[allow(unused_imports, reason = "named in the documentation")]
use crate::ResourceMetadata;

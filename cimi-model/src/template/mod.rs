//! From a request and a template to the resources that a provider creates, as pure functions (DSP0263 4.2.1.1, 5.13.4).
//!
//! [`Expander::instantiate`] takes the body of a create request and gives a [`Plan`]: the resources to be created, in an
//! order that respects how they refer to each other, with all that the templates say about them. Nothing is fetched or
//! created here: templates that are referred to come through a [`Resolver`], URIs of what the provider has created
//! through [`Plan::assign`].
//!
//! ```
//! use cimi_model::template::{Expander, Resolver};
//! use cimi_model::{Error, ErrorKind, Machine, MachineConfiguration, MachineCreate, MachineTemplate, Ref, Registry, Type, Uri};
//! use cimi_model::reflect::Record;
//!
//! // What the provider has stored.
//! let stored = |href: &Uri, _: &'static Type| -> cimi_model::Result<Box<dyn Record>> {
//!     match href.as_str() {
//!         "machineConfigs/small" => Ok(Box::new(MachineConfiguration { cpu: Some(1), memory: Some(524_288), ..Default::default() })),
//!         _ => Err(Error::new(ErrorKind::Value, "there is no such resource")),
//!     }
//! };
//! let request = MachineCreate {
//!     name: Some("web".into()),
//!     machine_template: Some(Ref::by_value(MachineTemplate {
//!         machine_config: Some(Ref::to("machineConfigs/small")),
//!         ..Default::default()
//!     })),
//!     ..Default::default()
//! };
//! let registry = Registry::standard();
//! let plan = Expander::new(&registry, &stored).instantiate(&request).unwrap();
//! let machine = plan.resource(plan.root())?;
//! let machine: &Machine = machine.as_any().downcast_ref().unwrap();
//! assert_eq!((machine.name.as_deref(), machine.cpu), (Some("web"), Some(1)));
//! # Ok::<(), cimi_model::Error>(())
//! ```
//!
//! # How a template becomes a resource
//!
//! * A `MachineTemplate` makes a `Machine`, and a `RackTemplate` of a provider's own a `Rack`, if the
//!   [`Registry`] has both. Attributes that both have, the template's own first, then those of its configuration and of
//!   its image, are copied. The common attributes of 5.7.1 are not: those of a template describe the template. `name`,
//!   `description` and `properties` are the request's or the componentDescriptor's.
//! * `initialState` is [`Step::initial_state`], and `genResourceMetadata` becomes `resourceMetadata`.
//! * An attribute `…Template` or `…Templates` creates further resources, for the attribute of the resource that has the
//!   name without `Template`: `meterTemplates` for `meters`. They have a [`Step`] of their own, as do the disks of a
//!   configuration.
//! * A list of existing resources goes into the collection of the same name.
//! * What else a template has (image, credential, user data, extensions) is there for the provider, complete, in
//!   [`Plan::template`].
//!
//! # References by name
//!
//! Each `SystemTemplate` is a scope of names. `#name` is looked up in the `SystemTemplate` in which it stands, and if it
//! has no such component, in the one around it, and so on outwards; names inside of a nested System are not seen from
//! outside. A template that is referred to is looked at as if it stood in place of the reference.
//!
//! Where `quantity` is 2 or more, the components are called `name1`, `name2` and so on, and are referred to by these
//! names. `#name` without a number means the component with the same number as the one that refers, where both have the
//! same quantity; in a serviceDescriptor's list of components, it means all of them; elsewhere it is a [`Problem`]. So is
//! a quantity below 1, as in [validation](crate::validate).

mod build;
mod complete;
mod create;
mod expander;
mod finish;
mod merge;
mod order;
mod plan;
mod problem;
mod rules;
mod scope;
mod service;
mod system;
mod walk;

pub use expander::{Bounds, Expander, Resolver};
pub use merge::{fill, merge};
pub(crate) use plan::link_to;
pub use plan::{Owner, Placement, Plan, Step, Target};
pub use problem::{Problem, Problems};
pub use rules::may_be_by_value;

#[allow(unused_imports, reason = "the documentation names it")]
use crate::Registry;

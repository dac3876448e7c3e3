//! Environment documents (DSP8027): what a machine learns about itself and its siblings when it is deployed.

mod document;
mod generate;
mod model;

pub use document::EnvironmentDocument;
pub use generate::EnvironmentOptions;
pub use model::{Entity, Environment, EnvironmentProperty, PlatformSection, PropertySection};

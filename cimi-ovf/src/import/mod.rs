//! Import: from the bytes of a descriptor to a `SystemTemplate`.

mod boot;
mod budget;
mod check;
pub(crate) mod extension;
mod items;
mod machine;
mod map;
mod members;
pub(crate) mod names;
mod placement;
mod properties;
mod report;
mod scale;
mod sections;
mod sizes;
mod source;
mod system;
mod user_data;

use cimi_model::{Deviation, Limits, Result, System, SystemTemplate};

pub use extension::NAMESPACE;
pub(crate) use map::{component, disk_of};
pub use report::{Entry, Fate};
pub use system::system;

use crate::export::restore;
use crate::{Descriptor, ReadOptions};
use budget::Budget;
use source::{Source, Warnings};

/// How a descriptor is imported.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ImportOptions {
    /// The URI of the descriptor or package, for `importImage`.
    pub source: Option<String>,
    /// The identifier of the deployment configuration to import. Default: the one that the descriptor marks as default,
    /// else its first.
    pub option: Option<String>,
    /// Whether to make a [report](Imported::report). Default: no.
    pub report: bool,
    /// Bounds on the descriptor. Default: those of [`ReadOptions`].
    pub limits: Limits,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self { source: None, option: None, report: false, limits: ReadOptions::default().limits }
    }
}

/// The result of [`import`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Imported {
    /// The template.
    pub template: SystemTemplate,
    /// The System that the descriptor was exported from, with what was changed in the values of its members since; `None`
    /// if it was exported from no System, or if members were added or removed. [`system`] makes one of the template.
    pub system: Option<System>,
    /// If it is [wanted](ImportOptions::report): what became of each part of the descriptor, in the order of the document.
    /// It ends where it would be larger than [`Limits::size`].
    pub report: Vec<Entry>,
    /// What in the descriptor is read in another way than it is written, and what CIMI cannot express; at most
    /// [`Limits::deviations`].
    pub warnings: Vec<Deviation>,
    /// What deviates from the standard; at most [`Limits::deviations`].
    pub deviations: Vec<Deviation>,
}

/// Makes a `SystemTemplate` from an OVF descriptor, as annex A of DSP0263 says.
///
/// * Each `VirtualSystemCollection` becomes a `SystemTemplate`, nested ones as components of the outer; a descriptor
///   with a single `VirtualSystem` becomes a `SystemTemplate` with one machine.
/// * Each `VirtualSystem` becomes a component of type `Machine` with a `MachineTemplate` and a `MachineConfiguration`
///   by value: `cpu` is the sum of the processor items, `memory` is in kibibytes (2^10), rounded up, `cpuSpeed` the limit
///   of the processors, else their reservation, in megahertz. What is for other deployment configurations than the
///   [chosen](ImportOptions::option) one does not count; an extension has what the machine is in each of them.
/// * The property `user-data` of a machine, or another one that guests know for this, becomes `userData`; where there is
///   none and it is said how the guest gets its environment, that is it, without passwords.
/// * The volumes of a machine come in the order in which it starts from them, where the descriptor says that.
/// * How often a member is scaled out by default (OVF 2.x) is the `quantity` of its component, and of the disks that
///   only its instances have. Disks of the `SharedDiskSection` are one for all.
/// * Each disk of the `DiskSection` becomes a component of type `Volume`, with its capacity in kilobytes (10^3),
///   rounded up, and its file as a `VolumeImage` by value. Machines refer to it by `#name`, so a shared disk appears
///   once. Disks that only a machine describes become `disks` of its configuration; they are blank,
///   which is the format `raw` here.
/// * Each network becomes a component of type `Network`; each Ethernet adapter that is connected to one, an interface
///   template with a reference `#name` to it. The reference is in `network`, an attribute of CIMI 1.x that table 43 of
///   2.0 does not have (only `endpoints`, which OVF knows nothing of); in XML of 2.0 it is written in the namespace of
///   1.x. Adapters without network are kept in the extension of their machine.
///   A MAC address is in an extension of the interface template.
/// * Machines that a `StartupSection` names have the initial state `STARTED`, or `STOPPED` where they are not to start.
/// * The file in a CD drive becomes the `MachineImage`.
/// * Names of components are unique in the whole template and safe in `#name`.
/// * What CIMI has no place for is kept in extensions, see [`NAMESPACE`](crate::NAMESPACE). Values of passwords are
///   not: neither those of properties marked so nor vendors' elements and attributes with such names.
///
/// A descriptor that [`export()`](crate::export()) wrote has the whole template in an optional section: it becomes that
/// template again. Where its other elements say something else than what the template was exported to, they were
/// edited, and win, field by field.
///
/// # Errors
/// As [`Descriptor::read`]; when there is no deployment configuration as wanted; when a reference leads nowhere, an
/// identifier occurs twice, or a quantity or unit is not meaningful; when the sum of processors or of memory overflows, and when so many disks and machines
/// use the same long elements that the template would be larger than [`Limits::size`] and 8 times the descriptor.
///
/// # Examples
/// ```
/// let descriptor = br#"<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"
///     xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"><References/>
///     <VirtualSystem ovf:id="web"><Info>A web server</Info></VirtualSystem></Envelope>"#;
/// let imported = cimi_ovf::import(descriptor, &cimi_ovf::ImportOptions::default())?;
/// assert_eq!(imported.template.component_descriptors[0].name.as_deref(), Some("web"));
/// # Ok::<(), cimi_ovf::Error>(())
/// ```
pub fn import(descriptor: &[u8], options: &ImportOptions) -> Result<Imported> {
    let reading = ReadOptions { limits: options.limits, ..ReadOptions::default() };
    let read = Descriptor::read(descriptor, &reading)?;
    let mut imported = plain(&read.value, options)?;
    imported.deviations = read.deviations;
    if let Some(restored) = restore(read.value, options.limits, &|descriptor| Ok(plain(descriptor, options)?.template))?
    {
        imported.template = restored.template;
        imported.system = restored.system;
    }
    Ok(imported)
}

/// The template of a descriptor by its own elements, whatever is stored in it.
pub(crate) fn by_elements(descriptor: &Descriptor) -> Result<SystemTemplate> {
    let mut options = ImportOptions::default();
    options.limits.size = options.limits.size.max(descriptor.tree().text().len());
    let written = descriptor.as_written()?;
    Ok(plain(written.as_ref().unwrap_or(descriptor), &options)?.template)
}

/// What the elements of OVF say.
fn plain(descriptor: &Descriptor, options: &ImportOptions) -> Result<Imported> {
    let mut budget = Budget::new(descriptor.tree().text().len(), options.limits);
    let mut warnings = Warnings::default();
    let source = Source::of(descriptor, options, &mut warnings, &mut budget)?;
    let (template, report) = map::template(&source, options, &mut warnings, &mut budget)?;
    let warnings = warnings.finish(options.limits.deviations);
    Ok(Imported { template, system: None, report, warnings, deviations: Vec::new() })
}

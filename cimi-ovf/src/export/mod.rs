//! Export: from CIMI resources to descriptors (DSP0263 annex A, the other way round).

mod add;
mod builder;
mod disks;
mod edits;
mod hardware;
mod machine;
mod merge;
mod names;
mod onto;
mod onto_system;
mod patch;
mod policies;
mod restore;
mod secrets;
mod stored;
mod system;
mod text;

use cimi_model::reflect::{Described, Record};
use cimi_model::{Error, ErrorKind, Limits, Result, System, SystemTemplate, WriteOptions, json};

use crate::{Descriptor, ReadOptions, Version, model};

pub use onto::export_onto;
pub(crate) use restore::restore;
use stored::stored;

/// How a resource is exported.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ExportOptions {
    /// The version of OVF: 1.x, which is the default, or 2.x.
    pub version: Version,
    /// Whether the whole resource is stored in the descriptor too, in an optional section, so that nothing is lost that
    /// OVF has no words for. The default is yes.
    pub store: bool,
    /// Whether what is stored includes secrets, such as the passwords of credentials. The default is no.
    pub secrets: bool,
    /// Bounds on the descriptor: a resource is refused, and a quantity noted, that would become more than an import accepts.
    /// Default: those of [`ReadOptions`].
    pub limits: Limits,
}

impl Default for ExportOptions {
    fn default() -> Self {
        Self { version: Version::V1, store: true, secrets: false, limits: ReadOptions::default().limits }
    }
}

/// The result of [`export`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Exported {
    /// The descriptor.
    pub descriptor: Descriptor,
    /// What the descriptor's own elements could not say, in the order of the resource.
    pub notes: Vec<Note>,
}

/// Something that the elements of OVF do not say of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note {
    /// Where it stands in the resource, for example `/componentDescriptors[0]/machineTemplate`.
    pub path: String,
    /// What is the matter and what was made of it.
    pub text: String,
}

impl std::fmt::Display for Note {
    /// `PATH: text`, on one line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path, self.text)
    }
}

/// Makes a descriptor from a `SystemTemplate`, or from a `System` with its members expanded.
///
/// * The template becomes a `VirtualSystemCollection`, and so do the templates nested in it; each component of type
///   Machine, a `VirtualSystem` with one `VirtualHardwareSection`. A template of a single machine that says nothing besides
///   becomes that machine alone. Identifiers are made from names; they are unique in
///   the whole descriptor, and the same in every run.
/// * `cpu` becomes an item for processors, `memory` one for memory in `byte * 2^20`, or in `byte` where it is no
///   multiple of that. `disks` of a configuration become disk items without `HostResource`, with the capacity as
///   quantity.
/// * Volumes and the volume templates of machines become disks of the `DiskSection`; in OVF 2.x, those that several
///   machines use, of the `SharedDiskSection`. Images become files of `References`: those of volumes belong to their
///   disks, those of machines are in a drive.
/// * Networks become networks of the `NetworkSection`, interfaces Ethernet adapters with connections to them.
/// * Descriptions become `AnnotationSection`s, initial states `StartupSection`s, quantities `ScaleOutSection`s (in OVF
///   2.x only), user data a property `user-data` for the guest.
/// * The whole template is stored in one optional section: a `ProductSection` of class [`NAMESPACE`](crate::NAMESPACE)
///   with `ovf:required="false"`, in it an element `Resource` of that namespace with the template in JSON.
///   [`import()`](crate::import()) reads it. The schemas of OVF know no sections but their own; this one they accept.
///
/// Of a System, the descriptor says what a template says that would make such a System; the System itself is stored, and
/// [`stored_system`] reads it.
///
/// References that are not expanded are not followed; a note tells of each. Secrets are left out, also of what is stored,
/// unless [`ExportOptions::secrets`] asks for them.
///
/// ```
/// use cimi_model::{ComponentDescriptor, MachineConfiguration, MachineTemplate, Ref, SystemTemplate};
/// use cimi_ovf::{ExportOptions, export};
///
/// let configuration = MachineConfiguration { cpu: Some(2), memory: Some(4 << 20), ..Default::default() };
/// let machine = MachineTemplate { machine_config: Some(Ref::by_value(configuration)), ..Default::default() };
/// let template = SystemTemplate {
///     name: Some("shop".into()),
///     component_descriptors: vec![ComponentDescriptor {
///         name: Some("web".into()),
///         machine_template: Some(Ref::by_value(machine)),
///         ..Default::default()
///     }],
///     ..Default::default()
/// };
/// let text = export(&template, &ExportOptions::default())?.descriptor.to_text()?;
/// assert!(text.contains(r#"<VirtualSystem ovf:id="web">"#));
/// assert!(text.contains("<rasd:VirtualQuantity>4096</rasd:VirtualQuantity>"));
/// let again = cimi_ovf::import(text.as_bytes(), &Default::default())?.template;
/// assert_eq!(again, template);
/// # Ok::<(), cimi_ovf::Error>(())
/// ```
///
/// # Errors
/// When the resource is of another type, when the version is [`Version::V0_9`], when templates are nested deeper than
/// descriptors or documents can be, and when the descriptor would be larger than [`ExportOptions::limits`].
pub fn export(resource: &dyn Record, options: &ExportOptions) -> Result<Exported> {
    if options.version == Version::V0_9 {
        return Err(Error::new(ErrorKind::Unsupported, "OVF 0.9 is read, not written"));
    }
    if let Some(system) = resource.as_any().downcast_ref::<System>() {
        let (system, more_notes) = normal(system, options)?;
        let (template, notes) = system::template(&system)?;
        let mut exported = whole(&template, &system, options)?;
        exported.notes.splice(0..0, notes);
        exported.notes.extend(more_notes);
        return Ok(exported);
    }
    let (template, more_notes) = normal(template_of(resource)?, options)?;
    let mut exported = whole(&template, &template, options)?;
    exported.notes.extend(more_notes);
    Ok(exported)
}

/// What the elements of OVF say of a template, and the resource that is stored with it.
fn whole(template: &SystemTemplate, resource: &dyn Record, options: &ExportOptions) -> Result<Exported> {
    let Plain { mut exported, .. } = plain(template, options.version, options.limits)?;
    if options.store {
        stored::put(&mut exported.descriptor, resource, None)?;
    }
    Ok(exported)
}

/// The System that a descriptor was exported from, as it was then; `None` where it was no System.
///
/// [`import()`](crate::import()) makes of it the template that would make such a System, with what was changed in the
/// descriptor since.
#[must_use]
pub fn stored_system(descriptor: &Descriptor) -> Option<System> {
    match stored::read(&stored(descriptor)?, &stored::reading())? {
        stored::Stored::System(system) => Some(*system),
        stored::Stored::Template(_) => None,
    }
}

fn template_of(resource: &dyn Record) -> Result<&SystemTemplate> {
    let name = resource.record_type().name;
    let other = || Error::new(ErrorKind::Type, format!("a {name} is not exported, only a SystemTemplate or System is"));
    resource.as_any().downcast_ref().ok_or_else(other)
}

/// The resource as it is read again from what is stored, without secrets unless they are wanted.
fn normal<T: Described>(resource: &T, options: &ExportOptions) -> Result<(T, Vec<Note>)> {
    let mut resource = resource.clone();
    let mut notes = Vec::new();
    let cleared = if options.secrets { 0 } else { secrets::clear(&mut resource) };
    if cleared > 0 {
        notes.push(Note { path: "/".to_owned(), text: format!("secrets are not exported: {cleared} left out") });
    }
    let text = json::to_vec(&resource, WriteOptions::default())?;
    // Two of them at a time take much memory.
    drop(resource);
    Ok((json::from_slice(&text, &stored::reading())?.value, notes))
}

/// What the elements of OVF say of a template.
struct Plain {
    exported: Exported,
    leaves: Vec<Leaf>,
}

/// A disk or network of the descriptor, and where the template has it.
#[derive(Debug)]
struct Leaf {
    key: LeafKey,
    path: String,
    /// Whether this is no component, but a template in a machine.
    inner: bool,
}

/// What a disk or network is called in the descriptor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum LeafKey {
    Disk(String),
    Network(String),
}

fn too_large() -> Error {
    Error::new(ErrorKind::Limit, "the descriptor would have so many parts that no import accepts it")
}

fn plain(template: &SystemTemplate, version: Version, limits: Limits) -> Result<Plain> {
    let mut builder = builder::Builder::new(version, limits);
    let content = builder.collection(template, "", 0)?;
    let leaves = std::mem::take(&mut builder.leaves);
    let mut descriptor = Descriptor::new(version);
    let notes = builder.finish(&mut descriptor.envelope, content);
    let (memory, elements) = model::weight(&descriptor.envelope);
    if elements > limits.elements || memory > model::memory(limits) {
        return Err(too_large());
    }
    Ok(Plain { exported: Exported { descriptor, notes }, leaves })
}

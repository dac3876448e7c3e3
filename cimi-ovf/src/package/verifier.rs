//! Checking a package file by file, as the files pass.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io::{self, Read};
use std::time::SystemTime;

use cimi_model::{Error, ErrorKind, Result};

use super::digest::{Algorithm, Digest};
use super::finding::{Notes, Rule, from_io, refused};
use super::hashing;
use super::limits::PackageLimits;
use super::manifest::Manifest;
use super::names::{self, Role};
use super::references::{Reference, Target, references};

/// What is computed for files that pass before the manifest does.
const ALL: &[Algorithm] = &[Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512];

/// Says whether a chain of X.509 certificates (DER, the signer's first) is trusted, and if not, why.
pub type Trust<'t> = dyn Fn(&[Vec<u8>]) -> std::result::Result<(), String> + 't;

/// How a package is checked.
#[derive(Clone, Copy, Default)]
#[non_exhaustive]
pub struct VerifyOptions<'t> {
    /// Bounds.
    pub limits: PackageLimits,
    /// Whether what is tolerated otherwise is refused.
    pub strict: bool,
    /// Whether the digests of large files are computed in a second thread while the first one reads.
    pub threads: bool,
    /// The time at which the signer's certificate must be valid; its dates are not checked without.
    pub now: Option<SystemTime>,
    /// Says whether the signer is trusted; that is not checked without.
    pub trust: Option<&'t Trust<'t>>,
}

impl fmt::Debug for VerifyOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("VerifyOptions");
        debug.field("limits", &self.limits).field("strict", &self.strict).field("threads", &self.threads);
        debug.field("now", &self.now);
        debug.field("trust", &self.trust.map(|_| "..")).finish()
    }
}

/// Checks a package whose files are given one by one, in the order of the archive.
///
/// The manifest may come before or after the files that it covers; when it comes first, only the digests that it needs
/// are computed.
///
/// ```
/// use cimi_ovf::package::{Verifier, VerifyOptions};
///
/// # fn main() -> cimi_ovf::Result<()> {
/// let mut verifier = Verifier::new(&VerifyOptions::default());
/// let descriptor = br#"<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"/>"#;
/// verifier.add("web.ovf", &mut descriptor.as_slice(), &mut |_| Ok(()))?;
/// verifier.add("web.mf", &mut b"SHA1(web.ovf)= 0000".as_slice(), &mut |_| Ok(()))?;
/// let verification = verifier.finish()?;
/// assert!(!verification.is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Verifier<'t> {
    pub(super) options: VerifyOptions<'t>,
    pub(super) notes: Notes,
    /// The name of the descriptor; what it says is in the references.
    pub(super) descriptor: Option<String>,
    pub(super) references: Option<Vec<Reference>>,
    /// Files of the descriptor whose names end like those of a descriptor, manifest or certificate.
    listed: HashSet<String>,
    pub(super) manifest: Digests,
    pub(super) certificate: Option<Held>,
    pub(super) files: Vec<Seen>,
}

/// A small file that is held.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// What is known of the manifest so far.
#[derive(Debug)]
pub(super) enum Digests {
    Unknown,
    Absent,
    Known { held: Held, manifest: Manifest, algorithms: HashMap<String, Vec<Algorithm>> },
}

/// A file that has passed.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) size: u64,
    pub(super) digests: Vec<Digest>,
}

impl<'t> Verifier<'t> {
    /// Begins a check.
    #[must_use]
    pub fn new(options: &VerifyOptions<'t>) -> Self {
        Self {
            notes: Notes::new(options.strict, options.limits.findings),
            options: *options,
            descriptor: None,
            references: None,
            listed: HashSet::new(),
            manifest: Digests::Unknown,
            certificate: None,
            files: Vec::new(),
        }
    }

    /// Says that there is no manifest, so that no digests are computed.
    pub fn without_manifest(&mut self) {
        if matches!(self.manifest, Digests::Unknown) {
            self.manifest = Digests::Absent;
        }
    }

    /// Gives the manifest ahead of its turn, for a caller who can look ahead. It is still to be added in its turn.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn expect(&mut self, name: &str, manifest: &[u8]) -> Result<()> {
        let held = Held { name: name.to_owned(), bytes: manifest.to_vec() };
        let limits = &self.options.limits;
        let manifest = Manifest::read(manifest, self.options.strict, limits).map_err(|error| named(&error, name))?;
        let mut algorithms: HashMap<String, Vec<Algorithm>> = HashMap::new();
        for entry in &manifest.entries {
            let known = algorithms.entry(names::folded(&entry.name)).or_default();
            if !known.contains(&entry.digest.algorithm) {
                known.push(entry.digest.algorithm);
            }
        }
        self.manifest = Digests::Known { held, manifest, algorithms };
        Ok(())
    }

    /// Reads a file of the package to its end; each piece is given to `each` too, for example to write it.
    ///
    /// # Errors
    /// When the file cannot be read or is too large to be held, when its name is refused, or when `each` fails.
    pub fn add(&mut self, name: &str, content: &mut dyn Read, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        super::check_name(name)?;
        let role = self.role(name)?;
        self.pass(name, role, content, each)
    }

    /// Reads a file that is elsewhere, whose name is a URI.
    pub(super) fn add_remote(
        &mut self,
        uri: &str,
        content: &mut dyn Read,
        each: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        self.pass(uri, Role::File, content, each)
    }

    fn pass(
        &mut self,
        name: &str,
        role: Role,
        content: &mut dyn Read,
        each: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        if self.files.len() >= self.options.limits.members {
            let reason = format!("the package has more than {} files", self.options.limits.members);
            return Err(refused(ErrorKind::Limit, "", reason));
        }
        let limit = self.limit(role);
        let (mut held, mut size) = (Vec::new(), 0_u64);
        let algorithms = self.algorithms(name, role);
        let digests = hashing::digests(algorithms, self.options.threads, &mut |piece| {
            let read = read(content, piece).map_err(|error| from_io(name, error))?;
            let piece = piece.get(..read).unwrap_or_default();
            size = size.saturating_add(read as u64);
            if let Some(limit) = limit {
                if size > limit as u64 {
                    return Err(refused(ErrorKind::Limit, name, format!("the file is larger than {limit} bytes")));
                }
                held.extend_from_slice(piece);
            }
            if read > 0 {
                each(piece)?;
            }
            Ok(read)
        })?;
        self.files.push(Seen { name: name.to_owned(), role, size, digests });
        self.keep(role, Held { name: name.to_owned(), bytes: held })
    }

    /// What a file is; a second descriptor or manifest that the descriptor does not refer to is an error.
    fn role(&mut self, name: &str) -> Result<Role> {
        let (role, upper) = Role::of(name);
        if role == Role::File || self.listed.contains(name) {
            return Ok(Role::File);
        }
        let (about, taken) = match role {
            Role::Descriptor => (Rule::Descriptor, self.descriptor.as_deref()),
            Role::Manifest => match &self.manifest {
                Digests::Known { held, .. } if held.name != name => (Rule::Manifest, Some(held.name.as_str())),
                _ => (Rule::Manifest, None),
            },
            _ => (Rule::Certificate, self.certificate.as_ref().map(|held| held.name.as_str())),
        };
        if let Some(first) = taken {
            let text = format!("the package also has '{first}': which of them counts is not clear");
            self.notes.error(about, name, text);
            return Ok(Role::File);
        }
        if upper {
            self.notes.deviation(Rule::Name, name, "the end of the name is in upper case")?;
        }
        Ok(role)
    }

    fn limit(&self, role: Role) -> Option<usize> {
        match role {
            Role::Descriptor => Some(self.options.limits.descriptor),
            Role::Manifest => Some(self.options.limits.manifest),
            Role::Certificate => Some(self.options.limits.certificate),
            Role::File => None,
        }
    }

    /// The digests that a file needs.
    fn algorithms(&self, name: &str, role: Role) -> &[Algorithm] {
        match &self.manifest {
            _ if role == Role::Manifest => &[],
            Digests::Unknown => ALL,
            Digests::Absent => &[],
            Digests::Known { held, algorithms, .. } => {
                let name = name.strip_prefix(folder(&held.name)).unwrap_or(name);
                algorithms.get(&names::folded(name)).map_or(&[], Vec::as_slice)
            }
        }
    }

    fn keep(&mut self, role: Role, held: Held) -> Result<()> {
        match role {
            Role::Descriptor => self.keep_descriptor(held),
            Role::Manifest => match &self.manifest {
                Digests::Known { held: known, .. } if known.bytes != held.bytes => {
                    Err(refused(ErrorKind::State, &held.name, "the manifest is not the one that was expected"))
                }
                Digests::Known { .. } => Ok(()),
                _ => self.expect(&held.name, &held.bytes),
            },
            Role::Certificate => {
                self.certificate = Some(held);
                Ok(())
            }
            Role::File => Ok(()),
        }
    }

    fn keep_descriptor(&mut self, held: Held) -> Result<()> {
        match references(&held.bytes, &self.options.limits) {
            Ok(references) => {
                let prefix = folder(&held.name);
                for reference in &references {
                    if let (Target::Member(name), None) = (reference.target(), reference.chunk_size)
                        && Role::of(name).0 != Role::File
                    {
                        self.listed.insert(format!("{prefix}{name}"));
                        self.listed.insert(format!("{prefix}{}", names::decoded(name)));
                    }
                }
                // A descriptor that lists itself or its manifest must not hide them.
                self.listed.remove(&held.name);
                self.listed.remove(&format!("{}.mf", names::base(&held.name)));
                self.listed.remove(&format!("{}.cert", names::base(&held.name)));
                self.references = Some(references);
            }
            Err(error) if self.options.strict => return Err(named(&error, &held.name)),
            Err(error) => self.notes.error(Rule::Descriptor, &held.name, error.to_string()),
        }
        self.descriptor = Some(held.name);
        Ok(())
    }
}

/// Reads, however often that is interrupted.
pub(super) fn read(content: &mut dyn Read, piece: &mut [u8]) -> io::Result<usize> {
    loop {
        match content.read(piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// The folder of a name with the `/` after it, or nothing.
pub(super) fn folder(name: &str) -> &str {
    name.rfind('/').and_then(|end| name.get(..=end)).unwrap_or_default()
}

/// An error of a part of the package: its path becomes the name of the part.
pub(super) fn named(error: &Error, name: &str) -> Error {
    let reason = match error.path() {
        "/" => error.reason().to_owned(),
        path => format!("{path}: {}", error.reason()),
    };
    let place = error.location();
    let named = refused(error.kind(), name, reason);
    match place {
        Some(place) => named.at(place),
        None => named,
    }
}

//! Making an OVA.

use std::collections::HashSet;
use std::io::Write;

use cimi_model::{ErrorKind, Result};

use super::contents::open_part;
use super::digest::{Algorithm, Digest};
use super::finding::{Notes, from_io, refused};
use super::hashing;
use super::input::read_whole;
use super::limits::PackageLimits;
use super::manifest::Manifest;
use super::names;
use super::references::{Target, algorithm_of, references};
use super::report::Verification;
use super::source::{Opened, Progress, Source};
use super::tar_writer::TarWriter;
use super::verifier::{Verifier, VerifyOptions, folder, named, read};

/// How an OVA is made.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct PackOptions<'s> {
    /// Bounds.
    pub limits: PackageLimits,
    /// Which manifest it gets.
    pub manifest: ManifestChoice,
    /// Whether digests are computed in a second thread while the first one reads and writes.
    pub threads: bool,
    /// The time that all members bear, in seconds since 1970.
    pub modified: u64,
    /// Signs the manifest. Without, the certificate of the source is kept if the manifest is.
    #[cfg(feature = "signature")]
    pub signer: Option<&'s super::Signer>,
    #[cfg(not(feature = "signature"))]
    pub(crate) unsigned: std::marker::PhantomData<&'s ()>,
}

/// Which manifest a package gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ManifestChoice {
    /// The one of the source, which must be right; if it has none, a new one with the algorithm that the standard has for
    /// the version of the descriptor: SHA-1 for 1.x, which some consumers insist on, SHA-256 for 2.x.
    #[default]
    Keep,
    /// A new one.
    Make(Algorithm),
    /// None.
    Omit,
}

/// Writes an OVA: the descriptor, the manifest, the certificate, and the files in the order of the references.
///
/// Each file is checked against the manifest while it is written. Files that are remote stay so. The same files give the
/// same bytes.
///
/// # Errors
/// When a file is missing, changes while it is read or does not have the digest of the manifest, when a name is refused
/// or a reference leads out of the package, and when reading or writing fails. What was written by then is of no use.
pub fn pack(
    source: &dyn Source,
    descriptor: &str,
    writer: impl Write,
    options: &PackOptions<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Verification> {
    let folder = folder(descriptor);
    let name = descriptor.strip_prefix(folder).unwrap_or(descriptor).to_owned();
    let mut packer = Packer { source, folder, options, progress, descriptor: name, kept: false };
    let text = packer.small(&packer.descriptor.clone(), options.limits.descriptor)?;
    let text = text.ok_or_else(|| refused(ErrorKind::Value, descriptor, "the descriptor is not there"))?;
    let files = packer.files(&text)?;
    let manifest = packer.manifest(&text, &files)?;
    let certificate = packer.certificate(manifest.as_deref())?;
    packer.write(writer, &text, manifest.as_deref(), certificate.as_deref(), &files)
}

struct Packer<'p, 'o> {
    source: &'p dyn Source,
    folder: &'p str,
    options: &'p PackOptions<'o>,
    progress: &'p mut dyn FnMut(Progress<'_>),
    /// Whether the manifest is that of the source.
    kept: bool,
    /// The descriptor's name without its folder; all names in the archive are relative to it.
    descriptor: String,
}

/// A file to be packed.
struct Part {
    name: String,
    size: u64,
}

impl Packer<'_, '_> {
    fn beside(&self, end: &str) -> String {
        format!("{}.{end}", names::base(&self.descriptor))
    }

    /// A file that is small enough to be held.
    fn small(&self, name: &str, limit: usize) -> Result<Option<Vec<u8>>> {
        let full = format!("{}{name}", self.folder);
        super::check_name(&full)?;
        let Some(mut opened) = self.source.open(&full)? else { return Ok(None) };
        read_whole(name, &mut opened.content, limit).map(Some)
    }

    /// The files of the descriptor, which must all be there.
    fn files(&self, descriptor: &[u8]) -> Result<Vec<Part>> {
        let (mut seen, mut files) = (HashSet::new(), Vec::new());
        let own = [self.beside("mf"), self.beside("cert")];
        for reference in references(descriptor, &self.options.limits).map_err(|e| named(&e, &self.descriptor))? {
            match reference.target() {
                Target::Outside(href) => {
                    return Err(refused(ErrorKind::Value, href, "the reference leads out of the package"));
                }
                Target::Member(name) if name == self.descriptor => {
                    return Err(refused(ErrorKind::Value, name, "the descriptor lists itself as a file"));
                }
                // They are packed anyway.
                Target::Member(name) if own.iter().any(|own| own == name) => continue,
                _ => {}
            }
            let parts = reference.parts(&self.options.limits)?;
            let open = parts.is_open();
            for (place, part) in parts.enumerate() {
                match self.found(&part)? {
                    Some(found) if seen.insert(found.name.clone()) => files.push(found),
                    Some(_) => {}
                    None if open && place > 0 => break,
                    None => {
                        let reason = "the descriptor refers to this file, and it is not there";
                        return Err(refused(ErrorKind::Value, &part, reason));
                    }
                }
                if files.len() > self.options.limits.members {
                    let reason = format!("the package has more than {} files", self.options.limits.members);
                    return Err(refused(ErrorKind::Limit, "", reason));
                }
            }
        }
        Ok(files)
    }

    /// The file under its name as it is written, else decoded.
    fn found(&self, part: &str) -> Result<Option<Part>> {
        for name in [part, &*names::decoded(part)] {
            let full = format!("{}{name}", self.folder);
            super::check_name(&full)?;
            if let Some(opened) = self.source.open(&full)? {
                return Ok(Some(Part { name: name.to_owned(), size: opened.size }));
            }
        }
        Ok(None)
    }

    fn manifest(&mut self, descriptor: &[u8], files: &[Part]) -> Result<Option<Vec<u8>>> {
        let algorithm = match self.options.manifest {
            ManifestChoice::Omit => return Ok(None),
            ManifestChoice::Make(algorithm) => algorithm,
            ManifestChoice::Keep => match self.small(&self.beside("mf"), self.options.limits.manifest)? {
                Some(manifest) => {
                    self.kept = true;
                    return Ok(Some(manifest));
                }
                None => algorithm_of(descriptor, &self.options.limits)?,
            },
        };
        let mut manifest = Manifest::default();
        manifest.push(self.descriptor.clone(), algorithm.digest(descriptor));
        for file in files {
            let digest = self.digest(file, algorithm)?;
            manifest.push(file.name.clone(), digest);
        }
        Ok(Some(manifest.to_string().into_bytes()))
    }

    fn digest(&mut self, file: &Part, algorithm: Algorithm) -> Result<Digest> {
        let mut opened = open(self.source, self.folder, file)?;
        let (progress, mut done) = (&mut *self.progress, 0);
        let mut digests = hashing::digests(&[algorithm], self.options.threads, &mut |piece| {
            let read = read(&mut opened.content, piece).map_err(|error| from_io(&file.name, error))?;
            done += read as u64;
            progress(Progress::new(&file.name, Some(file.size), done));
            Ok(read)
        })?;
        digests.pop().ok_or_else(|| refused(ErrorKind::Unsupported, &file.name, "there is no digest"))
    }

    /// A new signature, or the certificate of the source if it may still fit.
    fn certificate(&self, manifest: Option<&[u8]>) -> Result<Option<Vec<u8>>> {
        #[cfg(feature = "signature")]
        if let (Some(manifest), Some(signer)) = (manifest, self.options.signer) {
            let algorithm = match self.options.manifest {
                ManifestChoice::Make(algorithm) => algorithm,
                _ => strongest(manifest, &self.options.limits).unwrap_or(Algorithm::Sha256),
            };
            return Ok(Some(signer.sign(algorithm, &self.beside("mf"), manifest)?.to_string().into_bytes()));
        }
        if manifest.is_some() && self.kept {
            self.small(&self.beside("cert"), self.options.limits.certificate)
        } else {
            Ok(None)
        }
    }

    fn write(
        &mut self,
        writer: impl Write,
        descriptor: &[u8],
        manifest: Option<&[u8]>,
        certificate: Option<&[u8]>,
        files: &[Part],
    ) -> Result<Verification> {
        let mut options = VerifyOptions::default();
        options.limits = self.options.limits;
        options.threads = self.options.threads;
        let mut verifier = Verifier::new(&options);
        let mut tar = TarWriter::new(writer, self.options.modified);
        let small = [("ovf", Some(descriptor)), ("mf", manifest), ("cert", certificate)];
        match manifest {
            Some(manifest) => verifier.expect(&self.beside("mf"), manifest)?,
            None => verifier.without_manifest(),
        }
        for (end, content) in small {
            let Some(mut content) = content else { continue };
            let name = if end == "ovf" { self.descriptor.clone() } else { self.beside(end) };
            tar.begin(&name, content.len() as u64)?;
            verifier.add(&name, &mut content, &mut |piece| tar.piece(piece))?;
            tar.end()?;
        }
        for file in files {
            let mut opened = open(self.source, self.folder, file)?;
            tar.begin(&file.name, file.size)?;
            let (progress, mut done) = (&mut *self.progress, 0);
            verifier.add(&file.name, &mut opened.content, &mut |piece| {
                done += piece.len() as u64;
                progress(Progress::new(&file.name, Some(file.size), done));
                tar.piece(piece)
            })?;
            tar.end()?;
        }
        tar.finish()?;
        let verification = verifier.finish_archive(Notes::new(false, self.options.limits.findings))?;
        verification.error().map_or(Ok(verification), Err)
    }
}

fn open<'s>(source: &'s dyn Source, folder: &str, file: &Part) -> Result<Opened<'s>> {
    let opened = open_part(source, &format!("{folder}{}", file.name))?;
    opened.ok_or_else(|| refused(ErrorKind::Write, &file.name, "the file has gone while the package was made"))
}

/// The strongest algorithm of a manifest, so that the signature is as strong.
#[cfg(feature = "signature")]
fn strongest(manifest: &[u8], limits: &PackageLimits) -> Option<Algorithm> {
    let manifest = Manifest::read(manifest, false, limits).ok()?;
    manifest.entries.iter().map(|entry| entry.digest.algorithm).max()
}

//! The ways to check a whole package.

use std::collections::HashSet;
use std::io::{Read, Seek, SeekFrom};

use cimi_model::{ErrorKind, Result};

use super::contents::open_part;
use super::finding::{Notes, Rule, from_io, refused};
use super::names::{self, Role};
use super::ova::Ova;
use super::references::Target;
use super::report::Verification;
use super::source::{Opened, Progress, Source};
use super::verdict::Verdict;
use super::verifier::{Digests, Verifier, VerifyOptions, folder};

/// Checks an archive in one pass.
///
/// # Errors
/// When the archive is refused (see [`Ova::next`]), or has no descriptor.
pub fn verify_ova(reader: impl Read, options: &VerifyOptions<'_>) -> Result<Verification> {
    let verifier = Verifier::new(options);
    let ova = Ova::new(reader, options.strict, &options.limits)?;
    pass(ova, verifier, &mut |_| {})
}

/// Checks an archive that can be read twice: first all headers and the manifest, so that a bad archive is refused at
/// once, and only the digests of the manifest are computed, wherever it stands.
///
/// # Errors
/// Those of [`verify_ova`].
pub fn verify_archive(
    mut reader: impl Read + Seek,
    options: &VerifyOptions<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Verification> {
    let mut verifier = Verifier::new(options);
    look_ahead(&mut reader, &mut verifier)?;
    pass(Ova::new(reader, options.strict, &options.limits)?, verifier, progress)
}

/// Reads all headers and the manifest, and goes back to the beginning. Not in a compressed archive, all of which would
/// have to be decompressed for it.
pub(super) fn look_ahead(reader: &mut (impl Read + Seek), verifier: &mut Verifier<'_>) -> Result<()> {
    let limits = verifier.options.limits;
    let start = reader.stream_position().map_err(|error| from_io("", error))?;
    let mut ova = Ova::seekable(&mut *reader, verifier.options.strict, &limits)?;
    let compressed = ova.is_compressed();
    let (mut found, mut own) = (None, None);
    while !compressed && let Some(mut member) = ova.next()? {
        let (name, role) = (member.name().to_owned(), Role::of(member.name()).0);
        if role == Role::Descriptor && own.is_none() {
            own = Some(names::base(&name).to_owned());
        }
        // The one that is named like the descriptor, else the first: a file of the package may end in .mf too.
        if role == Role::Manifest && (found.is_none() || own.as_deref() == Some(names::base(&name))) {
            found = Some((name, member.read_whole(limits.manifest)?));
        }
    }
    match found {
        Some((name, manifest)) => verifier.expect(&name, &manifest)?,
        None if compressed => {}
        None => verifier.without_manifest(),
    }
    reader.seek(SeekFrom::Start(start)).map_err(|error| from_io("", error))?;
    Ok(())
}

fn pass<R: Read>(
    mut ova: Ova<R>,
    mut verifier: Verifier<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Verification> {
    while let Some(mut member) = ova.next()? {
        let (name, size) = (member.name().to_owned(), member.size());
        let mut done = 0;
        verifier.add(&name, &mut member, &mut |piece| {
            done += piece.len() as u64;
            progress(Progress::new(&name, Some(size), done));
            Ok(())
        })?;
    }
    verifier.finish_archive(ova.into_notes())
}

/// Checks a package that is a folder: the descriptor, and the manifest and certificate with its name.
///
/// # Errors
/// When the source fails, the descriptor is not there, or a limit is exceeded.
pub fn verify_source(
    source: &dyn Source,
    descriptor: &str,
    options: &VerifyOptions<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Verification> {
    let mut verifier = Verifier::new(options);
    let mut reader = FolderReader { source, verifier: &mut verifier, progress, seen: HashSet::new() };
    let base = names::base(descriptor).to_owned();
    if !reader.add(&format!("{base}.mf"))? && !reader.add(&format!("{base}.MF"))? {
        reader.verifier.without_manifest();
    }
    if !reader.add(descriptor)? {
        return Err(refused(ErrorKind::Value, descriptor, "the descriptor is not there"));
    }
    if !reader.add(&format!("{base}.cert"))? {
        reader.add(&format!("{base}.CERT"))?;
    }
    reader.add_files(folder(descriptor))?;
    verifier.finish()
}

struct FolderReader<'r, 't> {
    source: &'r dyn Source,
    verifier: &'r mut Verifier<'t>,
    progress: &'r mut dyn FnMut(Progress<'_>),
    seen: HashSet<String>,
}

impl FolderReader<'_, '_> {
    /// Reads a file, once; false if it is not there.
    fn add(&mut self, name: &str) -> Result<bool> {
        if names::problem(name).is_some() {
            return Ok(false);
        }
        if self.seen.contains(name) {
            return Ok(true);
        }
        let Some(opened) = open_part(self.source, name)? else { return Ok(false) };
        self.read(name, opened, false)?;
        Ok(true)
    }

    /// Reads a file that is elsewhere, once, if the source has it.
    fn add_remote(&mut self, uri: &str) -> Result<()> {
        if self.seen.contains(uri) {
            return Ok(());
        }
        match self.source.open_remote(uri)? {
            Some(opened) => self.read(uri, opened, true),
            None => Ok(()),
        }
    }

    fn read(&mut self, name: &str, mut opened: Opened<'_>, remote: bool) -> Result<()> {
        self.seen.insert(name.to_owned());
        let (size, mut done) = (opened.size, 0);
        let progress = &mut *self.progress;
        let mut each = |piece: &[u8]| {
            done += piece.len() as u64;
            progress(Progress::new(name, Some(size), done));
            Ok(())
        };
        if remote {
            self.verifier.add_remote(name, &mut opened.content, &mut each)
        } else {
            self.verifier.add(name, &mut opened.content, &mut each)
        }
    }

    /// Reads the files of the descriptor, and those that only the manifest has.
    fn add_files(&mut self, folder: &str) -> Result<()> {
        let limits = self.verifier.options.limits;
        let references = self.verifier.references.take();
        for reference in references.iter().flatten() {
            if let Target::Remote(uri) = reference.target() {
                self.add_remote(uri)?;
            }
            // The verdict says so where the parts make no sense.
            for part in reference.parts(&limits).into_iter().flatten() {
                if !self.add(&format!("{folder}{part}"))? {
                    break;
                }
            }
        }
        self.verifier.references = references;
        let Digests::Known { manifest, .. } = &self.verifier.manifest else { return Ok(()) };
        let names: Vec<String> = manifest.entries.iter().map(|entry| format!("{folder}{}", entry.name)).collect();
        let known: HashSet<String> = self.seen.iter().map(|name| names::folded(name)).collect();
        for name in names.iter().filter(|name| !known.contains(&names::folded(name))) {
            self.add(name)?;
        }
        Ok(())
    }
}

impl Verifier<'_> {
    /// The verdict, after the last file.
    ///
    /// # Errors
    /// When there is no descriptor; when strict, at the first deviation.
    pub fn finish(self) -> Result<Verification> {
        let notes = Notes::new(self.options.strict, self.options.limits.findings);
        self.conclude(notes, false)
    }

    pub(super) fn finish_archive(self, archive: Notes) -> Result<Verification> {
        self.conclude(archive, true)
    }

    fn conclude(self, mut notes: Notes, archive: bool) -> Result<Verification> {
        let Self { options, notes: own, descriptor, references, manifest, certificate, files, .. } = self;
        notes.append(own);
        let Some(descriptor) = descriptor else {
            return Err(refused(ErrorKind::Value, "", "the package has no descriptor (.ovf)"));
        };
        let mut verdict = Verdict::new(folder(&descriptor), files, notes);
        let references = references.unwrap_or_default();
        verdict.check_references(&references, &descriptor, &options)?;
        if archive {
            verdict.check_order(&descriptor)?;
            verdict.check_unreferenced();
        }
        let held = if let Digests::Known { held, manifest, .. } = &manifest {
            verdict.check_manifest(manifest, held, &descriptor)?;
            Some(held)
        } else {
            let text = "there is no manifest: nothing shows that the files are intact";
            verdict.notes.warning(Rule::Coverage, "", text);
            None
        };
        let signature = verdict.check_certificate(certificate.as_ref(), held, &descriptor, &options)?;
        Ok(verdict.into_verification(descriptor.clone(), held, signature))
    }
}

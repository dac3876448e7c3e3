//! Taking an OVA apart.

use std::io::{Read, Seek, Write};

use cimi_model::Result;

use super::finding::from_io;
use super::ova::{Member, Ova};
use super::report::Verification;
use super::source::{Progress, Sink};
use super::verifier::{Verifier, VerifyOptions};
use super::verify::look_ahead;

/// How an OVA is taken apart.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct UnpackOptions<'t> {
    /// How it is checked on the way.
    pub verify: VerifyOptions<'t>,
    /// Whether the files stay when the check finds errors. The archive itself must be right all the same.
    pub keep_bad: bool,
}

/// Writes the files of an OVA into a sink and checks them on the way.
///
/// # Errors
/// When the archive is refused, the sink fails, or the check finds an error and [`UnpackOptions::keep_bad`] is not set.
/// Then every file that was written is removed again.
pub fn unpack(
    reader: impl Read,
    sink: &mut dyn Sink,
    options: &UnpackOptions<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Verification> {
    let verifier = Verifier::new(&options.verify);
    write_all(reader, verifier, sink, options, progress)
}

/// Like [`unpack`], for an archive that can be read twice: first all headers and the manifest, so that a bad archive is
/// refused before anything is written.
///
/// # Errors
/// Those of [`unpack`].
pub fn unpack_archive(
    mut reader: impl Read + Seek,
    sink: &mut dyn Sink,
    options: &UnpackOptions<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Verification> {
    let mut verifier = Verifier::new(&options.verify);
    look_ahead(&mut reader, &mut verifier)?;
    write_all(reader, verifier, sink, options, progress)
}

/// Writes everything, and removes it again if that is where it ends.
fn write_all(
    reader: impl Read,
    verifier: Verifier<'_>,
    sink: &mut dyn Sink,
    options: &UnpackOptions<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Verification> {
    let mut made = Vec::new();
    let written = write_members(reader, verifier, sink, options, progress, &mut made);
    let result = written.and_then(|verification| match verification.error() {
        Some(error) if !options.keep_bad => Err(error),
        _ => Ok(verification),
    });
    if result.is_err() {
        made.iter().rev().for_each(|name| sink.remove(name));
    }
    result
}

fn write_members(
    reader: impl Read,
    mut verifier: Verifier<'_>,
    sink: &mut dyn Sink,
    options: &UnpackOptions<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
    made: &mut Vec<String>,
) -> Result<Verification> {
    let mut ova = Ova::new(reader, options.verify.strict, &options.verify.limits)?;
    while let Some(mut member) = ova.next()? {
        write(&mut member, sink, &mut verifier, progress, made)?;
    }
    verifier.finish_archive(ova.into_notes())
}

fn write<R: Read>(
    member: &mut Member<'_, R>,
    sink: &mut dyn Sink,
    verifier: &mut Verifier<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
    made: &mut Vec<String>,
) -> Result<()> {
    let (name, size) = (member.name().to_owned(), member.size());
    let mut out = sink.create(&name)?;
    made.push(name.clone());
    let mut done = 0;
    verifier.add(&name, member, &mut |piece| {
        out.write_all(piece).map_err(|error| from_io(&name, error))?;
        done += piece.len() as u64;
        progress(Progress::new(&name, Some(size), done));
        Ok(())
    })?;
    out.flush().map_err(|error| from_io(&name, error))
}

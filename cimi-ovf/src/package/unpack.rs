//! Taking an OVA apart.

use std::io::{Read, Write};

use cimi_model::validate::Severity;
use cimi_model::{ErrorKind, Result};

use super::finding::{from_io, refused};
use super::ova::{Member, Ova};
use super::report::Verification;
use super::source::{Progress, Sink};
use super::verifier::{Verifier, VerifyOptions};

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
    let mut made = Vec::new();
    let result = write_all(reader, sink, options, progress, &mut made);
    let bad = match &result {
        Ok(verification) if !options.keep_bad => {
            verification.findings.iter().find(|finding| finding.severity == Severity::Error)
        }
        Ok(_) => None,
        Err(_) => {
            made.iter().rev().for_each(|name| sink.remove(name));
            return result;
        }
    };
    match bad {
        Some(finding) => {
            let error = refused(ErrorKind::Value, &finding.name, finding.text.clone());
            made.iter().rev().for_each(|name| sink.remove(name));
            Err(error)
        }
        None => result,
    }
}

fn write_all(
    reader: impl Read,
    sink: &mut dyn Sink,
    options: &UnpackOptions<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
    made: &mut Vec<String>,
) -> Result<Verification> {
    let mut verifier = Verifier::new(&options.verify);
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

//! `pack DIR -o X.ova [--manifest sha1|sha256|sha512|none] [--key KEY.pem --certificate CERTIFICATE.pem]`: an OVA of a
//! folder with a descriptor.
//!
//! The manifest of the folder is kept, and must be right; without one a manifest is made, with SHA-1 for OVF 1.x and
//! SHA-256 for 2.x as the standard has it. A key signs it.
//! An OVA that could not be finished is removed.

use std::fs::{File, OpenOptions};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cimi_ovf::Result;
use cimi_ovf::package::{self, Algorithm, Directory, ManifestChoice, PackOptions, Signer, Verification};

use crate::progress::Bar;
use crate::verify::{descriptor, only_descriptor, report};

pub(crate) const USAGE: &str =
    "pack DIR -o X.ova [--manifest sha1|sha256|sha512|none] [--key KEY.pem --certificate CERTIFICATE.pem]";

struct Arguments {
    folder: PathBuf,
    output: PathBuf,
    manifest: ManifestChoice,
    key: Option<(PathBuf, PathBuf)>,
}

pub(crate) fn run(parser: &mut lexopt::Parser) -> crate::Outcome {
    let arguments = arguments(parser)?;
    let verification = pack(&arguments)?;
    report(&verification.findings, verification.dropped);
    Ok(ExitCode::SUCCESS)
}

fn arguments(parser: &mut lexopt::Parser) -> std::result::Result<Arguments, lexopt::Error> {
    use lexopt::prelude::*;
    let (mut folder, mut output, mut manifest) = (None, None, ManifestChoice::Keep);
    let (mut key, mut certificate) = (None, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('o') | Long("output") => output = Some(parser.value()?.into()),
            Long("manifest") => manifest = parser.value()?.parse_with(choice)?,
            Long("key") => key = Some(parser.value()?.into()),
            Long("certificate") => certificate = Some(parser.value()?.into()),
            Value(value) if folder.is_none() => folder = Some(value.into()),
            other => return Err(other.unexpected()),
        }
    }
    let key = match (key, certificate) {
        (Some(key), Some(certificate)) => Some((key, certificate)),
        (None, None) => None,
        _ => return Err("a key and its certificate are needed together".into()),
    };
    let folder = folder.ok_or("a folder is needed")?;
    Ok(Arguments { folder, output: output.ok_or("a file to write is needed (-o)")?, manifest, key })
}

fn choice(text: &str) -> std::result::Result<ManifestChoice, &'static str> {
    match text {
        "none" => Ok(ManifestChoice::Omit),
        _ => Algorithm::parse(text).map(ManifestChoice::Make).ok_or("the manifests are sha1, sha256, sha512 and none"),
    }
}

fn pack(arguments: &Arguments) -> Result<Verification> {
    let signer = arguments.key.as_ref().map(|(key, certificate)| signer(key, certificate)).transpose()?;
    let (directory, descriptor) = match descriptor(&arguments.folder) {
        Some((folder, name)) if arguments.folder.is_file() => (Directory::new(folder)?, name.to_owned()),
        _ => {
            let directory = Directory::new(&arguments.folder)?;
            let descriptor = only_descriptor(&directory)?;
            (directory, descriptor)
        }
    };
    let mut options = PackOptions::default();
    options.manifest = arguments.manifest;
    options.threads = true;
    options.signer = signer.as_ref();
    let out = create(&arguments.output)?;
    let mut bar = Bar::new();
    let out = BufWriter::with_capacity(1 << 20, out);
    let packed = package::pack(&directory, &descriptor, out, &options, &mut |progress| bar.show(progress));
    if packed.is_err() {
        // The error of packing is the one to report.
        let _ = std::fs::remove_file(&arguments.output);
    }
    packed
}

/// A file that is there already is not replaced, for it could be one of those to be packed.
fn create(path: &Path) -> Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| crate::io(&error))
}

fn signer(key: &Path, certificate: &Path) -> Result<Signer> {
    let read = |path| std::fs::read_to_string(path).map_err(|error| crate::io(&error));
    Signer::from_pem(&read(key)?, &read(certificate)?)
}

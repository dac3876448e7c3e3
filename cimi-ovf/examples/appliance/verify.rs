//! `verify PACKAGE [--strict] [--trust CERTIFICATES.pem]`: whether a package is intact.
//!
//! The package is an OVA, a descriptor or a folder with one. A line for each file says how it compares to the manifest,
//! another what the signature is; what is wrong or worth knowing goes to standard error. The exit status is 1 when
//! something is wrong. A signer is trusted whose certificate is among those given.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use cimi_model::validate::Severity;
use cimi_ovf::package::{self, Directory, Finding, SignatureReport, Verification, VerifyOptions};
use cimi_ovf::{Error, ErrorKind, Result};

use crate::progress::Bar;

pub(crate) const USAGE: &str = "verify PACKAGE [--strict] [--trust CERTIFICATES.pem]";

struct Arguments {
    package: PathBuf,
    strict: bool,
    trust: Option<PathBuf>,
}

pub(crate) fn run(parser: &mut lexopt::Parser) -> crate::Outcome {
    let arguments = arguments(parser)?;
    let verification = verify(&arguments)?;
    report(&verification.findings, verification.dropped);
    print(&verification).map_err(|error| crate::io(&error))?;
    Ok(if verification.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn arguments(parser: &mut lexopt::Parser) -> std::result::Result<Arguments, lexopt::Error> {
    use lexopt::prelude::*;
    let (mut package, mut strict, mut trust) = (None, false, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("strict") => strict = true,
            Long("trust") => trust = Some(parser.value()?.into()),
            Value(value) if package.is_none() => package = Some(value.into()),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Arguments { package: package.ok_or("a package is needed")?, strict, trust })
}

fn verify(arguments: &Arguments) -> Result<Verification> {
    let trusted = arguments.trust.as_deref().map(certificates).transpose()?;
    let trust = |chain: &[Vec<u8>]| match (&trusted, chain) {
        (Some(trusted), [signer, ..]) if trusted.contains(signer) => Ok(()),
        _ => Err("the signer's certificate is not among the trusted ones".to_owned()),
    };
    let mut options = VerifyOptions::default();
    options.strict = arguments.strict;
    options.now = Some(now());
    options.threads = true;
    options.trust = trusted.is_some().then_some(&trust);
    let mut bar = Bar::new();
    let path = &arguments.package;
    let found = std::fs::metadata(path).map_err(|error| crate::io(&error))?;
    if found.is_dir() {
        let directory = Directory::new(path)?;
        let descriptor = only_descriptor(&directory)?;
        return package::verify_source(&directory, &descriptor, &options, &mut |progress| bar.show(progress));
    }
    if let Some((folder, name)) = descriptor(path) {
        let directory = Directory::new(folder)?;
        return package::verify_source(&directory, name, &options, &mut |progress| bar.show(progress));
    }
    let archive = File::open(path).map_err(|error| crate::io(&error))?;
    package::verify_archive(archive, &options, &mut |progress| bar.show(progress))
}

/// The one descriptor of a folder.
pub(crate) fn only_descriptor(directory: &Directory) -> Result<String> {
    match directory.descriptors()?.as_slice() {
        [descriptor] => Ok(descriptor.clone()),
        [] => Err(Error::new(ErrorKind::Value, "the folder has no descriptor (.ovf)")),
        several => {
            let reason = format!("the folder has several descriptors; give one of them: {}", several.join(", "));
            Err(Error::new(ErrorKind::Value, reason))
        }
    }
}

/// Folder and name of a path that is a descriptor's.
pub(crate) fn descriptor(path: &Path) -> Option<(&Path, &str)> {
    path.extension().filter(|end| end.eq_ignore_ascii_case("ovf"))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    Some((folder.unwrap_or_else(|| Path::new(".")), path.file_name()?.to_str()?))
}

fn certificates(path: &Path) -> Result<Vec<Vec<u8>>> {
    let text = std::fs::read_to_string(path).map_err(|error| crate::io(&error))?;
    package::certificates_from_pem(&text)
}

#[allow(clippy::disallowed_methods, reason = "a program has a clock")]
fn now() -> SystemTime {
    SystemTime::now()
}

/// What is wrong or worth knowing, one line each.
pub(crate) fn report(findings: &[Finding], dropped: usize) {
    for finding in findings {
        eprintln!("{}: {finding}", finding.severity);
    }
    if dropped > 0 {
        eprintln!("{}: {dropped} more findings are not shown", Severity::Warning);
    }
}

fn print(verification: &Verification) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for file in &verification.files {
        let algorithms: Vec<&str> = file.algorithms.iter().map(|algorithm| algorithm.as_str()).collect();
        let line =
            format!("{:<12} {} {}", file.state.as_str(), cimi_model::printable(&file.name), algorithms.join(" "));
        writeln!(out, "{}", line.trim_end())?;
    }
    match &verification.manifest {
        Some(name) => writeln!(out, "{:<12} {}", "manifest", cimi_model::printable(name))?,
        None => writeln!(out, "{:<12} none", "manifest")?,
    }
    match &verification.signature {
        Some(signature) => writeln!(out, "{:<12} {}", "signature", described(signature)),
        None => writeln!(out, "{:<12} none", "signature"),
    }
}

fn described(signature: &SignatureReport) -> String {
    let verdict = if signature.matches { "ok" } else { "bad" };
    let trust = match signature.trusted {
        Some(true) => "trusted",
        Some(false) => "not trusted",
        None => "trust not checked",
    };
    let until = signature.not_after.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let until = i64::try_from(until).ok().and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0));
    let until = until.map_or_else(|| "ever".to_owned(), |until| until.format("%Y-%m-%d").to_string());
    let (algorithm, key, subject) = (signature.algorithm, &signature.key, &signature.subject);
    format!("{verdict}, {algorithm} with {key}, by {subject}, valid until {until}, {trust}")
}

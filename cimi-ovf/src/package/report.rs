//! What the check of a package has shown.

use std::time::SystemTime;

use cimi_model::validate::Severity;
use cimi_model::{Error, ErrorKind};

use super::digest::{Algorithm, Digest};
use super::finding::{Finding, refused};

/// The result of the check of a package: each file, the signature, and everything that is wrong or worth knowing.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Verification {
    /// The name of the descriptor.
    pub descriptor: String,
    /// The name of the manifest, if there is one.
    pub manifest: Option<String>,
    /// The descriptor, every file of the package and every file that should be there; not manifest and certificate.
    pub files: Vec<FileReport>,
    /// The signature of the manifest, if there is a certificate and the feature `signature` is on.
    pub signature: Option<SignatureReport>,
    /// All that is wrong or worth knowing, as far as [`PackageLimits::findings`](super::PackageLimits::findings) goes.
    pub findings: Vec<Finding>,
    /// How many further findings there were.
    pub dropped: usize,
    pub(crate) worst: Severity,
}

impl Verification {
    /// Whether no finding is an error. A package without a manifest can be right, and nothing of it is covered.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.worst < Severity::Error
    }

    /// The first error, as one.
    pub(crate) fn error(&self) -> Option<Error> {
        if self.is_ok() {
            return None;
        }
        let first = self.findings.iter().find(|finding| finding.severity == Severity::Error);
        Some(match first {
            Some(finding) => refused(ErrorKind::Value, &finding.name, finding.text.clone()),
            None => refused(ErrorKind::Value, "", "the package is not intact"),
        })
    }

    /// The report on one file.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&FileReport> {
        self.files.iter().find(|file| file.name == name)
    }
}

/// What the check has shown for one file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileReport {
    /// The name.
    pub name: String,
    /// The size in bytes, if it was read.
    pub size: Option<u64>,
    /// How it compares to the manifest.
    pub state: FileState,
    /// The algorithms that the manifest has for it.
    pub algorithms: Vec<Algorithm>,
    /// The digests that were computed on the way.
    pub digests: Vec<Digest>,
}

/// How a file compares to the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileState {
    /// It has the digest of the manifest, or each of them.
    Matches,
    /// It has another digest.
    Differs,
    /// The manifest says nothing of it, or there is no manifest.
    NotCovered,
    /// The descriptor or the manifest names it, and it is not there.
    Missing,
    /// It is not part of the package but elsewhere, and was not read.
    Remote,
}

impl FileState {
    /// The state for people: `ok`, `differs`, `not covered`, `missing`, `remote`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Matches => "ok",
            Self::Differs => "differs",
            Self::NotCovered => "not covered",
            Self::Missing => "missing",
            Self::Remote => "remote",
        }
    }
}

/// What the check of the signature has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignatureReport {
    /// The name of the certificate file.
    pub name: String,
    /// The digest that was signed.
    pub algorithm: Algorithm,
    /// The kind and size of the signer's key, for example `RSA 2048` or `ECDSA P-256`.
    pub key: String,
    /// The distinguished name of the signer.
    pub subject: String,
    /// The distinguished name of the one who certified the signer.
    pub issuer: String,
    /// When the certificate becomes valid.
    pub not_before: SystemTime,
    /// When it ends to be valid.
    pub not_after: SystemTime,
    /// Whether the signature is that of the manifest's bytes by the signer's key.
    pub matches: bool,
    /// What the caller's [`Trust`](super::Trust) said; absent if it was not asked.
    pub trusted: Option<bool>,
    /// Whether the certificate is valid at the time that the caller gave; absent if none was given.
    pub current: Option<bool>,
}

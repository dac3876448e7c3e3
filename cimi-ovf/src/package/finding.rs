//! What is wrong with a package, or worth knowing.

use std::fmt;
use std::io;

use cimi_model::validate::Severity;
use cimi_model::{Error, ErrorKind, Result, printable};

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// The form of the archive: USTAR, without compression, ending as it should.
    Archive,
    /// The name of a member or file.
    Name,
    /// The order of the members.
    Order,
    /// The descriptor: exactly one, whose references can be read.
    Descriptor,
    /// A file of the descriptor that is not there, or one that is there and not in the descriptor.
    Reference,
    /// The size of a file, or of its chunks.
    Size,
    /// The form of the manifest.
    Manifest,
    /// The digest of a file.
    Digest,
    /// A file without a digest in the manifest.
    Coverage,
    /// The strength of algorithms and keys.
    Strength,
    /// The form of the certificate file.
    Certificate,
    /// The signature of the manifest.
    Signature,
    /// Whether the signer is trusted.
    Trust,
    /// The dates of the signer's certificate.
    Validity,
}

impl Rule {
    /// The name in lower case, for example `digest`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Name => "name",
            Self::Order => "order",
            Self::Descriptor => "descriptor",
            Self::Reference => "reference",
            Self::Size => "size",
            Self::Manifest => "manifest",
            Self::Digest => "digest",
            Self::Coverage => "coverage",
            Self::Strength => "strength",
            Self::Certificate => "certificate",
            Self::Signature => "signature",
            Self::Trust => "trust",
            Self::Validity => "validity",
        }
    }
}

/// Something about a package or a file of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// How bad it is. A package with an error is not intact, or cannot be shown to be.
    pub severity: Severity,
    /// What it is about.
    pub rule: Rule,
    /// The file; empty when it is the package as a whole.
    pub name: String,
    /// What is the matter.
    pub text: String,
}

impl fmt::Display for Finding {
    /// `/NAME: text (rule)`, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}: {} ({})", printable(&self.name), self.text, self.rule.as_str())
    }
}

/// The findings so far.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    strict: bool,
    limit: usize,
    worst: Severity,
    dropped: usize,
    errors: usize,
    findings: Vec<Finding>,
}

impl Notes {
    pub(crate) fn new(strict: bool, limit: usize) -> Self {
        Self { strict, limit, ..Self::default() }
    }

    /// Something that was tolerated, and that strict reading refuses.
    pub(crate) fn deviation(&mut self, rule: Rule, name: &str, text: impl Into<String>) -> Result<()> {
        let text = text.into();
        if self.strict {
            return Err(refused(ErrorKind::Value, name, text));
        }
        self.push(Severity::Warning, rule, name, text);
        Ok(())
    }

    pub(crate) fn warning(&mut self, rule: Rule, name: &str, text: impl Into<String>) {
        self.push(Severity::Warning, rule, name, text.into());
    }

    #[cfg(feature = "signature")]
    pub(crate) fn info(&mut self, rule: Rule, name: &str, text: impl Into<String>) {
        self.push(Severity::Info, rule, name, text.into());
    }

    pub(crate) fn error(&mut self, rule: Rule, name: &str, text: impl Into<String>) {
        self.push(Severity::Error, rule, name, text.into());
    }

    fn push(&mut self, severity: Severity, rule: Rule, name: &str, text: String) {
        self.worst = self.worst.max(severity);
        // Errors are kept beside any number of warnings.
        let error = severity == Severity::Error;
        let kept = if error { self.errors } else { self.findings.len() - self.errors };
        if kept < self.limit {
            self.errors += usize::from(error);
            self.findings.push(Finding { severity, rule, name: name.to_owned(), text });
        } else {
            self.dropped += 1;
        }
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.worst = self.worst.max(other.worst);
        self.dropped += other.dropped;
        for finding in other.findings {
            self.push(finding.severity, finding.rule, &finding.name, finding.text);
        }
    }

    pub(crate) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    pub(crate) fn into_parts(self) -> (Vec<Finding>, Severity, usize) {
        (self.findings, self.worst, self.dropped)
    }
}

/// An error about a file of the package.
pub(crate) fn refused(kind: ErrorKind, name: &str, reason: impl Into<String>) -> Error {
    Error::new(kind, reason).at_path(format!("/{}", printable(name)))
}

/// The error behind a failed read or write: one of ours that passed through `std::io`, or one of the file system.
pub(crate) fn from_io(name: &str, error: io::Error) -> Error {
    match error.downcast::<Error>() {
        Ok(ours) if ours.path() == "/" => ours.at_path(format!("/{}", printable(name))),
        Ok(ours) => ours,
        Err(error) => {
            // Compressed data that are damaged.
            let damaged = matches!(
                error.kind(),
                io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof
            );
            let kind = if damaged { ErrorKind::Syntax } else { ErrorKind::Io };
            refused(kind, name, error.to_string().replace('\n', " ")).caused_by(error)
        }
    }
}

//! Manifests: the digests of the files of a package.

use std::fmt;

use cimi_model::{Error, ErrorKind, Location, Result, printable};

use super::digest::{Algorithm, Digest};
use super::limits::PackageLimits;

/// The digests of the files of a package (`.mf`).
///
/// ```
/// use cimi_ovf::package::{Algorithm, Manifest, PackageLimits};
///
/// let text = b"SHA1 (a (1).vmdk) = DA39A3EE5E6B4B0D3255BFEF95601890AFD80709\r\n";
/// let manifest = Manifest::read(text, false, &PackageLimits::default())?;
/// assert_eq!(manifest.entries[0].name, "a (1).vmdk");
/// assert_eq!(manifest.entries[0].digest, Algorithm::Sha1.digest(b""));
/// assert_eq!(manifest.to_string(), "SHA1(a (1).vmdk)= da39a3ee5e6b4b0d3255bfef95601890afd80709\n");
/// # Ok::<(), cimi_ovf::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Manifest {
    /// The entries in order.
    pub entries: Vec<Entry>,
    /// Spellings that were understood and are not those of the standard.
    pub deviations: Vec<LineNote>,
    /// Lines that say nothing that can be checked: no entry, an unknown algorithm, a digest of the wrong length.
    pub problems: Vec<LineNote>,
}

/// Something about a line of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LineNote {
    /// The line, from 1.
    pub line: u64,
    /// What is the matter.
    pub text: String,
}

impl fmt::Display for LineNote {
    /// `line N: text`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.text)
    }
}

/// The digest of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The name, as the descriptor's `href` has it; each chunk of a chunked file has its own.
    pub name: String,
    /// The digest.
    pub digest: Digest,
}

impl Entry {
    /// An entry.
    pub fn new(name: impl Into<String>, digest: Digest) -> Self {
        Self { name: name.into(), digest }
    }
}

impl Manifest {
    /// Reads lines of the form `SHA256(name)= digits`.
    ///
    /// White space, upper-case digits, other ends of lines, blank lines and a byte order mark are deviations; strict
    /// reading refuses them, and the problems too.
    ///
    /// # Errors
    /// When the text is not UTF-8 or a limit is exceeded; when strict, at the first deviation, with its line.
    pub fn read(text: &[u8], strict: bool, limits: &PackageLimits) -> Result<Self> {
        if text.len() > limits.manifest {
            let reason = format!("the manifest is larger than {} bytes", limits.manifest);
            return Err(Error::new(ErrorKind::Limit, reason));
        }
        let text = std::str::from_utf8(text).map_err(|error| {
            let place = Location::in_text(text, error.valid_up_to());
            Error::new(ErrorKind::Syntax, "the manifest is not UTF-8").at(place)
        })?;
        let mut manifest = Self::default();
        let mut reader = Reader { manifest: &mut manifest, strict, limits, line: 1 };
        let text = match text.strip_prefix('\u{FEFF}') {
            Some(rest) => {
                reader.deviation("a byte order mark is left out")?;
                rest
            }
            None => text,
        };
        for line in text.split_inclusive('\n') {
            if reader.manifest.entries.len() >= limits.members {
                let reason = format!("the manifest has more than {} entries", limits.members);
                return Err(Error::new(ErrorKind::Limit, reason).at(reader.place()));
            }
            reader.line(line)?;
            reader.line += 1;
        }
        Ok(manifest)
    }

    /// Adds an entry.
    pub fn push(&mut self, name: impl Into<String>, digest: Digest) {
        self.entries.push(Entry::new(name, digest));
    }
}

impl fmt::Display for Manifest {
    /// The text of the manifest, in the one form that every consumer takes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.entries
            .iter()
            .try_for_each(|entry| writeln!(f, "{}({})= {}", entry.digest.algorithm, entry.name, entry.digest))
    }
}

struct Reader<'m> {
    manifest: &'m mut Manifest,
    strict: bool,
    limits: &'m PackageLimits,
    line: u64,
}

impl Reader<'_> {
    fn place(&self) -> Location {
        Location { line: self.line, column: 1 }
    }

    fn line(&mut self, line: &str) -> Result<()> {
        let Some(content) = line.strip_suffix('\n') else {
            self.deviation("the last line has no end")?;
            return self.content(line);
        };
        match content.strip_suffix('\r') {
            Some(content) => {
                self.deviation("the line ends in CR LF")?;
                self.content(content)
            }
            None => self.content(content),
        }
    }

    fn content(&mut self, line: &str) -> Result<()> {
        if line.trim().is_empty() {
            return self.deviation("a blank line");
        }
        let Some(Parts { algorithm: spelled, name, digest: digits }) = Parts::of(line) else {
            return self.problem("not an entry of the form ALGORITHM(name)= digits".to_owned());
        };
        let Some(algorithm) = Algorithm::parse(spelled) else {
            let reason = format!("'{}' is not a digest algorithm of OVF", printable(spelled));
            return self.problem(reason);
        };
        let Some(digest) = Digest::from_hex(algorithm, digits) else {
            let reason =
                format!("the {algorithm} digest of '{}' is not {} digits", printable(name), algorithm.size() * 2);
            return self.problem(reason);
        };
        if name.len() > self.limits.name {
            let reason = format!("a name longer than {} bytes", self.limits.name);
            return Err(Error::new(ErrorKind::Limit, reason).at(self.place()));
        }
        if name.trim().is_empty() {
            return self.problem("the name is empty".to_owned());
        }
        if algorithm == Algorithm::Sha384 {
            self.deviation("SHA384 is not an algorithm of OVF")?;
        }
        if line.strip_prefix(algorithm.as_str()).is_none_or(|rest| !is_canonical(rest, name, &digest)) {
            self.deviation("white space or letters are not as the standard has them")?;
        }
        self.manifest.push(name, digest);
        Ok(())
    }

    fn deviation(&mut self, text: &str) -> Result<()> {
        if self.strict {
            return Err(Error::new(ErrorKind::Value, text).at(self.place()));
        }
        if self.manifest.deviations.len() < self.limits.findings {
            self.manifest.deviations.push(LineNote { line: self.line, text: text.to_owned() });
        }
        Ok(())
    }

    fn problem(&mut self, text: String) -> Result<()> {
        if self.strict {
            return Err(Error::new(ErrorKind::Value, text).at(self.place()));
        }
        if self.manifest.problems.len() < self.limits.findings {
            self.manifest.problems.push(LineNote { line: self.line, text });
        }
        Ok(())
    }
}

fn is_canonical(rest: &str, name: &str, digest: &Digest) -> bool {
    let digits =
        rest.strip_prefix('(').and_then(|rest| rest.strip_prefix(name)).and_then(|rest| rest.strip_prefix(")= "));
    digits.is_some_and(|digits| digits == digest.to_string())
}

/// The parts of a line, without white space around them. The first line of a certificate has them too.
pub(crate) struct Parts<'l> {
    pub(crate) algorithm: &'l str,
    pub(crate) name: &'l str,
    pub(crate) digest: &'l str,
}

impl<'l> Parts<'l> {
    /// A name may hold parentheses and equals signs: what counts are the first `(` and the last `=`.
    pub(crate) fn of(line: &'l str) -> Option<Self> {
        let (head, digest) = line.rsplit_once('=')?;
        let (algorithm, rest) = head.split_once('(')?;
        let name = rest.trim_end().strip_suffix(')')?;
        Some(Self { algorithm: algorithm.trim(), name, digest: digest.trim() })
    }

    /// The parts of a line whose value may end in equals signs, as base64 does.
    #[cfg(feature = "signature")]
    pub(crate) fn of_signature(line: &'l str) -> Option<Self> {
        Self::of(line.trim_end_matches(['=', ' ', '\r', '\n']))
    }
}

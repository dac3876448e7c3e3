//! The files of a descriptor: names, chunks and compression (`References/File`).

use std::ops::Range;

use cimi_model::xml::pull::{Start, Token, XmlReader};
use cimi_model::{Error, ErrorKind, Limits, Result, printable};

use super::digest::Algorithm;
use super::finding::refused;
use super::limits::PackageLimits;
use super::names;

/// A file of a descriptor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reference {
    /// Its name within the descriptor (`ovf:id`).
    pub id: String,
    /// Where it is, as it is written (`ovf:href`).
    pub href: String,
    /// Its size in bytes, all chunks together and still compressed (`ovf:size`); absent too if it is no number.
    pub size: Option<u64>,
    /// How it is compressed (`ovf:compression`).
    pub compression: Compression,
    /// The size of each chunk but the last (`ovf:chunkSize`).
    pub chunk_size: Option<u64>,
    /// What of the above is not written as it should be.
    pub problems: Vec<String>,
}

/// Where a reference leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target<'h> {
    /// To a file of the package, by its name as written.
    Member(&'h str),
    /// To a URI with a scheme; never fetched by this library.
    Remote(&'h str),
    /// Out of the package; never opened.
    Outside(&'h str),
}

impl<'h> Target<'h> {
    /// Where an `href` leads.
    #[must_use]
    pub fn of(href: &'h str) -> Self {
        match scheme(href) {
            Some(scheme) if scheme.eq_ignore_ascii_case("file") => Self::Outside(href),
            Some(_) => Self::Remote(href),
            None => {
                let name = href.strip_prefix("./").unwrap_or(href);
                match names::problem(name) {
                    None => Self::Member(name),
                    Some(_) => Self::Outside(href),
                }
            }
        }
    }
}

/// The scheme of a URI; a single letter is a drive.
fn scheme(href: &str) -> Option<&str> {
    let (scheme, _) = href.split_once(':')?;
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    (scheme.len() > 1 && scheme.as_bytes().first()?.is_ascii_alphabetic() && scheme.bytes().all(allowed))
        .then_some(scheme)
}

/// How a file is compressed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// Not at all; also written as `identity`.
    None,
    /// With gzip.
    Gzip,
    /// With something that is not supported, for example `bzip2`.
    Other(String),
}

impl Reference {
    /// Where the file is.
    #[must_use]
    pub fn target(&self) -> Target<'_> {
        Target::of(&self.href)
    }

    /// The names of the members that hold the file: its own, or one for each chunk.
    ///
    /// # Errors
    /// When the sizes give more chunks than [`PackageLimits::members`], or nine digits can count.
    pub fn parts(&self, limits: &PackageLimits) -> Result<Parts> {
        let Target::Member(name) = self.target() else {
            return Ok(Parts { name: None, range: 0..0, open: false });
        };
        let most = (limits.members as u64).min(1_000_000_000);
        let range = match (self.chunk_size, self.size) {
            (None, _) => return Ok(Parts { name: Some(name.to_owned()), range: 0..0, open: false }),
            (Some(0), _) => return Err(refused(ErrorKind::Value, &self.href, "the chunks have a size of 0")),
            (Some(chunk), Some(size)) => 0..size.div_ceil(chunk).max(1),
            (Some(_), None) => return Ok(Parts { name: Some(name.to_owned()), range: 0..most, open: true }),
        };
        if range.end > most {
            let reason = format!("the file has {} chunks, more than {most}", range.end);
            return Err(refused(ErrorKind::Limit, &self.href, reason));
        }
        Ok(Parts { name: Some(name.to_owned()), range, open: false })
    }

    /// How many bytes the part at this place must have, if the descriptor says.
    #[must_use]
    pub fn part_size(&self, place: u64) -> Option<u64> {
        let (Some(chunk), size) = (self.chunk_size, self.size?) else { return self.size };
        Some(chunk.min(size.saturating_sub(chunk.checked_mul(place)?)))
    }
}

/// The names of the members that hold a file, in order: `name`, or `name.000000000`, `name.000000001` and so on.
#[derive(Clone, Debug)]
pub struct Parts {
    name: Option<String>,
    /// The chunks to come; empty for a file in one piece.
    range: Range<u64>,
    open: bool,
}

impl Parts {
    /// Whether the number of chunks is not known, so that the first missing one is the end.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open
    }
}

impl Iterator for Parts {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        if self.range.end == 0 {
            return self.name.take();
        }
        let chunk = self.range.next()?;
        Some(format!("{}.{chunk:09}", self.name.as_ref()?))
    }
}

/// Lists the files of a descriptor of any version of OVF, without reading the rest of it.
///
/// # Errors
/// When the text is not well-formed or holds a DOCTYPE, when it is no envelope, or when a limit is exceeded.
pub fn references(descriptor: &[u8], limits: &PackageLimits) -> Result<Vec<Reference>> {
    let bounds = Limits { size: limits.descriptor, ..Limits::default() };
    if descriptor.len() > limits.descriptor {
        let reason = format!("the descriptor is larger than {} bytes", limits.descriptor);
        return Err(Error::new(ErrorKind::Limit, reason));
    }
    let text = cimi_model::xml::to_utf8(descriptor)?;
    let mut reader = XmlReader::from_slice(&text, bounds)?;
    let (mut found, mut names) = (Vec::new(), 0_usize);
    let mut open: Vec<bool> = Vec::new();
    loop {
        match reader.next()? {
            Token::Start(start) => {
                let depth = open.len();
                let inside = match (depth, start.local()) {
                    (0, "Envelope") | (1, "References") => true,
                    (0, name) => {
                        let reason = format!("'{}' is not the Envelope of an OVF descriptor", printable(name));
                        return Err(reader.error(ErrorKind::Type, reason));
                    }
                    (2, "File") if open.last() == Some(&true) => {
                        let file = reference(&reader, &start)?;
                        names = names.saturating_add(file.id.len()).saturating_add(file.href.len());
                        found.push(file);
                        false
                    }
                    _ => false,
                };
                open.push(inside);
                if names > limits.names {
                    return Err(reader.error(ErrorKind::Limit, "the names of the files are too long"));
                }
                if found.len() > limits.members {
                    let reason = format!("the descriptor has more than {} files", limits.members);
                    return Err(reader.error(ErrorKind::Limit, reason));
                }
            }
            Token::Text(_) => {}
            Token::End => {
                open.pop();
            }
            Token::Eof => return Ok(found),
        }
    }
}

/// The algorithm that the descriptor's version of the standard has: SHA-1 in 1.x, SHA-256 in 2.x.
pub(crate) fn algorithm_of(descriptor: &[u8], limits: &PackageLimits) -> Result<Algorithm> {
    let bounds = Limits { size: limits.descriptor, ..Limits::default() };
    let text = cimi_model::xml::to_utf8(descriptor)?;
    let mut reader = XmlReader::from_slice(&text, bounds)?;
    loop {
        match reader.next()? {
            Token::Start(root) if reader.namespace(&root)?.contains("/ovf/envelope/2") => return Ok(Algorithm::Sha256),
            Token::Start(_) | Token::Eof => return Ok(Algorithm::Sha1),
            Token::Text(_) | Token::End => {}
        }
    }
}

fn reference(reader: &XmlReader<'_>, start: &Start<'_>) -> Result<Reference> {
    let (mut id, mut href, mut size, mut compression, mut chunk) = (None, None, None, None, None);
    reader.attributes(start, |attribute| {
        // Vendors have attributes of the same names in namespaces of theirs; the prefix of OVF is often left out.
        if attribute.namespace.as_ref().is_some_and(|namespace| !namespace.contains("/ovf/")) {
            return Ok(());
        }
        let place = match &*attribute.local {
            "id" => &mut id,
            "href" => &mut href,
            "size" => &mut size,
            "compression" => &mut compression,
            "chunkSize" => &mut chunk,
            _ => return Ok(()),
        };
        *place = Some(attribute.value.into_owned());
        Ok(())
    })?;
    let mut problems = Vec::new();
    let href = href.unwrap_or_default();
    Ok(Reference {
        id: id.unwrap_or_default(),
        href,
        size: number("size", size.as_deref(), &mut problems),
        compression: match compression.as_deref().map(str::trim) {
            None | Some("" | "identity") => Compression::None,
            Some("gzip") => Compression::Gzip,
            Some(other) => Compression::Other(other.to_owned()),
        },
        chunk_size: number("chunkSize", chunk.as_deref(), &mut problems),
        problems,
    })
}

fn number(name: &str, text: Option<&str>, problems: &mut Vec<String>) -> Option<u64> {
    let text = text?.trim();
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number = digits.then(|| text.parse().ok()).flatten();
    if number.is_none() {
        problems.push(format!("{name} '{}' is no number of bytes", printable(text)));
    }
    number
}

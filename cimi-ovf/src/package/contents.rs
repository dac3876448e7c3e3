//! The bytes of a file that may be in chunks and compressed.

use std::io::{self, Read};

use cimi_model::{ErrorKind, Result, printable};
use flate2::read::MultiGzDecoder;

use super::finding::refused;
use super::limits::PackageLimits;
use super::references::{Compression, Parts, Reference, Target};
use super::source::{Opened, Source};

/// Bytes that compressed data may become whatever their ratio.
const FREE: u64 = 16 << 20;

/// Opens a file of a descriptor: its chunks one after the other, decompressed.
///
/// # Errors
/// When the file or a chunk is missing, when its compression is unknown, or when the source fails. Errors while reading
/// are those of the source, or of kind `Limit` when more comes out of compressed data than [`PackageLimits::ratio`]
/// allows; they pass through [`std::io::Error`].
pub fn open_file<'s>(
    source: &'s dyn Source,
    reference: &Reference,
    limits: &PackageLimits,
) -> Result<Box<dyn Read + 's>> {
    let content: Box<dyn Read + 's> = match reference.target() {
        Target::Remote(uri) => {
            let missing =
                || refused(ErrorKind::Unsupported, uri, "the file is remote, and the source does not have it");
            source.open_remote(uri)?.ok_or_else(missing)?.content
        }
        Target::Outside(href) => {
            return Err(refused(ErrorKind::Value, href, "the reference leads out of the package"));
        }
        Target::Member(_) => Box::new(Chunks::open(source, reference, limits)?),
    };
    match &reference.compression {
        Compression::None => Ok(content),
        Compression::Gzip => Ok(Box::new(Gunzip::new(content, limits.ratio))),
        Compression::Other(name) => {
            let reason = format!("the compression '{}' is not supported", printable(name));
            Err(refused(ErrorKind::Unsupported, &reference.href, reason))
        }
    }
}

/// Opens a part under its name as it is written, else as it is with percent encoding decoded.
pub(crate) fn open_part<'s>(source: &'s dyn Source, name: &str) -> Result<Option<Opened<'s>>> {
    if let Some(opened) = source.open(name)? {
        return Ok(Some(opened));
    }
    match super::names::decoded(name) {
        decoded if decoded != name => source.open(&decoded),
        _ => Ok(None),
    }
}

/// The parts of a file, one after the other.
struct Chunks<'s> {
    source: &'s dyn Source,
    parts: Parts,
    current: Option<Box<dyn Read + 's>>,
}

impl<'s> Chunks<'s> {
    fn open(source: &'s dyn Source, reference: &Reference, limits: &PackageLimits) -> Result<Self> {
        let mut chunks = Self { source, parts: reference.parts(limits)?, current: None };
        if !chunks.advance()? {
            return Err(refused(ErrorKind::Value, &reference.href, "the file is not in the package"));
        }
        Ok(chunks)
    }

    /// Opens the next part, if there is one.
    fn advance(&mut self) -> Result<bool> {
        let Some(name) = self.parts.next() else { return Ok(false) };
        match open_part(self.source, &name)? {
            Some(opened) => self.current = Some(opened.content),
            None if self.parts.is_open() => return Ok(false),
            None => return Err(refused(ErrorKind::Value, &name, "the file is not in the package")),
        }
        Ok(true)
    }
}

impl Read for Chunks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(current) = &mut self.current {
            match current.read(buffer)? {
                0 if !buffer.is_empty() => {
                    self.current = None;
                    self.advance().map_err(io::Error::other)?;
                }
                read => return Ok(read),
            }
        }
        Ok(0)
    }
}

/// Decompresses gzip, as long as not too much comes out of it.
#[derive(Debug)]
pub(crate) struct Gunzip<R> {
    decoder: MultiGzDecoder<Counted<R>>,
    out: u64,
    ratio: u64,
}

impl<R: Read> Gunzip<R> {
    pub(crate) fn new(reader: R, ratio: u64) -> Self {
        Self { decoder: MultiGzDecoder::new(Counted { reader, count: 0 }), out: 0, ratio }
    }
}

impl<R: Read> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.decoder.read(buffer)?;
        self.out = self.out.saturating_add(read as u64);
        let allowed = self.decoder.get_ref().count.saturating_mul(self.ratio).saturating_add(FREE);
        if self.out > allowed {
            let reason = format!("more than {} bytes come out of each compressed byte", self.ratio);
            return Err(io::Error::other(refused(ErrorKind::Limit, "", reason)));
        }
        Ok(read)
    }
}

/// Counts the bytes that are read.
#[derive(Debug)]
struct Counted<R> {
    reader: R,
    count: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.count = self.count.saturating_add(read as u64);
        Ok(read)
    }
}

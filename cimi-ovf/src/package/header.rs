//! The 512-byte headers of a tar archive.
//!
//! Fields are found by the `tar` crate. Its own iterator over entries is not used: it holds long names in memory whatever
//! their size, takes the low half of oversized numbers, and cannot be told limits.

use cimi_model::{ErrorKind, Result, printable};
use tar::{EntryType, Header, PaxExtensions};

use super::finding::refused;

/// The size of a header, and what members are padded to.
pub(crate) const BLOCK: usize = 512;

/// A header block.
pub(crate) type Block = [u8; BLOCK];

/// What follows a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
    /// A name, in GNU's way, for the next header.
    LongName,
    /// The target of a link, in GNU's way.
    LongLink,
    /// Attributes of the next header.
    Pax,
    /// Attributes of all headers.
    PaxGlobal,
}

/// A header whose checksum, size and kind are as they should be.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) kind: Kind,
    pub(crate) name: Vec<u8>,
    pub(crate) size: u64,
    pub(crate) ustar: bool,
}

pub(crate) fn parse(block: &Block, offset: u64) -> Result<Parsed> {
    let header = Header::from_byte_slice(block);
    let bad = |reason: &str| refused(ErrorKind::Syntax, "", format!("{reason} at byte {offset} of the archive"));
    if header.cksum().ok() != Some(checksum(block)) {
        return Err(bad("no tar header, or a damaged one,"));
    }
    let name = header.path_bytes().into_owned();
    let shown = printable(&String::from_utf8_lossy(&name));
    let Some(size) = size(block) else {
        return Err(refused(ErrorKind::Syntax, &shown, format!("the size in the header at byte {offset} is no size")));
    };
    let kind = match header.entry_type() {
        EntryType::Regular | EntryType::Continuous if name.ends_with(b"/") && size == 0 => Kind::Folder,
        EntryType::Regular | EntryType::Continuous => Kind::File,
        EntryType::Directory => Kind::Folder,
        EntryType::GNULongName => Kind::LongName,
        EntryType::GNULongLink => Kind::LongLink,
        EntryType::XHeader => Kind::Pax,
        EntryType::XGlobalHeader => Kind::PaxGlobal,
        other => {
            let reason = format!("the member is {}, which a package cannot hold", described(other));
            return Err(refused(ErrorKind::Unsupported, &shown, reason));
        }
    };
    Ok(Parsed { kind, name, size, ustar: header.as_ustar().is_some() })
}

fn described(kind: EntryType) -> String {
    match kind {
        EntryType::Symlink => "a symbolic link".to_owned(),
        EntryType::Link => "a hard link".to_owned(),
        EntryType::Char | EntryType::Block => "a device".to_owned(),
        EntryType::Fifo => "a pipe".to_owned(),
        EntryType::GNUSparse => "a sparse file".to_owned(),
        other => format!("of the unknown type {}", other.as_byte().escape_ascii()),
    }
}

/// The sum of all bytes, with spaces in place of the sum itself.
fn checksum(block: &Block) -> u32 {
    const FIELD: std::ops::Range<usize> = 148..156;
    let byte = |(at, byte): (usize, &u8)| if FIELD.contains(&at) { u32::from(b' ') } else { u32::from(*byte) };
    block.iter().enumerate().map(byte).sum()
}

/// The size: octal digits, or a binary number of up to 63 bits with the first bit set.
fn size(block: &Block) -> Option<u64> {
    let field = block.get(124..136)?;
    match field {
        [0x80, 0, 0, 0, rest @ ..] => {
            let size = u64::from_be_bytes(rest.try_into().ok()?);
            i64::try_from(size).is_ok().then_some(size)
        }
        [0x80..=0xFF, ..] => None,
        _ => {
            let text = std::str::from_utf8(field).ok()?;
            let digits = text.split('\0').next()?.trim_matches(' ');
            match digits {
                "" => Some(0),
                _ if digits.bytes().all(|b| b.is_ascii_digit()) => u64::from_str_radix(digits, 8).ok(),
                _ => None,
            }
        }
    }
}

/// What a pax header says that matters here.
#[derive(Debug, Default)]
pub(crate) struct Attributes {
    pub(crate) path: Option<String>,
    pub(crate) size: Option<u64>,
}

/// Reads the records of a pax header.
pub(crate) fn attributes(records: &[u8], offset: u64) -> Result<Attributes> {
    let bad = |reason: &str| {
        refused(ErrorKind::Syntax, "", format!("the pax header at byte {offset} of the archive {reason}"))
    };
    let mut found = Attributes::default();
    for record in PaxExtensions::new(records) {
        let record = record.map_err(|_| bad("is damaged"))?;
        let (Ok(key), Ok(value)) = (record.key(), record.value()) else { continue };
        match key {
            "path" if found.path.is_some() => return Err(bad("names the member twice")),
            "path" => found.path = Some(value.to_owned()),
            "size" if found.size.is_some() => return Err(bad("gives the size twice")),
            "size" if value.bytes().all(|b| b.is_ascii_digit()) => {
                found.size = Some(value.parse().map_err(|_| bad("gives no size"))?);
            }
            "size" => return Err(bad("gives no size")),
            _ if key.starts_with("GNU.sparse.") => return Err(bad("is that of a sparse file")),
            _ => {}
        }
    }
    Ok(found)
}

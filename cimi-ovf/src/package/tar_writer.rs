//! Writing a USTAR archive whose bytes depend on nothing but its files.

use std::io::Write;

use cimi_model::{ErrorKind, Result};
use tar::{EntryType, Header};

use super::finding::{from_io, refused};
use super::header::BLOCK;

#[derive(Debug)]
pub(crate) struct TarWriter<W> {
    out: W,
    modified: u64,
    name: String,
    left: u64,
    padding: usize,
}

impl<W: Write> TarWriter<W> {
    pub(crate) fn new(out: W, modified: u64) -> Self {
        Self { out, modified, name: String::new(), left: 0, padding: 0 }
    }

    /// Begins a member of `size` bytes.
    pub(crate) fn begin(&mut self, name: &str, size: u64) -> Result<()> {
        let mut header = self.header(EntryType::Regular, size);
        if header.set_path(name).is_err() {
            // Neither the name field nor its prefix holds it; every tar of this century reads pax.
            self.pax_path(name)?;
            header.set_path("name-in-pax-header").map_err(|error| from_io(name, error))?;
        }
        header.set_cksum();
        self.write(header.as_bytes())?;
        name.clone_into(&mut self.name);
        self.left = size;
        self.padding = usize::try_from(size.next_multiple_of(BLOCK as u64) - size).unwrap_or_default();
        Ok(())
    }

    /// Writes bytes of the current member.
    pub(crate) fn piece(&mut self, bytes: &[u8]) -> Result<()> {
        let Some(left) = self.left.checked_sub(bytes.len() as u64) else {
            return Err(refused(ErrorKind::Write, &self.name, "the file has grown while it was read"));
        };
        self.left = left;
        self.write(bytes)
    }

    /// Ends the current member.
    pub(crate) fn end(&mut self) -> Result<()> {
        if self.left > 0 {
            return Err(refused(ErrorKind::Write, &self.name, "the file has shrunk while it was read"));
        }
        let padding = std::mem::take(&mut self.padding);
        self.write([0; BLOCK].get(..padding).unwrap_or_default())
    }

    /// Ends the archive.
    pub(crate) fn finish(mut self) -> Result<()> {
        self.write(&[0; 2 * BLOCK])?;
        self.out.flush().map_err(|error| from_io("", error))
    }

    fn header(&self, kind: EntryType, size: u64) -> Header {
        let mut header = Header::new_ustar();
        header.set_entry_type(kind);
        header.set_size(size);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(self.modified);
        header
    }

    fn pax_path(&mut self, name: &str) -> Result<()> {
        let record = pax_record("path", name);
        let mut header = self.header(EntryType::XHeader, record.len() as u64);
        header.set_path("PaxHeaders/path").map_err(|error| from_io(name, error))?;
        header.set_cksum();
        self.write(header.as_bytes())?;
        self.write(record.as_bytes())?;
        let padding = record.len().next_multiple_of(BLOCK) - record.len();
        self.write([0; BLOCK].get(..padding).unwrap_or_default())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes).map_err(|error| from_io(&self.name, error))
    }
}

/// `LENGTH KEY=VALUE`, where the length counts its own digits.
fn pax_record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len();
    while length != rest.len() + length.to_string().len() {
        length = rest.len() + length.to_string().len();
    }
    format!("{length}{rest}")
}

//! The descriptor that a command is given: a file, or the first one of an OVA.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use cimi_ovf::package::{Ova, PackageLimits};
use cimi_ovf::{Descriptor, Error, ErrorKind, ReadOptions, Result};

/// Reads a descriptor; what was tolerated goes to standard error as `warning: PATH: text`.
pub(crate) fn read(path: &Path) -> Result<Descriptor> {
    let options = ReadOptions::default();
    let bytes = if is_archive(path)? { from_archive(path)? } else { crate::read(path, options.limits.size)? };
    let read = Descriptor::read(&bytes, &options)?;
    for deviation in &read.deviations {
        eprintln!("warning: {deviation}");
    }
    if read.more_deviations > 0 {
        eprintln!("warning: /: {} more", read.more_deviations);
    }
    Ok(read.value)
}

/// Whether a file is an archive, by its name, or by its beginning, compressed or not.
fn is_archive(path: &Path) -> Result<bool> {
    /// Where the header of a tar archive says that it is one.
    const MAGIC: usize = 257;
    if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("ova")) {
        return Ok(true);
    }
    let file = File::open(path).map_err(|error| crate::io(&error))?;
    let mut start = Vec::new();
    file.take(512).read_to_end(&mut start).map_err(|error| crate::io(&error))?;
    Ok(start.starts_with(&[0x1F, 0x8B]) || start.get(MAGIC..).is_some_and(|magic| magic.starts_with(b"ustar")))
}

fn from_archive(path: &Path) -> Result<Vec<u8>> {
    let limits = PackageLimits::default();
    let file = File::open(path).map_err(|error| crate::io(&error))?;
    let mut ova = Ova::new(file, false, &limits)?;
    while let Some(mut member) = ova.next()? {
        let is_descriptor = Path::new(member.name()).extension().is_some_and(|end| end.eq_ignore_ascii_case("ovf"));
        if is_descriptor {
            return member.read_whole(limits.descriptor);
        }
    }
    Err(Error::new(ErrorKind::Value, "the archive has no descriptor (.ovf)"))
}

//! Tar archives made by hand, so that they can be wrong in any way.

use cimi_ovf::ErrorKind;
use cimi_ovf::package::{Ova, PackageLimits};

pub(crate) const BLOCK: usize = 512;

/// A header with the size as it is given; checksum and magic of USTAR are right.
pub(crate) fn header(name: &[u8], kind: u8, size: &[u8]) -> Vec<u8> {
    let mut block = vec![0; BLOCK];
    block[..name.len()].copy_from_slice(name);
    block[100..107].copy_from_slice(b"0000644");
    block[124..124 + size.len()].copy_from_slice(size);
    block[136..147].copy_from_slice(b"00000000000");
    block[156] = kind;
    block[257..265].copy_from_slice(b"ustar\x0000");
    seal(block)
}

/// Sets the checksum.
pub(crate) fn seal(mut block: Vec<u8>) -> Vec<u8> {
    block[148..156].copy_from_slice(b"        ");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

pub(crate) fn member(name: &str, kind: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = header(name.as_bytes(), kind, format!("{:011o}", content.len()).as_bytes());
    bytes.extend_from_slice(content);
    bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    bytes
}

pub(crate) fn file(name: &str, content: &[u8]) -> Vec<u8> {
    member(name, b'0', content)
}

/// Members and the end of the archive.
pub(crate) fn archive(members: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = members.concat();
    bytes.resize(bytes.len() + 2 * BLOCK, 0);
    bytes
}

/// An archive of files.
pub(crate) fn ova(files: &[(&str, &[u8])]) -> Vec<u8> {
    archive(&files.iter().map(|(name, content)| file(name, content)).collect::<Vec<_>>())
}

pub(crate) fn pax(records: &[(&str, &str)]) -> Vec<u8> {
    let mut content = String::new();
    for (key, value) in records {
        let rest = format!(" {key}={value}\n");
        let mut length = rest.len() + 1;
        while length != rest.len() + length.to_string().len() {
            length = rest.len() + length.to_string().len();
        }
        content.push_str(&format!("{length}{rest}"));
    }
    member("PaxHeaders/x", b'x', content.as_bytes())
}

/// Names and sizes of members, and the findings.
type Contents = (Vec<(String, u64)>, Vec<String>);

/// Reads an archive to its end.
pub(crate) fn read(bytes: &[u8]) -> cimi_ovf::Result<Contents> {
    read_within(bytes, &PackageLimits::default())
}

pub(crate) fn read_within(bytes: &[u8], limits: &PackageLimits) -> cimi_ovf::Result<Contents> {
    let mut ova = Ova::new(bytes, false, limits)?;
    let mut members = Vec::new();
    while let Some(mut member) = ova.next()? {
        let content = member.read_whole(1 << 20)?;
        assert_eq!(content.len() as u64, member.size());
        members.push((member.name().to_owned(), member.size()));
    }
    assert!(ova.next()?.is_none(), "there is nothing after the end");
    Ok((members, ova.findings().iter().map(ToString::to_string).collect()))
}

#[track_caller]
pub(crate) fn refused(bytes: &[u8], kind: ErrorKind, reason: &str) {
    let error = read(bytes).expect_err(reason);
    let line = error.to_string();
    assert!(error.kind() == kind && line.contains(reason), "{:?} {line}", error.kind());
    assert!(!line.contains('\n') && line.len() < 600, "{line}");
    // Passing over members finds the same.
    let mut ova = match Ova::seekable(std::io::Cursor::new(bytes), false, &PackageLimits::default()) {
        Ok(ova) => ova,
        Err(error) => return assert_eq!(error.to_string(), line),
    };
    let skipped = loop {
        match ova.next() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("passing over the members finds nothing"),
            Err(error) => break error,
        }
    };
    assert_eq!(skipped.kind(), kind, "{skipped}");
}

//! Names of files in a package: what they may be, and when two are the same.

use std::borrow::Cow;

use cimi_model::{ErrorKind, Result};
use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization as _;

use super::finding::refused;

/// Refuses a name that could lead out of the package on any system.
///
/// A name is a relative path with `/` between folders. Refused are absolute paths, `..` and `.`, empty parts,
/// backslashes, drive letters, control and direction characters, device names of Windows, parts that end in a dot or
/// space (Windows drops it), and all that becomes one of these when percent encoding is decoded or compatibility
/// characters such as a full-width dot are normalized.
///
/// ```
/// use cimi_ovf::package::check_name;
///
/// assert!(check_name("disks/web-1 (copy).vmdk").is_ok());
/// assert!(check_name("../etc/passwd").is_err());
/// assert!(check_name("%2e%2e/x").is_err());
/// ```
pub fn check_name(name: &str) -> Result<()> {
    match problem(name) {
        None => Ok(()),
        Some(reason) => Err(refused(ErrorKind::Value, name, format!("the name is refused: {reason}"))),
    }
}

/// Why a name is refused.
pub(crate) fn problem(name: &str) -> Option<&'static str> {
    if let Some(reason) = unsafe_path(name) {
        return Some(reason);
    }
    if is_plain(name) {
        return None;
    }
    let decoded = decoded(name);
    let normal: String = decoded.nfkc().collect();
    let disguised = unsafe_path(&decoded).or_else(|| unsafe_path(&normal));
    disguised.map(|_| "it hides a path that leads elsewhere")
}

fn unsafe_path(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        return Some("it is empty");
    }
    if name.chars().any(|c| c.is_control() || is_direction(c)) {
        return Some("it has control characters");
    }
    if name.contains('\\') {
        return Some("it has a backslash");
    }
    if name.starts_with('/') {
        return Some("it is an absolute path");
    }
    if let [b'a'..=b'z' | b'A'..=b'Z', b':', ..] = name.as_bytes() {
        return Some("it begins with a drive letter");
    }
    name.split('/').find_map(unsafe_part)
}

fn unsafe_part(part: &str) -> Option<&'static str> {
    const LONGEST: usize = 255;
    match part {
        "" => Some("it has an empty part"),
        "." | ".." => Some("it has a part that is no name"),
        _ if part.len() > LONGEST => Some("a part of it is longer than 255 bytes"),
        _ if part.ends_with(['.', ' ']) => Some("a part of it ends in a dot or space"),
        _ if is_device(part) => Some("a part of it is a device of Windows"),
        _ => None,
    }
}

/// Characters that change the direction of the text after them, and so what a reader takes for the name.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).trim_end().to_ascii_uppercase();
    match stem.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" => true,
        _ => match stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT")) {
            Some(number) => matches!(number.as_bytes(), [b'0'..=b'9']),
            None => false,
        },
    }
}

/// Whether neither decoding nor normalizing changes the name.
fn is_plain(name: &str) -> bool {
    name.is_ascii() && !name.contains('%')
}

/// The name with percent encoding decoded; as it is where that gives no text.
pub(crate) fn decoded(name: &str) -> Cow<'_, str> {
    percent_decode_str(name).decode_utf8().unwrap_or(Cow::Borrowed(name))
}

/// Equal for names that some file system, or some producer, takes for the same.
pub(crate) fn folded(name: &str) -> String {
    let name = name.strip_prefix("./").unwrap_or(name);
    if is_plain(name) {
        return name.to_ascii_lowercase();
    }
    decoded(name).nfkc().flat_map(char::to_lowercase).collect()
}

/// The part of a file name before its last dot.
pub(crate) fn base(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(base, _)| base)
}

/// What a member is by the end of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Descriptor,
    Manifest,
    Certificate,
    File,
}

impl Role {
    /// Upper case counts too, and the second value says that it was.
    pub(crate) fn of(name: &str) -> (Self, bool) {
        let file = name.rsplit('/').next().unwrap_or(name);
        // The tar of macOS puts attributes of `x.ovf` into `._x.ovf` before it.
        let Some((_, end)) = file.rsplit_once('.').filter(|_| !file.starts_with("._")) else {
            return (Self::File, false);
        };
        let role = match end.to_ascii_lowercase().as_str() {
            "ovf" => Self::Descriptor,
            "mf" => Self::Manifest,
            "cert" => Self::Certificate,
            _ => return (Self::File, false),
        };
        (role, end.bytes().any(|b| b.is_ascii_uppercase()))
    }
}

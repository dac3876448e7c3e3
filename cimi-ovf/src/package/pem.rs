//! PEM: base64 between lines that say what it is.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use cimi_model::{Error, ErrorKind, Result};

/// Base64 with or without the equals signs at its end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A block, with its label: `CERTIFICATE`, `PRIVATE KEY`.
pub(crate) struct Block<'t> {
    pub(crate) label: &'t str,
    pub(crate) bytes: Vec<u8>,
}

/// The blocks of a text, at most `most`; text between them is left out.
pub(crate) fn blocks(text: &str, most: usize) -> Result<Vec<Block<'_>>> {
    let mut found = Vec::new();
    let mut open: Option<(&str, String)> = None;
    for line in text.lines().map(str::trim) {
        if let Some(label) = boundary(line, "-----BEGIN ") {
            open = Some((label, String::new()));
        } else if let Some(end) = boundary(line, "-----END ") {
            let Some((label, content)) = open.take().filter(|(label, _)| *label == end) else {
                return Err(Error::new(ErrorKind::Syntax, "a block of PEM ends that has not begun"));
            };
            if found.len() == most {
                return Err(Error::new(ErrorKind::Limit, format!("there are more than {most} blocks of PEM")));
            }
            let bytes = decode(&content)
                .ok_or_else(|| Error::new(ErrorKind::Syntax, format!("the PEM of a {label} is not base64")))?;
            found.push(Block { label, bytes });
        } else if let Some((_, content)) = &mut open {
            content.push_str(line);
        }
    }
    match open {
        Some((label, _)) => Err(Error::new(ErrorKind::Syntax, format!("the PEM of a {label} has no end"))),
        None => Ok(found),
    }
}

fn boundary<'l>(line: &'l str, start: &str) -> Option<&'l str> {
    line.strip_prefix(start)?.strip_suffix("-----")
}

/// The bytes of base64 without white space in it.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

/// A block, as text.
pub(crate) fn encode(label: &str, bytes: &[u8]) -> String {
    const WIDTH: usize = 64;
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut content = String::new();
    BASE64.encode_string(bytes, &mut content);
    for (place, c) in content.chars().enumerate() {
        if place > 0 && place % WIDTH == 0 {
            text.push('\n');
        }
        text.push(c);
    }
    text + &format!("\n-----END {label}-----\n")
}

/// The X.509 certificates of a PEM text, in DER, for example those that a caller trusts.
///
/// # Errors
/// When the PEM is damaged, or there is no certificate.
pub fn certificates_from_pem(text: &str) -> Result<Vec<Vec<u8>>> {
    let blocks = blocks(text, 10_000)?.into_iter().filter(|block| block.label == "CERTIFICATE");
    let found: Vec<Vec<u8>> = blocks.map(|block| block.bytes).collect();
    if found.is_empty() { Err(Error::new(ErrorKind::Syntax, "there is no X.509 certificate")) } else { Ok(found) }
}

//! byte[] (5.5.9).

use std::fmt;

use super::Scalar;
use crate::meta::Kind;

/// Binary data, written as xs:hexBinary in both formats (DSP0263 5.5.9). It keeps the case of its digits.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Binary(String);

impl Binary {
    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok()).unwrap_or(0);
        self.0.as_bytes().chunks_exact(2).map(|pair| pair.iter().fold(0, |acc, &b| acc << 4 | digit(b))).collect()
    }

    /// The hexadecimal text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&[u8]> for Binary {
    fn from(bytes: &[u8]) -> Self {
        const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
        let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied();
        Self(bytes.iter().flat_map(|b| [b >> 4, b & 0xF]).filter_map(digit).collect())
    }
}

impl fmt::Debug for Binary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Scalar for Binary {
    const KIND: Kind = Kind::Binary;
    const EXPECTED: &'static str = "an xs:hexBinary";
    fn parse(text: &str) -> Option<Self> {
        let hex = text.len().is_multiple_of(2) && text.bytes().all(|b| b.is_ascii_hexdigit());
        hex.then(|| Self(text.to_owned()))
    }
    fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal() {
        assert_eq!(Binary::from(&[0, 0xAB, 0xFF][..]).as_str(), "00ABFF");
        assert_eq!(<Binary as Scalar>::parse("00abFF").map(|b| b.bytes()), Some(vec![0, 0xAB, 0xFF]));
        assert_eq!(<Binary as Scalar>::parse("0"), None);
        assert_eq!(<Binary as Scalar>::parse("AAEC=="), None);
    }
}

//! Message digests.

use std::fmt;

use sha2::digest::DynDigest;

/// A digest algorithm of a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Algorithm {
    /// SHA-1, of OVF 1.x; forgeries can be made.
    Sha1,
    /// SHA-256, of OVF 2.x.
    Sha256,
    /// SHA-384, which the standard does not name.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Algorithm {
    /// The name in a manifest, for example `SHA256`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha384 => "SHA384",
            Self::Sha512 => "SHA512",
        }
    }

    /// Bytes of a digest.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The algorithm with that name, in any case and also as `SHA-256` or `SHA2-256`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let plain: String = name.chars().filter(|c| *c != '-').collect::<String>().to_ascii_uppercase();
        match plain.strip_prefix("SHA")? {
            "1" => Some(Self::Sha1),
            "256" | "2256" => Some(Self::Sha256),
            "384" | "2384" => Some(Self::Sha384),
            "512" | "2512" => Some(Self::Sha512),
            _ => None,
        }
    }

    /// The digest of some bytes.
    #[must_use]
    pub fn digest(self, bytes: &[u8]) -> Digest {
        let mut hasher = self.hasher();
        hasher.update(bytes);
        Digest { algorithm: self, bytes: hasher.finalize() }
    }

    pub(super) fn hasher(self) -> Box<dyn DynDigest + Send> {
        match self {
            Self::Sha1 => Box::<sha1::Sha1>::default(),
            Self::Sha256 => Box::<sha2::Sha256>::default(),
            Self::Sha384 => Box::<sha2::Sha384>::default(),
            Self::Sha512 => Box::<sha2::Sha512>::default(),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A digest, shown in lower-case hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Digest {
    /// How it was made.
    pub algorithm: Algorithm,
    /// Its bytes, [`Algorithm::size`] of them.
    pub bytes: Box<[u8]>,
}

impl Digest {
    /// Reads hexadecimal digits; `None` if they are not as many as the algorithm gives.
    #[must_use]
    pub fn from_hex(algorithm: Algorithm, text: &str) -> Option<Self> {
        let bytes = bytes_of_hex(text)?;
        (bytes.len() == algorithm.size()).then(|| Self { algorithm, bytes: bytes.into() })
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{self}", self.algorithm)
    }
}

/// The bytes that pairs of hexadecimal digits stand for.
pub(crate) fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => Some((digit(*high)? << 4) | digit(*low)?),
            _ => None,
        })
        .collect()
}

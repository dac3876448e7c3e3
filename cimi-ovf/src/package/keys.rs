//! Public and private keys: RSA (PKCS #1 v1.5) and ECDSA over the curves of NIST.

use std::fmt;

use cimi_model::{Error, ErrorKind, Result};
use p256::ecdsa::signature::hazmat::{PrehashSigner as _, PrehashVerifier as _, RandomizedPrehashSigner as _};
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::{DecodePrivateKey as _, ObjectIdentifier, PrivateKeyInfo};
use rsa::rand_core::OsRng;
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, Pkcs1v15Sign, RsaPrivateKey, RsaPublicKey};
use x509_cert::der::Decode as _;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::digest::Algorithm;
use super::pem;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");

/// Larger keys take too long to check.
const MOST_BITS: usize = 16_384;

/// Smaller ones can be factored.
const STRONG_BITS: usize = 2048;

/// The key of a signer.
pub(crate) enum PublicKey {
    Rsa(RsaPublicKey),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
}

impl PublicKey {
    pub(crate) fn of(info: &SubjectPublicKeyInfoOwned) -> Result<Self> {
        let damaged = || Error::new(ErrorKind::Syntax, "the key of the X.509 certificate cannot be read");
        let bytes = info.subject_public_key.as_bytes().ok_or_else(damaged)?;
        match info.algorithm.oid {
            RSA => {
                let key = rsa::pkcs1::RsaPublicKey::from_der(bytes).map_err(|_| damaged())?;
                let number = |part: rsa::pkcs1::UintRef<'_>| BigUint::from_bytes_be(part.as_bytes());
                let key = RsaPublicKey::new_with_max_size(number(key.modulus), number(key.public_exponent), MOST_BITS);
                key.map(Self::Rsa).map_err(|_| damaged())
            }
            EC => {
                let curve = info.algorithm.parameters.as_ref().and_then(|curve| curve.decode_as().ok());
                match curve {
                    Some(P256) => p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes).map(Self::P256),
                    Some(P384) => p384::ecdsa::VerifyingKey::from_sec1_bytes(bytes).map(Self::P384),
                    Some(P521) => p521::ecdsa::VerifyingKey::from_sec1_bytes(bytes).map(Self::P521),
                    _ => return Err(unsupported()),
                }
                .map_err(|_| damaged())
            }
            _ => Err(unsupported()),
        }
    }

    /// Whether this is the key's signature of a message.
    pub(crate) fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let digest = algorithm.digest(message).bytes;
        match self {
            Self::Rsa(key) => key.verify(scheme(algorithm), &digest, signature).is_ok(),
            Self::P256(key) => p256::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(&padded(&digest, 32), &signature).is_ok()),
            Self::P384(key) => p384::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(&padded(&digest, 48), &signature).is_ok()),
            Self::P521(key) => p521::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(&padded(&digest, 66), &signature).is_ok()),
        }
    }

    pub(crate) fn weakness(&self) -> Option<String> {
        match self {
            Self::Rsa(key) if key.n().bits() < STRONG_BITS => {
                Some(format!("an RSA key of {} bits does not protect from forgery", key.n().bits()))
            }
            _ => None,
        }
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(key) => write!(f, "RSA {}", key.n().bits()),
            Self::P256(_) => f.write_str("ECDSA P-256"),
            Self::P384(_) => f.write_str("ECDSA P-384"),
            Self::P521(_) => f.write_str("ECDSA P-521"),
        }
    }
}

fn unsupported() -> Error {
    Error::new(ErrorKind::Unsupported, "the key is neither RSA nor ECDSA over P-256, P-384 or P-521")
}

fn scheme(algorithm: Algorithm) -> Pkcs1v15Sign {
    match algorithm {
        Algorithm::Sha1 => Pkcs1v15Sign::new::<sha1::Sha1>(),
        Algorithm::Sha256 => Pkcs1v15Sign::new::<sha2::Sha256>(),
        Algorithm::Sha384 => Pkcs1v15Sign::new::<sha2::Sha384>(),
        Algorithm::Sha512 => Pkcs1v15Sign::new::<sha2::Sha512>(),
    }
}

/// A digest that is shorter than the curve's numbers, as the same number with zeros before it.
fn padded(digest: &[u8], size: usize) -> Vec<u8> {
    let mut padded = vec![0; size.saturating_sub(digest.len())];
    padded.extend_from_slice(digest);
    padded
}

/// A private key. It shows nothing of itself.
pub(crate) enum PrivateKey {
    Rsa(Box<RsaPrivateKey>),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
}

impl PrivateKey {
    /// Reads PEM: PKCS #8, or the older forms of RSA and EC keys.
    pub(crate) fn from_pem(text: &str) -> Result<Self> {
        let damaged = || Error::new(ErrorKind::Syntax, "the private key cannot be read");
        for block in pem::blocks(text, 8)? {
            return match block.label {
                "PRIVATE KEY" => Self::from_pkcs8(&block.bytes),
                "RSA PRIVATE KEY" => RsaPrivateKey::from_pkcs1_der(&block.bytes)
                    .map(|key| Self::Rsa(Box::new(key)))
                    .map_err(|_| damaged()),
                "EC PRIVATE KEY" => Self::from_sec1(&block.bytes).ok_or_else(damaged),
                "ENCRYPTED PRIVATE KEY" => {
                    let reason = "the private key is encrypted; decrypt it first, for example with openssl pkey";
                    Err(Error::new(ErrorKind::Unsupported, reason))
                }
                _ => continue,
            };
        }
        Err(Error::new(ErrorKind::Syntax, "there is no private key"))
    }

    fn from_pkcs8(der: &[u8]) -> Result<Self> {
        let damaged = || Error::new(ErrorKind::Syntax, "the private key cannot be read");
        let info = PrivateKeyInfo::from_der(der).map_err(|_| damaged())?;
        let curve = info.algorithm.parameters_oid().ok();
        match (info.algorithm.oid, curve) {
            (RSA, _) => RsaPrivateKey::from_pkcs8_der(der).map(|key| Self::Rsa(Box::new(key))).map_err(|_| damaged()),
            (EC, Some(P256)) => {
                p256::SecretKey::from_pkcs8_der(der).map(|key| Self::P256(key.into())).map_err(|_| damaged())
            }
            (EC, Some(P384)) => {
                p384::SecretKey::from_pkcs8_der(der).map(|key| Self::P384(key.into())).map_err(|_| damaged())
            }
            (EC, Some(P521)) => {
                let key = p521::SecretKey::from_pkcs8_der(der).map_err(|_| damaged())?;
                p521::ecdsa::SigningKey::from_slice(&key.to_bytes()).map(Self::P521).map_err(|_| damaged())
            }
            _ => Err(unsupported()),
        }
    }

    /// The curve is the one that the key fits to.
    fn from_sec1(der: &[u8]) -> Option<Self> {
        if let Ok(key) = p256::SecretKey::from_sec1_der(der) {
            return Some(Self::P256(key.into()));
        }
        if let Ok(key) = p384::SecretKey::from_sec1_der(der) {
            return Some(Self::P384(key.into()));
        }
        let key = p521::SecretKey::from_sec1_der(der).ok()?;
        p521::ecdsa::SigningKey::from_slice(&key.to_bytes()).ok().map(Self::P521)
    }

    /// Signs a message. What is random only hides the key from those who measure how long it takes; except for P-521,
    /// the signature does not depend on it.
    pub(crate) fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>> {
        let digest = algorithm.digest(message).bytes;
        let failed = || Error::new(ErrorKind::Write, "the key cannot sign this digest");
        match self {
            Self::Rsa(key) => key.sign_with_rng(&mut OsRng, scheme(algorithm), &digest).map_err(|_| failed()),
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(&padded(&digest, 32)).map_err(|_| failed())?;
                Ok(signature.to_der().as_bytes().to_vec())
            }
            Self::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(&padded(&digest, 48)).map_err(|_| failed())?;
                Ok(signature.to_der().as_bytes().to_vec())
            }
            Self::P521(key) => {
                let signature: p521::ecdsa::Signature =
                    key.sign_prehash_with_rng(&mut OsRng, &padded(&digest, 66)).map_err(|_| failed())?;
                Ok(signature.to_der().as_bytes().to_vec())
            }
        }
    }
}

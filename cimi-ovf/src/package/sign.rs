//! Signing a manifest.

use std::fmt;

use cimi_model::{Error, ErrorKind, Result};

use super::certificate::Certificate;
use super::digest::Algorithm;
use super::keys::PrivateKey;
use super::pem;

/// A private key and the certificates that go with it. Neither is shown by `Debug`.
pub struct Signer {
    key: PrivateKey,
    chain: Vec<Vec<u8>>,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

impl Signer {
    /// Reads a private key and the certificates of its owner, the owner's first, all as PEM.
    ///
    /// The key is PKCS #8 (`PRIVATE KEY`), or in the older forms `RSA PRIVATE KEY` and `EC PRIVATE KEY`; not encrypted.
    ///
    /// # Errors
    /// When the key or certificate cannot be read, is neither RSA nor ECDSA over P-256, P-384 or P-521, or when the
    /// first certificate is not that of the key.
    pub fn from_pem(key: &str, certificates: &str) -> Result<Self> {
        let key = PrivateKey::from_pem(key)?;
        let blocks = pem::blocks(certificates, 64)?.into_iter().filter(|block| block.label == "CERTIFICATE");
        let signer = Self { key, chain: blocks.map(|block| block.bytes).collect() };
        // One signature shows whether key and certificate belong together.
        if signer.sign(Algorithm::Sha256, "", b"")?.check(b"")?.matches {
            Ok(signer)
        } else {
            Err(Error::new(ErrorKind::Value, "the certificate is not that of the private key"))
        }
    }

    /// Signs the bytes of a manifest; the result written as text is the `.cert` file.
    ///
    /// # Errors
    /// When the key is too small for the digest.
    pub fn sign(&self, algorithm: Algorithm, name: &str, manifest: &[u8]) -> Result<Certificate> {
        let signature = self.key.sign(algorithm, manifest)?;
        Ok(Certificate::new(algorithm, name, signature, self.chain.clone()))
    }
}

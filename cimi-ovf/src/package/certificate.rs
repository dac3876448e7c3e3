//! Certificates: the signature of the manifest, and who made it.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cimi_model::{Error, ErrorKind, Result, printable};
use x509_cert::der::Decode as _;

use super::digest::{Algorithm, bytes_of_hex};
use super::keys::PublicKey;
use super::limits::PackageLimits;
use super::manifest::Parts;
use super::pem;

/// Certificates that are read at most.
const LONGEST_CHAIN: usize = 64;

/// The certificate file of a package (`.cert`): a signature of the manifest's bytes, and the X.509 certificate of the
/// signer, with those of the ones who certified it if they are there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Certificate {
    /// The digest that was signed.
    pub algorithm: Algorithm,
    /// The name of the manifest.
    pub manifest: String,
    /// The signature: PKCS #1 v1.5 for an RSA key, in DER for an ECDSA key.
    pub signature: Vec<u8>,
    /// The certificates in DER, the signer's first.
    pub chain: Vec<Vec<u8>>,
    /// Spellings that were understood and are not those of the standard.
    pub deviations: Vec<String>,
}

/// What checking a signature has shown, apart from trust and dates.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignatureCheck {
    /// Whether the signature is that of the manifest's bytes by the signer's key.
    pub matches: bool,
    /// Why it does not match, if that can be told.
    pub hint: Option<String>,
    /// The kind and size of the key, for example `RSA 2048` or `ECDSA P-256`.
    pub key: String,
    /// What is too weak to protect from forgery.
    pub weaknesses: Vec<String>,
    /// The distinguished name of the signer (RFC 4514).
    pub subject: String,
    /// The distinguished name of the one who certified the signer.
    pub issuer: String,
    /// When the certificate becomes valid.
    pub not_before: SystemTime,
    /// When it ends to be valid.
    pub not_after: SystemTime,
}

impl Certificate {
    /// A certificate from its parts, for a signature that was made elsewhere, such as by a hardware token.
    #[must_use]
    pub fn new(algorithm: Algorithm, manifest: &str, signature: Vec<u8>, chain: Vec<Vec<u8>>) -> Self {
        Self { algorithm, manifest: manifest.to_owned(), signature, chain, deviations: Vec::new() }
    }

    /// Reads a line `SHA256(name.mf)= digits` and the PEM certificates after it.
    ///
    /// A signature in base64, white space and text before the certificates are deviations, which strict reading refuses.
    ///
    /// # Errors
    /// When there is no such line or no certificate, the algorithm is unknown, or a limit is exceeded.
    pub fn read(text: &[u8], strict: bool, limits: &PackageLimits) -> Result<Self> {
        if text.len() > limits.certificate {
            let reason = format!("the certificate is larger than {} bytes", limits.certificate);
            return Err(Error::new(ErrorKind::Limit, reason));
        }
        let syntax = |reason: &str| Error::new(ErrorKind::Syntax, reason);
        let text = std::str::from_utf8(text).map_err(|_| syntax("the certificate is not UTF-8"))?;
        let (line, wrapped) =
            signature_line(text).ok_or_else(|| syntax("there is no line ALGORITHM(name)= signature"))?;
        let parts = Parts::of_signature(&line).ok_or_else(|| syntax("there is no signature"))?;
        let algorithm = Algorithm::parse(parts.algorithm).ok_or_else(|| {
            let reason = format!("'{}' is not a digest algorithm of OVF", printable(parts.algorithm));
            Error::new(ErrorKind::Value, reason)
        })?;
        let mut deviations = Vec::new();
        if wrapped {
            deviations.push("the signature goes over several lines".to_owned());
        }
        let signature = if let Some(signature) = bytes_of_hex(parts.digest) {
            signature
        } else {
            deviations.push("the signature is in base64, not in hexadecimal digits".to_owned());
            pem::decode(parts.digest).ok_or_else(|| syntax("the signature is neither hexadecimal nor base64"))?
        };
        let blocks = pem::blocks(text, LONGEST_CHAIN)?;
        let (certificates, others): (Vec<_>, Vec<_>) = blocks.into_iter().partition(|b| b.label == "CERTIFICATE");
        for other in others {
            deviations.push(format!("a block of PEM is a {}, and is left out", printable(other.label)));
        }
        if certificates.is_empty() {
            return Err(syntax("there is no X.509 certificate"));
        }
        let chain = certificates.into_iter().map(|block| block.bytes).collect();
        let read = Self { algorithm, manifest: parts.name.to_owned(), signature, chain, deviations };
        read.refuse_deviations(&line, strict)
    }

    fn refuse_deviations(mut self, line: &str, strict: bool) -> Result<Self> {
        let canonical = format!("{}({})= ", self.algorithm, self.manifest);
        if !line.starts_with(&canonical) {
            self.deviations
                .push("white space or letters of the first line are not as the standard has them".to_owned());
        }
        match self.deviations.first() {
            Some(first) if strict => Err(Error::new(ErrorKind::Value, first.clone())),
            _ => Ok(self),
        }
    }

    /// Checks the signature over the bytes of the manifest.
    ///
    /// # Errors
    /// When the signer's certificate cannot be read, or its key is neither RSA nor ECDSA over P-256, P-384 or P-521.
    pub fn check(&self, manifest: &[u8]) -> Result<SignatureCheck> {
        let der = self.chain.first().ok_or_else(|| Error::new(ErrorKind::Value, "there is no X.509 certificate"))?;
        let certificate = x509_cert::Certificate::from_der(der)
            .map_err(|error| Error::new(ErrorKind::Syntax, "the X.509 certificate cannot be read").caused_by(error))?;
        let signer = &certificate.tbs_certificate;
        let key = PublicKey::of(&signer.subject_public_key_info)?;
        let matches = key.verify(self.algorithm, manifest, &self.signature);
        let mut weaknesses = Vec::new();
        if self.algorithm == Algorithm::Sha1 {
            weaknesses.push("a signature with SHA1 does not protect from forgery".to_owned());
        }
        if let Some(weakness) = key.weakness() {
            weaknesses.push(weakness);
        }
        let time = |since: Duration| UNIX_EPOCH.checked_add(since).unwrap_or(UNIX_EPOCH);
        Ok(SignatureCheck {
            matches,
            hint: if matches { None } else { self.hint(&key, manifest) },
            key: key.to_string(),
            weaknesses,
            subject: printable(&signer.subject.to_string()),
            issuer: printable(&signer.issuer.to_string()),
            not_before: time(signer.validity.not_before.to_unix_duration()),
            not_after: time(signer.validity.not_after.to_unix_duration()),
        })
    }

    /// Tries the manifest with other ends of lines, which transfers as text change.
    fn hint(&self, key: &PublicKey, manifest: &[u8]) -> Option<String> {
        let unix: Vec<u8> = manifest.iter().copied().filter(|byte| *byte != b'\r').collect();
        let mut dos = Vec::new();
        for byte in &unix {
            if *byte == b'\n' {
                dos.push(b'\r');
            }
            dos.push(*byte);
        }
        let changed =
            key.verify(self.algorithm, &unix, &self.signature) || key.verify(self.algorithm, &dos, &self.signature);
        changed.then(|| "the ends of its lines were changed after it was signed".to_owned())
    }
}

/// The line with the signature, and whether it had to be put together from several.
fn signature_line(text: &str) -> Option<(String, bool)> {
    let mut lines = text.lines();
    let mut line = lines.find(|line| is_signature(line))?.trim_end().to_owned();
    let is_more =
        |line: &&str| !line.is_empty() && line.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b));
    let length = line.len();
    line.extend(lines.map(str::trim).take_while(is_more));
    let wrapped = line.len() > length;
    Some((line, wrapped))
}

fn is_signature(line: &str) -> bool {
    Parts::of_signature(line).is_some_and(|parts| !parts.digest.is_empty() && !parts.algorithm.contains(' '))
}

impl fmt::Display for Certificate {
    /// The text of the file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})= ", self.algorithm, self.manifest)?;
        self.signature.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        writeln!(f)?;
        self.chain.iter().try_for_each(|certificate| f.write_str(&pem::encode("CERTIFICATE", certificate)))
    }
}

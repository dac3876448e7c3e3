//! The digest of what was agreed on.
#![cfg(feature = "hash")]

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::Agreement;
use crate::{Dialect, Error, ErrorKind, Result, json};

impl Agreement {
    /// The digest of what is agreed on: the SHA-256, in hexadecimal digits, of the canonical JSON (RFC 8785) of the
    /// template, the parties, the terms, the objectives and the end, as dialect 2.0 writes them. What changes while an
    /// agreement lives, such as its state, has no part in it.
    ///
    /// Objectives by reference are in it by their URIs. To seal what they say, have them by value.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn digest(&self) -> Result<String> {
        let sealed = Self {
            agreement_template: self.agreement_template.clone(),
            consumer: self.consumer.clone(),
            provider: self.provider.clone(),
            terms: self.terms.clone(),
            objectives: self.objectives.clone(),
            end: self.end.clone(),
            ..Self::default()
        };
        let fail = |error: serde_json::Error| Error::new(ErrorKind::Write, error.to_string());
        let text = json::to_string(&sealed, Dialect::V2.into())?;
        let value: serde_json::Value = serde_json::from_str(&text).map_err(fail)?;
        let canonical = serde_json_canonicalizer::to_vec(&value).map_err(fail)?;
        Ok(Sha256::digest(canonical).iter().fold(String::new(), |mut text, byte| {
            // Writing to a String does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        }))
    }

    /// Whether it is still what was agreed on.
    ///
    /// # Errors
    /// As [`digest`](Self::digest).
    pub fn is_intact(&self) -> Result<bool> {
        Ok(self.hash.is_some() && self.hash == Some(self.digest()?))
    }
}

//! The part of the verdict that concerns the certificate.

use cimi_model::Result;

use super::finding::Rule;
use super::names;
use super::report::SignatureReport;
use super::verdict::Verdict;
use super::verifier::{Held, VerifyOptions};

impl Verdict<'_> {
    /// Checks the signature, if there is one.
    pub(super) fn check_certificate(
        &mut self,
        certificate: Option<&Held>,
        manifest: Option<&Held>,
        descriptor: &str,
        options: &VerifyOptions<'_>,
    ) -> Result<Option<SignatureReport>> {
        let Some(held) = certificate else { return Ok(None) };
        if names::base(&held.name) != names::base(descriptor) {
            self.notes.deviation(Rule::Certificate, &held.name, "the certificate is not named like the descriptor")?;
        }
        let Some(manifest) = manifest else {
            self.notes.error(Rule::Certificate, &held.name, "there is no manifest that the certificate could sign");
            return Ok(None);
        };
        self.check_signature(held, manifest, options)
    }

    #[cfg(not(feature = "signature"))]
    #[allow(clippy::unnecessary_wraps, reason = "the other form can fail")]
    fn check_signature(&mut self, held: &Held, _: &Held, _: &VerifyOptions<'_>) -> Result<Option<SignatureReport>> {
        self.notes.warning(Rule::Signature, &held.name, "this program was built without the check of signatures");
        Ok(None)
    }

    #[cfg(feature = "signature")]
    fn check_signature(
        &mut self,
        held: &Held,
        manifest: &Held,
        options: &VerifyOptions<'_>,
    ) -> Result<Option<SignatureReport>> {
        use super::certificate::Certificate;
        let check = Certificate::read(&held.bytes, options.strict, &options.limits)
            .and_then(|certificate| Ok((certificate.check(&manifest.bytes)?, certificate)));
        let (check, certificate) = match check {
            Ok(checked) => checked,
            Err(error) if options.strict => return Err(super::verifier::named(&error, &held.name)),
            Err(error) => {
                self.notes.error(Rule::Certificate, &held.name, error.reason());
                return Ok(None);
            }
        };
        for deviation in &certificate.deviations {
            self.notes.deviation(Rule::Certificate, &held.name, deviation.clone())?;
        }
        self.check_signed_name(&certificate, held, manifest)?;
        for weakness in &check.weaknesses {
            self.notes.warning(Rule::Strength, &held.name, weakness.clone());
        }
        if !check.matches {
            let text = match &check.hint {
                Some(hint) => format!("the signature is not that of the manifest: {hint}"),
                None => "the signature is not that of the manifest".to_owned(),
            };
            self.notes.error(Rule::Signature, &held.name, text);
        }
        let trusted = options.trust.map(|trust| trust(&certificate.chain));
        match &trusted {
            Some(Err(reason)) => self.notes.error(Rule::Trust, &held.name, reason.replace('\n', " ")),
            Some(Ok(())) => {}
            None => {
                let text = "whether the signer is trusted was not checked: nobody to trust was given";
                self.notes.info(Rule::Trust, &held.name, text);
            }
        }
        let current = options.now.map(|now| check.not_before <= now && now <= check.not_after);
        if current == Some(false) {
            let early = options.now.is_some_and(|now| now < check.not_before);
            let text = if early { "the certificate is not yet valid" } else { "the certificate has expired" };
            self.notes.error(Rule::Validity, &held.name, text);
        }
        Ok(Some(SignatureReport {
            name: held.name.clone(),
            algorithm: certificate.algorithm,
            key: check.key,
            subject: check.subject,
            issuer: check.issuer,
            not_before: check.not_before,
            not_after: check.not_after,
            matches: check.matches,
            trusted: trusted.map(|answer| answer.is_ok()),
            current,
        }))
    }

    #[cfg(feature = "signature")]
    fn check_signed_name(
        &mut self,
        certificate: &super::certificate::Certificate,
        held: &Held,
        manifest: &Held,
    ) -> Result<()> {
        let own = manifest.name.rsplit('/').next().unwrap_or(&manifest.name);
        if certificate.manifest != own && certificate.manifest != manifest.name {
            let text = format!("the certificate names the manifest '{}'", cimi_model::printable(&certificate.manifest));
            self.notes.deviation(Rule::Certificate, &held.name, text)?;
        }
        Ok(())
    }
}

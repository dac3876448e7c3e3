//! References of a step to the results of others.

use cimi_model::reflect::View;
use cimi_model::{Error, ErrorKind, Result, Uri, lifecycle, printable};

use super::{Run, StepState};
use crate::batch::{BatchStep, Request, references};

impl Run {
    /// What a step asks for, with URIs in place of results.
    pub(super) fn request(&self, step: usize) -> Result<Request> {
        let found: &BatchStep = self.batch.steps.get(step).ok_or_else(|| self.unexpected(step, "begun"))?;
        let target = found.target.as_ref().and_then(|target| target.href.clone()).unwrap_or_default();
        let target = self.resolve(target.as_str())?.unwrap_or(target);
        let mut body = found.body.clone();
        if let Some(body) = &mut body {
            references::replace(body, &mut |text| self.resolve(text))?;
        }
        let action = found.action.as_ref().map_or("", Uri::as_str).trim();
        Ok(Request { action: lifecycle::name(action).to_owned(), target, body })
    }

    /// The URI that a text refers to, if it refers to a result.
    fn resolve(&self, text: &str) -> Result<Option<Uri>> {
        let Some((name, attribute)) = references::parse(text) else { return Ok(None) };
        let missing = |what: &str| Error::new(ErrorKind::Value, format!("the result of '{}' {what}", printable(name)));
        let step = self.names.get(name).and_then(|&index| self.steps.get(index));
        let step = step.filter(|step| step.state == StepState::Done).ok_or_else(|| missing("is not there"))?;
        let Some(attribute) = attribute else {
            let target = || step.job.target_resource.as_ref().and_then(|target| target.href.clone());
            return step.result.resource.clone().or_else(target).map(Some).ok_or_else(|| missing("has no URI"));
        };
        let record = step.result.record.as_deref().ok_or_else(|| missing("is not at hand"))?;
        let value = record.record_type().find(attribute, 0).and_then(|index| record.get(index));
        let found = match value.map(|value| value.view()) {
            Some(View::Ref(reference)) => reference.href().cloned(),
            Some(View::Text(text)) => Some(Uri::from(text)),
            _ => record.extensions().get(attribute).and_then(|value| value.get("href")?.as_str()).map(Uri::from),
        };
        found.map(Some).ok_or_else(|| missing(&format!("has no URI in '{}'", printable(attribute))))
    }
}

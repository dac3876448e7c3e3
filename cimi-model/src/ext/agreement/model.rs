//! The types.

use crate::ext::NAMESPACE;
use crate::ext::objective::ServiceLevelObjective;
use crate::{AnyResource, DateTime, Ref, Uri, collection, open_enum, record, resource};

open_enum! {
    /// The state of an agreement.
    pub AgreementState {
        /// The provider would agree, and the consumer has not yet.
        Offered = "offered",
        /// Both have agreed.
        Agreed = "agreed",
        /// It holds no longer: what it promises was not kept.
        Invalid = "invalid",
        /// It was ended.
        Terminated = "terminated",
        /// The provider wants other terms.
        Renegotiate = "renegotiate",
    }
}

record! {
    /// One thing that is agreed on. Of a template, what can be chosen.
    pub Term = "term" Structure [namespace(NAMESPACE)] {
        /// What it is: the name of an attribute (`occi.compute.cores`), a URI, or words.
        name: Option<String> = "name" [required],
        /// The value; of a template, the one that holds if nothing else is chosen.
        value: Option<String> = "value",
        /// The unit of a number.
        unit: Option<String> = "unit",
        /// The least number that can be chosen.
        minimum: Option<String> = "minimum",
        /// The greatest number that can be chosen.
        maximum: Option<String> = "maximum",
        /// The values that can be chosen. Without them and without bounds, a value that is there cannot be changed, and
        /// where there is none, any can be chosen.
        choices: Vec<String> = "choices" [item("choice")],
    }
}

impl Term {
    /// A term with a value.
    #[must_use]
    pub fn new(name: &str, value: &str) -> Self {
        Self { name: Some(name.to_owned()), value: Some(value.to_owned()), ..Self::default() }
    }
}

resource! {
    /// What a provider invites offers by.
    pub AgreementTemplate = "AgreementTemplate" [namespace(NAMESPACE)] {
        /// The terms that can be chosen.
        terms: Vec<Term> = "terms" [item("term")],
        /// The objectives that are promised.
        objectives: Vec<Ref<ServiceLevelObjective>> = "objectives" [item("objective")],
        /// The types of the resources that can be put under such an agreement; without any, all.
        applies_to: Vec<Uri> = "appliesTo" [item("type"), follows_dialect],
        /// What it costs, in words.
        price: Option<String> = "price",
    }
}
collection!(AgreementTemplate, "AgreementTemplateCollection", "agreementTemplates");

resource! {
    /// What a consumer and a provider have agreed on, or are about to. `created` and `updated` are its audit dates.
    pub Agreement = "Agreement" [namespace(NAMESPACE)] {
        /// Its state; an offer that nobody has answered has none.
        state: Option<AgreementState> = "state" [read_only],
        /// A digest of what was agreed on, since then: the SHA-256 of its canonical JSON in hexadecimal digits.
        hash: Option<String> = "hash" [read_only],
        /// The template that it was made from.
        agreement_template: Option<Ref<AgreementTemplate>> = "agreementTemplate",
        /// The consumer.
        consumer: Option<Uri> = "consumer",
        /// The provider.
        provider: Option<Uri> = "provider",
        /// The terms.
        terms: Vec<Term> = "terms" [item("term")],
        /// The objectives that are promised, by reference or by value.
        objectives: Vec<Ref<ServiceLevelObjective>> = "objectives" [item("objective")],
        /// When it was agreed on.
        agreed: Option<DateTime> = "agreed" [read_only],
        /// When it ends.
        end: Option<DateTime> = "end",
        /// The types of the resources that can be put under it; without any, all.
        applies_to: Vec<Uri> = "appliesTo" [item("type"), follows_dialect, read_only],
    }
}
collection!(Agreement, "AgreementCollection", "agreements");

resource! {
    /// That a resource is under an agreement.
    pub AgreementLink = "AgreementLink" [namespace(NAMESPACE)] {
        /// The agreement.
        source: Option<Ref<Agreement>> = "source" [required],
        /// The resource.
        target: Option<Ref<AnyResource>> = "target" [required],
    }
}
collection!(AgreementLink, "AgreementLinkCollection", "agreementLinks");

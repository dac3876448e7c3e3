//! Agreements and links in OCCI.

use cimi_model::ext::NAMESPACE;
use cimi_model::ext::agreement::{Agreement, AgreementLink, AgreementState, AgreementTemplate, Term};
use cimi_model::{DateTime, Ref, Uri};

use super::rendering::{AttributeValue, Category, Class, Link, Rendering};
use crate::{Error, ErrorKind, Result};

/// The kind of agreements.
pub const AGREEMENT: &str = "http://schemas.ogf.org/occi/sla#agreement";

/// The kind of links between agreements and resources.
pub const AGREEMENT_LINK: &str = "http://schemas.ogf.org/occi/sla#agreement_link";

/// The mixin of templates.
const TEMPLATE: &str = "http://schemas.ogf.org/occi/sla#agreement_template";

/// The mixin with the dates of an agreement.
pub const DATE_AUDIT: &str = "http://schemas.ogf.org/occi/audit#date_audit";

/// The attributes of the core model that resources of CIMI have as well.
const TITLE: &str = "occi.core.title";
const SUMMARY: &str = "occi.core.summary";
const ID: &str = "occi.core.id";
const SOURCE: &str = "occi.core.source";
const TARGET: &str = "occi.core.target";

/// What OCCI has no attributes for.
const CONSUMER: &str = "org.cimi-rs.agreement.consumer";
const PROVIDER: &str = "org.cimi-rs.agreement.provider";
const AGREED: &str = "org.cimi-rs.agreement.agreed";

/// The agreement that a rendering speaks of, such as the offer of a consumer.
///
/// The mixin that is neither of the SLA scheme nor the one with dates is the template; attributes that are not those of
/// the kind and of that mixin are terms.
///
/// # Errors
/// [`ErrorKind::Header`] when it is not of the kind, names several templates, or a date is not one.
pub fn agreement(rendering: &Rendering) -> Result<Agreement> {
    if !rendering.is_a(AGREEMENT) {
        return Err(Error::new(ErrorKind::Header, format!("this has no category {AGREEMENT}")));
    }
    let mut agreement = Agreement::default();
    let known = |category: &&Category| [AGREEMENT, DATE_AUDIT, TEMPLATE].contains(&category.identifier().as_str());
    let mut templates = rendering.categories.iter().filter(|category| !known(category));
    if let Some(template) = templates.next() {
        agreement.agreement_template = Some(Ref::to(template.identifier()));
    }
    if templates.next().is_some() {
        return Err(Error::new(ErrorKind::Header, "an agreement is made from one template"));
    }
    for (name, value) in &rendering.attributes {
        let text = || Some(value.to_string());
        match name.as_str() {
            ID => agreement.id = text().map(Into::into),
            TITLE => agreement.name = text(),
            SUMMARY => agreement.description = text(),
            CONSUMER => agreement.consumer = text().map(Into::into),
            PROVIDER => agreement.provider = text().map(Into::into),
            "state" => agreement.state = Some(value.to_string().as_str().into()),
            "hash" => agreement.hash = text(),
            "created" => agreement.created = Some(date(name, value)?),
            "updated" => agreement.updated = Some(date(name, value)?),
            "end" => agreement.end = Some(date(name, value)?),
            AGREED => agreement.agreed = Some(date(name, value)?),
            _ => agreement.terms.push(Term::new(name, &value.to_string())),
        }
    }
    let objectives = rendering.links.iter().filter(|link| link.rel == objective());
    agreement.objectives = objectives.map(|link| Ref::to(link.target.as_str())).collect();
    Ok(agreement)
}

fn date(name: &str, value: &AttributeValue) -> Result<DateTime> {
    let fail =
        |error: cimi_model::Error| Error::new(ErrorKind::Header, format!("'{name}' is not a time")).caused_by(error);
    value.to_string().parse().map_err(fail)
}

/// The relation of an agreement to an objective.
fn objective() -> String {
    format!("{NAMESPACE}/ServiceLevelObjective")
}

/// An agreement as OCCI has it. Units, bounds and choices of terms belong to templates, and objectives by value have no
/// place; nor have the types that it applies to.
#[must_use]
pub fn agreement_rendering(agreement: &Agreement) -> Rendering {
    let mut rendering = Rendering { categories: vec![Category::new(AGREEMENT, Class::Kind)], ..Rendering::default() };
    if let Some(template) = agreement.agreement_template.as_ref().and_then(|template| template.href.as_ref()) {
        rendering.categories.push(Category::new(template.as_str(), Class::Mixin));
    }
    let dates = [
        ("created", &agreement.created),
        ("updated", &agreement.updated),
        ("end", &agreement.end),
        (AGREED, &agreement.agreed),
    ];
    if dates.iter().any(|(_, date)| date.is_some()) {
        rendering.categories.push(Category::new(DATE_AUDIT, Class::Mixin));
    }
    let mut add = |name: &str, text: Option<&str>| {
        rendering.attributes.extend(text.map(|text| (name.to_owned(), AttributeValue::Text(text.to_owned()))));
    };
    add(ID, agreement.id.as_ref().map(Uri::as_str));
    add(TITLE, agreement.name.as_deref());
    add(SUMMARY, agreement.description.as_deref());
    add("state", agreement.state.as_ref().map(AgreementState::as_str));
    add("hash", agreement.hash.as_deref());
    add(CONSUMER, agreement.consumer.as_ref().map(Uri::as_str));
    add(PROVIDER, agreement.provider.as_ref().map(Uri::as_str));
    for (name, date) in dates {
        add(name, date.as_ref().map(DateTime::as_str));
    }
    rendering.attributes.extend(agreement.terms.iter().filter_map(term));
    let objectives = agreement.objectives.iter().filter_map(|objective| objective.href.as_ref());
    rendering.links =
        objectives.map(|href| Link { target: href.as_str().to_owned(), rel: objective(), ..Link::default() }).collect();
    rendering
}

fn term(term: &Term) -> Option<(String, AttributeValue)> {
    Some((term.name.clone()?, AttributeValue::of(term.value.clone()?)))
}

/// The category by which a provider advertises a template: a mixin of a scheme of its own, by its name.
#[must_use]
pub fn template_category(template: &AgreementTemplate, scheme: &str) -> Category {
    let attribute = |term: &Term| {
        let is_fixed =
            term.value.is_some() && term.minimum.is_none() && term.maximum.is_none() && term.choices.is_empty();
        let name = term.name.clone().unwrap_or_default();
        if is_fixed { format!("{name}{{immutable}}") } else { name }
    };
    Category {
        term: template.name.clone().unwrap_or_default(),
        scheme: scheme.to_owned(),
        class: Some(Class::Mixin),
        title: template.description.clone(),
        rel: Some(TEMPLATE.to_owned()),
        attributes: template.terms.iter().map(attribute).collect(),
        ..Category::default()
    }
}

/// The link between an agreement and a resource that a rendering speaks of.
///
/// # Errors
/// [`ErrorKind::Header`] when it is not of the kind, or says not what is linked.
pub fn link(rendering: &Rendering) -> Result<AgreementLink> {
    if !rendering.is_a(AGREEMENT_LINK) {
        return Err(Error::new(ErrorKind::Header, format!("this has no category {AGREEMENT_LINK}")));
    }
    let end = |name: &str| {
        let missing = || Error::new(ErrorKind::Header, format!("a link needs '{name}'"));
        rendering.attribute(name).map(ToString::to_string).ok_or_else(missing)
    };
    Ok(AgreementLink {
        id: rendering.attribute(ID).map(|id| id.to_string().into()),
        source: Some(Ref::to(end(SOURCE)?)),
        target: Some(Ref::to(end(TARGET)?)),
        ..AgreementLink::default()
    })
}

/// A link as OCCI has it.
#[must_use]
pub fn link_rendering(link: &AgreementLink) -> Rendering {
    let source = link.source.as_ref().and_then(|end| end.href.as_ref());
    let target = link.target.as_ref().and_then(|end| end.href.as_ref());
    let ends = [(ID, link.id.as_ref()), (SOURCE, source), (TARGET, target)];
    let text = |(name, uri): (&str, Option<&Uri>)| {
        uri.map(|uri| (name.to_owned(), AttributeValue::Text(uri.as_str().to_owned())))
    };
    Rendering {
        categories: vec![Category::new(AGREEMENT_LINK, Class::Kind)],
        attributes: ends.into_iter().filter_map(text).collect(),
        ..Rendering::default()
    }
}

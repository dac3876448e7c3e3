//! Agreements: the workflow of the OCCI proposal on SLA negotiation, and its parts against references.

use std::collections::BTreeSet;

use cimi_model::ext::agreement::{
    Agreement, AgreementAction, AgreementLink, AgreementState, AgreementTemplate, Decision, Party, TRANSITIONS, Term,
    Tolerance, consider, eligible, judge,
};
use cimi_model::ext::objective::{Catalogue, Comparison, Metrics, ServiceLevelObjective, evaluate};
use cimi_model::{
    DateTime, Dialect, ErrorKind, Machine, Meter, ReadOptions, Ref, Sample, Volume, aspect, event_type, json, xml,
};
use proptest::prelude::*;

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn noon() -> DateTime {
    at("2025-01-01T12:00:00Z")
}

fn objective() -> ServiceLevelObjective {
    ServiceLevelObjective {
        id: Some("slos/cpu80".into()),
        metric: Some(aspect::CPU.into()),
        comparison: Some(Comparison::AtMost),
        threshold: Some("80".into()),
        unit: Some("percent".into()),
        ..ServiceLevelObjective::default()
    }
}

/// The template `gold` of a provider.
fn gold() -> AgreementTemplate {
    let cores = Term { minimum: Some("1".into()), maximum: Some("8".into()), ..Term::new("occi.compute.cores", "8") };
    let memory =
        Term { unit: Some("gibibytes".into()), maximum: Some("64".into()), ..Term::new("occi.compute.memory", "8.0") };
    let support =
        Term { choices: vec!["office hours".into(), "always".into()], ..Term::new("support", "office hours") };
    AgreementTemplate {
        id: Some("agreementTemplates/gold".into()),
        name: Some("gold".into()),
        terms: vec![cores, memory, support, Term::new("law", "Denmark")],
        objectives: vec![Ref::to("slos/cpu80")],
        applies_to: vec!["http://schemas.dmtf.org/cimi/2/Machine".into()],
        ..AgreementTemplate::default()
    }
}

fn offer(terms: &[Term]) -> Agreement {
    Agreement {
        agreement_template: Some(Ref::to("agreementTemplates/gold")),
        consumer: Some("http://consumer.example.com/".into()),
        provider: Some("http://provider.example.com/".into()),
        terms: terms.to_vec(),
        end: Some(at("2026-01-01T00:00:00Z")),
        ..Agreement::default()
    }
}

fn values(agreement: &Agreement) -> Vec<(&str, &str)> {
    let terms = agreement.terms.iter();
    terms.map(|term| (term.name.as_deref().unwrap(), term.value.as_deref().unwrap())).collect()
}

#[test]
fn occi_sla_from_the_offer_to_the_end() {
    // Negotiation: the consumer retrieves the template and fills it in; the provider makes a counter-offer of what is too
    // much, and completes what is left out.
    let Decision::Counter(counter) = consider(&offer(&[Term::new("occi.compute.cores", "16")]), &gold()).unwrap()
    else {
        panic!()
    };
    let expected =
        [("occi.compute.cores", "8"), ("occi.compute.memory", "8.0"), ("support", "office hours"), ("law", "Denmark")];
    assert_eq!(values(&counter), expected);
    assert_eq!(counter.state, Some(AgreementState::Offered));
    // Agreement: the counter-offer, offered again, is accepted as it is, and the consumer agrees.
    assert_eq!(consider(&counter, &gold()).unwrap(), Decision::Accept(counter.clone()));
    let mut agreement = counter;
    let error = agreement.clone().perform(&AgreementAction::Agree, Party::Provider, &noon()).unwrap_err();
    assert_eq!((error.kind(), error.reason()), (ErrorKind::State, "a provider cannot agree what is offered"));
    agreement.perform(&AgreementAction::Agree, Party::Consumer, &noon()).unwrap();
    assert_eq!(agreement.agreed, Some(noon()));
    assert!(agreement.is_intact().unwrap());
    // Execution: a Machine is put under it once it is monitored; a Volume cannot be.
    let catalogue = Catalogue { objectives: vec![objective()], ..Catalogue::default() };
    let machine = Machine { id: Some("machines/1".into()), ..Machine::default() };
    let meter = Meter { aspect: Some(aspect::CPU.into()), ..Meter::default() };
    let (metrics, now) = (Metrics::default(), noon());
    let problems = |resource: &dyn cimi_model::reflect::Record, meters: &[Meter]| -> Vec<String> {
        let found = eligible(&agreement, resource, meters, &catalogue, &metrics, &now).unwrap();
        found.into_iter().map(|problem| problem.path).collect()
    };
    assert_eq!(problems(&machine, &[]), ["/Agreement/objectives[0]"]);
    assert_eq!(problems(&Volume::default(), std::slice::from_ref(&meter)), ["/Agreement/appliesTo"]);
    assert_eq!(problems(&machine, &[meter]), Vec::<String>::new());
    let link = AgreementLink {
        source: Some(Ref::to("agreements/1")),
        target: Some(Ref::to("machines/1")),
        ..AgreementLink::default()
    };
    let text = xml::to_string(&link, Dialect::V2.into()).unwrap();
    assert_eq!(xml::from_slice::<AgreementLink>(text.as_bytes(), &ReadOptions::strict()).unwrap().value, link);
    // Monitoring and notification: a violation is told of, and the second one invalidates the agreement.
    let sample = Sample { timestamp: Some(noon()), value: Some("95".into()), ..Sample::default() };
    let found = evaluate(&objective(), &[sample], &noon()).unwrap();
    let found = [(objective(), found)];
    let first = judge(&mut agreement, &machine, &found, 0, Tolerance::UpTo(1), &noon()).unwrap();
    assert_eq!((first.events.len(), first.violations, first.is_invalid), (1, 1, false));
    assert_eq!(first.events[0].type_uri, Some(event_type::ALARM.into()));
    let second = judge(&mut agreement, &machine, &found, 1, Tolerance::UpTo(1), &noon()).unwrap();
    assert!(second.is_invalid);
    assert_eq!(agreement.state, Some(AgreementState::Invalid));
    // The provider wants other terms, the consumer offers anew, and in the end it is terminated.
    agreement.perform(&AgreementAction::Renegotiate, Party::Provider, &noon()).unwrap();
    agreement.perform(&AgreementAction::Offer, Party::Consumer, &noon()).unwrap();
    assert_eq!((&agreement.hash, &agreement.agreed), (&None, &None));
    agreement.perform(&AgreementAction::Agree, Party::Consumer, &noon()).unwrap();
    agreement.perform(&AgreementAction::Terminate, Party::Provider, &noon()).unwrap();
    assert_eq!(agreement.transitions(Party::Consumer).count(), 0);
}

#[test]
fn what_is_refused_says_all_reasons() {
    let mut wrong = offer(&[
        Term::new("occi.compute.cores", "many"),
        Term::new("colour", "blue"),
        Term { unit: Some("seconds".into()), ..Term::new("occi.compute.memory", "4") },
    ]);
    wrong.objectives = vec![Ref::to("slos/other")];
    let Decision::Refuse(problems) = consider(&wrong, &gold()).unwrap() else { panic!() };
    let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
    let expected = ["/Agreement/terms[1]", "/Agreement/terms[0]", "/Agreement/terms[2]", "/Agreement/objectives[0]"];
    assert_eq!(paths, expected);
    let needed =
        AgreementTemplate { terms: vec![Term { value: None, ..Term::new("contact", "") }], ..Default::default() };
    assert!(matches!(consider(&offer(&[]), &needed).unwrap(), Decision::Refuse(problems) if problems.len() == 1));
    let twice = offer(&[Term::new("law", "Denmark"), Term::new("law", "Denmark")]);
    assert!(matches!(consider(&twice, &gold()).unwrap(), Decision::Refuse(_)));
}

#[test]
fn units_of_terms_are_converted() {
    let term = |value: &str| Term { unit: Some("mebibytes".into()), ..Term::new("occi.compute.memory", value) };
    assert!(matches!(consider(&offer(&[term("65536")]), &gold()).unwrap(), Decision::Accept(_)));
    let Decision::Counter(counter) = consider(&offer(&[term("65537")]), &gold()).unwrap() else { panic!() };
    assert_eq!(counter.terms[1], Term { unit: Some("gibibytes".into()), ..Term::new("occi.compute.memory", "64") });
}

#[test]
fn the_hash_is_of_what_is_agreed_on() {
    let agreement = Agreement { terms: vec![Term::new("b", "\u{e9}\n"), Term::new("a", "1")], ..Agreement::default() };
    // The canonical form, written by hand, and its digest by sha256sum.
    let canonical = "{\"resourceURI\":\"http://cimi-rs.org/ext/1/Agreement\",\
        \"terms\":[{\"name\":\"b\",\"value\":\"\u{e9}\\n\"},{\"name\":\"a\",\"value\":\"1\"}]}";
    assert_eq!(json::to_string(&agreement, Dialect::V2.into()).unwrap(), canonical);
    assert_eq!(agreement.digest().unwrap(), "47318255c16841e34292628a9e9cd8354f915b5a274e26cad60c111630d172b3");
    let mut other = agreement.clone();
    other.state = Some(AgreementState::Invalid);
    other.name = Some("renamed".into());
    assert_eq!(other.digest().unwrap(), agreement.digest().unwrap());
    other.terms[0].value = Some("2".into());
    other.hash = Some(agreement.digest().unwrap());
    assert!(!other.is_intact().unwrap());
}

#[test]
fn an_agreement_ends() {
    let mut agreement = offer(&[]);
    agreement.state = Some(AgreementState::Offered);
    let late = at("2026-01-01T01:00:00+01:00");
    assert!(agreement.is_over(&late) && !agreement.is_over(&noon()));
    assert_eq!(
        agreement.perform(&AgreementAction::Agree, Party::Consumer, &late).unwrap_err().kind(),
        ErrorKind::State
    );
    agreement.perform(&AgreementAction::Terminate, Party::Consumer, &late).unwrap();
}

#[test]
fn only_the_changes_of_the_table_are_possible() {
    // Each state, action and party, and what the proposal says about it.
    use AgreementAction as A;
    use AgreementState as S;
    let after = |from: &S, action: &A, party: Party| match (from, action, party) {
        (S::Offered, A::Agree, Party::Consumer) => Some(S::Agreed),
        (S::Agreed | S::Invalid, A::Renegotiate, Party::Provider) => Some(S::Renegotiate),
        (S::Agreed, A::Invalidate, Party::Provider) => Some(S::Invalid),
        (S::Renegotiate, A::Offer, Party::Consumer) => Some(S::Offered),
        (S::Offered | S::Agreed | S::Invalid | S::Renegotiate, A::Terminate, _) => Some(S::Terminated),
        _ => None,
    };
    let mut reached = BTreeSet::new();
    for from in [S::Offered, S::Agreed, S::Invalid, S::Terminated, S::Renegotiate, S::Other("lost".into())] {
        for action in [A::Agree, A::Terminate, A::Renegotiate, A::Offer, A::Invalidate, A::Other("sell".into())] {
            for party in [Party::Consumer, Party::Provider] {
                let before = Agreement { state: Some(from.clone()), ..Agreement::default() };
                let mut agreement = before.clone();
                let expected = after(&from, &action, party);
                match agreement.perform(&action, party, &noon()) {
                    Ok(()) => assert_eq!(agreement.state, expected),
                    Err(_) => assert_eq!((expected, &agreement), (None, &before)),
                }
                let rel = action.uri();
                let operations = before.operations_for(party, "agreements/1");
                let offered =
                    operations.iter().any(|operation| operation.rel.as_ref().is_some_and(|uri| uri.as_str() == rel));
                assert_eq!(offered, after(&from, &action, party).is_some());
                reached.extend(after(&from, &action, party).map(|state| state.to_string()));
            }
        }
    }
    assert_eq!(reached.len(), 5, "each state can be reached");
    assert_eq!(TRANSITIONS.len(), 13);
}

proptest! {
    #[test]
    fn numbers_are_answered_by_the_nearest_bound(
        value in -50_i64..50, minimum in proptest::option::of(-20_i64..20), maximum in proptest::option::of(-20_i64..20),
    ) {
        prop_assume!(minimum.is_some() || maximum.is_some());
        prop_assume!(minimum.zip(maximum).is_none_or(|(least, most)| least <= most));
        let text = |value: Option<i64>| value.map(|value| value.to_string());
        let invited = Term { minimum: text(minimum), maximum: text(maximum), ..Term::new("x", "0") };
        let template = AgreementTemplate { terms: vec![invited], ..AgreementTemplate::default() };
        let as_is = value.to_string();
        let nearest = value.max(minimum.unwrap_or(i64::MIN)).min(maximum.unwrap_or(i64::MAX));
        let decision = consider(&offer(&[Term::new("x", &as_is)]), &template).unwrap();
        let bound = nearest.to_string();
        match decision {
            Decision::Accept(agreement) => {
                prop_assert_eq!(nearest, value);
                prop_assert_eq!(values(&agreement), [("x", as_is.as_str())]);
            }
            Decision::Counter(agreement) => {
                prop_assert_ne!(nearest, value);
                prop_assert_eq!(values(&agreement), [("x", bound.as_str())]);
                let is_accepted = matches!(consider(&agreement, &template).unwrap(), Decision::Accept(_));
                prop_assert!(is_accepted);
            }
            Decision::Refuse(problems) => prop_assert!(false, "{:?}", problems),
        }
    }
}

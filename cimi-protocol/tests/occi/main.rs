//! The OCCI rendering of agreements and metrics, after the examples of the proposal.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

use cimi_model::ext::agreement::{Agreement, AgreementAction, AgreementState, AgreementTemplate, Term, consider};
use cimi_model::{DateTime, Ref};
use cimi_protocol::ErrorKind;
use cimi_protocol::occi::{
    AGREEMENT, AttributeValue, Call, Category, Class, DATE_AUDIT, Link, METRICS, Monitoring, Rendering, Samples,
    agreement, agreement_rendering, answer, link_rendering, metric, metric_of_column, template_category,
};
use http::{Request, StatusCode};
use proptest::prelude::*;

const GOLD: &str = "http://www.provider.example/templates#gold";

fn call(request: http::request::Builder, body: &str) -> cimi_protocol::Result<Call> {
    let (head, body) = request.body(body.to_owned()).unwrap().into_parts();
    Call::of(&head, body.as_bytes())
}

fn gold() -> AgreementTemplate {
    let cores = Term { maximum: Some("8".into()), ..Term::new("occi.compute.cores", "8") };
    AgreementTemplate {
        name: Some("gold".into()),
        terms: vec![cores, Term::new("occi.compute.memory", "8.0")],
        ..AgreementTemplate::default()
    }
}

#[test]
fn occi_sla_the_negotiation_over_http() {
    // 1: the user asks for the kind of agreements and the templates.
    assert_eq!(call(Request::get("/.well-known/org/ogf/occi/"), "").unwrap(), Call::Read);
    let advertised = Rendering {
        categories: vec![
            Category::new(AGREEMENT, Class::Kind),
            template_category(&gold(), "http://www.provider.example/templates#"),
        ],
        ..Rendering::default()
    };
    let shown = Rendering::from_text(&advertised.to_text()).unwrap();
    assert_eq!(shown.categories[1].identifier(), GOLD);
    assert_eq!(shown.categories[1].attributes, ["occi.compute.cores", "occi.compute.memory{immutable}"]);
    // 2: an offer, whose answer is a counter-offer with a temporary agreement, an agreement, or a refusal.
    let offer = |cores: &str| {
        let request = Request::post("/agreement/")
            .header("Content-Type", "text/occi")
            .header("Category", "agreement; scheme=\"http://schemas.ogf.org/occi/sla#\"; class=\"kind\"")
            .header("Category", "gold; scheme='http://www.provider.example/templates#'; class='mixin'")
            .header("X-OCCI-Attribute", format!("occi.compute.cores={cores}"));
        match call(request, "").unwrap() {
            Call::Offer(agreement) => agreement,
            other => panic!("{other:?}"),
        }
    };
    let found = offer("16");
    assert_eq!(found.agreement_template, Some(Ref::to(GOLD)));
    let decision = consider(&found, &gold()).unwrap();
    let response = answer(&decision, "http://provider.example/agreement/temporary/1").unwrap();
    assert_eq!(response.status(), StatusCode::FOUND);
    assert_eq!(response.headers()["location"], "http://provider.example/agreement/temporary/1");
    let text = std::str::from_utf8(response.body()).unwrap();
    let counter = agreement(&Rendering::from_text(text).unwrap()).unwrap();
    assert_eq!(counter.state, Some(AgreementState::Offered));
    assert_eq!(counter.terms[0].value.as_deref(), Some("8"));
    let decision = consider(&offer("4"), &gold()).unwrap();
    assert_eq!(answer(&decision, "http://provider.example/agreement/1").unwrap().status(), StatusCode::CREATED);
    let refused = answer(&consider(&offer("many"), &gold()).unwrap(), "").unwrap();
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert_eq!(refused.body(), b"/Agreement/terms[0]: 'many' is not a number\n");
    // 3: the user agrees.
    let agree = call(Request::post("/agreement/1?action=agree"), "").unwrap();
    assert_eq!(agree, Call::Perform(AgreementAction::Agree));
    // 4: a resource is bound to the agreement.
    let link = "Category: agreement_link; scheme=\"http://schemas.ogf.org/occi/sla#\"; class=\"kind\"\n\
        X-OCCI-Attribute: occi.core.source=\"/agreement/1\"\nX-OCCI-Attribute: occi.core.target=\"/compute/1\"\n";
    match call(Request::post("/agreement/link/").header("Content-Type", "text/plain"), link).unwrap() {
        Call::Link(found) => {
            assert_eq!(found.target, Some(Ref::to("/compute/1")));
            assert_eq!(link_rendering(&found).to_text(), link);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn metrics_are_discovered_activated_configured_and_deactivated() {
    // Discovery: as the query interface of the document shows them.
    let shown = "rxtot; scheme=\"http://iolanes.eu/occi/infrastructure/metric/network#\"; class=\"mixin\"; \
        title=\"net.rxbtot\"; attributes=\"timestamp{immutable} samplerate resolution unit\"; \
        rel=\"http://iolanes.eu/occi/infrastructure#metric\"; location=\"/metric/network/rxtot\"";
    let read = Rendering::from_text(&format!("Category: {shown}\n")).unwrap();
    let category = &read.categories[0];
    assert_eq!(metric(&category.identifier()).unwrap().title, "net.rxkbtot");
    assert_eq!((category.location.as_deref(), category.attributes.len()), (Some("/metric/network/rxtot"), 4));
    for metric in METRICS {
        let category = metric.category();
        assert_eq!(super_metric(&category), Some(metric));
        assert!(category.location.unwrap().starts_with("/metric/"));
    }
    // Activation, by a PUT with other categories as well.
    let both = Rendering::from_text(
        "category: rxtot; scheme='http://iolanes.eu/occi/infrastructure/metric/network#'; class='mixin'\n\
         category: user; scheme='http://iolanes.eu/occi/infrastructure/metric/compute/cpu#'; class='mixin'\n\
         category: compute; scheme='http://schemas.ogf.org/occi/infrastructure#'; class='kind'\n",
    )
    .unwrap();
    let mut monitoring = Monitoring::default();
    monitoring.replace(&both).unwrap();
    assert_eq!(monitoring.active.len(), 2);
    // Configuration: what is mutable, and nothing else.
    let set = |text: &str| Rendering::from_text(&format!("X-OCCI-Attribute: {text}\n")).unwrap();
    monitoring.update(&set("cpu.user.samplerate=0.1")).unwrap();
    assert_eq!(monitoring.active[1].meter().sample_interval, Some(10));
    for wrong in ["cpu.user=3", "cpu.user.unit=\"seconds\"", "cpu.user.samplerate=0", "cpu.user.samplerate=often"] {
        let before = monitoring.clone();
        assert_eq!(monitoring.update(&set(wrong)).unwrap_err().kind(), ErrorKind::Header, "{wrong}");
        assert_eq!(monitoring, before);
    }
    // Instantaneous values, which may come back as they were shown.
    let now: DateTime = "2025-01-01T12:00:00Z".parse().unwrap();
    assert!(monitoring.record(&METRICS[0], "2.0", &now));
    assert!(!monitoring.record(&METRICS[1], "2.0", &now), "nobody has activated it");
    let shown = Rendering::from_text(&monitoring.rendering().to_text()).unwrap();
    assert_eq!(shown.attribute("cpu.user"), Some(&AttributeValue::Number("2.0".into())));
    let before = monitoring.clone();
    monitoring.replace(&shown).unwrap();
    assert_eq!(monitoring, before);
    // Deactivation: a PUT without it.
    let one = Rendering { categories: both.categories[..1].to_vec(), ..Rendering::default() };
    monitoring.replace(&one).unwrap();
    assert_eq!(monitoring.active.len(), 1);
}

fn super_metric(category: &Category) -> Option<&'static cimi_protocol::occi::MetricMixin> {
    metric(&category.identifier())
}

#[test]
fn samples_have_the_columns_of_the_document() {
    let text = "timestamp,cpuuser,cpusys,cpuwait,cpulavg1,cpuintsec,cpuctxsec,netrxkbtot,netbkbtot,dskreadtot,dskwritetot,\
dskopstot,dskreadkbtot,dskwritekbtot,memtot,membuf,memused,memfree,memcached,memfreereal,memswap\n\
1302888025,0,0,0,0.11,0,60,0,7,0,0,0,0,0,8058440,1189110,6869340,77108,433440,7379880,0\n";
    let samples = Samples::read(text.as_bytes()).unwrap();
    assert_eq!(samples.to_csv().unwrap(), text);
    let known = samples.columns.iter().filter(|column| metric_of_column(column).is_some()).count();
    assert_eq!((samples.columns.len(), known), (20, METRICS.len()), "all but two sums");
    let sent = metric_of_column("nettxkbtot").unwrap();
    assert_eq!(samples.of(sent)[0].value.as_deref(), Some("7"));
    for (wrong, line) in [
        ("cpuuser\n1\n", "line 1"),
        ("timestamp,cpuuser\nnoon,1\n", "line 2"),
        ("timestamp,cpuuser\n1,1\n2,1,3\n", "line: 3"),
    ] {
        let error = Samples::read(wrong.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(line), "{error}");
    }
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    for (text, place) in [
        ("Category: agreement\n", "line 1, at 2: a category has a scheme"),
        ("\nCategory: a; scheme=\"x\n", "line 2, at 12: the quote has no end"),
        ("X-OCCI-Attribute: a\n", "line 1, at 3: expected '='"),
        ("Link: x\n", "line 1, at 2: expected '<'"),
        ("nonsense\n", "line 1, at 1: expected a name and ':'"),
    ] {
        let error = Rendering::from_text(text).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Header, place));
    }
    let no_kind = Rendering::from_text("X-OCCI-Attribute: a=1\n").unwrap();
    assert!(agreement(&no_kind).is_err());
    let json = Request::post("/agreement/").header("Content-Type", "application/json");
    assert_eq!(call(json, "{}").unwrap_err().kind(), ErrorKind::MediaType);
}

fn text() -> impl Strategy<Value = String> {
    "[ -~é]{0,12}"
}

fn name() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9._-]{0,10}"
}

fn value() -> impl Strategy<Value = AttributeValue> {
    prop_oneof![
        text().prop_map(AttributeValue::Text),
        (-1000_i32..1000).prop_map(|number| AttributeValue::Number(number.to_string())),
        any::<bool>().prop_map(AttributeValue::Bool),
    ]
}

fn rendering() -> impl Strategy<Value = Rendering> {
    let words = || proptest::collection::vec("[a-z.{}]{1,8}", 0..3);
    let category = (name(), "[a-z:/.#]{1,20}", proptest::option::of(text()), words(), words(), any::<bool>());
    let category = category.prop_map(|(term, scheme, title, attributes, actions, is_mixin)| Category {
        term,
        scheme,
        class: is_mixin.then_some(Class::Mixin),
        title,
        attributes,
        actions,
        ..Category::default()
    });
    let attributes = || proptest::collection::vec((name(), value()), 0..3);
    let link = ("[a-z/:]{1,12}", text(), proptest::option::of(text()), attributes());
    let link = link.prop_map(|(target, rel, category, attributes)| {
        let own = |(name, _): &(String, AttributeValue)| !["rel", "self", "category"].contains(&name.as_str());
        Link { target, rel, own: None, category, attributes: attributes.into_iter().filter(own).collect() }
    });
    let all = (proptest::collection::vec(category, 0..3), attributes(), proptest::collection::vec(link, 0..3));
    (all, proptest::collection::vec("[a-z:/]{1,10}", 0..2))
        .prop_map(|((categories, attributes, links), locations)| Rendering { categories, attributes, links, locations })
}

proptest! {
    #[test]
    fn renderings_survive_both_forms(rendering in rendering()) {
        prop_assert_eq!(&Rendering::from_text(&rendering.to_text()).unwrap(), &rendering);
        prop_assert_eq!(&Rendering::from_headers(&rendering.headers().unwrap()).unwrap(), &rendering);
    }

    #[test]
    fn any_text_ends_without_a_panic(text in "(Category|Link|X-OCCI-Attribute|X-OCCI-Location): [ -~\\n\"';,=<>é]{0,40}") {
        let _ = Rendering::from_text(&text);
    }

    #[test]
    fn agreements_survive(
        terms in proptest::collection::vec(("occi\\.[a-z]{1,8}", "[a-z0-9. ]{1,8}"), 0..4),
        names in proptest::option::of(text()),
        is_agreed: bool,
    ) {
        let date = || Some("2025-01-01T12:00:00Z".parse().unwrap());
        let before = Agreement {
            name: names,
            state: is_agreed.then_some(AgreementState::Agreed),
            hash: is_agreed.then(|| "00ff".to_owned()),
            agreement_template: Some(Ref::to(GOLD)),
            consumer: Some("http://consumer.example.com/".into()),
            terms: terms.iter().map(|(name, value)| Term::new(name, value)).collect(),
            objectives: vec![Ref::to("slos/1")],
            end: date(),
            ..Agreement::default()
        };
        let shown = agreement_rendering(&before);
        prop_assert!(shown.is_a(DATE_AUDIT));
        let text = Rendering::from_text(&shown.to_text()).unwrap();
        prop_assert_eq!(agreement(&text).unwrap(), before);
    }
}

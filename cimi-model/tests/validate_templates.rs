//! Components of a `SystemTemplate`: their names, and what they need of one another.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod support;

use cimi_model::validate::Validation;
use support::problems::{document, expect, short};

#[test]
fn components_refer_to_one_another_by_name() {
    let create = &Validation::create();
    let template = |descriptors: &str| format!(r#""componentDescriptors": [{descriptors}]"#);
    let good = r##"{"name": "net", "type": "http://schemas.dmtf.org/cimi/2/Network", "networkTemplate": {"href": "n/1"}},
        {"name": "disk", "type": "http://schemas.dmtf.org/cimi/2/Volume", "volumeTemplate": {"href": "v/1"}, "quantity": 2},
        {"name": "db", "type": "http://schemas.dmtf.org/cimi/2/Machine", "machineTemplate": {
            "volumes": [{"volume": {"href": "#disk1"}}, {"volume": {"href": "#disk2"}}],
            "interfaceTemplates": [{"network": {"href": "#net"}}]}}"##;
    expect(create, "SystemTemplate", &template(good), &[]);
    expect(
        create,
        "SystemTemplate",
        &template(&good.replace("#net", "#nets").replace("#disk1", "#disk3")),
        &[
            "error /SystemTemplate/componentDescriptors[2]/machineTemplate/volumes[0]/volume/href symbol",
            "error /SystemTemplate/componentDescriptors[2]/machineTemplate/interfaceTemplates[0]/network/href symbol",
        ],
    );
    // Overrides beside a reference count as well, in a request to create a System too.
    let overrides = r##"{"name": "a", "machineTemplate": {"href": "m/1", "credential": {"href": "#gone"}}}"##;
    let path = "/componentDescriptors[0]/machineTemplate/credential/href symbol";
    expect(create, "SystemTemplate", &template(overrides), &[&format!("error /SystemTemplate{path}")]);
    let inline = format!(r#""systemTemplate": {{{}}}"#, template(overrides));
    expect(create, "SystemCreate", &inline, &[&format!("error /SystemCreate/systemTemplate{path}")]);
}

#[test]
fn services_refer_to_components() {
    let service = |machine: &str| {
        format!(
            r##""componentDescriptors": [{{"name": "db", "quantity": 2, "machineTemplate": {{"href": "m/1"}}}}],
               "serviceDescriptors": [{{"name": "s", "serviceType": "http://schemas.dmtf.org/cimi/2/SystemService/highreliability",
                 "parameters": {{"machines": ["#db", "#{machine}"], "heartbeat": "500"}}}}]"##
        )
    };
    let create = &Validation::create();
    expect(create, "SystemTemplate", &service("db"), &[]);
    expect(
        create,
        "SystemTemplate",
        &service("web"),
        &["error /SystemTemplate/serviceDescriptors[0]/parameters['machines'] symbol"],
    );
    // The components are in the template that is referred to.
    let elsewhere =
        r##""systemTemplate": {"href": "t/1", "serviceDescriptors": [{"parameters": {"network": "#net"}}]}"##;
    expect(create, "SystemCreate", elsewhere, &[]);
    let here = r##""serviceDescriptors": [{"parameters": {"network": "#net"}}]"##;
    expect(
        create,
        "SystemTemplate",
        here,
        &["error /SystemTemplate/serviceDescriptors[0]/parameters['network'] symbol"],
    );
    let strange = r#""serviceDescriptors": [{"serviceType": "http://example.com/backup"}]"#;
    expect(create, "SystemTemplate", strange, &["error /SystemTemplate/serviceDescriptors[0]/serviceType uri"]);
}

#[test]
fn nested_templates_see_the_components_around_them() {
    let nested = |outer: &str, inner: &str| {
        format!(
            r##""componentDescriptors": [
                {{"name": "net", "networkTemplate": {{"href": "n/1"}}}},
                {{"name": "tier", "systemTemplate": {{"componentDescriptors": [
                    {{"name": "disk", "volumeTemplate": {{"href": "v/1"}}}},
                    {{"name": "db", "machineTemplate": {{"href": "m/1",
                        "volumes": [{{"volume": {{"href": "#disk"}}}}],
                        "interfaceTemplates": [{{"network": {{"href": "#{inner}"}}}}]}}}}]}}}},
                {{"name": "other", "machineTemplate": {{"href": "m/1", "volumes": [{{"volume": {{"href": "#{outer}"}}}}]}}}}]"##
        )
    };
    let create = &Validation::create();
    expect(create, "SystemTemplate", &nested("net", "net"), &[]);
    expect(
        create,
        "SystemTemplate",
        &nested("disk", "net"),
        &["error /SystemTemplate/componentDescriptors[2]/machineTemplate/volumes[0]/volume/href symbol"],
    );
    // The tier needs what its machine needs.
    expect(
        create,
        "SystemTemplate",
        &nested("tier", "other"),
        &["error /SystemTemplate/componentDescriptors[1] cycle"],
    );
}

#[test]
fn components_that_need_one_another_cannot_be_created() {
    let create = &Validation::create();
    let machine = |name: &str, needs: &str| {
        format!(
            r##"{{"name": "{name}", "machineTemplate": {{"href": "m", "volumes": [{{"volume": {{"href": "#{needs}"}}}}]}}}}"##
        )
    };
    let template = |descriptors: &[String]| format!(r#""componentDescriptors": [{}]"#, descriptors.join(", "));
    let plain = r#"{"name": "z", "machineTemplate": {"href": "m"}}"#.to_owned();
    expect(create, "SystemTemplate", &template(&[machine("a", "b"), machine("b", "z"), plain.clone()]), &[]);
    expect(
        create,
        "SystemTemplate",
        &template(&[machine("y", "a"), machine("a", "b"), machine("b", "c"), machine("c", "a")]),
        &["error /SystemTemplate/componentDescriptors[1] cycle"],
    );
    expect(
        create,
        "SystemTemplate",
        &template(&[machine("a", "a")]),
        &["error /SystemTemplate/componentDescriptors[0] cycle"],
    );
}

#[test]
fn components_have_names_of_their_own() {
    let create = &Validation::create();
    let made = |name: &str, quantity: i64, needs: &str| {
        format!(
            r#"{{"name": "{name}", "quantity": {quantity}, "machineTemplate": {{"href": "m", "credential": {{"href": "{needs}"}}}}}}"#
        )
    };
    let template = |descriptors: &[String]| format!(r#""componentDescriptors": [{}]"#, descriptors.join(", "));
    let path = "/SystemTemplate/componentDescriptors";
    let duplicate = |index: usize| format!("error {path}[{index}]/name duplicate");
    let two = [made("z", 1, "c"), made("z", 1, "c")];
    expect(create, "SystemTemplate", &template(&two), &[&duplicate(1)]);
    let numbered = [made("z", 2, "c"), made("z2", 1, "c"), made("z3", 1, "c"), made("z", 1, "c")];
    expect(create, "SystemTemplate", &template(&numbered), &[&duplicate(1)]);
    // Of several, one has to be meant, or the one with the same number.
    let symbol = format!("error {path}[1]/machineTemplate/credential/href symbol");
    for (quantity, needs, expected) in [
        (1, "#z", Some(&symbol)),
        (3, "#z", Some(&symbol)),
        (2, "#z", None),
        (1, "#z2", None),
        (1, "#z02", Some(&symbol)),
        (1, "#z3", Some(&symbol)),
        (1, "#z99999999999999999999", Some(&symbol)),
    ] {
        let expected: Vec<&str> = expected.into_iter().map(String::as_str).collect();
        expect(create, "SystemTemplate", &template(&[made("z", 2, "c"), made("a", quantity, needs)]), &expected);
    }
}

#[test]
fn a_long_chain_of_components_is_no_problem() {
    let descriptors: Vec<String> = (0..20_000)
        .map(|i| {
            format!(
                r##"{{"name": "c{i}", "machineTemplate": {{"href": "m", "credential": {{"href": "#c{}"}}}}}}"##,
                (i + 1) % 20_000
            )
        })
        .collect();
    let read = document("SystemTemplate", &format!(r#""componentDescriptors": [{}]"#, descriptors.join(",")));
    let problems = Validation::create().problems(read.record());
    assert_eq!(short(&problems), ["error /SystemTemplate/componentDescriptors[0] cycle"]);
}

#[test]
fn descriptors_have_one_template_or_resource() {
    let create = &Validation::create();
    let one = |members: &str| format!(r#""componentDescriptors": [{{{members}}}]"#);
    let place = "/SystemTemplate/componentDescriptors[0]";
    let machine = r#""machineTemplate": {"href": "m"}"#;
    expect(create, "SystemTemplate", &one(machine), &[]);
    expect(create, "SystemTemplate", &one(r#""machine": {"href": "m/1"}"#), &[]);
    expect(create, "SystemTemplate", &one(r#""name": "a""#), &[&format!("error {place} required")]);
    let both = format!(r#"{machine}, "networkTemplate": {{"href": "n"}}"#);
    expect(create, "SystemTemplate", &one(&both), &[&format!("error {place}/networkTemplate forbidden")]);
    let wrong = format!(r#"{machine}, "type": "http://schemas.dmtf.org/cimi/2/Volume""#);
    expect(create, "SystemTemplate", &one(&wrong), &[&format!("error {place}/machineTemplate consistency")]);
    let own = r#""type": "http://example.com/Rack", "rackTemplate": {"href": "r"}"#;
    expect(create, "SystemTemplate", &one(own), &[]);
    let strange = r#""type": "http://example.com/Rack", "shelf": {"href": "r"}"#;
    expect(create, "SystemTemplate", &one(strange), &[&format!("error {place}/shelf unknown")]);
    for (quantity, expected) in [(1, vec![]), (3, vec![]), (0, vec!["error"]), (-1, vec!["error"])] {
        let expected: Vec<_> = expected.iter().map(|severity| format!("{severity} {place}/quantity range")).collect();
        let expected: Vec<_> = expected.iter().map(String::as_str).collect();
        expect(create, "SystemTemplate", &one(&format!(r#"{machine}, "quantity": {quantity}"#)), &expected);
    }
    let existing = r#""machine": {"href": "m/1"}, "quantity": 2"#;
    expect(create, "SystemTemplate", &one(existing), &[&format!("error {place}/quantity consistency")]);
}

//! Rules of roles, as OpenStack has them.

#![allow(clippy::disallowed_methods, reason = "a test may look at the clock")]

use std::time::{Duration, Instant};

use cimi_model::ext::access::{Check, Circumstances, Inquiry, PolicyDocument, Reason, RolePolicy, Subject};
use cimi_model::{Machine, Map};
use proptest::prelude::*;

fn subject() -> Subject {
    let bob = Subject::user("bob").in_group("Dept1").with_role("Member").with_role("reader");
    bob.with_attribute("project_id", "p1")
        .with_attribute("is_admin", "false")
        .with_attribute("tags", "a")
        .with_attribute("tags", "b")
}

/// Whether a rule holds for Bob and a machine of project p1, and what is said of it.
fn held(rule: &str) -> (bool, Vec<String>) {
    let policy = RolePolicy { rules: vec![("default".into(), rule.parse().unwrap())] };
    let mut properties = Map::default();
    properties.insert("owner", "bob");
    let machine = Machine { name: Some("web".into()), cpu: Some(2), properties, ..Machine::default() };
    let circumstances = Circumstances { target: [("project_id".into(), "p1".into())].into(), ..Default::default() };
    let subject = subject();
    let decision = policy.decide(&Inquiry::new(&subject, &machine, "stop").under(&circumstances));
    assert_eq!(decision.is_allowed(), decision.reason == Reason::Granted);
    (decision.is_allowed(), decision.notes)
}

#[test]
fn checks_mean_what_oslo_policy_has() {
    for rule in [
        "",
        "@",
        "role:member",
        "role:READER",
        "project_id:%(project_id)s",
        "user:%(properties.owner)s",
        "user_name:b%(properties.owner)sb or @",
        "'web':%(name)s",
        "2:%(cpu)s",
        "is_admin:False",
        "not is_admin:True",
        "tags:b",
        "group:Dept1",
        "not role:admin and role:member",
        "role:admin or role:member and project_id:p1",
        "(role:admin or role:member) and ((not !))",
        "NOT ! AND @",
        "not not role:member",
    ] {
        assert_eq!(held(rule), (true, vec![]), "{rule}");
    }
    for rule in
        ["!", "role:admin", "role:admin or role:member and project_id:p2", "not (role:member or role:admin)", "tags:c"]
    {
        assert_eq!(held(rule), (false, vec![]), "{rule}");
    }
    // What is not known does not hold, and neither does its opposite.
    for (rule, note) in [
        ("rule:default", "the rule 'default' leads back to itself"),
        ("not rule:default", "the rule 'default' leads back to itself"),
        ("http://example.com/check", "what a server says of it is not known: http checks are not carried out"),
        ("not http://example.com/check", "what a server says of it is not known: http checks are not carried out"),
        ("domain_id:%(project_id)s", "the subject has no 'domain_id'"),
        ("project_id:%(owner)s", "the resource has no 'owner'"),
    ] {
        assert_eq!(held(rule), (false, vec![note.to_owned()]), "{rule}");
    }
    assert_eq!(held("rule:default or role:member"), (true, vec!["the rule 'default' leads back to itself".to_owned()]));
}

#[test]
fn the_rule_for_an_operation_has_a_name_of_its_action() {
    let decide = |text: &str, operation: &str| {
        let policy: PolicyDocument = text.parse().unwrap();
        let decision = policy.decide(&Inquiry::new(&subject(), &Machine::default(), operation));
        (decision.is_allowed(), decision.rule, decision.notes)
    };
    let both = r#"{"compute:stop": "!", "cimi:Machine:stop": "role:member", "default": "!"}"#;
    assert_eq!(decide(both, "stop"), (true, Some("cimi:Machine:stop".into()), vec![]));
    assert_eq!(decide(both, "start").1.as_deref(), Some("default"));
    assert_eq!(
        decide(r#"{"compute:stop": "@"}"#, "http://schemas.dmtf.org/cimi/1/action/stop").1.as_deref(),
        Some("compute:stop")
    );
    assert_eq!(
        decide(r#"{"compute:stop": "@"}"#, "start"),
        (false, None, vec!["there is no rule for cimi:Machine:start".to_owned()])
    );
    // A rule that is not there is the default one, where there is that.
    assert!(decide(r#"{"default": "role:member", "compute:stop": "rule:nowhere"}"#, "stop").0);
    assert_eq!(
        decide(r#"{"compute:stop": "not rule:nowhere"}"#, "stop").2,
        ["the rule 'nowhere' is not known".to_owned()]
    );
    // An action of a provider's own.
    assert!(decide(r#"{"cimi:Machine:http://example.com/defrost": "@"}"#, "http://example.com/defrost").0);
    assert!(!decide(r#"{"cimi:Machine:defrost": "@"}"#, "http://example.com/defrost").0);
}

#[test]
fn lists_are_the_older_form() {
    for (text, printed) in [
        ("[]", "@"),
        (
            r#"[["role:admin"], ["role:a", "project_id:%(project_id)s"], "@"]"#,
            "role:admin or (role:a and project_id:%(project_id)s) or @",
        ),
        (r#"[["rule:a"]]"#, "rule:a"),
        ("[[]]", "!"),
    ] {
        let policy: RolePolicy = format!(r#"{{"a": {text}}}"#).parse().unwrap();
        assert_eq!(policy.rules[0].1.to_string(), printed);
        let again: RolePolicy = policy.to_string().parse().unwrap();
        assert_eq!(again, policy);
    }
}

#[test]
fn errors_say_where() {
    for (text, offset) in [
        (" ", 1),
        ("role:a and", 10),
        ("role:a  role:b", 8),
        ("(role:a", 7),
        ("role:a)", 6),
        ("role:a or admin", 10),
        ("and role:a", 0),
        ("()", 1),
        ("not", 3),
        ("'text'", 0),
        ("a:%(x)d", 0),
        ("r\u{f6}le:\u{e4} or \u{fc}", 12),
    ] {
        let error = text.parse::<Check>().unwrap_err();
        assert_eq!(error.offset, offset, "{text}: {error}");
        assert!(text.is_char_boundary(error.offset));
    }
}

#[test]
fn hostile_rules_are_bounded() {
    let began = Instant::now();
    for text in ["(".repeat(500_000), "not ".repeat(200_000), "@ and ".repeat(100_000), "(@)".repeat(100_000)] {
        assert!(text.parse::<Check>().is_err());
    }
    let deep = format!("{}@{}", "(".repeat(60), ")".repeat(60));
    assert_eq!(deep.parse::<Check>().unwrap(), Check::Always);
    // Each rule asks the next one twice: without memory, two to the power of sixty.
    let mut rules: Vec<(String, Check)> = (0..60)
        .map(|index| (format!("r{index}"), format!("rule:r{next} or rule:r{next}", next = index + 1).parse().unwrap()))
        .collect();
    rules.push(("r60".into(), Check::Never));
    rules.push(("default".into(), "rule:r0".parse().unwrap()));
    let decide = |rules: Vec<(String, Check)>| {
        let decision = RolePolicy { rules }.decide(&Inquiry::new(&subject(), &Machine::default(), "stop"));
        (decision.is_allowed(), decision.notes)
    };
    let (allowed, _) = decide(rules);
    assert!(!allowed);
    let mut chain: Vec<(String, Check)> =
        (0..10_000).map(|index| (format!("r{index}"), Check::Rule(format!("r{}", index + 1)))).collect();
    chain.push(("r10000".into(), Check::Always));
    chain.push(("default".into(), Check::Rule("r0".into())));
    assert_eq!(decide(chain), (false, vec!["the rules are nested deeper than 128 levels".to_owned()]));
    assert!(began.elapsed() < Duration::from_secs(10));
    // So are documents.
    assert!(format!(r#"{{"default": {}}}"#, "[".repeat(100_000)).parse::<PolicyDocument>().is_err());
    let wide = format!(r#"{{"default": "@", "x": "{}"}}"#, " ".repeat(2 << 20));
    assert_eq!(wide.parse::<PolicyDocument>().unwrap_err().kind(), cimi_model::ErrorKind::Limit);
}

/// Rules over two roles and over the rules of greater index.
fn checks(index: usize) -> impl Strategy<Value = Check> {
    let leaf = prop_oneof![
        Just(Check::Always),
        Just(Check::Never),
        Just(Check::Role("member".into())),
        Just(Check::Role("admin".into())),
        Just(Check::Match { kind: "project_id".into(), value: "%(project_id)s".into() }),
        (index + 1..6).prop_map(|next| Check::Rule(format!("r{next}"))),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let several = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            inner.prop_map(|check| Check::Not(Box::new(check))),
            several.clone().prop_map(Check::And),
            several.prop_map(Check::Or),
        ]
    })
}

fn rules() -> impl Strategy<Value = Vec<Check>> {
    let several: Vec<_> = (0..5).map(|index| checks(index).boxed()).collect();
    several.prop_map(|mut rules| {
        rules.push(Check::Role("reader".into()));
        rules
    })
}

/// Straight from the definitions.
fn holds(check: &Check, rules: &[Check], assigned: &[&str], own_project: bool) -> bool {
    match check {
        Check::Always => true,
        Check::Never => false,
        Check::Rule(name) => holds(&rules[name[1..].parse::<usize>().unwrap()], rules, assigned, own_project),
        Check::Role(role) => assigned.contains(&role.as_str()),
        Check::Match { .. } => own_project,
        Check::Not(check) => !holds(check, rules, assigned, own_project),
        Check::And(checks) => checks.iter().all(|check| holds(check, rules, assigned, own_project)),
        Check::Or(checks) => checks.iter().any(|check| holds(check, rules, assigned, own_project)),
        _ => unreachable!(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn decisions_agree_with_the_definitions(rules in rules(), bits in 0_usize..8, own_project: bool) {
        let names = ["member", "admin", "reader"];
        let chosen = names.into_iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
        let assigned: Vec<&str> = chosen.map(|(_, name)| name).collect();
        let mut subject = Subject::user("x").with_attribute("project_id", if own_project { "p1" } else { "p2" });
        for role in &assigned {
            subject = subject.with_role(role.to_uppercase());
        }
        let named = rules.iter().enumerate().map(|(index, check)| (format!("r{index}"), check.clone()));
        let mut named: Vec<(String, Check)> = named.collect();
        named.push(("default".into(), Check::Rule("r0".into())));
        let policy = RolePolicy { rules: named };
        let target = [("project_id".into(), "p1".into())].into();
        let circumstances = Circumstances { target, ..Circumstances::default() };
        let decision = policy.decide(&Inquiry::new(&subject, &Machine::default(), "stop").under(&circumstances));
        prop_assert_eq!(decision.is_allowed(), holds(&rules[0], &rules, &assigned, own_project));
        prop_assert_eq!(decision.notes, Vec::<String>::new());
        // What is printed is read as the same.
        let again: RolePolicy = policy.to_string().parse().unwrap();
        prop_assert_eq!(again, policy);
    }

    #[test]
    fn any_text_is_a_rule_or_an_error_with_a_place(text in "[()@! a:%sndortNOT'\u{e4}\t]{0,40}") {
        match text.parse::<Check>() {
            Ok(check) => prop_assert_eq!(check.to_string().parse::<Check>().unwrap(), check),
            Err(error) => prop_assert!(text.is_char_boundary(error.offset)),
        }
    }
}

//! Statements, as AWS has them.

#![allow(clippy::disallowed_methods, reason = "a test may look at the clock")]

use std::time::{Duration, Instant};

use cimi_model::ext::access::{
    Circumstances, Condition, Decision, Effect, Identity, Inquiry, PolicyDocument, Principals, Reason, Selector,
    Statement, StatementPolicy, Subject,
};
use cimi_model::{Any, Machine, Map};
use proptest::prelude::*;
use serde_json::json;

fn bob() -> Subject {
    Subject {
        user: Some(Identity::user("bob").at("arn:aws:iam::123456789012:user/bob")),
        roles: vec![Identity::role("dept1").at("arn:aws:iam::123456789012:role/dept1")],
        account: Some("123456789012".into()),
        ..Subject::default()
    }
}

fn machine() -> Machine {
    let mut properties = Map::default();
    properties.insert("team", "blue");
    Machine { id: Some("machines/bob/1".into()), properties, ..Machine::default() }
}

fn circumstances() -> Circumstances {
    let context = [
        ("aws:SourceIp", vec!["203.0.113.7"]),
        ("test:Number", vec!["10"]),
        ("test:Text", vec!["Blue"]),
        ("test:Several", vec!["a", "b"]),
        ("test:Flag", vec!["true"]),
        ("aws:SourceArn", vec!["arn:aws:sns:eu-west-1:123456789012:topic:x"]),
    ];
    let context =
        context.into_iter().map(|(key, values)| (key.to_owned(), values.into_iter().map(str::to_owned).collect()));
    Circumstances {
        context: context.collect(),
        names: vec!["arn:aws:ec2:eu-west-1:123456789012:instance/i-1".into()],
        now: Some("2025-06-01T12:00:00Z".parse().unwrap()),
        ..Circumstances::default()
    }
}

fn decide(policy: &serde_json::Value) -> Decision {
    let policy: PolicyDocument = policy.to_string().parse().unwrap();
    policy.decide(&Inquiry::new(&bob(), &machine(), "stop").under(&circumstances()))
}

/// Whether a statement that allows everything does so with this element.
fn with(element: &str, value: &serde_json::Value) -> (bool, Vec<String>) {
    let mut statement = json!({"Effect": "Allow", "Action": "*"});
    if element.ends_with("Action") {
        statement.as_object_mut().unwrap().remove("Action");
    }
    statement[element] = value.clone();
    let allowed = decide(&json!({"Version": "2012-10-17", "Statement": statement}));
    statement["Effect"] = "Deny".into();
    let denied =
        decide(&json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*"}, statement]}));
    // What is known forbids where it would allow; what is not known forbids, and never allows.
    let is_known = allowed.notes.is_empty();
    assert_eq!(denied.is_allowed(), is_known && !allowed.is_allowed(), "{element} {value}");
    assert_eq!(denied.reason == Reason::NotUnderstood, !is_known, "{element} {value}");
    (allowed.is_allowed(), allowed.notes)
}

#[test]
fn actions_resources_and_principals() {
    for (element, value) in [
        ("Action", json!("cimi:Machine:stop")),
        ("Action", json!("CIMI:machine:STOP")),
        ("Action", json!(["x:y", "ec2:Stop*"])),
        ("Action", json!("cimi:Mac?ine:*")),
        ("NotAction", json!(["cimi:Volume:*", "cimi:Machine:delete"])),
        ("Resource", json!("*")),
        ("Resource", json!("machines/*")),
        ("Resource", json!("machines/${aws:username}/?")),
        ("Resource", json!("machines/${test:none, 'bob'}/*")),
        ("Resource", json!("arn:aws:ec2:*:123456789012:instance/*")),
        ("NotResource", json!("volumes/*")),
        ("Principal", json!("*")),
        ("Principal", json!({"AWS": "*"})),
        ("Principal", json!({"AWS": ["123456789012"]})),
        ("Principal", json!({"AWS": "arn:aws:iam::123456789012:root"})),
        ("Principal", json!({"AWS": "arn:aws:iam::123456789012:user/bob"})),
        ("Principal", json!({"Service": "x", "AWS": "arn:aws:iam::123456789012:role/dept1"})),
        ("Principal", json!({"CIMI": "role/dept1"})),
        ("NotPrincipal", json!({"CIMI": "user/alice"})),
    ] {
        assert_eq!(with(element, &value), (true, vec![]), "{element} {value}");
    }
    for (element, value) in [
        ("Action", json!("cimi:Machine:start")),
        ("Action", json!("cimi:Machine")),
        ("NotAction", json!("*:stop")),
        ("Resource", json!("machines")),
        ("Resource", json!("Machines/*")),
        ("Resource", json!("machines/${*}")),
        // No wildcard goes over the colons of an ARN.
        ("Resource", json!("arn:aws:ec2:*:instance/*:x:y")),
        ("NotResource", json!(["volumes/*", "machines/*"])),
        ("Principal", json!({"AWS": "arn:aws:iam::123456789012:user/alice"})),
        ("Principal", json!({"CIMI": ["user/dept1", "group/dept1", "dept1"]})),
        ("NotPrincipal", json!("*")),
    ] {
        assert_eq!(with(element, &value), (false, vec![]), "{element} {value}");
    }
    let note = |element, value: serde_json::Value| with(element, &value).1;
    assert_eq!(note("Resource", json!("machines/${test:none}")), ["the variable 'test:none' has no single value"]);
    assert_eq!(note("Resource", json!("m/${test:Several}")), ["the variable 'test:Several' has no single value"]);
    assert_eq!(note("Resources", json!("*")), ["the element 'Resources' is not known"]);
    // Before 2012-10-17 there are no variables.
    let old =
        decide(&json!({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "machines/${aws:username}/1"}}));
    assert_eq!((old.reason, old.notes.len()), (Reason::NotGranted, 0));
    let other = decide(&json!({"Version": "2031-01-01", "Statement": {"Effect": "Allow", "Action": "*"}}));
    assert_eq!(
        (other.reason, other.notes),
        (Reason::NotGranted, vec!["the version '2031-01-01' is not known".to_owned()])
    );
}

fn condition(operator: &str, key: &str, values: &serde_json::Value) -> (bool, Vec<String>) {
    with("Condition", &json!({ operator: { key: values } }))
}

#[test]
fn conditions_that_hold() {
    for (operator, key, values) in [
        ("StringEquals", "test:text", json!("Blue")),
        ("StringEquals", "test:Text", json!(["Red", "Blue"])),
        ("StringNotEquals", "test:Text", json!(["Red", "blue"])),
        ("StringEqualsIgnoreCase", "test:Text", json!("BLUE")),
        ("StringNotEqualsIgnoreCase", "test:Text", json!("red")),
        ("StringLike", "test:Text", json!("B?u*")),
        ("StringNotLike", "test:Text", json!("R*")),
        ("StringEquals", "aws:username", json!("${aws:username}")),
        ("StringEquals", "cimi:Role", json!("dept1")),
        ("StringEquals", "aws:ResourceTag/team", json!("blue")),
        ("StringEquals", "cimi:ResourceType", json!("Machine")),
        ("NumericEquals", "test:Number", json!(10)),
        ("NumericEquals", "test:Number", json!("10.0")),
        ("NumericNotEquals", "test:Number", json!(11)),
        ("NumericLessThan", "test:Number", json!(10.5)),
        ("NumericLessThanEquals", "test:Number", json!(10)),
        ("NumericGreaterThan", "test:Number", json!(-1)),
        ("NumericGreaterThanEquals", "test:Number", json!(10)),
        ("DateEquals", "aws:CurrentTime", json!("2025-06-01T14:00:00+02:00")),
        ("DateGreaterThan", "aws:CurrentTime", json!("2025-06-01")),
        ("DateLessThan", "aws:CurrentTime", json!("2025-06-01T12:00:01Z")),
        ("DateLessThanEquals", "aws:EpochTime", json!(1_748_779_200)),
        ("DateNotEquals", "aws:EpochTime", json!("2025-06-01")),
        ("Bool", "test:Flag", json!(true)),
        ("Bool", "test:Flag", json!("True")),
        ("IpAddress", "aws:SourceIp", json!("203.0.113.0/24")),
        ("IpAddress", "aws:SourceIp", json!(["10.0.0.0/8", "203.0.113.7"])),
        ("IpAddress", "aws:SourceIp", json!("0.0.0.0/0")),
        ("NotIpAddress", "aws:SourceIp", json!("2001:db8::/32")),
        ("ArnLike", "aws:SourceArn", json!("arn:aws:sns:*:123456789012:*")),
        ("ArnEquals", "aws:SourceArn", json!("arn:aws:sns:eu-west-1:123456789012:topic:?")),
        ("ArnNotLike", "aws:SourceArn", json!("arn:aws:sqs:*:*:*")),
        ("Null", "test:none", json!(true)),
        ("Null", "test:Text", json!("false")),
        // A key that is not there.
        ("StringEqualsIfExists", "test:none", json!("x")),
        ("StringNotEquals", "test:none", json!("x")),
        ("ForAllValues:StringEquals", "test:none", json!("x")),
        ("NumericLessThanIfExists", "test:Number", json!(11)),
        // Of several values.
        ("ForAllValues:StringEquals", "test:Several", json!(["a", "b", "c"])),
        ("ForAnyValue:StringEquals", "test:Several", json!(["b", "c"])),
        ("ForAnyValue:StringNotEquals", "test:Several", json!("a")),
        ("ForAllValues:StringNotLike", "test:Several", json!("c*")),
    ] {
        assert_eq!(condition(operator, key, &values), (true, vec![]), "{operator} {key} {values}");
    }
}

#[test]
fn conditions_that_do_not_hold() {
    for (operator, key, values) in [
        ("StringEquals", "test:Text", json!("blue")),
        ("StringEquals", "test:Text", json!("B*")),
        ("StringEquals", "test:Text", json!([])),
        ("StringLike", "test:Text", json!("${*}lue")),
        ("StringNotLike", "test:Text", json!(["R*", "B*"])),
        ("NumericLessThan", "test:Number", json!(10)),
        ("DateLessThan", "aws:CurrentTime", json!("2025-06-01T12:00:00Z")),
        ("Bool", "test:Flag", json!(false)),
        ("IpAddress", "aws:SourceIp", json!("203.0.113.8/30")),
        ("NotIpAddress", "aws:SourceIp", json!("203.0.113.0/24")),
        ("ArnLike", "aws:SourceArn", json!("arn:aws:sns:*:topic:x:*")),
        ("Null", "test:none", json!("false")),
        ("StringEquals", "test:none", json!("x")),
        ("ForAnyValue:StringEquals", "test:none", json!("x")),
        ("ForAnyValue:StringNotEquals", "test:none", json!("x")),
        ("ForAllValues:StringEquals", "test:Several", json!("a")),
        ("ForAnyValue:StringNotEquals", "test:Several", json!(["a", "b"])),
        ("ForAllValues:StringNotEquals", "test:Several", json!("a")),
    ] {
        assert_eq!(condition(operator, key, &values), (false, vec![]), "{operator} {key} {values}");
    }
}

#[test]
fn conditions_that_are_not_known() {
    for (operator, key, values, note) in [
        ("StringMatches", "test:Text", json!("*"), "the operator 'StringMatches' is not known"),
        (
            "ForSomeValues:StringEquals",
            "test:Text",
            json!("x"),
            "the operator 'ForSomeValues:StringEquals' is not known",
        ),
        ("NullIfExists", "test:Text", json!("true"), "the operator 'NullIfExists' is not known"),
        ("Null", "test:Text", json!("maybe"), "the value 'maybe' is not known"),
        ("NumericNotEquals", "test:Number", json!("ten"), "the value of 'test:Number' cannot be compared with 'ten'"),
        ("NumericEquals", "test:Text", json!(1), "the value of 'test:Text' cannot be compared with '1'"),
        (
            "DateLessThan",
            "aws:CurrentTime",
            json!("soon"),
            "the value of 'aws:CurrentTime' cannot be compared with 'soon'",
        ),
        (
            "NotIpAddress",
            "aws:SourceIp",
            json!("10.0.0.0/33"),
            "the value of 'aws:SourceIp' cannot be compared with '10.0.0.0/33'",
        ),
        (
            "ArnNotEquals",
            "aws:SourceArn",
            json!("topic"),
            "the value of 'aws:SourceArn' cannot be compared with 'topic'",
        ),
    ] {
        assert_eq!(condition(operator, key, &values), (false, vec![note.to_owned()]), "{operator} {key} {values}");
    }
}

#[test]
fn all_conditions_must_hold() {
    let absent = json!({"StringEquals": {"test:Text": "Blue"}, "NumericEquals": {"test:Number": 10, "test:none": 1}});
    assert!(!with("Condition", &absent).0);
    let both = json!({"StringEquals": {"test:Text": "Blue"}, "NumericEquals": {"test:Number": [9, 10]}});
    assert!(with("Condition", &both).0);
}

#[test]
fn which_statement_decided() {
    let mut policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Action": "cimi:Machine:start"},
        {"Sid": "First", "Effect": "Allow", "Action": "cimi:*"},
        {"Sid": "Second", "Effect": "Allow", "Action": "*"},
    ]});
    let decision = decide(&policy);
    assert_eq!((decision.reason, decision.rule.as_deref()), (Reason::Granted, Some("First")));
    policy["Statement"].as_array_mut().unwrap().push(json!({"Effect": "Deny", "Action": "cimi:Machine:st*"}));
    let decision = decide(&policy);
    assert_eq!((decision.reason, decision.rule.as_deref()), (Reason::Forbidden, Some("Statement[3]")));
    assert_eq!(decision.to_string(), "denied: Statement[3] forbids it");
    let decision = decide(&json!({"Statement": []}));
    assert_eq!(decision.to_string(), "denied: no rule grants it");
}

#[test]
fn unknown_members_survive() {
    let text = json!({"Version": "2012-10-17", "Id": "p", "x-note": {"by": ["alice", 7, null]}, "Statement": [
        {"Sid": "A", "Effect": "Allow", "Principal": {"AWS": ["1", "2"], "Service": "s"}, "NotAction": ["a", "b"],
         "NotResource": "r", "Condition": {"StringLike": {"k": ["v", "w"], "l": "m"}, "Bool": {"b": "true"}},
         "x-why": "because"},
        {"Effect": "Deny", "NotPrincipal": "*", "Action": "*", "Resource": ["*", "x"]}]});
    let policy: StatementPolicy = text.to_string().parse().unwrap();
    assert!(policy.extensions.get("x-note").and_then(|note| note.get("by")).is_some());
    assert_eq!(policy.statements[0].extensions.get("x-why"), Some(&Any::from("because")));
    let written: serde_json::Value = serde_json::from_str(&policy.to_string()).unwrap();
    assert_eq!(written, text);
    // One statement need not stand in an array.
    let single: StatementPolicy = r#"{"Statement": {"Effect": "Deny", "Action": "*"}}"#.parse().unwrap();
    assert_eq!(single.to_string().parse::<StatementPolicy>().unwrap(), single);
    for other in [
        "",
        "version: 1",
        "[]",
        "{}",
        r#"{"Policy": {"a": "b"}}"#,
        r#"{"a": "b"}"#,
        "permit(principal, action, resource);",
    ] {
        assert_eq!(other.parse::<PolicyDocument>().unwrap(), PolicyDocument::Other(other.to_owned()));
        assert_eq!(other.parse::<PolicyDocument>().unwrap().to_string(), other);
    }
}

#[test]
fn hostile_patterns_take_no_time() {
    let text = |pattern: String| json!({"Statement": {"Effect": "Allow", "Action": "*", "Resource": pattern}});
    let circumstances = Circumstances { names: vec!["a".repeat(1 << 20)], ..Circumstances::default() };
    let began = Instant::now();
    for pattern in ["a*".repeat(1000) + "b", "*a".repeat(1000) + "b*", "*".repeat(4000) + "b", "?*".repeat(1000) + "b"]
    {
        let policy: StatementPolicy = text(pattern).to_string().parse().unwrap();
        assert!(!policy.decide(&Inquiry::new(&bob(), &Machine::default(), "stop").under(&circumstances)).is_allowed());
    }
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    let error = text("a".repeat(5000)).to_string().parse::<StatementPolicy>().unwrap_err();
    assert_eq!((error.kind(), error.path()), (cimi_model::ErrorKind::Limit, "/Statement/Resource"));
}

/// Straight from the definition, in exponential time.
fn matches(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('*', rest)) => (0..=text.len()).any(|skipped| matches(rest, &text[skipped..])),
        Some((wanted, rest)) => {
            text.split_first().is_some_and(|(found, left)| (*wanted == '?' || wanted == found) && matches(rest, left))
        }
    }
}

#[derive(Clone, Debug)]
struct Simple {
    allow: bool,
    actions: Vec<&'static str>,
    negated: bool,
    role: Option<&'static str>,
    number_below: Option<i64>,
}

fn simple() -> impl Strategy<Value = Simple> {
    let action =
        prop::sample::select(vec!["cimi:Machine:start", "cimi:Machine:stop", "cimi:Machine:*", "ec2:*Instances"]);
    let role = prop::option::of(prop::sample::select(vec!["a", "b"]));
    (any::<bool>(), prop::collection::vec(action, 1..3), any::<bool>(), role, prop::option::of(0_i64..4)).prop_map(
        |(allow, actions, negated, role, number_below)| Simple { allow, actions, negated, role, number_below },
    )
}

impl Simple {
    fn statement(&self) -> Statement {
        let condition = |bound: i64| Condition {
            operator: "NumericLessThan".into(),
            key: "n".into(),
            values: vec![bound.to_string()],
        };
        Statement {
            effect: if self.allow { Effect::Allow } else { Effect::Deny },
            action: Selector {
                negated: self.negated,
                patterns: self.actions.iter().map(|action| (*action).to_owned()).collect(),
            },
            principal: self.role.map(|role| Principals {
                of: vec![("CIMI".into(), vec![format!("role/{role}")])],
                ..Principals::default()
            }),
            conditions: self.number_below.map(condition).into_iter().collect(),
            ..Statement::default()
        }
    }

    fn is_about(&self, operation: &str, role: &str, number: i64) -> bool {
        let named = self.actions.iter().any(|action| match *action {
            "cimi:Machine:*" => true,
            // Editing is ec2:ModifyInstanceAttribute.
            "ec2:*Instances" => operation != "edit",
            other => other.ends_with(operation),
        });
        named != self.negated
            && self.role.is_none_or(|wanted| wanted == role)
            && self.number_below.is_none_or(|bound| number < bound)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn wildcards_agree_with_the_definition(pattern in "[ab\u{e4}*?]{0,8}", text in "[ab\u{e4}]{1,8}") {
        let statement = Statement {
            effect: Effect::Allow,
            action: Selector { negated: false, patterns: vec!["*".into()] },
            resource: Some(Selector { negated: false, patterns: vec![pattern.clone()] }),
            ..Statement::default()
        };
        let policy = StatementPolicy { statements: vec![statement], ..StatementPolicy::default() };
        let machine = Machine { id: Some(text.as_str().into()), ..Machine::default() };
        let found = policy.decide(&Inquiry::new(&bob(), &machine, "stop")).is_allowed();
        let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
        prop_assert_eq!(found, matches(&pattern, &text));
    }

    #[test]
    fn decisions_agree_with_the_definitions(
        statements in prop::collection::vec(simple(), 0..5),
        operation in prop::sample::select(vec!["start", "stop", "edit"]),
        role in prop::sample::select(vec!["a", "b", "c"]),
        number in 0_i64..4,
    ) {
        let statements_of_policy = statements.iter().map(Simple::statement).collect();
        let policy = StatementPolicy { statements: statements_of_policy, ..StatementPolicy::default() };
        let policy: StatementPolicy = policy.to_string().parse().unwrap();
        let subject = Subject::user("x").with_role(role);
        let context = [("n".into(), vec![number.to_string()])].into();
        let circumstances = Circumstances { context, ..Circumstances::default() };
        let decision = policy.decide(&Inquiry::new(&subject, &Machine::default(), operation).under(&circumstances));
        let about = |allow| {
            statements.iter().position(|found| found.allow == allow && found.is_about(operation, role, number))
        };
        let (reason, index) = match (about(false), about(true)) {
            (Some(index), _) => (Reason::Forbidden, Some(index)),
            (None, Some(index)) => (Reason::Granted, Some(index)),
            (None, None) => (Reason::NotGranted, None),
        };
        prop_assert_eq!(decision.reason, reason);
        prop_assert_eq!(decision.rule, index.map(|index| format!("Statement[{index}]")));
    }
}

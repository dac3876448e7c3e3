//! Log/Met-001, access policies.

use std::collections::BTreeMap;

use cimi_model::describe::{DescribeOptions, metadata_for};
use cimi_model::ext::access::{
    ACCESS_CONTROL, ACCESS_POLICY, AccessControl, AccessPolicy, AccessPolicyTemplate, Circumstances, Identity, Inquiry,
    Outcome, PolicyContent, PolicyDocument, PolicySet, PolicyStore, Reason, SUBJECTS, Subject, carry, embed,
    operation_of_method,
};
use cimi_model::lifecycle::{self, Rules};
use cimi_model::reflect::{Described, Record};
use cimi_model::validate::{Rule, Severity, Validation};
use cimi_model::{
    CloudEntryPoint, Collection, Dialect, Machine, MachineState, Operation, ReadOptions, Ref, System, SystemTemplate,
    Uri, Volume, json, xml,
};

/// A provider: its policies and the files that they refer to.
#[derive(Default)]
struct Cloud {
    policies: BTreeMap<String, AccessPolicy>,
    files: BTreeMap<String, String>,
}

impl PolicyStore for Cloud {
    fn policy(&self, uri: &Uri) -> Option<AccessPolicy> {
        self.policies.get(uri.as_str()).cloned()
    }
    fn document(&self, uri: &Uri) -> Option<String> {
        self.files.get(uri.as_str()).cloned()
    }
}

const DEPT1_RULES: &str = r#"{"admin_or_dept": "role:admin or role:dept1", "default": "rule:admin_or_dept"}"#;

const DEPT2_STATEMENTS: &str = r#"{
    "Version": "2012-10-17",
    "Id": "Dept2 resource",
    "Statement": [
        {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*",
         "Principal": {"CIMI": ["role/admin", "role/dept2"]}},
        {"Sid": "NotAtNight", "Effect": "Deny", "Action": ["cimi:Machine:delete", "cimi:Machine:stop"],
         "Condition": {"DateGreaterThan": {"aws:CurrentTime": "2025-01-01T20:00:00Z"}}}]}"#;

const SHARED_STATEMENTS: &str = r#"{
    "Version": "2012-10-17",
    "Statement": [
        {"Sid": "Admin", "Effect": "Allow", "Principal": {"CIMI": "role/admin"}, "Action": "*", "Resource": "*"},
        {"Sid": "Departments", "Effect": "Allow", "Principal": {"CIMI": ["group/Dept1", "group/Dept2"]},
         "Action": ["cimi:Volume:read", "cimi:Volume:edit"], "Resource": "volumes/*"}]}"#;

fn alice() -> Subject {
    Subject::user("alice").with_role("admin")
}

fn bob() -> Subject {
    Subject::user("bob").in_group("Dept1").with_role("Dept1")
}

fn carol() -> Subject {
    Subject::user("carol").in_group("Dept2").with_role("dept2")
}

fn system(id: &str) -> System {
    System { id: Some(id.into()), name: Some(id.replace('/', " ")), ..System::default() }
}

fn machine(id: &str, state: &MachineState) -> Machine {
    let mut machine = Machine { id: Some(id.into()), state: Some(state.clone()), ..Machine::default() };
    let href = |rel: &str| Some(Uri::from(format!("{id}?{}", lifecycle::name(rel))));
    machine.operations = Rules::of(Machine::TYPE).operations_of(&machine, &href);
    machine
}

fn rels(operations: &[Operation]) -> Vec<&str> {
    operations.iter().filter_map(|operation| Some(lifecycle::name(operation.rel.as_ref()?.as_str()))).collect()
}

fn document(text: &str) -> PolicyDocument {
    text.parse().unwrap()
}

/// The three Systems of figure 8 and 10, with their policies: Dept1 by reference to a file, Dept2 and shared by value.
fn company() -> (Cloud, System, System, System) {
    let mut cloud = Cloud::default();
    cloud.files.insert("https://iam.example.com/policies/dept1.json".into(), DEPT1_RULES.into());
    let by_reference = AccessPolicy {
        id: Some("policies/1".into()),
        ..AccessPolicy::by_reference("https://iam.example.com/policies/dept1.json")
    };
    cloud.policies.insert("policies/1".into(), by_reference);
    let by_value =
        AccessPolicy { id: Some("policies/2".into()), ..AccessPolicy::by_value(&document(DEPT2_STATEMENTS)) };
    cloud.policies.insert("policies/2".into(), by_value);
    let (mut dept1, mut dept2, mut shared) = (system("systems/1"), system("systems/2"), system("systems/3"));
    ACCESS_POLICY.set_refs(&mut dept1, &[Ref::to("policies/1")]).unwrap();
    ACCESS_POLICY.set_refs(&mut dept2, &[Ref::to("policies/2")]).unwrap();
    let policy = AccessPolicy::by_value(&document(SHARED_STATEMENTS));
    ACCESS_POLICY.set_refs(&mut shared, &[Ref::by_value(policy)]).unwrap();
    (cloud, dept1, dept2, shared)
}

#[test]
fn log_met_001_two_departments_and_a_shared_volume() {
    // 1: Alice has the administrator role; she defines two groups with their roles, and assigns Bob and Carol.
    let (alice, bob, carol) = (alice(), bob(), carol());
    assert!(bob.is(&Identity::group("Dept1")) && bob.is(&Identity::role("Dept1")));
    assert!(!carol.is(&Identity::group("Dept1")) && !carol.is(&Identity::user("bob")));
    // A group of the name of a role is another thing.
    assert!(!Subject::user("dept1").in_group("admin").is(&Identity::role("admin")));

    // 2: Alice deploys a shared Volume, and updates the access policies.
    let (cloud, dept1, dept2, shared) = company();
    let mut entry = CloudEntryPoint::default();
    let control = AccessControl {
        policies: Some(Ref::to("policies")),
        templates: Some(Ref::to("policyTemplates")),
        ..AccessControl::default()
    };
    ACCESS_CONTROL.set(&mut entry, &control).unwrap();
    let text = xml::to_string(&entry, Dialect::V1.into()).unwrap();
    let read = xml::from_slice::<CloudEntryPoint>(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
    assert_eq!(ACCESS_CONTROL.get(&read).unwrap(), Some(control));
    let volume = Volume { id: Some("volumes/shared".into()), ..Volume::default() };
    let policies = PolicySet::of(&[&volume, &shared], &cloud);
    let may = |subject, operation| policies.decide_on(subject, &volume, operation).outcome;
    for subject in [&bob, &carol] {
        assert_eq!(may(subject, "read"), Outcome::Allowed);
        assert_eq!(may(subject, operation_of_method("PUT", Volume::TYPE).unwrap()), Outcome::Allowed);
        assert_eq!(may(subject, "delete"), Outcome::Denied);
    }
    assert_eq!(may(&alice, "delete"), Outcome::Allowed);
    assert_eq!(may(&Subject::user("mallory"), "read"), Outcome::Denied);

    // 3: Bob creates Dept1 resources and runs his Machines; so does Carol. Neither sees what is the other's.
    let of_dept1 = PolicySet::of(&[&dept1], &cloud);
    let add = Inquiry::of_type(&bob, Collection::<Machine>::TYPE, "add");
    let decision = of_dept1.decide(&add);
    assert_eq!((decision.reason, decision.rule.as_deref()), (Reason::Granted, Some("default")));
    assert_eq!(decision.policy.as_deref(), Some("policies/1"));
    let mut machine1 = machine("machines/1", &MachineState::Stopped);
    let offered = machine1.operations.clone();
    assert!(rels(&offered).contains(&"start"));
    assert!(of_dept1.decide_on(&bob, &machine1, "start").is_allowed());
    of_dept1.restrict(&mut machine1, &bob, &Circumstances::default());
    assert_eq!(machine1.operations, offered);
    let decision = of_dept1.decide_on(&carol, &machine1, operation_of_method("GET", Machine::TYPE).unwrap());
    assert_eq!(decision.to_string(), "denied: default of policies/1 does not grant it");
    of_dept1.restrict(&mut machine1, &carol, &Circumstances::default());
    assert_eq!(rels(&machine1.operations), [""; 0]);

    let of_dept2 = PolicySet::of(&[&dept2], &cloud);
    let mut machine2 = machine("machines/2", &MachineState::Started);
    let at = |time: &str| Circumstances { now: Some(time.parse().unwrap()), ..Circumstances::default() };
    let (noon, night) = (at("2025-01-01T12:00:00Z"), at("2025-01-01T21:00:00Z"));
    let stop = Inquiry::new(&carol, &machine2, lifecycle::action::STOP);
    assert!(of_dept2.decide(&stop.under(&noon)).is_allowed());
    let decision = of_dept2.decide(&stop.under(&night));
    assert_eq!(decision.to_string(), "denied: NotAtNight of policies/2 forbids it");
    let before = rels(&machine2.operations).len();
    of_dept2.restrict(&mut machine2, &carol, &night);
    let left = rels(&machine2.operations);
    assert!(left.contains(&"restart") && !left.contains(&"stop") && !left.contains(&"delete"));
    assert_eq!(left.len(), before - 2);
    assert!(of_dept2.decide(&Inquiry::new(&bob, &machine2, "read").under(&noon)).is_denied());

    // 4: Alice copies the access policy for Dept2 resources and embeds them in the migration metadata.
    let questions = |policies: &PolicySet| {
        let ask = |subject: &Subject, operation: &str, circumstances: &Circumstances| {
            policies
                .decide(
                    &Inquiry::new(subject, &machine("machines/2", &MachineState::Started), operation)
                        .under(circumstances),
                )
                .reason
        };
        let mut answers = Vec::new();
        for subject in [&alice, &bob, &carol] {
            for operation in ["read", "edit", "stop", "delete"] {
                answers.extend([&noon, &night].map(|time| ask(subject, operation, time)));
            }
        }
        answers
    };
    let mut moving = dept2.clone();
    let carried = embed(&mut moving, &cloud).unwrap();
    assert_eq!(carried.len(), 1);
    assert_eq!((carried[0].path.as_str(), &carried[0].lack), ("/System/accessPolicy", &None));
    assert_eq!(carried[0].policy.as_ref().map(Uri::as_str), Some("policies/2"));
    let mut template = SystemTemplate::default();
    assert!(carry(&moving, &mut template).unwrap());
    let text = xml::to_string(&template, Dialect::V1.into()).unwrap();
    let arrived = xml::from_slice::<SystemTemplate>(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
    let mut there = System::default();
    assert!(carry(&arrived, &mut there).unwrap());
    // The other data centre knows nothing of the first one.
    assert_eq!(questions(&PolicySet::of(&[&there], &())), questions(&PolicySet::of(&[&dept2], &cloud)));
    let answers = questions(&PolicySet::of(&[&dept2], &()));
    assert!(answers.iter().all(|reason| *reason == Reason::NotUnderstood), "what is not found forbids");
    assert!(!carry(&System::default(), &mut there).unwrap());
}

#[test]
fn log_met_001_policies_by_reference_travel_by_value() {
    let (cloud, mut dept1, ..) = company();
    let mut machine = machine("machines/1", &MachineState::Started);
    ACCESS_POLICY.set_refs(&mut machine, &[Ref::to("policies/2"), Ref::to("policies/none")]).unwrap();
    dept1.machines = Some(Ref::by_value([machine].into_iter().collect()));
    let carried = embed(&mut dept1, &cloud).unwrap();
    let told: Vec<_> = carried.iter().map(|found| (found.path.as_str(), found.lack.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("/System/accessPolicy", None),
            ("/System/machines/machines[0]/accessPolicy[0]", None),
            ("/System/machines/machines[0]/accessPolicy[1]", Some("there is no policy 'policies/none'")),
        ]
    );
    let policy = ACCESS_POLICY.refs(&dept1).unwrap().pop().unwrap();
    assert_eq!(policy.href, None);
    let policy = *policy.value.unwrap();
    assert_eq!(policy.id, None);
    assert_eq!(policy.content().unwrap(), Some(PolicyContent::Document(document(DEPT1_RULES))));
    assert!(PolicySet::of(&[&dept1], &()).decide_on(&bob(), &system("systems/1"), "stop").is_allowed());
    // Once more changes nothing.
    let before = dept1.clone();
    embed(&mut dept1, &()).unwrap();
    assert_eq!(dept1, before);
}

#[test]
fn log_met_001_a_template_is_chosen() {
    // "Cloud Providers can prepare a root access policy template that allows complete access to any resources."
    let text = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/AccessPolicy", "id": "policyTemplates/root",
        "name": "root", "policyDocument": {"href": "https://cloud.example.com/root.json"}}"#;
    let template = json::from_slice::<AccessPolicyTemplate>(text.as_bytes(), &ReadOptions::strict()).unwrap().value;
    assert_eq!(template.problems(), []);
    let mut policy = template.policy().unwrap();
    assert_eq!((policy.id.as_ref(), policy.name.as_deref(), policy.enabled), (None, Some("root"), Some(true)));
    // Adapted for the super users.
    SUBJECTS.set_all(&mut policy, &[Identity::group("superusers"), Identity::role("root")]).unwrap();
    let mut cloud = Cloud::default();
    cloud.files.insert("https://cloud.example.com/root.json".into(), r#"{"default": "@"}"#.into());
    let mut machine = machine("machines/1", &MachineState::Started);
    ACCESS_POLICY.set_refs(&mut machine, &[Ref::by_value(policy)]).unwrap();
    let texts = [json::to_string(&machine, Dialect::V1.into()), xml::to_string(&machine, Dialect::V2.into())];
    for text in texts.map(cimi_model::Result::unwrap) {
        let read = if text.starts_with('<') {
            xml::from_slice::<Machine>(text.as_bytes(), &ReadOptions::strict()).unwrap().value
        } else {
            json::from_slice::<Machine>(text.as_bytes(), &ReadOptions::strict()).unwrap().value
        };
        let policies = PolicySet::of(&[&read], &cloud);
        let root = Subject::user("eve").in_group("superusers");
        assert!(policies.decide_on(&root, &read, "delete").is_allowed(), "{text}");
        let decision = policies.decide_on(&alice(), &read, "read");
        assert_eq!(decision.to_string(), "denied: no rule grants it");
        let errors = Validation { least: Severity::Warning, ..Validation::read() };
        assert_eq!(ACCESS_POLICY.problems(&read, &errors), []);
    }
}

#[test]
fn log_met_001_policies_are_taken_together() {
    let policy = |text: &str| AccessPolicy::by_value(&document(text));
    let allow = policy(r#"{"Statement": {"Effect": "Allow", "Action": "*"}}"#);
    let deny = policy(r#"{"Statement": {"Sid": "No", "Effect": "Deny", "Action": "cimi:*:stop"}}"#);
    let nothing = policy(r#"{"default": "!"}"#);
    let odd = AccessPolicy { name: Some("odd".into()), ..policy("<Policy/>") };
    let off = AccessPolicy { enabled: Some(false), ..deny.clone() };
    let machine = machine("machines/1", &MachineState::Started);
    let decide = |policies: &[&AccessPolicy]| {
        let mut set = PolicySet::default();
        for policy in policies {
            set.add(policy, &());
        }
        set.decide_on(&bob(), &machine, "stop")
    };
    assert_eq!(decide(&[]).outcome, Outcome::Ungoverned);
    assert_eq!(decide(&[&off]).outcome, Outcome::Ungoverned);
    assert_eq!(decide(&[&nothing, &off]).reason, Reason::NotGranted);
    assert_eq!(decide(&[&nothing, &allow]).reason, Reason::Granted);
    assert_eq!(decide(&[&allow, &deny, &odd]).reason, Reason::Forbidden);
    let decision = decide(&[&allow, &odd]);
    assert_eq!(
        decision.to_string(),
        "denied: the policy of odd is not understood, and might forbid it; odd: the document is of a kind that is not known"
    );
    // A policy for others says nothing of Bob, and yet there is one.
    let mut others = allow.clone();
    SUBJECTS.set_all(&mut others, &[Identity::group("Dept2")]).unwrap();
    assert_eq!(decide(&[&others]).to_string(), "denied: no rule grants it");
    // Without any policy, all operations are listed.
    let mut plain = machine.clone();
    PolicySet::default().restrict(&mut plain, &bob(), &Circumstances::default());
    assert_eq!(plain, machine);
}

#[test]
fn what_is_wrong_is_refused_with_a_path() {
    let mut system = system("systems/1");
    let paths = |system: &System| {
        let problems = ACCESS_POLICY.problems(system, &Validation::read());
        problems.into_iter().map(|problem| (problem.path, problem.rule)).collect::<Vec<_>>()
    };
    let key = ACCESS_POLICY.key();
    for (value, path) in [
        (r#""policies/1""#, "/System/accessPolicy"),
        (r#"{"href": 7}"#, "/System/accessPolicy"),
        ("{}", "/System/accessPolicy"),
        (r#"[{"href": "policies/1"}, 7]"#, "/System/accessPolicy[1]"),
    ] {
        let text = format!(r#"{{"{key}": {value}}}"#);
        let read = json::from_slice::<System>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
        assert_eq!(paths(&read), [(path.to_owned(), Rule::Value)], "{value}");
        assert_eq!(ACCESS_POLICY.refs(&read).unwrap_err().path(), path, "{value}");
        let decision = PolicySet::of(&[&read], &()).decide_on(&alice(), &read, "read");
        assert_eq!(decision.reason, Reason::NotUnderstood);
    }
    // Without a namespace, as the figures have it.
    let text = r#"{"accessPolicy": {"enabled": true, "policyDocument": {"href": "https://iam.example.com/7"}}}"#;
    let read = json::from_slice::<System>(text.as_bytes(), &ReadOptions::default()).unwrap().value;
    assert_eq!(paths(&read), []);
    let found = ACCESS_POLICY.refs(&read).unwrap().pop().and_then(|policy| policy.value).unwrap();
    assert_eq!(found.content().unwrap(), Some(PolicyContent::Reference("https://iam.example.com/7".into())));
    // It is advertised as any attribute.
    ACCESS_POLICY.set_refs(&mut system, &[Ref::to("policies/1")]).unwrap();
    let mut options = DescribeOptions::new(Dialect::V2);
    options.extensions.push(ACCESS_POLICY.description(Dialect::V2));
    assert_eq!(options.extensions[0].type_name.as_deref(), Some("ref"));
    let metadata = metadata_for(System::described(), &options);
    let create = Validation { metadata: vec![&metadata], ..Validation::create() };
    let unknown = |validation: &Validation<'_>| {
        validation.problems(&system as &dyn Record).iter().any(|problem| problem.rule == Rule::Unknown)
    };
    assert!(unknown(&Validation::create()) && !unknown(&create));

    let problem = |text: &str| {
        let policy = AccessPolicy { policy_document: Some(text.into()), ..AccessPolicy::default() };
        let problem = policy.problems().pop().unwrap();
        let policies = {
            let mut set = PolicySet::default();
            set.add(&policy, &());
            set
        };
        assert_eq!(policies.decide_on(&alice(), &Machine::default(), "read").reason, Reason::NotUnderstood, "{text}");
        (problem.path.strip_prefix("/AccessPolicy/policyDocument").unwrap().to_owned(), problem.text)
    };
    for (text, path, reason) in [
        (r#"{"default": "role:admin or"}"#, "/default", "expected a check (at byte 13)"),
        (r#"{"a": [["role:x"], ["role"]]}"#, "/a[1][0]", "'role' is not a check: it has no ':' (at byte 0)"),
        (r#"{"Statement": [{"Action": "*"}]}"#, "/Statement[0]", "there is no Effect"),
        (r#"{"Statement": {"Effect": "Allow"}}"#, "/Statement", "there is neither Action nor NotAction"),
        (
            r#"{"Statement": {"Effect": "allow", "Action": "*"}}"#,
            "/Statement/Effect",
            "'allow' is neither Allow nor Deny",
        ),
        (r#"{"Statement": {"Effect": "Allow", "Action": [{}]}}"#, "/Statement/Action[0]", "expected a string"),
        (r#"{"Statement": 7}"#, "/Statement", "expected a statement: an object"),
        ("{\"Statement\": ", "", "EOF while parsing a value"),
    ] {
        assert_eq!(problem(text), (path.to_owned(), reason.to_owned()), "{text}");
    }
    assert_eq!(AccessPolicy::default().problems()[0].path, "/AccessPolicy/policyDocument");
    let number = AccessPolicy { policy_document: Some(7.into()), ..AccessPolicy::default() };
    assert_eq!(number.problems()[0].text, "expected a reference or a string");
}

//! Use cases of DSP2042 that have to do with packages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use cimi_model::ext::access::{
    ACCESS_POLICY, AccessPolicy, Identity, PolicyContent, PolicyDocument, PolicySet, PolicyStore, Reason, SUBJECTS,
    Subject, carry, embed,
};
use cimi_model::{Machine, ReadOptions, Ref, System, SystemTemplate, Uri};
use cimi_ovf::{ExportOptions, ImportOptions, Version, export, import, stored_system};

const RULES: &str =
    r#"{"admin": "role:admin", "default": "rule:admin or role:dept2", "cimi:Machine:delete": "rule:admin"}"#;
const STATEMENTS: &str = r#"{"Version": "2012-10-17", "Statement": [
    {"Sid": "NoStop", "Effect": "Deny", "Action": "ec2:StopInstances", "Resource": "*"}]}"#;

/// The provider that the System leaves.
struct Cloud;

impl PolicyStore for Cloud {
    fn policy(&self, uri: &Uri) -> Option<AccessPolicy> {
        let policy =
            AccessPolicy { id: Some(uri.clone()), ..AccessPolicy::by_reference("https://iam.example.com/dept2") };
        (uri.as_str() == "policies/2").then_some(policy)
    }
    fn document(&self, uri: &Uri) -> Option<String> {
        (uri.as_str() == "https://iam.example.com/dept2").then(|| RULES.to_owned())
    }
}

/// Dept2: its policy is a reference, that of one of its machines stands there by value.
fn dept2() -> System {
    let statements: PolicyDocument = STATEMENTS.parse().unwrap();
    let mut policy = AccessPolicy::by_value(&statements);
    SUBJECTS.set_all(&mut policy, &[Identity::group("Dept2")]).unwrap();
    let mut web =
        Machine { id: Some("machines/1".into()), name: Some("web".into()), cpu: Some(2), ..Machine::default() };
    ACCESS_POLICY.set_refs(&mut web, &[Ref::by_value(policy)]).unwrap();
    let db = Machine { id: Some("machines/2".into()), name: Some("db".into()), cpu: Some(4), ..Machine::default() };
    let mut system = System {
        id: Some("systems/2".into()),
        name: Some("Dept2".into()),
        machines: Some(Ref::by_value([web, db].into_iter().collect())),
        ..System::default()
    };
    ACCESS_POLICY.set_refs(&mut system, &[Ref::to("policies/2")]).unwrap();
    system
}

fn subjects() -> [Subject; 3] {
    [
        Subject::user("alice").with_role("admin"),
        Subject::user("bob").in_group("Dept1").with_role("dept1"),
        Subject::user("carol").in_group("Dept2").with_role("dept2"),
    ]
}

/// What everybody may do with either machine.
fn answers(system: &System, machines: &[&Machine], store: &dyn PolicyStore) -> Vec<Reason> {
    let mut answers = Vec::new();
    for machine in machines {
        let policies = PolicySet::of(&[*machine, system], store);
        for subject in subjects() {
            let reason = |operation: &str| policies.decide_on(&subject, *machine, operation).reason;
            answers.extend(["read", "start", "stop", "edit", "delete"].map(reason));
        }
    }
    answers
}

/// What the other provider makes of a template.
fn made(template: &SystemTemplate) -> (System, Vec<Machine>) {
    let mut system = System { id: Some("s/7".into()), ..System::default() };
    assert!(carry(template, &mut system).unwrap());
    let machines = template.component_descriptors.iter().enumerate().map(|(at, component)| {
        let mut machine = Machine { id: Some(format!("m/{at}").into()), ..Machine::default() };
        let template = component.machine_template.as_ref().unwrap().value.as_deref().unwrap();
        let _ = carry(template, &mut machine).unwrap();
        machine
    });
    (system, machines.collect())
}

#[test]
fn log_met_001_step_4_policies_move_in_a_package() {
    let before = dept2();
    let machines = &before.machines.as_ref().unwrap().value.as_ref().unwrap().items;
    let there = answers(&before, &[&machines[0], &machines[1]], &Cloud);
    assert!(
        there.contains(&Reason::Granted) && there.contains(&Reason::Forbidden) && there.contains(&Reason::NotGranted)
    );

    // Alice copies the access policy for Dept2 resources and embeds them in the migration metadata.
    let mut leaving = before.clone();
    let carried = embed(&mut leaving, &Cloud).unwrap();
    let told: Vec<_> =
        carried.iter().map(|found| (found.path.as_str(), found.policy.is_some(), found.lack.is_none())).collect();
    assert_eq!(
        told,
        [("/System/accessPolicy", true, true), ("/System/machines/machines[0]/accessPolicy", false, true)]
    );
    for version in [Version::V1, Version::V2] {
        let mut options = ExportOptions::default();
        options.version = version;
        let exported = export(&leaving, &options).unwrap();
        assert!(exported.notes.iter().all(|note| !note.path.contains("accessPolicy")), "{:?}", exported.notes);
        let text = exported.descriptor.to_text().unwrap();

        // At the other provider, the policies are there and say the same.
        let template = import(text.as_bytes(), &ImportOptions::default()).unwrap().template;
        let (system, machines) = made(&template);
        assert_eq!(answers(&system, &[&machines[0], &machines[1]], &()), there);
        let policy = ACCESS_POLICY.refs(&system).unwrap().pop().unwrap();
        let rules: PolicyDocument = RULES.parse().unwrap();
        assert_eq!(policy.value.unwrap().content().unwrap(), Some(PolicyContent::Document(rules)));
        // So they are in the System that is stored.
        let stored = stored_system(&exported.descriptor).unwrap();
        assert_eq!(ACCESS_POLICY.refs(&stored).unwrap(), ACCESS_POLICY.refs(&leaving).unwrap());
    }

    // The template of the System takes them along again.
    let text = export(&leaving, &ExportOptions::default()).unwrap().descriptor.to_text().unwrap();
    let template = import(text.as_bytes(), &ImportOptions::default()).unwrap().template;
    let text = export(&template, &ExportOptions::default()).unwrap().descriptor.to_text().unwrap();
    let (system, machines) = made(&import(text.as_bytes(), &ImportOptions::default()).unwrap().template);
    assert_eq!(answers(&system, &[&machines[0], &machines[1]], &()), there);
}

#[test]
fn log_met_001_step_4_what_stays_behind_is_told() {
    let exported = export(&dept2(), &ExportOptions::default()).unwrap();
    let notes: Vec<_> = exported.notes.iter().filter(|note| note.path.ends_with("accessPolicy")).collect();
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0].path, "/accessPolicy");
    assert!(notes[0].text.contains("ext::access::embed"), "{}", notes[0]);
    // The reference arrives as it is, and forbids until somebody says what it means.
    let text = exported.descriptor.to_text().unwrap();
    let (system, machines) = made(&import(text.as_bytes(), &ImportOptions::default()).unwrap().template);
    assert!(answers(&system, &[&machines[1]], &()).iter().all(|reason| *reason == Reason::NotUnderstood));
    let odd = format!(r#"{{"{}": 7, "machines": {{"machines": []}}}}"#, ACCESS_POLICY.key());
    let odd = cimi_model::json::from_slice::<System>(odd.as_bytes(), &ReadOptions::default()).unwrap().value;
    let notes = export(&odd, &ExportOptions::default()).unwrap().notes;
    assert!(notes.iter().any(|note| note.text.contains("not an access policy")), "{notes:?}");
}

//! A provider that asks access policies (DSP2042 4.3.1, use case Log/Met-001).

use cimi_model::ext::access::{
    ACCESS_POLICY, AccessPolicy, Circumstances, Decision, Inquiry, PolicyDocument, PolicySet, Subject,
};
use cimi_model::lifecycle::{self, Rules};
use cimi_model::reflect::Described;
use cimi_model::{Collection, Machine, MachineState, Ref, System, Uri};
use cimi_protocol::provider::{Outcome, Provider, Refusal, Target};
use http::{Request, Response};

use super::support::{document, field, provider, text};

fn machine() -> Machine {
    let mut machine =
        Machine { id: Some("machines/1".into()), state: Some(MachineState::Started), ..Machine::default() };
    let href = |_: &str| Some(Uri::from("machines/1"));
    machine.operations = Rules::of(Machine::TYPE).operations_of(&machine, &href);
    machine
}

fn policies() -> PolicySet {
    let rules: PolicyDocument = r#"{"default": "role:admin", "dept1": "rule:default or role:dept1",
        "cimi:Machine:read": "rule:dept1", "cimi:Machine:stop": "rule:dept1", "compute:create": "rule:dept1"}"#
        .parse()
        .unwrap();
    let mut system = System::default();
    ACCESS_POLICY.set_refs(&mut system, &[Ref::by_value(AccessPolicy::by_value(&rules))]).unwrap();
    PolicySet::of(&[&system], &())
}

fn refusal(decision: &Decision) -> Refusal {
    Refusal::forbidden(decision.to_string())
}

/// What a server does: who may not even read sees nothing, others see what they may do.
fn serve(provider: &Provider, subject: &Subject, request: Request<&str>) -> Response<Vec<u8>> {
    let policies = policies();
    let (parts, body) = request.into_parts();
    provider.answer(&parts, None, |exchange| {
        let mut machine = machine();
        let on_collection = parts.uri.path().ends_with("/machines");
        let read = policies.decide_on(subject, &machine, "read");
        if read.is_denied() {
            return Err(Refusal::not_found());
        }
        policies.restrict(&mut machine, subject, &Circumstances::default());
        let machines = Collection::<Machine>::TYPE;
        let target = if on_collection { Target::collection(machines) } else { Target::resource(&machine) };
        let call = exchange.decode(&target, body.as_bytes())?;
        let decision = policies.decide(&Inquiry::of_type(subject, target.record_type(), call.operation()));
        if decision.is_denied() {
            return Err(refusal(&decision));
        }
        match call.operation() {
            "read" => exchange.represent(&machine, None),
            "add" => Ok(exchange.created(&Outcome { record: Some(&machine), ..Outcome::default() })),
            _ => Ok(exchange.done(&Outcome { record: Some(&machine), ..Outcome::default() })),
        }
    })
}

#[test]
fn log_met_001_a_subject_sees_and_does_what_the_policies_permit() {
    let provider = provider();
    let (alice, bob, carol) = (
        Subject::user("alice").with_role("admin"),
        Subject::user("bob").with_role("dept1"),
        Subject::user("carol").with_role("dept2"),
    );
    let get = |subject: &Subject| serve(&provider, subject, Request::get("/cimi/machines/1").body("").unwrap());
    let offered = |answer: &Response<Vec<u8>>| {
        let document = document(answer);
        let machine: &Machine = document.as_ref().unwrap();
        let rels = machine.operations.iter().filter_map(|operation| operation.rel.as_ref());
        rels.map(|rel| lifecycle::name(rel.as_str()).to_owned()).collect::<Vec<_>>()
    };
    let all = offered(&get(&alice));
    assert!(all.len() > 4 && all.contains(&"delete".to_owned()));
    assert_eq!(offered(&get(&bob)), ["stop"]);
    assert_eq!(get(&carol).status(), 404);

    let action = |name: &str| {
        format!(
            r#"{{"resourceURI": "http://schemas.dmtf.org/cimi/2/Action", "action": "{}"}}"#,
            lifecycle::action_uri(name)
        )
    };
    let post = |subject: &Subject, name: &str| {
        serve(
            &provider,
            subject,
            Request::post("/cimi/machines/1").header("content-type", "application/json").body(&*action(name)).unwrap(),
        )
    };
    assert_eq!(post(&bob, "stop").status(), 200);
    assert_eq!(post(&alice, "restart").status(), 200);
    // What is not offered is not possible.
    assert_eq!(post(&bob, "restart").status(), 409);
    let answer = serve(&provider, &bob, Request::delete("/cimi/machines/1").body("").unwrap());
    assert_eq!((answer.status().as_u16(), field(answer.headers(), "allow")), (405, "GET, HEAD, OPTIONS, POST"));

    // A collection offers what its type has; then the policies are asked about the call.
    let body = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCreate", "machineTemplate": {"href": "t/1"}}"#;
    let create = |subject: &Subject| {
        serve(
            &provider,
            subject,
            Request::post("/cimi/machines").header("content-type", "application/json").body(body).unwrap(),
        )
    };
    assert_eq!(create(&bob).status(), 201);
    let list = serve(&provider, &bob, Request::get("/cimi/machines").body("").unwrap());
    assert_eq!(list.status(), 403);
    assert!(text(&list).contains("denied: default of policy 0 does not grant it"), "{}", text(&list));
}

//! A provider that carries a batch out through its own interface.

use std::collections::BTreeMap;

use cimi_model::reflect::Described;
use cimi_model::{
    Collection, Document, Job, JobState, Machine, MachineCreate, MachineState, Operation, Ref, Registry, Uri, Volume,
    VolumeCreate, lifecycle,
};
use cimi_protocol::batch::{Batch, BatchStep, Next, Reported, Run, result};
use cimi_protocol::provider::rules::job::End;
use cimi_protocol::provider::{Call, Outcome, Provider, Refusal, Target};
use http::{Request, Response};

use crate::{at, conforms};

const BASE: &str = "http://example.com/";

/// Machines and volumes; there is room for two Machines.
struct Cloud {
    provider: Provider,
    machines: BTreeMap<String, Machine>,
    volumes: BTreeMap<String, Volume>,
}

fn operations(id: &str) -> Vec<Operation> {
    let offered = ["start", "delete"].map(|name| Operation {
        rel: Some(lifecycle::rel(name)),
        href: Some(id.into()),
        ..Default::default()
    });
    offered.to_vec()
}

impl Cloud {
    fn new() -> Self {
        let registry = Registry::standard().with_collection::<Batch>();
        let provider = Provider { base: BASE.into(), registry, ..Default::default() };
        Self { provider, machines: BTreeMap::new(), volumes: BTreeMap::new() }
    }

    fn serve(&mut self, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
        let (head, body) = request.into_parts();
        let provider = self.provider.clone();
        provider.answer(&head, None, |exchange| {
            let path = head.uri.path().trim_start_matches('/').to_owned();
            let machine = self.machines.get(&path).cloned();
            let volume = self.volumes.get(&path).cloned();
            let target = match (path.as_str(), &machine, &volume) {
                ("machines", ..) => Target::collection(Collection::<Machine>::TYPE),
                ("volumes", ..) => Target::collection(Collection::<Volume>::TYPE),
                (_, Some(machine), _) => Target::resource(machine),
                (_, _, Some(volume)) => Target::resource(volume),
                _ => return Err(Refusal::not_found()),
            };
            match exchange.decode(&target, &body)? {
                Call::Create(document) => self.create(&document).map(|(id, record)| {
                    exchange.created(&Outcome { record: Some(&*record), location: Some(&id), ..Default::default() })
                }),
                Call::Delete => {
                    self.machines.remove(&path);
                    self.volumes.remove(&path);
                    Ok(exchange.done(&Outcome::default()))
                }
                Call::Action(_) => {
                    if let Some(machine) = self.machines.get_mut(&path) {
                        machine.state = Some(MachineState::Started);
                    }
                    Ok(exchange.done(&Outcome::default()))
                }
                _ => Err(Refusal::not_implemented("not here")),
            }
        })
    }

    fn create(&mut self, document: &Document) -> Result<(Uri, Box<dyn cimi_model::reflect::Record>), Refusal> {
        if let Some(create) = document.as_ref::<VolumeCreate>() {
            let id = format!("volumes/{}", self.volumes.len() + 1);
            let volume = Volume {
                id: Some(id.as_str().into()),
                name: create.name.clone(),
                operations: operations(&id),
                ..Default::default()
            };
            self.volumes.insert(id.clone(), volume.clone());
            return Ok((id.into(), Box::new(volume)));
        }
        let create = document.as_ref::<MachineCreate>().ok_or_else(|| Refusal::bad_request("no"))?;
        if self.machines.len() == 2 {
            return Err(Refusal::conflict("no room for a Machine").with_return_code(10_507));
        }
        let id = format!("machines/{}", self.machines.len() + 1);
        let machine = Machine {
            id: Some(id.as_str().into()),
            name: create.name.clone(),
            state: Some(MachineState::Stopped),
            operations: operations(&id),
            ..Default::default()
        };
        self.machines.insert(id.clone(), machine.clone());
        Ok((id.into(), Box::new(machine)))
    }

    /// Carries a batch out. What has been added is deleted to undo it.
    fn carry_out(&mut self, batch: Batch) -> Run {
        let registry = self.provider.registry.clone();
        let mut run = crate::run(batch);
        while let Some(next) = run.next() {
            match next {
                Next::Run(step) => {
                    let request = run.begin(step, &at(1)).unwrap().to_http(&BASE.into()).unwrap();
                    match Reported::of(&self.serve(request), &registry) {
                        Reported::Done(result) => run.done(step, result, &at(2)).unwrap(),
                        Reported::Failed { code, message } => {
                            run.failed(step, &End::failed(code, message), &at(2)).unwrap();
                        }
                        Reported::Accepted { .. } => panic!("nothing takes time here"),
                    }
                }
                Next::Undo(step) => {
                    run.undo(step, &at(3)).unwrap();
                    let added = run.result(step).unwrap().resource.clone();
                    let status =
                        added.map(|uri| self.serve(Request::delete(uri.as_str()).body(vec![]).unwrap()).status());
                    match status {
                        Some(status) if !status.is_success() => run.not_undone(step, "gone", &at(4)).unwrap(),
                        _ => run.undone(step, &at(4)).unwrap(),
                    }
                }
            }
            conforms(&run);
        }
        assert!(run.is_over());
        run
    }
}

fn machines(count: usize) -> Batch {
    let volume = VolumeCreate { volume_template: Some(Ref::to("vt/1")), ..Default::default() };
    let mut batch = Batch::all_or_nothing().step(BatchStep::add("volumes", &volume).unwrap().named("data"));
    for n in 0..count {
        let name = format!("m{n}");
        let create =
            MachineCreate { name: Some(name.clone()), machine_template: Some(Ref::to("mt/1")), ..Default::default() };
        let add = BatchStep::add("machines", &create).unwrap().named(name.clone()).after("data");
        batch = batch.step(add).step(BatchStep::invoke("start", result(&name)));
    }
    batch
}

#[test]
fn a_batch_that_fits() {
    let mut cloud = Cloud::new();
    let run = cloud.carry_out(machines(2));
    assert_eq!(run.job().state, Some(JobState::Success), "{run:?}");
    assert_eq!((cloud.volumes.len(), cloud.machines.len()), (1, 2));
    assert!(cloud.machines.values().all(|machine| machine.state == Some(MachineState::Started)));
    let started = run.nested_jobs().nth(2).unwrap();
    assert_eq!(started.target_resource, Some(Ref::to("http://example.com/machines/1")));
}

#[test]
fn a_batch_that_does_not_fit_leaves_nothing() {
    let mut cloud = Cloud::new();
    let run = cloud.carry_out(machines(3));
    assert_eq!((run.job().state.clone(), run.job().return_code), (Some(JobState::Failed), Some(10_507)));
    let message = run.job().status_message.clone().unwrap();
    assert!(message.contains("'m2'") && message.contains("no room for a Machine"), "{message}");
    assert!(cloud.volumes.is_empty() && cloud.machines.is_empty());
}

#[test]
fn a_batch_that_does_what_it_can() {
    let mut cloud = Cloud::new();
    let run = cloud.carry_out(Batch { mode: Batch::best_effort().mode, ..machines(3) });
    assert_eq!(run.job().state, Some(JobState::Failed));
    assert_eq!((cloud.volumes.len(), cloud.machines.len()), (1, 2));
}

#[test]
fn what_other_clouds_answer() {
    let registry = Registry::standard();
    let answer = |status: u16, headers: &[(&str, &str)], body: &str| {
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        Reported::of(&response.body(body.to_owned()).unwrap(), &registry)
    };
    let Reported::Accepted { job, result } = answer(202, &[("CIMI-Job-URI", "j/1"), ("Location", "m/1")], "") else {
        panic!("202")
    };
    assert_eq!((job, result.resource), (Some("j/1".into()), Some("m/1".into())));
    let body = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/Job", "id": "j/2", "state": "RUNNING"}"#;
    let Reported::Accepted { job, result } = answer(202, &[], body) else { panic!("202") };
    assert!(job == Some("j/2".into()) && result.record.is_none());
    let Reported::Done(result) =
        answer(200, &[], r#"<Machine xmlns="http://schemas.dmtf.org/cimi/2"><id>m/1</id></Machine>"#)
    else {
        panic!("200")
    };
    let machine = result.record.unwrap();
    assert!(machine.as_any().is::<Machine>() && result.resource.is_none());
    let body = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/Job", "id": "", "returnCode": 10042, "statusMessage": "in use"}"#;
    let Reported::Failed { code, message } = answer(409, &[], body) else { panic!("409") };
    assert_eq!((code, message.as_str()), (Some(10_042), "in use"));
    let Reported::Failed { code, message } = answer(502, &[], "<html>") else { panic!("502") };
    assert_eq!((code, message.as_str()), (None, "the answer was 502 Bad Gateway"));
    let _ = Job::default();
}

//! What a request costs beside its documents: everything that a provider's side of a message does, against reading and
//! writing the same documents bare.

use cimi_model::reflect::{Described, Record};
use cimi_model::{Collection, Dialect, Machine, MachineCreate, MachineTemplate, ReadOptions, Ref, json};
use cimi_protocol::provider::{Call, ETag, Outcome, Provider, Target};
use http::request::Parts;
use http::{Request, Response};

use crate::harness::Item;
use crate::sample::options;

/// Requests that are sent over and over, and what is answered.
pub struct Requests<'s> {
    provider: Provider,
    machines: &'s Collection<Machine>,
    /// The machines as they are, without what the provider's tables do not know.
    known: Vec<Machine>,
    updates: Vec<Vec<u8>>,
    creations: Vec<Vec<u8>>,
    put: Parts,
    post: Parts,
    get: Parts,
}

fn written(record: &dyn Record) -> Vec<u8> {
    json::to_vec(record, options(Dialect::V2)).expect("written")
}

impl<'s> Requests<'s> {
    /// One update and one creation for each machine.
    pub fn new(machines: &'s Collection<Machine>) -> Self {
        let known: Vec<Machine> = machines
            .items
            .iter()
            .map(|machine| Machine { extensions: cimi_model::Extensions::new(), ..machine.clone() })
            .collect();
        let head = |request: http::request::Builder| {
            let request = request.header("Host", "cloud.example.com").header("User-Agent", "bench/1.0");
            let request = request.header("Accept", "application/json").header("Authorization", "Basic dTpw");
            request.body(()).expect("a request").into_parts().0
        };
        Self {
            provider: Provider { base: "https://cloud.example.com/".into(), ..Provider::default() },
            updates: known.iter().map(|machine| written(machine)).collect(),
            creations: known.iter().map(|machine| written(&creation(machine))).collect(),
            put: head(
                Request::put("/machines/1").header("Content-Type", "application/json").header("If-Match", "\"7-json\""),
            ),
            post: head(Request::post("/machines").header("Content-Type", "application/json")),
            get: head(Request::get("/machines")),
            machines,
            known,
        }
    }

    /// What is measured.
    pub fn items(&self) -> Vec<Item<'_>> {
        vec![
            Item::new("update", || self.updates(&|machine, body| self.update(machine, body))),
            Item::new("update-bare", || {
                self.updates(&|machine, body| {
                    drop(json::from_slice::<Machine>(body, &ReadOptions::default()).expect("readable"));
                    written(machine).len()
                })
            }),
            Item::new("create", || self.creations(&|machine, body| self.create(machine, body))),
            Item::new("create-bare", || {
                self.creations(&|machine, body| {
                    drop(json::from_slice::<MachineCreate>(body, &ReadOptions::default()).expect("readable"));
                    written(machine).len()
                })
            }),
            Item::new("update-value", || self.updates(&|_, body| reserialized(body))),
            Item::new("create-value", || {
                self.creations(&|machine, body| {
                    drop(serde_json::from_slice::<serde_json::Value>(body).expect("readable"));
                    written(machine).len()
                })
            }),
            Item::new("list", || self.list()),
            Item::new("list-bare", || written(self.machines)),
        ]
    }

    fn updates(&self, exchange: &dyn Fn(&Machine, &[u8]) -> usize) -> usize {
        self.known.iter().zip(&self.updates).map(|(machine, body)| exchange(machine, body)).sum()
    }

    fn creations(&self, exchange: &dyn Fn(&Machine, &[u8]) -> usize) -> usize {
        self.known.iter().zip(&self.creations).map(|(machine, body)| exchange(machine, body)).sum()
    }

    fn update(&self, machine: &Machine, body: &[u8]) -> usize {
        let etag = ETag::new("7");
        let answer = self.provider.answer(&self.put, None, |exchange| {
            let call = exchange.decode(&Target::resource(machine).with_etag(&etag), body)?;
            assert!(matches!(call, Call::Update(_)));
            let job = "jobs/1".into();
            let record: &dyn Record = machine;
            Ok(exchange.done(&Outcome {
                record: Some(record),
                etag: Some(&etag),
                job: Some(&job),
                ..Outcome::default()
            }))
        });
        length(&answer, 200)
    }

    fn create(&self, machine: &Machine, body: &[u8]) -> usize {
        let etag = ETag::new("1");
        let answer = self.provider.answer(&self.post, None, |exchange| {
            let call = exchange.decode(&Target::collection(Collection::<Machine>::TYPE), body)?;
            assert!(matches!(call, Call::Create(_)));
            let job = "jobs/1".into();
            let record: &dyn Record = machine;
            Ok(exchange.created(&Outcome {
                record: Some(record),
                etag: Some(&etag),
                job: Some(&job),
                ..Outcome::default()
            }))
        });
        length(&answer, 201)
    }

    fn list(&self) -> Vec<u8> {
        let answer = self.provider.answer(&self.get, None, |exchange| {
            let call = exchange.decode(&Target::collection(Collection::<Machine>::TYPE), b"")?;
            assert!(matches!(call, Call::Read));
            exchange.represent(self.machines, None)
        });
        answer.into_body()
    }
}

/// Reads a document as untyped JSON, and writes it.
fn reserialized(body: &[u8]) -> usize {
    let value: serde_json::Value = serde_json::from_slice(body).expect("readable");
    serde_json::to_vec(&value).expect("written").len()
}

fn length(answer: &Response<Vec<u8>>, status: u16) -> usize {
    assert_eq!(answer.status(), status, "{}", String::from_utf8_lossy(answer.body()));
    answer.body().len()
}

/// A request for a machine like this one.
fn creation(machine: &Machine) -> MachineCreate {
    let config = cimi_model::MachineConfiguration {
        cpu: machine.cpu,
        memory: machine.memory,
        cpu_arch: machine.cpu_arch.clone(),
        ..Default::default()
    };
    let template = MachineTemplate {
        machine_config: Some(Ref::by_value(config)),
        machine_image: Some(Ref::to("https://cloud.example.com/images/1")),
        ..MachineTemplate::default()
    };
    MachineCreate {
        name: machine.name.clone(),
        description: machine.description.clone(),
        properties: machine.properties.clone(),
        machine_template: Some(Ref::by_value(template)),
        ..MachineCreate::default()
    }
}

//! The provider's side: any request gets an answer that says what it should.

use cimi_model::lifecycle::{Invocation, Rules};
use cimi_model::reflect::{Described, Record};
use cimi_model::relations::Relations;
use cimi_model::template::{Bounds, Expander};
use cimi_model::{
    CloudEntryPoint, Collection, DateTime, Dialect, Document, Error, ErrorKind, Job, LocatedVolume, Machine,
    MachineConfiguration, MachineImage, MachineState, MachineTemplate, Operation, ReadOptions, Ref, System, Type, Uri,
    lifecycle,
};
use cimi_protocol::content_format;
use cimi_protocol::provider::rules::{Export, Import, UpdateRules, upkeep};
use cimi_protocol::provider::{ActionRequest, Call, Exchange, Membership, Outcome, Provider, Refusal, Target};
use http::{Method, Response, StatusCode};

use crate::message;

type Answer = Result<Response<Vec<u8>>, Refusal>;

/// Lets providers of both versions answer a request; its path says what it is sent to.
///
/// # Panics
/// When an answer is none, or what it says cannot be read.
pub fn request(input: &[u8]) {
    let Some((head, body)) = message::request(input) else { return };
    thread_local!(static PROVIDERS: [Provider; 3] = providers());
    PROVIDERS.with(|providers| {
        for provider in providers {
            let answer = provider.answer(&head, Some(now()), |exchange| serve(exchange, head.uri.path(), body));
            check(&head.method, &answer);
        }
    });
}

fn now() -> DateTime {
    "2026-03-01T08:15:30Z".parse().expect("a time")
}

fn providers() -> [Provider; 3] {
    let base = Uri::from("https://cloud.example.com/cimi/");
    let new = Provider { base: base.clone(), ..Provider::default() };
    let old = Provider { base: base.clone(), dialect: Dialect::V1, strict: true, ..Provider::default() };
    let open = Provider { base, accept_unknown: true, ..Provider::default() };
    [new, old, open]
}

fn check(method: &Method, answer: &Response<Vec<u8>>) {
    let body = answer.body();
    if method == Method::HEAD || answer.status() == StatusCode::NOT_MODIFIED {
        assert!(body.is_empty(), "a body where there is none");
    }
    if body.is_empty() {
        return;
    }
    let format = content_format(answer.headers()).expect("a format that CIMI has");
    assert_eq!(cimi_model::Format::of(body), format);
    let registry = cimi_model::Registry::standard();
    let read = |options: &ReadOptions| Document::read(body, &registry, options);
    let parsed = read(&ReadOptions::default());
    let parsed = parsed.unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(body)));
    if answer.status().is_client_error() || answer.status().is_server_error() {
        assert!(parsed.value.as_ref::<Job>().is_some(), "an error is a Job");
        if let Err(error) = read(&ReadOptions::strict()) {
            panic!("an error is not spelled as the standard has it: {error}\n{}", String::from_utf8_lossy(body));
        }
    }
}

fn serve(exchange: &Exchange<'_>, path: &str, body: &[u8]) -> Answer {
    match path.trim_start_matches("/cimi/").trim_start_matches('/') {
        "machines" => collection(exchange, Collection::<Machine>::TYPE, body),
        "machineTemplates" => collection(exchange, Collection::<MachineTemplate>::TYPE, body),
        "machineImages" => collection(exchange, Collection::<MachineImage>::TYPE, body),
        "systems" => collection(exchange, Collection::<System>::TYPE, body),
        "machines/1/volumes" => collection(exchange, Collection::<LocatedVolume>::TYPE, body),
        "machines/1" => resource(exchange, &machine(), body),
        "machines/1/start" => {
            let machine = machine();
            let target = Target::resource(&machine).for_operation("start");
            act(exchange, &machine, &target, body)
        }
        "systems/1" => resource(exchange, &system(), body),
        "jobs/1" => {
            resource(exchange, &Job { operations: operations(&["edit", "delete", "stop"]), ..Job::default() }, body)
        }
        "" | "cloudEntryPoint" => resource(exchange, &CloudEntryPoint::default(), body),
        _ => Err(Refusal::not_found()),
    }
}

fn operations(names: &[&str]) -> Vec<Operation> {
    let operation =
        |name: &&str| Operation { rel: Some(lifecycle::rel(name)), href: Some("o".into()), ..Operation::default() };
    names.iter().map(operation).collect()
}

fn machine() -> Machine {
    let mut machine = Machine {
        id: Some("machines/1".into()),
        name: Some("web".into()),
        state: Some(MachineState::Stopped),
        cpu: Some(1),
        disks: Some(Ref::to("machines/1/disks")),
        operations: operations(&["edit", "delete", "start", "capture", "snapshot", "restore", "connectvolume"]),
        ..Machine::default()
    };
    machine.properties.insert("k", "v");
    machine.extensions.insert("realm", "eu");
    machine
}

fn system() -> System {
    let offered = operations(&["edit", "delete", "start", "stop", "export", "import"]);
    System { id: Some("systems/1".into()), name: Some("shop".into()), operations: offered, ..System::default() }
}

fn collection(exchange: &Exchange<'_>, record_type: &'static Type, body: &[u8]) -> Answer {
    let target = Target::collection(record_type);
    match exchange.decode(&target, body)? {
        Call::Read => {
            let expanded = |_: &Uri| -> Option<Box<dyn Record>> { Some(Box::new(MachineConfiguration::default())) };
            let mut machines: Collection<Machine> = [machine(), Machine::default()].into_iter().collect();
            exchange.read(&mut machines, &expanded, None)
        }
        Call::Options => Ok(exchange.options(&target)),
        Call::Create(document) => create(exchange, &document),
        Call::Insert(membership) => Ok(member(exchange, &membership)),
        Call::Remove(membership) => {
            let mut machines: Collection<Machine> = std::iter::once(machine()).collect();
            upkeep::take_out(&mut machines, &membership.href);
            Ok(exchange.done(&Outcome::default()))
        }
        Call::Action(request) => action(exchange, &machine(), &request),
        other => Err(Refusal::internal(format!("{other:?}"))),
    }
}

fn create(exchange: &Exchange<'_>, request: &Document) -> Answer {
    let stored = |_: &Uri, wanted: &'static Type| -> cimi_model::Result<Box<dyn Record>> {
        let entry = exchange.provider().registry.by_name(wanted.name);
        Ok((entry.ok_or_else(|| Error::new(ErrorKind::Type, "no such type"))?.new)())
    };
    let bounds = Bounds { steps: 100, references: 100, ..Bounds::default() };
    let plan = Expander::new(&exchange.provider().registry, &stored).bounds(bounds).instantiate(request.record());
    let plan = plan.map_err(|problems| Refusal::bad_request(problems.to_string()))?;
    let mut resource = plan.resource(plan.root()).map_err(|error| Refusal::bad_request(error.to_string()))?;
    upkeep::register(&mut *resource, &"machines/2".into(), None, &now());
    let state = plan.steps().get(plan.root()).and_then(|step| step.initial_state.as_deref());
    let _ = upkeep::create(&mut *resource, &Rules::of(plan.steps()[plan.root()].record_type()), state);
    Ok(exchange.created(&Outcome { record: Some(&*resource), job: Some(&"jobs/1".into()), ..Outcome::default() }))
}

fn member(exchange: &Exchange<'_>, membership: &Membership) -> Response<Vec<u8>> {
    let mut machines: Collection<Machine> = std::iter::once(machine()).collect();
    match &membership.item {
        Some(item) => upkeep::put_in(&mut machines, item.record()),
        None => upkeep::put_in(&mut machines, &Machine { id: Some(membership.href.clone()), ..Machine::default() }),
    };
    exchange.done(&Outcome { record: Some(&machines), ..Outcome::default() })
}

fn resource(exchange: &Exchange<'_>, record: &dyn Record, body: &[u8]) -> Answer {
    act(exchange, record, &Target::resource(record), body)
}

fn act(exchange: &Exchange<'_>, record: &dyn Record, target: &Target<'_>, body: &[u8]) -> Answer {
    match exchange.decode(target, body)? {
        Call::Read => exchange.read(&mut *record.boxed_clone(), &(), None),
        Call::Options => Ok(exchange.options(target)),
        Call::Update(update) => {
            let rules = UpdateRules { dialect: exchange.provider().dialect, ..UpdateRules::default() };
            let updated = rules.apply(record, &update);
            let problems =
                |problems: Vec<_>| Refusal::bad_request("it cannot be updated").with_problems(texts(&problems));
            let updated = updated.map_err(problems)?;
            Ok(exchange.done(&Outcome { record: Some(&*updated.resource), ..Outcome::default() }))
        }
        Call::Delete => {
            let deletion = Relations::new(&[record], None).deletion(&["machines/1"], &[]);
            deletion.apply(&mut *record.boxed_clone());
            Ok(exchange.accepted(&Outcome { job: Some(&"jobs/1".into()), ..Outcome::default() }))
        }
        Call::Action(request) => action(exchange, record, &request),
        other => Err(Refusal::internal(format!("{other:?}"))),
    }
}

fn texts(problems: &[cimi_model::validate::Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

fn action(exchange: &Exchange<'_>, record: &dyn Record, request: &ActionRequest) -> Answer {
    let _ = (Export::of(&request.body, &["application/ovf"]), Import::of(&request.body));
    let mut record = record.boxed_clone();
    let rules = Rules::of(record.record_type());
    let step = upkeep::begin(&mut *record, &rules, &request.name, &Invocation::default());
    let step = step.map_err(|error| Refusal::conflict(error.to_string()))?;
    upkeep::complete(&mut *record, &step);
    Ok(exchange.done(&Outcome { record: Some(&*record), ..Outcome::default() }))
}

//! Batches as documents.

use cimi_model::describe::{DescribeOptions, metadata_for};
use cimi_model::reflect::Described;
use cimi_model::validate::{Severity, Validation};
use cimi_model::{
    Action, CloudEntryPoint, Collection, Credential, Dialect, Document, Format, Machine, MachineCreate,
    MachineTemplate, ReadOptions, Ref, Registry,
};
use cimi_protocol::batch::{
    self, Batch, BatchMode, BatchStep, Request, StepResult, StepState, result, result_attribute,
};
use cimi_protocol::provider::{Call, Provider, Target};

use crate::{at, created, run};

const BASE: &str = "http://example.com/cimi/";

fn registry() -> Registry {
    Registry::standard().with_collection::<Batch>()
}

fn machine() -> MachineCreate {
    let template = MachineTemplate {
        volumes: vec![cimi_model::MachineTemplateVolume {
            volume: Some(Ref::to(result("data"))),
            ..Default::default()
        }],
        ..Default::default()
    };
    MachineCreate { name: Some("web".into()), machine_template: Some(Ref::by_value(template)), ..Default::default() }
}

fn sample() -> Batch {
    let volume = Action { volume: Some(Ref::to(result("data"))), ..Default::default() };
    Batch { name: Some("move in".into()), ..Batch::best_effort() }
        .step(BatchStep::add("volumes", &cimi_model::VolumeCreate::default()).unwrap().named("data"))
        .step(BatchStep::add("machines", &machine()).unwrap().named("web").after("data"))
        .step(BatchStep::invoke("connectvolume", result("web")).with_body(&volume).unwrap())
        .step(BatchStep::delete("machines/7"))
}

#[test]
fn a_batch_survives_every_format_and_version() {
    let registry = registry();
    for format in [Format::Json, Format::Xml] {
        for dialect in [Dialect::V1, Dialect::V2] {
            let text = Document::new(sample()).to_string(format, dialect.into()).unwrap();
            let read = Document::read(text.as_bytes(), &registry, &ReadOptions::strict());
            let read = read.unwrap_or_else(|error| panic!("{error}\n{text}")).value;
            assert_eq!(read.as_ref::<Batch>(), Some(&sample()), "{text}");
            assert!(text.contains("http://cimi-rs.org/ext/1"), "{text}");
        }
    }
}

#[test]
fn what_consumers_build_is_valid() {
    let registry = registry();
    let validation = Validation { registry: Some(&registry), ..Validation::create() };
    let problems = validation.problems(&sample());
    assert!(problems.iter().all(|problem| problem.severity != Severity::Error), "{problems:?}");
    // What it does not say is wrong.
    let empty = Batch { steps: vec![BatchStep::default()], ..Default::default() };
    let paths: Vec<String> = validation.problems(&empty).into_iter().map(|problem| problem.path).collect();
    assert!(paths.contains(&"/Batch/steps[0]/action".to_owned()), "{paths:?}");
}

#[test]
fn a_provider_decodes_it_like_any_other_request() {
    let provider = Provider { registry: registry(), ..Default::default() };
    let target = Target::collection(Collection::<Batch>::TYPE);
    for (format, media_type) in [(Format::Json, "application/json"), (Format::Xml, "application/xml")] {
        let body = Document::new(sample()).to_string(format, Dialect::V2.into()).unwrap();
        let request = http::Request::post("/batches").header("Content-Type", media_type);
        let (head, ()) = request.body(()).unwrap().into_parts();
        let call = provider.accept(&head).unwrap().decode(&target, body.as_bytes()).unwrap();
        let Call::Create(document) = call else { panic!("{call:?}") };
        assert_eq!(document.as_ref::<Batch>(), Some(&sample()));
    }
}

fn request_of(text: &str) -> Request {
    let parsed = Document::read(text.as_bytes(), &registry(), &ReadOptions::default()).unwrap();
    let mut run = run(parsed.value.into_value::<Batch>().unwrap());
    run.begin(0, &at(1)).unwrap()
}

#[test]
fn a_request_may_stand_in_xml_as_an_element() {
    let text = r#"<Batch xmlns="http://cimi-rs.org/ext/1">
        <mode>ALL_OR_NOTHING</mode>
        <steps><step>
            <name>web</name><action>add</action><target href="machines"/>
            <body><MachineCreate xmlns="http://schemas.dmtf.org/cimi/2">
                <name>web</name>
                <machineTemplate><machineConfig><cpu>2</cpu><memory>1024</memory></machineConfig></machineTemplate>
            </MachineCreate></body>
        </step></steps></Batch>"#;
    let request = request_of(text);
    let document = request.document(&registry(), None, &ReadOptions::strict()).unwrap().unwrap().value;
    let create: &MachineCreate = document.as_ref().unwrap();
    assert_eq!(create.name.as_deref(), Some("web"));
    let config = create.machine_template.as_ref().unwrap().value.as_ref().unwrap().machine_config.clone().unwrap();
    assert_eq!(config.value.unwrap().cpu, Some(2));
    let message = request.to_http(&BASE.into()).unwrap();
    assert_eq!(message.method(), "POST");
    assert_eq!(message.headers()["content-type"], "application/xml");
    assert_eq!(Format::of(message.body()), Format::Xml);
}

#[test]
fn bodies_in_the_form_of_json() {
    let step = |body: &str| {
        format!(
            r#"{{"resourceURI": "http://cimi-rs.org/ext/1/Batch",
                "steps": [{{"action": "add", "target": {{"href": "machines"}}, "body": {body}}}]}}"#
        )
    };
    let typed = request_of(&step(r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCreate", "name": "x"}"#));
    let document = typed.document(&registry(), None, &ReadOptions::strict()).unwrap().unwrap().value;
    assert_eq!(document.as_ref::<MachineCreate>().unwrap().name.as_deref(), Some("x"));
    // Without its type, it is what is expected there.
    let bare = request_of(&step(r#"{"name": "x"}"#));
    let registry = registry();
    assert!(bare.document(&registry, None, &ReadOptions::default()).is_err());
    let expected = registry.by_name("MachineCreate");
    let document = bare.document(&registry, expected, &ReadOptions::strict()).unwrap().unwrap().value;
    assert_eq!(document.as_ref::<MachineCreate>().unwrap().name.as_deref(), Some("x"));
    for wrong in [r#""text""#, "[1]", "7"] {
        let request = request_of(&step(wrong));
        assert!(request.document(&registry, expected, &ReadOptions::default()).is_err(), "{wrong}");
        assert!(request.to_http(&BASE.into()).is_err(), "{wrong}");
    }
}

#[test]
fn operations_become_messages() {
    let mut run = run(Batch::best_effort()
        .step(
            BatchStep::edit("machines/1?$select=name", &Machine { name: Some("a".into()), ..Default::default() })
                .unwrap(),
        )
        .step(BatchStep::delete("machines/2"))
        .step(
            BatchStep::invoke("stop", "machines/3")
                .with_body(&Action { force: Some(true), ..Default::default() })
                .unwrap(),
        )
        .step(BatchStep::invoke("http://example.com/hibernate", "machines/4"))
        .step(BatchStep::delete("http://exa mple.com/")));
    let mut message = |step| run.begin(step, &at(1)).unwrap().to_http(&BASE.into());
    let edit = message(0).unwrap();
    assert_eq!(
        (edit.method().as_str(), edit.uri().to_string()),
        ("PUT", "http://example.com/cimi/machines/1?$select=name".to_owned())
    );
    let delete = message(1).unwrap();
    assert_eq!((delete.method().as_str(), delete.body().len()), ("DELETE", 0));
    let body = |request: http::Request<Vec<u8>>| String::from_utf8(request.into_body()).unwrap();
    let stop = body(message(2).unwrap());
    assert!(stop.contains(r#""force":true"#) && stop.contains("http://schemas.dmtf.org/cimi/2/action/stop"), "{stop}");
    let hibernate = body(message(3).unwrap());
    assert!(hibernate.contains(r#""action":"http://example.com/hibernate""#), "{hibernate}");
    assert_eq!(message(4).unwrap_err().kind(), cimi_protocol::ErrorKind::Uri);
}

#[test]
fn secrets_are_not_printed() {
    let credential = Credential { password: Some("hush".into()), ..Default::default() };
    let batch = Batch::all_or_nothing().step(BatchStep::add("credentials", &credential).unwrap());
    let mut run = run(batch.clone());
    let request = run.begin(0, &at(1)).unwrap();
    let printed = format!("{batch:?} {run:?} {request:?}");
    assert!(!printed.contains("hush"), "{printed}");
    assert!(String::from_utf8(request.to_http(&BASE.into()).unwrap().into_body()).unwrap().contains("hush"));
}

#[test]
fn consumers_find_where_batches_go() {
    let mut entry = CloudEntryPoint::default();
    batch::offer(&mut entry, &"http://example.com/batches".into());
    for format in [Format::Json, Format::Xml] {
        let text = Document::new(entry.clone()).to_string(format, Dialect::V2.into()).unwrap();
        let read = Document::read(text.as_bytes(), &registry(), &ReadOptions::strict()).unwrap().value;
        assert_eq!(batch::collection(read.as_ref().unwrap()), Some("http://example.com/batches".into()), "{text}");
    }
    let options = DescribeOptions { extensions: vec![batch::description()], ..Default::default() };
    let mut metadata = metadata_for(CloudEntryPoint::described(), &options);
    metadata.id = Some("rm/1".into());
    let validation = Validation { metadata: vec![&metadata], ..Validation::read() };
    let problems = validation.problems(&entry);
    assert!(problems.iter().all(|problem| !problem.path.contains("batches")), "{problems:?}");
    let problems = Validation::read().problems(&metadata);
    assert!(problems.iter().all(|problem| problem.severity != Severity::Error), "{problems:?}");
}

#[test]
fn results_take_the_place_of_references() {
    let mut run = run(sample());
    run.begin(0, &at(1)).unwrap();
    run.done(0, created("http://example.com/v/9"), &at(2)).unwrap();
    let request = run.begin(1, &at(3)).unwrap();
    let document = request.document(&registry(), None, &ReadOptions::strict()).unwrap().unwrap().value;
    let template = document.as_ref::<MachineCreate>().unwrap().machine_template.clone().unwrap().value.unwrap();
    assert_eq!(template.volumes[0].volume, Some(Ref::to("http://example.com/v/9")));
    run.done(1, created("http://example.com/m/1"), &at(4)).unwrap();
    let request = run.begin(2, &at(5)).unwrap();
    assert_eq!((request.action.as_str(), request.target.as_str()), ("connectvolume", "http://example.com/m/1"));
    let jobs: Vec<_> =
        run.nested_jobs().map(|job| job.target_resource.clone().and_then(|target| target.href)).collect();
    assert_eq!(jobs[2], Some("http://example.com/m/1".into()));
}

#[test]
fn results_have_attributes() {
    let disk = BatchStep::add(result_attribute("web", "disks"), &Machine::default()).unwrap();
    let batch = || {
        Batch::all_or_nothing()
            .step(BatchStep::add("machines", &machine_alone()).unwrap().named("web"))
            .step(disk.clone())
    };
    let with = |record: Option<Machine>| {
        let mut run = run(batch());
        run.begin(0, &at(1)).unwrap();
        let record = record.map(|machine| Box::new(machine) as Box<dyn cimi_model::reflect::Record>);
        run.done(0, StepResult { record, ..created("m/1") }, &at(2)).unwrap();
        let request = run.begin(1, &at(3)).map(|request| request.target);
        (request.map_err(|error| error.reason().to_owned()), run)
    };
    let (target, _) = with(Some(Machine { disks: Some(Ref::to("m/1/disks")), ..Default::default() }));
    assert_eq!(target.unwrap().as_str(), "m/1/disks");
    for (record, reason) in [
        (None, "the result of 'web' is not at hand"),
        (Some(Machine::default()), "the result of 'web' has no URI in 'disks'"),
    ] {
        let (target, run) = with(record);
        assert_eq!(target.unwrap_err(), reason);
        // The step has failed by that.
        assert_eq!(run.state(1), Some(StepState::Failed));
        assert_eq!(run.nested_jobs().nth(1).unwrap().status_message.as_deref(), Some(reason));
    }
}

fn machine_alone() -> MachineCreate {
    MachineCreate { machine_template: Some(Ref::to("mt/1")), ..Default::default() }
}

#[test]
fn the_mode_is_all_or_nothing_unless_said() {
    assert!(Batch::default().is_all_or_nothing() && Batch::all_or_nothing().is_all_or_nothing());
    assert!(!Batch::best_effort().is_all_or_nothing());
    assert!(Batch { mode: Some(BatchMode::Other("x".into())), ..Default::default() }.is_all_or_nothing());
}

#[test]
fn properties_are_the_consumers_own() {
    let mut request = machine_alone();
    request.properties.insert("note", "urn:x-cimi:result:nobody");
    let mut run = run(Batch::all_or_nothing().step(BatchStep::add("machines", &request).unwrap()));
    let text = run.begin(0, &at(1)).unwrap().to_http(&BASE.into()).unwrap().into_body();
    assert!(String::from_utf8(text).unwrap().contains("urn:x-cimi:result:nobody"));
}

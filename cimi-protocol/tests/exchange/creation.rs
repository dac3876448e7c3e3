//! Requests for new resources (4.2.1.1, 5.5.12.1).

use cimi_model::meta::{Kind, Role};
use cimi_model::reflect::{Described, Record};
use cimi_model::registry::Entry;
use cimi_model::{
    Collection, Credential, Dialect, Format, Machine, MachineCreate, MachineImage, MachineTemplate, Registry, Volume,
    attributes,
};
use cimi_protocol::provider::{Call, Provider, Target};

use super::support::{DIALECTS, FORMATS, call, post, provider, status, written};

fn created(call: Call) -> cimi_model::Document {
    match call {
        Call::Create(document) => document,
        other => panic!("{other:?}"),
    }
}

/// An example of what is sent to a collection: the request with a template by reference, or the resource itself.
fn example(registry: &Registry, item: Entry) -> Box<dyn Record> {
    let maker = registry.by_name(&format!("{}Create", item.record_type.name));
    let mut record = (maker.copied().unwrap_or(item).new)();
    attributes::set_text(&mut *record, "name", "new");
    for attribute in record.record_type().attributes {
        if record.record_type().role == Role::Create && matches!(attribute.kind, Kind::Ref(_)) {
            attributes::set_href(&mut *record, attribute.name, &"templates/1".into());
        }
        if attribute.constraints.consumer_mandatory && attribute.constraints.consumer_writable {
            attributes::set_text(&mut *record, attribute.name, "http://example.com/x");
        }
    }
    record
}

/// Whether the items of a collection are resources, and not what refers to them.
fn is_resource(item: Entry) -> bool {
    item.record_type
        .attributes
        .iter()
        .all(|attribute| attribute.dependence != Some(cimi_model::meta::Dependence::Accessory))
}

#[test]
fn every_collection_takes_what_is_added_to_it() {
    let registry = Registry::standard();
    let mut done = 0;
    for collection in registry.iter().map(|entry| entry.record_type) {
        let Some(members) = collection.members else { continue };
        let item = *registry.by_name((members.item)().name).expect("registered");
        if !is_resource(item) {
            continue;
        }
        let record = example(&registry, item);
        let offered = super::support::operations(&["add"]);
        let target = Target::collection(collection).offering(&offered);
        for (format, dialect) in FORMATS.into_iter().flat_map(|format| DIALECTS.map(|dialect| (format, dialect))) {
            // In 1.x some have no name.
            let has_name = record.record_type().attribute("name").is_some_and(|name| dialect.has(name.versions));
            if !dialect.has(record.record_type().versions) || !has_name {
                continue;
            }
            let provider = Provider { dialect, ..provider() };
            let text = written(&*record, format, dialect);
            let document = created(
                call(&provider, post(format), &target, &text).unwrap_or_else(|error| panic!("{text}: {error}")),
            );
            assert_eq!(*document.record(), *record, "{text}");
            // In JSON the type need not be said.
            if format == Format::Json {
                let mut untyped: serde_json::Value = serde_json::from_str(&text).unwrap();
                untyped.as_object_mut().unwrap().remove("resourceURI");
                let document = created(call(&provider, post(format), &target, untyped.to_string()).unwrap());
                assert_eq!(*document.record(), *record, "{untyped}");
            }
            done += 1;
        }
    }
    assert!(done > 100, "{done}");
}

#[test]
fn templates_come_by_value_and_by_reference() {
    let target = Target::collection(Collection::<Machine>::TYPE);
    let json = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCreate", "name": "web",
        "properties": {"owner": "ops"},
        "machineTemplate": {"href": "machineTemplates/1", "initialState": "STARTED", "credential": null}}"#;
    let xml = r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"><name>web</name>
        <properties><property key="owner">ops</property></properties>
        <machineTemplate href="machineTemplates/1"><initialState>STARTED</initialState><credential/></machineTemplate>
        </MachineCreate>"#;
    for (format, body) in [(Format::Json, json), (Format::Xml, xml)] {
        let document = created(call(&provider(), post(format), &target, body).unwrap());
        let request: MachineCreate = document.into_value().expect("a MachineCreate");
        assert_eq!(request.properties.get("owner"), Some("ops"));
        let template = request.machine_template.expect("a template");
        assert_eq!(template.href.as_ref().map(cimi_model::Uri::as_str), Some("machineTemplates/1"));
        let overrides = template.value.expect("overrides");
        assert!(overrides.initial_state.is_some());
        assert_eq!(overrides.extensions.get("credential"), Some(&cimi_model::Any::Null));
    }
    let by_value =
        r#"{"machineTemplate": {"machineConfig": {"cpu": 2, "memory": 4194304}, "machineImage": {"href": "i"}}}"#;
    let document = created(call(&provider(), post(Format::Json), &target, by_value).unwrap());
    let template = document.as_ref::<MachineCreate>().and_then(|request| request.machine_template.as_ref()).unwrap();
    assert!(template.href.is_none() && template.value.as_ref().unwrap().machine_config.is_some());
}

/// Peers post templates, images and configurations as `XCreate` (4.2.1.1 has only the resource itself).
#[test]
fn roots_of_peers_are_understood() {
    let templates = Target::collection(Collection::<MachineTemplate>::TYPE);
    for (format, body) in [
        (
            Format::Xml,
            r#"<MachineTemplateCreate xmlns="http://schemas.dmtf.org/cimi/1"><name>t</name></MachineTemplateCreate>"#,
        ),
        (Format::Xml, r#"<MachineTemplate xmlns="http://schemas.dmtf.org/cimi/1"><name>t</name></MachineTemplate>"#),
        (Format::Xml, "<MachineTemplate><name>t</name></MachineTemplate>"),
        (Format::Json, r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/MachineTemplateCreate", "name": "t"}"#),
        (Format::Json, r#"{"name": "t"}"#),
    ] {
        let document = created(call(&provider(), post(format), &templates, body).unwrap());
        assert_eq!(document.as_ref::<MachineTemplate>().unwrap().name.as_deref(), Some("t"), "{body}");
        let strict = Provider { strict: true, ..provider() };
        let deviates = body.contains("Create") || body.starts_with("<MachineTemplate>");
        assert_eq!(call(&strict, post(format), &templates, body).is_err(), deviates, "{body}");
    }
}

/// What has no states can be created as itself, although there is a request for it; a Machine cannot (5.14.2.1).
#[test]
fn what_is_created_as_itself() {
    let credentials = Target::collection(Collection::<Credential>::TYPE);
    for body in [r#"{"name": "c"}"#, r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Credential", "name": "c"}"#] {
        let strict = Provider { strict: true, ..provider() };
        assert!(call(&strict, post(Format::Json), &credentials, body).is_ok(), "{body}");
        let document = created(call(&provider(), post(Format::Json), &credentials, body).unwrap());
        assert_eq!(document.as_ref::<Credential>().unwrap().name.as_deref(), Some("c"), "{body}");
    }
    let body = r#"{"name": "c", "credentialTemplate": {"href": "t"}}"#;
    let document = created(call(&provider(), post(Format::Json), &credentials, body).unwrap());
    assert_eq!(document.record().record_type().name, "CredentialCreate");

    let machines = Target::collection(Collection::<Machine>::TYPE);
    for body in ["{}", r#"{"name": "m"}"#, r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Machine", "cpu": 2}"#] {
        let refusal = call(&provider(), post(Format::Json), &machines, body).unwrap_err();
        assert_eq!(refusal.status(), 400);
        assert!(
            refusal.message().contains("machineTemplate") || refusal.message().contains("MachineCreate"),
            "{refusal}"
        );
    }
}

/// A consumer cannot decide about what only the provider sets (5.3).
#[test]
fn what_the_provider_sets_is_taken_out() {
    let images = Target::collection(Collection::<MachineImage>::TYPE);
    let body = r#"{"id": "images/7", "name": "i", "created": "2001-01-01T00:00:00Z", "state": "AVAILABLE", "type": "IMAGE",
        "imageLocation": "machines/1", "operations": [{"rel": "edit", "href": "x"}]}"#;
    let image: MachineImage =
        created(call(&provider(), post(Format::Json), &images, body).unwrap()).into_value().unwrap();
    let expected = MachineImage {
        name: Some("i".into()),
        image_type: Some(cimi_model::ImageType::Image),
        image_location: Some("machines/1".into()),
        ..MachineImage::default()
    };
    assert_eq!(image, expected);
}

#[test]
fn other_types_are_refused() {
    let volumes = Target::collection(Collection::<Volume>::TYPE);
    for (format, body) in [
        (
            Format::Json,
            r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCreate", "machineTemplate": {"href": "t"}}"#,
        ),
        (Format::Json, r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/VolumeCollection"}"#),
        (Format::Json, r#"{"resourceURI": "http://example.com/Rack"}"#),
        (Format::Xml, r#"<MachineCreate xmlns="http://schemas.dmtf.org/cimi/2"/>"#),
        (Format::Xml, "<Foo/>"),
        (Format::Xml, r#"<VolumeCreate xmlns="http://example.com/"/>"#),
    ] {
        let refusal = call(&provider(), post(format), &volumes, body).unwrap_err();
        assert_eq!(refusal.status(), 400, "{body}");
        assert!(refusal.message().starts_with("expected VolumeCreate, found "), "{refusal}");
    }
}

#[test]
fn a_collection_may_offer_nothing() {
    let body = r#"{"machineTemplate": {"href": "t"}}"#;
    let none = Target::collection(Collection::<Machine>::TYPE).offering(&[]);
    assert_eq!(status(call(&provider(), post(Format::Json), &none, body)), 405);
    let other = super::support::operations(&["insert"]);
    let other = Target::collection(Collection::<Machine>::TYPE).offering(&other);
    assert_eq!(status(call(&provider(), post(Format::Json), &other, body)), 409);
    let mut later = super::support::operations(&["add"]);
    later[0].available = Some(false);
    let later = Target::collection(Collection::<Machine>::TYPE).offering(&later);
    assert_eq!(status(call(&provider(), post(Format::Json), &later, body)), 409);
}

#[test]
fn unknown_attributes_are_refused_unless_the_provider_takes_them() {
    let machines = Target::collection(Collection::<Machine>::TYPE);
    let body = r#"{"machineTemplate": {"href": "t", "machineConfig": {"gpu": 1}}, "realm": "eu"}"#;
    let refusal = call(&provider(), post(Format::Json), &machines, body).unwrap_err();
    assert_eq!((refusal.status().as_u16(), refusal.problems().len()), (400, 2));
    assert!(refusal.problems()[0].starts_with("/MachineCreate/machineTemplate/machineConfig/gpu: "), "{refusal}");

    let open = Provider { accept_unknown: true, ..provider() };
    let document = created(call(&open, post(Format::Json), &machines, body).unwrap());
    assert!(document.record().extensions().get("realm").is_some());

    // An attribute that the provider's metadata describe is known.
    let described = cimi_model::AttributeDescription { name: Some("realm".into()), ..Default::default() };
    let metadata = cimi_model::ResourceMetadata {
        type_uri: Some(MachineCreate::described().uri(Dialect::V2).as_str().into()),
        attributes: vec![described],
        ..Default::default()
    };
    let declared = Provider { metadata: vec![metadata], ..provider() };
    let body = r#"{"machineTemplate": {"href": "t"}, "realm": "eu"}"#;
    assert!(call(&declared, post(Format::Json), &machines, body).is_ok());
}

//! The descriptions of providers, held against a validator of JSON Schema, the tables, and what the library writes and
//! reads.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::collections::{HashMap, HashSet};

use cimi_model::meta::{Role, Type};
use cimi_model::reflect::Described;
use cimi_model::schema::sample;
use cimi_model::{Collection, Dialect, Document, Format, Machine, ReadOptions, Registry, collection, json, resource};
use cimi_protocol::openapi::{Api, Parameter, Path, Place, Security, to_text};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

const DIALECTS: [Dialect; 2] = [Dialect::V1, Dialect::V2];
const METHODS: [&str; 4] = ["get", "put", "post", "delete"];

/// A provider of all types of a registry, at paths that only this test has.
fn everything(registry: Registry, dialect: Dialect) -> Api {
    let mut api = Api::new("Everything", "1");
    api.dialect = dialect;
    for entry in registry.iter().filter(|entry| dialect.has(entry.record_type.versions)) {
        let of = entry.record_type;
        match of.members {
            Some(members) => {
                api.paths.push(Path::new(format!("/all/{}", of.name), of));
                api.paths.push(Path::new(format!("/all/{}/{{id}}", of.name), (members.item)()));
            }
            None if of.name == "CloudEntryPoint" => api.paths.push(Path::new("/", of).only(&["edit"])),
            None => {}
        }
    }
    api.registry = registry;
    api
}

/// A document, with a validator of all of its schemas as members that are called after them.
struct Description {
    api: Api,
    document: Value,
    validator: Validator,
}

impl Description {
    fn new(api: Api) -> Self {
        let document = api.document();
        let names = document["components"]["schemas"].as_object().unwrap().keys();
        let links: Map<String, Value> =
            names.map(|name| (name.clone(), json!({ "$ref": format!("#/components/schemas/{name}") }))).collect();
        let schema = json!({ "properties": links, "components": document["components"] });
        let validator = jsonschema::options().offline().build(&schema).unwrap();
        Self { api, document, validator }
    }

    fn of(dialect: Dialect) -> Self {
        Self::new(everything(Registry::standard(), dialect))
    }

    /// Each operation with its path and method.
    fn operations(&self) -> impl Iterator<Item = (&Path, &'static str, &Value)> {
        let all = self.api.paths.iter().flat_map(|path| METHODS.map(|method| (path, method)));
        all.filter_map(|(path, method)| Some((path, method, self.document["paths"][&path.template].get(method)?)))
    }

    fn operation(&self, template: &str, method: &str) -> &Value {
        &self.document["paths"][template][method]
    }

    /// Whether a document is one by any of the schemas that this place names.
    fn accepts(&self, schema: &Value, document: &Value) -> bool {
        let choices = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(key)?.as_array());
        if let Some(choices) = choices {
            return choices.iter().any(|choice| self.accepts(choice, document));
        }
        if let Some(all) = schema.get("allOf").and_then(Value::as_array) {
            let required = schema["required"].as_array().unwrap();
            return all.iter().all(|part| self.accepts(part, document))
                && required.iter().all(|name| document.get(name.as_str().unwrap()).is_some());
        }
        let name = schema["$ref"].as_str().unwrap().strip_prefix("#/components/schemas/").unwrap();
        self.validator.is_valid(&json!({ name: document }))
    }
}

fn body(operation: &Value) -> &Value {
    &operation["requestBody"]["content"]["application/json"]["schema"]
}

fn answer<'a>(operation: &'a Value, status: &str) -> &'a Value {
    &operation["responses"][status]["content"]["application/json"]["schema"]
}

fn example(registry: &Registry, of: &Type, dialect: Dialect) -> Value {
    let entry = registry.by_name(of.name).unwrap();
    serde_json::from_str(&json::to_string(&*sample::of(entry, dialect), dialect.into()).unwrap()).unwrap()
}

/// All members of this name in a document.
fn each<'a>(value: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get(name));
            members.values().for_each(|member| each(member, name, found));
        }
        Value::Array(items) => items.iter().for_each(|item| each(item, name, found)),
        _ => {}
    }
}

#[test]
fn each_link_leads_somewhere_and_each_component_is_linked_to() {
    for dialect in DIALECTS {
        let Description { document, .. } = Description::of(dialect);
        let mut links = Vec::new();
        each(&document, "$ref", &mut links);
        let links: HashSet<&str> = links.into_iter().map(|link| link.as_str().unwrap()).collect();
        assert!(links.len() > 200);
        for link in &links {
            assert!(document.pointer(link.strip_prefix('#').unwrap()).is_some(), "{link}");
        }
        for (kind, named) in document["components"].as_object().unwrap() {
            for name in named.as_object().unwrap().keys().filter(|_| kind != "securitySchemes") {
                assert!(links.contains(format!("#/components/{kind}/{name}").as_str()), "{kind} {name}");
            }
        }
    }
}

#[test]
fn operations_say_what_they_are() {
    for dialect in DIALECTS {
        let description = Description::of(dialect);
        let tags: Vec<&Value> =
            description.document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
        let mut names = HashSet::new();
        for (path, method, operation) in description.operations() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name), "{name} twice");
            assert!(name.bytes().all(|b| b.is_ascii_alphanumeric()), "{name}");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{name}");
            assert!(operation["description"].as_str().is_some_and(|text| !text.is_empty()), "{name}");
            assert!(tags.contains(&&operation["tags"][0]), "{name}");
            let statuses = operation["responses"].as_object().unwrap();
            assert!(statuses.contains_key("200") || statuses.contains_key("201"), "{name}");
            assert!(["400", "404", "405", "406"].iter().all(|status| statuses.contains_key(*status)), "{name}");
            assert_eq!(operation.get("requestBody").is_some(), matches!(method, "put" | "post"), "{name}");
            assert_eq!(statuses.contains_key("415"), matches!(method, "put" | "post"), "{name}");
            assert_eq!(
                path.template.contains("{id}"),
                description.document["paths"][&path.template].get("parameters").is_some()
            );
        }
        // One for each operation of the tables, besides reading; POST serves all that are neither edit nor delete.
        let expected = description.api.paths.iter().map(|path| {
            let posts = path.operations.iter().any(|name| !matches!(name.as_ref(), "edit" | "delete"));
            let own = ["edit", "delete"].iter().filter(|name| path.operations.iter().any(|other| other == *name));
            1 + usize::from(posts) + own.count()
        });
        assert_eq!(names.len(), expected.sum::<usize>());
    }
}

#[test]
fn what_the_library_writes_is_what_the_answers_say() {
    for dialect in DIALECTS {
        let description = Description::of(dialect);
        for (path, _, operation) in description.operations().filter(|(_, method, _)| *method == "get") {
            let schema = answer(operation, "200");
            let document = example(&description.api.registry, path.record_type, dialect);
            assert!(description.accepts(schema, &document), "{}\n{document:#}", path.template);
            // What `$select` leaves, and what other versions add.
            let selected = json!({ "resourceURI": document["resourceURI"] });
            assert!(description.accepts(schema, &selected), "{selected}");
            let extended = json!({ "resourceURI": document["resourceURI"], "ext:color": ["red"] });
            assert!(description.accepts(schema, &extended), "{extended}");
            for wrong in [json!({}), json!([]), json!({ "resourceURI": "http://example.com/Other" })] {
                assert!(!description.accepts(schema, &wrong), "{} {wrong}", path.template);
            }
        }
    }
}

#[test]
fn bodies_are_taken_as_strict_reading_takes_them() {
    let mut seen = 0;
    for dialect in DIALECTS {
        let description = Description::of(dialect);
        let registry = &description.api.registry;
        for (path, _, operation) in description.operations().filter(|(_, method, _)| *method == "put") {
            let entry = registry.by_name(path.record_type.name).unwrap();
            let document = example(registry, path.record_type, dialect);
            let reads = |document: &Value| {
                Document::read_as(document.to_string().as_bytes(), entry, &ReadOptions::strict()).is_ok()
            };
            assert!(reads(&document) && description.accepts(body(operation), &document), "{document:#}");
            let attributes = path.record_type.attributes.iter().filter(|attribute| dialect.has(attribute.versions));
            for attribute in attributes {
                let mut wrong = document.clone();
                wrong[attribute.name_in(dialect)] = json!(7.5);
                assert_eq!(
                    reads(&wrong),
                    description.accepts(body(operation), &wrong),
                    "{} {}",
                    path.template,
                    attribute.name
                );
                seen += 1;
            }
            let mut unknown = document.clone();
            unknown["color"] = json!("red");
            assert!(!description.accepts(body(operation), &unknown), "{}", path.template);
        }
    }
    assert!(seen > 1000, "{seen}");
}

#[test]
fn resources_are_created_from_what_the_registry_has_for_that() {
    for dialect in DIALECTS {
        let description = Description::of(dialect);
        let registry = &description.api.registry;
        let mut templates = 0;
        for (path, _, operation) in description.operations().filter(|(_, method, _)| *method == "post") {
            let Some(members) = path.record_type.members.filter(|_| path.operations.iter().any(|name| name == "add"))
            else {
                continue;
            };
            let member = (members.item)();
            let request = registry.by_name(&format!("{}Create", member.name)).map(|entry| entry.record_type);
            let request = request.filter(|request| request.role == Role::Create && dialect.has(request.versions));
            templates += usize::from(request.is_some());
            let document = example(registry, request.unwrap_or(member), dialect);
            assert!(description.accepts(body(operation), &document), "{}\n{document:#}", path.template);
            let other = json!({ "resourceURI": dialect.uri("CloudEntryPoint") });
            assert!(!description.accepts(body(operation), &other), "{}", path.template);
            assert!(
                description.accepts(answer(operation, "201"), &example(registry, member, dialect)),
                "{}",
                path.template
            );
        }
        assert!(templates >= 9, "{templates}");
    }
}

#[test]
fn actions_are_those_of_the_tables() {
    let description = Description::of(Dialect::V2);
    let operation = description.operation("/all/MachineCollection/{id}", "post");
    let action = |name: &str| format!("http://schemas.dmtf.org/cimi/2/action/{name}");
    let machine = json!({ "href": "machines/1" });
    for (taken, document) in [
        (true, json!({ "action": action("start") })),
        (true, json!({ "action": action("stop"), "force": true, "properties": { "a": "b" } })),
        (true, json!({ "action": action("restore"), "image": { "href": "images/1" } })),
        (false, json!({ "action": action("restore") })),
        (true, json!({ "action": action("connectvolume"), "volume": { "href": "volumes/1" } })),
        (false, json!({ "action": action("connectvolume"), "volume": "volumes/1" })),
        (false, json!({ "action": action("enable") })),
        (false, json!({ "action": "start" })),
        (false, json!({ "force": true })),
        (false, json!({ "action": action("start"), "speed": 1 })),
        // An image that is to be made says so.
        (true, json!({ "resourceURI": "http://schemas.dmtf.org/cimi/2/MachineImage", "type": "SNAPSHOT" })),
        (false, json!({ "type": "SNAPSHOT" })),
    ] {
        assert_eq!(description.accepts(body(operation), &document), taken, "{document}");
    }
    let volumes = description.operation("/all/locatedVolumeCollection", "post");
    let insert =
        json!({ "action": action("insert"), "volume": { "href": "volumes/1" }, "initialLocation": "/dev/sdb" });
    assert!(description.accepts(body(volumes), &insert));
    assert!(!description.accepts(body(volumes), &json!({ "action": action("insert") })));

    let mut api = Api::new("Machines of a system", "1");
    api.paths = vec![Path::new("/machines", Collection::<Machine>::described()).only(&["insert", "remove"])];
    let description = Description::new(api);
    let machines = description.operation("/machines", "post");
    assert_eq!(machines["operationId"], "operateMachines");
    assert!(description.accepts(body(machines), &json!({ "action": action("remove"), "machine": machine })));
    assert!(!description.accepts(body(machines), &json!({ "action": action("remove"), "volume": machine })));

    let text = operation["description"].as_str().unwrap();
    assert!(text.contains("- `start`: from STOPPED, SUSPENDED, PAUSED through STARTING to STARTED"), "{text}");
    let older = Description::of(Dialect::V1);
    let operation = older.operation("/all/MachineCollection/{id}", "post");
    assert!(older.accepts(body(operation), &json!({ "action": "http://schemas.dmtf.org/cimi/1/action/start" })));
}

resource! {
    /// A rack with machines in it.
    pub Rack = "Rack" [namespace("http://example.com/racks"), operations(&["edit", "http://example.com/racks/turn"])] {
        /// Height in rack units.
        height: Option<i64> = "height" [unit("rack units"), range(1, 60)],
    }
}
collection!(Rack, "RackCollection", "racks");

#[test]
fn types_and_parameters_of_a_provider_are_described_too() {
    let registry = Registry::standard().with_collection::<Rack>();
    let mut api = Api::new("Racks", "2.1");
    api.registry = registry;
    api.servers = vec!["https://racks.example.com".to_owned()];
    let mut tenant = Parameter::new(Place::Query, "tenant", "Whose racks.");
    tenant.schema = json!({ "type": "integer" });
    let mut racks = Path::new("/racks", Collection::<Rack>::described());
    racks.parameters = vec![tenant];
    let mut rack = Path::new("/racks/{room}/{rack}", Rack::described());
    rack.parameters = vec![Parameter::new(Place::Path, "room", "The room.")];
    api.paths = vec![racks, rack];
    let description = Description::new(api);
    let racks = &description.document["paths"]["/racks"];
    assert_eq!(racks["parameters"][0]["name"], "tenant");
    assert_eq!(racks["parameters"][0]["required"], false);
    assert_eq!(racks["post"]["operationId"], "createRack");
    assert!(description.accepts(body(&racks["post"]), &json!({ "height": 42 })));
    assert!(!description.accepts(body(&racks["post"]), &json!({ "height": 61 })));
    let rack = &description.document["paths"]["/racks/{room}/{rack}"];
    let parameters: Vec<&Value> = rack["parameters"].as_array().unwrap().iter().map(|found| &found["name"]).collect();
    assert_eq!(parameters, ["room", "rack"]);
    assert_eq!(rack["parameters"][0]["description"], "The room.");
    let turn = json!({ "action": "http://example.com/racks/turn", "degrees": 90 });
    assert!(description.accepts(body(&rack["post"]), &turn));
    assert_eq!(description.document["servers"][0]["url"], "https://racks.example.com");
    assert_eq!(description.document["info"]["version"], "2.1");
    // Without Jobs there is no header that leads to one.
    assert_eq!(racks["post"]["responses"]["201"]["headers"].as_object().unwrap().len(), 1);
}

#[test]
fn options_change_what_is_said() {
    let mut api = everything(Registry::standard(), Dialect::V2);
    let of = |api: &Api| api.document();
    let document = of(&api);
    let machine = "/all/MachineCollection/{id}";
    let names = |document: &Value, method: &str| -> HashSet<String> {
        let links = document["paths"][machine][method]["parameters"].as_array().unwrap().clone();
        links.iter().map(|link| link["$ref"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()).collect()
    };
    assert!(names(&document, "put").contains("ifMatch"));
    assert!(names(&document, "get").contains("ifNoneMatch"));
    assert_eq!(document["security"], json!([{ "basic": [] }]));
    assert!(document["paths"][machine]["get"]["responses"].get("401").is_some());
    assert!(document["paths"][machine]["get"]["responses"]["200"]["content"].get("application/xml").is_some());

    api.preconditions = false;
    api.security = Security::Optional;
    let document = of(&api);
    assert!(!names(&document, "put").contains("ifMatch"));
    assert!(document["paths"][machine]["put"]["responses"].get("412").is_some());
    assert_eq!(document["security"], json!([{ "basic": [] }, {}]));
    assert!(document["paths"][machine]["get"]["responses"].get("401").is_none());

    api.etags = false;
    api.security = Security::None;
    api.formats = vec![Format::Json];
    let document = of(&api);
    assert!(document["paths"][machine]["put"]["responses"].get("412").is_none());
    assert!(!names(&document, "get").contains("ifNoneMatch") && !names(&document, "get").contains("format"));
    assert_eq!(document["components"].get("securitySchemes"), None);
    assert!(document["paths"][machine]["get"]["responses"]["200"]["content"].get("application/xml").is_none());
}

#[test]
fn resources_with_the_same_name_have_operations_of_their_own() {
    let mut api = Api::new("Systems", "1");
    let machines = Collection::<Machine>::described();
    let system = cimi_model::System::described();
    api.paths = vec![
        Path::new("/systems/{system}/machines", machines),
        Path::new("/systems/{system}", system),
        Path::new("/machines", machines),
        Path::new("/machines/{machine}", Machine::described()),
        Path::new("/old/{a}", Machine::described()),
        Path::new("/old/{a}", Machine::described()),
        Path::new("/{b}", Machine::described()),
        Path::new("/{c}/", Machine::described()),
    ];
    let document = api.document();
    let names: HashMap<&str, &Value> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(path, item)| (path.as_str(), &item["get"]["operationId"]))
        .collect();
    assert_eq!(names["/machines"], "listMachines");
    assert_eq!(names["/systems/{system}/machines"], "listSystemMachines");
    let all: HashSet<&str> = names.values().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(all.len(), 7);
}

#[test]
fn the_text_is_the_document() {
    let document = everything(Registry::standard(), Dialect::V2).document();
    assert_eq!(serde_json::from_str::<Value>(&to_text(&document)).unwrap(), document);
}

/// The patterns of parameters say what the provider takes: all that matches is understood, and of `$orderby`, nothing
/// else is.
#[test]
fn patterns_of_parameters_are_those_of_queries() {
    let document = everything(Registry::standard(), Dialect::V2).document();
    let pattern = |name: &str| {
        let schema = &document["components"]["parameters"][name]["schema"];
        jsonschema::options().offline().build(schema).unwrap()
    };
    let parses = |name: &str, value: &str| {
        let encoded = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
        format!("{name}={encoded}").parse::<cimi_protocol::query::Query>().is_ok()
    };
    let filter = pattern("filter");
    for value in ["cpu>2", " name = 'a\"b' and property['k'] != \"v\" or bootable=true", "created>=2012-02-28"] {
        assert!(filter.is_valid(&json!(value)) && parses("$filter", value), "{value}");
    }
    for value in ["", "name=mine", "cpu>", "cpu>1 and", "a='b", "property[k]='v'", "created>2012-13-01"] {
        assert!(!filter.is_valid(&json!(value)) && !parses("$filter", value), "{value}");
    }
    let order = pattern("orderby");
    for value in ["", "cpu:desc,memory", ",,", "{http://example.com/a,b}rack:asc", "a: asc ,b"] {
        assert!(order.is_valid(&json!(value)) && parses("$orderby", value), "{value}");
    }
    let pieces = ["a", ",", ":", "{", "}", "asc", "desc", " ", ":asc", ":desc", "b"];
    let mut seen = [0_usize; 2];
    for seed in 0..40_000_u64 {
        // Digits of a number that looks like chance, which is the same each time.
        let mut rest = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 24;
        let mut value = String::new();
        for _ in 0..rest % 8 {
            rest = rest.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            value.push_str(pieces[usize::try_from((rest >> 33) % 11).unwrap()]);
        }
        // A colon in braces that are never closed is beyond what a pattern should say.
        if value.rsplit_once('{').is_some_and(|(_, last)| !last.contains('}') && last.contains(':')) {
            continue;
        }
        let taken = parses("$orderby", &value);
        assert_eq!(order.is_valid(&json!(value)), taken, "{value}");
        seen[usize::from(taken)] += 1;
    }
    assert!(seen.iter().all(|seen| *seen > 1000), "{seen:?}");
}

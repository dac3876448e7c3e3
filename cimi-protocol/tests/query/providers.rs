//! A provider's own types are queried like those of the standard.

use cimi_model::{Collection, Dialect, Machine, Ref, collection, json, resource};

use crate::support::query;

resource! {
    /// A rack with machines in it.
    pub Rack = "Rack" [namespace("http://example.com/racks")] {
        /// Height in rack units.
        height: Option<i64> = "height" [v1_name("units")],
        /// The machine that switches the others on.
        controller: Option<Ref<Machine>> = "controller",
        /// A code for the door.
        code: Option<String> = "code" [secret],
    }
}
collection!(Rack, "RackCollection", "racks", v1: "RackList", "rackList");

fn racks() -> Collection<Rack> {
    let rack = |(name, height): (&str, i64)| Rack {
        name: Some(name.to_owned()),
        height: Some(height),
        controller: Some(Ref::to(format!("machines/{name}"))),
        code: Some(height.to_string()),
        ..Rack::default()
    };
    [("a", 42), ("b", 7), ("c", 20)].map(rack).into_iter().collect()
}

#[test]
fn all_parameters_work_together() {
    let store = |href: &cimi_model::Uri| {
        let machine = Machine { description: Some(href.to_string()), ..Machine::default() };
        Some(Box::new(machine) as Box<dyn cimi_model::reflect::Record>)
    };
    let mut found = racks();
    let text = "$filter=height>10&$orderby=units:desc&$first=2&$select=racks/name,rackList/controller,count&$expand=controller";
    query(text).apply(&mut found, Dialect::V2, &store);
    assert_eq!(
        json::to_string(&found, Dialect::V2.into()).unwrap(),
        "{\"resourceURI\":\"http://example.com/racks/RackCollection\",\"count\":2,\"racks\":[\
         {\"resourceURI\":\"http://example.com/racks/Rack\",\"name\":\"c\",\
         \"controller\":{\"href\":\"machines/c\",\"description\":\"machines/c\"}}]}"
    );
}

#[test]
fn secrets_of_a_provider_are_kept() {
    let mut found = racks();
    query("$orderby=code").apply(&mut found, Dialect::V2, &());
    assert_eq!(found, racks());
    query("$filter=code='7'").apply(&mut found, Dialect::V2, &());
    assert!(found.items.is_empty());
}

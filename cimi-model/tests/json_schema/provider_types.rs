//! A provider's own types, which may be called as those of the standard are.

use cimi_model::schema::{JsonSchemas, Receiver};
use cimi_model::{Dialect, Machine, Ref, Registry};
use serde_json::json;

use crate::Compiled;

cimi_model::record! {
    /// A place in a rack.
    pub Place = "disk" Structure [namespace("http://example.com/racks")] {
        /// From 1.
        number: Option<i64> = "number" [range(1, 99)],
        /// A place in the place.
        inner: Vec<Place> = "inner" [item("inner")],
    }
}

cimi_model::resource! {
    /// A rack.
    pub Rack = "Rack" [namespace("http://example.com/racks")] {
        /// Its places.
        places: Vec<Place> = "places" [item("disk")],
        /// What is in it.
        machines: Vec<Ref<Machine>> = "machines" [item("machine")],
    }
}
cimi_model::collection!(Rack, "RackCollection", "racks");

#[test]
fn they_are_described_like_the_others() {
    let registry = Registry::standard().with_collection::<Rack>();
    let compiled = Compiled::new(&registry, Dialect::V2, Receiver::Provider);
    let rack = |number: i64| json!({ "racks": [{ "places": [{ "number": 1, "inner": [{ "number": number }] }] }] });
    assert!(compiled.accepts("RackCollection", &rack(99)));
    assert!(!compiled.accepts("RackCollection", &rack(100)));
    let schemas = JsonSchemas::new(&registry, Dialect::V2, Receiver::Provider);
    let uris = schemas.file("Rack").unwrap().pointer("/properties/resourceURI/enum").cloned();
    assert_eq!(uris, Some(json!(["http://example.com/racks/Rack"])));
    // `Disk` is a resource of the standard.
    assert!(schemas.definitions().pointer("/$defs/RackDisk").is_some());
    assert!(cimi_model::schema::model(&registry).contains("\"http://example.com/racks/Rack\""));
}

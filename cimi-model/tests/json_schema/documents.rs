//! Real documents are accepted.

use cimi_model::meta::Role;
use cimi_model::{Dialect, Document, ReadOptions, Registry};

use crate::Compiled;
use crate::support::corpus;
use cimi_model::schema::Receiver;

/// Documents that strict reading takes and the schemas do not.
const EXCEPTIONS: &[(&str, &str)] = &[
    // `type` is a closed enumeration, and these have a placeholder there.
    ("024_sirocco-cimi-api-server_MachineImage-0.json", "\"typeValue_0\" is not one of"),
    ("026_sirocco-cimi-api-server_MachineImage-1.json", "\"typeValue_1\" is not one of"),
];

/// What a Consumer sends: there is no `id` yet.
const REQUESTS: &[&str] = &["229_deltacloud_site_cimi-curl-machines_4.json"];

#[test]
fn strictly_readable_documents_are_accepted() {
    let registry = Registry::standard();
    let (mut accepted, mut refused, mut requests) = (0, 0, 0);
    let compiled = Compiled::standard();
    for (name, bytes) in corpus::documents("strictly_readable_documents_are_accepted") {
        let Ok(parsed) = Document::read(&bytes, &registry, &ReadOptions::strict()) else { continue };
        let Ok(document) = serde_json::from_slice::<serde_json::Value>(&bytes) else { continue };
        let record_type = parsed.value.record().record_type();
        let is_request = record_type.role == Role::Create || REQUESTS.iter().any(|request| name.ends_with(request));
        let receiver = if is_request { Receiver::Provider } else { Receiver::Consumer };
        let speaks = |schemas: &&Compiled| schemas.receiver == receiver && schemas.dialect.has(record_type.versions);
        for schemas in compiled.iter().filter(speaks) {
            let errors = schemas.errors(record_type, &document);
            match EXCEPTIONS.iter().find(|(exception, _)| name.ends_with(exception)) {
                Some((_, reason)) => assert!(errors.iter().all(|error| error.contains(reason)), "{name}: {errors:?}"),
                None => assert!(errors.is_empty(), "{name} in {:?}: {errors:#?}", schemas.dialect),
            }
            let count = if errors.is_empty() { &mut accepted } else { &mut refused };
            *count += usize::from(Some(schemas.dialect) == parsed.dialect.or(Some(Dialect::V1)));
        }
        requests += usize::from(is_request);
    }
    println!("{accepted} accepted, {requests} requests among them; {refused} refused");
    assert!(refused == 0 || (accepted > 40 && refused == EXCEPTIONS.len()));
}

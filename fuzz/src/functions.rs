//! What the library does with a document that it has read.

use cimi_model::lifecycle::Rules;
use cimi_model::meta::Type;
use cimi_model::reflect::Record;
use cimi_model::relations::Relations;
use cimi_model::template::{Bounds, Expander};
use cimi_model::validate::{Receiver, Validation, Verb};
use cimi_model::{
    Dialect, Document, Error, ErrorKind, ReadOptions, Registry, ResourceMetadata, Uri, capabilities, scope,
};

/// Validates a document for everybody, carries out its templates, looks at its scopes, operations and relations.
pub fn functions(input: &[u8]) {
    thread_local!(static REGISTRY: Registry = Registry::standard());
    REGISTRY.with(|registry| {
        let Ok(parsed) = Document::read(input, registry, &ReadOptions::default()) else { return };
        validate(&parsed.value);
        expand(parsed.value.record(), registry);
        scopes(parsed.value.record());
        relate(parsed.value.record());
        let rules = Rules::of(parsed.value.record().record_type());
        let _ = rules.operations_of(parsed.value.record(), &|operation| Some(Uri::from(operation)));
    });
}

fn validate(document: &Document) {
    let record = document.record();
    let metadata: Vec<&ResourceMetadata> = document.as_ref().into_iter().collect();
    for receiver in [Receiver::Provider, Receiver::Consumer] {
        for verb in [Verb::Create, Verb::Read, Verb::Update, Verb::PartialUpdate] {
            for dialect in [None, Some(Dialect::V1), Some(Dialect::V2)] {
                let metadata = metadata.clone();
                let validation =
                    Validation { receiver, verb, dialect, metadata, current: Some(record), ..Default::default() };
                for problem in validation.problems(record) {
                    assert!(problem.path.starts_with('/'), "{problem}");
                }
            }
        }
    }
    for metadata in metadata {
        let _ = capabilities::problems(metadata);
    }
}

/// Every template that is referred to is the document itself, if it can be: the worst that a provider can hold.
fn expand(record: &dyn Record, registry: &Registry) {
    let itself = |_: &Uri, wanted: &'static Type| -> cimi_model::Result<Box<dyn Record>> {
        if record.record_type().name == wanted.name {
            return Ok(record.boxed_clone());
        }
        let entry = registry.by_name(wanted.name).ok_or_else(|| Error::new(ErrorKind::Type, "no such type"))?;
        Ok((entry.new)())
    };
    let bounds = Bounds { steps: 1_000, references: 1_000, ..Bounds::default() };
    if let Ok(plan) = Expander::new(registry, &itself).bounds(bounds).instantiate(record) {
        assert_eq!(plan.order().len(), plan.steps().len());
        assert!(plan.resource(plan.root()).is_ok());
    }
}

fn scopes(record: &dyn Record) {
    let Ok(scopes) = scope::of(record) else { return };
    let _ = scope::problems(&scopes);
    let mut copy = record.boxed_clone();
    // What the defaults fill is within the scopes, or they say why not.
    let _ = scope::defaults(&mut *copy, &scopes);
    let _ = scope::check(&*copy, &scopes);
}

fn relate(record: &dyn Record) {
    let resources = [record];
    let relations = Relations::new(&resources, None);
    for id in ["", "machines/1", "#name", "systems/1"] {
        let deletion = relations.deletion(&[id], &[]);
        deletion.apply(&mut *record.boxed_clone());
        let _ = relations.descendants(id).count();
    }
    let _ = relations.cycles();
}

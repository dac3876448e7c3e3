//! Requests and what becomes of them.

use cimi_model::reflect::Record;
use cimi_model::{Dialect, Document, Format, Machine, Operation, ReadOptions, Registry};
use cimi_protocol::provider::{Call, Provider, Refusal, Target};
use http::request::{Builder, Parts};
use http::{HeaderMap, Request, Response};

pub(crate) const BASE: &str = "https://cloud.example.com/cimi/";
pub(crate) const DIALECTS: [Dialect; 2] = [Dialect::V1, Dialect::V2];
pub(crate) const FORMATS: [Format; 2] = [Format::Json, Format::Xml];

/// A provider at [`BASE`] that speaks 2.0.
pub(crate) fn provider() -> Provider {
    Provider { base: BASE.into(), ..Provider::default() }
}

/// The head of a request.
pub(crate) fn head(builder: Builder) -> Parts {
    builder.body(()).expect("a request").into_parts().0
}

/// What a request asks for.
pub(crate) fn call(
    provider: &Provider,
    builder: Builder,
    target: &Target<'_>,
    body: impl AsRef<[u8]>,
) -> Result<Call, Refusal> {
    let head = head(builder);
    provider.accept(&head)?.decode(target, body.as_ref())
}

pub(crate) fn media_type(format: Format) -> &'static str {
    if format == Format::Xml { "application/xml" } else { "application/json" }
}

/// A POST with a body in this format.
pub(crate) fn post(format: Format) -> Builder {
    Request::post("/cimi/things").header("Content-Type", media_type(format))
}

/// A PUT with a body in JSON.
pub(crate) fn put(uri: &str) -> Builder {
    Request::put(uri).header("Content-Type", "application/json")
}

/// A record as its sender writes it.
pub(crate) fn written(record: &dyn Record, format: Format, dialect: Dialect) -> String {
    Document::from(record.boxed_clone()).to_string(format, dialect.into()).expect("written")
}

/// The operations with these names.
pub(crate) fn operations(names: &[&str]) -> Vec<Operation> {
    let operation = |name: &&str| Operation {
        rel: Some(cimi_model::lifecycle::rel(name)),
        href: Some("machines/1".into()),
        ..Operation::default()
    };
    names.iter().map(operation).collect()
}

/// A Machine that offers these operations.
pub(crate) fn machine(names: &[&str]) -> Machine {
    Machine {
        id: Some("machines/1".into()),
        name: Some("db".into()),
        cpu: Some(2),
        operations: operations(names),
        ..Machine::default()
    }
}

/// The document in an answer, which has to be as the standard says.
pub(crate) fn document(answer: &Response<Vec<u8>>) -> Document {
    let parsed = Document::read(answer.body(), &Registry::standard(), &ReadOptions::strict());
    parsed.unwrap_or_else(|error| panic!("{error}: {}", text(answer))).value
}

pub(crate) fn text(answer: &Response<Vec<u8>>) -> &str {
    std::str::from_utf8(answer.body()).expect("UTF-8")
}

/// The text of a header; empty if there is none.
pub(crate) fn field<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
}

/// The status of a refusal.
pub(crate) fn status<T: std::fmt::Debug>(result: Result<T, Refusal>) -> u16 {
    result.expect_err("a refusal").status().as_u16()
}

//! No request makes the library panic, and every answer is well-formed.

use cimi_model::registry::Entry;
use cimi_model::{Document, Format, ReadOptions, Registry};
use cimi_protocol::provider::{Call, ETag, Outcome, Provider, Target};
use http::{HeaderName, HeaderValue, Method, Request, Response};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::support::{DIALECTS, operations, provider};

const OFFERED: &[&str] =
    &["add", "insert", "remove", "edit", "delete", "start", "import", "capture", "http://example.com/a"];

fn methods() -> impl Strategy<Value = Method> {
    select(vec!["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "BREW"])
        .prop_map(|name| Method::from_bytes(name.as_bytes()).unwrap())
}

fn uris() -> impl Strategy<Value = String> {
    let query = vec(
        select(vec![
            "$select=",
            "%24select=name",
            "$format=xml",
            "$format=",
            "$filter=name='a'",
            "$filter=(",
            "$first=2",
            "$last=x",
            "$expand",
            "$orderby=name:desc",
            "a=b",
            "=",
            "%",
            "%FF",
            "name,cpu,*",
        ]),
        0..4,
    );
    (select(vec!["/", "/cimi/machines", "/%2e%2e//x", "*"]), query).prop_map(|(path, query)| match path {
        "*" => path.to_owned(),
        path => format!("{path}?{}", query.join("&")),
    })
}

fn headers() -> impl Strategy<Value = Vec<(HeaderName, HeaderValue)>> {
    let names = vec!["accept", "content-type", "content-length", "content-encoding", "if-match", "if-none-match"];
    let near = select(vec![
        "application/json",
        "application/xml",
        "*/*",
        "text/html",
        "*",
        "\"7-json\"",
        "W/\"a\"",
        "\"",
        ",",
        "0",
        "99999999999",
        "gzip",
        "application/json;charset=x",
        "q=0",
    ]);
    let value = prop_oneof![near.prop_map(|text| text.as_bytes().to_vec()), vec(any::<u8>(), 0..12)];
    let field = (select(names), value).prop_filter_map("not a value", |(name, value)| {
        Some((HeaderName::from_static(name), HeaderValue::from_bytes(&value).ok()?))
    });
    vec(field, 0..4)
}

/// Texts near to the grammars, and bytes that are far from them.
fn bodies() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: &[&str] = &[
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "\"name\"",
        "\"action\"",
        "\"resourceURI\"",
        "\"href\"",
        "\"volume\"",
        "null",
        "1",
        "\"http://schemas.dmtf.org/cimi/2/action/insert\"",
        "\"http://schemas.dmtf.org/cimi/2/Action\"",
        "<",
        ">",
        "/",
        "Action",
        "<Action>",
        "</Action>",
        "<action>start</action>",
        "<MachineCreate xmlns='http://schemas.dmtf.org/cimi/1'>",
        "&lt;",
        "é",
    ];
    const WHOLE: &[&str] = &[
        r#"{"name": "a"}"#,
        r#"{"action": "http://schemas.dmtf.org/cimi/2/action/insert", "volume": {"href": "v"}}"#,
        r#"{"action": "http://schemas.dmtf.org/cimi/2/action/import", "source": "s"}"#,
        r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Machine", "machineTemplate": {"href": "t"}}"#,
        r#"{"resourceURI": "http://schemas.dmtf.org/cimi/1/SystemVolume", "volume": {"href": "v"}}"#,
        r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineImage", "type": "SNAPSHOT"}"#,
        "<MachineVolume xmlns='http://schemas.dmtf.org/cimi/1'><volume href='v'/></MachineVolume>",
        "<Collection xmlns='http://schemas.dmtf.org/cimi/1' resourceURI='a'/>",
    ];
    prop_oneof![
        vec(select(PIECES), 0..12).prop_map(|pieces| pieces.concat().into_bytes()),
        select(WHOLE).prop_map(|text| text.as_bytes().to_vec()),
        vec(any::<u8>(), 0..40),
    ]
}

fn entries() -> impl Strategy<Value = Entry> {
    select(Registry::standard().iter().copied().collect::<Vec<_>>())
}

fn serve(
    provider: &Provider,
    request: &Request<Vec<u8>>,
    entry: Entry,
    as_type: bool,
    tagged: bool,
) -> Response<Vec<u8>> {
    let (head, body) = (request.clone().into_parts().0, request.body());
    let record = (entry.new)();
    let (offered, etag) = (operations(OFFERED), ETag::new("7"));
    provider.answer(&head, None, |exchange| {
        let target = if as_type { Target::collection(entry.record_type) } else { Target::resource(&*record) };
        let mut target = target.offering(&offered);
        if tagged {
            target = target.with_etag(&etag);
        }
        let shown = Outcome { record: Some(&*record), etag: tagged.then_some(&etag), ..Outcome::default() };
        match exchange.decode(&target, body)? {
            Call::Read => exchange.read(&mut *record.boxed_clone(), &(), tagged.then_some(&etag)),
            Call::Options => Ok(exchange.options(&target)),
            Call::Create(document) => Ok(exchange.created(&Outcome { record: Some(document.record()), ..shown })),
            Call::Action(_) => Ok(exchange.accepted(&shown)),
            Call::Insert(found) | Call::Remove(found) => {
                Ok(exchange.done(&Outcome { location: Some(&found.href), ..shown }))
            }
            _ => Ok(exchange.done(&shown)),
        }
    })
}

/// What holds for every answer.
fn check(answer: &Response<Vec<u8>>, method: &Method) -> Result<(), TestCaseError> {
    let status = answer.status();
    prop_assert!(matches!(status.as_u16(), 200..=202 | 304 | 400 | 405 | 406 | 409 | 412..=415), "{}", status);
    prop_assert_eq!(
        answer.headers().contains_key("allow"),
        status == 405 || (status == 200 && method == Method::OPTIONS)
    );
    if method == Method::HEAD || status == 304 {
        prop_assert!(answer.body().is_empty());
        return Ok(());
    }
    let length = answer.headers()["content-length"].to_str().unwrap();
    prop_assert_eq!(length, answer.body().len().to_string());
    if answer.body().is_empty() {
        prop_assert!(!status.is_client_error());
        return Ok(());
    }
    let format = if answer.headers()["content-type"] == "application/xml" { Format::Xml } else { Format::Json };
    prop_assert_eq!(Format::of(answer.body()), format);
    let document = Document::read(answer.body(), &Registry::standard(), &ReadOptions::default());
    prop_assert!(document.is_ok(), "{:?}", document);
    if status.is_client_error() {
        prop_assert_eq!(document.unwrap().value.record().record_type().name, "Job");
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_request_is_too_much(
        method in methods(),
        uri in uris(),
        fields in headers(),
        body in bodies(),
        entry in entries(),
        (as_type, tagged, strict, old) in any::<(bool, bool, bool, bool)>(),
    ) {
        let provider = Provider { strict, dialect: DIALECTS[usize::from(!old)], ..provider() };
        let Ok(mut request) = Request::builder().method(method.clone()).uri(uri).body(body) else { return Ok(()) };
        for (name, value) in fields {
            request.headers_mut().append(name, value);
        }
        check(&serve(&provider, &request, entry, as_type, tagged), &method)?;
    }
}

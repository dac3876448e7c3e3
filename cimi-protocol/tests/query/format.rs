//! `$format` and `Accept` (4.1.6.5).

use cimi_model::Format;
use cimi_protocol::ErrorKind;
use cimi_protocol::query::{Encoding, Query};
use http::HeaderMap;
use http::header::ACCEPT;

use crate::support::query;

const OFFERED: [Format; 2] = [Format::Json, Format::Xml];

fn chosen(text: &str, accept: &str) -> Result<Format, ErrorKind> {
    let mut headers = HeaderMap::new();
    if !accept.is_empty() {
        headers.insert(ACCEPT, accept.parse().unwrap());
    }
    query(text).choose_format(&headers, &OFFERED).map_err(|error| error.kind())
}

#[test]
fn format_takes_precedence_over_accept() {
    assert_eq!(chosen("$format=json", "application/xml"), Ok(Format::Json));
    assert_eq!(chosen("$format=xml", "application/json, text/html;q=0"), Ok(Format::Xml));
    assert_eq!(chosen("$format=xml", "application/xml;q=0"), Ok(Format::Xml));
    // Nobody looks at what does not count.
    assert_eq!(chosen("$format=xml", "nonsense"), Ok(Format::Xml));
}

#[test]
fn case_means_nothing() {
    for text in ["$format=XML", "$format=Xml", "%24format=%58ml"] {
        assert_eq!(chosen(text, ""), Ok(Format::Xml), "{text}");
    }
    assert_eq!(chosen("$format=JSON", "application/xml"), Ok(Format::Json));
}

#[test]
fn the_first_appearance_counts() {
    assert_eq!(chosen("$format=xml&$format=json", ""), Ok(Format::Xml));
    assert_eq!(chosen("$format=edn&$format=json", ""), Err(ErrorKind::NotAcceptable));
}

#[test]
fn without_format_accept_counts() {
    for text in ["", "$format", "$format=", "$Format=json"] {
        assert_eq!(chosen(text, "application/xml"), Ok(Format::Xml), "{text}");
        assert_eq!(chosen(text, "text/html"), Err(ErrorKind::NotAcceptable), "{text}");
        assert_eq!(chosen(text, "nonsense"), Err(ErrorKind::Header), "{text}");
        assert_eq!(chosen(text, ""), Ok(Format::Json), "{text}");
    }
}

#[test]
fn what_is_not_offered_is_not_acceptable() {
    for text in ["$format=edn", "$format=%20json", "$format=application/json", "$format=%0A"] {
        assert_eq!(chosen(text, "*/*"), Err(ErrorKind::NotAcceptable), "{text}");
    }
    let error = query("$format=xml").choose_format(&HeaderMap::new(), &[Format::Json]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotAcceptable);
}

#[test]
fn other_encodings_can_be_looked_for() {
    assert_eq!(query("$format=Edn").format, Some(Encoding::Other("Edn".into())));
    let query = Query { format: Some(Format::Xml.into()), ..Query::default() };
    assert_eq!(query.to_string(), "$format=xml");
    assert_eq!(query.format.and_then(|encoding| encoding.format()), Some(Format::Xml));
}

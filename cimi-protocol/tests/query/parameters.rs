//! Query strings and URIs (4.1.6).

use cimi_model::Uri;
use cimi_protocol::ErrorKind;
use cimi_protocol::query::{Expand, OrderBy, Query, QueryOptions, Select};

use crate::support::query;

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn a_providers_own_parameters_are_kept_in_their_order() {
    let query = query("id=12345&$select=name&b=%26&a&id=7");
    assert_eq!(query.other, pairs(&[("id", "12345"), ("b", "&"), ("a", ""), ("id", "7")]));
    assert_eq!(query.to_string(), "$select=name&id=12345&b=%26&a=&id=7");
}

#[test]
fn unknown_parameters_are_ignored() {
    let text = "$top=5&$Select=name&$FIRST=x&select=name&$=&%24=&=&$filter%20=x&$skip=a&$filte=(";
    let found = query(text);
    assert_eq!(Query { other: Vec::new(), ..found.clone() }, Query::default());
    assert_eq!(found.other.len(), 10);
}

#[test]
fn names_are_found_however_they_are_encoded() {
    for text in ["$select=name", "%24select=name", "%24%73%65lect=%6Eame", "&&$select=name&", "?$select=name"] {
        assert_eq!(query(text), Query { select: Some(Select::of(["name"])), ..Query::default() }, "{text}");
    }
}

#[test]
fn absent_and_empty_are_two_things() {
    assert_eq!(query("").select, None);
    assert_eq!(query("$select=").select, Some(Select::default()));
    assert_eq!(query("").expand, None);
    assert_eq!(query("$expand").expand, Some(Expand::all()));
    assert_eq!(query("$orderby=&$first=&$last&$format="), Query::default());
}

#[test]
fn sort_keys_have_a_direction() {
    let found = query("$orderby=cpu:desc,memory:asc,%20name%20&$orderby=created%20:%20desc");
    let expected = [
        OrderBy::descending("cpu"),
        OrderBy::ascending("memory"),
        OrderBy::ascending("name"),
        OrderBy::descending("created"),
    ];
    assert_eq!(found.order_by, expected);
    assert_eq!(found.to_string(), "$orderby=cpu:desc,memory,name,created:desc");
    for bad in ["$orderby=a:up", "$orderby=a:", "$orderby=:desc", "$orderby=:", "$orderby=a:DESC", "$orderby=a:asc:x"] {
        let error = bad.parse::<Query>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Query, "{bad}");
        assert!(error.to_string().starts_with("$orderby "), "{error}");
    }
    // The namespace of an extension has colons and commas of its own.
    let found = query("$orderby={http://example.com/a,b}rack:desc,{urn:v}slot");
    assert_eq!(
        found.order_by,
        [OrderBy::descending("{http://example.com/a,b}rack"), OrderBy::ascending("{urn:v}slot")]
    );
}

#[test]
fn positions_are_numbers() {
    assert_eq!((query("$first=010").first, query("$last=%2B5").last), (Some(10), Some(5)));
    assert_eq!(query("$first=3&$first=5&$last=7&$last=x").to_string(), "$first=3&$last=7");
    for bad in ["$first=a", "$last=1.0", "$first=0x1", "$last=-", "$first=1%202", "$last=%C2%B2", "$first=a&$first=1"] {
        let error = bad.parse::<Query>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Query, "{bad}");
        assert!(error.to_string().contains("is not a number"), "{error}");
    }
}

#[test]
fn what_is_not_utf_8_is_refused_only_where_it_counts() {
    assert_eq!("$select=%FF".parse::<Query>().unwrap_err().kind(), ErrorKind::Query);
    assert_eq!(query("a=%FF&%24%FF=1&$first=2&$first=%FF").first, Some(2));
}

#[test]
fn the_query_of_a_uri_is_found() {
    let options = QueryOptions::default();
    let expected = query("$select=name");
    for uri in ["http://h/m?$select=name", "/m?%24select=name", "/m?$select=name#top?$first=1", "?$select=name"] {
        assert_eq!(Query::of_uri(&Uri::from(uri), &options).unwrap(), expected, "{uri}");
    }
    assert_eq!(Query::of(&"http://h/m?$select=name".parse().unwrap(), &options).unwrap(), expected);
    for uri in ["http://h/m", "http://h/m?", "/m#?$select=name"] {
        assert_eq!(Query::of_uri(&Uri::from(uri), &options).unwrap(), Query::default(), "{uri}");
    }
}

#[test]
fn a_query_is_added_to_a_uri() {
    let query = query("$first=1&a=b c");
    for (uri, expected) in [
        ("m", "m?$first=1&a=b%20c"),
        ("http://h/m?", "http://h/m?$first=1&a=b%20c"),
        ("http://h/m?x=%31+%zz", "http://h/m?x=%31+%zz&$first=1&a=b%20c"),
        ("/m?x&", "/m?x&$first=1&a=b%20c"),
        ("/m?x?y#f?g#h", "/m?x?y&$first=1&a=b%20c#f?g#h"),
        ("", "?$first=1&a=b%20c"),
    ] {
        assert_eq!(query.append_to(&uri.into()).as_str(), expected);
        assert_eq!(Query::default().append_to(&uri.into()).as_str(), uri);
    }
}

#[test]
fn pages_follow_one_another() {
    let page = |number, size| {
        let page = query("$first=7&$select=name").page(number, size);
        (page.first, page.last)
    };
    assert_eq!(page(1, 10), (Some(1), Some(10)));
    assert_eq!(page(2, 10), (Some(11), Some(20)));
    assert_eq!(page(0, 10), (Some(1), Some(10)));
    assert_eq!(page(5, 0), (Some(1), Some(0)));
    assert_eq!(page(u64::MAX, u64::MAX), (Some(u64::MAX), Some(u64::MAX)));
    assert_eq!(query("$select=name").page(3, 2).to_string(), "$select=name&$first=5&$last=6");
}

#[test]
fn limits_are_kept() {
    let mut options = QueryOptions::default();
    options.length = 20;
    options.names = 4;
    let kind = |text: &str| Query::parse_with(text, &options).map_err(|error| error.kind());
    assert!(kind("$select=a,b,c,d").is_ok());
    assert_eq!(kind("$select=a,b,c,d,e"), Err(ErrorKind::Query));
    assert_eq!(kind("$select=a,a,a,a,a"), Err(ErrorKind::Query));
    assert_eq!(kind("$orderby=a,b&$first=1"), Err(ErrorKind::UriTooLong));
    options.length = 200;
    let kind = |text: &str| Query::parse_with(text, &options).map_err(|error| error.kind());
    assert!(kind("$select=a&$expand=a&$orderby=a&$filter=a=1").is_ok());
    assert_eq!(kind("$select=a&$expand=a&$orderby=a,b&$filter=a=1"), Err(ErrorKind::Query));
    assert!(kind("a&b&c&d&e&f").is_ok());
}

/// A brace that is never closed takes in what follows in its list, so it has to be the last there.
#[test]
fn names_with_open_braces_are_written_in_lists_of_their_own() {
    for text in ["$select=a{&$select=b}c,d", "$expand={u&$expand=x", "$orderby=b{:desc&$orderby=a", "$select={u,v"] {
        let query: Query = text.parse().unwrap();
        assert_eq!(query.to_string().parse::<Query>().unwrap(), query, "{query}");
    }
    let query: Query = "$select=a{&$select=b}c,d".parse().unwrap();
    assert!(query.select.as_ref().unwrap().names().eq(["a{", "b}c", "d"]));
    assert_eq!(query.to_string(), "$select=a%7B&$select=b%7Dc,d");
}

/// In one query all filters have one grammar: a backslash is not the same in both.
#[test]
fn filters_of_one_query_are_written_in_one_grammar() {
    let mut options = QueryOptions::default();
    options.filter.extensions = true;
    let query = Query::parse_with(r"$filter=name='a\\'&$filter=cpu=null", &options).unwrap();
    let text = query.to_string();
    assert_eq!(Query::parse_with(&text, &options).unwrap(), query, "{text}");
    let query = Query::parse_with(r"$filter=name='a\\'", &options).unwrap();
    assert_eq!(query.to_string().parse::<Query>().unwrap(), query);
}

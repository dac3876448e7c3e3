//! Query strings: what is printed parses to the same, and what is applied keeps what it should.

use cimi_model::filter::{Filter, FilterOptions};
use cimi_model::reflect::{Described, Record};
use cimi_model::{Collection, Dialect, Machine, MachineState, Ref, Uri, Volume};
use cimi_protocol::query::{Query, QueryOptions};

/// Parses a query string in both grammars of filters, prints it, and applies it to collections and a resource.
///
/// # Panics
/// When it does not parse to itself, or gives items that it should not.
pub fn query(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    for extensions in [false, true] {
        let mut options = QueryOptions::default();
        options.filter = FilterOptions { extensions, ..FilterOptions::default() };
        match Query::parse_with(text, &options) {
            Ok(query) => {
                again(&query);
                apply(&query);
            }
            Err(error) => assert!(!error.to_string().contains(['\n', '\t']), "{error}"),
        }
    }
}

fn again(query: &Query) {
    // What is escaped needs more room.
    let mut options = QueryOptions::default();
    options.length = usize::MAX;
    options.filter.extensions = !query.filter.iter().all(Filter::is_standard);
    let text = query.to_string();
    assert!(text.is_ascii(), "{text}");
    assert_eq!(Query::parse_with(&text, &options).as_ref().ok(), Some(query), "{text}");
    let uri = query.append_to(&Uri::from("http://example.com/machines#top"));
    assert_eq!(Query::of_uri(&uri, &options).as_ref().ok(), Some(query), "{uri}");
    if let Ok(uri) = uri.as_str().parse::<http::Uri>() {
        assert_eq!(Query::of(&uri, &options).as_ref().ok(), Some(query), "{uri}");
    }
}

fn apply(query: &Query) {
    let source = |href: &Uri| -> Option<Box<dyn Record>> {
        Some(Box::new(Volume { id: Some(href.clone()), capacity: Some(1), ..Volume::default() }))
    };
    for dialect in [Dialect::V1, Dialect::V2] {
        let before: Collection<Machine> = (0..4).map(machine).collect();
        let mut after = before.clone();
        query.apply(&mut after, dialect, &source);
        let found = before.items.iter().filter(|item| query.filter.iter().all(|filter| filter.matches(*item))).count();
        let first = query.first.unwrap_or(1).max(1);
        let wanted = query.last.unwrap_or(u64::MAX).saturating_sub(first - 1);
        let expected = (found as u64).saturating_sub(first - 1).min(wanted);
        // Items are not shown where only attributes of the collection are selected.
        assert!(query.select.is_some() || after.items.len() as u64 == expected, "{query}");
        let whole = query.select.is_none() && query.expand.is_none();
        assert!(!whole || after.items.iter().all(|item| before.items.contains(item)), "{query}");
        query.apply(&mut machine(1), dialect, &source);
    }
    let _ = query.check(Collection::<Machine>::described());
    let _ = query.clone().page(u64::MAX, u64::MAX);
}

fn machine(number: i64) -> Machine {
    let mut machine = Machine {
        id: Some(format!("machines/{number}").into()),
        name: (number != 0).then(|| format!("m{number}")),
        created: format!("2012-01-0{}T13:14:25Z", number + 1).parse().ok(),
        state: Some(if number % 2 == 0 { MachineState::Started } else { MachineState::Stopped }),
        cpu: (number != 3).then_some(number),
        disks: Some(Ref::to("disks")),
        ..Machine::default()
    };
    machine.properties.insert("k", if number % 2 == 0 { "v" } else { "w" });
    machine.extensions.insert("{urn:a}b", number);
    machine
}

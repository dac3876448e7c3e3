//! Every item comes once, whatever the server makes of `$first` and `$last`.

use cimi_model::{Collection, Machine, Uri};
use cimi_protocol::client::Pages;
use cimi_protocol::query::{Query, QueryOptions};
use cimi_protocol::{Operation as _, Read};
use proptest::prelude::*;

use crate::answer;

/// How a server answers.
#[derive(Clone, Copy, Debug)]
struct Server {
    total: u64,
    /// Whether it minds `$first` and `$last`.
    minds: bool,
    /// How many items it sends at most.
    most: u64,
    /// Whether it says how many there are.
    counts: bool,
}

impl Server {
    fn answer(self, query: &str) -> String {
        let query = Query::parse_with(query, &QueryOptions::default()).unwrap();
        let (first, last) =
            if self.minds { (query.first.unwrap_or(1), query.last.unwrap_or(u64::MAX)) } else { (1, u64::MAX) };
        let items = (first..=last.min(self.total)).take(usize::try_from(self.most).unwrap());
        let items: Vec<String> = items.map(|number| format!(r#"{{"id": "m/{number}"}}"#)).collect();
        let count = if self.counts { format!(r#""count": {},"#, self.total) } else { String::new() };
        format!(r#"{{{count} "machines": [{}]}}"#, items.join(","))
    }

    /// The numbers of the items that come, how many requests that takes, and whether these are all.
    fn read(self, size: u64, query: &str) -> (Vec<u64>, usize, bool) {
        let read = Read::<Collection<Machine>>::new("https://h/m").query(query.parse().unwrap());
        let mut pages = Pages::new(read, size);
        let (mut found, mut requests) = (Vec::new(), 0);
        while let Some(read) = pages.next_page() {
            let request = read.request().unwrap();
            requests += 1;
            assert!(requests <= 1000, "no end");
            let body = self.answer(request.uri().query().unwrap());
            let page = read.response(answer(200, "Content-Type: application/json", &body)).unwrap();
            found.extend(pages.take(page).iter().map(|machine| number(machine.id.as_ref().unwrap())));
        }
        assert_eq!(pages.count(), (self.counts && requests > 0).then_some(self.total));
        (found, requests, pages.is_complete())
    }
}

fn number(id: &Uri) -> u64 {
    id.as_str().strip_prefix("m/").unwrap().parse().unwrap()
}

const GOOD: Server = Server { total: 10, minds: true, most: 1000, counts: true };

#[test]
fn ends_by_count() {
    let all: Vec<u64> = (1..=10).collect();
    assert_eq!(GOOD.read(5, ""), (all.clone(), 2, true));
    assert_eq!(GOOD.read(3, ""), (all.clone(), 4, true));
    assert_eq!(GOOD.read(10, ""), (all.clone(), 1, true));
    assert_eq!(GOOD.read(0, ""), (all, 10, true));
    assert_eq!(Server { total: 0, ..GOOD }.read(5, ""), (Vec::new(), 1, true));
}

#[test]
fn ends_by_a_short_page_where_nobody_counts() {
    let all: Vec<u64> = (1..=10).collect();
    let server = Server { counts: false, ..GOOD };
    assert_eq!(server.read(4, ""), (all.clone(), 3, true));
    assert_eq!(server.read(5, ""), (all, 3, true));
}

#[test]
fn a_server_that_ignores_the_parameters() {
    let all: Vec<u64> = (1..=10).collect();
    for counts in [true, false] {
        let server = Server { minds: false, counts, ..GOOD };
        assert_eq!(server.read(3, ""), (all.clone(), 1, true));
        assert_eq!(server.read(10, "").0, all);
        assert_eq!(server.read(20, "").0, all);
    }
    // It also limits how many it sends: the rest cannot be had.
    assert_eq!(Server { minds: false, most: 4, ..GOOD }.read(5, ""), (vec![1, 2, 3, 4], 2, false));
}

#[test]
fn a_server_with_a_lower_limit() {
    let all: Vec<u64> = (1..=10).collect();
    assert_eq!(Server { most: 3, ..GOOD }.read(5, ""), (all, 4, true));
}

#[test]
fn a_part_of_a_collection() {
    assert_eq!(GOOD.read(2, "$first=4&$last=8&tenant=1"), (vec![4, 5, 6, 7, 8], 3, true));
    assert_eq!(GOOD.read(4, "$first=9"), (vec![9, 10], 1, true));
    assert_eq!(GOOD.read(4, "$last=3"), (vec![1, 2, 3], 1, true));
    assert_eq!(GOOD.read(4, "$first=11"), (Vec::new(), 1, true));
    assert_eq!(GOOD.read(4, "$first=5&$last=4"), (Vec::new(), 0, true));
}

proptest! {
    #[test]
    fn all_items_come_once(total in 0..60_u64, size in 0..20_u64, most in 1..70_u64, minds: bool, counts: bool) {
        let server = Server { total, minds, most, counts };
        let (found, requests, complete) = server.read(size, "");
        // What a server that minds nothing holds back cannot be had, nor what one that counts nothing does not send.
        let whole = (minds && (counts || most >= size)) || most >= total;
        prop_assert!(requests as u64 <= total + 2);
        if whole {
            prop_assert_eq!(found, (1..=total).collect::<Vec<_>>());
            // Where the same page comes again and nobody counts, nobody knows whether there is more.
            prop_assert!(complete || (!minds && !counts && size.max(1) == total));
        } else {
            let prefix = found.len() as u64;
            prop_assert_eq!(found, (1..=prefix).collect::<Vec<_>>());
            prop_assert!(!(complete && counts), "{} of {}", prefix, total);
        }
    }
}

//! `$first` and `$last` (4.1.6.2).

use crate::support::{answer, applied, machines, names};

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

fn shown(text: &str) -> Vec<String> {
    let found = applied(machines(NAMES), text);
    // The number of items before subsetting.
    assert_eq!(found.count, Some(5), "{text}");
    names(&found).into_iter().map(str::to_owned).collect()
}

#[test]
fn positions_count_from_one_and_both_ends_are_in() {
    assert_eq!(shown("$first=2&$last=4"), ["b", "c", "d"]);
    assert_eq!(shown("$first=1&$last=1"), ["a"]);
}

#[test]
fn one_end_implies_the_other() {
    assert_eq!(shown("$first=4"), ["d", "e"]);
    assert_eq!(shown("$last=2"), ["a", "b"]);
}

#[test]
fn what_is_out_of_bounds_is_no_error() {
    assert_eq!(shown("$first=5&$last=9"), ["e"]);
    assert_eq!(shown("$first=0&$last=2"), ["a", "b"]);
    assert_eq!(shown("$first=-3&$last=2"), ["a", "b"]);
    for nothing in ["$first=6", "$last=0", "$last=-1", "$first=4&$last=2", "$first=99999999999999999999999"] {
        assert!(shown(nothing).is_empty(), "{nothing}");
    }
    assert_eq!(shown("$last=99999999999999999999999"), NAMES);
}

#[test]
fn positions_are_those_of_the_sorted_collection() {
    assert_eq!(shown("$orderby=name:desc&$first=2&$last=3"), ["d", "c"]);
}

#[test]
fn count_is_that_of_the_whole_collection() {
    // A provider may hold more than it shows (5.5.12).
    let text = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCollection", "count": 40,
        "machines": [{"name": "a"}, {"name": "b"}]}"#;
    assert_eq!(answer(text, "$last=1")["count"], 40);
    assert_eq!(answer(&text.replace("40", "1"), "$last=1")["count"], 2);
    assert_eq!(answer(&text.replace("\"count\": 40,", ""), "$last=1")["count"], 2);
}

#[test]
fn resources_have_no_positions() {
    let text = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Machine", "name": "a"}"#;
    assert_eq!(answer(text, "$first=3&$last=2&$orderby=name")["name"], "a");
}

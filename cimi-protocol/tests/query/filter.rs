//! `$filter` as part of a query (4.1.6.1); the language itself is tested where it is.

use cimi_model::reflect::Described;
use cimi_model::{Collection, Dialect, Machine, MachineState};
use cimi_protocol::ErrorKind;
use cimi_protocol::query::{Query, QueryOptions};

use crate::support::{answer, applied, names, query};

fn machines() -> Collection<Machine> {
    let machine = |(name, cpu): (&str, i64)| Machine {
        name: Some(name.to_owned()),
        cpu: Some(cpu),
        state: Some(if cpu > 2 { MachineState::Started } else { MachineState::Stopped }),
        ..Machine::default()
    };
    [("mine", 4), ("yours", 2), ("a mine", 3), ("it's", 1)].map(machine).into_iter().collect()
}

fn found(text: &str) -> (Vec<String>, Option<i64>) {
    let found = applied(machines(), text);
    (names(&found).into_iter().map(str::to_owned).collect(), found.count)
}

fn some(names: &[&str]) -> (Vec<String>, Option<i64>) {
    (names.iter().map(|name| (*name).to_owned()).collect(), i64::try_from(names.len()).ok())
}

#[test]
fn only_what_fulfils_the_filter_is_there_and_counted() {
    assert_eq!(found("$filter=name='mine'"), some(&["mine"]));
    assert_eq!(found("$filter=cpu>2"), some(&["mine", "a mine"]));
    assert_eq!(found("$filter=cpu>9"), some(&[]));
    assert_eq!(found(""), some(&["mine", "yours", "a mine", "it's"]));
}

#[test]
fn several_filters_are_all_fulfilled() {
    assert_eq!(found("$filter=cpu>2&$filter=name!='mine'"), some(&["a mine"]));
    // Each is a unit.
    assert_eq!(found("$filter=cpu=1 or cpu=4&$filter=name='mine' or cpu=1"), some(&["mine", "it's"]));
}

#[test]
fn filters_are_percent_encoded_in_any_way() {
    for text in [
        "$filter=name=\"a mine\" and cpu=3",
        "$filter=name=%22a%20mine%22%20and%20cpu=3",
        "%24filter=name%3D%22a+mine%22+and+cpu%3D3",
        "%24%66ilter=%6Eame=%27a%20mine%27",
        "?$filter=(name='a mine')",
    ] {
        assert_eq!(found(text), some(&["a mine"]), "{text}");
    }
    assert_eq!(found("$filter=name=\"it's\""), some(&["it's"]));
    assert_eq!(found("$filter=name=%22it%27s%22"), some(&["it's"]));
}

#[test]
fn filtering_comes_before_sorting_and_positions() {
    let found = applied(machines(), "$last=1&$orderby=name&$filter=state='STARTED'&$select=name,count");
    assert_eq!((names(&found), found.count), (vec!["a mine"], Some(2)));
}

#[test]
fn count_is_that_of_what_fulfils_the_filter_whatever_is_stated() {
    let text = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCollection", "count": 40,
        "machines": [{"name": "a"}, {"name": "b"}]}"#;
    let found = answer(text, "$filter=name='a'");
    assert_eq!((&found["count"], found["machines"].as_array().map(Vec::len)), (&1.into(), Some(1)));
    let found = answer(text, "$filter=name='x'");
    assert_eq!((&found["count"], found.get("machines")), (&0.into(), None));
}

#[test]
fn a_filter_sees_what_is_not_selected() {
    let found = applied(machines(), "$filter=cpu=4&$select=name");
    assert_eq!(found.items, [Machine { name: Some("mine".into()), ..Machine::default() }]);
}

#[test]
fn resources_are_not_filtered() {
    let text = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/Machine", "name": "a"}"#;
    assert_eq!(answer(text, "$filter=name='b'")["name"], "a");
}

#[test]
fn errors_say_which_parameter_and_where() {
    let error = "$select=a&$filter=name=%27x%27+and+cpu".parse::<Query>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Query);
    let text = error.to_string();
    assert!(
        text.starts_with("$filter 'name='x' and cpu'") || text.starts_with("$filter 'name=\\'x\\' and cpu'"),
        "{text}"
    );
    assert!(text.ends_with("at byte 16"), "{text}");
    for bad in ["$filter", "$filter=", "$filter=name", "$filter=name^='a'", "$filter=a=1&$filter=%27", "$filter=%FF"] {
        assert_eq!(bad.parse::<Query>().unwrap_err().kind(), ErrorKind::Query, "{bad}");
    }
}

#[test]
fn extensions_of_the_language_are_an_option() {
    let mut options = QueryOptions::default();
    options.filter.extensions = true;
    let query = Query::parse_with("$filter=name^='a'&$filter=cpu!=null", &options).unwrap();
    let mut found = machines();
    query.apply(&mut found, Dialect::V2, &());
    assert_eq!(names(&found), ["a mine"]);
    assert_eq!(Query::parse_with(&query.to_string(), &options).unwrap(), query);
}

#[test]
fn comparisons_that_no_item_can_fulfil_can_be_refused() {
    let machines = Collection::<Machine>::described();
    for good in ["", "$filter=name='a' or cpu>1", "$filter=realm='eu'", "$filter=created>2025-01-01"] {
        assert!(query(good).check(machines).is_ok(), "{good}");
    }
    for bad in ["$filter=name>'a'", "$filter=cpu='1'", "$filter=cpu=1&$filter=cpu=1 or name=1", "$filter=created=true"]
    {
        let error = query(bad).check(machines).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Query, "{bad}");
        assert!(error.to_string().starts_with("$filter: "), "{error}");
        assert!(query(bad).check(Machine::described()).is_ok(), "{bad}");
    }
    let credentials = Collection::<cimi_model::Credential>::described();
    assert!(query("$filter=password='a'").check(credentials).is_err());
}

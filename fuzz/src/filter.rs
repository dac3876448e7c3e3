//! Filters: what is printed parses to the same, and what is compiled means what the tree says.

use cimi_model::filter::{Comparison, Expression, Filter, FilterOptions, Literal, Subject};
use cimi_model::reflect::{Described, Record};
use cimi_model::{Any, Machine, MachineState, Ref};

/// How deep the trees are that are walked recursively here, which the library itself does not do.
const DEPTH: usize = 64;

/// Parses a filter in both grammars, prints it, and holds it against a machine.
///
/// # Panics
/// When it does not parse to itself, or its meaning depends on how it is asked for.
pub fn filter(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    for extensions in [false, true] {
        let options = FilterOptions { extensions, depth: DEPTH, ..FilterOptions::default() };
        match Filter::parse(text, &options) {
            Ok(filter) => check(&filter, extensions),
            Err(error) => {
                assert!(text.is_char_boundary(error.offset()), "{error}");
                assert!(!error.to_string().contains(['\n', '\t']), "{error}");
            }
        }
    }
}

fn check(filter: &Filter, extensions: bool) {
    assert!(extensions || filter.is_standard(), "{filter} is not of the standard");
    let own = FilterOptions { extensions: !filter.is_standard(), ..FilterOptions::default() };
    let text = filter.to_string();
    assert_eq!(Filter::parse(&text, &own).as_ref(), Ok(filter), "{text}");
    let extended = FilterOptions { extensions: true, ..FilterOptions::default() };
    let text = filter.to_extended_string();
    assert_eq!(Filter::parse(&text, &extended).as_ref(), Ok(filter), "{text}");

    let machine = machine();
    let compiled = filter.for_type(Machine::TYPE);
    assert_eq!(compiled.matches(&machine), meaning(filter.expression(), &machine), "{filter}");
    let problems = filter.problems(Machine::TYPE);
    assert!(problems.len() <= filter.comparisons().count());
    let _ = filter.matches(&Machine::default());
}

fn meaning(expression: Expression<'_>, record: &dyn Record) -> bool {
    match expression {
        Expression::And(mut operands) => operands.all(|operand| meaning(operand, record)),
        Expression::Or(mut operands) => operands.any(|operand| meaning(operand, record)),
        Expression::Comparison(comparison) => alone(comparison).matches(record),
        _ => unreachable!("there are no others"),
    }
}

fn alone(comparison: &Comparison) -> Filter {
    match (&comparison.subject, &comparison.value) {
        (Subject::Attribute(name), value) => {
            Filter::compare(name, comparison.operator, value.clone()).expect("it was parsed")
        }
        (Subject::Property(key), Literal::String(text)) => Filter::property(key, comparison.operator, text),
        _ => unreachable!("properties are strings"),
    }
}

fn machine() -> Machine {
    let mut machine = Machine {
        name: Some("a".into()),
        created: "2012-01-02T13:14:25Z".parse().ok(),
        state: Some(MachineState::Started),
        cpu: Some(1),
        disks: Some(Ref::to("d")),
        ..Machine::default()
    };
    machine.properties.insert("k", "v");
    machine.extensions.insert("b", [("c", Any::from(1))].into_iter().collect::<Any>());
    machine.extensions.insert("d", Any::from("2"));
    machine
}

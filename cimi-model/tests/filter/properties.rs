//! What holds for any filter and any text.

use cimi_model::filter::{
    Comparison, Date, Expression, Filter, FilterErrorKind, FilterOptions, Literal, Operator, Subject,
};
use cimi_model::reflect::Record;
use cimi_model::{Machine, MachineState};
use proptest::prelude::*;

use crate::EXTENDED;

fn operator() -> impl Strategy<Value = Operator> {
    use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual, Prefix};
    prop::sample::select(vec![Less, LessOrEqual, Equal, GreaterOrEqual, Greater, NotEqual, Prefix])
}

fn name() -> impl Strategy<Value = String> {
    const KNOWN: [&str; 11] =
        ["cpu", "name", "state", "created", "and", "or", "true", "false", "null", "property", "disks/capacity"];
    prop_oneof![
        prop::sample::select(&KNOWN[..]).prop_map(str::to_owned),
        "[a-c_][a-c0-1_-]{0,3}(:[a-c][a-c0-]{0,2})?(/[a-c]{1,2}){0,2}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(&["STARTED", "x", "", "'", "\"", "'\"", "\\", "\\'", "\\\\\"'"][..])
            .prop_map(str::to_owned),
        r#"['"\\ a-b()=\t]{0,6}"#,
        any::<String>(),
    ]
}

fn literal() -> impl Strategy<Value = Literal> {
    let dates = ["2012-01-02", "2012-01-02T13:14:25Z", "-0044-03-15", "2026-03-01T24:00:00.5+14:00", "12012-02-29Z"];
    let dates = dates.iter().filter_map(|date| date.parse::<Date>().ok()).collect::<Vec<_>>();
    prop_oneof![
        text().prop_map(Literal::String),
        any::<u64>().prop_map(Literal::from),
        (0_u64..9).prop_map(Literal::from),
        prop::sample::select(dates).prop_map(Literal::Date),
        any::<bool>().prop_map(Literal::Boolean),
        Just(Literal::Null),
    ]
}

/// Filters as the builder makes them; where operator and value do not fit, a property instead.
fn filter() -> impl Strategy<Value = Filter> {
    let comparison = (name(), operator(), literal(), text(), text()).prop_map(|(name, operator, value, key, text)| {
        Filter::compare(&name, operator, value).unwrap_or_else(|_| Filter::property(key, operator, text))
    });
    comparison.prop_recursive(5, 40, 4, |inner| {
        (any::<bool>(), prop::collection::vec(inner, 1..4)).prop_map(|(all, filters)| {
            let joined = if all { Filter::all(filters) } else { Filter::any(filters) };
            joined.expect("one or more")
        })
    })
}

fn machine() -> impl Strategy<Value = Machine> {
    let state = prop::option::of(prop::sample::select(vec![MachineState::Started, MachineState::Stopped]));
    (prop::option::of(-2..9_i64), prop::option::of(text()), state).prop_map(|(cpu, name, state)| Machine {
        cpu,
        name,
        state,
        created: "2012-01-02T13:14:25Z".parse().ok(),
        ..Machine::default()
    })
}

/// A filter of one comparison.
fn alone(comparison: &Comparison) -> Filter {
    match &comparison.subject {
        Subject::Attribute(name) => Filter::compare(name, comparison.operator, comparison.value.clone()).unwrap(),
        Subject::Property(key) => match &comparison.value {
            Literal::String(text) => Filter::property(key, comparison.operator, text),
            other => panic!("{other:?}"),
        },
        _ => unreachable!("there are no others"),
    }
}

/// What `and` and `or` mean, said once more.
fn meaning(expression: Expression<'_>, record: &dyn Record) -> bool {
    match expression {
        Expression::And(mut operands) => operands.all(|operand| meaning(operand, record)),
        Expression::Or(mut operands) => operands.any(|operand| meaning(operand, record)),
        Expression::Comparison(comparison) => alone(comparison).matches(record),
        _ => unreachable!("there are no others"),
    }
}

/// Another spelling of the same filter: with white space, parentheses, sides exchanged and the other quotes.
fn respelled(expression: Expression<'_>, choices: &mut dyn FnMut(usize) -> usize) -> String {
    let mut space = [" ", "", "\t \r\n"][choices(3)].to_owned();
    let text = match expression {
        Expression::And(operands) => {
            operands.map(|operand| respelled_operand(operand, choices)).collect::<Vec<_>>().join("and")
        }
        Expression::Or(operands) => {
            operands.map(|operand| respelled_operand(operand, choices)).collect::<Vec<_>>().join("or")
        }
        Expression::Comparison(comparison) => {
            let text = alone(comparison).to_extended_string();
            return match choices(2) {
                0 => format!("({space}{text}{space})"),
                _ => format!("{space}{text} "),
            };
        }
        _ => unreachable!("there are no others"),
    };
    if choices(2) == 0 {
        space.push('(');
        return format!("{space}{text})");
    }
    text
}

fn respelled_operand(operand: Expression<'_>, choices: &mut dyn FnMut(usize) -> usize) -> String {
    match operand {
        Expression::Comparison(_) => respelled(operand, choices),
        _ => format!("({})", respelled(operand, choices)),
    }
}

/// Texts that are nearly filters.
fn soup() -> impl Strategy<Value = String> {
    const TOKENS: [&str; 40] = [
        "a",
        "cpu",
        "and",
        "or",
        "true",
        "false",
        "null",
        "property",
        "property[",
        "[",
        "]",
        "'k'",
        "\"v\"",
        "'",
        "\"",
        "\\",
        "(",
        ")",
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "==",
        "^=",
        "!",
        "1",
        "007",
        "2012-01-02",
        "2012-01-02T13:14:25Z",
        "2012-01",
        "2012-13-01",
        "-",
        ":",
        "/",
        " ",
        "  ",
        "é",
        "\0",
    ];
    prop_oneof![
        prop::collection::vec(prop::sample::select(&TOKENS[..]), 0..14).prop_map(|tokens| tokens.concat()),
        any::<String>(),
    ]
}

/// Whether something can come after a text so that it is a filter.
fn can_go_on(text: &str, options: &FilterOptions) -> bool {
    let endings = [
        "", "a=1", "=1", "1", "=a", "a", "='v'", "'v'", "'", "\"", "'=a", "''=a", "''", "\"\"=a", "\"\"", "\"=a",
        "']='v'", "\"]='v'", "]='v'", "'k']='v'", "<1", "b=1",
    ];
    endings.iter().any(|ending| {
        (0..15).any(|open| {
            let whole = format!("{text}{ending}{}", ")".repeat(open));
            Filter::parse(&whole, options).is_ok()
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_parses_to_the_same(filter in filter()) {
        let text = filter.to_extended_string();
        let again = Filter::parse(&text, &EXTENDED);
        prop_assert_eq!(again.as_ref(), Ok(&filter), "{}", text);
        let text = filter.to_string();
        let options = if filter.is_standard() { FilterOptions::default() } else { EXTENDED };
        let again = Filter::parse(&text, &options);
        prop_assert_eq!(again.as_ref(), Ok(&filter), "{}", &text);
        prop_assert_eq!(again.map(|again| again.to_string()), Ok(text));
    }

    #[test]
    fn spelling_does_not_matter(filter in filter(), choices in any::<[u8; 32]>()) {
        let mut turn = choices.iter().cycle();
        let mut choose = |n: usize| usize::from(*turn.next().unwrap_or(&0)) % n;
        let text = respelled(filter.expression(), &mut choose);
        let again = Filter::parse(&text, &EXTENDED);
        prop_assert_eq!(again.as_ref(), Ok(&filter), "{}", text);
    }

    #[test]
    fn matching_is_what_and_and_or_mean(filter in filter(), machine in machine()) {
        prop_assert_eq!(filter.matches(&machine), meaning(filter.expression(), &machine), "{} {:?}", filter, machine);
    }

    #[test]
    fn any_text_is_a_filter_or_an_error_at_its_place(text in soup()) {
        for options in [FilterOptions::default(), EXTENDED] {
            match Filter::parse(&text, &options) {
                Ok(filter) => {
                    let again = filter.to_string();
                    let parsed = Filter::parse(if filter.is_standard() { &again } else { &text }, &options);
                    prop_assert_eq!(parsed.as_ref(), Ok(&filter), "{:?} {}", text, again);
                }
                Err(error) => {
                    prop_assert!(text.is_char_boundary(error.offset()), "{:?}: {}", text, error);
                    prop_assert_eq!(error.kind(), FilterErrorKind::Syntax);
                    // All before it could have been the beginning of a filter.
                    let before = &text[..error.offset()];
                    prop_assert!(can_go_on(before, &options), "{:?}: {}", text, error);
                }
            }
        }
    }

    #[test]
    fn the_extended_grammar_has_all_of_the_standards(text in soup()) {
        // A backslash escapes there, and `null` is a value.
        let text = text.replace('\\', "").replace("null", "");
        if let Ok(filter) = text.parse::<Filter>() {
            prop_assert_eq!(Filter::parse(&text, &EXTENDED), Ok(filter));
        }
    }
}

//! Long, deep and senseless input: neither stack nor time may run out. What is quadratic would not end.

use cimi_model::filter::{Expression, Filter, FilterErrorKind, FilterOptions, Operator};
use cimi_model::reflect::Described;
use cimi_model::{Machine, filter::Literal};

use crate::EXTENDED;

const DEEP: FilterOptions = FilterOptions { extensions: false, exact: false, depth: usize::MAX, size: usize::MAX };

/// Runs on the stack that documents are promised to need at most.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(work).expect("a thread");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

/// All that can be done with a filter.
fn use_up(filter: &Filter, options: &FilterOptions) {
    let machine = Machine { cpu: Some(1), ..Machine::default() };
    let text = filter.to_string();
    let again = Filter::parse(&text, options).expect("its own text");
    assert!(again == *filter && again.clone() == *filter);
    assert!(!filter.matches(&machine));
    assert!(filter.problems(Machine::TYPE).is_empty());
    assert_eq!(filter.to_extended_string(), text);
    assert!(format!("{filter:?}").len() > text.len());
}

#[test]
fn long_chains() {
    on_a_small_stack(|| {
        for word in [" or ", " and "] {
            let text = vec!["cpu=2"; 100_000].join(word);
            let filter: Filter = text.parse().expect("a filter");
            assert_eq!(filter.comparisons().count(), 100_000);
            assert_eq!(filter.to_string(), text);
            use_up(&filter, &FilterOptions::default());
        }
    });
}

#[test]
fn right_nested_chains() {
    on_a_small_stack(|| {
        for word in ["or", "and"] {
            let text = format!("cpu=2 {word} (").repeat(100_000) + "cpu=2" + &")".repeat(100_000);
            assert_eq!(text.parse::<Filter>().unwrap_err().kind(), FilterErrorKind::Limit);
            let filter = Filter::parse(&text, &DEEP).expect("a filter");
            // The same as without the parentheses.
            assert!(matches!(filter.expression(), Expression::And(all) | Expression::Or(all) if all.len() == 100_001));
            use_up(&filter, &FilterOptions::default());
        }
        let text = "cpu=2 or (cpu=3 and (".repeat(50_000) + "cpu=2" + &"))".repeat(50_000);
        let filter = Filter::parse(&text, &DEEP).expect("a filter");
        use_up(&filter, &DEEP);
    });
}

#[test]
fn built_filters_of_any_depth() {
    on_a_small_stack(|| {
        let compare = || Filter::compare("cpu", Operator::Equal, 2).expect("a comparison");
        let chain = Filter::any((0..100_000).map(|_| compare())).expect("some");
        use_up(&chain, &FilterOptions::default());
        let mut nested = compare();
        for _ in 0..50_000 {
            nested = nested.or(compare()).and(compare());
        }
        use_up(&nested, &DEEP);
        let mut nested = compare();
        for _ in 0..1_000 {
            nested = compare().or(compare().and(nested));
        }
        use_up(&nested, &DEEP);
    });
}

#[test]
fn parentheses() {
    on_a_small_stack(|| {
        let open = "(".repeat(1_000_000);
        let error = open.parse::<Filter>().unwrap_err();
        assert_eq!((error.kind(), error.offset()), (FilterErrorKind::Limit, 128));
        let error = Filter::parse(&open, &DEEP).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (FilterErrorKind::Syntax, 1_000_000));
        let within = format!("{}cpu=2{}", "(".repeat(128), ")".repeat(128));
        assert_eq!(within.parse::<Filter>().map(|filter| filter.to_string()), Ok("cpu=2".to_owned()));
        let error = Filter::parse(&format!("{within})"), &DEEP).unwrap_err();
        assert_eq!(error.offset(), within.len());
        let wide = "(cpu=2)or".repeat(100_000) + "cpu=2";
        use_up(&wide.parse().expect("a filter"), &FilterOptions::default());
    });
}

#[test]
fn long_tokens() {
    const MEGABYTE: usize = 1 << 20;
    on_a_small_stack(|| {
        let string = "é\u{0}\n\"".repeat(MEGABYTE / 5);
        let filter: Filter = format!("name='{string}'").parse().expect("a filter");
        assert!(filter.matches(&Machine { name: Some(string.clone()), ..Machine::default() }));
        assert_eq!(filter.to_string(), format!("name='{string}'"));
        let error = format!("name='{string}").parse::<Filter>().unwrap_err();
        assert_eq!(error.offset(), string.len() + 6);

        let digits = "9".repeat(MEGABYTE);
        let filter: Filter = format!("cpu<00{digits}").parse().expect("a filter");
        assert!(filter.matches(&Machine { cpu: Some(i64::MAX), ..Machine::default() }));
        assert_eq!(filter.to_string(), format!("cpu<{digits}"));

        let filter: Filter = format!("created<{digits}-01-01").parse().expect("a filter");
        let created = "9999-01-01T00:00:00Z".parse().ok();
        assert!(filter.matches(&Machine { created, ..Machine::default() }));
        assert!(format!("created<{digits}-13-01").parse::<Filter>().is_err());
        assert!(format!("created<2012-01-02T00:00:00.{digits}Z").parse::<Filter>().is_ok());

        let name = "n".repeat(MEGABYTE);
        assert!(format!("{name}=1").parse::<Filter>().is_ok());
        assert_eq!(name.parse::<Filter>().unwrap_err().offset(), MEGABYTE);
        let space = " ".repeat(MEGABYTE);
        assert!(format!("{space}a{space}={space}1{space}").parse::<Filter>().is_ok());

        let path = "a/".repeat(MEGABYTE / 2) + "a";
        let filter = Filter::parse(&format!("{path}=1"), &EXTENDED).expect("a filter");
        assert!(!filter.matches(&Machine::default()));
        assert_eq!(filter.problems(Machine::TYPE).len(), 1);
        let escapes = "\\'".repeat(MEGABYTE / 2);
        let filter = Filter::parse(&format!("a='{escapes}\"'"), &EXTENDED).expect("a filter");
        let text = filter.comparisons().next().map(|comparison| &comparison.value);
        assert!(matches!(text, Some(Literal::String(text)) if text.len() == MEGABYTE / 2 + 1));
        assert_eq!(Filter::parse(&filter.to_string(), &EXTENDED), Ok(filter));
    });
}

/// Words that could end anywhere are read once.
#[test]
fn ambiguous_words() {
    on_a_small_stack(|| {
        for part in
            ["trueand", "a=trueand", "a=trueor ", "andand", "and=1and ", "property[", "property['k']='v'or", "1=aand "]
        {
            for options in [FilterOptions::default(), EXTENDED] {
                let text = part.repeat(30_000);
                assert!(Filter::parse(&text, &options).is_err(), "{part}");
                let _ = Filter::parse(&format!("{text}a=1"), &options);
            }
        }
    });
}

//! What cannot be fulfilled, and what cannot be built.

use cimi_model::Machine;
use cimi_model::filter::{Filter, Operator, ProblemKind};
use cimi_model::reflect::Described;

use crate::EXTENDED;
use crate::rack::*;

#[test]
fn problems() {
    use ProblemKind::{Operator as Op, Type, Unknown};
    for (text, expected) in [
        ("name='a' and height>=1 and created<2026-03-01 and doors=true and property['k']!='v'", &[][..]),
        ("id='a' or page='b' or colour='MAUVE' or guarantee='P1D' or controller='m' or tags='t' or more=1", &[]),
        ("created='2026-03-01T00:00:00Z'", &[]),
        ("location='a' and Site!='b'", &[]),
        ("nmae='a' or height=1 or SITE='x'", &[(0, Unknown), (24, Unknown)]),
        ("height='1'", &[(0, Type)]),
        ("doors=1", &[(0, Type)]),
        ("doors='true'", &[(0, Type)]),
        ("name=1 or name=true or name=2026-03-01", &[(0, Type), (10, Type), (23, Type)]),
        ("created=1", &[(0, Type)]),
        ("switch='x'", &[(0, Type)]),
        ("places='x'", &[(0, Type)]),
        ("measures='x'", &[(0, Type)]),
        ("  (name<'a')", &[(3, Op)]),
        ("doors>false and 'x'<=tags", &[(0, Op), (16, Op)]),
        ("created>'2026'", &[(0, Op)]),
        ("property['k']<'4'", &[(0, Op)]),
        ("switch/unit=1 and places/label='x' and controller/cpu=1 and controller/href='x'", &[]),
        ("switch/unit='1' or controller/cpus=1", &[(0, Type), (19, Unknown)]),
        ("measures/x=1 and more/x='y' and name=null and height!=null", &[]),
        ("name/x=1", &[(0, Type)]),
        ("height^='1'", &[(0, Type)]),
        ("name^='1'", &[]),
    ] {
        let filter = Filter::parse(text, &EXTENDED).unwrap();
        let found: Vec<_> = filter.problems(Rack::TYPE).iter().map(|found| (found.offset, found.kind)).collect();
        assert_eq!(found, expected, "{text}");
    }
    let texts = [
        ("cpu='x'", "cpu is of type integer, and compared with a string (at byte 0)"),
        ("name>'x'", "name is compared as a string, which has no > (at byte 0)"),
        ("x=1", "Machine has no attribute x (at byte 0)"),
    ];
    for (text, expected) in texts {
        let found = text.parse::<Filter>().unwrap().problems(Machine::TYPE);
        assert_eq!(found[0].to_string(), expected);
    }
}

/// What a filter is said to be unable to fulfil is not fulfilled by any value.
#[test]
fn problems_are_never_fulfilled() {
    let attributes =
        ["name", "height", "doors", "installed", "colour", "controller", "tags", "switch", "measures", "key"];
    let values = ["'Oslo'", "42", "true", "false", "2026-02-28", "'RED'", "'cold'"];
    for attribute in attributes {
        for value in values {
            for operator in ["<", "<=", "=", ">=", ">", "!="] {
                let filter: Filter = format!("{attribute}{operator}{value}").parse().unwrap();
                let problem = !filter.problems(Rack::TYPE).is_empty();
                assert!(!(problem && filter.matches(&rack())), "{filter}");
            }
        }
    }
}

#[test]
fn built_filters() {
    let joined = |a: &str, b: &str| a.parse::<Filter>().unwrap().and(b.parse().unwrap()).to_string();
    assert_eq!(joined("a=1 or b=2", "c=3 and d=4"), "(a=1 or b=2) and c=3 and d=4");
    let cpu = Filter::compare("cpu", Operator::GreaterOrEqual, 4).unwrap();
    let name = Filter::compare("name", Operator::NotEqual, "it's").unwrap();
    let day =
        Filter::compare("created", Operator::Less, "2026-03-01".parse::<cimi_model::filter::Date>().unwrap()).unwrap();
    let boot = Filter::compare("bootable", Operator::Equal, true).unwrap();
    let all = Filter::all([cpu.clone(), name, day, boot]).unwrap();
    assert_eq!(all.to_string(), "cpu>=4 and name!=\"it's\" and created<2026-03-01 and bootable=true");
    assert_eq!(
        Filter::any([cpu.clone(), all]).unwrap().to_string(),
        "cpu>=4 or cpu>=4 and name!=\"it's\" and created<2026-03-01 and bootable=true"
    );
    assert_eq!(Filter::all([]), None);
    assert_eq!(Filter::any([cpu.clone()]), Some(cpu));
    for (name, offset) in [("", 0), ("1a", 0), ("a b", 1), ("a=1", 1), ("a/", 2), ("{urn:x}a", 0), ("é", 0)] {
        assert_eq!(Filter::compare(name, Operator::Equal, "x").unwrap_err().offset(), offset, "{name}");
    }
    assert!(Filter::compare("a", Operator::Prefix, 1).is_err());
    assert!(Filter::compare("a", Operator::Less, cimi_model::filter::Literal::Null).is_err());
    // What the standard has no words for is written with extensions.
    let both = Filter::compare("name", Operator::Equal, r#"'"\"#).unwrap();
    assert!(!both.is_standard());
    assert_eq!(both.to_string(), r#"name='\'"\\'"#);
    assert_eq!(format!("{both:?}"), r#"Filter(name='\'"\\')"#);
    assert_eq!(Filter::parse(&both.to_string(), &EXTENDED), Ok(both));
}

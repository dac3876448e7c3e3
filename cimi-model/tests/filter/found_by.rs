//! Attributes that are found by more than their text.

use cimi_model::filter::{Filter, FilterOptions, Operator};
use cimi_model::reflect::Described;
use cimi_model::{Any, ReadOptions, Uri, json, record};

use crate::rack::check;

/// Whether a path is another one or begins with its segments.
fn is_a(value: &str, wanted: &str) -> bool {
    value.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

record! {
    /// A plant in a garden.
    pub Plant = "plant" Structure {
        /// What it is.
        taxon: Option<Uri> = "taxon" [found_by(is_a)],
        /// What else it is.
        taxa: Vec<String> = "taxa" [found_by(is_a)],
        /// What it is called.
        called: Option<String> = "called",
        /// When it was planted.
        planted: Option<cimi_model::DateTime> = "planted",
        /// What grows beside it.
        beside: Vec<Plant> = "beside",
    }
}

const EXACT: FilterOptions = FilterOptions { extensions: true, exact: true, depth: 128, size: 16 << 20 };

fn plant(taxon: &str) -> Plant {
    Plant { taxon: Some(taxon.into()), ..Plant::default() }
}

#[test]
fn equality_finds_more_and_inequality_is_all_else() {
    let mut rose = plant("rosids/rose/dog");
    rose.taxa = vec!["a/b".into(), "c".into()];
    rose.beside = vec![plant("grass/oat"), plant("rosids/apple")];
    check(
        &rose,
        &EXACT,
        &[
            ("taxon='rosids'", true),
            ("'rosids/rose'=taxon", true),
            ("taxon='rosids/rose/dog'", true),
            ("taxon='rosids/ro'", false),
            ("taxon!='rosids'", false),
            ("taxon!='rosids/ro'", true),
            ("taxon=='rosids'", false),
            ("taxon=='rosids/rose/dog'", true),
            ("taxon!=='rosids'", true),
            ("taxon!=='rosids/rose/dog'", false),
            ("taxon^='rosids/ro'", true),
            ("taxon>'a'", false),
            ("taxa='a'", true),
            ("taxa=='a'", false),
            ("taxa!='a'", false),
            ("taxa!='b'", true),
            ("taxa!=='c'", false),
            ("beside/taxon='grass'", true),
            ("beside/taxon!='grass'", false),
            ("beside/taxon!='moss'", true),
            ("beside/taxon=='grass'", false),
            ("taxon=null", false),
            ("taxon==null", false),
            ("taxon!==null", true),
        ],
    );
    check(
        &Plant::default(),
        &EXACT,
        &[
            ("taxon='rosids'", false),
            ("taxon!='rosids'", true),
            ("taxon!=='rosids'", true),
            ("taxa!='a'", true),
            ("beside/taxon!='a'", true),
            ("called!=='x'", true),
            ("called==''", true),
        ],
    );
    // What could not be read is no kind of anything.
    let text = br#"{"taxon": {"of": "rosids"}}"#;
    let odd = json::from_slice::<Plant>(text, &ReadOptions::default()).unwrap().value;
    assert!(matches!(odd.extensions.get("taxon"), Some(Any::Object(_))));
    check(&odd, &EXACT, &[("taxon='rosids'", false), ("taxon!='rosids'", true), ("taxon/of='rosids'", true)]);
}

#[test]
fn elsewhere_exact_operators_are_the_usual_ones() {
    let named = Plant { called: Some("x".into()), ..Plant::default() };
    for (text, expected) in [("called=='x'", true), ("called!=='x'", false), ("called=='X'", false)] {
        check(&named, &EXACT, &[(text, expected)]);
    }
    // Without the option, one is another spelling and the other is none.
    let usual = FilterOptions { exact: false, ..EXACT };
    assert_eq!(Filter::parse("called=='x'", &usual).unwrap(), "called='x'".parse().unwrap());
    assert!(Filter::parse("called!=='x'", &usual).is_err());
    assert!("called=='x'".parse::<Filter>().is_err());
}

#[test]
fn exact_operators_are_printed() {
    for text in ["taxon=='a' and taxon!=='b'", "taxon=='it\\'s \"5\\\\\"'"] {
        let filter = Filter::parse(text, &EXACT).unwrap();
        assert!(!filter.is_standard());
        assert_eq!(filter.to_string(), text);
        assert_eq!(Filter::parse(&filter.to_string(), &EXACT).unwrap(), filter);
    }
    let built = Filter::compare("taxon", Operator::Same, "a").unwrap();
    assert_eq!(built, Filter::parse("taxon=='a'", &EXACT).unwrap());
    assert_eq!(Filter::parse("5<==taxon", &EXACT).unwrap_err().offset(), 3);
}

#[test]
fn dates_in_quotes() {
    let read = |text: &str| Filter::parse(text, &EXACT).unwrap().with_quoted_dates(Plant::TYPE);
    for (quoted, plain) in [
        ("planted>'2026-03-01'", "planted>2026-03-01"),
        ("'2026-03'=planted", "planted=2026-03"),
        ("beside/planted!='2026-03-01T01:00:00.500+0100'", "beside/planted!=2026-03-01T01:00:00.500+01:00"),
    ] {
        assert_eq!(read(quoted), Filter::parse(plain, &EXACT).unwrap(), "{quoted}");
    }
    for same in ["called='2026-03-01'", "planted='soon'", "more/planted='2026-03-01'", "property['a']='2026-03-01'"] {
        assert_eq!(read(same), Filter::parse(same, &EXACT).unwrap());
    }
    // Where it stood is still known.
    assert_eq!(read("called='x' and planted>'soon'").problems(Plant::TYPE)[0].offset, 15);
}

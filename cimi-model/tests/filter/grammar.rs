//! What the grammar takes, what it means, and where it is left.

use cimi_model::filter::{Expression, Filter, FilterErrorKind, FilterOptions, Literal};

use crate::EXTENDED;

fn canonical(text: &str, options: &FilterOptions) -> String {
    Filter::parse(text, options).unwrap_or_else(|error| panic!("{text}: {error}")).to_string()
}

fn refused(text: &str, options: &FilterOptions) -> (usize, &'static str) {
    match Filter::parse(text, options) {
        Ok(filter) => panic!("{text} is {filter}"),
        Err(error) => (error.offset(), error.expected()),
    }
}

/// The tree with a pair of brackets for each node.
fn tree(expression: Expression<'_>) -> String {
    let all = |operands: cimi_model::filter::Operands<'_>, word: &str| {
        let parts: Vec<String> = operands.map(tree).collect();
        format!("[{}]", parts.join(word))
    };
    match expression {
        Expression::And(operands) => all(operands, " & "),
        Expression::Or(operands) => all(operands, " | "),
        Expression::Comparison(comparison) => match &comparison.value {
            Literal::Integer(number) => number.to_string(),
            other => panic!("{other:?}"),
        },
        _ => unreachable!("there are no others"),
    }
}

#[test]
fn and_binds_tighter_than_or() {
    for (text, expected) in [
        ("a=1", "1"),
        ("a=1 and a=2 and a=3", "[1 & 2 & 3]"),
        ("a=1 or a=2 or a=3", "[1 | 2 | 3]"),
        ("a=1 or a=2 and a=3", "[1 | [2 & 3]]"),
        ("a=1 and a=2 or a=3", "[[1 & 2] | 3]"),
        ("a=1 and (a=2 or a=3)", "[1 & [2 | 3]]"),
        ("(a=1 or a=2) and (a=3 or a=4) and a=5", "[[1 | 2] & [3 | 4] & 5]"),
        // What associates is one node, whatever the parentheses.
        ("((a=1)) and (a=2 and (a=3 and a=4))", "[1 & 2 & 3 & 4]"),
        ("(a=1 or (a=2)) or ((a=3 or a=4))", "[1 | 2 | 3 | 4]"),
        ("((a=1 and a=2) or a=3) and a=4", "[[[1 & 2] | 3] & 4]"),
        ("(a=1 and a=2) or (a=3 and (a=4 or a=5))", "[[1 & 2] | [3 & [4 | 5]]]"),
    ] {
        assert_eq!(tree(text.parse::<Filter>().unwrap().expression()), expected, "{text}");
    }
}

#[test]
fn canonical_forms() {
    for (text, expected) in [
        // Attributes come first.
        ("3=alpha", "alpha=3"),
        ("3<alpha", "alpha>3"),
        ("3<=alpha", "alpha>=3"),
        ("3>=alpha", "alpha<=3"),
        ("3>alpha", "alpha<3"),
        ("'x'!=alpha", "alpha!='x'"),
        ("true=bootable", "bootable=true"),
        ("2012-01-02<=created", "created>=2012-01-02"),
        // White space, of which the grammar has none, is free between terminals.
        (" \t\r\n cpu \n>=\t 2 ", "cpu>=2"),
        ("( cpu=1 )or( cpu=2 )and cpu=3", "cpu=1 or cpu=2 and cpu=3"),
        ("property[ 'k' ] = 'v'", "property['k']='v'"),
        ("a=1andb=2orc=3", "a=1 and b=2 or c=3"),
        (
            "a='1'and b=\"2\"or c=true and d=2012-01-02or e=false",
            "a='1' and b='2' or c=true and d=2012-01-02 or e=false",
        ),
        ("a=trueand b=falseor c=1", "a=true and b=false or c=1"),
        // Keywords and the beginning of a property are names elsewhere.
        ("and=1 and or=2 or or=3", "and=1 and or=2 or or=3"),
        ("true=1", "true=1"),
        ("1=true", "true=1"),
        ("true=false", "true=false"),
        ("true='x'", "true='x'"),
        ("true=trueish", "trueish=true"),
        ("false!=and", "and!=false"),
        ("property=1", "property=1"),
        ("'x'=property", "property='x'"),
        ("propertyx=1", "propertyx=1"),
        ("null=1", "null=1"),
        ("android=1 and oracle=2", "android=1 and oracle=2"),
        // Names of real attributes.
        ("_=1", "_=1"),
        ("cloud-vm-=1", "cloud-vm-=1"),
        ("schema-org:att1='x'", "schema-org:att1='x'"),
        // Integers.
        ("cpu=0002", "cpu=2"),
        ("cpu=000", "cpu=0"),
        ("cpu=18446744073709551615", "cpu=18446744073709551615"),
        ("cpu=0018446744073709551616", "cpu=18446744073709551616"),
        // Strings, without escapes.
        ("a=''", "a=''"),
        ("a=\"\"", "a=''"),
        ("a=\"it's\"", "a=\"it's\""),
        ("a='say \"yes\"'", "a='say \"yes\"'"),
        ("a='\\'", "a='\\'"),
        ("a='\\n\\\\'", "a='\\n\\\\'"),
        ("a='or b=1'", "a='or b=1'"),
        ("a='é\u{0}\u{7f}🙂'", "a='é\u{0}\u{7f}🙂'"),
        ("property[\"it's\"]!='x'", "property[\"it's\"]!='x'"),
        ("property['']=''", "property['']=''"),
        ("property['n']<'4'", "property['n']<'4'"),
        // Dates.
        ("a=2012-01-02T13:14:25", "a=2012-01-02T13:14:25"),
        ("a=2012-01-02T13:14:25.60Z", "a=2012-01-02T13:14:25.60Z"),
        ("a=2012-01-02T24:00:00-14:00", "a=2012-01-02T24:00:00-14:00"),
        ("a=2012-02-29Z", "a=2012-02-29Z"),
        ("a=2012-02-29+05:30", "a=2012-02-29+05:30"),
        ("a=-0044-03-15", "a=-0044-03-15"),
        ("-0044-03-15<a", "a>-0044-03-15"),
        ("a=12012-01-02", "a=12012-01-02"),
        ("a=2012", "a=2012"),
    ] {
        assert_eq!(canonical(text, &FilterOptions::default()), expected, "{text}");
        assert_eq!(canonical(expected, &FilterOptions::default()), expected, "{text}");
        // The extended grammar has all of these too, but for backslashes.
        if !text.contains('\\') && text != "null=1" {
            assert_eq!(canonical(text, &EXTENDED), expected, "{text}");
        }
    }
}

#[test]
fn canonical_forms_of_extensions() {
    for (text, expected) in [
        ("name=='mine'", "name='mine'"),
        ("name^='m'", "name^='m'"),
        ("'m' ^= name", "name^='m'"),
        ("property['k']^='v'", "property['k']^='v'"),
        ("name=null", "name=null"),
        ("null!=name", "name!=null"),
        ("null==name", "name=null"),
        ("name=nullor cpu=1", "name=null or cpu=1"),
        ("null=null", "null=null"),
        ("null=1", "null=1"),
        ("a/b-1/c_2=1", "a/b-1/c_2=1"),
        ("1<=ns:a/ns:b", "ns:a/ns:b>=1"),
        (r"a='it\'s' or b='x'", "a=\"it's\" or b='x'"),
        (r#"a='it\'s "so"'"#, r#"a='it\'s "so"'"#),
        (r#"property["\"'"]='v'"#, r#"property['"\'']='v'"#),
        (r"a='\n\\'", r"a='\n\'"),
        ("created>2012-01", "created>2012-01"),
        ("-0044-03<=created", "created>=-0044-03"),
    ] {
        let filter = Filter::parse(text, &EXTENDED).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(filter.to_string(), expected, "{text}");
        let options = if filter.is_standard() { FilterOptions::default() } else { EXTENDED };
        assert_eq!(Filter::parse(expected, &options).as_ref(), Ok(&filter), "{text}");
        assert_eq!(Filter::parse(&filter.to_extended_string(), &EXTENDED), Ok(filter), "{text}");
    }
}

const OPERAND: &str = "an attribute, a value, property['key'] or '('";
const VALUE: &str = "a value (a string in quotes, an integer, a date, true or false)";
const OPERATOR: &str = "an operator (<, <=, =, >=, >, !=)";
const MORE: &str = "'and', 'or' or the end";
const CLOSE: &str = "'and', 'or' or ')'";
const STRING: &str = "a string in quotes";
const DATE: &str = "a date of XML Schema";
const QUOTE: &str = "the closing quote";

#[test]
fn errors_say_where_and_what_was_expected() {
    for (text, offset, expected) in [
        ("", 0, OPERAND),
        ("   ", 3, OPERAND),
        ("()", 1, OPERAND),
        ("(a=1", 4, CLOSE),
        ("(a=1 b=2)", 5, CLOSE),
        ("a=1)", 3, MORE),
        ("(a=1)(b=2)", 5, MORE),
        ("(a=1)=2", 5, MORE),
        ("(a)=1", 2, OPERATOR),
        ("=1", 0, OPERAND),
        ("!a=1", 0, OPERAND),
        ("not a=1", 4, OPERATOR),
        ("1a=1", 1, OPERATOR),
        ("-a=1", 0, OPERAND),
        (".a=1", 0, OPERAND),
        ("é=1", 0, OPERAND),
        ("aé=1", 1, OPERATOR),
        ("a.b=1", 1, OPERATOR),
        ("a/b=1", 1, OPERATOR),
        ("a:=1", 2, "a name"),
        ("a:b:c=1", 3, OPERATOR),
        ("{urn:x}a=1", 0, OPERAND),
        ("\u{0}a=1", 0, OPERAND),
        ("\u{a0}a=1", 0, OPERAND),
        ("a", 1, OPERATOR),
        ("a 1", 2, OPERATOR),
        ("a! =1", 1, OPERATOR),
        ("a^='x'", 1, OPERATOR),
        ("a<>1", 2, VALUE),
        ("a==1", 2, VALUE),
        ("a=>1", 2, VALUE),
        ("a> =1", 3, VALUE),
        ("a=", 2, VALUE),
        ("a= ", 3, VALUE),
        ("a=b", 2, VALUE),
        ("a=TRUE", 2, VALUE),
        ("a=null", 2, VALUE),
        ("a=truely", 2, VALUE),
        ("a=-1", 2, VALUE),
        ("a=-0044-03", 2, VALUE),
        ("-0044-03=a", 0, OPERAND),
        ("a=+1", 2, VALUE),
        ("a=(1)", 2, VALUE),
        ("a=.5", 2, VALUE),
        ("1=1", 2, "an attribute"),
        ("'a'='b'", 4, "an attribute"),
        ("1=", 2, "an attribute"),
        ("1", 1, OPERATOR),
        ("true", 4, OPERATOR),
        ("a=1.5", 3, MORE),
        ("a=1e3", 3, MORE),
        ("a=0x10", 3, MORE),
        ("a=1 AND b=2", 4, MORE),
        ("a=1 && b=2", 4, MORE),
        ("a=1;", 3, MORE),
        ("a=1 and", 7, OPERAND),
        ("a=1 and and b=2", 12, OPERATOR),
        ("a=1 or or", 9, OPERATOR),
        ("and", 3, OPERATOR),
        ("a='x", 4, QUOTE),
        ("a='x\"", 5, QUOTE),
        ("a=\"é", 5, QUOTE),
        ("a='x''", 5, MORE),
        ("a='it''s'", 6, MORE),
        ("a='it\\'s'", 7, MORE),
        ("a=2012-13-01", 2, DATE),
        ("a=2012-02-30", 2, DATE),
        ("a=2013-02-29", 2, DATE),
        ("a=2012-01", 2, DATE),
        ("a=2012-01-02T25:00:00Z", 2, DATE),
        ("a=2012-01-02T24:00:01Z", 2, DATE),
        ("a=2012-01-02T13:14Z", 2, DATE),
        ("a=2012-01-02T13:14:25+0100", 2, DATE),
        ("a=02012-01-02", 2, DATE),
        ("a=2012-01-02T13:14:25Q", 21, MORE),
        ("a=13:14:25", 4, MORE),
        ("a=12-01-02", 4, MORE),
        ("property", 8, OPERATOR),
        ("property['k']", 13, OPERATOR),
        ("property ['k']='v'", 9, OPERATOR),
        ("property[k]='v'", 9, STRING),
        ("property[]='v'", 9, STRING),
        ("property['k'='v'", 12, "]"),
        ("property['k']=4", 14, STRING),
        ("property['k']=true", 14, STRING),
        ("property['k']='v' 'w'", 18, MORE),
        ("Property['k']='v'", 8, OPERATOR),
        ("'v'=property['k']", 12, MORE),
        ("property=['k']", 9, VALUE),
    ] {
        assert_eq!(refused(text, &FilterOptions::default()), (offset, expected), "{text}");
    }
}

#[test]
fn errors_of_extensions() {
    for (text, offset, expected) in [
        ("a^=1", 3, STRING),
        ("a^=null", 3, STRING),
        ("a^=b", 3, STRING),
        ("1^=a", 1, OPERATOR),
        ("a<null", 2, VALUE),
        ("null<a", 4, "= or !="),
        ("null^=a", 4, "= or !="),
        ("a/=1", 2, "a name"),
        ("a/1=1", 2, "a name"),
        ("/a=1", 0, OPERAND),
        ("a=='x", 5, QUOTE),
        ("a='\\'", 5, QUOTE),
        ("a=2012-13", 2, DATE),
        ("a=2012-02Z", 2, DATE),
    ] {
        assert_eq!(refused(text, &EXTENDED), (offset, expected), "{text}");
    }
}

#[test]
fn messages_are_one_line() {
    for (text, expected) in [
        ("a=b", "expected a value (a string in quotes, an integer, a date, true or false), found 'b' at byte 2"),
        ("a=1 and", "expected an attribute, a value, property['key'] or '(', found the end at byte 7"),
        ("a\n\u{0}", "expected an operator (<, <=, =, >=, >, !=), found '\\u{0}' at byte 2"),
        ("a=1 é", "expected 'and', 'or' or the end, found 'é' at byte 4"),
    ] {
        let error = text.parse::<Filter>().unwrap_err();
        assert_eq!((error.to_string().as_str(), error.kind()), (expected, FilterErrorKind::Syntax));
        let error = cimi_model::Error::from(error);
        assert_eq!((error.kind(), error.reason()), (cimi_model::ErrorKind::Syntax, expected));
    }
}

#[test]
fn bounds() {
    let options = FilterOptions { depth: 2, size: 9, ..Default::default() };
    assert!(Filter::parse("((a=1))", &options).is_ok());
    for (text, offset) in [("(((a=1)))", 2), ("aaaaaaaa=1", 9)] {
        let error = Filter::parse(text, &options).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (FilterErrorKind::Limit, offset), "{text}: {error}");
        assert_eq!(cimi_model::Error::from(error).kind(), cimi_model::ErrorKind::Limit);
    }
    // Parentheses that are closed no longer count.
    let many = vec!["(a=1)"; 1000].join(" or ");
    assert!(Filter::parse(&many, &FilterOptions { depth: 1, ..Default::default() }).is_ok());
}

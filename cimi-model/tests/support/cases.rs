//! Documents of dialect 2 that show one attribute each.

use cimi_model::meta::{Attribute, Kind, Role, Type, XmlForm};
use cimi_model::{Dialect, Registry};

/// One document, and whether it is valid.
pub struct Case {
    pub name: String,
    pub text: String,
    pub valid: bool,
}

/// Puts attributes and children into the element that they belong to.
type Wrap<'w> = &'w dyn Fn(&str, &str) -> String;

/// Documents of dialect 2 that show one attribute each, as it must be and as it must not be.
fn cases_of(owner: &'static Type, path: &str, depth: usize, wrap: Wrap<'_>, cases: &mut Vec<Case>) {
    let rows: Vec<_> = owner.attributes.iter().filter(|row| Dialect::V2.has(row.versions)).collect();
    let mut elements: Vec<(&str, String)> = Vec::new();
    let mut add = |name: String, text: String, valid| cases.push(Case { name: format!("{path}.{name}"), text, valid });
    for row in &rows {
        let (good, bad) = contents(row.kind, row);
        if row.xml == XmlForm::Attribute {
            add(format!("{}-good", row.name), wrap(&format!(" {}=\"{}\"", row.name, good.1), ""), true);
            for (i, (_, text)) in bad.iter().enumerate() {
                add(format!("{}-bad{i}", row.name), wrap(&format!(" {}=\"{text}\"", row.name), ""), false);
            }
        } else if row.xml == XmlForm::Element {
            let element = element(owner, row, &good);
            add(format!("{}-good", row.name), wrap("", &element), true);
            add(format!("{}-twice", row.name), wrap("", &element.repeat(2)), row.unwrapped || row.value_scopes);
            for (i, bad) in bad.iter().enumerate() {
                add(format!("{}-bad{i}", row.name), wrap("", &self::element(owner, row, bad)), false);
            }
            elements.push((row.name, element));
        }
    }
    for pair in elements.windows(2) {
        add(format!("{}-{}", pair[0].0, pair[1].0), wrap("", &format!("{}{}", pair[0].1, pair[1].1)), true);
        add(format!("{}-{}", pair[1].0, pair[0].0), wrap("", &format!("{}{}", pair[1].1, pair[0].1)), false);
    }
    let namespace = owner.namespace_in(Dialect::V2);
    add("unknown".into(), wrap("", &format!("<unknown xmlns=\"{namespace}\"/>")), false);
    add("foreign".into(), wrap("", "<unknown xmlns=\"urn:v\"/>"), true);
    add("plain".into(), wrap(" plain=\"x\"", ""), false);
    for row in &rows {
        let structure = match row.kind {
            Kind::Structure(structure) if !structure().any => structure(),
            Kind::Array(Kind::Structure(structure)) => structure(),
            _ => continue,
        };
        if depth > 0 && structure.role == Role::Structure {
            let inner = |attributes: &str, children: &str| {
                wrap("", &element(owner, row, &(attributes.to_owned(), children.to_owned())))
            };
            cases_of(structure, &format!("{path}.{}", row.name), depth - 1, &inner, cases);
        }
    }
}

/// The element of a row with these attributes and this content, around one item if it has items.
fn element(owner: &Type, row: &Attribute, (attributes, content): &(String, String)) -> String {
    let namespace = owner.namespace_in(Dialect::V2);
    if matches!(row.kind, Kind::Array(_) | Kind::Map) {
        let item = format!("<{0}{attributes}>{content}</{0}>", row.item);
        if row.unwrapped {
            return item.replacen(row.item, &format!("{} xmlns=\"{namespace}\"", row.item), 1);
        }
        return format!("<{0} xmlns=\"{namespace}\">{item}</{0}>", row.name);
    }
    format!("<{0} xmlns=\"{namespace}\"{attributes}>{content}</{0}>", row.name)
}

/// A valid value of a kind, as attributes and content, and invalid ones.
fn contents(kind: Kind, row: &Attribute) -> ((String, String), Vec<(String, String)>) {
    let (good, bad): (&str, Vec<&str>) = match kind {
        Kind::Array(item) => return contents(*item, row),
        Kind::Ref(_) => return ((" href=\"x/1\"".into(), String::new()), vec![(String::new(), "x".into())]),
        // In mixed content a value stands that has no name, or no type.
        Kind::Structure(of) if of().any || of().attributes.iter().any(|row| row.xml == XmlForm::Content) => {
            ("x", vec![])
        }
        Kind::Structure(_) => ("", vec!["x"]),
        Kind::Map => return ((" key=\"k\"".into(), "v".into()), vec![(String::new(), "v".into())]),
        Kind::Integer => return integers(row.range),
        Kind::Boolean => ("true", vec!["maybe", ""]),
        Kind::DateTime => ("2012-05-25T13:30:15Z", vec!["yesterday", ""]),
        Kind::Duration => ("PT1H", vec!["soon", ""]),
        Kind::Binary => ("00ff", vec!["0f0"]),
        Kind::Enumeration(values) if row.closed => (values[0], vec!["unheard-of"]),
        Kind::Enumeration(_) => ("unheard-of", vec![]),
        _ => ("x", vec![]),
    };
    let text = |text: &str| (String::new(), text.to_owned());
    (text(good), bad.into_iter().map(text).collect())
}

fn integers(range: Option<(i64, i64)>) -> ((String, String), Vec<(String, String)>) {
    let (least, most) = range.unwrap_or((i64::MIN, i64::MAX));
    let beyond = [least.checked_sub(1), most.checked_add(1)].into_iter().flatten().map(|number| number.to_string());
    let others = ["x", "1.5", "9223372036854775808"].map(str::to_owned);
    let text = |text: String| (String::new(), text);
    (text(least.max(-7).min(most).to_string()), beyond.chain(others).map(text).collect())
}

/// The cases of the types of a registry that are chosen.
pub fn cases(registry: &Registry, chosen: impl Fn(&Type) -> bool) -> Vec<Case> {
    let mut cases = Vec::new();
    for entry in registry {
        let found = entry.record_type;
        if found.role == Role::Collection || !Dialect::V2.has(found.versions) || !chosen(found) {
            continue;
        }
        let (name, namespace) = (found.name, found.namespace_in(Dialect::V2));
        let wrap =
            |attributes: &str, children: &str| format!("<{name} xmlns=\"{namespace}\"{attributes}>{children}</{name}>");
        cases_of(found, name, 2, &wrap, &mut cases);
    }
    cases
}

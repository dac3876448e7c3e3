//! Records of any type with values in them, out of bytes that proptest shrinks.

use cimi_model::any::Any;
use cimi_model::meta::Kind;
use cimi_model::reflect::{Record, Slot};
use cimi_model::{Registry, Uri};

/// A source of decisions. When it is used up, every decision is the simplest one.
pub struct Choices<'a>(pub &'a [u8]);

impl Choices<'_> {
    pub fn below(&mut self, n: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first) % n
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// A record of the `n`th type of the standard.
pub fn record(n: usize, bytes: &[u8]) -> Box<dyn Record> {
    let registry = Registry::standard();
    let entry = registry.iter().cycle().nth(n).unwrap();
    let mut record = (entry.new)();
    fill(&mut *record, &mut Choices(bytes), 2);
    record
}

/// How many types the standard has.
pub fn types() -> usize {
    Registry::standard().iter().count()
}

/// Sets some attributes and extensions.
pub fn fill(record: &mut dyn Record, choices: &mut Choices<'_>, depth: usize) {
    for (index, attribute) in record.record_type().attributes.iter().enumerate() {
        if choices.below(3) == 1 {
            set(record.get_mut(index).unwrap().slot(), attribute.kind, choices, depth);
        }
        // What a lenient reader did not understand.
        if choices.below(40) == 1 {
            // At times beside a value.
            if choices.below(2) == 0 {
                record.get_mut(index).unwrap().clear();
            }
            record.extensions_mut().insert(attribute.name, "not understood");
        }
    }
    for key in ["realm", "{urn:v}size", "@{urn:v}flag", "@{http://www.w3.org/XML/1998/namespace}lang", "#text"] {
        if choices.below(6) == 1 {
            record.extensions_mut().insert(key, choices.pick(&["eu", "us", ""]));
        }
    }
}

fn set(slot: Slot<'_>, kind: Kind, choices: &mut Choices<'_>, depth: usize) {
    match slot {
        Slot::Text(text) => {
            let value = match kind {
                Kind::DateTime => choices.pick(&["2012-05-25T13:30:15-05:00", "2000-02-29T00:00:00Z"]),
                Kind::Duration => choices.pick(&["PT1H", "P1D"]),
                Kind::Binary => choices.pick(&["00ff", "AB"]),
                Kind::Enumeration(known) => choices.pick(known),
                _ => choices.pick(&["", "a", "http://example.com/b"]),
            };
            text.put(value, false);
        }
        Slot::Integer(number) => *number = Some(choices.pick(&[0, 1, -1, i64::MAX])),
        Slot::Boolean(flag) => *flag = Some(choices.below(2) == 1),
        Slot::Map(map) => drop(map.insert(choices.pick(&["owner", "site"]), choices.pick(&["x", "y"]))),
        Slot::Any(any) => *any = Some(Any::from(choices.pick(&["x", "y"]))),
        Slot::Record(record) if depth > 0 => fill(record, choices, depth - 1),
        Slot::Record(_) => {}
        Slot::Ref(reference) => {
            *reference.href_mut() = Some(Uri::from(choices.pick(&["a/1", "a/2"])));
            if depth > 0 && choices.below(3) == 1 {
                fill(reference.record_mut(), choices, depth - 1);
            }
        }
        Slot::List(list) => {
            let Kind::Array(item) = kind else { return };
            for _ in 0..choices.below(3) {
                set(list.push(), *item, choices, depth.saturating_sub(1));
            }
        }
    }
}

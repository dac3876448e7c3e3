//! Reads JSON that is much as the standard has it, in one go and straight into its records.
//!
//! It keeps no path: the few deviations that it knows, scalars in another spelling or of another form, get theirs on the way
//! out. At the first thing that is malformed, deviates otherwise, exceeds a limit or is merely unusual it gives up, and
//! the careful reader starts again from the beginning. What it accepts, the careful reader reads as the same value with
//! the same deviations; tests hold the two against each other.

use super::any::read_scalar;
use super::cursor::Cursor;
use super::members::{Member, Names, is_generic_of};
use super::slots::{Fit, does_not_fit, put_scalar, was_read};
use crate::Dialect;
use crate::any::Any;
use crate::context::{Context, Seen, Target, clear_empty, put_string};
use crate::error::{Path, Step};
use crate::extensions::Origin;
use crate::meta::{Attribute, Kind, Type};
use crate::reflect::{List, Record, Reference, Slot, TextSlot, Value, Verdict};
use crate::scope::are_scopes;
use crate::spelling::keep_spelling;
use crate::value::Map;

/// The document is not for this reader.
#[derive(Debug)]
pub(super) struct GiveUp;

pub(super) type Outcome<T> = Result<T, GiveUp>;

/// As deep as `serde_json` goes, whatever the limits are.
const DEEPEST: usize = 127;

/// Reads a document into an empty record, `path` in the whole. When it gives up, the record is in no particular state.
pub(super) fn read(text: &str, record: &mut dyn Record, context: &mut Context, path: &Path, root: bool) -> Outcome<()> {
    let mut quick = Quick { cursor: Cursor::new(text), context };
    quick.members(&mut Target::Record(record), root)?;
    quick.cursor.end()?;
    path.steps().iter().rev().for_each(|step| context.prefix(0, step));
    Ok(())
}

pub(super) struct Quick<'t, 'c> {
    pub(super) cursor: Cursor<'t>,
    pub(super) context: &'c mut Context,
}

impl From<crate::Error> for GiveUp {
    fn from(_: crate::Error) -> Self {
        Self
    }
}

/// What came of filling a place.
enum Filled {
    /// It has a value.
    Full,
    /// Its value may be empty.
    Empty,
    /// It has a value that was written in another way.
    Recovered,
    /// The value, still to be read, does not fit.
    Unfit,
}

/// An object that is being read: what its members mean, and which of them have been.
struct Open {
    names: Names,
    attributes: Seen,
    flat: Seen,
    href: bool,
    uri: bool,
    unknown: usize,
}

impl Open {
    fn new(target: &Target<'_>) -> Self {
        let names = Names { record_type: target.record_type(), in_ref: target.is_ref(), guess: 0 };
        Self { names, attributes: Seen::default(), flat: Seen::default(), href: false, uri: false, unknown: 0 }
    }
}

impl Quick<'_, '_> {
    pub(super) fn enter(&mut self) -> Outcome<()> {
        self.context.enter()?;
        if self.context.depth > DEEPEST { Err(GiveUp) } else { Ok(()) }
    }

    /// Whether another member or item follows; takes the comma before it.
    pub(super) fn follows(&mut self, first: bool, end: u8) -> Outcome<bool> {
        if self.cursor.takes(end) {
            return Ok(false);
        }
        if !first {
            self.cursor.take(b',')?;
        }
        Ok(true)
    }

    fn members(&mut self, target: &mut Target<'_>, root: bool) -> Outcome<()> {
        self.cursor.take(b'{')?;
        self.enter()?;
        let mut open = Open::new(target);
        self.further_members(target, &mut open, root)
    }

    /// A reference: mostly nothing but a URI.
    fn reference(&mut self, reference: &mut dyn Reference) -> Outcome<()> {
        self.cursor.take(b'{')?;
        self.enter()?;
        let href = self.cursor.takes_string("href");
        if href {
            self.cursor.take(b':')?;
            self.text(reference.href_mut())?;
            if self.cursor.takes(b'}') {
                self.context.leave();
                return Ok(());
            }
        }
        let mut target = Target::Ref(reference);
        let mut open = Open { href, ..Open::new(&target) };
        self.further_members(&mut target, &mut open, false)
    }

    /// The members of an object that are left, up to its end.
    fn further_members(&mut self, target: &mut Target<'_>, open: &mut Open, root: bool) -> Outcome<()> {
        let in_ref = usize::from(open.names.in_ref);
        self.context.overrides += in_ref;
        let mut first = !open.href;
        while self.follows(first, b'}')? {
            first = false;
            self.next(target, open, root)?;
        }
        if open.unknown > 1 && target.record().extensions().duplicate().is_some() {
            return Err(GiveUp);
        }
        self.context.overrides -= in_ref;
        self.context.leave();
        Ok(())
    }

    /// A member: mostly the next one of the table.
    fn next(&mut self, target: &mut Target<'_>, open: &mut Open, root: bool) -> Outcome<()> {
        let names = &open.names;
        if names.expected().is_some_and(|expected| self.cursor.takes_string(expected.name)) {
            return self.known(target, open, open.names.guess);
        }
        if names.guess == 0 && self.cursor.takes_string("resourceURI") {
            return self.member(target, &Member::ResourceUri, open, root);
        }
        let key = self.cursor.string()?;
        if let Some(index) = names.exact(&key) {
            return self.known(target, open, index);
        }
        match names.otherwise(&key) {
            Some(Member::Attribute(index)) => self.known(target, open, index),
            Some(other) => self.member(target, &other, open, root),
            None => self.unknown(target, open, &key),
        }
    }

    /// A member that is an attribute.
    fn known(&mut self, target: &mut Target<'_>, open: &mut Open, index: usize) -> Outcome<()> {
        if !open.attributes.first(index) {
            return Err(GiveUp);
        }
        open.names.guess = index + 1;
        self.cursor.take(b':')?;
        self.context.count()?;
        self.attribute(target.record(), open.names.record_type, index)
    }

    /// Any other member.
    fn member(&mut self, target: &mut Target<'_>, member: &Member, open: &mut Open, root: bool) -> Outcome<()> {
        self.cursor.take(b':')?;
        match *member {
            Member::Href if !std::mem::replace(&mut open.href, true) => match target {
                Target::Ref(reference) => self.text(reference.href_mut()),
                Target::Record(_) => Err(GiveUp),
            },
            Member::FlatHref(flat) if !std::mem::replace(&mut open.href, true) => {
                match target.record().get_mut(flat).map(Value::slot) {
                    Some(Slot::Ref(reference)) => self.text(reference.href_mut()),
                    _ => Err(GiveUp),
                }
            }
            Member::Flat(flat, index) if open.flat.first(index) => {
                match target.record().get_mut(flat).map(Value::slot) {
                    Some(Slot::Ref(reference)) => {
                        let record_type = reference.target();
                        self.attribute(reference.record_mut(), record_type, index)
                    }
                    _ => Err(GiveUp),
                }
            }
            Member::ResourceUri if !std::mem::replace(&mut open.uri, true) => self.resource_uri(target, root),
            // A member that occurs twice, or has another spelling.
            _ => Err(GiveUp),
        }
    }

    /// A member that no table knows.
    fn unknown(&mut self, target: &mut Target<'_>, open: &mut Open, key: &str) -> Outcome<()> {
        open.unknown += 1;
        self.cursor.take(b':')?;
        let key = self.shared(key)?;
        let value = self.any()?;
        target.record().extensions_mut().push(key, value, Origin::Json);
        Ok(())
    }

    fn text(&mut self, slot: &mut dyn TextSlot) -> Outcome<()> {
        let verdict = match self.cursor.plain_string() {
            Some(text) => slot.put(text, true),
            None => slot.put(&self.cursor.string()?, true),
        };
        if verdict == Verdict::Conforming { Ok(()) } else { Err(GiveUp) }
    }

    fn resource_uri(&mut self, target: &mut Target<'_>, root: bool) -> Outcome<()> {
        let uri = self.cursor.string()?;
        if root {
            self.context.dialect = Dialect::split_uri(&uri).map(|(dialect, _)| dialect);
        }
        let known = target.record_type().is_said_by(&uri) || (root && is_generic_of(target, &uri));
        if known { Ok(()) } else { Err(GiveUp) }
    }

    fn attribute(&mut self, record: &mut dyn Record, record_type: &'static Type, index: usize) -> Outcome<()> {
        let attribute = record_type.attributes.get(index).ok_or(GiveUp)?;
        let value = record.get_mut(index).ok_or(GiveUp)?;
        let before = self.context.kept_deviations();
        let start = self.cursor.place();
        match self.slot(attribute, value.slot())? {
            Filled::Empty if attribute.kind.can_be_empty() => clear_empty(record, index, attribute),
            Filled::Full | Filled::Empty => {}
            Filled::Recovered => {
                clear_empty(record, index, attribute);
                keep_spelling(record, index, || read_scalar(self.cursor.since(start)));
            }
            Filled::Unfit => self.keep(record, index, attribute)?,
        }
        self.on_the_way_out(before, &Step::Name(attribute.name));
        Ok(())
    }

    /// Adds a step to the paths of what deviates below it.
    fn on_the_way_out(&mut self, before: usize, step: &Step) {
        if self.context.kept_deviations() > before {
            self.context.prefix(before, step);
        }
    }

    /// Fills a place.
    fn slot(&mut self, attribute: &'static Attribute, slot: Slot<'_>) -> Outcome<Filled> {
        let next = self.cursor.peek().ok_or(GiveUp)?;
        match slot {
            Slot::Text(place) if next == b'"' => return self.string(attribute, place),
            Slot::Integer(place) => match self.cursor.integer() {
                Some(integer) => *place = Some(integer),
                None => return self.odd_scalar(attribute, Slot::Integer(place)),
            },
            Slot::Boolean(place) if matches!(next, b't' | b'f') => *place = Some(self.cursor.boolean()?),
            Slot::Text(_) | Slot::Boolean(_) => return self.odd_scalar(attribute, slot),
            Slot::Any(place) => {
                let value = self.any()?;
                if attribute.value_scopes && !are_scopes(&value) {
                    return Err(GiveUp);
                }
                *place = Some(value);
            }
            _ if next == b'n' => return Ok(Filled::Unfit),
            Slot::Ref(reference) => self.reference(reference)?,
            Slot::Record(record) => self.members(&mut Target::Record(record), false)?,
            Slot::Map(map) => return self.map(attribute, map),
            Slot::List(list) => return self.list(attribute, list),
        }
        Ok(Filled::Full)
    }

    /// Fills a place for a text from a string.
    fn string(&mut self, attribute: &'static Attribute, place: &mut dyn TextSlot) -> Outcome<Filled> {
        let start = self.cursor.place();
        if let Some(text) = self.cursor.plain_string() {
            return Ok(self.put(attribute, place, text, start));
        }
        let text = self.cursor.string()?;
        Ok(self.put(attribute, place, &text, start))
    }

    fn put(&mut self, attribute: &'static Attribute, place: &mut dyn TextSlot, text: &str, start: usize) -> Filled {
        match put_string(attribute, place, text, self.context.strict) {
            Verdict::Conforming => return if text.is_empty() { Filled::Empty } else { Filled::Full },
            Verdict::Recovered => self.context.deviate_below(was_read(attribute, &Slot::Text(place), text), start),
            Verdict::Refused => {
                self.cursor.back_to(start);
                return Filled::Unfit;
            }
        }
        Filled::Recovered
    }

    /// Fills a place for a scalar from something of another form.
    fn odd_scalar(&mut self, attribute: &'static Attribute, mut slot: Slot<'_>) -> Outcome<Filled> {
        let start = self.cursor.place();
        if self.context.strict || matches!(self.cursor.peek(), Some(b'{' | b'[')) {
            return Ok(Filled::Unfit);
        }
        let raw = self.cursor.scalar()?;
        match put_scalar(attribute, &mut slot, raw, false) {
            Fit::Well => {}
            Fit::Recovered(text) => self.context.deviate_below(text, start),
            Fit::Not => {
                self.cursor.back_to(start);
                return Ok(Filled::Unfit);
            }
        }
        Ok(Filled::Recovered)
    }

    /// Keeps a value that does not fit its attribute.
    fn keep(&mut self, record: &mut dyn Record, index: usize, attribute: &'static Attribute) -> Outcome<()> {
        let start = self.cursor.place();
        // An object may hold the URI that is expected.
        let is_object = self.cursor.peek() == Some(b'{');
        if self.context.strict || (is_object && matches!(attribute.kind, Kind::Uri)) {
            return Err(GiveUp);
        }
        let kept = self.any()?;
        let value = record.get_mut(index).ok_or(GiveUp)?;
        let slot = value.slot();
        let erased = kept == Any::Null && self.context.overrides > 0;
        let any = matches!(&slot, Slot::Record(record) if record.record_type().any);
        if !erased && !any {
            let text = does_not_fit(attribute, &slot, self.cursor.since(start), false);
            self.context.deviate_below(text, start);
        }
        value.clear();
        record.extensions_mut().push(attribute.name, kept, Origin::Json);
        Ok(())
    }

    fn list(&mut self, attribute: &'static Attribute, list: &mut dyn List) -> Outcome<Filled> {
        self.cursor.take(b'[')?;
        self.enter()?;
        let mut index = 0;
        while self.follows(index == 0, b']')? {
            self.context.count()?;
            let before = self.context.kept_deviations();
            let is_string = self.cursor.peek() == Some(b'"');
            // One item that does not fit makes the array be kept as a whole.
            match self.slot(attribute, list.push())? {
                Filled::Unfit => return Err(GiveUp),
                Filled::Recovered if !is_string => return Err(GiveUp),
                _ => {}
            }
            self.on_the_way_out(before, &Step::Index(index));
            index += 1;
        }
        self.context.leave();
        Ok(if list.is_empty() { Filled::Empty } else { Filled::Full })
    }

    fn map(&mut self, attribute: &Attribute, map: &mut Map) -> Outcome<Filled> {
        self.cursor.take(b'{')?;
        self.enter()?;
        while self.follows(map.is_empty(), b'}')? {
            let key = self.key()?;
            let value = self.any()?;
            if attribute.holds_strings() && value.as_str().is_none() {
                return Err(GiveUp);
            }
            map.push(key, value);
        }
        self.context.leave();
        if map.duplicate().is_some() {
            return Err(GiveUp);
        }
        Ok(if map.is_empty() { Filled::Empty } else { Filled::Full })
    }
}

#[cfg(test)]
mod tests {
    use super::super::read::read_carefully;
    use super::*;
    use crate::context::ReadOptions;
    use crate::error::Path;
    use crate::{Collection, Machine, MachineTemplate, NetworkInterface, ResourceMetadata};

    const MACHINES: &str = r#"{"resourceURI": "http://schemas.dmtf.org/cimi/2/MachineCollection", "id": "machines",
        "count": 2, "machines": [{"resourceURI": "http://schemas.dmtf.org/cimi/2/Machine", "id": "machines/1",
        "name": "d\u00e9b", "created": "2012-05-25T13:30:15-05:00", "properties": {"a": "1", "": "b\n"},
        "state": "STARTED", "cpu": 4, "memory": -17, "disks": {"href": "machines/1/disks", "count": 0, "x": [1.50, null,
        true, {"y": "z", "w": []}]}, "latestSnapshot": {"href": "images/1", "memory": null}, "rack": 7,
        "operations": [{"rel": "http://schemas.dmtf.org/cimi/1/action/stop", "href": "m/1", "available": false}]},
        {"id": "", "name": "", "properties": {}, "networkInterfaces": {"href": "n"}}], "operations": []}"#;
    const TEMPLATE: &str = r##"{"machineConfig": {"href": "c/1", "cpu": 2}, "volumes": [{"initialLocation": "/dev/sda",
        "href": "v/1"}, {"volume": {"href": "#v"}}], "volumeTemplates": [{"href": "t", "name": "n", "capacity": 5}],
        "userData": "", "description": "x"}"##;

    /// Scalars in odd spellings and of other forms.
    const ODD: &str = r#"{"id": 17, "name": null, "machines": [{"name": 1.50e2, "created": "2013-02-08 15:25:41 +0000",
        "cpu": "4", "memory": " 2 ", "cpuSpeed": 2.0, "description": {"a": ["b"]}, "state": true, "cpuArch": [1, null],
        "disks": null, "properties": {"a": "1"}, "operations": [{"rel": 5, "href": " a ", "available": "false"}]},
        {"cpu": 1e400, "memory": "many", "created": "yesterday", "updated": 20130208, "latestSnapshot": {"memory": "5",
        "cpu": null}, "name": "", "state": "", "operations": null, "id": "", "description": false}]}"#;

    /// What one reader accepts, the other reads as the same, with the same deviations.
    fn same<T: crate::reflect::Described>(text: &str) -> bool {
        let mut path = Path::default();
        path.push(Step::Name("root"));
        [ReadOptions::default(), ReadOptions::strict()].into_iter().all(|options| {
            let mut context = Context::new(&options);
            let (mut quick, mut careful) = (T::default(), T::default());
            if read(text, &mut quick, &mut context, &path, true).is_err() {
                return options.strict;
            }
            let Ok(parsed) = read_carefully(text, &mut careful, &options, &path, true) else {
                unreachable!("refused by the careful reader: {text}")
            };
            assert!(quick == careful, "{text}\n{quick:?}\n{careful:?}");
            assert_eq!(parsed, context.finish((), text.as_bytes()), "{text}");
            true
        })
    }

    #[test]
    fn both_readers_agree() {
        assert!(same::<Collection<Machine>>(&MACHINES.replace(r#", "memory": null"#, "")));
        assert!(same::<Collection<Machine>>(MACHINES));
        assert!(same::<Collection<Machine>>(ODD));
        assert!(!same::<Collection<Machine>>(r#"{"machines": [{"disks": {"href": 5}}]}"#));
        assert!(same::<MachineTemplate>(TEMPLATE));
        assert!(same::<NetworkInterface>(r#" {"macAddress" : "a" , "mtu":1500}"#));
        assert!(same::<ResourceMetadata>(r#"{"typeURI": "http://schemas.dmtf.org/cimi/1/Machine", "vscope": [{}]}"#));
        for bad in
            ["", "{", "{}x", r#"{"name":}"#, r#"{"name":"a",}"#, r#"{"name":"a" "cpu":1}"#, r#"{,"cpu":1}"#, "[]"]
        {
            assert!(!same::<Machine>(bad), "{bad}");
        }
    }

    /// A byte is dropped, doubled or replaced, anywhere.
    #[test]
    fn both_readers_agree_on_damaged_documents() {
        let (mut accepted, mut state) = (0_u32, 1_u32);
        let mut below = |n: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % n
        };
        for text in [MACHINES, TEMPLATE, ODD] {
            for _ in 0..10_000 {
                let mut bytes = text.as_bytes().to_vec();
                let at = below(bytes.len());
                match below(3) {
                    0 => drop(bytes.remove(at)),
                    1 => bytes.insert(at, text.as_bytes()[at]),
                    _ => bytes[at] = b"\"\\{}[]:,0-1e.ntf x\n"[below(19)],
                }
                let Ok(damaged) = String::from_utf8(bytes) else { continue };
                accepted += u32::from(same::<Collection<Machine>>(&damaged));
                accepted += u32::from(same::<MachineTemplate>(&damaged));
            }
        }
        assert!(accepted > 1_000, "{accepted}");
    }

    #[test]
    fn deviations_have_their_paths() {
        let mut machines = Collection::<Machine>::default();
        let parsed = super::super::read_into(ODD.as_bytes(), &mut machines, &ReadOptions::default()).unwrap();
        let found: Vec<_> = parsed.deviations.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 18, "{found:#?}");
        assert_eq!(found[0], "/MachineCollection/id: '17' was read as a URI");
        assert!(found.iter().any(|text| text.starts_with("/MachineCollection/machines[0]/operations[0]/available: ")));
    }
}

//! How texts stood in a document that were understood in another spelling, or as another form of value.

use crate::any::Any;
use crate::extensions::Extensions;
use crate::meta::Attribute;
use crate::reflect::{Record, Slot, Value, View};

/// How the text of an attribute was written.
#[derive(Clone, PartialEq)]
pub(crate) struct Spelling {
    /// The attribute.
    pub(crate) name: &'static str,
    /// What was understood. Where the attribute says something else by now, it is written as any other.
    text: String,
    /// What was there.
    pub(crate) written: Any,
}

/// Those of a record: one for an attribute at the most.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Spellings(pub(crate) Vec<Spelling>);

impl Spelling {
    pub(crate) const fn new(name: &'static str, text: String, written: Any) -> Self {
        Self { name, text, written }
    }

    /// Whether the attribute still says what was understood.
    pub(crate) fn holds_in(&self, record: &dyn Record) -> bool {
        let index = record.record_type().find(self.name, 0);
        let value = index.and_then(|index| record.get(index));
        value.and_then(Value::text) == Some(self.text.as_str())
    }

    /// What was understood.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_of(&self, name: &str, text: &str) -> bool {
        self.name == name && self.text == text
    }
}

/// Keeps how the text of an attribute was written, unless it was just so, in a type that is [verbatim](crate::Type::verbatim).
pub(crate) fn keep_spelling(record: &mut dyn Record, index: usize, written: impl FnOnce() -> Any) {
    let record_type = record.record_type();
    let Some(attribute) = record_type.attributes.get(index).filter(|_| record_type.verbatim) else { return };
    let Some(text) = record.get(index).and_then(Value::text) else { return };
    let written = written();
    if written.as_str() != Some(text) {
        let spelling = Spelling::new(attribute.name, text.to_owned(), written);
        record.extensions_mut().spell(spelling);
    }
}

/// The value of an attribute as it is written, which for a text may be in the spelling that it had.
pub(crate) fn as_written<'r>(extensions: &'r Extensions, attribute: &Attribute, view: View<'r>) -> View<'r> {
    let View::Text(text) = view else { return view };
    match extensions.spelled(attribute.name, text) {
        Some(Any::String(written)) => View::Text(written),
        Some(other) => View::Any(other),
        None => view,
    }
}

/// Forgets, in a record and all that is in it, that texts stood there in another spelling or form than that which is
/// understood: they are written as the standard has them from now on. Calls `each` with the path of each, below `path`.
///
/// ```
/// use cimi_model::{json, record, reflect::forget_spellings};
///
/// record! {
///     /// A shelf.
///     pub Shelf = "shelf" Structure [verbatim, v2_only] {
///         /// Its name.
///         name: Option<String> = "name",
///     }
/// }
/// let mut shelf = json::from_slice::<Shelf>(br#"{"name": 7}"#, &Default::default())?.value;
/// assert_eq!(shelf.name.as_deref(), Some("7"));
/// assert_eq!(json::to_string(&shelf, Default::default())?, r#"{"name":7}"#);
///
/// let mut paths = Vec::new();
/// forget_spellings(&mut shelf, "/shelf", &mut |path| paths.push(path.to_owned()));
/// assert_eq!(json::to_string(&shelf, Default::default())?, r#"{"name":"7"}"#);
/// assert_eq!(paths, ["/shelf/name"]);
/// # Ok::<(), cimi_model::Error>(())
/// ```
pub fn forget_spellings(record: &mut dyn Record, path: &str, each: &mut dyn FnMut(&str)) {
    for spelling in record.extensions_mut().take_spellings() {
        if spelling.holds_in(record) {
            each(&format!("{path}/{}", spelling.name));
        }
    }
    for (index, attribute) in record.record_type().attributes.iter().enumerate() {
        let Some(value) = record.get_mut(index) else { continue };
        // The place of what is absent would be filled.
        let holds_records = match value.view() {
            View::Record(_) => true,
            View::List(list) => matches!(list.item(0), View::Record(_)),
            _ => false,
        };
        if !holds_records {
            continue;
        }
        match value.slot() {
            Slot::Record(inner) => forget_spellings(inner, &format!("{path}/{}", attribute.name), each),
            Slot::List(list) => {
                for at in 0..list.len() {
                    if let Some(Slot::Record(inner)) = list.item_mut(at) {
                        forget_spellings(inner, &format!("{path}/{}[{at}]", attribute.name), each);
                    }
                }
            }
            _ => {}
        }
    }
}

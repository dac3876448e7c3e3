//! The scopes that a resource carries.

use super::ValueScope;
use crate::any::Any;
use crate::error::{Path, Step};
use crate::reflect::{Record, Slot, Value, View};
use crate::{Error, ErrorKind, ResourceMetadata, Result};

/// The name of the attribute that holds scopes, in any resource (5.5.14).
pub(crate) const VSCOPE: &str = "vscope";

/// What readers say of a value that is none.
pub(crate) const NO_SCOPES: &str = "expected an array of valueScope; kept as it is";

/// Whether a value has the shape of `valueScope[]`: an array of objects of objects.
pub(crate) fn are_scopes(value: &Any) -> bool {
    matches!(value, Any::Array(items) if items.iter().all(is_value_scope))
}

/// Whether a value has the shape of a valueScope: an object of objects.
pub(crate) fn is_value_scope(value: &Any) -> bool {
    matches!(value, Any::Object(scopes) if scopes.iter().all(|(_, scope)| matches!(scope, Any::Object(_))))
}

/// The scopes in the attribute `vscope` of a resource, be it in its table or an extension (DSP0263 5.5.14). A
/// single valueScope counts as an array of one; without the attribute there are none.
///
/// # Errors
/// [`ErrorKind::Value`], with the path, when the attribute holds anything else.
pub fn of(record: &dyn Record) -> Result<Vec<ValueScope>> {
    let extension = || record.extensions().get(VSCOPE);
    match in_table(record).and_then(|index| record.get(index)).map(Value::view) {
        Some(View::Any(value)) => read(record, value),
        _ => extension().map_or_else(|| Ok(Vec::new()), |value| read(record, value)),
    }
}

/// Sets the scopes of a resource: in the attribute of its table or, without one, as the extension `vscope`. None of
/// them removes the attribute.
pub fn set(record: &mut dyn Record, scopes: &[ValueScope]) {
    record.extensions_mut().remove(VSCOPE);
    let value = Any::Array(scopes.iter().map(Any::from).collect());
    let place = in_table(record);
    let Some(place) = place.and_then(|index| record.get_mut(index)) else {
        if !scopes.is_empty() {
            record.extensions_mut().insert(VSCOPE, value);
        }
        return;
    };
    place.clear();
    if let (Slot::Any(slot), false) = (place.slot(), scopes.is_empty()) {
        *slot = Some(value);
    }
}

fn in_table(record: &dyn Record) -> Option<usize> {
    record.record_type().attributes.iter().position(|attribute| attribute.value_scopes)
}

fn read(record: &dyn Record, value: &Any) -> Result<Vec<ValueScope>> {
    let fail = |index: Option<usize>, error: Error| {
        let mut path = Path::default();
        path.push(Step::Name(record.record_type().name));
        path.push(Step::Name(VSCOPE));
        path.extend(index.map(Step::Index));
        error.at_path(path.to_string())
    };
    match value {
        Any::Null => Ok(Vec::new()),
        Any::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| ValueScope::try_from(item).map_err(|error| fail(Some(index), error)))
            .collect(),
        Any::Object(_) => ValueScope::try_from(value).map(|scope| vec![scope]),
        _ => Err(fail(None, Error::new(ErrorKind::Value, "expected an array of valueScope"))),
    }
}

impl ResourceMetadata {
    /// The value scopes of the described type, of which a resource satisfies one (DSP0263 5.5.14).
    ///
    /// # Errors
    /// As [`of`].
    pub fn scopes(&self) -> Result<Vec<ValueScope>> {
        of(self)
    }

    /// Sets the value scopes of the described type.
    pub fn set_scopes(&mut self, scopes: &[ValueScope]) {
        set(self, scopes);
    }
}

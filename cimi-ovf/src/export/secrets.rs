//! Leaves secrets out.

use cimi_model::reflect::{Record, Slot, View};

/// Clears every secret in a record and in what it holds by value; how many there were.
///
/// Recursive; records that were read have a bounded depth.
pub(super) fn clear(record: &mut dyn Record) -> usize {
    let kind = record.record_type();
    let mut cleared = 0;
    for (index, row) in kind.attributes.iter().enumerate() {
        let Some(value) = record.get_mut(index) else { continue };
        match value.view() {
            View::Absent => {}
            view if row.secret => {
                cleared += usize::from(!view.is_empty());
                value.clear();
            }
            View::Ref(_) | View::Record(_) | View::List(_) => cleared += clear_slot(value.slot()),
            _ => {}
        }
    }
    // What no table knows of a credential may be one as well.
    if kind.sensitive {
        cleared += record.extensions().len();
        record.extensions_mut().retain(|_| false);
    }
    cleared
}

fn clear_slot(slot: Slot<'_>) -> usize {
    match slot {
        Slot::Ref(reference) if reference.record().is_some() => clear(reference.record_mut()),
        Slot::Record(record) => clear(record),
        Slot::List(list) => (0..list.len()).map(|at| list.item_mut(at).map_or(0, clear_slot)).sum(),
        _ => 0,
    }
}

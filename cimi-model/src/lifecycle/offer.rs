//! The `operations` of a representation (4.2).

use super::{Rules, action};
use crate::attributes::text;
use crate::reflect::Record;
use crate::{Operation, Uri};

impl Rules {
    /// The operations of a resource in this state, for one consumer.
    ///
    /// `href` is asked with the `rel` of each operation for the URI that its requests go to; where it gives none, the
    /// consumer may not invoke the operation and does not see it. What is not possible in the present state is there
    /// with `available` set to false, unless nothing will ever lead out of that state. If the state is not known,
    /// all operations are available.
    ///
    /// 1.x has no `available`. For a consumer that speaks it, drop what is not:
    /// `operations.retain(|operation| operation.available != Some(false))`.
    #[must_use]
    pub fn operations_for(&self, state: Option<&str>, href: &dyn Fn(&str) -> Option<Uri>) -> Vec<Operation> {
        let offer = |name: &str| {
            self.check_support(name).ok()?;
            let possible = state.is_none_or(|state| self.offers(state, name));
            if !possible && state.is_some_and(|state| self.is_final(state)) {
                return None;
            }
            let rel = action::rel(name);
            let href = href(rel.as_str())?;
            let available = (!possible).then_some(false);
            Some(Operation { rel: Some(rel), href: Some(href), available, ..Operation::default() })
        };
        self.operations().filter_map(offer).collect()
    }

    /// The operations of a record, by its attribute `state` and what else they depend on.
    #[must_use]
    pub fn operations_of(&self, record: &dyn Record, href: &dyn Fn(&str) -> Option<Uri>) -> Vec<Operation> {
        self.clone().for_record(record).operations_for(text(record, "state"), href)
    }
}

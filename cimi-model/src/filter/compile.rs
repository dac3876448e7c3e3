//! Filters with the attributes of a type looked up.

use super::Filter;
use super::ast::Node;
use super::compare::Test;
use crate::meta::Type;
use crate::reflect::Record;

/// A filter that is ready for the records of one type.
///
/// ```
/// use cimi_model::filter::Filter;
/// use cimi_model::reflect::Described;
/// use cimi_model::{Collection, Machine};
///
/// let mut machines = Collection::<Machine>::default();
/// machines.items = (0..8).map(|cpu| Machine { cpu: Some(cpu), ..Default::default() }).collect();
///
/// let filter: Filter = "cpu>=2 and cpu!=4".parse()?;
/// let compiled = filter.for_type(Machine::TYPE);
/// machines.items.retain(|machine| compiled.matches(machine));
/// assert_eq!(machines.items.len(), 5);
/// # Ok::<(), cimi_model::filter::FilterError>(())
/// ```
#[derive(Debug)]
pub struct Compiled<'f> {
    filter: &'f Filter,
    record_type: &'static Type,
    steps: Vec<Step<'f>>,
}

/// One comparison. With one outcome the next one decides, with the other one further on, or none any more.
#[derive(Debug)]
struct Step<'f> {
    test: Test<'f>,
    /// With which outcome the next one decides. Of the last one, with which the filter is fulfilled.
    next_if: bool,
    /// Which one decides with the other outcome.
    otherwise: usize,
}

/// Beyond all steps: the filter is fulfilled.
const FULFILLED: usize = usize::MAX;
/// Beyond all steps: it is not.
const FAILED: usize = usize::MAX - 1;

impl<'f> Compiled<'f> {
    pub(super) fn new(filter: &'f Filter, record_type: &'static Type) -> Self {
        let mut steps = Vec::new();
        // How many comparisons come before each node.
        let mut before = Vec::with_capacity(filter.nodes.len());
        for node in &filter.nodes {
            before.push(steps.len());
            if let Node::Comparison { comparison, .. } = node {
                steps.push(Step { test: Test::new(comparison, record_type), next_if: true, otherwise: FAILED });
            }
        }
        link(&filter.nodes, &before, &mut steps);
        Self { filter, record_type, steps }
    }

    /// Whether a record fulfils the filter. One of another type is compared as it is, which takes longer.
    #[must_use]
    #[inline]
    pub fn matches(&self, record: &dyn Record) -> bool {
        let record_type = record.record_type();
        if !std::ptr::eq(self.record_type, record_type) && !self.record_type.is_same(record_type) {
            return self.matches_other(record);
        }
        let mut rest = self.steps.as_slice();
        // A branch for each outcome, not an index that is computed: so the processor need not wait for the values of one
        // record to look at the next.
        while let [step, after @ ..] = rest {
            if step.test.holds(record) == step.next_if {
                rest = after;
                continue;
            }
            match step.otherwise {
                FAILED => return false,
                FULFILLED => return true,
                at => rest = self.steps.get(at..).unwrap_or_default(),
            }
        }
        true
    }

    #[cold]
    #[inline(never)]
    fn matches_other(&self, record: &dyn Record) -> bool {
        self.filter.matches(record)
    }
}

/// Says for each comparison what comes next: what the others no longer decide is left out.
fn link(nodes: &[Node], before: &[usize], steps: &mut [Step<'_>]) {
    let mut open = vec![(nodes.len(), FULFILLED, FAILED)];
    while let Some((end, if_true, if_false)) = open.pop() {
        let Some(last) = end.checked_sub(1) else { continue };
        match nodes.get(last) {
            Some(Node::Comparison { .. }) => {
                let index = before.get(last).copied().unwrap_or_default();
                if let Some(step) = steps.get_mut(index) {
                    // Comparisons stand in the order of the text, so one of both is the next, or there is none.
                    step.next_if = if_false != index + 1;
                    step.otherwise = if step.next_if { if_false } else { if_true };
                }
            }
            Some(Node::Group(group)) => {
                // From the last operand to the first: what comes after it is known then.
                let mut next = if group.all { if_true } else { if_false };
                for end in group.ends(nodes, end) {
                    open.push(if group.all { (end, next, if_false) } else { (end, if_true, next) });
                    let start = end.saturating_sub(nodes.get(end.saturating_sub(1)).map_or(0, Node::size));
                    next = before.get(start).copied().unwrap_or(FAILED);
                }
            }
            None => {}
        }
    }
}

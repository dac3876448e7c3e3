//! An order of creation (5.13.4).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::plan::Step;
use crate::error::printable;

/// The steps in an order in which each comes after those that it needs, and otherwise as they are.
///
/// # Errors
/// Circles of steps that need each other, each from the step that comes first on.
pub(super) fn order(steps: &[Step]) -> Result<Vec<usize>, Vec<Vec<usize>>> {
    let mut waiting: Vec<usize> = steps.iter().map(|step| step.after.len()).collect();
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    for (index, step) in steps.iter().enumerate() {
        for &before in &step.after {
            if let Some(list) = needed_by.get_mut(before) {
                list.push(index);
            }
        }
    }
    let ready = |waiting: &[usize], index: usize| waiting.get(index) == Some(&0);
    let mut heap: BinaryHeap<_> = (0..steps.len()).filter(|&index| ready(&waiting, index)).map(Reverse).collect();
    let mut order = Vec::with_capacity(steps.len());
    while let Some(Reverse(index)) = heap.pop() {
        order.push(index);
        for &next in needed_by.get(index).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(next) {
                *count = count.saturating_sub(1);
            }
            if ready(&waiting, next) {
                heap.push(Reverse(next));
            }
        }
    }
    if order.len() == steps.len() { Ok(order) } else { Err(cycles(steps, &waiting)) }
}

/// A circle for each group of steps that wait for each other.
fn cycles(steps: &[Step], waiting: &[usize]) -> Vec<Vec<usize>> {
    let stuck = |index: usize| waiting.get(index).is_some_and(|&count| count > 0);
    let mut seen = vec![false; steps.len()];
    let mut cycles = Vec::new();
    for start in 0..steps.len() {
        // From a step that waits, what it waits for leads to a circle, or to where another walk has been.
        let mut walk = Vec::new();
        let mut next = Some(start).filter(|&index| stuck(index));
        while let Some(index) = next {
            match seen.get_mut(index) {
                Some(seen) if !*seen => *seen = true,
                _ => {
                    let begin = walk.iter().position(|&passed| passed == index);
                    cycles.extend(begin.map(|begin| from_first(walk.split_off(begin))));
                    break;
                }
            }
            walk.push(index);
            next = steps.get(index).and_then(|step| step.after.iter().copied().find(|&before| stuck(before)));
        }
    }
    cycles
}

fn from_first(mut cycle: Vec<usize>) -> Vec<usize> {
    let first = cycle.iter().enumerate().min_by_key(|(_, step)| **step).map_or(0, |(at, _)| at);
    cycle.rotate_left(first);
    cycle
}

/// The names along a circle.
pub(super) fn describe(steps: &[Step], cycle: &[usize]) -> String {
    const MOST: usize = 20;
    let name = |&index: &usize| steps.get(index).map(Step::title).unwrap_or_default();
    let mut names: Vec<String> = cycle.iter().take(MOST).map(name).map(|name| printable(&name)).collect();
    if cycle.len() > MOST {
        names.push("…".to_owned());
    }
    names.extend(cycle.first().map(name));
    format!("the components need each other in a circle: {}", names.join(" -> "))
}

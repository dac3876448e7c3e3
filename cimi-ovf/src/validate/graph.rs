//! Circles among things that refer to one another.

/// The things that are on a circle, or between two of them, in order; in linear time, and without recursion. `next` has
/// for each thing those that it refers to.
pub(super) fn circular(next: &[Vec<usize>]) -> Vec<usize> {
    let previous = reversed(next);
    // What leads nowhere is not on a circle, nor is what nothing leads to.
    let mut is_left = vec![true; next.len()];
    peel(next, &previous, &mut is_left);
    peel(&previous, next, &mut is_left);
    is_left.iter().enumerate().filter(|(_, left)| **left).map(|(at, _)| at).collect()
}

/// The order in which each thing comes after those that it refers to. What is on a circle, or leads to one, is not in it.
pub(super) fn sorted(next: &[Vec<usize>]) -> Vec<usize> {
    peel(next, &reversed(next), &mut vec![true; next.len()])
}

/// For each thing those that refer to it.
fn reversed(next: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut previous: Vec<Vec<usize>> = vec![Vec::new(); next.len()];
    for (from, tos) in next.iter().enumerate() {
        for to in tos {
            if let Some(list) = previous.get_mut(*to) {
                list.push(from);
            }
        }
    }
    previous
}

/// Takes away, again and again, what has no `next` among those that are left; in that order.
fn peel(next: &[Vec<usize>], previous: &[Vec<usize>], is_left: &mut [bool]) -> Vec<usize> {
    let left = |at: usize, is_left: &[bool]| is_left.get(at).copied().unwrap_or(false);
    let mut degree: Vec<usize> = next.iter().map(|tos| tos.iter().filter(|to| left(**to, is_left)).count()).collect();
    let free = |(at, degree): (usize, &usize)| (*degree == 0 && left(at, is_left)).then_some(at);
    let mut order: Vec<usize> = degree.iter().enumerate().filter_map(free).collect();
    let mut done = 0;
    while let Some(at) = order.get(done).copied() {
        done += 1;
        if let Some(left) = is_left.get_mut(at) {
            *left = false;
        }
        for from in previous.get(at).into_iter().flatten() {
            if let Some(degree) = degree.get_mut(*from) {
                *degree = degree.saturating_sub(1);
                if *degree == 0 && left(*from, is_left) {
                    order.push(*from);
                }
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles() {
        // 0 → 1 → 2 → 1, 3 → 3, 4 → 0; 5 stands alone.
        let next = [vec![1], vec![2], vec![1], vec![3], vec![0], vec![]];
        assert_eq!(circular(&next), [1, 2, 3]);
        assert_eq!(sorted(&next), [5]);
        assert_eq!(sorted(&[vec![1, 1], vec![2], vec![]]), [2, 1, 0]);
        let chain: Vec<_> = (0..100_000).map(|at| vec![at + 1]).chain([vec![]]).collect();
        assert!(circular(&chain).is_empty());
        assert_eq!(sorted(&chain).len(), chain.len());
    }
}

//! A stop-watch: runs all items in turn, round after round, and keeps the times of each.

use std::any::Any;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Something to measure. To release what it returns is part of the work: who reads a document must.
pub struct Item<'a> {
    /// Its name, unique among the items.
    pub name: &'static str,
    work: Box<dyn FnMut() -> Box<dyn Any> + 'a>,
    times: Vec<Duration>,
}

impl<'a> Item<'a> {
    /// An item that does this work.
    pub fn new<T: Any>(name: &'static str, mut work: impl FnMut() -> T + 'a) -> Self {
        Self { name, work: Box::new(move || Box::new(work())), times: Vec::new() }
    }

    /// Does the work once, without the clock.
    pub fn warm_up(&mut self) {
        drop((self.work)());
    }

    fn round(&mut self) {
        let start = Instant::now();
        drop(black_box((self.work)()));
        self.times.push(start.elapsed());
    }

    /// The shortest of all times.
    pub fn shortest(&self) -> Duration {
        self.times.iter().min().copied().unwrap_or_default()
    }

    /// The median of all times.
    pub fn median(&self) -> Duration {
        let mut times = self.times.clone();
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    }
}

/// Runs every item once per round. Each round begins with another item, so that none always follows the same one.
pub fn run(items: &mut [Item<'_>], rounds: usize) {
    items.iter_mut().for_each(Item::warm_up);
    for round in 0..rounds {
        let first = round % items.len().max(1);
        let (before, from) = items.split_at_mut(first);
        from.iter_mut().chain(before).for_each(Item::round);
    }
}

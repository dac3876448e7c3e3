//! A stop-watch: runs all items in turn, round after round, keeps the times of each, and prints them as a table.

use std::any::Any;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Something to measure. To release what it returns is part of the work: who reads a document must.
pub struct Item<'a> {
    /// Its name, unique among the items.
    pub name: String,
    work: Box<dyn FnMut() -> Box<dyn Any> + 'a>,
    times: Vec<Duration>,
}

impl<'a> Item<'a> {
    /// An item that does this work.
    pub fn new<T: Any>(name: impl Into<String>, mut work: impl FnMut() -> T + 'a) -> Self {
        Self { name: name.into(), work: Box::new(move || Box::new(work())), times: Vec::new() }
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

/// One line of the table: how long one item takes in terms of another, and what it should be at most.
pub struct Ratio {
    item: &'static str,
    against: &'static str,
    goal: Option<f64>,
}

/// How long an item takes in terms of another.
pub const fn ratio(item: &'static str, against: &'static str, goal: Option<f64>) -> Ratio {
    Ratio { item, against, goal }
}

/// What the caller asks for.
pub struct Arguments {
    /// How large the document is.
    pub size: usize,
    /// How often every item runs.
    pub rounds: usize,
    /// The one item that runs, if not all do.
    pub only: Option<String>,
}

/// The arguments of the program; the size is given after `size_option`.
pub fn arguments(size_option: &str, size: usize, rounds: usize) -> Result<Arguments, String> {
    let mut found = Arguments { size, rounds, only: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or(format!("{word} needs a value"))?;
        let number = || value.parse().map_err(|_| format!("{word} takes a number"));
        match word.as_str() {
            "--rounds" => found.rounds = number()?,
            "--only" => found.only = Some(value),
            _ if word == size_option => found.size = number()?,
            _ => return Err(format!("unknown option {word}")),
        }
    }
    Ok(found)
}

/// Prints milliseconds.
pub fn print_times(items: &[Item<'_>]) {
    println!("{:<20} {:>10} {:>10}", "item", "least ms", "median ms");
    for item in items {
        let [least, median] = [item.shortest(), item.median()].map(|time| time.as_secs_f64() * 1e3);
        println!("{:<20} {least:>10.2} {median:>10.2}", item.name);
    }
}

/// Prints how long items take in terms of others.
pub fn print_ratios(items: &[Item<'_>], ratios: &[Ratio]) {
    println!("\n{:<18} {:<20} {:>8} {:>10} {:>8}", "item", "against", "least", "median", "goal");
    for ratio in ratios {
        let find = |name| items.iter().find(|item| item.name == name);
        let (Some(item), Some(against)) = (find(ratio.item), find(ratio.against)) else { continue };
        let least = item.shortest().as_secs_f64() / against.shortest().as_secs_f64();
        let median = item.median().as_secs_f64() / against.median().as_secs_f64();
        let goal = ratio
            .goal
            .map_or(String::new(), |goal| format!("{goal:>8.2}{}", if least <= goal { "" } else { "  missed" }));
        println!("{:<18} {:<20} {least:>8.2} {median:>10.2} {goal}", ratio.item, ratio.against);
    }
}

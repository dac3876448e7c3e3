//! Writes an audit trail that never happened, for trying out what reads such trails.
//!
//! `trail [EVENTS] > trail.jsonl` writes so many events, 1,000 unless said otherwise, as JSON lines. They are spread over
//! January 2025, valid, and the same each time.

use std::io::{self, BufWriter, Write};

use chrono::TimeDelta;
use cimi_cadf::{
    Decision, Event, EventBuilder, Host, Measurement, Metric, Parties, Reason, Resource, Tag, Timestamp, action,
    outcome,
};

use cimi_model::{Format, WriteOptions};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Numbers that look random (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        let [a, b, c] = [high >> 32, (high >> 16) & 0xFFFF, high & 0xFFF];
        format!("{a:08x}-{b:04x}-4{c:03x}-{:04x}-{:012x}", 0x8000 | (low >> 50), low & 0xFFFF_FFFF_FFFF)
    }

    /// One of several, by their weights out of 100.
    fn pick<'a>(&mut self, of: &[(u64, &'a str)]) -> &'a str {
        let mut left = self.below(100);
        for (weight, value) in of {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return value,
            }
        }
        of.last().map_or("", |(_, value)| value)
    }
}

const ACTIONS: [(u64, &str); 9] = [
    (38, "read"),
    (25, "read/list"),
    (11, action::AUTHENTICATE_LOGIN),
    (9, "update"),
    (5, action::CREATE),
    (4, "update/os-start"),
    (4, "update/os-stop"),
    (3, action::DELETE),
    (1, action::BACKUP),
];

const TARGETS: [(u64, &str); 5] = [
    (50, "compute/machine"),
    (25, "storage/volume"),
    (15, "network/connection"),
    (7, "service/database"),
    (3, "data/security/keymanager/secret"),
];

const OUTCOMES: [(u64, &str); 4] =
    [(93, outcome::SUCCESS), (4, outcome::FAILURE), (1, "failure/timeout"), (2, outcome::PENDING)];

fn user(numbers: &mut Numbers) -> Resource {
    // The smaller of two numbers is more often small: some users do more than others.
    let number = numbers.below(500).min(numbers.below(500));
    let kind = if number.is_multiple_of(10) { "service/security/account" } else { "data/security/account/user" };
    let host = Host {
        address: Some(format!("10.0.{}.{}", number / 250, number % 250 + 1)),
        agent: Some(if number.is_multiple_of(3) { "python-openstackclient" } else { "curl/8.5.0" }.to_owned()),
        ..Host::default()
    };
    let user = Resource::new(format!("u{number:03}"), kind).named(format!("user{number:03}"));
    Resource { host: Some(host), domain: Some("example.com".to_owned()), ..user }
}

fn builder(numbers: &mut Numbers, time: Timestamp) -> EventBuilder {
    let id = numbers.uuid();
    let kind = numbers.pick(&TARGETS);
    let target = Resource::new(format!("r{:05}", numbers.below(20_000)), kind);
    let observer = Resource::new("api", "service/compute").named("api");
    let parties = Parties { initiator: user(numbers).into(), target: target.into(), observer: observer.into() };
    match numbers.below(100) {
        0..5 => {
            let value = i64::try_from(numbers.below(101)).unwrap_or_default();
            let cpu = Metric { name: Some("load".to_owned()), ..Metric::new("urn:example:metric:cpu", "%") };
            Event::monitor(id, time, outcome::SUCCESS, parties, Measurement::new(value, cpu))
        }
        5..8 => {
            let reason = Reason::policy("urn:example:policies", format!("p{}", numbers.below(5)));
            Event::control(id, time, Decision::Deny, outcome::SUCCESS, parties, reason)
        }
        _ => {
            let (action, ended) = (numbers.pick(&ACTIONS), numbers.pick(&OUTCOMES));
            let event = Event::activity(id, time, action, ended, parties);
            let code = numbers.pick(&[(60, "403"), (30, "404"), (10, "500")]);
            if ended == outcome::FAILURE { event.reason(Reason::code("urn:example:http", code)) } else { event }
        }
    }
}

fn event(number: u64, of: u64, numbers: &mut Numbers) -> Outcome<Event> {
    const MONTH: u64 = 31 * 24 * 3600 * 1_000_000;
    let start: Timestamp = "2025-01-01T00:00:00+00:00".parse()?;
    let start = start.instant().ok_or("no instant")?;
    let since = u64::try_from(u128::from(MONTH) * u128::from(number) / u128::from(of))?;
    let time = Timestamp::from(start + TimeDelta::microseconds(i64::try_from(since)?));
    let mut builder = builder(numbers, time);
    if numbers.below(50) == 0 {
        builder = builder.tag(Tag::from("//example.com/audit/pci-dss?value=enabled"));
    }
    if numbers.below(4) == 0 {
        builder = builder.extension("requestPath", format!("/v2/{}", numbers.below(1000)));
    }
    Ok(builder.build()?)
}

fn main() -> Outcome<()> {
    let of = std::env::args().nth(1).map_or(Ok(1000), |count| count.parse())?;
    let mut numbers = Numbers(2025);
    let mut out = BufWriter::new(io::stdout().lock());
    for number in 0..of {
        let event = event(number, of, &mut numbers)?;
        writeln!(out, "{}", event.to_string(Format::Json, WriteOptions::default())?)?;
    }
    Ok(out.flush()?)
}

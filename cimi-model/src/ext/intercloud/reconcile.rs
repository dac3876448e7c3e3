//! What segments of a Network have in common.

use std::cmp::Ordering;

use super::{NetworkCharacteristic, NetworkSegment};
use crate::ext::objective::convert;
use crate::scope::Ratio;
use crate::{Error, ErrorKind, Result, printable};

/// Which values of a characteristic are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sense {
    /// Greater numbers, such as of a bandwidth.
    Greater,
    /// Lesser numbers, such as of a latency.
    Lesser,
    /// More words, such as of versions of a protocol that are spoken.
    More,
    /// None: it is the same or not.
    Same,
}

/// A characteristic that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Characteristic {
    /// Its name.
    pub name: &'static str,
    /// Which values are better.
    pub sense: Sense,
    /// The unit of values that do not name one.
    pub unit: &'static str,
    /// What it is.
    pub doc: &'static str,
}

const fn known(name: &'static str, sense: Sense, unit: &'static str, doc: &'static str) -> Characteristic {
    Characteristic { name, sense, unit, doc }
}

/// The characteristics that are known. Of others, values are the same or not.
pub const CHARACTERISTICS: &[Characteristic] = &[
    known("speed", Sense::Greater, "bits per second", "The speed of an interface."),
    known("bandwidth", Sense::Greater, "megabits per second", "What passes through the segment at most."),
    known("mtu", Sense::Greater, "bytes", "The longest packet."),
    known("interfaces", Sense::Greater, "", "How many interfaces there can be."),
    known("availability", Sense::Greater, "percent", "The share of time in which it works."),
    known("latency", Sense::Lesser, "milliseconds", "How long a packet is on its way."),
    known("jitter", Sense::Lesser, "milliseconds", "How far latencies are apart."),
    known("loss", Sense::Lesser, "percent", "The share of packets that get lost."),
    known("ipVersions", Sense::More, "", "The versions of the Internet Protocol: 4, 6."),
    known("classesOfService", Sense::More, "", "The classes of service that traffic can be of."),
    known("assignment", Sense::More, "", "How interfaces get addresses: static, dhcp."),
];

/// The characteristic of this name, if it is known.
#[must_use]
pub fn characteristic(name: &str) -> Option<&'static Characteristic> {
    CHARACTERISTICS.iter().find(|known| known.name == name)
}

/// Why segments do not have a characteristic in common.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Loss {
    /// The name of the characteristic.
    pub name: String,
    /// The number of a segment that does not have it, or that differs from those before it.
    pub segment: usize,
    /// Why, for people.
    pub text: String,
}

/// What segments have in common.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Reconciled {
    /// The best of each characteristic that all of them have, in the order of the first segment and as one of them says it.
    pub characteristics: Vec<NetworkCharacteristic>,
    /// For each of these, the number of the first segment that has nothing better.
    pub weakest: Vec<usize>,
    /// What not all of them have.
    pub lost: Vec<Loss>,
}

/// Finds what segments have in common: of each characteristic the best that every one of them can give (DSP2042 4.4.5,
/// the first of the two models).
///
/// A segment that says nothing of a characteristic does not promise it, and so not all of them have it.
///
/// # Errors
/// When a number or a unit cannot be understood, with the path of the segment.
pub fn reconcile(segments: &[NetworkSegment]) -> Result<Reconciled> {
    let mut found = Reconciled::default();
    let mut names: Vec<&str> = Vec::new();
    for characteristic in segments.iter().flat_map(|segment| &segment.characteristics) {
        let name = characteristic.name.as_deref().unwrap_or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    for name in names {
        common(name, segments, &mut found)?;
    }
    Ok(found)
}

/// Adds what segments have in common of one characteristic.
fn common(name: &str, segments: &[NetworkSegment], found: &mut Reconciled) -> Result<()> {
    let mut best: Option<(NetworkCharacteristic, usize)> = None;
    for (number, segment) in segments.iter().enumerate() {
        let mut lose = |text: String| found.lost.push(Loss { name: name.to_owned(), segment: number, text });
        let Some(own) = offered(&segment.characteristics, name) else {
            lose(format!("segment {number} does not say its {}", printable(name)));
            return Ok(());
        };
        let Some((so_far, weakest)) = best else {
            // A single value has to be understood too.
            meet(own, own).map_err(|error| error.at_path(format!("/segments[{number}]")))?;
            best = Some((own.clone(), number));
            continue;
        };
        match meet(&so_far, own).map_err(|error| error.at_path(format!("/segments[{number}]")))? {
            Some(both) if both == so_far => best = Some((so_far, weakest)),
            Some(both) => best = Some((both, number)),
            None => {
                lose(format!("segment {number} has another {} than those before", printable(name)));
                return Ok(());
            }
        }
    }
    if let Some((characteristic, weakest)) = best {
        found.characteristics.push(characteristic);
        found.weakest.push(weakest);
    }
    Ok(())
}

/// What is offered under a name; of several, the first.
pub(super) fn offered<'a>(offers: &'a [NetworkCharacteristic], name: &str) -> Option<&'a NetworkCharacteristic> {
    offers.iter().find(|offer| offer.name.as_deref().unwrap_or_default() == name)
}

/// The best that two have in common; none if there is nothing.
fn meet(a: &NetworkCharacteristic, b: &NetworkCharacteristic) -> Result<Option<NetworkCharacteristic>> {
    Ok(match sense(a) {
        Sense::Greater => Some(if compare(a, b)? == Ordering::Greater { b } else { a }.clone()),
        Sense::Lesser => Some(if compare(a, b)? == Ordering::Less { b } else { a }.clone()),
        Sense::More => {
            let both: Vec<&str> = words(a).filter(|word| words(b).any(|other| other == *word)).collect();
            let same = both.len() == words(a).count();
            let shared = || NetworkCharacteristic { value: Some(both.join(" ")), ..a.clone() };
            if same { Some(a.clone()) } else { (!both.is_empty()).then(shared) }
        }
        Sense::Same => (a.value == b.value && a.unit == b.unit).then(|| a.clone()),
    })
}

/// Whether one is at least as good as another of the same name.
pub(super) fn is_enough(has: &NetworkCharacteristic, wanted: &NetworkCharacteristic) -> Result<bool> {
    Ok(match sense(wanted) {
        Sense::Greater => compare(has, wanted)? != Ordering::Less,
        Sense::Lesser => compare(has, wanted)? != Ordering::Greater,
        Sense::More => words(wanted).all(|word| words(has).any(|other| other == word)),
        Sense::Same => has.value == wanted.value && has.unit == wanted.unit,
    })
}

fn sense(of: &NetworkCharacteristic) -> Sense {
    of.name.as_deref().and_then(characteristic).map_or(Sense::Same, |known| known.sense)
}

fn words(of: &NetworkCharacteristic) -> impl Iterator<Item = &str> {
    of.value.as_deref().unwrap_or_default().split_whitespace()
}

/// Compares two numbers, whatever their units.
fn compare(a: &NetworkCharacteristic, b: &NetworkCharacteristic) -> Result<Ordering> {
    let unit = unit(a);
    let (a, b) = (number(a)?, convert(number(b)?, self::unit(b), unit)?);
    Ok(a.cmp(&b))
}

fn unit(of: &NetworkCharacteristic) -> &str {
    let known = || of.name.as_deref().and_then(characteristic).map_or("", |known| known.unit);
    of.unit.as_deref().unwrap_or_else(known)
}

fn number(of: &NetworkCharacteristic) -> Result<Ratio> {
    let value = of.value.as_deref().unwrap_or_default();
    let name = of.name.as_deref().unwrap_or_default();
    let fail = || format!("the {} '{}' is not a number", printable(name), printable(value));
    Ratio::parse(value.trim()).ok_or_else(|| Error::new(ErrorKind::Value, fail()))
}

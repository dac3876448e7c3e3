//! A request and the clouds, understood: names are numbers, and what is open is decided.

use std::collections::{HashMap, HashSet};

use super::request::{names, plain};
use super::{Component, Level, PlacementRule, Quantity, Request, RuleKind, Strength, SubCloud, Traffic, Visibility};
use crate::{Error, ErrorKind, Result, Uri, printable};

/// A rule, understood.
pub(super) struct Demand {
    pub(super) kind: Kind,
    /// The components that it is about, each once.
    pub(super) members: Vec<usize>,
    /// The place of each cloud, by number.
    places: Vec<usize>,
    pub(super) is_required: bool,
}

#[derive(Clone, PartialEq)]
pub(super) enum Kind {
    Together,
    Apart,
    /// Whether each cloud is allowed.
    Allowed(Vec<bool>),
}

impl Demand {
    /// Whether it is broken by the members that have a cloud.
    pub(super) fn is_broken(&self, clouds: &[Option<usize>]) -> bool {
        let mut taken = self.members.iter().filter_map(|member| clouds.get(*member).copied().flatten());
        let mut places = taken.clone().filter_map(|cloud| self.places.get(cloud));
        match &self.kind {
            Kind::Together => places.next().is_some_and(|first| places.any(|place| place != first)),
            Kind::Apart => {
                let mut seen = HashSet::new();
                places.any(|place| !seen.insert(place))
            }
            Kind::Allowed(_) => taken.any(|cloud| self.forbids(cloud)),
        }
    }

    /// Whether it forbids a cloud to each of its members.
    pub(super) fn forbids(&self, cloud: usize) -> bool {
        matches!(&self.kind, Kind::Allowed(allowed) if !allowed.get(cloud).is_some_and(|allowed| *allowed))
    }

    /// Whether its members are in one cloud, whatever else.
    pub(super) fn binds(&self) -> bool {
        let clouds_are_places = || {
            let mut seen = HashSet::new();
            self.places.iter().all(|place| seen.insert(place))
        };
        self.is_required && self.kind == Kind::Together && clouds_are_places()
    }
}

/// What passes between two components.
pub(super) struct Flow {
    pub(super) ends: (usize, usize),
    pub(super) bandwidth: i64,
    pub(super) latency: Option<i64>,
}

/// A way between two clouds.
#[derive(Clone, Copy)]
pub(super) struct Way {
    /// The bandwidth that is free, if that is known.
    pub(super) free: Option<i64>,
    pub(super) latency: Option<i64>,
}

/// What a cloud has of a quantity.
#[derive(Clone, Copy)]
pub(super) struct Room {
    /// What is free for the components, if that is bounded.
    pub(super) free: Option<i64>,
    /// The most that one can have, if that is bounded.
    largest: Option<i64>,
    /// Whether the cloud says so.
    is_known: bool,
}

/// The whole question.
pub(super) struct Question<'a> {
    pub(super) components: &'a [Component],
    pub(super) clouds: &'a [SubCloud],
    pub(super) quantities: Vec<Quantity>,
    /// What each component needs, in the order of the quantities.
    pub(super) needs: Vec<Vec<i64>>,
    /// What each cloud has, in the same order.
    pub(super) rooms: Vec<Vec<Room>>,
    /// Where each component is now.
    pub(super) now: Vec<Option<usize>>,
    pub(super) rules: Vec<Demand>,
    pub(super) flows: Vec<Flow>,
    ways: HashMap<(usize, usize), Way>,
    /// The location of each cloud, by number.
    locations: Vec<usize>,
}

impl<'a> Question<'a> {
    pub(super) fn of(request: &'a Request, clouds: &'a [SubCloud]) -> Result<Self> {
        let by_uri = clouds.iter().enumerate().filter_map(|(index, cloud)| Some((cloud.entry_point.as_ref()?, index)));
        let by_uri: HashMap<&Uri, usize> = by_uri.collect();
        let quantities = quantities(request);
        let now: Vec<Option<usize>> = request
            .components
            .iter()
            .map(|component| component.now.as_ref().and_then(|uri| by_uri.get(uri).copied()))
            .collect();
        let in_order = |amounts: &[(Quantity, i64)]| -> Vec<i64> {
            let of = |quantity: &Quantity| {
                let same = amounts.iter().filter(|(known, _)| known == quantity);
                same.fold(0_i64, |sum, (_, amount)| sum.saturating_add(*amount))
            };
            quantities.iter().map(of).collect()
        };
        let mut rooms: Vec<Vec<Room>> =
            clouds.iter().map(|cloud| quantities.iter().map(|quantity| room(cloud, quantity)).collect()).collect();
        for (component, cloud) in request.components.iter().zip(&now) {
            let Some(rooms) = cloud.and_then(|cloud| rooms.get_mut(cloud)) else { continue };
            for (room, held) in rooms.iter_mut().zip(in_order(&component.held)) {
                room.free = room.free.map(|free| free.saturating_add(held));
            }
        }
        let mut question = Self {
            components: &request.components,
            clouds,
            needs: request.components.iter().map(|component| in_order(&component.demand)).collect(),
            rooms,
            now,
            rules: Vec::new(),
            flows: Vec::new(),
            ways: ways(clouds, &by_uri),
            locations: locations(clouds),
            quantities,
        };
        question.check_amounts()?;
        let names = names(request.components.iter().enumerate());
        question.rules = numbered(&request.rules, "rules", |rule, path| question.rule(rule, &names, path))?;
        let flows = numbered(&request.traffic, "traffic", |flow, path| flows(flow, &names, path))?;
        question.flows = flows.into_iter().flatten().collect();
        Ok(question)
    }

    fn check_amounts(&self) -> Result<()> {
        match self.needs.iter().position(|needs| needs.iter().any(|need| *need < 0)) {
            Some(index) => {
                let name = self.components.get(index).map_or("", |component| component.name.as_str());
                Err(Error::new(ErrorKind::Value, format!("'{}' needs less than nothing", printable(name))))
            }
            None => Ok(()),
        }
    }

    fn rule(&self, rule: &PlacementRule, names: &HashMap<&str, Vec<usize>>, path: &str) -> Result<Demand> {
        let by_cloud: Vec<usize> = (0..self.clouds.len()).collect();
        let (places, is_location) = match rule.level {
            None | Some(Level::Cloud) => (by_cloud, false),
            Some(Level::Location) => (self.locations.clone(), true),
            Some(Level::Other(ref other)) => return Err(unknown(other, &format!("{path}/level"))),
        };
        let is_listed = |cloud: &SubCloud| {
            let name =
                if is_location { cloud.location.as_deref() } else { cloud.entry_point.as_ref().map(Uri::as_str) };
            name.is_some_and(|name| rule.places.iter().any(|place| place == name))
        };
        let kind = match &rule.kind {
            Some(RuleKind::Affinity) => Kind::Together,
            Some(RuleKind::AntiAffinity) => Kind::Apart,
            Some(RuleKind::Within) => Kind::Allowed(self.clouds.iter().map(is_listed).collect()),
            Some(RuleKind::Outside) => Kind::Allowed(self.clouds.iter().map(|cloud| !is_listed(cloud)).collect()),
            Some(RuleKind::Other(other)) => return Err(unknown(other, &format!("{path}/kind"))),
            None => {
                return Err(Error::new(ErrorKind::Value, "a rule says what it demands").at_path(format!("{path}/kind")));
            }
        };
        let is_required = match &rule.strength {
            None | Some(Strength::Required) => true,
            Some(Strength::Preferred) => false,
            Some(Strength::Other(other)) => return Err(unknown(other, &format!("{path}/strength"))),
        };
        let mut members = Vec::new();
        for (index, name) in rule.members.iter().enumerate() {
            members.extend(find(name, names, &format!("{path}/members[{index}]"))?);
        }
        members.sort_unstable();
        members.dedup();
        Ok(Demand { kind, members, places, is_required })
    }

    /// Why a component cannot be in a cloud, whatever the others do.
    pub(super) fn refusal(&self, component: usize, cloud: usize) -> Option<String> {
        let (asked, offered) = (self.components.get(component)?, self.clouds.get(cloud)?);
        if let Some(place) = &asked.place {
            let other = place.cloud.is_some() && place.cloud != offered.entry_point;
            if other || (place.location.is_some() && place.location != offered.location) {
                return Some("its template names another place".into());
            }
        }
        if let Some(missing) = asked.capabilities.iter().find(|uri| !offered.capabilities.contains(uri)) {
            return Some(format!("the cloud does not have the capability {}", printable(missing.as_str())));
        }
        let (needs, rooms) = (self.needs.get(component)?, self.rooms.get(cloud)?);
        let mut each = self.quantities.iter().zip(needs).zip(rooms);
        each.find_map(|((quantity, need), room)| {
            if *need == 0 {
                return None;
            }
            let too_large = room.largest.filter(|largest| need > largest).map(|largest| ("can have", largest));
            let too_much = room.free.filter(|free| need > free).map(|free| ("is free", free.max(0)));
            too_large.or(too_much).map(|(what, least)| format!("it needs {need} of {quantity}, and {least} {what}"))
        })
    }

    /// The way between two clouds; none if there is no way.
    pub(super) fn way(&self, from: usize, to: usize) -> Option<Way> {
        self.ways.get(&(from.min(to), from.max(to))).copied()
    }

    /// Whether a cloud does not say how much it has of something that a component needs.
    pub(super) fn is_guess(&self, component: usize, cloud: usize) -> bool {
        let (Some(needs), Some(rooms)) = (self.needs.get(component), self.rooms.get(cloud)) else { return false };
        needs.iter().zip(rooms).any(|(need, room)| *need > 0 && !room.is_known)
    }
}

/// Understands each item of a list, with its path for errors.
fn numbered<T, U>(items: &[T], name: &str, read: impl Fn(&T, &str) -> Result<U>) -> Result<Vec<U>> {
    items.iter().enumerate().map(|(index, item)| read(item, &format!("/placementPolicy/{name}[{index}]"))).collect()
}

fn unknown(value: &str, path: &str) -> Error {
    Error::new(ErrorKind::Value, format!("'{}' is not known", printable(value))).at_path(path)
}

fn find<'n>(name: &str, names: &'n HashMap<&str, Vec<usize>>, path: &str) -> Result<&'n [usize]> {
    let found = names.get(name).or_else(|| names.get(plain(name)));
    let missing = || Error::new(ErrorKind::Value, format!("there is no component '{}'", printable(name))).at_path(path);
    found.map(Vec::as_slice).ok_or_else(missing)
}

/// The flows between the components that two names mean.
fn flows(traffic: &Traffic, names: &HashMap<&str, Vec<usize>>, path: &str) -> Result<Vec<Flow>> {
    let end =
        |name: &Option<String>, at: &str| find(name.as_deref().unwrap_or_default(), names, &format!("{path}/{at}"));
    let (from, to) = (end(&traffic.from, "from")?, end(&traffic.to, "to")?);
    if from.len().saturating_mul(to.len()) > super::request::PAIRS {
        return Err(Error::new(ErrorKind::Limit, "traffic is between too many components").at_path(path));
    }
    let flow = |ends| Flow { ends, bandwidth: traffic.bandwidth.unwrap_or(0).max(0), latency: traffic.latency };
    Ok(from.iter().flat_map(|from| to.iter().map(move |to| flow((*from, *to)))).collect())
}

/// All quantities that components need.
fn quantities(request: &Request) -> Vec<Quantity> {
    let mut quantities = Vec::new();
    for (quantity, _) in request.components.iter().flat_map(|component| component.demand.iter().chain(&component.held))
    {
        if !quantities.contains(quantity) {
            quantities.push(quantity.clone());
        }
    }
    quantities
}

fn room(cloud: &SubCloud, quantity: &Quantity) -> Room {
    let mut said = cloud.capacities.iter().filter(|capacity| capacity.quantity.as_ref() == Some(quantity)).peekable();
    if said.peek().is_none() {
        let is_known = cloud.visibility == Some(Visibility::Detailed);
        return Room { free: is_known.then_some(0), largest: None, is_known };
    }
    // Of several that say something of the same, all hold.
    let least = |a: Option<i64>, b: Option<i64>| a.into_iter().chain(b).min();
    said.fold(Room { free: None, largest: None, is_known: true }, |room, capacity| {
        let free = capacity.total.map(|total| total.saturating_sub(capacity.used.unwrap_or(0)));
        Room { free: least(room.free, free), largest: least(room.largest, capacity.largest), ..room }
    })
}

/// The ways between clouds; of several between the same two, the first.
fn ways(clouds: &[SubCloud], by_uri: &HashMap<&Uri, usize>) -> HashMap<(usize, usize), Way> {
    let mut ways = HashMap::new();
    for (from, cloud) in clouds.iter().enumerate() {
        for connection in &cloud.connections {
            let Some(&to) = connection.cloud.as_ref().and_then(|uri| by_uri.get(uri)) else { continue };
            let free = connection.bandwidth.map(|bandwidth| bandwidth.saturating_sub(connection.used.unwrap_or(0)));
            ways.entry((from.min(to), from.max(to))).or_insert(Way { free, latency: connection.latency });
        }
    }
    ways
}

/// A number for each location: clouds of the same have the same, and one that does not say its own has its own.
fn locations(clouds: &[SubCloud]) -> Vec<usize> {
    let mut known: HashMap<&str, usize> = HashMap::new();
    let each = clouds.iter().enumerate();
    each.map(|(index, cloud)| match &cloud.location {
        Some(location) => *known.entry(location).or_insert(index),
        None => index,
    })
    .collect()
}

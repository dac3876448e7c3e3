//! Multicloud-001 and Multicloud-003, where the components of a System go among several clouds.

use cimi_model::ext::placement::{
    Bounds, Capacity, CloudConnection, Component, Level, Outcome, PLACEMENT, PLACEMENT_POLICY, Place, PlacementPolicy,
    PlacementRule, Quantity, Request, RuleKind, Solution, Strength, SubCloud, Traffic, Visibility, check, solve,
    solve_within,
};
use cimi_model::reflect::Record;
use cimi_model::template::{Expander, Resolver};
use cimi_model::{
    ComponentDescriptor, Dialect, Error, ErrorKind, Machine, MachineConfiguration, MachineTemplate, ReadOptions, Ref,
    Registry, SystemCreate, SystemTemplate, Type, Uri, json, xml,
};
use proptest::prelude::*;

const NORTH: &str = "http://north.example.com/cimi";
const SOUTH: &str = "http://south.example.com/cimi";
const EDGE: &str = "http://edge.example.com/cimi";

fn capacity(quantity: Quantity, total: i64, used: i64) -> Capacity {
    Capacity { quantity: Some(quantity), total: Some(total), used: Some(used), ..Capacity::default() }
}

fn way(to: &str, bandwidth: i64, latency: i64) -> CloudConnection {
    CloudConnection {
        cloud: Some(to.into()),
        bandwidth: Some(bandwidth),
        latency: Some(latency),
        ..CloudConnection::default()
    }
}

/// A cloud with CPUs and memory in GiB.
fn cloud(uri: &str, location: &str, cpu: (i64, i64), memory: i64) -> SubCloud {
    SubCloud {
        entry_point: Some(uri.into()),
        location: Some(location.into()),
        visibility: Some(Visibility::Detailed),
        capacities: vec![
            capacity(Quantity::Machines, 100, 0),
            capacity(Quantity::Cpu, cpu.0, cpu.1),
            capacity(Quantity::Memory, memory << 20, 0),
            capacity(Quantity::Storage, 1_000_000_000, 0),
            capacity(Quantity::Volumes, 100, 0),
            capacity(Quantity::Networks, 10, 0),
        ],
        ..SubCloud::default()
    }
}

fn rule(kind: RuleKind, members: &[&str]) -> PlacementRule {
    PlacementRule {
        kind: Some(kind),
        members: members.iter().map(|name| (*name).to_owned()).collect(),
        ..PlacementRule::default()
    }
}

fn found(outcome: &Outcome) -> &Solution {
    match outcome {
        Outcome::Found(solution) => solution,
        other => panic!("{other:?}"),
    }
}

struct Stored;

impl Resolver for Stored {
    fn resolve(&self, href: &Uri, _: &'static Type) -> cimi_model::Result<Box<dyn Record>> {
        match href.as_str() {
            "configs/small" => {
                Ok(Box::new(MachineConfiguration { cpu: Some(2), memory: Some(4 << 20), ..Default::default() }))
            }
            "configs/large" => {
                Ok(Box::new(MachineConfiguration { cpu: Some(8), memory: Some(32 << 20), ..Default::default() }))
            }
            _ => Err(Error::new(ErrorKind::Value, "there is no such resource")),
        }
    }
}

fn machine(name: &str, config: &str, quantity: i64, place: Option<Place>) -> ComponentDescriptor {
    let mut template = MachineTemplate { machine_config: Some(Ref::to(config)), ..MachineTemplate::default() };
    if let Some(place) = place {
        PLACEMENT.set(&mut template, &place).unwrap();
    }
    ComponentDescriptor {
        name: Some(name.into()),
        type_uri: Some("http://schemas.dmtf.org/cimi/2/Machine".into()),
        machine_template: Some(Ref::by_value(template)),
        quantity: Some(quantity),
        ..ComponentDescriptor::default()
    }
}

/// What the broker makes of the template of a consumer, which arrives as a document of either format.
fn request(components: Vec<ComponentDescriptor>, policy: Option<PlacementPolicy>) -> Request {
    let mut template = SystemTemplate { component_descriptors: components, ..SystemTemplate::default() };
    if let Some(policy) = policy {
        PLACEMENT_POLICY.set(&mut template, &policy).unwrap();
    }
    let create = SystemCreate {
        name: Some("shop".into()),
        system_template: Some(Ref::by_value(template)),
        ..SystemCreate::default()
    };
    let requests = [Dialect::V1, Dialect::V2].map(|dialect| {
        let json = json::to_string(&create, dialect.into()).unwrap();
        let xml = xml::to_string(&create, dialect.into()).unwrap();
        let json = json::from_slice::<SystemCreate>(json.as_bytes(), &ReadOptions::default()).unwrap().value;
        let xml = xml::from_slice::<SystemCreate>(xml.as_bytes(), &ReadOptions::default()).unwrap().value;
        let [json, xml] = [json, xml].map(|create| {
            let registry = Registry::standard();
            let plan = Expander::new(&registry, &Stored).instantiate(&create).unwrap();
            Request::of_plan(&plan).unwrap()
        });
        assert_eq!(json, xml);
        json
    });
    assert_eq!(requests[0], requests[1]);
    requests[0].clone()
}

fn clouds_of(request: &Request, solution: &Solution, clouds: &[SubCloud]) -> Vec<(String, String)> {
    let names = request.components.iter().map(|component| component.name.clone());
    names.zip(solution.clouds.iter().map(|cloud| clouds[*cloud].entry_point.clone().unwrap().to_string())).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, uri)| ((*name).to_owned(), (*uri).to_owned())).collect()
}

#[test]
fn multicloud_001_a_request_is_analysed_as_a_whole() {
    // Step 1: the provider knows the capabilities and the current utilization of its sub-clouds, which they report as
    // documents of their provider entry points.
    let reports = [
        SubCloud { connections: vec![way(SOUTH, 100, 20)], ..cloud(NORTH, "eu-north", (16, 6), 64) },
        cloud(SOUTH, "eu-south", (32, 0), 128),
    ];
    let clouds = reports.map(|report| {
        let text = json::to_string(&report, Dialect::V2.into()).unwrap();
        json::from_slice::<SubCloud>(text.as_bytes(), &ReadOptions::strict()).unwrap().value
    });
    // Step 2: a System of three Machines is asked for, which must talk to each other.
    let policy = PlacementPolicy {
        traffic: vec![Traffic {
            from: Some("#web".into()),
            to: Some("#database".into()),
            bandwidth: Some(30),
            ..Traffic::default()
        }],
        ..PlacementPolicy::default()
    };
    let mut request = request(
        vec![machine("web", "configs/small", 2, None), machine("database", "configs/large", 1, None)],
        Some(policy),
    );
    assert_eq!(request.traffic.len(), 2, "each of the two passes as much");
    let outcome = solve(&request, &clouds).unwrap();
    // All of them find room in one cloud only: the other has 10 CPUs free, and 12 are needed.
    let placed = clouds_of(&request, found(&outcome), &clouds);
    assert_eq!(placed, pairs(&[("web1", SOUTH), ("web2", SOUTH), ("database", SOUTH)]));
    assert_eq!(
        check(&request, &clouds, &[0, 0, 0]).unwrap()[0].text,
        format!("{NORTH} has 10 of cpu free, and 12 are needed")
    );

    // The System changes, as in the example of 4.4.1.3: another Machine with affinity for an existing one. What the System
    // holds counts as its own, so that 16 CPUs are free for it in the south.
    for (component, cloud) in request.components.iter_mut().zip(&found(&outcome).clouds) {
        component.now.clone_from(&clouds[*cloud].entry_point);
        component.held.clone_from(&component.demand);
    }
    let mut clouds = clouds;
    clouds[1].capacities[1] = capacity(Quantity::Cpu, 32, 28);
    let another = Component::new("database2").needing(Quantity::Cpu, 8).needing(Quantity::Memory, 32 << 20);
    request.components.push(another);
    request.rules.push(rule(RuleKind::Affinity, &["database", "database2"]));
    // That sets off a chain reaction: there is room beside the existing Machine only when others move.
    let outcome = solve(&request, &clouds).unwrap();
    assert_eq!(found(&outcome).clouds, [0, 0, 1, 1]);
    assert_eq!(found(&outcome).cost.moved, 2);
    // Together with the second change, more bandwidth, there is no way: the connection bears 100.
    for flow in &mut request.traffic {
        flow.bandwidth = Some(60);
    }
    assert!(matches!(solve(&request, &clouds).unwrap(), Outcome::Impossible(_)));
    let problems = check(&request, &clouds, &[0, 0, 1, 1]).unwrap();
    assert_eq!(problems[0].text, format!("between {NORTH} and {SOUTH} 120 Mbit/s pass, and 100 are free"));
}

#[test]
fn multicloud_001_variation_little_is_known_of_a_cloud() {
    let unknown = SubCloud { visibility: Some(Visibility::None), capacities: Vec::new(), ..cloud(EDGE, "", (0, 0), 0) };
    let clouds = [cloud(NORTH, "eu-north", (4, 0), 64), unknown];
    let request = request(vec![machine("web", "configs/large", 1, None)], None);
    let outcome = solve(&request, &clouds).unwrap();
    assert_eq!(found(&outcome).clouds, [1]);
    assert_eq!(found(&outcome).guesses, [0], "nobody knows whether it has room");
}

#[test]
fn multicloud_001_variation_no_placement() {
    let clouds = [cloud(NORTH, "eu-north", (4, 0), 64), cloud(SOUTH, "eu-south", (7, 0), 64)];
    let request = request(vec![machine("web", "configs/large", 1, None)], None);
    let Outcome::Impossible(reasons) = solve(&request, &clouds).unwrap() else { panic!() };
    let reasons: Vec<&str> = reasons.iter().map(|reason| reason.text.as_str()).collect();
    assert_eq!(
        reasons,
        [
            format!("'web' cannot be in {NORTH}: it needs 8 of cpu, and 4 is free"),
            format!("'web' cannot be in {SOUTH}: it needs 8 of cpu, and 7 is free"),
        ]
    );
}

#[test]
fn multicloud_003_subcase_1_a_policy() {
    // The web server runs in the cloud of its database, and the two databases in different locations.
    let clouds = [cloud(NORTH, "eu", (12, 0), 64), cloud(SOUTH, "eu", (12, 0), 64), cloud(EDGE, "us", (12, 0), 64)];
    let policy = PlacementPolicy {
        rules: vec![
            rule(RuleKind::Affinity, &["web", "#database"]),
            PlacementRule { level: Some(Level::Location), ..rule(RuleKind::AntiAffinity, &["database", "standby"]) },
        ],
        ..PlacementPolicy::default()
    };
    let components = || {
        vec![
            machine("web", "configs/small", 1, None),
            machine("database", "configs/large", 1, None),
            machine("standby", "configs/large", 1, None),
        ]
    };
    let asked = request(components(), Some(policy.clone()));
    let outcome = solve(&asked, &clouds).unwrap();
    assert_eq!(
        clouds_of(&asked, found(&outcome), &clouds),
        pairs(&[("web", NORTH), ("database", NORTH), ("standby", EDGE)])
    );
    // One decision constrains the other: once the database has to be in the south, so has the web server.
    let south = PlacementRule { places: vec![SOUTH.into()], ..rule(RuleKind::Within, &["database"]) };
    let policy = PlacementPolicy { rules: [policy.rules, vec![south]].concat(), ..PlacementPolicy::default() };
    let asked = request(components(), Some(policy));
    let outcome = solve(&asked, &clouds).unwrap();
    assert_eq!(found(&outcome).clouds, [1, 1, 2]);
}

#[test]
fn multicloud_003_subcase_2_the_template_names_the_cloud() {
    let clouds = [cloud(NORTH, "eu-north", (32, 0), 64), cloud(SOUTH, "eu-south", (32, 0), 64)];
    let south = Place { cloud: Some(SOUTH.into()), ..Place::default() };
    let components =
        || vec![machine("web", "configs/small", 1, None), machine("database", "configs/large", 1, Some(south.clone()))];
    // Each time that the template is used, it is the same.
    for _ in 0..2 {
        let request = request(components(), None);
        assert_eq!(found(&solve(&request, &clouds).unwrap()).clouds, [1, 1]);
    }
    let apart =
        PlacementPolicy { rules: vec![rule(RuleKind::AntiAffinity, &["web", "database"])], ..Default::default() };
    let asked = request(components(), Some(apart));
    assert_eq!(found(&solve(&asked, &clouds).unwrap()).clouds, [0, 1]);
    let elsewhere = Place { cloud: Some("http://elsewhere.example.com/".into()), ..Place::default() };
    let asked = request(vec![machine("web", "configs/small", 1, Some(elsewhere))], None);
    assert!(matches!(solve(&asked, &clouds).unwrap(), Outcome::Impossible(reasons) if reasons.len() == 2));
}

#[test]
fn resources_know_their_cloud() {
    let mut machine = Machine { id: Some("http://a.example.com/m/1".into()), cpu: Some(4), ..Machine::default() };
    PLACEMENT.set(&mut machine, &Place { cloud: Some(NORTH.into()), ..Place::default() }).unwrap();
    let component = Component::of(&machine).unwrap().unwrap();
    assert_eq!(component.now, Some(NORTH.into()));
    assert!(component.held.contains(&(Quantity::Cpu, 4)));
}

#[test]
fn what_cannot_be_understood_is_named() {
    let clouds = [cloud(NORTH, "eu-north", (32, 0), 64)];
    let request = |rule| Request { components: vec![Component::new("web")], rules: vec![rule], traffic: Vec::new() };
    let refused = |rule| solve(&request(rule), &clouds).unwrap_err().to_string();
    assert!(refused(rule(RuleKind::Affinity, &["web", "db"])).contains("/placementPolicy/rules[0]/members[1]"));
    assert!(refused(rule(RuleKind::Other("near".into()), &["web"])).contains("'near' is not known"));
    let request = Request { components: vec![Component::new("web").needing(Quantity::Cpu, -1)], ..Request::default() };
    assert!(solve(&request, &clouds).is_err());
    assert!(check(&request, &clouds, &[3]).is_err());
}

#[test]
fn a_bound_ends_the_search() {
    // Nine pigeons in eight holes, which takes a search long.
    let holes: Vec<SubCloud> = (0..8).map(|i| cloud(&format!("http://{i}.example.com/"), "", (1, 0), 1)).collect();
    let components = (0..9).map(|i| Component::new(format!("c{i}")).needing(Quantity::Cpu, 1)).collect();
    let request = Request { components, ..Request::default() };
    assert_eq!(solve_within(&request, &holes, Bounds { tries: 1_000 }).unwrap(), Outcome::GivenUp(None));
    let many: Vec<Component> = (0..3_000).map(|i| Component::new(format!("c{i}"))).collect();
    let apart = rule(RuleKind::AntiAffinity, &["c0", "c1"]);
    let request = Request { components: many, rules: vec![apart], ..Request::default() };
    let outcome = solve(&request, &holes).unwrap();
    assert!(outcome.solution().is_some());
}

/// All that a placement breaks, said anew from the meaning of the words; none if it cannot be.
fn reference(request: &Request, clouds: &[SubCloud], at: &[usize]) -> Option<(usize, usize, usize)> {
    let amount = |list: &[(Quantity, i64)], quantity: &Quantity| -> i64 {
        list.iter().filter(|(known, _)| known == quantity).map(|(_, amount)| amount).sum()
    };
    for (index, cloud) in clouds.iter().enumerate() {
        for capacity in &cloud.capacities {
            let quantity = capacity.quantity.as_ref().unwrap();
            let here = |component: &Component| component.now == cloud.entry_point;
            let held: i64 = request.components.iter().filter(|c| here(c)).map(|c| amount(&c.held, quantity)).sum();
            let inside = request.components.iter().zip(at).filter(|(_, cloud)| **cloud == index);
            let needs: Vec<i64> = inside.map(|(component, _)| amount(&component.demand, quantity)).collect();
            let free = capacity.total.unwrap() - capacity.used.unwrap() + held;
            if needs.iter().sum::<i64>() > free.max(0) {
                return None;
            }
        }
    }
    let member = |name: &String| request.components.iter().position(|component| component.name == *name).unwrap();
    let mut broken = 0;
    for rule in &request.rules {
        let places: Vec<String> = rule
            .members
            .iter()
            .map(|name| {
                let cloud = &clouds[at[member(name)]];
                match rule.level {
                    Some(Level::Location) => cloud.location.clone().unwrap(),
                    _ => cloud.entry_point.clone().unwrap().to_string(),
                }
            })
            .collect();
        let distinct: std::collections::BTreeSet<&String> = places.iter().collect();
        let holds = match rule.kind.as_ref().unwrap() {
            RuleKind::Affinity => distinct.len() <= 1,
            RuleKind::AntiAffinity => distinct.len() == places.len(),
            RuleKind::Within => places.iter().all(|place| rule.places.contains(place)),
            _ => !places.iter().any(|place| rule.places.contains(place)),
        };
        match rule.strength {
            Some(Strength::Preferred) => broken += usize::from(!holds),
            _ if !holds => return None,
            _ => {}
        }
    }
    for (i, cloud) in clouds.iter().enumerate() {
        for (j, other) in clouds.iter().enumerate().skip(i + 1) {
            let between = |flow: &&Traffic| {
                let ends = [&flow.from, &flow.to].map(|end| at[member(end.as_ref().unwrap())]);
                ends == [i, j] || ends == [j, i]
            };
            let flows: Vec<&Traffic> = request.traffic.iter().filter(between).collect();
            if flows.is_empty() {
                continue;
            }
            let to = |from: &SubCloud, to: &SubCloud| {
                from.connections.iter().find(|way| way.cloud == to.entry_point).cloned()
            };
            let way = to(cloud, other).or_else(|| to(other, cloud))?;
            let load: i64 = flows.iter().map(|flow| flow.bandwidth.unwrap()).sum();
            let slow = flows.iter().any(|flow| flow.latency.is_some_and(|wanted| way.latency.unwrap() > wanted));
            if load > way.bandwidth.unwrap() || slow {
                return None;
            }
        }
    }
    let moved = request.components.iter().zip(at);
    let moved =
        moved.filter(|(component, cloud)| component.now.is_some() && component.now != clouds[**cloud].entry_point);
    let used: std::collections::BTreeSet<&usize> = at.iter().collect();
    Some((broken, moved.count(), used.len()))
}

/// Every placement, in order.
fn all(components: usize, clouds: usize) -> impl Iterator<Item = Vec<usize>> {
    (0..clouds.pow(u32::try_from(components).unwrap())).map(move |number| {
        let digit = |place: usize| number / clouds.pow(u32::try_from(components - 1 - place).unwrap()) % clouds;
        (0..components).map(digit).collect()
    })
}

fn uri(index: usize) -> String {
    format!("http://{index}.example.com/")
}

fn some_rule() -> impl Strategy<Value = PlacementRule> {
    let kinds = [RuleKind::Affinity, RuleKind::AntiAffinity, RuleKind::Within, RuleKind::Outside];
    let members = proptest::sample::subsequence((0..5).map(|i| format!("c{i}")).collect::<Vec<_>>(), 1..4);
    let places = proptest::sample::subsequence(vec![uri(0), uri(1), uri(2), "east".into(), "west".into()], 1..4);
    (proptest::sample::select(kinds.to_vec()), members, places, any::<(bool, bool)>()).prop_map(
        |(kind, members, places, (is_location, is_preferred))| PlacementRule {
            kind: Some(kind),
            members,
            places,
            level: is_location.then_some(Level::Location),
            strength: is_preferred.then_some(Strength::Preferred),
            ..PlacementRule::default()
        },
    )
}

fn some_question() -> impl Strategy<Value = (Request, Vec<SubCloud>)> {
    let component = (1_i64..6, proptest::option::of(0_usize..3));
    let flow = (0_usize..5, 0_usize..5, 1_i64..10, proptest::option::of(1_i64..30));
    let cloud = (0_i64..20, 0_i64..6, any::<bool>());
    let connection = (0_usize..3, 0_usize..3, 1_i64..20, 1_i64..30);
    (
        proptest::collection::vec(component, 5),
        proptest::collection::vec(some_rule(), 0..5),
        proptest::collection::vec(flow, 0..3),
        proptest::collection::vec(cloud, 3),
        proptest::collection::vec(connection, 0..4),
    )
        .prop_map(|(components, rules, flows, clouds, connections)| {
            let component = |(index, (cpu, now)): (usize, (i64, Option<usize>))| Component {
                now: now.map(|now| uri(now).into()),
                held: now.map(|_| (Quantity::Cpu, 1)).into_iter().collect(),
                ..Component::new(format!("c{index}")).needing(Quantity::Cpu, cpu)
            };
            let mut clouds: Vec<SubCloud> = clouds
                .into_iter()
                .enumerate()
                .map(|(index, (total, used, is_east))| SubCloud {
                    entry_point: Some(uri(index).into()),
                    location: Some(if is_east { "east" } else { "west" }.into()),
                    visibility: Some(Visibility::Detailed),
                    capacities: vec![capacity(Quantity::Cpu, total, used)],
                    ..SubCloud::default()
                })
                .collect();
            let mut known = std::collections::BTreeSet::new();
            for (from, to, bandwidth, latency) in connections {
                if from != to && known.insert((from.min(to), from.max(to))) {
                    clouds[from].connections.push(way(&uri(to), bandwidth, latency));
                }
            }
            let traffic =
                flows.into_iter().filter(|(from, to, _, _)| from != to).map(|(from, to, bandwidth, latency)| Traffic {
                    from: Some(format!("c{from}")),
                    to: Some(format!("c{to}")),
                    bandwidth: Some(bandwidth),
                    latency,
                    ..Traffic::default()
                });
            let components = components.into_iter().enumerate().map(component).collect();
            (Request { components, rules, traffic: traffic.collect() }, clouds)
        })
}

proptest! {
    #[test]
    fn the_search_finds_what_trying_all_finds((request, clouds) in some_question()) {
        let best = all(5, 3).filter_map(|at| Some((reference(&request, &clouds, &at)?, at)));
        // The first of those with the least cost.
        let best = best.min_by_key(|(cost, _)| *cost);
        match (solve(&request, &clouds).unwrap(), best) {
            (Outcome::Found(found), Some((cost, at))) => {
                prop_assert_eq!((found.cost.broken, found.cost.moved, found.cost.clouds), cost);
                prop_assert_eq!(found.clouds, at);
            }
            (Outcome::Impossible(reasons), None) => prop_assert!(!reasons.is_empty()),
            (found, best) => prop_assert!(false, "{:?} {:?}", found, best),
        }
    }

    #[test]
    fn the_check_finds_what_the_words_mean((request, clouds) in some_question(), at in proptest::collection::vec(0_usize..3, 5)) {
        let problems = check(&request, &clouds, &at).unwrap();
        let required = problems.iter().any(|problem| problem.is_required);
        let expected = reference(&request, &clouds, &at);
        prop_assert_eq!(required, expected.is_none(), "{:?}", problems);
        if let Some((broken, _, _)) = expected {
            prop_assert_eq!(problems.len(), broken);
        }
    }
}

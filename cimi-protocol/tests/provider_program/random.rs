//! Requests at random: whatever consumers do, what is shown afterwards is right, and nothing leads nowhere.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use cimi_model::lifecycle::action_uri;
use cimi_model::reflect::{List, Record, View};
use cimi_model::{Action, Any, Dialect, Format, Ref, Registry, attributes, lifecycle};

use crate::cloud::Options;
use crate::peer::{BASE, Peer};
use crate::whole::explore;

/// Numbers that look as if they were random, the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides.max(1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.roll(from.len()))
    }
}

/// The operations that a representation lists, by name.
fn operations(record: &dyn Record) -> Vec<String> {
    let Some(View::List(list)) = Some(attributes::get(record, "operations")) else { return Vec::new() };
    let rel = |index| match list.item(index) {
        View::Record(operation) => attributes::text(operation, "rel").map(|rel| lifecycle::name(rel).to_owned()),
        _ => None,
    };
    (0..List::len(list)).filter_map(rel).collect()
}

/// A request to create a member of a collection from one of the templates that there are.
fn creation(collection: &dyn Record, urls: &[String], dice: &mut Dice) -> Option<Box<dyn Record>> {
    let registry = Registry::standard();
    let member = (collection.record_type().members?.item)();
    let create = registry.by_name(&format!("{}Create", member.name));
    let Some(create) = create else {
        // A resource that is created as itself: like one that is there.
        let entry = registry.by_name(member.name)?;
        let mut record = (entry.new)();
        attributes::set_text(&mut *record, "name", "random");
        return Some(record);
    };
    let mut request = (create.new)();
    let row = request.record_type().attributes.iter().find(|row| row.name.ends_with("Template"))?;
    let path = templates_of(member.name)?;
    let templates: Vec<&String> =
        urls.iter().filter(|url| url.rsplit_once('/').is_some_and(|(start, _)| start.ends_with(path))).collect();
    let template = dice.pick(&templates)?;
    attributes::set_href(&mut *request, row.name, &template.as_str().into());
    Some(request)
}

/// Where the templates of a type are.
fn templates_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "Machine" => "/machineTemplates",
        "Volume" => "/volumeTemplates",
        "System" => "/systemTemplates",
        "Network" => "/networkTemplates",
        "Credential" => "/credentialTemplates",
        "ProtocolSegment" => "/segmentTemplates",
        "ProtocolEndpoint" => "/endpointTemplates",
        "NetworkInterface" => "/interfaceTemplates",
        "NetworkService" => "/networkServiceTemplates",
        "Meter" => "/meterTemplates",
        "EventLog" => "/eventLogTemplates",
        "NetworkPort" => "/networkPortTemplates",
        "Address" => "/addressTemplates",
        "ForwardingGroup" => "/forwardingGroupTemplates",
        _ => return None,
    })
}

/// Does something with what has this URL.
fn disturb(peer: &mut Peer, url: &str, urls: &[String], dice: &mut Dice) -> u16 {
    let response = peer.send("GET", url, b"", &[]);
    if response.status() != 200 {
        return response.status().as_u16();
    }
    let document = peer.document(&response);
    let Some(operation) = dice.pick(&operations(document.record())).cloned() else { return 200 };
    let other = dice.pick(urls).cloned().unwrap_or_default();
    let response = match operation.as_str() {
        "edit" => {
            let mut record = document.record().boxed_clone();
            attributes::set_text(&mut *record, "name", &format!("name {}", dice.roll(100)));
            let body = peer.write(&*record);
            peer.send("PUT", url, &body, &[])
        }
        "delete" => peer.send("DELETE", url, b"", &[]),
        "add" => match creation(document.record(), urls, dice) {
            Some(request) => peer.post(url, &*request),
            None => return 200,
        },
        name => {
            let mut action = Action { action: Some(action_uri(name)), ..Action::default() };
            match name {
                "restore" => action.image = Some(Ref::to(other.as_str())),
                "connectvolume" => action.volume = Some(Ref::to(other.as_str())),
                "addRM" | "removeRM" | "forceSync" | "swapBackup" => action.node = Some(Ref::to(other.as_str())),
                "import" => action.source = Some("data:,nothing".into()),
                "insert" | "remove" => {
                    let member = document.record().record_type().members.map(|members| (members.item)().name);
                    let member = if member == Some("locatedVolume") { "Volume" } else { member.unwrap_or_default() };
                    let (first, rest) = member.split_at(1);
                    let key = format!("{}{rest}", first.to_ascii_lowercase());
                    let target: Any = [("href", other.as_str())].into_iter().collect();
                    if key == "volume" {
                        action.volume = Some(Ref::to(other.as_str()));
                    } else {
                        action.extensions.insert(key, target);
                    }
                }
                _ => {}
            }
            peer.post(url, &action)
        }
    };
    response.status().as_u16()
}

#[test]
fn nothing_breaks() {
    let mut outcomes = BTreeSet::new();
    for seed in 0..4_u64 {
        let format = if seed % 2 == 0 { Format::Json } else { Format::Xml };
        let latency = TimeDelta::milliseconds(if seed < 2 { 0 } else { 300 });
        let mut peer = Peer::new(format, Options { dialect: Dialect::V2, latency });
        let mut dice = Dice(seed);
        let keep = |url: &String| !url.contains("resourceMetadata");
        let mut urls: Vec<String> = explore(&mut peer).into_iter().filter(keep).collect();
        for round in 0..300 {
            let url = dice.pick(&urls).cloned().unwrap_or_else(|| format!("{BASE}cloudEntryPoint"));
            let status = disturb(&mut peer, &url, &urls, &mut dice);
            assert!(status < 500, "seed {seed}, round {round}: {status} from {url}");
            outcomes.insert(status);
            peer.wait(i64::try_from(dice.roll(400)).unwrap());
            if round % 40 == 39 {
                urls = explore(&mut peer).into_iter().filter(keep).collect();
                // Single Events and Jobs are too many.
                urls.retain(|url| !url.contains("/events/") && !url.contains("/jobs/"));
            }
        }
    }
    for status in [200, 201, 202, 404, 409] {
        assert!(outcomes.contains(&status), "{outcomes:?}");
    }
}

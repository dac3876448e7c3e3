//! Merged and selected logs against references that look at everything.

use cimi_model::ext::logs::{Entry, Merge, Order, Origin, Selection, Window, expire, gather, log_problems, summarize};
use cimi_model::{
    Collection, DateTime, Error, ErrorKind, Event, EventContent, EventLog, EventOutcome, EventSeverity, Ref, event_type,
};
use proptest::prelude::*;

use crate::logs_stored::at;

/// What an Event is made of: seconds, if it says when it happened, and an offset to write them with.
#[derive(Clone, Debug)]
struct Made {
    second: Option<i64>,
    offset: i64,
    id: Option<u8>,
    kind: usize,
    severity: usize,
    outcome: usize,
    resource: u8,
}

const TYPES: [&str; 4] = [
    event_type::STATE,
    event_type::ALARM,
    "http://schemas.dmtf.org/cloud/audit/1.0/event",
    "http://schemas.dmtf.org/cloud/audit/1.0",
];
const SEVERITIES: [Option<&str>; 4] = [None, Some("low"), Some("high"), Some("odd")];
const OUTCOMES: [Option<EventOutcome>; 3] = [None, Some(EventOutcome::Status), Some(EventOutcome::Failure)];

fn time(second: i64, offset: i64) -> DateTime {
    let instant = local(second + offset * 3600);
    let sign = if offset < 0 { '-' } else { '+' };
    at(&format!("{instant}{sign}{:02}:00", offset.abs()))
}

/// Seconds since 2025-01-02 as a local time.
fn local(second: i64) -> String {
    let (day, clock) = (2 + second.div_euclid(86_400), second.rem_euclid(86_400));
    format!("2025-01-{day:02}T{:02}:{:02}:{:02}", clock / 3600, clock / 60 % 60, clock % 60)
}

impl Made {
    fn event(&self) -> Event {
        Event {
            id: self.id.map(|id| format!("events/{id}").into()),
            timestamp: self.second.map(|second| time(second, self.offset)),
            type_uri: Some(TYPES[self.kind].into()),
            severity: SEVERITIES[self.severity].map(EventSeverity::from),
            outcome: OUTCOMES[self.outcome].clone(),
            content: Some(EventContent {
                resource: Some(Ref::to(format!("machines/{}", self.resource))),
                ..EventContent::default()
            }),
            ..Event::default()
        }
    }
}

fn made() -> impl Strategy<Value = Made> {
    let second = prop_oneof![6 => (0_i64..8).prop_map(|minute| Some(minute * 3600)), 1 => Just(None)];
    let id = prop_oneof![2 => (0_u8..5).prop_map(Some), 1 => Just(None)];
    (second, -3_i64..4, id, 0..TYPES.len(), 0..SEVERITIES.len(), 0..OUTCOMES.len(), 0_u8..3).prop_map(
        |(second, offset, id, kind, severity, outcome, resource)| Made {
            second,
            offset,
            id,
            kind,
            severity,
            outcome,
            resource,
        },
    )
}

fn logs() -> impl Strategy<Value = Vec<Vec<Made>>> {
    prop::collection::vec(prop::collection::vec(made(), 0..12), 0..5)
}

/// The times that Events count as, each that says none as that of the one before it.
fn counted(log: &[Made]) -> Vec<Option<i64>> {
    let mut last = None;
    log.iter()
        .map(|made| {
            last = made.second.or(last);
            last
        })
        .collect()
}

fn late(log: &[Made]) -> u64 {
    let is_late = |place: usize| {
        let earlier = log[..place].iter().filter_map(|made| made.second);
        log[place].second.is_some_and(|second| earlier.max() > Some(second))
    };
    (0..log.len()).filter(|place| is_late(*place)).count().try_into().unwrap()
}

/// Puts each log in the order of time.
fn sorted(logs: &[Vec<Made>]) -> Vec<Vec<Made>> {
    let sort = |log: &Vec<Made>| {
        let mut timed: Vec<_> = counted(log).into_iter().zip(log.clone()).collect();
        timed.sort_by_key(|(time, _)| *time);
        timed.into_iter().map(|(_, made)| made).collect()
    };
    logs.iter().map(sort).collect()
}

/// All Events, sorted by time, log and place; each that was there before is put to the first.
/// Gives the log and the place of each, and the other logs that it is in.
fn expected(logs: &[Vec<Made>], wanted: &dyn Fn(&Made) -> bool) -> Vec<(usize, usize, Vec<usize>)> {
    let mut all = Vec::new();
    for (log, events) in logs.iter().enumerate() {
        let times = counted(events);
        all.extend((0..events.len()).filter(|place| wanted(&events[*place])).map(|place| (times[place], log, place)));
    }
    all.sort_unstable();
    let mut found: Vec<(Option<i64>, usize, usize, Vec<usize>)> = Vec::new();
    for (time, log, place) in all {
        let id = logs[log][place].id;
        let same = found.iter_mut().find(|(t, l, p, _)| *t == time && id.is_some() && logs[*l][*p].id == id);
        match same {
            Some((_, first, _, also)) if *first != log && !also.contains(&log) => also.push(log),
            Some(_) => {}
            None => found.push((time, log, place, Vec::new())),
        }
    }
    found.into_iter().map(|(_, log, place, also)| (log, place, also)).collect()
}

fn origins(number: usize) -> Vec<Origin> {
    (0..number).map(|log| Origin { res_name: Some(log.to_string()), ..Origin::default() }).collect()
}

fn number(origin: &Origin) -> usize {
    origin.res_name.as_deref().unwrap().parse().unwrap()
}

/// The entries, in the terms of the reference, where they are those of its logs.
fn found<'e>(
    entries: impl IntoIterator<Item = &'e Entry<'e, &'e Event>>,
    logs: &[Vec<Event>],
) -> Vec<(usize, usize, Vec<usize>)> {
    let place = |log: usize, event: &Event| logs[log].iter().position(|own| std::ptr::eq(own, event)).unwrap();
    let entry = |entry: &Entry<'_, &Event>| {
        let log = number(entry.origin);
        (log, place(log, entry.event), entry.also.iter().map(|origin| number(origin)).collect())
    };
    entries.into_iter().map(entry).collect()
}

fn events(logs: &[Vec<Made>]) -> Vec<Vec<Event>> {
    logs.iter().map(|log| log.iter().map(Made::event).collect()).collect()
}

#[derive(Clone, Debug)]
struct Asked {
    from: Option<i64>,
    to: Option<i64>,
    types: Vec<usize>,
    severities: Vec<usize>,
    outcomes: Vec<usize>,
    resources: Vec<u8>,
}

fn asked() -> impl Strategy<Value = Asked> {
    let bound = || prop::option::of((0_i64..16).prop_map(|half| half * 1800));
    let some = |of: usize| prop::collection::vec(0..of, 0..3);
    (
        bound(),
        bound(),
        some(4),
        prop::collection::vec(1..4_usize, 0..2),
        prop::collection::vec(1..3_usize, 0..2),
        prop::collection::vec(0..3_u8, 0..3),
    )
        .prop_map(|(from, to, types, severities, outcomes, resources)| Asked {
            from,
            to,
            types,
            severities,
            outcomes,
            resources,
        })
}

impl Asked {
    fn selection(&self) -> Selection {
        // The types in the names of 1.x, which Events do not have.
        let type_uri = |kind: &usize| match *kind {
            0 => "http://schemas.dmtf.org/cimi/1/event/state".into(),
            2 => event_type::AUDIT.into(),
            kind => TYPES[kind].into(),
        };
        Selection {
            window: Window {
                from: self.from.map(|second| time(second, 2)),
                to: self.to.map(|second| time(second, -11)),
            },
            types: self.types.iter().map(type_uri).collect(),
            severities: self.severities.iter().map(|index| SEVERITIES[*index].unwrap().into()).collect(),
            outcomes: self.outcomes.iter().map(|index| OUTCOMES[*index].clone().unwrap()).collect(),
            resources: self.resources.iter().map(|resource| format!("machines/{resource}").into()).collect(),
            filter: None,
        }
    }

    fn wants(&self, made: &Made) -> bool {
        let is_in = |second: i64| self.from.is_none_or(|from| second >= from) && self.to.is_none_or(|to| second < to);
        let in_time = match made.second {
            Some(second) => is_in(second),
            None => self.from.is_none() && self.to.is_none(),
        };
        in_time
            && (self.types.is_empty() || self.types.contains(&made.kind))
            && (self.severities.is_empty() || self.severities.contains(&made.severity))
            && (self.outcomes.is_empty() || self.outcomes.contains(&made.outcome))
            && (self.resources.is_empty() || self.resources.contains(&made.resource))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn gathering_agrees_with_looking_at_everything(logs in logs(), asked in asked()) {
        let origins = origins(logs.len());
        let made = events(&logs);
        let selection = asked.selection();
        let gathered = gather(origins.iter().zip(made.iter().map(Vec::as_slice)), &selection).unwrap();
        // The reference is of logs that are sorted, in which the Events have other places.
        let in_order = sorted(&logs);
        let expected = expected(&in_order, &|made| asked.wants(made));
        let shown: Vec<(usize, Event, Vec<usize>)> =
            expected.iter().map(|(log, place, also)| (*log, in_order[*log][*place].event(), also.clone())).collect();
        let entries: Vec<(usize, Event, Vec<usize>)> = gathered.entries.iter()
            .map(|entry| (number(entry.origin), entry.event.clone(), entry.also.iter().map(|origin| number(origin)).collect()))
            .collect();
        prop_assert_eq!(entries, shown);
        for (tally, log) in gathered.tallies.iter().zip(&logs) {
            prop_assert_eq!(tally.events, u64::try_from(log.len()).unwrap());
            prop_assert_eq!(tally.late, late(log));
            prop_assert_eq!(tally.untimed, u64::try_from(log.iter().filter(|made| made.second.is_none()).count()).unwrap());
            prop_assert_eq!(tally.wanted, u64::try_from(log.iter().filter(|made| asked.wants(made)).count()).unwrap());
        }
        let wanted: u64 = gathered.tallies.iter().map(|tally| tally.wanted - tally.duplicates).sum();
        prop_assert_eq!(wanted, u64::try_from(gathered.entries.len()).unwrap());
    }

    #[test]
    fn merging_sorted_streams_agrees_with_looking_at_everything(logs in logs()) {
        let logs = sorted(&logs);
        let origins = origins(logs.len());
        let made = events(&logs);
        let mut merge = Merge::new(origins.iter().zip(made.iter().map(|log| log.iter().map(Ok))));
        let entries: Vec<_> = merge.by_ref().map(|entry| entry.unwrap()).collect();
        prop_assert_eq!(found(&entries, &made), expected(&logs, &|_| true));
        prop_assert!(merge.tallies().iter().all(|tally| tally.late == 0));
        let untimed = |entry: &Entry<'_, &Event>| entry.event.timestamp.is_none();
        let told = entries.iter().all(|entry| (entry.order == Order::Untimed) == untimed(entry) && entry.order != Order::Late);
        prop_assert!(told);
    }

    /// What is not sorted is not hidden: every Event is there, and each that stands too late says so.
    #[test]
    fn unsorted_streams_are_told(logs in logs()) {
        let origins = origins(logs.len());
        let made: Vec<Vec<Event>> = events(&logs)
            .into_iter()
            .map(|log| log.into_iter().map(|event| Event { id: None, ..event }).collect())
            .collect();
        let mut merge = Merge::new(origins.iter().zip(made.iter().map(|log| log.iter().map(Ok))));
        let entries: Vec<_> = merge.by_ref().map(|entry| entry.unwrap()).collect();
        prop_assert_eq!(entries.len(), made.iter().map(Vec::len).sum::<usize>());
        for (tally, log) in merge.tallies().iter().zip(&logs) {
            prop_assert_eq!(tally.late, late(log));
        }
        let mut latest = None;
        for entry in &entries {
            let time = entry.event.timestamp.as_ref().and_then(DateTime::instant);
            let too_late = time.is_some() && time < latest;
            prop_assert_eq!(entry.order == Order::Late, too_late);
            latest = latest.max(time);
        }
    }

    #[test]
    fn a_filter_means_what_the_selection_says(made in made(), asked in asked()) {
        let filter = asked.selection().to_filter().unwrap();
        let matches = filter.as_ref().is_none_or(|filter| filter.matches(&made.event()));
        prop_assert_eq!(matches, asked.wants(&made));
        let again = filter.map(|filter| {
            let options = cimi_model::filter::FilterOptions { extensions: true, ..Default::default() };
            cimi_model::filter::Filter::parse(&filter.to_string(), &options).unwrap().matches(&made.event())
        });
        prop_assert_eq!(again.unwrap_or(true), matches);
    }

    #[test]
    fn windows_are_half_open(from in 0_i64..100, to in 0_i64..100, second in 0_i64..100, offsets in (-12_i64..13, -12_i64..13, -12_i64..13)) {
        let window = Window::between(time(from, offsets.0), time(to, offsets.1));
        prop_assert_eq!(window.contains(&time(second, offsets.2)), (from..to).contains(&second));
        prop_assert_eq!(window.is_empty(), from >= to);
        // Two that follow each other have every instant once.
        let next = Window { from: window.to.clone(), to: None };
        let before = Window { from: None, to: window.from.clone() };
        let times = [before, window, next].iter().filter(|window| window.contains(&time(second, 0))).count();
        prop_assert!(from > to || times == 1);
    }

    #[test]
    fn summaries_count(log in prop::collection::vec(made(), 0..20), hours in 0_i64..10) {
        let all: Vec<Event> = log.iter().map(Made::event).collect();
        let count = |severity: &str| {
            let of_it = all.iter().filter(|event| event.severity.as_ref().is_some_and(|own| own.as_str() == severity));
            i64::try_from(of_it.count()).unwrap()
        };
        let summary = summarize(&all);
        prop_assert_eq!((summary.low, summary.medium), (Some(count("low")), Some(0)));
        prop_assert_eq!((summary.high, summary.critical), (Some(count("high")), Some(0)));
        let anonymous = all.iter().map(|event| Event { id: None, ..event.clone() });
        let mut log_of = EventLog {
            events: Some(Ref::by_value(anonymous.collect::<Collection<_>>())),
            summary: Some(summary.clone()),
            persistence: Some(format!("PT{hours}H").as_str().into()),
            ..EventLog::default()
        };
        prop_assert_eq!(log_problems(&log_of), []);
        let mut wrong = log_of.clone();
        wrong.summary.get_or_insert_default().low = summary.low.map(|low| low + 1);
        prop_assert_eq!(&log_problems(&wrong)[0].path, "/EventLog/summary/low");
        // Of a part of the Events, no more than that is known.
        wrong.events.get_or_insert_default().value.get_or_insert_default().count = Some(1000);
        prop_assert_eq!(log_problems(&wrong), []);
        wrong.summary.get_or_insert_default().low = summary.low.map(|low| low - 1);
        prop_assert_eq!(log_problems(&wrong).len(), 1);

        let now = 8 * 3600;
        let expired = expire(&mut log_of, &time(now, 1)).unwrap();
        let is_expired = |made: &&Made| made.second.is_some_and(|second| second < now - hours * 3600);
        prop_assert_eq!(expired.len(), log.iter().filter(is_expired).count());
        let kept = log_of.events.as_ref().unwrap().value.as_ref().unwrap();
        prop_assert_eq!(kept.count, i64::try_from(kept.items.len()).ok());
        prop_assert_eq!(kept.items.len() + expired.len(), log.len());
        prop_assert_eq!(log_problems(&log_of), []);
    }
}

#[test]
fn what_fails_comes_in_its_place() {
    let event = |second| Event { timestamp: Some(time(second, 0)), ..Event::default() };
    let broken = || Err(Error::new(ErrorKind::Io, "the line is down"));
    let origins = origins(2);
    let streams = [vec![Ok(event(1)), broken(), Ok(event(3))], vec![Ok(event(2)), Ok(event(4)), broken()]];
    let mut merge = Merge::new(origins.iter().zip(streams.into_iter().map(Vec::into_iter)));
    let shown: Vec<_> = merge
        .by_ref()
        .map(|entry| match entry {
            Ok(entry) => entry.event.timestamp.unwrap().as_str()[17..19].to_owned(),
            Err(failure) => failure.to_string(),
        })
        .collect();
    assert_eq!(shown, ["01", "a log: /: the line is down", "02", "03", "04", "a log: /: the line is down"]);
    assert_eq!(
        merge.tallies().iter().map(|tally| (tally.events, tally.failures)).collect::<Vec<_>>(),
        [(2, 1), (2, 1)]
    );
    assert!(merge.next().is_none());
}

#[test]
fn a_stream_is_read_no_further_than_needed() {
    use std::cell::Cell;
    let read = Cell::new(0_u32);
    let endless = (0..).map(|second: i64| {
        read.set(read.get() + 1);
        Ok(Event { timestamp: Some(time(second % 86_400, 0)), ..Event::default() })
    });
    let origins = origins(1);
    let merge = Merge::new([(&origins[0], endless)]);
    assert_eq!(merge.take(10_000).count(), 10_000);
    assert!(read.get() <= 10_002, "{}", read.get());
}

#[test]
fn bounds_that_no_filter_has_are_refused() {
    let far: DateTime = "9999-12-31T00:00:00Z".parse().unwrap();
    assert!(Window::around(&far, &"P1D".parse().unwrap()).is_err());
    assert!(Window::before(&"999999999-01-01T00:00:00Z".parse().unwrap(), &"P1D".parse().unwrap()).is_err());
    assert!(Window::before(&far, &"-P1D".parse().unwrap()).is_err());
    assert!(Window::before(&"0001-01-01T00:00:00Z".parse().unwrap(), &"P1D".parse().unwrap()).is_err());
    let month = Window::before(&"2024-03-31T00:00:00-05:00".parse().unwrap(), &"P1M".parse().unwrap()).unwrap();
    assert_eq!(month.to_string(), "2024-02-29T00:00:00-05:00 to 2024-03-31T00:00:00-05:00");
    // A far year needs no calendar to be compared.
    let far = Window { from: Some("999999999-01-01T00:00:00Z".parse().unwrap()), to: None };
    assert!(far.contains(&"999999999-01-02T00:00:00Z".parse().unwrap()) && !far.contains(&time(0, 0)));
    assert!(Selection { window: far, ..Selection::default() }.to_filter().unwrap().is_some());
}

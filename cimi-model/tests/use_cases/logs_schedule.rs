//! Periodic transfers: no gaps, no overlaps, whenever anybody asks.

use chrono::{Datelike, TimeDelta, Utc};
use cimi_model::ext::logs::{LogTransfer, Run, Schedule};
use cimi_model::validate::Rule;
use cimi_model::{DateTime, ErrorKind, Ref};
use proptest::prelude::*;

use crate::logs_stored::{at, length};

fn transfer(first: &str, period: &str) -> LogTransfer {
    LogTransfer {
        volume: Some(Ref::to("volumes/logs")),
        first_run: Some(at(first)),
        period: Some(length(period)),
        ..LogTransfer::default()
    }
}

fn seconds(time: &DateTime) -> i64 {
    time.instant().unwrap().timestamp()
}

fn bounds(run: &Run) -> (i64, i64) {
    (seconds(run.window.from.as_ref().unwrap()), seconds(run.window.to.as_ref().unwrap()))
}

#[derive(Clone, Debug)]
struct Case {
    period: String,
    delay: Option<i64>,
    /// Before the first run's end.
    since: Option<i64>,
    until: Option<i64>,
    offset: i64,
    day: i64,
}

fn cases() -> impl Strategy<Value = Case> {
    let period = prop_oneof![
        (1_i64..200_000).prop_map(|seconds| format!("PT{seconds}S")),
        (1_i64..14).prop_map(|months| format!("P{months}M")),
        (0_i64..3, 1_i64..40).prop_map(|(months, days)| format!("P{months}M{days}DT1.5S")),
    ];
    let delay = prop::option::of(0_i64..200_000);
    let since = prop::option::of(1_i64..500_000);
    let until = prop::option::of(0_i64..400 * 86_400);
    (period, delay, since, until, -12_i64..13, 1_i64..32).prop_map(|(period, delay, since, until, offset, day)| Case {
        period,
        delay,
        since,
        until,
        offset,
        day,
    })
}

impl Case {
    fn transfer(&self) -> LogTransfer {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let first = format!("2025-01-{:02}T23:30:00{sign}{:02}:00", self.day, self.offset.abs());
        let instant = at(&first).instant().unwrap();
        let later = |seconds: i64| DateTime::from(instant + TimeDelta::seconds(seconds));
        LogTransfer {
            delay: self.delay.map(|seconds| length(&format!("PT{seconds}S"))),
            since: self.since.map(|seconds| later(-seconds - self.delay.unwrap_or(0))),
            until: self.until.map(later),
            ..transfer(&first, &self.period)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn windows_follow_each_other(case in cases(), from in 0_u64..100_000) {
        let schedule = Schedule::of(&case.transfer()).unwrap();
        let runs: Vec<Run> = (from..from + 20).map_while(|number| schedule.run(number)).collect();
        for run in &runs {
            let (begin, end) = bounds(run);
            prop_assert!(begin < end && seconds(&run.due) - end == case.delay.unwrap_or(0), "{run:?}");
        }
        for pair in runs.windows(2) {
            prop_assert_eq!(&pair[0].window.to, &pair[1].window.from);
            prop_assert!(seconds(&pair[0].due) < seconds(&pair[1].due));
        }
    }

    /// Asked at any times, with runs that fail, all time since the beginning is covered once.
    #[test]
    fn no_gaps_and_no_overlaps(
        case in cases(),
        asked in prop::collection::vec((0_i64..400 * 86_400, prop::collection::vec(any::<bool>(), 0..4)), 0..12),
    ) {
        let transfer = case.transfer();
        let schedule = Schedule::of(&transfer).unwrap();
        let first = seconds(transfer.first_run.as_ref().unwrap());
        let begin = bounds(&schedule.run(0).unwrap()).0;
        let mut asked = asked;
        asked.sort_unstable();
        let (mut done, mut covered) = (None, begin);
        for (after, outcomes) in asked {
            let now = DateTime::from(chrono::DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(first - 86_400 + after));
            // The first failure ends what is done now; the next time begins with it.
            let mut outcomes = outcomes.into_iter().chain(std::iter::repeat(true));
            for run in schedule.due(done.as_ref(), &now).take(500) {
                prop_assert!(seconds(&run.due) <= seconds(&now));
                let (from, to) = bounds(&run);
                prop_assert_eq!(from, covered);
                if !outcomes.next().unwrap() {
                    break;
                }
                covered = to;
                done = run.window.to;
            }
        }
    }

    #[test]
    fn what_is_due_agrees_with_counting(case in cases(), after in -1_000_000_i64..100_000_000) {
        let transfer = case.transfer();
        let schedule = Schedule::of(&transfer).unwrap();
        let first = seconds(transfer.first_run.as_ref().unwrap());
        let now = DateTime::from(chrono::DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(first + after));
        // As far as it is worth counting.
        let counted: Vec<Run> = (0..3000)
            .map_while(|number| schedule.run(number))
            .take_while(|run| seconds(&run.due) <= seconds(&now))
            .collect();
        prop_assert_eq!(&schedule.due(None, &now).take(3000).collect::<Vec<_>>(), &counted);
        if counted.len() < 3000 {
            prop_assert_eq!(schedule.next_after(&now), schedule.run(counted.len().try_into().unwrap()));
        }
    }

    /// Where the schedule has been changed since, the first run begins where the transfer had come to.
    #[test]
    fn a_changed_schedule_leaves_no_gap(one in cases(), other in cases(), after in 0_i64..30_000_000) {
        let (one, other) = (one.transfer(), other.transfer());
        let first = seconds(one.first_run.as_ref().unwrap());
        let now = DateTime::from(chrono::DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(first + after));
        let done = Schedule::of(&one).unwrap().due(None, &now).take(100).last().and_then(|run| run.window.to);
        let changed = Schedule::of(&other).unwrap();
        let begin = bounds(&changed.run(0).unwrap()).0;
        let later = DateTime::from(now.instant().unwrap() + TimeDelta::days(500));
        if let Some(run) = changed.due(done.as_ref(), &later).next() {
            let expected = done.as_ref().map_or(begin, |done| seconds(done).max(begin));
            prop_assert_eq!(bounds(&run).0, expected);
        }
    }

    #[test]
    fn months_are_those_of_the_calendar(day in 1_u32..32, months in 1_u32..14, number in 0_u32..200) {
        let period = format!("P{months}M");
        let schedule = Schedule::of(&transfer(&format!("2025-01-{day:02}T23:30:00-05:00"), &period)).unwrap();
        let due = schedule.run(number.into()).unwrap().due.instant().unwrap();
        let month = months * number;
        let (year, month) = (2025 + i32::try_from(month / 12).unwrap(), month % 12 + 1);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month as usize - 1];
        prop_assert_eq!((due.year(), due.month(), due.day()), (year, month, day.min(days)));
        prop_assert!(due.to_string().ends_with("23:30:00 -05:00"));
    }
}

#[test]
fn what_cannot_be_is_refused_with_a_path() {
    let good = transfer("2025-01-01T00:00:00Z", "P1D");
    assert_eq!(good.problems(), []);
    let problem = |transfer: LogTransfer| {
        let found = transfer.problems();
        assert_eq!(found.len(), 1, "{found:?}");
        let error = Schedule::of(&transfer).unwrap_err();
        assert_eq!(
            (error.kind(), error.path(), error.reason()),
            (ErrorKind::Value, found[0].path.as_str(), found[0].text.as_str())
        );
        (found[0].path.rsplit('/').next().unwrap().to_owned(), found[0].rule)
    };
    let cases = [
        (LogTransfer { first_run: None, ..good.clone() }, "firstRun", Rule::Required),
        (LogTransfer { first_run: Some(at("999999-01-01T00:00:00Z")), ..good.clone() }, "firstRun", Rule::Range),
        (LogTransfer { period: None, ..good.clone() }, "period", Rule::Required),
        (LogTransfer { period: Some(length("P0D")), ..good.clone() }, "period", Rule::Range),
        (LogTransfer { period: Some(length("-P1D")), ..good.clone() }, "period", Rule::Range),
        (LogTransfer { period: Some(length("P3000Y")), ..good.clone() }, "period", Rule::Range),
        (LogTransfer { delay: Some(length("P1M")), ..good.clone() }, "delay", Rule::Range),
        (LogTransfer { filter: Some("severity=high".into()), ..good.clone() }, "filter", Rule::Value),
        (LogTransfer { volume: None, ..good.clone() }, "volume", Rule::Required),
        (LogTransfer { since: Some(at("2025-01-01T00:00:00Z")), ..good.clone() }, "since", Rule::Consistency),
        (LogTransfer { until: Some(at("2024-12-31T23:59:59Z")), ..good.clone() }, "until", Rule::Consistency),
        (LogTransfer { until: Some(at("-2024-12-31T23:59:59Z")), ..good.clone() }, "until", Rule::Range),
    ];
    for (transfer, name, rule) in cases {
        assert_eq!(problem(transfer), (name.to_owned(), rule));
    }
    assert_eq!(
        LogTransfer { volume: None, destination: Some("https://logs.example.com/".into()), ..good }.problems(),
        []
    );
}

#[test]
fn a_schedule_ends() {
    let day = LogTransfer { until: Some(at("2025-01-03T00:00:00Z")), ..transfer("2025-01-01T00:00:00Z", "P1D") };
    let schedule = Schedule::of(&day).unwrap();
    assert_eq!(schedule.due(None, &at("2030-01-01T00:00:00Z")).count(), 3);
    assert_eq!(schedule.next_after(&at("2025-01-03T00:00:00Z")), None);
    assert_eq!(schedule.run(3), None);
    // So does the calendar.
    let year = Schedule::of(&transfer("2025-01-01T00:00:00Z", "P1Y")).unwrap();
    assert_eq!(year.due(None, &at("9999-12-31T00:00:00Z")).count(), 7975);
    assert_eq!(year.run(u64::MAX), None);
    let short = Schedule::of(&transfer("2025-01-01T00:00:00Z", "PT0.000000001S")).unwrap();
    assert_eq!(short.next_after(&at("2025-01-01T00:00:01Z")).unwrap().number, 1_000_000_001);
    assert_eq!(short.due(None, &at("9999-12-31T00:00:00Z")).take(2).count(), 2);
}

#[test]
fn a_beginning_that_moves_on_is_noted() {
    let first = LogTransfer { id: Some("t/1".into()), ..transfer("2025-01-01T00:00:00Z", "P1D") };
    let moved = LogTransfer {
        transferred_to: Some(at("2025-01-01T00:00:00Z")),
        first_run: Some(at("2025-02-01T00:00:00Z")),
        ..first
    };
    let run =
        Schedule::of(&moved).unwrap().due(moved.transferred_to.as_ref(), &at("2025-02-01T00:00:00Z")).next().unwrap();
    assert_eq!(run.window.to_string(), "2025-01-31T00:00:00Z to 2025-02-01T00:00:00Z");
    let mut job = moved.job(&run).unwrap();
    job.state = Some(cimi_model::JobState::Success);
    let mut noted = moved.clone();
    assert!(noted.note(&job).unwrap());
    assert_eq!(noted.transferred_to, run.window.to);
    // A Job of another transfer says nothing of this one.
    let mut other = LogTransfer { id: Some("t/2".into()), ..moved };
    assert!(!other.note(&job).unwrap() && other.last_job.is_none());
    // No two runs save to the same file, however short they are.
    let short = LogTransfer { folder: Some("a".into()), ..transfer("2025-01-01T00:00:00Z", "PT0.25S") };
    let schedule = Schedule::of(&short).unwrap();
    let files: std::collections::HashSet<String> =
        (0..9).map(|number| short.file(&schedule.run(number).unwrap())).collect();
    assert_eq!(files.len(), 9);
    assert!(files.contains("a/events-20250101T000000.250Z-20250101T000000.500Z.json"), "{files:?}");
}

//! Meters, which take samples as time passes (5.17.3).

use chrono::{DateTime, TimeDelta, Utc};
use cimi_model::{Dialect, Meter, Ref, Sample, SampleValue, aspect};

use super::changes::Change;
use super::store::Members;
use super::{Cloud, Done};

/// How many samples a Meter keeps; then the oldest go.
const KEPT: i64 = 100;

/// Whether a Meter measures, and how many samples it has taken.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Measuring {
    /// What tells this period of measuring from earlier ones, whose plans are void.
    period: u64,
    on: bool,
    taken: u64,
}

impl Cloud {
    /// Lets a Meter measure, and notes when it is to end.
    pub(crate) fn start_meter(&mut self, path: &str) {
        let measuring = self.meters.entry(path.to_owned()).or_default();
        if measuring.on {
            return;
        }
        measuring.on = true;
        measuring.period += 1;
        let (at, period) = (self.now + self.interval(path), measuring_period(self, path));
        self.schedule.add(at, Change::Sample { meter: path.to_owned(), period });
        self.plan_expiry(path);
    }

    /// Notes when a Meter is to be deleted.
    pub(crate) fn plan_expiry(&mut self, path: &str) {
        if let Some(at) = self.meter(path).and_then(|meter| instant(meter.expires_time.as_ref()?)) {
            self.schedule.add(at, Change::Expired { meter: path.to_owned() });
        }
    }

    /// Starts or stops a Meter.
    pub(crate) fn switch_meter(&mut self, path: &str, name: &str) -> Done {
        if name == "start" {
            self.start_meter(path);
        } else if let Some(measuring) = self.meters.get_mut(path) {
            measuring.on = false;
        }
        let job = self.new_job(path, &[], name);
        self.end_job(&job);
        Done::action(job)
    }

    /// Deletes a Meter whose time is over; one that was given another time since stays.
    pub(crate) fn expire(&mut self, path: &str) {
        let at = self.meter(path).and_then(|meter| instant(meter.expires_time.as_ref()?));
        if at.is_some_and(|at| at <= self.now) {
            self.remove(path);
        }
    }

    /// Takes a sample and plans the next one. After a long time, only the latest samples are taken.
    pub(crate) fn take_sample(&mut self, path: &str, period: u64, until: DateTime<Utc>) {
        let Some(measuring) = self.meters.get_mut(path).filter(|found| found.on && found.period == period) else {
            return;
        };
        measuring.taken += 1;
        let taken = measuring.taken;
        let stop = self.meter(path).and_then(|meter| instant(meter.stop_time.as_ref()?));
        if stop.is_some_and(|stop| stop <= self.now) {
            return;
        }
        self.add_sample(path, taken);
        self.watch(path);
        let interval = self.interval(path);
        let behind = until - interval * i32::try_from(KEPT).unwrap_or_default();
        let next = (self.now + interval).max(behind);
        self.schedule.add(next, Change::Sample { meter: path.to_owned(), period });
    }

    fn add_sample(&mut self, meter: &str, taken: u64) {
        let samples = format!("{meter}/samples");
        let path = self.store.new_path(&samples);
        let value = self.measure(meter, taken);
        let mut sample = Sample {
            id: Some(self.store.uri(&path)),
            created: Some(self.now.into()),
            parent: Some(Ref::to(self.store.uri(&samples))),
            ..Sample::default()
        };
        let (timestamp, value) = (Some(self.now.into()), Some(value));
        match self.dialect() {
            Dialect::V1 => sample.sample = Some(SampleValue { timestamp, value, ..SampleValue::default() }),
            Dialect::V2 => (sample.timestamp, sample.value) = (timestamp, value),
        }
        self.store.put(&path, Box::new(sample));
        self.store.put_in(&samples, &path);
        while self.store.collection(&samples).is_some_and(|members| members.len() > 100) {
            let oldest = self.store.collection(&samples).and_then(|members| Members::paths(members).next().cloned());
            if let Some(oldest) = oldest {
                self.store.remove(&oldest);
            }
        }
    }

    /// What a Meter measures: nothing is real here, so a wave stands for the load.
    fn measure(&self, meter: &str, taken: u64) -> String {
        let kind = self.meter(meter).and_then(|meter| meter.aspect.as_ref()).map_or("", |aspect| aspect.as_str());
        let wave = (taken * 7) % 40;
        let percent = 30 + wave.min(40 - wave);
        match kind {
            aspect::MEMORY | aspect::DISK => (percent * 10_000).to_string(),
            _ => percent.to_string(),
        }
    }

    fn meter(&self, path: &str) -> Option<&Meter> {
        self.store.get_as::<Meter>(path)
    }

    fn interval(&self, path: &str) -> TimeDelta {
        let seconds = self.meter(path).and_then(|meter| meter.sample_interval).unwrap_or(60);
        TimeDelta::seconds(seconds.clamp(1, 366 * 86_400))
    }
}

fn measuring_period(cloud: &Cloud, path: &str) -> u64 {
    cloud.meters.get(path).map_or(0, |measuring| measuring.period)
}

fn instant(time: &cimi_model::DateTime) -> Option<DateTime<Utc>> {
    time.instant().map(|instant| instant.with_timezone(&Utc))
}

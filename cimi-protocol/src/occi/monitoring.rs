//! What is measured of a resource: metrics are activated, configured and deactivated by its representation.

use cimi_model::{DateTime, Meter, Uri};

use super::metrics::{MetricMixin, metric};
use super::parse::is_number;
use super::rendering::{AttributeValue, Class, Rendering};
use crate::{Error, ErrorKind, Result};

/// A metric that is measured.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ActiveMetric {
    /// The metric.
    pub metric: &'static MetricMixin,
    /// How often, in hertz.
    pub sample_rate: Option<String>,
    /// The prefix of its unit.
    pub resolution: Option<String>,
    /// The latest value, with its time.
    pub latest: Option<(String, DateTime)>,
}

/// The metrics of a resource that are measured.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Monitoring {
    /// Each metric once, in the order in which they were activated.
    pub active: Vec<ActiveMetric>,
}

impl Monitoring {
    /// Sets what is measured to the mixins of a representation (`PUT`): others are deactivated, new ones activated, and
    /// what is configured is what it says. Categories that are no metrics are left out.
    ///
    /// # Errors
    /// As [`update`](Self::update). It is then as it was.
    pub fn replace(&mut self, rendering: &Rendering) -> Result<()> {
        let mut next = Self::default();
        for found in metrics_of(rendering) {
            let latest = self.of(found).and_then(|known| known.latest.clone());
            next.add(ActiveMetric { metric: found, sample_rate: None, resolution: None, latest });
        }
        next.configure(rendering)?;
        *self = next;
        Ok(())
    }

    /// Activates the mixins of a representation and sets the attributes that it has (`POST`); all else stays.
    ///
    /// # Errors
    /// [`ErrorKind::Header`] when it sets what cannot be changed (value, time, unit), or a sample rate that is not a number
    /// above zero. It is then as it was.
    pub fn update(&mut self, rendering: &Rendering) -> Result<()> {
        let mut next = self.clone();
        for metric in metrics_of(rendering) {
            next.add(ActiveMetric { metric, sample_rate: None, resolution: None, latest: None });
        }
        next.configure(rendering)?;
        *self = next;
        Ok(())
    }

    /// The state of a metric, if it is measured.
    #[must_use]
    pub fn of(&self, metric: &MetricMixin) -> Option<&ActiveMetric> {
        self.active.iter().find(|known| known.metric == metric)
    }

    fn add(&mut self, new: ActiveMetric) {
        if self.of(new.metric).is_none() {
            self.active.push(new);
        }
    }

    fn configure(&mut self, rendering: &Rendering) -> Result<()> {
        for (name, value) in &rendering.attributes {
            // An attribute of a metric is called by the title of that and its own name.
            let Some(active) = self.active.iter_mut().find(|active| is_of(name, active.metric.title)) else { continue };
            let own = name.get(active.metric.title.len()..).unwrap_or("");
            let text = value.to_string();
            let fail = |what: &str| Err(Error::new(ErrorKind::Header, format!("'{name}' {what}")));
            match own {
                ".samplerate" if !is_rate(&text) => return fail("is a number above zero"),
                ".samplerate" => active.sample_rate = Some(text),
                ".resolution" => active.resolution = Some(text),
                ".unit" if text == active.metric.unit => {}
                // What was shown may come back as it was.
                "" if active.latest.as_ref().is_some_and(|(latest, _)| *latest == text) => {}
                ".timestamp" if active.latest.as_ref().is_some_and(|(_, time)| time.as_str() == text) => {}
                _ => return fail("cannot be changed"),
            }
        }
        Ok(())
    }

    /// Notes a measured value; whether the metric is measured.
    pub fn record(&mut self, metric: &MetricMixin, value: &str, time: &DateTime) -> bool {
        let Some(active) = self.active.iter_mut().find(|active| active.metric == metric) else { return false };
        active.latest = Some((value.to_owned(), time.clone()));
        true
    }

    /// What is measured, with the instantaneous values: the part of the resource's representation that is about metrics.
    #[must_use]
    pub fn rendering(&self) -> Rendering {
        let mut rendering = Rendering::default();
        for active in &self.active {
            rendering.categories.push(super::Category::new(&active.metric.identifier(), Class::Mixin));
            let title = active.metric.title;
            let mut add = |name: String, value: Option<&str>| {
                let value = value.map(|text| AttributeValue::of(text.to_owned()));
                rendering.attributes.extend(value.map(|value| (name, value)));
            };
            add(title.to_owned(), active.latest.as_ref().map(|(value, _)| value.as_str()));
            add(format!("{title}.timestamp"), active.latest.as_ref().map(|(_, time)| time.as_str()));
            add(format!("{title}.samplerate"), active.sample_rate.as_deref());
            add(format!("{title}.resolution"), active.resolution.as_deref());
            add(format!("{title}.unit"), Some(active.metric.unit).filter(|unit| !unit.is_empty()));
        }
        rendering
    }
}

impl ActiveMetric {
    /// The Meter of CIMI that measures it. Its interval is a number of whole seconds, 1 at least.
    #[must_use]
    pub fn meter(&self) -> Meter {
        let interval = self.sample_rate.as_ref().and_then(|rate| rate.parse::<f64>().ok()).map(|rate| 1.0 / rate);
        #[allow(clippy::cast_possible_truncation, reason = "it is within bounds")]
        let seconds = interval.map(|interval| interval.clamp(1.0, 31_536_000.0).round() as i64);
        Meter {
            aspect: Some(Uri::from(self.metric.identifier())),
            units: Some(self.metric.unit.to_owned()).filter(|unit| !unit.is_empty()),
            sample_interval: seconds,
            ..Meter::default()
        }
    }
}

fn metrics_of(rendering: &Rendering) -> impl Iterator<Item = &'static MetricMixin> {
    rendering.categories.iter().filter_map(|category| metric(&category.identifier()))
}

fn is_of(name: &str, title: &str) -> bool {
    name.strip_prefix(title).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn is_rate(text: &str) -> bool {
    is_number(text) && text.parse::<f64>().is_ok_and(|rate| rate > 0.0)
}

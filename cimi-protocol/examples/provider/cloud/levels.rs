//! Service levels: the objectives of a resource are held against the samples of its Meters (DSP2042 4.2.1).

use cimi_model::ext::objective::{
    Catalogue, Metrics, SERVICE_LEVEL, ServiceLevelObjective, ServiceTier, alarm, evaluate_meter,
};
use cimi_model::reflect::Described;
use cimi_model::relations::make_absolute;
use cimi_model::{Meter, Sample};

use super::Cloud;

impl Cloud {
    /// Reports objectives that the latest sample of a Meter has violated or brought at risk, once for each time.
    pub(crate) fn watch(&mut self, meter: &str) {
        let Some(target) = self.store.target(meter, "targetResource") else { return };
        let objectives = self.objectives_of(&target);
        if objectives.is_empty() {
            return;
        }
        let Some(measured) = self.store.get_as::<Meter>(meter).cloned() else { return };
        let samples = self.samples(meter);
        let metrics = Metrics::default();
        for objective in objectives {
            let now = self.now.into();
            // An objective of another metric is not for this Meter.
            let Ok(found) = evaluate_meter(&objective, &measured, &samples, &now, &metrics) else { continue };
            let Some(resource) = self.store.get(&target) else { return };
            let event = alarm(&objective, &found, resource);
            let name = objective.id.map(|id| id.to_string()).unwrap_or_default();
            let before = self.levels.insert((target.clone(), name), found.status);
            if let Some(event) = event.filter(|_| before != Some(found.status)) {
                self.report_alarm(&target, event);
            }
        }
    }

    /// The objectives that are in force for a resource: those of the level that was chosen for it.
    fn objectives_of(&self, path: &str) -> Vec<ServiceLevelObjective> {
        let level = self.store.get(path).and_then(|record| SERVICE_LEVEL.get(record).ok().flatten());
        let Some(mut level) = level else { return Vec::new() };
        make_absolute(&mut level, &self.store.base());
        let catalogue = Catalogue { tiers: self.all::<ServiceTier>(), objectives: self.all::<ServiceLevelObjective>() };
        // What refers to something that is gone promises nothing.
        catalogue.in_force(&level).unwrap_or_default()
    }

    /// All resources of a type that has a catalog.
    fn all<T: Described + Clone>(&self) -> Vec<T> {
        let paths = self.catalog_of(T::described()).map(|catalog| self.members(&catalog)).unwrap_or_default();
        paths.iter().filter_map(|path| self.store.get_as::<T>(path).cloned()).collect()
    }

    /// The samples of a Meter, as 2.0 has them.
    fn samples(&self, meter: &str) -> Vec<Sample> {
        let paths = self.members(&format!("{meter}/samples"));
        let samples = paths.iter().filter_map(|path| self.store.get_as::<Sample>(path));
        samples
            .map(|sample| {
                let inner = sample.sample.as_ref();
                Sample {
                    timestamp: sample.timestamp.clone().or_else(|| inner?.timestamp.clone()),
                    value: sample.value.clone().or_else(|| inner?.value.clone()),
                    ..Sample::default()
                }
            })
            .collect()
    }
}

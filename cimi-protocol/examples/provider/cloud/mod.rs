//! A cloud that exists in memory only: what a provider does between the socket and its hypervisors.
//!
//! It is plain synchronous code that is told the time. The libraries know the standard; here is what is the provider's
//! own: where resources are kept ([`store`]), which URIs they have ([`layout`]), how long things take ([`changes`]), what
//! there is at the beginning ([`seed`]).

mod actions;
pub(crate) mod audit;
mod changes;
mod create;
mod delete;
mod descriptor;
mod events;
mod images;
mod jobs;
mod keep;
mod layout;
mod levels;
mod members;
mod metadata;
mod meters;
mod offers;
mod ovf;
mod policies;
mod representation;
mod seed;
mod serve;
mod services;
mod store;
mod v1;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use cimi_model::ext::access::Subject;
use cimi_model::ext::objective::Status;
use cimi_model::lifecycle::Rules;
use cimi_model::reflect::Record;
use cimi_model::{Dialect, Limits, Uri, ext};
use cimi_protocol::provider::Provider;

pub(crate) use layout::{BASE, ENTRY_POINT};
pub(crate) use serve::{Answer, Fetched};

/// How a cloud is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    pub(crate) dialect: Dialect,
    /// How long operations take. Without any, a request is carried out when it is answered.
    pub(crate) latency: TimeDelta,
}

/// The cloud.
pub(crate) struct Cloud {
    provider: Arc<Provider>,
    store: store::Store,
    schedule: changes::Schedule,
    rules: HashMap<&'static str, Rules>,
    latency: TimeDelta,
    /// The time of the present request.
    now: DateTime<Utc>,
    /// How the objectives of resources stood last, by the paths of these and the objectives.
    levels: HashMap<(String, String), Status>,
    /// Who asks at present.
    subject: Subject,
    /// The Jobs that have ended, the oldest first.
    finished: VecDeque<String>,
    /// The Jobs that have ended since the request before.
    ended: Vec<audit::Ended>,
    meters: HashMap<String, meters::Measuring>,
    /// The Machines as they were when images were taken of them, by the paths of the images.
    captured: HashMap<String, Box<dyn Record>>,
    /// The items of collections that stand for a resource, by its path.
    items: HashMap<String, BTreeSet<String>>,
    /// The backup of a Machine in the care of a service, by the paths of both.
    backups: HashMap<(String, String), String>,
    /// What Systems were exported to, by path.
    exports: HashMap<String, ovf::Package>,
}

impl Cloud {
    /// A cloud whose URIs begin with `base`, which ends with [`BASE`].
    pub(crate) fn new(base: &Uri, options: Options, now: DateTime<Utc>) -> Self {
        let now = now.trunc_subsecs(3);
        let registry = offers::registry(options.dialect);
        let metadata = metadata::of_all(&registry, options.dialect);
        let rules = offers::of_all(&registry, &metadata);
        let limits = Limits { size: 4 << 20, ..Limits::default() };
        let provider = Provider {
            base: base.clone(),
            dialect: options.dialect,
            registry,
            metadata,
            limits,
            namespaces: vec![cimi_ovf::NAMESPACE.to_owned(), ext::NAMESPACE.to_owned()],
            // Consumers of 1.x have their own spellings.
            strict: options.dialect == Dialect::V2,
            ..Provider::default()
        };
        let mut cloud = Self {
            provider: Arc::new(provider),
            store: store::Store::new(base),
            schedule: changes::Schedule::default(),
            rules,
            latency: TimeDelta::zero(),
            now,
            levels: HashMap::new(),
            subject: Subject::default(),
            finished: VecDeque::new(),
            ended: Vec::new(),
            meters: HashMap::new(),
            captured: HashMap::new(),
            items: HashMap::new(),
            backups: HashMap::new(),
            exports: HashMap::new(),
        };
        cloud.seed();
        cloud.latency = options.latency;
        cloud
    }

    /// What holds for all requests.
    pub(crate) fn provider(&self) -> Arc<Provider> {
        Arc::clone(&self.provider)
    }

    /// How much is kept, for those who want to see that memory does not grow.
    #[cfg(test)]
    pub(crate) fn kept(&self) -> usize {
        self.store.len()
    }

    fn dialect(&self) -> Dialect {
        self.provider.dialect
    }
}

/// What came of a request that changes something.
pub(crate) struct Done {
    job: String,
    /// The resource that is shown: the new or updated one.
    resource: Option<String>,
    created: bool,
    /// Where an export is.
    location: Option<Uri>,
}

impl Done {
    fn created(path: String, job: String) -> Self {
        Self { job, resource: Some(path), created: true, location: None }
    }

    fn updated(path: String, job: String) -> Self {
        Self { job, resource: Some(path), created: false, location: None }
    }

    fn action(job: String) -> Self {
        Self { job, resource: None, created: false, location: None }
    }
}

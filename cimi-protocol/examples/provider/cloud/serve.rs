//! From a request to the answer.

use chrono::{DateTime, SubsecRound, Utc};
use cimi_cadf::http::basic_user;
use cimi_model::relations::make_absolute;
use cimi_model::{Dialect, ModelChange, Type, Uri, printable};
use cimi_protocol::provider::rules::{UpdateRules, merge, replace};
use cimi_protocol::provider::{Call, Exchange, Outcome, Refusal, Target, Update};
use http::request::Parts;
use http::{Method, Response, StatusCode};

use super::audit::Asked;
use super::events::Access;
use super::{BASE, Cloud, Done, layout, policies};

/// What to do after a request.
pub(crate) enum Answer {
    /// Send this.
    Send(Response<Vec<u8>>),
    /// Fetch what this URI leads to, and put the same request again with it: nothing has happened so far.
    Fetch(Uri),
}

/// What an import is made from: where it was fetched, and what was found there or why nothing was.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) content: Result<Vec<u8>, String>,
}

/// What a request may be made from, and what it turns out to need.
pub(crate) struct Sources<'f> {
    pub(crate) fetched: Option<&'f Fetched>,
    pub(crate) wanted: Option<Uri>,
    asked: Asked,
}

/// As much of a path is kept in the log.
const LONGEST: usize = 200;

impl Cloud {
    /// Carries out a request.
    pub(crate) fn handle(
        &mut self,
        head: &Parts,
        body: &[u8],
        fetched: Option<&Fetched>,
        now: DateTime<Utc>,
    ) -> Answer {
        self.ended.clear();
        // No consumer needs nanoseconds, and some do not read them.
        self.advance(now.trunc_subsecs(3));
        self.subject = policies::subject(head);
        let provider = self.provider();
        let path = head.uri.path().strip_prefix(BASE).unwrap_or_default().to_owned();
        let asked = Asked { path: path.clone(), operation: None };
        let mut sources = Sources { fetched, wanted: None, asked };
        let mut response =
            provider.answer(head, Some(self.now.into()), |exchange| self.serve(exchange, &path, body, &mut sources));
        if let Some(uri) = sources.wanted {
            return Answer::Fetch(uri);
        }
        if !matches!(head.method, Method::GET | Method::HEAD | Method::OPTIONS) {
            let (method, initiator) = (printable(head.method.as_str()), initiator(head));
            let access = Access { method, path: path.chars().take(LONGEST).collect(), initiator };
            self.report_access(&access, response.status().as_u16());
        }
        if head.method == Method::POST && response.status().is_client_error() && sources.asked.operation.is_none() {
            sources.asked.operation = Self::operation_in(body);
        }
        response.extensions_mut().insert(sources.asked);
        Answer::Send(response)
    }

    fn serve(
        &mut self,
        exchange: &Exchange<'_>,
        path: &str,
        body: &[u8],
        sources: &mut Sources<'_>,
    ) -> Result<Response<Vec<u8>>, Refusal> {
        if let Some(package) = self.exports.get(path) {
            return package.answer(exchange.method());
        }
        let computed = self.operation_of(path).filter(|_| !self.store.contains(path));
        let (path, operation) = match (exchange.method().as_str(), computed) {
            ("DELETE", Some((resource, "delete"))) => (resource, None),
            ("POST", Some((resource, operation))) => (resource, Some(operation)),
            _ => (path, None),
        };
        path.clone_into(&mut sources.asked.path);
        sources.asked.operation = operation.map(str::to_owned);
        let etag = self.etag(path).ok_or_else(Refusal::not_found)?;
        if let Some(members) = self.store.collection(path) {
            let offered = self.collection_operations(path, members);
            let target = Target::collection(members.entry.record_type).offering(&offered).with_etag(&etag);
            let call = exchange.decode(&target, body)?;
            self.permit(path, target.record_type(), &call)?;
            return match call {
                Call::Read => self.read(exchange, path),
                Call::Options => Ok(exchange.options(&target)),
                call => self.change(exchange, path, &call, sources),
            };
        }
        let record = self.show(path).ok_or_else(Refusal::not_found)?;
        let mut target = Target::resource(&*record).with_etag(&etag);
        if let Some(operation) = operation {
            target = target.for_operation(operation);
        }
        let of = record.record_type();
        let call = exchange.decode(&target, body);
        let call = call.map_err(|refusal| self.at_another_time(of, exchange.method(), refusal))?;
        self.permit(path, of, &call)?;
        match call {
            Call::Read => self.read(exchange, path),
            Call::Options => Ok(exchange.options(&target)),
            call => self.change(exchange, path, &call, sources),
        }
    }

    /// The refusal of a method that this resource does not have, while others of its type do.
    fn at_another_time(&self, of: &'static Type, method: &Method, refusal: Refusal) -> Refusal {
        let rules = self.rules_of(of);
        let has = |wanted: &str| rules.operations().any(|operation| operation == wanted);
        let others = match method.as_str() {
            "PUT" => has("edit"),
            "DELETE" => has("delete"),
            "POST" => rules.operations().any(|operation| !matches!(operation, "edit" | "delete")),
            _ => false,
        };
        if others && refusal.status() == StatusCode::METHOD_NOT_ALLOWED {
            return Refusal::conflict("the resource does not offer this now");
        }
        refusal
    }

    fn read(&self, exchange: &Exchange<'_>, path: &str) -> Result<Response<Vec<u8>>, Refusal> {
        let mut record = self.show(path).ok_or_else(Refusal::not_found)?;
        exchange.read(&mut *record, self, self.etag(path).as_ref())
    }

    fn change(
        &mut self,
        exchange: &Exchange<'_>,
        path: &str,
        call: &Call,
        sources: &mut Sources<'_>,
    ) -> Result<Response<Vec<u8>>, Refusal> {
        sources.asked.operation = match call {
            Call::Action(request) => Some(request.name.clone()),
            Call::Insert(_) => Some("insert".to_owned()),
            Call::Remove(_) => Some("remove".to_owned()),
            _ => None,
        };
        let done = match call {
            Call::Create(document) => match self.capture_as_asked(document.record()) {
                Some(done) => done,
                None => self.add(path, document.record()),
            },
            Call::Update(update) => self.update(path, update),
            Call::Delete => self.delete(path),
            Call::Insert(membership) => self.insert(path, membership),
            Call::Remove(membership) => self.take_out(path, membership),
            Call::Action(request) if request.name == "import" => self.import(path, &request.body, sources),
            Call::Action(request) => self.act(path, request),
            _ => Err(Refusal::not_implemented("the request asks for something that is not possible here")),
        }?;
        // Consumers of 1.x expect that operations are carried out later, and deletions at once.
        let is_operation = self.dialect() == Dialect::V1 && matches!(call, Call::Action(_)) && !done.created;
        Ok(self.answer(exchange, &done, is_operation))
    }

    fn update(&mut self, path: &str, update: &Update) -> Result<Done, Refusal> {
        let current = self.store.get(path).ok_or_else(Refusal::not_found)?;
        let rules = UpdateRules { dialect: self.dialect(), now: Some(self.now.into()), ..UpdateRules::default() };
        let sent = &*self.without_additions(path, update.document.record());
        let updated = match &update.selected {
            None => replace(current, sent, &rules),
            Some(select) => merge(current, sent, select.names(), &rules),
        }?;
        if updated.is_changed() {
            let mut resource = updated.resource;
            make_absolute(&mut *resource, &self.store.base());
            layout::clear_borrowed(&mut *resource);
            self.store.put(path, resource);
            self.report_change(path, ModelChange::Update);
            self.plan_expiry(path);
        }
        let job = self.new_job(path, &[], "edit");
        self.end_job(&job);
        Ok(Done::updated(path.to_owned(), job))
    }

    /// The answer to a request that was carried out, or is being so.
    fn answer(&self, exchange: &Exchange<'_>, done: &Done, is_operation: bool) -> Response<Vec<u8>> {
        let job_uri = self.store.uri(&done.job);
        let resource = done.resource.as_deref();
        let location =
            done.location.clone().or_else(|| resource.filter(|_| done.created).map(|path| self.store.uri(path)));
        let mut outcome = Outcome { job: Some(&job_uri), location: location.as_ref(), ..Outcome::default() };
        if is_operation || self.schedule.is_running(&done.job) {
            // Those of 1.x take the body of an answer to a creation for the new resource.
            let created = resource.filter(|_| done.created && self.dialect() == Dialect::V1);
            let shown = self.show(created.unwrap_or(&done.job));
            outcome.record = shown.as_deref();
            return exchange.accepted(&outcome);
        }
        let record = resource.and_then(|path| self.show(path));
        let etag = resource.and_then(|path| self.etag(path));
        outcome.record = record.as_deref();
        outcome.etag = etag.as_ref();
        if done.created { exchange.created(&outcome) } else { exchange.done(&outcome) }
    }
}

/// The name of the one who asks, from Basic credentials: anybody is let in.
fn initiator(head: &Parts) -> Option<String> {
    basic_user(&head.headers).map(|name| printable(&name))
}

//! What each command does.

use cimi_model::lifecycle;
use cimi_model::meta::Type;
use cimi_model::reflect::{Described, List, Record};
use cimi_model::{
    Any, CloudEntryPoint, Deviation, Dialect, Document, Format, Generic, Job, MachineImage, Registry, Uri, VolumeImage,
    attributes,
};
use cimi_protocol::client::{Change, EntryPoint, FailureKind, JobPolling, Outcome, Peer, StatePolling, actions};
use cimi_protocol::query::Query;
use cimi_protocol::{Error, Operation as _, Representation};
use http::{Method, StatusCode};

use crate::connection::{Connection, TRANSPORT};
use crate::wait::{self, Clock};
use crate::{Result, input, output};

pub(crate) struct Client {
    connection: Connection,
    entry: EntryPoint,
    /// What is wrong with the entry point.
    deviations: Vec<Deviation>,
    registry: Registry,
    clock: Clock,
}

impl Client {
    /// Reads the entry point.
    pub(crate) fn discover(connection: Connection, url: &str, format: Format) -> Result<Self> {
        let mut peer = Peer::default();
        peer.format = format;
        peer.transport = TRANSPORT;
        peer.assume_operations = true;
        let read = peer.read::<CloudEntryPoint>(&url.into())?;
        let (place, answer) = connection.send(read.request()?)?;
        let found = read.response(answer)?;
        let deviations = found.content.deviations.clone();
        let mut entry = EntryPoint::new(&place.to_string().into(), found, peer);
        if entry.dialect.is_none() {
            entry.peer.dialect = dialect_in_xml(&connection, &entry, url);
        }
        Ok(Self { connection, entry, deviations, registry: Registry::standard(), clock: Clock::start() })
    }

    fn peer(&self) -> &Peer {
        &self.entry.peer
    }

    fn print(&self, read: &Representation<Document>) -> Result<()> {
        output::document(read, self.peer().format, self.peer().dialect)
    }

    fn read(&self, href: &Uri) -> Result<Representation<Document>> {
        self.connection.run(&self.peer().read_document(href, &self.registry)?)
    }

    /// Reads a resource that operations are wanted of. One that does not say where it is, is where it was read.
    fn read_target(&self, href: &Uri) -> Result<Representation<Document>> {
        let mut read = self.read(href)?;
        locate(&mut read, href);
        Ok(read)
    }

    /// A collection by its name in the entry point, or by an HREF.
    fn collection(&self, name: &str, query: &Query) -> Result<(Uri, Representation<Document>)> {
        let (href, known) = match self.entry.named(name) {
            Ok(found) => (found.href, found.collection_type),
            Err(_) if name.contains('/') => (name.into(), None),
            Err(error) => return Err(error.into()),
        };
        let mut read = self.peer().read_document(&href, &self.registry)?.query(query.clone());
        if let Some(entry) = known.and_then(|known| self.registry.by_name(known.name)) {
            read = read.expecting(*entry);
        }
        let read = self.connection.run(&read)?;
        Ok((href, read))
    }

    pub(crate) fn entry(&self) -> Result<bool> {
        output::deviations(&self.deviations);
        let document = Document::new(self.entry.document.clone());
        output::print(&document, self.peer().format, self.peer().dialect)?;
        Ok(true)
    }

    pub(crate) fn list(&self, collection: &str, query: &Query) -> Result<bool> {
        let (_, read) = self.collection(collection, query)?;
        self.print(&read)?;
        let record = read.content.value.record();
        let grouping = record.record_type().members.map(|members| members.grouping);
        let shown = grouping.and_then(|name| attributes::list(record, name)).map_or(0, List::len);
        let count = attributes::integer(record, "count").and_then(|count| usize::try_from(count).ok());
        if let Some(count) = count.filter(|count| *count > shown && query.first.is_none() && query.last.is_none()) {
            output::warning(&format!("{shown} of {count} are shown; '$first={}' shows more", shown + 1));
        }
        Ok(true)
    }

    pub(crate) fn show(&self, href: &str) -> Result<bool> {
        self.print(&self.read(&href.into())?)?;
        Ok(true)
    }

    pub(crate) fn create(&self, collection: &str, file: &str) -> Result<bool> {
        let (href, mut read) = self.collection(collection, &Query::default())?;
        locate(&mut read, &href);
        let record = read.content.value.record();
        let item: Option<&Type> = record.record_type().members.map(|members| (members.item)());
        let body = input::request(file, item, &self.registry)?;
        for part in cimi_model::foreign_parts(body.record(), self.peer().dialect) {
            output::warning(&part.to_string());
        }
        let outcome = self.connection.run(&self.peer().create::<Generic>(record, body.record())?)?;
        let location = outcome.location.clone();
        if !self.complete(&outcome, location.as_ref())? {
            return Ok(false);
        }
        match location {
            _ if outcome.status == StatusCode::CREATED && outcome.resource.is_some() => {
                self.print_answer(outcome, item)?;
            }
            Some(location) => self.print(&self.read(&location)?)?,
            None => output::warning("the provider does not say where the new resource is"),
        }
        Ok(true)
    }

    pub(crate) fn delete(&self, href: &str) -> Result<bool> {
        let href = href.into();
        let read = self.read_target(&href)?;
        let delete = self.peer().change(read.content.value.record(), "delete", Method::DELETE, None)?;
        let outcome = self.connection.run(&delete)?;
        self.complete(&outcome, Some(&href))
    }

    pub(crate) fn act(&self, href: &str, action: &str, parameters: &[(String, String)]) -> Result<bool> {
        let name = lifecycle::name(action);
        if name == "delete" {
            return self.delete(href);
        }
        let href = href.into();
        let read = self.read_target(&href)?;
        let record = read.content.value.record();
        let change = match name {
            "edit" => self.edit(record, parameters)?,
            "capture" | "snapshot" => self.image(record, name, parameters)?,
            _ => self.action(record, action, parameters)?,
        };
        let outcome = self.connection.run(&change)?;
        if !self.complete(&outcome, Some(&href))? {
            return Ok(false);
        }
        // These make something new, and say where; an export says where the package is, which is no resource.
        let makes = matches!(name, "capture" | "snapshot" | "import" | "add");
        let shown = match &outcome.location {
            Some(location) if makes => location,
            Some(location) => {
                eprintln!("location: {location}");
                &href
            }
            None => &href,
        };
        match self.read(shown) {
            Ok(read) => self.print(&read)?,
            Err(error) if is_gone(&*error) => output::warning("the resource is gone"),
            Err(error) => return Err(error),
        }
        Ok(true)
    }

    /// A partial update with these attributes only; an empty value resets one.
    fn edit(&self, record: &dyn Record, parameters: &[(String, String)]) -> Result<Change<Generic>> {
        let mut edited = record.boxed_clone();
        for (key, text) in parameters {
            if text.is_empty() {
                input::clear(&mut *edited, key);
            } else if !input::set(&mut *edited, key, text)? {
                edited.extensions_mut().insert(key.as_str(), input::any(text));
            }
        }
        let names: Vec<&str> = parameters.iter().map(|(key, _)| key.split('.').next().unwrap_or(key)).collect();
        Ok(self.peer().update_part(&*edited, &names)?)
    }

    /// What captures a Machine, or takes a snapshot of a Machine or Volume.
    fn image(&self, record: &dyn Record, name: &str, parameters: &[(String, String)]) -> Result<Change<Generic>> {
        let peer = self.peer();
        if record.record_type().name == "Volume" {
            let image = filled(VolumeImage::default(), parameters)?;
            return Ok(peer.snapshot_volume(record, image)?.expecting());
        }
        let image = filled(MachineImage::default(), parameters)?;
        let change = if name == "capture" { peer.capture(record, image) } else { peer.snapshot(record, image) };
        Ok(change?.expecting())
    }

    /// An action of the standard, or the provider's own.
    fn action(&self, record: &dyn Record, action: &str, parameters: &[(String, String)]) -> Result<Change<Generic>> {
        let mut body = actions::custom(action);
        let known = body.action.as_ref().is_some_and(|uri| lifecycle::action::ALL.contains(&uri.as_str()));
        let item = record.record_type().members.map(|members| (members.item)().name);
        for (key, text) in parameters {
            match item {
                _ if input::set(&mut body, key, text)? => {}
                // What is inserted is called like the type of the items (5.5.12.2).
                Some(item) if item.eq_ignore_ascii_case(key) => {
                    body.extensions.insert(key.as_str(), Any::from_iter([("href", text.as_str())]));
                }
                _ if known => drop(body.properties.insert(key.as_str(), text.as_str())),
                _ => drop(body.extensions.insert(key.as_str(), input::any(text))),
            }
        }
        Ok(self.peer().invoke_on(record, body)?)
    }

    pub(crate) fn watch(&self, href: &str) -> Result<bool> {
        let href = href.into();
        let read = self.read(&href)?;
        if read.content.value.as_ref::<Job>().is_some() {
            let polling = JobPolling::new(self.peer(), &href, wait::options())?;
            let (succeeded, job) = wait::job(&self.connection, polling, &self.clock)?;
            output::print(&Document::new(job.unwrap_or_default()), self.peer().format, self.peer().dialect)?;
            return Ok(succeeded);
        }
        match self.settle(&href)? {
            Some(read) => self.print(&read)?,
            None => output::warning("the resource is gone"),
        }
        Ok(true)
    }

    /// Waits for a resource to come to rest; `None` if it is gone.
    fn settle(&self, href: &Uri) -> Result<Option<Representation<Document>>> {
        let read = self.peer().read_document(href, &self.registry)?;
        wait::state(&self.connection, StatePolling::new(read, wait::options()), &self.clock)
    }

    /// Waits for what a change has begun; false if it has not succeeded. The target is what changes.
    fn complete(&self, outcome: &Outcome<Generic>, target: Option<&Uri>) -> Result<bool> {
        if let Some(error) = &outcome.unread {
            output::warning(&format!("the request has succeeded, but its answer cannot be read: {error}"));
        }
        if !outcome.is_pending() {
            let job = outcome.job.as_ref().map(|job| &job.content.value);
            return Ok(job.is_none_or(wait::report));
        }
        let job = JobPolling::of(self.peer(), outcome, self.clock.now(), wait::options())?;
        match (job, target) {
            (Some(polling), _) => {
                let (succeeded, _) = wait::job(&self.connection, polling, &self.clock)?;
                return Ok(succeeded);
            }
            // Without a Job, the state of the resource is all that there is.
            (None, Some(target)) => drop(self.settle(target)?),
            (None, None) => output::warning("accepted; the provider names neither a Job nor a resource"),
        }
        Ok(true)
    }

    /// Prints the resource that came with the answer to a change.
    fn print_answer(&self, outcome: Outcome<Generic>, item: Option<&Type>) -> Result<()> {
        let mut answer = outcome.answer;
        *answer.status_mut() = StatusCode::OK;
        let mut read = self.peer().read_document(&outcome.location.unwrap_or_default(), &self.registry)?;
        if let Some(entry) = item.and_then(|item| self.registry.by_name(item.name)) {
            read = read.expecting(*entry);
        }
        self.print(&read.response(answer)?)
    }
}

/// Notes where a resource was read, if it does not say it itself.
fn locate(read: &mut Representation<Document>, href: &Uri) {
    let record = read.content.value.record_mut();
    if attributes::text(record, "id").is_none() && !record.extensions().iter().any(|known| known.key() == "id") {
        attributes::set_text(record, "id", href.as_str());
    }
}

/// An image with these attributes.
fn filled<T: Described>(mut image: T, parameters: &[(String, String)]) -> Result<T> {
    for (key, text) in parameters {
        if !input::set(&mut image, key, text)? {
            image.extensions_mut().insert(key.as_str(), input::any(text));
        }
    }
    Ok(image)
}

fn is_gone(error: &(dyn std::error::Error + 'static)) -> bool {
    let failure = error.downcast_ref::<Error>().and_then(Error::failure);
    failure.is_some_and(|failure| failure.kind() == FailureKind::NotFound)
}

/// The dialect of a provider whose JSON does not say it: XML always does. Those that cannot be asked so speak 1.x, as
/// all do that leave `resourceURI` out.
fn dialect_in_xml(connection: &Connection, entry: &EntryPoint, url: &str) -> Dialect {
    let mut peer = entry.peer.clone();
    peer.format = Format::Xml;
    let read = peer.read::<CloudEntryPoint>(&url.into()).map_err(Into::into).and_then(|read| connection.run(&read));
    read.ok().and_then(|read| read.content.dialect).unwrap_or(Dialect::V1)
}

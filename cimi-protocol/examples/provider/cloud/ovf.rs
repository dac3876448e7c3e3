//! OVF: Systems and their templates from descriptors, and descriptors from them (4.3, annex A).

use std::collections::BTreeSet;

use cimi_model::reflect::Record;
use cimi_model::template::Expander;
use cimi_model::{Action, Machine, Network, Ref, SystemCreate, SystemTemplate, Uri, Volume, attributes, printable};
use cimi_ovf::ImportOptions;
use cimi_protocol::provider::Refusal;
use cimi_protocol::provider::rules::{Export, Import, OVF};
use http::{HeaderValue, Method, Response, header};

use super::descriptor::{self, Parts};
use super::serve::Sources;
use super::{Cloud, Done, Fetched};

/// How many packages are kept; then the oldest go.
const KEPT: usize = 16;

/// What was exported.
pub(crate) struct Package {
    number: usize,
    content: Vec<u8>,
}

impl Package {
    /// The answer to a request for the package.
    pub(crate) fn answer(&self, method: &Method) -> Result<Response<Vec<u8>>, Refusal> {
        let content = match *method {
            Method::GET => self.content.clone(),
            Method::HEAD => Vec::new(),
            _ => return Err(Refusal::not_allowed(&[Method::GET, Method::HEAD])),
        };
        let mut response = Response::new(content);
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(OVF));
        response.headers_mut().insert(header::CONTENT_LENGTH, self.content.len().into());
        Ok(response)
    }
}

impl Cloud {
    /// Makes a System or a template of one from an OVF descriptor. If that has to be fetched first, `sources` say so.
    pub(crate) fn import(
        &mut self,
        collection: &str,
        action: &Action,
        sources: &mut Sources<'_>,
    ) -> Result<Done, Refusal> {
        let source = Import::of(action)?.source;
        let Some(descriptor) = content(&source, sources.fetched)? else {
            sources.wanted = Some(source);
            return Err(Refusal::unavailable(1));
        };
        let mut options = ImportOptions::default();
        options.source = Some(source.as_str().to_owned()).filter(|_| sources.fetched.is_some());
        let imported = cimi_ovf::import(&descriptor, &options);
        let template = imported.map_err(|error| Refusal::conflict(error.to_string()))?.template;
        if collection == "systemTemplates" {
            return self.add(collection, &template);
        }
        let (name, description) = (template.name.clone(), template.description.clone());
        let system_template = Some(Ref::by_value(template));
        self.add(collection, &SystemCreate { name, description, system_template, ..SystemCreate::default() })
    }

    /// Makes an OVF descriptor of a System or a template of one.
    pub(crate) fn export(&mut self, path: &str, action: &Action) -> Result<Done, Refusal> {
        if Export::of(action, &[OVF])?.destination.is_some() {
            return Err(Refusal::conflict("packages are fetched from here; they are not put elsewhere"));
        }
        let record = self.store.get(path).ok_or_else(Refusal::not_found)?;
        let name = attributes::text(record, "name").unwrap_or("system").to_owned();
        let components = self.components_to_export(path)?;
        let content = descriptor::write(&name, &parts(&components));
        let number = self.exports.values().map(|package| package.number + 1).max().unwrap_or(1);
        let place = format!("exports/{number}");
        self.exports.insert(place.clone(), Package { number, content });
        self.exports.retain(|_, package| package.number + KEPT > number);
        let job = self.new_job(path, &[], "export");
        self.end_job(&job);
        Ok(Done { location: Some(self.store.uri(&place)), ..Done::action(job) })
    }

    /// The components of a System, or those that its template would make.
    fn components_to_export(&self, path: &str) -> Result<Vec<Box<dyn Record>>, Refusal> {
        let Some(template) = self.store.get_as::<SystemTemplate>(path) else {
            // Systems may be in each other.
            let mut seen = BTreeSet::from([path.to_owned()]);
            let mut found = vec![path.to_owned()];
            let mut next = 0;
            while let Some(system) = found.get(next).cloned() {
                next += 1;
                let members = ["machines", "volumes", "networks", "systems"]
                    .iter()
                    .flat_map(|name| self.members(&format!("{system}/{name}")));
                let components = members.map(|member| self.stands_for(&member));
                found.extend(components.filter(|path| seen.insert(path.clone())));
            }
            return Ok(found.iter().filter_map(|path| self.store.get(path).map(Record::boxed_clone)).collect());
        };
        let request =
            SystemCreate { system_template: Some(Ref::by_value(template.clone())), ..SystemCreate::default() };
        let plan = Expander::new(&self.provider.registry, &|href: &Uri, _| self.stored(href)).instantiate(&request)?;
        Ok(plan.steps().iter().map(|step| step.resource.boxed_clone()).collect())
    }
}

fn parts(components: &[Box<dyn Record>]) -> Parts<'_> {
    fn of<T: 'static>(components: &[Box<dyn Record>]) -> Vec<&T> {
        components.iter().filter_map(|record| record.as_any().downcast_ref()).collect()
    }
    Parts {
        machines: of::<Machine>(components),
        volumes: of::<Volume>(components),
        networks: of::<Network>(components),
    }
}

/// The content of a source: of a `data` URI what it holds, of any other what was fetched. None if that is still to be
/// done.
fn content(source: &Uri, fetched: Option<&Fetched>) -> Result<Option<Vec<u8>>, Refusal> {
    if let Some(data) = source.as_str().strip_prefix("data:") {
        return held(data).map(Some).ok_or_else(|| Refusal::conflict("the source is not a data URI (RFC 2397)"));
    }
    let scheme = source.as_str().split_once(':').map_or("", |(scheme, _)| scheme);
    if !matches!(scheme, "http" | "https" | "file") {
        return Err(Refusal::conflict("a source is a URI with the scheme http, https, file or data"));
    }
    let unreadable = |reason: &String| Refusal::conflict(format!("the source cannot be read: {}", printable(reason)));
    fetched.map(|fetched| fetched.content.clone().map_err(|reason| unreadable(&reason))).transpose()
}

/// What a `data` URI holds, without the scheme.
fn held(data: &str) -> Option<Vec<u8>> {
    use base64::Engine;
    let (kind, content) = data.split_once(',')?;
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(content).collect();
    if !kind.ends_with(";base64") {
        return Some(bytes);
    }
    base64::engine::general_purpose::STANDARD.decode(bytes).ok()
}

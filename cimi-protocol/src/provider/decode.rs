//! From a request to what it asks for (4.2).

use cimi_model::meta::{Role, Type};
use cimi_model::reflect::Record;
use cimi_model::registry::Entry;
use cimi_model::validate::Validation;
use cimi_model::{Action, Document, Format, Generic, attributes, lifecycle, printable};
use http::{Method, StatusCode};

use super::body::{Body, Found};
use super::call::{ActionRequest, Call, Update};
use super::exchange::check_length;
use super::items::{self, Items};
use super::{Exchange, Refusal, Target};

impl Exchange<'_> {
    /// What the request asks for: its method, and its body as a document that the provider accepts.
    ///
    /// A body that does not say its type in JSON is read as the type that the target expects. An operation is recognized by
    /// the last segment of its URI. The conditions of the request hold for the state that the target has.
    ///
    /// # Errors
    /// 405 for a method that the target does not offer, with `Allow`; 413 for a body that is too long, 415 for one in
    /// another format, 400 for one that is malformed, of another type or with unknown attributes; 409 for one whose values do
    /// not go together, and for an operation that is not available; 412 when `If-Match` names another state.
    pub fn decode(&self, target: &Target<'_>, body: &[u8]) -> Result<Call, Refusal> {
        target.check_method(self.method())?;
        let call = match *self.method() {
            Method::GET | Method::HEAD => Call::Read,
            Method::OPTIONS => Call::Options,
            Method::DELETE => Call::Delete,
            Method::PUT => Call::Update(self.update(target, self.body(body)?)?),
            _ if body.trim_ascii().is_empty() => Call::Action(self.bare_action(target)?),
            _ if target.record_type().role == Role::Collection => self.to_collection(target, self.body(body)?)?,
            _ => Call::Action(self.to_resource(target, self.body(body)?)?),
        };
        self.check_target(target)?;
        Ok(call)
    }

    /// The body and its format. Where the head does not say the format, the first character does, unless the provider is
    /// strict.
    fn body<'b>(&'b self, bytes: &'b [u8]) -> Result<Body<'b>, Refusal> {
        let provider = self.provider();
        check_length(provider, bytes.len() as u64)?;
        let format = match (self.content(), bytes.trim_ascii_start().first()) {
            (_, None) => return Err(Refusal::bad_request("the request has no body")),
            (Some(format), _) => format,
            (None, Some(b'{' | b'<' | 0xEF | 0xFE | 0xFF)) if !provider.strict => Format::of(bytes),
            (None, _) => {
                return Err(crate::media::content_format(self.headers()).err().map_or_else(
                    || Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body has no media type"),
                    Refusal::from,
                ));
            }
        };
        Ok(Body { bytes, format, options: provider.read_options(), registry: &provider.registry })
    }

    /// A full or partial update (4.2.1.3).
    fn update(&self, target: &Target<'_>, body: Body<'_>) -> Result<Update, Refusal> {
        let entry = self.entry(target.record_type())?;
        let found = body.read_as(&entry)?;
        let selected = self.query().select.clone().filter(|select| !select.is_all());
        match &selected {
            Some(select) => {
                let names: Vec<&str> = select.names().collect();
                self.validate(&Validation::partial_update(&names, target.current), &found)?;
            }
            None => self.validate(&Validation::update(target.current), &found)?,
        }
        Ok(Update { document: found.document, selected })
    }

    /// A request to a resource: an operation, or for `capture` and `snapshot` the image that is to be made.
    fn to_resource(&self, target: &Target<'_>, body: Body<'_>) -> Result<ActionRequest, Refusal> {
        let found = body.read(&Entry::of::<Action>())?;
        if found.document.as_ref::<Action>().is_some() {
            return self.invoke(target, found);
        }
        let record_type = found.record().record_type();
        if record_type.role == Role::Resource && record_type.name.ends_with("Image") {
            return self.capture(target, found);
        }
        Err(Refusal::bad_request(format!("expected an Action, found {}", described(found.record()))))
    }

    /// An operation that the URI alone says.
    fn bare_action(&self, target: &Target<'_>) -> Result<ActionRequest, Refusal> {
        if target.operation.is_none_or(|rel| lifecycle::name(rel) == "add") {
            return Err(Refusal::bad_request("the request has no body"));
        }
        let found = Found { document: Document::new(Action::default()), deviations: Vec::new() };
        self.invoke(target, found)
    }

    /// An operation, whose parameters are checked.
    pub(super) fn invoke(&self, target: &Target<'_>, mut found: Found) -> Result<ActionRequest, Refusal> {
        let said = attributes::text(found.record(), "action").filter(|said| !said.trim().is_empty());
        let name = match (said, target.operation) {
            (Some(said), None) => target.find(said.trim())?,
            (None, Some(of_uri)) => target.find(of_uri)?,
            (Some(said), Some(of_uri)) => {
                let name = target.find(of_uri)?;
                if target.find(said.trim()).ok() != Some(name) {
                    return Err(Refusal::bad_request(format!(
                        "the URI is that of the operation {name}, and not of another"
                    )));
                }
                name
            }
            (None, None) => return Err(Refusal::bad_request("the request does not say which operation it invokes")),
        };
        self.note(name);
        // Where several URIs mean the same operation, the checks know the standard's.
        attributes::set_text(found.document.record_mut(), "action", lifecycle::action_uri(name).as_str());
        self.validate(&Validation::create(), &found)?;
        let body = Box::new(found.document.into_value().unwrap_or_default());
        Ok(ActionRequest { name: name.to_owned(), body, image: None })
    }

    /// An image to be made of a resource (5.14.7.1). What it is called decides about the operation where the URI does not.
    fn capture(&self, target: &Target<'_>, mut found: Found) -> Result<ActionRequest, Refusal> {
        let is_snapshot = attributes::text(found.record(), "type").is_some_and(|kind| kind.ends_with("SNAPSHOT"));
        let wanted = if is_snapshot || target.offer("capture").is_none() { "snapshot" } else { "capture" };
        let name = target.find(target.operation.unwrap_or(wanted))?;
        if !matches!(name, "capture" | "snapshot") {
            return Err(Refusal::bad_request(format!("the operation {name} does not make an image")));
        }
        self.note(name);
        self.validate(&Validation::create(), &found)?;
        items::clear_read_only(found.document.record_mut());
        let body = Box::new(Action { action: Some(lifecycle::action_uri(name)), ..Action::default() });
        Ok(ActionRequest { name: name.to_owned(), body, image: Some(found.document) })
    }

    /// A request to a collection: a new resource, an operation, or a resource to be put in or taken out.
    fn to_collection(&self, target: &Target<'_>, body: Body<'_>) -> Result<Call, Refusal> {
        let items = Items::of(target.record_type(), &self.provider().registry)
            .ok_or_else(|| unregistered(target.record_type()))?;
        let found = read_item(&items, &body)?;
        if found.document.as_ref::<Action>().is_some() {
            return self.to_members(target, &items, found);
        }
        if items.is_association(found.record().record_type()) {
            return self.associate(target, &items, found);
        }
        if !items.makes(found.record().record_type()) {
            let expected = items.expected();
            return Err(Refusal::bad_request(format!("expected {expected}, found {}", described(found.record()))));
        }
        target.find("add")?;
        self.note("add");
        self.create(found)
    }

    fn create(&self, mut found: Found) -> Result<Call, Refusal> {
        self.validate(&Validation::create(), &found)?;
        if found.record().record_type().role == Role::Resource {
            items::clear_read_only(found.document.record_mut());
        }
        Ok(Call::Create(found.document))
    }

    /// How a value of a type is made.
    fn entry(&self, record_type: &'static Type) -> Result<Entry, Refusal> {
        let entry = self.provider().registry.entry(record_type).copied();
        entry.ok_or_else(|| unregistered(record_type))
    }
}

/// Reads what is sent to a collection. What holds no template may be an operation, or a resource as itself.
fn read_item(items: &Items, body: &Body<'_>) -> Result<Found, Refusal> {
    let usual = items.usual();
    let found = body.read(&usual)?;
    if !items::same(found.record().record_type(), usual.record_type) || items.has_template(found.record()) {
        return Ok(found);
    }
    match (body.says_type(), items.as_itself()) {
        (_, _) if found.has_extension("action") => Ok(body.read(&Entry::of::<Action>())?),
        (false, Some(entry)) => Ok(body.read_as(&entry)?),
        // A resource is read as the request that makes one, which it is if it holds a template.
        (true, Some(_)) => body.read_as_said(),
        (_, None) => Ok(found),
    }
}

/// A mistake of the provider.
fn unregistered(record_type: &Type) -> Refusal {
    Refusal::internal(format!("the type {} is not registered", record_type.name))
}

/// What a document is, for messages.
fn described(record: &dyn Record) -> String {
    match record.as_any().downcast_ref::<Generic>() {
        Some(generic) => format!("the unknown type '{}'", printable(&generic.resource_uri().unwrap_or_default())),
        None => record.record_type().name.to_owned(),
    }
}

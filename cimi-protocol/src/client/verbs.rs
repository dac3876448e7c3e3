//! The operations that a client makes from what a provider has handed out (4.2.1).

use std::collections::HashMap;

use cimi_model::meta::{Attribute, Dependence};
use cimi_model::reflect::{Described, Record, View, same_value};
use cimi_model::{
    Action, Any, AnyResource, Generic, ImageType, MachineImage, Ref, Registry, Type, Uri, VolumeImage, attributes,
    lifecycle,
};
use http::Method;

use super::offered::{Offer, offered, own_uri};
use super::read::Get;
use super::{Change, Peer, Read, ReadDocument};
use crate::query::{Query, Select};
use crate::{Error, ErrorKind, Result};

impl Peer {
    fn get(&self, href: &Uri) -> Result<Get> {
        let (format, options, transport) = (self.format, self.options, self.transport);
        Ok(Get { uri: self.resolve(href)?, format, options, transport, query: Query::default() })
    }

    /// Reads a resource or collection (4.2.1.2) by a URI that the provider handed out.
    ///
    /// # Errors
    /// Of kind [`Uri`](ErrorKind::Uri) when it does not resolve.
    pub fn read<T: Described>(&self, href: &Uri) -> Result<Read<T>> {
        self.get(href).map(Read::with)
    }

    /// Reads what a reference leads to (4.2.1.2).
    ///
    /// # Errors
    /// Of kind [`Uri`](ErrorKind::Uri) when the reference has no `href`, or it does not resolve.
    pub fn follow<T: Described>(&self, reference: &Ref<T>) -> Result<Read<T>> {
        let href = reference.href.as_ref().ok_or_else(|| Error::new(ErrorKind::Uri, "the reference has no href"))?;
        self.read(href)
    }

    /// Reads a resource or collection of any of these types (4.2.1.2), as the document says, by a URI that the provider
    /// handed out.
    ///
    /// # Errors
    /// Of kind [`Uri`](ErrorKind::Uri) when it does not resolve.
    pub fn read_document(&self, href: &Uri, registry: &Registry) -> Result<ReadDocument> {
        Ok(ReadDocument::with(self.get(href)?, registry.clone()))
    }

    /// Any request for an operation that a resource or collection offers: `operation` is its name in the standard or its
    /// URI. The other functions make those of the standard, typed.
    ///
    /// # Errors
    /// Of kind [`NotOffered`](ErrorKind::NotOffered) when the resource does not offer it,
    /// [`NotAvailable`](ErrorKind::NotAvailable) when it says that it cannot be performed now, and
    /// [`Uri`](ErrorKind::Uri) when its URI does not resolve.
    pub fn change(
        &self,
        resource: &dyn Record,
        operation: &str,
        method: Method,
        body: Option<&dyn Record>,
    ) -> Result<Change<Generic>> {
        self.prepare(resource, operation, method, body.map(Record::boxed_clone))
    }

    fn prepare<T: Described>(
        &self,
        resource: &dyn Record,
        operation: &str,
        method: Method,
        body: Option<Box<dyn Record>>,
    ) -> Result<Change<T>> {
        let uri = self.operation(resource, operation)?;
        Ok(Change::new(method, uri, body, self))
    }

    /// Creates a resource in a collection (4.2.1.1, 5.5.12.1). The body is the create request (`MachineCreate`) with a
    /// template by value or by reference, or, where there is no template, the new resource itself.
    ///
    /// # Errors
    /// As [`change`](Self::change).
    ///
    /// ```
    /// use cimi_model::{Collection, Machine, MachineCreate, Ref};
    /// use cimi_protocol::Operation as _;
    /// use cimi_protocol::client::Peer;
    ///
    /// # let text = br#"{"operations": [{"rel": "add", "href": "https://cloud.example.com/machines"}]}"#;
    /// # let machines = cimi_model::json::from_slice::<Collection<Machine>>(text, &Default::default())?.value;
    /// let body = MachineCreate { name: Some("db".into()), machine_template: Some(Ref::to("templates/1")), ..Default::default() };
    /// let create = Peer::default().create::<Machine>(&machines, &body)?;
    /// assert_eq!(create.request()?.method(), "POST");
    ///
    /// // Send it; this is what came back.
    /// let answer = http::Response::builder()
    ///     .status(202)
    ///     .header("Location", "https://cloud.example.com/machines/7")
    ///     .header("CIMI-Job-URI", "https://cloud.example.com/jobs/9")
    ///     .body("")?;
    /// let outcome = create.response(answer)?;
    /// assert!(outcome.is_pending());
    /// assert_eq!(outcome.job_uri.unwrap().as_str(), "https://cloud.example.com/jobs/9");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn create<T: Described>(&self, collection: &dyn Record, body: &dyn Record) -> Result<Change<T>> {
        self.prepare(collection, "add", Method::POST, Some(body.boxed_clone()))
    }

    /// Updates a resource as a whole (4.2.1.3). Give it what was read, with changes: the provider removes what is not
    /// there, so whatever was read goes back with it, extensions included.
    ///
    /// # Errors
    /// As [`change`](Self::change).
    pub fn update<T: Described>(&self, resource: &T) -> Result<Change<T>> {
        self.prepare(resource, "edit", Method::PUT, Some(resource.boxed_clone()))
    }

    /// Updates only these attributes of a resource (4.2.1.3.1); one that is absent is reset. They are named as in either
    /// dialect; extensions by their keys.
    ///
    /// # Errors
    /// As [`change`](Self::change).
    pub fn update_selected<T: Described>(&self, resource: &T, names: &[&str]) -> Result<Change<T>> {
        self.update_part(resource, names)
    }

    /// As [`update_selected`](Self::update_selected), of a resource whose type is only known when the program runs.
    ///
    /// # Errors
    /// As [`change`](Self::change).
    pub fn update_part<T: Described>(&self, resource: &dyn Record, names: &[&str]) -> Result<Change<T>> {
        Ok(self.partial(self.operation(resource, "edit")?, resource, names))
    }

    /// Updates the attributes that differ between what was read and what it is to be (4.2.1.3.1); `None` if none does.
    ///
    /// # Errors
    /// As [`change`](Self::change).
    pub fn update_changed<T: Described>(&self, read: &T, changed: &T) -> Result<Option<Change<T>>> {
        // Where the request goes is what the provider said.
        let uri = self.operation(read, "edit")?;
        match differences(read, changed).as_slice() {
            [] => Ok(None),
            names => Ok(Some(self.partial(uri, changed, names))),
        }
    }

    fn partial<T: Described>(&self, uri: Uri, resource: &dyn Record, names: &[&str]) -> Change<T> {
        let record_type = resource.record_type();
        let rows = record_type.attributes;
        let mut body = resource.boxed_clone();
        for (index, _) in rows.iter().enumerate().filter(|(_, row)| !names.iter().any(|name| row.is_named(name))) {
            if let Some(value) = body.get_mut(index) {
                value.clear();
            }
        }
        body.extensions_mut().retain(|extension| names.contains(&extension.key()));
        let spelled = |name: &'_ &str| match record_type.attribute(name) {
            Some(row) if self.dialect.has(row.versions) => row.name_in(self.dialect).to_owned(),
            _ => (*name).to_owned(),
        };
        let select = Select::of(names.iter().map(spelled));
        Change::new(Method::PUT, uri, Some(body), self).select(select)
    }

    /// Deletes a resource (4.2.1.4).
    ///
    /// # Errors
    /// As [`change`](Self::change).
    pub fn delete<T: Described>(&self, resource: &T) -> Result<Change<T>> {
        self.prepare(resource, "delete", Method::DELETE, None)
    }

    /// Invokes an action on a resource or collection (4.2.1.5); [`actions`](super::actions) makes them.
    ///
    /// A provider's own action may be named by the last segment of its URI alone; the URI is what is sent.
    ///
    /// # Errors
    /// As [`change`](Self::change).
    pub fn invoke<T: Described>(&self, resource: &T, action: Action) -> Result<Change<T>> {
        self.invoke_on(resource, action)
    }

    /// As [`invoke`](Self::invoke), on a resource whose type is only known when the program runs.
    ///
    /// # Errors
    /// As [`change`](Self::change).
    pub fn invoke_on<T: Described>(&self, resource: &dyn Record, mut action: Action) -> Result<Change<T>> {
        let wanted = action.action.clone().unwrap_or_default();
        if let Ok(Offer { rel, .. }) = offered(resource, wanted.as_str())
            && rel.is_absolute()
            && lifecycle::name(rel.as_str()) != lifecycle::name(wanted.as_str())
        {
            action.action = Some(rel);
        }
        self.prepare(resource, wanted.as_str(), Method::POST, Some(Box::new(action)))
    }

    /// Makes an image of a Machine (5.14.7.1): the body is the image, whose location is the Machine unless it has another.
    ///
    /// # Errors
    /// As [`change`](Self::change).
    pub fn capture(&self, machine: &dyn Record, image: MachineImage) -> Result<Change<MachineImage>> {
        self.image(machine, image, lifecycle::action::CAPTURE, ImageType::Image)
    }

    /// Makes a snapshot of a Machine (5.14.7.1), as [`capture`](Self::capture) does an image.
    ///
    /// # Errors
    /// As [`change`](Self::change).
    pub fn snapshot(&self, machine: &dyn Record, image: MachineImage) -> Result<Change<MachineImage>> {
        self.image(machine, image, lifecycle::action::SNAPSHOT, ImageType::Snapshot)
    }

    fn image(
        &self,
        machine: &dyn Record,
        mut image: MachineImage,
        action: &str,
        kind: ImageType,
    ) -> Result<Change<MachineImage>> {
        image.image_type.get_or_insert(kind);
        image.image_location = image.image_location.or_else(|| own_uri(machine));
        self.prepare(machine, action, Method::POST, Some(Box::new(image)))
    }

    /// Makes a snapshot of a Volume (5.15.8.1): the body is the image, whose location is the Volume unless it has another.
    ///
    /// # Errors
    /// As [`change`](Self::change).
    pub fn snapshot_volume(&self, volume: &dyn Record, mut image: VolumeImage) -> Result<Change<VolumeImage>> {
        image.image_location = image.image_location.or_else(|| own_uri(volume));
        self.prepare(volume, lifecycle::action::SNAPSHOT, Method::POST, Some(Box::new(image)))
    }

    /// Puts an existing resource into a collection (5.5.12.2): `item` is what becomes the collection's item, with the
    /// reference to the resource or its `id`, and accessory attributes.
    ///
    /// A collection of 1.x offers no `insert`, but `add` for items that refer to a resource (`MachineVolume`); then the
    /// item itself is the body.
    ///
    /// # Errors
    /// As [`change`](Self::change), and of kind [`Uri`](ErrorKind::Uri) when the item says no resource.
    ///
    /// ```
    /// use cimi_model::{Collection, LocatedVolume, Ref};
    /// use cimi_protocol::Operation as _;
    /// use cimi_protocol::client::Peer;
    ///
    /// # let text = br#"{"operations": [{"rel": "insert", "href": "https://cloud.example.com/machines/1/volumes"}]}"#;
    /// # let volumes = cimi_model::json::from_slice::<Collection<LocatedVolume>>(text, &Default::default())?.value;
    /// let item = LocatedVolume {
    ///     volume: Some(Ref::to("https://cloud.example.com/volumes/3")),
    ///     initial_location: Some("/dev/sdf".into()),
    ///     ..Default::default()
    /// };
    /// let request = Peer::default().insert(&volumes, &item)?.request()?;
    /// let body = String::from_utf8_lossy(request.body());
    /// assert!(body.contains(r#""volume":{"href":"https://cloud.example.com/volumes/3"}"#), "{body}");
    /// assert!(body.contains("/action/insert"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn insert<T: Described>(&self, collection: &dyn Record, item: &T) -> Result<Change<T>> {
        let refers = accessory(T::described()).is_some();
        let missing = offered(collection, "insert").is_err_and(|error| error.kind() == ErrorKind::NotOffered);
        if missing && refers && offered(collection, "add").is_ok() {
            return self.prepare(collection, "add", Method::POST, Some(item.boxed_clone()));
        }
        let body = item_action(lifecycle::action::INSERT, item, true)?;
        self.prepare(collection, "insert", Method::POST, Some(Box::new(body)))
    }

    /// Takes an item out of a collection, without deleting the resource (5.5.12.3): `item` is that of the collection, or
    /// one that says the resource.
    ///
    /// A collection of 1.x offers no `remove`, but its items that refer to a resource (`MachineVolume`) offer `delete`,
    /// which deletes the reference only.
    ///
    /// # Errors
    /// As [`change`](Self::change), and of kind [`Uri`](ErrorKind::Uri) when the item says no resource.
    pub fn remove<T: Described>(&self, collection: &dyn Record, item: &T) -> Result<Change<T>> {
        let missing = offered(collection, "remove").is_err_and(|error| error.kind() == ErrorKind::NotOffered);
        if missing && accessory(T::described()).is_some() && offered(item, "delete").is_ok() {
            return self.delete(item);
        }
        let body = item_action(lifecycle::action::REMOVE, item, false)?;
        self.prepare(collection, "remove", Method::POST, Some(Box::new(body)))
    }
}

/// The names of the attributes and extensions that differ, but for `operations`, which are the provider's.
fn differences<'r>(read: &'r dyn Record, changed: &'r dyn Record) -> Vec<&'r str> {
    let view = |record: &'r dyn Record, index| record.get(index).map_or(View::Absent, |value| value.view());
    let same = |index| {
        let (before, after) = (view(read, index), view(changed, index));
        (before.is_empty() && after.is_empty()) || same_value(&before, &after)
    };
    let rows = read.record_type().attributes.iter().enumerate();
    let differing = rows.filter(|(index, row)| row.name != "operations" && !same(*index)).map(|(_, row)| row.name);
    let values = |record: &'r dyn Record| -> HashMap<&'r str, &'r Any> {
        record.extensions().iter().map(|extension| (extension.key(), extension.value())).collect()
    };
    let (old, new) = (values(read), values(changed));
    let others = old.keys().chain(new.keys()).filter(|key| old.get(*key) != new.get(*key)).copied();
    let mut names: Vec<&str> = differing.chain(others).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The attribute of an item that refers to the resource which the item only adds to (5.5.12).
fn accessory(record_type: &'static Type) -> Option<(usize, &'static Attribute)> {
    record_type.attributes.iter().enumerate().find(|(_, row)| row.dependence == Some(Dependence::Accessory))
}

/// The body that puts an item into a collection, with its accessory attributes, or takes it out (5.5.12.2, 5.5.12.3).
fn item_action(action: &str, item: &dyn Record, accessories: bool) -> Result<Action> {
    let record_type = item.record_type();
    let mut body = Action { action: Some(action.into()), ..Action::default() };
    let (href, name) = match accessory(record_type) {
        Some((_, row)) => (attributes::href(item, row.name).cloned(), row.name.to_owned()),
        None => (own_uri(item), lower_first(record_type.name)),
    };
    let href = href.ok_or_else(|| Error::new(ErrorKind::Uri, "the item does not say which resource it is"))?;
    set(&mut body, &name, Any::from_iter([("href", href.as_str())]));
    if let Some((_, row)) = accessory(record_type).filter(|_| accessories) {
        let target = row.kind.target();
        let of_target = |name: &str| {
            [target, Some(AnyResource::described())].into_iter().flatten().any(|known| known.attribute(name).is_some())
        };
        for (index, own) in
            record_type.attributes.iter().enumerate().filter(|(_, own)| own.name != row.name && !of_target(own.name))
        {
            if let Some(value) = item.get(index).and_then(|value| plain(&value.view())) {
                set(&mut body, own.name, value);
            }
        }
        for extension in item.extensions() {
            body.extensions.insert(extension.key(), extension.value().clone());
        }
    }
    Ok(body)
}

/// Sets a parameter of an action: an attribute, or else an extension.
fn set(body: &mut Action, name: &str, value: Any) {
    let done = match &value {
        Any::String(text) => attributes::set_text(body, name, text),
        value => {
            let href = value.get("href").and_then(Any::as_str);
            href.is_some_and(|href| attributes::set_href(body, name, &href.into()))
        }
    };
    if !done {
        body.extensions.insert(name, value);
    }
}

/// A value without parts.
fn plain(view: &View<'_>) -> Option<Any> {
    Some(match view {
        View::Text(text) => Any::from(*text),
        View::Integer(value) => Any::from(*value),
        View::Boolean(value) => Any::from(*value),
        View::Ref(reference) => Any::from_iter([("href", reference.href()?.as_str())]),
        View::Any(value) => (*value).clone(),
        _ => return None,
    })
}

/// `networkInterface` of `NetworkInterface`.
fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

//! The resources, once all of them have their URIs.

use super::merge::{copy_record, copy_value};
use super::plan::{Owner, Placement, Plan, Target, is_collection, no_uri, set_href, set_text};
use super::rules;
use crate::attributes::slot;
use crate::reflect::{Record, Slot, View};
use crate::{Attribute, Result, Uri};

impl Plan {
    /// The created resources, by the number of their step, with their collections and parents (5.10.2).
    ///
    /// `collection` gives the URI of the collection that a resource has at an attribute. Each collection is expanded: its
    /// members are the created resources, without their own collections, and the existing ones, of which no more than the
    /// URI is known. Where all members of an existing collection are to be in one, they are left out, as is the `count`.
    /// Existing resources stay with the parent that they have, and what is put into their collections is not shown: see
    /// [`placements`](Self::placements).
    ///
    /// ```
    /// # use cimi_model::{template::Expander, *};
    /// # let stored = |_: &Uri, _: &'static Type| -> Result<Box<dyn reflect::Record>> { Err(Error::new(ErrorKind::Value, "none")) };
    /// let template: SystemTemplate = serde_json::from_str(r##"{ "componentDescriptors": [
    ///     { "name": "web", "machineTemplate": { "volumes": [ { "volume": { "href": "#data" } } ] } },
    ///     { "name": "data", "volumeTemplate": { "volumeConfig": { "capacity": 1000 } } },
    ///     { "name": "lan", "network": { "href": "networks/7" } }
    /// ] }"##).unwrap();
    /// let request = SystemCreate { system_template: Some(Ref::by_value(template)), ..Default::default() };
    /// let registry = Registry::standard();
    /// let mut plan = Expander::new(&registry, &stored).instantiate(&request).unwrap();
    ///
    /// // The provider creates one after the other.
    /// for step in plan.order().to_vec() {
    ///     let resource = plan.resource(step)?;
    ///     plan.assign(step, format!("{}/{step}", resource.record_type().name));
    /// }
    /// let finished = plan.finish(&|step, attribute| Uri::from(format!("{step}/{}", attribute.name)))?;
    /// let system: &System = finished[plan.root()].as_any().downcast_ref().unwrap();
    /// let networks = system.networks.as_ref().unwrap();
    /// assert_eq!(networks.href, Some("0/networks".into()));
    /// assert_eq!(networks.value.as_ref().unwrap().items[0].id, Some("networks/7".into()));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// When a resource has no URI yet.
    pub fn finish(&self, collection: &dyn Fn(usize, &'static Attribute) -> Uri) -> Result<Vec<Box<dyn Record>>> {
        let mut members = Vec::with_capacity(self.steps().len());
        for (index, step) in self.steps().iter().enumerate() {
            self.uri(index).ok_or_else(|| no_uri(index))?;
            let mut resource = self.resource(index)?;
            if let Some((parent, attribute)) = step.parent {
                let uri = match attribute {
                    Some(attribute) => collection(parent, attribute),
                    None => self.uri(parent).cloned().ok_or_else(|| no_uri(parent))?,
                };
                set_href(&mut *resource, "parent", uri);
            }
            members.push(resource);
        }
        let mut finished: Vec<_> = members.iter().map(|member| member.boxed_clone()).collect();
        // Those of which the number of members is not known come last, to take the count away.
        let (unknown, known): (Vec<_>, Vec<_>) =
            self.placements().iter().partition(|placement| matches!(placement.target, Target::MembersOf(_)));
        for placement in known.into_iter().chain(unknown) {
            let Owner::Step(owner) = placement.owner else { continue };
            if let Some(resource) = finished.get_mut(owner) {
                self.place(owner, &mut **resource, placement, &members, collection)?;
            }
        }
        Ok(finished)
    }

    fn place(
        &self,
        owner: usize,
        resource: &mut dyn Record,
        placement: &Placement,
        members: &[Box<dyn Record>],
        collection: &dyn Fn(usize, &'static Attribute) -> Uri,
    ) -> Result<()> {
        let (uri, member) = match &placement.target {
            Target::Step(step) => (self.uri(*step).ok_or_else(|| no_uri(*step))?, members.get(*step)),
            Target::Existing(uri) | Target::MembersOf(uri) => (uri, None),
        };
        if !is_collection(placement.attribute) {
            set_href(resource, placement.attribute.name, uri.clone());
            return Ok(());
        }
        let structure = placement.structure.as_deref().map(|structure| self.linked(structure)).transpose()?;
        let Some(Slot::Ref(reference)) = slot(resource, placement.attribute.name) else { return Ok(()) };
        let href = reference.href_mut().get_or_insert_with(|| collection(owner, placement.attribute)).clone();
        let record = reference.record_mut();
        set_text(record, "id", href.as_str());
        if let Some(uri) = self.uri(owner) {
            set_href(record, "parent", uri.clone());
        }
        if matches!(placement.target, Target::MembersOf(_)) {
            set_count(record, None);
        } else {
            add(record, uri, member.map(|member| &**member), structure.as_deref());
        }
        Ok(())
    }
}

/// Adds a member to a collection.
fn add(collection: &mut dyn Record, uri: &Uri, member: Option<&dyn Record>, structure: Option<&dyn Record>) {
    let Some(members) = collection.record_type().members else { return };
    let Some(Slot::List(list)) = slot(collection, members.grouping) else { return };
    let len = list.len();
    let Slot::Record(item) = list.push() else { return };
    if let Some(member) = member {
        copy_record(member, item);
    }
    if let Some(structure) = structure {
        copy_accessories(structure, item);
    }
    match reference_of(item, member) {
        Some(name) => set_href(item, name, uri.clone()),
        None => set_text(item, "id", uri.as_str()),
    }
    set_count(collection, i64::try_from(len + 1).ok());
}

/// The attribute with which an item refers to the resource that it stands for.
fn reference_of(item: &dyn Record, member: Option<&dyn Record>) -> Option<&'static str> {
    let table = item.record_type();
    let known = member.map(|member| rules::refers_to(table, member.record_type()));
    let index = known.unwrap_or_else(|| rules::reference_of(table))?;
    table.attributes.get(index).map(|attribute| attribute.name)
}

/// Copies what a template says about the connection.
fn copy_accessories(structure: &dyn Record, item: &mut dyn Record) {
    for (index, attribute) in structure.record_type().attributes.iter().enumerate() {
        let to = item.record_type().find_exact(attribute.name, 0);
        let (Some(value), Some(place)) = (structure.get(index), to.and_then(|to| item.get_mut(to))) else { continue };
        if !matches!(value.view(), View::Absent | View::Ref(_)) {
            copy_value(&value.view(), place.slot());
        }
    }
}

fn set_count(collection: &mut dyn Record, count: Option<i64>) {
    if let Some(Slot::Integer(slot)) = slot(collection, "count") {
        *slot = count;
    }
}

//! A query carried out on a resource or collection.

use cimi_model::filter::{Compiled, ProblemKind};
use cimi_model::meta::Members;
use cimi_model::reflect::{Described, List, Record, Slot, Value, View};
use cimi_model::{Dialect, Generic, Type};

use super::expand::Expansion;
use super::kept::{Kept, Parts, select_nested};
use super::loose::{Loose, set_count as set_loose_count};
use super::sort::sort;
use super::{Query, Select, Source};
use crate::{Error, ErrorKind, Result};

impl Query {
    /// Makes of a resource, or of a collection with all of its items, what a provider answers to this query
    /// (DSP0263 4.1.6).
    ///
    /// Of a collection, the items are filtered and sorted, `count` is set to their number, and the items from `first` to
    /// `last` are taken. Then what `$select` does not name is taken out, and what `$expand` names is asked for from
    /// `source`, if it is still there. Without filters a `count` that states more items than there are stays: the provider
    /// had more than it shows (5.5.12).
    ///
    /// `dialect` is that of the answer. An attribute of the collection in one version may be one of its items only in the
    /// other.
    ///
    /// ```
    /// use cimi_model::{Collection, Dialect, Machine};
    /// use cimi_protocol::query::Query;
    ///
    /// let machine = |cpu| Machine { name: Some(format!("m{cpu}")), cpu: Some(cpu), ..Default::default() };
    /// let mut machines: Collection<Machine> = [2, 4, 1].into_iter().map(machine).collect();
    /// let query: Query = "$orderby=cpu:desc&$last=2&$select=name,count".parse()?;
    /// query.apply(&mut machines, Dialect::V2, &());
    /// assert_eq!(machines.count, Some(3));
    /// assert_eq!(machines.items[0], Machine { name: Some("m4".into()), ..Default::default() });
    /// assert_eq!(machines.items.len(), 2);
    /// # Ok::<(), cimi_protocol::Error>(())
    /// ```
    ///
    /// A collection of a type that is not registered ([`Generic`]) is one if its type URI ends in
    /// `Collection`; its items are in its one array of objects.
    pub fn apply(&self, record: &mut dyn Record, dialect: Dialect, source: &dyn Source) {
        let work = Work { query: self, dialect, source };
        if let Some(loose) = Loose::take(record) {
            work.loose(record, loose);
        } else if let Some(members) = record.record_type().members {
            work.collection(record, members);
        } else {
            work.resource(record);
        }
    }

    /// Whether the filters can hold for the items of this type of collection. The standard limits which operators go with
    /// which types (4.1.6.1), and leaves open what comes of a filter with another one. [`apply`](Self::apply) finds that
    /// no item fulfils such a comparison; a provider that would rather refuse it asks here first.
    ///
    /// ```
    /// use cimi_model::{Collection, Machine, reflect::Described};
    /// use cimi_protocol::query::Query;
    ///
    /// let machines = Collection::<Machine>::described();
    /// assert!("$filter=name='db'%20and%20cpu>1".parse::<Query>()?.check(machines).is_ok());
    /// let error = "$filter=cpu='1'".parse::<Query>()?.check(machines).unwrap_err();
    /// assert_eq!(error.kind(), cimi_protocol::ErrorKind::Query);
    /// # Ok::<(), cimi_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`Query`](ErrorKind::Query) when a comparison has an operator or value that the type of its attribute does not
    /// allow, or its attribute is a secret. What is no attribute of the table may be an extension.
    pub fn check(&self, collection: &'static Type) -> Result<()> {
        let Some(members) = collection.members else { return Ok(()) };
        let mut problems = self.filter.iter().flat_map(|filter| filter.problems((members.item)()));
        match problems.find(|problem| problem.kind != ProblemKind::Unknown) {
            Some(problem) => Err(Error::new(ErrorKind::Query, format!("$filter: {problem}"))),
            None => Ok(()),
        }
    }

    /// Filters, sorts and subsets items; says how many there were before they were subset.
    fn narrow(&self, items: &mut dyn List, item_type: &'static Type) -> usize {
        if !self.filter.is_empty() {
            let filters: Vec<Compiled<'_>> = self.filter.iter().map(|filter| filter.for_type(item_type)).collect();
            let fulfils = |index| match items.item(index) {
                View::Record(item) => filters.iter().all(|filter| filter.matches(item)),
                _ => false,
            };
            let found: Vec<bool> = (0..items.len()).map(fulfils).collect();
            items.retain(&mut |index| found.get(index) == Some(&true));
        }
        sort(items, &self.order_by, item_type);
        let count = items.len();
        if self.first.is_some() || self.last.is_some() {
            let first = usize::try_from(self.first.unwrap_or(0)).unwrap_or(usize::MAX);
            let last = usize::try_from(self.last.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
            // The position is one more than the index.
            items.retain(&mut |index| index < last && index.saturating_add(1) >= first);
        }
        count
    }

    /// What is selected, unless it is everything.
    fn partial_select(&self) -> Option<&Select> {
        self.select.as_ref().filter(|select| !select.is_all())
    }

    /// The `count` of a collection of which so many items were found, and that stated another.
    fn count(&self, found: usize, stated: Option<i64>) -> i64 {
        let found = i64::try_from(found).unwrap_or(i64::MAX);
        stated.filter(|_| self.filter.is_empty()).map_or(found, |stated| stated.max(found))
    }
}

/// One application of a query.
struct Work<'q> {
    query: &'q Query,
    dialect: Dialect,
    source: &'q dyn Source,
}

impl Work<'_> {
    fn resource(&self, record: &mut dyn Record) {
        let Some(select) = self.query.partial_select() else {
            return self.expand(record);
        };
        let kept = Kept::of_resource(select, record.record_type());
        kept.apply(record);
        self.expand(record);
        select_nested(select, record);
    }

    fn collection(&self, record: &mut dyn Record, members: Members) {
        let (table, item_type) = (record.record_type(), (members.item)());
        let Some(index) = table.find(members.grouping, 0) else { return };
        let Some(items) = list(record, index) else { return };
        let found = self.query.narrow(items, item_type);
        if let Some(Slot::Integer(count)) = table.find("count", 0).and_then(|at| record.get_mut(at)).map(Value::slot) {
            *count = Some(self.query.count(found, *count));
        }
        if let Some(select) = self.query.partial_select() {
            let parts = Parts::of(select, record, index, self.dialect);
            if let Some(items) = list(record, index) {
                parts.items.apply(items, item_type);
            }
            parts.own.apply(record);
        }
        if let Some(items) = list(record, index) {
            self.expand_items(items, item_type);
        }
    }

    fn loose(&self, record: &mut dyn Record, mut loose: Loose) {
        let item_type = Generic::described();
        let found = self.query.narrow(loose.items(), item_type);
        set_loose_count(record, |stated| self.query.count(found, stated));
        if let Some(select) = self.query.partial_select() {
            let key = loose.key().to_owned();
            let parts = Parts::of_loose(select, record, &key);
            parts.items.apply(loose.items(), item_type);
            parts.own.apply(record);
        }
        self.expand_items(loose.items(), item_type);
        loose.put_back(record);
    }

    fn expand_items(&self, items: &mut dyn List, item_type: &'static Type) {
        let Some(expansion) = self.expansion(item_type) else { return };
        for index in 0..items.len() {
            if let Some(Slot::Record(item)) = items.item_mut(index) {
                expansion.apply(item);
            }
        }
    }

    fn expand(&self, record: &mut dyn Record) {
        if let Some(expansion) = self.expansion(record.record_type()) {
            expansion.apply(record);
        }
    }

    fn expansion(&self, table: &'static Type) -> Option<Expansion<'_>> {
        let expand = self.query.expand.as_ref()?;
        Some(Expansion::new(expand, self.source, self.dialect, table))
    }
}

/// The array that is the attribute with this index.
fn list(record: &mut dyn Record, index: usize) -> Option<&mut dyn List> {
    match record.get_mut(index)?.slot() {
        Slot::List(list) => Some(list),
        _ => None,
    }
}

//! A collection page by page (4.1.6.2).

use cimi_model::reflect::{Item, Resource, Shape};
use cimi_model::{Collection, Uri};

use super::Read;
use super::offered::own_uri;
use crate::Representation;
use crate::query::Query;

/// Reads a collection page by page, with `$first` and `$last` (4.1.6.2).
///
/// It ends when as many items have come as `count` says there are, or where nobody says it with the first page that is
/// short. A provider may send fewer items than were asked for (5.5.12); then the next page begins after them. One that
/// ignores the parameters sends the same items again, which are noticed and not given twice.
///
/// ```
/// use cimi_model::{Collection, Machine};
/// use cimi_protocol::client::Pages;
/// use cimi_protocol::{Operation, Read};
///
/// # let mut sent = Vec::new();
/// # let mut send = |request: http::Request<Vec<u8>>| {
/// #     sent.push(request.uri().query().unwrap_or_default().to_owned());
/// #     let body = match sent.len() {
/// #         1 => r#"{"count": 3, "machines": [{"id": "m/1"}, {"id": "m/2"}]}"#,
/// #         _ => r#"{"count": 3, "machines": [{"id": "m/3"}]}"#,
/// #     };
/// #     http::Response::builder().header("Content-Type", "application/json").body(body)
/// # };
/// let machines = Read::<Collection<Machine>>::new("https://cloud.example.com/machines");
/// let mut pages = Pages::new(machines, 2);
/// let mut found = Vec::new();
/// while let Some(read) = pages.next_page() {
///     let page = read.response(send(read.request()?)?)?;
///     found.extend(pages.take(page));
/// }
/// assert_eq!(found.len(), 3);
/// assert!(pages.is_complete());
/// # assert_eq!(sent, ["$first=1&$last=2", "$first=3&$last=4"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pages<T> {
    read: Read<Collection<T>>,
    window: Window,
}

impl<T: Resource + Item + Shape> Pages<T> {
    /// The pages of a collection, with so many items each; at least 1. If the reading has a `$first` or `$last` itself,
    /// they are those of that part of the collection.
    #[must_use]
    pub fn new(read: Read<Collection<T>>, size: u64) -> Self {
        let window = Window::new(read.parameters(), size);
        Self { read, window }
    }

    /// The reading of the next page; `None` if there is none. Until its answer is [taken](Self::take), it is the same.
    #[must_use]
    pub fn next_page(&self) -> Option<Read<Collection<T>>> {
        let (first, last) = self.window.next()?;
        let query = Query { first: Some(first), last: Some(last), ..self.read.parameters().clone() };
        Some(self.read.clone().query(query))
    }

    /// Takes the answer to the reading of a page, and gives its items.
    pub fn take(&mut self, page: Representation<Collection<T>>) -> Vec<T> {
        let page = page.content.value;
        let count = page.count.and_then(|count| u64::try_from(count).ok());
        let first = page.items.first().and_then(|item| own_uri(item));
        let taken = self.window.take(page.items.len(), count, first);
        let mut items = page.items;
        items.truncate(taken);
        items
    }

    /// How many items there are in the collection, as the provider said last.
    #[must_use]
    pub fn count(&self) -> Option<u64> {
        self.window.count
    }

    /// Whether all items have come that the provider says there are. One that ignores `$first` and `$last` and limits
    /// the number of items at the same time cannot be read to the end.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.window.over && !self.window.incomplete
    }
}

/// Which part of a collection is next.
#[derive(Clone, Debug)]
struct Window {
    size: u64,
    /// The position of the next item, from 1.
    position: u64,
    /// The position of the last item that is wanted.
    stop: u64,
    count: Option<u64>,
    /// The first item of the last page.
    first: Option<Uri>,
    over: bool,
    /// Whether it is over although more items are wanted, of which the provider says that there are.
    incomplete: bool,
}

impl Window {
    fn new(query: &Query, size: u64) -> Self {
        let position = query.first.unwrap_or(1).max(1);
        let stop = query.last.unwrap_or(u64::MAX);
        let over = stop < position;
        Self { size: size.max(1), position, stop, count: None, first: None, over, incomplete: false }
    }

    fn next(&self) -> Option<(u64, u64)> {
        let last = self.position.saturating_add(self.size - 1).min(self.stop);
        (!self.over).then_some((self.position, last))
    }

    /// Takes a page: how many items it has, how many the provider says there are, and the first of them. Returns how
    /// many are new.
    fn take(&mut self, items: usize, count: Option<u64>, first: Option<Uri>) -> usize {
        let Some((from, to)) = self.next() else { return 0 };
        let wanted = to.saturating_sub(from).saturating_add(1);
        let came = u64::try_from(items).unwrap_or(u64::MAX);
        self.count = count.or(self.count);
        let again = first.is_some() && first == self.first;
        if came == 0 || again {
            // A page that comes again, in place of the next one, has more to come even if nobody counts.
            self.over = true;
            self.incomplete = self.count.map_or(again, |count| self.position <= count.min(self.stop));
            return 0;
        }
        self.first = first;
        if came > wanted {
            // More than was asked for: the whole collection, whatever the parameters said.
            self.over = true;
            self.incomplete = self.count.is_some_and(|count| count > came);
            return items;
        }
        self.position = from.saturating_add(came);
        let all = self.count.map(|count| self.position > count);
        self.over = self.position > self.stop || all.unwrap_or(came < wanted);
        items
    }
}

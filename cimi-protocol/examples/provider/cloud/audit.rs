//! What an audit trail needs to know of the cloud.

use chrono::{DateTime, Utc};
use cimi_cadf::cimi::path_of_type;
use cimi_cadf::http::Route;
use cimi_model::reflect::Described;
use cimi_model::{Action, CloudEntryPoint, Dialect, Format, Job, ReadOptions, Type, Uri, json, xml};
use cimi_protocol::provider::rules::job::End;

use super::{BASE, Cloud, ENTRY_POINT, layout};

/// What a request turned out to ask for; an extension of the answer.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The resource, which in 1.x is not what the URI of an operation names.
    pub(crate) path: String,
    pub(crate) operation: Option<String>,
}

/// A Job that has ended.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    pub(crate) job: Uri,
    pub(crate) at: DateTime<Utc>,
    pub(crate) success: bool,
    /// The return code, or the state where there is none.
    pub(crate) code: String,
}

impl Cloud {
    /// The Jobs that have ended in the present request or before it, since the one before.
    pub(crate) fn ended(&self) -> &[Ended] {
        &self.ended
    }

    pub(crate) fn note_end(&mut self, path: &str, end: &End) {
        let code = self.store.get_as::<Job>(path).and_then(|job| job.return_code);
        self.ended.push(Ended {
            job: self.store.uri(path),
            at: self.now,
            success: *end == End::Success,
            code: code.map_or_else(|| end.state().to_string(), |code| code.to_string()),
        });
    }

    /// What is where.
    pub(crate) fn routes(&self) -> Vec<Route> {
        let kind = path_of_type(&CloudEntryPoint::described().uri(Dialect::V2));
        let entry = [BASE.to_owned(), format!("{BASE}{ENTRY_POINT}")];
        let mut routes: Vec<_> = entry.into_iter().map(|path| Route::item(path, kind.clone())).collect();
        self.add_routes(BASE.trim_end_matches('/'), CloudEntryPoint::described(), &mut routes);
        routes
    }

    /// Adds the collections of a type, and what is in them.
    fn add_routes(&self, pattern: &str, of: &'static Type, routes: &mut Vec<Route>) {
        for row in layout::collections(of, self.dialect()) {
            let Some(member) = layout::member_type(row, self.dialect()) else { continue };
            let kind = path_of_type(&member.uri(Dialect::V2));
            let is_catalog = pattern == BASE.trim_end_matches('/');
            let name = row.name_in(self.dialect());
            let catalog = is_catalog.then(|| layout::collection_path(ENTRY_POINT, row, self.dialect()));
            let name = catalog.as_deref().unwrap_or(name);
            let collection = format!("{pattern}/{name}");
            let item = format!("{collection}/{{id}}");
            routes.push(Route::collection(collection, kind.clone()));
            // A resource has one URI.
            if is_catalog || layout::catalog_of(member, self.dialect()).is_none() {
                routes.push(Route::item(item.clone(), kind));
                self.add_routes(&item, member, routes);
            }
        }
    }

    /// The operation that a body asks for, where that was not looked at because the request is refused.
    pub(crate) fn operation_in(body: &[u8]) -> Option<String> {
        let options = ReadOptions::default();
        let action = match Format::of(body) {
            Format::Xml => xml::from_slice::<Action>(body, &options),
            _ => json::from_slice::<Action>(body, &options),
        };
        action.ok()?.value.action.map(|action| action.to_string())
    }

    /// The URI of a path.
    pub(crate) fn uri(&self, path: &str) -> Uri {
        self.store.uri(path)
    }
}

//! Resources of CIMI in attachments of CADF events.

use cimi_model::reflect::Described;
use cimi_model::{Any, Dialect, Limits, ReadOptions, Result, json};

use crate::{Attachment, Event};

/// How what the memory holds is read: its depth alone is bounded, as that of every document.
pub(super) fn options() -> ReadOptions {
    let most = usize::MAX;
    let limits = Limits { size: most, elements: most, attributes: most, name: most, ..Limits::default() };
    ReadOptions { strict: false, limits }
}

/// An attachment with a resource.
pub(super) fn holding<T: Described>(name: &str, value: &T, dialect: Dialect) -> Result<Attachment> {
    let content = json::to_any(value, dialect.into())?;
    Ok(Attachment { name: Some(name.to_owned()), ..Attachment::new(T::TYPE.uri(dialect), content) })
}

/// The place of the first attachment that holds a resource of this type under this name, and the resource. The content may be
/// a text of JSON, as sources of `OpenStack` have it.
pub(super) fn find<T: Described>(attachments: &[Attachment], name: &str) -> Option<(usize, T)> {
    attachments.iter().enumerate().find_map(|(index, attachment)| {
        let fits = attachment.name.as_deref() == Some(name)
            && attachment.content_uri().is_some_and(|uri| T::TYPE.is_uri(uri.as_str()));
        let parsed = match attachment.content.as_ref().filter(|_| fits)? {
            Any::String(text) => json::from_slice(text.as_bytes(), &options()),
            content @ Any::Object(_) => json::from_any(content, &options()),
            _ => return None,
        };
        Some((index, parsed.ok()?.value))
    })
}

/// The event without one of its attachments.
pub(super) fn without(event: &Event, index: usize) -> Event {
    let mut event = event.clone();
    if index < event.attachments.len() {
        event.attachments.remove(index);
    }
    event
}

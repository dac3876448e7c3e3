//! What an item is backed by.

/// What a `HostResource` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HostResource<'a> {
    /// The [`Disk::disk_id`](super::Disk::disk_id) of a disk: `ovf:/disk/ID`.
    Disk(&'a str),
    /// The [`File::id`](super::File::id) of a file: `ovf:/file/ID`.
    File(&'a str),
    /// Something of the producer's host.
    Other(&'a str),
}

impl<'a> HostResource<'a> {
    /// Reads `ovf:/disk/ID` and what products write for it: `/disk/ID`, `ovf://disk/ID`, `disk/ID`.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        let path = text.strip_prefix("ovf:").unwrap_or(text).trim_start_matches('/');
        match path.split_once('/') {
            Some(("disk", id)) => Self::Disk(id),
            Some(("file", id)) => Self::File(id),
            _ => Self::Other(text),
        }
    }
}

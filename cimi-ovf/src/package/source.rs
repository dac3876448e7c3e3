//! Where the files of a package come from, and where they go to.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{Read, Write};

use cimi_model::Result;

/// Gives the files of a package by name.
pub trait Source {
    /// Opens a file of the package; `None` if there is none.
    ///
    /// The name comes from a descriptor or manifest. It has passed [`check_name`](super::check_name).
    fn open(&self, name: &str) -> Result<Option<Opened<'_>>>;

    /// Opens a file that is elsewhere; `None` if it is not to be fetched, as without this function.
    fn open_remote(&self, uri: &str) -> Result<Option<Opened<'_>>> {
        let _ = uri;
        Ok(None)
    }
}

/// A file that a [`Source`] has opened.
#[non_exhaustive]
pub struct Opened<'s> {
    /// The number of bytes that will be read.
    pub size: u64,
    /// The bytes.
    pub content: Box<dyn Read + 's>,
}

impl<'s> Opened<'s> {
    /// A file of `size` bytes.
    pub fn new(size: u64, content: impl Read + 's) -> Self {
        Self { size, content: Box::new(content) }
    }
}

impl fmt::Debug for Opened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("size", &self.size).finish_non_exhaustive()
    }
}

/// Takes the files of a package.
pub trait Sink {
    /// Begins a file, which must not exist. The name has passed [`check_name`](super::check_name).
    fn create(&mut self, name: &str) -> Result<Box<dyn Write + '_>>;

    /// Removes a file that was begun, finished or not, because the package turned out to be bad.
    fn remove(&mut self, name: &str);
}

/// A package in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a map and nothing else")]
pub struct Files(pub BTreeMap<String, Vec<u8>>);

impl<N: Into<String>> FromIterator<(N, Vec<u8>)> for Files {
    fn from_iter<I: IntoIterator<Item = (N, Vec<u8>)>>(files: I) -> Self {
        Self(files.into_iter().map(|(name, content)| (name.into(), content)).collect())
    }
}

impl Source for Files {
    fn open(&self, name: &str) -> Result<Option<Opened<'_>>> {
        Ok(self.0.get(name).map(|content| Opened::new(content.len() as u64, content.as_slice())))
    }
}

impl Sink for Files {
    fn create(&mut self, name: &str) -> Result<Box<dyn Write + '_>> {
        Ok(Box::new(self.0.entry(name.to_owned()).or_default()))
    }

    fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }
}

/// How far the work on a package is.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Progress<'p> {
    /// The file at hand.
    pub name: &'p str,
    /// Its size, if known.
    pub size: Option<u64>,
    /// How much of it is done.
    pub done: u64,
}

impl<'p> Progress<'p> {
    pub(crate) fn new(name: &'p str, size: Option<u64>, done: u64) -> Self {
        Self { name, size, done }
    }
}

//! `$expand`: the attributes of what is referred to (4.1.6.4).

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use super::names::{Listed, distinct, listed};
use super::select::ALL;

/// The references that `$expand` names (DSP0263 4.1.6.4).
///
/// A name is that of a top-level attribute in either dialect. Each is there once.
///
/// ```
/// use cimi_protocol::query::Expand;
///
/// let expand: Expand = "disks,volumes,disks".parse().unwrap();
/// assert_eq!(expand, Expand::of(["disks", "volumes"]));
/// // No name at all says the same as `*`.
/// assert_eq!(Ok(Expand::all()), "".parse());
/// assert_eq!(Ok(Expand::all()), "disks,*".parse());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expand {
    /// Empty for all.
    names: Vec<String>,
}

impl Expand {
    /// All references.
    #[must_use]
    pub const fn all() -> Self {
        Self { names: Vec::new() }
    }

    /// The references of these names; all, if there is none or `*` is among them.
    #[must_use]
    pub fn of<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        let names = distinct(names.into_iter().map(Into::into).collect());
        if names.iter().any(|name| name == ALL) { Self::all() } else { Self { names } }
    }

    /// The names; none, if all references are to be expanded.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Whether all references are to be expanded.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.names.is_empty()
    }
}

impl FromStr for Expand {
    type Err = Infallible;

    /// The names of a comma-separated list.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::of(listed(text)))
    }
}

impl fmt::Display for Expand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_all() { f.write_str(ALL) } else { Listed(&self.names).fmt(f) }
    }
}

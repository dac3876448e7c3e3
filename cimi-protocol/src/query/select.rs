//! `$select`: a part of the attributes (4.1.6.3).

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use cimi_model::Attribute;

use super::names::{Listed, distinct, listed, lists};

/// The attributes that `$select` names (DSP0263 4.1.6.3).
///
/// A name is that of a top-level attribute in either version, `operations`, that of an extension with or without its
/// namespace, or `*` for all of them. Names of nothing mean nothing, and each is there once. `resourceURI` is no attribute
/// but says the type, and is written whatever is selected (4.1.4).
///
/// Of a collection, a name that is an attribute of its own selects that: `count`, `id`, `operations`, or the array of
/// the items, which are whole then. Any other name is that of an attribute of the items, and these keep the attributes
/// so named and nothing else. What is not named goes: by `name,capacity` the `id`, `count` and `operations` of the
/// collection too, by `count` all items. `GROUPING/NAME` always is an attribute of the items: `disks/id`. The same
/// notation leads into a collection that a resource refers to and that is expanded in it.
///
/// Without any name nothing is selected.
///
/// ```
/// use cimi_protocol::query::Select;
///
/// let select = Select::of(["name", "state", "name"]);
/// assert_eq!(select, "name, state".parse().unwrap());
/// assert!(select.names().eq(["name", "state"]));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Select {
    names: Vec<String>,
}

impl Select {
    /// A selection of these names.
    #[must_use]
    pub fn of<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        Self { names: distinct(names.into_iter().map(Into::into).collect()) }
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Whether nothing is selected.
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names as one or more lists.
    pub(super) fn lists(&self) -> impl Iterator<Item = Listed<'_, String>> {
        lists(&self.names)
    }

    /// Whether everything is selected: `*` is among the names.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.names().any(|name| name == ALL)
    }

    /// Whether this attribute is selected, by its name in either dialect, another spelling of it, or `*`.
    #[must_use]
    pub fn has(&self, attribute: &Attribute) -> bool {
        self.names().any(|name| name == ALL || attribute.is_named(name))
    }
}

/// The name that stands for all.
pub(super) const ALL: &str = "*";

impl FromStr for Select {
    type Err = Infallible;

    /// The names of a comma-separated list.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::of(listed(text)))
    }
}

impl fmt::Display for Select {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Listed(&self.names).fmt(f)
    }
}

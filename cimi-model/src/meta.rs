//! What is known about each type and attribute: the tables that everything else reads.

use crate::Dialect;

/// In which versions of CIMI a type or attribute exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "there are two versions")]
pub enum Versions {
    /// In 1.x and 2.0.
    Both,
    /// In 1.x only.
    V1,
    /// In 2.0 only.
    V2,
}

/// What role a type plays in the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// A resource with a URI of its own (5.7).
    Resource,
    /// A collection of resources (5.5.12).
    Collection,
    /// The body of a create request (4.2.1.1).
    Create,
    /// A structure inside of a resource (5.5.8).
    Structure,
}

/// The value kind of an attribute (5.5).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// `string` (5.5.5).
    String,
    /// `integer` (5.5.4), held in 64 bits with sign.
    Integer,
    /// `boolean` (5.5.1).
    Boolean,
    /// `URI` (5.5.10).
    Uri,
    /// `dateTime` (5.5.2).
    DateTime,
    /// `duration` (5.5.3).
    Duration,
    /// `byte[]` (5.5.9).
    Binary,
    /// A string of which the standard names values; others are kept.
    Enumeration(&'static [&'static str]),
    /// `ref` (5.5.6) or `collection[]` (5.5.12): a reference to a resource of this type.
    Ref(fn() -> &'static Type),
    /// `map` (5.5.7).
    Map,
    /// A structure of this type (5.5.8).
    Structure(fn() -> &'static Type),
    /// An array (5.5.11) of items of this kind.
    Array(&'static Self),
    /// `any` (5.5.13).
    Any,
}

impl Kind {
    /// Whether values of this kind are omitted when they are empty (5.5.15).
    #[must_use]
    pub const fn can_be_empty(self) -> bool {
        matches!(self, Self::String | Self::Enumeration(_) | Self::Map | Self::Array(_))
    }

    /// Whether values of this kind are one text, which XML can hold as an attribute.
    pub(crate) const fn is_scalar(self) -> bool {
        !matches!(self, Self::Ref(_) | Self::Structure(_) | Self::Array(_) | Self::Map | Self::Any)
    }
}

/// How an attribute of a structure stands in XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum XmlForm {
    /// As a child element.
    Element,
    /// As an attribute of the structure's element (5.5.8).
    Attribute,
    /// As the content of the structure's element, for want of a name (5.11, `capability`).
    Content,
}

/// The constraints of clause 5.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, clippy::struct_excessive_bools, reason = "the standard names exactly these four")]
pub struct Constraints {
    /// The Provider always includes the attribute.
    pub provider_mandatory: bool,
    /// The Consumer always includes the attribute.
    pub consumer_mandatory: bool,
    /// The value may change after creation.
    pub mutable: bool,
    /// The Consumer may set the value after creation.
    pub consumer_writable: bool,
}

impl Constraints {
    /// What 5.3 assumes where a table says nothing.
    pub const DEFAULT: Self =
        Self { provider_mandatory: true, consumer_mandatory: false, mutable: true, consumer_writable: true };
}

/// One attribute of a type: a row of the standard's table.
///
/// Made by the macros of this crate: `Attribute::new` takes what every row has, the other functions are the
/// options that stand in brackets after a row.
#[allow(clippy::struct_excessive_bools, reason = "each is one fact of a table")]
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Attribute {
    /// The name in 2.0, and in 1.x unless [`v1_name`](Self::v1_name) differs.
    pub name: &'static str,
    /// The name in 1.x where it differs.
    pub v1_name: Option<&'static str>,
    /// Other spellings that real peers or the standard's own slips use; read, never written.
    pub aliases: &'static [&'static str],
    /// The kind of value.
    pub kind: Kind,
    /// The description, from the standard.
    pub doc: &'static str,
    /// The element of one item of an array in XML.
    pub item: &'static str,
    /// The element of one item in 1.x where it differs.
    pub v1_item: Option<&'static str>,
    /// Whether 2.0 writes the items without a wrapper, as it does for `ref[]` (5.5.11).
    pub unwrapped: bool,
    /// How the attribute stands in XML.
    pub xml: XmlForm,
    /// The versions that have the attribute.
    pub versions: Versions,
    /// The constraints of 5.3.
    pub constraints: Constraints,
    /// The unit of the value, as the standard names it.
    pub unit: Option<&'static str>,
    /// The inclusive range of an integer.
    pub range: Option<(i64, i64)>,
    /// Whether the value must not appear in `Debug` output or errors.
    pub secret: bool,
    /// Whether the value is a URI of the standard's own namespace, which follows the dialect.
    pub follows_dialect: bool,
    /// Whether the members of the collection referred to have another type in 1.x.
    pub type_changed: bool,
    /// Whether 1.x writes the reference straight into the structure.
    pub v1_flat: bool,
    /// Whether 1.x has the target's attributes there too.
    pub v1_flat_target: bool,
    /// Whether 1.x has these values only inline, without an `href`.
    pub v1_no_href: bool,
}

impl Attribute {
    /// A row with the defaults of the standard.
    #[must_use]
    pub const fn new(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self {
            name,
            v1_name: None,
            aliases: &[],
            kind,
            doc,
            item: "item",
            v1_item: None,
            unwrapped: false,
            xml: XmlForm::Element,
            versions: Versions::Both,
            constraints: Constraints::DEFAULT,
            unit: None,
            range: None,
            secret: false,
            follows_dialect: false,
            type_changed: false,
            v1_flat: false,
            v1_flat_target: false,
            v1_no_href: false,
        }
    }

    /// The name in 1.x.
    #[must_use]
    pub const fn v1_name(mut self, name: &'static str) -> Self {
        self.v1_name = Some(name);
        self
    }

    /// Further spellings to read.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// The element of one item of an array or map.
    #[must_use]
    pub const fn item(mut self, item: &'static str) -> Self {
        self.item = item;
        self
    }

    /// The element of one item in 1.x.
    #[must_use]
    pub const fn v1_item(mut self, item: &'static str) -> Self {
        self.v1_item = Some(item);
        self
    }

    /// No wrapper in 2.0 either.
    #[must_use]
    pub const fn unwrapped(mut self) -> Self {
        self.unwrapped = true;
        self
    }

    /// An XML attribute.
    #[must_use]
    pub const fn xml_attribute(mut self) -> Self {
        self.xml = XmlForm::Attribute;
        self
    }

    /// The content of the element.
    #[must_use]
    pub const fn xml_content(mut self) -> Self {
        self.xml = XmlForm::Content;
        self
    }

    /// In 1.x only.
    #[must_use]
    pub const fn v1_only(mut self) -> Self {
        self.versions = Versions::V1;
        self
    }

    /// In 2.0 only.
    #[must_use]
    pub const fn v2_only(mut self) -> Self {
        self.versions = Versions::V2;
        self
    }

    /// The four constraints in the order of 5.3.
    #[allow(clippy::fn_params_excessive_bools, reason = "the standard's own notation")]
    #[must_use]
    pub const fn constraints(mut self, provider: bool, consumer: bool, mutable: bool, writable: bool) -> Self {
        self.constraints = Constraints {
            provider_mandatory: provider,
            consumer_mandatory: consumer,
            mutable,
            consumer_writable: writable,
        };
        self
    }

    /// The Provider alone changes the value (5.8: a `state`).
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.constraints.consumer_writable = false;
        self
    }

    /// The unit of the value.
    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }

    /// The inclusive range of the value.
    #[must_use]
    pub const fn range(mut self, least: i64, most: i64) -> Self {
        self.range = Some((least, most));
        self
    }

    /// A secret.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// A URI of the standard's own namespace.
    #[must_use]
    pub const fn follows_dialect(mut self) -> Self {
        self.follows_dialect = true;
        self
    }

    /// Members of another type in 1.x.
    #[must_use]
    pub const fn type_changed(mut self) -> Self {
        self.type_changed = true;
        self
    }

    /// Written straight into the structure by 1.x: the `href` alone.
    #[must_use]
    pub const fn v1_flat(mut self) -> Self {
        self.v1_flat = true;
        self
    }

    /// Written straight into the structure by 1.x: the `href` and the target's attributes.
    #[must_use]
    pub const fn v1_flat_target(mut self) -> Self {
        self.v1_flat = true;
        self.v1_flat_target = true;
        self
    }

    /// Inline only in 1.x.
    #[must_use]
    pub const fn v1_no_href(mut self) -> Self {
        self.v1_no_href = true;
        self
    }

    /// The name in a dialect.
    #[must_use]
    pub const fn name_in(&self, dialect: Dialect) -> &'static str {
        match (dialect, self.v1_name) {
            (Dialect::V1, Some(name)) => name,
            _ => self.name,
        }
    }

    /// The element of one item in a dialect.
    #[must_use]
    pub const fn item_in(&self, dialect: Dialect) -> &'static str {
        match (dialect, self.v1_item) {
            (Dialect::V1, Some(item)) => item,
            _ => self.item,
        }
    }

    /// Whether the values of this map are strings, as those of `properties` are; other maps hold what they need.
    #[must_use]
    pub fn holds_strings(&self) -> bool {
        self.item == "property"
    }

    /// Whether a member of this name, as either dialect or an alias spells it, is this attribute.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name == name || self.v1_name == Some(name) || self.aliases.contains(&name)
    }
}

/// How a collection of a type is spelled.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Members {
    /// The type of the members.
    pub item: fn() -> &'static Type,
    /// The attribute that holds the members: the JSON array and, in 2.0, the XML wrapper.
    pub grouping: &'static str,
    /// The same in 1.x where it differs.
    pub v1_grouping: Option<&'static str>,
}

impl Members {
    /// The grouping name in a dialect.
    #[must_use]
    pub const fn grouping_in(&self, dialect: Dialect) -> &'static str {
        match (dialect, self.v1_grouping) {
            (Dialect::V1, Some(name)) => name,
            _ => self.grouping,
        }
    }
}

/// A type of the model: its names, versions and attributes.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Type {
    /// The name: the XML element, and the last part of the type URI.
    pub name: &'static str,
    /// The name in 1.x where it differs.
    pub v1_name: Option<&'static str>,
    /// What it is.
    pub role: Role,
    /// The namespace of a type that is not of the standard.
    pub namespace: Option<&'static str>,
    /// The clause of DSP0263.
    pub clause: &'static str,
    /// The description.
    pub doc: &'static str,
    /// The versions that have the type.
    pub versions: Versions,
    /// The attributes, in the order in which they are written.
    pub attributes: &'static [Attribute],
    /// For a collection, its members.
    pub members: Option<Members>,
    /// Whether attributes that the table does not know may be secrets.
    pub sensitive: bool,
}

impl Type {
    /// A type with no options set.
    #[must_use]
    pub const fn new(name: &'static str, role: Role, doc: &'static str, attributes: &'static [Attribute]) -> Self {
        Self {
            name,
            v1_name: None,
            role,
            namespace: None,
            clause: "",
            doc,
            versions: Versions::Both,
            attributes,
            members: None,
            sensitive: false,
        }
    }

    /// The clause of the standard.
    #[must_use]
    pub const fn clause(mut self, clause: &'static str) -> Self {
        self.clause = clause;
        self
    }

    /// The name in 1.x.
    #[must_use]
    pub const fn v1_name(mut self, name: &'static str) -> Self {
        self.v1_name = Some(name);
        self
    }

    /// In 1.x only.
    #[must_use]
    pub const fn v1_only(mut self) -> Self {
        self.versions = Versions::V1;
        self
    }

    /// In 2.0 only.
    #[must_use]
    pub const fn v2_only(mut self) -> Self {
        self.versions = Versions::V2;
        self
    }

    /// A provider's own namespace, without a slash at its end.
    #[must_use]
    pub const fn namespace(mut self, namespace: &'static str) -> Self {
        self.namespace = Some(namespace);
        self
    }

    /// Unknown attributes may be secrets.
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// The name in a dialect.
    #[must_use]
    pub const fn name_in(&self, dialect: Dialect) -> &'static str {
        match (dialect, self.v1_name) {
            (Dialect::V1, Some(name)) => name,
            _ => self.name,
        }
    }

    /// The dialect in which a value of this type is written when `wanted` is asked for: its own version if the
    /// wanted one does not have the type.
    #[must_use]
    pub const fn written_in(&self, wanted: Dialect) -> Dialect {
        if wanted.has(self.versions) { wanted } else { wanted.other() }
    }

    /// The XML namespace of the type in a dialect.
    #[must_use]
    pub const fn namespace_in(&self, dialect: Dialect) -> &'static str {
        match self.namespace {
            Some(namespace) => namespace,
            None => dialect.namespace(),
        }
    }

    /// The type URI in a dialect.
    #[must_use]
    pub fn uri(&self, dialect: Dialect) -> String {
        format!("{}/{}", self.namespace_in(dialect), self.name_in(dialect))
    }

    /// Whether this is the type URI in either dialect.
    #[must_use]
    pub fn is_uri(&self, uri: &str) -> bool {
        let Some((namespace, name)) = uri.rsplit_once('/') else { return false };
        self.is_in(namespace) && self.is_named(name)
    }

    /// Whether the type is in this namespace, in either dialect.
    #[must_use]
    pub fn is_in(&self, namespace: &str) -> bool {
        self.namespace.map_or_else(|| Dialect::of_namespace(namespace).is_some(), |own| own == namespace)
    }

    /// Whether this is the name of the type, in either dialect.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name == name || self.v1_name == Some(name)
    }

    /// The index of the attribute that this member name belongs to, looking from `guess` on: documents tend to come
    /// in the order of the table.
    #[must_use]
    pub fn find(&self, name: &str, guess: usize) -> Option<usize> {
        self.find_exact(name, guess).or_else(|| self.attributes.iter().position(|attribute| attribute.is_named(name)))
    }

    /// As [`find`](Self::find), by the name of 2.0 only.
    pub(crate) fn find_exact(&self, name: &str, guess: usize) -> Option<usize> {
        let (before, after) = self.attributes.split_at_checked(guess).unwrap_or((self.attributes, &[]));
        let ahead = after.iter().position(|attribute| attribute.name == name).map(|index| index + guess);
        ahead.or_else(|| before.iter().position(|attribute| attribute.name == name))
    }

    /// The attribute of this name in either dialect.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.get(self.find(name, 0)?)
    }
}

//! One row of a table.

use super::{Constraints, Kind, Role, Type, Versions, XmlForm};
use crate::Dialect;
use crate::names::{is_identifier, is_none_or_identifier};

/// The keys that a map holds, where the value of another attribute decides (5.16.5.1).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Keys {
    /// The attribute that decides.
    pub by: &'static str,
    /// The types whose attributes are the keys.
    pub of: &'static [KeysOf],
}

/// The beginning of the value that decides, and the type whose attributes are the keys then.
pub type KeysOf = (&'static str, fn() -> &'static Type);

/// When a resource is deleted with what one of its attributes refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dependence {
    /// Always (5.17.3).
    Always,
    /// Where this boolean capability is true (5.17.8), given by its URI in 2.0.
    Capability(&'static str),
    /// Always: the resource is an item of a collection that only adds to what it refers to (5.5.12).
    Accessory,
}

/// What a filter's `=` finds where it is more than the same text: given the value and the text that is looked for.
pub type Finder = fn(value: &str, wanted: &str) -> bool;

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
    /// The XML namespace, where it is not that of the type; for vocabularies that mix several, unlike CIMI.
    pub xml_namespace: Option<&'static str>,
    /// The versions that have the attribute.
    pub versions: Versions,
    /// The constraints of 5.3.
    pub constraints: Constraints,
    /// Whether the standard states the constraints, rather than leaving the defaults of 5.3.
    pub constraints_stated: bool,
    /// The unit of the value, as the standard names it.
    pub unit: Option<&'static str>,
    /// The inclusive range of an integer.
    pub range: Option<(i64, i64)>,
    /// Whether the values that the standard names are all that there are.
    pub closed: bool,
    /// Whether what is referred to is a child component, which is deleted with the resource (5.10.2); of a collection,
    /// whether its members are. The collection itself is always one.
    pub child: bool,
    /// When the resource is deleted with what the attribute refers to, if it is.
    pub dependence: Option<Dependence>,
    /// The keys of a map.
    pub keys: Option<Keys>,
    /// Whether the map may also be an array of objects with a `key` and a `value` in JSON; written as an object.
    pub pairs: bool,
    /// Whether the value is an array of valueScope (5.5.14), which XML writes in the form of that clause.
    pub value_scopes: bool,
    /// Whether the value must not appear in `Debug` output or errors.
    pub secret: bool,
    /// What `=` in a filter finds, where it is more than the same text.
    pub found_by: Option<Finder>,
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
    /// The kind in 1.x where it differs: a plain text, or a reference to another type.
    pub v1_kind: Option<Kind>,
    /// Whether the official schema of 1.x demands the attribute.
    pub v1_required: bool,
    /// Whether the official schema of 1.x allows a single item of the array.
    pub v1_single: bool,
    /// The alternative that the attribute belongs to, where the official schema of 1.x lets attributes of a single
    /// one be present. Rows of one choice stand together.
    pub v1_alternative: Option<&'static str>,
    /// The value that an empty element stands for.
    pub default: Option<&'static str>,
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
            xml_namespace: None,
            versions: Versions::Both,
            constraints: Constraints::DEFAULT,
            constraints_stated: false,
            unit: None,
            range: None,
            closed: false,
            child: false,
            dependence: None,
            keys: None,
            pairs: false,
            value_scopes: false,
            secret: false,
            found_by: None,
            follows_dialect: false,
            type_changed: false,
            v1_flat: false,
            v1_flat_target: false,
            v1_no_href: false,
            v1_kind: None,
            v1_required: false,
            v1_single: false,
            v1_alternative: None,
            default: None,
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

    /// In another XML namespace than the type.
    #[must_use]
    pub const fn xml_namespace(mut self, namespace: &'static str) -> Self {
        self.xml_namespace = Some(namespace);
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
        self.constraints_stated = true;
        self
    }

    /// Everyone always includes the attribute.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.constraints.provider_mandatory = true;
        self.constraints.consumer_mandatory = true;
        self.constraints_stated = true;
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

    /// An enumeration without other values.
    #[must_use]
    pub const fn closed(mut self) -> Self {
        self.closed = true;
        self
    }

    /// Child components.
    #[must_use]
    pub const fn child(mut self) -> Self {
        self.child = true;
        self
    }

    /// The resource is deleted with what the attribute refers to.
    #[must_use]
    pub const fn deleted_with_target(mut self) -> Self {
        self.dependence = Some(Dependence::Always);
        self
    }

    /// The resource only adds to what the attribute refers to, and is deleted with it.
    #[must_use]
    pub const fn accessory_of_target(mut self) -> Self {
        self.dependence = Some(Dependence::Accessory);
        self
    }

    /// The resource is deleted with what the attribute refers to, where the capability with this URI is true.
    #[must_use]
    pub const fn deleted_with_target_if(mut self, capability: &'static str) -> Self {
        self.dependence = Some(Dependence::Capability(capability));
        self
    }

    /// The keys of a map: which attribute decides, and which keys go with the beginning of its value.
    #[must_use]
    pub const fn keys(mut self, by: &'static str, of: &'static [KeysOf]) -> Self {
        self.keys = Some(Keys { by, of });
        self
    }

    /// A map that JSON may have as an array of pairs.
    #[must_use]
    pub const fn pairs(mut self) -> Self {
        self.pairs = true;
        self
    }

    /// An array of valueScope, held as any value.
    #[must_use]
    pub const fn value_scopes(mut self) -> Self {
        self.value_scopes = true;
        self.item = "valueScope";
        self
    }

    /// A secret.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Values that `=` in a filter finds by more than their text, such as those of a taxonomy by what they are a kind of.
    #[must_use]
    pub const fn found_by(mut self, finder: Finder) -> Self {
        self.found_by = Some(finder);
        self
    }

    /// A URI of the standard's own namespace.
    #[must_use]
    pub const fn follows_dialect(mut self) -> Self {
        self.follows_dialect = true;
        self
    }

    /// Members of another type in 1.x, in this collection.
    #[must_use]
    pub const fn v1_collection(mut self, collection: fn() -> &'static Type) -> Self {
        self.type_changed = true;
        self.v1_kind = Some(Kind::Ref(collection));
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

    /// The kind in 1.x.
    #[must_use]
    pub const fn v1_kind(mut self, kind: Kind) -> Self {
        self.v1_kind = Some(kind);
        self
    }

    /// Demanded by the schema of 1.x.
    #[must_use]
    pub const fn v1_required(mut self) -> Self {
        self.v1_required = true;
        self
    }

    /// At most one item in 1.x.
    #[must_use]
    pub const fn v1_single(mut self) -> Self {
        self.v1_single = true;
        self
    }

    /// Excluded in 1.x by attributes of another alternative.
    #[must_use]
    pub const fn v1_alternative(mut self, alternative: &'static str) -> Self {
        self.v1_alternative = Some(alternative);
        self
    }

    /// The value of an empty element.
    #[must_use]
    pub const fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }

    /// The attribute, if a document can have it: the macros demand that of each row when they are compiled.
    ///
    /// # Panics
    /// If one of the names that are written is not an identifier (DSP0263 5.2). The keys of maps have any names.
    #[doc(hidden)]
    #[must_use]
    pub const fn checked(self, owner: Role) -> Self {
        if !matches!(owner, Role::Keys) {
            assert!(is_identifier(self.name), "the name of an attribute is no identifier (DSP0263 5.2)");
            assert!(
                is_none_or_identifier(self.v1_name),
                "the name of an attribute in 1.x is no identifier (DSP0263 5.2)"
            );
            assert!(is_identifier(self.item), "the name of an item is no identifier (DSP0263 5.2)");
            assert!(is_none_or_identifier(self.v1_item), "the name of an item in 1.x is no identifier (DSP0263 5.2)");
        }
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

    /// The kind in a dialect.
    #[must_use]
    pub const fn kind_in(&self, dialect: Dialect) -> Kind {
        match (dialect, self.v1_kind) {
            (Dialect::V1, Some(kind)) => kind,
            _ => self.kind,
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

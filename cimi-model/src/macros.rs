//! The macros that define types.
//!
//! They are kept dumb on purpose: one repetition over the rows, no recursion over tokens. A row is
//!
//! ```text
//! /// Description, from the standard.
//! field: RustType = "wireName" [option, option(argument)],
//! ```
//!
//! where the options are functions of [`Attribute`](crate::meta::Attribute). After the description of a type may stand
//! `#[doc = include_str!("…")]` with what rustdoc, and nothing else, is to show besides. What comes out is the struct with public
//! fields, the table, the access by index, and the glue to serde. Everything else is ordinary code over the table.

/// Defines a structure or any other record: just the rows that are given, and `extensions`.
///
/// ```
/// use cimi_model::{record, Type};
///
/// record! {
///     /// Where a rack stands.
///     pub RackPosition = "rackPosition" Structure [namespace("http://example.com/racks")] {
///         /// The row of racks.
///         row: Option<String> = "row" [xml_attribute],
///         /// The place in the row, from 1.
///         place: Option<i64> = "place" [xml_attribute, range(1, 99)],
///     }
/// }
/// let position = RackPosition { place: Some(3), ..Default::default() };
/// assert_eq!(format!("{position:?}"), "rackPosition { place: 3 }");
/// ```
///
/// Names are identifiers (DSP0263 5.2); others do not compile.
///
/// ```compile_fail
/// cimi_model::record! {
///     /// Where a rack stands.
///     pub RackPosition = "rackPosition" Structure {
///         /// The row of racks.
///         row: Option<String> = "row of racks",
///     }
/// }
/// ```
#[macro_export]
macro_rules! record {
    (
        $(#[doc = $doc:literal])+
        $(#[doc = include_str!($($file:tt)+)])?
        pub $name:ident = $wire:literal $role:ident $([ $($option:ident $(($($argument:expr),*))?),* $(,)? ])? {
            $(
                $(#[doc = $row_doc:literal])+
                $field:ident : $ty:ty = $row_wire:literal
                $([ $($row_option:ident $(($($row_argument:expr),*))?),* $(,)? ])?
            ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        $(#[cfg_attr(doc, doc = concat!("\n", include_str!($($file)+)))])?
        #[derive(Clone, Default, PartialEq)]
        pub struct $name {
            $( $(#[doc = $row_doc])+ pub $field: $ty, )*
            /// What the table does not know.
            pub extensions: $crate::Extensions,
        }

        const _: () = {
            static ATTRIBUTES: &[$crate::meta::Attribute] = &[$(
                $crate::meta::Attribute::new($row_wire, <$ty as $crate::reflect::Shape>::KIND, concat!($($row_doc),+))
                    $( $( .$row_option($($($row_argument),*)?) )* )?
                    .checked($crate::meta::Role::$role)
            ),*];
            static TYPE: $crate::meta::Type =
                $crate::meta::Type::new($wire, $crate::meta::Role::$role, concat!($($doc),+), ATTRIBUTES)
                    .rust_name(stringify!($name))
                    $( $( .$option($($($argument),*)?) )* )?
                    .checked();

            #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "named after the fields")]
            #[repr(usize)]
            enum Index { $($field),* }

            impl $crate::reflect::Described for $name {
                const TYPE: &'static $crate::meta::Type = &TYPE;
            }

            impl $crate::reflect::Record for $name {
                fn record_type(&self) -> &'static $crate::meta::Type {
                    &TYPE
                }
                #[allow(non_upper_case_globals, reason = "named after the fields")]
                fn get(&self, index: usize) -> Option<&dyn $crate::reflect::Value> {
                    $(const $field: usize = Index::$field as usize;)*
                    match index {
                        $($field => Some(&self.$field),)*
                        _ => None,
                    }
                }
                #[allow(non_upper_case_globals, reason = "named after the fields")]
                fn get_mut(&mut self, index: usize) -> Option<&mut dyn $crate::reflect::Value> {
                    $(const $field: usize = Index::$field as usize;)*
                    match index {
                        $($field => Some(&mut self.$field),)*
                        _ => None,
                    }
                }
                fn extensions(&self) -> &$crate::Extensions {
                    &self.extensions
                }
                fn extensions_mut(&mut self) -> &mut $crate::Extensions {
                    &mut self.extensions
                }
                fn boxed_clone(&self) -> Box<dyn $crate::reflect::Record> {
                    Box::new(self.clone())
                }
                fn as_any(&self) -> &dyn ::std::any::Any {
                    self
                }
                fn into_any(self: Box<Self>) -> Box<dyn ::std::any::Any> {
                    self
                }
            }

            impl ::std::fmt::Debug for $name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    $crate::reflect::debug_record(self, f)
                }
            }

            impl $crate::serde::Serialize for $name {
                fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                    $crate::json::serialize(self, serializer)
                }
            }

            impl<'de> $crate::serde::Deserialize<'de> for $name {
                fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                    $crate::json::deserialize(deserializer)
                }
            }

            impl $crate::reflect::Shape for $name {
                const KIND: $crate::meta::Kind = $crate::meta::Kind::Structure(
                    <$name as $crate::reflect::Described>::described,
                );
            }

            impl $crate::reflect::Single for $name {
                fn view(&self) -> $crate::reflect::View<'_> {
                    $crate::reflect::View::Record(self)
                }
                fn slot(option: &mut Option<Self>) -> $crate::reflect::Slot<'_> {
                    $crate::reflect::Slot::Record(option.get_or_insert_default())
                }
            }

            impl $crate::reflect::Item for $name {
                fn view(&self) -> $crate::reflect::View<'_> {
                    $crate::reflect::View::Record(self)
                }
                fn slot(&mut self) -> $crate::reflect::Slot<'_> {
                    $crate::reflect::Slot::Record(self)
                }
            }
        };
    };
}

/// Defines a resource: the common attributes of table 5, the rows that are given, and `operations`.
///
/// Options of the row `operations` may follow: `operations [v2_only]`.
///
/// ```
/// use cimi_model::{resource, Ref, Machine};
///
/// resource! {
///     /// A rack with machines in it.
///     pub Rack = "Rack" [namespace("http://example.com/racks")] {
///         /// Height in rack units.
///         height: Option<i64> = "height" [unit("rack units"), range(1, 60)],
///         /// The machine that switches the others on.
///         controller: Option<Ref<Machine>> = "controller",
///     }
/// }
/// let rack = Rack { name: Some("r1".into()), height: Some(42), ..Default::default() };
/// assert!(cimi_model::json::to_string(&rack, Default::default()).unwrap().contains("\"height\":42"));
/// ```
#[macro_export]
macro_rules! resource {
    (
        $(#[doc = $doc:literal])+
        $(#[doc = include_str!($($file:tt)+)])?
        pub $name:ident = $wire:literal $([ $($option:ident $(($($argument:expr),*))?),* $(,)? ])? {
            $($rows:tt)*
        }
        $( operations [ $($operations_option:ident),* ] )?
    ) => {
        $crate::record! {
            $(#[doc = $doc])+
            $(#[doc = include_str!($($file)+)])?
            pub $name = $wire Resource $([ $($option $(($($argument),*))?),* ])? {
                /// The unique URI of this resource, assigned on creation; its self-pointer.
                id: Option<$crate::Uri> = "id" [constraints(true, true, false, false)],
                /// The human-readable name, assigned by the creator.
                name: Option<String> = "name",
                /// The human-readable description, assigned by the creator.
                description: Option<String> = "description",
                /// When this resource was created.
                created: Option<$crate::DateTime> = "created" [constraints(false, false, false, false)],
                /// When an attribute was last updated explicitly; operations such as `stop` do not count.
                updated: Option<$crate::DateTime> = "updated" [constraints(false, false, true, false)],
                /// The resource of which this one is a component (5.10.2).
                parent: Option<$crate::Ref<$crate::AnyResource>> = "parent" [v2_only],
                /// The consumer's own key-value pairs; a provider stores them and adds none (5.1).
                properties: $crate::Map = "properties" [item("property"), constraints(false, false, true, true)],
                /// The metadata that governs this resource.
                resource_metadata: Option<$crate::Ref<$crate::ResourceMetadata>> = "resourceMetadata"
                    [v2_only, constraints(false, false, true, false)],
                $($rows)*
                /// The operations that this consumer may invoke now (4.2).
                operations: Vec<$crate::Operation> = "operations"
                    [item("operation"), constraints(false, false, true, false) $( $(, $operations_option)* )?],
            }
        }
    };
}

/// Says how collections of a resource are named, so that `Collection<T>` exists for it, and what may be done with them
/// besides reading; by default, `add`, and nothing where 1.x has no operations.
#[macro_export]
macro_rules! collection {
    (
        $name:ident, $collection:literal, $grouping:literal
        $(, v1: $v1_collection:literal, $v1_grouping:literal)?
        $(, aliases: $aliases:expr)?
        $(, variants: $variants:expr)?
        $(, v1_operations: $v1_operations:literal)?
        $(, operations: $operations:expr)?
    ) => {
        impl $crate::reflect::Resource for $name {
            const COLLECTION: $crate::reflect::CollectionNames = {
                #[allow(unused_mut, reason = "set where 1.x has other names")]
                let mut names = $crate::reflect::CollectionNames {
                    name: $collection,
                    v1_name: None,
                    grouping: $grouping,
                    v1_grouping: None,
                    aliases: &[],
                    variants: &[],
                    v1_operations: true,
                    operations: &["add"],
                };
                $( names.aliases = &$aliases; )?
                $( names.variants = &$variants; )?
                $(
                    names.v1_operations = $v1_operations;
                    names.operations = if $v1_operations { &["add"] } else { &[] };
                )?
                $( names.operations = &$operations; )?
                $(
                    names.v1_name = Some($v1_collection);
                    names.v1_grouping = Some($v1_grouping);
                )?
                names.checked()
            };
        }
    };
}

/// Defines the states of a resource: an [`open_enum!`](crate::open_enum) of which each value lasts or is transient.
///
/// ```
/// cimi_model::states! {
///     /// The state of a rack.
///     pub RackState {
///         /// Powered.
///         On = "ON" lasting,
///         /// Being moved.
///         Moving = "MOVING" transient,
///     }
/// }
/// assert_eq!(RackState::from("ON"), RackState::On);
/// assert!(RackState::STATES[1].transient);
/// ```
#[macro_export]
macro_rules! states {
    (
        $(#[doc = $doc:literal])+
        pub $name:ident {
            $( $(#[doc = $value_doc:literal])+ $variant:ident = $wire:literal $duration:ident ),* $(,)?
        }
    ) => {
        $crate::open_enum! {
            $(#[doc = $doc])+
            pub $name {
                $( $(#[doc = $value_doc])+ $variant = $wire ),*
            }
        }

        impl $name {
            /// The states, and which of them a resource leaves by itself.
            pub const STATES: &'static [$crate::meta::State] =
                &[$( $crate::meta::State::$duration($wire).doc(concat!($($value_doc),+)) ),*];
        }
    };
}

/// Defines a vocabulary of which the standard names some values and peers may use others.
///
/// ```
/// cimi_model::open_enum! {
///     /// The colour of a rack.
///     pub Colour {
///         /// Red.
///         Red = "RED",
///     }
/// }
/// assert_eq!(Colour::from("RED"), Colour::Red);
/// assert_eq!(Colour::from("mauve").as_str(), "mauve");
/// ```
#[macro_export]
macro_rules! open_enum {
    (
        $(#[doc = $doc:literal])+
        pub $name:ident {
            $( $(#[doc = $value_doc:literal])+ $variant:ident = $wire:literal ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[doc = $value_doc])+ $variant, )*
            /// A value that the standard does not name.
            Other(String),
        }

        impl $name {
            /// The value on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $wire, )*
                    Self::Other(text) => text,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $wire => Self::$variant, )*
                    _ => Self::Other(text.to_owned()),
                }
            }
        }

        impl $crate::Scalar for $name {
            const KIND: $crate::meta::Kind = $crate::meta::Kind::Enumeration(&[$($wire),*]);
            const EXPECTED: &'static str = "a string";
            fn parse(text: &str) -> Option<Self> {
                let known = |text: &str| Some(Self::from(text)).filter(|value| !matches!(value, Self::Other(_)));
                // A value of the standard in white space is that value, and not one of a provider's own.
                known(text).or_else(|| known(text.trim()).is_none().then(|| Self::Other(text.to_owned())))
            }
            fn as_str(&self) -> &str {
                self.as_str()
            }
        }
    };
}

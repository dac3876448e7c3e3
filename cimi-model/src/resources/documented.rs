//! The macros of this crate for its own types: rustdoc shows the table of each, generated into `docs/types/`.
//!
//! A test compares those files with the tables; the program `schema` writes them.

/// [`record!`](crate::record) with the file of the type.
macro_rules! record {
    ($(#[doc = $doc:literal])+ pub $name:ident $($rest:tt)*) => {
        $crate::record! {
            $(#[doc = $doc])+
            #[doc = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/types/", stringify!($name), ".md"))]
            pub $name $($rest)*
        }
    };
}

/// [`resource!`](crate::resource) with the file of the type.
macro_rules! resource {
    ($(#[doc = $doc:literal])+ pub $name:ident $($rest:tt)*) => {
        $crate::resource! {
            $(#[doc = $doc])+
            #[doc = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/types/", stringify!($name), ".md"))]
            pub $name $($rest)*
        }
    };
}

pub(super) use {record, resource};

//! Credentials and their templates (5.14.9 to 5.14.12).

use super::documented::record;
use super::{AnyResource, Operation, ResourceMetadata};
use crate::{Binary, DateTime, Map, Ref, Secret, Uri, collection};

/// Defines a type with the attributes of a Credential, of which one differs.
// Not `resource!`: in 1.x the operations stand before what is the resource's own.
macro_rules! credential {
    (
        $(#[doc = $doc:literal])+
        pub $name:ident = $wire:literal [ $($option:tt)* ] { $($parameters:tt)* }
    ) => {
        record! {
            $(#[doc = $doc])+
            pub $name = $wire Resource [ $($option)* ] {
                /// The unique URI of this resource, assigned on creation; its self-pointer.
                id: Option<Uri> = "id" [constraints(true, true, false, false)],
                /// The human-readable name, assigned by the creator.
                name: Option<String> = "name",
                /// The human-readable description, assigned by the creator.
                description: Option<String> = "description",
                /// When this resource was created.
                created: Option<DateTime> = "created" [constraints(false, false, false, false)],
                /// When an attribute was last updated explicitly.
                updated: Option<DateTime> = "updated" [constraints(false, false, true, false)],
                /// The resource of which this one is a component (5.10.2).
                parent: Option<Ref<AnyResource>> = "parent" [v2_only],
                /// The consumer's own key-value pairs.
                properties: Map = "properties" [item("property"), constraints(false, false, true, true)],
                /// The metadata that governs this resource.
                resource_metadata: Option<Ref<ResourceMetadata>> = "resourceMetadata"
                    [v2_only, constraints(false, false, true, false)],
                /// The operations that this consumer may invoke now (4.2).
                operations: Vec<Operation> = "operations" [item("operation"), constraints(false, false, true, false)],
                $($parameters)*
                /// The name of the superuser (table 23).
                user_name: Option<String> = "userName" [aliases(&["username"])],
                /// The password of the superuser (table 23).
                password: Option<Secret> = "password" [secret],
                /// The public key of the superuser (table 24).
                key: Option<Binary> = "key" [secret],
            }
        }
    };
}

credential! {
    /// What gives access: the first superuser of a Machine, or a key to another operation (DSP0263 5.14.9, table 22).
    pub Credential = "Credential" [clause("5.14.9"), sensitive] {
        /// Attributes of the provider's own.
        parameters: Map = "parameters" [item("parameter"), v2_only, secret],
    }
}
collection!(Credential, "CredentialCollection", "credentials", variants: ["SystemCredentialCollection"]);

credential! {
    /// Values from which Credentials are made (DSP0263 5.14.11, table 25).
    pub CredentialTemplate = "CredentialTemplate" [clause("5.14.11"), sensitive] {
        /// Attributes of the provider's own, copied to each Credential.
        parameters: Map = "parameters" [item("parameter"), v2_only, secret],
    }
}
collection!(CredentialTemplate, "CredentialTemplateCollection", "credentialTemplates", operations: ["edit", "add"]);

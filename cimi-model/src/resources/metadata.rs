//! Resource metadata (5.11).

use super::documented::record;
use crate::any::Any;
use crate::meta::Wildcard;
use crate::{DateTime, Map, Operation, Ref, Uri};

record! {
    /// An attribute of a described type (DSP0263 5.11, table 6).
    pub AttributeDescription = "attribute" Structure
        [clause("5.11"), v1_wildcards(Wildcard::Anything, Wildcard::Nothing)] {
        /// The name of the attribute.
        name: Option<String> = "name" [xml_attribute, v1_required, constraints(true, true, true, true)],
        /// The namespace of an attribute that the standard does not define.
        namespace: Option<Uri> = "namespace" [xml_attribute, constraints(true, true, true, true)],
        /// The type of an attribute that the standard does not define.
        type_name: Option<String> = "type" [xml_attribute, constraints(true, true, true, true)],
        /// In 1.x, whether the attribute is required.
        required: Option<bool> = "required" [xml_attribute, v1_only],
        /// Whether the Provider always includes it; by default, yes.
        provider_mandatory: Option<bool> = "providerMandatory" [xml_attribute, v2_only, constraints(true, true, true, true)],
        /// Whether the Consumer always includes it; by default, no.
        consumer_mandatory: Option<bool> = "consumerMandatory" [xml_attribute, v2_only, constraints(true, true, true, true)],
        /// Whether it may change after creation; by default, yes.
        mutable: Option<bool> = "mutable" [xml_attribute, v2_only, constraints(true, true, true, true)],
        /// Whether the Consumer may change it; by default, yes.
        consumer_writable: Option<bool> = "consumerWritable" [xml_attribute, v2_only, constraints(true, true, true, true)],
    }
}

record! {
    /// A capability of a described type (DSP0263 5.11.1, table 7).
    pub Capability = "capability" Structure
        [clause("5.11.1"), v1_wildcards(Wildcard::Anything, Wildcard::Nothing)] {
        /// The name of the capability.
        name: Option<String> = "name" [xml_attribute],
        /// The URI that defines the capability.
        uri: Option<Uri> = "uri" [xml_attribute, v1_required, follows_dialect, constraints(true, true, true, true)],
        /// The human-readable description.
        description: Option<String> = "description" [xml_attribute],
        /// The value; absent means `true`.
        value: Option<Any> = "value" [xml_content, constraints(true, true, true, true)],
    }
}

record! {
    /// An operation of a described type that the standard does not define (DSP0263 5.11, table 6).
    pub ActionDescription = "action" Structure
        [clause("5.11"), v1_wildcards(Wildcard::Anything, Wildcard::Nothing)] {
        /// The name of the operation.
        name: Option<String> = "name" [xml_attribute, v1_required, constraints(true, true, true, true)],
        /// The URI that identifies the operation, the `rel` of an operation.
        uri: Option<Uri> = "uri" [xml_attribute, v1_required, follows_dialect, constraints(true, true, true, true)],
        /// The human-readable description.
        description: Option<String> = "description" [xml_attribute],
        /// The protocol's verb, for HTTP its method.
        method: Option<String> = "method" [xml_attribute, v1_required, constraints(true, true, true, true)],
        /// The media type of the request.
        input_message: Option<String> = "inputMessage" [xml_attribute, constraints(true, true, true, true)],
        /// The media type of the response.
        output_message: Option<String> = "outputMessage" [xml_attribute, constraints(true, true, true, true)],
    }
}

// Not `resource!`: 1.x has `typeURI` before `name` and no other common attributes.
record! {
    /// What a provider says about a type: constraints, attributes, capabilities and operations (DSP0263 5.11).
    pub ResourceMetadata = "ResourceMetadata" Resource [clause("5.11")] {
        /// The unique URI of this resource.
        id: Option<Uri> = "id" [constraints(true, true, false, false)],
        /// The type that is described.
        type_uri: Option<Uri> = "typeURI" [aliases(&["typeUri"]), follows_dialect, constraints(true, true, true, true)],
        /// The name of the type that is described.
        name: Option<String> = "name" [constraints(true, true, true, true)],
        /// The human-readable description.
        description: Option<String> = "description" [v2_only],
        /// When this resource was created.
        created: Option<DateTime> = "created" [v2_only, constraints(false, false, false, false)],
        /// When an attribute was last updated explicitly.
        updated: Option<DateTime> = "updated" [v2_only, constraints(false, false, true, false)],
        /// The resource of which this one is a component.
        parent: Option<Ref<crate::AnyResource>> = "parent" [v2_only],
        /// The consumer's own key-value pairs.
        properties: Map = "properties" [item("property"), v2_only, constraints(false, false, true, true)],
        /// The metadata that governs this resource.
        resource_metadata: Option<Ref<ResourceMetadata>> = "resourceMetadata" [v2_only, constraints(false, false, true, false)],
        /// The attributes of the type: those added by the provider, and standard ones with other constraints.
        attributes: Vec<AttributeDescription> = "attributes" [item("attribute"), v1_single, constraints(false, false, true, true)],
        /// The value scopes of the type, of which a resource satisfies one (5.5.14): as they came, for whatever is in
        /// them is kept. [`scopes`](ResourceMetadata::scopes) gives their typed form.
        vscope: Option<Any> = "vscope" [value_scopes, v2_only, constraints(false, false, true, true)],
        /// The capabilities of the provider concerning the type.
        capabilities: Vec<Capability> = "capabilities" [item("capability"), constraints(false, false, true, true)],
        /// The operations that the provider adds.
        actions: Vec<ActionDescription> = "actions" [item("action"), constraints(false, false, true, true)],
        /// The operations that this consumer may invoke now (4.2).
        operations: Vec<Operation> = "operations" [item("operation"), constraints(false, false, true, false)],
    }
}
crate::collection!(
    ResourceMetadata, "ResourceMetadataCollection", "resourceMetadatas",
    v1: "ResourceMetadataCollection", "resourceMetadata"
);

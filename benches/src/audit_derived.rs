//! Audit events as one would derive them by hand for just this purpose. Unknown members are dropped.
#![allow(dead_code, reason = "what is read is only dropped")]
#![allow(clippy::struct_field_names, reason = "named after the members")]

use serde::Deserialize;
use serde_json::Value;

/// Reads a record.
pub fn read(text: &str) -> Event {
    serde_json::from_str(text).expect("readable")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    #[serde(rename = "typeURI")]
    type_uri: Option<String>,
    id: Option<String>,
    event_type: Option<String>,
    event_time: Option<String>,
    action: Option<String>,
    outcome: Option<String>,
    name: Option<String>,
    severity: Option<String>,
    duration: Option<String>,
    initiator_id: Option<String>,
    target_id: Option<String>,
    observer_id: Option<String>,
    initiator: Option<Resource>,
    target: Option<Resource>,
    observer: Option<Resource>,
    reason: Option<Reason>,
    measurements: Option<Vec<Value>>,
    tags: Option<Vec<String>>,
    attachments: Option<Vec<Attachment>>,
    reporterchain: Option<Vec<Step>>,
}

#[derive(Deserialize)]
struct Resource {
    id: Option<String>,
    #[serde(rename = "typeURI")]
    type_uri: Option<String>,
    name: Option<String>,
    domain: Option<String>,
    credential: Option<Value>,
    addresses: Option<Vec<Address>>,
    host: Option<Host>,
    geolocation: Option<Value>,
    attachments: Option<Vec<Attachment>>,
}

#[derive(Deserialize)]
struct Address {
    url: Option<String>,
    name: Option<String>,
    port: Option<String>,
}

#[derive(Deserialize)]
struct Host {
    id: Option<String>,
    address: Option<String>,
    agent: Option<String>,
    platform: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reason {
    reason_type: Option<String>,
    reason_code: Option<Value>,
    policy_type: Option<String>,
    policy_id: Option<String>,
}

#[derive(Deserialize)]
struct Attachment {
    #[serde(rename = "typeURI", alias = "contentType")]
    type_uri: Option<String>,
    name: Option<String>,
    content: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    role: Option<String>,
    reporter_time: Option<String>,
    reporter_id: Option<String>,
    reporter: Option<Resource>,
}

//! The records that are measured: audit events of the kinds that clouds write, with their oddities.

use cimi_cadf::{Event, NAMESPACE};
use cimi_model::{Format, ReadOptions};

/// What pycadf writes for the event of `pycadf_build.py`.
pub const BUILT: &str = concat!(
    r#"{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "eventType": "activity", "#,
    r#""id": "9e3b1f3a-9c0f-5f7e-8f43-2c8d3b5c6a04", "eventTime": "2026-03-01T08:15:30.250000+0000", "#,
    r#""action": "create", "outcome": "success", "observer": {"id": "0b6e6f6e-0f1d-53a8-b1a5-94c3b2a4d203", "#,
    r#""typeURI": "service/compute", "name": "nova-api"}, "initiator": {"id": "#,
    r#""4f1f1b1c-7a53-5d3c-9f3e-0d8a5a1e2b01", "typeURI": "service/security/account/user", "name": "operator", "#,
    r#""credential": {"token": "01 xxxxxxxx ef", "type": "token"}, "host": {"address": "192.0.2.17", "#,
    r#""agent": "openstacksdk/3.0.0 keystoneauth1/5.6.0 CPython/3.12.3"}}, "target": {"id": "#,
    r#""7d0c2a64-2f0e-5c59-8a53-61f8f1b8b702", "typeURI": "service/compute/servers", "name": "nova", "#,
    r#""addresses": [{"url": "http://10.0.0.5:8774/v2.1", "name": "admin"}, "#,
    r#"{"url": "http://203.0.113.7:8774/v2.1", "name": "public"}]}, "name": "create server", "severity": "low", "#,
    r#""reason": {"reasonType": "http://www.iana.org/assignments/http-status-codes", "reasonCode": "202"}, "#,
    r#""tags": ["correlation_id?value=79a738d0-b97d-556e-9efe-d99536267d1e"], "attachments": "#,
    r#"[{"typeURI": "mime:application/json", "content": "{\"name\":\"web-1\"}", "name": "payload"}], "#,
    r#""reporterchain": [{"role": "modifier", "reporterTime": "2026-03-01T08:15:30.250000+0000", "reporter": "#,
    r#"{"id": "0b6e6f6e-0f1d-53a8-b1a5-94c3b2a4d203", "typeURI": "service/compute", "name": "nova-api"}}]}"#,
);

/// A log in the forms that the measurements need.
pub struct Log {
    /// A record a line.
    pub lines: String,
    /// All records in an array.
    pub array: String,
    /// A CADF log in XML.
    pub xml: String,
    /// The records, read.
    pub events: Vec<Event>,
}

impl Log {
    /// A log of this many records.
    pub fn new(records: usize) -> Self {
        let mut lines = String::new();
        let mut events = Vec::new();
        for number in 0..records {
            let start = lines.len();
            lines.push_str(&mixed(number));
            events.push(read(&lines[start..]));
            lines.push('\n');
        }
        let array = format!("[{}]", lines.trim_end().replace('\n', ","));
        let write = |event: &Event| event.to_string(Format::Xml, cimi_model::WriteOptions::default());
        let items: String = events.iter().map(|event| write(event).expect("an event can be written")).collect();
        let xml = format!(r#"<log xmlns="{NAMESPACE}"><events>{items}</events></log>"#);
        Self { lines, array, xml, events }
    }
}

/// Reads an event, leniently.
pub fn read(text: &str) -> Event {
    Event::read(text.as_bytes(), &ReadOptions::default()).expect("readable").value
}

/// A record of a mixed log. Two in five have offsets without a colon; three in twenty have reason codes that are
/// numbers; nearly all have members that the standard does not know.
pub fn mixed(number: usize) -> String {
    match number % 20 {
        0 | 3 | 6 | 9 | 12 | 15 => middleware(number),
        1 | 4 | 7 | 10 | 13 | 16 => canonical(number),
        2 | 11 => notification(number),
        5 | 14 | 18 => vendor(number),
        8 | 17 => monitor(number),
        _ => control(number),
    }
}

/// As keystonemiddleware writes it: offsets without a colon, the observer by the shorthand `target`.
pub fn middleware(number: usize) -> String {
    format!(
        concat!(
            r#"{{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "eventType": "activity", "id": "{id}", "#,
            r#""eventTime": "{time}.779918+0000", "action": "read/list", "outcome": "success", "#,
            r#""observer": {{"id": "target"}}, "initiator": {{"id": "{user}", "#,
            r#""typeURI": "service/security/account/user", "name": "user-{few}", "credential": "#,
            r#"{{"token": "gAAAAA xxxxxxxx uvwxyz", "identity_status": "Confirmed"}}, "host": {{"address": "#,
            r#""192.0.2.{few}", "agent": "openstacksdk/3.0.0 keystoneauth1/5.6.0 CPython/3.12.3"}}, "#,
            r#""project_id": "{user}"}}, "target": {{"id": "nova", "typeURI": "service/compute/servers/detail", "#,
            r#""name": "nova", "addresses": [{{"url": "http://10.0.0.5:8774/v2.1", "name": "admin"}}, "#,
            r#"{{"url": "http://10.0.0.5:8774/v2.1", "name": "private"}}, "#,
            r#"{{"url": "http://203.0.113.7:8774/v2.1", "name": "public"}}]}}, "#,
            r#""requestPath": "/v2.1/servers/detail?all_tenants={number}", "#,
            r#""tags": ["correlation_id?value={id}"], "reason": {{"reasonType": "HTTP", "reasonCode": "200"}}, "#,
            r#""reporterchain": [{{"role": "modifier", "reporterTime": "{time}.780093+0000", "#,
            r#""reporter": {{"id": "target"}}}}]}}"#,
        ),
        id = uuid(number),
        user = user(number),
        time = time(number),
        few = number % 200,
        number = number,
    )
}

/// A record without fault, with an attachment and one member that the standard does not know.
pub fn canonical(number: usize) -> String {
    format!(
        concat!(
            r#"{{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "eventType": "activity", "id": "{id}", "#,
            r#""eventTime": "{time}.964312+00:00", "action": "create", "outcome": "success", "#,
            r#""observer": {{"id": "{user}", "typeURI": "service/compute", "name": "nova"}}, "#,
            r#""initiator": {{"id": "{user}", "typeURI": "service/security/account/user", "name": "user-{few}", "#,
            r#""domain": "example", "host": {{"address": "192.0.2.{few}", "agent": "python-novaclient"}}, "#,
            r#""project_id": "{user}"}}, "target": {{"id": "{id}", "typeURI": "compute/server", "name": "web-{number}"}}, "#,
            r#""reason": {{"reasonType": "HTTP", "reasonCode": "202"}}, "requestPath": "/v2.1/servers", "#,
            r#""attachments": [{{"typeURI": "mime:application/json", "#,
            r#""content": "{{\"name\":\"web-{number}\",\"flavorRef\":\"30\"}}", "name": "payload"}}]}}"#,
        ),
        id = uuid(number),
        user = user(number),
        time = time(number),
        few = number % 200,
        number = number,
    )
}

/// A notification of an identity service: an action outside of the taxonomy, further members of the initiator.
fn notification(number: usize) -> String {
    format!(
        concat!(
            r#"{{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "eventType": "activity", "id": "{id}", "#,
            r#""eventTime": "{time}.855665+0000", "action": "created.user", "outcome": "success", "#,
            r#""observer": {{"typeURI": "service/security", "id": "openstack:{id}"}}, "#,
            r#""initiator": {{"typeURI": "service/security/account/user", "id": "openstack:{user}", "#,
            r#""user_id": "{user}", "username": "user-{few}", "request_id": "req-{id}", "project_id": "{user}", "#,
            r#""host": {{"address": "192.0.2.{few}", "agent": "curl/7.22.0"}}}}, "#,
            r#""target": {{"typeURI": "data/security/account/user", "id": "openstack:{id}"}}, "#,
            r#""resource_info": "{id}"}}"#,
        ),
        id = uuid(number),
        user = user(number),
        time = time(number),
        few = number % 200,
    )
}

/// A record of a vendor's platform: a reason code that is a number, structures of its own, no type URI.
fn vendor(number: usize) -> String {
    format!(
        concat!(
            r#"{{"eventTime": "{time}.28+00:00", "action": "store.bucket.create", "outcome": "success", "#,
            r#""message": "Object store: create bucket b-{number}", "severity": "normal", "eventType": "activity", "#,
            r#""id": "{id}", "initiator": {{"id": "user-{few}", "name": "user{few}@example.com", "#,
            r#""typeURI": "service/security/account/user", "credential": {{"type": "token"}}, "#,
            r#""host": {{"address": "192.0.2.{few}", "addressType": "IPv4", "agent": "client/1.2 \"beta\""}}}}, "#,
            r#""target": {{"id": "crn:v1:example:public:store:global:a/{user}:{id}::", "#,
            r#""typeURI": "store/bucket", "name": "b-{number}", "resourceGroupId": "{user}"}}, "#,
            r#""observer": {{"name": "ActivityLog"}}, "reason": {{"reasonCode": 200, "reasonType": "OK"}}, "#,
            r#""logSourceCRN": "crn:v1:example:public:store:global:a/{user}:{id}::", "saveServiceCopy": true, "#,
            r#""requestData": {{"region": "eu-{few}", "size": {number}, "flags": ["a", "b"], "limits": {{"max": 1.5}}}}, "#,
            r#""responseData": {{"status": "available", "statusCode": 200, "parent": null}}}}"#,
        ),
        id = uuid(number),
        user = user(number),
        time = time(number),
        few = number % 200,
        number = number,
    )
}

fn monitor(number: usize) -> String {
    format!(
        concat!(
            r#"{{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "eventType": "monitor", "id": "{id}", "#,
            r#""eventTime": "{time}+00:00", "action": "monitor", "outcome": "success", "#,
            r#""initiator": {{"id": "{user}", "typeURI": "service/oss/monitoring", "name": "agent-{few}"}}, "#,
            r#""targetId": "{id}", "observerId": "{user}", "measurements": [{{"result": {few}.25, "metric": "#,
            r#"{{"metricId": "cpu", "unit": "%", "name": "cpu load"}}}}, {{"result": {number}, "metricId": "disk"}}]}}"#,
        ),
        id = uuid(number),
        user = user(number),
        time = time(number),
        few = number % 200,
        number = number,
    )
}

fn control(number: usize) -> String {
    format!(
        concat!(
            r#"{{"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "eventType": "control", "id": "{id}", "#,
            r#""eventTime": "{time}+00:00", "action": "deny", "outcome": "success", "initiator": {{"id": "{user}", "#,
            r#""typeURI": "service/security/account/user", "geolocation": {{"latitude": "+372207.90", "#,
            r#""longitude": "-1220210.20", "city": "Here"}}}}, "target": {{"id": "{id}", "typeURI": "data/file"}}, "#,
            r#""observer": {{"id": "gate", "typeURI": "service/security"}}, "reason": {{"policyType": "#,
            r#""http://example.com/policies", "policyId": "p-{few}"}}, "tags": ["//example.com/audit/pci?value=yes"]}}"#,
        ),
        id = uuid(number),
        user = user(number),
        time = time(number),
        few = number % 200,
    )
}

fn uuid(number: usize) -> String {
    format!("9e3b1f3a-9c0f-5f7e-8f43-{number:012x}")
}

fn user(number: usize) -> String {
    format!("48bf6ac494944933932ecbd0{:08x}", number % 1_000)
}

/// Date and time without fraction and offset.
fn time(number: usize) -> String {
    let (minutes, seconds) = (number / 60, number % 60);
    format!("2026-03-{:02}T{:02}:{:02}:{seconds:02}", 1 + minutes / 1440 % 28, minutes / 60 % 24, minutes % 60)
}

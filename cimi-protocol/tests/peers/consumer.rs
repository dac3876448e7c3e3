//! A consumer of 1.x that knows JSON and no types.

use chrono::{DateTime, TimeDelta, Utc};
use cimi_model::Dialect;
use http::{Request, Response};
use serde_json::Value;

use crate::cloud::{Answer, Cloud, Options};
use crate::peers;

pub(crate) const BASE: &str = "http://127.0.0.1:8080/cimi/";
pub(crate) const V1: &str = "http://schemas.dmtf.org/cimi/1";

pub(crate) struct Consumer {
    cloud: Cloud,
    now: DateTime<Utc>,
}

impl Consumer {
    pub(crate) fn new() -> Self {
        Self::waiting(0)
    }

    /// Of a provider that takes so many milliseconds for what it does.
    pub(crate) fn waiting(latency: i64) -> Self {
        let now = "2025-01-01T08:00:00Z".parse().unwrap();
        let options = Options { dialect: Dialect::V1, latency: TimeDelta::milliseconds(latency) };
        Self { cloud: Cloud::new(&BASE.into(), options, now), now }
    }

    pub(crate) fn wait(&mut self, milliseconds: i64) {
        self.now += TimeDelta::milliseconds(milliseconds);
    }

    /// Sends anything to a URI or a path below the base.
    pub(crate) fn send(&mut self, method: &str, uri: &str, headers: &[(&str, &str)], body: &str) -> Response<Vec<u8>> {
        let path = uri.strip_prefix("http://127.0.0.1:8080").map_or_else(|| format!("/cimi/{uri}"), str::to_owned);
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (mut head, ()) = request.body(()).unwrap().into_parts();
        peers::understand(&mut head);
        match self.cloud.handle(&head, body.as_bytes(), None, self.now) {
            Answer::Send(mut response) => {
                peers::state_version(response.headers_mut());
                response
            }
            Answer::Fetch(uri) => panic!("{uri} is to be fetched"),
        }
    }

    pub(crate) fn get(&mut self, uri: &str) -> Value {
        let response = self.send("GET", uri, &[("accept", "application/json")], "");
        assert_eq!(response.status(), 200, "{uri}");
        assert_eq!(response.headers()["content-type"], "application/json");
        json(&response)
    }

    /// Posts XML and wants JSON, as the interoperability scenarios do.
    pub(crate) fn post(&mut self, uri: &str, body: &str) -> Response<Vec<u8>> {
        let headers = [("accept", "application/json"), ("content-type", "application/xml")];
        self.send("POST", uri, &headers, body)
    }

    /// Creates a resource at once.
    pub(crate) fn create(&mut self, uri: &str, body: &str) -> Value {
        let response = self.post(uri, body);
        assert_eq!(response.status(), 201, "{body}: {}", text(&response));
        let created = json(&response);
        assert_eq!(created["id"], response.headers()["location"].to_str().unwrap(), "{body}");
        assert_eq!(self.get(created["id"].as_str().unwrap()), created, "{body}");
        created
    }

    /// Invokes an operation where the resource says it is offered.
    pub(crate) fn act(&mut self, resource: &Value, name: &str) -> Response<Vec<u8>> {
        let href = operation(resource, name).unwrap_or_else(|| panic!("no {name} in {resource}"));
        self.post(&href, &action(&format!("{V1}/action/{name}")))
    }
}

/// The document that invokes an operation.
pub(crate) fn action(uri: &str) -> String {
    format!("<Action xmlns=\"{V1}\"><action>{uri}</action></Action>")
}

/// Where an operation is that a resource or collection offers.
pub(crate) fn operation(resource: &Value, name: &str) -> Option<String> {
    let operations = resource["operations"].as_array()?;
    let is_it = |rel: &str| rel == name || rel == format!("{V1}/action/{name}");
    let found = operations.iter().find(|operation| operation["rel"].as_str().is_some_and(is_it))?;
    found["href"].as_str().map(str::to_owned)
}

pub(crate) fn json(response: &Response<Vec<u8>>) -> Value {
    serde_json::from_slice(response.body()).unwrap_or_else(|error| panic!("{error}: {}", text(response)))
}

pub(crate) fn text(response: &Response<Vec<u8>>) -> String {
    String::from_utf8_lossy(response.body()).into_owned()
}

/// A template by value, of the first configuration and image, with more in it.
pub(crate) fn machine_template(more: &str) -> String {
    format!(
        "<machineTemplate>{more}<machineConfig href=\"{BASE}machineConfigs/1\"/>\
         <machineImage href=\"{BASE}machineImages/1\"/></machineTemplate>"
    )
}

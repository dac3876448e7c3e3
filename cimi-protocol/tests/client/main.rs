//! The client's side: what is sent, what answers are taken for, and what is waited for.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unchecked_time_subtraction,
    reason = "tests may fail loudly"
)]

mod discovery;
mod failures;
mod jobs;
mod offers;
mod outcomes;
mod pages;
mod polling;
mod redirects;
mod replay;
mod requests;

use cimi_model::reflect::Described;
use cimi_model::{Dialect, Format, ReadOptions, json, xml};
use cimi_protocol::client::Peer;
use http::Response;

/// A record from JSON or XML, leniently.
fn read<T: Described>(text: &str) -> T {
    let options = ReadOptions::default();
    let parsed = match Format::of(text.as_bytes()) {
        Format::Xml => xml::from_slice(text.as_bytes(), &options),
        _ => json::from_slice(text.as_bytes(), &options),
    };
    parsed.expect(text).value
}

/// A provider at `https://cloud.example.com/cimi/`.
fn peer(dialect: Dialect) -> Peer {
    let mut peer = Peer::default();
    peer.base = Some("https://cloud.example.com/cimi/".into());
    peer.dialect = dialect;
    peer
}

/// An answer with these header fields, one in each line.
fn answer(status: u16, fields: &str, body: &str) -> Response<Vec<u8>> {
    let mut builder = Response::builder().status(status);
    for (name, value) in fields.lines().filter_map(|line| line.split_once(": ")) {
        builder = builder.header(name.trim(), value);
    }
    builder.body(body.as_bytes().to_vec()).unwrap()
}

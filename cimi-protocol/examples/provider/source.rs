//! Where imports come from: files in the working directory and below, and servers on this machine.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use cimi_model::Uri;

/// The content of a source.
pub(crate) fn read(source: &Uri, limit: usize) -> Result<Vec<u8>, String> {
    match source.as_str().strip_prefix("file:") {
        Some(path) => read_file(path, limit),
        None => read_server(source, limit),
    }
}

/// A consumer must not see any other file of the one who runs this.
fn read_file(path: &str, limit: usize) -> Result<Vec<u8>, String> {
    let path = percent_encoding::percent_decode_str(path.strip_prefix("//").unwrap_or(path)).decode_utf8_lossy();
    let here = Path::new(".").canonicalize().map_err(|_| "there is no working directory")?;
    let path = Path::new(&*path).canonicalize().map_err(|_| "there is no such file")?;
    if !path.starts_with(here) {
        return Err("the file is not in the working directory".to_owned());
    }
    limited(File::open(path).map_err(|error| error.to_string())?, limit)
}

/// Nor what other servers in the same network tell.
fn read_server(source: &Uri, limit: usize) -> Result<Vec<u8>, String> {
    let uri: http::Uri = source.as_str().parse().map_err(|_| "the URI is malformed")?;
    if !matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]")) {
        return Err("only servers on this machine are asked".to_owned());
    }
    let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(10))).max_redirects(0).build();
    let mut response = ureq::Agent::new_with_config(config).get(uri).call().map_err(|error| error.to_string())?;
    limited(response.body_mut().as_reader(), limit)
}

fn limited(reader: impl Read, limit: usize) -> Result<Vec<u8>, String> {
    let mut content = Vec::new();
    reader.take(limit as u64 + 1).read_to_end(&mut content).map_err(|error| error.to_string())?;
    if content.len() > limit { Err("it is too large".to_owned()) } else { Ok(content) }
}

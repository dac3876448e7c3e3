//! Who sent a request, as its head tells.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use http::header::{AUTHORIZATION, FORWARDED, USER_AGENT};

use super::sound;
use crate::{Host, Resource, resource};

/// A user as the initiator of events: the identifier is the name, percent-encoded where it has to be. Where users have
/// identifiers that outlast their names, take `Resource::new(id, type).named(name)` instead.
#[must_use]
pub fn user(name: &str) -> Resource {
    let user = Resource::new(sound::identifier(name), resource::SERVICE_SECURITY_ACCOUNT_USER);
    if name.is_empty() { user } else { user.named(name) }
}

/// The user name in Basic credentials (RFC 7617). Whether the password is right is not asked: it is not even decoded.
///
/// ```
/// use cimi_cadf::http::basic_user;
///
/// let mut headers = http::HeaderMap::new();
/// headers.insert("authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==".parse()?);
/// assert_eq!(basic_user(&headers).as_deref(), Some("Aladdin"));
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
#[must_use]
pub fn basic_user(headers: &HeaderMap) -> Option<String> {
    let credentials = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = credentials.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let name = until_colon(encoded.trim_start())?;
    // Those that do not write UTF-8 write Latin-1.
    Some(String::from_utf8(name).unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect()))
}

/// What stands before the first colon of a text in base64.
fn until_colon(encoded: &str) -> Option<Vec<u8>> {
    let (mut bits, mut count, mut name) = (0_u32, 0, Vec::new());
    for digit in encoded.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            match bits.checked_shr(count).and_then(|byte| u8::try_from(byte & 0xFF).ok())? {
                b':' => return Some(name),
                byte => name.push(byte),
            }
        }
    }
    None
}

/// The proxies before a service, which tell the address of the client in a header.
///
/// Each proxy adds an entry at the end; what stands before those of the trusted ones may be anything that a client has
/// sent. The number is that of trusted proxies, so that of the entries the number-th from the end is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proxies {
    /// No header is believed.
    #[default]
    None,
    /// So many, which write `Forwarded` (RFC 7239).
    Forwarded(usize),
    /// So many, which write `X-Forwarded-For`.
    XForwardedFor(usize),
}

impl Proxies {
    /// The address of the client as the header says it, without a port.
    #[must_use]
    pub fn client(self, headers: &HeaderMap) -> Option<String> {
        let (name, count) = match self {
            Self::None => return None,
            Self::Forwarded(count) => (FORWARDED.as_str(), count),
            Self::XForwardedFor(count) => ("x-forwarded-for", count),
        };
        let lines: Vec<_> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        let line = lines.join(",");
        let entries: Vec<_> = split(&line, b',').collect();
        let last = entries.len().checked_sub(1)?;
        let entry = entries.get(last.saturating_sub(count.checked_sub(1)?))?;
        let node = if self == Self::XForwardedFor(count) { (*entry).to_owned() } else { forwarded_for(entry)? };
        without_port(node.trim())
    }
}

/// The value of `for` in an entry of `Forwarded`.
fn forwarded_for(entry: &str) -> Option<String> {
    let mut pairs = split(entry, b';').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    let value = value.trim();
    let Some(quoted) = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) else {
        return Some(value.to_owned());
    };
    let mut escaped = false;
    let is_kept = |c: &char| {
        escaped = *c == '\\' && !escaped;
        !escaped
    };
    Some(quoted.chars().filter(is_kept).collect())
}

/// The parts between separators, those in quoted strings not counting.
fn split(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c: char| {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == '"' {
            quoted = !quoted;
        }
        !quoted && c == char::from(separator)
    })
}

fn without_port(node: &str) -> Option<String> {
    if let Ok(address) = node.parse::<SocketAddr>() {
        return Some(address.ip().to_string());
    }
    let bare = node.strip_prefix('[').and_then(|node| node.strip_suffix(']')).unwrap_or(node);
    match bare.parse::<IpAddr>() {
        Ok(address) => Some(address.to_string()),
        Err(_) if bare.is_empty() || bare.eq_ignore_ascii_case("unknown") => None,
        Err(_) => Some(bare.to_owned()),
    }
}

/// The host of a client: what its head says of it, and the address if that is known.
pub(super) fn host(headers: &HeaderMap, address: Option<String>) -> Option<Host> {
    let agent = headers.get(USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let host = Host { address, agent: agent.filter(|agent| !agent.is_empty()), ..Host::default() };
    (host != Host::default()).then_some(host)
}

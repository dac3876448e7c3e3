//! What a client knows of a provider, and how it speaks with it.

use std::net::{Ipv4Addr, Ipv6Addr};

use cimi_model::{Dialect, Format, ReadOptions, Uri};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::{Error, ErrorKind, Result};

/// Which URIs a client sends requests to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Transport {
    /// Only those of the scheme `https`.
    #[default]
    Https,
    /// Those of the scheme `https`, and of `http` on this machine: `localhost`, 127.0.0.0/8 and `::1`.
    HttpOnLoopback,
    /// Those of the scheme `http` anywhere, too: what is sent can be read and changed on the way.
    Http,
}

impl Transport {
    /// Whether a request may go to this URI.
    #[must_use]
    pub fn allows(self, uri: &http::Uri) -> bool {
        match (uri.scheme_str(), self) {
            (Some("https"), _) | (Some("http"), Self::Http) => true,
            (Some("http"), Self::HttpOnLoopback) => uri.host().is_some_and(is_loopback),
            _ => false,
        }
    }
}

/// Whether a host is this machine, by its name or address.
fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    match bare {
        Some(address) => address.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback()),
        None => {
            host.eq_ignore_ascii_case("localhost")
                || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        }
    }
}

/// A provider as a client sees it: what the [`EntryPoint`](super::EntryPoint) has said, and what the caller wants.
///
/// Operations are made from it and from what the provider handed out, so that they go where the provider wants them,
/// in the dialect that it speaks.
///
/// ```
/// use cimi_model::{Format, Machine};
/// use cimi_protocol::Operation as _;
/// use cimi_protocol::client::{Peer, actions};
///
/// let mut peer = Peer::default();
/// peer.format = Format::Xml;
/// peer.base = Some("https://cloud.example.com/cimi/".into());
/// # let text = br#"{"operations": [
/// #     {"rel": "http://schemas.dmtf.org/cimi/2/action/stop", "href": "machines/1/stop"}]}"#;
/// # let machine = cimi_model::json::from_slice::<Machine>(text, &Default::default())?.value;
///
/// // A Machine that was read before, and says what may be done with it.
/// let stop = peer.invoke(&machine, actions::stop(Some(true)))?;
/// assert_eq!(stop.request()?.uri(), "https://cloud.example.com/cimi/machines/1/stop");
/// assert!(peer.invoke(&machine, actions::start()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Peer {
    /// The `baseURI` of the entry point, which relative URIs are resolved against (5.5.10). Without it they are
    /// errors.
    pub base: Option<Uri>,
    /// The dialect that requests are written in: the one that the provider speaks. By default 2.0.
    pub dialect: Dialect,
    /// The format that requests are written in, and answers asked for. By default JSON.
    pub format: Format,
    /// How answers are read. By default deviations are tolerated.
    pub options: ReadOptions,
    /// Which URIs requests are sent to. By default only those of `https`.
    pub transport: Transport,
    /// Whether a resource that lists no operation at all is taken to have the common ones (`add`, `edit`, `delete`) at
    /// its own URI: not every provider of 1.x lists them. By default not, for what is not listed is not offered (4.2).
    pub assume_operations: bool,
}

impl Peer {
    /// The absolute form of a URI that the provider handed out (5.5.10).
    ///
    /// # Errors
    /// Of kind [`Uri`](ErrorKind::Uri) when it is relative and there is no base, or does not resolve.
    pub fn resolve(&self, href: &Uri) -> Result<Uri> {
        match &self.base {
            Some(base) => resolve(href, base),
            None if href.is_absolute() => Ok(href.clone()),
            None => Err(Error::new(ErrorKind::Uri, "the URI is relative, and no baseURI is known")),
        }
    }
}

/// The absolute form of a URI. The reasons do not repeat it: it may hold secrets.
pub(super) fn resolve(href: &Uri, base: &Uri) -> Result<Uri> {
    href.resolve(base).map_err(|_| Error::new(ErrorKind::Uri, "the URI cannot be resolved against the baseURI"))
}

/// What a URI cannot hold in any place (RFC 3986, 2); `%` stands, for it escapes something already.
const UNFIT: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// The URI that a request goes to. What some peers leave unescaped in the URIs that they hand out is escaped. The
/// reasons do not repeat it: it may hold secrets.
pub(super) fn target(uri: &Uri, transport: Transport) -> Result<http::Uri> {
    let fail = |reason: &str| Error::new(ErrorKind::Uri, reason);
    let escaped = utf8_percent_encode(uri.as_str(), UNFIT).to_string();
    let uri: http::Uri = escaped
        .parse()
        .map_err(|error: http::uri::InvalidUri| fail("the URI cannot be used in a request").caused_by(error))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none_or(str::is_empty) {
        return Err(fail("the URI is not an absolute http or https URI"));
    }
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(fail("the URI holds user information, which HTTP does not send (RFC 9110, 4.2.4)"));
    }
    if !transport.allows(&uri) {
        let reason =
            "the URI is one of http, which protects nothing that is sent; https is required unless http is allowed";
        return Err(Error::new(ErrorKind::Insecure, reason));
    }
    Ok(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transports() {
        for (uri, loopback) in [
            ("http://localhost/", true),
            ("http://LOCALHOST:80/", true),
            ("http://127.0.0.1:3001/cimi", true),
            ("http://127.200.0.9/", true),
            ("http://[::1]:8080/", true),
            ("http://localhost.example.com/", false),
            ("http://127.0.0.1.example.com/", false),
            ("http://128.0.0.1/", false),
            ("http://[::2]/", false),
            ("http://[fe80::1]/", false),
            ("http://0.0.0.0/", false),
        ] {
            let found = |transport| target(&Uri::from(uri), transport);
            assert_eq!(found(Transport::HttpOnLoopback).is_ok(), loopback, "{uri}");
            assert!(found(Transport::Http).is_ok(), "{uri}");
            assert_eq!(found(Transport::Https).unwrap_err().kind(), ErrorKind::Insecure, "{uri}");
            assert!(target(&uri.replacen("http", "https", 1).into(), Transport::Https).is_ok(), "{uri}");
        }
    }

    #[test]
    fn unescaped_hrefs_are_escaped_and_others_left_alone() {
        for (href, sent) in [
            ("https://h/a b", "https://h/a%20b"),
            ("https://h/é?x={1}", "https://h/%C3%A9?x=%7B1%7D"),
            ("https://h/a%20b?tenant=2&x=%2F", "https://h/a%20b?tenant=2&x=%2F"),
            ("https://h/a;v=1/b(2)'3',*!$&+=@:~", "https://h/a;v=1/b(2)'3',*!$&+=@:~"),
        ] {
            assert_eq!(target(&href.into(), Transport::Https).unwrap(), sent);
        }
    }

    #[test]
    fn relative_uris_need_a_base() {
        let mut peer = Peer::default();
        assert_eq!(peer.resolve(&"machines/1".into()).unwrap_err().kind(), ErrorKind::Uri);
        assert_eq!(peer.resolve(&"https://h/a".into()).unwrap().as_str(), "https://h/a");
        peer.base = Some("https://example.com/c1/".into());
        assert_eq!(peer.resolve(&"p1/file?a=b".into()).unwrap().as_str(), "https://example.com/c1/p1/file?a=b");
        assert_eq!(peer.resolve(&"https://h/a".into()).unwrap().as_str(), "https://h/a");
        peer.base = Some("c1/".into());
        assert!(peer.resolve(&"p1".into()).is_err());
    }
}

//! Server-driven content negotiation (4.1.4; RFC 9110, 12.5.1).

use std::str::FromStr;

use cimi_model::{Format, printable};
use http::{HeaderMap, HeaderValue, header};

use crate::media::{MediaType, text};
use crate::syntax::Cursor;
use crate::{Error, ErrorKind, Result};

/// What a client accepts: the media ranges of its `Accept` header, with their weights.
///
/// ```
/// use cimi_model::Format;
/// use cimi_protocol::{Accept, ErrorKind};
///
/// let offered = [Format::Json, Format::Xml];
/// let accept: Accept = "application/json;q=0.5, application/xml;q=0.9".parse()?;
/// assert_eq!(accept.choose(&offered)?, Format::Xml);
///
/// let html: Accept = "text/html".parse()?;
/// assert_eq!(html.choose(&offered).unwrap_err().kind(), ErrorKind::NotAcceptable);
///
/// // A client that says nothing takes anything.
/// assert_eq!(Accept::default().choose(&offered)?, Format::Json);
/// # Ok::<(), cimi_protocol::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accept {
    ranges: Vec<Range>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Range {
    /// The range, without the weight and what follows it.
    media: MediaType,
    /// The weight in thousandths; 0 excludes.
    quality: u16,
}

impl Accept {
    /// The ranges of all `Accept` fields of a request; without any, everything is accepted.
    ///
    /// # Errors
    /// Of kind [`Header`](ErrorKind::Header) when one is malformed.
    pub fn from_headers(headers: &HeaderMap) -> Result<Self> {
        let mut accept = Self::default();
        for value in headers.get_all(header::ACCEPT) {
            accept.ranges.append(&mut text(value, "Accept")?.parse::<Self>()?.ranges);
        }
        Ok(accept)
    }

    /// The format of those offered that the client prefers; of several that it likes equally, the first.
    ///
    /// For each format the most specific range counts: a media type with `charset=utf-8` before the media type alone,
    /// then `text/xml` for XML, then `application/*`, then `*/*`. Other parameters of a range mean nothing, since
    /// neither JSON nor XML has any, but a range with another charset does not match.
    ///
    /// # Errors
    /// Of kind [`NotAcceptable`](ErrorKind::NotAcceptable) when no range covers any of the formats, or its weight is 0.
    pub fn choose(&self, offered: &[Format]) -> Result<Format> {
        let mut best = None;
        for &format in offered {
            let quality = self.quality(format);
            if quality > best.map_or(0, |(_, quality)| quality) {
                best = Some((format, quality));
            }
        }
        match best {
            Some((format, _)) => Ok(format),
            None => Err(Error::new(ErrorKind::NotAcceptable, "no format that is offered is acceptable to the client")),
        }
    }

    fn quality(&self, format: Format) -> u16 {
        if self.ranges.is_empty() {
            return 1000;
        }
        let matches = self.ranges.iter().filter_map(|range| Some((range.specificity(format)?, range.quality)));
        matches.max().map_or(0, |(_, quality)| quality)
    }
}

impl Range {
    /// How specifically the range covers a format, if it does.
    fn specificity(&self, format: Format) -> Option<u8> {
        let specificity = match (self.media.type_name(), self.media.subtype(), format) {
            ("application", "json", Format::Json) | ("application", "xml", Format::Xml) => {
                if self.media.parameter("charset").is_some() { 5 } else { 4 }
            }
            ("text", "xml", Format::Xml) => 3,
            ("application", "*", _) => 2,
            ("*", "*", _) => 1,
            _ => return None,
        };
        self.media.other_charset().is_none().then_some(specificity)
    }

    fn take(cursor: &mut Cursor<'_>) -> Option<Self> {
        let mut media = MediaType::take(cursor, true)?;
        let quality = match media.take_weight() {
            Some(weight) => thousandths(&weight)?,
            None => 1000,
        };
        Some(Self { media, quality })
    }
}

/// The format of those offered that the `Accept` fields of a request prefer.
pub(crate) fn choose(headers: &HeaderMap, offered: &[Format]) -> Result<Format> {
    let mut values = headers.get_all(header::ACCEPT).iter().map(HeaderValue::as_bytes);
    let wanted = |format| offered.iter().copied().find(|&offered| offered == format);
    // What nearly all clients send need not be parsed.
    let plain = match (values.next(), values.next()) {
        (None | Some(b"*/*"), None) => offered.first().copied(),
        (Some(b"application/json"), None) => wanted(Format::Json),
        (Some(b"application/xml"), None) => wanted(Format::Xml),
        _ => None,
    };
    plain.map_or_else(|| Accept::from_headers(headers)?.choose(offered), Ok)
}

impl FromStr for Accept {
    type Err = Error;

    /// Parses the value of an `Accept` header. An empty one accepts everything.
    ///
    /// Two habits of clients are understood: `*` for `*/*`, and `.2` for `0.2`.
    ///
    /// # Errors
    /// Of kind [`Header`](ErrorKind::Header) when it is malformed.
    fn from_str(text: &str) -> Result<Self> {
        let mut cursor = Cursor::new(text);
        let mut ranges = Vec::new();
        let malformed = || Error::new(ErrorKind::Header, format!("Accept '{}' is malformed", printable(text)));
        loop {
            // Elements of a list may be empty.
            cursor.space();
            while cursor.eat(',') {
                cursor.space();
            }
            if cursor.is_done() {
                return Ok(Self { ranges });
            }
            ranges.push(Range::take(&mut cursor).ok_or_else(malformed)?);
            if !cursor.is_done() && !cursor.eat(',') {
                return Err(malformed());
            }
        }
    }
}

/// A weight: 0 to 1 with up to three decimals, in thousandths.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let decimals: u16 = format!("{decimals:0<3}").parse().ok()?;
    match (whole, decimals) {
        ("0", _) => Some(decimals),
        ("", _) if weight.len() > 1 => Some(decimals),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFERED: [Format; 2] = [Format::Json, Format::Xml];

    fn choice(text: &str) -> std::result::Result<Format, ErrorKind> {
        text.parse::<Accept>().and_then(|accept| accept.choose(&OFFERED)).map_err(|error| error.kind())
    }

    #[test]
    fn choices() {
        for (text, format) in [
            ("", Format::Json),
            (" , ,", Format::Json),
            ("*/*", Format::Json),
            ("application/*", Format::Json),
            ("application/xml", Format::Xml),
            ("APPLICATION/XML;Q=0.1", Format::Xml),
            ("text/xml", Format::Xml),
            ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", Format::Xml),
            ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", Format::Json),
            ("application/json, application/xml", Format::Json),
            ("application/xml, application/json", Format::Json),
            ("application/json;q=0.998,application/xml;q=0.999", Format::Xml),
            ("application/json;q=0, */*", Format::Xml),
            ("*/*, application/json;q=0.000", Format::Xml),
            ("application/*;q=0.5, */*;q=0, application/xml;q=0.6", Format::Xml),
            ("application/json;charset=utf-8;q=0.2, application/json, application/xml;q=0.3", Format::Xml),
            ("application/json;charset=latin1, application/xml;q=0.1", Format::Xml),
            ("application/json;v=2;q=0.1, application/json;v=1, application/xml;q=0.9", Format::Json),
            ("application/json;indent=4", Format::Json),
            ("application/json; a=\"x,y;q=0\" ;q=1 ; extension; other=\"1\", text/html", Format::Json),
            ("application/xml;q=0.4, text/xml, application/json;q=0.5", Format::Json),
        ] {
            assert_eq!(choice(text), Ok(format), "{text}");
        }
    }

    #[test]
    fn nothing_acceptable() {
        for text in [
            "text/html",
            "text/*",
            "application/json;q=0",
            "application/json;q=0, application/xml;q=0.0",
            "*/*;q=0",
            "application/json;charset=utf-16",
            "application/xml;q=0, text/xml, application/json;q=0",
        ] {
            assert_eq!(choice(text), Err(ErrorKind::NotAcceptable), "{text}");
        }
        assert_eq!(Accept::default().choose(&[]).unwrap_err().kind(), ErrorKind::NotAcceptable);
        let xml: Accept = "application/xml".parse().unwrap();
        assert_eq!(xml.choose(&[Format::Json]).unwrap_err().kind(), ErrorKind::NotAcceptable);
    }

    #[test]
    fn malformed() {
        for text in [
            "json",
            "application/",
            "application/json application/xml",
            "application/json;q",
            "application/json;q=",
            "application/json;q=2",
            "application/json;q=1.001",
            "application/json;q=0.1234",
            "application/json;q=.",
            "application/json;q=-1",
            "application/json;q=+0",
            "application/json;extension;q=1",
            "application/json;a=\"open",
            "application/json;\"a\"",
        ] {
            assert_eq!(choice(text), Err(ErrorKind::Header), "{text}");
        }
    }

    #[test]
    fn several_fields_are_one_list() {
        let mut headers = HeaderMap::new();
        assert_eq!(Accept::from_headers(&headers).unwrap(), Accept::default());
        headers.append("accept", "application/json;q=0.1".parse().unwrap());
        headers.append("accept", "application/xml".parse().unwrap());
        assert_eq!(Accept::from_headers(&headers).unwrap().choose(&OFFERED).unwrap(), Format::Xml);
        headers.append("accept", "?".parse().unwrap());
        assert_eq!(Accept::from_headers(&headers).unwrap_err().kind(), ErrorKind::Header);
    }
}

//! Media types of messages (4.1.4).

use std::fmt;
use std::str::FromStr;

use cimi_model::{Format, printable};
use http::{HeaderMap, HeaderValue, header};

use crate::syntax::{Cursor, is_token};
use crate::{Error, ErrorKind, Result};

/// A media type: type, subtype and parameters (RFC 9110, 8.3.1).
///
/// ```
/// use cimi_model::Format;
/// use cimi_protocol::MediaType;
///
/// let media_type: MediaType = "Application/JSON; Charset=\"UTF-8\"".parse()?;
/// assert_eq!(media_type.to_string(), "application/json;charset=UTF-8");
/// assert_eq!(media_type.format()?, Format::Json);
/// # Ok::<(), cimi_protocol::Error>(())
/// ```
///
/// Type, subtype and the names of parameters do not depend on case and are held in lower case. The values of
/// parameters are kept as they came; equality is that of the texts and of the order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MediaType {
    type_name: String,
    subtype: String,
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// The type, for example `application`.
    #[must_use]
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// The subtype, for example `json`.
    #[must_use]
    pub fn subtype(&self) -> &str {
        &self.subtype
    }

    /// The value of the first parameter with this name, in any case.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The parameters, in their order: name and value.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The format of a body with this media type.
    ///
    /// CIMI has `application/json` and `application/xml` (4.1.4). `text/xml`, which RFC 7303 makes another name of the
    /// latter, is understood as well. Where a charset is stated, it must be UTF-8; other parameters mean nothing.
    ///
    /// # Errors
    /// Of kind [`MediaType`](ErrorKind::MediaType) for every other media type and charset.
    pub fn format(&self) -> Result<Format> {
        let format = match (self.type_name(), self.subtype()) {
            ("application", "json") => Format::Json,
            ("application" | "text", "xml") => Format::Xml,
            (type_name, subtype) => {
                let name = printable(&format!("{type_name}/{subtype}"));
                let reason = format!("the media type '{name}' is neither application/json nor application/xml");
                return Err(Error::new(ErrorKind::MediaType, reason));
            }
        };
        match self.other_charset() {
            None => Ok(format),
            Some(charset) => {
                let reason = format!("the charset '{}' is not UTF-8", printable(charset));
                Err(Error::new(ErrorKind::MediaType, reason))
            }
        }
    }

    /// A charset that is stated and is not UTF-8. Some peers leave the hyphen out.
    pub(crate) fn other_charset(&self) -> Option<&str> {
        let utf8 = |value: &str| value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("utf8");
        self.parameters().find(|(name, value)| *name == "charset" && !utf8(value)).map(|(_, value)| value)
    }

    /// Removes the weight and what follows it, and gives the weight.
    pub(crate) fn take_weight(&mut self) -> Option<String> {
        let at = self.parameters.iter().position(|(name, _)| name == "q")?;
        self.parameters.drain(at..).next().map(|(_, weight)| weight)
    }

    /// A media type, or a media range with its weight among the parameters, up to what cannot belong to it.
    ///
    /// In a range `*` is taken for `*/*`, which some clients send, and extensions after the weight need no value
    /// (RFC 7231, 5.3.2).
    pub(crate) fn take(cursor: &mut Cursor<'_>, range: bool) -> Option<Self> {
        let type_name = cursor.token()?.to_ascii_lowercase();
        let subtype = match cursor.eat('/') {
            true => cursor.token()?.to_ascii_lowercase(),
            false if range && type_name == "*" => type_name.clone(),
            false => return None,
        };
        let mut parameters = Vec::new();
        let mut weighted = false;
        loop {
            cursor.space();
            if !cursor.eat(';') {
                return Some(Self { type_name, subtype, parameters });
            }
            cursor.space();
            // Semicolons may follow each other.
            let Some(name) = cursor.token() else { continue };
            if cursor.eat('=') {
                let name = name.to_ascii_lowercase();
                weighted |= range && name == "q";
                parameters.push((name, cursor.token_or_quoted()?));
            } else if !weighted {
                return None;
            }
        }
    }
}

impl FromStr for MediaType {
    type Err = Error;

    /// Parses the value of a `Content-Type` header.
    ///
    /// # Errors
    /// Of kind [`Header`](ErrorKind::Header) when it is not a media type.
    fn from_str(text: &str) -> Result<Self> {
        let mut cursor = Cursor::new(text);
        cursor.space();
        let media_type = Self::take(&mut cursor, false)
            .filter(|found| cursor.is_done() && found.type_name != "*" && found.subtype != "*");
        media_type.ok_or_else(|| Error::new(ErrorKind::Header, format!("'{}' is not a media type", printable(text))))
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.type_name, self.subtype)?;
        for (name, value) in self.parameters() {
            if is_token(value) {
                write!(f, ";{name}={value}")?;
            } else {
                write!(f, ";{name}=\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))?;
            }
        }
        Ok(())
    }
}

/// The value of the `Content-Type` header of a body in this format, and of an `Accept` header that asks for it.
///
/// Without a charset: JSON has none to state, and the XML of this library says by itself that it is UTF-8.
#[must_use]
pub fn content_type(format: Format) -> HeaderValue {
    HeaderValue::from_static(match format {
        Format::Xml => "application/xml",
        _ => "application/json",
    })
}

/// The format of the body of a message, from its `Content-Type` header.
///
/// # Errors
/// Of kind [`MediaType`](ErrorKind::MediaType) when the header is absent or names what CIMI does not have, and
/// [`Header`](ErrorKind::Header) when it is malformed or there are several that differ.
pub fn content_format(headers: &HeaderMap) -> Result<Format> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let Some(value) = values.next() else {
        return Err(Error::new(ErrorKind::MediaType, "the body has no media type: there is no Content-Type"));
    };
    if values.any(|other| other != value) {
        return Err(Error::new(ErrorKind::Header, "there are several Content-Type fields"));
    }
    match value.as_bytes() {
        // What nearly all messages have.
        b"application/json" => Ok(Format::Json),
        b"application/xml" => Ok(Format::Xml),
        _ => text(value, "Content-Type")?.parse::<MediaType>()?.format(),
    }
}

/// The text of a header field.
pub(crate) fn text<'v>(value: &'v HeaderValue, name: &str) -> Result<&'v str> {
    std::str::from_utf8(value.as_bytes())
        .map_err(|error| Error::new(ErrorKind::Header, format!("{name} is not text")).caused_by(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(text: &str) -> std::result::Result<Format, ErrorKind> {
        text.parse::<MediaType>().and_then(|found| found.format()).map_err(|error| error.kind())
    }

    #[test]
    fn formats() {
        for json in [
            "application/json",
            "APPLICATION/Json",
            " application/json ",
            "application/json;charset=utf-8",
            "application/json ;\tCharSet=\"UTF-8\" ; a=b",
            "application/json;;",
            "application/json; charset=utf8; profile=\"a;b,\\\"c\\\"\"",
        ] {
            assert_eq!(format(json), Ok(Format::Json), "{json}");
        }
        for xml in ["application/xml", "text/xml", "text/XML; charset=utf-8"] {
            assert_eq!(format(xml), Ok(Format::Xml), "{xml}");
        }
    }

    #[test]
    fn unsupported() {
        for text in [
            "text/html;charset=utf-8",
            "text/json",
            "application/*+json",
            "application/problem+json",
            "application/json; charset=iso-8859-1",
            "application/xml; charset=UTF-16",
            "application/json; charset=utf-8; charset=latin1",
            "application/json; charset=\"\"",
        ] {
            assert_eq!(format(text), Err(ErrorKind::MediaType), "{text}");
        }
    }

    #[test]
    fn malformed() {
        for text in [
            "",
            "*",
            "*/*",
            "application/*",
            "json",
            "application/",
            "/json",
            "application /json",
            "application/json charset=utf-8",
            "application/json; charset",
            "application/json; q=1; charset",
            "application/json; charset=",
            "application/json; charset =utf-8",
            "application/json; charset=\"utf-8",
            "application/json, application/xml",
            "application/jsön",
        ] {
            assert_eq!(format(text), Err(ErrorKind::Header), "{text}");
        }
    }

    #[test]
    fn parameters() {
        let media_type: MediaType = "Text/Plain; Format=Flowed; x=\"a \\\"b\\\\\"; X=2".parse().unwrap();
        assert_eq!((media_type.type_name(), media_type.subtype()), ("text", "plain"));
        assert_eq!(media_type.parameter("FORMAT"), Some("Flowed"));
        assert_eq!(media_type.parameter("x"), Some("a \"b\\"));
        assert_eq!(media_type.parameter("y"), None);
        assert_eq!(media_type.to_string(), r#"text/plain;format=Flowed;x="a \"b\\";x=2"#);
    }

    #[test]
    fn headers() {
        let kind = |values: &[&[u8]]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::CONTENT_TYPE, HeaderValue::from_bytes(value).unwrap());
            }
            content_format(&headers).map_err(|error| error.kind())
        };
        assert_eq!(kind(&[b"text/xml"]), Ok(Format::Xml));
        assert_eq!(kind(&[b"text/xml", b"text/xml"]), Ok(Format::Xml));
        assert_eq!(kind(&[]), Err(ErrorKind::MediaType));
        assert_eq!(kind(&[b"text/xml", b"application/json"]), Err(ErrorKind::Header));
        assert_eq!(kind(&[b"text/xml; a=\"\xFF\""]), Err(ErrorKind::Header));
    }

    #[test]
    fn written_types_are_read() {
        for format in [Format::Json, Format::Xml] {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, content_type(format))]);
            assert_eq!(content_format(&headers).unwrap(), format);
        }
    }
}

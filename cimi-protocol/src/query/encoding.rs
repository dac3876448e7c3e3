//! `$format`: the format of the answer (4.1.6.5).

use std::fmt;

use cimi_model::{Format, printable};
use http::HeaderMap;

use super::Query;
use crate::{Error, ErrorKind, Result, accept};

/// The encoding that `$format` asks for (DSP0263 4.1.6.5).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// `json` or `xml`, in any case.
    Format(Format),
    /// Another word: a provider may support others, and looks here for them before it chooses.
    Other(String),
}

impl Encoding {
    /// The format, if it is one of the standard's.
    #[must_use]
    pub const fn format(&self) -> Option<Format> {
        match self {
            Self::Format(format) => Some(*format),
            Self::Other(_) => None,
        }
    }
}

impl From<Format> for Encoding {
    fn from(format: Format) -> Self {
        Self::Format(format)
    }
}

impl From<&str> for Encoding {
    fn from(text: &str) -> Self {
        match text {
            _ if text.eq_ignore_ascii_case("json") => Self::Format(Format::Json),
            _ if text.eq_ignore_ascii_case("xml") => Self::Format(Format::Xml),
            _ => Self::Other(text.to_owned()),
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format(Format::Xml) => "xml",
            Self::Format(_) => "json",
            Self::Other(text) => text,
        })
    }
}

impl Query {
    /// The format that the answer to a request goes out in: that of `$format`, which takes precedence over the `Accept`
    /// header, else the one of those offered that [`Accept`](crate::Accept) prefers (DSP0263 4.1.6.5).
    ///
    /// ```
    /// use cimi_model::Format;
    /// use cimi_protocol::query::Query;
    ///
    /// let offered = [Format::Json, Format::Xml];
    /// let request = http::Request::get("/machines?$format=Xml").header("Accept", "application/json").body(())?;
    /// let query = Query::of(request.uri(), &Default::default())?;
    /// assert_eq!(query.choose_format(request.headers(), &offered)?, Format::Xml);
    /// assert_eq!(Query::default().choose_format(request.headers(), &offered)?, Format::Json);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`NotAcceptable`](ErrorKind::NotAcceptable) when what is asked for is not offered, and
    /// [`Header`](ErrorKind::Header) when `Accept` counts and is malformed.
    pub fn choose_format(&self, headers: &HeaderMap, offered: &[Format]) -> Result<Format> {
        match &self.format {
            None => accept::choose(headers, offered),
            Some(Encoding::Format(format)) if offered.contains(format) => Ok(*format),
            Some(other) => {
                let reason = format!("the format '{}' of $format is not offered", printable(&other.to_string()));
                Err(Error::new(ErrorKind::NotAcceptable, reason))
            }
        }
    }
}

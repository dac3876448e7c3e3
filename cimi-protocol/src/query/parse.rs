//! From a query string to a [`Query`].

use std::borrow::Cow;
use std::str::FromStr;

use cimi_model::filter::Filter;
use cimi_model::printable;

use super::encoding::Encoding;
use super::names::listed;
use super::parameters::{Decoded, split};
use super::{Expand, Query, QueryOptions, Select};
use crate::{Error, ErrorKind, Result};

impl Query {
    /// Parses a query string as it stands in a URI, with or without its question mark.
    ///
    /// Names and values are percent-decoded, and `+` is a space as HTML forms have it, except for the sign of an offset
    /// in a dateTime. Of `$first`, `$last` and `$format` the first appearance counts; the values of the others are
    /// taken together, in their order. Where the standard says nothing: numbers may have a sign, and are taken for the
    /// nearest that the type holds, since none is an error that is only out of bounds (4.1.6.2); an empty `$format`,
    /// `$first` or `$last` is the same as none.
    ///
    /// # Errors
    /// Of kind [`Query`](ErrorKind::Query) when a parameter of the standard is malformed, for a filter with the offset in
    /// its decoded text, or there are more names than
    /// `options` allow, and [`UriTooLong`](ErrorKind::UriTooLong) when the text is longer.
    pub fn parse_with(text: &str, options: &QueryOptions) -> Result<Self> {
        if text.len() > options.length {
            let reason = format!("the query is longer than {} bytes", options.length);
            return Err(Error::new(ErrorKind::UriTooLong, reason));
        }
        let mut parser = Parser { options, query: Self::default(), select: None, expand: None, names: 0 };
        for (name, value) in split(text.strip_prefix('?').unwrap_or(text)) {
            parser.parameter(name, value)?;
        }
        let Parser { query, select, expand, .. } = parser;
        Ok(Self { select: select.map(Select::of), expand: expand.map(Expand::of), ..query })
    }
}

impl FromStr for Query {
    type Err = Error;

    /// As [`parse_with`](Self::parse_with), with the default options.
    ///
    /// # Errors
    /// As [`parse_with`](Self::parse_with).
    fn from_str(text: &str) -> Result<Self> {
        Self::parse_with(text, &QueryOptions::default())
    }
}

struct Parser<'o> {
    options: &'o QueryOptions,
    query: Query,
    /// The names of `$select`, if there is any.
    select: Option<Vec<String>>,
    /// The names of `$expand`, if there is any.
    expand: Option<Vec<String>>,
    /// How many names there are in all.
    names: usize,
}

impl Parser<'_> {
    fn parameter(&mut self, name: Decoded<'_>, value: Decoded<'_>) -> Result<()> {
        match name.as_deref() {
            Ok("$filter") => self.filter(&text("$filter", value)?),
            Ok("$select") => self.select(&text("$select", value)?),
            Ok("$expand") => self.expand(&text("$expand", value)?),
            Ok("$orderby") => self.order_by(&text("$orderby", value)?),
            Ok("$first") if self.query.first.is_none() => {
                self.query.first = position("$first", &text("$first", value)?)?;
                Ok(())
            }
            Ok("$last") if self.query.last.is_none() => {
                self.query.last = position("$last", &text("$last", value)?)?;
                Ok(())
            }
            Ok("$format") if self.query.format.is_none() => {
                self.query.format = Some(&*text("$format", value)?).filter(|text| !text.is_empty()).map(Encoding::from);
                Ok(())
            }
            Ok("$first" | "$last" | "$format") => Ok(()),
            _ => {
                self.query.other.push((lossy(name), lossy(value)));
                Ok(())
            }
        }
    }

    fn filter(&mut self, value: &str) -> Result<()> {
        self.count()?;
        let filter = Filter::parse(value, &self.options.filter);
        let malformed = |error| Error::new(ErrorKind::Query, format!("$filter '{}': {error}", printable(value)));
        self.query.filter.push(filter.map_err(malformed)?);
        Ok(())
    }

    fn select(&mut self, value: &str) -> Result<()> {
        let names = self.counted(listed(value))?;
        self.select.get_or_insert_default().extend(names);
        Ok(())
    }

    fn expand(&mut self, value: &str) -> Result<()> {
        let names = self.counted(listed(value))?;
        self.expand.get_or_insert_default().extend(names);
        Ok(())
    }

    fn order_by(&mut self, value: &str) -> Result<()> {
        for part in self.counted(listed(value))? {
            self.query.order_by.push(part.parse()?);
        }
        Ok(())
    }

    /// The names, unless they are too many.
    fn counted<'n>(&mut self, names: impl Iterator<Item = &'n str>) -> Result<Vec<String>> {
        names.map(|name| self.count().map(|()| name.to_owned())).collect()
    }

    fn count(&mut self) -> Result<()> {
        self.names += 1;
        if self.names > self.options.names {
            let reason = format!("the query has more than {} names and filters", self.options.names);
            return Err(Error::new(ErrorKind::Query, reason));
        }
        Ok(())
    }
}

fn lossy(text: Decoded<'_>) -> String {
    text.map_or_else(|bytes| String::from_utf8_lossy(&bytes).into_owned(), Into::into)
}

fn text<'v>(name: &str, value: Decoded<'v>) -> Result<Cow<'v, str>> {
    value.map_err(|_| Error::new(ErrorKind::Query, format!("the value of {name} is not UTF-8")))
}

/// A position in a collection. One that no collection has, be it negative or astronomic, is out of bounds and no error.
fn position(name: &str, text: &str) -> Result<Option<u64>> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    match digits {
        _ if text.is_empty() => Ok(None),
        "" => Err(not_a_number(name, text)),
        digits if !digits.bytes().all(|byte| byte.is_ascii_digit()) => Err(not_a_number(name, text)),
        _ if negative => Ok(Some(0)),
        digits => Ok(Some(digits.parse().unwrap_or(u64::MAX))),
    }
}

fn not_a_number(name: &str, text: &str) -> Error {
    Error::new(ErrorKind::Query, format!("{name} '{}' is not a number", printable(text)))
}

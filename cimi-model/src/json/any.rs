//! Values of any type in JSON.

use std::borrow::Cow;

use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::any::{Any, Number};
use crate::bytes::any_byte;
use crate::context::Context;
use crate::error::{Step, printable};
use crate::object::Object;
use crate::{ErrorKind, Result};

/// The value of a JSON text that `serde_json` has found well-formed.
pub(crate) fn read(text: &str, context: &mut Context) -> Result<Any> {
    let mut scanner = Scanner { text, at: 0 };
    scanner.value(context)
}

/// The string of a JSON string literal that is known to be well-formed.
pub(crate) fn unquote(literal: &str) -> Option<Cow<'_, str>> {
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    if any_byte(inner, |b| b == b'\\') {
        serde_json::from_str(literal).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

/// The value of a well-formed JSON text that is no array and no object.
pub(super) fn read_scalar(text: &str) -> Any {
    match text {
        "true" => Any::Boolean(true),
        "false" => Any::Boolean(false),
        _ => match unquote(text) {
            Some(string) => Any::String(string.into_owned()),
            None => Number::parse(text).map_or(Any::Null, Any::Number),
        },
    }
}

/// Walks over well-formed JSON. `serde_json` itself gives numbers up as text only one at a time, and scanning each
/// level for the next would take quadratic time.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&mut self) -> u8 {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// Consumes up to the first byte that `stop` accepts.
    fn until(&mut self, stop: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.bytes().position(stop).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut at = start + 1;
        loop {
            match bytes.get(at)? {
                b'"' => break,
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        self.at = at + 1;
        unquote(self.text.get(start..self.at)?).map(Cow::into_owned)
    }

    fn value(&mut self, context: &mut Context) -> Result<Any> {
        context.count()?;
        match self.peek() {
            b'{' => self.object(context),
            b'[' => self.array(context),
            b'"' => self.string().map(Any::String).ok_or_else(|| bad(context)),
            _ => match self.until(|b| matches!(b, b',' | b']' | b'}') || b.is_ascii_whitespace()) {
                "null" => Ok(Any::Null),
                "true" => Ok(Any::Boolean(true)),
                "false" => Ok(Any::Boolean(false)),
                number => Number::parse(number).map(Any::Number).ok_or_else(|| bad(context)),
            },
        }
    }

    fn object(&mut self, context: &mut Context) -> Result<Any> {
        let mut members = Object::new();
        context.enter()?;
        self.at += 1;
        while self.peek() != b'}' {
            let key = self.string().ok_or_else(|| bad(context))?;
            check_key(&key, context)?;
            self.peek();
            self.at += 1;
            // One level of XML is three of JSON there: a member, an array, an object.
            let levels = if key == "#content" { 2 } else { 0 };
            context.depth = context.depth.saturating_sub(levels);
            let value = context.at(|| Step::Owned(key.clone()), |context| self.value(context))?;
            context.depth += levels;
            members.push(context.keys.key(&key), value);
            if self.peek() == b',' {
                self.at += 1;
                self.peek();
            }
        }
        self.at += 1;
        if let Some(key) = members.duplicate() {
            return Err(duplicate(key, context));
        }
        context.leave();
        Ok(Any::Object(members))
    }

    fn array(&mut self, context: &mut Context) -> Result<Any> {
        let mut items = Vec::new();
        context.enter()?;
        self.at += 1;
        while self.peek() != b']' {
            items.push({
                let index = items.len();
                context.at(|| Step::Index(index), |context| self.value(context))?
            });
            if self.peek() == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
        context.leave();
        Ok(Any::Array(items))
    }
}

fn bad(context: &Context) -> crate::Error {
    context.error(ErrorKind::Syntax, "not well-formed JSON")
}

pub(crate) fn duplicate(key: &str, context: &Context) -> crate::Error {
    context.error(ErrorKind::Duplicate, format!("the member '{}' occurs twice", printable(key)))
}

pub(crate) fn check_key(key: &str, context: &Context) -> Result<()> {
    if key.len() > context.limits.name {
        return Err(context.error(ErrorKind::Limit, format!("a name longer than {} bytes", context.limits.name)));
    }
    Ok(())
}

impl Serialize for Any {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(members) => serializer.collect_map(members.iter()),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        if let Some(value) = self.as_i64().filter(|value| value.to_string() == self.as_str()) {
            return serializer.serialize_i64(value);
        }
        let raw = RawValue::from_string(self.as_str().to_owned()).map_err(S::Error::custom)?;
        raw.serialize(serializer)
    }
}

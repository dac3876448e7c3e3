//! Values of any type, for the quick reader.

use super::any::check_key;
use super::quick::{GiveUp, Outcome, Quick};
use crate::any::{Any, Number};
use crate::key::Key;
use crate::object::Object;

impl Quick<'_, '_> {
    /// The key of an extension, pair or member.
    pub(super) fn key(&mut self) -> Outcome<Key> {
        let name = self.cursor.string()?;
        self.cursor.take(b':')?;
        self.shared(&name)
    }

    /// The key of this name.
    pub(super) fn shared(&mut self, name: &str) -> Outcome<Key> {
        check_key(name, self.context)?;
        Ok(self.context.keys.key(name))
    }

    /// A value of any type.
    pub(super) fn any(&mut self) -> Outcome<Any> {
        self.context.count()?;
        match self.cursor.peek().ok_or(GiveUp)? {
            b'"' => Ok(Any::String(self.cursor.owned_string()?)),
            b'{' => self.object(),
            b'[' => self.array(),
            b't' | b'f' => self.cursor.boolean().map(Any::Boolean),
            b'n' if self.cursor.word("null") => Ok(Any::Null),
            _ => Number::parse(self.cursor.number()?).map(Any::Number).ok_or(GiveUp),
        }
    }

    fn object(&mut self) -> Outcome<Any> {
        let mut members = Object::new();
        self.cursor.take(b'{')?;
        self.enter()?;
        while self.follows(members.is_empty(), b'}')? {
            let key = self.key()?;
            // Mixed content counts its levels otherwise.
            if *key == *"#content" {
                return Err(GiveUp);
            }
            let value = self.any()?;
            members.push(key, value);
        }
        self.context.leave();
        if members.duplicate().is_some() { Err(GiveUp) } else { Ok(Any::Object(members)) }
    }

    fn array(&mut self) -> Outcome<Any> {
        let mut items = Vec::new();
        self.cursor.take(b'[')?;
        self.enter()?;
        while self.follows(items.is_empty(), b']')? {
            items.push(self.any()?);
        }
        self.context.leave();
        Ok(Any::Array(items))
    }
}

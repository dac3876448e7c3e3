//! The pieces that header fields are made of (RFC 9110, 5.6).

/// What is left of a field value.
pub(crate) struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// Skips optional white space.
    pub(crate) fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    /// Takes the character if it is next.
    pub(crate) fn eat(&mut self, expected: char) -> bool {
        self.rest.strip_prefix(expected).map(|rest| self.rest = rest).is_some()
    }

    /// `token`, which is not empty.
    pub(crate) fn token(&mut self) -> Option<&'a str> {
        let end = self.rest.find(|c| !is_token_char(c)).unwrap_or(self.rest.len());
        let (token, rest) = self.rest.split_at_checked(end).filter(|(token, _)| !token.is_empty())?;
        self.rest = rest;
        Some(token)
    }

    /// `token` or `quoted-string`, without quotes and escapes.
    pub(crate) fn token_or_quoted(&mut self) -> Option<String> {
        if !self.eat('"') {
            return self.token().map(str::to_owned);
        }
        let mut value = String::new();
        let mut chars = self.rest.chars();
        loop {
            let c = match chars.next()? {
                '"' => break,
                '\\' => chars.next()?,
                c => c,
            };
            if c.is_ascii_control() && c != '\t' {
                return None;
            }
            value.push(c);
        }
        self.rest = chars.as_str();
        Some(value)
    }
}

/// Whether a text is a `token`.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_token_char)
}

fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_strings() {
        let mut cursor = Cursor::new("a+b; \t\"c \\\"d\\\\\té\"rest");
        assert_eq!(cursor.token(), Some("a+b"));
        assert!(cursor.token().is_none() && !cursor.eat(',') && cursor.eat(';'));
        cursor.space();
        assert_eq!(cursor.token_or_quoted().as_deref(), Some("c \"d\\\té"));
        assert_eq!(cursor.token_or_quoted().as_deref(), Some("rest"));
        assert!(cursor.is_done() && cursor.token_or_quoted().is_none());
    }

    #[test]
    fn broken_strings() {
        for text in ["\"open", "\"open\\", "\"open\\\"", "\"control\u{1}\"", "\"control\\\n\""] {
            assert_eq!(Cursor::new(text).token_or_quoted(), None, "{text:?}");
        }
    }
}

//! Texts with wildcards and variables.

/// A piece of a text after variables have been replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// As it is written: `*` and `?` may be wildcards.
    Written(&'a str),
    /// What stands for a variable: nothing in it is a wildcard.
    Meant(String),
}

/// Finds the value of a variable.
pub(super) type Lookup<'l> = &'l dyn Fn(&str) -> Option<String>;

/// Replaces the variables of a text: `${key}`, `${key, 'default'}`, and `${*}`, `${?}` and `${$}` for the characters
/// themselves. Without a function that looks them up, there are none.
///
/// `Err` has the name of a variable without a value.
pub(super) fn replaced<'a>(text: &'a str, lookup: Option<Lookup<'_>>) -> Result<Vec<Piece<'a>>, &'a str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(lookup) = lookup
        && let Some((before, after)) = rest.split_once("${")
        && let Some((inside, after)) = after.split_once('}')
    {
        pieces.push(Piece::Written(before));
        rest = after;
        pieces.push(Piece::Meant(match inside {
            "*" | "?" | "$" => inside.to_owned(),
            _ => {
                let (key, default) = inside.split_once(',').map_or((inside, None), |(key, rest)| (key, Some(rest)));
                let default = default.and_then(|text| text.trim().strip_prefix('\'')?.strip_suffix('\''));
                lookup(key.trim()).or_else(|| default.map(str::to_owned)).ok_or(inside)?
            }
        }));
    }
    pieces.push(Piece::Written(rest));
    Ok(pieces)
}

/// The text of pieces in which nothing is a wildcard.
pub(super) fn joined(pieces: &[Piece<'_>]) -> String {
    let text = |piece| match piece {
        &Piece::Written(text) => text,
        Piece::Meant(text) => text.as_str(),
    };
    pieces.iter().map(text).collect()
}

/// What a text must be like: the parts between the `*`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pattern {
    first: Part,
    rest: Vec<Part>,
}

impl Pattern {
    /// The pattern of pieces; `*` stands for any characters, `?` for any one.
    pub(super) fn new(pieces: &[Piece<'_>]) -> Self {
        Self::split(pieces, 1).pop().unwrap_or_default()
    }

    /// The patterns between the colons that are written; the last one, if they are so many, has all that remains.
    pub(super) fn split(pieces: &[Piece<'_>], most: usize) -> Vec<Self> {
        let mut all = Vec::new();
        let mut parts = Vec::new();
        let mut part = Part::default();
        for piece in pieces {
            let (text, is_written) = match piece {
                Piece::Written(text) => (*text, true),
                Piece::Meant(text) => (text.as_str(), false),
            };
            for character in text.chars() {
                match character {
                    '*' if is_written => parts.push(std::mem::take(&mut part)),
                    '?' if is_written => part.push(None),
                    ':' if is_written && all.len() + 1 < most => {
                        parts.push(std::mem::take(&mut part));
                        all.extend(Self::of(std::mem::take(&mut parts)));
                    }
                    _ => part.push(Some(character)),
                }
            }
        }
        parts.push(part);
        all.extend(Self::of(parts));
        all
    }

    fn of(parts: Vec<Part>) -> Option<Self> {
        let mut parts = parts.into_iter();
        Some(Self { first: parts.next()?, rest: parts.collect() })
    }

    /// Whether a text matches. Each part is looked for where the one before it ends and nowhere else again, so that the
    /// time is that of finding texts in a text.
    pub(super) fn matches(&self, text: &str) -> bool {
        let Some((last, middle)) = self.rest.split_last() else {
            return self.first.after(text).is_some_and(str::is_empty);
        };
        let found =
            self.first.after(text).and_then(|left| middle.iter().try_fold(left, |left, part| part.after_first(left)));
        found.is_some_and(|left| last.ends(left))
    }
}

/// What stands between two `*`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Part {
    /// `None` is any character.
    characters: Vec<Option<char>>,
    /// The characters that are not any.
    text: String,
}

impl Part {
    fn push(&mut self, character: Option<char>) {
        self.text.extend(character);
        self.characters.push(character);
    }

    /// What follows, if the text begins so.
    fn after<'t>(&self, text: &'t str) -> Option<&'t str> {
        let mut left = text.chars();
        for wanted in &self.characters {
            let found = left.next()?;
            if wanted.is_some_and(|wanted| wanted != found) {
                return None;
            }
        }
        Some(left.as_str())
    }

    /// What follows the first place where the text has this.
    fn after_first<'t>(&self, text: &'t str) -> Option<&'t str> {
        if !self.characters.contains(&None) {
            return text.split_once(self.text.as_str()).map(|(_, after)| after);
        }
        text.char_indices().find_map(|(at, _)| self.after(text.get(at..)?))
    }

    fn ends(&self, text: &str) -> bool {
        let mut left = text.chars().rev();
        self.characters
            .iter()
            .rev()
            .all(|wanted| left.next().is_some_and(|found| wanted.is_none_or(|wanted| wanted == found)))
    }
}

//! Qualifiers of properties: `MinLen(1) MaxLen(20) ValueMap{"a","b"}`.

/// A qualifier and its arguments.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Qualifier<'q> {
    pub(super) name: &'q str,
    pub(super) arguments: Vec<String>,
}

/// The qualifiers of a text, separated by blanks or commas. What is none ends the list.
pub(super) fn parse(text: &str) -> Vec<Qualifier<'_>> {
    let mut qualifiers = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',' || c == ';');
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
        let Some((name, after)) = rest.split_at_checked(end).filter(|(name, _)| !name.is_empty()) else {
            return qualifiers;
        };
        let (arguments, after) = arguments(after.trim_start());
        qualifiers.push(Qualifier { name, arguments });
        rest = after;
    }
}

/// The arguments that a text begins with, in brackets of any kind, and the rest.
pub(super) fn arguments(text: &str) -> (Vec<String>, &str) {
    let close = match text.chars().next() {
        Some('(') => ')',
        Some('{') => '}',
        Some('[') => ']',
        _ => return (Vec::new(), text),
    };
    let (mut arguments, mut current) = (Vec::new(), String::new());
    let (mut quoted, mut was_quoted) = (false, false);
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if quoted => current.extend(chars.next().map(|(_, c)| c)),
            '"' => (quoted, was_quoted) = (!quoted, true),
            c if quoted => current.push(c),
            c if c == ',' || c == close => {
                let argument = std::mem::take(&mut current);
                if was_quoted || !argument.trim().is_empty() {
                    arguments.push(if was_quoted { argument } else { argument.trim().to_owned() });
                }
                was_quoted = false;
                if c == close {
                    return (arguments, text.get(at + c.len_utf8()..).unwrap_or_default());
                }
            }
            c if c.is_whitespace() && (was_quoted || current.is_empty()) => {}
            c => current.push(c),
        }
    }
    (arguments, "")
}

/// The ends of a range such as `1..20`, `..20` or `1..`; `None` if it is none.
pub(super) fn range<T: std::str::FromStr>(text: &str) -> Option<(Option<T>, Option<T>)> {
    let (least, most) = text.split_once("..")?;
    let end = |text: &str| match text.trim() {
        "" => Some(None),
        text => text.parse().ok().map(Some),
    };
    Some((end(least)?, end(most)?))
}

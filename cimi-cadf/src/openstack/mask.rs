//! Credentials that must not be read.

use cimi_model::Any;

use crate::Credential;

/// What stands in place of the hidden part of a token.
pub const MASK: &str = " xxxxxxxx ";

/// A token with all but an eighth of it at either end hidden, 32 characters at most, as `OpenStack` writes tokens.
///
/// Of tokens so short that this eighth is less than a character, nothing is left; pycadf leaves those whole.
///
/// ```
/// use cimi_cadf::openstack::mask;
///
/// assert_eq!(mask("gAAAAABk0123456789abcdef"), "gAA xxxxxxxx def");
/// assert_eq!(mask("abc"), " xxxxxxxx ");
/// ```
#[must_use]
pub fn mask(token: &str) -> String {
    let visible = visible(token.chars().count());
    let head: String = token.chars().take(visible).collect();
    let tail: Vec<char> = token.chars().rev().take(visible).collect();
    format!("{head}{MASK}{}", tail.iter().rev().collect::<String>())
}

/// An eighth, rounded to the nearer number and from the middle to the even one.
fn visible(length: usize) -> usize {
    let (eighth, rest) = (length / 8, length % 8);
    let up = rest > 4 || rest == 4 && eighth % 2 == 1;
    (eighth + usize::from(up)).min(32)
}

impl Credential {
    /// Hides the token, unless it is hidden already; says whether it did. Of a token that is no text nothing is left.
    pub fn mask_token(&mut self) -> bool {
        let masked = match &self.token {
            None => return false,
            Some(Any::String(token)) if token.contains(MASK) => return false,
            Some(Any::String(token)) => mask(token),
            Some(_) => MASK.to_owned(),
        };
        self.token = Some(masked.into());
        true
    }
}

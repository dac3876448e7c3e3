//! What the types have in common that are texts and, where they conform, URI references.

use percent_encoding::{AsciiSet, CONTROLS};

/// What RFC 3986 excludes everywhere. The mark that such bytes are written with is not among it.
pub(crate) const EXCLUDED: &AsciiSet =
    &CONTROLS.add(b' ').add(b'<').add(b'>').add(b'"').add(b'{').add(b'}').add(b'|').add(b'\\').add(b'^').add(b'`');

/// Gives a type around a `String` its conversions, and makes it a scalar that is a URI reference and not empty. The last
/// argument is what is understood of a text that is none.
macro_rules! uri_text {
    ($type:ident, $expected:literal, $understood:expr) => {
        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $type {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $type {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&self.0, f)
            }
        }

        impl cimi_model::Scalar for $type {
            const KIND: cimi_model::meta::Kind = cimi_model::meta::Kind::Uri;
            const EXPECTED: &'static str = $expected;

            /// Refuses the empty text, and characters that no URI has.
            fn parse(text: &str) -> Option<Self> {
                <Self as cimi_model::Scalar>::is_conforming(text).then(|| Self(text.to_owned()))
            }

            fn is_conforming(text: &str) -> bool {
                !text.is_empty() && <cimi_model::Uri as cimi_model::Scalar>::is_conforming(text)
            }

            /// Sources write what they like.
            fn recover(text: &str) -> Option<Self> {
                let understood: fn(&str) -> &str = $understood;
                Some(Self(understood(text).to_owned()))
            }

            fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

pub(crate) use uri_text;

//! What others wrote, as the types of CADF have it.

use cimi_model::Scalar;
use percent_encoding::utf8_percent_encode;

use crate::text::EXCLUDED;
use crate::validate::relative;
use crate::{Identifier, Path, Tag, Taxonomy, resource};

/// A text as part of a URI. What is encoded already stays as it is.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, EXCLUDED).to_string()
}

/// The identifier that a text is, or becomes when what no URI has is encoded.
pub(super) fn identifier(text: &str) -> Identifier {
    if text.is_empty() { resource::UNKNOWN.into() } else { encoded(text).into() }
}

/// A path below `unknown`.
pub(super) fn unknown(text: &str) -> Path {
    let inner = encoded(text.trim_matches('/'));
    if inner.is_empty() { resource::UNKNOWN.into() } else { format!("{}/{inner}", resource::UNKNOWN).into() }
}

/// A path of a taxonomy; any other becomes one below `unknown`, which the taxonomies of actions and resources have.
pub(super) fn path(path: &Path, taxonomy: Taxonomy, name: &str) -> Path {
    let fits = <Path as Scalar>::parse(path.as_str()).is_some() && taxonomy.covers(&relative(path, name));
    if fits { path.clone() } else { unknown(path.as_str()) }
}

/// A tag with a name.
pub(super) fn tag(tag: &Tag) -> Option<Tag> {
    let tag = Tag::from(encoded(tag.as_str()));
    (!tag.name().is_empty()).then_some(tag)
}

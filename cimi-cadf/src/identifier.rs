//! Identifiers (cadf:Identifier).

use crate::text::uri_text;

/// The identifier of an event or resource: a URI reference that is unique among all sources of events
/// (`cadf:Identifier`).
///
/// Sources write URIs (`myscheme://mydomain/event/id/1234`), bare UUIDs with and without hyphens, and, in `OpenStack`,
/// UUIDs after `openstack:`. The text is kept as it came, and equality is that of the texts; [`uuid`](Self::uuid)
/// recognizes the same UUID in its different forms.
///
/// ```
/// use cimi_cadf::Identifier;
///
/// let event = Identifier::from("openstack:5ee22124-6f41-4d23-a9f7-862c13a53a66");
/// let same = Identifier::from("5ee221246f414d23a9f7862c13a53a66");
/// assert_eq!(event.uuid(), Some(0x5ee22124_6f41_4d23_a9f7_862c13a53a66));
/// assert_eq!(event.uuid(), same.uuid());
/// assert_ne!(event, same);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identifier(String);

impl Identifier {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The UUID that the identifier consists of, bare or after `urn:uuid:` or `openstack:`.
    ///
    /// It has 32 hexadecimal digits in either case, without hyphens or with them as RFC 9562 sets them. Some sources
    /// put a blank after `openstack:`.
    #[must_use]
    pub fn uuid(&self) -> Option<u128> {
        let urn = |text: &'_ str| text.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("urn:uuid:"));
        let text = match self.0.strip_prefix("openstack:") {
            Some(rest) => rest.trim_start_matches(' '),
            None if urn(&self.0) => self.0.get(9..)?,
            None => &self.0,
        };
        let hyphens_fit = match text.len() {
            32 => !text.contains('-'),
            36 => text.bytes().enumerate().all(|(at, b)| (b == b'-') == matches!(at, 8 | 13 | 18 | 23)),
            _ => false,
        };
        // A sign is not a digit, though the parser of integers takes one.
        let digits: String = text.chars().filter(|c| *c != '-').collect();
        let valid = hyphens_fit && digits.bytes().all(|b| b.is_ascii_hexdigit());
        valid.then(|| u128::from_str_radix(&digits, 16).ok())?
    }
}

uri_text!(Identifier, "an identifier", str::trim);

#[cfg(test)]
mod tests {
    use cimi_model::Scalar;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_with_a_uuid() {
        let uuid = Some(0x5ee2_2124_6f41_4d23_a9f7_862c_13a5_3a66);
        for text in [
            "5ee22124-6f41-4d23-a9f7-862c13a53a66",
            "5EE22124-6F41-4D23-A9F7-862C13A53A66",
            "5ee221246f414d23a9f7862c13a53a66",
            "urn:uuid:5ee22124-6f41-4d23-a9f7-862c13a53a66",
            "URN:UUID:5ee22124-6f41-4d23-a9f7-862c13a53a66",
            "openstack:5ee22124-6f41-4d23-a9f7-862c13a53a66",
            "openstack:5ee221246f414d23a9f7862c13a53a66",
            "openstack: 5ee22124-6f41-4d23-a9f7-862c13a53a66",
        ] {
            assert_eq!(Identifier::from(text).uuid(), uuid, "{text}");
            assert_eq!(Identifier::from(text).as_str(), text);
        }
    }

    #[test]
    fn texts_without_one() {
        for text in [
            "",
            "target",
            "openstack:",
            "urn:uuid:",
            "urn:uuid",
            "myuuid://location.org/resource/0001",
            "test-node:550e8400-e29b-41d4-a716-446655440000",
            "6fa234aea93f38c26fa234aea93f38r4",
            "+ee221246f414d23a9f7862c13a53a66",
            "5ee22124-6f41-4d23-a9f7862c-13a53a66",
            "5ee22124-6f41-4d23-a9f7-862c13a53a6-",
            "21ff350bc75824262c60adfc58b7fd4a7349120b43a990c2888e6b0b88af6398",
            "5ee221246f414d23a9f7862c13a53aé",
        ] {
            assert_eq!(Identifier::from(text).uuid(), None, "{text}");
        }
    }

    #[test]
    fn conforming_texts() {
        for good in ["myscheme://mydomain/event/id/1234", "nova", "?:UbrRh", "5ee221246f414d23a9f7862c13a53a66"] {
            assert_eq!(<Identifier as Scalar>::parse(good), Some(good.into()));
        }
        for odd in ["", "openstack: 5ee22124-6f41-4d23-a9f7-862c13a53a66", "<USER-ID>"] {
            assert_eq!(<Identifier as Scalar>::parse(odd), None, "{odd:?}");
            assert_eq!(Identifier::recover(odd), Some(odd.into()));
        }
    }

    proptest! {
        #[test]
        fn uuid_never_panics(text in any::<String>(), near in "(openstack:|urn:uuid:|é)?[0-9a-f-é]{30,38}") {
            let _ = (Identifier::from(text).uuid(), Identifier::from(near).uuid());
        }

        #[test]
        fn every_uuid_is_found(uuid in any::<u128>()) {
            let hex = format!("{uuid:032x}");
            let hyphens = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-");
            prop_assert_eq!(Identifier::from(hex).uuid(), Some(uuid));
            prop_assert_eq!(Identifier::from(format!("openstack:{hyphens}")).uuid(), Some(uuid));
        }
    }
}

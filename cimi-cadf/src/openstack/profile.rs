//! The spellings of `OpenStack` and those of the standard, one for the other.

use std::fmt;

use cimi_model::reflect::forget_spellings;
use cimi_model::{Any, Scalar};

use super::keystone::{keystone_action, standard_action};
use super::{plain, shorthand, walk, wire};
use crate::{Event, Identifier, Timestamp, types};

/// How an event is to be spelled. What is not said stays as it is.
///
/// ```
/// use cimi_cadf::openstack::Profile;
/// use cimi_cadf::Event;
///
/// let text = br#"{"id": "openstack: 1", "eventTime": "2014-02-27T19:29:30+0000", "action": "created.user",
///     "target": {"id": "t1", "typeURI": "data/security/account/user"}, "observer": {"id": "target"}}"#;
/// let mut event = Event::read(text, &Default::default())?.value;
/// let changes = Profile::standard().apply(&mut event);
/// assert_eq!(changes[0].to_string(), "/event/observer: the identifier 't1' in place of the shorthand");
/// assert_eq!((event.id, event.action), (Some("openstack:1".into()), Some("create/user".into())));
/// assert_eq!((event.observer, event.observer_id), (None, Some("t1".into())));
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct Profile {
    /// Resources that stand for another one of the event.
    pub shorthand: Option<Shorthand>,
    /// Identifiers with `openstack:` before them.
    pub identifiers: Option<Identifiers>,
    /// Times.
    pub times: Option<Times>,
    /// Actions of keystone.
    pub actions: Option<Actions>,
    /// Attachments.
    pub attachments: Option<Attachments>,
    /// The content of attachments.
    pub content: Option<Content>,
    /// Values that pycadf refuses become ones that it takes: paths relative to their taxonomy, outcomes of the taxonomy
    /// itself, a resource or its identifier and not both, the numbers of places as text.
    pub plain_values: bool,
    /// Texts that were read from numbers and booleans, or with blanks around them, are written as the standard has them:
    /// Hermes reads no event whose `reasonCode` is a number.
    pub plain_texts: bool,
    /// Tokens are [masked](super::mask).
    pub mask_tokens: bool,
}

/// How a resource is written that is the target or the initiator as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shorthand {
    /// As a resource with the identifier `target` or `initiator`, as `OpenStack` does.
    Written,
    /// By its identifier (`observerId`, `reporterId`), as the standard does.
    ById,
    /// In full. Initiator, target and observer are resources then, also where only their identifiers are known.
    Whole,
}

/// How identifiers with `openstack:` before them are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Identifiers {
    /// Without the blank that some have after it.
    Joined,
    /// Without it.
    Bare,
    /// With it before all that are UUIDs.
    Prefixed,
}

/// How times are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Times {
    /// `+00:00`, as the standard has it.
    Colon,
    /// `+0000`, as pycadf does.
    NoColon,
}

/// How actions on what keystone keeps are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Actions {
    /// `create/user`, which extends the taxonomy.
    Standard,
    /// `created.user`, where the event has the `resource_info` of keystone.
    Keystone,
}

/// How attachments are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Attachments {
    /// The type of the content as `contentType`, as the schema of the standard has it.
    ContentType,
    /// The type of the content as `typeURI`, and a name for those that have none: pycadf demands both.
    TypeUri,
}

/// How the content of attachments is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Content {
    /// As text: the JSON of what is no text. The services of `OpenStack` and Hermes have it so.
    Text,
    /// As the object or array that a text holds as JSON.
    Value,
}

/// One change that a profile made. `Display` prints `PATH: text`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// Where: `/event/observer`.
    pub path: String,
    /// What was done, in a line. Secrets do not appear in it.
    pub text: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.text)
    }
}

impl Profile {
    /// What the standard has for each habit of `OpenStack`.
    #[must_use]
    pub const fn standard() -> Self {
        Self {
            shorthand: Some(Shorthand::ById),
            identifiers: Some(Identifiers::Joined),
            times: Some(Times::Colon),
            actions: Some(Actions::Standard),
            attachments: Some(Attachments::ContentType),
            content: None,
            plain_values: false,
            plain_texts: true,
            mask_tokens: false,
        }
    }

    /// What pycadf writes, and consumers of its records expect.
    #[must_use]
    pub const fn pycadf() -> Self {
        Self {
            shorthand: Some(Shorthand::Written),
            identifiers: None,
            times: Some(Times::NoColon),
            actions: Some(Actions::Keystone),
            attachments: Some(Attachments::TypeUri),
            content: None,
            plain_values: true,
            plain_texts: true,
            mask_tokens: true,
        }
    }

    /// What Hermes reads: whole resources, attachments of text, times with a colon.
    #[must_use]
    pub const fn hermes() -> Self {
        Self {
            shorthand: Some(Shorthand::Whole),
            times: Some(Times::Colon),
            actions: None,
            content: Some(Content::Text),
            ..Self::pycadf()
        }
    }

    /// Spells an event so, and says what it changed. Applying it again changes nothing.
    pub fn apply(&self, event: &mut Event) -> Vec<Change> {
        let mut changes = Changes::default();
        if let Some(shorthand) = self.shorthand {
            shorthand::apply(shorthand, event, &mut changes);
        }
        if let Some(spelling) = self.identifiers {
            walk::identifiers(event, &mut |path, id| {
                if let Some(better) = spelling.of(id) {
                    changes.replaced(path, id.as_str(), better.as_str());
                    *id = better;
                }
            });
        }
        if let Some(spelling) = self.times {
            walk::times(event, &mut |path, time| {
                if let Some(better) = spelling.of(time).filter(|better| better != time) {
                    changes.replaced(path, time.as_str(), better.as_str());
                    *time = better;
                }
            });
        }
        if let Some(spelling) = self.actions {
            spelling.apply(event, &mut changes);
        }
        self.attachments(event, &mut changes);
        if self.plain_values {
            plain::apply(event, &mut changes);
        }
        if self.plain_texts {
            forget_spellings(event, "/event", &mut |path| changes.add(path, "the text that was understood"));
        }
        if self.mask_tokens {
            walk::resources(event, &mut |path, resource| {
                if resource.credential.as_mut().is_some_and(crate::Credential::mask_token) {
                    changes.add(&format!("{path}/credential/token"), "masked");
                }
            });
        }
        changes.list
    }

    fn attachments(self, event: &mut Event, changes: &mut Changes) {
        walk::attachments(event, &mut |path, number, attachment| {
            match self.attachments {
                Some(Attachments::ContentType)
                    if attachment.content_type.is_none() && attachment.type_uri.is_some() =>
                {
                    attachment.content_type = attachment.type_uri.take();
                    changes.add(&format!("{path}/contentType"), "the type in place of typeURI");
                }
                Some(Attachments::TypeUri) => {
                    if attachment.type_uri.is_none() && attachment.content_type.is_some() {
                        attachment.type_uri = attachment.content_type.take();
                        changes.add(&format!("{path}/typeURI"), "the type in place of contentType");
                    }
                    if attachment.name.is_none() {
                        attachment.name = Some(format!("attachment-{number}"));
                        changes.add(&format!("{path}/name"), "a name");
                    }
                }
                _ => {}
            }
            if let Some(content) = &mut attachment.content
                && let Some((better, text)) = self.content.and_then(|form| form.of(content))
            {
                *content = better;
                changes.add(&format!("{path}/content"), text);
            }
        });
    }
}

/// The changes so far.
#[derive(Default)]
pub(super) struct Changes {
    list: Vec<Change>,
}

impl Changes {
    pub(super) fn add(&mut self, path: &str, text: impl Into<String>) {
        self.list.push(Change { path: path.to_owned(), text: text.into() });
    }

    pub(super) fn replaced(&mut self, path: &str, old: &str, new: &str) {
        let (old, new) = (cimi_model::printable(old), cimi_model::printable(new));
        self.add(path, format!("'{new}' in place of '{old}'"));
    }
}

impl Content {
    /// The better form, where there is one, and what it is.
    fn of(self, content: &Any) -> Option<(Any, &'static str)> {
        match (self, content) {
            (Self::Text, Any::String(_)) => None,
            (Self::Text, other) => wire::json_text(other).ok().map(|text| (Any::String(text), "the JSON as text")),
            (Self::Value, Any::String(text)) => {
                wire::value(text).map(|value| (value, "what the JSON of the text says"))
            }
            (Self::Value, _) => None,
        }
    }
}

impl Identifiers {
    /// The better spelling, where there is one.
    fn of(self, id: &Identifier) -> Option<Identifier> {
        let text = id.as_str();
        let rest = text.strip_prefix("openstack:").map(str::trim_start);
        let better = match (self, rest) {
            (Self::Bare, Some(rest)) if !rest.is_empty() => rest.to_owned(),
            (Self::Joined | Self::Prefixed, Some(rest)) => format!("openstack:{rest}"),
            (Self::Prefixed, None) if id.uuid().is_some() => {
                format!("openstack:{}", text.get("urn:uuid:".len()..).filter(|_| text.contains(':')).unwrap_or(text))
            }
            _ => return None,
        };
        (better != text).then(|| better.into())
    }
}

impl Times {
    fn of(self, time: &Timestamp) -> Option<Timestamp> {
        let proper = time.normalized()?;
        match self {
            Self::Colon => Some(proper),
            Self::NoColon => {
                let (head, minutes) = proper.as_str().rsplit_once(':')?;
                Timestamp::recover(&format!("{head}{minutes}"))
            }
        }
    }
}

impl Actions {
    fn apply(self, event: &mut Event, changes: &mut Changes) {
        let Some(action) = &event.action else { return };
        let better = match self {
            Self::Standard => standard_action(action),
            Self::Keystone if event.extensions.get("resource_info").is_some() => keystone_action(action),
            Self::Keystone => None,
        };
        if let Some(better) = better {
            changes.replaced("/event/action", action.as_str(), better.as_str());
            event.action = Some(better);
        }
    }
}

/// A path without the beginning that makes it a URI.
pub(super) fn relative(path: &str) -> Option<&str> {
    let rest = path.strip_prefix(types::NAMESPACE)?;
    rest.split_once('/').map(|(_, rest)| rest).filter(|rest| !rest.is_empty())
}

//! Reading and writing events, and finding who is who in them.

use std::borrow::Cow;

use cimi_model::{Format, Parsed, ReadOptions, Result, Uri, WriteOptions};

use crate::document;
use crate::types::EVENT_TYPE;
use crate::validate::says_something;
use crate::{Attachment, Event, Identifier, Measurement, Resource};

/// The attribute that says in XML that an event has no `typeURI` in JSON, in the namespace of this project.
const WITHOUT_TYPE: &str = "@{http://cimi-rs.org/ext/1}typeURI";

/// What a resource is in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "an event has these three")]
pub enum Part {
    /// Who acted.
    Initiator,
    /// What was acted on.
    Target,
    /// Who made the event.
    Observer,
}

impl Part {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Initiator, Self::Target, Self::Observer];

    /// The name of the attribute.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Initiator => "initiator",
            Self::Target => "target",
            Self::Observer => "observer",
        }
    }
}

impl Event {
    /// Reads an event, as JSON or XML by its first character.
    ///
    /// By default reading is lenient: whatever deviates is kept and reported with its path.
    ///
    /// # Errors
    /// When the text is not well-formed, is no event, exceeds a limit or, with [`ReadOptions::strict`], deviates.
    ///
    /// ```
    /// use cimi_cadf::{Event, Part};
    ///
    /// let text = br#"{"id": "e1", "eventTime": "2014-02-27T19:29:30+0000", "target": {"id": "t1"},
    ///                 "observer": {"id": "target"}, "requestPath": "/v2"}"#;
    /// let parsed = Event::read(text, &Default::default())?;
    /// assert_eq!(parsed.deviations[0].path, "/event/eventTime");
    /// assert_eq!(parsed.value.resource(Part::Observer), parsed.value.target.as_ref());
    /// assert!(parsed.value.to_string(Default::default(), Default::default())?.contains("/v2"));
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    pub fn read(input: &[u8], options: &ReadOptions) -> Result<Parsed<Self>> {
        document::read(input, options)
    }

    /// Writes the event. The dialect, which is one of CIMI, makes no difference.
    ///
    /// # Errors
    /// None that is known; the signature is that of the writers of `cimi-model`.
    pub fn to_string(&self, format: Format, options: WriteOptions) -> Result<String> {
        document::to_string(self, format, options)
    }

    /// States the type, [`EVENT_TYPE`](crate::EVENT_TYPE), where it is absent: JSON demands it, and XML leaves it to the
    /// element.
    pub fn state_type(&mut self) {
        if self.type_uri.is_none() && !self.extensions.get("typeURI").is_some_and(says_something) {
            self.type_uri = Some(EVENT_TYPE.into());
        }
    }

    /// The event as it is written in another format than the one it was read in, so that the way back gives the same.
    ///
    /// JSON demands a `typeURI` that XML leaves to the element. From XML to JSON an event gets it, if it has none. One that
    /// has none in JSON says so in XML, by an attribute in the namespace [of this project](cimi_model::ext::NAMESPACE), and
    /// gets none on the way back.
    ///
    /// ```
    /// use cimi_cadf::Event;
    /// use cimi_model::Format::{Json, Xml};
    ///
    /// let event = Event { id: Some("e1".into()), ..Default::default() };
    /// let typed = event.converted(Xml, Json);
    /// assert_eq!(typed.type_uri, Some(cimi_cadf::EVENT_TYPE.into()));
    ///
    /// let text = event.converted(Json, Xml).to_string(Xml, Default::default())?;
    /// let back = Event::read(text.as_bytes(), &Default::default())?.value;
    /// assert_eq!(*back.converted(Xml, Json), event);
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    #[must_use]
    pub fn converted(&self, from: Format, to: Format) -> Cow<'_, Self> {
        let is_marked = self.extensions.get(WITHOUT_TYPE).is_some();
        let has_type = self.type_uri.is_some() || self.extensions.get("typeURI").is_some();
        match (from, to) {
            (Format::Json, Format::Xml) if !has_type && !is_marked => {
                let mut event = self.clone();
                event.extensions.insert(WITHOUT_TYPE, "none");
                Cow::Owned(event)
            }
            (Format::Xml, Format::Json) if is_marked || !has_type => {
                let mut event = self.clone();
                if event.extensions.remove(WITHOUT_TYPE).is_none() {
                    event.state_type();
                }
                Cow::Owned(event)
            }
            _ => Cow::Borrowed(self),
        }
    }

    /// What is written in the event for a part, unless it is just an identifier.
    #[must_use]
    pub const fn written(&self, part: Part) -> Option<&Resource> {
        match part {
            Part::Initiator => self.initiator.as_ref(),
            Part::Target => self.target.as_ref(),
            Part::Observer => self.observer.as_ref(),
        }
    }

    /// The identifier that stands in place of a resource.
    #[must_use]
    pub const fn written_id(&self, part: Part) -> Option<&Identifier> {
        match part {
            Part::Initiator => self.initiator_id.as_ref(),
            Part::Target => self.target_id.as_ref(),
            Part::Observer => self.observer_id.as_ref(),
        }
    }

    /// The places of a part: of the resource, and of the identifier that may stand in place of it.
    pub(crate) const fn slots(&mut self, part: Part) -> (&mut Option<Resource>, &mut Option<Identifier>) {
        match part {
            Part::Initiator => (&mut self.initiator, &mut self.initiator_id),
            Part::Target => (&mut self.target, &mut self.target_id),
            Part::Observer => (&mut self.observer, &mut self.observer_id),
        }
    }

    /// The resource that is a part of the event, as far as the event describes it.
    ///
    /// An identifier is looked for among the other resources of the event, and the shorthand of `OpenStack`, a resource
    /// with the identifier `target` or `initiator` and nothing else, is that other part.
    #[must_use]
    pub fn resource(&self, part: Part) -> Option<&Resource> {
        match self.written(part) {
            Some(resource) => Some(self.long_form(resource)),
            None => self.find(self.written_id(part)?),
        }
    }

    /// The resource that handled the event in a step of its chain, found as by [`resource`](Self::resource).
    ///
    /// An identifier is looked for from the beginning of the chain: who wants that of each step of a long chain better
    /// notes once what stands in it.
    #[must_use]
    pub fn reporter(&self, step: usize) -> Option<&Resource> {
        let step = self.reporterchain.get(step)?;
        match &step.reporter {
            Some(resource) => Some(self.long_form(resource)),
            None => self.find(step.reporter_id.as_ref()?),
        }
    }

    /// The resource that a shorthand stands for; any other resource is itself.
    fn long_form<'a>(&'a self, resource: &'a Resource) -> &'a Resource {
        let meant = resource.shorthand().and_then(|part| self.written(part));
        meant.filter(|meant| meant.shorthand().is_none()).unwrap_or(resource)
    }

    fn find(&self, id: &Identifier) -> Option<&Resource> {
        let parts = Part::ALL.iter().filter_map(|part| self.written(*part));
        let reporters = self.reporterchain.iter().filter_map(|step| step.reporter.as_ref());
        parts.chain(reporters).find(|resource| resource.id.as_ref() == Some(id) && resource.shorthand().is_none())
    }
}

impl Resource {
    /// The part that this resource is a shorthand for (see [`Event::resource`]).
    #[must_use]
    pub fn shorthand(&self) -> Option<Part> {
        let part = match self.id.as_ref()?.as_str() {
            "target" => Part::Target,
            "initiator" => Part::Initiator,
            _ => return None,
        };
        let alone = Self { id: self.id.clone(), ..Self::default() };
        (*self == alone).then_some(part)
    }
}

impl Measurement {
    /// The identifier of its metric, which may be described in it or elsewhere.
    pub(crate) fn id_of_metric(&self) -> Option<&Identifier> {
        self.metric.as_ref().and_then(|metric| metric.metric_id.as_ref()).or(self.metric_id.as_ref())
    }
}

impl Attachment {
    /// The type of the content, whichever way it is spelled.
    #[must_use]
    pub fn content_uri(&self) -> Option<&Uri> {
        self.content_type.as_ref().or(self.type_uri.as_ref())
    }
}

//! Notifications of oslo.messaging.

use cimi_model::{Generic, Object, ReadOptions, Result, WriteOptions, json, record};

use super::envelope::{Envelope, Form, Inside, Layer, members_of};

record! {
    /// What a notification of oslo.messaging says besides its payload, the event.
    ///
    /// The context of the request (`_context_user_id`, `_context_auth_token` …) and all else is among the extensions, which
    /// `Debug` does not print.
    ///
    /// ```
    /// use cimi_cadf::openstack::Notification;
    /// use cimi_cadf::Event;
    ///
    /// let notification = Notification {
    ///     message_id: Some("1ecdd560-e881-4038-ba27-2a74cf322872".into()),
    ///     event_type: Some("audit.http.request".into()),
    ///     timestamp: Some("2025-06-12 09:45:56.183889".into()),
    ///     ..Notification::of("nova-api")
    /// };
    /// let event = Event { id: Some("e1".into()), action: Some("read".into()), ..Event::default() };
    /// let text = notification.message()?.write(&event)?;
    /// assert!(text.starts_with(r#"{"oslo.version":"2.0","oslo.message":"{\"message_id\":\"1ecdd560"#));
    /// assert!(text.ends_with(r#"\"payload\":{\"id\":\"e1\",\"action\":\"read\"}}"}"#));
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    pub Notification = "notification" Structure [verbatim, sensitive, v2_only] {
        /// The identifier of the message, a UUID.
        message_id: Option<String> = "message_id",
        /// Who sent it: a service and its host, such as `identity.host1`.
        publisher_id: Option<String> = "publisher_id",
        /// What happened, such as `audit.http.request` or `identity.user.created`.
        event_type: Option<String> = "event_type",
        /// The priority: `INFO`, `ERROR` …
        priority: Option<String> = "priority",
        /// When it was sent, in UTC, without an offset: `2025-06-12 09:45:56.183889`.
        timestamp: Option<String> = "timestamp",
    }
}

impl Notification {
    /// A notification of a service, of priority `INFO`.
    #[must_use]
    pub fn of(publisher_id: impl Into<String>) -> Self {
        Self { publisher_id: Some(publisher_id.into()), priority: Some("INFO".to_owned()), ..Self::default() }
    }

    /// The notification as an envelope for events.
    ///
    /// # Errors
    /// When the extensions hold what a table of the notification or its payload does.
    pub fn envelope(&self) -> Result<Envelope> {
        let text = json::to_string(self, WriteOptions::default())?;
        let members = members_of(&text, &ReadOptions::default())?;
        let open = text.strip_suffix('}').unwrap_or(&text);
        let comma = if members.is_empty() { "" } else { "," };
        let before = format!("{open}{comma}\"payload\":");
        let layer = Layer { before, after: "}".to_owned(), inside: Inside::Plain };
        Ok(Envelope::new(Form::Notification, members, vec![layer]))
    }

    /// The same inside of a message of version 2.0, as oslo.messaging sends it.
    ///
    /// # Errors
    /// As [`envelope`](Self::envelope).
    pub fn message(&self) -> Result<Envelope> {
        let before = r#"{"oslo.version":"2.0","oslo.message":"#.to_owned();
        let layer = Layer { before, after: "}".to_owned(), inside: Inside::JsonString };
        Ok(self.envelope()?.inside_of(Form::Message, layer))
    }
}

impl Envelope {
    /// The notification, if that is what the envelope is.
    #[must_use]
    pub fn notification(&self) -> Option<Notification> {
        if !matches!(self.form(), Form::Notification | Form::Message) {
            return None;
        }
        let members: Object = self.members().clone();
        let generic = Generic { extensions: members.into(), ..Generic::default() };
        let text = json::to_string(&generic, WriteOptions::default()).ok()?;
        json::from_slice(text.as_bytes(), &ReadOptions::default()).ok().map(|parsed| parsed.value)
    }
}

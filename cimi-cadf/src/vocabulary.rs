//! Vocabularies without hierarchy.

use cimi_model::open_enum;

open_enum! {
    /// The type of an event: which view of the observed action a record reports.
    pub EventType {
        /// The state or a measurement of a resource. Such an event has measurements.
        Monitor = "monitor",
        /// An operation on a resource, attempted or done.
        Activity = "activity",
        /// The application of a policy or rule. Such an event has a reason.
        Control = "control",
    }
}

open_enum! {
    /// What a reporter did with an event on its way, in a step of the reporter chain.
    pub ReporterRole {
        /// It observed the action and made the event.
        Observer = "observer",
        /// It changed or added to the event.
        Modifier = "modifier",
        /// It passed the event on.
        Relay = "relay",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_open_and_case_counts() {
        for text in ["monitor", "activity", "control"] {
            let value = EventType::from(text);
            assert_eq!(value.as_str(), text);
            assert!(!matches!(value, EventType::Other(_)));
        }
        for text in ["rotation", "Activity", ""] {
            assert_eq!(EventType::from(text), EventType::Other(text.to_owned()));
            assert_eq!(EventType::from(text).as_str(), text);
        }
        assert_eq!(ReporterRole::from("relay"), ReporterRole::Relay);
        assert_eq!(ReporterRole::from("modifier"), ReporterRole::Modifier);
        assert_eq!(ReporterRole::from("observer"), ReporterRole::Observer);
    }
}

//! The rules of the parts of events.

use cimi_model::reflect::{Record, is_blank_record};
use cimi_model::{Any, Scalar, Uri, printable};

use super::{Checker, Level, Place, Rule};
use crate::{
    Attachment, Credential, Endpoint, Event, Geolocation, Measurement, Metric, Reason, Resource, Timestamp, resource,
};

impl Checker {
    /// Reports a text that is no URI reference.
    pub(super) fn uri_text<T: Scalar>(&mut self, value: Option<&T>, place: &Place<'_>) {
        let Some(value) = value else { return };
        if value.as_str().is_empty() {
            self.report(place, Level::Wrong, Rule::Value, "the text is empty");
        } else if !T::is_conforming(value.as_str()) {
            self.report(place, Level::Loose, Rule::Spelling, format!("the text is not {}", T::EXPECTED));
        }
    }

    pub(super) fn timestamp(&mut self, time: Option<&Timestamp>, place: &Place<'_>) {
        if let Some(time) = time.filter(|time| !time.conforms()) {
            let text = ["'", &printable(time.as_str()), "' is not ", Timestamp::EXPECTED].concat();
            self.report(place, Level::Loose, Rule::Spelling, text);
        }
    }

    /// One of two attributes has to be there; that both are not is of uncertain standing.
    pub(super) fn one_of(
        &mut self,
        record: &dyn Record,
        whole: (&'static str, bool),
        id: (&'static str, bool),
        place: &Place<'_>,
    ) {
        match (whole, id) {
            ((whole, true), (id, true)) => self.both(whole, id, place),
            ((whole, false), (id, false)) => {
                let kept =
                    [whole, id].iter().any(|name| record.extensions().get(name).is_some_and(super::says_something));
                if !kept {
                    let text = format!("there is neither {whole} nor {id}");
                    self.report(&place.at(whole), Level::Wrong, Rule::Required, text);
                }
            }
            _ => {}
        }
    }

    fn both(&mut self, whole: &str, id: &'static str, place: &Place<'_>) {
        self.report(&place.at(id), Level::Doubtful, Rule::Exclusive, format!("there are both {whole} and {id}"));
    }

    /// A resource of an event, which may stand for another one of it.
    pub(super) fn part_resource(&mut self, event: &Event, resource: &Resource, place: &Place<'_>) {
        let meant = resource.shorthand().filter(|part| match event.written(*part) {
            Some(meant) => meant.shorthand().is_none(),
            None => event.written_id(*part).is_some(),
        });
        match meant {
            Some(part) => {
                let text = ["the resource stands for the ", part.as_str(), ", as OpenStack has it"].concat();
                self.report(place, Level::Loose, Rule::Shorthand, text);
            }
            None => self.resource(resource, place),
        }
    }

    pub(super) fn resource(&mut self, resource: &Resource, place: &Place<'_>) {
        self.kept(resource, place);
        self.required(resource, "id", resource.id.is_some(), place);
        self.uri_text(resource.id.as_ref(), &place.at("id"));
        self.required(resource, "typeURI", resource.type_uri.is_some(), place);
        self.taxonomy(resource.type_uri.as_ref(), resource::TAXONOMY, "resource", &place.at("typeURI"));
        self.uri_text(resource.reference.as_ref(), &place.at("ref"));
        if let Some(credential) = &resource.credential {
            self.credential(credential, &place.at("credential"));
        }
        for (index, address) in resource.addresses.iter().enumerate() {
            self.endpoint(address, &place.item("addresses", index));
        }
        if let Some(host) = &resource.host {
            let place = place.at("host");
            self.kept(host, &place);
            self.uri_text(host.id.as_ref(), &place.at("id"));
        }
        if resource.geolocation.is_some() && resource.geolocation_id.is_some() {
            self.both("geolocation", "geolocationId", place);
        }
        self.uri_text(resource.geolocation_id.as_ref(), &place.at("geolocationId"));
        if let Some(geolocation) = &resource.geolocation {
            self.geolocation(geolocation, &place.at("geolocation"));
        }
        self.attachments(&resource.attachments, place);
    }

    fn credential(&mut self, credential: &Credential, place: &Place<'_>) {
        self.kept(credential, place);
        self.required(credential, "token", credential.token.is_some(), place);
        self.uri_text(credential.credential_type.as_ref(), &place.at("type"));
        self.uri_text(credential.authority.as_ref(), &place.at("authority"));
    }

    fn endpoint(&mut self, endpoint: &Endpoint, place: &Place<'_>) {
        self.kept(endpoint, place);
        self.required(endpoint, "url", endpoint.url.is_some(), place);
        self.uri_text(endpoint.url.as_ref(), &place.at("url"));
    }

    pub(super) fn geolocation(&mut self, geolocation: &Geolocation, place: &Place<'_>) {
        self.kept(geolocation, place);
        self.uri_text(geolocation.id.as_ref(), &place.at("id"));
        if is_blank_record(geolocation) {
            self.report(place, Level::Wrong, Rule::Required, "a geolocation has one property at least");
        }
        let angles = [("latitude", &geolocation.latitude, 2, 90), ("longitude", &geolocation.longitude, 3, 180)];
        for (name, text, digits, most) in angles {
            if text.as_ref().is_some_and(|text| !is_angle(text, digits, most)) {
                let text = format!("not a {name} as ISO 6709 has it");
                self.report(&place.at(name), Level::Loose, Rule::Value, text);
            }
        }
        if geolocation.latitude.is_some() != geolocation.longitude.is_some() {
            self.report(place, Level::Advice, Rule::Consistency, "latitude and longitude go together");
        }
        if geolocation.region_icann.as_ref().is_some_and(|text| !is_country(text)) {
            self.report(&place.at("regionICANN"), Level::Loose, Rule::Value, "not the top-level domain of a country");
        }
        for (name, value) in [("elevation", &geolocation.elevation), ("accuracy", &geolocation.accuracy)] {
            if value.as_ref().is_some_and(|value| !is_number(value)) {
                self.report(&place.at(name), Level::Wrong, Rule::Value, "not a number");
            }
        }
    }

    pub(super) fn reason(&mut self, reason: &Reason, place: &Place<'_>) {
        self.kept(reason, place);
        let has = |text: Option<&str>| text.is_some_and(|text| !text.is_empty());
        let (code_type, policy_type) =
            (reason.reason_type.as_ref().map(Uri::as_str), reason.policy_type.as_ref().map(Uri::as_str));
        let code = has(code_type) && has(reason.reason_code.as_deref());
        let policy = has(policy_type) && has(reason.policy_id.as_deref());
        if !code && !policy {
            let text = "a reason has reasonType and reasonCode, or policyType and policyId";
            self.report(place, Level::Doubtful, Rule::Pair, text);
        }
        for (name, uri) in [("reasonType", &reason.reason_type), ("policyType", &reason.policy_type)] {
            let Some(uri) = uri.as_ref().filter(|uri| !uri.as_str().is_empty()) else { continue };
            let place = place.at(name);
            if !<Uri as Scalar>::is_conforming(uri.as_str()) {
                self.uri_text(Some(uri), &place);
            } else if !uri.is_absolute() {
                self.report(&place, Level::Note, Rule::Value, "the URI is relative, to nothing that is known");
            }
        }
    }

    pub(super) fn measurement(&mut self, measurement: &Measurement, place: &Place<'_>) {
        self.kept(measurement, place);
        self.required(measurement, "result", measurement.result.is_some(), place);
        let metric = ("metric", measurement.metric.is_some());
        self.one_of(measurement, metric, ("metricId", measurement.metric_id.is_some()), place);
        self.uri_text(measurement.metric_id.as_ref(), &place.at("metricId"));
        if let Some(metric) = &measurement.metric {
            self.metric(metric, &place.at("metric"));
        }
        if measurement.calculated_by.is_some() && measurement.calculated_by_id.is_some() {
            self.both("calculatedBy", "calculatedById", place);
        }
        self.uri_text(measurement.calculated_by_id.as_ref(), &place.at("calculatedById"));
        if let Some(resource) = &measurement.calculated_by {
            self.resource(resource, &place.at("calculatedBy"));
        }
    }

    pub(super) fn metric(&mut self, metric: &Metric, place: &Place<'_>) {
        self.kept(metric, place);
        self.required(metric, "metricId", metric.metric_id.is_some(), place);
        self.uri_text(metric.metric_id.as_ref(), &place.at("metricId"));
        self.required(metric, "unit", metric.unit.is_some(), place);
    }

    pub(super) fn attachments(&mut self, attachments: &[Attachment], place: &Place<'_>) {
        for (index, attachment) in attachments.iter().enumerate() {
            self.attachment(attachment, &place.item("attachments", index));
        }
    }

    fn attachment(&mut self, attachment: &Attachment, place: &Place<'_>) {
        self.kept(attachment, place);
        self.required(attachment, "content", attachment.content.is_some(), place);
        self.uri_text(attachment.content_type.as_ref(), &place.at("contentType"));
        self.uri_text(attachment.type_uri.as_ref(), &place.at("typeURI"));
        match (&attachment.content_type, &attachment.type_uri) {
            (None, None) => self.required(attachment, "contentType", false, place),
            (None, Some(_)) => {
                let text = "the schema of the standard calls this contentType, its text typeURI";
                self.report(&place.at("typeURI"), Level::Advice, Rule::Spelling, text);
            }
            (Some(one), Some(other)) if one != other => {
                let text = "contentType and typeURI are two names of one attribute, and differ";
                self.report(&place.at("typeURI"), Level::Doubtful, Rule::Consistency, text);
            }
            (Some(_), _) => {}
        }
    }
}

/// Whether a text is the top-level domain of a country: two letters, or a name in another script.
fn is_country(text: &str) -> bool {
    let letters = text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
    letters || text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--")) || !text.is_ascii()
}

fn is_number(value: &Any) -> bool {
    match value {
        Any::Number(_) => true,
        // In XML everything is text.
        Any::String(text) => text.trim().parse::<f64>().is_ok(),
        _ => false,
    }
}

/// Whether a text is an angle of ISO 6709 annex H: a sign, degrees of `digits` digits, then minutes and seconds, the last
/// of them with a fraction or none.
fn is_angle(text: &str, digits: usize, most: u32) -> bool {
    let Some(angle) = text.strip_prefix(['+', '-']) else { return false };
    let (whole, fraction) = angle.split_once('.').unwrap_or((angle, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return false;
    }
    let part = |from: usize, to: usize| whole.get(from..to).and_then(|text| text.parse::<u32>().ok());
    let rest = match whole.len().checked_sub(digits) {
        Some(0) => [Some(0), Some(0)],
        Some(2) => [part(digits, digits + 2), Some(0)],
        Some(4) => [part(digits, digits + 2), part(digits + 2, digits + 4)],
        _ => return false,
    };
    let (Some(degrees), [Some(minutes), Some(seconds)]) = (part(0, digits), rest) else { return false };
    let exact = minutes == 0 && seconds == 0 && fraction.bytes().all(|b| b == b'0');
    minutes < 60 && seconds < 60 && (degrees < most || degrees == most && exact)
}

#[cfg(test)]
mod tests {
    use super::is_angle;

    #[test]
    fn angles() {
        for good in ["+372207.90", "+37", "-3722", "+3722.5", "+900000", "-90"] {
            assert!(is_angle(good, 2, 90), "{good}");
        }
        for bad in
            ["372207.90", "+37220", "+376000", "+372260", "+37.", "+91", "+90.1", "+9000.5", "", "+", "+é1", "+1"]
        {
            assert!(!is_angle(bad, 2, 90), "{bad}");
        }
        assert!(is_angle("-1220210.20", 3, 180) && is_angle("+180", 3, 180));
        assert!(!is_angle("-122", 2, 90) && !is_angle("+1801", 3, 180));
    }
}

//! What the paths of a service mean.

use std::collections::BTreeMap;

use cimi_model::{Error, ErrorKind, Generic, Location, ReadOptions, Result, Scalar, json, printable};

use crate::{Path, action, resource};

/// What the paths of a service mean: the map that the audit middleware is configured with.
///
/// ```
/// use cimi_cadf::openstack::audit::AuditMap;
///
/// let map = AuditMap::parse(
///     "[custom_actions]\nreboot = start/reboot\n[path_keywords]\nservers = server\naction = None\n",
/// )?;
/// let action = |method, path, body: &str| map.action(method, path, body.as_bytes()).to_string();
/// assert_eq!(action("POST", "/v2.1/servers", ""), "create");
/// assert_eq!(action("POST", "/v2.1/servers/7/action", r#"{"os-start": null}"#), "update/os-start");
/// assert_eq!(action("POST", "/v2.1/servers/7/reboot", ""), "start/reboot");
/// let service = "service/compute".into();
/// assert_eq!(map.type_uri("/v2.1/servers/7", &service).as_str(), "service/compute/servers/server");
/// # Ok::<(), cimi_model::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "the file has these four")]
pub struct AuditMap {
    /// The type of the service in the catalog, where the address of a request does not tell.
    pub target_endpoint_type: Option<String>,
    /// Actions by the end of a path (`reboot`), or by that and a method (`os-migrations/get`).
    pub custom_actions: BTreeMap<String, String>,
    /// The collections of the service, and what one of their members is called.
    pub path_keywords: BTreeMap<String, String>,
    /// What the types of services in the catalog are in the taxonomy.
    pub service_endpoints: BTreeMap<String, String>,
}

impl AuditMap {
    /// Reads the file that the middleware is configured with, such as `nova_api_audit_map.conf`. Names are put into lower
    /// case, as the middleware does.
    ///
    /// # Errors
    /// When a line is neither a section, a comment nor a name with a value, with its place.
    pub fn parse(text: &str) -> Result<Self> {
        let mut map = Self::default();
        let mut section = None;
        for (number, line) in (1_u64..).zip(text.lines()) {
            let line = line.trim();
            let refuse = |kind, reason: String| Err(Error::new(kind, reason).at(Location { line: number, column: 1 }));
            if line.is_empty() || line.starts_with(['#', ';']) {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = Some(name.to_owned());
                continue;
            }
            let Some((name, value)) = line.split_once(['=', ':']) else {
                return refuse(ErrorKind::Syntax, format!("'{}' has no value", printable(line)));
            };
            let (name, value) = (name.trim().to_lowercase(), value.trim().to_owned());
            let table = match section.as_deref() {
                None => return refuse(ErrorKind::Syntax, "a value outside of all sections".to_owned()),
                Some("custom_actions") => &mut map.custom_actions,
                Some("path_keywords") => &mut map.path_keywords,
                Some("service_endpoints") => &mut map.service_endpoints,
                Some("DEFAULT") if name == "target_endpoint_type" => {
                    map.target_endpoint_type = Some(value).filter(|value| value != "None");
                    continue;
                }
                Some(_) => continue,
            };
            if table.insert(name.clone(), value).is_some() {
                return refuse(ErrorKind::Duplicate, format!("'{}' occurs twice", printable(&name)));
            }
        }
        Ok(map)
    }

    /// What a service of this type in the catalog is in the taxonomy.
    #[must_use]
    pub fn service_type(&self, endpoint_type: &str) -> Path {
        self.service_endpoints.get(endpoint_type).map_or_else(|| resource::UNKNOWN.into(), |path| path.as_str().into())
    }

    /// The action of a request: as the map says, or by its method and the end of its path.
    #[must_use]
    pub fn action(&self, method: &str, path: &str, body: &[u8]) -> Path {
        let path = without_query(path);
        let path = path.strip_suffix('/').unwrap_or(path);
        let end = clean(path.rsplit('/').next().unwrap_or_default());
        let by_method = format!("{end}/{}", method.to_lowercase());
        if let Some(custom) = self.custom_actions.get(&by_method).or_else(|| self.custom_actions.get(end)) {
            return custom.as_str().into();
        }
        let is_known = self.path_keywords.contains_key(end);
        match method {
            "POST" if end == "action" => action_of(body),
            "POST" if is_known => action::CREATE.into(),
            "GET" if is_known => "read/list".into(),
            "POST" | "PUT" | "PATCH" => action::UPDATE.into(),
            "GET" | "HEAD" => action::READ.into(),
            "DELETE" => action::DELETE.into(),
            _ => action::UNKNOWN.into(),
        }
    }

    /// The type of what a path names: that of the service, with the collections of the path and what their members are.
    #[must_use]
    pub fn type_uri(&self, path: &str, service_type: &Path) -> Path {
        if service_type.as_str() == resource::UNKNOWN {
            return service_type.clone();
        }
        let mut found = service_type.as_str().to_owned();
        let mut before = None;
        for part in without_query(path).split('/').map(clean) {
            if self.path_keywords.contains_key(part) {
                found = format!("{found}/{part}");
            } else if let Some(member) = before.and_then(|before| self.path_keywords.get(before)) {
                found = format!("{found}/{member}");
            }
            before = Some(part);
        }
        found.into()
    }
}

fn without_query(path: &str) -> &str {
    path.split_once('?').map_or(path, |(path, _)| path)
}

fn clean(part: &str) -> &str {
    part.strip_suffix(".json").unwrap_or(part)
}

/// The action that a body names by its first member.
fn action_of(body: &[u8]) -> Path {
    let read = json::from_slice::<Generic>(body, &ReadOptions::default());
    let Ok(members) = read.map(|parsed| parsed.value.extensions) else { return action::CREATE.into() };
    let Some(first) = members.iter().next() else { return action::CREATE.into() };
    let named = format!("{}/{}", action::UPDATE, first.key());
    <Path as Scalar>::parse(&named).unwrap_or_else(|| action::UPDATE.into())
}

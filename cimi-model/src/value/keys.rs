//! Maps whose keys the standard names (5.16.5.1, tables 11, 13, 15, 33 to 35 and 38 to 40).

use super::Map;
use crate::any::Any;
use crate::context::{Parsed, ReadOptions};
use crate::json;
use crate::reflect::{Described, Record};
use crate::{Error, ErrorKind, Result};

impl Map {
    /// The values of the keys that the type names; those of other keys are its extensions.
    ///
    /// ```
    /// use cimi_model::{IPv4ProtocolParameters, Map, ReadOptions};
    ///
    /// let parameters: Map = [("netmask", "255.255.255.0"), ("rack", "7")].into_iter().collect();
    /// let keys = parameters.read_keys::<IPv4ProtocolParameters>(&ReadOptions::default())?.value;
    /// assert_eq!(keys.netmask.as_deref(), Some("255.255.255.0"));
    /// assert_eq!(keys.extensions.get("rack").and_then(|rack| rack.as_str()), Some("7"));
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    ///
    /// # Errors
    /// When a limit is exceeded or, with [`ReadOptions::strict`], a value deviates.
    pub fn read_keys<T: Described>(&self, options: &ReadOptions) -> Result<Parsed<T>> {
        let object: Any = self.iter().map(|(key, value)| (key, value.clone())).collect();
        json::from_slice(&serde_json::to_vec(&object).map_err(unwritten)?, options)
    }

    /// Sets the keys that are present in the record, extensions included; other pairs stay as they are.
    ///
    /// ```
    /// use cimi_model::{EthernetProtocolParameters, Map};
    ///
    /// let keys = EthernetProtocolParameters { mtu: Some(9000), ..Default::default() };
    /// let mut parameters = Map::new();
    /// parameters.write_keys(&keys)?;
    /// assert_eq!(format!("{parameters:?}"), r#"{"mtu": Number(9000)}"#);
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    ///
    /// # Errors
    /// When a value cannot be written.
    pub fn write_keys(&mut self, keys: &dyn Record) -> Result<()> {
        let text = json::to_string(keys, crate::WriteOptions::default())?;
        let object: Any = serde_json::from_str(&text).map_err(unwritten)?;
        if let Any::Object(members) = object {
            for (key, value) in members {
                self.insert(key, value);
            }
        }
        Ok(())
    }
}

fn unwritten(error: serde_json::Error) -> Error {
    Error::new(ErrorKind::Write, error.to_string()).caused_by(error)
}

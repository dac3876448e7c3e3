//! Networks in several clouds.

use super::reconcile::{is_enough, offered};
use super::{
    FederationState, NetworkCharacteristic, NetworkFederation, NetworkModel, NetworkSegment, SHARED_NETWORK,
    SharedNetwork, reconcile,
};
use crate::{Error, ErrorKind, Network, NetworkInterface, Result, Uri, printable};

/// Takes a Network into another cloud (DSP2042 4.4.4); whether it was not there before. Its own cloud is `home`.
///
/// The segment there offers what the federation of the two clouds says. If the segments are reconciled, all of them
/// offer from now on what they have in common.
///
/// # Errors
/// [`ErrorKind::State`] when the two clouds have no agreement, and the errors of [`reconcile`]. The Network is then as it was.
pub fn extend(network: &mut Network, home: &Uri, cloud: &Uri, federations: &[NetworkFederation]) -> Result<bool> {
    let mut shared = SHARED_NETWORK.get(network)?.unwrap_or_default();
    if shared.segments.is_empty() {
        let own = NetworkSegment {
            cloud: Some(home.clone()),
            characteristics: std::mem::take(&mut shared.characteristics),
            ..NetworkSegment::default()
        };
        shared.segments.push(own);
    }
    if shared.segments.iter().any(|segment| segment.cloud.as_ref() == Some(cloud)) {
        return Ok(false);
    }
    let is_agreed = |federation: &&NetworkFederation| {
        let agreed = federation.state == Some(FederationState::Agreed);
        agreed && federation.clouds.contains(home) && federation.clouds.contains(cloud)
    };
    let Some(federation) = federations.iter().find(is_agreed) else {
        let text = format!("'{}' and '{}' share no networking", printable(home.as_str()), printable(cloud.as_str()));
        return Err(Error::new(ErrorKind::State, text));
    };
    shared.segments.push(NetworkSegment {
        cloud: Some(cloud.clone()),
        characteristics: federation.characteristics.clone(),
        ..NetworkSegment::default()
    });
    if shared.is_reconciled() {
        shared.characteristics = reconcile(&shared.segments)?.characteristics;
    }
    SHARED_NETWORK.set(network, &shared)?;
    Ok(true)
}

impl SharedNetwork {
    fn is_reconciled(&self) -> bool {
        !matches!(self.model, Some(NetworkModel::Segmented | NetworkModel::Other(_)))
    }

    /// What a segment offers to interfaces.
    fn offers<'a>(&'a self, segment: &'a NetworkSegment) -> &'a [NetworkCharacteristic] {
        if self.is_reconciled() { &self.characteristics } else { &segment.characteristics }
    }
}

/// Something that an interface wants and does not get.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Lack {
    /// What it wants.
    pub wanted: NetworkCharacteristic,
    /// What there is of that, if anything.
    pub offered: Option<NetworkCharacteristic>,
}

/// What an interface gets in the segment of a cloud.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Fit {
    /// The entry point of the cloud.
    pub cloud: Option<Uri>,
    /// What it lacks there.
    pub lacks: Vec<Lack>,
}

/// What an interface gets in each segment of a Network.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Guide {
    /// Each segment, in their order.
    pub fits: Vec<Fit>,
}

impl Guide {
    /// What it gets in a cloud, if the Network is there.
    #[must_use]
    pub fn in_cloud(&self, cloud: &Uri) -> Option<&Fit> {
        self.fits.iter().find(|fit| fit.cloud.as_ref() == Some(cloud))
    }

    /// The clouds where it gets all that it wants: those that its Machine can be moved to for that.
    pub fn clouds(&self) -> impl Iterator<Item = &Uri> {
        self.fits.iter().filter(|fit| fit.lacks.is_empty()).filter_map(|fit| fit.cloud.as_ref())
    }
}

/// Says in which segments of a Network an interface gets what it wants (DSP2042 4.4.5, the second of the two models).
/// Where the segments are reconciled, it is the same in all of them.
///
/// # Errors
/// When a number or a unit cannot be understood, with the path of the segment.
pub fn guide(wanted: &[NetworkCharacteristic], network: &SharedNetwork) -> Result<Guide> {
    let mut guide = Guide::default();
    for (number, segment) in network.segments.iter().enumerate() {
        let offers = network.offers(segment);
        let mut lacks = Vec::new();
        for wanted in wanted {
            let offered = offered(offers, wanted.name.as_deref().unwrap_or_default());
            let enough = offered.map(|offered| is_enough(offered, wanted)).transpose();
            if enough.map_err(|error| error.at_path(format!("/segments[{number}]")))? != Some(true) {
                lacks.push(Lack { wanted: wanted.clone(), offered: offered.cloned() });
            }
        }
        guide.fits.push(Fit { cloud: segment.cloud.clone(), lacks });
    }
    Ok(guide)
}

/// What an interface wants by the attributes of the standard: its speed and the longest packet.
#[must_use]
pub fn wanted_by(interface: &NetworkInterface) -> Vec<NetworkCharacteristic> {
    let wanted = |name: &str, value: Option<i64>, unit: &str| {
        value.map(|value| NetworkCharacteristic::new(name, &value.to_string(), unit))
    };
    let speed = wanted("speed", interface.speed, "bits per second");
    speed.into_iter().chain(wanted("mtu", interface.mtu, "bytes")).collect()
}

//! What comes of a policy.

use std::fmt;

use chrono::{DateTime as Instant, Utc};

use crate::scope::Ratio;
use crate::{MachineConfiguration, Ref, Uri};

/// Where a policy scales to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Direction {
    /// More resources.
    Out,
    /// Fewer resources.
    In,
    /// A larger resource.
    Up,
    /// A smaller resource.
    Down,
}

impl Direction {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::In => "in",
            Self::Up => "up",
            Self::Down => "down",
        }
    }

    /// Whether there is more afterwards.
    #[must_use]
    pub const fn grows(self) -> bool {
        matches!(self, Self::Out | Self::Up)
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a provider has to do.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// Resources are made from the template of the policy or, without one, as the others were, and are started and
    /// connected as they are.
    Add {
        /// How many.
        count: usize,
    },
    /// These are removed, in this order.
    Remove {
        /// Their ids.
        resources: Vec<Uri>,
    },
    /// The size of a resource changes.
    Resize {
        /// Its id.
        resource: Uri,
        /// The attribute, `capacity` or `speed`.
        attribute: &'static str,
        /// Its value now.
        from: i64,
        /// Its value then.
        to: i64,
    },
    /// A Machine gets another configuration.
    Reconfigure {
        /// Its id.
        resource: Uri,
        /// The place of the configuration now among those of the policy, from 0.
        from: usize,
        /// The place then.
        to: usize,
        /// The configuration then.
        configuration: Ref<MachineConfiguration>,
    },
}

/// What keeps a policy from scaling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Obstacle {
    /// There are as many resources as there may be, or the resource is as large.
    Maximum,
    /// There are as few as there may be, or the resource is as small.
    Minimum,
    /// Those that could be removed are protected.
    Protected,
    /// The size is not known, or the Machine has none of the configurations.
    UnknownSize,
    /// What is left could not bear the load, which would make the policy grow at once.
    Reversal,
}

impl Obstacle {
    /// The words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Maximum => "maximum",
            Self::Minimum => "minimum",
            Self::Protected => "protected",
            Self::UnknownSize => "unknown size",
            Self::Reversal => "reversal",
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a policy decides.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Verdict {
    /// This is to be done.
    Act(Action),
    /// The load is on the good side of all thresholds, or not for long enough on the bad side of one.
    Steady,
    /// The last action is not long ago.
    CoolingDown {
        /// When it was.
        since: Instant<Utc>,
    },
    /// There are too few samples to tell.
    NotEnoughData,
    /// The policy would scale, and this keeps it from that.
    CannotScale(Obstacle),
}

impl Verdict {
    /// The words: `not enough data`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Act(_) => "scale",
            Self::Steady => "steady",
            Self::CoolingDown { .. } => "cooling down",
            Self::NotEnoughData => "not enough data",
            Self::CannotScale(_) => "cannot scale",
        }
    }
}

/// What a policy decides about its resources together, or about one of them, with the figures.
///
/// `Display` prints a line: `scale out: cpu of 2 Machines is 75 on average, moreThan 70 percent for 5 periods of PT1M,
/// of 10 samples; 2 become 3`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Decision {
    /// The resource, where each is scaled by itself; `None` where their number changes.
    pub resource: Option<Uri>,
    /// What is decided.
    pub verdict: Verdict,
    /// Where the policy scales to, or would.
    pub direction: Option<Direction>,
    /// The load in the latest period, in the unit of the policy: the average or the greatest of the resources. One
    /// without enough samples counts as having none.
    pub value: Option<Ratio>,
    /// The threshold that it is beyond for long enough.
    pub threshold: Option<Ratio>,
    /// How many resources the policy was applied to.
    pub members: usize,
    /// How many of them had too few samples in a period that was looked at.
    pub lacking: usize,
    /// How many samples counted, in all periods that were looked at.
    pub samples: usize,
    /// How many samples had no time, or no number as their value.
    pub unreadable: usize,
    /// The instant that it was decided for.
    pub time: Instant<Utc>,
    /// Why, in words, with the figures.
    pub reason: String,
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.verdict.as_str())?;
        if let (Verdict::Act(_) | Verdict::CannotScale(_), Some(direction)) = (&self.verdict, self.direction) {
            write!(f, " {direction}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// An action that was carried out earlier by a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers keep them as they like")]
pub struct Past {
    /// When it was complete.
    pub time: Instant<Utc>,
    /// The resource that it changed; where the number changes, this does not count.
    pub resource: Option<Uri>,
}

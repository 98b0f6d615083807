//! Quotas of a Region and of a topic (SNS-3, SNS-4, SNS-5), exact: no second holds more than the limit.

use std::collections::BTreeMap;

use crate::engine::Micros;
use crate::services::Window;

/// `FifoThroughputScope` `Topic`: messages a second, and bytes.
pub const FIFO_TOPIC_RATE: u64 = 3_000;
pub const FIFO_TOPIC_BYTES: u64 = 20_000_000;
/// Messages a second of one message group, whatever the scope.
pub const GROUP_RATE: u64 = 300;
/// `Subscribe` and `Unsubscribe` a second.
pub const SUBSCRIBE_RATE: u64 = 100;
pub const FIFO_SUBSCRIPTIONS_MAX: usize = 100;
pub const STANDARD_SUBSCRIPTIONS_MAX: usize = 12_500_000;
pub const PENDING_SUBSCRIPTIONS_MAX: usize = 5_000;
pub const FIREHOSE_SUBSCRIPTIONS_MAX: usize = 5;
pub const FILTER_POLICIES_MAX: usize = 200;
/// Messages above this size are for few subscribers of few kinds (SNS-5).
pub const LARGE_MESSAGE: usize = 262_144;
pub const LARGE_MESSAGE_SUBSCRIPTIONS_MAX: usize = 100;
/// Messages a second to one subscription; what is more waits.
pub const EMAIL_RATE: u64 = 10;
pub const SMS_RATE: u64 = 20;
/// Characters of one text message, over all its parts.
pub const SMS_CHARS_MAX: usize = 1_600;

/// The Regions, by what they let an account publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Region {
    UsEast1,
    UsWest2,
    EuWest1,
    Middle,
    Other,
}

impl Region {
    /// As the scene names them; the middle tier and the rest stand for their Regions.
    pub const NAMES: [&'static str; 5] = ["us-east-1", "us-west-2", "eu-west-1", "middle", "other"];

    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "us-west-2" => Self::UsWest2,
            "eu-west-1" => Self::EuWest1,
            "middle" => Self::Middle,
            "other" => Self::Other,
            _ => Self::UsEast1,
        }
    }

    /// Messages a second.
    #[must_use]
    pub fn publish_rate(self, fifo: bool) -> u64 {
        match self {
            Self::UsEast1 => 30_000,
            Self::UsWest2 | Self::EuWest1 => 9_000,
            Self::Middle | Self::Other if fifo => 3_000,
            Self::Middle => 1_500,
            Self::Other => 300,
        }
    }
}

/// What an account has published during the last second, by Region and whether to FIFO topics: what all topics share.
#[derive(Clone, Debug, Default)]
pub struct Account(BTreeMap<(Region, bool), Window>);

impl Account {
    pub fn window(&mut self, region: Region, fifo: bool) -> &mut Window {
        self.0.entry((region, fifo)).or_default()
    }
}

/// What a topic has let pass, by each quota.
#[derive(Clone, Debug, Default)]
pub struct Quotas {
    /// Under a publish rate of its own.
    pub own: Window,
    /// Of a FIFO topic.
    pub messages: Window,
    pub bytes: Window,
    pub subscribing: Window,
    groups: BTreeMap<String, Window>,
}

impl Quotas {
    /// Whether a message group may have one more message this second; if so, it has.
    pub fn admit_to_group(&mut self, group: &str, now: Micros) -> bool {
        if self.groups.len() > 1_000 {
            self.groups.retain(|_, window| window.spent(now) > 0);
        }
        let window = self.groups.entry(group.to_owned()).or_default();
        let fits = window.has_room(1, GROUP_RATE, now);
        if fits {
            window.spend(1, now);
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_are_those_of_the_general_reference() {
        let rates = Region::NAMES.map(|name| Region::from_name(name).publish_rate(false));
        assert_eq!(rates, [30_000, 9_000, 9_000, 1_500, 300]);
        assert_eq!(Region::from_name("other").publish_rate(true), 3_000);
    }
}

//! What can be seen to happen at a topic.

use std::sync::Arc;

use crate::services::fact::facts;

facts! {
    MessagePublished { subscriptions: u64 } => Plain, "to {subscriptions} {}", if *subscriptions == 1 { "subscription" } else { "subscriptions" };
    NoSubscription => Warn, "nobody is subscribed: the message is gone";
    FilteredOut { subscription: Arc<str>, clause: String } => Plain, "not for {subscription}: {clause}";
    NotificationDelivered { subscription: Arc<str> } => Good, "accepted by {subscription}";
    DeliveryRetried { subscription: Arc<str>, code: &'static str, retry: u32, wait_ms: u64 } => Warn, "{subscription} answered {code}: retry {retry} in {wait_ms} ms";
    DeliveryFailed { subscription: Arc<str>, code: &'static str, retries: u32 } => Bad, "{subscription} did not take it ({code}) after {retries} retries";
    EndlessLoop { hops: u16 } => Bad, "passed {hops} links";
    RequestRefused { code: &'static str, reason: String } => Bad, "{code}: {reason}";
}

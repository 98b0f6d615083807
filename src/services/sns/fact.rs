//! What can be seen to happen at a topic.

use std::sync::Arc;

use crate::services::contract::fact::facts;

facts! {
    MessagePublished { subscriptions: u64 } => Plain, "to {subscriptions} {}", if *subscriptions == 1 { "subscription" } else { "subscriptions" };
    NoSubscription => Warn, "nobody is subscribed: the message is gone";
    FilteredOut { subscription: Arc<str>, clause: String } => Plain, "not for {subscription}: {clause}";
    NotificationDelivered { subscription: Arc<str> } => Good, "accepted by {subscription}";
    DeliveryRetried { subscription: Arc<str>, code: &'static str, retry: u32, wait_ms: u64 } => Warn, "{subscription} answered {code}: retry {retry} in {wait_ms} ms";
    DeliveryFailed { subscription: Arc<str>, code: &'static str, retries: u32 } => Bad, "{subscription} did not take it ({code}) after {retries} retries";
    EndlessLoop { hops: u16 } => Bad, "passed {hops} links";
    RequestRefused { code: &'static str, reason: String } => Bad, "{code}: {reason}";
    DuplicateAccepted { id: String } => Warn, "deduplication id {id} was accepted within the last 5 minutes: not delivered again";
    /// A group's message waits until the one before is delivered, dead-lettered or dropped.
    GroupHeld { subscription: Arc<str>, group: Arc<str> } => Quiet, "group {group} waits for {subscription}";
    /// More than the throttle policy lets pass.
    DeliveryQueued { subscription: Arc<str>, wait_ms: u64 } => Quiet, "{subscription} takes no more a second: {wait_ms} ms to wait";
    RedrivenToDlq { subscription: Arc<str>, queue: Arc<str> } => Warn, "what {subscription} did not take lies in {queue}";
    RedriveFailed { queue: Arc<str>, code: &'static str } => Bad, "the dead-letter queue {queue} did not take it ({code})";
    ConfirmationSent { subscription: Arc<str> } => Plain, "{subscription} is asked to confirm; the token holds 2 days";
    ConfirmationReceived { subscription: Arc<str> } => Plain, "{subscription} has the request to confirm";
    SubscriptionConfirmed { subscription: Arc<str> } => Good, "{subscription} has confirmed";
    NotConfirmed { subscription: Arc<str> } => Warn, "{subscription} has not confirmed: it gets nothing";
    Subscribed { subscription: Arc<str>, protocol: &'static str } => Plain, "{subscription} by {protocol}";
    Unsubscribed { subscription: Arc<str> } => Plain, "{subscription} gets nothing any more";
    AttributeSet { name: String } => Plain, "{name}";
    MessageArchived => Quiet, "kept in the archive";
    ArchivedMessageExpired => Quiet, "older than the archive's retention";
    ReplayStarted { subscription: Arc<str>, messages: u64 } => Plain, "{messages} archived messages to {subscription}";
    ReplayCompleted { subscription: Arc<str> } => Good, "{subscription} has caught up";
    PropertyIsFixed { name: &'static str } => Warn, "{name} cannot be changed: it stays as it was when the topic was made";
    SubscriptionPaused { subscription: Arc<str> } => Warn, "{subscription} has reached the end of its replay: it gets nothing new";
}

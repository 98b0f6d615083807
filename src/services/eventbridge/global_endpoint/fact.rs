//! What can be seen to happen at a global endpoint.

use std::sync::Arc;

use crate::services::contract::fact::facts;

facts! {
    EventRouted { bus: Arc<str> } => Plain, "to {bus}";
    EventReplicated { bus: Arc<str> } => Quiet, "also to {bus}";
    RouteFailed { bus: Arc<str>, code: &'static str } => Bad, "{bus} answered {code}";
    ReplicationFailed { bus: Arc<str>, code: &'static str } => Warn, "{bus} answered {code}";
    PrimaryUnhealthy => Warn, "the primary does not answer";
    FailedOver { bus: Arc<str> } => Bad, "events go to {bus}";
    Recovered { bus: Arc<str> } => Good, "events go to {bus} again";
    NothingConnected => Warn, "it has no bus to route to";
}

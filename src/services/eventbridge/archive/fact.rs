//! What can be seen to happen at an archive.

use crate::services::contract::fact::facts;

facts! {
    EventArchived => Good, "kept";
    EventNotArchived { clause: String } => Quiet, "{clause}";
    ArchivedEventExpired => Plain, "its retention is over";
    ReplayStarted { name: String } => Good, "{name}";
    SliceReplayed { name: String, minute: String, events: u64 } => Plain, "{name}: {events} of the minute {minute}";
    ReplayCompleted { name: String, events: u64 } => Good, "{name}: {events} events";
    ReplayCancelled { name: String } => Warn, "{name}";
    ReplayFailed { name: String } => Bad, "{name}: the bus is not there";
    RequestRefused { code: &'static str } => Bad, "{code}";
}

//! What can be seen to happen at a producer.

use crate::engine::{Micros, clock_text};
use crate::services::contract::fact::facts;

facts! {
    MessageProduced => Quiet, "sent";
    SendFailed { code: &'static str, reason: String } => Bad, "{code}: {reason}";
    RetryScheduled { code: &'static str, attempt: u32, at: Micros } => Warn, "{code}: attempt {attempt} at {}", clock_text(*at);
    NothingConnected => Warn, "connect it to something that takes messages";
    Finished { count: u64 } => Plain, "all {count} messages sent";
    PayloadRefused { reason: String } => Bad, "{reason}";
}

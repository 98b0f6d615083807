//! What can be seen to happen at a producer.

use crate::services::fact::facts;

facts! {
    MessageProduced => Quiet, "sent";
    SendFailed { code: &'static str, reason: String } => Bad, "{code}: {reason}";
    NothingConnected => Warn, "connect it to something that takes messages";
    Finished { count: u64 } => Plain, "all {count} messages sent";
    PayloadRefused { reason: String } => Bad, "{reason}";
}

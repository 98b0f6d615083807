//! What EventBridge, its pipes and its scheduler costs; where the numbers come from stands in `contract::usage`.

use crate::services::Price;
use crate::services::contract::usage::{GB, MILLION};

const PAGE: &str = "eventbridge";

pub static BUS: [Price; 2] =
    [Price::new("custom events", 1.0, MILLION, PAGE), Price::new("replayed events", 1.0, MILLION, PAGE)];
pub static ARCHIVE: [Price; 1] = [Price::new("archived data", 0.10, GB, PAGE)];
pub static RULE: [Price; 1] = [Price::new("API destination calls", 0.20, MILLION, PAGE)];
pub static PIPE: [Price; 1] = [Price::new("pipe requests", 0.40, MILLION, PAGE)];
pub static SCHEDULE: [Price; 1] = [Price::new("scheduled invocations", 1.0, MILLION, PAGE)];

pub const EVENT: &Price = &BUS[0];
pub const REPLAYED_EVENT: &Price = &BUS[1];
pub const ARCHIVED_BYTES: &Price = &ARCHIVE[0];
pub const API_DESTINATION_CALL: &Price = &RULE[0];
pub const PIPE_REQUEST: &Price = &PIPE[0];
pub const SCHEDULED_INVOCATION: &Price = &SCHEDULE[0];

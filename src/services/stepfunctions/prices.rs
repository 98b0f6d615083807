//! What Step Functions costs; where the numbers come from stands in `contract::usage`.

use crate::services::Price;
use crate::services::contract::usage::{GB_SECOND, MILLION};

const PAGE: &str = "step-functions";

pub static PRICES: [Price; 3] = [
    Price::new("state transitions", 25.0, MILLION, PAGE),
    Price::new("Express requests", 1.0, MILLION, PAGE),
    Price::new("Express duration at 64 MB", 0.000_016_67, GB_SECOND, PAGE),
];

pub const TRANSITION: &Price = &PRICES[0];
pub const REQUEST: &Price = &PRICES[1];
pub const TIME: &Price = &PRICES[2];

/// Memory that an Express execution is billed for, in steps of so many megabytes; and its time in steps of 100 ms.
pub const MEGABYTES: u64 = 64;

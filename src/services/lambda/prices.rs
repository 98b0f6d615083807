//! What Lambda costs; where the numbers come from stands in `contract::usage`.

use crate::services::Price;
use crate::services::contract::usage::{GB_SECOND, MILLION};

const PAGE: &str = "lambda";

pub static PRICES: [Price; 2] = [
    Price::new("invocations", 0.20, MILLION, PAGE),
    Price::new("duration at 128 MB", 0.000_016_666_7, GB_SECOND, PAGE),
];

pub const REQUEST: &Price = &PRICES[0];
pub const TIME: &Price = &PRICES[1];

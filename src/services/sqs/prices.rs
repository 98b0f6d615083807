//! What SQS costs; where the numbers come from stands in `contract::usage`.

use crate::services::Price;
use crate::services::contract::usage::MILLION;

const PAGE: &str = "sqs";

pub static PRICES: [Price; 2] =
    [Price::new("requests", 0.40, MILLION, PAGE), Price::new("FIFO requests", 0.50, MILLION, PAGE)];

pub const REQUEST: &Price = &PRICES[0];
pub const FIFO_REQUEST: &Price = &PRICES[1];

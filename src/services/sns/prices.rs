//! What SNS costs; where the numbers come from stands in `contract::usage`.

use crate::services::Price;
use crate::services::contract::usage::{GB, MILLION};

const PAGE: &str = "sns";

pub static PRICES: [Price; 9] = [
    Price::new("publishes", 0.50, MILLION, PAGE),
    Price::new("HTTP/S deliveries", 0.60, MILLION, PAGE),
    Price::new("email deliveries", 20.0, MILLION, PAGE),
    Price::new("mobile push deliveries", 0.50, MILLION, PAGE),
    Price::new("Firehose deliveries", 0.19, MILLION, PAGE),
    Price::new("FIFO publishes", 0.30, MILLION, PAGE),
    Price::new("FIFO payload published", 0.017, GB, PAGE),
    Price::new("FIFO deliveries", 0.01, MILLION, PAGE),
    Price::new("FIFO payload delivered", 0.001, GB, PAGE),
];

pub const REQUEST: &Price = &PRICES[0];
pub const HTTP: &Price = &PRICES[1];
pub const EMAIL: &Price = &PRICES[2];
pub const PUSH: &Price = &PRICES[3];
pub const FIREHOSE: &Price = &PRICES[4];
pub const FIFO_REQUEST: &Price = &PRICES[5];
pub const FIFO_BYTES: &Price = &PRICES[6];
pub const FIFO_DELIVERY: &Price = &PRICES[7];
pub const FIFO_DELIVERED_BYTES: &Price = &PRICES[8];

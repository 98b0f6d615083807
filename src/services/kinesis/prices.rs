//! What Kinesis Data Streams costs; where the numbers come from stands in `contract::usage`.

use crate::services::Price;
use crate::services::contract::usage::{GB, HOUR, MILLION};

const PAGE: &str = "kinesis/data-streams";

pub static PRICES: [Price; 8] = [
    Price::new("open shards", 0.015, HOUR, PAGE),
    Price::new("PUT payload units", 0.014, MILLION, PAGE),
    Price::new("fan-out consumers × shards", 0.015, HOUR, PAGE),
    Price::new("fan-out data", 0.013, GB, PAGE),
    Price::new("on-demand stream", 0.04, HOUR, PAGE),
    Price::new("data in", 0.08, GB, PAGE),
    Price::new("data out", 0.04, GB, PAGE),
    Price::new("fan-out data", 0.05, GB, PAGE),
];

pub const SHARD_TIME: &Price = &PRICES[0];
pub const PUT_UNIT: &Price = &PRICES[1];
pub const CONSUMER_SHARD_TIME: &Price = &PRICES[2];
pub const FAN_OUT_BYTES: &Price = &PRICES[3];
pub const STREAM_TIME: &Price = &PRICES[4];
pub const BYTES_IN: &Price = &PRICES[5];
pub const BYTES_OUT: &Price = &PRICES[6];
pub const ON_DEMAND_FAN_OUT_BYTES: &Price = &PRICES[7];

//! What DynamoDB costs; where the numbers come from stands in `contract::usage`.

use crate::services::Price;
use crate::services::contract::usage::{HOUR, MILLION};

const PAGE: &str = "dynamodb";

/// Reads are counted in half units: an eventually consistent one takes so many.
const MILLION_OF_HALVES: (f64, &str) = (2.0 * MILLION.0, MILLION.1);

pub static PRICES: [Price; 4] = [
    Price::new("read request units", 0.125, MILLION_OF_HALVES, PAGE),
    Price::new("write request units", 0.625, MILLION, PAGE),
    Price::new("read capacity units", 0.000_13, HOUR, PAGE),
    Price::new("write capacity units", 0.000_65, HOUR, PAGE),
];

pub const READ_UNIT: &Price = &PRICES[0];
pub const WRITE_UNIT: &Price = &PRICES[1];
pub const READ_CAPACITY_TIME: &Price = &PRICES[2];
pub const WRITE_CAPACITY_TIME: &Price = &PRICES[3];

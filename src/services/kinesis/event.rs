//! A record as a function or a pipe gets it from a stream (KDS-28, EB-22).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html>

use serde_json::{Value, json};

use super::api::{Record, shard_id};
use crate::lang::base64::base64;
use crate::services::parts::arns::{ACCOUNT, REGION, arn};

impl Record {
    /// What of a record is the stream's own: its data is Base64.
    #[must_use]
    #[inline(never)] // second part
    pub fn event(&self, (stream, shard): (&str, u32), reader: &str) -> Value {
        let sequence = self.sequence.to_string();
        json!({
            "kinesisSchemaVersion": "1.0",
            "partitionKey": self.message.partition_key(),
            "sequenceNumber": sequence,
            "data": base64(self.message.body.as_bytes()),
            "approximateArrivalTimestamp": (self.arrived / 1_000) as f64 / 1e3,
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": format!("{}:{sequence}", shard_id(shard)),
            "eventName": "aws:kinesis:record",
            "invokeIdentityArn": format!("arn:aws:iam::{ACCOUNT}:role/{reader}"),
            "awsRegion": REGION,
            "eventSourceARN": arn("kinesis", &format!("stream/{stream}")),
        })
    }
}

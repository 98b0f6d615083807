//! Records that a mapping gives up: what is known of them goes to its on-failure destination, not the records
//! themselves (KDS-27, KDS-30).
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html>

use serde_json::{Value, json};

use super::fact::Fact;
use super::invocation::Outcome;
use super::model::Model;
use super::outcomes::route_to;
use crate::engine::LinkId;
use crate::lang::instant::instant_text;
use crate::services::follow;
use crate::services::kinesis::api::{Record, shard_id};
use crate::services::parts::arns::arn;
use crate::services::sqs::api::message_id;
use crate::services::{Cx, Deadline, Door, Kind, LinkKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenUp {
    RetryAttemptsExhausted,
    RecordAgeExceeded,
    /// Above the 6 MB of an invocation (KDS-30).
    TooLarge,
}

impl GivenUp {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RetryAttemptsExhausted => "RetryAttemptsExhausted",
            Self::RecordAgeExceeded => "RecordAgeExceeded",
            Self::TooLarge => "MaximumPayloadSizeExceeded",
        }
    }
}

impl Model {
    pub(super) fn give_up_records(
        &mut self,
        link: LinkId,
        shard: u32,
        records: &[Record],
        (why, invoked, outcome): (GivenUp, u32, Option<Outcome>),
        cx: &mut Cx<'_>,
    ) {
        let (Some(first), Some(last)) = (records.first(), records.last()) else { return };
        self.metrics.events_given_up += records.len() as u64;
        let fact = Fact::RecordsGivenUp { shard, records: records.len() as u64, why: why.name() };
        cx.tell(fact, Some(&first.message));
        let Some((mapping, _)) = self.place_of(link, shard) else { return };
        let source = mapping.route.clone();
        let Some(name) = mapping.config.on_failure.clone() else { return };
        let Some(route) = route_to(LinkKind::Destination, &name, cx) else { return };
        let is_table = source.peer_kind == Kind::Table;
        // The arrivals of a table's records are told to the second.
        let time = |record: &Record| {
            let text = instant_text(record.arrived);
            if is_table { format!("{}Z", &text[.."2026-01-01T00:00:00".len()]) } else { text }
        };
        let stream = if is_table {
            arn("dynamodb", &format!("table/{}/stream/2026-01-01T00:00:00.000", source.peer_name))
        } else {
            arn("kinesis", &format!("stream/{}", source.peer_name))
        };
        let mut body = json!({
            "requestContext": {
                "requestId": message_id(&first.message),
                "functionArn": arn("lambda", &format!("function:{}", cx.name())),
                "condition": why.name(),
                // What is too old before the first attempt is counted as one (recorded).
                "approximateInvokeCount": if why == GivenUp::RecordAgeExceeded { invoked.max(1) } else { invoked },
            },
            "version": "1.0",
            "timestamp": instant_text(cx.now()),
        });
        // Only what was invoked, and not too old for another attempt, has an answer (recorded so).
        if let Some(outcome) = outcome {
            let is_error = matches!(outcome, Outcome::Fails(_) | Outcome::TimesOut);
            body["responseContext"] = json!({ "statusCode": 200, "executedVersion": "$LATEST",
                "functionError": is_error.then_some("Unhandled") });
        } else if why == GivenUp::TooLarge {
            body["responseContext"] = Value::Null;
        }
        body[if is_table { "DDBStreamBatchInfo" } else { "KinesisBatchInfo" }] = json!({
            "shardId": shard_id(shard),
            "startSequenceNumber": first.sequence.to_string(),
            "endSequenceNumber": last.sequence.to_string(),
            "approximateArrivalOfFirstRecord": time(first),
            "approximateArrivalOfLastRecord": time(last),
            "batchSize": records.len(),
            "streamArn": stream,
        });
        if let Some(call) = follow(&first.message, &route, (body.to_string().into(), None), Deadline::SERVICE, cx) {
            self.delivering.insert(call, LinkKind::Destination);
        }
    }
}

//! A look inside the stream: its shards as rows, with the metrics of each that are asked for, and the calls of the API.

use serde_json::json;

use super::api::shard_id;
use super::model::Model;
use super::shard::Shard;
use crate::engine::Micros;
use crate::services::contract::inside::{Inside, ROWS_MAX, Row, SuggestedCall};

const COLUMNS: [&str; 5] = ["Shard", "State", "Hash keys", "Records", "Parents"];

impl Model {
    pub(super) fn look_inside(&self, now: Micros) -> Inside {
        let rows = self.shards.iter().take(ROWS_MAX).map(|shard| self.row(shard, now)).collect();
        let columns = Inside::named(&[&COLUMNS, &*self.config.shard_metrics].concat());
        let call = |action, input| SuggestedCall { action, input };
        let open = self.open_shards();
        let mode = if self.config.on_demand { "PROVISIONED" } else { "ON_DEMAND" };
        let calls = vec![
            call("PutRecord", json!({ "Data": "hello", "PartitionKey": "a" })),
            call("UpdateShardCount", json!({ "TargetShardCount": open * 2, "ScalingType": "UNIFORM_SCALING" })),
            call("DescribeStreamSummary", json!({})),
            call("IncreaseStreamRetentionPeriod", json!({ "RetentionPeriodHours": 168 })),
            call("RegisterStreamConsumer", json!({ "ConsumerName": "reports" })),
            call("ListStreamConsumers", json!({})),
            call("UpdateStreamMode", json!({ "StreamModeDetails": { "StreamMode": mode } })),
            call("EnableEnhancedMonitoring", json!({ "ShardLevelMetrics": ["ALL"] })),
            call("StartStreamEncryption", json!({ "EncryptionType": "KMS", "KeyId": "alias/aws/kinesis" })),
            call("DescribeLimits", json!({})),
        ];
        Inside { columns, rows, total: self.shards.len() as u64, calls }
    }

    fn row(&self, shard: &Shard, now: Micros) -> Row {
        let state = if shard.is_open() { "OPEN" } else { "CLOSED" };
        let parents: Vec<String> = shard.parents.iter().map(|parent| shard_id(*parent)).collect();
        let mut cells = vec![
            shard_id(shard.id),
            state.to_owned(),
            format!("{:02x}–{:02x}", shard.range.0 >> 120, shard.range.1 >> 120),
            shard.records.len().to_string(),
            parents.join(" "),
        ];
        cells.extend(self.config.shard_metrics.iter().map(|name| shard.metric(name, now)));
        Row { cells, calls: self.row_calls(shard), ..Row::default() }
    }

    fn row_calls(&self, shard: &Shard) -> Vec<SuggestedCall> {
        let id = shard_id(shard.id);
        let iterator = json!({ "ShardId": id, "ShardIteratorType": "TRIM_HORIZON" });
        let mut calls = vec![SuggestedCall { action: "GetShardIterator", input: iterator }];
        let (start, end) = shard.range;
        if shard.is_open() && start < end {
            let half = (start + (end - start) / 2 + 1).to_string();
            let input = json!({ "ShardToSplit": id, "NewStartingHashKey": half });
            calls.push(SuggestedCall { action: "SplitShard", input });
        }
        let next = self.shards.iter().find(|other| other.is_open() && end.checked_add(1) == Some(other.range.0));
        if let Some(next) = next.filter(|_| shard.is_open()) {
            let input = json!({ "ShardToMerge": id, "AdjacentShardToMerge": shard_id(next.id) });
            calls.push(SuggestedCall { action: "MergeShards", input });
        }
        calls
    }
}

impl Shard {
    fn metric(&self, name: &str, now: Micros) -> String {
        let counts = &self.counts;
        let number = match name {
            "IncomingBytes" => counts.incoming_bytes,
            "IncomingRecords" => counts.incoming_records,
            "OutgoingBytes" => counts.outgoing_bytes,
            "OutgoingRecords" => counts.outgoing_records,
            "WriteProvisionedThroughputExceeded" => counts.writes_throttled,
            "ReadProvisionedThroughputExceeded" => counts.reads_throttled,
            _ => self.age(now) / 1_000,
        };
        number.to_string()
    }
}

//! The calls that administer a stream, read.

use serde_json::Value;

use super::api::Control;
use super::config::shard_metrics;
use super::consumers::name_of_arn;
use super::control::invalid;
use super::parsing::{missing, out_of_range, shard, text};
use crate::services::{ApiError, whole_number};

/// Everything that a stream can be called with.
pub const ACTIONS: &[&str] = &[
    "PutRecord",
    "PutRecords",
    "ListShards",
    "GetShardIterator",
    "GetRecords",
    "RegisterStreamConsumer",
    "SubscribeToShard",
    "DescribeStream",
    "DescribeStreamSummary",
    "DescribeLimits",
    "DescribeAccountSettings",
    "UpdateAccountSettings",
    "SplitShard",
    "MergeShards",
    "UpdateShardCount",
    "IncreaseStreamRetentionPeriod",
    "DecreaseStreamRetentionPeriod",
    "UpdateStreamMode",
    "UpdateStreamWarmThroughput",
    "UpdateMaxRecordSize",
    "UpdateStreamRecordDistributionStrategy",
    "StartStreamEncryption",
    "StopStreamEncryption",
    "EnableEnhancedMonitoring",
    "DisableEnhancedMonitoring",
    "DeregisterStreamConsumer",
    "DescribeStreamConsumer",
    "ListStreamConsumers",
    "DeleteStream",
];

/// The call of this name; `None` for one that is not known.
///
/// # Errors
/// AWS's errors for missing and wrong parameters.
pub fn parse(action: &str, input: &Value) -> Result<Option<Control>, ApiError> {
    let number = |name: &str| input.get(name).and_then(whole_number).ok_or_else(|| missing(name));
    Ok(Some(match action {
        "DescribeStream" => Control::DescribeStream,
        "DescribeStreamSummary" => Control::DescribeStreamSummary,
        "DescribeLimits" => Control::DescribeLimits,
        "DescribeAccountSettings" => Control::DescribeAccountSettings,
        "UpdateAccountSettings" => {
            let commitment = input.get("MinimumThroughputBillingCommitment");
            let committed = match commitment.map(|commitment| text(commitment, "Status")).transpose()? {
                Some("ENABLED") => true,
                Some("DISABLED") => false,
                _ => return Err(missing("minimumThroughputBillingCommitment.status")),
            };
            Control::UpdateAccountSettings { committed }
        }
        "SplitShard" => {
            let at = text(input, "NewStartingHashKey")?.parse();
            let at = at.map_err(|_| invalid("Invalid NewStartingHashKey."))?;
            Control::SplitShard { shard: shard(input, "ShardToSplit")?, at }
        }
        "MergeShards" => Control::MergeShards {
            shard: shard(input, "ShardToMerge")?,
            adjacent: shard(input, "AdjacentShardToMerge")?,
        },
        "UpdateShardCount" => match input.get("ScalingType").and_then(Value::as_str) {
            None | Some("UNIFORM_SCALING") => Control::UpdateShardCount { target: number("TargetShardCount")? },
            Some(_) => {
                let constraint = "Member must satisfy enum value set: [UNIFORM_SCALING]";
                return Err(out_of_range("scalingType", constraint));
            }
        },
        "IncreaseStreamRetentionPeriod" => Control::Retention { hours: number("RetentionPeriodHours")?, longer: true },
        "DecreaseStreamRetentionPeriod" => Control::Retention { hours: number("RetentionPeriodHours")?, longer: false },
        "UpdateStreamMode" => {
            let details = input.get("StreamModeDetails").ok_or_else(|| missing("streamModeDetails"))?;
            match text(details, "StreamMode")? {
                "ON_DEMAND" => Control::UpdateStreamMode { on_demand: true },
                "PROVISIONED" => Control::UpdateStreamMode { on_demand: false },
                _ => {
                    let constraint = "Member must satisfy enum value set: [PROVISIONED, ON_DEMAND]";
                    return Err(out_of_range("streamModeDetails.streamMode", constraint));
                }
            }
        }
        "UpdateStreamWarmThroughput" => Control::UpdateStreamWarmThroughput { mibps: number("WarmThroughputMiBps")? },
        "UpdateMaxRecordSize" => Control::UpdateMaxRecordSize { kib: number("MaxRecordSizeInKiB")? },
        "UpdateStreamRecordDistributionStrategy" => match text(input, "RecordDistributionStrategy")? {
            "AUTO" => Control::UpdateRecordDistribution { auto: true },
            "USER_PARTITION_KEY" => Control::UpdateRecordDistribution { auto: false },
            _ => {
                let constraint = "Member must satisfy enum value set: [USER_PARTITION_KEY, AUTO]";
                return Err(out_of_range("recordDistributionStrategy", constraint));
            }
        },
        "StartStreamEncryption" => match text(input, "EncryptionType")? {
            "KMS" => Control::StartStreamEncryption { key: text(input, "KeyId")?.to_owned() },
            _ => return Err(out_of_range("encryptionType", "Member must satisfy enum value set: [KMS]")),
        },
        "StopStreamEncryption" => Control::StopStreamEncryption,
        "EnableEnhancedMonitoring" | "DisableEnhancedMonitoring" => {
            let metrics = shard_metrics(input.get("ShardLevelMetrics"));
            Control::EnhancedMonitoring { metrics, on: action.starts_with("Enable") }
        }
        "DeregisterStreamConsumer" => Control::DeregisterStreamConsumer { name: consumer(input)? },
        "DescribeStreamConsumer" => Control::DescribeStreamConsumer { name: consumer(input)? },
        "ListStreamConsumers" => Control::ListStreamConsumers,
        "DeleteStream" => Control::DeleteStream,
        _ => return Ok(None),
    }))
}

/// By its name, or by its ARN.
fn consumer(input: &Value) -> Result<String, ApiError> {
    let named = text(input, "ConsumerName").or_else(|_| text(input, "ConsumerARN"))?;
    Ok(name_of_arn(named).to_owned())
}

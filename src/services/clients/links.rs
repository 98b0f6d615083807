//! The links of programs: what they send, and what they poll.

use crate::services::{LinkSpec, Property, PropertyKind, property};

const POSITIONS: PropertyKind = PropertyKind::Choice(&["TRIM_HORIZON", "LATEST"]);

/// In AWS the ARN of a consumer instead of the stream's.
pub const FAN_OUT: Property = property(
    "EnhancedFanOut",
    "Enhanced fan-out",
    PropertyKind::Boolean,
    "false",
    "Of a stream: registered as a consumer, it is pushed 2 MB/s of each shard for itself, instead of sharing them.",
    "KDS-10",
);

const STARTING_POSITION: Property = property(
    "StartingPosition",
    "Starting position",
    POSITIONS,
    "\"TRIM_HORIZON\"",
    "Where a stream's reader begins: at the oldest record, or after the newest.",
    "KDS-8",
)
.fixed();

/// What a worker's poll of a stream may say.
pub static OF_STREAMS: &[Property] = &[STARTING_POSITION, FAN_OUT];

/// A producer, or a consumer that passes on, to anything that accepts its call.
pub static SEND: LinkSpec = LinkSpec { name: "Send", label: "sends to", ..LinkSpec::BLANK };

/// A queue or stream to whoever polls it.
pub static POLL: LinkSpec = LinkSpec { name: "Poll", label: "is polled by", properties: OF_STREAMS, ..LinkSpec::BLANK };

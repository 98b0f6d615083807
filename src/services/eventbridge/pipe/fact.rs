//! What can be seen to happen in a pipe.

use crate::services::contract::fact::facts;

facts! {
    PollFailed { code: &'static str } => Warn, "the source answered {code}";
    FilteredOut => Plain, "no filter matches: consumed";
    BatchStarted { items: u64 } => Plain, "{items} {}", if *items == 1 { "item" } else { "items" };
    Enriched { results: u64 } => Good, "the enrichment gave back {results}";
    EnrichmentFailed { code: String } => Bad, "{code}";
    TargetSkipped => Plain, "the enrichment gave nothing back: the target is not called";
    TargetTook { items: u64 } => Good, "{items} taken";
    TargetFailed { items: u64, code: String } => Bad, "{items} not taken: {code}";
    BatchReturned { items: u64 } => Warn, "{items} go back to the source";
    BatchBisected { items: u64 } => Warn, "cut in two, {items} first";
    BatchGivenUp { items: u64, why: &'static str } => Bad, "{items} given up: {why}";
    NothingConnected => Warn, "a pipe needs a source and a target";
    RecordsLost { shard: u32, records: u64 } => Bad, "{records} of shard {shard} expired before they were done";
}

//! What can be seen to happen on a bus.

use std::sync::Arc;

use crate::services::contract::fact::facts;

facts! {
    EventPut { source: String, rules: u64 } => Plain, "from {source}: shown to {rules} {}", if *rules == 1 { "rule" } else { "rules" };
    EventForwarded { rules: u64 } => Plain, "from another bus: shown to {rules} {}", if *rules == 1 { "rule" } else { "rules" };
    NoRuleMatched => Warn, "no rule matched: the event is gone";
    EntryRefused { code: &'static str } => Bad, "{code}";
    RequestRefused { code: &'static str } => Bad, "{code}";
    RuleDelayed { rule: Arc<str>, code: &'static str, wait: u64 } => Warn, "{rule} not reached ({code}): again in {wait} s";
    RuleNotReached { rule: Arc<str>, code: &'static str } => Bad, "{rule} not reached: {code}";
    PutEventsThrottled { entries: u64 } => Bad, "over the account's limit: {entries} {} refused", if *entries == 1 { "entry" } else { "entries" };
    BusUnknown { name: String } => Bad, "no bus is called {name}: the event is gone, and nobody is told";
    EventReplayed { rules: u64 } => Plain, "from the archive: shown to {rules} {}", if *rules == 1 { "rule" } else { "rules" };
    SchemaDiscovered { name: String, version: u64 } => Good, "{name}, version {version}";
}

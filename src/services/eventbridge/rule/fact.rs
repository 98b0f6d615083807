//! What can be seen to happen at a rule.

use std::sync::Arc;

use crate::services::contract::fact::facts;

facts! {
    Matched { targets: u64 } => Good, "to {targets} {}", if *targets == 1 { "target" } else { "targets" };
    NotMatched { clause: String } => Plain, "{clause}";
    RuleDisabled => Plain, "the rule is disabled";
    NoTarget => Warn, "the rule has no target: the event is gone";
    TargetsIgnored { count: u64 } => Bad, "too many targets: {count} more get nothing";
    TargetInvoked { target: Arc<str> } => Good, "accepted by {target}";
    InvocationRetried { target: Arc<str>, code: &'static str, retry: u32, wait: u64 } => Warn, "{target} answered {code}: retry {retry} in {wait} s";
    InvocationFailed { target: Arc<str>, code: &'static str, retries: u32 } => Bad, "{target} answered {code}: given up after {retries} retries";
    EndlessLoop { hops: u16 } => Bad, "passed {hops} links";
    RequestRefused { code: &'static str } => Bad, "{code}";
    SentToDlq { queue: Arc<str> } => Warn, "put aside in {queue}";
    DlqFailed { code: &'static str } => Bad, "the dead-letter queue did not take it: {code}";
    InvokedTwice { target: Arc<str> } => Warn, "{target} is invoked once more: delivery is at least once";
    InvocationDelayed { target: Arc<str>, wait_ms: u64 } => Quiet, "{target} gets it in {wait_ms} ms: order is not kept";
    InvocationThrottled { target: Arc<str>, wait_ms: u64 } => Warn, "over the limit: {target} gets it in {wait_ms} ms";
    ScheduleFired => Good, "it is time";
    ChangeTookEffect => Plain, "the rule's change is in effect";
}

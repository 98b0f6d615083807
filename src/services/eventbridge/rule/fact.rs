//! What can be seen to happen at a rule.

use std::sync::Arc;

use crate::services::fact::facts;

facts! {
    Matched { targets: u64 } => Good, "to {targets} {}", if *targets == 1 { "target" } else { "targets" };
    NotMatched { clause: String } => Plain, "{clause}";
    RuleDisabled => Plain, "the rule is disabled";
    NoTarget => Warn, "the rule has no target: the event is gone";
    TargetsIgnored { count: u64 } => Bad, "a rule has at most 5 targets: {count} more get nothing";
    TargetInvoked { target: Arc<str> } => Good, "accepted by {target}";
    InvocationRetried { target: Arc<str>, code: &'static str, retry: u32, wait: u64 } => Warn, "{target} answered {code}: retry {retry} in {wait} s";
    InvocationFailed { target: Arc<str>, code: &'static str, retries: u32 } => Bad, "{target} answered {code}: given up after {retries} retries";
    EndlessLoop { hops: u16 } => Bad, "passed {hops} links";
    RequestRefused { code: &'static str } => Bad, "{code}";
}

//! What can be seen to happen at a state machine.

use crate::services::contract::fact::facts;

facts! {
    ExecutionStarted { name: String } => Plain, "{name} begins";
    TransitionsThrottled { transitions: u64 } => Warn, "{transitions} state transitions have to wait";
    StartThrottled => Bad, "too many executions begin";
    StateEntered { state: String } => Plain, "{state}";
    StateExited { state: String } => Plain, "{state} is done";
    TaskScheduled { state: String, resource: String } => Plain, "{state} calls {resource}";
    TaskSubmitted { state: String } => Plain, "{state} waits to be called back";
    TaskSucceeded { state: String } => Good, "{state} has its result";
    TaskFailed { state: String, error: String } => Bad, "{state}: {error}";
    TaskTimedOut { state: String } => Bad, "{state} has waited too long";
    EvaluationFailed { state: String, location: String } => Bad, "{state}: {location} cannot be evaluated";
    StateRetried { state: String } => Warn, "{state} is tried again";
    ErrorCaught { state: String, error: String } => Warn, "{state}: {error} is caught";
    MapStarted { state: String, items: u64 } => Plain, "{state} works on {items} items";
    IterationFailed { state: String, index: u64 } => Bad, "{state}: item {index} has failed";
    MapRunFailed { state: String, error: String } => Bad, "{state}: {error}";
    ExecutionSucceeded => Good, "the execution has succeeded";
    ExecutionFailed { error: String } => Bad, "the execution has failed: {error}";
    ExecutionTimedOut => Bad, "the execution has timed out";
    ExecutionAborted => Bad, "the execution was stopped";
    ExecutionRedriven { count: u64 } => Plain, "redriven for the {count}. time";
    ActivityTaken { activity: String } => Plain, "a worker takes a task of {activity}";
    StateChangePublished { status: String } => Plain, "tells the default bus: {status}";
    RequestRefused { code: &'static str } => Bad, "{code}";
    DefinitionUnusable => Bad, "the definition cannot be used";
}

//! The history of an execution: AWS's event types, ids and details (SFN-4).
//!
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html>

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::failure::Error;
use crate::engine::Micros;
use crate::lang::asl::machine::StateId;

/// Ids count from 1; 0 stands for none.
pub type EventId = u64;

#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub id: EventId,
    /// What it follows from, in its own branch.
    pub previous: EventId,
    pub at: Micros,
    pub kind: EventKind,
}

/// What a task calls, as its events name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Called {
    /// A function by its own ARN.
    Function {
        arn: Arc<str>,
    },
    Activity {
        arn: Arc<str>,
    },
    /// `sqs`, `sendMessage.waitForTaskToken`.
    Service {
        resource_type: Arc<str>,
        resource: Arc<str>,
    },
}

/// What is known of a task when it is scheduled.
#[derive(Clone, Debug, PartialEq)]
pub struct Scheduled {
    pub called: Called,
    pub parameters: Arc<Value>,
    pub timeout_seconds: Option<i64>,
    pub heartbeat_seconds: Option<i64>,
    pub credentials: Option<Value>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TaskEvent {
    Scheduled(Box<Scheduled>),
    /// The worker's name, of an activity.
    Started {
        worker: Option<Arc<str>>,
    },
    /// The service has answered, and is waited for.
    Submitted {
        output: Arc<Value>,
    },
    Succeeded {
        output: Arc<Value>,
    },
    Failed(Error),
    TimedOut(Error),
}

#[derive(Clone, Debug, PartialEq)]
pub enum EventKind {
    ExecutionStarted {
        input: Arc<Value>,
        role: Arc<str>,
    },
    ExecutionSucceeded {
        output: Arc<Value>,
    },
    ExecutionFailed(Error),
    ExecutionTimedOut(Error),
    ExecutionAborted(Error),
    ExecutionRedriven {
        count: u64,
    },
    /// `TaskStateEntered` and its like.
    Entered {
        state: StateId,
        input: Arc<Value>,
    },
    Exited {
        state: StateId,
        output: Arc<Value>,
        assigned: Option<Arc<Map<String, Value>>>,
    },
    /// `TaskStateAborted`: what ran in it was stopped.
    Aborted {
        state: StateId,
    },
    Task {
        called: Called,
        event: TaskEvent,
    },
    EvaluationFailed {
        state: StateId,
        location: String,
        error: Error,
    },
    ParallelStarted,
    ParallelSucceeded,
    ParallelFailed,
    MapStarted {
        length: u64,
    },
    MapSucceeded,
    MapFailed,
    MapAborted,
    ParallelAborted,
    IterationStarted {
        state: StateId,
        index: u64,
    },
    IterationSucceeded {
        state: StateId,
        index: u64,
    },
    IterationFailed {
        state: StateId,
        index: u64,
    },
    IterationAborted {
        state: StateId,
        index: u64,
    },
    MapRunStarted {
        arn: Arc<str>,
    },
    MapRunSucceeded,
    MapRunFailed(Error),
    MapRunAborted,
}

/// Names of states and their types, for the events that name them.
pub trait Names {
    fn name_and_type(&self, state: StateId) -> (&str, &'static str);
}

impl Event {
    /// `TaskStateEntered`.
    #[must_use]
    pub fn type_name(&self, names: &impl Names) -> String {
        let of_state = |state: &StateId, what: &str| format!("{}State{what}", names.name_and_type(*state).1);
        match &self.kind {
            EventKind::Entered { state, .. } => of_state(state, "Entered"),
            EventKind::Exited { state, .. } => of_state(state, "Exited"),
            EventKind::Aborted { state } => of_state(state, "Aborted"),
            EventKind::Task { called, event } => format!("{}{}", called.stem(), event.name()),
            kind => kind.name().to_owned(),
        }
    }

    /// In the shape of `GetExecutionHistory`; `time` writes a moment.
    #[must_use]
    pub fn to_json(&self, names: &impl Names, time: &dyn Fn(Micros) -> Value) -> Value {
        let mut json = json!({ "timestamp": time(self.at), "type": self.type_name(names), "id": self.id,
            "previousEventId": self.previous });
        if let Some((name, details)) = self.details(names) {
            json[name] = details;
        }
        json
    }

    fn details(&self, names: &impl Names) -> Option<(String, Value)> {
        let whole = json!({ "truncated": false });
        let failed = |error: &Error| error.to_details();
        Some(match &self.kind {
            EventKind::ExecutionStarted { input, role } => (
                "executionStartedEventDetails".to_owned(),
                json!({ "input": input.to_string(), "inputDetails": whole, "roleArn": **role }),
            ),
            EventKind::ExecutionSucceeded { output } => (
                "executionSucceededEventDetails".to_owned(),
                json!({ "output": output.to_string(), "outputDetails": whole }),
            ),
            EventKind::ExecutionFailed(error) => ("executionFailedEventDetails".to_owned(), failed(error)),
            EventKind::ExecutionTimedOut(error) => ("executionTimedOutEventDetails".to_owned(), failed(error)),
            EventKind::ExecutionAborted(error) => ("executionAbortedEventDetails".to_owned(), failed(error)),
            EventKind::ExecutionRedriven { count } => {
                ("executionRedrivenEventDetails".to_owned(), json!({ "redriveCount": count }))
            }
            EventKind::Entered { state, input } => (
                "stateEnteredEventDetails".to_owned(),
                json!({ "name": names.name_and_type(*state).0, "input": input.to_string(), "inputDetails": whole }),
            ),
            EventKind::Exited { state, output, assigned } => {
                let mut details = json!({ "name": names.name_and_type(*state).0, "output": output.to_string(), "outputDetails": whole });
                if let Some(assigned) = assigned {
                    let texts = assigned.iter().map(|(name, value)| (name.clone(), value.to_string().into()));
                    details["assignedVariables"] = Value::Object(texts.collect());
                    details["assignedVariablesDetails"] = whole;
                }
                ("stateExitedEventDetails".to_owned(), details)
            }
            EventKind::Task { called, event } => return task_details(called, event),
            EventKind::EvaluationFailed { state, location, error } => {
                let mut details = failed(error);
                details["location"] = location.clone().into();
                details["state"] = names.name_and_type(*state).0.into();
                ("evaluationFailedEventDetails".to_owned(), details)
            }
            EventKind::MapStarted { length } => ("mapStateStartedEventDetails".to_owned(), json!({ "length": length })),
            EventKind::IterationStarted { state, index }
            | EventKind::IterationSucceeded { state, index }
            | EventKind::IterationFailed { state, index }
            | EventKind::IterationAborted { state, index } => {
                let kind = self.kind.name();
                let name = format!("m{}EventDetails", &kind[1..]);
                (name, json!({ "name": names.name_and_type(*state).0, "index": index }))
            }
            EventKind::MapRunStarted { arn } => ("mapRunStartedEventDetails".to_owned(), json!({ "mapRunArn": **arn })),
            EventKind::MapRunFailed(error) => ("mapRunFailedEventDetails".to_owned(), failed(error)),
            _ => return None,
        })
    }
}

impl EventKind {
    fn name(&self) -> &'static str {
        match self {
            Self::ExecutionStarted { .. } => "ExecutionStarted",
            Self::ExecutionSucceeded { .. } => "ExecutionSucceeded",
            Self::ExecutionFailed(_) => "ExecutionFailed",
            Self::ExecutionTimedOut(_) => "ExecutionTimedOut",
            Self::ExecutionAborted(_) => "ExecutionAborted",
            Self::ExecutionRedriven { .. } => "ExecutionRedriven",
            Self::Entered { .. } => "StateEntered",
            Self::Exited { .. } => "StateExited",
            Self::Aborted { .. } => "StateAborted",
            Self::Task { event, .. } => event.name(),
            Self::EvaluationFailed { .. } => "EvaluationFailed",
            Self::ParallelStarted => "ParallelStateStarted",
            Self::ParallelSucceeded => "ParallelStateSucceeded",
            Self::ParallelFailed => "ParallelStateFailed",
            Self::ParallelAborted => "ParallelStateAborted",
            Self::MapStarted { .. } => "MapStateStarted",
            Self::MapSucceeded => "MapStateSucceeded",
            Self::MapFailed => "MapStateFailed",
            Self::MapAborted => "MapStateAborted",
            Self::IterationStarted { .. } => "MapIterationStarted",
            Self::IterationSucceeded { .. } => "MapIterationSucceeded",
            Self::IterationFailed { .. } => "MapIterationFailed",
            Self::IterationAborted { .. } => "MapIterationAborted",
            Self::MapRunStarted { .. } => "MapRunStarted",
            Self::MapRunSucceeded => "MapRunSucceeded",
            Self::MapRunFailed(_) => "MapRunFailed",
            Self::MapRunAborted => "MapRunAborted",
        }
    }
}

impl TaskEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::Scheduled(_) => "Scheduled",
            Self::Started { .. } => "Started",
            Self::Submitted { .. } => "Submitted",
            Self::Succeeded { .. } => "Succeeded",
            Self::Failed(_) => "Failed",
            Self::TimedOut(_) => "TimedOut",
        }
    }
}

impl Called {
    /// What the types of its events begin with.
    fn stem(&self) -> &'static str {
        match self {
            Self::Function { .. } => "LambdaFunction",
            Self::Activity { .. } => "Activity",
            Self::Service { .. } => "Task",
        }
    }
}

/// The details of a task's event. A service's events name it each time; a function's and an activity's only when they are
/// scheduled.
fn task_details(called: &Called, event: &TaskEvent) -> Option<(String, Value)> {
    let stem = called.stem();
    let name = format!("{}{}{}EventDetails", stem[..1].to_lowercase(), &stem[1..], event.name());
    let whole = json!({ "truncated": false });
    let mut details = match event {
        TaskEvent::Scheduled(scheduled) => return Some((name, scheduled.to_details(whole))),
        TaskEvent::Started { worker: Some(worker) } => json!({ "workerName": **worker }),
        TaskEvent::Started { worker: None } => json!({}),
        TaskEvent::Submitted { output } | TaskEvent::Succeeded { output } => {
            json!({ "output": output.to_string(), "outputDetails": whole })
        }
        TaskEvent::Failed(error) | TaskEvent::TimedOut(error) => error.to_details(),
    };
    if let Called::Service { resource_type, resource } = called {
        details["resourceType"] = (**resource_type).into();
        details["resource"] = (**resource).into();
    } else if matches!(event, TaskEvent::Started { worker: None }) {
        return None;
    }
    Some((name, details))
}

impl Scheduled {
    fn to_details(&self, whole: Value) -> Value {
        let mut details = match &self.called {
            Called::Service { resource_type, resource } => json!({ "resourceType": **resource_type,
                "resource": **resource, "region": crate::lang::asl::REGION, "parameters": self.parameters.to_string() }),
            Called::Function { arn } | Called::Activity { arn } => {
                json!({ "resource": **arn, "input": self.parameters.to_string(), "inputDetails": whole })
            }
        };
        if let Some(seconds) = self.timeout_seconds {
            details["timeoutInSeconds"] = seconds.into();
        }
        if let Some(seconds) = self.heartbeat_seconds {
            details["heartbeatInSeconds"] = seconds.into();
        }
        if let Some(credentials) = &self.credentials {
            details["taskCredentials"] = json!({ "roleArn": credentials.get("RoleArn") });
        }
        details
    }
}

//! The API of Step Functions in AWS's shapes: the only file of this folder another service may import.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html>

use std::sync::Arc;

use serde_json::{Value, json};

use crate::lang::asl::read;
use crate::services::{ApiError, Draft, Message};

#[derive(Clone, Debug)]
pub enum Request {
    /// The input comes as a message. Who waits for the end of the execution, as `.sync` does, gives a token by which to
    /// tell it so.
    StartExecution {
        name: Option<String>,
        watcher: Option<Arc<str>>,
        /// The version or alias that the machine's ARN ends in.
        qualifier: Option<String>,
    },
    StartSyncExecution {
        name: Option<String>,
        qualifier: Option<String>,
    },
    /// By its ARN, or by its name.
    DescribeExecution {
        execution: String,
    },
    GetExecutionHistory {
        execution: String,
        reverse: bool,
        max: usize,
        from: usize,
    },
    ListExecutions {
        machine: Option<String>,
        status: Option<String>,
        max: usize,
    },
    StopExecution {
        execution: String,
        error: Option<String>,
        cause: Option<String>,
    },
    RedriveExecution {
        execution: String,
    },
    SendTaskSuccess {
        token: Arc<str>,
        output: Arc<str>,
    },
    SendTaskFailure {
        token: Arc<str>,
        error: Option<String>,
        cause: Option<String>,
    },
    SendTaskHeartbeat {
        token: Arc<str>,
    },
    GetActivityTask {
        activity: String,
        worker: Option<String>,
    },
    DescribeMapRun {
        map_run: String,
    },
    ListMapRuns {
        execution: String,
    },
    /// The job that a `.sync` task of this machine waits for has ended: what `DescribeExecution` says of it.
    JobEnded {
        token: Arc<str>,
        description: Arc<Value>,
    },
    /// A call about definitions, which no execution takes part in.
    OfDefinition {
        action: &'static str,
        input: Arc<Value>,
    },
}

#[derive(Clone, Debug)]
pub struct Response(pub Value);

impl Response {
    /// None: no message stays behind that it shows.
    #[must_use]
    pub fn shown(&self) -> &[Message] {
        &[]
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        self.0.clone()
    }
}

/// The actions that a state machine's node takes.
pub const ACTIONS: [&str; 36] = [
    "StartExecution",
    "StartSyncExecution",
    "DescribeExecution",
    "GetExecutionHistory",
    "ListExecutions",
    "StopExecution",
    "RedriveExecution",
    "SendTaskSuccess",
    "SendTaskFailure",
    "SendTaskHeartbeat",
    "GetActivityTask",
    "DescribeMapRun",
    "ListMapRuns",
    "DescribeStateMachine",
    "DescribeStateMachineForExecution",
    "ValidateStateMachineDefinition",
    "TestState",
    "CreateStateMachine",
    "UpdateStateMachine",
    "ListStateMachines",
    "DeleteStateMachine",
    "PublishStateMachineVersion",
    "ListStateMachineVersions",
    "DeleteStateMachineVersion",
    "CreateStateMachineAlias",
    "UpdateStateMachineAlias",
    "DescribeStateMachineAlias",
    "ListStateMachineAliases",
    "DeleteStateMachineAlias",
    "TagResource",
    "UntagResource",
    "ListTagsForResource",
    "CreateActivity",
    "DescribeActivity",
    "ListActivities",
    "DeleteActivity",
];

/// Executions or events of one answer, unless told otherwise.
const PAGE: usize = 100;
const PAGE_MAX: usize = 1_000;

/// A call that brings an execution's input for each of so many messages.
#[must_use]
pub fn push(_count: usize) -> Option<crate::services::Request> {
    Some(Request::StartExecution { name: None, watcher: None, qualifier: None }.into())
}

/// # Errors
/// AWS's error for an unknown action or bad input.
pub fn parse(action: &str, input: &Value) -> Result<(Request, Vec<Draft>), ApiError> {
    let input = if input.is_null() { &json!({}) } else { input };
    let execution = || required(input, "executionArn");
    let optional = |name: &str| input.get(name).and_then(Value::as_str).map(str::to_owned);
    let token = || required(input, "taskToken").map(Arc::from);
    let request = match action {
        "StartExecution" | "StartSyncExecution" => {
            let name = optional("name");
            name.as_deref().map_or(Ok(()), check_name)?;
            let body = execution_input(input)?;
            let qualifier = optional("stateMachineArn").and_then(|arn| arn.split(':').nth(7).map(str::to_owned));
            let request = if action == "StartExecution" {
                Request::StartExecution { name, watcher: None, qualifier }
            } else {
                Request::StartSyncExecution { name, qualifier }
            };
            return Ok((request, vec![Draft { body, ..Draft::default() }]));
        }
        "DescribeExecution" => Request::DescribeExecution { execution: execution()? },
        "GetExecutionHistory" => Request::GetExecutionHistory {
            execution: execution()?,
            reverse: input["reverseOrder"].as_bool().unwrap_or_default(),
            max: page(input, PAGE_MAX)?,
            from: from(input)?,
        },
        "ListExecutions" => Request::ListExecutions {
            machine: optional("stateMachineArn"),
            status: optional("statusFilter"),
            max: page(input, PAGE)?,
        },
        "StopExecution" => {
            Request::StopExecution { execution: execution()?, error: optional("error"), cause: optional("cause") }
        }
        "RedriveExecution" => Request::RedriveExecution { execution: execution()? },
        "SendTaskSuccess" => {
            let output = required(input, "output")?;
            if serde_json::from_str::<Value>(&output).is_err() {
                return Err(ApiError::client("InvalidOutput", format!("Invalid Output: '{output}'")));
            }
            Request::SendTaskSuccess { token: token()?, output: output.into() }
        }
        "SendTaskFailure" => {
            Request::SendTaskFailure { token: token()?, error: optional("error"), cause: optional("cause") }
        }
        "SendTaskHeartbeat" => Request::SendTaskHeartbeat { token: token()? },
        "GetActivityTask" => {
            let activity = required(input, "activityArn")?;
            if !activity.starts_with("arn:") {
                let text = format!("Invalid Arn: 'Invalid ARN prefix: {activity}'");
                return Err(ApiError::client("InvalidArn", text));
            }
            Request::GetActivityTask { activity: last_part(&activity).to_owned(), worker: optional("workerName") }
        }
        "DescribeMapRun" => Request::DescribeMapRun { map_run: required(input, "mapRunArn")? },
        "ListMapRuns" => Request::ListMapRuns { execution: execution()? },
        action => match ACTIONS.iter().find(|known| **known == action) {
            Some(action) => Request::OfDefinition { action, input: Arc::new(input.clone()) },
            None => return Err(ApiError::unknown_action(action, "A state machine", &ACTIONS)),
        },
    };
    Ok((request, Vec::new()))
}

fn required(input: &Value, name: &str) -> Result<String, ApiError> {
    let text = input.get(name).and_then(Value::as_str).map(str::to_owned);
    text.ok_or_else(|| {
        ApiError::client(
            "ValidationException",
            format!(
                "1 validation error detected: Value null at '{name}' failed to satisfy constraint: Member must not be null"
            ),
        )
    })
}

/// The input of an execution: JSON as a text, `{}` unless given. A scene may write it as a value.
fn execution_input(input: &Value) -> Result<String, ApiError> {
    match input.get("input") {
        None | Some(Value::Null) => Ok("{}".to_owned()),
        Some(Value::String(text)) => match serde_json::from_str::<Value>(text) {
            Ok(_) => Ok(text.clone()),
            Err(_) => Err(invalid_input(text)),
        },
        Some(value) => Ok(value.to_string()),
    }
}

/// The refusal of an input that is no JSON.
#[must_use]
pub fn invalid_input(text: &str) -> ApiError {
    ApiError::client("InvalidExecutionInput", read::input_refusal(text))
}

fn check_name(name: &str) -> Result<(), ApiError> {
    let is_wrong = |char: char| char.is_control() || char.is_whitespace() || "<>{}[]?*\"#%\\^|~`$&,;:/".contains(char);
    if name.is_empty() || name.chars().count() > 80 || name.contains(is_wrong) {
        return Err(ApiError::client("InvalidName", format!("Invalid Name: '{name}'")));
    }
    Ok(())
}

fn page(input: &Value, usual: usize) -> Result<usize, ApiError> {
    match input.get("maxResults") {
        None | Some(Value::Null) => Ok(usual),
        Some(given) => match given.as_u64().and_then(|max| usize::try_from(max).ok()) {
            Some(0) => Ok(usual),
            Some(max) if max <= PAGE_MAX => Ok(max),
            _ => Err(ApiError::client(
                "ValidationException",
                format!(
                    "1 validation error detected: Value '{given}' at 'maxResults' failed to satisfy constraint: Member must \
                     have value less than or equal to {PAGE_MAX}"
                ),
            )),
        },
    }
}

/// Where a page begins: what the answer before said.
fn from(input: &Value) -> Result<usize, ApiError> {
    let token = input.get("nextToken").and_then(Value::as_str);
    let wrong = || ApiError::client("InvalidToken", "Invalid Token: 'Invalid token'");
    token.map_or(Ok(0), |token| token.parse().map_err(|_| wrong()))
}

/// The name at the end of an ARN or URL.
#[must_use]
pub fn last_part(arn: &str) -> &str {
    arn.rsplit([':', '/']).next().unwrap_or(arn)
}

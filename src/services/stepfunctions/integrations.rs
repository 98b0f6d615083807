//! Which node a task calls, with what, and what its answer is to the execution (SFN-20, SFN-21).
//!
//! A service's own name is at the end of an ARN, of a queue's URL, or stands alone. Errors have the names that Step Functions
//! gives them: `SNS.NotFoundException` of an optimised integration, `Sfn.InvalidTokenException` of an SDK's.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::api::last_part;
use crate::engine::ActorId;
use crate::lang::asl::execution::failure::Error;
use crate::lang::asl::resource::{Pattern, Resource};
use crate::services::clients::endpoint::api as http;
use crate::services::lambda::api as lambda;
use crate::services::{Answer, ApiError, Kind, Response, Route, Settings, json_or_text};

/// A call that is ready to be made.
pub struct Prepared {
    pub route: Route,
    /// The other side's action and input.
    pub action: String,
    pub input: Value,
    /// The task waits for the end of what it starts.
    pub watches: bool,
}

/// Nodes that a task can call; those with a link first.
pub struct Reachable {
    pub routes: Vec<Route>,
    /// The names that nodes have at AWS where those are not their ids.
    pub names: Vec<(ActorId, String)>,
}

impl Reachable {
    fn find(&self, kind: Kind, name: &str) -> Option<Route> {
        let name = plain(name);
        let is_named = |route: &Route| self.names.iter().any(|(actor, own)| *actor == route.peer && own == name);
        let is_it = |route: &&Route| route.peer_kind == kind && (*route.peer_name == *name || is_named(route));
        self.routes.iter().find(is_it).cloned()
    }

    /// The bus that events go to which name none.
    fn default_bus(&self) -> Option<Route> {
        let buses = || self.routes.iter().filter(|route| route.peer_kind == Kind::EventBus);
        let linked = buses().find(|route| route.link != crate::engine::LinkId::NONE);
        self.find(Kind::EventBus, "default").or_else(|| linked.cloned())
    }
}

/// A placeholder that nothing fills stands for the node of its name.
#[must_use]
pub fn plain(name: &str) -> &str {
    name.strip_prefix("${").and_then(|name| name.strip_suffix('}')).unwrap_or(name)
}

/// The properties that name a resource at AWS.
const NAMES: [&str; 6] = ["StateMachineName", "Name", "FunctionName", "QueueName", "TopicName", "TableName"];

/// The name that a node has at AWS, where it is not its id.
#[must_use]
pub fn own_name(kind: Kind, settings: &Settings) -> Option<String> {
    let known = NAMES.into_iter().filter(|name| kind.spec().property(name).is_some());
    known.filter_map(|name| settings.text(name)).find(|text| !text.is_empty())
}

/// How a service is named, as a resource spells it.
pub struct Service {
    name: &'static str,
    pub kind: Kind,
    /// The parameter that says which one.
    target: &'static str,
    /// The parameter that may be JSON where the service takes a text.
    text: &'static str,
    /// What its errors begin with: of an optimised integration, and of an SDK's.
    prefix: (&'static str, &'static str),
    /// As SDKs call it in their errors.
    sdk_name: &'static str,
}

const SERVICES: [Service; 9] = [
    Service {
        name: "lambda",
        kind: Kind::Function,
        target: "FunctionName",
        text: "",
        prefix: ("Lambda", "Lambda"),
        sdk_name: "Lambda",
    },
    Service {
        name: "sqs",
        kind: Kind::Queue,
        target: "QueueUrl",
        text: "MessageBody",
        prefix: ("SQS", "Sqs"),
        sdk_name: "AmazonSQS",
    },
    Service {
        name: "sns",
        kind: Kind::Topic,
        target: "TopicArn",
        text: "Message",
        prefix: ("SNS", "Sns"),
        sdk_name: "AmazonSNS",
    },
    Service {
        name: "dynamodb",
        kind: Kind::Table,
        target: "TableName",
        text: "",
        prefix: ("DynamoDB", "DynamoDb"),
        sdk_name: "AmazonDynamoDBv2",
    },
    Service {
        name: "events",
        kind: Kind::EventBus,
        target: "EventBusName",
        text: "Detail",
        prefix: ("EventBridge", "EventBridge"),
        sdk_name: "AmazonEventBridge",
    },
    Service {
        name: "eventbridge",
        kind: Kind::EventBus,
        target: "EventBusName",
        text: "Detail",
        prefix: ("EventBridge", "EventBridge"),
        sdk_name: "AmazonEventBridge",
    },
    Service {
        name: "kinesis",
        kind: Kind::Stream,
        target: "StreamName",
        text: "",
        prefix: ("Kinesis", "Kinesis"),
        sdk_name: "AmazonKinesis",
    },
    Service {
        name: "states",
        kind: Kind::StateMachine,
        target: "StateMachineArn",
        text: "Input",
        prefix: ("StepFunctions", "Sfn"),
        sdk_name: "AWSStepFunctions",
    },
    Service {
        name: "sfn",
        kind: Kind::StateMachine,
        target: "StateMachineArn",
        text: "Input",
        prefix: ("StepFunctions", "Sfn"),
        sdk_name: "AWSStepFunctions",
    },
];

pub fn service_of(resource: &Resource) -> Option<&'static Service> {
    let name = match resource {
        Resource::Function { .. } => "lambda",
        Resource::Service { service, .. } => service,
        _ => return None,
    };
    SERVICES.iter().find(|service| service.name == name)
}

/// What a task calls.
///
/// # Errors
/// How the task fails where there is no such service or node.
pub fn prepare(resource: &Resource, parameters: &Value, reachable: &Reachable) -> Result<Prepared, Error> {
    let whole = json!({ "Payload": parameters });
    if let Resource::Function { name } = resource {
        let route = reachable.find(Kind::Function, name).ok_or_else(|| missing(resource, name))?;
        return Ok(Prepared { route, action: "Invoke".to_owned(), input: whole, watches: false });
    }
    let Resource::Service { service: named, action, pattern, .. } = resource else {
        return Err(Error::new("States.Runtime", "The resource names nothing on the canvas."));
    };
    if matches!(&**named, "apigateway" | "http") {
        return endpoint(resource, named, parameters, reachable);
    }
    let Some(service) = service_of(resource) else {
        return Err(Error::new(
            &format!("{}.SdkClientException", pascal(named)),
            format!("The service '{named}' is not on this canvas: no call can be made."),
        ));
    };
    let mut input = parameters.clone();
    let name = target(service, action, &input);
    let route = match (&name, service.kind) {
        (Some(name), kind) => {
            reachable.find(kind, last_part(name.trim_end_matches(":*"))).or_else(|| qualified(reachable, kind, name))
        }
        (None, Kind::EventBus) => reachable.default_bus(),
        // A call of the account's, such as SendTaskSuccess: any machine knows the token.
        (None, kind) => reachable.routes.iter().find(|route| route.peer_kind == kind).cloned(),
    };
    let route = route.ok_or_else(|| missing(resource, name.as_deref().unwrap_or("default")))?;
    as_text(&mut input, service.text);
    if let Some(entries) = input.get_mut("Entries").and_then(Value::as_array_mut) {
        entries.iter_mut().for_each(|entry| {
            as_text(entry, service.text);
            entry.as_object_mut().map(|entry| entry.shift_remove("EventBusName"));
        });
    }
    if service.kind == Kind::StateMachine {
        input = camel_keys(input);
    }
    let action = pascal(action);
    let watches = matches!(pattern, Pattern::Sync | Pattern::Sync2);
    Ok(Prepared { route, action, input, watches })
}

/// The name of what a task calls.
pub fn target(service: &Service, action: &str, input: &Value) -> Option<String> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    if service.kind == Kind::EventBus {
        return text(input["Entries"].get(0).and_then(|entry| entry.get("EventBusName")));
    }
    let other = match action {
        "describeExecution" | "stopExecution" | "getExecutionHistory" | "redriveExecution" => {
            let arn = text(input.get("ExecutionArn"))?;
            return arn.split(':').nth(6).map(str::to_owned);
        }
        "describeStream" | "putRecord" => text(input.get("StreamARN")),
        "publish" => text(input.get("TargetArn")),
        _ => None,
    };
    text(input.get(service.target)).or(other)
}

/// A function's ARN may end in a version or alias.
fn qualified(reachable: &Reachable, kind: Kind, name: &str) -> Option<Route> {
    let parts: Vec<&str> = name.split(':').collect();
    let at = match (kind, parts.len()) {
        (Kind::Function | Kind::StateMachine, 8) => 6,
        (Kind::Function, 2) => 0,
        _ => return None,
    };
    reachable.find(kind, parts[at])
}

/// JSON where a text is needed is written as one.
fn as_text(holder: &mut Value, name: &str) {
    if let Some(value) = holder.get_mut(name).filter(|value| !value.is_string() && !value.is_null()) {
        *value = Value::String(value.to_string());
    }
}

fn endpoint(resource: &Resource, named: &str, parameters: &Value, reachable: &Reachable) -> Result<Prepared, Error> {
    let text = parameters["ApiEndpoint"].as_str().unwrap_or_default();
    let host = text.trim_start_matches("https://").trim_start_matches("http://");
    let host = host.split('/').next().unwrap_or_default();
    let first = host.split('.').next().unwrap_or_default();
    let found = reachable.find(Kind::Endpoint, host).or_else(|| reachable.find(Kind::Endpoint, first));
    let linked = || {
        let linked = |route: &&Route| route.peer_kind == Kind::Endpoint && route.link != crate::engine::LinkId::NONE;
        let mut several = reachable.routes.iter().filter(linked);
        several.next().cloned().filter(|_| several.next().is_none())
    };
    let route = found.or_else(linked).ok_or_else(|| missing(resource, host))?;
    debug_assert_ne!(route.peer, ActorId::OUTSIDE);
    Ok(Prepared { route, action: named.to_owned(), input: parameters.clone(), watches: false })
}

/// What AWS says where there is no such thing.
fn missing(resource: &Resource, name: &str) -> Error {
    let is_named = |char: char| char.is_ascii_alphanumeric() || "_.-".contains(char);
    if matches!(resource, Resource::Service { service, .. } if service == "dynamodb") && !name.chars().all(is_named) {
        let text = format!(
            "1 validation error detected: Value '{name}' at 'tableName' failed to satisfy constraint: Member must satisfy \
             regular expression pattern: [a-zA-Z0-9_.-]+"
        );
        return service_error(resource, &ApiError::client("ValidationException", text));
    }
    let Resource::Service { service, sdk, .. } = resource else {
        return Error::new(
            "Lambda.ResourceNotFoundException",
            format!("Function not found: {name} (Service: Lambda, Status Code: 404)"),
        );
    };
    let (error, cause) = match &**service {
        "sqs" => {
            let text = format!("Unable to execute HTTP request: {}: Name or service not known", last_part(name));
            (if *sdk { "Sqs.SdkClientException" } else { "SQS.SdkClientException" }, text)
        }
        "sns" => {
            let text = "Topic does not exist (Service: AmazonSNS; Status Code: 404; Error Code: NotFound; Proxy: null)";
            (if *sdk { "Sns.NotFoundException" } else { "SNS.NotFoundException" }, text.to_owned())
        }
        "dynamodb" => (
            if *sdk { "DynamoDb.ResourceNotFoundException" } else { "DynamoDB.ResourceNotFoundException" },
            "Requested resource not found (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: \
             ResourceNotFoundException; Proxy: null)"
                .to_owned(),
        ),
        "lambda" => (
            "Lambda.ResourceNotFoundException",
            format!("Function not found: {name} (Service: Lambda, Status Code: 404)"),
        ),
        "states" | "sfn" => (
            if *sdk {
                "Sfn.StateMachineDoesNotExistException"
            } else {
                "StepFunctions.StateMachineDoesNotExistException"
            },
            format!(
                "State Machine Does Not Exist: '{name}' (Service: AWSStepFunctions; Status Code: 400; Error Code: \
                 StateMachineDoesNotExist; Proxy: null)"
            ),
        ),
        "apigateway" => ("ApiGateway.403", "{\"message\":\"Forbidden\"}".to_owned()),
        "http" => ("States.Http.Socket", format!("Failed to connect to {name}: nothing on the canvas has this name.")),
        _ => ("States.TaskFailed", format!("'{name}' is not on the canvas.")),
    };
    Error::new(error, cause)
}

/// An error of a service as the task fails with it.
#[must_use]
pub fn service_error(resource: &Resource, error: &ApiError) -> Error {
    let (sdk, service) = match resource {
        Resource::Service { sdk, .. } => (*sdk, service_of(resource)),
        _ => (false, service_of(resource)),
    };
    let Some(service) = service else { return Error::new(error.code, error.message.clone()) };
    let code = last_part(error.code).rsplit('.').next().unwrap_or(error.code);
    let prefix = if sdk { service.prefix.1 } else { service.prefix.0 };
    let status = if error.retryable { 500 } else { 400 };
    let name = match (service.name, code, sdk) {
        ("dynamodb", "ValidationException", false) => "DynamoDB.AmazonDynamoDBException".to_owned(),
        ("dynamodb", "ValidationException", true) => "DynamoDb.DynamoDbException".to_owned(),
        _ if code.contains(' ') || error.code.starts_with("States.") || error.code.contains(".Sdk") => {
            error.code.to_owned()
        }
        _ if code.ends_with("Exception") => format!("{prefix}.{code}"),
        _ => format!("{prefix}.{code}Exception"),
    };
    let cause = if sdk || service.name == "lambda" {
        format!("{} (Service: {}, Status Code: {status})", error.message, service.prefix.1)
    } else {
        format!(
            "{} (Service: {}; Status Code: {status}; Error Code: {code}; Proxy: null)",
            error.message, service.sdk_name
        )
    };
    Error::new(&name, cause)
}

/// What an answer is to the task that asked.
///
/// # Errors
/// How the task fails.
pub fn result(resource: &Resource, parameters: &Value, answer: Answer, request_id: &str) -> Result<Value, Error> {
    let body: Arc<str> = Arc::from(answer.body());
    let response = answer.result.map_err(|error| service_error(resource, &error))?;
    match response {
        Response::Lambda(lambda::Response::Invoke { payload, is_error }) => {
            invoked(resource, parameters, &payload, is_error, request_id)
        }
        Response::Http(http::Response::Answer { status, headers, .. }) => answered(resource, status, &headers, &body),
        other => {
            let output = other.to_json();
            let failed = output["FailedEntryCount"].as_u64().unwrap_or_default() > 0;
            let is_sdk = matches!(resource, Resource::Service { sdk: true, .. });
            if failed && !is_sdk && matches!(resource, Resource::Service { service, .. } if service == "events") {
                return Err(Error::new("EventBridge.FailedEntry", output.to_string()));
            }
            Ok(shaped(resource, output, request_id))
        }
    }
}

fn invoked(
    resource: &Resource,
    parameters: &Value,
    payload: &str,
    is_error: bool,
    request_id: &str,
) -> Result<Value, Error> {
    let value = json_or_text(payload);
    let is_sdk = matches!(resource, Resource::Service { sdk: true, .. });
    if is_error && !is_sdk {
        let error = value["errorType"].as_str().unwrap_or("Lambda.Unknown");
        return Err(Error::new(error, value.to_string()));
    }
    if matches!(resource, Resource::Function { .. }) {
        return Ok(value);
    }
    let is_event = parameters["InvocationType"] == "Event";
    let length = if is_event { 0 } else { payload.len() };
    let headers = json!({ "Connection": "keep-alive", "Content-Length": length.to_string(),
        "Content-Type": "application/json", "X-Amz-Executed-Version": "$LATEST", "x-amzn-Remapped-Content-Length": "0",
        "x-amzn-RequestId": request_id });
    let payload = if is_sdk { Value::String(payload.to_owned()) } else { value };
    let mut output = json!({ "ExecutedVersion": "$LATEST", "Payload": payload });
    if is_error {
        output["FunctionError"] = "Unhandled".into();
    }
    if !is_sdk {
        output["SdkHttpMetadata"] = http_metadata(&headers);
        output["SdkResponseMetadata"] = json!({ "RequestId": request_id });
    }
    output["StatusCode"] = 200.into();
    Ok(output)
}

/// What an optimised integration tells of HTTP: each header once as a list, once as a text.
fn http_metadata(headers: &Value) -> Value {
    let each = headers.as_object().into_iter().flatten();
    let all: Map<String, Value> = each.map(|(name, value)| (name.clone(), json!([value]))).collect();
    json!({ "AllHttpHeaders": all, "HttpHeaders": headers, "HttpStatusCode": 200 })
}

/// A service's answer in the shape that the integration gives it.
fn shaped(resource: &Resource, mut output: Value, request_id: &str) -> Value {
    let Resource::Service { service, sdk, .. } = resource else { return output };
    if matches!(&**service, "states" | "sfn") {
        output = pascal_keys(output);
    }
    if *sdk {
        return output;
    }
    let content_type = match &**service {
        "sns" => "text/xml",
        "sqs" | "dynamodb" | "states" => "application/x-amz-json-1.0",
        _ => "application/x-amz-json-1.1",
    };
    let headers = json!({ "connection": "keep-alive", "Content-Length": output.to_string().len().to_string(),
        "Content-Type": content_type, "x-amzn-RequestId": request_id });
    if let Some(fields) = output.as_object_mut() {
        fields.insert("SdkHttpMetadata".to_owned(), http_metadata(&headers));
        fields.insert("SdkResponseMetadata".to_owned(), json!({ "RequestId": request_id }));
    }
    output
}

/// An endpoint's answer: its body, status and headers, or an error by its status.
fn answered(resource: &Resource, status: u16, headers: &[(String, String)], body: &str) -> Result<Value, Error> {
    let Resource::Service { service, .. } = resource else { return Ok(json_or_text(body)) };
    let is_http = service == "http";
    if status >= 300 {
        let error = if is_http { format!("States.Http.StatusCode.{status}") } else { format!("ApiGateway.{status}") };
        return Err(Error::new(&error, body));
    }
    let headers: Map<String, Value> = headers.iter().map(|(name, value)| (name.clone(), json!([value]))).collect();
    let mut output = json!({ "Headers": headers, "ResponseBody": json_or_text(body), "StatusCode": status });
    output["StatusText"] = "OK".into();
    Ok(output)
}

/// `DescribeExecution` of a nested execution as `.sync` and `.sync:2` give it.
#[must_use]
pub fn job_description(description: &Value, as_json: bool) -> Value {
    let mut shape = pascal_keys(description.clone());
    for details in ["InputDetails", "OutputDetails"] {
        if let Some(inner) = shape.get_mut(details) {
            *inner = pascal_keys(inner.take());
        }
    }
    if as_json {
        for name in ["Input", "Output"] {
            if let Some(Value::String(text)) = shape.get(name) {
                shape[name] = json_or_text(text);
            }
        }
    }
    shape
}

fn pascal(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
}

fn keys_by(value: Value, name: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::Object(fields) => Value::Object(fields.into_iter().map(|(key, value)| (name(&key), value)).collect()),
        other => other,
    }
}

/// `ExecutionArn` instead of `executionArn`, as an integration spells what the API answers.
fn pascal_keys(value: Value) -> Value {
    keys_by(value, &pascal)
}

/// `stateMachineArn` instead of `StateMachineArn`, as the API spells what an integration asks.
fn camel_keys(value: Value) -> Value {
    keys_by(value, &|key| {
        let mut chars = key.chars();
        chars.next().map(|first| first.to_ascii_lowercase().to_string() + chars.as_str()).unwrap_or_default()
    })
}

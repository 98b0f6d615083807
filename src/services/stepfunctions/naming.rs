//! What a task calls by a name that stands in its definition (SFN-21).

use serde_json::Value;

use super::api::last_part;
use super::integrations::{service_of, target};
use crate::lang::asl::resource::Resource;
use crate::services::Kind;

pub enum Named {
    Node(Kind, String),
    /// A service that there is not here.
    Foreign(String),
}

/// `parameters` are those of the definition; a name that is found at run time is none.
#[must_use]
pub fn named(resource: &Resource, parameters: &Value) -> Option<Named> {
    let is_static = |name: &str| !name.starts_with("{%") && !name.is_empty();
    if let Resource::Function { name } = resource {
        return Some(Named::Node(Kind::Function, name.clone()));
    }
    let Resource::Service { service, action, .. } = resource else { return None };
    if matches!(&**service, "apigateway" | "http") {
        return None;
    }
    let Some(known) = service_of(resource) else { return Some(Named::Foreign(service.clone())) };
    let name = target(known, action, parameters).filter(|name| is_static(name))?;
    let parts: Vec<&str> = name.split(':').collect();
    let name = match (known.kind, parts.len()) {
        (Kind::Function | Kind::StateMachine, 8) => parts[6],
        (Kind::Function, 2) => parts[0],
        _ => last_part(name.trim_end_matches(":*")),
    };
    Some(Named::Node(known.kind, name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_definition_says_whom_a_task_calls() {
        for (arn, parameters, wanted) in [
            ("arn:aws:lambda:us-east-1:000000000000:function:pay:live", json!({}), "Function pay"),
            ("arn:aws:states:::lambda:invoke", json!({ "FunctionName": "${pay}" }), "Function ${pay}"),
            ("arn:aws:states:::lambda:invoke", json!({ "FunctionName": "pay:1" }), "Function pay"),
            ("arn:aws:states:::lambda:invoke", json!({ "FunctionName.$": "$.name" }), ""),
            ("arn:aws:states:::lambda:invoke", json!({ "FunctionName": "{% $name %}" }), ""),
            (
                "arn:aws:states:::sqs:sendMessage",
                json!({ "QueueUrl": "https://sqs.us-east-1.amazonaws.com/000000000000/orders" }),
                "Queue orders",
            ),
            (
                "arn:aws:states:::states:startExecution.sync:2",
                json!({ "StateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:child:2" }),
                "StateMachine child",
            ),
            ("arn:aws:states:::aws-sdk:dynamodb:getItem", json!({ "TableName": "t" }), "Table t"),
            ("arn:aws:states:::glue:startJobRun.sync", json!({}), "no glue"),
            ("arn:aws:states:us-east-1:000000000000:activity:a", json!({}), ""),
            ("${Later}", json!({}), ""),
        ] {
            let told = match named(&Resource::parse(arn), &parameters) {
                Some(Named::Node(kind, name)) => format!("{kind:?} {name}"),
                Some(Named::Foreign(service)) => format!("no {service}"),
                None => String::new(),
            };
            assert_eq!(told, wanted, "{arn} {parameters}");
        }
    }
}

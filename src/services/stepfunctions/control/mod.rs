//! The calls of the API that no execution takes part in: machines and their definitions, versions, aliases, tags and
//! activities.
//!
//! A node is one state machine. It also remembers what scripts create beside it by name, so that such calls are answered as
//! an account answers them; executions begin of the node's own machine alone.

mod activities;
mod aliases;
mod checks;
mod machines;
mod published;
mod tags;
#[cfg(test)]
mod tests;
mod versions;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use self::activities::Activity;
use self::machines::Machine;
use super::api::Response;
use super::model::{Around, Model};
use crate::engine::Micros;
use crate::lang::asl::chance::Chance;
use crate::lang::asl::read;
use crate::lang::asl::test_state::{Tested, test_state};
use crate::lang::instant::instant_text;
use crate::services::{ApiError, Caller, Cx, Door};

/// What an account knows of state machines and activities.
#[derive(Clone, Debug, Default)]
pub struct Control {
    machines: BTreeMap<String, Machine>,
    activities: BTreeMap<String, Activity>,
}

/// When a call comes, and what random numbers it may have.
struct At<'a> {
    now: Micros,
    chance: &'a mut dyn Chance,
    /// `arn:aws:states:us-east-1:000000000000`.
    place: &'a str,
}

impl At<'_> {
    fn date(&self) -> Value {
        instant_text(self.now).into()
    }
}

type Answer = Result<Value, ApiError>;

/// Whether an account has the machine of an ARN; who names none means its own.
fn is_known(control: &mut Control, arn: Option<&str>) -> Result<(), ApiError> {
    arn.map_or(Ok(()), |arn| control.found(arn).map(|_| ()))
}

impl Control {
    fn call(&mut self, action: &str, input: &Value, at: &mut At<'_>) -> Answer {
        match action {
            "CreateStateMachine" => self.create(input, at),
            "UpdateStateMachine" => self.update(input, at),
            "DescribeStateMachine" => self.describe(input),
            "ListStateMachines" => self.list(input),
            "DeleteStateMachine" => self.delete(input),
            "PublishStateMachineVersion" => self.publish(input, at),
            "ListStateMachineVersions" => self.list_versions(input),
            "DeleteStateMachineVersion" => self.delete_version(input),
            "CreateStateMachineAlias" => self.create_alias(input, at),
            "UpdateStateMachineAlias" => self.update_alias(input, at),
            "DescribeStateMachineAlias" => self.describe_alias(input),
            "ListStateMachineAliases" => self.list_aliases(input),
            "DeleteStateMachineAlias" => self.delete_alias(input),
            "TagResource" => self.tag(input),
            "UntagResource" => self.untag(input),
            "ListTagsForResource" => self.list_tags(input),
            "CreateActivity" => self.create_activity(input, at),
            "DescribeActivity" => self.describe_activity(input),
            "ListActivities" => self.list_activities(input),
            "DeleteActivity" => self.delete_activity(input),
            other => Err(ApiError::client("InvalidAction", format!("{other} is no call about a definition."))),
        }
    }
}

impl Model {
    /// Answers a call that no execution takes part in.
    pub(super) fn of_definition(
        &mut self,
        action: &'static str,
        input: &Value,
        cx: &mut Cx<'_>,
    ) -> Result<Response, ApiError> {
        let answer = match action {
            "ValidateStateMachineDefinition" => validate(input)?,
            "DescribeStateMachineForExecution" => self.describe_for_execution(input)?,
            _ => self.controlled(action, input, cx)?,
        };
        Ok(Response(answer))
    }

    fn controlled(&mut self, action: &str, input: &Value, cx: &mut Cx<'_>) -> Answer {
        let name = self.aws_name().to_owned();
        self.know_itself(&name, cx.now());
        let place = self.arn.split(":stateMachine:").next().unwrap_or_default().to_owned();
        // Who names no machine means this one.
        let input = if names_machine(action) && input.get("stateMachineArn").is_none() {
            let mut input = input.clone();
            input["stateMachineArn"] = self.arn.clone().into();
            input
        } else {
            input.clone()
        };
        let mut control = std::mem::take(&mut self.control);
        let now = cx.now();
        let mut around = Around { cx, gate: &mut self.gate, config: &self.config };
        let answer = control.call(action, &input, &mut At { now, chance: &mut around, place: &place });
        self.control = control;
        self.take_over(&name);
        answer
    }

    /// # Errors
    /// No machine has this ARN.
    pub(super) fn check_machine(&mut self, arn: Option<&str>) -> Result<(), ApiError> {
        let name = self.aws_name().to_owned();
        self.know_itself(&name, self.created);
        is_known(&mut self.control, arn)
    }

    fn describe_for_execution(&mut self, input: &Value) -> Answer {
        let execution = input.get("executionArn").and_then(Value::as_str).unwrap_or_default();
        if self.executions.find(execution).is_none() {
            let text = format!("Execution Does Not Exist: '{execution}'");
            return Err(ApiError::client("ExecutionDoesNotExist", text));
        }
        let name = self.aws_name().to_owned();
        self.know_itself(&name, self.created);
        let mut answer = self.control.describe(&json!({ "stateMachineArn": self.arn }))?;
        answer["updateDate"] = answer["creationDate"].take();
        for absent in ["creationDate", "status", "type"] {
            answer.as_object_mut().and_then(|answer| answer.remove(absent));
        }
        Ok(answer)
    }

    /// Answers at once, or when the service that the state calls has answered.
    pub(super) fn test_state(&mut self, caller: Caller, input: &Value, cx: &mut Cx<'_>) {
        let arn = self.arn.clone();
        let mut around = Around { cx, gate: &mut self.gate, config: &self.config };
        let answer = match test_state(input, &arn, &mut around) {
            Ok(Tested::Answer(answer)) => Ok(Response(answer).into()),
            Ok(Tested::Call(test)) => return self.call_tested(caller, *test, cx),
            Err(refused) => Err(ApiError::client(refused.code, refused.message)),
        };
        cx.answer(caller, answer, Vec::new());
    }
}

/// The actions whose machine may be left out.
fn names_machine(action: &str) -> bool {
    matches!(
        action,
        "UpdateStateMachine"
            | "DescribeStateMachine"
            | "PublishStateMachineVersion"
            | "ListStateMachineVersions"
            | "ListStateMachineAliases"
    )
}

/// `ValidateStateMachineDefinition`.
fn validate(input: &Value) -> Answer {
    let definition = checks::required_text(input, "definition")?;
    let is_express = checks::is_express(input)?;
    let warnings_too = checks::word(input, "severity", &["ERROR", "WARNING"])? == Some("WARNING");
    let results_max = match checks::whole(input, "maxResults", 0, 100)? {
        None | Some(0) => 100,
        Some(most) => most,
    };
    let (_, problems) = read::read_text(&definition, is_express);
    Ok(read::validation(&problems, warnings_too, results_max))
}

//! Machines: made, changed, described, listed and deleted.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::config::Config;
use super::super::model::Model;
use super::aliases::Alias;
use super::checks::{self, constraint};
use super::versions::Version;
use super::{Answer, At, Control, tags};
use crate::engine::Micros;
use crate::lang::asl::read;
use crate::lang::instant::instant_text;
use crate::services::ApiError;

#[derive(Clone, Debug)]
pub(super) struct Machine {
    pub(super) arn: String,
    pub(super) created: Micros,
    pub(super) definition: String,
    pub(super) role: String,
    pub(super) is_express: bool,
    pub(super) logging: Value,
    pub(super) is_traced: bool,
    /// `None` until it is changed for the first time.
    pub(super) revision: Option<String>,
    pub(super) versions: BTreeMap<u64, Version>,
    /// Numbers are not given twice.
    pub(super) versions_made: u64,
    pub(super) aliases: BTreeMap<String, Alias>,
    pub(super) tags: Vec<(String, String)>,
}

impl Machine {
    fn new(arn: String, created: Micros, is_express: bool) -> Self {
        Self {
            arn,
            created,
            definition: String::new(),
            role: String::new(),
            is_express,
            logging: json!({ "includeExecutionData": false, "level": "OFF" }),
            is_traced: false,
            revision: None,
            versions: BTreeMap::new(),
            versions_made: 0,
            aliases: BTreeMap::new(),
            tags: Vec::new(),
        }
    }

    pub(super) fn type_name(&self) -> &'static str {
        if self.is_express { "EXPRESS" } else { "STANDARD" }
    }
}

pub(super) fn unknown(arn: &str) -> ApiError {
    ApiError::client("StateMachineDoesNotExist", format!("State Machine Does Not Exist: '{arn}'"))
}

/// The error of a definition that AWS would not take.
fn checked_definition(definition: &str, is_express: bool) -> Result<(), ApiError> {
    let (_, problems) = read::read_text(definition, is_express);
    match read::refusal(&problems) {
        Some(message) => Err(ApiError::client("InvalidDefinition", message)),
        None => Ok(()),
    }
}

impl Control {
    /// The machine of an ARN, and what follows its name: a version or an alias.
    pub(super) fn found<'a>(&mut self, arn: &'a str) -> Result<(&mut Machine, Option<&'a str>), ApiError> {
        let parts = checks::parts_of(arn, "stateMachine")?;
        let machine = self.machines.get_mut(parts[0]).ok_or_else(|| unknown(arn))?;
        Ok((machine, parts.get(1).copied()))
    }

    pub(super) fn create(&mut self, input: &Value, at: &mut At<'_>) -> Answer {
        let name = checks::name(input)?;
        let definition = checks::required_text(input, "definition")?;
        let role = checks::required_text(input, "roleArn")?;
        let is_express = checks::is_express(input)?;
        let publishes = publishes(input)?;
        let logging = checks::logging(input)?;
        let tags = tags::given(input, "tags")?;
        checked_definition(&definition, is_express)?;
        if let Some(known) = self.machines.get(&name) {
            let is_same = same_json(&known.definition, &definition)
                && known.is_express == is_express
                && logging.as_ref().is_none_or(|logging| *logging == known.logging);
            if !is_same {
                let text = format!("State Machine Already Exists: '{}'", known.arn);
                return Err(ApiError::client("StateMachineAlreadyExists", text));
            }
            return Ok(json!({ "stateMachineArn": known.arn, "creationDate": instant_text(known.created) }));
        }
        let arn = format!("{}:stateMachine:{name}", at.place);
        let mut machine = Machine { definition, role, tags, ..Machine::new(arn.clone(), at.now, is_express) };
        machine.logging = logging.unwrap_or(machine.logging);
        machine.is_traced = is_traced(input).unwrap_or_default();
        let mut answer = json!({ "stateMachineArn": arn, "creationDate": at.date() });
        if publishes {
            let description = checks::text(input, "versionDescription");
            answer["stateMachineVersionArn"] = machine.publish(description, at).into();
        }
        self.machines.insert(name, machine);
        Ok(answer)
    }

    pub(super) fn update(&mut self, input: &Value, at: &mut At<'_>) -> Answer {
        let arn = checks::required_text(input, "stateMachineArn")?;
        let publishes = publishes(input)?;
        let logging = checks::logging(input)?;
        let (definition, role) = (checks::text(input, "definition"), checks::text(input, "roleArn"));
        let (machine, qualifier) = self.found(&arn)?;
        if qualifier.is_some() {
            return Err(ApiError::client(
                "InvalidArn",
                format!("Invalid Arn: 'Resource type not valid in this context: {arn}'"),
            ));
        }
        let is_traced = is_traced(input);
        if definition.is_none() && role.is_none() && logging.is_none() && is_traced.is_none() {
            let text = "Either the definition, the role ARN, the LoggingConfiguration, the TracingConfiguration or the \
                        EncryptionConfiguration must be specified";
            return Err(ApiError::client("MissingRequiredParameter", text));
        }
        if let Some(definition) = &definition {
            checked_definition(definition, machine.is_express)?;
        }
        let before = (machine.definition.clone(), machine.role.clone());
        let (definition, role) =
            (definition.unwrap_or_else(|| before.0.clone()), role.unwrap_or_else(|| before.1.clone()));
        let is_other = !same_json(&before.0, &definition) || before.1 != role;
        (machine.definition, machine.role) = (definition, role);
        machine.logging = logging.unwrap_or_else(|| std::mem::take(&mut machine.logging));
        machine.is_traced = is_traced.unwrap_or(machine.is_traced);
        if is_other {
            machine.revision = Some(at.chance.uuid());
        }
        let mut answer = json!({ "updateDate": at.date() });
        if let Some(revision) = &machine.revision {
            answer["revisionId"] = revision.as_str().into();
        }
        if publishes {
            let description = checks::text(input, "versionDescription");
            answer["stateMachineVersionArn"] = machine.publish(description, at).into();
        }
        Ok(answer)
    }

    pub(super) fn describe(&mut self, input: &Value) -> Answer {
        let arn = checks::required_text(input, "stateMachineArn")?;
        let name = checks::parts_of(&arn, "stateMachine")?[0].to_owned();
        let (machine, qualifier) = self.found(&arn)?;
        let version = match qualifier {
            Some(qualifier) => Some(machine.version(qualifier).ok_or_else(|| unknown(&arn))?),
            None => None,
        };
        let mut answer = json!({
            "stateMachineArn": machine.arn,
            "name": name,
            "status": "ACTIVE",
            "definition": machine.definition,
            "roleArn": machine.role,
            "type": machine.type_name(),
            "creationDate": instant_text(machine.created),
            "loggingConfiguration": machine.logging,
            "tracingConfiguration": { "enabled": machine.is_traced },
        });
        let revision = match version {
            Some((number, version)) => {
                answer["stateMachineArn"] = format!("{}:{number}", machine.arn).into();
                answer["definition"] = version.definition.as_str().into();
                answer["roleArn"] = version.role.as_str().into();
                answer["creationDate"] = instant_text(version.created).into();
                if let Some(description) = &version.description {
                    answer["description"] = description.as_str().into();
                }
                &version.revision
            }
            None => &machine.revision,
        };
        if let Some(revision) = revision {
            answer["revisionId"] = revision.as_str().into();
        }
        Ok(answer)
    }

    pub(super) fn list(&self, input: &Value) -> Answer {
        let one = |(name, machine): (&String, &Machine)| {
            json!({ "name": name, "stateMachineArn": machine.arn, "type": machine.type_name(),
                "creationDate": instant_text(machine.created) })
        };
        checks::page(input, "stateMachines", self.machines.iter().map(one).collect())
    }

    /// It does not matter whether there was one.
    pub(super) fn delete(&mut self, input: &Value) -> Answer {
        let arn = checks::required_text(input, "stateMachineArn")?;
        let parts = checks::parts_of(&arn, "stateMachine")?;
        self.machines.remove(parts[0]);
        Ok(json!({}))
    }
}

fn is_traced(input: &Value) -> Option<bool> {
    input.get("tracingConfiguration")?.get("enabled")?.as_bool()
}

/// Whether a version is wanted; its description is for nothing else.
fn publishes(input: &Value) -> Result<bool, ApiError> {
    let publishes = input.get("publish").and_then(Value::as_bool).unwrap_or_default();
    let description = checks::text(input, "versionDescription");
    if description.is_some() && !publishes {
        let text = "Version description can only be set when publish is true";
        return Err(ApiError::client("ValidationException", text));
    }
    match description.filter(|text| text.chars().count() > 256) {
        Some(text) => {
            let rule = "Member must have length less than or equal to 256";
            Err(constraint(&format!("'{text}'"), "versionDescription", rule))
        }
        None => Ok(publishes),
    }
}

/// Whether two texts are the same JSON.
fn same_json(one: &str, other: &str) -> bool {
    let value = |text: &str| serde_json::from_str::<Value>(text).ok();
    one == other || value(one).is_some_and(|one| value(other) == Some(one))
}

impl Model {
    /// The node's own machine as the account knows it, with what was changed in the inspector since.
    pub(super) fn know_itself(&mut self, name: &str, now: Micros) {
        let Config { definition, role, is_express, .. } = &self.config;
        let definition = definition.to_string();
        let (arn, created) = (self.arn.clone(), self.created.min(now));
        let machines = &mut self.control.machines;
        let machine = machines.entry(name.to_owned()).or_insert_with(|| Machine::new(arn, created, *is_express));
        if !same_json(&machine.definition, &definition) {
            machine.definition = definition;
        }
        machine.role.clone_from(role);
    }

    /// What a call changed of the node's own machine holds for the executions that begin from now on.
    pub(super) fn take_over(&mut self, name: &str) {
        let Some(machine) = self.control.machines.get(name) else { return };
        self.config.role.clone_from(&machine.role);
        if !same_json(&machine.definition, &self.config.definition.to_string()) {
            let (read, _) = read::read_text(&machine.definition, self.config.is_express);
            self.config.machine = read.map(std::sync::Arc::new);
            self.config.definition = serde_json::from_str(&machine.definition).unwrap_or_default();
        }
    }
}

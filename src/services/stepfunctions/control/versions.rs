//! Versions: what a machine was when it was published, for good.

use serde_json::{Value, json};

use super::aliases::Alias;
use super::checks::{self, constraint};
use super::machines::Machine;
use super::{Answer, At, Control};
use crate::engine::Micros;
use crate::lang::instant::instant_text;
use crate::services::ApiError;

#[derive(Clone, Debug)]
pub(super) struct Version {
    pub(super) created: Micros,
    pub(super) definition: String,
    pub(super) role: String,
    pub(super) description: Option<String>,
    pub(super) revision: Option<String>,
}

impl Machine {
    /// The version of a qualifier: a number, or an alias, which shows its first.
    pub(super) fn version(&self, qualifier: &str) -> Option<(u64, &Version)> {
        let number = match qualifier.parse::<u64>() {
            Ok(number) => number,
            Err(_) => self.aliases.get(qualifier)?.routes.first()?.0,
        };
        self.versions.get(&number).map(|version| (number, version))
    }

    /// The ARN of a version of what it is now; the latest, if that is the same revision.
    pub(super) fn publish(&mut self, description: Option<String>, at: &mut At<'_>) -> String {
        let latest = self.versions.last_key_value().filter(|(_, version)| version.revision == self.revision);
        let number = match latest {
            Some((number, _)) => *number,
            None => {
                self.versions_made += 1;
                let version = Version {
                    created: at.now,
                    definition: self.definition.clone(),
                    role: self.role.clone(),
                    description,
                    revision: self.revision.clone(),
                };
                self.versions.insert(self.versions_made, version);
                self.versions_made
            }
        };
        format!("{}:{number}", self.arn)
    }
}

impl Control {
    pub(super) fn publish(&mut self, input: &Value, at: &mut At<'_>) -> Answer {
        let arn = checks::required_text(input, "stateMachineArn")?;
        let description = checks::text(input, "description");
        if let Some(text) = description.as_ref().filter(|text| text.chars().count() > 256) {
            let rule = "Member must have length less than or equal to 256";
            return Err(constraint(&format!("'{text}'"), "description", rule));
        }
        let wanted = checks::text(input, "revisionId");
        let (machine, _) = self.found(&arn)?;
        let current = machine.revision.as_deref().unwrap_or("INITIAL");
        if let Some(wanted) = wanted.filter(|wanted| wanted != current) {
            let text = format!(
                "Failed to publish the State Machine version for revision {wanted}. The current State Machine revision is \
                 {current}."
            );
            return Err(ApiError::client("ConflictException", text));
        }
        let version = machine.publish(description, at);
        let number = super::super::api::last_part(&version).parse().unwrap_or_default();
        let created = machine.versions.get(&number).map_or(at.now, |version| version.created);
        Ok(json!({ "stateMachineVersionArn": version, "creationDate": instant_text(created) }))
    }

    /// From the latest.
    pub(super) fn list_versions(&mut self, input: &Value) -> Answer {
        let arn = checks::required_text(input, "stateMachineArn")?;
        checks::page(input, "stateMachineVersions", Vec::new())?;
        let (machine, _) = self.found(&arn)?;
        let one = |(number, version): (&u64, &Version)| {
            json!({ "stateMachineVersionArn": format!("{}:{number}", machine.arn),
                "creationDate": instant_text(version.created) })
        };
        checks::page(input, "stateMachineVersions", machine.versions.iter().rev().map(one).collect())
    }

    /// It does not matter whether there was one; what an alias leads to stays.
    pub(super) fn delete_version(&mut self, input: &Value) -> Answer {
        let arn = checks::required_text(input, "stateMachineVersionArn")?;
        let parts = checks::parts_of(&arn, "stateMachine")?;
        let Some(number) = parts.get(1).and_then(|number| number.parse::<u64>().ok()) else {
            return Err(constraint(
                &format!("'{arn}'"),
                "stateMachineVersionArn",
                "Member must be the ARN of a version",
            ));
        };
        let Some(machine) = self.machines.get_mut(parts[0]) else { return Ok(json!({})) };
        let leads_here = |(_, alias): &(&String, &Alias)| alias.routes.iter().any(|(route, _)| *route == number);
        let names: Vec<&str> = machine.aliases.iter().filter(leads_here).map(|(name, _)| name.as_str()).collect();
        if !names.is_empty() {
            let text = format!(
                "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: \
                 [{}]",
                names.join(", ")
            );
            return Err(ApiError::client("ConflictException", text));
        }
        machine.versions.remove(&number);
        Ok(json!({}))
    }
}

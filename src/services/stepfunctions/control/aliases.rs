//! Aliases: names that lead to one version, or to two by their weights.

use serde_json::{Value, json};

use super::checks::{self, constraint, parameter};
use super::machines::{Machine, unknown};
use super::{Answer, At, Control};
use crate::engine::Micros;
use crate::lang::instant::instant_text;
use crate::services::ApiError;

const DESCRIPTION_CHARS_MAX: usize = 256;

/// Versions and their weights.
type Routes = Vec<(u64, u64)>;

#[derive(Clone, Debug)]
pub(super) struct Alias {
    pub(super) created: Micros,
    updated: Micros,
    description: Option<String>,
    /// Their weights are 100 together.
    pub(super) routes: Routes,
}

impl Alias {
    fn routing(&self, machine: &Machine) -> Value {
        let route = |(version, weight): &(u64, u64)| json!({ "stateMachineVersionArn": format!("{}:{version}", machine.arn), "weight": weight });
        self.routes.iter().map(route).collect()
    }
}

fn wrong(text: impl Into<String>) -> ApiError {
    ApiError::client("ValidationException", text)
}

/// A name that cannot be taken for a version.
fn alias_name(input: &Value) -> Result<String, ApiError> {
    let name = checks::required_text(input, "name")?;
    if name.is_empty() {
        return Err(parameter("Invalid length for parameter name, value: 0, valid min length: 1"));
    }
    if name.chars().count() > checks::NAME_CHARS_MAX {
        return Err(constraint(&format!("'{name}'"), "name", "Member must have length less than or equal to 80"));
    }
    let is_part = |char: char| char.is_ascii_alphanumeric() || "-_.".contains(char);
    if !name.chars().all(is_part) || name.bytes().all(|byte| byte.is_ascii_digit()) {
        let rule = "Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$";
        return Err(constraint(&format!("'{name}'"), "name", rule));
    }
    Ok(name)
}

fn description(input: &Value) -> Result<Option<String>, ApiError> {
    let description = checks::text(input, "description");
    match description.filter(|text| text.chars().count() <= DESCRIPTION_CHARS_MAX) {
        None if input.get("description").is_some_and(Value::is_string) => {
            let text = checks::text(input, "description").unwrap_or_default();
            let rule = "Member must have length less than or equal to 256";
            Err(constraint(&format!("'{text}'"), "description", rule))
        }
        description => Ok(description),
    }
}

/// The machine's name, and where the alias leads.
fn routes(input: &Value) -> Result<Option<(String, Routes)>, ApiError> {
    let Some(given) = input.get("routingConfiguration").and_then(Value::as_array) else { return Ok(None) };
    let rule = "Member must have length less than or equal to 2";
    match given.len() {
        0 => {
            return Err(parameter("Invalid length for parameter routingConfiguration, value: 0, valid min length: 1"));
        }
        1 | 2 => {}
        _ => return Err(constraint(&Value::from(given.clone()).to_string(), "routingConfiguration", rule)),
    }
    let mut machine = None;
    let mut routes = Vec::new();
    for (place, route) in given.iter().enumerate() {
        let name = format!("routingConfiguration.{}.member.weight", place + 1);
        let weight = checks::whole(route, "weight", 0, 100)
            .map_err(|error| ApiError { message: error.message.replace("'weight'", &format!("'{name}'")), ..error })?;
        let arn = checks::required_text(route, "stateMachineVersionArn")?;
        let parts = checks::parts_of(&arn, "stateMachine").map_err(|error| wrong(error.message))?;
        let Some(version) = parts.get(1).and_then(|number| number.parse::<u64>().ok()) else {
            return Err(wrong(format!(
                "Routing configuration must contain a valid state machine version ARN: '{arn}'"
            )));
        };
        if machine.get_or_insert_with(|| parts[0].to_owned()) != parts[0] {
            return Err(wrong("Routing configuration must contain versions of the same state machine."));
        }
        if routes.iter().any(|(known, _)| *known == version) {
            return Err(wrong("Routing configuration must contain distinct state machine version ARNs."));
        }
        routes.push((version, weight.unwrap_or_default() as u64));
    }
    if routes.iter().map(|(_, weight)| weight).sum::<u64>() != 100 {
        return Err(wrong("Sum of routing configuration weights must equal 100."));
    }
    Ok(machine.map(|machine| (machine, routes)))
}

impl Control {
    pub(super) fn create_alias(&mut self, input: &Value, at: &mut At<'_>) -> Answer {
        let name = alias_name(input)?;
        let description = description(input)?;
        let Some((machine, routes)) = routes(input)? else {
            return Err(constraint("null", "routingConfiguration", "Member must not be null"));
        };
        let machine = self.versioned(&machine, &routes)?;
        let arn = format!("{}:{name}", machine.arn);
        if let Some(known) = machine.aliases.get(&name) {
            if known.routes == routes && known.description == description {
                return Ok(json!({ "stateMachineAliasArn": arn, "creationDate": instant_text(known.created) }));
            }
            let text = format!(
                "Failed to create alias because an alias with the same name and a different routing \
                 configuration already exists: '{arn}'"
            );
            return Err(ApiError::client("ConflictException", text));
        }
        machine.aliases.insert(name, Alias { created: at.now, updated: at.now, description, routes });
        Ok(json!({ "stateMachineAliasArn": arn, "creationDate": at.date() }))
    }

    pub(super) fn update_alias(&mut self, input: &Value, at: &mut At<'_>) -> Answer {
        let description = description(input)?;
        let routes = routes(input)?.map(|(_, routes)| routes);
        if description.is_none() && routes.is_none() {
            let text = "Either the description or the routingConfiguration must be specified.";
            return Err(wrong(text));
        }
        let arn = checks::required_text(input, "stateMachineAliasArn")?;
        let (machine, name) = self.aliased(&arn)?;
        if let Some(missing) = routes.iter().flatten().find(|(version, _)| !machine.versions.contains_key(version)) {
            return Err(wrong(format!("State Machine Version does not exist: '{}:{}'", machine.arn, missing.0)));
        }
        let alias = machine.aliases.get_mut(&name).expect("it was just found");
        alias.description = description.or(alias.description.take());
        alias.routes = routes.unwrap_or_else(|| std::mem::take(&mut alias.routes));
        alias.updated = at.now;
        Ok(json!({ "updateDate": at.date() }))
    }

    pub(super) fn describe_alias(&mut self, input: &Value) -> Answer {
        let arn = checks::required_text(input, "stateMachineAliasArn")?;
        let (machine, name) = self.aliased(&arn)?;
        let alias = &machine.aliases[&name];
        let mut answer = json!({
            "stateMachineAliasArn": format!("{}:{name}", machine.arn),
            "name": name,
            "routingConfiguration": alias.routing(machine),
            "creationDate": instant_text(alias.created),
            "updateDate": instant_text(alias.updated),
        });
        if let Some(description) = &alias.description {
            answer["description"] = description.as_str().into();
        }
        Ok(answer)
    }

    pub(super) fn list_aliases(&mut self, input: &Value) -> Answer {
        let arn = checks::required_text(input, "stateMachineArn")?;
        let (machine, qualifier) = self.found(&arn)?;
        let version = qualifier.and_then(|number| number.parse::<u64>().ok());
        let leads_here = |(_, alias): &(&String, &Alias)| {
            version.is_none_or(|version| alias.routes.iter().any(|(route, _)| *route == version))
        };
        let one = |(name, alias): (&String, &Alias)| {
            json!({ "stateMachineAliasArn": format!("{}:{name}", machine.arn),
                "creationDate": instant_text(alias.created) })
        };
        checks::page(input, "stateMachineAliases", machine.aliases.iter().filter(leads_here).map(one).collect())
    }

    pub(super) fn delete_alias(&mut self, input: &Value) -> Answer {
        let arn = checks::required_text(input, "stateMachineAliasArn")?;
        let (machine, name) = self.aliased(&arn)?;
        machine.aliases.remove(&name);
        Ok(json!({}))
    }

    /// The machine whose versions are meant, if it has them all.
    fn versioned(&mut self, name: &str, routes: &[(u64, u64)]) -> Result<&mut Machine, ApiError> {
        let Some(machine) = self.machines.get_mut(name) else { return Err(unknown(name)) };
        match routes.iter().find(|(version, _)| !machine.versions.contains_key(version)) {
            Some((missing, _)) => {
                Err(wrong(format!("State Machine Version does not exist: '{}:{missing}'", machine.arn)))
            }
            None => Ok(machine),
        }
    }

    fn aliased(&mut self, arn: &str) -> Result<(&mut Machine, String), ApiError> {
        let (machine, name) = self.found(arn)?;
        match name.filter(|name| machine.aliases.contains_key(*name)) {
            Some(name) => Ok((machine, name.to_owned())),
            None => Err(ApiError::client(
                "ResourceNotFound",
                format!("Request references a resource that does not exist: '{arn}'"),
            )),
        }
    }
}

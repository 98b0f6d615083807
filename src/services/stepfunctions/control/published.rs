//! Executions of a version, or of an alias, which leads to one of its versions by their weights.

use std::sync::Arc;

use serde_json::Value;

use super::super::executions::Held;
use super::super::model::{Around, Model};
use super::machines::unknown;
use crate::lang::asl::chance::random_integer;
use crate::lang::asl::{Machine, read};
use crate::services::{ApiError, Cx};

/// What an execution runs that names a version or an alias.
pub struct Published {
    pub machine: Arc<Machine>,
    pub version: u64,
    pub alias: Option<String>,
}

impl Model {
    /// The error of a version or alias that there is not.
    pub(in super::super) fn unpublished(&self, qualifier: Option<&str>) -> Option<ApiError> {
        let qualifier = qualifier?;
        let own = self.control.machines.get(self.aws_name());
        let is_known = own.is_some_and(|own| own.version(qualifier).is_some());
        (!is_known).then(|| unknown(&format!("{}:{qualifier}", self.arn)))
    }

    pub(in super::super) fn published(&mut self, qualifier: &str, cx: &mut Cx<'_>) -> Option<Published> {
        let name = self.aws_name().to_owned();
        let own = self.control.machines.get(&name)?;
        let alias = own.aliases.get(qualifier);
        let version = match alias {
            Some(alias) => {
                let mut around = Around { cx, gate: &mut self.gate, config: &self.config };
                let mut drawn = random_integer(&mut around, 0, 100).unsigned_abs();
                let taken = alias.routes.iter().find(|(_, weight)| {
                    let is_it = drawn < *weight;
                    drawn = drawn.saturating_sub(*weight);
                    is_it
                });
                taken.or(alias.routes.last())?.0
            }
            None => qualifier.parse().ok()?,
        };
        let (machine, _) = read::read_text(&own.versions.get(&version)?.definition, self.config.is_express);
        Some(Published { machine: Arc::new(machine?), version, alias: alias.map(|_| qualifier.to_owned()) })
    }

    /// Says of an execution which version it runs.
    pub(in super::super) fn name_published(&self, held: &Held, described: &mut Value) {
        let Some((version, alias)) = &held.published else { return };
        described["stateMachineVersionArn"] = format!("{}:{version}", self.arn).into();
        if let Some(alias) = alias {
            described["stateMachineAliasArn"] = format!("{}:{alias}", self.arn).into();
        }
    }
}

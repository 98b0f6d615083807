//! Mocked results and errors, and what keeps them from being such.

use serde_json::Value;

use super::Test;
use super::request::Refused;
use super::response_shape::{self, Strictness};
use crate::lang::asl::execution::failure::Error;
use crate::lang::asl::resource::{Pattern, Resource};

#[derive(Clone, Debug)]
pub(super) struct Mock {
    pub(super) mocked: Mocked,
    pub(super) strictness: Strictness,
}

#[derive(Clone, Debug)]
pub(super) enum Mocked {
    Result(Value),
    Error(Error),
}

impl Test {
    fn mocked_result(&self) -> Option<&Value> {
        match &self.mock.as_ref()?.mocked {
            Mocked::Result(result) => Some(result),
            Mocked::Error(_) => None,
        }
    }

    /// Branches and items give a list; branches as many values as there are.
    pub(super) fn mocked_list(&self, length: Option<usize>) -> Option<Refused> {
        let Some(items) = self.mocked_result()?.as_array() else {
            return Some(Refused::validation("Mocked result must be an array."));
        };
        let is_fit = length.is_none_or(|length| length == items.len());
        let text = "Mocked result must be an array of the same size as the number of branches.";
        (!is_fit).then(|| Refused::validation(text))
    }

    /// What a `ResultWriter` leaves is an object that says where it lies.
    pub(super) fn mocked_object(&self) -> Option<Refused> {
        let text = "Mocked result must be a JSON object when a ResultWriter is specified.";
        (!self.mocked_result()?.is_object()).then(|| Refused::validation(text))
    }

    /// Whether the result of a service could be its answer.
    pub(super) fn check_mocked_fields(&self) -> Result<(), Refused> {
        let (Some(result), Some(Resource::Service { service, action, pattern, .. })) =
            (self.mocked_result(), self.resource())
        else {
            return Ok(());
        };
        let strictness = self.mock.as_ref().map_or(Strictness::Strict, |mock| mock.strictness);
        // What a job or a callback gives is not the service's answer.
        if *pattern != Pattern::RequestResponse || strictness == Strictness::None {
            return Ok(());
        }
        let service = if service == "states" { "sfn" } else { service };
        match response_shape::of(&format!("{service}:{action}")) {
            Some(shape) => shape
                .check(result, strictness)
                .map_err(|wrong| Refused::validation(format!("Mock result schema validation error: {wrong}"))),
            None => Ok(()),
        }
    }
}

//! `Retry` and `Catch` (SFN-16…18).

use serde_json::Value;

use super::flow::Names;
use super::place::Place;
use super::values::{COUNT_MAX, Object, SECONDS_MAX};
use super::{Level, Reader, quoted};
use crate::lang::asl::machine::{Catcher, QueryLanguage, Retrier};

const MAX_DELAY_SECONDS_MAX: i64 = 31_622_400;

/// SFN-16.
const RESERVED: [&str; 17] = [
    "States.ALL",
    "States.DataLimitExceeded",
    "States.Runtime",
    "States.Timeout",
    "States.HeartbeatTimeout",
    "States.TaskFailed",
    "States.Permissions",
    "States.ResultPathMatchFailure",
    "States.ParameterPathFailure",
    "States.QueryEvaluationError",
    "States.BranchFailed",
    "States.NoChoiceMatched",
    "States.IntrinsicFailure",
    "States.ExceedToleratedFailureThreshold",
    "States.ItemReaderFailed",
    "States.ResultWriterFailed",
    "States.Http.Socket",
];

impl Reader {
    pub(super) fn retriers(&mut self, object: &Object<'_>) -> Vec<Retrier> {
        let Some(items) = self.list(object, "Retry") else { return Vec::new() };
        let place = object.place.field("Retry");
        let mut found = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let place = place.item(index);
            let Some(map) = item.as_object() else {
                self.schema(&place, "Expected value of type Object", "a retrier is an object with ErrorEquals");
                continue;
            };
            found.push(self.retrier(&Object { map, place }, index + 1 == items.len()));
        }
        found
    }

    fn retrier(&mut self, object: &Object<'_>, is_last: bool) -> Retrier {
        self.no_others(
            object,
            &[
                "ErrorEquals",
                "IntervalSeconds",
                "MaxAttempts",
                "BackoffRate",
                "MaxDelaySeconds",
                "JitterStrategy",
                "Comment",
            ],
        );
        self.comment(object);
        let error_equals = self.error_equals(object, is_last);
        let interval = self.whole(object, "IntervalSeconds", 1, SECONDS_MAX).unwrap_or(1);
        let max_attempts = self.whole(object, "MaxAttempts", 0, COUNT_MAX).unwrap_or(3);
        let rate = object.get("BackoffRate");
        let rate = rate.and_then(|rate| self.number_of(&object.place.field("BackoffRate"), rate, 1.0, f64::MAX));
        let max_delay = self.whole(object, "MaxDelaySeconds", 1, MAX_DELAY_SECONDS_MAX);
        if let Some(max_delay) = max_delay.filter(|most| *most <= interval && object.has("IntervalSeconds")) {
            let message = format!("{max_delay} cuts the first wait of {interval} short already; choose more");
            self.advise(&object.place.field("MaxDelaySeconds"), message);
        }
        let jitter = self.word(object, "JitterStrategy", &["FULL", "NONE"]);
        Retrier {
            error_equals,
            interval_seconds: interval.unsigned_abs(),
            max_attempts: max_attempts.unsigned_abs(),
            backoff_rate: rate.unwrap_or(2.0),
            max_delay_seconds: max_delay.map(i64::unsigned_abs),
            jitter: jitter == Some("FULL"),
        }
    }

    pub(super) fn catchers(&mut self, object: &Object<'_>, language: QueryLanguage, names: &Names<'_>) -> Vec<Catcher> {
        let Some(items) = self.list(object, "Catch") else { return Vec::new() };
        let place = object.place.field("Catch");
        let mut found = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let place = place.item(index);
            let Some(map) = item.as_object() else {
                self.schema(
                    &place,
                    "Expected value of type Object",
                    "a catcher is an object with ErrorEquals and Next",
                );
                continue;
            };
            found.extend(self.catcher(&Object { map, place }, language, names, index + 1 == items.len()));
        }
        found
    }

    fn catcher(
        &mut self,
        object: &Object<'_>,
        language: QueryLanguage,
        names: &Names<'_>,
        is_last: bool,
    ) -> Option<Catcher> {
        let own = if language == QueryLanguage::Jsonata { "Output" } else { "ResultPath" };
        self.no_others(object, &["ErrorEquals", "Next", "Assign", "Comment", own]);
        self.comment(object);
        self.require(object, &["Next"]);
        let error_equals = self.error_equals(object, is_last);
        self.states_fields = &["errorOutput"];
        let assign = self.assign(object, language);
        let (result_path, output) = match language {
            QueryLanguage::JsonPath => (self.result_path(object), None),
            QueryLanguage::Jsonata => (super::Selection::Whole, self.template(object, "Output", language)),
        };
        self.states_fields = &[];
        let next = self.name_of(object, "Next")?;
        let next = self.target(&object.place.field("Next"), next, names)?;
        Some(Catcher { error_equals, next, result_path, assign, output })
    }

    /// `States.ALL` stands alone, and in the last of them (SFN-17).
    fn error_equals(&mut self, object: &Object<'_>, is_last: bool) -> Vec<String> {
        let field = "ErrorEquals";
        self.require(object, &[field]);
        let Some(items) = self.list(object, field) else { return Vec::new() };
        let place = object.place.field(field);
        if items.is_empty() {
            self.schema(&place, "ErrorEquals must not be empty", "names no error; name one, or \"States.ALL\"");
        }
        let mut names = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            match item.as_str() {
                Some(name) => {
                    self.error_name(&place.item(index), name);
                    names.push(name.to_owned());
                }
                None => self.schema(&place.item(index), "Expected value of type String", "an error's name is a text"),
            }
        }
        if names.iter().any(|name| name == "States.ALL") {
            if names.len() > 1 {
                let message = "names States.ALL beside others, and it means them all; let it stand alone";
                self.schema(&place, "States.ALL must appear alone in ErrorEquals", message);
            } else if !is_last {
                let message = "takes every error, so nothing behind it is asked; put it last";
                self.schema(&place, "States.ALL must be the last one in the list", message);
            }
        }
        names
    }

    fn error_name(&mut self, place: &Place<'_>, name: &str) {
        let is_known = RESERVED.contains(&name) || name.starts_with("States.Http.StatusCode.");
        if name.starts_with("States.") && !is_known && !self.is_full(Level::Warning) {
            let message = match super::fields::nearest(name, RESERVED.into_iter()) {
                Some(near) => format!("no error is called {}; do you mean {near}?", quoted(name)),
                None => format!("no error is called {}, and names with States. are AWS's; name another", quoted(name)),
            };
            self.advise(place, message);
        } else if name == "States.Runtime" {
            self.advise(place, "States.Runtime ends the execution, also where it is named; take it out");
        }
    }

    /// Fields of an object that is read by hand elsewhere.
    pub(super) fn plain_object(&mut self, place: &Place<'_>, value: Option<&Value>) -> serde_json::Map<String, Value> {
        match value {
            Some(Value::Object(map)) => map.clone(),
            Some(_) => {
                self.schema(place, "Expected value of type Object", "has to be an object");
                serde_json::Map::new()
            }
            None => serde_json::Map::new(),
        }
    }
}

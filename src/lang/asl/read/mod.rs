//! Reading a definition: a machine wherever one can be made of it, and what is wrong, each with its place, the remedy, and
//! AWS's own code and wording (SFN-5, 9…14, 18).
//!
//! An error is what AWS refuses; a warning is what it takes and what is hardly meant. A value that `DefinitionSubstitutions`
//! has still to fill in (`${…}`) is right wherever its text can stand.
//!
//! Absent on purpose: whether a resource or a service's action exists, which AWS does not look up either.

mod choice;
mod fields;
mod flow;
mod handlers;
mod map;
mod place;
mod problem;
mod state;
mod template;
mod text;
mod values;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::Value;

use super::machine::{Flow, Machine, QueryLanguage, Selection, State, StateId};
use flow::FlowKind;
use place::{Place, short};
use values::Object;

pub use problem::{Code, Diagnostic, Level, Problem, is_valid, refusal, validation};
pub use text::{DEFINITION_BYTES_MAX, JsonError, input_refusal, json_error, read_text};

/// So many problems of each level are listed; whoever has more sees them once these are mended.
const PROBLEMS_MAX: usize = 200;

/// The machine of a definition, and what is wrong with it. There is no machine where there are no states.
#[must_use]
pub fn read(definition: &Value) -> (Option<Machine>, Vec<Problem>) {
    read_as(definition, false)
}

/// As [`read`], of a machine that is EXPRESS, which may do less (SFN-1).
#[must_use]
pub fn read_as(definition: &Value, is_express: bool) -> (Option<Machine>, Vec<Problem>) {
    let mut reader = Reader { is_express, ..Reader::default() };
    let machine = reader.machine(definition);
    (machine, reader.problems)
}

#[derive(Debug, Default)]
struct Reader {
    is_express: bool,
    problems: Vec<Problem>,
    errors: usize,
    states: Vec<State>,
    /// The whole machine's; what says nothing else has it, however deep it lies.
    language: QueryLanguage,
    /// What `$states` holds in the field that is read, beside input and context.
    states_fields: &'static [&'static str],
    names: BTreeSet<String>,
    /// States with `End`.
    ending: BTreeSet<StateId>,
    /// States of which it is not known where they lead.
    unread: BTreeSet<StateId>,
    labels: BTreeSet<String>,
}

impl Reader {
    fn machine(&mut self, definition: &Value) -> Option<Machine> {
        let place = Place::WHOLE;
        let Some(map) = definition.as_object() else {
            self.schema(&place, "Expected value of type Object", "a definition is an object with StartAt and States");
            return None;
        };
        let object = Object { map, place };
        self.language = self.query_language(&object).unwrap_or_default();
        let comment = self.comment(&object);
        let timeout_seconds = self.whole(&object, "TimeoutSeconds", 1, values::SECONDS_MAX);
        if let Some(version) = self.string(&object, "Version")
            && version != "1.0"
        {
            let place = object.place.field("Version");
            self.schema(&place, "Value is not an expected value", "the only version is \"1.0\"; leave it out");
        }
        let Flow { start, states } = self.flow(&object, FlowKind::Machine, None)?;
        let all = std::mem::take(&mut self.states);
        Some(Machine {
            comment,
            query_language: self.language,
            timeout_seconds: timeout_seconds.and_then(|seconds| u64::try_from(seconds).ok()),
            flow: Flow { start, states },
            states: all,
        })
    }

    /// Whether so much was told already that a remedy is not worth its search.
    fn is_full(&self, level: Level) -> bool {
        let listed = if level == Level::Error { self.errors } else { self.problems.len() - self.errors };
        listed >= PROBLEMS_MAX
    }

    fn add(&mut self, place: &Place<'_>, level: Level, message: String, aws: Option<Diagnostic>) {
        if !self.is_full(level) {
            self.errors += usize::from(level == Level::Error);
            self.problems.push(Problem { place: place.dotted(), level, message, aws });
        }
    }

    /// What AWS refuses, told where it stands.
    fn error(&mut self, place: &Place<'_>, code: Code, aws: impl Into<String>, message: impl Into<String>) {
        let aws = Diagnostic { code, message: aws.into(), location: Some(place.pointer()) };
        self.add(place, Level::Error, message.into(), Some(aws));
    }

    fn schema(&mut self, place: &Place<'_>, aws: impl Into<String>, message: impl Into<String>) {
        self.error(place, Code::SchemaValidationFailed, aws, message);
    }

    /// As [`Reader::schema`], which AWS tells of what stands around the field.
    fn schema_around(&mut self, object: &Object<'_>, field: &str, aws: String, message: impl Into<String>) {
        let location = Some(object.place.pointer());
        let aws = Diagnostic { code: Code::SchemaValidationFailed, message: aws, location };
        self.add(&object.place.field(field), Level::Error, message.into(), Some(aws));
    }

    /// What AWS takes without a word.
    fn advise(&mut self, place: &Place<'_>, message: impl Into<String>) {
        self.add(place, Level::Warning, message.into(), None);
    }

    /// What AWS warns of.
    fn warn(&mut self, place: &Place<'_>, code: Code, aws: impl Into<String>, message: impl Into<String>) {
        let aws = Diagnostic { code, message: aws.into(), location: Some(place.pointer()) };
        self.add(place, Level::Warning, message.into(), Some(aws));
    }
}

/// A text of the definition in a sentence.
fn quoted(text: &str) -> String {
    format!("\"{}\"", short(text, 100))
}

/// Another room's sentence within one of ours.
fn sentence(text: &str) -> String {
    short(text, 200).trim_end_matches('.').to_owned()
}

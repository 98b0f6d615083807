//! One state: its type, the fields that all types share, and what its type adds (SFN-5, SFN-9).

use serde_json::Value;

use super::fields::{self, counterpart, is_known, language_of};
use super::flow::{FlowKind, Names};
use super::place::{Place, short};
use super::values::{Object, SECONDS_MAX, has_placeholder};
use super::{Code, Reader, quoted};
use crate::lang::asl::machine::{
    Fields, Given, QueryLanguage, State, StateId, StateKind, Task, Until, may_read_context,
};
use crate::lang::asl::resource::{Pattern, Resource};

impl Reader {
    /// Adds the state and those within it.
    pub(super) fn state(
        &mut self,
        place: &Place<'_>,
        name: &str,
        value: &Value,
        names: &Names<'_>,
        within: Option<StateId>,
    ) -> StateId {
        let id = self.states.len();
        self.states.push(State {
            name: name.to_owned(),
            place: place.dotted(),
            comment: None,
            language: self.language,
            reads_context: may_read_context(value),
            within,
            next: None,
            fields: Fields::default(),
            retry: Vec::new(),
            catch: Vec::new(),
            // What is no state at all passes its input on, so that the rest can still be drawn.
            kind: StateKind::Pass { result: None },
        });
        let Some(map) = value.as_object() else {
            self.schema(place, "Expected value of type Object", "a state is an object with a Type");
            self.unread.insert(id);
            return id;
        };
        let object = Object { map, place: *place };
        let language = self.state_language(&object);
        self.states[id].language = language;
        self.states[id].comment = self.comment(&object);
        self.require(&object, &["Type"]);
        let Some((kind, known)) = self.state_type(&object) else {
            self.unread.insert(id);
            return id;
        };
        self.check_fields(&object, kind, known, language);
        self.states[id].fields = self.shaping(&object, kind, language);
        self.transition(id, &object, kind, names);
        if known.contains(&"Retry") {
            self.states[id].retry = self.retriers(&object);
            self.states[id].catch = self.catchers(&object, language, names);
        }
        if let Some(kind) = self.kind(id, &object, kind, language, names) {
            self.states[id].kind = kind;
        }
        id
    }

    /// A state has its machine's language, wherever it lies, unless it names one itself.
    fn state_language(&mut self, object: &Object<'_>) -> QueryLanguage {
        let language = self.query_language(object);
        if language == Some(QueryLanguage::JsonPath) && self.language == QueryLanguage::Jsonata {
            let aws = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine";
            let message =
                "a machine whose QueryLanguage is JSONata has no JSONPath states; set it state by state instead";
            self.schema_around(object, "QueryLanguage", aws.to_owned(), message);
        }
        language.unwrap_or(self.language)
    }

    fn state_type<'a>(&mut self, object: &Object<'a>) -> Option<(&'a str, &'static [&'static str])> {
        let kind = self.string(object, "Type")?;
        let known = fields::TYPES.iter().find(|(name, _)| *name == kind);
        if known.is_none() {
            let names: Vec<&str> = fields::TYPES.iter().map(|(name, _)| *name).collect();
            let message = match fields::nearest(kind, names.iter().copied()) {
                Some(near) => format!("{} is no type of state; do you mean {near}?", quoted(kind)),
                None => format!("{} is no type of state; there are {}", quoted(kind), names.join(", ")),
            };
            let aws = format!("Unsupported state type '{}'", short(kind, 100));
            self.schema(&object.place.field("Type"), aws, message);
        }
        known.map(|(_, fields)| (kind, *fields))
    }

    fn check_fields(&mut self, object: &Object<'_>, kind: &str, known: &[&str], language: QueryLanguage) {
        let name_of = |language| if language == QueryLanguage::Jsonata { "JSONata" } else { "JSONPath" };
        for field in object.map.keys() {
            if !is_known(known, field) {
                let elsewhere = fields::TYPES.iter().any(|(_, fields)| fields.contains(&field.as_str()));
                let what = if elsewhere { format!("is no field of a {kind} state") } else { "is no field".to_owned() };
                // A known field of another state is no slip of the pen.
                let near: &[&str] = if elsewhere { &[] } else { known };
                self.unsupported(object, field, near, &what);
            } else if let Some(only) = language_of(field).filter(|only| *only != language) {
                let (here, there) = (name_of(language), name_of(only));
                let aws = format!(
                    "The QueryLanguage is set to '{here}', but field '{field}' is only supported for the '{there}' QueryLanguage"
                );
                let message =
                    format!("is a field of {there}, and the state's language is {here}; {}", counterpart(field));
                self.schema_around(object, field, aws, message);
            }
        }
    }

    fn shaping(&mut self, object: &Object<'_>, kind: &str, language: QueryLanguage) -> Fields {
        let works = matches!(kind, "Task" | "Parallel" | "Map" | "Pass");
        self.states_fields = if works { &["result"] } else { &[] };
        let mut fields = Fields { assign: self.assign(object, language), ..Fields::default() };
        if language == QueryLanguage::Jsonata {
            fields.output = self.template(object, "Output", language);
            self.states_fields = &[];
            fields.arguments = self.template(object, "Arguments", language);
            return fields;
        }
        self.states_fields = &[];
        fields.input_path = self.selection(object, "InputPath");
        fields.output_path = self.selection(object, "OutputPath");
        fields.result_path = self.result_path(object);
        // A Map's Parameters are the older form of its ItemSelector.
        if kind != "Map" {
            fields.parameters = self.template(object, "Parameters", language);
        }
        fields.result_selector = self.template(object, "ResultSelector", language);
        fields
    }

    /// `Next` or `End`, and not both.
    fn transition(&mut self, id: StateId, object: &Object<'_>, kind: &str, names: &Names<'_>) {
        if matches!(kind, "Choice" | "Succeed" | "Fail") {
            return;
        }
        let next = self.name_of(object, "Next");
        let ends = self.boolean(object, "End").unwrap_or(false);
        if ends {
            self.ending.insert(id);
            if next.is_some() {
                let aws = "Fields 'Next' and 'End' are mutually exclusive".to_owned();
                let message = "goes on with Next although it ends here; give one of the two";
                self.schema_around(object, "End", aws, message);
                return;
            }
        } else if !object.has("Next") {
            let aws = "These fields are required: [Next]".to_owned();
            let message = "the state neither goes on nor ends; give Next, or set End to true";
            self.schema(&object.place, aws, message);
        }
        if let Some(next) = next {
            self.states[id].next = self.target(&object.place.field("Next"), next, names);
        }
    }

    fn kind(
        &mut self,
        id: StateId,
        object: &Object<'_>,
        kind: &str,
        language: QueryLanguage,
        names: &Names<'_>,
    ) -> Option<StateKind> {
        match kind {
            "Task" => Some(self.task(object, language)),
            "Choice" => Some(self.choice(object, language, names)),
            "Wait" => Some(StateKind::Wait(self.wait(object, language))),
            "Succeed" => Some(StateKind::Succeed),
            "Fail" => Some(StateKind::Fail {
                error: self.given_text(object, "Error", language),
                cause: self.given_text(object, "Cause", language),
            }),
            "Parallel" => self.parallel(id, object),
            "Map" => self.map(id, object, language),
            _ => Some(self.pass(object)),
        }
    }

    fn pass(&mut self, object: &Object<'_>) -> StateKind {
        let result = object.get("Result");
        if result.is_some_and(holds_path) {
            let aws = "Result is static: paths within it are not evaluated";
            let message = "is taken as it stands; a path belongs into Parameters";
            self.warn(&object.place.field("Result"), Code::PassResultIsStatic, aws, message);
        }
        StateKind::Pass { result: result.cloned() }
    }

    fn task(&mut self, object: &Object<'_>, language: QueryLanguage) -> StateKind {
        self.require(object, &["Resource"]);
        let resource_text = self.string(object, "Resource").unwrap_or_default().to_owned();
        if !resource_text.is_empty() || object.get("Resource").is_some_and(Value::is_string) {
            self.resource(&object.place.field("Resource"), &resource_text);
        }
        if object.has("Credentials") {
            self.object(object, "Credentials");
        }
        let credentials = self.template(object, "Credentials", language);
        let timeout_seconds = self.given_whole(object, "TimeoutSeconds", language, (1, SECONDS_MAX));
        let heartbeat_seconds = self.given_whole(object, "HeartbeatSeconds", language, (1, SECONDS_MAX));
        if let (Some(Given::Value(timeout)), Some(Given::Value(heartbeat))) = (&timeout_seconds, &heartbeat_seconds)
            && heartbeat >= timeout
        {
            let aws = "HeartbeatSeconds must be smaller than TimeoutSeconds".to_owned();
            let message = format!("is {heartbeat}, and the task ends after {timeout} seconds; choose less");
            self.schema_around(object, "HeartbeatSeconds", aws, message);
        }
        let resource = Resource::parse(&resource_text);
        self.express_resource(object, &resource);
        StateKind::Task(Task { resource_text, resource, credentials, timeout_seconds, heartbeat_seconds })
    }

    /// An ARN (SFN-20, SFN-21). Another URI is told of, since nothing can be called by it.
    pub(super) fn resource(&mut self, place: &Place<'_>, text: &str) {
        if has_placeholder(text) {
            return;
        }
        let parts = text.split(':').count();
        let is_uri = text.split_once(':').is_some_and(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty());
        let is_arn = text.starts_with("arn:");
        if !is_uri || text.contains(char::is_whitespace) || (is_arn && parts < 6) {
            let message =
                format!("{} is no ARN; write such as arn:aws:states:::lambda:invoke or a function's ARN", quoted(text));
            self.schema(place, "Value is not a valid resource ARN", message);
        } else if !is_arn {
            self.advise(
                place,
                format!(
                    "{} is no ARN, and AWS takes ARNs alone; write such as arn:aws:states:::lambda:invoke",
                    quoted(text)
                ),
            );
        }
    }

    /// What an Express machine may not wait for (SFN-1).
    fn express_resource(&mut self, object: &Object<'_>, resource: &Resource) {
        if !self.is_express {
            return;
        }
        let (what, message) = match resource {
            Resource::Activity { .. } => {
                ("Activity ARN".to_owned(), "an Express machine has no activities; let a function do it".to_owned())
            }
            Resource::Service { pattern, .. } if *pattern != Pattern::RequestResponse => {
                let suffix = pattern.suffix();
                let remedy = format!(
                    "an Express machine does not wait with {suffix}; take it out, or make the machine STANDARD"
                );
                (format!("'{suffix}' service integration"), remedy)
            }
            _ => return,
        };
        let aws = format!("Express state machine does not support {what}");
        self.schema(&object.place.field("Resource"), aws, message);
    }

    fn wait(&mut self, object: &Object<'_>, language: QueryLanguage) -> Until {
        // Beside its own Path, each tells of itself.
        let either = |name: &'static str, with_path: &'static str| if object.has(name) { name } else { with_path };
        let named = self.only_one(object, &[either("Seconds", "SecondsPath"), either("Timestamp", "TimestampPath")]);
        if named.is_none() {
            let aws = "One of these fields is required: [Seconds, SecondsPath, Timestamp, TimestampPath]";
            let message = "says not how long; give Seconds or Timestamp";
            self.schema(&object.place, aws, message);
        }
        if matches!(named, Some("Timestamp" | "TimestampPath")) {
            let timestamp = self.given_text(object, "Timestamp", language);
            if let Some(Given::Value(text)) = &timestamp
                && !has_placeholder(text)
                && !super::choice::is_timestamp(text)
            {
                let message = format!("{} is no time; write such as 2026-08-18T17:33:00Z", quoted(text));
                self.schema(&object.place.field("Timestamp"), "Value is not a valid RFC 3339 timestamp", message);
            }
            return Until::Timestamp(timestamp.unwrap_or(Given::Value(String::new())));
        }
        let seconds = self.given_whole(object, "Seconds", language, (0, SECONDS_MAX));
        Until::Seconds(seconds.unwrap_or(Given::Value(0)))
    }

    fn parallel(&mut self, id: StateId, object: &Object<'_>) -> Option<StateKind> {
        self.require(object, &["Branches"]);
        let items = self.list(object, "Branches")?;
        let place = object.place.field("Branches");
        if items.is_empty() {
            self.schema(&place, "Branches must not be empty", "has no branch; add one");
        }
        let mut branches = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let place = place.item(index);
            match item.as_object() {
                Some(map) => branches.extend(self.flow(&Object { map, place }, FlowKind::Branch, Some(id))),
                None => {
                    self.schema(
                        &place,
                        "Expected value of type Object",
                        "a branch is an object with StartAt and States",
                    );
                }
            }
        }
        Some(StateKind::Parallel { branches })
    }
}

/// Whether a field's name or value somewhere in it is written as a path.
fn holds_path(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(name, value)| name.ends_with(".$") || holds_path(value)),
        Value::Array(items) => items.iter().any(holds_path),
        _ => false,
    }
}

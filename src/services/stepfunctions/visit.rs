//! One visit of a state, looked at afterwards: the stages of its data, worked out again from what the history holds, and of
//! a Choice each rule with the clause that did not hold.

use serde_json::{Map, Value, json};

use super::graph::{of_rule, of_test};
use crate::engine::Micros;
use crate::lang::asl::chance::Chance;
use crate::lang::asl::execution::event::{Event, EventId, EventKind, TaskEvent};
use crate::lang::asl::execution::scope::{Scope, Stage, World};
use crate::lang::asl::execution::{Execution, choice, fields, query};
use crate::lang::asl::machine::{ChoiceRule, QueryLanguage, State, StateId, StateKind, Test};
use crate::lang::instant::instant_text;

/// Tests within a test are told down to here.
const DEPTH_MAX: usize = 6;

/// A line of what one sees: what it is, and its value.
pub type Line = (String, String);

pub struct Visit<'a> {
    execution: &'a Execution,
    entered: &'a Event,
    pub state: StateId,
    input: Value,
    variables: Map<String, Value>,
    context: Value,
}

/// Time stands still, and chance gives the same number: what it gave then is not known any more.
struct Still(Micros);

impl Chance for Still {
    fn random_u64(&mut self) -> u64 {
        0
    }
}

impl World for Still {
    fn now(&self) -> Micros {
        self.0
    }

    fn next_transition(&mut self) -> Micros {
        0
    }
}

/// The event of a history with that id.
fn event(history: &[Event], id: EventId) -> Option<&Event> {
    usize::try_from(id).ok()?.checked_sub(1).and_then(|place| history.get(place))
}

/// The latest visit of a state in an execution.
#[must_use]
pub fn latest_of(execution: &Execution, state: StateId) -> Option<EventId> {
    let is_it = |event: &&Event| matches!(event.kind, EventKind::Entered { state: entered, .. } if entered == state);
    execution.history().iter().rev().find(is_it).map(|event| event.id)
}

/// The visit that an event belongs to: that of the state entered last before it, in its own branch.
#[must_use]
pub fn visit_of(history: &[Event], id: EventId) -> Option<(EventId, StateId)> {
    let mut at = event(history, id);
    while let Some(event_there) = at {
        if let EventKind::Entered { state, .. } = event_there.kind {
            return Some((event_there.id, state));
        }
        at = event(history, event_there.previous);
    }
    None
}

impl<'a> Visit<'a> {
    /// The visit that begins with an event.
    #[must_use]
    pub fn new(execution: &'a Execution, entered: EventId) -> Option<Self> {
        let history = execution.history();
        let entered = event(history, entered)?;
        let EventKind::Entered { state, input } = &entered.kind else { return None };
        // What was assigned before, the latest last.
        let mut assigned = Vec::new();
        let mut at = event(history, entered.previous);
        while let Some(before) = at {
            if let EventKind::Exited { assigned: Some(values), .. } = &before.kind {
                assigned.push(values);
            }
            at = event(history, before.previous);
        }
        let mut variables = Map::new();
        for values in assigned.into_iter().rev() {
            variables.extend(values.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        let identity = execution.identity();
        let context = json!({
            "Execution": { "Id": identity.id, "Input": **execution.input(), "Name": identity.name,
                "RoleArn": identity.role, "StartTime": instant_text(execution.started()) },
            "StateMachine": { "Id": identity.machine_id, "Name": identity.machine_name },
            "State": { "Name": execution.machine().states[*state].name, "EnteredTime": instant_text(entered.at) },
        });
        Some(Self { execution, entered, state: *state, input: Value::clone(input), variables, context })
    }

    fn state(&self) -> &State {
        &self.execution.machine().states[self.state]
    }

    fn scope(&self) -> Scope<'_> {
        Scope { input: &self.input, context: &self.context, variables: &self.variables }
    }

    /// The events of this visit after its first, the one that leaves it among them.
    fn events(&self) -> impl Iterator<Item = &Event> {
        let history = self.execution.history();
        let own = self.entered.id;
        let later = history.iter().skip_while(move |event| event.id <= own);
        later.filter(move |event| match &event.kind {
            EventKind::Exited { state, .. } => *state == self.state && self.leads_here(event),
            EventKind::Entered { .. } => false,
            _ => visit_of(history, event.id).is_some_and(|(visit, _)| visit == own),
        })
    }

    /// Whether this visit lies before an event in its branch, with no other visit of the same state between.
    fn leads_here(&self, event_there: &Event) -> bool {
        let history = self.execution.history();
        let mut at = event(history, event_there.previous);
        while let Some(before) = at {
            if before.id <= self.entered.id {
                return before.id == self.entered.id;
            }
            at = event(history, before.previous);
        }
        false
    }

    /// From input to output.
    #[must_use]
    pub fn stages(&self) -> Vec<Line> {
        let (mut lines, mut world) = (Vec::new(), Still(self.entered.at));
        let state = self.state();
        let mut see = |stage: Stage, value: &Value| lines.push((told(stage, state).to_owned(), value.to_string()));
        let scope = self.scope();
        let begun = fields::effective_input(state, &scope, &mut world, &mut see);
        let mut result = None;
        let mut tries = Vec::new();
        let mut left = None;
        for event in self.events() {
            match &event.kind {
                EventKind::Task { event: TaskEvent::Scheduled(scheduled), .. } => {
                    tries.push(("Calls".to_owned(), scheduled.parameters.to_string()));
                }
                EventKind::Task {
                    event: TaskEvent::Submitted { output } | TaskEvent::Succeeded { output }, ..
                } => {
                    result = Some(Value::clone(output));
                }
                EventKind::Task { event: TaskEvent::Failed(error) | TaskEvent::TimedOut(error), .. }
                | EventKind::EvaluationFailed { error, .. } => {
                    tries.push((
                        "Fails".to_owned(),
                        format!("{}: {}", error.name(), error.cause.as_deref().unwrap_or("")),
                    ));
                }
                EventKind::Exited { output, .. } => left = Some(output),
                _ => {}
            }
        }
        if let (StateKind::Pass { .. }, Ok(input)) = (&state.kind, begun) {
            result = Some(fields::pass_result(state, input));
        }
        let many = tries.len() > 1;
        lines.extend(tries.into_iter().filter(|(what, _)| many || what != "Calls"));
        if let Some(result) = result {
            let mut see = |stage: Stage, value: &Value| {
                if stage != Stage::Output {
                    lines.push((told(stage, state).to_owned(), value.to_string()));
                }
            };
            // What fails here fails in the history too.
            let _ = fields::outcome(state, &scope, Some(result), &mut world, &mut see);
        }
        lines.extend(left.map(|output| ("Output".to_owned(), output.to_string())));
        lines.extend(self.rules());
        lines
    }

    /// Of a Choice, rule by rule: whether it holds, and if not, which clause does not.
    fn rules(&self) -> Vec<Line> {
        let state = self.state();
        let StateKind::Choice { rules, default } = &state.kind else { return Vec::new() };
        let scope = self.scope();
        let input = match state.language {
            QueryLanguage::JsonPath => fields::select(&state.fields.input_path, scope.input, &scope),
            QueryLanguage::Jsonata => Ok(scope.input.clone()),
        };
        let Ok(input) = input else { return Vec::new() };
        let mut lines = Vec::new();
        for (place, rule) in rules.iter().enumerate() {
            let holds = self.rule(place, rule, &input, &mut lines);
            if holds {
                lines.push(("Goes on to".to_owned(), self.name(rule.next)));
                return lines;
            }
        }
        let next = default.map_or_else(|| "nothing: no rule holds".to_owned(), |default| self.name(default));
        lines.push(("Default".to_owned(), next));
        lines
    }

    fn name(&self, state: StateId) -> String {
        self.execution.machine().states[state].name.clone()
    }

    fn rule(&self, place: usize, rule: &ChoiceRule, input: &Value, lines: &mut Vec<Line>) -> bool {
        let held = choice::holds(&rule.test, place, input, &self.scope(), &mut Still(self.entered.at));
        let holds = held.as_ref().is_ok_and(|holds| *holds);
        lines.push((format!("Rule {} · {}", place + 1, verdict(holds)), of_rule(rule)));
        if !matches!(rule.test, Test::Condition(_) | Test::Compare { .. }) || !holds {
            self.clause(&rule.test, (place, 1), input, lines);
        }
        holds
    }

    fn clause(&self, test: &Test, (place, depth): (usize, usize), input: &Value, lines: &mut Vec<Line>) {
        if depth > DEPTH_MAX {
            return;
        }
        let scope = self.scope();
        let held = choice::holds(test, place, input, &scope, &mut Still(self.entered.at));
        let what = match &held {
            Ok(holds) => verdict(*holds).to_owned(),
            Err(_) => "fails".to_owned(),
        };
        let indent = "· ".repeat(depth);
        match test {
            Test::And(tests) | Test::Or(tests) => {
                let joined = if matches!(test, Test::And(_)) { "all of" } else { "one of" };
                if depth > 1 {
                    lines.push((format!("{indent}{what}"), joined.to_owned()));
                }
                tests.iter().for_each(|test| self.clause(test, (place, depth + 1), input, lines));
            }
            Test::Not(inner) => {
                lines.push((format!("{indent}{what}"), of_test(test, 0)));
                self.clause(inner, (place, depth + 1), input, lines);
            }
            Test::Condition(_) => lines.push((format!("{indent}{what}"), of_test(test, 0))),
            Test::Compare { variable, .. } => {
                let found = query::look(variable, input, &scope);
                let found = found.map_or_else(|| "is not there".to_owned(), |value| format!("is {value}"));
                lines.push((format!("{indent}{what}"), format!("{} — {} {found}", of_test(test, 0), variable.text())));
            }
        }
    }
}

fn verdict(holds: bool) -> &'static str {
    if holds { "holds" } else { "does not hold" }
}

/// What a stage is called: by the field that made it.
fn told(stage: Stage, state: &State) -> &'static str {
    match stage {
        Stage::Input => "Input",
        Stage::AfterInputPath => "After InputPath",
        Stage::AfterParameters => "After Parameters",
        Stage::AfterArguments => "After Arguments",
        Stage::Result if matches!(state.kind, StateKind::Task(_)) => "The task's result",
        Stage::Result => "Result",
        Stage::AfterResultSelector => "After ResultSelector",
        Stage::AfterResultPath => "After ResultPath",
        Stage::Assigned => "Assigned",
        Stage::Output => "Output",
    }
}

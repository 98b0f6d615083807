//! States that lead to each other: names, where each leads, what is reached, and where it ends (SFN-5).

use std::collections::BTreeMap;

use super::place::{Place, short};
use super::values::Object;
use super::{Code, Diagnostic, Level, Reader, quoted};
use crate::lang::asl::machine::{Flow, State, StateId, StateKind};
use crate::lang::steps;

const NAME_CHARS_MAX: usize = 80;

/// Flows within flows.
const DEPTH_MAX: usize = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FlowKind {
    Machine,
    Branch,
    /// A Map's, in its older form called `Iterator`.
    ItemProcessor,
}

impl FlowKind {
    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Machine => &["Comment", "StartAt", "States", "QueryLanguage", "TimeoutSeconds", "Version"],
            Self::Branch => &["Comment", "StartAt", "States"],
            Self::ItemProcessor => &["Comment", "StartAt", "States", "ProcessorConfig"],
        }
    }
}

/// The names of a flow's states, each with its place among them.
pub(super) type Names<'a> = BTreeMap<&'a str, usize>;

impl Reader {
    /// `None` where there is no state.
    pub(super) fn flow(&mut self, object: &Object<'_>, kind: FlowKind, within: Option<StateId>) -> Option<Flow> {
        self.no_others(object, kind.fields());
        self.require(object, &["StartAt", "States"]);
        if kind != FlowKind::Machine {
            self.comment(object);
        }
        let depth = std::iter::successors(within, |id| self.states[*id].within).count();
        if depth > DEPTH_MAX {
            let message = "lies too deep within other states; let a machine of its own do it";
            self.error(&object.place, Code::TooDeeplyNested, "The states are too deeply nested", message);
            return None;
        }
        let start = self.name_of(object, "StartAt");
        let states = self.object(object, "States")?;
        if states.map.is_empty() {
            self.schema(&states.place, "States must not be empty", "has no state; add one");
            return None;
        }
        let names: Names<'_> = states.map.keys().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
        let mut ids = Vec::with_capacity(names.len());
        for (name, value) in states.map {
            self.state_name(&states.place.field(name), name);
            ids.push(self.state(&states.place.field(name), name, value, &names, within));
        }
        for id in &ids {
            retarget(&mut self.states[*id], &ids);
        }
        let start_at = start.and_then(|name| self.target(&object.place.field("StartAt"), name, &names));
        if !ids.iter().any(|id| self.unread.contains(id))
            && self.ends(object, &ids)
            && let Some(start_at) = start_at
        {
            self.reachable(&states, &ids, start_at);
        }
        Some(Flow { start: ids[start_at.unwrap_or(0)], states: ids })
    }

    fn state_name(&mut self, place: &Place<'_>, name: &str) {
        let length = name.chars().count();
        if length > NAME_CHARS_MAX {
            let aws = format!("State name exceeds the maximum length of {NAME_CHARS_MAX} characters");
            self.error(place, Code::InvalidStateName, aws, format!("has {length} characters; a name has 80 at most"));
        } else if name.is_empty() {
            self.error(place, Code::InvalidStateName, "State name must not be empty", "has no name; give it one");
        }
        if !self.names.insert(name.to_owned()) {
            let aws = format!("Duplicate State name: {}", short(name, NAME_CHARS_MAX));
            let message = format!("{} is another state's name too; names are unique in a machine", quoted(name));
            self.error(place, Code::DuplicateStateName, aws, message);
        }
    }

    /// The place of the state that is gone on to.
    pub(super) fn target(&mut self, place: &Place<'_>, name: &str, names: &Names<'_>) -> Option<usize> {
        if let Some(index) = names.get(name) {
            return Some(*index);
        }
        if self.is_full(Level::Error) {
            return None;
        }
        let near = super::fields::nearest(name, names.keys().take(100).copied());
        let remedy = match near {
            Some(near) => format!("do you mean {}?", quoted(near)),
            None if self.names.contains(name) => "a flow ends within its own branch; set End to true there".to_owned(),
            None => "add it, or name another".to_owned(),
        };
        let aws = format!("Missing 'Next' target: {}", short(name, NAME_CHARS_MAX));
        let message = format!("there is no state {} beside it; {remedy}", quoted(name));
        self.error(place, Code::MissingTransitionTarget, aws, message);
        None
    }

    /// Whether some state ends the flow.
    fn ends(&mut self, object: &Object<'_>, ids: &[StateId]) -> bool {
        let ends = |id: &StateId| {
            let state = &self.states[*id];
            match state.kind {
                StateKind::Succeed | StateKind::Fail { .. } => true,
                StateKind::Choice { .. } => false,
                _ => self.ending.contains(id),
            }
        };
        if ids.iter().any(ends) {
            return true;
        }
        let message = "no state ends it: let one be the last, with End set to true";
        let aws = Diagnostic {
            code: Code::MissingEndState,
            message: "Workflow has no terminal state".to_owned(),
            location: None,
        };
        self.add(&object.place, Level::Error, message.to_owned(), Some(aws));
        false
    }

    fn reachable(&mut self, states: &Object<'_>, ids: &[StateId], start: usize) {
        let indices: BTreeMap<StateId, usize> = ids.iter().enumerate().map(|(index, id)| (*id, index)).collect();
        let mut reached = vec![false; ids.len()];
        let mut open = vec![ids[start]];
        reached[start] = true;
        while let Some(id) = open.pop() {
            for target in targets(&self.states[id]) {
                steps::took(1);
                if let Some(index) = indices.get(&target)
                    && !std::mem::replace(&mut reached[*index], true)
                {
                    open.push(target);
                }
            }
        }
        for (name, _) in states.map.keys().zip(reached).filter(|(_, reached)| !reached) {
            let aws = format!("State \"{}\" is not reachable.", short(name, NAME_CHARS_MAX));
            let message = "no state leads here; let one go on to it, or take it out";
            self.error(&states.place.field(name), Code::MissingTransitionTarget, aws, message);
        }
    }
}

/// Where a state may go on to.
fn targets(state: &State) -> Vec<StateId> {
    let mut found: Vec<StateId> =
        state.next.into_iter().chain(state.catch.iter().map(|catcher| catcher.next)).collect();
    if let StateKind::Choice { rules, default } = &state.kind {
        found.extend(rules.iter().map(|rule| rule.next).chain(*default));
    }
    found
}

/// Places among a flow's states become places among all.
fn retarget(state: &mut State, ids: &[StateId]) {
    let to = |index: &mut StateId| *index = ids[*index];
    state.next.iter_mut().for_each(to);
    state.catch.iter_mut().for_each(|catcher| to(&mut catcher.next));
    if let StateKind::Choice { rules, default } = &mut state.kind {
        rules.iter_mut().for_each(|rule| to(&mut rule.next));
        default.iter_mut().for_each(to);
    }
}

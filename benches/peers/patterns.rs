//! Event patterns by the core and by the crate quamina, for `quamina.mjs` to time: from an event's JSON text to the
//! patterns that match.

use decoupled::lang::event_pattern::{Dialect, Pattern, RuleSet};
use quamina::Quamina;
use wasm_bindgen::prelude::wasm_bindgen;

/// Patterns compiled by one of the two, and the events that they are asked about in turn.
#[wasm_bindgen]
pub struct Rules {
    matcher: Matcher,
    events: Vec<String>,
}

enum Matcher {
    Ours(RuleSet),
    Theirs(Box<Quamina<usize>>),
}

#[wasm_bindgen]
impl Rules {
    /// Fails with the reason for which a pattern is refused.
    pub fn ours(patterns: Vec<String>, events: Vec<String>) -> Result<Rules, String> {
        let parse = |text: &String| Pattern::parse(text, Dialect::EventBridge).map_err(|error| error.to_string());
        let patterns = patterns.iter().map(parse).collect::<Result<Vec<Pattern>, String>>()?;
        Ok(Rules { matcher: Matcher::Ours(RuleSet::new(&patterns)), events })
    }

    /// The same of quamina.
    pub fn theirs(patterns: Vec<String>, events: Vec<String>) -> Result<Rules, String> {
        let mut quamina = Quamina::new();
        for (place, text) in patterns.iter().enumerate() {
            quamina.add_pattern(place, text).map_err(|error| error.to_string())?;
        }
        Ok(Rules { matcher: Matcher::Theirs(Box::new(quamina)), events })
    }

    /// Asks so many times; how many patterns matched.
    #[must_use]
    pub fn run(&self, count: usize) -> usize {
        self.events.iter().cycle().take(count).map(|event| self.matching(event).len()).sum()
    }

    /// Which patterns match, event by event.
    #[must_use]
    pub fn answers(&self) -> String {
        let answer = |event: &String| {
            let mut places = self.matching(event);
            places.sort_unstable();
            format!("{places:?}")
        };
        self.events.iter().map(answer).collect::<Vec<_>>().join(" ")
    }
}

impl Rules {
    fn matching(&self, event: &str) -> Vec<usize> {
        match &self.matcher {
            Matcher::Ours(rules) => rules.matching(event),
            Matcher::Theirs(quamina) => quamina.matches_for_event(event.as_bytes()).expect("the events are JSON"),
        }
    }
}

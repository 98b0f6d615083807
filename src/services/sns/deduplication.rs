//! Deduplication of a FIFO topic: within five minutes, an id counts once (SNS-24).

use std::collections::{BTreeMap, VecDeque};

use super::config::Scope;
use crate::engine::{Micros, seconds};
use crate::services::Token;

const WINDOW: Micros = seconds(300);

/// What a publish answers: the id and the place in the order of the message that was accepted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub message: Token,
    pub sequence: u64,
}

/// The group (where the scope is the group) and the id.
type Mark = (Option<String>, String);

#[derive(Clone, Debug, Default)]
pub struct Deduplication {
    known: BTreeMap<Mark, Accepted>,
    by_age: VecDeque<(Micros, Mark)>,
}

impl Deduplication {
    /// The message that was accepted under this id within the window, if one was.
    pub fn find(&mut self, scope: Scope, group: &str, id: &str, now: Micros) -> Option<Accepted> {
        while self.by_age.front().is_some_and(|(at, _)| *at + WINDOW <= now) {
            let (_, mark) = self.by_age.pop_front().expect("just seen");
            self.known.remove(&mark);
        }
        self.known.get(&mark(scope, group, id)).copied()
    }

    pub fn remember(&mut self, scope: Scope, group: &str, id: &str, accepted: Accepted, now: Micros) {
        let mark = mark(scope, group, id);
        self.by_age.push_back((now, mark.clone()));
        self.known.insert(mark, accepted);
    }
}

fn mark(scope: Scope, group: &str, id: &str) -> Mark {
    ((scope == Scope::MessageGroup).then(|| group.to_owned()), id.to_owned())
}

/// The SHA-256 of a body: its id under `ContentBasedDeduplication`.
#[must_use]
pub fn content_id(body: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(body.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Accepted = Accepted { message: 1, sequence: 10 };

    #[test]
    fn an_id_counts_again_after_exactly_five_minutes() {
        let mut known = Deduplication::default();
        known.remember(Scope::Topic, "a", "x", FIRST, seconds(1));
        assert_eq!(known.find(Scope::Topic, "b", "x", seconds(301) - 1), Some(FIRST));
        assert_eq!(known.find(Scope::Topic, "b", "x", seconds(301)), None);
    }

    #[test]
    fn by_group_the_same_id_in_another_group_is_another() {
        let mut known = Deduplication::default();
        known.remember(Scope::MessageGroup, "a", "x", FIRST, 0);
        assert_eq!(known.find(Scope::MessageGroup, "a", "x", 0), Some(FIRST));
        assert_eq!(known.find(Scope::MessageGroup, "b", "x", 0), None);
    }

    #[test]
    fn a_body_has_its_hash() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(content_id("abc"), abc);
    }
}

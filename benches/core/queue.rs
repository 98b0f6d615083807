//! A queue's cycle of send, receive and delete at several backlogs, through the same door as every caller's.

#![expect(clippy::disallowed_types, reason = "the bare loop may keep what it likes in a hash map")]

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;

use decoupled::engine::Micros;

use super::driver::Queue;
use crate::{compare, wanted};

const CYCLES: u64 = 20_000;
const BODY: &str = "{\"order\":1}";

pub fn run() {
    for (name, backlog) in [("0", 0), ("100k", 100_000), ("1M", 1_000_000)] {
        let name = format!("queue: send, receive, delete at backlog {name}");
        if wanted(&name) {
            let body: Arc<str> = Arc::from(BODY);
            let (mut queue, mut bare) = (Queue::new(), Bare::with_backlog(backlog));
            (0..backlog).for_each(|_| queue.send(&body));
            compare(
                &name,
                CYCLES,
                || (0..CYCLES).for_each(|_| queue.cycle(&body, None)),
                || (0..CYCLES).for_each(|_| bare.cycle()),
            );
        }
    }
    let name = "queue: the same as JSON at backlog 0";
    if wanted(name) {
        let (mut queue, mut bare) = (Queue::new(), Bare::default());
        compare(
            name,
            CYCLES,
            || (0..CYCLES).for_each(|_| queue.api_cycle(BODY)),
            || (0..CYCLES).for_each(|_| bare.cycle()),
        );
    }
}

/// First in, first out; what is received lies in a map until it is deleted or its timer runs out.
#[derive(Default)]
struct Bare {
    now: Micros,
    next: u64,
    visible: VecDeque<(u64, Arc<str>)>,
    hidden: HashMap<u64, Arc<str>>,
    timers: BinaryHeap<Reverse<(Micros, u64)>>,
}

impl Bare {
    fn with_backlog(backlog: u64) -> Self {
        let mut bare = Self::default();
        (0..backlog).for_each(|_| bare.send());
        bare
    }

    fn send(&mut self) {
        self.next += 1;
        self.visible.push_back((self.next, Arc::from(BODY)));
    }

    fn cycle(&mut self) {
        self.send();
        if let Some((id, body)) = self.visible.pop_front() {
            self.hidden.insert(id, body);
            self.timers.push(Reverse((self.now + 30_000_000, id)));
            self.hidden.remove(&id);
        }
        self.now += 1_000;
        while let Some(Reverse((at, id))) = self.timers.peek().copied().filter(|Reverse((at, _))| *at <= self.now) {
            self.timers.pop();
            debug_assert!(at <= self.now);
            if let Some(body) = self.hidden.remove(&id) {
                self.visible.push_back((id, body));
            }
        }
    }
}

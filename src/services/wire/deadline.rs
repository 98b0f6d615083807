//! Deadlines: no call waits for ever. Each caller says how long it waits, and at the end of that time it is told that no
//! answer came. What was lost on the way is kept until then, where the caller alone still has it, and is given back.
//!
//! A caller makes thousands of calls, nearly all of which are answered long before. So its calls stand in order, one list for
//! each length of time, and one timer rings for the first that may be due.

use std::collections::{BTreeMap, VecDeque};

use super::message::Message;
use crate::engine::{ActorId, FaultKind, Key, LinkId, MICROS_PER_SECOND, Micros, Sort};

/// How long a caller waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// For the other side to be there at all.
    pub connect: Micros,
    /// For the answer, from the call on.
    pub read: Micros,
    /// What the caller calls it when no answer came.
    pub code: &'static str,
}

impl Deadline {
    /// Of one service of AWS that calls another, where AWS does not say `[MODEL]`.
    pub const SERVICE: Self = Self::of(5 * MICROS_PER_SECOND, "RequestTimeout");

    #[must_use]
    pub const fn of(read: Micros, code: &'static str) -> Self {
        Self { connect: read, read, code }
    }

    /// With so much more time for an answer that is slow by intention, such as a long poll's.
    #[must_use]
    pub const fn and(self, more: Micros) -> Self {
        Self { read: self.read.saturating_add(more), ..self }
    }
}

#[derive(Clone, Copy, Debug)]
struct Awaited {
    call: u64,
    since: Micros,
    /// What the call followed from: so does what comes of its deadline.
    cause: u64,
    is_open: bool,
}

/// Calls that wait equally long, in their order.
#[derive(Clone, Debug)]
struct Queue {
    deadline: Deadline,
    calls: VecDeque<Awaited>,
    open: usize,
}

/// Answered calls that may stand behind one that is not, beside as many as are open.
const ANSWERED_MAX: usize = 64;

impl Queue {
    fn close(&mut self, place: usize) {
        self.calls[place].is_open = false;
        self.open -= 1;
        while self.calls.front().is_some_and(|first| !first.is_open) {
            self.calls.pop_front();
        }
        if self.calls.len() > 2 * self.open + ANSWERED_MAX {
            self.calls.retain(|awaited| awaited.is_open);
        }
    }
}

/// What was lost on its way: only its sender still has it, and does not know that yet.
#[derive(Clone, Debug)]
pub struct Stranded {
    pub messages: Vec<Message>,
    pub why: FaultKind,
    pub link: LinkId,
    /// Where it was to go.
    pub to: ActorId,
    pub since: Micros,
    /// When the caller gives up.
    pub until: Micros,
    cause: u64,
}

/// A call whose time is over.
#[derive(Debug)]
pub struct Expired {
    pub call: u64,
    pub cause: u64,
    pub waited: Micros,
    /// The caller's own name for it.
    pub code: &'static str,
    /// Whether it is known what happened, and what did not arrive.
    pub stranded: Option<Stranded>,
}

/// The calls of one actor that are not answered.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    queues: Vec<Queue>,
    stranded: BTreeMap<u64, Stranded>,
    alarm: Option<(Micros, Key)>,
}

impl Calls {
    /// Adds a call made now; numbers grow from call to call.
    pub fn open(&mut self, call: u64, deadline: Deadline, since: Micros, cause: u64) {
        let awaited = Awaited { call, since, cause, is_open: true };
        match self.queues.iter_mut().find(|queue| queue.deadline == deadline) {
            Some(queue) => {
                queue.calls.push_back(awaited);
                queue.open += 1;
            }
            None => self.queues.push(Queue { deadline, calls: VecDeque::from([awaited]), open: 1 }),
        }
    }

    fn find(&mut self, call: u64) -> Option<(&mut Queue, usize)> {
        self.queues.iter_mut().find_map(|queue| {
            let place = queue.calls.binary_search_by_key(&call, |awaited| awaited.call).ok()?;
            queue.calls[place].is_open.then_some((queue, place))
        })
    }

    /// Whether an answer to a call is still awaited; from now on none is.
    pub fn close(&mut self, call: u64) -> bool {
        let Some((queue, place)) = self.find(call) else { return self.stranded.remove(&call).is_some() };
        queue.close(place);
        true
    }

    /// Keeps what a fault stopped until its sender's deadline; gives it back if nobody waits for it. One that cannot even be
    /// reached is given up after the time for that.
    pub fn strand(&mut self, call: u64, mut stranded: Stranded, is_reached: bool) -> Option<Stranded> {
        let Some((queue, place)) = self.find(call) else { return Some(stranded) };
        let (deadline, awaited) = (queue.deadline, queue.calls[place]);
        let wait = if is_reached { deadline.read } else { deadline.connect.min(deadline.read) };
        stranded.until = awaited.since.saturating_add(wait).max(stranded.since);
        stranded.cause = awaited.cause;
        self.close(call);
        self.stranded.insert(call, stranded);
        None
    }

    /// When the first call may be due.
    #[must_use]
    pub fn due(&self) -> Option<Micros> {
        let first = |queue: &Queue| Some(queue.calls.front()?.since.saturating_add(queue.deadline.read));
        let queued = self.queues.iter().filter_map(first).min();
        let stranded = self.stranded.values().map(|stranded| stranded.until).min();
        queued.into_iter().chain(stranded).min()
    }

    /// Takes the calls whose time is over at `now`, in their order.
    pub fn expired(&mut self, now: Micros) -> Vec<Expired> {
        let mut expired = Vec::new();
        for Queue { deadline, calls, open } in &mut self.queues {
            while let Some(first) = calls.front().copied() {
                if first.is_open && first.since.saturating_add(deadline.read) > now {
                    break;
                }
                calls.pop_front();
                if first.is_open {
                    *open -= 1;
                    let Awaited { call, cause, .. } = first;
                    expired.push(Expired { call, cause, waited: deadline.read, code: deadline.code, stranded: None });
                }
            }
        }
        while let Some((&call, _)) = self.stranded.iter().find(|(_, stranded)| stranded.until <= now) {
            let Some(stranded) = self.stranded.remove(&call) else { break };
            let (cause, waited) = (stranded.cause, stranded.until - stranded.since);
            expired.push(Expired { call, cause, waited, code: stranded.why.name(), stranded: Some(stranded) });
        }
        expired.order_by_key(|expired| expired.call);
        expired
    }

    /// The timer for the first call that may be due, and when it rings.
    #[must_use]
    pub fn alarm(&self) -> Option<(Micros, Key)> {
        self.alarm
    }

    pub fn set_alarm(&mut self, alarm: Option<(Micros, Key)>) {
        self.alarm = alarm;
    }

    pub fn stranded(&self) -> impl Iterator<Item = &Stranded> {
        self.stranded.values()
    }
}

impl Stranded {
    #[must_use]
    pub fn new(messages: Vec<Message>, why: FaultKind, (to, link): (ActorId, LinkId), since: Micros) -> Self {
        Self { messages, why, link, to, since, until: since, cause: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Deadline = Deadline { connect: 2, read: 10, code: "short" };
    const LONG: Deadline = Deadline::of(100, "long");

    fn numbers(expired: &[Expired]) -> Vec<(u64, &'static str)> {
        expired.iter().map(|expired| (expired.call, expired.code)).collect()
    }

    #[test]
    fn a_call_is_answered_or_its_time_is_over() {
        let mut calls = Calls::default();
        calls.open(1, LONG, 0, 7);
        calls.open(2, SHORT, 0, 8);
        calls.open(3, SHORT, 5, 9);
        assert_eq!(calls.due(), Some(10));
        assert!(calls.close(2) && !calls.close(2), "answered once");
        assert_eq!(calls.due(), Some(15));
        assert!(calls.expired(14).is_empty());
        let expired = calls.expired(15);
        assert_eq!(numbers(&expired), [(3, "short")]);
        assert_eq!((expired[0].cause, expired[0].waited), (9, 10));
        assert!(!calls.close(3), "an answer that comes later finds nobody");
        assert_eq!(numbers(&calls.expired(1_000)), [(1, "long")]);
        assert_eq!(calls.due(), None);
    }

    #[test]
    fn what_cannot_be_reached_is_given_up_sooner_than_what_does_not_answer() {
        let mut calls = Calls::default();
        calls.open(1, SHORT, 0, 0);
        calls.open(2, SHORT, 0, 0);
        let lost = |since| Stranded::new(Vec::new(), FaultKind::Partition, (ActorId(1), LinkId(0)), since);
        assert!(calls.strand(1, lost(1), false).is_none());
        assert!(calls.strand(2, lost(1), true).is_none());
        assert_eq!(calls.due(), Some(2));
        assert_eq!(numbers(&calls.expired(2)), [(1, "Partition")]);
        assert_eq!(calls.due(), Some(10));
        assert!(calls.strand(9, lost(1), true).is_some(), "nobody waits for it");
        assert_eq!(numbers(&calls.expired(10)), [(2, "Partition")]);
    }

    #[test]
    fn answered_calls_do_not_pile_up_behind_one_that_is_not() {
        let mut calls = Calls::default();
        for call in 0..1_000 {
            calls.open(call, LONG, call, 0);
            assert!(call == 0 || calls.close(call));
        }
        assert!(calls.queues[0].calls.len() <= ANSWERED_MAX + 2);
        assert_eq!(calls.due(), Some(100));
        assert_eq!(calls.expired(100).len(), 1);
        assert!(calls.due().is_none(), "what was answered goes with it");
    }
}

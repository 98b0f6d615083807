//! What must hold in every run, read from its facts: the models are not asked, but for the group of a message that
//! has just come into a FIFO queue, which no fact names.

use std::collections::{BTreeMap, BTreeSet};

use decoupled::engine::{ActorId, Micros, TraceRecord};
use decoupled::services::clients::worker;
use decoupled::services::{Fact, Token, kinesis, sqs, token_text};
use decoupled::sim::Run;
use serde_json::Value;

use super::tables::Tables;

/// Where a message of a queue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Visible,
    /// Delayed or in flight, until a time.
    Hidden(Micros),
    /// On its way to the dead-letter queue.
    Moving,
}

#[derive(Clone, Copy, Debug)]
struct Life {
    queue: ActorId,
    place: Place,
    /// How often it was received; `None` for a copy that a fault made on its way from another queue.
    received: Option<u32>,
    /// The step of its latest receive: what one receive returns is taken in one step.
    taken: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    sent: u64,
    received: u64,
    deleted: u64,
}

pub struct Watch {
    lives: BTreeMap<Token, Life>,
    counts: BTreeMap<ActorId, Counts>,
    /// FIFO queues, and the groups that messages in them are of.
    fifo: BTreeSet<ActorId>,
    groups: BTreeMap<Token, String>,
    /// FIFO: the messages of each queue and group, in their order; some are gone.
    lines: BTreeMap<(ActorId, String), Vec<Token>>,
    /// Most receives before a message may be dead-lettered, of the queues that have a redrive policy.
    max_receives: BTreeMap<ActorId, u32>,
    /// Where records lie: shard, and place in it.
    records: BTreeMap<Token, (ActorId, u32, u64)>,
    put: u64,
    /// The last record a worker was done with for the first time, by worker and shard.
    done: BTreeMap<(ActorId, ActorId, u32), u64>,
    tables: Tables,
    /// Agenda entries handled before the fact that is looked at.
    step: u64,
    broken: Vec<String>,
}

impl Watch {
    pub fn new(run: &Run) -> Self {
        let (mut max_receives, mut fifo) = (BTreeMap::new(), BTreeSet::new());
        for node in &run.scene_now().nodes {
            if node.properties.get("FifoQueue") == Some(&Value::Bool(true)) {
                fifo.extend(run.actor_of(&node.id));
            }
            let max = node.properties.get("RedrivePolicy").and_then(|policy| policy.get("maxReceiveCount"));
            if let (Some(actor), Some(max)) = (run.actor_of(&node.id), max.and_then(Value::as_u64)) {
                max_receives.insert(actor, u32::try_from(max).expect("AWS allows 1,000"));
            }
        }
        Self {
            lives: BTreeMap::new(),
            counts: BTreeMap::new(),
            fifo,
            groups: BTreeMap::new(),
            lines: BTreeMap::new(),
            max_receives,
            records: BTreeMap::new(),
            put: 0,
            done: BTreeMap::new(),
            tables: Tables::default(),
            step: 0,
            broken: Vec::new(),
        }
    }

    /// Whether the run has to be watched step by step, to learn the groups of what comes.
    pub fn is_about_groups(&self) -> bool {
        !self.fifo.is_empty()
    }

    /// The group of a message that came into a FIFO queue in the step before.
    pub fn group_of(&self, run: &Run, record: &TraceRecord<Fact>) -> Option<(Token, String)> {
        let came = matches!(
            record.fact,
            Fact::Queue(
                sqs::Fact::MessageSent | sqs::Fact::MessageArrivedFromSource | sqs::Fact::DeadLetterTargetMissing
            )
        );
        let token = record
            .message
            .filter(|token| came && self.fifo.contains(&record.actor) && !self.groups.contains_key(token))?;
        let inside = run.node(run.node_of(record))?.inside(run.now())?;
        let row = inside.rows.iter().find(|row| row.token == Some(token))?;
        row.cells.last().map(|group| (token, group.clone()))
    }

    pub fn learn(&mut self, (token, group): (Token, String)) {
        self.groups.insert(token, group);
    }

    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Every invariant that did not hold, with its time and place.
    pub fn broken(&self) -> &[String] {
        &self.broken
    }

    /// `step` tells facts of one step from those of another, where groups are watched.
    pub fn see(&mut self, run: &Run, record: &TraceRecord<Fact>, step: u64) {
        let (at, actor) = (record.at, record.actor);
        self.step = step;
        let outcome = match (&record.fact, record.message) {
            (Fact::Queue(sqs::Fact::QueuePurged { .. }), _) => {
                self.lives.retain(|_, life| life.queue != actor || life.place == Place::Moving);
                Ok(())
            }
            (Fact::Queue(fact), Some(token)) => self.queue(at, actor, token, fact),
            (Fact::Stream(fact), Some(token)) => self.stream(actor, token, fact),
            (Fact::Worker(worker::Fact::MessageProcessed), Some(token)) => self.worker(actor, token),
            _ => Ok(()),
        };
        for why in [outcome, self.tables.see(record)].into_iter().filter_map(Result::err) {
            let message = record.message.map(token_text).unwrap_or_default();
            self.broken.push(format!("{why} ({message} at {}, {at} µs)", run.node_of(record)));
        }
    }

    fn queue(&mut self, at: Micros, queue: ActorId, token: Token, fact: &sqs::Fact) -> Result<(), String> {
        let counts = self.counts.entry(queue).or_default();
        if matches!(fact, sqs::Fact::MessageSent | sqs::Fact::MessageArrivedFromSource) {
            counts.sent += u64::from(*fact == sqs::Fact::MessageSent);
            return self.arrive(queue, token, *fact == sqs::Fact::MessageSent);
        }
        // What was sent before, and what is refused, is never there.
        if let sqs::Fact::MessageDeduplicated { .. } | sqs::Fact::RequestRefused { .. } = fact {
            let is_held = self.lives.get(&token).is_some_and(|life| life.queue == queue);
            return if is_held { Err(format!("{fact:?} of what is stored")) } else { Ok(()) };
        }
        // A copy that a fault made on its way to the dead-letter queue, which did not take it.
        if *fact == sqs::Fact::DeadLetterTargetMissing && !self.lives.contains_key(&token) {
            self.lives.insert(token, Life { queue, place: Place::Visible, received: None, taken: None });
            self.line_up(queue, token, true);
            return Ok(());
        }
        let Some(life) = self.lives.get_mut(&token) else { return Err(format!("{fact:?} of what is not there")) };
        if life.queue != queue {
            return Err(format!("{fact:?} at a queue that does not hold it"));
        }
        match *fact {
            sqs::Fact::MessageDelayed { until } => life.place = Place::Hidden(until),
            sqs::Fact::MessageDelayExpired | sqs::Fact::VisibilityTimeoutExpired { .. } => {
                if life.place != Place::Hidden(at) {
                    return Err(format!("visible at another time than its own, {:?}", life.place));
                }
                life.place = Place::Visible;
            }
            sqs::Fact::MessageReceived { count, until } => {
                counts.received += 1;
                if let Place::Hidden(until) = life.place
                    && until > at
                {
                    return Err(format!("delivered inside a visibility window that ends at {until} µs"));
                }
                let before = life.received.replace(count);
                life.place = Place::Hidden(until);
                life.taken = Some(self.step);
                if before.is_some_and(|before| count != before + 1) {
                    return Err(format!("receive count {count} after {before:?}"));
                }
                return self.check_group(queue, token);
            }
            sqs::Fact::VisibilityTimeoutChanged { until } => life.place = Place::Hidden(until),
            sqs::Fact::MessageDeleted { .. } => {
                counts.deleted += 1;
                self.lives.remove(&token);
            }
            sqs::Fact::MessageExpired => drop(self.lives.remove(&token)),
            sqs::Fact::MessageDeadLettered { count } => {
                life.place = Place::Moving;
                let max = self.max_receives.get(&queue);
                if max.is_none_or(|max| count < *max) || life.received.is_some_and(|received| received != count) {
                    return Err(format!("dead-lettered after {count} receives, allowed are {max:?}"));
                }
            }
            // Nobody took it in: it is back where it was.
            sqs::Fact::DeadLetterTargetMissing if life.place == Place::Moving => {
                life.place = Place::Visible;
                self.line_up(queue, token, true);
            }
            _ => {}
        }
        Ok(())
    }

    /// A message stands last in its group's line, or first when it comes back.
    fn line_up(&mut self, queue: ActorId, token: Token, first: bool) {
        let Some(group) = self.groups.get(&token).filter(|_| self.fifo.contains(&queue)) else { return };
        let line = self.lines.entry((queue, group.clone())).or_default();
        line.retain(|other| *other != token);
        line.insert(if first { 0 } else { line.len() }, token);
    }

    /// FIFO: a message is received only with all that stand before it in its group, or after they are gone: while one
    /// of them is in flight or delayed the group is locked (SQS-28, SQS-29).
    fn check_group(&mut self, queue: ActorId, token: Token) -> Result<(), String> {
        let Some(group) = self.groups.get(&token).filter(|_| self.fifo.contains(&queue)) else { return Ok(()) };
        let Some(line) = self.lines.get_mut(&(queue, group.clone())) else { return Ok(()) };
        let (lives, step) = (&self.lives, self.step);
        line.retain(|token| lives.get(token).is_some_and(|life| life.queue == queue && life.place != Place::Moving));
        let before = line.iter().take_while(|other| **other != token);
        let mut locked = before.filter(|other| lives.get(other).is_some_and(|life| life.taken != Some(step)));
        match locked.next() {
            Some(other) => Err(format!("received before {} of its group {group}", token_text(*other))),
            None => Ok(()),
        }
    }

    fn arrive(&mut self, queue: ActorId, token: Token, sent: bool) -> Result<(), String> {
        let known = self.lives.get(&token).copied();
        let received = if sent { Some(0) } else { known.and_then(|life| life.received) };
        self.lives.insert(token, Life { queue, place: Place::Visible, received, taken: None });
        self.line_up(queue, token, false);
        match known {
            Some(life) if sent => Err(format!("stored twice, {life:?}")),
            Some(life) if life.place != Place::Moving => Err(format!("moved without having left, {life:?}")),
            _ => Ok(()),
        }
    }

    fn stream(&mut self, stream: ActorId, token: Token, fact: &kinesis::Fact) -> Result<(), String> {
        let kinesis::Fact::RecordPut { shard } = *fact else { return Ok(()) };
        self.put += 1;
        match self.records.insert(token, (stream, shard, self.put)) {
            Some(_) => Err("a record put twice".to_owned()),
            None => Ok(()),
        }
    }

    /// A worker is done with the records of a shard in their order.
    fn worker(&mut self, worker: ActorId, token: Token) -> Result<(), String> {
        let Some((stream, shard, place)) = self.records.get(&token).copied() else { return Ok(()) };
        let before = self.done.insert((worker, stream, shard), place);
        match before {
            Some(before) if before > place => Err(format!("done out of order on shard {shard}")),
            _ => Ok(()),
        }
    }

    /// At the end the report says what the facts said.
    pub fn finish(&mut self, run: &Run) {
        self.broken.extend(self.tables.wrong_counts(run));
        let report = decoupled::sim::report(run, &[]);
        for (id, node) in run.nodes().filter(|(id, _)| run.scene_now().node(id).is_some()) {
            let Some(actor) = run.actor_of(id) else { continue };
            if node.kind() != decoupled::services::Kind::Queue {
                continue;
            }
            let held = self.lives.values().filter(|life| life.queue == actor && life.place != Place::Moving).count();
            let counts = self.counts.get(&actor).copied().unwrap_or_default();
            let metric = |name: &str| report["nodes"][id][name].as_u64().unwrap_or(u64::MAX);
            let stored = ["Visible", "NotVisible", "Delayed"];
            let stored: u64 = stored.iter().map(|part| metric(&format!("ApproximateNumberOfMessages{part}"))).sum();
            let compared = [
                ("stored", stored, held as u64),
                ("NumberOfMessagesSent", metric("NumberOfMessagesSent"), counts.sent),
                ("NumberOfMessagesReceived", metric("NumberOfMessagesReceived"), counts.received),
            ];
            for (what, reported, seen) in compared {
                if reported != seen {
                    self.broken.push(format!("{id}: {what} is {reported} by the report and {seen} by the facts"));
                }
            }
            if metric("NumberOfMessagesDeleted") < counts.deleted {
                self.broken.push(format!("{id}: fewer deletions are reported than {} facts", counts.deleted));
            }
        }
    }
}

//! One worker: a process with leases, and what it believes of the others.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::lease::Lease;
use super::model::Letter;
use crate::engine::{Key, Micros};
use crate::services::Message;
use crate::services::kinesis::api::Record;
use crate::services::parts::shard_reader::ShardReader;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Up,
    /// Stands still until then, and knows nothing of it.
    Paused(Micros),
    /// Ends its work and gives its leases back.
    Stopping,
    Down,
}

/// Since when a lease's counter stands as it stands.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    pub counter: u64,
    pub since: Micros,
}

/// Another worker as KCL 3's leader knows it.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    pub sight: Sight,
    pub cpu: u64,
}

#[derive(Clone, Debug)]
pub struct Worker {
    pub id: Arc<str>,
    /// Counts its starts: what an earlier life set going is nothing to it.
    pub life: u64,
    pub state: State,
    pub held: Vec<Held>,
    pub seen: BTreeMap<u32, Sight>,
    /// Answers that came while it stood still.
    pub inbox: Vec<Letter>,
    /// It was asked to stop; one that stands still hears of it when it goes on.
    pub is_to_stop: bool,
    /// The counter of the lock it holds as the leader.
    pub leads: Option<u64>,
    pub lock: Option<(String, Sight)>,
    pub peers: BTreeMap<String, Peer>,
    /// Leases being made.
    pub creating: usize,
    /// Rounds of assignment.
    pub rounds: u64,
    pub next_round: Micros,
    /// How long its record processors worked since its last metrics.
    pub busy: Micros,
    pub metrics: u64,
    pub is_consumer: bool,
    /// Who owned leases at its last scan and had renewed them.
    pub owners: Vec<String>,
}

#[derive(Clone, Debug)]
pub enum Step {
    /// For its parents, for the old owner, or for a rest.
    Waiting,
    Asking,
    /// Subscribed, and everything pushed is done.
    Listening,
    Working {
        since: Micros,
        until: Micros,
        key: Key,
    },
    Checkpointing,
}

/// A lease that it owns, with the consumer of the shard.
#[derive(Clone, Debug)]
pub struct Held {
    /// Tells this ownership from an earlier one of the same lease.
    pub term: u64,
    pub lease: Lease,
    pub renewed: Micros,
    pub is_renewing: bool,
    /// It is another's by now; the batch in hand is worked through to the next checkpoint, which is refused.
    pub is_lost: bool,
    /// The leader gave it to another: checkpoint, and let go.
    pub hands_over: bool,
    /// Before that the old owner may still checkpoint.
    pub patience: Micros,
    pub is_ready: bool,
    pub step: Step,
    pub batch: VecDeque<Record>,
    pub reader: Option<ShardReader>,
    pub at_end: bool,
    pub next_read: Micros,
    pub since_checkpoint: u64,
    /// The last record done, or skipped.
    pub last_done: Option<u128>,
    pub bytes: u64,
}

impl Worker {
    #[must_use]
    pub fn new(id: Arc<str>) -> Self {
        Self {
            id,
            life: 0,
            state: State::Down,
            held: Vec::new(),
            seen: BTreeMap::new(),
            inbox: Vec::new(),
            is_to_stop: false,
            leads: None,
            lock: None,
            peers: BTreeMap::new(),
            creating: 0,
            rounds: 0,
            next_round: 0,
            busy: 0,
            metrics: 0,
            is_consumer: false,
            owners: Vec::new(),
        }
    }

    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.state != State::Down
    }

    pub fn term(&mut self, term: u64) -> Option<&mut Held> {
        self.held.iter_mut().find(|held| held.term == term)
    }

    /// The leases it owns, as far as it knows.
    pub fn owned(&self) -> impl Iterator<Item = &Held> {
        self.held.iter().filter(|held| !held.is_lost)
    }

    #[must_use]
    pub fn holds(&self, shard: u32) -> bool {
        self.held.iter().any(|held| held.lease.shard == shard)
    }
}

impl Held {
    #[must_use]
    pub fn new(term: u64, lease: Lease, now: Micros, patience: Micros) -> Self {
        Self {
            term,
            lease,
            renewed: now,
            is_renewing: false,
            is_lost: false,
            hands_over: false,
            patience,
            is_ready: false,
            step: Step::Waiting,
            batch: VecDeque::new(),
            reader: None,
            at_end: false,
            next_read: 0,
            since_checkpoint: 0,
            last_done: None,
            bytes: 0,
        }
    }

    /// What it works on, and from when to when.
    #[must_use]
    pub fn work(&self) -> Option<(&Message, Micros, Micros)> {
        match (&self.step, self.batch.front()) {
            (Step::Working { since, until, .. }, Some(record)) => Some((&record.message, *since, *until)),
            _ => None,
        }
    }
}

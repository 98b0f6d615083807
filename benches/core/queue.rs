//! A queue's cycle of send, receive and delete at several backlogs, through the same door as every caller's.

#![expect(clippy::disallowed_types, reason = "the bare loop may keep what it likes in a hash map")]

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;

use decoupled::engine::{Actor, ActorId, LinkId, Micros, World};
use decoupled::services::sqs::api::{Receipt, Request, Response};
use decoupled::services::{self, Call, Caller, Door, Kind, Network, Node, Preset, Shared, Signal};

use crate::{compare, wanted};

const CYCLES: u64 = 20_000;

pub fn run() {
    for (name, backlog) in [("0", 0), ("100k", 100_000), ("1M", 1_000_000)] {
        let name = format!("queue: send, receive, delete at backlog {name}");
        if wanted(&name) {
            let (mut queue, mut bare) = (Queue::with_backlog(backlog), Bare::with_backlog(backlog));
            compare(
                &name,
                CYCLES,
                || (0..CYCLES).for_each(|_| queue.cycle()),
                || (0..CYCLES).for_each(|_| bare.cycle()),
            );
        }
    }
}

struct Queue {
    world: World<Node>,
    id: ActorId,
    body: Arc<str>,
}

impl Queue {
    fn with_backlog(backlog: u64) -> Self {
        let mut world = World::new(7, Shared::new(Network::new(Preset::Instant)));
        let id = world.add("queue", Node::new(Kind::Queue, &Kind::Queue.settings(serde_json::Map::new())));
        let shared = world.shared_mut();
        shared.names.push(Arc::from("queue"));
        shared.kinds.push(Kind::Queue);
        shared.routes.push(Arc::from([]));
        let mut queue = Self { world, id, body: Arc::from("{\"order\":1}") };
        (0..backlog).for_each(|_| drop(queue.call(Request::SendMessage)));
        queue
    }

    fn call(&mut self, request: Request) -> Response {
        let body = matches!(request, Request::SendMessage).then(|| Arc::clone(&self.body));
        self.world.with(self.id, |node, cx| {
            let messages = body.map(|body| cx.produce(body, None, 0)).into_iter().collect();
            let caller = Caller { actor: ActorId::OUTSIDE, call: 0, link: LinkId::NONE };
            let call = Call { caller, request: services::Request::Sqs(request), messages };
            node.receive(ActorId::OUTSIDE, Signal::Call(Box::new(call)), cx);
        });
        match self.world.drain_outbox().pop() {
            Some((_, Signal::Answer(answer))) => match answer.result {
                Ok(services::Response::Sqs(response)) => response,
                other => panic!("a queue answered {other:?}"),
            },
            other => panic!("a queue answers at once, not {other:?}"),
        }
    }

    fn cycle(&mut self) {
        self.call(Request::SendMessage);
        let ask = Request::ReceiveMessage { max: 1, wait_seconds: None, visibility_timeout: None };
        // A short poll asks some of the servers only, and may find nothing (SQS-23).
        let receipt: Option<Receipt> = match self.call(ask) {
            Response::ReceiveMessage { received, .. } => received.first().map(|received| received.receipt),
            other => panic!("a receive is answered with {other:?}"),
        };
        if let Some(receipt) = receipt {
            self.call(Request::DeleteMessage { receipt });
        }
        let soon = self.world.now() + 1_000;
        self.world.step_until(soon);
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
        self.visible.push_back((self.next, Arc::from("{\"order\":1}")));
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

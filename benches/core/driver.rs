//! A queue alone in a world, called from outside, through the same door as every caller.

use std::sync::Arc;

use decoupled::engine::{Actor, ActorId, LinkId, World};
use decoupled::services::sqs::api::{Request, Response};
use decoupled::services::{self, Call, Caller, Door, Draft, Kind, Meta, Network, Node, Preset, Shared, Signal};
use serde_json::{Value, json};

pub struct Queue {
    world: World<Node>,
    id: ActorId,
}

impl Queue {
    pub fn new() -> Self {
        let mut world = World::new(7, Shared::new(Network::new(Preset::Instant)));
        let id = world.add("queue", Node::new(Kind::Queue, &Kind::Queue.settings(serde_json::Map::new())));
        let shared = world.shared_mut();
        shared.names.push(Arc::from("queue"));
        shared.kinds.push(Kind::Queue);
        shared.routes.push(Arc::from([]));
        Self { world, id }
    }

    pub fn send(&mut self, body: &Arc<str>) {
        let draft = |world: &mut World<Node>| world.with(self.id, |_, cx| cx.produce(Arc::clone(body), None, 0));
        let message = draft(&mut self.world);
        self.call(Request::SendMessage.into(), vec![message]);
    }

    fn call(&mut self, request: services::Request, messages: Vec<services::Message>) -> services::Response {
        self.world.with(self.id, |node, cx| {
            let caller = Caller { actor: ActorId::OUTSIDE, call: 0, link: LinkId::NONE };
            node.receive(ActorId::OUTSIDE, Signal::Call(Box::new(Call { caller, request, messages })), cx);
        });
        match self.world.drain_outbox().pop() {
            Some((_, Signal::Answer(answer))) => answer.result.expect("the queue takes every call of a benchmark"),
            other => panic!("a queue answers at once, not {other:?}"),
        }
    }

    /// The same in AWS's shapes, JSON in and out.
    pub fn api_cycle(&mut self, body: &str) {
        self.api("SendMessage", &json!({ "MessageBody": body }));
        let received = self.api("ReceiveMessage", &json!({ "WaitTimeSeconds": 1 }));
        let handle = &received["Messages"][0]["ReceiptHandle"];
        self.api("DeleteMessage", &json!({ "ReceiptHandle": handle }));
        self.pass_time();
    }

    /// A call as a script makes it.
    fn api(&mut self, action: &str, input: &Value) -> Value {
        let (request, drafts) = self.world.actor(self.id).parse_call(action, input).expect("a call of a benchmark");
        let produce = |draft: Draft| {
            let meta = (draft.meta != Meta::default()).then(|| Arc::new(draft.meta));
            self.world.with(self.id, |_, cx| cx.produce(Arc::from(draft.body), meta, 0))
        };
        let messages = drafts.into_iter().map(produce).collect();
        self.call(request, messages).to_json()
    }

    /// Sends, receives and deletes, then a millisecond passes. A short poll asks some of the servers only, and may find
    /// nothing to delete (SQS-23); a long poll asks all.
    pub fn cycle(&mut self, body: &Arc<str>, wait_seconds: Option<u64>) {
        self.send(body);
        let ask = Request::ReceiveMessage { max: 1, wait_seconds, visibility_timeout: None };
        let receipt = match self.call(ask.into(), Vec::new()) {
            services::Response::Sqs(Response::ReceiveMessage { received, .. }) => {
                received.first().map(|one| one.receipt)
            }
            other => panic!("a receive is answered with {other:?}"),
        };
        if let Some(receipt) = receipt {
            self.call(Request::DeleteMessage { receipt }.into(), Vec::new());
        }
        self.pass_time();
    }

    fn pass_time(&mut self) {
        let soon = self.world.now() + 1_000;
        self.world.step_until(soon);
    }
}

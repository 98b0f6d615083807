//! A service alone in a world, called from outside, through the same door as every caller.

use std::sync::Arc;

use decoupled::engine::{Actor, ActorId, LinkId, Micros, World};
use decoupled::services::sqs::api::{Request, Response};
use decoupled::services::{
    self, Call, Caller, Door, Draft, Kind, Message, Meta, Network, Node, Preset, Shared, Signal,
};
use serde_json::{Value, json};

/// Between two cycles of a queue.
const STEP: Micros = 1_000;

pub struct Alone {
    world: World<Node>,
    id: ActorId,
}

impl Alone {
    pub fn new(kind: Kind, properties: &Value) -> Self {
        let mut world = World::new(7, Shared::new(Network::new(Preset::Instant)));
        let settings = kind.settings(properties.as_object().cloned().unwrap_or_default());
        let id = world.add("alone", Node::new(kind, &settings));
        let shared = world.shared_mut();
        shared.names.push(Arc::from("alone"));
        shared.kinds.push(kind);
        shared.routes.push(Arc::from([]));
        shared.settings.push(settings);
        world.with(id, Node::start);
        Self { world, id }
    }

    pub fn produce(&mut self, body: &Arc<str>, meta: Option<Arc<Meta>>) -> Message {
        self.world.with(self.id, |_, cx| cx.produce(Arc::clone(body), meta, 0))
    }

    pub fn pass_time(&mut self, time: Micros) {
        let soon = self.world.now() + time;
        self.world.step_until(soon);
    }

    pub fn call(&mut self, request: services::Request, messages: Vec<Message>) -> services::Response {
        self.world.with(self.id, |node, cx| {
            let caller = Caller { actor: ActorId::OUTSIDE, call: 0, link: LinkId::NONE };
            node.receive(ActorId::OUTSIDE, Signal::Call(Box::new(Call { caller, request, messages })), cx);
        });
        match self.world.drain_outbox().pop() {
            Some((_, Signal::Answer(answer))) => answer.result.expect("the queue takes every call of a benchmark"),
            other => panic!("it answers at once, not {other:?}"),
        }
    }
}

pub struct Queue(Alone);

impl Queue {
    pub fn new() -> Self {
        Self(Alone::new(Kind::Queue, &json!({})))
    }

    pub fn send(&mut self, body: &Arc<str>) {
        let message = self.0.produce(body, None);
        self.0.call(Request::SendMessage.into(), vec![message]);
    }

    /// The same in AWS's shapes, JSON in and out.
    pub fn api_cycle(&mut self, body: &str) {
        self.api("SendMessage", &json!({ "MessageBody": body }));
        let received = self.api("ReceiveMessage", &json!({ "WaitTimeSeconds": 1 }));
        let handle = &received["Messages"][0]["ReceiptHandle"];
        self.api("DeleteMessage", &json!({ "ReceiptHandle": handle }));
        self.0.pass_time(STEP);
    }

    /// A call as a script makes it.
    fn api(&mut self, action: &str, input: &Value) -> Value {
        let alone = &mut self.0;
        let (request, drafts) = alone.world.actor(alone.id).parse_call(action, input).expect("a call of a benchmark");
        let produce = |draft: Draft| {
            let meta = (draft.meta != Meta::default()).then(|| Arc::new(draft.meta));
            alone.produce(&Arc::from(draft.body), meta)
        };
        let messages = drafts.into_iter().map(produce).collect();
        alone.call(request, messages).to_json()
    }

    /// Sends, receives and deletes, then a millisecond passes. A short poll asks some of the servers only, and may find
    /// nothing to delete (SQS-23); a long poll asks all.
    pub fn cycle(&mut self, body: &Arc<str>, wait_seconds: Option<u64>) {
        self.send(body);
        let ask = Request::ReceiveMessage { max: 1, wait_seconds, visibility_timeout: None };
        let receipt = match self.0.call(ask.into(), Vec::new()) {
            services::Response::Sqs(Response::ReceiveMessage { received, .. }) => {
                received.first().map(|one| one.receipt)
            }
            other => panic!("a receive is answered with {other:?}"),
        };
        if let Some(receipt) = receipt {
            self.0.call(Request::DeleteMessage { receipt }.into(), Vec::new());
        }
        self.0.pass_time(STEP);
    }
}

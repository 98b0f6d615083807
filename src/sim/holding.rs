//! How much memory the messages of a run take. A run that would take more than there is halts first.

use std::collections::BTreeSet;

use super::run::Run;
use crate::engine::{ActorId, limits};
use crate::services::{Door, MESSAGE_BYTES, Message, Node};

/// It is looked at after so many more bytes at the least.
const MOVED_MIN: u64 = limits::HELD_BYTES_MAX / 64;

/// Bytes of messages; a body that several have in common counts once.
#[derive(Default)]
struct Held {
    bodies: BTreeSet<usize>,
    bytes: u64,
}

impl Held {
    fn add(&mut self, message: &Message) {
        self.bytes += MESSAGE_BYTES;
        if self.bodies.insert(message.body.as_ptr() as usize) {
            self.bytes += message.body.len() as u64;
        }
    }
}

impl Run {
    /// Looks whether the messages take too much, when so much was moved that they may.
    pub(super) fn look_at_memory(&mut self) {
        if self.world.shared().moved >= self.looks_at {
            self.weigh();
        }
    }

    #[inline(never)] // hot loop
    fn weigh(&mut self) {
        let mut held = Held::default();
        let mut most = (0, ActorId::OUTSIDE);
        for (actor, node) in (0_u32..).zip(self.world.actors()) {
            let before = held.bytes;
            Node::each_held(node, &mut |message| held.add(message));
            most = most.max((held.bytes - before, ActorId(actor)));
        }
        self.world.transfers().flat_map(|transfer| transfer.signal.visible()).for_each(|message| held.add(message));
        self.looks_at = self.world.shared().moved + (limits::HELD_BYTES_MAX.saturating_sub(held.bytes)).max(MOVED_MIN);
        if held.bytes > limits::HELD_BYTES_MAX && most.1 != ActorId::OUTSIDE {
            let megabytes = limits::HELD_BYTES_MAX >> 20;
            self.world.with(most.1, |_, cx| {
                let name = cx.name();
                cx.halt(format!(
                    "The messages take more than {megabytes} MB of memory, most of them in {name}. Lower a producer's Rate or \
                     the size of its Payload, let more consumers work, or keep messages for less time."
                ));
            });
        }
    }
}

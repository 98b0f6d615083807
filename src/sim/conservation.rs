//! Conservation: what the ledger says lies where, against what nodes hold and transfers carry.

use super::run::Run;
use crate::services::{Message, Node};

impl Run {
    /// Every copy is in one place: the ledger's balance, against what nodes hold and transfers carry.
    ///
    /// # Panics
    /// When a service lost a message without a name.
    pub fn assert_conservation(&self) {
        let ledger = &self.world.shared().ledger;
        let held: u64 = self.world.actors().iter().map(Node::stored).sum();
        let count = |parts: [&[Message]; 2]| parts.map(|part| part.len() as u64).into_iter().sum::<u64>();
        let carried: u64 = self.world.transfers().map(|transfer| count(transfer.signal.cargo())).sum();
        // Where a fault stopped them; their senders do not know yet.
        let stranded: u64 = self.shared().stranded().map(|(_, stranded)| stranded.messages.len() as u64).sum();
        let carried = carried + stranded;
        assert!(ledger.balances(), "the ledger does not balance: {ledger:?}");
        assert_eq!(ledger.stored, held, "stored by the ledger, held by the nodes, at {} µs", self.now());
        assert_eq!(ledger.travelling, carried, "travelling by the ledger, carried by transfers, at {} µs", self.now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::read_scene;
    use crate::services::{Kind, Place};

    /// A run with a message in its queue, and one that comes later.
    fn run() -> Run {
        let (scene, problems) = read_scene(
            r#"{ "version": 1, "network": "instant", "nodes": [{ "id": "q", "type": "AWS::SQS::Queue" }], "links": [],
                "script": [{ "at": "1s", "node": "q", "call": "SendMessage", "input": { "MessageBody": "a" } },
                    { "at": "9s", "node": "q", "call": "SendMessage", "input": { "MessageBody": "b" } }] }"#,
        );
        assert!(problems.is_empty(), "{problems:?}");
        let mut run = Run::new(&scene);
        run.advance_to(2_000_000);
        run
    }

    #[test]
    fn an_honest_run_conserves() {
        let mut run = run();
        run.advance_to(10_000_000);
        run.assert_conservation();
        assert_eq!(run.shared().ledger.stored, 2);
    }

    /// Every step asks: the run goes no further than to the next one.
    #[test]
    #[should_panic(expected = "stored by the ledger, held by the nodes, at 9000000 µs")]
    fn a_queue_that_loses_a_message_is_found_at_the_next_step() {
        let mut run = run();
        let queue = run.actor_of("q").expect("it is there");
        run.world.with(queue, |node, _| *node = Node::new(Kind::Queue, &Kind::Queue.settings(serde_json::Map::new())));
        run.advance_to(10_000_000);
    }

    #[test]
    #[should_panic(expected = "stored by the ledger, held by the nodes")]
    fn a_message_that_no_node_holds_is_found() {
        let mut run = run();
        run.world.shared_mut().ledger.book(1, Place::Produced, Place::Stored);
        run.assert_conservation();
    }

    #[test]
    #[should_panic(expected = "travelling by the ledger, carried by transfers")]
    fn a_message_that_no_transfer_carries_is_found() {
        let mut run = run();
        run.world.shared_mut().ledger.book(1, Place::Stored, Place::Travelling);
        run.world.shared_mut().ledger.book(1, Place::Produced, Place::Stored);
        run.assert_conservation();
    }

    #[test]
    #[should_panic(expected = "the ledger does not balance")]
    fn a_loss_without_a_name_is_found() {
        let mut run = run();
        run.world.shared_mut().ledger.stored -= 1;
        run.assert_conservation();
    }

    #[test]
    #[should_panic(expected = "more left than was stored")]
    fn what_is_not_there_cannot_leave() {
        run().world.shared_mut().ledger.book(2, Place::Stored, Place::Consumed);
    }
}
